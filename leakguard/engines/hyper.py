"""Nomination by Hyperscan over bytes: for much text. Absent is not an error, only slower.

One pass looks for the triggers of all rules at once. What it meets is looked at more closely
right there: whether a literal begins or ends a word, whether a number has the very shape, whether
a rule that says nothing without context words has one nearby.
"""

from __future__ import annotations

import os
import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from leakguard import cache, triggers
from leakguard.records import NamedTuple
from leakguard.views import OPENER

if TYPE_CHECKING:
    import threading

# Tabs are spaces and every line end is a line feed for those who look for triggers.
SCANNED: Final = bytes.maketrans(b"\t\r", b" \n")
_BEYOND = re.compile(rb"[\w\x80-\xff]*[\x80-\xff][\w\x80-\xff]*")
_RUN = re.compile(rb"\d(?:[ .\-/]?\d)*")
_WORD = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")
_BEFORE = 90  # how far before the end of a quick hit what it belongs to can begin
_AFTER = 150


class Wanted(NamedTuple):
    """What a rule wants nominated: places of the alternatives of its pattern.

    `near` are folded pieces of words of which one must stand within `before` and `after` code
    points of the view; () when the rule does not depend on any. `width` is that of the pattern.
    `by_words`: its triggers are context words, not pieces of the pattern.
    """

    rule: int
    branches: tuple[triggers.Branch, ...]
    width: int = 0
    near: tuple[str, ...] = ()
    before: int = 0
    after: int = 0
    by_words: bool = False


@lru_cache(maxsize=1)
def is_available() -> bool:
    """Whether Hyperscan is there and this machine can run it."""
    if not _has_ssse3():
        return False
    try:
        import hyperscan  # noqa: F401
    except ImportError:
        return False
    return True


def _has_ssse3() -> bool:
    """Asked before the import: without it the library's first instruction would end the process."""
    import platform

    if platform.machine().lower() not in ("x86_64", "amd64", "i386", "i686"):
        return True
    flags = _flags().split()
    # Every Mac and every Windows that runs this Python has it; they do not tell in a file.
    return "ssse3" in flags or (not flags and sys.platform in ("darwin", "win32"))


def _flags() -> str:
    """What the processor can do, where the system tells."""
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
            return next((line for line in file if line.startswith(("flags", "Features"))), "")
    except OSError:
        return ""


class Database:
    """Expressions compiled for one kind of machine, with a scratch for each thread."""

    def __init__(self, database: Any) -> None:
        import threading

        self._database = database
        self._local: threading.local = threading.local()

    @classmethod
    def compile(cls, expressions: Sequence[tuple[bytes, bool]]) -> Database:
        """Compile (expression, caseless); the number of one is its place."""
        import hyperscan

        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        database.compile(
            [expression for expression, _ in expressions],
            list(range(len(expressions))),
            len(expressions),
            [hyperscan.HS_FLAG_CASELESS if caseless else 0 for _, caseless in expressions],
        )
        return cls(database)

    @classmethod
    def of_literals(cls, literals: Sequence[bytes]) -> Database:
        """Compile literals, each in the case it is written in; the number of one is its place."""
        import hyperscan

        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        database.compile(
            literals, list(range(len(literals))), len(literals), [0] * len(literals), literal=True
        )
        return cls(database)

    @classmethod
    def load(cls, data: bytes) -> Database | None:
        """What `dump` made; None where it was made for another kind of machine."""
        import hyperscan

        try:
            return cls(hyperscan.loadb(data, hyperscan.HS_MODE_BLOCK))
        except hyperscan.error:
            return None

    def dump(self) -> bytes:
        """The database as bytes. They hold its literals in clear."""
        import hyperscan

        return bytes(hyperscan.dumpb(self._database))

    def scan(self, data: bytes) -> list[tuple[int, int]]:
        """The number and the end of all that matches, by end."""
        scratch = getattr(self._local, "scratch", None)
        if scratch is None:
            import hyperscan

            scratch = self._local.scratch = hyperscan.Scratch(self._database)
        found: list[tuple[int, int]] = []
        add = found.append

        def met(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            add((number, end))

        self._database.scan(data, met, 0, None, scratch)
        return found


class _Target(NamedTuple):
    branch: int
    before: bool
    after: bool


class _Branch(NamedTuple):
    """An alternative of a rule, and what else it needs in the reach of a hit."""

    rule: int
    width: int
    others: tuple[tuple[str, ...], ...]
    within: str


class Sieve:
    """Says where in a text which rules may match. Thread-safe; keeps what it has compiled."""

    def __init__(self, wanted: Iterable[Wanted], databases: Sequence[Database | None] = ()) -> None:
        self._wanted = {one.rule: one for one in wanted}
        quick: dict[tuple[bytes, bool], list[_Target]] = {}
        lengths: dict[tuple[bytes, bool], int] = {}
        exact: dict[str, list[int]] = {}
        closer: set[tuple[bytes, bool]] = set()
        self._branches: list[_Branch] = []
        for one in self._wanted.values():
            for branch in one.branches:
                number = len(self._branches)
                self._branches.append(_Branch(one.rule, one.width, branch.others, branch.within))
                for trigger in branch.triggers:
                    literal = trigger.kind != "shape"
                    written = _escaped(trigger.quick) if literal else trigger.quick.encode()
                    key = written, trigger.kind == "caseless"
                    targets = quick.setdefault(key, [])
                    lengths[key] = len(trigger.quick.encode()) if literal else 0
                    target = _Target(number, trigger.before, trigger.after)
                    if trigger.exact:
                        exact.setdefault(trigger.exact, []).append(number)
                        closer.add(key)
                    elif target not in targets:
                        targets.append(target)
        shapes = [(expression.encode(), False) for expression in exact]
        conditions = {branch.others: None for branch in self._branches if branch.others}
        contexts = {one.near: None for one in self._wanted.values() if one.near}
        made = (
            [list(quick), shapes]
            + [[(e.encode(), False) for o in others for e in o] for others in conditions]
            + [[(_spelt(w).encode(), False) for w in words] for words in contexts]
        )
        if not databases:
            databases = [Database.compile(many) if many else None for many in made]
        self._databases = databases
        self._quick, self._exact = databases[:2]
        self._others = dict(zip(conditions, databases[2:], strict=False))
        self._near = dict(zip(contexts, databases[2 + len(conditions) :], strict=True))
        self._worded = frozenset(
            number for number, branch in enumerate(self._branches) if self.by_words(branch.rule)
        )
        self._targets = [tuple(targets) for targets in quick.values()]
        self._lengths = list(lengths.values())
        self._closer = [key in closer for key in quick]
        self._exact_targets = list(exact.values())

    @classmethod
    def kept(cls, shelf: str, name: str, make: Callable[[], list[Wanted]]) -> Sieve:
        """The sieve that the cache knows by `name`, else one of what `make` gives.

        A database holds its expressions in clear: `shelf` is "" where a rule may be private.
        """
        known = cache.load(shelf, name)
        if known is not None:
            databases = [Database.load(d) if d else None for d in known[1]]
            if all(bool(d) == bool(data) for d, data in zip(databases, known[1], strict=True)):
                return cls(map(_wanted, known[0]), databases)
        wanted = make()
        sieve = cls(wanted)
        if shelf:
            dumps = [d.dump() if d else b"" for d in sieve._databases]
            cache.store(shelf, name, [wanted, dumps])
        return sieve

    def looks_for(self, rule: int) -> bool:
        """Whether there is anything to look for by which a rule is found."""
        return rule in self._wanted and bool(self._wanted[rule].branches)

    def by_words(self, rule: int) -> bool:
        """Whether places of a rule are those of its context words."""
        return rule in self._wanted and self._wanted[rule].by_words

    def places(self, data: bytes, *, edited: bool = False) -> dict[int, list[int]]:
        """For each rule that may match, where: ends of its triggers, offsets into `data`.

        `data` is UTF-8 of text as `views.cleaned` leaves it; `edited` says whether that took
        something out.
        """
        if self._quick is None:
            return {}
        as_is = not edited and b"\r" not in data
        data = data.translate(SCANNED)
        length = len(data)
        asked: dict[int, list[int]] = {}  # branch → ends
        done = -1  # shapes were looked at up to here
        targets, lengths, closer = self._targets, self._lengths, self._closer
        for number, end in self._quick.scan(data):
            start = end - lengths[number]
            for branch, before, after in targets[number]:
                if before and start and data[start - 1] in _WORD:
                    continue
                if after and end < length and data[end] in _WORD:
                    continue
                asked.setdefault(branch, []).append(end)
            if closer[number] and end > done:
                done = self._look_closer(data, end, asked)
        if self._worded and _folds(data):
            for branch, end in self._folded(data):
                asked.setdefault(branch, []).append(end)
        found: dict[int, list[int]] = {}
        reaches = _Reaches(data, as_is=as_is)
        folds = _folds(data)
        told: dict[int, bool] = {}  # rule → whether one of its context words is there at all
        for branch, ends in asked.items():
            rule = self._branches[branch].rule
            if self._wanted[rule].near and not folds:
                if rule not in told:
                    told[rule] = bool(self._words(rule).scan(data))
                if not told[rule]:
                    continue
            kept = [end for end in dict.fromkeys(ends) if self._stands(branch, reaches, end)]
            if kept:
                found.setdefault(rule, []).extend(kept)
        return found

    def places_in(self, text: str) -> dict[int, list[int]]:
        """As `places`, for a text as it is: offsets into it, code points."""
        from leakguard.views import cleaned

        view = cleaned(text)
        data = view.text.encode("utf-8", "surrogatepass")
        found = self.places(data, edited=bool(view.edits))
        if len(data) == len(view.text):
            if not view.edits:
                return found
            return {rule: [view.edge(end) for end in ends] for rule, ends in found.items()}
        at = points(data, {end for many in found.values() for end in many})
        return {rule: [view.edge(at[end]) for end in many] for rule, many in found.items()}

    def _folded(self, data: bytes) -> Iterator[tuple[int, int]]:
        """Context words with letters that fold to others: the branches they nominate, and where."""
        from leakguard.views import fold

        assert self._quick is not None
        for token in _BEYOND.finditer(data):
            if _folds(token[0]):
                word = fold(token[0].decode("utf-8", "ignore")).encode("utf-8", "ignore")
                for number, _ in self._quick.scan(word):
                    for branch, _, _ in self._targets[number]:
                        if branch in self._worded:
                            yield branch, token.end()

    def _look_closer(self, data: bytes, end: int, asked: dict[int, list[int]]) -> int:
        """Look for exact shapes round a quick hit; how far was looked."""
        run = _RUN.match(data, max(0, end - 1))
        start = max(0, end - _BEFORE)
        stop = max(end, run.end() if run else 0)
        assert self._exact is not None
        for number, at in self._exact.scan(data[start : stop + _AFTER]):
            for branch in self._exact_targets[number]:
                asked.setdefault(branch, []).append(start + at)
        return stop

    def _stands(self, number: int, reaches: _Reaches, end: int) -> bool:
        """Whether all else that the alternative needs may be there too."""
        branch = self._branches[number]
        wanted = self._wanted[branch.rule]
        if not branch.others and not wanted.near:
            return True
        low, high = reaches.of(end, branch.width, branch.within)
        if branch.others:
            database = self._others[branch.others]
            assert database is not None
            if not self._all_there(branch, database.scan(reaches.data[low:high])):
                return False
        if not wanted.near:
            return True
        around = reaches.data[max(0, low - wanted.before - 1) : high + wanted.after + 1]
        return _folds(around) or bool(self._words(branch.rule).scan(around))

    def _words(self, rule: int) -> Database:
        database = self._near[self._wanted[rule].near]
        assert database is not None
        return database

    def _all_there(self, branch: _Branch, met: list[tuple[int, int]]) -> bool:
        if len(met) < len(branch.others):
            return False
        numbers = {number for number, _ in met}
        first = 0
        for others in branch.others:
            if numbers.isdisjoint(range(first, first + len(others))):
                return False
            first += len(others)
        return True


def _spelt(word: str) -> str:
    return triggers.spelt_word(word).quick


def points(data: bytes, offsets: Iterable[int]) -> dict[int, int]:
    """Offsets into UTF-8 as code points; each stretch between two of them is counted once."""
    known: dict[int, int] = {}
    at = count = 0
    for offset in sorted(offsets):
        count += len(data[at:offset].translate(None, _CONTINUING))
        at, known[offset] = offset, count
    return known


_ASCII: Final = bytes(range(128))
_CONTINUING: Final = bytes(range(128, 192))  # bytes of UTF-8 that begin no character


def _folds(data: bytes) -> bool:
    """Whether there is a character that may fold to another; general punctuation does not."""
    if data.isascii():
        return False
    beyond = data.translate(None, _ASCII)
    return 3 * beyond.count(b"\xe2\x80") != len(beyond)


_LEAD = re.compile(rb" *(?:(?:" + OPENER.encode() + rb") +)?")


class _Reaches:
    """Between what, round places in one text, matches can stand."""

    def __init__(self, data: bytes, *, as_is: bool) -> None:
        self.data = data
        # Where something was taken out, or a line has two ends, a blank line may not be one.
        self._as_is = as_is
        self._known: dict[tuple[int, int, str], tuple[int, int]] = {}
        self._breaks: tuple[list[int], list[int], list[int]] | None = None

    def of(self, end: int, width: int, within: str) -> tuple[int, int]:
        """Where a match lies that holds `end` and is `width` characters of the view long.

        More rather than less: places and widths that differ little share an answer.
        """
        if not self._as_is or within != "line":
            within = ""
        rough = next((size for size in _WIDTHS if width <= size), width)
        key = end >> 4, rough, within
        known = self._known.get(key)
        if known is None:
            first = end & ~15
            known = self._known[key] = self._around(first, first + 15, rough + 17, within)
        return known

    def _around(self, first: int, last: int, width: int, within: str) -> tuple[int, int]:
        data = self.data
        low, high = max(0, first - width), last + width
        if not data[low:high].isascii():
            width *= 4
            low, high = max(0, first - width), last + width
        if within == "line":
            before, after = data.rfind(b"\n", low, first), data.find(b"\n", last, high)
            return max(low, before), after + 1 if after >= 0 else high
        if data.find(b"\n", low, high) < 0:
            return low, high
        if self._breaks is None:
            self._breaks = self._measured()
        starts, short, taken = self._breaks
        # Without what line ends swallow, places are `short`; there a match is as wide as it is.
        index = bisect_right(starts, first)
        goal = first - (taken[index - 1] if index else 0) - width
        index = bisect_left(short, goal)
        low = max(0, goal + (taken[index - 1] if index else 0))
        index = bisect_left(starts, last)
        goal = last - (taken[index - 1] if index else 0) + width
        index = bisect_right(short, goal)
        return low, goal + (taken[index - 1] if index else 0)

    def _measured(self) -> tuple[list[int], list[int], list[int]]:
        """Where line ends begin, the same without all that was swallowed before, and how much."""
        starts: list[int] = []
        short: list[int] = []
        taken: list[int] = []
        total = 0
        for found in _BREAK.finditer(self.data):
            start, end = found.span()
            starts.append(start)
            short.append(start - total)
            total += end - start
            taken.append(total)
        return starts, short, taken


_WIDTHS: Final = (32, 64, 128, 256, 512)
_BREAK = re.compile(rb" *\n[ \n]*(?:(?:" + OPENER.encode() + rb") +)?")


def made_with() -> tuple[bytes, ...]:
    """What a kept sieve depends on beside its rules: this code, the library, the machine."""
    import hyperscan

    parts = [str(hyperscan.__version__).encode(), _flags().encode()]  # type: ignore[attr-defined]
    for path in (__file__, triggers.__file__):
        found = os.stat(path)
        parts.append(f"{found.st_size} {found.st_mtime_ns}".encode())
    return tuple(parts)


def _wanted(data: Sequence[Any]) -> Wanted:
    """What was written to the cache, as it was."""
    rule, branches, width, near, *rest = data
    made = []
    for bits, made_of, others, within in branches:
        parts = tuple(triggers.Trigger(*trigger) for trigger in made_of)
        made.append(triggers.Branch(bits, parts, tuple(map(tuple, others)), within))
    return Wanted(rule, tuple(made), width, tuple(near), *rest)


def _escaped(literal: str) -> bytes:
    return b"".join(
        bytes((byte,)) if chr(byte).isalnum() and byte < 128 else b"\\x%02x" % byte
        for byte in literal.encode()
    )
