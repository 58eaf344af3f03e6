"""Context: which words stand near a hit, and where its line, sentence and paragraph end."""

from __future__ import annotations

from leakguard.light import TYPE_CHECKING, Iterable, Sequence, expression
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

    Compiled when first looked for: most rules never have a hit to look round.
    """

    __slots__ = ("_pattern", "_pieces", "plain", "strong")

    def __init__(self, strong: frozenset[str], plain: frozenset[str]) -> None:
        self.strong = strong
        self.plain = plain
        self._pieces: dict[str, list[list[str]]] = {}  # of the words, by the longest one
        self._pattern: re.Pattern[str] | None = None

    @property
    def keys(self) -> Iterable[str]:
        """For each word a piece without separators that every occurrence holds."""
        if not self._pieces:
            for word in self.strong | self.plain:
                pieces = word.replace("_", " ").replace("-", " ").split(" ")
                self._pieces.setdefault(max(pieces, key=len), []).append(pieces)
        return self._pieces

    def stand_in(self, text: str) -> bool:
        """Whether one of them may stand in a text of the name view."""
        return any(
            key in text and any(_stands(text, pieces) for pieces in self._pieces[key])
            for key in self.keys
        )

    @property
    def pattern(self) -> re.Pattern[str]:
        """One pattern for all of them, longer words first."""
        if self._pattern is None:
            import re  # most runs look for no word

            words = sorted(self.strong | self.plain, key=_longest_first)
            self._pattern = re.compile("|".join(map(_spelt, words)))
        return self._pattern


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
        if not any(view.text.find(key, first, last) >= 0 for key in words.keys):
            continue  # most have none, and need no pattern
        for match in words.pattern.finditer(view.text, first, last):
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
    return {_known(words, match[0]) for match in words.pattern.finditer(spelt_out(heading))}


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
