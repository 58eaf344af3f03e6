"""Classes of `leakguard.records` are those of the standard library in all that can be seen."""

from __future__ import annotations

import copy
import dataclasses
import enum
import inspect
import json
import pickle
import subprocess
import sys
import typing
from typing import Any

import pytest
from house import ROOT

from leakguard import records


class Row(records.NamedTuple):
    """A row."""

    x: int
    y: str = "b"
    z: tuple[int, ...] = ()

    @property
    def double(self) -> int:
        return 2 * self.x


class OftenRow(records.NamedTuple):
    """A row."""

    x: int
    y: str = "b"
    z: tuple[int, ...] = ()

    @property
    def double(self) -> int:
        return 2 * self.x


class StandardRow(typing.NamedTuple):
    """A row."""

    x: int
    y: str = "b"
    z: tuple[int, ...] = ()

    @property
    def double(self) -> int:
        return 2 * self.x


class Quiet(records.NamedTuple):
    secret: str

    def __repr__(self) -> str:
        return "Quiet()"


@records.dataclass(frozen=True, slots=True)
class Noun:
    """A noun."""

    x: int
    secret: str = records.field(default="b", repr=False)
    path: str = records.field(default="", compare=False)
    made: dict[str, int] = records.field(default_factory=dict)

    def twice(self) -> int:
        return 2 * self.x


@records.dataclass(frozen=True, slots=True)
class OftenNoun:
    """A noun."""

    x: int
    secret: str = records.field(default="b", repr=False)
    path: str = records.field(default="", compare=False)
    made: dict[str, int] = records.field(default_factory=dict)

    def twice(self) -> int:
        return 2 * self.x


@dataclasses.dataclass(frozen=True, slots=True)
class StandardNoun:
    """A noun."""

    x: int
    secret: str = dataclasses.field(default="b", repr=False)
    path: str = dataclasses.field(default="", compare=False)
    made: dict[str, int] = dataclasses.field(default_factory=dict)

    def twice(self) -> int:
        return 2 * self.x


@records.dataclass(frozen=True, slots=True)
class Hashed:
    x: int = 0
    path: str = records.field(default="", compare=False)


class Level(records.IntEnum):
    """A level."""

    LOW = 1
    HIGH = 2

    def __str__(self) -> str:
        return self.name.lower()


class StandardLevel(enum.IntEnum):
    """A level."""

    LOW = 1
    HIGH = 2

    def __str__(self) -> str:
        return self.name.lower()


# By then their constructors have been compiled.
for _ in range(2 * records._SELDOM):
    OftenRow(1), OftenNoun(1)

ROWS: dict[str, Any] = {
    "the repr": lambda row: repr(row(1, z=(2,))),
    "unpacking": lambda row: [*row(1)],
    "a tuple is equal": lambda row: row(1) == (1, "b", ()),
    "the hash is a tuple's": lambda row: hash(row(1)),
    "order": lambda row: row(1) < row(2),
    "a property": lambda row: row(4).double,
    "_replace": lambda row: repr(row(1)._replace(y="c")),
    "_replace with a name that is none": lambda row: row(1)._replace(w=1),
    "_make": lambda row: repr(row._make([1, 2, 3])),
    "_make with too few": lambda row: row._make([1]),
    "_asdict": lambda row: row(1)._asdict(),
    "_fields and defaults": lambda row: (row._fields, row._field_defaults),
    "a class pattern": lambda row: row.__match_args__,
    "one too many": lambda row: row(1, 2, 3, 4),
    "one too few": lambda row: row(),
    "a name that is none": lambda row: row(1, w=2),
    "no other attributes": lambda row: setattr(row(1), "w", 2),
    "no changes": lambda row: setattr(row(1), "x", 2),
    "the bases": lambda row: row.__bases__,
    "the docstring": lambda row: row.__doc__,
    "type hints": typing.get_type_hints,
    "the signature": lambda row: list(inspect.signature(row).parameters),
    "a field's own help": lambda row: row.x.__doc__,
    "a pickle": lambda row: repr(pickle.loads(pickle.dumps(row(1)))),
    "a copy": lambda row: repr(copy.deepcopy(row(1, "c", (2,)))),
}  # fmt: skip
NOUNS: dict[str, Any] = {
    "the repr": lambda noun: repr(noun(1, path="p")),
    "equality": lambda noun: noun(1) == noun(1, "b"),
    "what is not compared": lambda noun: noun(1, path="p") == noun(1, path="q"),
    "another class is never equal": lambda noun: noun(1) == (1, "b", "", {}),
    "the hash, which a dict has not": lambda noun: hash(noun(1)),
    "a default that is made": lambda noun: noun(1).made is noun(1).made,
    "one that is given": lambda noun: noun(1, made={"a": 1}).made,
    "a method": lambda noun: noun(3).twice(),
    "no changes": lambda noun: setattr(noun(1), "x", 2),
    "no deletions": lambda noun: delattr(noun(1), "x"),
    "one too many": lambda noun: noun(1, 2, 3, 4, 5),
    "one too few": lambda noun: noun(),
    "a name that is none": lambda noun: noun(1, w=2),
    "a class pattern": lambda noun: noun.__match_args__,
    "slots": lambda noun: noun.__slots__,
    "the standard replace": lambda noun: repr(dataclasses.replace(noun(1), x=2)),
    "the standard fields": lambda noun: [(f.name, f.repr) for f in dataclasses.fields(noun)],
    "asdict": lambda noun: dataclasses.asdict(noun(1)),
    "replace": lambda noun: repr(records.replace(noun(1), x=2)),
    "replace with a name that is none": lambda noun: records.replace(noun(1), w=2),
    "the docstring": lambda noun: noun.__doc__,
    "type hints": typing.get_type_hints,
    "the signature": lambda noun: list(inspect.signature(noun).parameters),
    "a pickle": lambda noun: repr(pickle.loads(pickle.dumps(noun(1, path="p")))),
    "a copy": lambda noun: repr(copy.deepcopy(noun(1, made={"a": 1}))),
}


LEVELS: dict[str, Any] = {
    "the repr": lambda level: repr(level.LOW),
    "the text": lambda level: str(level.HIGH),
    "in an f-string": lambda level: f"{level.HIGH}",
    "in a column": lambda level: f"{level.HIGH:>4}",
    "by %": lambda level: f"%s %d" % (level.HIGH, level.HIGH),  # noqa: F541
    "by number": lambda level: level(2),
    "by itself": lambda level: level(level.LOW) is level.LOW,
    "by a number that is none": lambda level: level(3),
    "by a text": lambda level: level("HIGH"),
    "by name": lambda level: level["LOW"],
    "by a name that is none": lambda level: level["MIDDLE"],
    "name and value": lambda level: (level.LOW.name, level.LOW.value),
    "all of them": lambda level: (list(level), len(level)),
    "members": lambda level: dict(level.__members__),
    "order": lambda level: (level.LOW < level.HIGH, max(level), sorted([level.HIGH, 1])),
    "a number is equal": lambda level: (level.LOW == 1, hash(level.LOW) == hash(1)),
    "arithmetic": lambda level: (level.LOW + 1, type(level.LOW + 1)),
    "among them": lambda level: level.LOW in level,
    "what it is": lambda level: (isinstance(level.LOW, level), isinstance(level.LOW, int)),
    "no changes": lambda level: setattr(level, "LOW", 2),
    "a pickle": lambda level: pickle.loads(pickle.dumps(level.LOW)) is level.LOW,
    "a copy": lambda level: copy.deepcopy(copy.copy(level.LOW)) is level.LOW,
    "JSON": lambda level: json.dumps([level.LOW]),
    "the docstring": lambda level: level.__doc__,
}


def seen(ask: Any, cls: type) -> str:
    """What comes of it, an error too, whatever the class is called."""
    try:
        answer = repr(ask(cls))
    except Exception as error:
        kinds = (AttributeError, KeyError, TypeError, ValueError)
        answer = f"{next(kind for kind in kinds if isinstance(error, kind)).__name__}"
    return answer.replace("Standard", "").replace("Often", "")


@pytest.mark.parametrize("row", [Row, OftenRow])
@pytest.mark.parametrize("name", ROWS)
def test_a_named_tuple_is_the_standard_one(name: str, row: type) -> None:
    assert seen(ROWS[name], row) == seen(ROWS[name], StandardRow)


@pytest.mark.parametrize("noun", [Noun, OftenNoun])
@pytest.mark.parametrize("name", NOUNS)
def test_a_dataclass_is_the_standard_one(name: str, noun: type) -> None:
    assert seen(NOUNS[name], noun) == seen(NOUNS[name], StandardNoun)


def test_constructors_are_compiled_when_they_are_called_often() -> None:
    class Fresh(records.NamedTuple):
        x: int = 0

    Fresh()
    assert Fresh.__new__.__code__.co_filename == records.__file__
    for _ in range(records._SELDOM):
        Fresh()
    for made in (Fresh.__new__, OftenNoun.__init__):
        assert made.__code__.co_filename == "<string>"


@pytest.mark.parametrize("name", LEVELS)
def test_a_level_is_the_standard_one(name: str) -> None:
    assert seen(LEVELS[name], Level) == seen(LEVELS[name], StandardLevel)


def test_a_repr_of_its_own_stays() -> None:
    assert repr(Quiet("a")) == "Quiet()"


def test_what_is_not_compared_is_not_hashed() -> None:
    assert hash(Hashed(1, "a")) == hash(Hashed(1, "b"))


def test_a_change_is_refused_by_the_standard_error() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Hashed().x = 1  # type: ignore[misc]


def test_the_first_call_may_come_from_a_subclass() -> None:
    class Base(records.NamedTuple):
        x: int

    class More(Base):
        __slots__ = ()

    assert type(More(1)) is More
    assert type(Base(1)) is Base


def test_no_parser_of_python_is_read_for_them() -> None:
    ask = (
        "import sys, leakguard.records, leakguard.model;"
        "sys.exit(str({'dataclasses', 'inspect', 'ast'} & sys.modules.keys() or ''))"
    )
    done = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True)
    assert done.stderr.strip() == ""
