"""Context: which words stand near a hit, and where its line, sentence and paragraph end."""

from __future__ import annotations

from leakguard.light import (
    TYPE_CHECKING,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
    expression,
    itemgetter,
    lru_cache,
)
from leakguard.model import Near, Reach, Span
from leakguard.views import View, fold

if TYPE_CHECKING:
    import re


LINE_REACH = 500
PARAGRAPH_REACH = 1000
_LINE_END = expression(r"[\r\n]")
# A full stop after a title ends no sentence: in "Mrs. Field has asthma" both belong together.
_SENTENCE_END = expression(
    r"(?:[!?]|(?<!\b[MD]r)(?<!\bM[sx])(?<!\bMrs)(?<!\bSt)\.)[\"'”’)\]*_]{0,3}(?=\s)"
    r"|(?:\r\n?|\n)[ \t]*(?:\r\n?|\n)"
)
_HUMP = expression(r"(?<=[a-z\d])(?=[A-Z])")
_PIECE = expression(r"[^\W_]+")
_JOINT = expression(r"[ _-]{1,3}")
_PARAGRAPH_END = expression(r"(?:\r\n?|\n)[ \t]*(?:\r\n?|\n)")


class Words:
    """Context words: whole words of the name view, plural and possessive s allowed.

    Made ready when first looked for: most rules never have a hit to look round.
    """

    __slots__ = ("_by_piece", "_odd", "_tokens", "plain", "strong")

    def __init__(self, strong: frozenset[str], plain: frozenset[str]) -> None:
        self.strong = strong
        self.plain = plain
        self._by_piece: dict[str, list[str]] = {}  # the words, by their longest piece
        self._tokens: dict[str, list[str]] = {}  # the same, by what that piece may be part of
        self._odd: list[str] = []  # pieces that are not whole ones in a text

    def _made(self) -> None:
        for word in self.strong | self.plain:
            piece = max(_pieces_of(word), key=len)
            self._by_piece.setdefault(piece, []).append(word)
        for piece, words in self._by_piece.items():
            if piece.isalnum():
                for token in (piece, piece + "s"):
                    self._tokens[token] = self._tokens.get(token, []) + words
            else:
                self._odd.append(piece)

    @property
    def keys(self) -> Mapping[str, list[str]]:
        """The words, by a piece without separators that every occurrence holds."""
        if not self._by_piece:
            self._made()
        return self._by_piece

    def stand_in(self, text: str) -> bool:
        """Whether one of them may stand in a text of the name view."""
        keys = self.keys
        met = self._tokens.keys() & _PIECE.findall(text)
        words = [word for token in met for word in self._tokens[token]]
        words += [word for piece in self._odd if piece in text for word in keys[piece]]
        return any(_stands(text, _pieces_of(word)) for word in words)

    def found(self, text: str, first: int, last: int) -> list[re.Match[str]]:
        """Where they stand in a stretch of a text of the name view, longer words first."""
        keys = self.keys
        words = [word for key in keys if text.find(key, first, last) >= 0 for word in keys[key]]
        if not words:
            return []  # most have none, and need no pattern
        met = [
            (match.start(), rank, match)
            for rank, word in enumerate(sorted(words, key=_longest_first))
            for match in _each(_written(word), text, first, last)
        ]
        kept: list[re.Match[str]] = []
        for start, _, match in sorted(met, key=itemgetter(0, 1)):
            if not kept or start >= kept[-1].end():
                kept.append(match)
        return kept


def _each(word: re.Pattern[str], text: str, first: int, last: int) -> Iterator[re.Match[str]]:
    """The match at each start, those that overlap too."""
    match = word.search(text, first, last)
    while match:
        yield match
        match = word.search(text, match.start() + 1, last)


def _pieces_of(word: str) -> list[str]:
    """What of a word stands in every occurrence, in a row."""
    return word.replace("_", " ").replace("-", " ").split(" ")


@lru_cache(maxsize=4096)
def _written(word: str) -> re.Pattern[str]:
    """A word's pattern: few are ever met, and each by itself is compiled in no time."""
    import re  # most runs look for no word

    return re.compile(_spelt(word))


def _stands(text: str, pieces: Sequence[str]) -> bool:
    """Whether pieces follow one another in a text, the first at the edge of a word."""
    first, *others = pieces
    at = text.find(first)
    while at >= 0:
        if not (text[at - 1 : at].isalnum() and first[:1].isalnum()):
            end = at + len(first)
            for piece in others:
                end = text.find(piece, end, end + 3 + len(piece)) + len(piece)
                if end < len(piece):
                    break
            else:
                # Behind it there may be an s, by itself or not.
                if not (text[end : end + 1].replace("s", "").isalnum() and text[end - 1].isalnum()):
                    return True
        at = text.find(first, at + 1)
    return False


def compile_words(near: Near) -> Words:
    """The folded words of a `near`."""
    strong = frozenset(fold(word).strip() for word in near.strong)
    weak = frozenset(fold(word).strip() for word in near.words) - strong
    return Words(strong, weak)


def _longest_first(word: str) -> tuple[int, str]:
    return -len(word), word


def _spelt(word: str) -> str:
    from re import escape

    inner = r"[ _-]{1,3}".join(map(escape, _JOINT.split(word)))
    before = r"(?<![^\W_])" if word[:1].isalnum() else ""
    after = r"(?:['’]?s)?(?![^\W_])" if word[-1:].isalnum() else ""
    return f"{before}{inner}{after}"


def seen(words: Words, view: View, spans: Iterable[Span]) -> dict[str, Span]:
    """The distinct words that stand wholly inside the source `spans`, each with its first place."""
    found: dict[str, Span] = {}
    for span in spans:
        first, last = view.at(span.start), view.at(span.end)
        for match in words.found(view.text, first, last):
            if not _whole(view.text, match.start(), match.end()):
                continue
            home = view.home(match.start(), match.end())
            if home and span.start <= home.start and home.end <= span.end:
                found.setdefault(_known(words, match[0]), home)
    return found


def pieces(heading: str) -> set[str]:
    """The words of what stands over a column, with and without an s at their end.

    >>> sorted(pieces("birthDates of"))
    ['birth', 'date', 'dates', 'of']
    """
    found = set(_PIECE.findall(spelt_out(heading)))
    return found | {piece.removesuffix("s") for piece in found}


def told(words: Words, heading: str) -> set[str]:
    """The distinct words in what stands over a column, which may be written `patientBirthDate`."""
    text = spelt_out(heading)
    return {_known(words, match[0]) for match in words.found(text, 0, len(text))}


def spelt_out(heading: str) -> str:
    """What stands over a column as words stand in the name view.

    >>> spelt_out("patientBirthDate")
    'patient birth date'
    """
    return fold(_HUMP.sub(" ", heading))


def _whole(text: str, start: int, end: int) -> bool:
    """Whether the word also ends where the window's cut made it seem to."""
    last, following = text[end - 1 : end], text[end : end + 1]
    if last.isalnum() and following.isalnum():
        return False
    first, before = text[start : start + 1], text[start - 1 : start] if start else ""
    return not (first.isalnum() and before.isalnum())


def _known(words: Words, written: str) -> str:
    text = _JOINT.sub(" ", written)
    for form in (text, text.removesuffix("s"), text[:-2]):
        for word in (form, form.replace(" ", "-"), form.replace(" ", "_")):
            if word in words.strong or word in words.plain:
                return word
    return text


def around(near: Near, source: str, start: int, end: int) -> tuple[Span, Span]:
    """The source before and after a hit in which its context words may stand."""
    if near.same and near.same != "document":
        outer = bounds(near.same, source, start, end)
        return Span(outer.start, start), Span(end, outer.end)
    before, after = max(0, start - near.before), min(len(source), end + near.after)
    return Span(before, start), Span(end, after)


def bounds(reach: Reach, source: str, start: int, end: int) -> Span:
    """The line, sentence (500 code points each way at most) or paragraph (1,000) round a hit."""
    far = PARAGRAPH_REACH if reach == "paragraph" else LINE_REACH
    ends = {"line": _LINE_END, "sentence": _SENTENCE_END, "paragraph": _PARAGRAPH_END}[reach]
    first = max(0, start - far)
    for match in ends.finditer(source, first, start):
        first = match.end()
    # One character more, for the look-ahead behind a full stop.
    match_after = ends.search(source, end, min(len(source), end + far + 1))
    last = min(len(source), end + far)
    return Span(first, min(last, match_after.start() if match_after else last))


def reach_of(near: Near | None) -> int:
    """How many source code points a `near` can look away from a hit."""
    return max(sides_of(near))


def longest(near: Near | None) -> int:
    """Characters of the name view that one of its words can take, and an s behind it."""
    words = (*near.words, *near.strong) if near else ()
    # Up to three separators stand where it has one.
    return 3 * max((len(fold(word)) for word in words), default=0) + 4


def sides_of(near: Near | None) -> tuple[int, int]:
    """How many source code points it can look away before a hit, and after it."""
    if near is None or near.same == "document":
        return 0, 0
    if near.same:
        reach = PARAGRAPH_REACH if near.same == "paragraph" else LINE_REACH
        return reach, reach
    return near.before, near.after
