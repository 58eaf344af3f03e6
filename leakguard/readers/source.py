"""Source code: comments and docstrings are `comment`, all else is `code-block`.

A comment is told by the marks of its language, outside of what looks like a string on the same
line. Files of settings and data have comments too, but no code: their values are prose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from leakguard.model import Label, Labeller
from leakguard.readers.lines import Line, Lines, Scoped, addresses, labels
from leakguard.records import NamedTuple


class Language(NamedTuple):
    """The marks of a language.

    `line` is a pattern for what begins a comment that ends with its line. `blocks` open and close
    comments, `texts` are marks that open and close values; both may go on for lines. `strings` is
    a pattern for values on one line. With `docstrings` a text where a statement begins is a
    comment. Without `code` there is nothing but comments and prose.
    """

    line: str
    blocks: tuple[tuple[str, str], ...] = ()
    texts: tuple[str, ...] = ()
    strings: str = r"\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'"
    docstrings: bool = False
    code: bool = True


_HASH = r"(?:^|(?<=\s))\#"
_SLASHES = r"(?<!:)//"
_STARS = (("/*", "*/"),)
_DOUBLE = r'"(?:[^"\\]|\\.)*+"'
LANGUAGES: dict[str, Language] = {
    "c": Language(_SLASHES, _STARS, ("`", '"""')),
    "css": Language(r"(?!)", _STARS),
    "data": Language(_HASH, code=False),
    "haskell": Language(r"--(?![!#$%&*+./<=>?@^|~])", (("{-", "-}"),), strings=_DOUBLE),
    "ini": Language(r"^\s*+[#;!]", code=False),
    "lisp": Language(";", (("#|", "|#"),), strings=_DOUBLE),
    "lua": Language(r"--(?!\[\[)", (("--[[", "]]"),)),
    "php": Language(rf"{_SLASHES}|(?:^|(?<=\s))\#(?!\[)", _STARS),
    "powershell": Language(_HASH, (("<#", "#>"),)),
    "python": Language(r"\#", texts=('"""', "'''"), docstrings=True),
    "shell": Language(_HASH),
    "sql": Language("--", _STARS, strings=r"'(?:[^']|'')*+'"),
    "tex": Language(r"(?<!\\)%", code=False),
    "vim": Language(r'^\s*+"'),
}
_FAMILIES = {
    "c": "c cc cpp cs cxx dart go gradle groovy h hh hpp hxx java js jsx kt kts less m mjs mm "
    "proto rs sass scala scss sol swift ts tsx v zig",
    "css": "css",
    "data": "cfg conf env toml yaml yml",
    "haskell": "elm hs",
    "ini": "editorconfig ini properties",
    "lisp": "clj cljs el lisp scm",
    "lua": "lua",
    "php": "php",
    "powershell": "ps1 psm1",
    "python": "py pyi pyx",
    "shell": "bash cmake dockerfile ex exs fish jl makefile nim nix pl r rake rb sh tcl tf tfvars "
    "zsh",
    "sql": "sql",
    "tex": "bib erl latex tex",
    "vim": "vim",
}
NAMES: dict[str, str] = {
    name: family for family, names in _FAMILIES.items() for name in names.split()
}


def labeller(name: str) -> Callable[[], Labeller]:
    """The labeller for files of that name."""
    return partial(Labels, NAMES.get(re.split(r"[./\\]", name.lower())[-1], "c"))


class Labels:
    """The labeller for source code (`model.Labeller`)."""

    def __init__(self, family: str = "c") -> None:
        self._language = LANGUAGES[family]
        self._token = _token(self._language)
        self._lines = Lines()
        self._close = ""  # what ends the comment or value that we are in
        self._scope = ""

    def feed(self, text: str) -> list[Label]:
        """Labels of the lines that `text` completes."""
        return [label for line in self._lines.feed(text) for label in self._line(line)]

    def close(self) -> list[Label]:
        """Labels of what is left."""
        return [label for line in self._lines.close() for label in self._line(line)]

    def _line(self, line: Line) -> Iterator[Label]:
        text = line.text + line.ending
        spans = self._marks(text)
        if not self._language.code:
            spans = [span for span in spans if span[2] == "comment"]
        yield from labels([*spans, *addresses(text)], line.at)

    def _marks(self, text: str) -> list[Scoped]:
        """The comments of a line, and the code between them."""
        spans: list[Scoped] = []
        at = code = 0
        while at < len(text):
            if self._close:
                found = text.find(self._close, at)
                end = len(text) if found < 0 else found + len(self._close)
                spans.append((at, end, self._scope))
                self._close = "" if found >= 0 else self._close
                at = code = end
                continue
            mark = self._token.search(text, at)
            if mark is None:
                break
            kind = mark.lastgroup
            at = mark.end()
            if kind == "string":
                continue
            spans.append((code, mark.start(), "code-block"))
            if kind == "line":
                at = len(text)
                spans.append((mark.start(), at, "comment"))
            else:
                opened = mark[kind or 0]
                self._close = dict(self._language.blocks).get(opened, opened)
                self._scope = "code-block" if kind == "text" else "comment"
                spans.append((mark.start(), at, self._scope))
            code = at
        spans.append((code, len(text), "code-block"))
        return spans


def _token(language: Language) -> re.Pattern[str]:
    blocks = "|".join(re.escape(opening) for opening, _ in language.blocks)
    texts = "|".join(map(re.escape, language.texts))
    kinds = [
        rf"^\s*+[rRuU]?(?P<doc>{texts})" if language.docstrings else "",
        f"(?P<block>{blocks})" if blocks else "",
        f"(?P<text>{texts})" if texts else "",
        f"(?P<line>{language.line})",
        f"(?P<string>{language.strings})",
    ]
    return re.compile("|".join(filter(None, kinds)))
