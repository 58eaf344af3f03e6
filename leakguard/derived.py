"""Derived views: a text with what hides a name undone. Only terms see them.

Each maker gives a view with exact ways home, or None when there is nothing to undo, so that a
text without such marks costs one search for them. As with all views, what is undone depends on
at most `views.LOCAL` code points around it.

`decoded`   percent-encoding and backslash escapes as the characters they stand for
`unmarked`  emphasis, inline tags and links taken off, words hyphenated at a line end joined
`spaced`    letters written apart (`B L U E`) joined
`leet`      digits and signs written for letters (`0sprey`) as those letters
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from leakguard.views import Change, View, edited, plain_of

LEET_LETTERS = 8  # shorter words are too easily met in identifiers

_TAGS = "a|abbr|b|big|code|del|em|font|i|ins|kbd|mark|q|s|small|span|strong|sub|sup|u|wbr"
_NEXT_LINE = r"[ \t]{0,20}(?:\r\n|\n|\r)[ \t]{0,100}(?:(?://|\#|\*|>|--|;|%)[ \t]{1,20})?"
_CODES = re.compile(
    r"(?P<percent>(?:%[0-9A-Fa-f]{2}){1,40})"
    r"|\\(?P<escape>x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]{1,6}\}|U[0-9A-Fa-f]{8})"
)
_MARKUP = re.compile(
    rf"</?(?:{_TAGS})(?:\s[^<>\n]{{0,150}})?/?>"
    r"|[*~`]{1,3}(?=\w)|(?<=\w)[*~`]{1,3}"
    r"|(?<!\w)_{1,3}(?=[^\W_])|(?<=[^\W_])_{1,3}(?!\w)"
    r"|(?<!\w)!?\[(?=\w)|(?<=\w)\](?:\([^()\s]{0,150}\))?"
    rf"|(?<=[^\W\d_])[-\u2010]{_NEXT_LINE}(?=[^\W\d_])"
)
_APART = re.compile(r"(?<!\w)\w(?:([ ._·-])\w)(?:\1\w){2,40}(?!\w)")
_SIGNS = "0134578@$!"
_TOKEN = re.compile(rf"(?<![A-Za-z{_SIGNS}])[A-Za-z{_SIGNS}]{{4,64}}(?![A-Za-z{_SIGNS}])")
_LEET_LETTER = dict(zip(_SIGNS, "oieastbasi", strict=True))


def decoded(text: str) -> View | None:
    """Percent-encoding and backslash escapes, decoded.

    >>> view = decoded("q=Blue%20\\\\x48eron")
    >>> view.text, view.home(2, 12)
    ('q=Blue Heron', Span(start=2, end=17))
    """
    return _made(text, [change for found in _CODES.finditer(text) for change in _decode(found)])


def unmarked(text: str) -> View | None:
    """Markup taken off, hyphenated words joined.

    >>> unmarked("the Blue **He**ron").text
    'the Blue Heron'
    """
    return _made(text, [(m.start(), m.end(), "") for m in _MARKUP.finditer(text)])


def spaced(text: str) -> View | None:
    """Letters written apart, joined.

    >>> spaced("the B L U E one").text
    'the BLUE one'
    """
    changes: list[Change] = []
    for found in _APART.finditer(text):
        changes += [(at, at + 1, "") for at in range(found.start() + 1, found.end(), 2)]
    return _made(text, changes)


def leet(text: str) -> View | None:
    """Digits and signs for letters, in words that also have letters; 1 and ! as i.

    >>> leet("0sprey R1dge").text
    'osprey Ridge'
    """
    return _made(text, list(_leet(text)))


def leet_l(text: str) -> View | None:
    """As `leet`, with 1 and ! as l; None when there is neither."""
    changes = list(_leet(text))
    if not any(text[start] in "1!" for start, _, _ in changes):
        return None
    return _made(text, [(s, e, "l" if text[s] in "1!" else new) for s, e, new in changes])


# Name of a view to its maker, and the fewest letters that a term must have to be looked for in it.
MAKERS: dict[str, tuple[Callable[[str], View | None], int]] = {
    "decoded": (decoded, 0),
    "unmarked": (unmarked, 0),
    "spaced": (spaced, 4),
    "leet": (leet, LEET_LETTERS),
    "leet-l": (leet_l, LEET_LETTERS),
}


def _leet(text: str) -> Iterator[Change]:
    for found in _TOKEN.finditer(text):
        word = found[0].rstrip("!")
        if sum(map(str.isalpha, word)) < 2 or word.isalpha():
            continue
        for at, sign in enumerate(word, found.start()):
            if sign in _LEET_LETTER:
                yield at, at + 1, _LEET_LETTER[sign]


def _made(text: str, changes: list[Change]) -> View | None:
    return plain_of(edited(View(text), changes)) if changes else None


def _decode(found: re.Match[str]) -> Iterator[Change]:
    if found["percent"]:
        yield from _decoded(found["percent"], found.start())
        return
    number = int(found["escape"][1:].strip("{}"), 16)
    if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF:
        yield found.start(), found.end(), chr(number)


def _decoded(codes: str, start: int) -> Iterator[Change]:
    """Each character that percent-encoded UTF-8 stands for, with its own codes."""
    data = bytes.fromhex(codes.replace("%", ""))
    at = 0
    while at < len(data):
        first = data[at]
        length = 1 if first < 0x80 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
        try:
            character = data[at : at + length].decode()
        except UnicodeDecodeError:
            at += 1
            continue
        yield start + 3 * at, start + 3 * (at + length), character
        at += length
