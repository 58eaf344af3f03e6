"""What every match of a pattern holds: a walk over its parse tree, and the literals it finds.

The walk is told what one place holds and which sets are worth most, so that whoever looks for
literals and whoever looks for classes of characters (`symbols`) walk alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from itertools import product
from typing import Any, Generic, TypeVar

from leakguard.grammar import (
    Again,
    Around,
    Char,
    Class,
    Either,
    Group,
    Item,
    Position,
    Repeat,
    Sequence,
    Tree,
)
from leakguard.grammar import Any as Dot
from leakguard.records import NamedTuple

# Text, or a row of whatever may stand at each place.
W = TypeVar("W", str, tuple[str, ...])

# More alternatives than this cost more to look for than they save.
LITERALS = 64
LITERAL_LENGTH = 64
LITERAL_CLASS = 8


class Held(NamedTuple, Generic[W]):
    """What a match of an item is (`exact`), begins and ends with, and contains: one of each set."""

    exact: frozenset[W] | None
    first: frozenset[W]
    last: frozenset[W]
    best: frozenset[W] | None = None


class Walk(Generic[W]):
    """What matches of items hold.

    `one` says it of characters and positions. `worth` tells which of two sets is better to look
    for, and `useful` makes of a set one that is worth looking for, or None. Sets have at most
    `most` words of at most `length` places. Of what is repeated all is told where that is `rounds`
    ways or fewer; of a choice the set that its ways need where that is one of `choices` or fewer.
    """

    def __init__(
        self,
        one: Callable[[Item], Held[W]],
        nothing: W,
        *,
        worth: Callable[[frozenset[W] | None], Any],
        useful: Callable[[frozenset[W] | None], frozenset[W] | None],
        most: int,
        length: int,
        rounds: int,
        choices: int = 0,
    ) -> None:
        self._one: Callable[[Item], Held[W]] = one
        self._worth: Callable[[frozenset[W] | None], Any] = worth
        self._useful: Callable[[frozenset[W] | None], frozenset[W] | None] = useful
        self._most, self._length = most, length
        self._few_rounds, self._few_choices = rounds, choices
        self._nothing: frozenset[W] = frozenset({nothing})
        self._unknown: Held[W] = Held(None, self._nothing, self._nothing)

    def held(self, item: Item) -> Held[W]:
        """What every match of an item holds."""
        match item:
            case Char() | Class() | Dot() | Position() | Around():
                return self._one(item)
            case Group(_, node) | Again(_, node):
                return self.held(node.item)
            case Repeat(node, least, most):
                return self._repeat(self.held(node.item), least, most)
            case Sequence(nodes):
                return self.sequence([self.held(node.item) for node in nodes])
            case Either(nodes):
                return self._either([self.held(node.item) for node in nodes])

    def needed(self, held: Held[W]) -> frozenset[W] | None:
        """The best set of which one word stands in every match."""
        return max((held.best, self._useful(held.exact)), key=self._worth)

    def sequence(self, parts: Iterable[Held[W]]) -> Held[W]:
        """What parts that follow one another hold."""
        first = last = self._nothing
        best = ends = None  # `ends`: of `last`, what is worth looking for
        worth = self._worth(None)
        whole = True
        for part in parts:
            longer = self._joined(last, part.exact if part.exact is not None else part.first)
            begins = self._useful(longer)
            for words in (part.best, ends, begins):
                if words and (value := self._worth(words)) > worth:
                    best, worth = words, value
            if whole:
                first = longer or first
            if part.exact is not None and longer is not None:
                last, ends = longer, begins
            else:
                whole = False
                last = part.exact if part.exact is not None else part.last
                ends = self._useful(last)
        return Held(last if whole else None, first, last, max((best, ends), key=self._worth))

    def _either(self, parts: list[Held[W]]) -> Held[W]:
        exact = [part.exact for part in parts if part.exact is not None]
        whole = frozenset[W]().union(*exact) if len(exact) == len(parts) else None
        needs = [need for part in parts if (need := self.needed(part))]
        best = frozenset[W]().union(*needs) if len(needs) == len(parts) else None
        return Held(
            whole if whole is not None and len(whole) <= self._most else None,
            self._few(frozenset[W]().union(*(part.first for part in parts))),
            self._few(frozenset[W]().union(*(part.last for part in parts))),
            best if best and len(best) <= self._few_choices else self._useful(best),
        )

    def _repeat(self, part: Held[W], least: int, most: int) -> Held[W]:
        exact = self._rounds(part.exact, least, most)
        if exact is not None and len(exact) <= self._few_rounds:
            return Held(exact, exact, exact)
        # More rounds than this cannot make a word longer.
        rounds = self.sequence([part] * min(least, self._length)) if least else self._unknown
        if least == most and least <= self._length:
            return rounds
        return Held(None, rounds.first, rounds.last, self.needed(rounds))

    def _rounds(self, words: frozenset[W] | None, least: int, most: int) -> frozenset[W] | None:
        """All that `least` to `most` rounds of `words` can make, if that is little."""
        if words is None or words == self._nothing:
            return words
        made = frozenset[W]()
        power = self._nothing
        for count in range(most + 1):
            if count >= least:
                made |= power
            if len(made) > self._most:
                return None
            if count < most:
                longer = self._joined(power, words)
                if longer is None:
                    return None
                power = longer
        return made

    def _joined(self, left: frozenset[W], right: frozenset[W]) -> frozenset[W] | None:
        """Every one of `left` followed by every one of `right`, if those are few and short."""
        if len(left) * len(right) > self._most:
            return None
        if max(map(len, left)) + max(map(len, right)) > self._length:
            return None
        return frozenset(one + other for one, other in product(left, right))

    def _few(self, words: frozenset[W]) -> frozenset[W]:
        return words if len(words) <= self._most else self._nothing


# ── literals ─────────────────────────────────────────────────────────────────────────────────────


def literals(tree: Tree) -> tuple[bool, tuple[str, ...]]:
    """Whether the literals without which nothing matches are casefolded, and those literals."""
    if tree.ignore_case:
        return True, _sorted(_needed(tree.node.item, _folded_steadily))
    exact = _needed(tree.node.item, str)
    folded = _needed(tree.node.item, _folded)
    if _worth(folded) > _worth(exact):
        return True, _sorted(folded)
    return False, _sorted(exact)


def _needed(item: Item, fold: Callable[[str], str]) -> frozenset[str] | None:
    walk: Walk[str] = Walk(
        partial(_one, fold=fold),
        "",
        worth=_worth,
        useful=_useful,
        most=LITERALS,
        length=LITERAL_LENGTH,
        rounds=LITERALS,
    )
    return walk.needed(walk.held(item))


def _one(item: Item, *, fold: Callable[[str], str]) -> Held[str]:
    match item:
        case Char(char):
            words = frozenset({fold(char)})
        case Class():
            words = frozenset(map(fold, _members(item)))
        case Dot():
            words = frozenset()
        case _:
            return _NOTHING
    return Held(words, words, words) if words and "" not in words else _UNKNOWN


_EMPTY = frozenset({""})
_NOTHING = Held(_EMPTY, _EMPTY, _EMPTY)
_UNKNOWN = Held[str](None, _EMPTY, _EMPTY)


def _sorted(words: frozenset[str] | None) -> tuple[str, ...]:
    """Without those that contain another one: whoever finds the shorter need not know."""
    return tuple(
        sorted(
            word
            for word in words or ()
            if not any(other != word and other in word for other in words or ())
        )
    )


def _worth(words: frozenset[str] | None) -> tuple[int, int]:
    return (min(map(len, words)), -len(words)) if words else (0, 0)


def _useful(words: frozenset[str] | None) -> frozenset[str] | None:
    """`words` if they are worth looking for: few enough, if need be by their beginnings."""
    if not words or min(map(len, words)) < 2:
        return None
    for length in (LITERAL_LENGTH, 8, 6, 5, 4, 3, 2):
        shorter = frozenset(word[:length] for word in words)
        if len(shorter) <= LITERALS:
            return shorter
    return None


def _folded(char: str) -> str:
    """`char` casefolded; empty when that is not one character."""
    fold = char.casefold()
    return fold if len(fold) == 1 else ""


def _folded_steadily(char: str) -> str:
    """As `_folded`, and only where regex and str.casefold pair the same letters.

    Elsewhere they may follow different versions of Unicode.
    """
    return _folded(char) if any(low <= ord(char) <= high for low, high in _STEADY) else ""


# Basic Latin to Latin Extended-A; Greek and Cyrillic; Hebrew to Thai and on to Myanmar; dashes and
# quotation marks; kana, Han; Hangul.
_STEADY = (
    (0, 0x17F),
    (0x370, 0x52F),
    (0x590, 0x109F),
    (0x2010, 0x205E),
    (0x3000, 0x9FFF),
    (0xAC00, 0xD7A3),
)


def _members(item: Class) -> list[str]:
    ranges = [*item.plain, *item.exact]
    if item.negated or item.properties or sum(h - low + 1 for low, h in ranges) > LITERAL_CLASS:
        return []
    return [chr(code) for low, high in ranges for code in range(low, high + 1)]
