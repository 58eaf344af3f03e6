"""Places: from offsets to lines, columns and bytes, for texts that arrive in windows."""

from __future__ import annotations

from leakguard.light import bisect_right, expression
from leakguard.model import Anchor, Place, Span, utf16_length
from leakguard.records import NamedTuple, replace

_LINE_END = expression(r"\r\n?|\n")


class Position(NamedTuple):
    """Where a window begins: its offset, its line from 1, what of that line lies before it."""

    offset: int = 0
    line: int = 1
    column: int = 0
    utf16: int = 0
    byte: int = 0

    def after(self, text: str, following: str, encoding: str | None) -> Position:
        """The position behind `text`, which begins here. `following` is the character after it."""
        line, start = self.line, 0
        for match in _LINE_END.finditer(text):
            if match.end() == len(text) and match[0] == "\r" and following == "\n":
                continue  # half of a CRLF: the line ends with the other half
            line, start = line + 1, match.end()
        rest = text[start:]
        column = len(rest) + (0 if start else self.column)
        utf16 = utf16_length(rest) + (0 if start else self.utf16)
        byte = self.byte + byte_length(text, encoding)
        return Position(self.offset + len(text), line, column, utf16, byte)


def byte_length(text: str, encoding: str | None) -> int:
    """The length in bytes of `text` as the file holds it; 0 when there is no file."""
    if encoding is None:
        return 0
    if text.isascii() and encoding in ("utf-8", "cp1252"):
        return len(text)
    return len(text.encode(encoding))


class Ruler:
    """Places in one window. Measures its lines when first asked."""

    def __init__(
        self, text: str, begin: Position, encoding: str | None, anchors: tuple[Anchor, ...]
    ) -> None:
        self._text = text
        self._begin = begin
        self._encoding = encoding
        self._anchors = anchors
        self._starts: list[int] | None = None  # of lines, where not all end with a line feed
        self._counted = (0, 0)  # how far line feeds are counted: code points, how many
        self._measured = (0, 0)  # how far bytes are counted: code points, bytes

    def place(self, span: Span) -> Place:
        """The place of a span of the document that lies in this window."""
        if self._anchors:
            index = bisect_right(self._anchors, span.start, key=lambda anchor: anchor.start) - 1
            return self._anchors[max(index, 0)].place
        start, end = span.start - self._begin.offset, span.end - self._begin.offset
        line, column, utf16 = self._line(start)
        end_line, end_column, end_utf16 = self._line(end)
        byte_start = byte_end = None
        if self._encoding is not None:
            byte_start = self._byte(start)
            byte_end = byte_start + byte_length(self._text[start:end], self._encoding)
        return Place(
            line=line,
            column=column + 1,
            end_line=end_line,
            end_column=end_column + 1,
            utf16_column=utf16,
            utf16_end_column=end_utf16,
            byte_start=byte_start,
            byte_end=byte_end,
        )

    def _line(self, at: int) -> tuple[int, int, int]:
        index, start = self._line_start(at)
        before = self._text[start:at]
        if index == 0:
            column, utf16 = self._begin.column, self._begin.utf16
            return self._begin.line, column + len(before), utf16 + utf16_length(before)
        return self._begin.line + index, len(before), utf16_length(before)

    def _line_start(self, at: int) -> tuple[int, int]:
        """How many lines of the window end before `at`, and where the line of `at` begins."""
        if self._starts is None:
            carriage = "\r" in self._text
            self._starts = [m.end() for m in _LINE_END.finditer(self._text)] if carriage else []
        if self._starts:
            index = bisect_right(self._starts, at)
            return index, self._starts[index - 1] if index else 0
        passed, count = self._counted if at >= self._counted[0] else (0, 0)
        count += self._text.count("\n", passed, at)
        self._counted = (at, count)
        return count, self._text.rfind("\n", 0, at) + 1

    def _byte(self, at: int) -> int:
        points, count = self._measured
        if at < points:
            points, count = 0, 0
        count += byte_length(self._text[points:at], self._encoding)
        self._measured = (at, count)
        return self._begin.byte + count


def joined(first: Place, last: Place) -> Place:
    """From the beginning of one place to the end of another."""
    return replace(
        first,
        end_line=last.end_line,
        end_column=last.end_column,
        utf16_end_column=last.utf16_end_column,
        byte_end=last.byte_end,
    )
