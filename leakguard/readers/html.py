"""HTML, and what is written like it: XML, SVG, templates and components.

The text is screened as it stands in the file, markup included; nothing is rendered. What a
browser shows is prose unless an element says otherwise; values of attributes are
`html-attribute`, those of `href` and `src` also `link-target url`, `alt` also `alt-text`, and
`content` also `metadata`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from leakguard.model import Label
from leakguard.readers.lines import Line, Lines, Scoped, addresses, labels, target


class Labels:
    """The labeller for HTML (`model.Labeller`): tags, values, comments and scripts may go on for
    lines, and so may an element that gives its text a scope."""

    def __init__(self) -> None:
        self._lines = Lines()
        self._first = True
        self._front = False
        self._inside = ""  # "<!--", "<", a quote, the name of an element of raw text; "": text
        self._open: list[tuple[str, str]] = []  # elements with a scope, and those they must count
        self._tag = ""
        self._attribute = ""
        self._awaited = False  # an equals sign stood there: what follows is a value
        self._hides = False

    def feed(self, text: str) -> list[Label]:
        """Labels of the lines that `text` completes."""
        return [label for line in self._lines.feed(text) for label in self._line(line)]

    def close(self) -> list[Label]:
        """Labels of what is left."""
        return [label for line in self._lines.close() for label in self._line(line)]

    def _line(self, line: Line) -> Iterator[Label]:
        first, self._first = self._first, False
        if self._front or (first and line.text.rstrip() == "---"):  # of a static site's generator
            self._front = first or line.text.rstrip() != "---"
            yield Label(line.at, line.stop, frozenset({"front-matter"}))
            return
        text = line.text + line.ending
        spans: list[Scoped] = []
        at = 0
        while at < len(text):
            if self._inside == "":
                at = self._words(text, at, spans)
            elif self._inside == "<!--":
                at = self._until("-->", text, at, spans, "comment")
            elif self._inside == "<":
                at = self._in_tag(text, at, spans)
            elif self._inside in "\"'":
                at = self._value(text, at, spans)
            else:
                at = self._raw(text, at, spans)
        yield from labels(spans, line.at)

    def _words(self, text: str, at: int, spans: list[Scoped]) -> int:
        """Text up to the next tag or comment."""
        found = _OPENING.search(text, at)
        end = found.start() if found else len(text)
        scopes = {scope for _, scope in self._open if scope}
        spans += [(at, end, scope) for scope in scopes]
        spans += [(at + a, at + b, scope) for a, b, scope in addresses(text[at:end])]
        if found is None:
            return end
        if found[0] == "<!--":
            self._inside = "<!--"
            return end
        self._inside = "<"
        self._tag = found[0][1:].lower()
        self._attribute, self._awaited, self._hides = "", False, False
        return found.end()

    def _until(self, close: str, text: str, at: int, spans: list[Scoped], scope: str) -> int:
        begin = at + len("<!--") if text.startswith("<!--", at) else at
        found = text.find(close, begin)
        end = len(text) if found < 0 else found + len(close)
        spans.append((at, end, scope))
        if found >= 0:
            self._inside = ""
        return end

    def _in_tag(self, text: str, at: int, spans: list[Scoped]) -> int:
        if self._awaited and (value := _UNQUOTED.match(text, at)):
            self._marks(*value.span(), text, spans)
            self._awaited = False
            return value.end()
        found = _IN_TAG.match(text, at)
        assert found is not None  # its last branch takes anything
        piece = found[0]
        if piece == ">":
            self._ends(is_empty=text[at - 1 : at] == "/" or self._tag in _VOID)
        elif piece in "\"'":
            if self._awaited:
                self._inside = piece
        elif piece == "=":
            self._awaited = True
        elif not piece.isspace() and piece != "/":
            self._attribute = piece.lower()
            self._hides |= self._attribute == "hidden"
        return found.end()

    def _value(self, text: str, at: int, spans: list[Scoped]) -> int:
        found = text.find(self._inside, at)
        end = len(text) if found < 0 else found
        self._marks(at, end, text, spans)
        if found < 0:
            return end
        self._inside, self._awaited = "<", False
        return end + 1

    def _marks(self, begin: int, end: int, text: str, spans: list[Scoped]) -> None:
        name = self._attribute.rpartition(":")[2]
        spans.append((begin, end, "html-attribute"))
        if name in _TARGETS:
            spans += target(begin, end)
        elif name == "alt":
            spans.append((begin, end, "alt-text"))
        elif name == "content" and self._tag == "meta":
            spans.append((begin, end, "metadata"))
        elif name == "style":
            self._hides |= _HIDING.search(text, begin, end) is not None

    def _raw(self, text: str, at: int, spans: list[Scoped]) -> int:
        found = re.compile(rf"</{re.escape(self._inside)}\b", re.IGNORECASE).search(text, at)
        end = found.start() if found else len(text)
        spans.append((at, end, "code-block"))
        if found:
            self._inside = ""
        return end

    def _ends(self, *, is_empty: bool) -> None:
        """The tag is complete: open or close what it stands for."""
        self._inside = ""
        if self._tag.startswith("/"):
            names = [name for name, _ in self._open]
            name = self._tag[1:]
            if name in names:
                del self._open[len(names) - 1 - names[::-1].index(name) :]
            return
        if is_empty:
            return
        if self._tag in _RAW:
            self._inside = self._tag
            return
        scope = _ELEMENTS.get(self._tag, "hidden" if self._hides else "")
        if (scope or any(name == self._tag for name, _ in self._open)) and len(self._open) < 64:
            self._open.append((self._tag, scope))


_OPENING = re.compile(r"<!--|</?[A-Za-z][^\s/>]{0,80}")
_IN_TAG = re.compile(r"\s+|>|[\"']|=|/|[^\s\"'<>/=]+|.", re.DOTALL)
_UNQUOTED = re.compile(r"[^\s\"'>=]+")
_HIDING = re.compile(r"display\s{0,4}:\s{0,4}none|visibility\s{0,4}:\s{0,4}hidden", re.IGNORECASE)
_TARGETS = frozenset({"action", "cite", "data", "href", "poster", "src", "srcset"})
_RAW = frozenset({"script", "style"})
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_ELEMENTS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "title"), "heading"),
    **dict.fromkeys(("listing", "pre", "xmp"), "code-block"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "code-span"),
    **dict.fromkeys(("del", "s", "strike"), "deleted"),
    "ins": "inserted",
}
