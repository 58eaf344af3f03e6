r"""A pattern written for an engine that searches the bytes of a view: loosely, so that it is quick.

Whatever the pattern matches, the expression matches up to some place inside of it, at its end, or
as far behind it as the pattern looks. It may match elsewhere too: repeats lose their upper bounds,
look-around is left out but for one character at either end, or what must stand there, and beyond
ASCII any letter is as good as another. Some characters fold to ASCII letters where case is ignored
(`patterns.ODD`): a text that holds one must be searched in another way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from leakguard.grammar import (
    Again,
    Any,
    Around,
    Char,
    Class,
    Either,
    Group,
    Item,
    Position,
    Repeat,
    both_cases,
    tree,
)
from leakguard.grammar import Sequence as Row
from leakguard.records import NamedTuple

ROUNDS: Final = (8, 1)  # repeats of more rounds have no upper bound; the second is looser

_ASCII: Final = range(128)
_WORD: Final = frozenset(map(ord, "0123456789_")) | {
    ord(letter) for low in "abcdefghijklmnopqrstuvwxyz" for letter in (low, low.upper())
}
CONTINUING: Final = bytes(range(128, 192))  # bytes of UTF-8 that begin no character


class Loose(NamedTuple):
    """An expression for the `squeezed` text of the `lines` view, or else the `plain` one.

    In it `^` and `$` are the ends of lines. What is `anchored` begins where the text does. A match
    has at least so many `digits`, and begins at least as many characters before where the
    expression ends.
    """

    expression: str
    caseless: bool
    lines: bool
    anchored: bool = False
    digits: int = 0
    least: int = 1


def squeezed(text: str) -> bytes:
    """A text with one byte for each character: beyond ASCII the first of those of UTF-8.

    >>> squeezed("café 5")
    b'caf\\xc3 5'
    """
    data = text.encode("utf-8", "surrogatepass")
    return data if len(data) == len(text) else data.translate(None, CONTINUING)


def loosely(source: str, rounds: int = ROUNDS[0]) -> Loose:
    r"""A pattern, written loosely.

    >>> loosely(r"(?i)\bmember no \d{9,30}\b")[:2]
    ('\\bmember\\x20no\\x20\\d{8,}\\b', True)
    >>> loosely(r"(?<=id )[A-Z]{2,5}-\d{2,4}").expression
    '(?:id\\x20)[A-Z]{2,5}\\x2d\\d{2}'
    """
    known = tree(source)
    writer = _Writer(known.ignore_case, rounds)
    expression = writer.item(known.node.item, first=True, last=True, lead=True, tail=True)
    anchored, digits = _is_anchored(known.node.item), known.node.size.digits
    least = max(1, _shortest(known.node.item, rounds))
    return Loose(expression, known.ignore_case, known.lines, anchored, digits, least)


def _shortest(item: Item, rounds: int) -> int:
    """Of how many characters at least is what is written of an item."""
    match item:
        case Char() | Class() | Any():
            return 1
        case Group(_, node) | Again(_, node):
            return _shortest(node.item, rounds)
        case Repeat(node, least):
            single = isinstance(node.item, Char | Class | Any)
            return least if single else min(least, rounds) * _shortest(node.item, rounds)
        case Row(nodes):
            return sum(_shortest(node.item, rounds) for node in nodes)
        case Either(nodes):
            return min(_shortest(node.item, rounds) for node in nodes)
    return 0


def _is_anchored(item: Item) -> bool:
    r"""Whether all that an item matches begins with `\A`."""
    match item:
        case Position(written):
            return written == r"\A"
        case Group(_, node):
            return _is_anchored(node.item)
        case Row(nodes) if nodes:
            return _is_anchored(nodes[0].item)
    return False


class _Symbol(NamedTuple):
    """The ASCII characters that stand at one place, and whether others may."""

    codes: frozenset[int]
    beyond: bool


class _Writer:
    def __init__(self, ignore_case: bool, rounds: int) -> None:
        self.ignore_case = ignore_case
        self.rounds = rounds

    def item(
        self,
        item: Item,
        *,
        first: bool = False,
        last: bool = False,
        lead: bool = False,
        tail: bool = False,
    ) -> str:
        """An item as it is written: of the first or last in a match as little as there may be.

        With `lead` nothing is written before it, with `tail` nothing behind it: what it looks at
        there may be.
        """
        match item:
            case Char() | Class() | Any():
                return _single(item, ignore_case=self.ignore_case)
            case Position(written):
                return written if written in (r"\b", "^", "$") else ""
            case Around():
                return ""
            case Group(_, node):
                return self.item(node.item, first=first, last=last, lead=lead, tail=tail)
            case Again(_, node):
                return self.item(node.item)
            case Repeat():
                return self.repeat(item, first=first, last=last)
            case Row(nodes):
                items: Sequence[Item] = [node.item for node in nodes]
                before, items = self.before(items) if lead else ("", items)
                after, items = self.after(items) if tail else ("", items)
                first, lead = first and not before, lead and not before
                last, tail = last and not after, tail and not after
                return before + self.row(items, first, last, lead, tail) + after
            case Either(nodes):
                ways = (
                    self.item(node.item, first=first, last=last, lead=lead, tail=tail)
                    for node in nodes
                )
                return f"(?:{'|'.join(ways)})"

    def row(self, items: Sequence[Item], first: bool, last: bool, lead: bool, tail: bool) -> str:
        edges = [self.edge(items, at) for at in range(len(items))]
        # What is written as nothing leaves its place to its neighbour.
        begin, end = 0, len(items) - 1
        while first and begin < end and not (edges[begin] or self.item(items[begin], first=True)):
            begin += 1
        while last and end > begin and not (edges[end] or self.item(items[end], last=True)):
            end -= 1
        return "".join(
            edges[at]
            or self.item(
                items[at],
                first=first and at == begin,
                last=last and at == end,
                lead=lead and at == begin,
                tail=tail and at == end,
            )
            for at in range(begin, end + 1)
        )

    def before(self, items: Sequence[Item]) -> tuple[str, Sequence[Item]]:
        """What has to stand before a row, and the row without what says so."""
        at, written = 0, ""
        while at < len(items) and _looks(items[at]):
            written = written or self.context(items[at], behind=True)
            at += 1
        return (written, items[at:]) if written else ("", items)

    def after(self, items: Sequence[Item]) -> tuple[str, Sequence[Item]]:
        """What has to stand behind a row, likewise."""
        end, written = len(items), ""
        while end and _looks(items[end - 1]):
            written = written or self.context(items[end - 1], behind=False)
            end -= 1
        return (written, items[:end]) if written else ("", items)

    def context(self, item: Item, *, behind: bool) -> str:
        """What look-around asks for before a place, or behind it; "" where that may be anything."""
        match item:
            case Group(_, node):
                return self.context(node.item, behind=behind)
            case Row(nodes):
                return next(filter(None, (self.context(n.item, behind=behind) for n in nodes)), "")
            case Either(nodes):
                ways = [self.context(node.item, behind=behind) for node in nodes]
                return f"(?:{'|'.join(ways)})" if all(ways) else ""
            case Around(opening, node) if ("<" in opening) == behind:
                return self.asked(opening, node.item)
        return ""

    def asked(self, opening: str, inner: Item) -> str:
        """What a look-around asks for; of what it forbids one character, or the text's end."""
        if "!" not in opening:
            written = self.item(inner)
            return f"(?:{written})" if written else ""
        options = [node.item for node in inner.nodes] if isinstance(inner, Either) else [inner]
        singles = [self.symbol(o).codes for o in options if isinstance(o, Char | Class | Any)]
        left = set(range(256)).difference(*singles)
        if not singles or len(left) in (0, 256):
            return ""
        # Texts are searched side by side: the end of one is the end of a line.
        ends = (r"\A", "^") if "<" in opening else (r"\z", "$")
        return f"(?:{ends[10 not in left]}|{_class(left)})"

    def edge(self, items: Sequence[Item], at: int) -> str:
        """The edge of a word, if that is what a look-around says."""
        item = items[at]
        if not isinstance(item, Around) or not self.forbids_words(item):
            return ""
        behind = "<" in item.opening
        beside = items[at + 1 : at + 2] if behind else items[max(0, at - 1) : at]
        return r"\b" if any(self.is_word(one, first=behind) for one in beside) else ""

    def repeat(self, item: Repeat, *, first: bool, last: bool) -> str:
        inner, single = item.node.item, isinstance(item.node.item, Char | Class | Any)
        shortest = first or last
        least, most = item.least, item.least if shortest else item.most
        if not most:
            return ""
        written = self.item(inner)
        if single or not written:
            return written and written + self.bounds(least, most, single=single)
        if not shortest:
            return f"(?:{written})" + self.bounds(least, most, single=False)
        # Of the rounds at an end of the match the outermost is the shortest.
        rounds = min(least, self.rounds)
        outer = self.item(inner, first=first, last=last)
        others = f"(?:{written}){self.bounds(rounds - 1, rounds - 1, single=False)}"
        others = others if rounds > 1 else ""
        return others + outer if last and not first else outer + others

    def bounds(self, least: int, most: int, *, single: bool) -> str:
        if least == most and (single or most <= self.rounds):
            return f"{{{least}}}" if least > 1 else ""
        if most <= self.rounds:
            return f"{{{least},{most}}}" if most > 1 else "?"
        least = min(least, self.rounds)
        return {0: "*", 1: "+"}.get(least, f"{{{least},}}")

    def symbol(self, item: Item) -> _Symbol:
        return _symbol(item, ignore_case=self.ignore_case)

    def forbids_words(self, item: Around) -> bool:
        r"""Whether it is `(?<![\w…])` or `(?![\w…])`, or one with more choices."""
        inner = item.node.item
        options = inner.nodes if isinstance(inner, Either) else (item.node,)
        classes = (n.item for n in options if isinstance(n.item, Class) and not n.item.negated)
        return "!" in item.opening and any(self.symbol(c).codes >= _WORD for c in classes)

    def is_word(self, item: Item, *, first: bool) -> bool:
        """Whether all that an item matches begins, or else ends, with an ASCII letter or digit."""
        match item:
            case Char() | Class():
                symbol = self.symbol(item)
                return not symbol.beyond and symbol.codes <= _WORD
            case Group(_, node):
                return self.is_word(node.item, first=first)
            case Repeat(node, least):
                return least > 0 and self.is_word(node.item, first=first)
            case Row(nodes):
                return self.are_words([node.item for node in nodes], first=first)
            case Either(nodes):
                return all(self.is_word(node.item, first=first) for node in nodes)
        return False

    def are_words(self, items: Sequence[Item], *, first: bool) -> bool:
        """The same of items in a row: what may be missing has to be one, and what comes next."""
        for item in items if first else reversed(items):
            if isinstance(item, Around | Position):
                continue
            if not isinstance(item, Repeat) or item.least:
                return self.is_word(item, first=first)
            if not self.is_word(item.node.item, first=first):
                return False
        return False


@lru_cache(maxsize=4096)
def _single(item: Item, *, ignore_case: bool) -> str:
    """One character, as it is written."""
    symbol = _symbol(item, ignore_case=ignore_case)
    return _class((*symbol.codes, *(range(128, 256) if symbol.beyond else ())))


@lru_cache(maxsize=4096)
def _symbol(item: Item, *, ignore_case: bool) -> _Symbol:
    match item:
        case Char(char):
            if not char.isascii():
                return _Symbol(frozenset(), beyond=True)
            return _Symbol(frozenset({ord(char.lower() if ignore_case else char)}), False)
        case Class(plain, exact, properties, negated):
            ranges = (*(both_cases(plain) if ignore_case else plain), *exact)
            codes = frozenset(c for low, high in ranges for c in range(low, min(high, 127) + 1))
            for name in properties:
                codes |= _of_property(name, ignore_case=ignore_case)
            if negated:
                return _Symbol(frozenset(_ASCII) - codes, beyond=True)
            beyond = any(high > 127 for _, high in (*plain, *exact))
            return _Symbol(codes, beyond or bool(properties))
    return _Symbol(frozenset(_ASCII) - {10}, beyond=True)


def _looks(item: Item) -> bool:
    """Whether an item is nothing but look-around."""
    match item:
        case Group(_, node):
            return _looks(node.item)
        case Row(nodes) | Either(nodes):
            return all(_looks(node.item) for node in nodes)
    return isinstance(item, Around)


@lru_cache(maxsize=256)
def _of_property(name: str, *, ignore_case: bool) -> frozenset[int]:
    r"""The ASCII characters of a property such as `\p{Lu}`."""
    import regex

    property = regex.compile(("(?i)" if ignore_case else "") + name, regex.VERSION0 | regex.UNICODE)
    return frozenset(code for code in _ASCII if property.fullmatch(chr(code)))


def _class(codes: Iterable[int]) -> str:
    """A class of bytes; beyond ASCII any is as good as another."""
    wanted = sorted(codes)
    if wanted == list(range(48, 58)):
        return r"\d"
    if len(wanted) == 1:
        return _spelt(wanted[0])
    pieces = []
    at = 0
    while at < len(wanted):
        end = at
        while end + 1 < len(wanted) and wanted[end + 1] == wanted[end] + 1:
            end += 1
        low, high = _spelt(wanted[at]), _spelt(wanted[end])
        pieces.append(low if at == end else f"{low}-{high}" if end > at + 1 else low + high)
        at = end + 1
    return f"[{''.join(pieces)}]"


def _spelt(code: int) -> str:
    return chr(code) if code < 128 and chr(code).isalnum() else f"\\x{code:02x}"
