"""Views: a text as the matcher sees it, each with exact ways home.

Three views of a text, each derived from the one before:

`lines`  invisible characters dropped, every dash to `-`, every space to a space, other decimal
         digits to ASCII, HTML entities decoded, line ends to `\\n`. For patterns that name them.
`plain`  the same, with every soft wrap (line end, indentation, one comment, quote or list mark)
         as one space. For all other patterns.
`name`   `plain` folded for names: per code point NFKD without the marks of Latin, Greek,
         Cyrillic, Arabic and Hebrew letters, case folded, look-alike letters as the ASCII letter
         they look like.

What a view does depends on at most `LOCAL` code points around each character, so a view of a
window of a long text is, away from the window's edges, the window of the view.
"""

from __future__ import annotations

from leakguard.light import (
    TYPE_CHECKING,
    bisect_right,
    expression,
    itemgetter,
    lru_cache,
    unicodedata,
)
from leakguard.model import Span
from leakguard.records import NamedTuple

if TYPE_CHECKING:
    import re

LOCAL = 400
_TATWEEL = "\u0640"  # draws an Arabic word out, and says nothing
_RUN = 64  # invisible characters and marks are dropped in runs of at most so many

# One replaced stretch: where it stands in the view and where in the source. Stretches are in
# order; between them view and source are equal but for case, dashes and the like, one to one.
Edit = tuple[int, int, int, int]
Change = tuple[int, int, str]


class View(NamedTuple):
    """A text made from a source text, and the stretches that changed length.

    >>> view = plain("Blue&nbsp;Heron")
    >>> view.text, view.home(0, 10)
    ('Blue Heron', Span(start=0, end=15))
    """

    text: str
    edits: tuple[Edit, ...] = ()

    def home(self, start: int, end: int) -> Span | None:
        """The source span that makes view characters `start` to `end`, as tight as can be.

        None when an end falls inside something that is one piece in the source: the `f` of a
        ligature is not there to be pointed at. Raises nothing; wants `start < end`.
        """
        if not self.edits:
            return Span(start, end)
        first, last = self.piece(start), self.piece(end - 1)
        if first[0] != start or last[1] != end:
            return None
        return Span(first[2], last[3])

    def piece(self, at: int) -> Edit:
        """The piece of view character `at`: its view start and end, source start and end."""
        index = bisect_right(self.edits, at, key=itemgetter(0)) - 1
        if index < 0:
            return at, at + 1, at, at + 1
        view_start, view_end, source_start, source_end = self.edits[index]
        if at < view_end:
            return view_start, view_end, source_start, source_end
        source = source_end + at - view_end
        return at, at + 1, source, source + 1

    def edge(self, at: int) -> int:
        """The source offset of the piece that view position `at` falls in or begins.

        Unlike `home` it never refuses, so it is for neighbourhoods, not for findings.
        """
        if not self.edits:
            return at
        return self.piece(at)[2]

    def at(self, source: int) -> int:
        """The first view character that comes from source offset `source` or later."""
        index = bisect_right(self.edits, source, key=itemgetter(2)) - 1
        # A dropped character and its neighbour may share an offset in the view, not in the source.
        if index < 0:
            return source
        view_start, view_end, source_start, source_end = self.edits[index]
        if source <= source_start:
            return view_start
        return view_end + max(0, source - source_end)


def lines(text: str) -> View:
    """The view for patterns that name line ends."""
    return _replace(View(text), wraps=False)


def plain(text: str) -> View:
    """The view that patterns see.

    >>> plain("blue\\n  // heron, 10\\u20115").text
    'blue heron, 10-5'
    """
    return _replace(View(text), wraps=True)


def plain_text(text: str) -> str:
    """The text of the `plain` view, in a fraction of the time that its ways home take."""
    shown, invisible = _shown(text)
    if "\r" in shown:
        return plain(text).text
    shown = shown.replace("\t", " ")
    # No wrap has a part in an entity, or makes one; what is invisible may.
    shown = _spelt_out(_BARE_WRAP.sub(" ", _without_ends(shown) if " \n" in shown else shown))
    return _runs_of(invisible).sub("", shown) if invisible else shown


def lines_text(text: str) -> str:
    """The text of the `lines` view."""
    shown, invisible = _shown(text)
    shown = _spelt_out(_LINE_END.sub("\n", shown) if "\r" in shown else shown)
    return _runs_of(invisible).sub("", shown) if invisible else shown


def plain_of(view: View) -> View:
    """The `plain` view of what another view shows, with ways home to the source of that one."""
    return _replace(view, wraps=True)


def shifted(view: View, by: int) -> View:
    """A view of a text that begins at `by` in its source, with ways home to there."""
    moved = ((v0, v1, s0 + by, s1 + by) for v0, v1, s0, s1 in view.edits)
    return View(view.text, ((0, 0, by, by), *moved))


def name(view: View) -> View:
    """The view that terms see, made from the `plain` view.

    >>> name(plain("\\u0412lue H\\u00e9ron \\ufb01le STRASSE stra\\u00dfe")).text
    'blue heron file strasse strasse'
    """
    text = view.text
    if "\x0b" in text or "\x0c" in text:
        text = text.replace("\x0b", " ").replace("\x0c", " ")
    if text.isascii():
        return View(text.lower(), view.edits)
    longer = []
    marks = jamo = False
    for character in _beyond(text):
        marks = marks or _is_mark(character)
        jamo = jamo or "\u1161" <= character <= "\u1175"
        folded = fold_character(character)
        if len(folded) != 1:
            longer.append(character)
        elif folded != character:
            text = text.replace(character, folded)
    changes = []
    if longer:
        import re

        pattern = re.compile("[" + re.escape("".join(longer)) + "]")
        changes = [(m.start(), m.end(), fold_character(m[0])) for m in pattern.finditer(text)]
    if jamo:
        composed = ((m.start(), m.end(), m[0]) for m in _JAMO.finditer(text))
        changes += [(s, e, unicodedata.normalize("NFC", syllable)) for s, e, syllable in composed]
    if marks or jamo:
        changes = sorted([*changes, *_loose_marks(text)])
    folded_view = edited(View(text, view.edits), changes)
    return View(_lower(folded_view.text), folded_view.edits)


def fold(text: str) -> str:
    """`text` as the name view has it: how two names are compared.

    >>> fold("Caf\\u00e9 \\uff22lue") == fold("CAFE blue")
    True
    """
    if text.isascii() and text.isprintable() and "&" not in text:
        return text.lower()
    return name(plain(text)).text


def value_key(text: str) -> str:
    """A value without case and separators: how `samples`, counts and excluded values compare.

    >>> value_key("4012 8888-8888 1881")
    '4012888888881881'
    """
    return "".join(c for c in fold(text) if c.isalnum())


@lru_cache(maxsize=4096)
def fold_character(character: str) -> str:
    """One code point as the name view has it (combining marks that stand alone excepted).

    >>> fold_character("\\u00df"), fold_character("\\u0130"), fold_character("\\u0412")
    ('ss', 'i', 'b')
    """
    if character == "ı":
        return "i"
    if character == _TATWEEL:
        return ""
    if character in _BOXED:
        return _BOXED[character]
    # Hangul syllables stay whole: decomposed, every Korean text would be twice as long.
    decomposed = (
        character if "가" <= character <= "힣" else unicodedata.normalize("NFKD", character)
    )
    if len(decomposed) > 1 and loses_marks(decomposed[0]):
        decomposed = "".join(c for c in decomposed if not unicodedata.category(c).startswith("M"))
    return "".join(_alike(c) for c in decomposed)


def other_folds(character: str) -> frozenset[str]:
    """How the other case of a letter folds where look-alikes tear the two apart.

    Greek capital Nu looks like N, small nu like v, and a term with one must match the other.

    >>> sorted(other_folds("\\u03bd"))
    ['n', 'v']
    """
    return frozenset(fold_character(c) for c in (character, character.lower(), character.upper()))


def is_letter_or_digit(character: str) -> bool:
    """What a boundary is not: letters and decimal digits, but no superscript, sign or mark."""
    if character < "\x80":
        return character.isalnum()
    category = unicodedata.category(character)
    return (category[0] == "L" and category != "Lm") or category == "Nd"


@lru_cache(maxsize=1024)
def loses_marks(base: str) -> bool:
    """Whether a letter is read the same without its marks, as it is where they are optional.

    >>> loses_marks("e"), loses_marks("\u0915")
    (True, False)
    """
    if base < "\x80":
        return base.isalpha()
    return unicodedata.name(base, "").startswith(_MARKED)


# ── making ───────────────────────────────────────────────────────────────────────────────────────

# What opens a line that goes on, spaces behind it: of comments, quotes and lists.
OPENER = r"//[/!]?|\#{1,6}|--|[;%]{1,4}|>{1,6}|[*+'-]|::|\d{1,3}[.)]|<!--|/\*{1,2}"
_SOFT = rf" {{0,100}}(?:(?=[/#\-;%>*+':<\d])(?:{OPENER}) {{1,20}})?(?![ \r\n])(?=.)"
_WRAP = expression(rf"(?s)(?P<end>\r\n?|\n)(?P<soft>{_SOFT})?")
_LINE_END = expression(r"\r\n?")
_ENTITY = expression(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
# A soft wrap where each line end is a line feed; one with a space before it, and with none.
_FED_WRAP = expression(rf"(?s)\n(?!\n){_SOFT}")
_SPACED_WRAP = expression(rf"(?s) \n{_SOFT}")
_BARE_WRAP = expression(rf"(?s)\n(?<=[^ \n]\n)(?!\n){_SOFT}")
_ASCII = bytes(range(128))
_MARKED = ("LATIN", "GREEK", "CYRILLIC", "ARABIC", "HEBREW")
_DASHES = frozenset("⁃−")  # and all that Unicode calls dashes
DOTS = "•‧∙⋅・･"  # are read as "·"
_JAMO = expression("[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?")
# Letters in brackets, rings and boxes that NFKD does not take out of them.
_BOXED = {
    chr(first + at): letter
    for first in (0x249C, 0x1F110, 0x1F150, 0x1F170, 0x1F1E6)
    for at, letter in enumerate("abcdefghijklmnopqrstuvwxyz")
}


def _replace(view: View, *, wraps: bool) -> View:
    text, invisible = _shown(view.text)
    changes: list[Change] = []
    if "&" in text:
        changes += _entities(text)
    if invisible:
        changes += [(m.start(), m.end(), "") for m in _runs_of(invisible).finditer(text)]
    if wraps:
        text = text.replace("\t", " ")
        changes += _line_ends(text)
    elif "\r" in text:
        changes += [(m.start(), m.end(), "\n") for m in _LINE_END.finditer(text)]
    return edited(View(text, view.edits), sorted(changes))


def _shown(text: str) -> tuple[str, str]:
    """Each visible character as it is shown, and the invisible ones that are left to take out."""
    if text.isascii():
        return text, ""
    invisible = ""
    for character in _beyond(text):
        shown = _plain_character(character)
        if not shown:
            invisible += character
        elif shown != character:
            text = text.replace(character, shown)
    return text, invisible


def _runs_of(invisible: str) -> re.Pattern[str]:
    """Past `_RUN` of them in a row they stay: what a view looks at must have an end."""
    import re  # most texts show all they have

    some = "[" + re.escape(invisible) + "]"
    return re.compile(f"(?<!{some}{{{_RUN}}}){some}{{1,{_RUN}}}")


def _beyond(text: str) -> set[str]:
    """The distinct characters of a text beyond ASCII."""
    data = text.encode("utf-8", "surrogatepass").translate(None, _ASCII)
    return set(data.decode("utf-8", "surrogatepass"))


def _without_ends(text: str) -> str:
    """The text without the spaces before its soft wraps; its line ends are line feeds."""
    pieces = []
    at = 0
    for match in _SPACED_WRAP.finditer(text):
        start = _ends_before(text, match.start() + 1)
        if start is not None:
            pieces.append(text[at:start])
            at = match.start() + 1
    pieces.append(text[at:])
    return "".join(pieces)


def _ends_before(text: str, end: int) -> int | None:
    """Where the text before a line end at `end` ends; None if it is a break the writer meant."""
    start, floor = end, max(0, end - _RUN)
    while start > floor and text[start - 1] == " ":
        start -= 1
    # No text before it, or a blank line.
    return start if start and text[start - 1] not in " \n\r" else None


def _line_ends(text: str) -> list[Change]:
    """Soft wraps to a space, all other line ends to a line feed."""
    found = []
    if "\r" not in text:
        for match in _FED_WRAP.finditer(text):
            start = _ends_before(text, match.start())
            if start is not None:
                found.append((start, match.end(), " "))
        return found
    for match in _WRAP.finditer(text):
        if match["soft"] is not None:
            start = _ends_before(text, match.start())
            if start is not None:
                found.append((start, match.end(), " "))
                continue
        if match["end"] != "\n":
            found.append((match.start(), match.end("end"), "\n"))
    return found


def _entities(text: str) -> list[Change]:
    found = ((m.start(), m.end(), m[0], _decoded(m[0])) for m in _ENTITY.finditer(text))
    return [(start, end, shown) for start, end, written, shown in found if shown != written]


def _spelt_out(text: str) -> str:
    """The text with the characters that its entities stand for."""
    return _ENTITY.sub(lambda match: _decoded(match[0]), text) if "&" in text else text


@lru_cache(maxsize=1024)
def _decoded(entity: str) -> str:
    from html import unescape  # most ampersands begin none

    decoded = unescape(entity)
    return entity if decoded == entity else "".join(_plain_character(c) for c in decoded)


@lru_cache(maxsize=4096)
def _plain_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf" or character in "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0":
        return ""
    if "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef":
        return ""  # variation selectors are marks that show nothing
    if "\u180b" <= character <= "\u180f":
        return ""  # those of Mongolian
    if category == "Pd" or character in _DASHES:
        return "-"
    if category in ("Zs", "Zl", "Zp") or character in "\x85\u2800":
        return " "
    if category == "Nd":
        return str(unicodedata.digit(character))
    return character


@lru_cache(maxsize=4096)
def _alike(character: str) -> str:
    if character < "\x80":
        return character.lower()
    if unicodedata.combining(character):
        return character  # a mark that would be a letter in lower case is a mark
    if character in DOTS:
        return "·"
    alike = _look_alikes()
    for form in (character, character.lower(), character.upper()):
        if form in alike:
            return alike[form]
    return character.casefold()


@lru_cache(maxsize=1)
def _look_alikes() -> dict[str, str]:
    from leakguard.confusables import ALIKE

    return {letter: ascii for ascii, letters in ALIKE.items() for letter in letters}


def _is_mark(character: str) -> bool:
    """Whether it stands over, under or round the letter before."""
    return unicodedata.combining(character) > 0 or unicodedata.category(character) == "Me"


def _loose_marks(text: str) -> list[Change]:
    """Combining marks of their own on letters that are the same without."""
    import re

    marks = "".join(filter(_is_mark, _beyond(text)))
    if not marks:
        return []
    runs = (found.span() for found in re.finditer(f"[{re.escape(marks)}]+", text))
    return [
        (start, min(end, start + _RUN), "")
        for start, end in runs
        if start and loses_marks(text[start - 1])
    ]


def _lower(text: str) -> str:
    lowered = text.lower()
    # Everything outside ASCII is folded already; a letter that lower() still lengthens stays.
    return lowered if len(lowered) == len(text) else "".join(c.lower()[:1] for c in text)


def edited(view: View, changes: list[Change]) -> View:
    """A view with stretches of its text replaced, and its ways home carried along.

    `changes` are (start, end, new text) in order; where two overlap the first has it.
    """
    if not changes:
        return view
    old = view.edits
    pieces: list[str] = []
    edits: list[Edit] = []
    taken = shift = index = 0
    for start, end, new in _whole(view, changes) if old else changes:
        if start < taken:
            continue  # two changes want one stretch: the first has it
        pieces += view.text[taken:start], new
        while index < len(old) and old[index][1] <= start:
            edits.append(_shifted(old[index], shift))
            index += 1
        source_start, source_end = view.piece(start)[2], view.piece(end - 1)[3]
        while index < len(old) and old[index][0] < end:
            index += 1
        if len(new) != 1 or source_end - source_start != 1:
            edits.append((start + shift, start + shift + len(new), source_start, source_end))
        shift += len(new) - (end - start)
        taken = end
    pieces.append(view.text[taken:])
    edits += [_shifted(edit, shift) for edit in old[index:]]
    return View("".join(pieces), tuple(edits))


def _whole(view: View, changes: list[Change]) -> list[Change]:
    """Changes widened to the pieces that they touch: half a piece cannot be replaced."""
    widened: list[Change] = []
    for start, end, new in changes:
        first, last = view.piece(start), view.piece(end - 1)
        before, after = view.text[first[0] : start], view.text[end : last[1]]
        if widened and first[0] < widened[-1][1]:
            # The same piece again: the change before it has copied what this one replaces.
            previous_start, previous_end, previous = widened.pop()
            kept = previous[: len(previous) - (previous_end - start)]
            widened.append((previous_start, last[1], kept + new + after))
        else:
            widened.append((first[0], last[1], before + new + after))
    return widened


def _shifted(edit: Edit, shift: int) -> Edit:
    view_start, view_end, source_start, source_end = edit
    return view_start + shift, view_end + shift, source_start, source_end
