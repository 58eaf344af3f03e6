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
_WIDTHS: Final = (4, 3, 2)
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


def table(rows: Iterable[Row], share: Callable[[str], float]) -> tuple[Any, ...]:
    """The rows by a piece of their keys, for each width of pieces; and those without: plain data.

    `share` tells how often a piece stands in texts.

    >>> wide, *_, rest = table([("dea number", False, ((7, "near"),))], len)
    >>> list(wide) == [int.from_bytes(b"dea ", "little")], marshal.loads(rest)
    (True, ())
    """
    by_piece: dict[int, dict[int, list[Row]]] = {width: {} for width in _WIDTHS}
    rest: list[Row] = []
    for row in sorted(rows):
        key = folded(row[0])
        width = min(len(key), _WIDE)
        if width not in _WIDTHS or not key.isascii():
            rest.append(row)
            continue
        piece = min((key[at : at + width] for at in range(len(key) - width + 1)), key=share)
        by_piece[width].setdefault(int.from_bytes(piece.encode(), "little"), []).append(row)
    found = ({piece: _packed(r) for piece, r in known.items()} for known in by_piece.values())
    return *found, _packed(rest)


def _packed(rows: list[Row]) -> bytes:
    """As bytes: most rows are never asked for."""
    return marshal.dumps(tuple(rows))


class Table:
    """What `table` has made, to be asked about texts."""

    def __init__(self, data: Sequence[Any]) -> None:
        *self._by_width, rest = data
        self._rest: tuple[Row, ...] = marshal.loads(rest)

    def standing(self, seen: Pieces) -> Iterator[Row]:
        """The rows whose keys may stand in a text of which the pieces are `seen`."""
        for known, pieces in zip(self._by_width, seen.by_width(), strict=True):
            for piece in known.keys() & pieces:
                for row in marshal.loads(known[piece]):
                    if row[0] in seen:
                        yield row
        yield from self._rest

    def rows(self) -> Iterator[Row]:
        """All of them."""
        for known in self._by_width:
            for rows in known.values():
                yield from marshal.loads(rows)
        yield from self._rest


class Pieces:
    """The pieces of a text that has been `folded`."""

    def __init__(self, text: str) -> None:
        # Characters beyond ASCII are in no piece of a key; zeros let the last ones begin a piece.
        data = text.encode("ascii", "replace") + bytes(_WIDE - 1)
        found: set[int] = set()
        for shift in range(_WIDE):
            size = (len(data) - shift) // _WIDE * _WIDE
            found.update(memoryview(data)[shift : shift + size].cast("I"))
        if sys.byteorder == "big":
            found = {int.from_bytes(piece.to_bytes(_WIDE, "big"), "little") for piece in found}
        self._found = found

    def by_width(self) -> tuple[set[int], ...]:
        """The pieces of each width that tables have."""
        wide = self._found
        three = {piece & 0xFFFFFF for piece in wide}
        return wide, three, {piece & 0xFFFF for piece in three}

    def __contains__(self, key: str) -> bool:
        """Whether a key may stand in the text."""
        if len(key) < _WIDE or not key.isascii():
            return True
        data = folded(key).encode()
        return (
            int.from_bytes(data[:_WIDE], "little") in self._found
            and int.from_bytes(data[-_WIDE:], "little") in self._found
        )
