"""Terms: what counts as the same name, and where a name begins and ends.

A term is compiled into folded words. `near_key` and `everywhere` find where the words follow one
another in the `name` view; `stands` judges the boundaries on the source, where humps are visible.
"""

from __future__ import annotations

from itertools import product

from leakguard.light import Iterable, Iterator, expression, unicodedata
from leakguard.model import Entry, Mode
from leakguard.records import dataclass, field
from leakguard.views import DOTS, fold, is_letter_or_digit, loses_marks, other_folds, plain

_JOINERS = "-_./\\·"
_SPLIT = expression(
    rf"[\s\-_./\\·{DOTS}]+|::"
    r"|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])"  # a letter meets a digit
)
_LINE_END = expression(r"\r\n?|\n")
_MARKUP = expression(r"<[^<>]{0,200}>|[*~`_\[\]]")
SHORT = 4
_ESCAPES = "%\\=+"
_FAR = 400  # a link's address or a tag between two words is shorter
_SHORT = 18  # characters that are folded into fewer than that, and what joins them
_PLAIN_WORDS = expression(r"(?:[A-Z]?[a-z]+|[A-Z]+)(?: (?:[A-Z]?[a-z]+|[A-Z]+|[0-9]+))*")
# Written without spaces between words, so nothing tells where a name ends.
_UNSPACED = (
    "CJK ",
    "HIRAGANA",
    "KATAKANA",
    "HANGUL",
    "THAI",
    "LAO ",
    "KHMER",
    "MYANMAR",
    "TIBETAN",
)


@dataclass(frozen=True, slots=True)
class Term:
    """A compiled term. `spellings` are its folded words, one tuple for each way they may fold.

    Its repr does not spell it.
    """

    mode: Mode
    written: str = field(repr=False)
    spellings: tuple[tuple[str, ...], ...] = field(repr=False)
    key: int = 0

    @property
    def keys(self) -> frozenset[str]:
        """Folded words, one of which stands in every occurrence: the longest, in each spelling."""
        return frozenset(words[self.key] for words in self.spellings)

    @property
    def parts(self) -> tuple[str, ...]:
        """The folded words as they are usually spelt."""
        return self.spellings[0]

    @property
    def width(self) -> int:
        """Code points of the longest occurrence in the name view, suffix and joiners included."""
        return max(sum(map(len, words)) + 3 * len(words) for words in self.spellings)


def compile_term(written: str, mode: Mode) -> Term:
    """Split and fold a term. Raises ValueError when nothing is left to look for.

    >>> compile_term("BlueHeron v2", "loose").spellings
    (('blue', 'heron', 'v', '2'),)
    """
    text = plain(written.strip()).text
    parts = _words(text) if mode in ("loose", "substring") else text.split()
    words = [folded for part in parts if (folded := fold(part).strip())]
    if not any(is_letter_or_digit(c) for word in words for c in word):
        raise ValueError("a term needs a letter or a digit")
    ways = [_spellings(part) for part in parts if fold(part).strip()]
    spellings = tuple(dict.fromkeys((tuple(words), *product(*ways))))[:16]
    longest = max(range(len(words)), key=lambda index: len(words[index]))
    return Term(mode, text, spellings, longest)


def spellings_of(entry: Entry) -> tuple[tuple[str, ...], ...]:
    """The `spellings` of an entry's term. Terms of plain words are not compiled for it.

    >>> spellings_of(Entry(7, "Blue Heron", "loose"))
    (('blue', 'heron'),)
    """
    if _PLAIN_WORDS.fullmatch(entry.term):
        return (tuple(entry.term.lower().split(" ")),)
    return compile_term(entry.term, entry.mode).spellings


def keys_of(entries: Iterable[Entry]) -> Iterator[tuple[int, str]]:
    """The position of each entry and each of its term's `keys`.

    Terms of plain words are not compiled for it.

    >>> list(keys_of([Entry(7, "Blue Heron", "loose"), Entry(8, "Osprey2", "loose")]))
    [(0, 'heron'), (1, 'osprey')]
    """
    plain_words = _PLAIN_WORDS.fullmatch
    for index, entry in enumerate(entries):
        if plain_words(entry.term):
            yield index, max(entry.term.lower().split(" "), key=len)
        else:
            for key in compile_term(entry.term, entry.mode).keys:
                yield index, key


def is_plain(written: str) -> bool:
    """Whether a term is ASCII words without humps, and numbers: nothing in it folds or splits.

    >>> is_plain("Blue Heron 9"), is_plain("BlueHeron"), is_plain("Heron2")
    (True, False, False)
    """
    return _PLAIN_WORDS.fullmatch(written) is not None


def widest(entries: Iterable[Entry]) -> int:
    """No occurrence of any of the terms is longer than so many code points in the name view."""
    width = 0
    for entry in entries:
        written = entry.term
        # A word and what joins it to the next are at most a letter and three signs for each letter.
        if 4 * len(written) > width:
            exact = 0 if written.isascii() else compile_term(written, entry.mode).width
            width = max(width, exact or 4 * len(written))
    return width


def near_key(term: Term, text: str, end: int) -> Iterator[tuple[int, int]]:
    """Occurrences in the folded `text` of which the key word ends at `end`."""
    for words in term.spellings:
        start = end - len(words[term.key])
        if start < 0 or not text.startswith(words[term.key], start):
            continue
        first = _back(text, start, words[: term.key], term.mode)
        last = _forth(text, end, words[term.key + 1 :], term.mode)
        if first >= 0 and last >= 0:
            yield first, last


class Nearby:
    """What stands round a word in clear: asked about all terms of which it is the longest one."""

    __slots__ = ("_before", "_letters", "_near", "_spelt")

    def __init__(self, text: str, start: int, end: int) -> None:
        self._near = text[max(0, start - _FAR) : end + _FAR]
        self._before = text[max(0, start - 8) : start]
        self._spelt: list[str] | None = None

    def holds(self, term: Term) -> bool:
        """Whether all words of a term are near, as they are where it stands in clear.

        Also where the term is so long that this is not told.
        """
        near = self._near
        for words in term.spellings:
            for word in words:
                if word not in near:
                    break
            else:
                return True
        return len(term.written) > _SHORT and term.width > _FAR

    def may_hide(self, term: Term) -> bool:
        """Whether the word may belong to an occurrence of a term that is hidden.

        What is hidden then is what stands between the words, all of which are near; or, of one
        word, what stands before it. Another word may have signs for letters; one that is hidden in
        any other way is none of this method's business.
        """
        if len(term.parts) == 1:
            return any(sign in _ESCAPES for sign in self._before)
        if self.holds(term):
            return True
        if self._spelt is None:
            from leakguard import derived  # asked where a name's longest word is met

            self._letters = derived.LEET_LETTERS
            ways = (self._near.translate(signs) for signs in derived.AS_LETTERS)
            self._spelt = [way for way in ways if way != self._near]
        if not self._spelt or sum(map(len, term.parts)) < self._letters:
            return False
        spelt = [self._near, *self._spelt]
        return any(
            all(any(word in text for text in spelt) for word in words) for words in term.spellings
        )


def everywhere(term: Term, text: str) -> list[tuple[int, int]]:
    """All occurrences in the folded `text`, in order, found without a key: the reference."""
    found = set()
    for words in term.spellings:
        at = text.find(words[0])
        while at >= 0:
            last = _forth(text, at + len(words[0]), words[1:], term.mode)
            if last >= 0:
                found.add((at, last))
            at = text.find(words[0], at + 1)
    return sorted(found)


def stands(term: Term, source: str, start: int, end: int) -> bool:
    """Whether the occurrence in the source is the name and not part of a word."""
    if term.mode == "substring":
        return True
    written = plain(source[start:end]).text
    if term.mode == "exact" and written.split() != term.written.split():
        return False
    one_short_word = len(term.spellings[0]) == 1 and len(term.spellings[0][0]) <= SHORT
    if one_short_word and unicodedata.normalize("NFC", written) not in _own_cases(term.written):
        return False
    humps = term.mode == "loose"
    return _edge(source, start, humps=humps) and any(
        _edge(source, end + more, humps=humps) for more in _suffixes(source, end)
    )


def _own_cases(written: str) -> tuple[str, str]:
    composed = unicodedata.normalize("NFC", written)
    return composed, composed.upper()


def looks_like_a_name(term: Term, source: str, start: int, end: int) -> bool:
    """Whether ordinary words are written like a name: capitals, joined, hashtag, identifier."""
    written = source[start:end]
    before, after = source[start - 1 : start], source[end : end + 1]
    if (before and before in "#@_/") or after == "_":
        return True
    if is_letter_or_digit(before or " ") or (
        is_letter_or_digit(after or " ") and after not in "sS"
    ):
        return True  # a hump or a digit ends it: part of an identifier
    if len(term.parts) > 1 and not any(c.isspace() for c in written):
        return True
    words = _words(_MARKUP.sub(" ", plain(written).text))
    capitals = [word[:1].isupper() for word in words if word[:1].isalpha()]
    if not all(capitals):
        return False
    return len(capitals) > 1 or not _starts_sentence(source, start)


# ── words ────────────────────────────────────────────────────────────────────────────────────────


def _words(text: str) -> list[str]:
    pieces = []
    for piece in _SPLIT.split(text):
        start = 0
        for at in range(1, len(piece)):
            if _hump(piece, at):
                pieces.append(piece[start:at])
                start = at
        pieces.append(piece[start:])
    return [piece for piece in pieces if piece]


def _spellings(word: str) -> list[str]:
    if word.isascii():  # each letter is like itself alone
        return [fold(word)]
    torn = [other_folds(c) for c in word]
    if all(len(ways) == 1 for ways in torn):
        return [fold(word)]
    return ["".join(way) for way in product(*(sorted(ways) for ways in torn))][:16]


def _gaps(text: str, at: int, mode: Mode) -> Iterator[int]:
    spaces = 0
    while spaces < 3 and text[at + spaces : at + spaces + 1] == " ":
        spaces += 1
        yield spaces
    if mode in ("loose", "substring"):
        yield 0
        if text[at : at + 1] and text[at] in _JOINERS:
            yield 1
        if text[at : at + 2] == "::":
            yield 2
        if text[at : at + 3] == " - ":
            yield 3


def _forth(text: str, at: int, words: tuple[str, ...], mode: Mode) -> int:
    for word in words:
        for gap in _gaps(text, at, mode):
            if text.startswith(word, at + gap):
                at += gap + len(word)
                break
        else:
            return -1
    return at


def _back(text: str, at: int, words: tuple[str, ...], mode: Mode) -> int:
    for word in reversed(words):
        for width in (0, 1, 2, 3):
            start = at - width - len(word)
            if start < 0 or not text.startswith(word, start):
                continue
            if width in _gaps(text, at - width, mode):
                at = start
                break
        else:
            return -1
    return at


# ── boundaries ───────────────────────────────────────────────────────────────────────────────────


def _edge(source: str, at: int, *, humps: bool) -> bool:
    """Whether a name may begin or end between source characters `at - 1` and `at`."""
    left_at = at - 1
    while left_at >= 0 and unicodedata.category(source[left_at]).startswith("M"):
        left_at -= 1  # a letter with marks is still that letter
    while at < len(source) and unicodedata.category(source[at]).startswith("M"):
        if (
            at
            and source[at - 1].isalpha()
            and not loses_marks(source[at - 1])
            and plain(source[at]).text
        ):
            return False  # a vowel sign: another letter than the name's
        at += 1
    if left_at < 0 or at >= len(source):
        return True
    left, right = source[left_at], source[at]
    if not is_letter_or_digit(left) or not is_letter_or_digit(right):
        return True
    if _unspaced(left) or _unspaced(right):
        return True
    if not humps:
        return False
    return left.isdigit() != right.isdigit() or _hump(source, at) or _other_script(left, right)


def _hump(text: str, at: int) -> bool:
    left, right = text[at - 1], text[at]
    if not (left.isalpha() and right.isalpha()):
        return False
    if left.islower() and right.isupper():
        return True
    following = text[at + 1 : at + 2]
    return left.isupper() and right.isupper() and following.islower()


def _other_script(left: str, right: str) -> bool:
    """Whether one of two letters is of a script that has capitals, and the other is not."""
    return (unicodedata.category(left) == "Lo") != (unicodedata.category(right) == "Lo")


def _unspaced(character: str) -> bool:
    return character >= "\u0e00" and unicodedata.name(character, "").startswith(_UNSPACED)


def _suffixes(source: str, end: int) -> Iterator[int]:
    """Lengths of what may follow a name and still be it: nothing, a plural, a possessive."""
    yield 0
    following = source[end : end + 2]
    if following[:1] in ("s", "S"):
        yield 1
    if following in ("'s", "\u2019s", "'S", "\u2019S"):
        yield 2


def _starts_sentence(source: str, start: int) -> bool:
    before = source[max(0, start - 80) : start]
    stripped = before.rstrip(" \t\"'“”‘’([*_`")
    if not stripped or stripped[-1] in ".!?:#>-|•":
        return True
    if stripped[-1] not in "\r\n":
        return False
    rest = stripped.rstrip(" \t\r\n")
    broken = len(_LINE_END.findall(stripped[len(rest) :])) > 1
    return not rest or broken or rest[-1] in ".!?:"
