"""What labellers share: lines out of pieces, and disjoint labels out of overlapping marks."""

from __future__ import annotations

from leakguard.light import TYPE_CHECKING, Callable, Iterable, Iterator, expression
from leakguard.model import LABEL_REACH, Label
from leakguard.readers.text import address_end
from leakguard.records import NamedTuple

if TYPE_CHECKING:
    import re


Scoped = tuple[int, int, str]

LINE_END = expression(r"\r\n?|\n")
ADDRESS = expression(r"(?i)(?<![A-Za-z0-9])(?:https?://|ftp://|www\.)")


class Line(NamedTuple):
    """A line without its end, where it begins, and its end; no end where it was cut."""

    text: str
    at: int
    ending: str

    @property
    def stop(self) -> int:
        """The offset behind the line's end."""
        return self.at + len(self.text) + len(self.ending)


class Lines:
    """Cuts text that arrives in pieces into lines, and lines at `LABEL_REACH` code points.

    >>> lines = Lines()
    >>> [*lines.feed("a\\r"), *lines.feed("\\nb")], [*lines.close()]
    ([Line(text='a', at=0, ending='\\r\\n')], [Line(text='b', at=3, ending='')])
    """

    def __init__(self) -> None:
        self._rest = ""
        self._at = 0

    def feed(self, text: str) -> Iterator[Line]:
        """The lines that `text` completes."""
        text = self._rest + text
        begin = 0
        while True:
            end = LINE_END.search(text, begin, begin + LABEL_REACH + 1)
            if end is None:
                if len(text) - begin <= LABEL_REACH:
                    break
                stop = begin + LABEL_REACH
                yield Line(text[begin:stop], self._at + begin, "")
            else:
                stop = end.end()
                if end[0] == "\r" and stop == len(text):
                    break  # the other half of a CRLF may follow
                yield Line(text[begin : end.start()], self._at + begin, end[0])
            begin = stop
        self._rest = text[begin:]
        self._at += begin

    def close(self) -> Iterator[Line]:
        """What is left when the text has ended."""
        if self._rest:
            line = self._rest.removesuffix("\r")
            yield Line(line, self._at, self._rest[len(line) :])
            self._at += len(self._rest)
            self._rest = ""


def addresses(text: str) -> Iterator[Scoped]:
    """The bare web addresses in a text.

    >>> list(addresses("see https://example.com/a, please"))
    [(4, 25, 'url')]
    """
    if "://" not in text and "www." not in text.lower():
        return
    end = 0
    for found in ADDRESS.finditer(text):
        if found.start() >= end:
            end = address_end(text, found.end())
            if end > found.end():
                yield found.start(), end, "url"


def inline(
    text: str, mark: re.Pattern[str], of: Callable[[re.Match[str]], Iterable[Scoped]]
) -> Iterator[Scoped]:
    """What is `of` each `mark` in a text, and the bare addresses between them."""
    end = 0
    for found in (*mark.finditer(text), None):
        between = text[end : found.start() if found else len(text)]
        yield from ((end + a, end + b, scope) for a, b, scope in addresses(between))
        if found:
            yield from of(found)
            end = found.end()


def target(begin: int, end: int) -> list[Scoped]:
    """Where a link leads to."""
    return [(begin, end, "link-target"), (begin, end, "url")]


def labels(spans: Iterable[Scoped], at: int) -> Iterator[Label]:
    """Marks in a text that begins at offset `at`, as labels."""
    for begin, end, scopes in flat(spans):
        yield Label(at + begin, at + end, scopes)


def flat(spans: Iterable[Scoped]) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Disjoint spans in order, each with the scopes of all that cover it.

    >>> [(a, b, sorted(s)) for a, b, s in flat([(0, 9, "heading"), (3, 5, "url")])]
    [(0, 3, ['heading']), (3, 5, ['heading', 'url']), (5, 9, ['heading'])]
    """
    edges: dict[int, list[tuple[int, str]]] = {}
    for begin, end, scope in spans:
        if begin == end:
            continue
        edges.setdefault(begin, []).append((1, scope))
        edges.setdefault(end, []).append((-1, scope))
    cover: dict[str, int] = {}
    begin = 0
    for edge in sorted(edges):
        if cover:
            yield begin, edge, frozenset(cover)
        for step, scope in edges[edge]:
            cover[scope] = cover.get(scope, 0) + step
            if not cover[scope]:
                del cover[scope]
        begin = edge
