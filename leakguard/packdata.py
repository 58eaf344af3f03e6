"""Packs as plain data and back: what the cache keeps. Only for packs without terms.

Rules and patterns are kept one by one, and made when somebody asks for them: most runs find
nothing, and ask for none.
"""

from __future__ import annotations

import marshal

from leakguard import cache
from leakguard.light import (
    Any,
    Callable,
    Iterator,
    Mapping,
    Sequence,
    TypeVar,
    date,
    datetime,
    overload,
)
from leakguard.model import (
    Allowlist,
    Confidence,
    Count,
    Exclude,
    Near,
    Requires,
    Rule,
    Severity,
)
from leakguard.needs import Branch, Needs
from leakguard.patterns import Pattern

T = TypeVar("T")

_SIMPLE = (
    *("id", "title", "pattern", "check", "profile", "owner", "why", "instead", "replacement"),
    *("capture", "entropy", "path", "yields", "weights"),
)
_LISTS = ("references", "examples", "counter_examples", "keywords", "phrases")


class Kept(Sequence[T]):
    """Values that are made when asked for, each once. Compares like the tuple of them."""

    def __init__(self, count: int, make: Callable[[int], T]) -> None:
        self._make = make
        self._made: list[T | None] = [None] * count

    def __len__(self) -> int:
        return len(self._made)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return tuple(self)[index]
        made = self._made[index]
        if made is None:
            made = self._made[index] = self._make(index % len(self._made))
        return made

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


class KeptPatterns(Mapping[str, Pattern]):
    """Parsed patterns by how they are written, made when asked for."""

    def __init__(self, known: Callable[[], Mapping[str, bytes]]) -> None:
        self._known = known
        self._made: dict[str, Pattern] = {}

    def __getitem__(self, source: str) -> Pattern:
        made = self._made.get(source)
        if made is None:
            made = self._made[source] = pattern_from_data(marshal.loads(self._known()[source]))
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._known())

    def __len__(self) -> int:
        return len(self._known())

    def __contains__(self, source: object) -> bool:
        return source in self._known()


def rule_to_data(rule: Rule) -> list[Any]:
    """A rule without entries, and but for its allowlists, as lists, texts and numbers."""
    return [
        [getattr(rule, name) for name in _SIMPLE],
        [getattr(rule, name) for name in _LISTS],
        int(rule.severity),
        _link_to_data(rule.of),
        _near_to_data(rule.near),
        {cell: int(level) for cell, level in rule.confidence.items()},
        sorted(rule.scopes),
        _exclude_to_data(rule.exclude),
        sorted(rule.samples),
        list(rule.count) if rule.count else None,
        _link_to_data(rule.requires),
        _moment_to_data(rule.embargo_until),
        _moment_to_data(rule.expires),
        dict(rule.lists),
    ]


def rule_from_data(data: Sequence[Any], allowlists: tuple[Allowlist, ...] = ()) -> Rule:
    """The rule that `rule_to_data` told of, with these allowlists."""
    simple, lists, severity, of, near, confidence, scopes, exclude, samples, *rest = data
    count, requires, embargo, expires, lists_of_words = rest
    texts: dict[str, Any] = dict(zip(_SIMPLE, simple, strict=True))
    texts |= {name: tuple(listed) for name, listed in zip(_LISTS, lists, strict=True)}
    return Rule(
        **texts,
        severity=Severity(severity),
        of=_link_from_data(of),
        near=_near_from_data(near),
        confidence={cell: Confidence(level) for cell, level in confidence.items()},
        allowlists=allowlists,
        scopes=frozenset(scopes),
        exclude=_exclude_from_data(exclude),
        samples=frozenset(samples),
        count=Count(count[0], count[1], Severity(count[2]) if count[2] else None)
        if count
        else None,
        requires=_link_from_data(requires),
        embargo_until=_moment_from_data(embargo),
        expires=date.fromisoformat(expires) if expires else None,
        lists={name: tuple(words) for name, words in lists_of_words.items()},
    )


def allowlist_from_data(data: Sequence[Any]) -> Allowlist:
    """An allowlist from its fields."""
    return Allowlist(*data)


def pattern_to_data(pattern: Pattern) -> list[Any]:
    """A parsed pattern as plain data. Of its alternatives few are ever asked for."""
    needs = pattern.needs
    if needs is None:
        return [pattern, None]
    return [pattern._replace(needs=None), list(map(cache.plain, needs.branches))]


def pattern_from_data(data: Sequence[Any]) -> Pattern:
    """The pattern that `pattern_to_data` told of. What leads to it is in its pack's table."""
    fields, branches = data
    if branches is None:
        return Pattern._make(fields)
    kept = Kept(len(branches), lambda number: Branch._make(marshal.loads(branches[number])))
    return Pattern._make(fields)._replace(needs=Needs(kept))


def _near_to_data(near: Near | None) -> list[Any] | None:
    if near is None:
        return None
    return [near.words, near.strong, near.before, near.after, near.at_least, near.same]


def _near_from_data(data: list[Any] | None) -> Near | None:
    return Near(tuple(data[0]), tuple(data[1]), *data[2:]) if data else None


def _exclude_to_data(exclude: Exclude | None) -> list[Any] | None:
    if exclude is None:
        return None
    near = _near_to_data(exclude.near)
    values, scopes = sorted(exclude.values), sorted(exclude.scopes)
    return [values, exclude.patterns, exclude.inside, near, scopes]


def _exclude_from_data(data: list[Any] | None) -> Exclude | None:
    if data is None:
        return None
    values, shapes, inside, near, scopes = data
    return Exclude(
        frozenset(values), tuple(shapes), tuple(inside), _near_from_data(near), frozenset(scopes)
    )


def _link_to_data(link: Requires | None) -> list[Any] | None:
    return list(link) if link else None


def _link_from_data(data: list[Any] | None) -> Requires | None:
    if data is None:
        return None
    some, every, none, *distances = data
    return Requires(tuple(some), tuple(every), tuple(none), *distances)


def _moment_to_data(moment: date | datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment_from_data(text: str | None) -> date | datetime | None:
    if text is None:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
