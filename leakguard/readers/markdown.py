"""Markdown: plain text that also knows what kind of text each part is.

The text is screened as it stands in the file; nothing is rendered. `Labels` follows CommonMark's
blocks line by line and reads inline marks a paragraph at a time, so that a code span or a link may
go over a line end. Where it cannot know, text stays prose: that is what most rules look at.
"""

from __future__ import annotations

from bisect import bisect_left

from leakguard.light import Iterator, expression
from leakguard.model import LABEL_REACH, Heading, Label, Span
from leakguard.readers import text as text_
from leakguard.readers.lines import Scoped, flat
from leakguard.records import NamedTuple


class Labels:
    """The labeller for Markdown (`model.Labeller`).

    What is still open, a line or a paragraph, is never longer than `LABEL_REACH` each: longer
    ones are cut there, and what a cut takes from an inline mark is prose. So labels are known
    for all text that lies `2 * LABEL_REACH` behind what was fed.
    """

    def __init__(self, *, components: bool = False) -> None:
        self._components = components  # MDX
        self._script = ""  # what ends the script or comment of MDX that we are in
        self._rest = ""  # what was fed and is not a whole line yet
        self._at = 0  # the offset of that
        self._first = True
        self._broken = False  # the line went on longer than a piece may
        self._out: list[Label] = []
        self._front: str | None = None  # what ends the front matter that we are in
        self._maybe_front: tuple[str, int] | None = None  # an opening line, not yet believed
        self._comment = False
        self._tail = ""
        self._mode = "text"  # what the line began as, for the pieces after a cut
        self._fence: _Fence | None = None
        self._boxes: list[int] = []  # open quotes (0) and list items (columns of indentation)
        self._paragraph = ""
        self._paragraph_at = 0
        self._columns: list[Heading] = []  # of the table that the paragraph is

    def feed(self, text: str) -> list[Label]:
        """Labels of the paragraphs, blocks and lines that `text` completes."""
        text = self._rest + text
        begin = 0
        while True:
            end = _LINE_END.search(text, begin, begin + LABEL_REACH + 1)
            if end is None:
                if len(text) - begin <= LABEL_REACH:
                    break
                stop = begin + LABEL_REACH
                self._piece(text[begin:stop], self._at + begin, "")
            else:
                stop = end.end()
                if end[0] == "\r" and stop == len(text):
                    break  # the other half of a CRLF may follow
                self._piece(text[begin : end.start()], self._at + begin, end[0])
            begin = stop
        self._rest = text[begin:]
        self._at += begin
        return self._taken()

    def close(self) -> list[Label]:
        """Labels of what is left."""
        if self._rest:
            line = self._rest.removesuffix("\r")
            self._piece(line, self._at, self._rest[len(line) :])
            self._at += len(self._rest)
            self._rest = ""
        self._flush()
        return self._taken()

    def _taken(self) -> list[Label]:
        taken, self._out = self._out, []
        return taken

    # blocks ─────────────────────────────────────────────────────────────────────────────────────

    def _piece(self, line: str, at: int, ending: str) -> None:
        """One line without its end, or a part of one that is too long."""
        goes_on = self._broken
        self._broken = not ending
        if goes_on:
            self._continued(line, at, ending)
            return
        if (self._first or self._maybe_front or self._front) and self._in_front(line, at, ending):
            self._mode = "front-matter"
            return
        if self._comment:
            self._in_comment(line, 0, at, ending)
            return
        if self._components and self._fence is None and (scope := self._in_script(line)):
            self._label(at, at + len(line) + len(ending), scope)
            self._mode = scope
            return
        # The two commonest lines of all: words in a paragraph, code in a fence.
        if not self._boxes and line[:1].isalpha():
            if self._fence is None:
                self._add(line, at, ending)
            else:
                self._label(at, at + len(line) + len(ending), "code-block")
            return
        self._line(line, at, ending)

    def _continued(self, line: str, at: int, ending: str) -> None:
        if self._comment:
            self._in_comment(line, 0, at, ending)
        elif self._mode in ("code-block", "front-matter", "comment"):
            self._label(at, at + len(line) + len(ending), self._mode)
        elif self._mode == "heading":
            self._inline(line, at, heading=True)
        else:
            self._add(line, at, ending)

    def _in_script(self, line: str) -> str:
        """The scope of a line of MDX that is no Markdown, or nothing.

        A script goes from a line that imports or exports to the next blank one, a comment from a
        brace to a brace.
        """
        bare = line.strip()
        if self._script == "*/}":
            self._script = "" if "*/}" in bare else self._script
            return "comment"
        if not bare:
            self._script = ""
        elif not self._paragraph and not self._boxes and _SCRIPT.match(line):
            self._script = "blank"
        elif bare.startswith("{/*") and "*/}" not in bare:
            self._script = "*/}"
            return "comment"
        return "code-block" if self._script else ""

    def _in_front(self, line: str, at: int, ending: str) -> bool:
        bare = line.rstrip()
        stop = at + len(line) + len(ending)
        if self._first:
            self._first = False
            bare = bare.removeprefix("\ufeff")
            if bare in ("---", "+++"):
                self._maybe_front = (bare, stop)
                return True
            return False
        if self._maybe_front:
            mark, first_stop = self._maybe_front
            self._maybe_front = None
            if not bare:
                return False  # a rule across the page, and a blank line
            self._front = mark
            if self._fits_front(bare):
                self._label(0, first_stop, "front-matter")
        if not self._fits_front(bare):
            self._front = None
            return False
        self._label(at, stop, "front-matter")
        if bare == self._front or (bare == "..." and self._front == "---"):
            self._front = None
        return True

    def _fits_front(self, bare: str) -> bool:
        # Without its closing line front matter would be the whole text.
        return self._front == "+++" or bare == "..." or _YAML.match(bare) is not None

    def _line(self, line: str, at: int, ending: str) -> None:
        stop = at + len(line) + len(ending)
        spot = _Spot.of(line, 0, 0)
        kept, spot = self._inside(line, spot)
        if self._fence is not None:
            if kept >= self._fence.depth:
                self._label(at, stop, "code-block")
                self._mode = "code-block"
                if self._fence.is_closed_by(line, spot):
                    self._fence = None
                return
            self._fence = None
        while True:
            if spot.blank:
                self._flush()
                if 0 in self._boxes[kept:]:
                    del self._boxes[kept:]
                self._mode = "text"
                return
            if spot.indent >= 4:
                if self._paragraph:
                    break
                self._close_to(kept)
                self._label(at, stop, "code-block")
                self._mode = "code-block"
                return
            mark = line[spot.at]
            if len(self._boxes) >= _DEEPEST and kept == len(self._boxes):
                break
            if mark == ">":
                self._close_to(kept)
                self._boxes.append(0)
                spot = _past_quote(line, spot)
            elif mark == "#" and _ATX.match(line, spot.at):
                self._close_to(kept)
                self._inline(line[spot.at :], at + spot.at, heading=True)
                self._mode = "heading"
                return
            elif mark in "`~" and (fence := _FENCE.match(line, spot.at)):
                self._close_to(kept)
                self._fence = _Fence(mark, len(fence[0]), len(self._boxes))
                self._label(at, stop, "code-block")
                self._mode = "code-block"
                return
            elif mark == "<" and line.startswith("<!--", spot.at):
                self._close_to(kept)
                self._in_comment(line, spot.at, at, ending)
                return
            elif mark in "=-" and self._paragraph and self._is_underline(line, spot, kept):
                self._flush(heading=True)
                self._mode = "text"
                return
            elif mark in "*-_" and _is_rule(line, spot.at):
                self._close_to(kept)
                self._mode = "text"
                return
            elif item := self._item(line, spot, kept):
                self._close_to(kept)
                width, spot = item
                self._boxes.append(width)
            else:
                break
            kept = len(self._boxes)
        if kept < len(self._boxes) and not self._paragraph:
            self._close_to(kept)
        # What leads into the paragraph is blanked, so that no inline mark is made of it.
        self._add(" " * spot.at + line[spot.at :], at, ending)

    def _inside(self, line: str, spot: _Spot) -> tuple[int, _Spot]:
        """How many of the open quotes and list items the line goes on with, and where they end."""
        for number, width in enumerate(self._boxes):
            if width:
                if not spot.blank and spot.indent < width:
                    return number, spot
                spot = spot.deeper(width)
            elif not spot.blank and spot.indent < 4 and line[spot.at] == ">":
                spot = _past_quote(line, spot)
            else:
                return number, spot
        return len(self._boxes), spot

    def _is_underline(self, line: str, spot: _Spot, kept: int) -> bool:
        bare = line[spot.at :].rstrip()
        return kept == len(self._boxes) and bare == bare[0] * len(bare)

    def _item(self, line: str, spot: _Spot, kept: int) -> tuple[int, _Spot] | None:
        mark = _ITEM.match(line, spot.at)
        if mark is None:
            return None
        after = _Spot.of(line, mark.end(), spot.column + mark.end() - spot.at)
        if self._paragraph and kept == len(self._boxes):
            number = mark[0][:-1]
            if after.blank or (number and int(number) != 1):
                return None  # it goes on with the paragraph: "in the year\n1984. That"
        gap = after.column - after.base
        if after.blank or gap > 4:
            gap = 1
        width = spot.indent + (mark.end() - mark.start()) + gap
        return width, after._replace(base=after.base + gap)

    def _close_to(self, kept: int) -> None:
        self._flush()
        del self._boxes[kept:]

    def _in_comment(self, line: str, begin: int, at: int, ending: str) -> None:
        """A line with a comment that is open at `begin`, or opens there, and may open more."""
        place = begin
        after = ""
        if self._comment:
            seam = (self._tail + line[:2]).find("-->")
            close = len("-->") + (seam - len(self._tail) if seam >= 0 else line.find("-->", place))
            found = seam >= 0 or close >= len("-->")
        else:
            close, found = _comment_end(line, place)
        while found:
            self._label(at + place, at + close, "comment")
            self._comment = False
            opening = line.find("<!--", close)
            after = line[close : opening if opening >= 0 else len(line)]
            self._inline(after, at + close)
            if opening < 0:
                break
            place = opening
            close, found = _comment_end(line, place)
        if not found:
            self._comment = True
            self._label(at + place, at + len(line) + len(ending), "comment")
        self._tail = line[-2:] if self._comment and not ending else ""
        self._mode = "text"

    # paragraphs ─────────────────────────────────────────────────────────────────────────────────

    def _add(self, line: str, at: int, ending: str) -> None:
        if len(self._paragraph) + len(line) + len(ending) > LABEL_REACH:
            self._flush(goes_on=True)
        if not self._paragraph:
            self._paragraph_at = at
        self._paragraph += line + ending
        self._mode = "text"
        if len(self._paragraph) >= LABEL_REACH:
            self._flush(goes_on=True)

    def _flush(self, *, heading: bool = False, goes_on: bool = False) -> None:
        if self._paragraph:
            self._inline(self._paragraph.rstrip("\r\n"), self._paragraph_at, heading=heading)
            self._paragraph = ""
        if not goes_on:
            self._columns = []

    def _inline(self, text: str, at: int, *, heading: bool = False) -> None:
        spans = _spans(text)
        if heading and text:
            begin = len(text) - len(text.lstrip(" \t"))
            spans.append((begin, len(text), "heading"))
        if "|" in text:
            spans += self._cells(text, at)
        for begin, end, scopes in flat(spans) if spans else ():
            over = next((scope for scope in scopes if scope[0] == "|"), "")
            named = self._columns[int(over[1:])] if over else None
            scopes = scopes - {over} or _PROSE
            self._out.append(Label(at + begin, at + end, scopes, named))

    def _cells(self, text: str, at: int) -> Iterator[Scoped]:
        """The cells of a table, each marked with a bar and the number of its column."""
        begin = 0
        if not self._columns:
            ruled = _RULED.search(text)
            if ruled is None:
                return
            self._columns = [
                Heading(text[a:b], Span(at + a, at + b)) for a, b in _cells_of(text, *ruled.span(1))
            ]
            begin = ruled.end()
        for row in _ROW.finditer(text, begin):
            for number, (a, b) in enumerate(_cells_of(text, *row.span())):
                if number < len(self._columns) and a < b:
                    yield a, b, f"|{number}"

    def _label(self, begin: int, end: int, scope: str) -> None:
        self._flush()
        if begin < end:
            self._out.append(Label(begin, end, frozenset((scope,))))


_SCRIPT = expression(
    r"import\s+[\w{*\"']|export\s+(?:default|const|let|var|async|function|class|[{*])"
)
_DEEPEST = 64  # quotes and lists in one another: nobody writes that, and each costs every line

_LINE_END = expression(r"\r\n?|\n")
_YAML = expression(r"[#\s}\]]|-\s|---$|-$|[^\s:][^:]*:(?:\s|$)|$")
_ATX = expression(r"#{1,6}(?:[ \t]|$)")
_FENCE = expression(r"`{3,}(?=[^`]*$)|~{3,}")
_ITEM = expression(r"(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$)")


class _Spot(NamedTuple):
    """The first character of a line that is neither blank nor read yet, with tabs reckoned in.

    `base` is the column where the innermost quote or list item begins.
    """

    at: int
    column: int
    base: int
    blank: bool

    @classmethod
    def of(cls, line: str, at: int, column: int) -> _Spot:
        base = column
        while at < len(line) and line[at] in " \t":
            column += 4 - column % 4 if line[at] == "\t" else 1
            at += 1
        return cls(at, column, base, at == len(line))

    @property
    def indent(self) -> int:
        return self.column - self.base

    def deeper(self, width: int) -> _Spot:
        return self._replace(base=min(self.base + width, self.column))


class _Fence(NamedTuple):
    mark: str
    length: int
    depth: int

    def is_closed_by(self, line: str, spot: _Spot) -> bool:
        if spot.blank or spot.indent >= 4:
            return False
        bare = line[spot.at :].rstrip(" \t")
        return len(bare) >= self.length and bare == self.mark * len(bare)


def _past_quote(line: str, spot: _Spot) -> _Spot:
    after = _Spot.of(line, spot.at + 1, spot.column + 1)
    return after.deeper(1)  # one space belongs to the mark


def _is_rule(line: str, at: int) -> bool:
    bare = line[at:].replace(" ", "").replace("\t", "")
    return len(bare) >= 3 and bare == bare[0] * len(bare)


def _comment_end(line: str, at: int) -> tuple[int, bool]:
    for short in ("<!-->", "<!--->"):
        if line.startswith(short, at):
            return at + len(short), True
    end = line.find("-->", at + 4)
    return end + 3, end >= 0


# ── inline marks ─────────────────────────────────────────────────────────────────────────────────


def _spans(text: str) -> list[Scoped]:
    """The inline marks of one paragraph, overlapping where one stands in another."""
    spans: list[Scoped] = []
    marked = "`" in text or "<" in text or "[" in text or "{/*" in text
    if not marked and "://" not in text and "www." not in text:
        return spans
    if "]:" in text:
        for definition in _DEFINITION.finditer(text):
            _add_target(spans, *definition.span(definition.lastindex or 0))
    ticks = _Ticks(text)
    open_brackets: list[tuple[int, bool]] = []
    at = 0
    while found := _MARK.search(text, at):
        begin, at = found.span()
        mark = found[0]
        if mark[0] == "`":
            close = ticks.after(at, len(mark))
            if close >= 0:
                spans.append((at, close, "code-span"))
                at = close + len(mark)
        elif mark == "<":
            at = _angle(text, begin, spans)
        elif mark in ("[", "!["):
            open_brackets.append((at, mark == "!["))
        elif mark == "]":
            if open_brackets:
                inside, is_image = open_brackets.pop()
                at, is_link = _link(text, begin + 1, spans)
                if is_image and is_link:
                    spans.append((inside, begin, "alt-text"))
        elif mark == "{/*":
            close = text.find("*/}", at)
            if close >= 0:
                spans.append((begin, close + 3, "comment"))
                at = close + 3
        elif mark[0] != "\\":
            end = text_.address_end(text, at)
            if end > at:
                spans.append((begin, end, "url"))
                at = end
    return spans


def _angle(text: str, begin: int, spans: list[Scoped]) -> int:
    """Reads what `<` opens: a comment, an address or a tag. Returns where to read on."""
    if text.startswith("<!--", begin):
        end, found = _comment_end(text, begin)
        if found:
            spans.append((begin, end, "comment"))
            return end
        return begin + 1
    if link := _AUTOLINK.match(text, begin):
        spans.append((begin + 1, link.end() - 1, "url"))
        return link.end()
    tag = _TAG.match(text, begin)
    if tag is None:
        return begin + 1
    at = tag.end()
    while attribute := _ATTRIBUTE.match(text, at):
        at = attribute.end()
        value = attribute.lastindex or 0
        if value > 1:
            start, end = attribute.span(value)
            spans.append((start, end, "html-attribute"))
            name = attribute[1].lower()
            if name in ("href", "src"):
                _add_target(spans, start, end)
            elif name == "alt":
                spans.append((start, end, "alt-text"))
    return at


def _link(text: str, at: int, spans: list[Scoped]) -> tuple[int, bool]:
    """Reads what follows the bracket that closes a link's text: where to read on, and whether
    it was a link at all."""
    reference = _REFERENCE.match(text, at)
    if reference:
        return reference.end(), True
    opening = _OPENING.match(text, at)
    if opening is None:
        return at, False
    if opening.lastindex:
        start, end = opening.span(1)
        after = opening.end()
    else:
        start = opening.end()
        after = end = _target_end(text, start)
    title = _TITLE.match(text, after)
    if title is None:
        return at, False
    _add_target(spans, start, end)
    return title.end(), True


def _add_target(spans: list[Scoped], begin: int, end: int) -> None:
    spans.append((begin, end, "link-target"))
    spans.append((begin, end, "url"))


def _target_end(text: str, at: int) -> int:
    """Where a target without angle brackets ends: at a space, or at the bracket that closes it."""
    depth = 0
    for found in _TARGET_MARK.finditer(text, at):
        if found[0] == "(":
            depth += 1
            if depth > 32:  # as others do: no target is like that, and it keeps the time linear
                return at
        elif found[0] == ")":
            if depth == 0:
                return found.start()
            depth -= 1
        elif found[0][0] != "\\":
            return found.start()
    return len(text)


def _cells_of(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the cells of a row begin and end, without the space and the bars round them."""
    while begin < end and text[begin] in "> \t":
        begin += 1
    if begin < end and text[begin] == "|":
        begin += 1
    while end > begin and text[end - 1] in " \t":
        end -= 1
    if end > begin and text[end - 1] == "|":
        end -= 1
    for bar in (*(found.start() for found in _BAR.finditer(text, begin, end)), end):
        a, b = begin, bar
        while a < b and text[a] in " \t":
            a += 1
        while b > a and text[b - 1] in " \t":
            b -= 1
        yield a, b
        begin = bar + 1


class _Ticks:
    """Runs of backticks by their length, found once: a search for each would be quadratic."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._runs: dict[int, list[int]] | None = None

    def after(self, at: int, length: int) -> int:
        if self._runs is None:
            self._runs = {}
            for run in _RUN.finditer(self._text):
                self._runs.setdefault(len(run[0]), []).append(run.start())
        starts = self._runs.get(length, [])
        index = bisect_left(starts, at)
        return starts[index] if index < len(starts) else -1


_MARK = expression(
    r"(?i)`+|<|!?\[|\]|\{/\*|\\[!-/:-@\[-`{-~]|(?<![A-Za-z0-9])(?:https?://|ftp://|www\.)"
)
_PROSE = frozenset({"prose"})
_BAR = expression(r"(?<!\\)\|")
_ROW = expression(r"[^\r\n]+")
# A row of names and, under it, the row of dashes that makes it a table.
_RULED = expression(
    r"(?m)^([^\r\n]*\|[^\r\n]*)(?:\r\n?|\n)[ \t>]*+\|?[ \t]*+:?-++:?[ \t]*+"
    r"(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*+(?=[\r\n]|$)"
)
_RUN = expression("`+")
_ROUND = expression(r"(?s)\\.|[()]")
_DEFINITION = expression(
    r"(?m)^ *+\[(?!\^)[^\]\n\r]++\]:[ \t]*+(?:\r\n?|\n)?[ \t]*+(?:<([^>\n\r]*+)>|([^\s<]\S*+))"
)
_AUTOLINK = expression(r"<[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*+>")
_TAG = expression(r"</?[A-Za-z][A-Za-z0-9.:-]*+(?=[\s/>])")
_ATTRIBUTE = expression(
    r"""\s++([A-Za-z_:@#*.\[(][^\s"'<>/=]*+)"""
    r"""(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'=<>`]++)))?+"""
)
_OPENING = expression(r"\(\s*+(?:<([^<>\n\r]*+)>)?+")
_TARGET_MARK = expression(r"\\[!-/:-@\[-`{-~]|[()\s]")
_TITLE = expression(
    r"""(?s)(?:\s++(?:"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|\((?:[^()\\]|\\.)*+\)))?+\s*+\)"""
)
_REFERENCE = expression(r"\[[^\[\]]*+\]")
