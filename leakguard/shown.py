"""The one door for foreign text: of a document, a path or a message nothing is shown but by it.

Every hit of every rule in force is masked, reported or not; the mask has one width, so that it
does not tell the length; control and bidi characters are taken out.
"""

from __future__ import annotations

from leakguard.light import Final, Iterable, Sequence, expression, unicodedata
from leakguard.matcher import Matcher
from leakguard.model import Span
from leakguard.records import NamedTuple
from leakguard.views import value_key

MASK: Final = "████████"
_LINE_END = expression(r"\r\n?|\n")
_ROUND = 400  # code points round a hit that are searched for other hits
_SIDE = 48  # code points of context shown on each side
_LINE = 200  # code points on each side that fingerprints can be made of
_WORDS = 4  # words on each side that they are made of
_BREAK = expression(r"(?:\r\n?|\n)[ \t]*(?:\r\n?|\n)")
_FEW = 4  # looks at a window before it is searched in blocks
_BLOCK = 1024
_HELD = 1 << 22  # code points of windows that wait for a look


class Sight(NamedTuple):
    """What may be kept of the text round a hit.

    `excerpt` is for eyes. `skeleton` is for fingerprints: the words beside the hit in its
    paragraph, without any hit, and without any word that has a digit or a capital. `value` are
    eight bits of the hit itself, for values that have a check digit and for no others.
    """

    excerpt: str
    skeleton: str
    value: str = ""


class Later(NamedTuple):
    """A look that was put off: round the hit from `start` to `end` of the window `text`."""

    text: str
    start: int
    end: int
    hits: Sequence[Span] | None = None

    def may_look_like(self, skeleton: str) -> bool:
        """Whether that may be the skeleton seen from there: its words have to stand there."""
        low, high = max(0, self.start - _LINE), min(len(self.text), self.end + _LINE)
        round_it = _tidy(self.text[low:high])
        return all(
            word in round_it for word in skeleton.split(" ") if word != "*" and MASK not in word
        )


class Shown:
    """Masks with the rules of one matcher. Immutable."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher

    def text(self, text: str) -> str:
        """`text`, fit to be shown."""
        return self.masked(text)[0]

    def lines(self, text: str, also: Iterable[Span] = ()) -> list[str]:
        """`text` as lines that are fit to be shown, with the spans `also` masked too."""
        spans = _union([*self._matcher.spans(text), *also])
        # A hit that goes over a line's end is masked on each of its lines.
        ends = [match.span() for match in _LINE_END.finditer(text)]
        lines, start = [], 0
        for end, following in [*ends, (len(text), len(text))]:
            lines.append(_tidy(_cover(text[start:end], _clip(spans, start, end))))
            start = following
        return lines

    def masked(self, text: str) -> tuple[str, bool]:
        """`text`, fit to be shown, and whether anything in it was masked."""
        if not text:
            return "", False
        spans = self._matcher.spans(text)
        return _tidy(_cover(text, spans)), bool(spans)

    def looking(self) -> Looking:
        """A look at the text round hits, for one pass over one document."""
        return Looking(self._matcher)


class Looking:
    """Makes the sights of one document's hits, which come in order.

    A page may be full of hits. After a few in one window the text is searched block by block, each
    once, and not again round every hit: what is seen is the same.
    """

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._text = ""
        self._looks = 0
        self._held, self._holds = "", 0
        self._blocks: dict[int, list[Span]] = {}

    def __call__(
        self, text: str, start: int, end: int, hits: Sequence[Span] | None = None
    ) -> Sight:
        """What may be kept of the window `text` round the hit from `start` to `end`.

        `hits` are all of that text, in order, where somebody knows them.
        """
        if text is not self._text:
            self._text, self._looks, self._blocks = text, 0, {}
        self._looks += 1
        low, high = max(0, start - _ROUND), min(len(text), end + _ROUND)
        if hits is not None:
            near = [span for span in hits if span.start < high and span.end > low]
        else:
            near = self._spans(low, high) if self._looks <= _FEW else self._known(low, high)
        spans = [*near, Span(start, end)]
        head = [span for span in _union(spans) if span.start <= start][-1]
        # Further away a hit may lie half outside of what was searched.
        low, high = max(0, start - _LINE), min(len(text), end + _LINE)
        low, high = min(low, head.start), max(high, head.end)
        spans = [span for span in spans if span.start < high and span.end > low]
        before = _cover(text[low : head.start], _clip(spans, low, head.start))
        after = _cover(text[head.end : high], _clip(spans, head.end, high))
        bits = eight_bits(value_key(text[start:end]))
        excerpt = _excerpt(_last_line(before), _first_line(after))
        return Sight(excerpt, _skeleton(before, after), bits)

    def later(
        self, text: str, start: int, end: int, hits: Sequence[Span] | None = None
    ) -> Sight | Later:
        """A look that may be put off: up to some windows are held until then."""
        if text is not self._held:
            self._held = text
            self._holds += len(text)
        return (
            Later(text, start, end, hits) if self._holds < _HELD else self(text, start, end, hits)
        )

    def _spans(self, low: int, high: int) -> list[Span]:
        """The hits in the window from `low` to `high`, seen without what lies outside."""
        found = self._matcher.spans(self._text[low:high])
        return [Span(span.start + low, span.end + low) for span in found]

    def _known(self, low: int, high: int) -> list[Span]:
        """The hits near there, from blocks that are searched with what lies round them."""
        spans = []
        for number in range(low // _BLOCK, high // _BLOCK + 1):
            if number not in self._blocks:
                self._blocks = {n: b for n, b in self._blocks.items() if n >= number - 2}
                begin, end = number * _BLOCK, (number + 1) * _BLOCK
                found = self._spans(max(0, begin - _ROUND), min(len(self._text), end + _ROUND))
                self._blocks[number] = [s for s in found if s.start < end and s.end > begin]
            spans += [s for s in self._blocks[number] if s.start < high and s.end > low]
        return spans


def eight_bits(value: str) -> str:
    """Eight bits of a value that change whenever one or two of its digits do.

    They are the two parity symbols of a Reed-Solomon code over the 16 numbers of four bits: who
    mistypes or edits a digit, and mends the check digit, gets others for sure; any other value
    gets the same in one case of 256. Digits 15 places apart count as one place.

    >>> eight_bits("4111111111111111") == eight_bits("4111111111211110")
    False
    """
    total = power = 0
    for character in value:
        symbol = ord(character) & 15
        total ^= symbol
        power = power << 1 ^ (19 if power & 8 else 0) ^ symbol
    return f"{total << 4 | power:02x}"


def hashed(text: str, size: int) -> str:
    """`size` bytes that stand for `text`, in hexadecimal."""
    from hashlib import blake2b

    return blake2b(text.encode("utf-8", "replace"), digest_size=size).hexdigest()


def _union(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _clip(spans: list[Span], low: int, high: int) -> list[Span]:
    """The spans inside `low` to `high`, counted from `low`."""
    cut = [Span(max(s.start, low) - low, min(s.end, high) - low) for s in spans]
    return [span for span in cut if span.start < span.end]


def _cover(text: str, spans: list[Span]) -> str:
    pieces: list[str] = []
    taken = 0
    for span in _union(spans):
        pieces += text[taken : span.start], MASK
        taken = span.end
    return "".join([*pieces, text[taken:]])


def _tidy(text: str) -> str:
    if text.isprintable():
        return text
    for character in set(text):
        if not character.isprintable():
            category = unicodedata.category(character)
            if category in ("Cc", "Zl", "Zp"):
                text = text.replace(character, " ")
            elif category in ("Cs", "Cf"):
                text = text.replace(character, "\ufffd" if category == "Cs" else "")
    return text


def _last_line(text: str) -> str:
    return text[max(text.rfind("\n"), text.rfind("\r")) + 1 :]


def _first_line(text: str) -> str:
    ends = [at for at in (text.find("\n"), text.find("\r")) if at >= 0]
    return text[: min(ends)] if ends else text


def _excerpt(before: str, after: str) -> str:
    before, after = " ".join(_tidy(before).split(" ")), " ".join(_tidy(after).split(" "))
    if len(before) > _SIDE:
        before = "…" + before[-_SIDE:].partition(" ")[2]
    if len(after) > _SIDE:
        after = after[:_SIDE].rpartition(" ")[0] + "…"
    return " ".join(f"{before}{MASK}{after}".split())


def _skeleton(before: str, after: str) -> str:
    """The words next to a hit in its paragraph, however the paragraph is wrapped."""
    words_before = _words(_BREAK.split(before)[-1])[-_WORDS:]
    words_after = _words(_BREAK.split(after)[0])[:_WORDS]
    return " ".join([*map(_harmless, words_before), MASK, *map(_harmless, words_after)])


def _words(text: str) -> list[str]:
    """Words without what begins a line of a list, a quote or a comment."""
    return [
        word
        for word in _tidy(text).split()
        if word.isalnum() or any(map(str.isalnum, word)) or MASK in word
    ]


def _harmless(word: str) -> str:
    """The word, or a star for one with a hit, a digit or a capital."""
    if word.islower() and word.isalpha():
        return word
    tells = MASK in word or any(c.isdigit() or c.isupper() for c in word)
    return "*" if tells else word
