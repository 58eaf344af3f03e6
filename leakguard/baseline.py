"""Findings that are known and accepted: a file of them that says nothing of what was found.

An entry is a rule, a path, which hit of its kind it is, and 32 bits of the words beside it, without
any hit and without any word that has a digit or a capital. Values that have a check digit add 8
bits; terms add none, so that no list of guesses can be tried on the file.
"""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Final

from leakguard.errors import ConfigError
from leakguard.model import Note, Verdict
from leakguard.records import NamedTuple, replace

_HEAD: Final = """\
# Findings that are known and accepted, as `leakguard baseline` and `leakguard allow` wrote them.
# Nothing in here tells what was found. Review it like code; `leakguard baseline --prune` drops
# what is there no more.
"""
_KEYS: Final = frozenset(
    {"rule", "path", "commit", "occurrence", "words", "value", "reason", "until"}
)


class Known(NamedTuple):
    """One finding that is known. `path` is counted from the file's own folder.

    With a `commit` it is known in that one alone, which nobody can edit.
    """

    rule: str
    path: str
    words: str
    occurrence: int = 1
    value: str = ""
    reason: str = ""
    until: date | None = None
    commit: str = ""


class Matched(NamedTuple):
    """Verdicts with those that are known let pass, and the verdict that each entry was used for."""

    verdicts: tuple[Verdict, ...]
    notes: tuple[Note, ...]
    used: Mapping[int, int]


_ELSEWHERE: Final = "in the baseline, elsewhere in this file"
Key = Callable[[Known], "tuple[object, ...] | None"]


def _steps(gone: Callable[[str], bool]) -> Iterator[tuple[str, Key, Key]]:
    """What must be equal, from all to less: how it is told, of an entry and of what is found.

    Only what stood in a file that is gone can stand in another one now.
    """
    both: list[tuple[str, Callable[[Known], tuple[object, ...]]]] = [
        ("in the baseline", lambda k: (k.rule, k.path, k.words, k.value, k.occurrence)),
        (_ELSEWHERE, lambda k: (k.rule, k.path, k.words, k.value)),
    ]
    for told, key in both:
        yield told, key, key

    def words(known: Known) -> tuple[object, ...]:
        return known.rule, known.words, known.value

    def file(known: Known) -> tuple[object, ...]:
        return known.rule, known.path, known.value

    yield (
        "in the baseline, by its words in a file that is gone",
        lambda k: words(k) if gone(k.path) else None,
        words,
    )
    yield "in the baseline, by its rule and file only", file, file


def of(verdict: Verdict, folder: str) -> Known:
    """What would be written down of a verdict."""
    finding = verdict.finding
    rule = finding.rule
    if finding.entry is not None:
        rule = f"{rule.partition('/')[0]}/t{finding.entry}"
    path = os.path.relpath(os.path.abspath(verdict.path), folder).replace(os.sep, "/")
    mark = verdict.mark
    return Known(rule, path, mark.words, mark.occurrence, mark.value)


def in_commit(verdict: Verdict, folder: str) -> Known:
    """The same of a finding in a commit, to be known there alone."""
    return of(verdict, folder)._replace(commit=verdict.origin.commit or "")


def match(
    verdicts: tuple[Verdict, ...], entries: Sequence[Known], folder: str, today: date
) -> Matched:
    """Let pass what is known. Each entry is used once: first by all it says, then by less."""
    used: dict[int, int] = {}
    told: dict[int, str] = {}
    found = {i: of(v, folder) for i, v in enumerate(verdicts) if v.action in ("block", "warn")}
    holding = [n for n, entry in enumerate(entries) if not (entry.until and entry.until < today)]

    def let_pass(index: int, number: int, how: str) -> None:
        used[number] = index
        reason = entries[number].reason
        told[index] = f"{how}: {reason}" if reason else how

    by_commit = {entries[n]._replace(reason="", until=None): n for n in holding}
    for index, now in found.items():
        there = now._replace(commit=verdicts[index].origin.commit or "")
        if there.commit and there in by_commit:
            let_pass(index, by_commit[there], "in the baseline, in this commit")
    seen = {index: now for index, now in found.items() if index not in told}
    holding = [number for number in holding if not entries[number].commit]

    @cache
    def gone(path: str) -> bool:
        return not os.path.lexists(os.path.join(folder, path))

    def meet(how: str, of_entry: Key, of_found: Key) -> None:
        waiting: dict[object, deque[int]] = defaultdict(deque)
        for number in holding:
            if number not in used and (key := of_entry(entries[number])) is not None:
                waiting[key].append(number)
        for index, now in seen.items():
            if index not in told and (numbers := waiting.get(of_found(now))):
                let_pass(index, numbers.popleft(), how)

    for step in _steps(gone):
        meet(*step)
        if step[0] == _ELSEWHERE:
            for index in _changed(entries, seen, used, told):
                del seen[index]
    moved = _moved(entries, found, used)
    meet(
        "in the baseline, by its rule and the file's new name",
        lambda k: (k.rule, moved[k.path], k.value) if k.path in moved else None,
        lambda k: (k.rule, k.path, k.value),
    )
    answered = tuple(
        replace(verdict, action="allow", reason=told[i]) if i in told else verdict
        for i, verdict in enumerate(verdicts)
    )
    late = [e for e in entries if e.until and e.until < today]
    notes = tuple(
        Note(entry.path, 0, f"the baseline's leave for {entry.rule} ended on {entry.until}")
        for entry in late
    )
    return Matched(answered, notes, used)


def _changed(
    entries: Sequence[Known],
    seen: Mapping[int, Known],
    used: Mapping[int, int],
    told: Mapping[int, str],
) -> set[int]:
    """What stands in the words of an entry that nothing was found for, with another value: new."""
    left = {(e.rule, e.path, e.words) for n, e in enumerate(entries) if e.value and n not in used}
    return {
        index
        for index, now in seen.items()
        if index not in told and (now.rule, now.path, now.words) in left
    }


def _moved(
    entries: Sequence[Known], seen: Mapping[int, Known], used: Mapping[int, int]
) -> dict[str, str]:
    """Files that have another name now, as far as their lines tell: old name to new."""
    pairs = Counter(
        (entries[number].path, seen[index].path)
        for number, index in used.items()
        if entries[number].path != seen[index].path
    )
    return {old: new for (old, new), _ in reversed(pairs.most_common())}


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
                       ("words", r"[0-9a-f]{8}"), ("value", r"(?:[0-9a-f]{2})?"),
                       ("commit", r"(?:[0-9a-f]{40,64})?")):  # fmt: skip
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
        *(row["rule"], row["path"], row["words"], occurrence, row.get("value", ""), reason, until),
        commit=row.get("commit", ""),
    )


def written(entries: Iterable[Known]) -> str:
    """The file with these entries: sorted, a block an entry, so that merges do not meet."""
    blocks = [_HEAD]
    for entry in sorted(
        set(entries), key=lambda e: (e.path, e.commit, e.rule, e.words, e.occurrence, e.value)
    ):
        blocks.append("\n".join(_lines(entry)) + "\n")
    return "\n".join(blocks)


def _lines(entry: Known) -> Iterator[str]:
    yield "[[known]]"
    yield f"rule = {_quoted(entry.rule)}"
    yield f"path = {_quoted(entry.path)}"
    if entry.commit:
        yield f"commit = {_quoted(entry.commit)}"
    if entry.occurrence != 1:
        yield f"occurrence = {entry.occurrence}"
    yield f"words = {_quoted(entry.words)}"
    if entry.value:
        yield f"value = {_quoted(entry.value)}"
    if entry.reason:
        yield f"reason = {_quoted(entry.reason)}"
    if entry.until:
        yield f"until = {entry.until.isoformat()}"


def _quoted(text: str) -> str:
    import json

    return json.dumps(text).replace("\x7f", "\\u007f")
