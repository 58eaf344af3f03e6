"""Which of many known keys may stand in a text, told by pieces of them and without building much.

A key can only stand where four of its bytes in a row do, or all of a shorter one. Of each key one
such piece, a rare one, is put in a table beforehand; a text's own pieces are gathered at the speed
of C, and what both have leads to what is worth looking for.
"""

from __future__ import annotations

import sys

from leakguard.light import Callable, Final, Iterable, Mapping, Sequence

# What may stand by which pieces, and what has none.
Data = tuple[Mapping[int, tuple[int, ...]], tuple[int, ...]]
_WIDE: Final = 4
_THREE: Final = 1 << 32  # what tells three bytes in a row from four of which one is 0
_TWO: Final = 1 << 33
ANY: Final = 1 << 34  # a piece of every text, for what has none
_BYTES: Final = bytes(
    ord("0") if 48 <= code < 58 else code + 32 if 65 <= code < 91 else 32 if code == 9 else code
    for code in range(128)
) + bytes(range(128, 256))


def folded(text: str) -> str:
    """`text`, character by character, as keys are written.

    >>> folded("Member No.\\t4711")
    'member no. 0000'
    """
    if text.isascii():
        return text.encode("ascii").translate(_BYTES).decode("ascii")
    # Under (?i) these are s and i too; the last but one is two characters in small letters.
    for odd, usual in (("\u017f", "s"), ("\u0131", "i"), ("\u0130", "i"), ("\t", " ")):
        text = text.replace(odd, usual)
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(character.lower()[:1] for character in text)
    for digit in "123456789":
        lowered = lowered.replace(digit, "0")
    return lowered


def of(key: str, share: Callable[[str], float]) -> tuple[int, int]:
    """Two pieces of a folded key, as numbers: the rarest, as `share` tells, and another.

    `ANY` for what has none.

    >>> list(map(written, of("a 0000 b", lambda piece: piece.count("0"))))
    ['a 00', '00 b']
    >>> list(map(written, of("dea", len))), of("d", len) == (ANY, ANY)
    (['dea', 'dea'], True)
    """
    width = min(len(key), _WIDE)
    if width < 2 or not key.isascii():
        return ANY, ANY
    every = [key[at : at + width] for at in range(len(key) - width + 1)]
    shares = list(map(share, every))
    rarest = min(range(len(every)), key=shares.__getitem__)
    # What overlaps with it tells less that is new.
    other = min(range(len(every)), key=lambda at: (-min(abs(at - rarest), width), shares[at]))
    return _number(every[rarest]), _number(every[other])


def _number(piece: str) -> int:
    return int.from_bytes(piece.encode(), "little") | {4: 0, 3: _THREE, 2: _TWO}[len(piece)]


def written(piece: int) -> str:
    """The characters of a piece that is one."""
    width = 2 if piece & _TWO else 3 if piece & _THREE else _WIDE
    return (piece & _THREE - 1).to_bytes(_WIDE, "little")[:width].decode("ascii")


def table(rows: Iterable[tuple[int, Sequence[int]]]) -> Data:
    """Numbers, each with the pieces of which one stands wherever it is meant: plain data.

    >>> table([(7, [1, 2]), (8, [2]), (9, [3, ANY])])
    ({1: (7,), 2: (7, 8)}, (9,))
    """
    by_piece: dict[int, list[int]] = {}
    always: list[int] = []
    for number, among in rows:
        if not among or ANY in among:
            always.append(number)
            continue
        for piece in dict.fromkeys(among):
            by_piece.setdefault(piece, []).append(number)
    return {piece: tuple(numbers) for piece, numbers in by_piece.items()}, tuple(always)


class Table:
    """What `table` has made, to be asked about texts."""

    def __init__(self, data: Data) -> None:
        self._by_piece, self._always = data

    def met(self, seen: Pieces) -> set[int]:
        """The numbers of what may stand in a text."""
        known = self._by_piece
        return set(self._always).union(*[known[piece] for piece in known.keys() & seen.found])


class Pieces:
    """The pieces of a text that has been `folded`, as numbers: `found`."""

    __slots__ = ("found",)

    def __init__(self, text: str) -> None:
        # Characters beyond ASCII are in no piece of a key.
        # Zeros let the last ones begin a piece.
        data = text.encode("ascii", "replace") + bytes(_WIDE - 1)
        wide: set[int] = set()
        for shift in range(_WIDE):
            size = (len(data) - shift) // _WIDE * _WIDE
            wide.update(memoryview(data)[shift : shift + size].cast("I"))
        if sys.byteorder == "big":
            wide = {int.from_bytes(piece.to_bytes(_WIDE, "big"), "little") for piece in wide}
        three = {piece & 0xFFFFFF | _THREE for piece in wide}
        self.found = wide.union(three, {piece & 0xFFFF | _TWO for piece in three}, (ANY,))
