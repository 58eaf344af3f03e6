"""What `leakguard.light` stands in for, held against the standard library."""

from __future__ import annotations

import collections
import collections.abc
import datetime
import functools
import re
import subprocess
import sys
import types
import typing
from typing import Any

import pytest
from house import ROOT

import leakguard
from leakguard import light, model

# What a clean run of the hook does without.
HEAVY = (
    "collections", "contextlib", "datetime", "enum", "functools", "importlib.util", "inspect",
    "re", "subprocess", "typing",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "standard"),
    [
        *((name, getattr(collections.abc, name)) for name in (
            "Callable", "Collection", "Container", "Generator", "Hashable", "Iterable", "Iterator",
            "Mapping", "Sequence",
        )),
        ("defaultdict", collections.defaultdict),
        ("partial", functools.partial),
        ("date", datetime.date),
        ("datetime", datetime.datetime),
        ("time", datetime.time),
        ("UTC", datetime.UTC),
        ("MappingProxyType", types.MappingProxyType),
    ],
)  # fmt: skip
def test_it_is_the_very_thing(name: str, standard: Any) -> None:
    assert getattr(light, name) is standard


@light.lru_cache(maxsize=2)
def doubled(number: int) -> int:
    """Twice as much."""
    return 2 * number


def test_what_is_remembered() -> None:
    doubled.cache_clear()
    assert [doubled(1), doubled(1), doubled(2), doubled(3)] == [2, 2, 4, 6]
    assert doubled.cache_info() == (1, 3, 2, 2)
    assert doubled.__wrapped__(4) == 8
    assert doubled.__doc__ == "Twice as much."


def test_errors_that_are_minded_and_not() -> None:
    with light.suppress(KeyError, OSError):
        raise FileNotFoundError
    with pytest.raises(ValueError, match="minded"), light.suppress(KeyError):
        raise ValueError("minded")


def test_a_wrapper_looks_like_what_it_wraps() -> None:
    def wrapped(x: int) -> int:
        """A docstring."""
        return x

    mine = light.wraps(wrapped)(lambda x: x)
    standard = functools.wraps(wrapped)(lambda x: x)
    for name in (*functools.WRAPPER_ASSIGNMENTS, "__wrapped__"):
        assert getattr(mine, name) == getattr(standard, name)


@pytest.mark.parametrize("pattern", [r"(?i)a(?P<b>b+)", r"(?m)^x$", ""])
def test_an_expression_is_one_of_re(pattern: str) -> None:
    mine, standard = light.expression(pattern), re.compile(pattern)
    text = "aB\nx\nABB"
    assert [m.span() for m in mine.finditer(text)] == [m.span() for m in standard.finditer(text)]
    assert mine.sub("-", text) == standard.sub("-", text)
    assert mine.split(text) == standard.split(text)
    assert mine.pattern == pattern


def test_hints_can_be_read() -> None:
    assert typing.get_type_hints(model.Finding)["span"] is model.Span
    assert "source" in typing.get_type_hints(leakguard.Guard.scan)


def test_everything_public_is_there() -> None:
    for name in leakguard.__all__:
        assert getattr(leakguard, name).__name__ == name
    assert set(leakguard.__all__) <= set(dir(leakguard))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        leakguard.nothing  # noqa: B018


def test_a_hook_imports_nothing_heavy() -> None:
    ask = "import sys; before = set(sys.modules); from leakguard import hook, checking;"
    ask += f"sys.exit(' '.join(set({HEAVY!r}) & (set(sys.modules) - before)))"
    done = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True)
    assert done.stderr.strip() == ""
