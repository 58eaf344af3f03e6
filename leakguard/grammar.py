r"""The parser behind `patterns`: reads the subset, and measures it.

Costs more to import and run than the patterns it reads do, so it is imported when a pattern is met
that no cache knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from leakguard.errors import PatternError

WIDTH = 8000
REACH = 1000
REPEATS = 1000
CLASS_REPEATS = 7000  # of one class: what lies between the first and the last line of a block
DEPTH = 30

_PROPERTIES = """
L LC Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp C Cc
Cf Co Cn Alphabetic Lowercase Uppercase White_Space Emoji Arabic Armenian Bengali Bopomofo
Cyrillic Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Han Hangul Hebrew Hiragana
Kannada Katakana Khmer Lao Latin Malayalam Mongolian Myanmar Oriya Sinhala Tamil Telugu Thai
Tibetan Common Inherited
"""
PROPERTIES = frozenset(_PROPERTIES.split())


def facts(known: Tree) -> dict[str, object]:
    """What a parse tree says of its pattern, by the names of `patterns.Pattern`."""
    size = known.node.size
    return {
        "width": size.width,
        "least": size.least,
        "before": size.before,
        "after": size.after,
        "digits": size.digits,
        "groups": known.groups,
        "lines": known.lines,
    }


@lru_cache(maxsize=128)  # as many as a pack has: what it needs is derived once all of it is read
def tree(source: str) -> Tree:
    """The parse tree of `source`; `PatternError` when it is not in the subset."""
    return _Parser(source).read()


# ── the tree ─────────────────────────────────────────────────────────────────────────────────────

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Char:
    """One character."""

    char: str


@dataclass(frozen=True, slots=True)
class Class:
    r"""`exact` is what \d, \w and \s stand for, `(?i)` or not; `plain` is what was written out."""

    plain: Ranges = ()
    exact: Ranges = ()
    properties: tuple[str, ...] = ()
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Any:
    """The full stop: any character but a line feed."""


@dataclass(frozen=True, slots=True)
class Position:
    r"""`^`, `$`, `\A`, `\z`, `\b` or `\B`."""

    written: str


@dataclass(frozen=True, slots=True)
class Around:
    """Look-around: what opens it, and what it looks for."""

    opening: str
    node: Node


@dataclass(frozen=True, slots=True)
class Group:
    """A group: what opens it, and what it holds."""

    opening: str
    node: Node


@dataclass(frozen=True, slots=True)
class Again:
    """A back-reference."""

    number: int
    node: Node


@dataclass(frozen=True, slots=True)
class Repeat:
    """A repeat, greedy unless `suffix` says otherwise."""

    node: Node
    least: int
    most: int
    suffix: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """Items in a row."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Alternatives, the first one preferred."""

    nodes: tuple[Node, ...]


Item = Char | Class | Any | Position | Around | Group | Again | Repeat | Sequence | Either


@dataclass(frozen=True, slots=True)
class Size:
    """Bounds of what an item matches, and of what it sees around that."""

    least: int = 0
    width: int = 0
    before: int = 0
    after: int = 0
    digits: int = 0


@dataclass(frozen=True, slots=True)
class Node:
    """An item and its size."""

    item: Item
    size: Size


@dataclass(frozen=True, slots=True)
class Tree:
    """A whole pattern."""

    node: Node
    ignore_case: bool
    lines: bool
    groups: int
    refers: bool
    """Whether it has a back-reference."""


def _then(left: Size, right: Size) -> Size:
    return Size(
        left.least + right.least,
        left.width + right.width,
        max(left.before, right.before - left.least),
        max(right.after, left.after - right.least),
        left.digits + right.digits,
    )


def _either(sizes: list[Size]) -> Size:
    return Size(
        min(size.least for size in sizes),
        max(size.width for size in sizes),
        max(size.before for size in sizes),
        max(size.after for size in sizes),
        min(size.digits for size in sizes),
    )


def _times(size: Size, least: int, most: int) -> Size:
    return Size(size.least * least, size.width * most, size.before, size.after, size.digits * least)


# ── alternatives ─────────────────────────────────────────────────────────────────────────────────


def branches(node: Node, most: int) -> list[Node]:
    """The alternatives of `node`, in order: at any start it prefers the match of the first of them.

    Itself alone, if they are more than `most`. What is of no width beside them belongs to each.
    """
    found = [node]
    match node.item:
        case Either(nodes):
            found = [branch for one in nodes for branch in branches(one, most)]
        case Group(opening, inner):
            found = branches(inner, most)
            if opening != "(?:" or len(found) == 1:
                found = [Node(Group(opening, branch), branch.size) for branch in found]
        case Sequence(nodes):
            wide = [at for at, one in enumerate(nodes) if one.size.width]
            if len(wide) == 1:
                at = wide[0]
                ways = map(_in_a_row, branches(nodes[at], most))
                found = [_row((*nodes[:at], *way, *nodes[at + 1 :])) for way in ways]
    return found if len(found) <= most else [node]


def _in_a_row(node: Node) -> tuple[Node, ...]:
    """What stands for `node` among others in a row."""
    match node.item:
        case Sequence(nodes):
            return nodes
        case Either():
            return (Node(Group("(?:", node), node.size),)
    return (node,)


def _row(nodes: tuple[Node, ...]) -> Node:
    size = Size()
    for node in nodes:
        size = _then(size, node.size)
    return Node(Sequence(nodes), size)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────

_DIGIT: Ranges = ((48, 57),)
_WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACE: Ranges = ((9, 13), (32, 32))
_LAST = 0x10FFFF


def outside(ranges: Ranges) -> Ranges:
    """All characters but those of some merged ranges."""
    edges = [-1, *(edge for pair in ranges for edge in pair), _LAST + 1]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return tuple((low + 1, high - 1) for low, high in gaps if low + 1 < high)


_SHORTHANDS = {
    "d": _DIGIT,
    "w": _WORD,
    "s": _SPACE,
    "D": outside(_DIGIT),
    "W": outside(_WORD),
    "S": outside(_SPACE),
}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}
_CODES = {"x": 2, "u": 4, "U": 8}
_HEX = frozenset("0123456789abcdefABCDEF")

_EDGE = "the ends of a text have no place in a class"
_ESCAPE_HINTS = {
    "A": _EDGE,
    "Z": r"write \z for the end of the text, $ for the end of a line",
    "z": _EDGE,
    "G": "leave it out: every start is tried",
    "K": "write what comes before as look-behind: (?<=…)",
    "N": r"write the character itself or its number: \uHHHH",
    "X": r"write a bounded repeat of marks: .\p{M}{0,4}",
    "R": r"write (?:\r\n|\n|\r)",
    "h": r"write [ \t]",
    "m": r"write \b",
    "M": r"write \b",
    "L": "write the words as alternatives: (?:one|two), or use terms instead of a pattern",
    "g": r"write the group's number: \1",
    "k": r"write the group's number: \1",
    "0": r"write \x00",
}
_GROUP_HINTS = {
    ">": "write a possessive repeat such as {1,9}+, or a plain group (?:…)",
    "#": "write comments in the pack, next to the pattern",
    "(": "write both cases as alternatives: (?:…|…)",
    "|": "write (?:…|…)",
    "&": "patterns cannot call themselves; write a bounded repeat",
    "R": "patterns cannot call themselves; write a bounded repeat",
    "P=": r"write the group's number: \1",
    "P>": "patterns cannot call themselves; write a bounded repeat",
    "P&": "patterns cannot call themselves; write a bounded repeat",
}
_FLAG_HINTS = {
    "i": "put (?i) at the very start; it holds for the whole pattern",
    "m": "leave it out: ^ and $ are always line ends",
    "s": r"leave it out; write [\s\S] for any character, line ends included",
    "x": "leave it out; write comments in the pack and spaces as they are meant",
    "a": r"leave it out: \d, \w, \s and \b are always ASCII",
    "u": r"leave it out; write \p{L} or \p{Nd} for letters and digits of all scripts",
}
_AROUNDS = ("(?<=", "(?<!", "(?=", "(?!")


class Cursor:
    """A pattern that is read from left to right; `at` is where it stands."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0

    def error(
        self, message: str, hint: str = "write it in another way", *, at: int | None = None
    ) -> PatternError:
        """What is wrong where it stands, or at `at`."""
        return PatternError(message, at=self.at if at is None else at, hint=hint)

    def peek(self, length: int = 1) -> str:
        """The next characters."""
        return self.source[self.at : self.at + length]

    def take(self, text: str) -> bool:
        """Whether `text` comes next; if so, it is read."""
        if not self.source.startswith(text, self.at):
            return False
        self.at += len(text)
        return True


class _Parser(Cursor):
    """Reads one pattern of the subset."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.depth = 0
        self.lines = False
        self.names: set[str] = set()
        self.groups: dict[int, tuple[Node, tuple[int, ...]] | None] = {}
        self.references = 0
        # The offsets of the look-arounds that we are in: a group is known inside its own only.
        self.arounds: tuple[int, ...] = ()
        self.behind = 0

    def read(self) -> Tree:
        ignore_case = self.take("(?i)")
        node = self.either()
        if self.at < len(self.source):
            raise self.error('")" closes nothing', r"write \) for the character")
        if node.size.least == 0:
            raise self.error(
                "the pattern can match nothing at all", "let at least one part be required", at=0
            )
        return Tree(node, ignore_case, self.lines, len(self.groups), bool(self.references))

    # small steps

    def while_in(self, characters: Iterable[str]) -> str:
        start = self.at
        while self.at < len(self.source) and self.source[self.at] in characters:
            self.at += 1
        return self.source[start : self.at]

    # structure

    def either(self) -> Node:
        branches = [self.sequence()]
        while self.peek() == "|":
            bar = self.at
            self.at += 1
            branches.append(self.sequence())
            if any(branch.item == Sequence(()) for branch in branches):
                raise self.error(
                    "an alternative is empty", "write (?:…)? to make a part optional", at=bar
                )
        if len(branches) == 1:
            return branches[0]
        return Node(Either(tuple(branches)), _either([branch.size for branch in branches]))

    def sequence(self) -> Node:
        nodes: list[Node] = []
        size = Size()
        while self.at < len(self.source) and self.peek() not in "|)":
            start = self.at
            node = self.repeated()
            nodes.append(node)
            size = _then(size, node.size)
            self.capped(size, start)
        return nodes[0] if len(nodes) == 1 else Node(Sequence(tuple(nodes)), size)

    def capped(self, size: Size, start: int) -> None:
        if size.width > WIDTH:
            raise self.error(
                f"from here on a match can be longer than {WIDTH} characters",
                "lower the upper bounds of the repeats",
                at=start,
            )

    def repeated(self) -> Node:
        start = self.at
        if self.peek() in "*+?{":
            raise self.nothing_to_repeat()
        node = self.item()
        if self.peek() not in ("*", "+", "?", "{"):
            return node
        if node.size.width == 0:
            raise self.error(
                "a position cannot be repeated",
                "leave the repeat out, or repeat a group of characters",
            )
        least, most = self.bounds(CLASS_REPEATS if isinstance(node.item, Class) else REPEATS)
        suffix = self.peek()
        if suffix not in ("?", "+"):
            suffix = ""
        self.at += len(suffix)
        if self.peek() in ("*", "+", "?", "{"):
            raise self.error(
                "a repeat cannot be repeated", "put the first one into a group: (?:…{1,3}){1,3}"
            )
        size = _times(node.size, least, most)
        self.capped(size, start)
        return Node(Repeat(node, least, most, suffix), size)

    def nothing_to_repeat(self) -> PatternError:
        return self.error(
            f'"{self.peek()}" has nothing to repeat', f"write \\{self.peek()} for the character"
        )

    def bounds(self, cap: int) -> tuple[int, int]:
        start = self.at
        if self.take("?"):
            return 0, 1
        if self.peek() in ("*", "+"):
            least = 0 if self.peek() == "*" else 1
            raise self.error(
                f'"{self.peek()}" has no upper bound',
                f"write one: {{{least},40}} instead of {self.peek()}",
            )
        self.at += 1
        low = self.while_in("0123456789")
        comma = self.take(",")
        high = self.while_in("0123456789")
        if not self.take("}") or not (low or high):
            raise self.error(
                '"{" does not begin a repeat such as {3} or {1,40}',
                r"write \{ for the character",
                at=start,
            )
        if comma and not high:
            raise self.error(
                f'"{{{low},}}" has no upper bound', f"write one: {{{low},40}}", at=start
            )
        # Longer numbers are over the cap whatever they are, and slow to convert.
        least, most = (int(number[:9] or "0") for number in (low, high if comma else low))
        if most > cap:
            raise self.error(
                f"a repeat has at most {cap} rounds",
                f"write {{{least},{cap}}} or less",
                at=start,
            )
        if least > most:
            raise self.error(
                "the bounds of the repeat are the wrong way round",
                f"write {{{most},{least}}}",
                at=start,
            )
        if most == 0:
            raise self.error("a repeat of 0 rounds matches nothing", "leave the part out", at=start)
        return least, most

    def item(self) -> Node:
        start = self.at
        char = self.source[start]
        if char == "(":
            return self.group()
        if char == "[":
            return self.classed()
        if char == "\\":
            return self.escaped()
        self.at += 1
        if char == ".":
            return Node(Any(), Size(1, 1))
        if char in "^$":
            self.lines = True
            size = Size(before=1) if char == "^" else Size(after=1)
            return Node(Position(char), size)
        return self.char(char)

    def char(self, char: str) -> Node:
        self.lines = self.lines or char in "\r\n"
        return Node(Char(char), Size(1, 1, digits=int(char in "0123456789")))

    # groups

    def group(self) -> Node:
        start = self.at
        self.depth += 1
        if self.depth > DEPTH:
            raise self.error(f"groups are nested deeper than {DEPTH}", "take some out")
        around = next((opening for opening in _AROUNDS if self.take(opening)), None)
        node = self.around(around, start) if around else self.plain_group(start)
        self.depth -= 1
        return node

    def close(self, start: int) -> None:
        if not self.take(")"):
            raise self.error(
                '"(" is never closed', r"add ), or write \( for the character", at=start
            )

    def content(self, start: int) -> Node:
        node = self.either()
        self.close(start)
        if node.item == Sequence(()):
            raise self.error("a group is empty", "write what it holds, or leave it out", at=start)
        return node

    def around(self, opening: str, start: int) -> Node:
        outer, behind = self.arounds, "<" in opening
        self.arounds = (*outer, start)
        self.behind += behind
        node = self.content(start)
        self.behind -= behind
        self.arounds = outer
        width, before, after = node.size.width, node.size.before, node.size.after
        size = (
            Size(before=width + before, after=after)
            if behind
            else Size(before=before, after=width + after)
        )
        if max(size.before, size.after) > REACH:
            raise self.error(
                f"look-around sees further than {REACH} characters",
                'lower the upper bounds in it, or use "near"',
                at=start,
            )
        return Node(Around(opening, node), size)

    def plain_group(self, start: int) -> Node:
        if self.take("(?:"):
            opening, number = "(?:", None
        else:
            opening = self.named(start)
            number = len(self.groups) + 1
            self.groups[number] = None
        node = self.content(start)
        if number is not None:
            self.groups[number] = (node, self.arounds)
        return Node(Group(opening, node), node.size)

    def named(self, start: int) -> str:
        if self.take("(?P<"):
            name_at = self.at
            end = self.source.find(">", name_at)
            name = self.source[name_at:end] if end >= 0 else ""
            if not (name.isascii() and name.isidentifier()):
                raise self.error(
                    "the group has no proper name", "write (?P<name>…): letters, digits and _"
                )
            if name in self.names:
                raise self.error("two groups have the same name", "name each group once")
            self.names.add(name)
            self.at = end + 1
            return f"(?P<{name}>"
        if self.peek(2) in ("(?", "(*"):
            raise self.odd_group(start)
        self.at += 1
        return "("

    def odd_group(self, start: int) -> PatternError:
        if self.peek(2) == "(*":
            return self.error(
                '"(*" begins no group of the subset', r"write \* for the character", at=start
            )
        self.at += 2
        rest = self.peek(2)
        for key, hint in _GROUP_HINTS.items():
            if rest.startswith(key):
                return self.error(f'"(?{key}" is not in the subset', hint, at=start)
        if rest[:1].isdigit():
            return self.error("a call of a group is not in the subset", _GROUP_HINTS["R"], at=start)
        if rest[:1] == "<":
            return self.error('"(?<" does not name a group here', "write (?P<name>…)", at=start)
        flags = self.while_in("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")
        if flags and self.peek() in (")", ":"):
            known = (_FLAG_HINTS[flag] for flag in flags if flag in _FLAG_HINTS)
            hint = next(known, "leave it out")
            return self.error(f'the flags "{flags}" cannot be set here', hint, at=start)
        return self.error(
            '"(?" begins no group of the subset',
            "write (?:…), (?P<name>…), (?=…), (?!…), (?<=…) or (?<!…)",
            at=start,
        )

    # escapes

    def escaped(self) -> Node:
        start = self.at
        letter = self.source[start + 1 : start + 2]
        if letter in ("b", "B"):
            self.at += 2
            return Node(Position("\\" + letter), Size(before=1, after=1))
        if letter in ("A", "z"):
            self.at += 2
            self.lines = True
            size = Size(before=1) if letter == "A" else Size(after=1)
            return Node(Position("\\" + letter), size)
        if letter in ("p", "P"):
            return Node(Class(properties=(self.property(),)), Size(1, 1))
        if letter in _SHORTHANDS and letter:
            self.at += 2
            return Node(Class(exact=_SHORTHANDS[letter]), Size(1, 1, digits=int(letter == "d")))
        if letter and letter in "123456789":
            return self.again()
        return self.char(self.escaped_char())

    def escaped_char(self) -> str:
        r"""The one character that an escape stands for: `\.`, `\n`, `\x41`, `\u00e9`."""
        start = self.at
        letter = self.source[start + 1 : start + 2]
        if not letter:
            raise self.error("the pattern ends in a backslash", r"write \\ for the character")
        self.at += 2
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        if letter in _CODES:
            return self.coded(letter, start)
        if letter.isascii() and not letter.isalnum():
            return letter
        if not letter.isascii():
            raise self.error(
                "this character needs no backslash", "leave the backslash out", at=start
            )
        raise self.error(
            f'"\\{letter}" is not in the subset',
            _ESCAPE_HINTS.get(letter, f"write {letter} for the letter"),
            at=start,
        )

    def coded(self, letter: str, start: int) -> str:
        length = _CODES[letter]
        number = self.peek(length)
        if len(number) != length or not _HEX.issuperset(number):
            raise self.error(
                f'"\\{letter}" wants {length} hexadecimal digits',
                f"write \\{letter}{'41'.zfill(length)} for A",
                at=start,
            )
        code = int(number, 16)
        if code > _LAST or 0xD800 <= code <= 0xDFFF:
            raise self.error(
                "this number is no character",
                "write one below D800, or from E000 to 10FFFF",
                at=start,
            )
        self.at += length
        return chr(code)

    def property(self) -> str:
        start = self.at
        self.at += 2
        end = self.source.find("}", self.at)
        if self.peek() != "{" or end < 0:
            raise self.error("a property wants braces", r"write \p{L} or \p{Greek}", at=start)
        name = self.source[self.at + 1 : end]
        if name not in PROPERTIES:
            raise self.error("this property is not in the subset", _property_hint(name), at=start)
        self.at = end + 1
        return f"\\{self.source[start + 1]}{{{name}}}"

    def again(self) -> Node:
        start = self.at
        self.at += 1
        number = int(self.while_in("0123456789")[:9])
        if self.references:
            raise self.error(
                "a pattern has at most one back-reference", "write the second one out", at=start
            )
        if self.behind:
            raise self.error(
                "a back-reference cannot stand in look-behind", "write what it stands for", at=start
            )
        known = self.groups.get(number)
        if known is None or self.arounds[: len(known[1])] != known[1]:
            raise self.error(
                f"group {number} is not complete before its back-reference",
                r"write it before, outside other look-around: ([- ])\d{2}\1",
                at=start,
            )
        self.references += 1
        node = known[0]
        size = Size(node.size.least, node.size.width, digits=node.size.digits)
        return Node(Again(number, node), size)

    # classes

    def classed(self) -> Node:
        start = self.at
        self.at += 1
        negated = self.take("^")
        plain: list[tuple[int, int]] = []
        exact: list[tuple[int, int]] = []
        properties: list[str] = []
        if self.peek() == "]":
            raise self.error("a class is empty", r"write \] for the character", at=start)
        while not self.take("]"):
            if self.at >= len(self.source):
                raise self.error(
                    '"[" is never closed', r"add ], or write \[ for the character", at=start
                )
            letter = self.source[self.at + 1 : self.at + 2] if self.peek() == "\\" else ""
            if letter and letter in "pP":
                properties.append(self.property())
                self.no_range()
            elif letter in _SHORTHANDS:
                self.at += 2
                exact += _SHORTHANDS[letter]
                self.no_range()
            else:
                plain.append(self.range())
        for low, high in plain:
            self.lines = self.lines or any(low <= end <= high for end in (10, 13))
        only_digits = not (negated or properties) and all(
            low >= 48 and high <= 57 for low, high in plain + exact
        )
        item = Class(merged(plain), merged(exact), tuple(dict.fromkeys(properties)), negated)
        return Node(item, Size(1, 1, digits=int(only_digits)))

    def no_range(self) -> None:
        if self.peek() == "-" and self.peek(2) != "-]":
            raise self.error("a range cannot begin with a class", r"write \- for the character")

    def range(self) -> tuple[int, int]:
        start = self.at
        low = self.class_char()
        if self.peek() != "-" or self.peek(2) == "-]":
            return low, low
        if self.peek(2) == "--":
            raise self.between_classes("--")
        self.at += 1
        if self.peek() == "\\" and self.source[self.at + 1 : self.at + 2] in (
            *_SHORTHANDS,
            "p",
            "P",
        ):
            raise self.error("a range cannot end with a class", r"write \- for the character")
        if self.at >= len(self.source):
            return low, low
        high = self.class_char()
        if high < low:
            raise self.error(
                "the range is the wrong way round", r"write the lower end first, or \-", at=start
            )
        return low, high

    def between_classes(self, pair: str) -> PatternError:
        return self.error(
            f'"{pair}" between classes is not in the subset',
            f"write \\{pair[0]} for the character; write a look-ahead for both of two classes",
        )

    def class_char(self) -> int:
        pair = self.peek(2)
        if pair in ("&&", "||", "~~", "--"):
            raise self.between_classes(pair)
        if pair in ("[:", "[=", "[."):
            raise self.error(
                f'"{pair}" in a class is not in the subset', r"write \w, \d, \s or \p{…}, or \["
            )
        if pair == "\\b":
            raise self.error(r'"\b" has no meaning in a class', r"write \x08 for the backspace")
        if pair[:1] == "\\":
            return ord(self.escaped_char())
        self.at += 1
        return ord(pair[0])


def _property_hint(name: str) -> str:
    if name.startswith("^"):
        return r"write \P{…} for all other characters"
    import difflib

    close = difflib.get_close_matches(name, sorted(PROPERTIES), 1)
    if close:
        return f"did you mean {close[0]}?"
    return "write a general category such as L, Lu or Nd, or a script such as Greek"


def merged(ranges: list[tuple[int, int]]) -> Ranges:
    """The same in order, and none that touch."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def both_cases(ranges: Ranges) -> list[tuple[int, int]]:
    """What of `ranges` is ASCII, U+0130 or U+0131, with all that casefolds to the same."""
    found: list[tuple[int, int]] = []
    for low, high in ranges:
        found.append((low, min(high, 127)))
        for first, last, way in ((65, 90, 32), (97, 122, -32)):
            found.append((max(low, first) + way, min(high, last) + way))
        for members, other in (("kK", 0x212A), ("sS", 0x17F), ("\u0131", 0x131), ("\u0130", 0x130)):
            if any(low <= ord(member) <= high for member in members):
                found.append((other, other))
    return [(low, high) for low, high in found if low <= high]
