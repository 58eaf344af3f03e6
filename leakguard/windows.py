"""Windows: a document in pieces that overlap by all that a candidate can see, and its labels."""

from __future__ import annotations

from leakguard import views
from leakguard.light import (
    Callable,
    Final,
    Iterable,
    Iterator,
    Sequence,
    bisect_left,
    bisect_right,
    expression,
)
from leakguard.model import Document, Label, Labeller, Span
from leakguard.places import Position
from leakguard.records import NamedTuple

# What underlines the first row of a table in prose has one of these, and begins like that.
_TABLES: Final = ("|-", "| -", "|:-", "-|")
_RULED = expression(r"(?:\r\n?|\n)[ \t>]*\|?[ \t]*:?-")
BLOCK: Final = 1 << 18


class Window(NamedTuple):
    """A piece of a document, and the block of it that it answers for."""

    text: str
    begin: Position
    low: int  # the block that this window answers for, as offsets into text
    high: int
    labels: Labels


class Labels:
    """The labels of a document so far. Of a short one they are made only when somebody asks."""

    def __init__(self, make: Callable[[], Labeller] | None, *, all_table: bool = False) -> None:
        self._make = make
        self._labeller: Labeller | None = None
        self.in_prose = not all_table  # a table, if there is one, stands in other text
        self.heads: dict[str, None] = {}  # lines of names of columns, as far as prose was seen
        self._waiting: list[str | None] = []
        self._known: list[Label] = []

    def hear(self, text: str | None) -> None:
        """The next piece of text; None at its end."""
        if self._make:
            self._waiting.append(text)

    def settle(self, offset: int) -> None:
        """Label what is waiting, and forget what ends before `offset`."""
        known = self.known
        del known[: bisect_left(known, offset, key=lambda label: label.end)]

    def note(self, text: str) -> None:
        """Remember the lines of a window that the rows of a table may stand under."""
        if self.in_prose and "|" in text and any(mark in text for mark in _TABLES):
            for ruled in _RULED.finditer(text):
                end = ruled.start()
                head = text[max(text.rfind("\n", 0, end), text.rfind("\r", 0, end)) + 1 : end]
                if "|" in head:
                    self.heads[head] = None

    @property
    def tabular(self) -> bool:
        """Whether what was seen so far may hold a table."""
        return bool(self.heads) or not self.in_prose

    def under(self, start: int, end: int) -> Iterator[Label]:
        """The cells of a table from `start` to `end` that stand under something."""
        if not self.tabular:
            return
        known = self.known
        index = bisect_right(known, start, key=lambda label: label.end)
        while index < len(known) and known[index].start < end:
            if known[index].over:
                yield known[index]
            index += 1

    @property
    def known(self) -> list[Label]:
        """All labels that can be told by now."""
        if self._make and self._waiting:
            labeller = self._labeller = self._labeller or self._make()
            for text in self._waiting:
                self._known += labeller.close() if text is None else labeller.feed(text)
            self._waiting.clear()
        return self._known


class Windows:
    """Cuts documents into windows. `block` is how many code points one answers for.

    `need` is how far something of a block can see. With `labelled` the scopes of all are told;
    of tables in prose only where rules heed headings.
    """

    def __init__(self, block: int, need: int, *, labelled: bool, told_by_headings: bool) -> None:
        self._block = block
        self._need = need
        self._labelled = labelled
        self._told_by_headings = told_by_headings

    def of(self, document: Document) -> Iterator[Window]:
        """Pieces of the document, each with all round it that a candidate of its block can see."""
        chunks = document.chunks()
        tabular = document.kind == "table"
        tables = tabular or document.kind in ("markdown", "mdx")
        labelled = self._labelled or tabular or (tables and self._told_by_headings)
        labels = Labels(document.labeller if labelled else None, all_table=tabular)
        text, ended = "", False
        begin = Position(byte=document.bom)
        low = 0
        while True:
            goal = low + self._block
            while (seen := self._sees(text, goal)) > len(text) and not ended:
                pieces, size = [text], len(text)
                wanted = max(goal + self._need, size + 1)
                while size < wanted and not ended:
                    chunk = next(chunks, None)
                    if chunk is None:
                        ended = True
                        labels.hear(None)
                    else:
                        pieces.append(chunk.text)
                        size += len(chunk.text)
                        labels.hear(chunk.text)
                text = "".join(pieces)
            if ended and len(text) <= goal + self._block // 2:
                goal = len(text) + 1
            if labelled:
                labels.note(text)
            yield Window(text[:seen] if goal < len(text) else text, begin, low, goal, labels)
            if goal > len(text):
                return
            cut = self._tail(text, goal)
            begin = begin.after(text[:cut], text[cut : cut + 1], document.encoding)
            text = text[cut:]
            low = goal - cut
            labels.settle(begin.offset)

    def near(self, window: Window, spans: Sequence[Span], far: int) -> Iterator[Window]:
        """The parts of a window that answer for what begins as near as `far` to one of the spans.

        The window itself where that is most of it.
        """
        text, base = window.text, window.begin.offset
        blocks: list[tuple[int, int]] = []
        for span in spans:
            low, high = max(window.low, span.start - far - base), span.end + far + 1 - base
            if low >= min(window.high, len(text) + 1) or high <= window.low:
                continue
            if blocks and low - blocks[-1][1] <= 2 * self._need:
                before = blocks.pop()
                low, high = before[0], max(before[1], high)
            blocks.append((low, min(high, window.high)))
        parts = [(self._tail(text, low), low, high, self._sees(text, high)) for low, high in blocks]
        if sum(min(last, len(text)) - first for first, _, _, last in parts) > len(text) // 2:
            yield window
            return
        for first, low, high, last in parts:
            begin = Position(offset=base + first)
            yield Window(text[first:last], begin, low - first, high - first, window.labels)

    def _sees(self, text: str, goal: int) -> int:
        """Where ends all that the last candidate of the block can see; past the text if unknown."""
        ahead = self._need
        # Invisible characters and wraps shrink in the view, which is what patterns are measured in.
        while goal + ahead <= len(text) and ahead <= self._need * 70:
            if len(views.plain(text[goal : goal + ahead]).text) >= self._need - views.LOCAL:
                break
            ahead *= 2
        return goal + ahead

    def _tail(self, text: str, goal: int) -> int:
        """Where the next window may begin so that it sees as far back."""
        back = self._need
        while back < goal:
            if len(views.plain(text[goal - back : goal]).text) >= self._need - views.LOCAL:
                return goal - back
            back *= 2
        return 0


def scopes_of(labels: Sequence[Label], start: int, end: int) -> frozenset[str]:
    """The scopes of a span: of all labels it touches, and prose where it touches none."""
    index = bisect_right(labels, start, key=lambda label: label.end)
    found: set[str] = set()
    covered = start
    while index < len(labels) and labels[index].start < end:
        if labels[index].start > covered:
            found.add("prose")
        found |= labels[index].scopes
        covered = labels[index].end
        index += 1
    if covered < end:
        found.add("prose")
    return frozenset(found)


def in_cells(window: Window, spans: Iterable[Span]) -> bool:
    """Whether a line that one of the spans touches may be the row of a table."""
    base = window.begin.offset
    return any(
        window.text.find("|", max(0, span.start - base), max(0, span.end - base)) >= 0
        for span in spans
    )
