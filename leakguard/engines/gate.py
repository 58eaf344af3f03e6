r"""Where in a text terms may stand, told from its UTF-8 alone, for much text.

A term is looked for by its letters and digits with all between them left out, in a text that has
been treated the same way: so joiners, wraps, emphasis and letters written apart make no
difference. What puts letters or digits of its own between those of a term is blanked first, which
keeps offsets as they are: tags, addresses of links, entities, numbers of lists. What spells
letters in another way is spelt out in pieces that are searched too: escapes, base64, hexadecimal.
Digits and signs that stand for letters are letters here.

So every occurrence in every view is nominated, and a little more; who asks confirms. Needs
Hyperscan.
"""

from __future__ import annotations

import re
import sys
from binascii import a2b_base64, a2b_hex
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from html import unescape
from itertools import accumulate
from typing import Final, Generic, NamedTuple, TypeVar

from leakguard import derived, views
from leakguard.engines.hyper import Database
from leakguard.model import Entry
from leakguard.terms import SHORT, is_plain, spellings_of

K = TypeVar("K")
_LETTERS: Final = b"abcdefghijklmnopqrstuvwxyz"
_DIGITS = b"0123456789"
_SIGNS = derived.SIGNS.encode()
_BLANK = b"\x80"  # nothing of a text that is UTF-8 begins with it, and it is left out
_SILENT = b"\x81"  # likewise: a "!" that is no letter
_BETWEEN = b"\1"  # stands between pieces and is not left out
_NEXT = b"\n\n\1\n\n"  # between texts: nothing that is taken off, and no code, goes over it
_LONG = 6  # letters and digits of a term that are rare enough wherever words end
_ENDS = 7  # letters of a literal that are looked for
_FEW = 25_000  # literals of a database
_GAP = rb"[ \t\r\n./\-]*"
_REACH = 480  # how much round an escape is spelt out: a view's sight and a soft wrap
_ASCII: Final = bytes(range(128))


def _table() -> bytes:
    made = bytearray(range(256))
    for letter in _LETTERS:
        made[letter - 32] = letter
    for sign, letter in zip(_SIGNS, derived.LETTERS_OF_SIGNS.encode(), strict=True):
        made[sign] = letter
    made[ord("l")] = made[ord("L")] = ord("i")  # 1 and ! may be either
    return bytes(made)


# Squeezing: one case, signs as letters, all else left out.
_SQUEEZED = _table()
_KEPT = frozenset(_LETTERS + _LETTERS.upper() + _DIGITS + _SIGNS + _BETWEEN)
_DROPPED = bytes(byte for byte in range(256) if byte not in _KEPT)
# Loosening: only what may stand within a word is left out.
_LOOSE = frozenset(_LETTERS + _LETTERS.upper() + _DIGITS + b" \t\r\n./-" + _BETWEEN)
_MARKS = bytes(byte for byte in range(256) if byte not in _LOOSE)


class Place(NamedTuple):
    """A stretch of a text, in bytes, in which some of the terms may stand: their numbers.

    `spelt`: in another way than with its letters, or it is not known how.
    """

    start: int
    stop: int
    terms: tuple[int, ...]
    spelt: bool = True


class _Key(NamedTuple):
    """The terms that are looked for by one key, and whether they stand within words too.

    `size` is how long the key is where it is met; 0 where that differs.
    """

    terms: list[int]
    anywhere: bool
    size: int


class _Sought(NamedTuple):
    """Keys, how they are found, and how a text is made ready for that."""

    keys: Sequence[_Key]
    find: Callable[[bytes], list[tuple[int, int]]]
    table: bytes | None
    dropped: bytes

    def stretches(self, text: bytes) -> Iterator[tuple[_Key, int, int]]:
        """The keys that stand in a text, and where each begins and ends.

        Of one whose size is not known only the last letter is told.
        """
        searched = text.translate(self.table, self.dropped)
        met = self.find(searched)
        if not met:
            return
        sizes = [self.keys[key].size or 1 for key, _ in met]
        edges = {end - size for size, (_, end) in zip(sizes, met, strict=True)}
        edges |= {end - 1 for _, end in met}
        wanted = sorted(edges)
        home = dict(zip(wanted, _homes(wanted, text, searched, self.dropped), strict=True))
        for size, (key, end) in zip(sizes, met, strict=True):
            yield self.keys[key], home[end - size], home[end - 1] + 1


class Gate:
    """Finds places of terms in any of their disguises. Thread-safe.

    `shelf` is the folder of the cache, "" for none: what is the same for all terms is kept there.
    """

    def __init__(self, entries: Sequence[Entry], shelf: str = "") -> None:
        long, short = _Terms[bytes](), _Terms[tuple[bytes, bool]]()
        always: dict[int, None] = {}  # terms that have next to nothing to go by
        beyond: dict[int, None] = {}  # terms with letters beyond ASCII
        for number, words, key in _keys_of(entries):
            entry, letters = entries[number], len(words) - words.count(" ")
            if not words.isascii():
                beyond[number] = None
            elif len(key) >= _LONG and (" " in words or letters >= derived.LEET_LETTERS):
                long.add(key, number, entry, len(key))
            elif len(key) < 2 or letters >= derived.LEET_LETTERS:
                always[number] = None
            else:
                for expression, size in _short(entry, words.split(" ")):
                    short.add(expression, number, entry, size)
        self._all = tuple(range(len(entries)))
        self._always, self._beyond = tuple(always), tuple(beyond)
        self._sought: list[_Sought] = []
        if long.of:
            find = _Literals(list(long.of)).scan
            self._sought.append(_Sought(long.keys(), find, _SQUEEZED, _DROPPED))
        if short.of:
            find = Database.compile(list(short.of)).scan
            self._sought.append(_Sought(short.keys(), find, None, _MARKS))
        marks = _MARKERS | (_MARKERS_OF_SHORT if short.of else {})
        marks |= _MARKERS_OF_BEYOND if beyond else {}
        self._kinds = tuple(marks)
        self._marks = Database.kept(shelf, [(shape.encode(), False) for shape in marks.values()])

    def places(self, texts: Sequence[bytes]) -> dict[int, list[Place]]:
        """Where in texts, all of them UTF-8, terms may stand: stretches of each, in order.

        By the number of the text. Nothing stands elsewhere, but the stretches are only about
        right. Many texts are told at once, and most hold none.
        """
        found: dict[int, list[Place]] = {}
        folded: dict[int, bytes] = {}
        for number, data in enumerate(texts):
            text = _folded(data) if _BETWEEN not in data else None
            if text is None:
                found[number] = [Place(0, len(data), self._all)]
                continue
            folded[number] = text
            known = list(self._wherever(data)) if self._always or self._beyond else []
            if known:
                found[number] = known
        if self._sought and folded:
            for number, place in self._told(texts, folded):
                found.setdefault(number, []).append(place)
        return {number: sorted(places) for number, places in found.items()}

    def _wherever(self, data: bytes) -> Iterator[Place]:
        """The terms of which it is not told where in a text they stand."""
        if self._always:
            yield Place(0, len(data), self._always)
        if self._beyond and _may_say_more(data, self._met(data)):
            yield Place(0, len(data), self._beyond)

    def _told(
        self, texts: Sequence[bytes], folded: Mapping[int, bytes]
    ) -> Iterator[tuple[int, Place]]:
        """Places of terms in those of some texts that were `folded`, and their numbers.

        None where a name would begin or end within a word.
        """
        numbers = list(folded)
        data = _NEXT.join([texts[number] for number in numbers])
        told = _Told(data, list(folded.values()), self._met(data))
        for sought in self._sought:
            for key, first, last in sought.stretches(told.text):
                spelt = last > told.as_written or not key.size
                if spelt or key.anywhere or _may_stand(told.text, first, last):
                    for index, start, stop in told.homes(first, last):
                        yield numbers[index], Place(start, stop, tuple(key.terms), spelt)

    def _met(self, data: bytes) -> Met:
        """Where the markers end that are in the text."""
        marks = self._marks.scan(data)
        if not marks:
            return {}
        met: Met = {kind: [] for kind in self._kinds}
        ends = list(met.values())
        for number, end in marks:
            ends[number].append(end)
        return met


class _Literals:
    """Literals, found by their last letters: a database of short ones is made in half the time.

    Of very many there are a few databases: the memory to make one grows faster than its size.
    """

    def __init__(self, literals: Sequence[bytes]) -> None:
        self._numbers = {literal: number for number, literal in enumerate(literals)}
        by_end: dict[bytes, tuple[int, ...]] = {}
        for literal in literals:
            end, size = literal[-_ENDS:], len(literal)
            known = by_end.get(end, ())
            if size not in known:
                by_end[end] = (*known, size)
        self._lengths = list(by_end.values())  # of those that end alike
        ends = list(by_end)
        starts = range(0, len(ends), _FEW)
        self._parts = [(Database.of_literals(ends[at : at + _FEW]), at) for at in starts]

    def scan(self, data: bytes) -> list[tuple[int, int]]:
        """The number and the end of each that stands there."""
        number_of = self._numbers.get
        return [
            (number, end)
            for part, at in self._parts
            for n, end in part.scan(data)
            for length in self._lengths[at + n]
            if (number := number_of(data[max(0, end - length) : end])) is not None
        ]


def squeezed(words: Iterable[str]) -> bytes:
    """A folded term as it is looked for.

    >>> squeezed(("blue", "heron2"))
    b'biueheron2'
    """
    return "".join(words).encode().translate(_SQUEEZED, _DROPPED)


class _Terms(Generic[K]):
    """Terms by the keys that they are looked for by: quickly gathered, for there are many."""

    def __init__(self) -> None:
        self.of: dict[K, list[int]] = {}
        self._sizes: list[int] = []
        self._anywhere = set[K]()

    def add(self, key: K, number: int, entry: Entry, size: int) -> None:
        """Look for a term by a key, which is so long where it is met, or 0 where that differs."""
        known = self.of.get(key)
        if known is None:
            self.of[key] = [number]
            self._sizes.append(size)
        else:
            known.append(number)
        if entry.mode == "substring":
            self._anywhere.add(key)

    def keys(self) -> list[_Key]:
        """The keys in order, with what is known of each."""
        anywhere = self._anywhere
        of_each = zip(self.of.items(), self._sizes, strict=True)
        return [_Key(numbers, key in anywhere, size) for (key, numbers), size in of_each]


def _keys_of(entries: Sequence[Entry]) -> Iterator[tuple[int, str, bytes]]:
    """The number of each term, its folded words and what it is looked for by, for each spelling.

    Terms of plain words are squeezed all together.
    """
    plain = [number for number, entry in enumerate(entries) if is_plain(entry.term)]
    if plain:
        together = "\n".join([entries[number].term for number in plain]).lower()
        written = together.encode().translate(_SQUEEZED, _DROPPED.replace(b"\n", b""))
        yield from zip(plain, together.split("\n"), written.split(b"\n"), strict=True)
    for number in sorted(set(range(len(entries))).difference(plain)):
        for spelling in spellings_of(entries[number]):
            yield number, " ".join(spelling), squeezed(spelling)


def _short(entry: Entry, words: Sequence[str]) -> Iterator[tuple[tuple[bytes, bool], int]]:
    """Expressions for a loosened text, with whether they are met in any case; their size."""
    kept = [word.encode().translate(None, _MARKS) for word in words]
    size = len(kept[0]) if len(kept) == 1 else 0
    written = views.plain(entry.term.strip()).text
    if len(words) == 1 and len(words[0]) <= SHORT and written.isascii():
        for one in {written, written.upper()}:
            letters = one.encode().translate(None, _MARKS)
            yield (re.escape(letters), False), len(letters)
    else:
        yield (_GAP.join(re.escape(word) for word in kept), True), size


def _may_stand(text: bytes, start: int, stop: int) -> bool:
    """Whether a name may begin and end there in a text: not between two small letters of it."""
    if text[start : start + 1].islower() and text[start - 1 : start].islower():
        return False
    if not text[stop - 1 : stop].islower():
        return True
    if text[stop : stop + 1] == b"s":
        stop += 1
    return not text[stop : stop + 1].islower()


def _may_say_more(data: bytes, met: Met) -> bool:
    """Whether there may be letters beyond ASCII, or a code that stands for one."""
    return (
        not data.isascii()
        or any(sign in data for sign in (b"&", b"\\", b"%", b"="))
        or any(met.get(kind) for kind in ("escape", "hex", "bytes"))
        or any(True for _ in _tokens(data, met.get("beyond", ()), _BEYOND))
    )


def _folded(data: bytes, *, in_place: bool = True) -> bytes | None:
    """Letters beyond ASCII as those that they are taken for.

    With `in_place` every offset is where it was; None when a character stands for more letters
    than it has bytes. Before them is a blank: whether they are capitals is not told.
    """
    if data.isascii():
        return data
    for character in set(data.translate(None, _ASCII).decode("utf-8", "ignore")):
        letters = letters_of(character)
        if letters:
            written = character.encode()
            if len(letters) > len(written) and in_place:
                return None
            data = data.replace(written, letters.rjust(len(written), _BLANK))
    return data


@lru_cache(maxsize=65536)
def letters_of(character: str) -> bytes:
    """The letters and digits of ASCII that a character is taken for, small.

    >>> letters_of("\u00e9"), letters_of("\u2122"), letters_of("\u4e2d")
    (b'e', b'tm', b'')
    """
    folded = "".join(map(views.fold_character, views.plain(character).text))
    return bytes(ord(c) for c in folded if c.isascii() and c.isalnum())


_STEP = 512


def _homes(wanted: Iterable[int], text: bytes, searched: bytes, dropped: bytes) -> list[int]:
    """Where in `text` the bytes stand that are number `wanted`, in order, of those left.

    Those are `searched`. What stands between texts is in both, and leads to the right one.
    """
    homes = []
    at = passed = 0
    for number in wanted:
        gaps = searched.count(_BETWEEN, passed, number)
        if gaps:
            passed = searched.rindex(_BETWEEN, passed, number) + 1
            for _ in range(gaps):
                at = text.index(_BETWEEN, at) + 1
        while True:
            block = len(text[at : at + _STEP].translate(None, dropped))
            if passed + block > number:
                break
            at += _STEP
            passed += block
        low, high = at, at + _STEP
        while high - low > 1:
            middle = (low + high) // 2
            if passed + len(text[at:middle].translate(None, dropped)) > number:
                high = middle
            else:
                low = middle
        homes.append(low)
    return homes


# ── what is between, and what is spelt in another way ────────────────────────────────────────────

_TAG = derived.TAGS + "|br"
_X, _MORE = "[0-9A-Fa-f]", "[89ABab][0-9A-Fa-f]"
_SAID = f"(?:[2-7]{_X}|0[9a-dA-D])"
_LEAD = f"[C-Fc-f]{_X}{_MORE}"
_VISIBLE = f"[2-9a-fA-F]{_X}"
_WORD = r"[0-9A-Za-z\x80-\xff]"
_APART = r"(?:[ \t._/\-]{1,2}|&nbsp;| - |\xc2[\xa0\xb7]|\xe2\x80[\x80-\xaf]|\xe3\x80\x80)"

# What may put letters or digits between those of a term, and what spells them in another way.
# Each is found by how it begins, and then looked at from there.
_MARKERS: Final = {
    "command": r"\\[A-Za-z]{2,12}\{",
    "literals": r"[\"'`][ \t]{0,3}[+.&~\n\r\\][^\"'`\w]{0,70}[bfruBFRU]{0,2}[\"'`]",
    "number": r"[\r\n][ \t]{0,100}\d{1,3}[.)] ",
    "percent": r"%(?:2[0-57-9A-Fa-f]|3[A-Fa-f]|[46]0|[57][B-Fb-f])",
    "escape": r"%(?:26|3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa]|[89A-Fa-f][0-9A-Fa-f]|u[0-9A-Fa-f])"
    r"|[xX][nN]--|\\(?:s|N\{|[xuU][0-9A-Fa-f{]|[0-3][0-7]{2}|[nrt][0-9A-Za-z\x80-\xff])|=[2-9A-F][0-9A-F]",
    "base64": derived.SAYS_LETTERS,
    # Look-around is what an expression here has not. Tokens of two groups are told by "base64".
    "alone": rf"(?:^|[^A-Za-z0-9+/=_-]){derived.GROUP}[A-Za-z0-9+/_-]{{3}}="
    rf"|(?:^|[^0-9A-Za-z]){derived.LETTER}{{5}}",
    # Eight characters in a row: all of ASCII (what ends a line is), or one beyond it behind five,
    # before three or near the next.
    "hex": rf"{_SAID}{{8}}|{_SAID}{{5}}{_LEAD}"
    rf"|{_LEAD}(?:{_MORE}){{0,2}}(?:{_SAID}{{3}}|{_SAID}{{0,2}}{_LEAD})",
    "bytes": rf"0[xX]{_VISIBLE}, ?0[xX]{_VISIBLE}, ?0[xX]{_VISIBLE}"
    rf"|[ :]{_VISIBLE}[ :]{_VISIBLE}[ :]{_VISIBLE}[ :]"
    rf"|[ :]{_VISIBLE}{_VISIBLE}[ :]{_VISIBLE}{_VISIBLE}",
}
_MARKERS_OF_BEYOND: Final = {
    "beyond": r"(?:^|[^A-Za-z0-9+/=_-])[w-z0-9][I-LYZabo-r4-7][A-Za-z0-9+/_-]{4}"
    r"|(?:^|[^0-9A-Za-z])(?:[Cc][2-9A-Fa-f]|[DdEe][0-9A-Fa-f]|[Ff][0-4])[89ABab](?:[0-9A-Fa-f]){5}",
}
# Where words are not pulled together, signs between the letters of one matter too.
_MARKERS_OF_SHORT: Final = {
    "break": rf"{_WORD}(?:-|\xc2\xad|\xe2\x80\x90)[ \t]{{0,20}}[\r\n][ \t\r\n/!#*>;%\-]{{0,140}}"
    rf"{_WORD}|{_WORD}[ \t]{{0,60}}[\\=][\r\n]|{_WORD}\\-{_WORD}",
    "apart": rf"{_WORD}(?:{_APART}{_WORD}){{3}}",
}
# What may be taken off from between letters, address and all, and the rarest sign in each of them.
# One by one is faster than together.
_TAKEN_OFF = (
    (b"<", rf"</?(?:{_TAG})(?:\s[^<>\n]{{0,150}})?/?>"),
    (b"\x81", derived.PICTURE.replace("!", r"\x81")),
    (
        b"",
        r"\](?:\([^()\s]{0,150}(?: \"[^\"\n]{0,80}\")?\)|\[[^\[\]\n]{0,60}\])",
    ),
    (b"^", r"\[\^[^\[\]\s]{1,60}\]"),
    (b"\x81", derived.COMMENT.replace("!", r"\x81")),
    (b"\x1b", derived.COLOUR),
)
_SPLITS = tuple((sign, re.compile(f"({shape})".encode())) for sign, shape in _TAKEN_OFF)
_COMMAND = re.compile(_MARKERS["command"].encode())
_ENTITY = re.compile(rb"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_SEPARATOR = re.compile(rb"%[2-7][0-9A-Fa-f]")
_EXCLAIMED = re.compile(rb"!(?:(?=\[)|(?<=<!)(?=--)|(?<=//!))")  # where it is no letter
_BASE64 = re.compile(derived.BASE64_RUN.encode())
_LINE_SPACE = (b" ", b"\t", b"\r", b"\n")
_LINE_OF_BASE64 = 40  # digits of a line that the next one goes on from
_HEX = re.compile(derived.HEX_RUN.encode())
_HEX_DIGITS_ALONE = re.compile(rb"[0-9A-Fa-f]{16,}")
_HEX_DIGITS = b"0123456789ABCDEFabcdef"
_NO_HEX_DIGITS = bytes(set(range(256)) - set(_HEX_DIGITS))
_SIX = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
_NO_SIX = bytes(set(range(256)) - set(_SIX))
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_DIGITS_OR_BLANKS = _URL_SAFE.translate(bytes.maketrans(_NO_SIX, b" " * len(_NO_SIX)))
_TEXT = re.compile(rf"[^\x00-\x08\x0e-\x1f\x7f\ufffd]{{{derived.CODE_LETTERS}}}")
_CODE_DIGITS = 11  # of base64: eight bytes
_DIGITS_ALONE = 16  # of a token that is told from others by saying a name and nothing else
_OF_NAMES = _LETTERS + _LETTERS.upper() + _DIGITS + b" -_./" + bytes(range(128, 256))
_PADDING = (b"", b"", b"==", b"=")
_LINE_ENDS = (b"\r", b"\n")
_BREAKS = b" \t\r\n/!#*>;%-\\="
_QUOTES = (b'"', b"'", b"`")
_SIGHT = 4096
Met = Mapping[str, list[int]]


class _Taken:
    """What was taken off a text: pieces of it, and the ways home from them and from what is left.

    Of a piece the first byte is not told.
    """

    def __init__(self, parts: Sequence[bytes]) -> None:
        self.left = _BLANK.join(parts[0::2])
        self.pieces = [piece[1:] for piece in parts[1::2]]
        self._parts = parts
        self._edges: tuple[list[int], list[int], list[int]] | None = None

    @property
    def _known(self) -> tuple[list[int], list[int], list[int]]:
        """Where what is left, each piece and all parts begin; most texts need not know."""
        if self._edges is None:
            sizes = list(map(len, self._parts))
            left = accumulate([size + 1 for size in sizes[0::2]], initial=0)
            pieces = accumulate(sizes[1::2], initial=0)
            self._edges = list(left), list(pieces), list(accumulate(sizes, initial=0))
        return self._edges

    @property
    def size(self) -> int:
        """How long the pieces are, each with one byte behind it."""
        return self._known[1][-1]

    def home(self, at: int) -> int:
        """Where a byte of what is left was in the text."""
        left, _, edges = self._known
        part = bisect_right(left, at) - 1
        return edges[2 * part] + at - left[part]

    def home_of_piece(self, at: int) -> int:
        """Where a byte of the pieces was, each of which has one byte behind it."""
        _, pieces, edges = self._known
        piece = bisect_right(pieces, at) - 1
        return edges[2 * piece + 1] + 1 + at - pieces[piece]


class _Told:
    """What some texts say, all together, and which of them says it where.

    First each of them without what is taken off, then what was, by itself and without what is
    taken off it, then what they spell, parted by `_BETWEEN`. `data` are the texts joined, `folded`
    is each of them as `_folded` has it, `met` are the markers of all.
    """

    def __init__(self, data: bytes, folded: Sequence[bytes], met: Met) -> None:
        self._starts = [0, *accumulate([len(text) + len(_NEXT) for text in folded])]
        text = _blanked_out(_NEXT.join(folded), met)
        self._taken: list[_Taken] = []
        pieces: list[bytes] = []
        for sign, shape in _SPLITS:
            parts = shape.split(text) if not sign or sign in text else ()
            if len(parts) > 1:
                taken = _Taken(parts)
                self._taken.append(taken)
                text = taken.left
                pieces += taken.pieces
        said = [text]
        if pieces:
            off = within = _BETWEEN.join(pieces)
            for sign, shape in _SPLITS[1:]:  # tags are not taken off within tags
                if not sign or sign in within:
                    within = shape.sub(_blanked, within)
            said += [off, within] if within != off else [off]
        self._sizes = list(map(len, said))
        self._spelt = _spelt(data, met) if met else []
        spelt = _BETWEEN.join([said.replace(_BETWEEN, _BLANK) for said, _, _ in self._spelt])
        written = _BETWEEN.join(said)
        self.as_written = len(written)  # behind it is what they spell
        self.text = b"".join([written, _BETWEEN, _folded(spelt, in_place=False) or b""])

    def homes(self, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
        """Where what is told from `start` to `stop` comes from: the number of a text, and where.

        What is spelt in another way may come from several of them.
        """
        low, high = self._source(start, stop)
        starts = self._starts
        first = bisect_right(starts, low) - 1
        for number in range(max(first, 0), len(starts) - 1):
            begin, end = starts[number], starts[number + 1] - len(_NEXT)
            if begin >= high:
                break
            if low < end:
                yield number, max(low - begin, 0), min(high, end) - begin

    def _source(self, start: int, stop: int) -> tuple[int, int]:
        """The same in all texts joined."""
        if stop > self.as_written:
            _, low, high = self._spelt[self.text.count(_BETWEEN, self.as_written + 1, start)]
            return max(low, 0), high
        if start < self._sizes[0]:
            return self._home(start), self._home(stop - 1) + 1
        start, stop = start - self._sizes[0] - 1, stop - self._sizes[0] - 1
        if start > self._sizes[1]:
            start, stop = start - self._sizes[1] - 1, stop - self._sizes[1] - 1
        return self._home_of_piece(start), self._home_of_piece(stop - 1) + 1

    def _home(self, at: int, stages: int | None = None) -> int:
        """Where a byte was before so many times something was taken off, None for all."""
        for taken in reversed(self._taken[:stages]):
            at = taken.home(at)
        return at

    def _home_of_piece(self, at: int) -> int:
        """Where a byte of what was taken off was."""
        for stage, taken in enumerate(self._taken):
            if at < taken.size:
                return self._home(taken.home_of_piece(at), stage)
            at -= taken.size
        raise AssertionError("behind all that was taken off")


def _spelt(data: bytes, met: Met) -> list[tuple[bytes, int, int]]:
    """What stretches of a text spell in another way, and where they are."""
    if not met:
        return []
    return [*_commands(data, met), *_escapes(data, met), *_codes(data, met), *_apart(data, met)]


def _blanked_out(data: bytes, met: Met) -> bytes:
    """The text, of its length, with entities replaced and what is no letter between some blank."""
    if b"&" in data:
        data = _ENTITY.sub(_entity, data)
    if b"!" in data:
        data = _EXCLAIMED.sub(_SILENT, data)
    return _replaced(data, met) if met else data


def _apart(data: bytes, met: Met) -> Iterator[tuple[bytes, int, int]]:
    """The letters of words that are written apart."""
    for end in met.get("apart", ()):
        low = max(0, end - 24)
        stretch = data[low : end + 300].replace(b"&nbsp;", b"")
        yield stretch.translate(None, _NO_SIX), low, end + 300


def _replaced(data: bytes, met: Met) -> bytes:
    """The data with blanks for what else may stand between letters."""
    text = bytearray(data)
    for start, stop in _between(data, met):
        text[start:stop] = _BLANK * (stop - start)
    return bytes(text)


def _between(data: bytes, met: Met) -> Iterator[tuple[int, int]]:
    for end in met["number"]:
        start = max(data.rfind(b"\n", 0, end), data.rfind(b"\r", max(0, end - 110), end))
        yield start + 1, end
    for end in met["literals"]:
        yield max(data.rfind(quote, max(0, end - 90), end - 1) for quote in _QUOTES), end
    for end in met.get("break", ()):
        stop = end - 1 if data[end - 1 : end] not in (b"\r", b"\n") else end
        low = max(0, stop - 260)
        start = low + len(data[low:stop].rstrip(_BREAKS))
        after = data[stop : stop + 64]
        yield start, stop + len(after) - len(after.lstrip(b" \t\r\n"))


def _blanked(found: re.Match[bytes]) -> bytes:
    return _BLANK * (found.end() - found.start())


def _entity(found: re.Match[bytes]) -> bytes:
    return _said(found[0])


@lru_cache(maxsize=4096)
def _said(entity: bytes) -> bytes:
    """What an entity says, in letters and digits of ASCII behind a blank, and as long as it is."""
    written = entity.decode()
    said = unescape(written)
    if said == written:
        return entity
    return b"".join([_BLANK, *map(letters_of, said)]).ljust(len(entity), _BLANK)


def _commands(data: bytes, met: Met) -> Iterator[tuple[bytes, int, int]]:
    """The text round commands without them; as they are they may join words, as `\\` does."""
    for low, high, _ in _stretches((end, True) for end in met["command"]):
        text = _blanked_out(data[low:high], {})
        for shape in (*(shape for _, shape in _SPLITS), _COMMAND):
            text = shape.sub(_BLANK, text)
        yield text, low, high


def _stretches(marks: Iterable[tuple[int, bool]]) -> Iterator[tuple[int, int, bool]]:
    """What is seen from marks, in order, and whether one of them is telling; together if near."""
    near: list[tuple[int, bool]] = []
    for mark in (*marks, (sys.maxsize, False)):
        if near and mark[0] - near[-1][0] >= _REACH:
            yield max(0, near[0][0] - _REACH), near[-1][0] + _REACH, any(t for _, t in near)
            near = []
        near.append(mark)


def _escapes(data: bytes, met: Met) -> Iterator[tuple[bytes, int, int]]:
    """The text round escapes, with what they stand for."""
    marks = sorted(
        [(end, False) for end in met["percent"]] + [(end, True) for end in met["escape"]]
    )
    for low, high, spells in _stretches(marks):
        if spells:
            said = derived.decoded_text(data[low:high].decode("utf-8", "ignore"))
            yield said.encode("utf-8", "surrogatepass"), low, high
        else:
            yield _SEPARATOR.sub(_blanked, data[low:high]), low, high


def _codes(data: bytes, met: Met) -> Iterator[tuple[bytes, int, int]]:
    """What runs of base64 and hexadecimal say."""
    for run, said in _from_base64(data, met["base64"]):
        letters = said.translate(None, _DROPPED)
        if len(letters) >= derived.CODE_LETTERS:
            yield letters, *run
    for run, said in _from_hex(data, met):
        letters = _letters_in(said)
        if len(letters) >= derived.CODE_LETTERS:
            yield letters, *run
    starts = [end for end in met["base64"] if end < 9 or data[end - 9] not in _OF_BASE64]
    names = [end for end in starts if _may_be_name(data[end - 8 : end + 9])]
    yield from _tokens(data, [*met["alone"], *names], _ALONE)


_ALONE = ("base64-alone", "hex-alone")
_OF_BASE64 = frozenset(_SIX + b"=")
_BEYOND = ("base64-beyond", "hex-beyond")
_TOKEN = 96


def _letters_in(said: bytes) -> bytes:
    """What is left of bytes when they are squeezed; nothing of those that say no text."""
    if said.isascii():
        return said.translate(None, _DROPPED)
    if not _TEXT.search(said.decode("utf-8", "replace")):
        return b""
    return (_folded(said, in_place=False) or b"").translate(None, _DROPPED)


def _may_be_name(text: bytes) -> bool:
    """Whether a token of base64 that begins a text may say a name and nothing else."""
    digits = text.translate(_DIGITS_OR_BLANKS).partition(b" ")[0]
    if len(digits) > _DIGITS_ALONE or len(digits) % 4 == 1:
        return False
    return not a2b_base64(digits + _PADDING[len(digits) % 4]).translate(None, _OF_NAMES)


def _tokens(
    data: bytes, ends: Iterable[int], views: Iterable[str]
) -> Iterator[tuple[bytes, int, int]]:
    """What tokens near marks say that say a name and nothing else."""
    for end in ends:
        low, high = max(0, end - 16), end + _TOKEN
        text = data[low:high].decode("latin-1")
        for name in views:
            view = derived.MAKERS[name].view(text)
            if view:
                yield view.text.encode(), low, high


def _from_base64(data: bytes, ends: Iterable[int]) -> Iterator[tuple[tuple[int, int], bytes]]:
    """Each run read from the digits that a marker shows to begin a byte."""
    past, digits, read, start = 0, b"", set[int](), 0
    lines = False
    for end in ends:
        if end > past:
            token = _base64_token(data, end)
            lines = False
            if token is None:
                found = _base64_run(data, end)
                if found is None:
                    continue
                start, past = found
                digits = data[start:past].translate(_URL_SAFE, _NO_SIX)
                lines = len(digits) != past - start
            else:
                start, digits = token
                past = start + len(digits)
                if len(digits) < _CODE_DIGITS:
                    continue
            read.clear()
        phase = (len(data[start:end].translate(None, _NO_SIX)) if lines else end - start) % 4
        if phase not in read:
            read.add(phase)
            size = len(digits) - phase
            stop = len(digits) - 1 if size % 4 == 1 else len(digits)  # six bits make no byte
            yield (start, past), a2b_base64(digits[phase:stop] + _PADDING[size % 4])


def _base64_token(data: bytes, end: int) -> tuple[int, bytes] | None:
    """Where a short run begins that has a digit before `end`, and its digits; None of others.

    A run may go on over lines, and from one before.
    """
    before, after = data[max(0, end - _TOKEN) : end], data[end : end + _TOKEN]
    own = before.translate(_DIGITS_OR_BLANKS).rpartition(b" ")[2]
    rest = after.translate(_DIGITS_OR_BLANKS).partition(b" ")[0]
    start, size = end - len(own), len(own) + len(rest)
    if len(own) == len(before) or len(rest) == _TOKEN:
        return None
    if size >= _LINE_OF_BASE64 and data[start + size : start + size + 1] in _LINE_ENDS:
        return None
    if data[start - 1 : start] in _LINE_SPACE:
        line = data[max(0, start - _TOKEN) : start].rstrip(b" \t")
        if line[-1:] in _LINE_ENDS:
            text = line.rstrip(b"\r\n")
            if not text or not text[-_LINE_OF_BASE64:].translate(None, _SIX):
                return None
    return start, own + rest


def _from_hex(data: bytes, met: Met) -> Iterator[tuple[tuple[int, int], bytes]]:
    """Each run read from its first digit and from its second."""
    for kind, run_at in (("hex", _hex_run), ("bytes", _bytes_run)):
        done = -1
        for end in met[kind]:
            run = run_at(data, end) if end > done else None
            if run:
                done = run[1]
                digits = data[slice(*run)].replace(b"0x", b"").replace(b"0X", b"")
                digits = digits.translate(None, _NO_HEX_DIGITS)
                for phase in (0, 1):
                    even = (len(digits) - phase) // 2 * 2
                    yield run, a2b_hex(digits[phase : phase + even])


def _base64_run(data: bytes, end: int) -> tuple[int, int] | None:
    """The run that has a digit before `end`, with the lines before that it goes on from."""
    start = _run_before(data, end)
    while data[start - 1 : start] in _LINE_SPACE:
        before = data[max(0, start - _SIGHT) : start]
        line = before.rstrip(b" \t")
        ended = line.rstrip(b"\r\n")
        digits = len(ended) - len(ended.rstrip(_SIX))
        if len(ended) == len(line) or digits < _LINE_OF_BASE64:
            break
        start -= len(before) - len(ended) + digits
    found = _BASE64.match(data, start)
    return found.span() if found and found.end() >= end else None


def _run_before(data: bytes, end: int) -> int:
    low = max(0, end - _TOKEN)
    while low and len(data[low:end].rstrip(_SIX)) == 0:
        low = max(0, low - _SIGHT)
    return low + len(data[low:end].rstrip(_SIX))


def _hex_run(data: bytes, end: int) -> tuple[int, int] | None:
    low = max(0, end - _SIGHT)
    start = low + len(data[low:end].rstrip(_HEX_DIGITS))
    found = _HEX_DIGITS_ALONE.match(data, start)
    return found.span() if found else None


def _bytes_run(data: bytes, end: int) -> tuple[int, int] | None:
    low = max(data.rfind(b"\n", max(0, end - 300), end) + 1, end - 300, 0)
    runs = (found.span() for found in _HEX.finditer(data, low, end + 64))
    start = next((start for start, stop in runs if stop >= end), None)
    found = None if start is None else _HEX.match(data, start)
    return found.span() if found else None
