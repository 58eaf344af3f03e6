r"""What every match of a pattern holds, for those who look for it by its plain pieces.

For each of its alternatives a pattern needs some sets of keys: one key of each set stands in every
match. A key is a few characters in a row, in small letters, with 0 for any digit; it may have to
begin or end a word. Where there are none, an expression may be known that is found in every match.

Deriving that takes milliseconds for a pattern; it is plain data, and can be kept.
"""

from __future__ import annotations

from itertools import compress, product

from leakguard import pieces
from leakguard.light import (
    TYPE_CHECKING,
    Callable,
    Final,
    Iterable,
    Iterator,
    Sequence,
    TypeVar,
    bisect_left,
    byte_expression,
    lru_cache,
)
from leakguard.patterns import ODD
from leakguard.pieces import ANY, Pieces, folded
from leakguard.records import NamedTuple

if TYPE_CHECKING:
    import re

    from leakguard.patterns import Pattern

T = TypeVar("T")
Key = tuple[str, bool, bool]  # the text, whether it begins a word, whether it ends one
Keys = tuple[Key, ...]
Pairs = list[tuple[int, int]]  # each a first and a last, in order

_SPELLINGS: Final = 256
_WAYS: Final = 4  # characters in a class that are still spelt out
_SETS: Final = 5
_SCORES: Final = 40  # of more spots those that are near to one another are looked at as one
_CLOSE: Final = 24  # to begin anew takes as long as trying so many starts
_MANY: Final = 64  # keys of a set that is none but beside another
_PLAIN: Final = 4  # so many digits in a row are nothing by themselves
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
_COMMON: Final = "\0zqxjkvbpygfwmucldrhsnioate 0"  # from rare to often
_ROW: Final = bytes(
    ord("a") if chr(code) in "0123456789abcdefghijklmnopqrstuvwxyz" else 32 for code in range(256)
)


class Branch(NamedTuple):
    """What is known of an alternative: in every match stands a key of each of the `sets`.

    `pieces` has one of each key, and `lead` another of each in the first set: those are rare. It is
    `ANY` alone where none are known. In every match `run` ASCII letters and digits stand in a row,
    and `digits` of its characters are digits. `width` is its own. `shape`, if it has one, is an
    expression that is found in every match. `written` is its own one, "" where it is told from no
    other: that of the whole pattern will do.
    """

    lead: tuple[int, ...]
    sets: tuple[Keys, ...]
    pieces: tuple[tuple[int, ...], ...]
    width: int
    digits: int
    run: int = 0
    shape: str = ""
    written: str = ""


class Needs(NamedTuple):
    """The alternatives of a pattern, in order."""

    branches: Sequence[Branch]

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys one of which stands in every match; () when there are none."""
        if not all(branch.sets for branch in self.branches):
            return ()
        return tuple(dict.fromkeys(key for one in self.branches for key, _, _ in one.sets[0]))


# ── looking ──────────────────────────────────────────────────────────────────────────────────────


class Seen:
    """A view of a text in which patterns are looked for by what they need."""

    def __init__(self, text: str, known: Pieces | None = None) -> None:
        """`known` are the pieces of the text, in one line where it has several."""
        self.text = text
        self.folded = folded(text)
        self._pieces = known
        self._digits: list[int] | None = None
        self._clustered: dict[tuple[int, int], Pairs] = {}
        self._placed: dict[Key, Pairs] = {}
        self._row: bytes | None = None
        self._shapes: dict[str, bool] = {}
        self._shown: bytes | None = None

    def ways(
        self,
        pattern: Pattern,
        ranges: Sequence[tuple[int, int]] = (),
        numbers: Iterable[int] = (),
    ) -> dict[str, Pairs]:
        """The alternatives that may match, as they are `written`, and from which starts on.

        In their order; of all, or of those with these numbers. At starts in `ranges`, or anywhere.
        """
        found: dict[str, Pairs] = {}
        first, last = 0, len(self.text)
        if pattern.least > last:
            return found
        if ranges:
            first, last = max(0, ranges[0][0]), min(last, ranges[-1][1])
        needs = of_pattern(pattern)
        for branch in map(needs.branches.__getitem__, numbers) if numbers else needs.branches:
            pairs = self._of_branch(branch, first, last)
            if pairs and len(ranges) > 1:
                pairs = both(pairs, ranges)
            if pairs:
                found.setdefault(branch.written, []).extend(pairs)
        return {written: merged(pairs, _CLOSE) for written, pairs in found.items()}

    def starts(self, pattern: Pattern, ranges: Sequence[tuple[int, int]]) -> Pairs:
        """Of the starts in `ranges` those at which the pattern may match."""
        together = len(ranges) > _FEW or (ranges and self._pieces)
        ways = [self.ways(pattern, some) for some in ([ranges] if together else zip(ranges))]
        return merged(pair for way in ways for pairs in way.values() for pair in pairs)

    def _of_branch(self, branch: Branch, first: int, last: int) -> Pairs:
        _, every, among, width, digits, run, shape, _ = branch
        sets: Sequence[Sequence[Key]] = every
        if self._pieces:
            seen = self._pieces.found
            for row in among:
                if seen.isdisjoint(row):
                    return []
            has = seen.__contains__
            sets = [
                list(compress(keys, map(has, row))) for keys, row in zip(every, among, strict=True)
            ]
        if run and not self._runs(run):
            return []
        if shape and not sets and not self._has(shape):
            return []
        if sets:
            spots = self._spots(sets[0], first, last + width)
        elif digits:
            spots = self._clusters(digits, width)
        else:
            return [(first, last)]  # and as it has no keys, its shape stands somewhere
        others = sets[1:]
        # Mostly something is missing altogether.
        if not spots or not self._stand(others, spots[0][1] - width, spots[-1][0] + width):
            return []
        found = [
            (low, high)
            for start, stop in spots
            if (low := max(first, stop - width)) <= (high := min(last, start))
        ]
        if len(found) > _SCORES:
            found = merged(found)
        if digits and sets:
            found = [pair for pair in found if self._dense(digits, width, pair[0], pair[1] + width)]
        if others:
            found = [pair for pair in found if self._stand(others, pair[0], pair[1] + width)]
        found = merged(found)
        return self._shaped(shape, width, found) if shape and found else found

    def _spots(self, keys: Sequence[Key], first: int, end: int) -> Pairs:
        """Where one of the keys stands from `first` to `end`, in order."""
        if self._pieces is None or first > 0 or end < len(self.text):
            return sorted(spot for key in keys for spot in self._looked_up(key, first, end))
        spots: Pairs = []
        for key in keys:
            known = self._placed.get(key)
            if known is None:
                known = self._placed[key] = self._looked_up(key, 0, end)
            if known:
                spots = sorted(spots + known) if spots else known
        return spots

    def _stand(self, sets: Sequence[Sequence[Key]], first: int, end: int) -> bool:
        """Whether a key of each of some sets stands between two places."""
        find, first = self.folded.find, max(0, first)
        for keys in sets:
            for key in keys:
                if find(key[0], first, end) >= 0 and self._looked_up(key, first, end):
                    break
            else:
                return False
        return True

    def _looked_up(self, one: Key, first: int, end: int) -> Pairs:
        """Where a key stands between two places."""
        key, before, after = one
        at = self.folded.find(key, first, end)
        found: Pairs = []
        while at >= 0:
            stop = at + len(key)
            # Where words end the text itself tells: to a pattern only ASCII is a letter.
            if not (
                (before and at and self.text[at - 1] in _WORD)
                or (after and self.text[stop : stop + 1] in _WORD)
            ):
                found.append((at, stop))
            at = self.folded.find(key, at + 1, end)
        return found

    def _dense(self, count: int, width: int, first: int, end: int) -> bool:
        """Whether so many digits stand together between two places."""
        if not count:
            return True
        known = self._clusters(count, width)
        at = bisect_left(known, (first, 0))
        return at < len(known) and known[at][1] <= end

    def _clusters(self, count: int, width: int) -> Pairs:
        """Where so many digits stand in no more than `width` characters."""
        known = self._clustered.get((count, width))
        if known is None:
            if self._digits is None:
                self._digits = list(_places("0", self.folded))
            ends = zip(self._digits, self._digits[count - 1 :], strict=False)
            known = [(first, last + 1) for first, last in ends if last - first < width]
            self._clustered[count, width] = known
        return known

    def _runs(self, count: int) -> bool:
        """Whether so many ASCII letters and digits stand in a row."""
        if self._row is None:
            self._row = self.folded.encode("ascii", "replace").translate(_ROW)
        return b"a" * count in self._row

    def _shaped(self, shape: str, width: int, pairs: Pairs) -> Pairs:
        """Of the starts those at which a match would have the shape."""
        if not self._has(shape) or len(pairs) > _SCORES:
            return pairs if self._has(shape) else []
        found = []
        for first, last in pairs:
            data = _as_shaped(self.text[max(0, first - 1) : last + width + 1])
            if data is None or _expression(shape).search(data):
                found.append((first, last))
        return found

    def _has(self, shape: str) -> bool:
        """Whether a shape stands anywhere."""
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


def both(some: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]) -> Pairs:
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


def merged(pairs: Iterable[tuple[int, int]], apart: int = 0) -> Pairs:
    """Pairs of a first and a last in order; those no farther `apart` than that are one."""
    found: Pairs = []
    for first, last in sorted(pairs):
        if found and first <= found[-1][1] + apart:
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
    >>> of(r"[A-Z]{2}\d{6}").branches[0].shape
    '[A-Z][A-Z]\\d\\d\\d\\d\\d\\d'
    """
    from leakguard import symbols
    from leakguard.patterns import parse

    parsed = parse(source)
    found: list[Branch] = []
    for told in symbols.needed(source):
        sets = _known_sets(told.sets, lines=told.lines, digits=told.digits)
        run = 0 if sets else _run(told.sets)
        shape = "" if _are_rare(sets) else "|".join(told.shapes())
        led = _led(sets, share_of_piece)
        found.append(Branch(*led, told.width, told.digits, run, shape, told.written))
    known = Needs(tuple(found))
    plain = plainly(parsed)
    if known.keys or not plain.keys:
        return known
    # What cannot be told alternative by alternative may be told of all.
    (branch,) = plain.branches
    shape = "" if _are_rare(branch.sets) else "|".join(symbols.shapes(source))
    return Needs((branch._replace(shape=shape),))


def _are_rare(sets: tuple[Keys, ...]) -> bool:
    """Whether the keys of the first set are so rare that no shape is wanted beside them."""
    from leakguard import symbols

    return bool(sets) and sum(map(symbols.share_of_key, sets[0])) < _OFTEN


def of_pattern(pattern: Pattern) -> Needs:
    """What is known of a pattern's needs: derived already, or told by its parser."""
    return pattern.needs or plainly(pattern)


@lru_cache(maxsize=4096)
def plainly(pattern: Pattern) -> Needs:
    """The same as far as the pattern's parser knows: that takes no time."""
    keys = tuple((key, False, False) for key in literals(pattern))
    led = _led((keys,) if keys else (), _share_roughly)
    return Needs((Branch(*led, pattern.width, pattern.digits),))


def _led(
    sets: tuple[Keys, ...], share: Callable[[str], float]
) -> tuple[tuple[int, ...], tuple[Keys, ...], tuple[tuple[int, ...], ...]]:
    """What leads to an alternative with these sets, the sets in that order, and their pieces."""
    told = [[pieces.of(key, share) for key, _, _ in keys] for keys in sets]
    rare = [tuple(rarest for rarest, _ in row) for row in told]
    leading = [at for at, row in enumerate(rare) if ANY not in row]
    if not leading:
        return (ANY,), sets, tuple(rare)
    first = min(leading, key=lambda at: sum(share(pieces.written(one)) for one in rare[at]))
    others = tuple(other for _, other in told[first])  # what has led there is there

    def ahead(row: Sequence[T], one: T) -> tuple[T, ...]:
        return (one, *row[:first], *row[first + 1 :])

    return rare[first], ahead(sets, sets[first]), ahead(rare, others)


def _share_roughly(piece: str) -> float:
    """How common the letters of a piece are."""
    return sum(_COMMON.find(character) for character in piece)


def literals(pattern: Pattern) -> tuple[str, ...]:
    """Keys that the pattern's parser knows of: one stands in every match; or none."""
    keys = []
    for literal in pattern.literals:
        # Wraps swallow indentation and marks: where there may be one only letters are sure to stay.
        sure = str.isalpha if pattern.lines else str.isascii
        parts = "".join(c if c.isascii() and sure(c) else "\0" for c in folded(literal)).split("\0")
        keys.append(max(parts, key=len))
    return tuple(dict.fromkeys(keys)) if all(len(key) > 1 for key in keys) else ()


def share_of(needs: Needs) -> float:
    """How often one of the keys to look for stands at a character, roughly."""
    from leakguard import symbols

    return sum(symbols.share_of_key(key) for one in needs.branches for key in one.sets[0])


@lru_cache(maxsize=65536)
def share_of_piece(piece: str) -> float:
    """How often a piece of a key stands at a character, roughly."""
    from leakguard import symbols

    return symbols.share_of_key((piece, False, False))


def _run(sets: Iterable[Iterable[tuple[str, ...]]]) -> int:
    """How many letters and digits every match of an alternative has in a row."""
    longest = max((min(map(_row_of, words)) for words in sets), default=0)
    return longest if longest >= _LONG else 0


def _row_of(word: tuple[str, ...]) -> int:
    longest = count = 0
    for symbol in word:
        plain = symbol[:1] not in ("", "\0") and symbol.isascii() and symbol.isalnum()
        count = count + 1 if plain else 0
        longest = max(longest, count)
    return longest


def _known_sets(
    sets: Iterable[Iterable[tuple[str, ...]]], *, lines: bool, digits: int
) -> tuple[Keys, ...]:
    from leakguard import symbols

    found: dict[frozenset[str], tuple[float, Keys]] = {}
    for words in sets:
        options = _options(words, lines=lines)
        for pick in (_rarest, _first, _last) if options else ():
            keys = _without_longer(set(map(pick, options)))
            if digits and any(not key.strip("0") and len(key) <= _PLAIN for key, _, _ in keys):
                continue  # where digits stand together tells as much
            cost = sum(map(symbols.share_of_key, keys)) + _EACH_KEY * len(keys)
            found.setdefault(frozenset(key for key, _, _ in keys), (cost, keys))
    best = [keys for _, keys in sorted(found.values())[:_SETS]]
    return tuple(keys for keys in best if len(keys) <= _MANY or keys is best[0])


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
