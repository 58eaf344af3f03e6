"""Sealed lists: the header is a text like any other, the cipher below it is none.

A list of some size holds every short name somewhere in its base64, by chance. Its lines are read
as spaces of their length, so that all that is clear stays where it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from leakguard.model import LABEL_REACH, Blob, Chunk, Document, Unread
from leakguard.readers import text as text_
from leakguard.readers.text import Labels

__all__ = ["Labels", "blanked", "read"]

_BEGIN = "-----BEGIN AGE ENCRYPTED FILE-----"
_END = "-----END AGE ENCRYPTED FILE-----"
_ARMOR = re.compile(r"[A-Za-z0-9+/]{1,64}={0,2}")


def read(blob: Blob, peek: text_.Peek) -> Iterator[Document | Unread]:
    """The text of `blob` as one document, without its cipher."""
    for read in text_.read(blob, peek, kind="sealed"):
        if isinstance(read, Document):
            read = read._replace(chunks=partial(blanked, read.chunks))
        yield read


def blanked(chunks: Callable[[], Iterator[Chunk]]) -> Iterator[Chunk]:
    """The text of `chunks` with spaces for what stands in armour."""
    waiting, base, inside = "", 0, False
    for chunk in chunks():
        *lines, waiting = _lines(waiting + chunk.text)
        if len(waiting) > LABEL_REACH:  # no line of armour
            lines, waiting = [*lines, waiting], ""
        pieces = []
        for line in lines:
            inside, clear = _clear(line, inside)
            pieces.append(clear)
        text = "".join(pieces)
        yield Chunk(base, text)
        base += len(text)
    yield Chunk(base, _clear(waiting, inside)[1])


def _lines(text: str) -> list[str]:
    """Lines with their ends; the last may be unfinished, or empty."""
    lines = text.split("\n")
    return [*(line + "\n" for line in lines[:-1]), lines[-1]]


def _clear(line: str, inside: bool) -> tuple[bool, str]:
    """Whether armour goes on after `line`, and what of it is clear."""
    bare = line.rstrip("\r\n")
    if bare == _BEGIN:
        return True, line
    if not inside or bare == _END or not _ARMOR.fullmatch(bare):
        return False, line
    return True, " " * len(bare) + line[len(bare) :]
