"""Nomination by Hyperscan over bytes: for much text. Absent is not an error, only slower.

All patterns, loosely written, are searched for at once, and so are the context words without
which some rules say nothing: a text has few places where a rule may match, and most have none.
"""

from __future__ import annotations

import os
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any, Final, Protocol

from leakguard import cache, grammar, loose
from leakguard.loose import CONTINUING, ROUNDS, Loose, loosely, squeezed
from leakguard.records import NamedTuple

if TYPE_CHECKING:
    import threading

    from leakguard.views import View


class Wanted(NamedTuple):
    """A rule with a pattern that may see line ends.

    Its matches are of at most `width` characters, what it looks at behind them included.

    `words` are folded: without one that ends within `before` and `after` characters of a match, it
    is none. With `by_words` they are rarer than what the pattern holds, and looked for instead. A
    pattern that sees line ends has none.
    """

    rule: int
    source: str
    lines: bool
    width: int
    words: tuple[str, ...] = ()
    before: int = 0
    after: int = 0
    by_words: bool = False


class Texts(Protocol):
    """The text of a view that shows line ends or does not, and a folded view of the latter."""

    def shown(self, *, lines: bool = False) -> str: ...
    def folded(self) -> View: ...


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


_GAP: Final = b"\n\n"  # between texts that are searched as one: no word reaches over it
_NEAR: Final = 8  # starts that are tried in less time than a pattern is begun anew
_BEHIND: Final = 3  # characters that may be behind a word and belong to its place


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
            [
                hyperscan.HS_FLAG_MULTILINE | hyperscan.HS_FLAG_CASELESS * caseless
                for _, caseless in expressions
            ],
        )
        return cls(database)

    @classmethod
    def kept(cls, shelf: str, expressions: Sequence[tuple[bytes, bool]]) -> Database:
        """The same, which the cache may hold, and is kept there: expressions that are nobody's."""
        name = cache.key(repr(expressions).encode(), *_made_with())
        known = cache.load(shelf, name)
        database = cls.load(known) if known is not None else None
        if database is None:
            database = cls.compile(expressions)
            if shelf:
                cache.store(shelf, name, database.dump())
        return database

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


class _Part(NamedTuple):
    """What is searched for at once: the rules of its expressions, and the view that shows them.

    Of each rule it is known how many characters at least its matches begin before its places.
    """

    lines: bool
    rules: Sequence[tuple[int, int]]
    database: Database


class Sieve:
    """Says where in texts which rules may match. Thread-safe."""

    def __init__(
        self,
        wanted: Sequence[Wanted],
        parts: Sequence[_Part],
        words: Database | None,
        anchored: Sequence[int],
    ) -> None:
        self._wanted = {one.rule: one for one in wanted}
        self._parts = parts
        self._words = words
        self._spelt = _words_of(wanted)
        self._by_words = tuple(one for one in wanted if one.by_words)
        self.anchored = tuple(anchored)  # begin with the text: to be tried there, and that is all
        sought = {*anchored, *(rule for part in parts for rule, _ in part.rules)}
        self.missed = frozenset(o.rule for o in wanted if not o.by_words and o.rule not in sought)

    @classmethod
    def of(cls, wanted: Sequence[Wanted]) -> Sieve:
        """Compile what is wanted: some seconds for hundreds of rules."""
        from concurrent.futures import ThreadPoolExecutor

        groups: dict[tuple[bool, bool, bool], list[tuple[Wanted, Loose]]] = {}
        anchored: list[int] = []
        for one in wanted:
            known = None if one.by_words else loosely(one.source)
            if known and known.anchored:
                anchored.append(one.rule)
            elif known:
                # What is like one another is compiled in half the time.
                kind = one.lines, known.caseless, known.digits > 2
                groups.setdefault(kind, []).append((one, known))
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            made = zip(groups, threads.map(_compiled, groups.values()), strict=True)
        parts = [_Part(lines, rules, known) for (lines, *_), (rules, known) in made if known]
        words = [(_word(word), False) for word in _words_of(wanted)]
        return cls(wanted, parts, Database.compile(words) if words else None, anchored)

    @classmethod
    def kept(cls, shelf: str, wanted: Sequence[Wanted]) -> Sieve:
        """The sieve that the cache holds, else a new one, which is kept there.

        A database holds its expressions in clear: `shelf` is "" where a rule may be private.
        """
        name = name_of(wanted)
        known = cache.load(shelf, name)
        if known is not None:
            words, parts, anchored = known
            loaded = [(lines, rules, Database.load(dump)) for lines, rules, dump in parts]
            whole = [_Part(lines, rules, known) for lines, rules, known in loaded if known]
            spoken = Database.load(words) if words else None
            if len(whole) == len(parts) and bool(spoken) == bool(words):
                return cls(wanted, whole, spoken, anchored)
        sieve = cls.of(wanted)
        if shelf:
            dumps = [(part.lines, part.rules, part.database.dump()) for part in sieve._parts]
            words = sieve._words.dump() if sieve._words else b""
            cache.store(shelf, name, [words, dumps, list(sieve.anchored)])
        return sieve

    def nominated(
        self, many: Sequence[Texts], told: Sequence[Container[int] | None]
    ) -> Iterator[tuple[int, Nomination]]:
        """The rules that may match in each of some texts, which are searched as one, and where.

        With the text's index. Of each text, rules in `told`, all for None, have one of their words
        elsewhere: it need not be near. Not those that are `anchored` or `missed`.
        """
        spoken = _Spoken(many, self._words, self._spelt)
        wanted = {part.lines for part in self._parts}
        joined = {lines: _joined(texts.shown(lines=lines) for texts in many) for lines in wanted}
        for lines, rules, database in self._parts:
            data, starts = joined[lines]
            found: dict[int, list[int]] = {}
            for number, end in database.scan(data):
                if number in found:
                    found[number].append(end)
                else:
                    found[number] = [end]
            for number, places in found.items():
                rule, least = rules[number]
                one = self._wanted[rule]
                if one.words:
                    free = {n for n, rules in enumerate(told) if rules is None or rule in rules}
                    met = _with_words(one, places, starts, spoken.places(one), free)
                else:
                    met = _by_text(one, places, starts)
                yield from ((index, nomination._replace(least=least)) for index, nomination in met)
        for one in self._by_words:
            places = spoken.places(one)
            if places:
                yield from _by_text(one, places, spoken.starts(), places)


def _joined(texts: Iterable[str]) -> tuple[bytes, list[int]]:
    """Texts to be searched as one, so that a database is fetched into the processor's cache once.

    And where each begins, and the next one would.
    """
    data = list(map(squeezed, texts))
    starts = accumulate((len(one) + len(_GAP) for one in data), initial=0)
    return _GAP.join(data), list(starts)


def _by_text(
    one: Wanted, places: list[int], starts: Sequence[int], words: list[int] | None = None
) -> Iterator[tuple[int, Nomination]]:
    """The nomination of a rule in each text in which it has places.

    What reaches over a gap is told of the text in which it ends.
    """
    places.sort()
    at = 0
    while at < len(places):
        index = max(0, bisect_left(starts, places[at]) - 1)
        end = bisect_right(places, starts[index + 1], at)
        yield index, Nomination(one, places[at:end], words, starts[index])
        at = end


def _with_words(
    one: Wanted, places: list[int], starts: Sequence[int], words: list[int], free: Set[int]
) -> Iterator[tuple[int, Nomination]]:
    """The same where a word has to be near, but in texts that are `free` of that."""
    if not words and not free:
        return
    for index, nomination in _by_text(one, places, starts, words):
        if index in free:
            yield index, nomination._replace(words=None)
            continue
        near = [
            at for at in nomination.places if nomination.is_near(at - one.width, at + one.width)
        ]
        if near:
            yield index, nomination._replace(places=near)


class Nomination(NamedTuple):
    """Places in a view of which each match of a rule holds one, or has one near it.

    A place is the offset behind something in it, in code points: a piece of a match, or a word of
    a rule that is looked for `by_words`. `words` are places behind words one of which has to be
    near, None where that is not asked. All are in order, and counted from `begin` before the view.
    A match begins at least `least` characters before a place that it holds.
    """

    wanted: Wanted
    places: list[int]
    words: list[int] | None
    begin: int
    least: int = 1

    @property
    def rule(self) -> int:
        return self.wanted.rule

    @property
    def by_words(self) -> bool:
        return self.wanted.by_words

    def starts(self) -> list[tuple[int, int]]:
        """The first and the last start of the matches that places stand for, in order."""
        back, ahead = self.wanted.width + self.begin, -self.least - self.begin
        if self.by_words:
            back, ahead = back + self.wanted.after + _BEHIND, self.wanted.before - self.begin
        places = self.places
        found: list[tuple[int, int]] = []
        first, last = places[0] - back, places[0] + ahead
        for place in places:
            if place - back > last + _NEAR:
                found.append((first, last))
                first = place - back
            last = place + ahead
        found.append((first, last))
        return found

    def has_word(self, start: int, end: int) -> bool:
        """Whether a word is near a match from `start` to `end`, or may be."""
        return self.words is None or self.is_near(start + self.begin, end + self.begin)

    def is_near(self, start: int, end: int) -> bool:
        """The same of what is counted as places are, where a word has to be near."""
        words = self.words or ()
        at = bisect_left(words, start - self.wanted.before)
        return at < len(words) and words[at] <= end + self.wanted.after + _BEHIND


class _Spoken:
    """Where context words stand in texts that are searched as one: when first asked about."""

    def __init__(
        self, many: Sequence[Texts], words: Database | None, spelt: Mapping[str, int]
    ) -> None:
        self._many = many
        self._words = words
        self._spelt = spelt
        self._heard: dict[int, list[int]] | None = None  # the places of words, by their numbers

    def places(self, one: Wanted) -> list[int]:
        """The places behind the words of a rule, in order; or up to `_BEHIND` behind that."""
        if self._heard is None:
            self._heard = self._hear()
        heard = self._heard
        return sorted(chain.from_iterable(heard.get(self._spelt[word], ()) for word in one.words))

    def starts(self) -> list[int]:
        """Where each of the texts begins in what places are counted in."""
        sizes = (len(texts.shown()) + len(_GAP) for texts in self._many)
        return list(accumulate(sizes, initial=0))

    def _hear(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        if self._words is None:
            return found
        views = [texts.folded() for texts in self._many]
        data, begins = _joined(view.text for view in views)
        starts, spelt = self.starts(), list(self._spelt)
        low, high, shift, view = 0, -1, 0, None
        for number, end in self._words.scan(data):
            if not low < end <= high:
                index = max(0, bisect_left(begins, end) - 1)
                low, high = begins[index], begins[index + 1]
                view, shift = views[index] if views[index].edits else None, starts[index] - low
            if view:  # what is behind a word may be long in the view: its own end, then
                word = spelt[number]
                at = starts[index] + view.edge(view.text.rfind(word, 0, end - low) + len(word))
            else:
                at = end + shift
            if number in found:
                found[number].append(at)
            else:
                found[number] = [at]
        return found


def _word(word: str) -> bytes:
    """A piece of a context word, which ends where a word does but for an s."""
    written = b"".join(b"\\x%02x" % byte for byte in squeezed(word))
    before = b"(?:^|[^0-9a-z])" if word[:1].isalnum() else b""
    after = rb"(?:['\x80-\xff]?s)?(?:[^0-9a-z]|$)" if word[-1:].isalnum() else b""
    return before + written + after


def _words_of(wanted: Iterable[Wanted]) -> dict[str, int]:
    """All words, numbered."""
    return {word: n for n, word in enumerate(sorted({w for one in wanted for w in one.words}))}


def _compiled(
    group: Sequence[tuple[Wanted, Loose]],
) -> tuple[list[tuple[int, int]], Database | None]:
    """One database for the rules of a group, but those that are too large for the library."""
    import hyperscan

    database: Database | None = None
    try:
        database = Database.compile([_written(known) for _, known in group])
    except hyperscan.error:
        group = [(one, fit) for one, _ in group if (fit := _fitting(one))]
        if group:
            database = Database.compile([_written(fit) for _, fit in group])
    return [(one.rule, known.least) for one, known in group], database


def _written(known: Loose) -> tuple[bytes, bool]:
    return known.expression.encode(), known.caseless


def _fitting(one: Wanted) -> Loose | None:
    """The closest way to write a pattern that the library takes."""
    import hyperscan

    for known in (loosely(one.source, rounds) for rounds in ROUNDS):
        try:
            Database.compile([_written(known)])
        except hyperscan.error:
            continue
        return known
    return None


def points(data: bytes, offsets: Iterable[int]) -> dict[int, int]:
    """Offsets into UTF-8 as code points; each stretch between two of them is counted once."""
    known: dict[int, int] = {}
    at = count = 0
    for offset in sorted(offsets):
        count += len(data[at:offset].translate(None, CONTINUING))
        at, known[offset] = offset, count
    return known


def name_of(wanted: Sequence[Wanted]) -> str:
    """What the cache calls a sieve made here and now."""
    return cache.key(repr(wanted).encode("utf-8", "surrogatepass"), *_made_with())


def _made_with() -> tuple[bytes, ...]:
    """What a kept sieve depends on beside its rules: this code, the library, the machine."""
    import hyperscan

    parts = [str(hyperscan.__version__).encode(), _flags().encode()]  # type: ignore[attr-defined]
    for path in (__file__, loose.__file__, grammar.__file__):
        found = os.stat(path)
        parts.append(f"{found.st_size} {found.st_mtime_ns}".encode())
    return tuple(parts)
