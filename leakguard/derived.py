"""Derived views: a text with what hides a name undone. Only terms see them.

Each maker gives a view with exact ways home, or None when there is nothing to undo. As with all
views, what is undone depends on at most `views.LOCAL` code points around it.

`decoded`   percent-encoding, backslash escapes and quoted-printable as what they stand for
`unmarked`  emphasis, inline tags, links and footnote marks taken off, hyphenated words and pieces
            of string literals joined
`attributes`  the same within the attributes of inline tags
`spaced`    letters written apart (`B L U E`) joined
`leet`      digits and signs written for letters (`0sprey`) as those letters
`base64`    what base64 (also URL-safe, also in lines) says in ASCII; a view for each alignment
`hex`       what hexadecimal bytes say, `42 6c`, `42:6c` and `0x42, 0x6c` too; likewise
`base64-alone`, `base64-beyond`, `hex-alone`, `hex-beyond`  what tokens say that say a name and
            nothing else: in ASCII, and in letters beyond it

A maker stands beside its `marker`. Where a view shows a name that the `name` view does not show,
either a match of the marker touches the place, or the longest word of the name stands there in
clear. So it is enough to make the views round markers and round such words.
"""

from __future__ import annotations

import sys
from binascii import a2b_base64

from leakguard.light import (
    TYPE_CHECKING,
    Callable,
    Iterator,
    Mapping,
    Sequence,
    byte_expression,
    expression,
    partial,
    suppress,
    unicodedata,
)
from leakguard.model import Span
from leakguard.records import NamedTuple
from leakguard.views import Change, Edit, View, edited, plain_of, plain_text

if TYPE_CHECKING:
    import re

LEET_LETTERS = 8  # shorter words are too easily met in identifiers
CODE_LETTERS = 8  # and fewer in six of their bits each, in keys and pictures
ALONE_LETTERS = 5  # but not where they are all that a token says,
BEYOND_LETTERS = 2  # still less if the first of them is none of ASCII


class Marker:
    """What may hide a name, as one shape or several that are looked for one by one."""

    def __init__(self, *shapes: re.Pattern[str]) -> None:
        self.shapes = shapes

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """All places, in order."""
        found = (match for shape in self.shapes for match in shape.finditer(text))
        return iter(sorted(found, key=lambda match: match.start()))

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> bool:
        """Whether there is one in a part of the text."""
        return any(shape.search(text, start, end) for shape in self.shapes)


class _Alone(Marker):
    """Tokens that say a name and nothing else."""

    def __init__(self, shape: str, decode: Callable[[re.Match[str]], _Bytes]) -> None:
        super().__init__(expression(shape))
        self._decode = decode

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return (token for token in super().finditer(text) if _is_name(self._decode(token)[0]))

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> bool:
        return any(start <= token.start() < end for token in self.finditer(text))

    def view(self, text: str) -> View | None:
        """What they say, and nothing else."""
        return _quoted(text, self.finditer(text), self._decode, "utf-8")


class Maker(NamedTuple):
    """How a view is made, and where it can matter.

    `letters` is how many a term must have to be looked for in it. `disguise` says that nobody
    writes prose like that: ordinary words are a name there. `encoded` says that the text round a
    place has nothing to do with what the view shows there: where a name begins and ends is judged
    on the view alone. `beyond` views are for terms with letters beyond ASCII. `spell` is how single
    characters are changed, where that is all.
    """

    view: Callable[[str], View | None]
    marker: Marker
    letters: int = 0
    disguise: bool = False
    encoded: bool = False
    beyond: bool = False
    spell: Mapping[int, int] | None = None

    def telling(self, text: str, marked: Sequence[Span]) -> Iterator[tuple[Span, str]]:
        """The words round the marked spans as the view spells them, where that is word by word."""
        past = -1
        for span in marked:
            if span.start < past:
                continue
            start = span.start
            while start and text[start - 1] in _SPELT:
                start -= 1
            run = _RUN.match(text, start)
            past = run.end() if run else span.end
            yield Span(start, past), text[start:past].translate(self.spell or {})


def decoded(text: str) -> View | None:
    """Percent-encoding, backslash escapes and quoted-printable, decoded.

    >>> view = decoded("q=Blue%20\\\\x48eron")
    >>> view.text, view.home(2, 12)
    ('q=Blue Heron', Span(start=2, end=17))
    """
    return _made(text, _decoding(text))


def decoded_text(text: str) -> str:
    """The text of `decoded`, or of the text as it is, without the way home.

    But for what stands between words, and for characters that are not shown.
    """
    pieces: list[str] = []
    at = 0
    for start, end, new in _decoding(text, _SPELLING):
        pieces += text[at:start], new
        at = end
    said = "".join([*pieces, text[at:]])
    return plain_text(said) if "&" in said or _NUMBERED.search(said) else said


def unmarked(text: str) -> View | None:
    """Markup taken off, hyphenated words joined.

    >>> unmarked("the Blue **He**ron").text
    'the Blue Heron'
    """
    changes = [(m.start(), m.end(), " " if m["space"] else "") for m in _MARKUP.finditer(text)]
    if "\\" in text:
        for found in _COMMAND.finditer(text):
            inner, end = found.span(1)[0], found.end()
            changes += (found.start(), inner, ""), (end - 1, end, "")
        changes.sort()
    return _made(text, changes)


def attributes(text: str) -> View | None:
    """As `unmarked`, but within the attributes of inline tags, which that takes off.

    >>> attributes('<span title="Blue **He**ron">').text
    '<span title="Blue Heron">'
    """
    changes = [
        (m.start(), m.end(), " " if m["space"] else "")
        for tag in _ATTRIBUTES.finditer(text)
        for m in _INSIDE.finditer(text, *tag.span())
    ]
    return _made(text, changes)


def spaced(text: str) -> View | None:
    """Letters written apart, joined.

    >>> spaced("the B L U E one").text
    'the BLUE one'
    """
    changes: list[Change] = []
    for found in _APART.finditer(text):
        between = len(found[1])
        starts = range(found.start() + 1, found.end(), between + 1)
        changes += [(at, at + between, "") for at in starts]
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


def base64(text: str, phase: int = 0) -> View | None:
    """What runs of base64 say when read from their character number `phase` on, and nothing else.

    >>> view = base64("token: Qmx1ZSBIZXJvbg==")
    >>> view.text, view.home(0, 10)
    ('Blue Heron', Span(start=7, end=21))
    """
    runs = _telling(_BASE64, _SAYS_LETTERS, text)
    return _quoted(text, runs, partial(_from_base64, phase=phase), "ascii")


def hexadecimal(text: str, phase: int = 0) -> View | None:
    """What runs of hexadecimal bytes say, read from their digit number `phase` on.

    >>> hexadecimal("id 426c7565204865726f6e").text
    'Blue Heron'
    """
    runs = _telling(_HEX, _SAYS_HEX, text)
    return _quoted(text, runs, partial(_from_hex, phase=phase), "utf-8")


# ── what is undone ───────────────────────────────────────────────────────────────────────────────

# In markers every sign beyond ASCII counts as part of a word: it may be one, or be dropped.
_W = r"[^\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]"
_A = r"[^\x00-\x40\x5b-\x60\x7b-\x7f]"

TAGS = (
    "a|abbr|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|ins|kbd|mark|nobr|q|s|samp|small|span|strike"
    "|strong|sub|sup|tspan|tt|u|var|wbr"
)
COMMENT = r"<!--[^<>\n]{0,80}-->"
PICTURE = r"!\[[^\[\]\n]{0,60}\]\([^()\s]{0,150}\)"
COLOUR = r"\x1b\[[0-9;]{0,20}m"  # of a terminal
_LINE = r"(?:\r\n|\n|\r)"
_LEAD = r"(?:(?://[/!]?|\#|\*|>|--|;|%)[ \t]{1,20}){0,2}"  # what opens a line that goes on
_TAG = rf"</?(?:{TAGS})(?:\s[^<>\n]{{0,150}})?/?>|{COMMENT}|{COLOUR}"
_LINK_END = r"\]{1,2}(?:\([^()\s]{0,150}(?: \"[^\"\n]{0,80}\")?\)|\[[^\[\]\n]{0,60}\])?"
_NOTE = r"\[\^[^\[\]\s]{1,20}\]"
_DOUBLE = r"==|\|\||\+\+|\^\^|'{2,3}"
_NEXT_LINE = rf"[ \t]{{0,20}}{_LINE}[ \t]{{0,100}}{_LEAD}"
_PLUS = r"(?:\+|\.{1,2}|&|~)[ \t]{0,3}"
_LITERALS = rf"[\"'`][ \t]{{0,3}}(?:{_PLUS}(?:{_LINE}[ \t]{{0,60}})?|{_LINE}[ \t]{{0,60}}(?:{_PLUS})?)[bfruBFRU]{{0,2}}[\"'`]"  # noqa: E501
# A word may end with a sign on its last letter, which is no \w: an accent, a point of Hebrew or
# Arabic, a vowel of an Indian script.
_SIGN = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u0670\u0900-\u0df3\u0e31-\u0ecd\u0f71-\u109d"
)
_ENDS = rf"(?<=[\w{_SIGN}])(?<!_)"
# Hangul is written with spaces, but a line may end anywhere in it.
_UNSPACED = "[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
_BETWEEN_WORDS = (
    r"<br\s{0,2}/?>|\{[\"'`] ?[\"'`]\}|[\"'`]\} ?\{[\"'`]"
    r"|(?<=\w)[\"”»] {1,2}[\"“„«]?(?=\w)|(?<=\w) [\"“„«](?=\w)"
    r"|(?<=[\w*`])\\[ ,;](?=[\w*`])"
    rf"|(?<=\w)[ \t]{{0,20}}{_LINE}[ \t]{{0,20}}(?:(?:> ?){{2,6}}|[+-])(?=\w)"
)
_MARKS = (
    rf"(?P<space>{_BETWEEN_WORDS})"
    rf"|{PICTURE} ?"
    rf"|(?<={_UNSPACED}){_NEXT_LINE}(?={_UNSPACED})"
    r"|(?<=\w)(?:[{}]{1,2}|\\[-!])(?=\w)|(?<!\w)\{(?=\w)|(?<=\w)\}(?!\w)"
    rf"|{_NOTE}"
    rf"|(?<![^\W_])[*~`_]{{1,6}}(?=[^\W_])|{_ENDS}[*~`_]{{1,6}}(?![^\W_])"
    rf"|{_ENDS}_{{0,2}}[*~`][*~`_]{{0,5}}(?=[^\W_])"
    r"|(?<!\w)!?\[{1,2}(?=[\w*~`<])|(?<=\w)\[(?=[^\[\]\n]{1,80}\]\()"
    rf"|(?<=[\w{_SIGN}*~`>]){_LINK_END}"
    rf"|(?:{_DOUBLE})(?=\w)|(?<=\w)(?:{_DOUBLE})"
    rf"|{_LITERALS}"
    rf"|(?<=[^\W_])[-\u00ad\u2010]{_NEXT_LINE}(?=[^\W_])"
)
_MARKUP = expression(rf"{_TAG}|{_MARKS}")
_INSIDE = expression(_MARKS)
_ATTRIBUTES = expression(rf"<(?:{TAGS})\s[^<>\n]{{0,150}}>|{COMMENT}")
_COMMAND = expression(r"\\[A-Za-z]{2,12}\{([^{}\\\n]{1,80})\}")
_PIECE = rf"{_TAG}|{_NOTE}|[*~`{{}}]|\\[-!]|{_LINK_END}|{_DOUBLE}|{_LITERALS}"
_MARKED = Marker(
    expression(
        rf"(?:{_W}|;)(?:_{{0,2}}(?:{_PIECE})){{1,8}}_{{0,2}}(?:{_W}|&)"
        rf"|{_W}\[[^\[\]\n]{{1,80}}\]\("
        rf"|{_W}[-\u00ad\u2010]{_NEXT_LINE}{_W}"
        rf"|[^\x00-\x7f]{_NEXT_LINE}[^\x00-\x7f]"
        rf"|{_W}\\[A-Za-z]{{2,12}}\{{|\\[A-Za-z]{{2,12}}\{{[^{{}}\\\n]{{1,80}}\}}{_W}"
    )
)

# What one of these signs begins; with lines that go on, what blanks stand before belongs to it.
_CODE = (
    r"(?:(?P<percent>(?<=%)[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2}){0,39})"
    r"|(?P<pair>(?<=\\)u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2})"
    r"|(?P<bytes>(?<=\\)(?:x[89A-Fa-f][0-9A-Fa-f](?:\\x[89A-Fa-f][0-9A-Fa-f]){1,39}"
    r"|[23][0-7]{2}(?:\\[23][0-7]{2}){1,39}))"
    r"|(?P<escape>(?<=\\)x[0-9A-Fa-f]{2}|(?<=[\\%])u[0-9A-Fa-f]{4}"
    r"|(?<=\\)[ux]\{[0-9A-Fa-f]{1,6}\}|(?<=\\)U[0-9A-Fa-f]{8})"
    r"|(?<=\\)N\{(?P<name>[A-Z][A-Z0-9 -]{1,60})\}"
    r"|(?P<ace>(?<=[xX])[nN]--[a-zA-Z0-9-]{2,59})"
    r"|(?P<shape>(?<=\\)s(?:[+*?]\??)?|(?<=\[)(?:[-_ ./]|\\[-s_./]){1,8}\][+*?]?"
    r"|(?<=\w\.)[+*?]\??(?=\w))"
    r"|(?P<octal>(?<=\\)[01][0-7]{2})"
    rf"|(?P<goes_on>(?<=\\){_LINE}[ \t]{{0,60}})"
    r"|(?P<line>(?<=\\)[nrt])"
    r"|(?P<sign>(?<=\\)[!-/:-@\[-`{-~])"
    rf"|(?P<printable>(?<==)(?:(?:[2-7][0-9A-F]|[89A-F][0-9A-F])"
    rf"(?:=(?:[2-7][0-9A-F]|[89A-F][0-9A-F])){{0,39}}|{_LINE}))"
    r"|(?P<plus>(?<=\w\+)(?=[\w%])))"
)
_CODES = expression(rf"[%\\xX\[.=+]{_CODE}")
_SPELLING = expression(rf"[%\\xX=]{_CODE}")  # those that stand for letters too
_NUMBERED = expression(r"[\r\n][ \t]{0,100}\d{1,3}[.)] ")
_BLANKS = 60  # before a line that goes on
_CODED = Marker(
    expression(
        r"%(?:26|3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa]|[89A-Fa-f][0-9A-Fa-f]|u[0-9A-Fa-f])"
        rf"|[xX][nN]--|\\(?:N\{{|[xuU][0-9A-Fa-f{{]|[0-3][0-7]{{2}}|{_LINE})"
        rf"|=(?:3[0-9]|[46][1-9A-F]|[57][0-9A]|[89A-F][0-9A-F]|{_LINE})"
    )
)

_GAP = r"&nbsp;| - |[ \t\u00a0\u2000-\u200a\u202f\u3000]{1,2}|[._·/-]"
_APART = expression(rf"(?<!\w)[^\W\d_]({_GAP})\w(?:\1\w){{1,40}}(?!\w)")
_STANDS_APART = Marker(
    expression(rf"{_A}(?:{_GAP}){_W}(?:{_GAP}){_W}(?:{_GAP}){_W}"),
    expression(rf"(?<!{_W}){_A}(?:{_GAP}){_W}(?:{_GAP}){_W}(?!{_W})"),
)

SIGNS = "0134578@$!"
LETTERS_OF_SIGNS = "oieastbasi"
_TOKEN = expression(rf"(?<![A-Za-z{SIGNS}])[A-Za-z{SIGNS}]{{3,64}}(?![A-Za-z{SIGNS}])")
_SPELT = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" + SIGNS)
_RUN = expression(rf"[A-Za-z{SIGNS}]+")
_AS_I = str.maketrans(SIGNS, LETTERS_OF_SIGNS)
_AS_L = str.maketrans(SIGNS, "oleastbasl")
AS_LETTERS = _AS_I, _AS_L
_LEET_LETTER = dict(zip(SIGNS, LETTERS_OF_SIGNS, strict=True))
_SIGNED = Marker(
    expression(rf"[A-Za-z][{SIGNS}]{{1,3}}[A-Za-z]|[{SIGNS}][A-Za-z]{{2}}|[A-Za-z]{{2}}[{SIGNS}]")
)

_SIX = "[A-Za-z0-9+/_-]"
BASE64_RUN = rf"{_SIX}{{40,}}(?:{_LINE}[ \t]{{0,20}}{_SIX}{{4,}})+|{_SIX}{{11,}}"
_BASE64 = expression(BASE64_RUN)
# Two groups of three bytes that are letters, digits, spaces or joiners: eight letters hold two.
_FIRST = "[I-OQ-Za-e]"
_SECOND = "[C-HS-Xi-ny-z0-3]"
_THIRD = "[ABEFIJMNQRUVYZcdghklopstwx014589]"
GROUP = _FIRST + _SECOND + _THIRD + _SIX
SAYS_LETTERS = rf"(?:{GROUP}){{2}}"
_SAYS_LETTERS = Marker(expression(SAYS_LETTERS))
_DIGIT = "[A-Za-z0-9+/=_-]"
BASE64_ALONE = (
    rf"{_FIRST}(?<!{_DIGIT}.){_SECOND}{_THIRD}{_SIX}"
    rf"(?:(?:{GROUP}){{0,2}}{_SIX}{{3}}=|(?:{GROUP}){{1,2}}(?:{_SIX}{{2}}==)?)(?!{_DIGIT})"
)
BASE64_BEYOND = rf"[w-z0-9](?<!{_DIGIT}.)[I-LYZabo-r4-7]{_SIX}{{4,80}}={{0,2}}(?!{_DIGIT})"
_BYTE = "[0-9A-Fa-f]{2}"
LETTER = "(?:[46][1-9A-Fa-f]|[57][0-9Aa]|2[0DdEeFf]|3[0-9])"
HEX_ALONE = rf"[2-7](?<![0-9A-Za-z].)[0-9A-Fa-f]{LETTER}{{4,9}}(?![0-9A-Za-z])"
HEX_BEYOND = (
    r"[C-Fc-f](?<![0-9A-Za-z].)[0-9A-Fa-f][89ABab][0-9A-Fa-f]"
    rf"(?:{_BYTE}){{2,60}}(?![0-9A-Za-z])"
)
HEX_RUN = (
    rf"(?:0[xX]{_BYTE}, ?){{7,}}0[xX]{_BYTE}|(?:{_BYTE}[ :]){{7,}}{_BYTE}"
    rf"|(?:{_BYTE}{_BYTE}[ :]){{3,}}{_BYTE}(?:{_BYTE})?|[0-9A-Fa-f]{{16,}}"
)
_HEX = expression(HEX_RUN)
_PREFIXED_DIGIT = expression(r"(?<![0-9A-Fa-f])0[xX]|([0-9A-Fa-f])")
_HEX_DIGIT = expression("([0-9A-Fa-f])")
_VISIBLE = "[2-9a-fA-F][0-9A-Fa-f]"
# Each begins with a sign or a class that is quickly looked for, which one alternation does not.
_SAYS_HEX = Marker(
    expression(r"[2-9a-fA-F][0-9A-Fa-f]{13}"),
    expression(rf"0[xX]{_VISIBLE}, ?0[xX]{_VISIBLE}, ?0[xX]{_VISIBLE}"),
    expression(rf"[ :]{_VISIBLE}[ :]{_VISIBLE}[ :]{_VISIBLE}[ :]"),
    expression(rf"[ :]{_VISIBLE}{_VISIBLE}[ :]{_VISIBLE}{_VISIBLE}"),
)


def _is_name(data: bytes) -> bool:
    """Whether it is letters, and what may stand between and on them."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return False
    return any(map(str.isalpha, text)) and all(
        c.isalnum() or c in " -_./" or unicodedata.category(c)[0] == "M" for c in text
    )


def _made(text: str, changes: list[Change]) -> View | None:
    return plain_of(edited(View(text), changes)) if changes else None


def _leet(text: str) -> Iterator[Change]:
    for found in _TOKEN.finditer(text):
        word = found[0].rstrip("!")
        if sum(map(str.isalpha, word)) < 2 or word.isalpha():
            continue
        for at, sign in enumerate(word, found.start()):
            if sign in _LEET_LETTER:
                yield at, at + 1, _LEET_LETTER[sign]


def _decoding(text: str, codes: re.Pattern[str] = _CODES) -> list[Change]:
    changes: list[Change] = []
    for found in codes.finditer(text):
        past = changes[-1][1] if changes else 0
        changes += _decode(text, found, past)
    return changes


def _decode(text: str, found: re.Match[str], past: int) -> Iterator[Change]:
    """What a code stands for; what lies before `past` is changed already."""
    start, end, kind, code = found.start(), found.end(), found.lastgroup, found[0]
    if kind == "percent" or (kind == "printable" and code[1:2].isalnum()):
        yield from _characters(bytes.fromhex(code.replace("%", "").replace("=", "")), start, 3)
    elif kind == "bytes":
        radix = 16 if code[1] == "x" else 8
        data = bytes(int(number.lstrip("x"), radix) for number in code.split("\\")[1:])
        yield from _characters(data, start, 4)
    elif kind == "pair":
        high, low = int(code[2:6], 16), int(code[8:12], 16)
        yield start, end, chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    elif kind == "escape":
        number = int(code[2:].strip("{}"), 16)
        if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF:
            yield start, end, chr(number)
    elif kind == "name":
        with suppress(KeyError):
            yield start, end, unicodedata.lookup(found["name"])
    elif kind == "ace":
        with suppress(UnicodeError):
            yield start, end, code[4:].encode().decode("punycode")
    elif kind == "shape":  # of an expression that looks for the name
        yield start, end, "-"
    elif kind == "octal":
        yield start, end, chr(int(code[1:], 8))
    elif kind == "goes_on":
        before = text[max(past, start - _BLANKS) : start]
        blanks = len(before) - len(before.rstrip(" \t"))
        yield start - blanks, end, " " if blanks or code[-1] in " \t" else ""
    elif kind in ("line", "plus"):
        yield start, end, " "
    else:
        yield start, end, code[1:] if kind == "sign" else ""


def _characters(data: bytes, start: int, width: int) -> Iterator[Change]:
    """Each character of UTF-8 `data`, for its bytes written in `width` code points each."""
    at = 0
    while at < len(data):
        first = data[at]
        length = 1 if first < 0x80 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
        try:
            character = data[at : at + length].decode()
        except UnicodeDecodeError:  # each byte a character, as in a Python text or an old link
            character, length = chr(first), 1
        yield start + width * at, start + width * (at + length), character
        at += length


# ── codes of six and four bits ───────────────────────────────────────────────────────────────────

# Bytes, and for each where in the source it begins and ends.
_Bytes = tuple[bytes, Callable[[int], int], Callable[[int], int]]
_URL_SAFE = str.maketrans("-_", "+/")
_TEXT = byte_expression(rb"[ -~\x80-\xff]{8}")


def _telling(shape: re.Pattern[str], marker: Marker, text: str) -> Iterator[re.Match[str]]:
    """The runs of a shape that hold their marker: most long words and paths do not."""
    return (run for run in shape.finditer(text) if marker.search(text, *run.span()))


def _from_base64(found: re.Match[str], phase: int) -> _Bytes:
    run, start = found[0], found.start()
    at = [i for i, c in enumerate(run) if c not in " \t\r\n="][phase:]
    if len(at) % 4 == 1:
        at.pop()  # six bits make no byte
    digits = "".join(run[i] for i in at).translate(_URL_SAFE)
    data = a2b_base64(digits + "=" * (-len(digits) % 4))
    return data, lambda i: start + at[i * 4 // 3], lambda i: start + at[(i * 8 + 7) // 6] + 1


def _from_hex(found: re.Match[str], phase: int) -> _Bytes:
    run, start = found[0], found.start()
    digits = _PREFIXED_DIGIT if run[1] in "xX" else _HEX_DIGIT
    at = [m.start() for m in digits.finditer(run) if m[1]][phase:]
    at = at[: len(at) // 2 * 2]
    data = bytes.fromhex("".join(run[i] for i in at))
    return data, lambda i: start + at[2 * i], lambda i: start + at[2 * i + 1] + 1


def _quoted(
    text: str,
    runs: Iterator[re.Match[str]],
    decode: Callable[[re.Match[str]], _Bytes],
    encoding: str,
) -> View | None:
    """What the runs say, one after the other, blank lines between them."""
    pieces: list[str] = []
    edits: list[Edit] = []
    view_at = source_at = 0
    for run in runs:
        data, begins, ends = decode(run)
        if len(data) >= CODE_LETTERS and not _TEXT.search(data):
            continue
        if pieces:
            pieces.append("\n\n")
            edits.append((view_at, view_at + 2, source_at, run.start()))
            view_at += 2
        at = 0
        for character in data.decode(encoding, "surrogateescape"):
            # A byte that cannot be decoded is a character that no name has.
            lost = "\udc80" <= character <= "\udcff"
            wide = 1 if lost else len(character.encode())
            edits.append((view_at, view_at + 1, begins(at), ends(at + wide - 1)))
            pieces.append("\ufffd" if lost else character)
            at, view_at = at + wide, view_at + 1
        source_at = run.end()
    return plain_of(View("".join(pieces), tuple(edits))) if pieces else None


# ── all of them ──────────────────────────────────────────────────────────────────────────────────

_ALONE = (
    ("base64-alone", _Alone(BASE64_ALONE, partial(_from_base64, phase=0)), False),
    ("base64-beyond", _Alone(BASE64_BEYOND, partial(_from_base64, phase=0)), True),
    ("hex-alone", _Alone(HEX_ALONE, partial(_from_hex, phase=0)), False),
    ("hex-beyond", _Alone(HEX_BEYOND, partial(_from_hex, phase=0)), True),
)

MAKERS: dict[str, Maker] = {
    "decoded": Maker(decoded, _CODED),
    "unmarked": Maker(unmarked, _MARKED),
    "attributes": Maker(attributes, _MARKED),
    "spaced": Maker(spaced, _STANDS_APART, 4, disguise=True),
    "leet": Maker(leet, _SIGNED, LEET_LETTERS, disguise=True, spell=_AS_I),
    "leet-l": Maker(leet_l, _SIGNED, LEET_LETTERS, disguise=True, spell=_AS_L),
    "base64": Maker(base64, _SAYS_LETTERS, CODE_LETTERS, disguise=True, encoded=True),
    "base64-1": Maker(
        partial(base64, phase=1), _SAYS_LETTERS, CODE_LETTERS, disguise=True, encoded=True
    ),
    "base64-2": Maker(
        partial(base64, phase=2), _SAYS_LETTERS, CODE_LETTERS, disguise=True, encoded=True
    ),
    "base64-3": Maker(
        partial(base64, phase=3), _SAYS_LETTERS, CODE_LETTERS, disguise=True, encoded=True
    ),
    "hex": Maker(hexadecimal, _SAYS_HEX, CODE_LETTERS, disguise=True, encoded=True),
    "hex-1": Maker(
        partial(hexadecimal, phase=1), _SAYS_HEX, CODE_LETTERS, disguise=True, encoded=True
    ),
    **{
        name: Maker(
            alone.view,
            alone,
            BEYOND_LETTERS if beyond else ALONE_LETTERS,
            disguise=True,
            encoded=True,
            beyond=beyond,
        )
        for name, alone, beyond in _ALONE
    },
}
