r"""What every match of a pattern holds: rows of symbols, and how rare they are in ordinary text.

A symbol is the characters that may stand at one place (a letter in both cases, a digit, a class).
For each alternative of a pattern some sets of such rows are worked out, one of each of which stands
in every match: `needs` makes of them what is looked for. How often a row is met is told by how
often words and characters are.

Deriving them costs more than parsing does; what was derived is plain data and can be kept.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial

from leakguard.grammar import (
    Around,
    Char,
    Class,
    Either,
    Group,
    Item,
    Node,
    Position,
    Sequence,
    both_cases,
    branches,
    tree,
)
from leakguard.holding import Held, Walk
from leakguard.records import NamedTuple
from leakguard.writing import written

ENOUGH = 3.0  # bits: what stands at one place in eight or less is worth looking for
_LEAST = 3  # symbols of a shape
_WORDS = 64
_LENGTH = 24
_BRANCHES = 24
_MANY = 400
_CUTS = (64, 12, 10, 8, 7, 6, 5)
_SHAPES, _ALIKE = 6, 32
_SPELLINGS = 256
_ROUNDS = 8


def shapes(source: str) -> tuple[str, ...]:
    r"""Expressions of which one is found in every match; () when they would be found too often.

    Where there would be many, they are cut short. They are for bytes in which tabs are spaces and
    every line end is a line feed.

    >>> shapes(r"\b[A-Z]{2}\d{6}\b"), shapes(r"[a-z]{3,8}")
    (('\\b[A-Z][A-Z]\\d\\d\\d\\d\\d\\d',), ())
    """
    known = tree(source)
    return _shapes(_walk(ignore_case=known.ignore_case), known.node)


def _shapes(walk: Walk[Word], node: Node) -> tuple[str, ...]:
    best = [_rarest(walk, branch.item) for branch in branches(node, _BRANCHES)]
    words = {word for words in best for word in words} if all(best) else set()
    for length in _CUTS:
        words = {word[:length] for word in words}
        # Those that begin alike are looked for at once.
        most = _ALIKE if len({word[:3] for word in words}) == 1 else _SHAPES
        if len(words) <= most:
            break
    share = math.fsum(map(_share, words)) if all(map(_is_solid, words)) else 1.0
    if not words or len(words) > most or -math.log2(max(share, 1e-15)) < ENOUGH:
        return ()
    return tuple(sorted(map(_written, words)))


def share_of(words: Iterable[str]) -> float:
    """How often one of some folded words stands at a byte, roughly."""
    return sum(
        _share((_EDGE, *(c if c == c.upper() else c.upper() + c for c in word), _EDGE))
        for word in words
    )


class Told(NamedTuple):
    """An alternative of a pattern, and the sets of words of which one stands in every match.

    `written` for the `regex` module: the alternative, or "" where it is not told from the others.
    `shapes` gives expressions of which one is found in every match, as `shapes` does of a pattern.
    """

    sets: list[Words]
    lines: bool
    width: int
    digits: int
    written: str
    shapes: Callable[[], tuple[str, ...]]


def needed(source: str) -> Iterator[Told]:
    """What is known of each alternative of a pattern, in order."""
    known = tree(source)
    walk = _walk(ignore_case=known.ignore_case)
    found = branches(known.node, _MANY)
    apart = len(found) > 1 and not known.refers  # by themselves groups have other numbers
    for node in found:
        yield Told(
            list(dict.fromkeys(_needed_sets(walk, node.item))),
            known.lines,
            node.size.width,
            node.size.digits,
            written(known, node) if apart else "",
            partial(_shapes, walk, node),
        )


def edges(word: Word, start: int, end: int) -> tuple[bool, bool]:
    """Whether what `word[start:end]` spells begins, and ends, a word."""
    bare = [at for at in range(start, end) if word[at] not in _EDGES]
    first, last = bare[0], bare[-1]
    before = first > 0 and not _is_word(word[first - 1]) and word[first - 1] != _AFTER
    after = last + 1 < len(word) and not _is_word(word[last + 1]) and word[last + 1] != _BEFORE
    begins = before and _sure_edge(word, first - 1) and _is_word(word[first])
    ends = after and _sure_edge(word, last + 1) and _is_word(word[last])
    return begins, ends


def _sure_edge(word: Word, at: int) -> bool:
    """Whether a symbol is an edge, or a character that is nothing of a word."""
    return word[at] in _EDGES or _outside(word[at])


@lru_cache(maxsize=65536)
def share_of_key(key: tuple[str, bool, bool]) -> float:
    """How often a key in small letters, 0 for any digit, stands at a character, roughly."""
    written, before, after = key
    symbols = (
        "0123456789" if c == "0" else c if c == c.upper() else c.upper() + c for c in written
    )
    return _share((*((_EDGE,) if before else ()), *symbols, *((_EDGE,) if after else ())))


# ── symbols ──────────────────────────────────────────────────────────────────────────────────────

# A symbol is the sorted ASCII characters that may stand at one place, or stands for an edge:
# `\b`, or nothing of a word before or after.
Word = tuple[str, ...]
Words = frozenset[Word]
_EDGE, _BEFORE, _AFTER = "", "\0<", "\0>"
_EDGES = frozenset({_EDGE, _BEFORE, _AFTER})
_NOTHING: Words = frozenset({()})
_DIGITS = frozenset("0123456789")
_UPPER = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_LETTER = _UPPER | frozenset("abcdefghijklmnopqrstuvwxyz")
_ALNUM = _DIGITS | _LETTER
_WORD = _ALNUM | {"_"}


def _as_scanned(characters: Iterable[str]) -> str:
    """A symbol for a text in which tabs are spaces and every line end is a line feed."""
    return "".join(sorted({{"\t": " ", "\r": "\n"}.get(c, c) for c in characters}))


@lru_cache(maxsize=4096)
def _is_letter(symbol: str) -> bool:
    return symbol[:1].isalpha() and symbol.isascii() and len({c.lower() for c in symbol}) == 1


@lru_cache(maxsize=4096)
def _is_word(symbol: str) -> bool:
    return symbol not in _EDGES and _WORD.issuperset(symbol)


# ── how often ────────────────────────────────────────────────────────────────────────────────────

_LETTERS = dict(
    zip(
        "etaoinshrdlcumwfgypbvkjxqz",
        (95, 70, 62, 60, 55, 53, 47, 46, 45, 33, 30, 21, 21, 20, 17, 18, 15, 15, 14, 11, 8, 6, 1, 2,
         1, 1),
        strict=True,
    )
)  # fmt: skip


@lru_cache(maxsize=1)
def _characters() -> dict[str, float]:
    """How often an ASCII character stands at a place."""
    often = {chr(code): 0.0015 if 33 <= code < 127 else 1e-6 for code in range(128)}
    often |= dict.fromkeys("0123456789", 0.0052) | dict.fromkeys(".,-/'\"()", 0.006)
    often |= {" ": 0.15, "\n": 0.02, "\r": 0.0005, "\t": 0.0005}
    for letter, share in _LETTERS.items():
        often |= {letter: share * 0.00085, letter.upper(): share * 0.00005}
    return often


@lru_cache(maxsize=1)
def _pieces() -> dict[str, float]:
    """How often a piece of a word begins at a byte; ^ and $ are the word's ends."""
    import os

    from leakguard.packs import rules_folder

    often: dict[str, float] = {}
    path = os.path.join(rules_folder(), "data", "frequent.txt")
    with open(path, encoding="ascii") as file:
        rows = [line.split() for line in file if not line.startswith("#")]
    for word, count in rows:
        marked, share = f"^{word}$", int(count) / 1e6
        for start in range(len(marked)):
            for end in range(start + 2, min(len(marked), start + 14) + 1):
                piece = marked[start:end]
                often[piece] = often.get(piece, 0.0) + share
    return often


def _share_of_letters(word: str, *, left: bool, right: bool) -> float:
    marked = "^" * left + word + "$" * right
    if len(word) >= 4:
        unknown = 20e-6 * 2.0 ** (-2 * max(0, len(word) - 5))
        if left and right:
            unknown = min(unknown, 8e-6)
    else:
        unknown = 2.0 ** -(4 + 2.2 * (len(word) - 1)) / (4 if left and right else 1)
    return float(min(0.1, _pieces().get(marked[:14], 0.0) + unknown))


@lru_cache(maxsize=4096)
def _share_of_symbol(symbol: str) -> float:
    characters = _characters()
    return sum(characters.get(c, 1e-5) for c in symbol)


@lru_cache(maxsize=65536)
def _share(word: Word) -> float:
    """How often `word` begins at a byte of ordinary text, roughly."""
    share, at, first = 1.0, 0, True
    while at < len(word):
        symbol = word[at]
        if symbol in _EDGES:
            at += 1
            continue
        if _is_letter(symbol):
            end = at
            while end < len(word) and _is_letter(word[end]):
                end += 1
            letters = _share_of_letters(
                "".join(s[0].lower() for s in word[at:end]),
                left=at > 0 and not _is_word(word[at - 1]),
                right=end < len(word) and not _is_word(word[end]),
            )
            if all(s.isupper() and len(s) == 1 for s in word[at:end]):
                letters *= 0.05 if end - at > 1 else 0.1
            elif len(symbol) == 1 and symbol.isupper():
                letters *= 0.2
            share *= letters if first else min(0.3, letters * 30)
            at = end
        else:
            single = _share_of_symbol(symbol)
            before = word[at - 1] if at and not first else _EDGE
            if before not in _EDGES:
                if _DIGITS & set(symbol) and _DIGITS & set(before):
                    single = max(single, 0.055 * len(_DIGITS & set(symbol)))
                elif _is_word(symbol) and _is_word(before):
                    single = max(single, min(0.7, single * 4))
            anchored = first and at and _is_word(symbol)
            share *= min(1.0, single) * (0.25 if anchored else 1.0)
            at += 1
        first = False
    return share


@lru_cache(maxsize=65536)
def _bits(words: Iterable[Word] | None) -> float:
    if not words:
        return 0.0
    return -math.log2(max(math.fsum(map(_share, words)), 1e-15))


# ── what a match holds ───────────────────────────────────────────────────────────────────────────


def _walk(*, ignore_case: bool) -> Walk[Word]:
    return Walk(
        partial(_one, ignore_case=ignore_case),
        (),
        worth=_bits,
        useful=_useful,
        most=_WORDS,
        length=_LENGTH,
        rounds=_ROUNDS,
        choices=_SPELLINGS,
    )


def _rarest(walk: Walk[Word], item: Item) -> Words:
    """Of the sets of one alternative the rarest that can be written as shapes."""
    sets = (_shortest(words) for words in dict.fromkeys(_needed_sets(walk, item)))
    solid = (words for words in sets if all(map(_is_solid, words)))
    return max(solid, key=_bits, default=frozenset())


def _needed_sets(walk: Walk[Word], item: Item) -> Iterator[Words]:
    """Sets of words, one of each of which stands in every match."""
    inner = _core(item)
    nodes = [n.item for n in inner.nodes] if isinstance(inner, Sequence) else [inner]
    parts = [walk.held(node) for node in nodes]
    start = 0
    while start < len(parts):
        end = start
        while end + 1 < len(parts) and parts[end].exact is not None:
            end += 1
        whole = walk.sequence(parts[max(0, start - 1) : end + 1])
        halves = (parts[start:end], parts[(start + end) // 2 : end + 1], parts[end : end + 1])
        for held in (whole, *map(walk.sequence, halves)):
            needed = walk.needed(held)
            if needed and needed != _NOTHING:
                yield needed
        start = end + 1


def _one(item: Item, *, ignore_case: bool) -> Held[Word]:
    """What one place holds; `(?<![\\w…])` and `(?![\\w…])` are edges of words."""
    match item:
        case Position(written):
            symbol = _EDGE if written == "\\b" else None
        case Around():
            symbol = _edge_of(item)
        case _:
            symbol = _symbol(item, ignore_case=ignore_case)
            if not symbol:
                return Held(None, _NOTHING, _NOTHING)
    words = _NOTHING if symbol is None else frozenset({(symbol,)})
    return Held(words, words, words)


def _symbol(item: Item, *, ignore_case: bool) -> str:
    """The ASCII characters an item stands for; "" when there are others or nearly all."""
    match item:
        case Char(char):
            if not char.isascii():
                return "" if ignore_case else char
            return _as_scanned({char.lower(), char.upper()} if ignore_case else {char})
        case Class(plain, exact, properties, negated):
            if negated or properties:
                return ""
            if ignore_case:
                # Those two fold to k and s; who scans looks out for them.
                plain = tuple(p for p in both_cases(plain) if p[0] not in (0x17F, 0x212A))
            codes = {
                code for low, high in (*plain, *exact) for code in range(low, min(high, 128) + 1)
            }
            if 128 in codes or len(codes) > 70:
                return ""
            return _as_scanned(map(chr, codes))
    return ""


def _edge_of(item: Around) -> str | None:
    """The edge that a look-around asks for; other look-around is left out."""
    inner = item.node.item
    options = inner.nodes if isinstance(inner, Either) else (item.node,)
    for node in options:
        if isinstance(node.item, Class) and "!" in item.opening and not node.item.negated:
            among = {c for low, high in (*node.item.plain, *node.item.exact)
                     for c in range(low, min(high, 127) + 1)}  # fmt: skip
            if {ord(c) for c in _WORD} <= among:
                return _BEFORE if "<" in item.opening else _AFTER
    return None


def _useful(words: Words | None) -> Words | None:
    if not words or words == _NOTHING or () in words:
        return None
    for length in (_LENGTH, 12, 8, 6, 5, 4):
        shorter = frozenset(word[:length] for word in words)
        if len(shorter) <= _WORDS:
            return shorter
    return None


def _core(item: Item) -> Item:
    while isinstance(item, Group):
        item = item.node.item
    return item


def _outside(symbol: str) -> bool:
    return symbol not in _EDGES and not set(symbol) & _WORD


def _shortest(words: Words) -> Words:
    """Without those that contain another."""
    kept: list[Word] = []
    for word in sorted(words, key=len):
        lengths = {len(other) for other in kept}
        parts = {
            word[at : at + length] for length in lengths for at in range(len(word) - length + 1)
        }
        if not parts & set(kept):
            kept.append(word)
    return frozenset(kept)


# ── shapes ───────────────────────────────────────────────────────────────────────────────────────


def _is_solid(word: Word) -> bool:
    return sum(symbol not in _EDGES for symbol in word) >= _LEAST


def _written(word: Word) -> str:
    written = ""
    for at, symbol in enumerate(word):
        if symbol in _EDGES:
            written += _edge(word, at)
        else:
            written += _class(symbol) + ("{1,2}" if "\n" in symbol else "")  # CRLF is two of them
    return written


def _edge(word: Word, at: int) -> str:
    symbol = word[at]
    if symbol == _BEFORE and not (at + 1 < len(word) and _is_word(word[at + 1])):
        return ""
    if symbol == _AFTER and not (at and _is_word(word[at - 1])):
        return ""
    return r"\b"


@lru_cache(maxsize=4096)
def _class(symbol: str) -> str:
    if set(symbol) == _DIGITS:
        return r"\d"
    if len(symbol) == 1:
        return _spelt(symbol)
    pieces = []
    codes = sorted(map(ord, symbol))
    at = 0
    while at < len(codes):
        end = at
        while end + 1 < len(codes) and codes[end + 1] == codes[end] + 1:
            end += 1
        low, high = _spelt(chr(codes[at])), _spelt(chr(codes[end]))
        pieces.append(low if at == end else f"{low}-{high}" if end > at + 1 else low + high)
        at = end + 1
    return f"[{''.join(pieces)}]"


def _spelt(char: str) -> str:
    if not char.isascii():
        return "".join(f"\\x{byte:02x}" for byte in char.encode())
    if char.isalnum():
        return char
    return f"\\{char}" if char in r"-./" else r"\n" if char == "\n" else f"\\x{ord(char):02x}"
