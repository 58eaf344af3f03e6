r"""Patterns as they are written for the `regex` module, with nothing left to its defaults.

`regex` tries alternatives one after the other at every start. What is written here finds the same
and tries few of them: words that begin alike become a tree of letters, and before many alternatives
stands a look at what any of them begins with.

>>> from leakguard.grammar import tree
>>> written(tree("(?:cat|car|dog)s"))
'(?:ca(?:t|r)|dog)s'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TypeAlias

from leakguard.grammar import (
    Again,
    Any,
    Around,
    Char,
    Class,
    Either,
    Group,
    Item,
    Node,
    Position,
    Ranges,
    Repeat,
    Tree,
    both_cases,
    merged,
    outside,
)
from leakguard.grammar import Sequence as Row

Way: TypeAlias = tuple[Node, ...]  # an alternative, item by item
Head: TypeAlias = tuple[str, ...]  # what one begins with: a character or class a place
Heads: TypeAlias = set[Head]

_FEW = 3  # alternatives are tried without a look ahead
_MANY = 12  # are looked at in parts as well
_PART = 6
_PLACES = 6, 4, 2  # of heads, the most that are not too many
_HEADS = 600
_FEW_CHARS = 32  # of a range are looked at one by one
_UNROLLED = 500  # characters of what is repeated as seldom as can be

# Under (?i) we mean what str.casefold means, and regex differs from that for the dotless small i
# (U+0131), which it lets I match, and the dotted capital (U+0130), which it lets i match. The
# literals are looked for in casefolded text, where these four are three letters.
_DOTTED = "iI\u0131\u0130"

_POSITIONS = {"^": "^", "$": "$", r"\A": r"\A", r"\z": r"\Z"}


def facts(known: Tree) -> dict[str, object]:
    """What is written of a pattern, by the names of `patterns.Pattern`."""
    lead = _lead(known.node.item)
    return {
        "written": written(known, known.node),
        "lead": lead.item.most if lead and isinstance(lead.item, Repeat) else 0,
        "rest": len(written(known, lead)) if lead else 0,
    }


def written(known: Tree, node: Node | None = None) -> str:
    """A pattern, or one of its `branches`."""
    writer = _Writer(ignore_case=known.ignore_case)
    return "(?i)" * known.ignore_case + writer.written((node or known.node).item)


def _lead(item: Item) -> Node | None:
    """What may lead a match and need not: some characters of one class."""
    if not isinstance(item, Row) or not isinstance(item.nodes[0].item, Repeat):
        return None
    first = item.nodes[0].item
    if first.least or first.suffix == "+" or not isinstance(first.node.item, Char | Class | Any):
        return None
    return item.nodes[0]


class _Writer:
    """Writes items. In look-behind `regex` goes backwards: what begins there tells it nothing."""

    def __init__(self, *, ignore_case: bool, behind: bool = False) -> None:
        self.ignore_case = ignore_case
        self.behind = behind

    def written(self, item: Item) -> str:
        match item:
            case Char(char):
                if self.ignore_case and char in _DOTTED:
                    return f"(?-i:{'[iI]' if char in 'iI' else char})"
                return _spelt(char)
            case Class():
                return _written_class(item, self.ignore_case)
            case Any():
                return "."
            case Position(written):
                return _POSITIONS.get(written) or f"(?a:{written})"
            case Around(opening, node):
                behind = self.behind or "<" in opening
                writer = _Writer(ignore_case=self.ignore_case, behind=behind)
                return f"{opening}{writer.written(node.item)})"
            case Group(opening, node):
                return f"{opening}{self.written(node.item)})"
            case Again(number):
                return f"(?-i:\\{number})"
            case Repeat(node, least, most, suffix):
                return self.repeat(node, least, most, suffix)
            case Row(nodes):
                return self.way(nodes)
            case Either(nodes):
                ways = map(_in_a_row, nodes)
                return "|".join(map(self.way, ways) if self.behind else self.ways(list(ways)))

    def repeat(self, node: Node, least: int, most: int, suffix: str) -> str:
        """A repeat; of a group that may be missing, or stand as seldom as can be, by alternatives.

        So `regex` sees sooner that there is none.
        """
        one = self.separated(node) or self.written(node.item)
        rounds = f"{one}{{{least},{most}}}{suffix}"
        if suffix == "+" or not isinstance(node.item, Group):
            return rounds
        if most == 1 and not least:
            inner = one.removeprefix("(?:")[:-1] if one.startswith("(?:") else one
            return f"(?:|{inner})" if suffix else f"(?:{inner}|)"
        if suffix and least < 2 and most * len(one) <= _UNROLLED and not _captures(node):
            nested = ""
            for _ in range(most - least):
                nested = f"(?:|{one}{nested})"
            return one * least + nested
        return rounds

    def separated(self, node: Node) -> str:
        """A group of a character that may have one before it that it never is, else ""."""
        match node.item:
            case Group("(?:", Node(Row((Node(Repeat(mark, 0, 1, "")), one)))):
                if _apart(mark.item, one.item):
                    # It is told by its first character which of the two it can be.
                    return f"(?:{self.way((one,))}|{self.way((mark, one))})"
        return ""

    def way(self, nodes: Way) -> str:
        return "".join(self.written(node.item) for node in nodes)

    def ways(self, ways: Sequence[Way]) -> Sequence[str]:
        """Alternatives in order, as few as there can be."""
        ways = list(_flat(ways))
        tried = list(self.by_first(ways))
        if len(tried) <= _FEW or all(_kind(way) is Char for way in ways):
            return tried
        if len(ways) > _MANY:
            parts = (ways[at : at + _PART] for at in range(0, len(ways), _PART))
            tried = [one for part in parts for one in self.ways(part)]
        ahead = self.ahead(ways)
        return [ahead + _one_of(tried)] if ahead else tried

    def by_first(self, ways: Iterable[Way]) -> Iterator[str]:
        """Alternatives; of those in a row that begin alike the beginning is written once.

        No match is lost or preferred to another: no two letters stand at one place, and what goes
        one way only is tried once for all that may follow it.
        """
        for kind, run in groupby(ways, _kind):
            by_first: dict[str, list[Way]] = {}
            for number, way in enumerate(run):
                first = self.written(way[0].item) if kind else str(number)
                letter = kind is Char and self.ignore_case and len(first) == 1
                by_first.setdefault(first.lower() if letter else first, []).append(way)
            for alike in by_first.values():
                rest = [way[1:] for way in alike]
                if len(alike) == 1:
                    yield self.way(alike[0])
                elif any(rest):
                    yield self.written(alike[0][0].item) + _one_of(self.ways(rest))
                else:
                    yield self.way(alike[0])

    def ahead(self, ways: Iterable[Way]) -> str:
        """A look at what any of some alternatives begins with; "" where one may begin anyhow."""
        for places in _PLACES:
            heads: Heads = set()
            for way in ways:
                heads = heads.union(*self.heads(way, places))
                if len(heads) > _HEADS:
                    break
            if () in heads:
                return ""
            if len(heads) <= _HEADS:
                return f"(?={_tree(sorted(heads))})"
        return ""

    def heads(self, way: Way, places: int) -> tuple[Heads, Heads]:
        """What an alternative begins with: what may be all of it, and what it may go on after."""
        whole: Heads = {()}
        cut: Heads = set()
        for node in way:
            all_of, some_of = self.heads_of(node.item, places)
            cut |= {(*head, *more)[:places] for head in whole for more in some_of}
            whole = {(*head, *more)[:places] for head in whole for more in all_of}
            cut |= {head for head in whole if len(head) == places}
            whole = {head for head in whole if len(head) < places}
            if not whole or len(whole) + len(cut) > _HEADS:
                return set(), whole | cut
        return whole, cut

    def heads_of(self, item: Item, places: int) -> tuple[Heads, Heads]:
        match item:
            case Char() | Class():
                return {(self.written(item),)}, set()
            case Position() | Around():
                return {()}, set()
            case Group(_, node):
                return self.heads_of(node.item, places)
            case Row(nodes):
                return self.heads(nodes, places)
            case Either(nodes):
                found = [self.heads_of(node.item, places) for node in nodes]
                return set().union(*(w for w, _ in found)), set().union(*(c for _, c in found))
            case Repeat(node, least, most) if least or most == 1:
                whole, cut = self.heads_of(node.item, places)
                if most == 1:
                    return (whole if least else whole | {()}), cut
                return set(), whole | cut
        return set(), {()}


def _in_a_row(node: Node) -> Way:
    return node.item.nodes if isinstance(node.item, Row) else (node,)


def _flat(ways: Iterable[Way]) -> Iterator[Way]:
    """Alternatives, and in the place of one that is nothing but others these."""
    for way in ways:
        inner = way
        while (
            len(inner) == 1 and isinstance(inner[0].item, Group) and inner[0].item.opening == "(?:"
        ):
            inner = _in_a_row(inner[0].item.node)
        if len(inner) == 1 and isinstance(inner[0].item, Either):
            yield from _flat(map(_in_a_row, inner[0].item.nodes))
        else:
            yield inner


def _one_of(ways: Sequence[str]) -> str:
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


def _kind(way: Way) -> Node | type[Char] | None:
    """What alternatives in a row share if they are told apart by what they begin with."""
    if not way:
        return None
    first = way[0]
    if isinstance(first.item, Char) and first.item.char.isascii():
        return Char
    return first if _goes_one_way(first.item) and not _captures(first) else None


def _goes_one_way(item: Item) -> bool:
    """Whether there is one match of it at most that is ever tried at a place."""
    if isinstance(item, Repeat):
        return item.suffix == "+"
    return isinstance(item, Char | Class | Any | Position | Around)


def _apart(one: Item, other: Item) -> bool:
    """Whether no character that one item stands for is another case of one of the other's."""
    return bool(_folded(one)) and bool(_folded(other)) and _folded(one).isdisjoint(_folded(other))


def _folded(item: Item) -> set[str]:
    """The characters of a small class, casefolded; none where they are not soon told."""
    match item:
        case Char(char):
            return {char.casefold()}
        case Class(plain, exact, properties=(), negated=False):
            pairs = merged([*plain, *exact])
            if all(high < 128 for _, high in pairs):
                return {
                    chr(code).casefold() for low, high in pairs for code in range(low, high + 1)
                }
    return set()


def _captures(node: Node) -> bool:
    match node.item:
        case Group(opening, inner):
            return opening != "(?:" or _captures(inner)
        case Around(_, inner) | Repeat(inner):
            return _captures(inner)
        case Row(nodes) | Either(nodes):
            return any(map(_captures, nodes))
    return False


def _tree(heads: Sequence[Head], at: int = 0) -> str:
    """Some sorted heads from one place on."""
    if any(len(head) == at for head in heads):
        return ""
    return _one_of(
        [first + _tree(list(some), at + 1) for first, some in groupby(heads, lambda head: head[at])]
    )


# ── characters ───────────────────────────────────────────────────────────────────────────────────


def _spelt(char: str) -> str:
    if char.isascii() and char.isalnum():
        return char
    code = ord(char)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _written_class(item: Class, ignore_case: bool) -> str:
    sign = "^" if item.negated else ""
    properties = "".join(item.properties)
    if not ignore_case:
        return f"[{sign}{_listed(merged([*item.plain, *item.exact]))}{properties}]"
    # One class cannot be both: what has its case spelt out, and what regex folds.
    beyond = _beyond_ascii(item.plain)
    caseless = [pair for pair in beyond if _has_no_case(*pair)]
    strict = _listed(merged([*both_cases(item.plain), *item.exact, *caseless]))
    loose = _listed([pair for pair in beyond if pair not in caseless]) + properties
    if not loose:
        return f"(?-i:[{sign}{strict}])"
    if not strict:
        return f"[{sign}{loose}]"
    if item.negated:
        return f"(?:(?![{loose}])(?-i:[^{strict}]))"
    return f"(?:(?-i:[{strict}])|[{loose}])"


def _has_no_case(low: int, high: int) -> bool:
    """Whether no character of a range is another in another case, as far as that is soon told."""
    chars = map(chr, range(low, min(high, low + _FEW_CHARS) + 1))
    return high - low < _FEW_CHARS and all(
        c == c.lower() == c.upper() == c.casefold() for c in chars
    )


def _listed(ranges: Iterable[tuple[int, int]]) -> str:
    return "".join(
        _spelt(chr(low)) if low == high else f"{_spelt(chr(low))}-{_spelt(chr(high))}"
        for low, high in ranges
    )


def _beyond_ascii(ranges: Ranges) -> Ranges:
    pieces = outside(((0, 127), (0x130, 0x131)))
    cut = [(max(low, first), min(high, last)) for low, high in ranges for first, last in pieces]
    return tuple((low, high) for low, high in cut if low <= high)
