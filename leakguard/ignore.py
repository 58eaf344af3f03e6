r"""Patterns of paths, as `.gitignore` has them: the one implementation for whatever names paths.

`*` and `?` stop at a slash, `**` does not, `[a-z]` is a class, `!` takes back, a slash at the end
means folders only, and a slash elsewhere ties the pattern to the folder that the paths are counted
from. What lies below a matched folder is matched, and cannot be taken back
(https://git-scm.com/docs/gitignore).
"""

from __future__ import annotations

from leakguard.light import TYPE_CHECKING, Iterable
from leakguard.records import NamedTuple

if TYPE_CHECKING:
    import re


class _Line(NamedTuple):
    shape: re.Pattern[str]
    negated: bool
    folders: bool


class Paths(NamedTuple):
    """A set of paths. Make one with `Paths.of`."""

    lines: tuple[_Line, ...] = ()

    @classmethod
    def of(cls, patterns: Iterable[str]) -> Paths:
        """The paths that `patterns` describe, later ones over earlier ones.

        Raises ValueError for a pattern that can match nothing.

        >>> some = Paths.of(["*.log", "/build/", "!keep.log"])
        >>> [some.match(path) for path in ("a/b.log", "keep.log", "build/x", "src/build/x")]
        [True, False, True, False]
        """
        return cls(tuple(line for line in map(_line, patterns) if line is not None))

    def match(self, path: str) -> bool:
        """Whether the file at `path`, with slashes and counted from the top, is one of them."""
        if not self.lines:
            return False
        at = path.find("/")
        while at >= 0:
            if self._says(path[:at], folder=True):
                return True
            at = path.find("/", at + 1)
        return self._says(path, folder=False)

    def _says(self, path: str, *, folder: bool) -> bool:
        for line in reversed(self.lines):
            if (folder or not line.folders) and line.shape.fullmatch(path):
                return not line.negated
        return False


def _line(pattern: str) -> _Line | None:
    text = pattern.rstrip("\r\n")
    while text.endswith(" ") and not text.endswith("\\ "):
        text = text[:-1]
    if not text or text.startswith("#"):
        return None
    negated = text.startswith("!")
    text = text[negated:]
    folders = text.endswith("/")
    text = text.rstrip("/") if folders else text
    if not text:
        raise ValueError("a pattern of paths needs a name")
    tied = "/" in text
    import re

    return _Line(re.compile(_regex(text.removeprefix("/"), tied=tied), re.S), negated, folders)


def _regex(text: str, *, tied: bool) -> str:
    from re import escape

    made = "" if tied else "(?:.*/)?"
    at = 0
    while at < len(text):
        character = text[at]
        if text.startswith("**/", at) and (at == 0 or text[at - 1] == "/"):
            made, at = made + "(?:.*/)?", at + 3
        elif text[at:] == "**" and at and text[at - 1] == "/":
            made, at = made + ".+", at + 2
        elif character == "*":
            while text[at : at + 1] == "*":
                at += 1
            made += "[^/]*"
        elif character == "?":
            made, at = made + "[^/]", at + 1
        elif character == "[":
            piece, at = _class(text, at)
            made += piece
        else:
            if character == "\\":
                at += 1
                if at == len(text):
                    raise ValueError("a pattern of paths cannot end in a backslash")
            made, at = made + escape(text[at]), at + 1
    return made


_NAMED = {
    "alnum": "A-Za-z0-9", "alpha": "A-Za-z", "blank": r" \t", "digit": "0-9", "lower": "a-z",
    "punct": r"!-/:-@\[-`{-~", "space": r"\s", "upper": "A-Z", "xdigit": "0-9A-Fa-f",
}  # fmt: skip


def _class(text: str, start: int) -> tuple[str, int]:
    """A class in brackets as a regular expression, and where it ends."""
    import re

    at = start + 1
    negated = text[at : at + 1] in ("!", "^")
    at += negated
    items = ""
    first = True
    while at < len(text) and (text[at] != "]" or first):
        first = False
        named = re.match(r"\[:(\w+):\]", text[at:])
        if named and named[1] in _NAMED:
            items, at = items + _NAMED[named[1]], at + len(named[0])
            continue
        if text[at] == "\\" and at + 1 < len(text):
            at += 1
            items += re.escape(text[at])
        elif text[at] == "-" and items and text[at + 1 : at + 2] not in ("]", ""):
            items += "-"
        else:
            items += re.escape(text[at])
        at += 1
    if at >= len(text):
        raise ValueError("a class is never closed: ] is missing")
    try:
        re.compile(f"[{items}]")
    except re.error:
        raise ValueError("a range in a class runs backwards") from None
    # A class never stands for a slash.
    return f"(?!/)[{'^' if negated else ''}{items}]", at + 1
