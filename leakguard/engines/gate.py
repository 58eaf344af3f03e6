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
from binascii import a2b_base64, a2b_hex
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from html import unescape
from typing import Final, NamedTuple

from leakguard import derived, views
from leakguard.engines.hyper import Database
from leakguard.terms import Term

_LETTERS: Final = b"abcdefghijklmnopqrstuvwxyz"
_DIGITS = b"0123456789"
_SIGNS = derived.SIGNS.encode()
_BLANK = b"\x80"  # nothing of a text that is UTF-8 begins with it, and it is left out
_BETWEEN = b"\1"  # stands between pieces and is not left out
_LONG = 6  # letters and digits of a term that are rare enough wherever words end
_LONG_WORD = 8  # and of a single word: shorter ones are met in the seams of others
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


class _Piece(NamedTuple):
    """A part of what is searched, and where in the text it comes from.

    Of one that is `spelt` it is not known which byte made which.
    """

    data: bytes
    start: int
    stop: int
    spelt: bool = False


class Gate:
    """Finds places of terms in any of their disguises. Thread-safe."""

    def __init__(self, terms: Iterable[Term]) -> None:
        long: dict[bytes, bool] = {}
        short: dict[tuple[bytes, bool], None] = {}
        self._always = False  # a term has next to nothing to go by
        self._beyond = False  # a term has letters beyond ASCII
        for term in terms:
            for words in term.spellings:
                key, letters = squeezed(words), sum(map(len, words))
                if not all(map(str.isascii, words)):
                    self._beyond = True
                elif len(key) >= _LONG and (len(words) > 1 or letters >= derived.LEET_LETTERS):
                    long[key] = long.get(key, False) or term.mode == "substring"
                elif len(key) < 2 or letters >= derived.LEET_LETTERS:
                    self._always = True
                else:
                    short.update(dict.fromkeys(_short(term, words)))
        self._anywhere = list(long.values())
        self._lengths = [len(key) for key in long]
        self._long = Database.of_literals(list(long)) if long else None
        self._short = Database.compile(list(short)) if short else None
        marks = _MARKERS | (_MARKERS_OF_SHORT if short else {})
        self._kinds = tuple(marks)
        self._marks = Database.compile([(shape.encode(), False) for shape in marks.values()])

    def places(self, data: bytes) -> list[tuple[int, int]]:
        """Where terms may stand, in order: stretches of `data`, which is UTF-8.

        Nothing stands elsewhere, but the stretches are only about right.
        """
        everywhere = [(0, len(data))] if data else []
        if self._always or (self._beyond and _may_say_more(data)):
            return everywhere
        pieces = self._pieces(data)
        if pieces is None:
            return everywhere
        text = _BETWEEN.join(piece.data for piece in pieces)
        found: list[tuple[int, int]] = []
        if self._long:
            met = self._long.scan(text.translate(_SQUEEZED, _DROPPED))
            if met:
                found += self._long_places(met, text, pieces, data)
        if self._short:
            met = self._short.scan(text.translate(None, _MARKS))
            if met:
                lasts = sorted({end - 1 for _, end in met})
                ends = [(at, at + 1) for at in _homes(lasts, text, _MARKS)]
                found += (place for place, _ in _at_home(ends, pieces))
        return sorted(set(found)) if found else []

    def _pieces(self, data: bytes) -> list[_Piece] | None:
        """What is searched; None where that cannot be told."""
        if b"&" in data:
            for entity in _ENTITIES:
                data = data.replace(entity, _BLANK * len(entity))
        if b"!" in data:
            for mark in _EXCLAIMED:
                data = data.replace(mark, mark.replace(b"!", _BLANK))
        marks = self._marks.scan(data)
        if marks:
            met: dict[str, list[int]] = {}
            for number, end in marks:
                met.setdefault(self._kinds[number], []).append(end)
            pieces = _pieces(data, met)
        else:
            pieces = [_Piece(data, 0, len(data))]
        for index, piece in enumerate(pieces):
            if not piece.data.isascii():
                folded = _folded(piece.data)
                if folded is None:
                    return None
                pieces[index] = piece._replace(data=folded)
        return pieces

    def _long_places(
        self, met: list[tuple[int, int]], text: bytes, pieces: Sequence[_Piece], data: bytes
    ) -> Iterator[tuple[int, int]]:
        edges = sorted({at for key, end in met for at in (end - self._lengths[key], end - 1)})
        home = dict(zip(edges, _homes(edges, text, _DROPPED), strict=True))
        stretches = ((home[end - self._lengths[key]], home[end - 1] + 1) for key, end in met)
        for (key, _), (place, spelt) in zip(met, _at_home(stretches, pieces), strict=True):
            if spelt or self._anywhere[key] or _may_stand(data, *place):
                yield place


def _at_home(
    found: Iterable[tuple[int, int]], pieces: Sequence[_Piece]
) -> Iterator[tuple[tuple[int, int], bool]]:
    """What was found in the joined pieces, as stretches of the text; and whether in a spelt one."""
    starts, at = [], 0
    for piece in pieces:
        starts.append(at)
        at += len(piece.data) + len(_BETWEEN)
    for start, stop in found:
        index = bisect_right(starts, start) - 1
        piece = pieces[index]
        shift = piece.start - starts[index]
        place = (piece.start, piece.stop) if piece.spelt else (start + shift, stop + shift)
        yield place, piece.spelt


def squeezed(words: Iterable[str]) -> bytes:
    """A folded term as it is looked for.

    >>> squeezed(("blue", "heron2"))
    b'biueheron2'
    """
    return "".join(words).encode().translate(_SQUEEZED, _DROPPED)


def _short(term: Term, words: tuple[str, ...]) -> Iterator[tuple[bytes, bool]]:
    """Expressions for a loosened text, with whether they are met in any case."""
    kept = [word.encode().translate(None, _MARKS) for word in words]
    if len(words) == 1 and len(words[0]) <= 4 and term.written.isascii():
        for written in {term.written, term.written.upper()}:
            yield re.escape(written.encode().translate(None, _MARKS)), False
    else:
        yield _GAP.join(re.escape(word) for word in kept), True


def _may_stand(text: bytes, start: int, stop: int) -> bool:
    """Whether a name may begin and end there in a text: not between two small letters of it."""
    if text[start : start + 1].islower() and text[start - 1 : start].islower():
        return False
    if not text[stop - 1 : stop].islower():
        return True
    if text[stop : stop + 1] == b"s":
        stop += 1
    return not text[stop : stop + 1].islower()


def _may_say_more(data: bytes) -> bool:
    """Whether there may be letters beyond ASCII, or an escape that stands for one."""
    return not data.isascii() or any(sign in data for sign in (b"&", b"\\", b"%", b"="))


def _folded(data: bytes) -> bytes | None:
    """Letters beyond ASCII as those that they are taken for, every offset where it was.

    None when a character stands for more letters than it has bytes.
    """
    for character in set(data.translate(None, _ASCII).decode("utf-8", "ignore")):
        letters = letters_of(character)
        if letters:
            written = character.encode()
            if len(letters) > len(written):
                return None
            data = data.replace(written, letters.ljust(len(written), _BLANK))
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


def _homes(wanted: list[int], text: bytes, dropped: bytes) -> list[int]:
    """Where in `text` the bytes stand that are number `wanted`, in order, of those left."""
    homes = []
    at = passed = 0
    for number in wanted:
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
_VISIBLE = "[2-9a-fA-F][0-9A-Fa-f]"
_WORD = r"[0-9A-Za-z\x80-\xff]"
_APART = r"(?:[ \t._/\-]{1,2}|&nbsp;| - |\xc2[\xa0\xb7]|\xe2\x80[\x80-\xaf]|\xe3\x80\x80)"

# What may put letters or digits between those of a term, and what spells them in another way.
# Each is found by how it begins, and then looked at from there.
_MARKERS: Final = {
    "tag": rf"</?(?:{_TAG})[\s/>]",
    "address": r"\][(\[]",
    "note": r"\[\^",
    "command": r"\\[A-Za-z]{2,12}\{",
    "literals": r"[\"'`][ \t]{0,3}[+.&~\n\r\\][^\"'`\w]{0,70}[bfruBFRU]{0,2}[\"'`]",
    "number": r"[\r\n][ \t]{0,100}\d{1,3}[.)] ",
    "entity": r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});",
    "percent": r"%(?:2[0-57-9A-Fa-f]|3[A-Fa-f]|[46]0|[57][B-Fb-f])",
    "escape": r"%(?:26|3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa]|[89A-Fa-f][0-9A-Fa-f])"
    r"|\\(?:[xuU][0-9A-Fa-f{]|[0-3][0-7]{2}|[nrt][0-9A-Za-z\x80-\xff])|=[2-9A-F][0-9A-F]",
    "base64": derived.SAYS_LETTERS,
    "hex": r"(?:^|[^0-9A-Fa-f])[0-9A-Fa-f]{16}",
    "bytes": rf"0[xX]{_VISIBLE}, ?0[xX]{_VISIBLE}, ?0[xX]{_VISIBLE}"
    rf"|[ :]{_VISIBLE}[ :]{_VISIBLE}[ :]{_VISIBLE}[ :]"
    rf"|[ :]{_VISIBLE}{_VISIBLE}[ :]{_VISIBLE}{_VISIBLE}",
}
# Where words are not pulled together, signs between the letters of one matter too.
_MARKERS_OF_SHORT: Final = {
    "break": rf"{_WORD}(?:-|\xc2\xad|\xe2\x80\x90)[ \t]{{0,20}}[\r\n][ \t\r\n/!#*>;%\-]{{0,140}}"
    rf"{_WORD}|{_WORD}[ \t]{{0,60}}[\\=][\r\n]",
    "apart": rf"{_WORD}(?:{_APART}{_WORD}){{3}}",
}
_WHOLE: Final = {
    kind: re.compile(shape.encode())
    for kind, shape in {
        "tag": rf"</?(?:{_TAG})(?:\s[^<>\n]{{0,150}})?/?>",
        "address": r"\](?:\([^()\s]{0,150}(?: \"[^\"\n]{0,80}\")?\)|\[[^\[\]\n]{0,60}\])",
        "note": r"\[\^[^\[\]\s]{1,60}\]",
    }.items()
}
_WITHIN = re.compile(b"|".join(shape.pattern for shape in _WHOLE.values()))
_SEPARATOR = re.compile(rb"%[2-7][0-9A-Fa-f]")
# The commonest entities, and marks in which "!" is no letter: blanked without being looked for.
_ENTITIES = (b"&lt;", b"&gt;", b"&amp;", b"&quot;", b"&nbsp;", b"&#39;")
_EXCLAIMED = (b"<!--", b"![", b"//!")
_BASE64 = re.compile(derived.BASE64_RUN.encode())
_LINE_OF_BASE64 = 40  # digits of a line that the next one goes on from
_HEX = re.compile(derived.HEX_RUN.encode())
_HEX_DIGITS_ALONE = re.compile(rb"[0-9A-Fa-f]{16,}")
_HEX_DIGITS = b"0123456789ABCDEFabcdef"
_NO_HEX_DIGITS = bytes(set(range(256)) - set(_HEX_DIGITS))
_SIX = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
_NO_SIX = bytes(set(range(256)) - set(_SIX))
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_BREAKS = b" \t\r\n/!#*>;%-\\="
_SIGHT = 4096
Met = Mapping[str, Sequence[int]]


def _pieces(data: bytes, met: Met) -> list[_Piece]:
    """The text with what is between letters blanked, then what it says otherwise."""
    text = bytearray(data)
    for end in met.get("entity", ()):
        start = data.rfind(b"&", 0, end)
        text[start:end] = _entity(data[start:end])
    for end in met.get("number", ()):
        start = max(data.rfind(b"\n", 0, end), data.rfind(b"\r", max(0, end - 110), end))
        text[start + 1 : end] = _BLANK * (end - start - 1)
    for end in met.get("literals", ()):
        start = max(data.rfind(quote, max(0, end - 90), end - 1) for quote in (b'"', b"'", b"`"))
        text[start:end] = _BLANK * (end - start)
    for end in met.get("break", ()):
        stop = end - 1 if data[end - 1 : end] not in (b"\r", b"\n") else end
        low = max(0, stop - 260)
        start = low + len(data[low:stop].rstrip(_BREAKS))
        stop += len(data[stop : stop + 64]) - len(data[stop : stop + 64].lstrip(b" \t\r\n"))
        text[start:stop] = _BLANK * (stop - start)
    source = bytes(text)
    pieces = []
    done = 0
    for start, stop in sorted(_between(source, met)):
        if start < done:
            continue
        done = stop
        text[start:stop] = _BLANK * (stop - start)
        body = source[start:stop]
        pieces.append(_Piece(body, start, stop))
        if b"<" in body[1:] or b"]" in body[1:]:  # what is taken off within what is taken off
            pieces.append(_Piece(_WITHIN.sub(_blanked, body[1:]), start + 1, stop))
    pieces += _escapes(data, met)
    pieces += _codes(data, met)
    for end in met.get("apart", ()):
        low = max(0, end - 24)
        stretch = data[low : end + 300].replace(b"&nbsp;", b"")
        pieces.append(_Piece(stretch.translate(None, _NO_SIX), low, end + 300, spelt=True))
    return [_Piece(bytes(text), 0, len(data)), *pieces]


def _blanked(found: re.Match[bytes]) -> bytes:
    return _BLANK * (found.end() - found.start())


@lru_cache(maxsize=4096)
def _entity(written: bytes) -> bytes:
    """What an entity says, in letters and digits of ASCII, and as long as it is."""
    said = unescape(written.decode())
    if said == written.decode():
        return written
    return b"".join(map(letters_of, said)).ljust(len(written), _BLANK)


def _between(data: bytes, met: Met) -> Iterator[tuple[int, int]]:
    """Stretches that may be taken off from between letters."""
    for end in met.get("command", ()):
        yield data.rfind(b"\\", 0, end), end
    for kind, shape in _WHOLE.items():
        for end in met.get(kind, ()):
            start = data.rfind(b"<", 0, end) if kind == "tag" else end - 2
            found = shape.match(data, start)
            if found:
                yield found.span()


def _escapes(data: bytes, met: Met) -> Iterator[_Piece]:
    """The text round escapes, with what they stand for."""
    marks = sorted(
        [(end, False) for end in met.get("percent", ())]
        + [(end, True) for end in met.get("escape", ())]
    )
    at = 0
    while at < len(marks):
        last = at
        while last + 1 < len(marks) and marks[last + 1][0] - marks[last][0] < _REACH:
            last += 1
        low, high = max(0, marks[at][0] - _REACH), marks[last][0] + _REACH
        if any(spells for _, spells in marks[at : last + 1]):
            view = derived.decoded(data[low:high].decode("utf-8", "ignore"))
            if view:
                yield _Piece(view.text.encode("utf-8", "surrogatepass"), low, high, spelt=True)
        else:
            yield _Piece(_SEPARATOR.sub(_blanked, data[low:high]), low, high, spelt=True)
        at = last + 1


def _codes(data: bytes, met: Met) -> Iterator[_Piece]:
    """What runs of base64 and hexadecimal say, from each digit that a byte may begin with."""
    for kind, run_at, digits_of, decode, phases in (
        ("base64", _base64_run, _base64_digits, _from_base64, 4),
        ("hex", _hex_run, _hex_digits, _from_hex, 2),
        ("bytes", _bytes_run, _hex_digits, _from_hex, 2),
    ):
        done = -1
        for end in met.get(kind, ()):
            run = run_at(data, end) if end > done else None
            if run is None:
                continue
            done = run[1]
            digits = digits_of(data[slice(*run)])
            for phase in range(phases):
                said = decode(digits[phase:])
                if len(said.translate(None, _DROPPED)) >= derived.CODE_LETTERS:
                    yield _Piece(said, *run, spelt=True)


def _base64_digits(run: bytes) -> bytes:
    return run.translate(_URL_SAFE, _NO_SIX)


def _hex_digits(run: bytes) -> bytes:
    return run.replace(b"0x", b"").replace(b"0X", b"").translate(None, _NO_HEX_DIGITS)


def _from_base64(digits: bytes) -> bytes:
    if len(digits) % 4 == 1:
        digits = digits[:-1]  # six bits make no byte
    return a2b_base64(digits + b"=" * (-len(digits) % 4))


def _from_hex(digits: bytes) -> bytes:
    return a2b_hex(digits[: len(digits) // 2 * 2])


def _base64_run(data: bytes, end: int) -> tuple[int, int] | None:
    """The run that has a digit before `end`, with the lines before that it goes on from."""
    start = _run_before(data, end)
    while True:
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
    low = max(0, end - _SIGHT)
    while low and len(data[low:end].rstrip(_SIX)) == 0:
        low = max(0, low - _SIGHT)
    return low + len(data[low:end].rstrip(_SIX))


def _hex_run(data: bytes, end: int) -> tuple[int, int] | None:
    found = _HEX_DIGITS_ALONE.match(data, end - 16)
    return found.span() if found else None


def _bytes_run(data: bytes, end: int) -> tuple[int, int] | None:
    low = max(data.rfind(b"\n", max(0, end - 300), end) + 1, end - 300, 0)
    runs = (found.span() for found in _HEX.finditer(data, low, end + 4000))
    return next(((start, stop) for start, stop in runs if stop >= end), None)
