"""reStructuredText: headings, directives, literal blocks, comments, links and docinfo.

Nothing is parsed that needs the whole document: a line, the one above it and the indentation tell.
Where that is not enough, text stays prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from leakguard.model import LABEL_REACH, Label
from leakguard.readers.lines import Line, Lines, Scoped, addresses, inline, labels, target


class Labels:
    """The labeller for reStructuredText (`model.Labeller`)."""

    def __init__(self) -> None:
        self._lines = Lines()
        self._block: tuple[int, str] | None = None  # deeper lines than that have the scope
        self._doctest = False
        self._fields = True  # only blank lines, titles and fields so far
        self._waiting: list[Line] = []  # a paragraph: its last line may turn out to be a title
        self._size = 0
        self._literal = False  # it ended with two colons

    def feed(self, text: str) -> list[Label]:
        """Labels of the lines and paragraphs that `text` completes."""
        return [label for line in self._lines.feed(text) for label in self._line(line)]

    def close(self) -> list[Label]:
        """Labels of what is left."""
        made = [label for line in self._lines.close() for label in self._line(line)]
        return [*made, *self._paragraph()]

    def _line(self, line: Line) -> Iterator[Label]:
        bare = line.text.strip()
        if not bare:
            yield from self._paragraph()
            self._doctest = False
            return
        indent = len(line.text) - len(line.text.lstrip())
        if self._literal and not self._waiting:
            self._literal = False
            if indent > 0:
                self._block = (indent - 1, "code-block")
        if self._block:
            deeper, scope = self._block
            if indent > deeper:
                yield from self._in_block(line, scope)
                return
            self._block = None
        if self._doctest or bare.startswith(">>> "):
            yield from self._paragraph()
            self._doctest = True
            yield Label(line.at, line.stop, frozenset({"code-block"}))
            return
        if _ADORNMENT.fullmatch(bare):
            yield from self._title(line)
            return
        if found := _EXPLICIT.match(line.text):
            yield from self._paragraph()
            self._fields = False
            yield from self._explicit(line, found)
            return
        if self._fields and not self._waiting and _FIELD.match(line.text):
            yield Label(line.at, line.stop, frozenset({"front-matter"}))
            return
        self._waiting.append(line)
        self._size += len(line.text) + len(line.ending)
        if self._size > LABEL_REACH // 2:
            yield from self._paragraph()

    def _in_block(self, line: Line, scope: str) -> Iterator[Label]:
        if scope == "options":  # of a directive whose content is prose
            if found := _ALT.match(line.text):
                yield Label(line.at + found.start(1), line.at + found.end(1), _ALT_TEXT)
            else:
                yield from labels(_inline(line.text), line.at)
        else:
            yield Label(line.at, line.stop, frozenset({scope}))

    def _title(self, line: Line) -> Iterator[Label]:
        """A line of one sign, repeated: under or over a title, or between paragraphs."""
        if self._waiting:
            title = self._waiting.pop()
            yield from self._paragraph()
            text = title.text
            begin = len(text) - len(text.lstrip())
            spans = [*_inline(text), (begin, len(text.rstrip()), "heading")]
            yield from labels(spans, title.at)
        self._literal = False

    def _explicit(self, line: Line, found: re.Match[str]) -> Iterator[Label]:
        """A line that begins with two dots: a directive, a target, a note or a comment."""
        indent = len(found[1])
        text, begin = line.text, found.end()
        if link := _TARGET.match(text, begin):
            yield from labels(target(*link.span(1)), line.at)
        elif directive := _DIRECTIVE.match(text, begin):
            name = directive[1].lower()
            if name in ("image", "figure"):
                yield from labels(target(directive.end(), len(text.rstrip())), line.at)
            if name in _CODE:
                yield Label(line.at, line.stop, frozenset({"code-block"}))
            elif name not in ("image", "figure"):
                spans = [(a + directive.end(), b + directive.end(), scope)
                         for a, b, scope in _inline(text[directive.end():])]  # fmt: skip
                yield from labels(spans, line.at)
            scope = "code-block" if name in _CODE else "metadata" if name == "meta" else "options"
            self._block = (indent, scope)
        elif text.startswith(("[", "|"), begin):
            yield from labels(_inline(text), line.at)
        else:
            yield Label(line.at, line.stop, frozenset({"comment"}))
            self._block = (indent, "comment")

    def _paragraph(self) -> Iterator[Label]:
        """Labels of the lines that waited."""
        if not self._waiting:
            return
        self._fields = False
        lines, self._waiting, self._size = self._waiting, [], 0
        text = "".join(line.text + line.ending for line in lines)
        self._literal = text.rstrip().endswith("::")
        yield from labels(_inline(text), lines[0].at)


def _inline(text: str) -> Iterator[Scoped]:
    return inline(text, _MARK, _of_mark) if "`" in text else addresses(text)


def _of_mark(found: re.Match[str]) -> Iterator[Scoped]:
    if found["code"] is not None:
        yield *found.span("code"), "code-span"
    elif found["target"] is not None:
        yield from target(*found.span("target"))
    elif found["role"].lower() in _CODE_ROLES:
        yield *found.span("text"), "code-span"


_ALT_TEXT = frozenset({"alt-text"})
_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1{2,}")
_EXPLICIT = re.compile(r"([ \t]*)\.\.(?:[ \t]+|$)")
_TARGET = re.compile(r"_[^:\n]{1,200}:[ \t]+(\S+)|__[ \t]*:?[ \t]+(\S+)")
_DIRECTIVE = re.compile(r"(?:\|[^|\n]{1,100}\|[ \t]+)?([A-Za-z][\w.:+-]{0,60})::[ \t]*")
_FIELD = re.compile(r":[A-Za-z][^:\n]{0,60}:(?:[ \t]|$)")
_ALT = re.compile(r"[ \t]+:alt:[ \t]+(\S.*\S|\S)")
_MARK = re.compile(
    r"``(?P<code>[^`]++(?:`[^`]++)*+)``"
    r"|(?::(?P<role>[A-Za-z][\w.+-]{0,40}(?::[\w.+-]{1,40})?):)`(?P<text>[^`]++)`"
    r"|`[^`<]*+<(?P<target>[^`<>]++)>`__?"
)
_CODE = frozenset(
    "code code-block sourcecode literalinclude parsed-literal highlight prompt math graphviz "
    "uml plantuml productionlist doctest testcode testoutput testsetup command-output "
    "program-output ipython mermaid jinja argparse".split()
)
_CODE_ROLES = frozenset(
    "attr class cmd code command const cpp:any data envvar exc file func kbd literal meth mod "
    "option program py:attr py:class py:func py:meth py:mod py:data samp token".split()
)
