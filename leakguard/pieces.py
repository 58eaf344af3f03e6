"""Which of many known keys may stand in a short text, told without building anything.

A key can only stand where four of its bytes in a row do. Of each key one such piece, the rarest, is
put in a table beforehand; a text's own pieces are gathered at the speed of C, and what both have
leads to the keys that are worth looking for. For long texts an automaton is quicker.
"""

from __future__ import annotations

import marshal
import sys

from leakguard.light import Any, Callable, Final, Iterable, Iterator, Sequence

# A key, whether 0 in it stands for any digit, and what it leads to: a rule's index, and how.
Row = tuple[str, bool, tuple[tuple[int, str], ...]]
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


def of(key: str, share: Callable[[str], float]) -> int | None:
    """A piece of a folded key, as a number: the rarest, as `share` tells; None if it has none.

    >>> of("dea no", len) == int.from_bytes(b"dea ", "little"), of("d", len)
    (True, None)
    """
    width = min(len(key), _WIDE)
    if width < 2 or not key.isascii():
        return None
    piece = min((key[at : at + width] for at in range(len(key) - width + 1)), key=share)
    return int.from_bytes(piece.encode(), "little") | {4: 0, 3: _THREE, 2: _TWO}[width]


def table(rows: Iterable[Row], share: Callable[[str], float]) -> tuple[dict[int, bytes], bytes]:
    """The rows by a piece of their keys, and those without one: plain data.

    `share` tells how often a piece stands in texts. Rows are bytes: most are never asked for.

    >>> found, rest = table([("dea number", False, ((7, "near"),))], len)
    >>> list(found) == [of("dea number", len)], marshal.loads(rest)
    (True, ())
    """
    by_piece: dict[int | None, list[Row]] = {None: []}
    for row in sorted(rows):
        by_piece.setdefault(of(folded(row[0]), share), []).append(row)
    rest = tuple(by_piece.pop(None))
    found = {piece: marshal.dumps(tuple(some)) for piece, some in by_piece.items() if piece}
    return found, marshal.dumps(rest)


class Table:
    """What `table` has made, to be asked about texts."""

    def __init__(self, data: Sequence[Any]) -> None:
        self._by_piece, rest = data
        self._rest: tuple[Row, ...] = marshal.loads(rest)

    def standing(self, seen: Pieces) -> Iterator[Row]:
        """The rows whose keys may stand in a text of which the pieces are `seen`."""
        for piece in self._by_piece.keys() & seen.found:
            yield from marshal.loads(self._by_piece[piece])
        yield from self._rest

    def rows(self) -> Iterator[Row]:
        """All of them."""
        for rows in self._by_piece.values():
            yield from marshal.loads(rows)
        yield from self._rest


class Pieces:
    """The pieces of a text that has been `folded`, as numbers: `found`."""

    def __init__(self, text: str) -> None:
        # Characters beyond ASCII are in no piece of a key; zeros let the last ones begin a piece.
        data = text.encode("ascii", "replace") + bytes(_WIDE - 1)
        wide: set[int] = set()
        for shift in range(_WIDE):
            size = (len(data) - shift) // _WIDE * _WIDE
            wide.update(memoryview(data)[shift : shift + size].cast("I"))
        if sys.byteorder == "big":
            wide = {int.from_bytes(piece.to_bytes(_WIDE, "big"), "little") for piece in wide}
        three = {piece & 0xFFFFFF | _THREE for piece in wide}
        self.found = wide | three | {piece & 0xFFFF | _TWO for piece in three} | {ANY}

    def __contains__(self, key: str) -> bool:
        """Whether a folded key may stand in the text."""
        if len(key) < _WIDE or not key.isascii():
            return True
        return int.from_bytes(key[-_WIDE:].encode(), "little") in self.found
