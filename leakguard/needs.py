r"""What every match of a pattern holds, for those who look for it by its plain pieces.

For each of its alternatives a pattern needs some sets of keys: one key of each set stands in every
match. A key is a few characters in a row, in small letters, with 0 for any digit; it may have to
begin or end a word. Where there are none, an expression may be known that is found in every match.

Deriving that takes milliseconds for a pattern; it is plain data, and can be kept.
"""

from __future__ import annotations

import sys
from itertools import product

from leakguard import pieces
from leakguard.light import (
    TYPE_CHECKING,
    Final,
    Iterable,
    Iterator,
    Sequence,
    bisect_left,
    byte_expression,
    lru_cache,
)
from leakguard.patterns import ODD
from leakguard.pieces import ANY, Pieces, folded
from leakguard.records import NamedTuple
from leakguard.views import fold

if TYPE_CHECKING:
    import re

    from leakguard.patterns import Pattern

Key = tuple[str, bool, bool]  # the text, whether it begins a word, whether it ends one
Keys = tuple[Key, ...]
# The sets of an alternative, with the pieces of their keys, and its width.
Sets = tuple[Sequence[tuple[Keys, tuple[int, ...]]], int]

_SPELLINGS: Final = 256
_WAYS: Final = 4  # characters in a class that are still spelt out
_SETS: Final = 5
_SHORT: Final = 300_000  # as long as windows are; of a longer text the pieces are many
_LONG: Final = 16  # so many letters in a row are rare
_OFTEN: Final = 2e-3  # keys that stand at so many characters want a shape beside them
_FEW: Final = 3  # more stretches than these are looked through at once
_EACH_KEY: Final = 5e-5  # what a key more costs, as a share of a text's characters that are hits
_WORD: Final = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")
# What a soft wrap swallows: in the name view the line ends of patterns that see lines are spaces.
_MARKS: Final = (
    *("//", "///", "//!", "######", "--", ";", "%", "*", ">", "+", "-", "000.", "000)", "<!--"),
    *("/*", "/**"),
)
_PARTS_OF_MARKS: Final = frozenset(
    mark[at:end]
    for mark in _MARKS
    for at in range(len(mark))
    for end in range(at + 1, len(mark) + 1)
)
_ROW: Final = bytes(
    ord("a") if chr(code) in "0123456789abcdefghijklmnopqrstuvwxyz" else 32 for code in range(256)
)


class Needs(NamedTuple):
    """The sets of keys of each alternative, and expressions one of which is found in every match.

    Of each alternative the first set is the best to look for in all of a text. Empty where nothing
    is known. `runs` say of an alternative without keys how many ASCII letters and digits stand in
    a row in every match of it. `pieces` are those of the keys, `firsts` of the first sets,
    `widths` the alternatives' own.
    """

    branches: tuple[tuple[Keys, ...], ...] = ()
    shapes: tuple[str, ...] = ()
    runs: tuple[int, ...] = ()
    pieces: tuple[tuple[tuple[int, ...], ...], ...] = ()
    widths: tuple[int, ...] = ()
    firsts: tuple[tuple[int, ...], ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys one of which stands in every match; () when there are none."""
        if not all(self.branches):
            return ()
        return tuple(dict.fromkeys(key for sets in self.branches for key, _, _ in sets[0]))


# ── looking ──────────────────────────────────────────────────────────────────────────────────────


class Seen:
    """A view of a text in which patterns are looked for by what they need: many, or a `few`."""

    def __init__(self, text: str, like: Seen | None = None, *, few: bool = False) -> None:
        """`like` is of a text that may differ in nothing but case."""
        self.text = text
        self.folded = folded(text)
        self._digits: list[int] | None = None
        # By their ids, with what has the id: nothing else gets it then.
        self._alive: dict[int, tuple[Needs, Sequence[Sets]]] = {}
        self._placed: dict[int, tuple[Keys, list[tuple[int, int]]]] = {}
        self.pieces: Pieces | None
        if like is not None and like.folded == self.folded:
            self.pieces = like.pieces
        else:
            self.pieces = Pieces(self.folded) if len(text) < _SHORT and not few else None
        self._row: bytes | None = None
        self._shapes: dict[str, bool] = {}
        self._shown: bytes | None = None

    def may_hold(self, pattern: Pattern) -> bool:
        """Whether all that some alternative of the pattern needs stands somewhere in the text."""
        known = pattern.needs
        if pattern.least > len(self.text):
            return False
        if known is None:
            return True
        if known.branches and not self._branches(known):
            return False
        if not self._dense(pattern, 0, len(self.text)):
            return False
        return not known.shapes or self.pieces is None or any(map(self._has_shape, known.shapes))

    def _branches(self, needs: Needs) -> Sequence[Sets]:
        """The alternatives that the text may hold, each with the pieces of its keys."""
        known = self._alive.get(id(needs))
        if known is None:
            found: list[Sets] = []
            for number in self._met(needs):
                sets = needs.branches[number]
                pieces = needs.pieces[number] if needs.pieces else ((),) * len(sets)
                run = needs.runs[number] if needs.runs else 0
                width = needs.widths[number] if needs.widths else sys.maxsize
                keys = list(zip(sets, pieces, strict=True))
                if all(map(self._stands, keys)) and (not run or self._runs(run)):
                    found.append((keys, width))
            known = self._alive[id(needs)] = needs, found
        return known[1]

    def _met(self, needs: Needs) -> Iterable[int]:
        """The numbers of the alternatives of which all sets have a piece in the text."""
        if self.pieces is None or not needs.pieces:
            return range(len(needs.branches))
        # Nearly all are gone by their first set: that is asked at the speed of C.
        gone = self.pieces.found.isdisjoint
        met = [n for n, out in enumerate(map(gone, needs.firsts)) if not out]
        return [n for n in met if not any(map(gone, needs.pieces[n]))]

    def _runs(self, count: int) -> bool:
        """Whether so many ASCII letters and digits stand in a row."""
        if self._row is None:
            self._row = self.folded.encode("ascii", "replace").translate(_ROW)
        return b"a" * count in self._row

    def starts(self, pattern: Pattern, ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Of the starts in `ranges` those at which the pattern may match.

        Both are pairs of a first and a last, in order.
        """
        if len(ranges) <= _FEW:
            return [pair for one in ranges for pair in self._of_range(pattern, *one)]
        found = self._of_range(pattern, ranges[0][0], ranges[-1][1])
        return _both(found, ranges)

    def _of_range(self, pattern: Pattern, first: int, last: int) -> list[tuple[int, int]]:
        first, last = max(0, first), min(last, len(self.text))
        if last < first or not self._dense(pattern, first, last):
            return []
        found = [(first, last)]
        needs = pattern.needs
        if needs is None:
            return found
        if needs.branches:
            branches = self._branches(needs)
            ways = (self._of_branch(sets, pattern, first, last) for sets in branches)
            found = merged(pair for way in ways for pair in way)
        if needs.shapes and found:
            found = [pair for pair in found if self._shaped(needs.shapes, pattern, *pair)]
        return found

    def _of_branch(
        self, alternative: Sets, pattern: Pattern, first: int, last: int
    ) -> list[tuple[int, int]]:
        sets, own = alternative
        if not sets:
            return [(first, last)]
        width = min(own, pattern.width)
        end = last + width
        best: list[tuple[int, int]] | None = None
        for one in sets:
            spots = list(self._spots(*one, first, end))
            if not spots:
                return []
            if best is None or len(spots) < len(best):
                best = spots
        assert best is not None
        pairs = ((max(first, stop - width), min(last, start)) for start, stop in best)
        return [
            (low, high)
            for low, high in merged(pair for pair in pairs if pair[0] <= pair[1])
            if self._dense(pattern, low, high)
            and (len(sets) == 1 or all(self._holds(one, low, high + width) for one in sets))
        ]

    def _holds(self, one: tuple[Keys, tuple[int, ...]], first: int, end: int) -> bool:
        return next(self._spots(*one, first, end), None) is not None

    def _spots(
        self, keys: Keys, pieces: tuple[int, ...], first: int = 0, end: int = sys.maxsize
    ) -> Iterator[tuple[int, int]]:
        """Where one of the keys stands from `first` to `end`; in a short text in order."""
        if self.pieces is None:
            return self._looked_up(keys, first, end)
        known = self._placed.get(id(keys))
        if known is None:
            likely = self._likely(keys, pieces)
            known = keys, sorted(self._looked_up(likely, 0, sys.maxsize))
            self._placed[id(keys)] = known
        spots = known[1]
        if first <= 0 and end >= len(self.text):
            return iter(spots)
        low, high = bisect_left(spots, (first, 0)), bisect_left(spots, (end, 0))
        return (spot for spot in spots[low:high] if spot[1] <= end)

    def _stands(self, one: tuple[Keys, tuple[int, ...]]) -> bool:
        """Whether one of the keys stands anywhere."""
        spots = self._looked_up(self._likely(*one), 0, sys.maxsize)
        return next(spots, None) is not None

    def _likely(self, keys: Keys, pieces: tuple[int, ...]) -> Iterable[Key]:
        """Those of the keys of which the text has the piece."""
        if self.pieces is None or not pieces:
            return keys
        found = self.pieces.found
        return (key for key, piece in zip(keys, pieces, strict=True) if piece in found)

    def _looked_up(self, keys: Iterable[Key], first: int, end: int) -> Iterator[tuple[int, int]]:
        # Where words end the text itself tells: to a pattern only ASCII is a letter.
        text, written, length = self.folded, self.text, len(self.folded)
        for key, before, after in keys:
            at = text.find(key, first, end)
            while at >= 0:
                stop = at + len(key)
                if not (
                    (before and at and written[at - 1] in _WORD)
                    or (after and stop < length and written[stop] in _WORD)
                ):
                    yield at, stop
                at = text.find(key, at + 1, end)

    def _dense(self, pattern: Pattern, first: int, last: int) -> bool:
        """Whether enough digits stand near enough to one another."""
        count, width = pattern.digits, pattern.width
        if not count:
            return True
        if self._digits is None:
            self._digits = list(_places("0", self.folded))
        digits = self._digits
        low, high = bisect_left(digits, first), bisect_left(digits, last + width)
        return any(
            digits[at + count - 1] - digits[at] < width for at in range(low, high - count + 1)
        )

    def _shaped(self, shapes: Sequence[str], pattern: Pattern, first: int, last: int) -> bool:
        data = _as_shaped(self.text[max(0, first - 1) : last + pattern.width + 1])
        return data is None or any(_expression(shape).search(data) for shape in shapes)

    def _has_shape(self, shape: str) -> bool:
        """Whether a shape stands anywhere: it stands in every match as in all of the text."""
        known = self._shapes.get(shape)
        if known is None:
            if not self._shapes:
                self._shown = _as_shaped(self.text)
            data = self._shown
            known = self._shapes[shape] = data is None or bool(_expression(shape).search(data))
        return known


def _as_shaped(text: str) -> bytes | None:
    """A text as shapes are looked for in it; None where they say nothing."""
    if not text.isascii() and any(odd in text for odd in ODD):
        return None
    return text.replace("\t", " ").encode("utf-8", "surrogatepass")


@lru_cache(maxsize=1024)
def _expression(shape: str) -> re.Pattern[bytes]:
    return byte_expression(shape.encode())


def _places(piece: str, text: str) -> Iterator[int]:
    at = text.find(piece)
    while at >= 0:
        yield at
        at = text.find(piece, at + 1)


def _both(
    some: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """What is in both of two rows of pairs."""
    shared = []
    at = 0
    for first, last in some:
        while at < len(others) and others[at][1] < first:
            at += 1
        index = at
        while index < len(others) and others[index][0] <= last:
            shared.append((max(first, others[index][0]), min(last, others[index][1])))
            index += 1
    return shared


def merged(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pairs of a first and a last in order, those that overlap as one."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(pairs):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


# ── deriving ─────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=4096)
def of(source: str) -> Needs:
    r"""What every match of the pattern `source` holds.

    >>> of(r"(?i)\bmember (?:no|number) \d{9}\b").keys
    ('member no 000000000', 'member number 000000000')
    >>> of(r"[a-z]{3,8}")
    Needs(branches=((),), shapes=(), runs=(), pieces=((),), widths=(8,), firsts=((17179869184,),))
    """
    from leakguard import symbols
    from leakguard.patterns import parse

    told = list(symbols.needed(source))
    found = tuple(_known_sets(sets, lines=lines) for sets, lines, _ in told)
    runs = tuple(map(_run, found, (sets for sets, _, _ in told)))
    known = Needs(found, runs=runs, widths=tuple(width for _, _, width in told))
    if not any(known.runs):
        known = known._replace(runs=())
    parsed = parse(source)
    if not known.keys and all(map(str.isascii, parsed.literals)) and (spelt := literals(parsed)):
        # What cannot be told alternative by alternative may be told of all.
        known = Needs(((tuple((key, False, False) for key in spelt),),))
    by_sets = tuple(tuple(map(_pieces_of, sets)) for sets in known.branches)
    firsts = tuple(some[0] if some else (ANY,) for some in by_sets)
    known = known._replace(pieces=by_sets, firsts=firsts)
    if known.keys and share_of(known) < _OFTEN:
        return known
    shapes = symbols.shapes(source)
    if not shapes:
        return known
    # What they begin with alike is looked for once.
    return known._replace(shapes=("|".join(shapes),))


def literals(pattern: Pattern) -> tuple[str, ...]:
    """Keys that the pattern's parser knows of: one stands in every match; or none."""
    keys = []
    for literal in pattern.literals:
        key = fold(literal)
        if pattern.lines:
            # Wraps swallow indentation and marks in the name view: only letters are sure to stay.
            key = max("".join(c if c.isalpha() else " " for c in key).split() or [""], key=len)
        elif not key.isascii():
            # Letters beyond ASCII may fold with their neighbours.
            key = max("".join(c if c.isascii() else "\0" for c in key).split("\0"), key=len)
        if len(key) < 2 or not key.isascii():
            return ()
        keys.append(key)
    return tuple(dict.fromkeys(map(folded, keys)))


def share_of(needs: Needs) -> float:
    """How often one of the keys to look for stands at a character, roughly."""
    from leakguard import symbols

    return sum(symbols.share_of_key(key) for sets in needs.branches for key in sets[0])


def _pieces_of(keys: Keys) -> tuple[int, ...]:
    return tuple(pieces.of(key, share_of_piece) or ANY for key, _, _ in keys)


@lru_cache(maxsize=65536)
def share_of_piece(piece: str) -> float:
    """How often a piece of a key stands at a character, roughly."""
    from leakguard import symbols

    return symbols.share_of_key((piece, False, False))


def _run(found: tuple[Keys, ...], sets: Iterable[Iterable[tuple[str, ...]]]) -> int:
    """How many letters and digits every match of an alternative without keys has in a row."""
    longest = 0 if found else max((min(map(_row_of, words)) for words in sets), default=0)
    return longest if longest >= _LONG else 0


def _row_of(word: tuple[str, ...]) -> int:
    longest = count = 0
    for symbol in word:
        plain = symbol[:1] not in ("", "\0") and symbol.isascii() and symbol.isalnum()
        count = count + 1 if plain else 0
        longest = max(longest, count)
    return longest


def _known_sets(sets: Iterable[Iterable[tuple[str, ...]]], *, lines: bool) -> tuple[Keys, ...]:
    from leakguard import symbols

    found: dict[frozenset[str], tuple[float, Keys]] = {}
    for words in sets:
        options = _options(words, lines=lines)
        for pick in (_rarest, _first, _last) if options else ():
            keys = _without_longer(set(map(pick, options)))
            cost = sum(map(symbols.share_of_key, keys)) + _EACH_KEY * len(keys)
            found.setdefault(frozenset(key for key, _, _ in keys), (cost, keys))
    best = sorted(found.values())[:_SETS]
    return tuple(keys for _, keys in best)


def _first(keys: Sequence[Key]) -> Key:
    return keys[0]


def _last(keys: Sequence[Key]) -> Key:
    return keys[-1]


def _rarest(keys: Sequence[Key]) -> Key:
    from leakguard import symbols

    return min(keys, key=symbols.share_of_key) if len(keys) > 1 else keys[0]


def _options(words: Iterable[tuple[str, ...]], *, lines: bool) -> list[tuple[Key, ...]]:
    """The keys that each of the words has, as it may be spelt; [] when one has none."""
    options: dict[tuple[Key, ...], None] = {}
    for word in words:
        for spelt in _spellings(word):
            keys = _pieces(spelt, lines=lines)
            if not keys:
                return []
            options[keys] = None
    return list(options)


def _without_longer(found: set[Key]) -> Keys:
    """The keys but those that hold one that stands anywhere: they are met with that."""
    anywhere = {key for key, before, after in found if not before and not after}
    lengths = {len(key) for key in anywhere}

    def is_longer(key: str) -> bool:
        return any(
            key[at : at + length] in anywhere
            for length in lengths
            for at in range(len(key) - length + 1)
            if length < len(key)
        )

    return tuple(sorted(key for key in found if not lengths or not is_longer(key[0])))


def _spellings(word: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    """The word with small classes spelt out, where that is not too many."""
    ways: list[tuple[str, ...]] = []
    count = 1
    for symbol in word:
        written = "".join(sorted(set(folded(symbol)))) if symbol.isascii() else ""
        if symbol[:1] in ("", "\0") or not 1 < len(written) <= _WAYS:
            ways.append((symbol,))
        else:
            ways.append(tuple(written))
            count *= len(written)
    return list(product(*ways)) if count <= _SPELLINGS else [word]


@lru_cache(maxsize=65536)
def _pieces(word: tuple[str, ...], *, lines: bool) -> tuple[Key, ...]:
    """The longest pieces of a word that are one key each."""
    from leakguard import symbols

    found: list[Key] = []
    start, key = 0, ""
    for at in range(len(word) + 1):
        symbol = word[at] if at < len(word) else None
        if symbol is not None and symbol[:1] in ("", "\0"):
            continue
        one = "" if symbol is None else _one(symbol, lines=lines)
        if one:
            key += one
            continue
        if len(key) > 1 and not (lines and key in _PARTS_OF_MARKS):
            found.append((key, *symbols.edges(word, start, at)))
        start, key = at + 1, ""
    return tuple(found)


@lru_cache(maxsize=65536)
def _one(symbol: str, *, lines: bool) -> str:
    """The one character that a symbol is in keys; "" if it is none, or several."""
    if symbol[:1] in ("", "\0") or not symbol.isascii():
        return ""
    written = set(folded(symbol))
    if len(written) != 1 or (lines and written <= set(" \n")):
        return ""
    return written.pop()
