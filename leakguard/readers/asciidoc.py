"""AsciiDoc: headings, attributes, delimited blocks, comments, links and images."""

from __future__ import annotations

import re
from collections.abc import Iterator

from leakguard.model import Label
from leakguard.readers.lines import Line, Lines, Scoped, inline, labels, target


class Labels:
    """The labeller for AsciiDoc (`model.Labeller`): line by line, as its blocks are written."""

    def __init__(self) -> None:
        self._lines = Lines()
        self._first = True
        self._header = True  # no line of the body so far
        self._closing = ""  # the line that ends the block that we are in
        self._scope = ""  # and what it holds; "" is text like any other
        self._styled = ""  # the block or paragraph to come is of this scope
        self._paragraph = ""  # the scope of the paragraph that we are in; "-" is prose

    def feed(self, text: str) -> list[Label]:
        """Labels of the lines that `text` completes."""
        return [label for line in self._lines.feed(text) for label in self._line(line)]

    def close(self) -> list[Label]:
        """Labels of what is left."""
        return [label for line in self._lines.close() for label in self._line(line)]

    def _line(self, line: Line) -> Iterator[Label]:
        bare = line.text.rstrip()
        first, self._first = self._first, False
        if self._closing:
            scope = self._scope
            if bare == self._closing:
                self._closing = self._scope = ""
            yield Label(line.at, line.stop, frozenset({scope}))
            return
        if first and bare == "---":
            self._closing, self._scope = "---", "front-matter"
            yield Label(line.at, line.stop, frozenset({"front-matter"}))
            return
        if not bare:
            self._paragraph = ""
            return
        if fence := _FENCE.fullmatch(bare):
            self._paragraph = ""
            mark = fence[1] or bare
            self._closing = mark
            self._scope = "comment" if mark[0] == "/" else "code-block"
            yield Label(line.at, line.stop, frozenset({self._scope}))
        elif bare.startswith("//") and not bare.startswith("///"):
            yield Label(line.at, line.stop, frozenset({"comment"}))
        elif _ATTRIBUTE.match(bare) and self._paragraph in ("", "header"):
            scope = "front-matter" if self._header else "metadata"
            self._paragraph = "header"
            yield Label(line.at, line.stop, frozenset({scope}))
        elif _HEADING.match(bare):
            self._paragraph = "header" if self._header else ""
            spans = [*_inline(line.text), (0, len(bare), "heading")]
            yield from labels(spans, line.at)
        elif style := _STYLE.fullmatch(bare):
            self._styled = "code-block" if style[1].lower() in _CODE else ""
            self._paragraph = ""
        else:
            yield from self._words(line)

    def _words(self, line: Line) -> Iterator[Label]:
        """A line of a paragraph, which its first line or the line above it may make code."""
        if self._paragraph == "":
            indented = line.text[:1] in " \t" and not _ITEM.match(line.text)
            self._paragraph = self._styled or ("code-block" if indented else "-")
            self._header = False
        self._styled = ""
        if self._paragraph == "code-block":
            yield Label(line.at, line.stop, frozenset({"code-block"}))
        else:
            yield from labels(_inline(line.text), line.at)


def _inline(text: str) -> Iterator[Scoped]:
    return inline(text, _MARK, _of_mark)


def _of_mark(found: re.Match[str]) -> Iterator[Scoped]:
    if found["code"] is not None:
        yield *found.span("code"), "code-span"
    elif found["target"] is not None:
        yield from target(*found.span("target"))
        if found["alt"] and found["kind"] not in ("link", "xref"):
            yield *found.span("alt"), "alt-text"


_FENCE = re.compile(r"-{4,}|\.{4,}|/{4,}|\+{4,}|(`{3,})[\w+-]{0,30}")
_ATTRIBUTE = re.compile(r":!?[A-Za-z0-9_][\w-]{0,80}!?:(?:[ \t]|$)")
_HEADING = re.compile(r"={1,6}[ \t]+\S|#{1,6}[ \t]+\S|\.(?![. \t])[A-Z][^.]{0,120}$")
_STYLE = re.compile(r"\[([A-Za-z]{0,20})[^\]\n]{0,400}\]")
_ITEM = re.compile(r"[ \t]*(?:[*.-]{1,5}|\d{1,3}\.|[a-z]\.)[ \t]")
_CODE = frozenset({"source", "listing", "literal", "stem", "plantuml", "mermaid", "console"})
_MARK = re.compile(
    r"`\+?(?P<code>[^`\n]++)`"
    r"|(?P<kind>link|image|video|audio|xref)::?(?!:)(?P<target>[^\s\[\]]++)\[(?P<alt>[^\]\n]*+)\]"
)
