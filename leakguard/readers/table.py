"""Tables in plain text: values between commas, tabs, semicolons or bars, under a line of names.

The name of its column is what a person reads beside a cell, so every cell's label carries it
(`Label.over`), and the matcher counts its words as context of what stands in the cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from leakguard.model import LABEL_REACH, Blob, Document, Heading, Label, Span, Unread
from leakguard.readers import text as text_
from leakguard.readers.lines import Line, Lines

COLUMNS = 1000  # more of them than this is no table that a person made

_PROSE = frozenset({"prose"})
_HEADING = frozenset({"heading"})
_NAME = re.compile(r'[A-Za-z_]\w{0,60}|"[A-Za-z_][\w ./-]{0,60}"')


def read(blob: Blob, peek: text_.Peek) -> Iterator[Document | Unread]:
    """The text of `blob` as one document whose cells know their columns."""
    yield from text_.read(blob, peek, kind="table", labeller=Labels)


def begins_like_one(beginning: str) -> bool:
    """Whether a text under a name that promises no table begins with a line of column names.

    >>> begins_like_one("BENE_ID|CLM_ID|NPI|HCPCS_CD\\n1|2|3|4\\n")
    True
    >>> begins_like_one("One, two, three, and four.\\n")
    False
    """
    lines = beginning[: 8 * LABEL_REACH].splitlines()[:2]
    mark = _mark(lines[0]) if len(lines) == 2 else ""
    if not mark or lines[0].count(mark) < 3 or lines[0].count(mark) != lines[1].count(mark):
        return False
    return all(_NAME.fullmatch(cell.strip()) for cell in lines[0].split(mark))


class Labels:
    """The labeller for such tables (`model.Labeller`).

    A quoted cell may hold the mark and line ends. What is longer than `LABEL_REACH` is cut.
    """

    def __init__(self) -> None:
        self._lines = Lines()
        self._mark = ""
        self._names: list[Heading] = []
        self._named = False
        self._column = 0
        self._quotes = True
        self._quoted = False

    def feed(self, text: str) -> list[Label]:
        """Labels of the lines that `text` completes."""
        return [label for line in self._lines.feed(text) for label in self._line(line)]

    def close(self) -> list[Label]:
        """Labels of what is left."""
        return [label for line in self._lines.close() for label in self._line(line)]

    def _line(self, line: Line) -> Iterator[Label]:
        if not self._named:
            if line.text.strip() or self._names:
                yield from self._name(line)
            return
        for begin, end in self._cells(line.text):
            if begin < end:
                over = self._names[self._column] if self._column < len(self._names) else None
                yield Label(line.at + begin, line.at + end, _PROSE, over)
            if end < len(line.text):
                self._column += 1
        if line.ending and not self._quoted:
            self._column = 0

    def _name(self, line: Line) -> Iterator[Label]:
        """The first line, or a part of one that is too long, names the columns."""
        if not self._mark:
            self._mark = _mark(line.text) or ","
            self._quotes = self._mark in ",;"  # between tabs and bars a quote is a quote
        cells = list(self._cells(line.text))
        if self._names:  # the cut went through a name
            last, (_, end) = self._names.pop(), cells.pop(0)
            whole = last.text + line.text[:end]
            self._names.append(Heading(whole, Span(last.span.start, line.at + end)))
        self._names += [
            Heading(line.text[begin:end], Span(line.at + begin, line.at + end))
            for begin, end in cells
        ]
        self._named = bool(line.ending)
        yield Label(line.at, line.at + len(line.text), _HEADING)

    def _cells(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the cells of a line begin and end. Heeds quotes that an earlier line opened."""
        begin = at = 0
        while at < len(text):
            if self._quoted:
                close = text.find('"', at)
                if close < 0:
                    break
                self._quoted, at = False, close + 1
            elif text[at] == self._mark:
                yield begin, at
                begin = at = at + 1
            elif self._quotes and text[at] == '"' and (at == begin or text[at - 1] == '"'):
                self._quoted, at = True, at + 1  # opens a cell, or was the first of two in one
            else:
                following = text.find(self._mark, at + 1)
                at = len(text) if following < 0 else following
        yield begin, len(text)


def _mark(line: str) -> str:
    """The sign between the cells of a first line: the commonest of those in use."""
    bare = re.sub(r'"[^"]*+"', "", line)
    best = max("\t|;,", key=bare.count)
    return best if 0 < bare.count(best) < COLUMNS else ""
