r"""Patterns written for RE2, as Go's `regexp` reads them, written again in our own subset.

Flags are worked out for each part, `^` and `$` become the ends that they mean, and repeats without
an end get one: `CAP` rounds, fewer where a match could become too long, six times as many for the
lines of a block such as a private key. What has no counterpart is a `PatternError`.

>>> translate(r"(?i)key_[a-z]+$").pattern
'(?i)key_[a-z]{1,1000}\\z'

The syntax is that of https://github.com/google/re2/wiki/Syntax.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from leakguard import patterns
from leakguard.errors import PatternError
from leakguard.grammar import Cursor
from leakguard.records import NamedTuple

CAP: Final = 1000
WIDTH: Final = 4000  # no wider than it must be: the window grows with it
BLOCK: Final = 6  # times CAP for what lies between the first and the last line of a block
BLOCK_WIDTH: Final = 7500

Ranges = tuple[tuple[int, int], ...]
_LAST = 0x10FFFF
_ALL: Ranges = ((0, _LAST),)
_DIGIT: Ranges = ((48, 57),)
_WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACE: Ranges = ((9, 10), (12, 13), (32, 32))  # without the vertical tab
_SHORTHANDS = {"d": _DIGIT, "w": _WORD, "s": _SPACE}
_NAMED: dict[str, Ranges] = {
    "alnum": ((48, 57), (65, 90), (97, 122)),
    "alpha": ((65, 90), (97, 122)),
    "ascii": ((0, 127),),
    "blank": ((9, 9), (32, 32)),
    "cntrl": ((0, 31), (127, 127)),
    "digit": _DIGIT,
    "graph": ((33, 126),),
    "lower": ((97, 122),),
    "print": ((32, 126),),
    "punct": ((33, 47), (58, 64), (91, 96), (123, 126)),
    "space": ((9, 13), (32, 32)),
    "upper": ((65, 90),),
    "word": _WORD,
    "xdigit": ((48, 57), (65, 70), (97, 102)),
}
_CONTROLS = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}


class Translated(NamedTuple):
    """A pattern of ours. `cap` is the bound that repeats without an end were given, if any were."""

    pattern: str
    groups: int
    cap: int | None


class _Set(NamedTuple):
    r"""One character. `exact` are those of `wWdD` that stand for it: their case always counts."""

    ranges: Ranges
    exact: str = ""
    properties: tuple[str, ...] = ()
    negated: bool = False
    ignore_case: bool = False

    def holds(self, code: int) -> bool:
        """Whether the character of this number is one, as far as no property decides."""
        shorthands = (
            _SHORTHANDS[name] if name.islower() else _outside(_SHORTHANDS[name.lower()])
            for name in self.exact
        )
        ranges = (*self.ranges, *(pair for found in shorthands for pair in found))
        return any(low <= code <= high for low, high in ranges) != self.negated


class _Position(NamedTuple):
    written: str


class _Group(NamedTuple):
    number: int | None
    branches: tuple[tuple[_Item, ...], ...]


class _Repeat(NamedTuple):
    item: _Item
    least: int
    most: int | None
    lazy: bool

    def rounds(self, cap: int) -> int:
        """The most rounds, where `cap` is the bound of a repeat without an end."""
        if self.most is not None:
            return self.most
        return max(self.least, cap * BLOCK if self.is_block else cap)

    @property
    def is_block(self) -> bool:
        """Whether this goes over lines up to what ends them: `[\\s\\S]*?`."""
        over = isinstance(self.item, _Set) and all(map(self.item.holds, (10, 48, 65, 97)))
        return self.most is None and self.lazy and over


_Item = _Set | _Position | _Group | _Repeat


def translate(source: str, group: int | None = None) -> Translated:
    """`source` in our subset; with `group`, that group is the only one left to capture.

    Raises `PatternError` for what has no counterpart.
    """
    parser = _Parser(source)
    branches = parser.read()
    crossing = any(isinstance(i, _Set) and (i.holds(10) or i.holds(32)) for i in _items(branches))
    if group is not None and not 0 < group <= parser.groups:
        raise PatternError(f"there is no group {group}", hint="count the groups that capture")
    cap = _largest_cap(branches) if _has_endless(branches) else None
    writer = _Writer(_whole_case(branches), group, cap or CAP)
    known = patterns.parse(writer.whole(branches))
    if crossing and not known.lines:
        # Where no end of a line or text is named, a soft wrap is one space to our patterns, and
        # RE2 knows no wraps. No match is the whole of an empty text: this names ends and no more.
        known = patterns.parse(writer.whole(branches, before=r"(?!\A\z)"))
    return Translated(known.source, known.groups, cap)


def _largest_cap(branches: _Branches) -> int:
    """The most rounds, up to `CAP`, with which no match is longer than the subset allows."""
    blocks = any(isinstance(item, _Repeat) and item.is_block for item in _items(branches))
    widest = BLOCK_WIDTH if blocks else WIDTH
    low, high = 0, CAP
    while low < high:
        middle = (low + high + 1) // 2
        if _width(branches, middle) <= widest:
            low = middle
        else:
            high = middle - 1
    if low < max(1, _most_needed(branches)):
        raise PatternError(
            f"a match can be longer than {widest} characters",
            hint="lower the bounds of the repeats",
        )
    return low


_Branches = tuple[tuple[_Item, ...], ...]


def _width(branches: _Branches, cap: int) -> int:
    return max((sum(_wide(item, cap) for item in branch) for branch in branches), default=0)


def _wide(item: _Item, cap: int) -> int:
    match item:
        case _Set():
            return 1
        case _Position():
            return 0
        case _Group(_, branches):
            return _width(branches, cap)
        case _Repeat(inner):
            return _wide(inner, cap) * item.rounds(cap)


def _items(branches: _Branches) -> Iterable[_Item]:
    for branch in branches:
        for item in branch:
            while isinstance(item, _Repeat):
                yield item
                item = item.item
            yield item
            if isinstance(item, _Group):
                yield from _items(item.branches)


def _has_endless(branches: _Branches) -> bool:
    return any(isinstance(item, _Repeat) and item.most is None for item in _items(branches))


def _most_needed(branches: _Branches) -> int:
    """The largest lower bound of a repeat without an end: the cap must not be below it."""
    return max(
        (i.least for i in _items(branches) if isinstance(i, _Repeat) and i.most is None), default=0
    )


def _whole_case(branches: _Branches) -> bool:
    """Whether `(?i)` at the start says all there is to say about case."""
    cased = [i.ignore_case for i in _items(branches) if isinstance(i, _Set) and _is_cased(i)]
    return bool(cased) and all(cased)


def _is_cased(one: _Set) -> bool:
    return bool(one.properties) or _folded(one.ranges) != _merged(one.ranges)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


class _Parser(Cursor):
    """Reads one pattern; `flags` are those that hold where it stands."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.flags = frozenset[str]()
        self.groups = 0
        self.depth = 0

    def read(self) -> _Branches:
        branches = self.branches()
        if self.at < len(self.source):
            raise self.error('")" closes nothing')
        return branches

    def branches(self) -> _Branches:
        """Alternatives up to the closing bracket; flags set in them end there."""
        outer = self.flags
        found: list[tuple[_Item, ...]] = []
        items: list[_Item] = []
        while self.at < len(self.source) and self.peek() != ")":
            if self.take("|"):
                found.append(tuple(items))
                items = []
            elif self.take("\\Q"):
                quoted, _, _ = self.source[self.at :].partition("\\E")
                self.at += len(quoted) + 2
                items += [self.char(ord(char)) for char in quoted]
            elif (bounds := self.bounds()) is not None:
                if not items or isinstance(items[-1], _Repeat):
                    raise self.error("a repeat has nothing to repeat")
                items[-1] = _Repeat(items[-1], *bounds)
            elif (item := self.item()) is not None:
                items.append(item)
        self.flags = outer
        return (*found, tuple(items))

    def bounds(self) -> tuple[int, int | None, bool] | None:
        """The repeat that stands here. RE2 takes braces that are none for characters."""
        start = self.at
        char = self.peek()
        least: int
        most: int | None
        if char and char in "*+?":
            self.at += 1
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[char]
        elif char == "{":
            end = self.source.find("}", self.at)
            low, comma, high = self.source[self.at + 1 : max(end, 0)].partition(",")
            if end < 0 or not _number(low) or (high and not _number(high)):
                return None
            self.at = end + 1
            least = int(low)
            most = int(high) if high else None if comma else least
            if least > CAP or (most is not None and (most > CAP or most < least)):
                self.at = start
                raise self.error(f"a repeat has at most {CAP} rounds, the lower bound first")
        else:
            return None
        return least, most, self.take("?") != ("U" in self.flags)

    def item(self) -> _Item | None:
        char = self.peek()
        if char == "(":
            return self.group()
        if char == "[":
            return self.classed()
        if char == "\\":
            return self.escaped()
        self.at += 1
        if char == ".":
            return _Set(() if "s" in self.flags else ((10, 10),), negated=True)
        if char == "^":
            return _Position("^" if "m" in self.flags else r"\A")
        if char == "$":
            return _Position("$" if "m" in self.flags else r"\z")
        return self.char(ord(char))

    def char(self, code: int) -> _Set:
        return _Set(((code, code),), ignore_case="i" in self.flags)

    def group(self) -> _Item | None:
        start = self.at
        outer = self.flags
        number = None
        if self.take("(?P<") or self.take("(?<"):
            end = self.source.find(">", self.at)
            name = self.source[self.at : end] if end >= 0 else ""
            if not (name.isascii() and name.replace("_", "a").isalnum()):
                raise self.error('"(?" begins no group that RE2 knows')
            self.at = end + 1
            self.groups += 1
            number = self.groups
        elif self.take("(?"):
            if self.set_flags():
                return None
        else:
            self.at += 1
            self.groups += 1
            number = self.groups
        self.depth += 1
        if self.depth > 25:
            raise self.error("groups are nested too deep")
        branches = self.branches()
        self.depth -= 1
        if not self.take(")"):
            self.at = start
            raise self.error('"(" is never closed')
        self.flags = outer
        return _Group(number, branches)

    def set_flags(self) -> bool:
        """Reads flags up to `:` or `)`; whether they stand alone and so hold from here on."""
        on = True
        flags = set(self.flags)
        while self.at < len(self.source):
            char = self.peek()
            self.at += 1
            if char in (":", ")"):
                self.flags = frozenset(flags)
                return char == ")"
            if char == "-" and on:
                on = False
            elif char in "imsU":
                flags = flags | {char} if on else flags - {char}
            else:
                break
        self.at -= 1
        raise self.error('"(?" begins no group that RE2 knows')

    def escaped(self) -> _Item:
        pair = self.peek(2)
        if pair in ("\\b", "\\B", "\\A", "\\z"):
            self.at += 2
            return _Position(pair)
        return self.escape()

    def escape(self) -> _Set:
        """What an escape stands for, in a class or out of one."""
        letter = self.source[self.at + 1 : self.at + 2]
        ignore_case = "i" in self.flags
        if letter and letter in "sS":
            self.at += 2
            return _Set(_SPACE, negated=letter == "S")
        if letter and letter in "dDwW":
            self.at += 2
            return _Set((), exact=letter)
        if letter and letter in "pP":
            return _Set((), properties=(self.property(),), ignore_case=ignore_case)
        code = self.coded(letter)
        return _Set(((code, code),), ignore_case=ignore_case)

    def property(self) -> str:
        negated = self.peek(2) == "\\P"
        self.at += 2
        end = self.source.find("}", self.at)
        name = self.peek()
        if name == "{" and end >= 0:
            name = self.source[self.at + 1 : end]
            self.at = end
        self.at += 1
        if name.startswith("^"):
            negated, name = not negated, name[1:]
        return f"\\{'P' if negated else 'p'}{{{name}}}"

    def coded(self, letter: str) -> int:
        start = self.at
        self.at += 2
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        digits = ""
        if letter == "x" and self.take("{"):
            digits, brace, _ = self.source[self.at :].partition("}")
            self.at += len(digits) + len(brace)
        elif letter == "x":
            digits = self.peek(2)
            self.at += 2
        elif letter and letter in "01234567":
            self.at -= 1
            while self.peek() and self.peek() in "01234567" and len(digits) < 3:
                digits += self.peek()
                self.at += 1
            if digits[0] == "0" or len(digits) == 3:
                return int(digits, 8)
            self.at = start
            raise self.error("a back-reference is not of RE2")
        elif letter and not (letter.isascii() and letter.isalnum()):
            return ord(letter)
        try:
            code = int(digits, 16)
        except ValueError:
            code = -1
        if not 0 <= code <= _LAST or 0xD800 <= code <= 0xDFFF:
            self.at = start
            raise self.error(f'"\\{letter}" has no counterpart')
        return code

    def classed(self) -> _Set:
        start = self.at
        self.at += 1
        negated = self.take("^")
        ranges: list[tuple[int, int]] = []
        exact = ""
        properties: list[str] = []
        first = True
        while first or self.peek() != "]":
            if self.at >= len(self.source):
                self.at = start
                raise self.error('"[" is never closed')
            first = False
            if self.peek(2) == "[:" and (end := self.source.find(":]", self.at)) >= 0:
                name = self.source[self.at + 2 : end]
                if name.removeprefix("^") not in _NAMED:
                    raise self.error(f"[:{name}:] is no class that RE2 knows")
                found = _NAMED[name.removeprefix("^")]
                ranges += _outside(found) if name.startswith("^") else found
                self.at = end + 2
            elif self.peek() == "\\" and self.peek(2)[1:].lower() in ("d", "w", "s", "p"):
                inner = self.escape()
                ranges += _outside(inner.ranges) if inner.negated else inner.ranges
                exact += inner.exact
                properties += inner.properties
            else:
                ranges.append(self.range())
        self.at += 1
        shorthands = "".join(dict.fromkeys(exact))
        return _Set(
            _merged(ranges), shorthands, tuple(properties), negated, ignore_case="i" in self.flags
        )

    def range(self) -> tuple[int, int]:
        low = self.class_char()
        if self.peek() != "-" or self.peek(2) == "-]" or len(self.peek(2)) < 2:
            return low, low
        self.at += 1
        high = self.class_char()
        if high < low:
            raise self.error("a range is the wrong way round")
        return low, high

    def class_char(self) -> int:
        if self.peek() == "\\":
            return self.coded(self.source[self.at + 1 : self.at + 2])
        self.at += 1
        return ord(self.source[self.at - 1])


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9


def _merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def _outside(ranges: Iterable[tuple[int, int]]) -> Ranges:
    edges = [-1, *(edge for pair in _merged(ranges) for edge in pair), _LAST + 1]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return tuple((low + 1, high - 1) for low, high in gaps if low + 1 < high)


def _folded(ranges: Ranges) -> Ranges:
    """`ranges` with the other cases of what is in them; beyond ASCII for short ranges only."""
    found = list(ranges)
    for low, high in ranges:
        for first, last, way in ((65, 90, 32), (97, 122, -32)):
            found.append((max(low, first) + way, min(high, last) + way))
        for letters, other in (("kK", 0x212A), ("sS", 0x17F)):
            if any(low <= ord(letter) <= high for letter in letters):
                found.append((other, other))
            if low <= other <= high:
                found += [(ord(letter), ord(letter)) for letter in letters]
        for code in range(max(low, 128), min(high, low + 2000) + 1):
            char = chr(code)
            found += [(ord(c), ord(c)) for c in (char.lower(), char.upper()) if len(c) == 1]
    return _merged((low, high) for low, high in found if low <= high)


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


class _Writer:
    """Writes what was read in our subset."""

    def __init__(self, whole_case: bool, group: int | None, cap: int) -> None:
        self.whole_case = whole_case
        self.group = group
        self.cap = cap

    def whole(self, branches: _Branches, *, before: str = "") -> str:
        if not all(branches):
            raise PatternError("it can match nothing at all", hint="require at least one part")
        written = self.either(branches)
        if before and len(branches) > 1:
            written = f"(?:{written})"
        return "(?i)" * self.whole_case + before + written

    def either(self, branches: _Branches) -> str:
        written = ["".join(map(self.item, branch)) for branch in branches]
        full = [branch for branch in written if branch]
        if len(full) == len(written) or not full:
            return "|".join(full)
        # The first alternative that fits is taken: nothing, when it is the first, before anything.
        if len(written) - len(full) > 1 or (written[0] and written[-1]):
            raise PatternError("an alternative is empty", hint="write (?:…)? instead")
        return f"(?:{'|'.join(full)}){'?' if written[0] else '??'}"

    def item(self, item: _Item) -> str:
        match item:
            case _Set():
                return self.one(item)
            case _Position(written):
                return written
            case _Group(number, branches):
                inner = self.either(branches)
                kept = number is not None and self.group in (None, number)
                return f"({'' if kept else '?:'}{inner})" if inner else ""
            case _Repeat(inner_item, least, most, lazy):
                inner = self.item(inner_item)
                bounds = _bounds(least, item.rounds(self.cap))
                return inner + bounds + "?" * lazy if inner and most != 0 else ""

    def one(self, one: _Set) -> str:
        ranges = one.ranges
        if one.ignore_case and not self.whole_case:
            ranges = _folded(ranges)
        if not one.exact and not one.properties and ranges == (() if one.negated else _ALL):
            return r"[\s\S]"
        inner = "".join(f"\\{letter}" for letter in one.exact) + "".join(one.properties)
        plain = not one.negated
        if plain and not inner and len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
            return _spelt(ranges[0][0], "")
        if plain and not ranges and len(one.exact) + len(one.properties) == 1:
            return inner
        return f"[{'^' * one.negated}{inner}{_listed(ranges)}]"


def _bounds(least: int, most: int) -> str:
    if (least, most) == (0, 1):
        return "?"
    return f"{{{least}}}" if least == most else f"{{{least},{most}}}"


def _listed(ranges: Ranges) -> str:
    """What stands between the brackets of a class."""
    shown = ""
    for low, high in ranges:
        shown += _spelt(low, _MARKS)
        if high > low:
            shown += "-" * (high > low + 1) + _spelt(high, _MARKS)
    return shown


_MARKS = "[]^-\\&|~"


def _spelt(code: int, marks: str) -> str:
    """A character as our patterns write it; `marks` are those of a class, else of a pattern."""
    char = chr(code)
    if char in (marks or ".^$*+?{}()[]\\|"):
        return "\\" + char
    if 32 <= code < 127 or (code > 0xA0 and char.isprintable()):
        return char
    for letter, control in _CONTROLS.items():
        if control == code and letter != "a":
            return "\\" + letter
    if code < 256:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
