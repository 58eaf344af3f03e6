"""Packs as plain data and back: what the cache keeps. Only for packs without terms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

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
from leakguard.patterns import Pattern

_SIMPLE = (
    *("id", "title", "pattern", "check", "profile", "owner", "why", "instead", "replacement"),
    *("capture", "entropy", "path", "yields"),
)
_LISTS = ("references", "examples", "counter_examples", "keywords")


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
        [rule.count.at_least, rule.count.escalate, rule.count.to] if rule.count else None,
        _link_to_data(rule.requires),
        _moment_to_data(rule.embargo_until),
        _moment_to_data(rule.expires),
    ]


def rule_from_data(data: Sequence[Any], allowlists: tuple[Allowlist, ...] = ()) -> Rule:
    """The rule that `rule_to_data` told of, with these allowlists."""
    simple, lists, severity, of, near, confidence, scopes, exclude, samples, *rest = data
    count, requires, embargo, expires = rest
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
    )


def allowlist_from_data(data: Sequence[Any]) -> Allowlist:
    """An allowlist from its fields, lists for tuples."""
    return Allowlist._make(tuple(value) if isinstance(value, list) else value for value in data)


def pattern_from_data(data: Sequence[Any]) -> Pattern:
    """A parsed pattern from its fields, lists for tuples."""
    return Pattern._make(tuple(value) if isinstance(value, list) else value for value in data)


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
