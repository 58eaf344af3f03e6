"""Plain text: which encoding bytes are in, and their text in pieces.

UTF-8 with or without a byte order mark, UTF-16 and UTF-32 with one. Other bytes are cp1252 when
all of them are assigned there, none is a control character, and letters are mostly ASCII: that
leaves out what is more likely Cyrillic or Chinese in an older encoding, which is not guessed.
"""

from __future__ import annotations

import codecs

from leakguard.errors import Unreadable, reason_of
from leakguard.light import (
    BinaryIO,
    Callable,
    Iterable,
    Iterator,
    expression,
    lru_cache,
    partial,
    suppress,
)
from leakguard.model import LABEL_REACH, Blob, Chunk, Document, Label, Labeller, Unread
from leakguard.records import NamedTuple

PIECE = 1 << 20
JUDGED = 8 << 20

# UTF-32 first: its little-endian mark begins like that of UTF-16.
MARKS = (
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\xef\xbb\xbf", "utf-8"),
)

# Controls but tab, line ends and form feed, and the five bytes that cp1252 leaves unassigned.
_CONTROLS = bytes({*range(32), 0x7F} - {*b"\t\n\r\f"})
_UNASSIGNED = b"\x81\x8d\x8f\x90\x9d"
_HIGH = bytes(range(0x80, 0x100))

_LINE_END = expression(r"[\r\n]")
_ADDRESS = expression(r"(?<![A-Za-z0-9])(?:https?://|ftp://|www\.)")
_URL_REST = expression(r"[^\s<>\"`\[\]，。、；：！？）」』】]*+")


class Misfit(NamedTuple):
    """Why bytes are no text. `binary`: not in any encoding; `committed`: they claimed one."""

    detail: str
    binary: bool = False
    committed: bool = False


class Peek(NamedTuple):
    """The beginning of a blob and what it shows.

    `coding` names the encoding, or says why there is none. `text` is the whole text when it is
    short. `rest` gives the bytes of a blob that cannot be opened again.
    """

    head: bytes
    coding: str | Misfit
    bom: int = 0
    text: str | None = None
    rest: Callable[[], Iterator[bytes]] | None = None

    @classmethod
    def of(cls, blob: Blob) -> Peek:
        """Opens `blob` and judges it. Raises OSError, and Unreadable when it was opened before."""
        stream = blob.open()
        once = blob.origin.kind == "stdin"
        try:
            head = _fill(stream, PIECE)
            bom, claimed = _mark(head)
            if len(head) < PIECE:
                return _short(head, bom, claimed, blob.encoding)
            kept = [head]
            judged = _judged(head, stream, kept if once else None)
            coding = judge(judged, claimed, blob.encoding)
        finally:
            if not once:
                stream.close()
        if not once:
            return cls(head, coding, bom)
        return cls(head, coding, bom, rest=lambda: _kept_then(kept, stream))


class Labels:
    """The labeller for plain text: bare web addresses are `url`, all else is prose."""

    def __init__(self) -> None:
        self._rest = ""  # what was fed and is not a whole line yet
        self._at = 0

    def feed(self, text: str) -> list[Label]:
        """Labels of the lines that `text` completes."""
        text = self._rest + text
        labels: list[Label] = []
        begin = 0
        while True:
            end = _LINE_END.search(text, begin, begin + LABEL_REACH)
            if end is None and len(text) - begin <= LABEL_REACH:
                break
            stop = end.end() if end else begin + LABEL_REACH
            labels += self._line(text[begin:stop], begin)
            begin = stop
        self._rest = text[begin:]
        self._at += begin
        return labels

    def close(self) -> list[Label]:
        """Labels of what is left."""
        return self._line(self._rest, 0)

    def _line(self, line: str, begin: int) -> list[Label]:
        if "://" not in line and "www." not in line:
            return []
        labels = []
        end = 0
        for found in _ADDRESS.finditer(line):
            if found.start() >= end:
                end = address_end(line, found.end())
                base = self._at + begin
                labels.append(Label(base + found.start(), base + end, frozenset({"url"})))
        return labels


def address_end(text: str, at: int) -> int:
    """Where a bare address ends: not with a full stop, nor with a bracket opened before it."""
    found = _URL_REST.match(text, at)
    end = found.end() if found else at
    surplus = text.count(")", at, end) - text.count("(", at, end)
    while end > at:
        last = text[end - 1]
        if last == ")" and surplus > 0:
            surplus -= 1
        elif last not in "?!.,:;*_~'":
            break
        end -= 1
    return end


def read(
    blob: Blob,
    peek: Peek,
    kind: str = "text",
    labeller: Callable[[], Labeller] = Labels,
) -> Iterator[Document | Unread]:
    """The text of `blob` as one document."""
    assert isinstance(peek.coding, str)
    if peek.text is not None:
        chunks = chunks_of(peek.text)
    elif peek.rest is not None:
        chunks = _once(peek.rest, peek)
    else:
        chunks = partial(_decoded_again, blob, peek)
    yield Document(
        blob.origin,
        chunks,
        kind=kind,
        labeller=labeller,
        encoding=peek.coding,
        bom=peek.bom,
        added=blob.added,
    )


def chunks_of(content: str) -> Callable[[], Iterator[Chunk]]:
    """A text that is in memory already, as `Document.chunks`."""
    return ((Chunk(0, content),) if content else ()).__iter__


def judge(pieces: Iterable[bytes], claimed: str = "", otherwise: str = "") -> str | Misfit:
    r"""The encoding that fits `pieces` (byte order mark included), or why none does.

    `claimed` is what a byte order mark says, `otherwise` what the policy says it is in if that is
    not UTF-8. Nothing follows a piece shorter than `PIECE`.

    >>> judge([b"caf\xc3\xa9"]), judge([b"un tr\xe8s petit caf\xe9"])
    ('utf-8', 'cp1252')
    >>> judge([b"\x8f\xf0\xe8\xe2\xe5\xf2"]).detail
    'not UTF-8 at byte 0, not cp1252 at byte 0'
    >>> judge([b"\xf0\xe8\xe2\xe5\xf2"]).detail
    'not UTF-8 at byte 0, too many bytes above 127 for cp1252'
    """
    strict = _Strict(claimed or "utf-8")
    asked = _Strict(otherwise) if otherwise and not claimed else None
    wrong = wrong_asked = ""
    ansi = _Ansi()
    for piece in pieces:
        final = len(piece) < PIECE
        if not wrong:
            wrong, _ = strict.feed(piece, final=final)
        if asked and not wrong_asked:
            wrong_asked, _ = asked.feed(piece, final=final)
        if not claimed:
            ansi.feed(piece)
    if not wrong:
        return claimed or "utf-8"
    if claimed:
        return Misfit(wrong, committed=True)
    if asked:
        return Misfit(f"{wrong}, {wrong_asked}", committed=True) if wrong_asked else otherwise
    if wrong.startswith("NUL") or ansi.nul is not None or ansi.control is not None:
        return Misfit(wrong if ansi.nul is None else f"NUL at byte {ansi.nul}", binary=True)
    misfit = ansi.misfit()
    return Misfit(f"{wrong}, {misfit}") if misfit else "cp1252"


def decoded(pieces: Iterator[bytes], peek: Peek) -> Iterator[Chunk]:
    """The text of `pieces` in order, in constant memory. Raises `Unreadable` at a byte that does
    not fit."""
    assert isinstance(peek.coding, str)
    strict = _Strict(peek.coding)
    base = 0
    marked = peek.bom > 0
    for piece in pieces:
        wrong, text = strict.feed(piece)
        if wrong:
            raise Unreadable(wrong)
        if marked and text:
            marked, text = False, text[1:]
        if text:
            yield Chunk(base, text)
            base += len(text)
    wrong, _ = strict.feed(b"", final=True)
    if wrong:
        raise Unreadable(wrong)


# ── bytes in order ───────────────────────────────────────────────────────────────────────────────


def _fill(stream: BinaryIO, size: int) -> bytes:
    """`size` bytes, fewer only at the end: a pipe may give them a few at a time."""
    parts: list[bytes] = []
    while size > 0:
        part: bytes | None = stream.read(size)
        if part is None:  # a stream that does not wait has nothing yet: that is not its end
            raise OSError("the stream has nothing to read yet")
        if not part:
            break
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _judged(head: bytes, stream: BinaryIO, kept: list[bytes] | None) -> Iterator[bytes]:
    yield head
    for _ in range(JUDGED // PIECE - 1):
        piece = _fill(stream, PIECE)
        if kept is not None:
            kept.append(piece)
        yield piece
        if len(piece) < PIECE:
            break


def _kept_then(kept: list[bytes], stream: BinaryIO) -> Iterator[bytes]:
    kept.reverse()
    while kept:
        yield kept.pop()
    yield from _pieces(stream)


def _decoded_again(blob: Blob, peek: Peek) -> Iterator[Chunk]:
    try:
        stream = blob.open()
    except OSError as error:
        raise Unreadable(reason_of(error)) from None
    with stream:
        yield from decoded(_pieces(stream), peek)


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    while True:
        try:
            piece = _fill(stream, PIECE)
        except OSError as error:
            raise Unreadable(reason_of(error)) from None
        if not piece:
            return
        yield piece


def _once(pieces: Callable[[], Iterator[bytes]], peek: Peek) -> Callable[[], Iterator[Chunk]]:
    left = [pieces]

    def chunks() -> Iterator[Chunk]:
        if not left:
            raise Unreadable("standard input can be read only once")
        return decoded(left.pop()(), peek)

    return chunks


# ── bytes to text ────────────────────────────────────────────────────────────────────────────────


def _mark(head: bytes) -> tuple[int, str]:
    for mark, name in MARKS:
        if head.startswith(mark):
            return len(mark), name
    return 0, ""


def _short(head: bytes, bom: int, claimed: str, otherwise: str) -> Peek:
    if not bom and b"\0" not in head:
        with suppress(UnicodeDecodeError):
            return Peek(head, "utf-8", text=head.decode())
    coding = judge([head], claimed, otherwise)
    if not isinstance(coding, str):
        return Peek(head, coding, bom)
    return Peek(head, coding, bom, text=head[bom:].decode(coding))


class _Strict:
    """Decodes in pieces, byte order mark included, and says in words what does not fit.

    Never by raising: the decoder's own error carries the bytes it was given.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._decoder = codecs.getincrementaldecoder(name)()
        self._at = 0

    def feed(self, piece: bytes, *, final: bool = False) -> tuple[str, str]:
        held = self._decoder.getstate()[0]
        start = self._at - len(held)
        self._at += len(piece)
        try:
            text = self._decoder.decode(piece, final)
        except UnicodeDecodeError as error:
            return f"not {self._name.upper()} at byte {start + error.start}", ""
        if "\0" in text:
            before = text[: text.index("\0")].encode(self._name)
            return f"NUL at byte {start + len(before)}", ""
        if self._name == "cp1252":
            control = _first(piece, _CONTROLS)
            if control is not None:
                return f"control character at byte {start + control}", ""
        return "", text


@lru_cache(maxsize=1)
def _letters() -> bytes:
    """The bytes that are letters in cp1252."""
    known = (byte for byte in map(bytes, zip(range(0x100))) if byte not in _UNASSIGNED)
    return b"".join(byte for byte in known if byte.decode("cp1252").isalpha())


class _Ansi:
    """Whether bytes may be cp1252, judged over all of them."""

    def __init__(self) -> None:
        self._at = 0
        self._high = 0
        self._letters = 0
        self._unassigned: int | None = None
        self.control: int | None = None
        self.nul: int | None = None

    def feed(self, piece: bytes) -> None:
        self._high += _count(piece, _HIGH)
        self._letters += _count(piece, _letters())
        if self.nul is None and b"\0" in piece:
            self.nul = self._at + piece.index(b"\0")
        if self.control is None:
            self.control = self._shifted(_first(piece, _CONTROLS))
        if self._unassigned is None:
            self._unassigned = self._shifted(_first(piece, _UNASSIGNED))
        self._at += len(piece)

    def misfit(self) -> str:
        if self._unassigned is not None:
            return f"not cp1252 at byte {self._unassigned}"
        if self._high * 10 >= self._letters * 3:
            return "too many bytes above 127 for cp1252"
        return ""

    def _shifted(self, offset: int | None) -> int | None:
        return None if offset is None else self._at + offset


def _count(piece: bytes, of: bytes) -> int:
    return len(piece) - len(piece.translate(None, of))


def _first(piece: bytes, of: bytes) -> int | None:
    if not _count(piece, of):
        return None
    return min(piece.index(byte) for byte in of if byte in piece)
