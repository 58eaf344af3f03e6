"""Places: from offsets to lines, columns and bytes, for texts that arrive in windows."""

from __future__ import annotations

from leakguard.light import bisect_right
from leakguard.model import Anchor, Place, Span, utf16_length
from leakguard.records import NamedTuple, replace


class Position(NamedTuple):
    """Where a window begins: its offset, its line from 1, what of that line lies before it."""

    offset: int = 0
    line: int = 1
    column: int = 0
    utf16: int = 0
    byte: int = 0

    def after(self, text: str, following: str, encoding: str | None) -> Position:
        """The position behind `text`, which begins here. `following` is the character after it."""
        # Half of a CRLF: the line ends with the other half.
        end = len(text) - (following == "\n" and text.endswith("\r"))
        line, start = self.line + _line_ends(text, 0, end), _line_start(text, end)
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
        self._counted = (0, 0)  # how far line ends are counted: code points, how many
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
        # Between the halves of a CRLF the line has not ended.
        end = at - (self._text[at - 1 : at + 1] == "\r\n")
        passed, index = self._counted if end >= self._counted[0] else (0, 0)
        index += _line_ends(self._text, passed, end)
        self._counted = (end, index)
        before = self._text[_line_start(self._text, end) : at]
        if index == 0:
            column, utf16 = self._begin.column, self._begin.utf16
            return self._begin.line, column + len(before), utf16 + utf16_length(before)
        return self._begin.line + index, len(before), utf16_length(before)

    def _byte(self, at: int) -> int:
        points, count = self._measured
        if at < points:
            points, count = 0, 0
        count += byte_length(self._text[points:at], self._encoding)
        self._measured = (at, count)
        return self._begin.byte + count


def _line_ends(text: str, start: int, end: int) -> int:
    """How many lines end in a stretch: with a line feed, a carriage return or both."""
    returns = text.count("\r", start, end)
    pairs = text.count("\r\n", start, end) if returns else 0
    return text.count("\n", start, end) + returns - pairs


def _line_start(text: str, at: int) -> int:
    """Where the line begins that goes on at `at`."""
    feed = text.rfind("\n", 0, at)
    return max(feed, text.rfind("\r", feed + 1, at)) + 1


def joined(first: Place, last: Place) -> Place:
    """From the beginning of one place to the end of another."""
    return replace(
        first,
        end_line=last.end_line,
        end_column=last.end_column,
        utf16_end_column=last.utf16_end_column,
        byte_end=last.byte_end,
    )
