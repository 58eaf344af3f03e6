r"""Phrases: what a rule looks for, written in words, and made into one pattern of the subset.

A phrase is words parted by blanks, in any case. `(a | b)` is one of them, `[a]` may be missing,
`<who>` is one of the words of a list, `...` up to four words of the same sentence, `...8` up to
eight. The notation is close to that of the
[JSpeech Grammar Format](https://www.w3.org/TR/jsgf/).

>>> compiled(["do not (share | forward) [this]"], {})
'(?i)\\bdo not (?:share|forward)(?: this)?\\b'
>>> compiled(["<who> sign-off"], {"who": ("legal", "the board")})
"(?i)\\b(?:legal|the board)(?:['’]?s)? sign[- ]?off\\b"

docs/phrases.md describes them for those who write rules.
"""

from __future__ import annotations

from leakguard.errors import PatternError
from leakguard.light import Final, Iterable, Iterator, Mapping, Sequence, expression
from leakguard.records import NamedTuple

NUMBER, START, END = "number", "start", "end"
ALWAYS: Final = (NUMBER, START, END)  # names that no list of a pack may have
MARKS: Final = "()[]{}<>|"
_FIGURES: Final = r"[$€£]?\d[\d.,]{0,14}(?:st|nd|rd|th|ST|ND|RD|TH)?"
_BEGINS_NUMBER: Final = "$€£0123456789dehfnst"
_DIGITS: Final = (
    r"(?:(?<!\d[.,])[$€£]?\d(?:[\d.,]{0,22}\d)?+(?:st|nd|rd|th|[kmb]n?)?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?"
    r"|thousands?|several)"
)
_GAP: Final = 4  # words, unless a number follows the dots
_LONGEST_GAP: Final = 12
_DEEPEST: Final = 8  # lists that take lists
_SHORT: Final = 3  # words of a list from here on may take a plural s
_TOKEN = expression(r"\.\.\.(\d{0,3})|[()\[\]{}|]|<([^<>]*)>?|[^\s()\[\]{}<>|]+|>")
_FOREIGN = expression(r"[*+^\\]|\?[?:=!]")
_ESCAPED: Final = frozenset(".^$*+?{([\\|")
_TAGS: Final = r"(?:<[^<>\n]{1,40}>[ \t*_]{0,3}){0,2}"
# What a line or a cell may begin and end with, and still hold nothing but the phrase. An item of a
# list, and what is moved in like code, is no marking.
_LEFT: Final = r"(?:^(?!\t| {3}|[ \t>]{0,8}[*+-]{1,2} )|(?<=\|))"
_SIGNS: Final = " \t>#*_=~!/;\\[(\"'“-"  # as a class has them
# Tags, a comment that ends before the words, and one that they stand in: there is one way to read
# what stands before them.
_MARKS_BEFORE: Final = (
    rf"[{_SIGNS}]{{0,16}}+"
    r"(?:(?:<[^<>\n!][^<>\n]{0,39}>|<![^<>\n]{1,39}>(?![ \t]{0,4}(?:$|\|)))[ \t*_]{0,3}+"
    rf"|<[<!]{{0,3}}+[{_SIGNS}]{{0,8}}+){{0,3}}+"
)
_RIGHT: Final = rf"[ \t*_=~.!:;)\]\"'”/-]{{0,12}}{_TAGS}(?:-->)?[ \t]{{0,4}}(?=$|\|)"
# Where a note begins: in a line, behind a bracket, a mark of a comment or a colon.
_START: Final = r"(?<=(?:^|[\[({<>#/*!:|]|- )[ \t\"'“*_]{0,3})"
# Where a clause ends.
_END: Final = r"(?=[ \t\"'”’*_]{0,3}(?:[.,;:!?)\]}|<]|-[->]|- |$))"
_WORD: Final = r"\b"
_BLANK: Final = "\0"  # until it is known what stands before
_CLOSING: Final = (")", "]", "}", "|")
_PLURAL: Final = "(?:['’]?s)?"
_BEFORE: Final = r"(?<!\w)", r"(?<![\p{L}\p{N}_])"
_AFTER: Final = r"(?!\w)", r"(?![\p{L}\p{N}_])"
_QUOTES: Final = {"'": "['’]", "’": "['’]", '"': '["“”]'}


class _Token(NamedTuple):
    text: str
    at: int
    gap: str | None = None
    name: str | None = None


class _Way(NamedTuple):
    """A phrase without the edge before it, and the characters it may begin with.

    It is told as a whole where others beside it name the part that is.
    """

    written: str
    begins: str
    whole: bool


class _Part(NamedTuple):
    """A piece of a pattern: `after` a word, with the blank between, and `bare`.

    `begins` are the characters that it may begin with, `last` those that it may end with.
    """

    after: str
    bare: str
    begins: str
    last: str
    optional: bool = False
    gap: bool = False
    loose: bool = False  # what follows may follow without a blank

    def followed_by(self, more: str) -> _Part:
        """With something of a pattern right behind it."""
        return self._replace(after=self.after + more, bare=self.bare + more)


def compiled(
    phrases: Sequence[str],
    lists: Mapping[str, Sequence[str]],
    *,
    alone: bool = False,
    capitals: bool = False,
) -> str:
    """The pattern that finds what any of the phrases does: one alternative for each.

    `alone` finds them only where a line, a heading or a cell says nothing else, `capitals` only
    where they are written in capitals.
    Raises `PhraseError` for the first that is none.
    """
    captures = any("{" in phrase for phrase in phrases)
    by_edge: dict[str, list[_Way]] = {}
    for number, phrase in enumerate(phrases):
        try:
            before, part, after = _Phrase(phrase, lists, capitals=capitals).read()
        except PatternError as error:
            raise PhraseError(number, error) from None
        whole = captures and "{" not in phrase
        by_edge.setdefault(before, []).append(_Way(part.bare + after, part.begins, whole))
    if alone:
        found = [_behind_marks(by_edge)]
    else:
        found = [_behind(edge, ways) for edge, ways in by_edge.items()]
    return ("" if capitals else "(?i)") + "|".join(found)


def _behind(edge: str, ways: Sequence[_Way]) -> str:
    """What begins behind one edge; what is told as a whole comes first, and is one group."""
    whole = [way.written for way in ways if way.whole]
    some = [way.written for way in ways if not way.whole]
    if whole:
        some = [f"({'|'.join(whole)})", *some]
    if edge == _START:  # what comes is sooner told than what a note begins behind
        edge = f"(?=[{_class(''.join(way.begins for way in ways))}]){edge}"
    return edge + _either(some)


def _behind_marks(by_edge: Mapping[str, Sequence[_Way]]) -> str:
    """What stands alone: where nothing begins like any of it behind the marks, no more is tried."""
    ways = [(edge, way) for edge, some in by_edge.items() for way in some]
    begins = _class("".join(way.begins for _, way in ways))
    ahead = f"(?=[{_SIGNS}]{{0,16}}+[<{begins}])" if begins.isalpha() else ""
    found = [
        f"{_MARKS_BEFORE}{edge}{f'({way.written})' if way.whole else way.written}{_RIGHT}"
        for edge, way in ways
    ]
    return f"{_LEFT}{ahead}{_either(found)}"


def manner(pattern: str) -> str:
    """How the phrases that made this pattern have to be written, for the manual.

    >>> manner(compiled(["internal only"], {}, alone=True, capitals=True))
    'in capitals, alone in a line or cell'
    """
    case = "in any case" if pattern.startswith("(?i)") else "in capitals"
    return case + (", alone in a line or cell" if _LEFT in pattern else "")


def taken(phrases: Sequence[str], lists: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The names of the lists that the phrases take, and those that these take."""
    found: set[str] = set()
    fresh = {name for phrase in phrases for name in names(phrase)}
    while fresh:
        found |= fresh
        words = [word for name in fresh for word in lists.get(name, ())]
        fresh = {name for word in words for name in names(word)} - found
    return frozenset(found.difference(ALWAYS))


def names(phrase: str) -> Iterator[str]:
    """The lists that a phrase names."""
    yield from (match[2] for match in _TOKEN.finditer(phrase) if match[2])


def is_plain(word: str) -> bool:
    """Whether the word of a list is nothing but words, which a `near` can look for."""
    return not any(mark in word for mark in MARKS) and "..." not in word


class PhraseError(PatternError):
    """A phrase is none. `phrase` is its number, counted from 0."""

    def __init__(self, phrase: int, error: PatternError) -> None:
        super().__init__(error.message, at=error.at, hint=error.hint)
        self.phrase = phrase


class _Phrase:
    """Reads one phrase from left to right."""

    def __init__(
        self,
        text: str,
        lists: Mapping[str, Sequence[str]],
        inside: tuple[str, ...] = (),
        *,
        capitals: bool = False,
    ) -> None:
        self.text = text
        self.lists = lists
        self.inside = inside
        self.capitals = capitals
        self.tokens = [
            _Token(match[0], match.start(), match[1], match[2]) for match in _TOKEN.finditer(text)
        ]
        self.next = 0
        self.captured = False

    def read(self) -> tuple[str, _Part, str]:
        """The phrase, and the edges before and after it."""
        starts = bool(self.tokens) and self.tokens[0].name == START
        ends = bool(self.tokens) and self.tokens[-1].name == END
        self.tokens = self.tokens[starts : len(self.tokens) - ends]
        part = self.part()
        before = _START if starts else _edge(part.begins, _BEFORE)
        return before, part, _END if ends else _edge(part.last, _AFTER)

    def part(self) -> _Part:
        """The phrase without its edges."""
        return self.either("")

    # structure

    def either(self, closing: str) -> _Part:
        start = self.here()
        parts = [self.sequence(closing)]
        while self.take("|"):
            parts.append(self.sequence(closing))
        if closing and not self.take(closing):
            opening = {")": "(", "]": "[", "}": "{"}[closing]
            raise self.error(f'"{opening}" is never closed', f"write {closing} after it", start - 1)
        if not closing and self.next < len(self.tokens):
            mark = self.tokens[self.next].text
            raise self.error(f'"{mark}" closes nothing', "remove it, or open the group before")
        return _one_of(parts)

    def sequence(self, closing: str) -> _Part:
        start = self.here()
        parts: list[_Part] = []
        while self.next < len(self.tokens) and self.tokens[self.next].text not in _CLOSING:
            parts.append(self.item())
        if not parts:
            what = "an alternative is empty" if closing or self.next else "the phrase is empty"
            raise self.error(what, "write [ ] round what may be missing", start)
        if all(part.optional for part in parts):
            raise self.error("all of it may be missing", "leave a word out of the [ ]", start)
        self.gaps_are_between(parts, start)
        return _joined(parts)

    def item(self) -> _Part:
        token = self.tokens[self.next]
        self.next += 1
        if token.text == "(":
            return self.either(")")
        if token.text == "[":
            return self.either("]")._replace(optional=True)
        if token.text == "{":
            if self.captured or self.inside:
                raise self.error("{ } stands twice, or in a list", "keep one", token.at)
            self.captured = True
            part = self.either("}")
            return part._replace(after=f"{_BLANK}({part.bare})", bare=f"({part.bare})")
        if token.gap is not None:
            return self.gap(token)
        if token.name is not None:
            return self.listed(token)
        return self.word(token)

    # what stands in it

    def gap(self, token: _Token) -> _Part:
        most = int(token.gap or _GAP)
        if not 1 <= most <= _LONGEST_GAP:
            raise self.error(
                f"a gap is 1 to {_LONGEST_GAP} words long", f"write ...{_GAP}", token.at
            )
        written = rf"[,;:]?(?: [^\s!?|]{{1,24}}+(?<!\.)){{0,{most}}}?"
        return _Part(written, written, "", "", gap=True)

    def listed(self, token: _Token) -> _Part:
        name = token.name or ""
        if not token.text.endswith(">"):
            raise self.error('"<" is never closed', "write > after the name of the list", token.at)
        if name == NUMBER:
            digits = _FIGURES if self.capitals else _DIGITS
            return _Part(_BLANK + digits, digits, _BEGINS_NUMBER, "0", loose=True)
        if name in (START, END):
            where = "first" if name == START else "last"
            raise self.error(f"<{name}> stands {where} in a phrase", f"put it {where}", token.at)
        if name in self.inside or len(self.inside) >= _DEEPEST:
            raise self.error(f'the list "{name}" takes itself', "write its words out", token.at)
        if name not in self.lists:
            known = ", ".join(sorted({*self.lists, *ALWAYS}))
            raise self.error(f'no list of words is called "{name}"', f"known: {known}", token.at)
        words: list[_Part] = []
        plurals: list[_Part] = []
        for word in self.lists[name]:
            part = self.inner(name, word, token.at)
            takes_s = is_plain(word) and len(word) >= _SHORT and word[-1].isalpha()
            (plurals if takes_s else words).append(part)
        return _one_of(
            [_one_of(plurals).followed_by(self.cased(_PLURAL)), *words] if plurals else words
        )

    def inner(self, name: str, word: str, at: int) -> _Part:
        try:
            return _Phrase(word, self.lists, (*self.inside, name), capitals=self.capitals).part()
        except PatternError as error:
            message = f'"{word}" of the list "{name}": {error.message}'
            raise self.error(message, error.hint, at) from None

    def word(self, token: _Token) -> _Part:
        odd = _FOREIGN.search(token.text)
        if odd or token.text == ">":
            sign = odd[0] if odd else ">"
            raise self.error(
                f'"{sign}" stands in no phrase',
                "phrases are words, ( | ), [ ], < > and ...; a regular expression is a pattern",
                token.at + (odd.start() if odd else 0),
            )
        bare = self.cased("".join(_letter(token.text, at) for at in range(len(token.text))))
        first, last = token.text[0], token.text[-1]
        blank = _BLANK if first.isalnum() or first in '$€£#@"“(' else " ?"
        return _Part(blank + bare, bare, self.cased(first), last, loose=not last.isalnum())

    def gaps_are_between(self, parts: Sequence[_Part], at: int) -> None:
        sure = [not (part.optional or part.gap) for part in parts]
        for number, part in enumerate(parts):
            if part.gap and not (any(sure[:number]) and any(sure[number:])):
                raise self.error("a gap stands between two words", "remove the dots", at)

    # small steps

    def cased(self, text: str) -> str:
        return text.upper() if self.capitals else text

    def here(self) -> int:
        return self.tokens[self.next].at if self.next < len(self.tokens) else len(self.text)

    def take(self, mark: str) -> bool:
        if self.next < len(self.tokens) and self.tokens[self.next].text == mark:
            self.next += 1
            return True
        return False

    def error(self, message: str, hint: str, at: int | None = None) -> PatternError:
        return PatternError(message, at=self.here() if at is None else at, hint=hint)


def _one_of(parts: Sequence[_Part]) -> _Part:
    if len(parts) == 1:
        return parts[0]
    bare = f"(?:{'|'.join(part.bare for part in parts)})"
    even = all(part.after == _BLANK + part.bare for part in parts)
    return _Part(
        _BLANK + bare if even else f"(?:{'|'.join(part.after for part in parts)})",
        bare,
        _begins(parts),
        "".join(part.last for part in parts),
        loose=any(part.loose for part in parts),
    )


def _joined(parts: Sequence[_Part]) -> _Part:
    """A row of parts, of which one at least must be there."""
    first, *others = parts
    parts = [first]
    for part in others:
        blank = " ?" if parts[-1].loose else " "
        parts.append(part._replace(after=part.after.replace(_BLANK, blank)))
    must = [at for at, part in enumerate(parts) if not (part.optional or part.gap)]
    after = "".join(f"(?:{part.after})?" if part.optional else part.after for part in parts)
    # Before the first that must be there, what may be missing takes the blank along.
    before = "".join(f"(?:{part.bare} )?" for part in parts[: must[0]])
    rest = "".join(
        f"(?:{part.after})?" if part.optional else part.after for part in parts[must[0] + 1 :]
    )
    return _Part(
        after,
        before + parts[must[0]].bare + rest,
        _begins(parts[: must[0] + 1]),
        "".join(part.last for part in parts[must[-1] :]),
        loose=any(part.loose for part in parts[must[-1] :]),
    )


def _begins(parts: Iterable[_Part]) -> str:
    return "".join(part.begins for part in parts)


def _class(chars: str) -> str:
    return "".join(f"\\{char}" if char in "[]^-\\" else char for char in sorted(set(chars)))


def _either(alternatives: Sequence[str]) -> str:
    return alternatives[0] if len(alternatives) == 1 else f"(?:{'|'.join(alternatives)})"


def _letter(word: str, at: int) -> str:
    """One character of a word, as a pattern."""
    char = word[at]
    around = word[at - 1 : at].isalnum() and word[at + 1 : at + 2].isalnum()
    if char == "-" and around:
        return "[- ]?"
    if char in "'’" and word[at - 1 : at + 2].casefold() in ("n't", "n’t"):
        return "['’]?"
    return _QUOTES.get(char) or (f"\\{char}" if char in _ESCAPED else char)


def _edge(chars: str, around: tuple[str, str]) -> str:
    """A word's edge where one of these characters stands."""
    if not any(char.isalnum() for char in chars):
        return ""
    plain, any_script = around
    if not chars.isascii() and chars != _BEGINS_NUMBER:
        return any_script
    return _WORD if chars.isalnum() else plain
