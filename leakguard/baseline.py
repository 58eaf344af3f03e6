"""Findings that are known and accepted: a file of them that says nothing of what was found.

An entry is a rule, a path, which hit of its kind it is, and 32 bits of the line without any hit and
without any word that has a digit or a capital. Values that have a check digit add 8 bits; terms
add none, so that no list of guesses can be tried on the file.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final, NamedTuple

from leakguard.errors import ConfigError
from leakguard.model import Note, Verdict

_HEAD: Final = """\
# Findings that are known and accepted, as `leakguard baseline` and `leakguard allow` wrote them.
# Nothing in here tells what was found. Review it like code; `leakguard baseline --prune` drops
# what is there no more.
"""
_KEYS: Final = frozenset({"rule", "path", "occurrence", "line", "value", "reason", "until"})


class Known(NamedTuple):
    """One finding that is known. `path` is counted from the file's own folder."""

    rule: str
    path: str
    line: str
    occurrence: int = 1
    value: str = ""
    reason: str = ""
    until: date | None = None


class Matched(NamedTuple):
    """Verdicts with those that are known let pass, and what became of the entries."""

    verdicts: tuple[Verdict, ...]
    notes: tuple[Note, ...]
    used: frozenset[int]


# What must be equal, from all to less, and how it is told.
_STEPS: Final[Sequence[tuple[str, Callable[[Known], tuple[object, ...]]]]] = (
    ("in the baseline", lambda k: (k.rule, k.path, k.line, k.value, k.occurrence)),
    ("in the baseline, elsewhere in this file", lambda k: (k.rule, k.path, k.line, k.value)),
    ("in the baseline, by its line in another file", lambda k: (k.rule, k.line, k.value)),
    ("in the baseline, by its rule and file only", lambda k: (k.rule, k.path, k.value)),
)


def of(verdict: Verdict, folder: str) -> Known:
    """What would be written down of a verdict."""
    finding = verdict.finding
    rule = finding.rule
    if finding.entry is not None:
        rule = f"{rule.partition('/')[0]}/t{finding.entry}"
    path = os.path.relpath(os.path.abspath(verdict.path), folder).replace(os.sep, "/")
    mark = verdict.mark
    return Known(rule, path, mark.line, mark.occurrence, mark.value)


def match(
    verdicts: tuple[Verdict, ...], entries: Sequence[Known], folder: str, today: date
) -> Matched:
    """Let pass what is known. Each entry is used once: first by all it says, then by less."""
    used: set[int] = set()
    passed: dict[int, str] = {}
    open_ = [i for i, verdict in enumerate(verdicts) if verdict.action in ("block", "warn")]
    seen = {i: of(verdicts[i], folder) for i in open_}
    for told, key in _STEPS:
        waiting: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for number, entry in enumerate(entries):
            if number not in used and not (entry.until and entry.until < today):
                waiting[key(entry)].append(number)
        for index in open_:
            if index in passed:
                continue
            numbers = waiting.get(key(seen[index]))
            if numbers:
                number = numbers.pop(0)
                used.add(number)
                reason = entries[number].reason
                passed[index] = f"{told}: {reason}" if reason else told
    answered = tuple(
        replace(verdict, action="allow", reason=passed[i]) if i in passed else verdict
        for i, verdict in enumerate(verdicts)
    )
    late = [e for e in entries if e.until and e.until < today]
    notes = tuple(
        Note(entry.path, 0, f"the baseline's leave for {entry.rule} ended on {entry.until}")
        for entry in late
    )
    return Matched(answered, notes, frozenset(used))


def load(path: str) -> tuple[Known, ...]:
    """The entries of the file at `path`. Raises `ConfigError` with file, entry and key."""
    import tomli

    short = os.path.relpath(path)
    try:
        with open(path, "rb") as file:
            data = tomli.load(file)
    except OSError as error:
        raise ConfigError(f"{short}: cannot be read: {error.strerror}") from None
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        place = re.search(r"\(at [^)]*\)", str(error))
        raise ConfigError(
            f"{short}: not TOML {place[0] if place else ''}".rstrip(),
            hint="a merge may have left its marks; keep the entries of both sides",
        ) from None
    rows = data.pop("known", [])
    if data or not isinstance(rows, list):
        raise ConfigError(f"{short}: only [[known]] tables belong here",
                          hint="leakguard baseline writes the file")  # fmt: skip
    return tuple(_known(row, short, number) for number, row in enumerate(rows, 1))


def _known(row: Any, where: str, number: int) -> Known:
    def fail(message: str) -> ConfigError:
        return ConfigError(f"{where}: [[known]] number {number}: {message}",
                           hint="leakguard baseline --prune writes the file anew")  # fmt: skip

    if not isinstance(row, dict) or set(row) - _KEYS:
        strange = sorted(set(row) - _KEYS) if isinstance(row, dict) else []
        raise fail(f"unknown key {', '.join(strange)}" if strange else "is no table")
    for key, shape in (("rule", r"[a-z0-9-]+/[a-z0-9-]+"), ("path", r".+"),
                       ("line", r"[0-9a-f]{8}"), ("value", r"(?:[0-9a-f]{2})?")):  # fmt: skip
        value = row.get(key, "")
        if not isinstance(value, str) or not re.fullmatch(shape, value):
            raise fail(f'"{key}" is missing or no such thing')
    occurrence = row.get("occurrence", 1)
    if not isinstance(occurrence, int) or isinstance(occurrence, bool) or occurrence < 1:
        raise fail('"occurrence" is a number from 1 on')
    until, reason = row.get("until"), row.get("reason", "")
    if not isinstance(reason, str) or (until is not None and type(until) is not date):
        raise fail('"reason" is a text and "until" a date')
    return Known(
        row["rule"], row["path"], row["line"], occurrence, row.get("value", ""), reason, until
    )


def written(entries: Iterable[Known]) -> str:
    """The file with these entries: sorted, a block an entry, so that merges do not meet."""
    blocks = [_HEAD]
    for entry in sorted(
        set(entries), key=lambda e: (e.path, e.rule, e.line, e.occurrence, e.value)
    ):
        blocks.append("\n".join(_lines(entry)) + "\n")
    return "\n".join(blocks)


def _lines(entry: Known) -> Iterator[str]:
    yield "[[known]]"
    yield f"rule = {_quoted(entry.rule)}"
    yield f"path = {_quoted(entry.path)}"
    if entry.occurrence != 1:
        yield f"occurrence = {entry.occurrence}"
    yield f"line = {_quoted(entry.line)}"
    if entry.value:
        yield f"value = {_quoted(entry.value)}"
    if entry.reason:
        yield f"reason = {_quoted(entry.reason)}"
    if entry.until:
        yield f"until = {entry.until.isoformat()}"


def _quoted(text: str) -> str:
    import json

    return json.dumps(text).replace("\x7f", "\\u007f")
