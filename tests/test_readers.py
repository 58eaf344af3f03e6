"""The four classes of content, encodings, and reading without end in little memory."""

import gzip
import io
import sqlite3
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leakguard.errors import Unreadable
from leakguard.model import Blob, Document, Media, Opaque, Origin, Unread
from leakguard.readers import READERS, from_text, read
from leakguard.readers import text as text_reader

MIB = 1 << 20


def blob(data: bytes, name: str = "a.txt", kind: str = "file") -> Blob:
    if kind != "stdin":
        return Blob(Origin(kind, name), lambda: io.BytesIO(data))
    streams = [io.BytesIO(data)]
    return Blob(Origin(kind, name), streams.pop)


def one(data: bytes, name: str = "a.txt", kind: str = "file") -> object:
    (only,) = read(blob(data, name, kind))
    return only


def document(data: bytes, name: str = "a.txt", kind: str = "file") -> Document:
    only = one(data, name, kind)
    assert isinstance(only, Document), only
    return only


def unread(data: bytes, name: str = "a.txt") -> Unread:
    only = one(data, name)
    assert isinstance(only, Unread), only
    return only


def text_of(read_document: Document) -> str:
    return "".join(chunk.text for chunk in read_document.chunks())


# ── encodings ────────────────────────────────────────────────────────────────────────────────────

TEXT = "Grüße, 世界 𝄞\r\nzwei\n"


@pytest.mark.parametrize("name", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [TEXT, "", "a", "\ufeff\ufeffa"])
def test_a_byte_order_mark_is_believed_and_removed(name: str, text: str) -> None:
    mark = "\ufeff".encode(name)
    found = document(mark + text.encode(name))
    assert text_of(found) == text
    assert (found.encoding, found.bom) == (name, len(mark))


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        pytest.param(b"", "utf-8", "", id="an empty file is an empty document"),
        pytest.param(b"a\rb\r\nc\n", "utf-8", "a\rb\r\nc\n", id="line ends stay"),
        pytest.param(TEXT.encode(), "utf-8", TEXT, id="UTF-8 without a mark"),
        pytest.param(b"\x1b[1mbold\x1b[0m", "utf-8", "\x1b[1mbold\x1b[0m", id="terminal colours"),
        pytest.param(b"caf\xe9 au lait", "cp1252", "café au lait", id="one accent"),
        pytest.param(
            b"\x93quoted words\x94 \x96 5", "cp1252", "“quoted words” – 5", id="typography"
        ),
        pytest.param(b"a\tb\x0cc\r\n caf\xe9", "cp1252", "a\tb\x0cc\r\n café", id="form feed"),
    ],
)
def test_text_is_decoded(data: bytes, encoding: str, text: str) -> None:
    found = document(data)
    assert (found.encoding, found.bom, text_of(found)) == (encoding, 0, text)
    assert text_of(found) == text, "and once more"


@pytest.mark.parametrize(
    ("data", "reason", "detail"),
    [
        pytest.param(
            b"caf\xe9 \x8d with many letters", "unknown encoding",
            "not UTF-8 at byte 3, not cp1252 at byte 5", id="a byte that cp1252 lacks",
        ),
        pytest.param(
            "Привет, мир".encode("cp1251"), "unknown encoding",
            "not UTF-8 at byte 0, too many bytes above 127 for cp1252", id="Cyrillic cp1251",
        ),
        pytest.param(
            b"abcdefg\xe9\xe9\xe9", "unknown encoding",
            "not UTF-8 at byte 7, too many bytes above 127 for cp1252", id="30 % exactly",
        ),
        pytest.param(
            b"\xa4 12 \xa4", "unknown encoding",
            "not UTF-8 at byte 0, too many bytes above 127 for cp1252", id="no letters at all",
        ),
        pytest.param(
            b"caf\xe9 \x07 bell in it", "binary content under a text name",
            "not UTF-8 at byte 3", id="a control character is not cp1252",
        ),
        pytest.param(
            b"text\0", "binary content under a text name", "NUL at byte 4", id="NUL in ASCII"
        ),
        pytest.param(
            "text".encode("utf-16-le"), "binary content under a text name",
            "NUL at byte 1", id="UTF-16 without a mark",
        ),
        pytest.param(
            b"\xef\xbb\xbfa\xff", "unknown encoding", "not UTF-8 at byte 4", id="a mark that lies"
        ),
        pytest.param(
            b"\xff\xfea\0\0\xd8b\0", "unknown encoding",
            "not UTF-16-LE at byte 4", id="a lone surrogate in UTF-16",
        ),
        pytest.param(
            b"\xff\xfea\0b", "unknown encoding", "not UTF-16-LE at byte 4", id="half a unit"
        ),
        pytest.param(
            b"\xff\xfea\0\0\0b\0", "unknown encoding", "NUL at byte 4", id="NUL in UTF-16"
        ),
        pytest.param(
            b"\0\0\xfe\xff\0\x11\0\0", "unknown encoding",
            "not UTF-32-BE at byte 4", id="beyond Unicode",
        ),
    ],
)  # fmt: skip
def test_what_is_not_surely_text_is_unread(data: bytes, reason: str, detail: str) -> None:
    assert unread(data) == Unread("a.txt", reason, detail)


def test_just_under_thirty_percent_is_cp1252() -> None:
    assert document(b"abcdefgh\xe9\xe9\xe9").encoding == "cp1252"


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.bin", "a", "a.png"]))
@example(b"\xff\xfe", "a.txt")
@example(b"RIFF", "a")
@example(b"FORM", "a")
@example(b"BM", "a")
@example(b"\0\0\1\0", "a")
def test_no_content_raises(data: bytes, name: str) -> None:
    for item in read(blob(data, name)):
        if isinstance(item, Document):
            assert item.encoding is not None
            assert text_of(item).encode(item.encoding) == data[item.bom :]


# ── what is not text ─────────────────────────────────────────────────────────────────────────────

MEDIA = {
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF\0",
    "gif": b"GIF89a\1\0\1\0\x80\0\0",
    "webp": b"RIFF\x24\0\0\0WEBPVP8 ",
    "bmp": b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\1\0\0\0",
    "ico": b"\0\0\1\0\1\0\x10\x10\0\0\1\0\x20\0",
    "cur": b"\0\0\2\0\1\0\x10\x10\0\0\1\0\x20\0",
    "tiff, Intel": b"II*\0\x08\0\0\0",
    "tiff, Motorola": b"MM\0*\0\0\0\x08",
    "avif": b"\0\0\0\x1cftypavif\0\0\0\0",
    "heic": b"\0\0\0\x1cftypheic\0\0\0\0",
    "jpeg xl": b"\0\0\0\x0cJXL \r\n\x87\n",
    "jpeg 2000": b"\0\0\0\x0cjP  \r\n\x87\n",
    "psd": b"8BPS\0\1\0\0",
    "icns": b"icns\0\0\1\0",
    "woff": b"wOFF\0\1\0\0\0\0",
    "woff2": b"wOF2\0\1\0\0\0\0",
    "ttf": b"\0\1\0\0\0\x0c\0\x80\0\3\0\x40DSIG\0\0",
    "otf": b"OTTO\0\x0c\0\x80",
    "ttc": b"ttcf\0\1\0\0",
    "eot": b"\x4c\1\0\0\xff\0\0\0\1\0\2\0" + bytes(22) + b"LP\0",
    "mp3 with tags": b"ID3\3\0\0\0\0\0\x21",
    "mp3": b"\xff\xfb\x90\x64\0\x0f",
    "aac": b"\xff\xf1\x50\x80\0\x1f",
    "wav": b"RIFF\x24\0\0\0WAVEfmt \x10",
    "flac": b"fLaC\0\0\0\x22",
    "ogg": b"OggS\0\2\0\0\0",
    "aiff": b"FORM\0\0\0\x2eAIFFCOMM",
    "midi": b"MThd\0\0\0\6",
    "mp4": b"\0\0\0\x20ftypisom\0\0\2\0",
    "mov": b"\0\0\0\x14ftypqt  \0\0\0\0",
    "mov without type": b"\0\0\0\x08wide\0\0\0\0mdat",
    "mkv, webm": b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\1",
    "avi": b"RIFF\x24\0\0\0AVI LIST\0",
    "flv": b"FLV\1\5\0\0\0\x09",
    "mpeg": b"\0\0\1\xba\x44\0",
    "wmv": b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\0",
}


@pytest.mark.parametrize("data", MEDIA.values(), ids=MEDIA.keys())
def test_media_is_known_by_its_content_under_any_name_but_a_texts(data: bytes) -> None:
    assert isinstance(one(data, "asset"), Media)
    assert isinstance(one(data, "asset.png"), Media)
    assert unread(data, "asset.md").reason == "binary content under a text name"


def test_typescript_and_films_share_a_name() -> None:
    assert isinstance(one((b"G\x40\0\x10" + bytes(184)) * 3, "a.ts"), Media)
    assert isinstance(one(b"Good: string", "a.ts"), Document)
    assert unread(b"G\0", "a.ts").reason == "binary content under a text name"


@pytest.mark.parametrize("data", [b"GIF89a = 'x'", b"ID3 tags, explained", b"BM, a river", b"RIFF"])
@pytest.mark.parametrize("name", ["a.txt", "a.gif", "a"])
def test_text_that_begins_like_media_is_text(data: bytes, name: str) -> None:
    assert text_of(document(data, name)) == data.decode()


def test_svg_is_text() -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><text>Osprey</text></svg>'
    assert text_of(document(svg, "logo.svg")) == svg.decode()


def database() -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("create table a (b)")
        return connection.serialize()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        pytest.param(b"\x7fELF\2\1\1\0", "lib.so", id="a library"),
        pytest.param(b"\x7fELF\2\1\1\0", "program", id="a program without an extension"),
        pytest.param(b"\0asm\1\0\0\0", "a.wasm", id="WebAssembly"),
        pytest.param(b"\xca\xfe\xba\xbe\0\0\0\x34", "A.class", id="a Java class"),
        pytest.param(b"\xa7\r\r\n\0\0\0\0", "a.pyc", id="compiled Python"),
        pytest.param(b"MZ\x90\0\3\0", "a.exe", id="a Windows program"),
        pytest.param(database(), "a.db", id="a database"),
        pytest.param(gzip.compress(b"text"), "a.gz", id="one compressed file"),
        pytest.param(b"PK\3\4\x14\0\0\0", "gradle-wrapper.jar", id="a program that is a zip"),
        pytest.param(b"\x07\xe9 no magic", "a.png", id="a broken image"),
        pytest.param(b"\xff\xfe\xff\xff\xff", "a.bin", id="data that begins like UTF-16"),
        pytest.param(b"\xe9\xe9\xe9\xe9", "a.dat", id="no control characters, a binary name"),
    ],
)
def test_other_binary_content_is_opaque(data: bytes, name: str) -> None:
    item = blob(data, name)
    assert list(read(item)) == [Opaque(item)]


def test_text_under_a_binary_name_is_text() -> None:
    assert text_of(document(b"hello", "a.bin")) == "hello"


def zipped(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return stream.getvalue()


def open_document() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    return stream.getvalue()


def tarred(mode: str) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        archive.addfile(tarfile.TarInfo("a"))
    return stream.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(20)


@pytest.mark.parametrize(
    ("data", "name", "what"),
    [
        pytest.param(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\0", "a.pdf", "PDF documents", id="pdf"),
        pytest.param(b"%PDF-1.4\nall ASCII", "a.txt", "PDF documents", id="an ASCII pdf"),
        pytest.param(b"junk\n%PDF-1.4\n", "a.pdf", "PDF documents", id="a late pdf"),
        pytest.param(
            zipped("[Content_Types].xml", "word/document.xml"), "a", "Word documents", id="docx"
        ),
        pytest.param(zipped("xl/workbook.xml"), "a.zip", "Excel workbooks", id="xlsx"),
        pytest.param(
            zipped("ppt/presentation.xml"), "a.pptx", "PowerPoint presentations", id="pptx"
        ),
        pytest.param(zipped("[Content_Types].xml"), "a.docx", "Word documents", id="by its name"),
        pytest.param(open_document(), "a.odt", "OpenDocument files", id="odt"),
        pytest.param(zipped("a.md"), "a.zip", "zip archives", id="zip"),
        pytest.param(zipped(), "a.zip", "zip archives", id="an empty zip"),
        pytest.param(zipped("a.md"), "a.md", "zip archives", id="a zip that calls itself text"),
        pytest.param(tarred("w"), "a.tar", "tar archives", id="tar"),
        pytest.param(tarred("w:gz"), "a.tar.gz", "tar archives", id="tar.gz"),
        pytest.param(tarred("w:xz"), "a.txz", "tar archives", id="txz"),
        pytest.param(b"7z\xbc\xaf\x27\x1c\0\4", "a.7z", "7z archives", id="7z"),
        pytest.param(b"Rar!\x1a\x07\1\0", "a.rar", "RAR archives", id="rar"),
        pytest.param(OLE, "a.doc", "old Office documents", id="doc"),
        pytest.param(b"\x09\4\6\0", "a.xls", "old Office documents", id="older than OLE"),
        pytest.param(b"\0damaged", "a.zip", "zip archives", id="a damaged zip"),
        pytest.param(b"\0damaged", "a.pdf", "PDF documents", id="a damaged pdf"),
        pytest.param(rb"{\rtf1\ansi text}", "a.rtf", "RTF documents", id="rtf"),
    ],
)
def test_documents_without_a_reader_are_unread(data: bytes, name: str, what: str) -> None:
    assert unread(data, name) == Unread(name, f"no reader for {what}")


# ── blobs that do not open ───────────────────────────────────────────────────────────────────────


class _Breaks(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        raise OSError(5, "Input/output error")


class _Waits(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        return None  # type: ignore[return-value]


def _raises(error: Exception) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        raise error

    return opened


@pytest.mark.parametrize(
    ("opened", "reason"),
    [
        (_raises(PermissionError(13, "Permission denied")), "permission denied"),
        (_raises(FileNotFoundError(2, "No such file")), "gone, or a link to nothing"),
        (_raises(OSError("not a regular file")), "not a regular file"),
        (_raises(Unreadable("standard input can be read only once")),
         "standard input can be read only once"),
        (_Breaks, "input/output error"),
        (_Waits, "the stream has nothing to read yet"),
    ],
)  # fmt: skip
def test_a_blob_that_does_not_open_is_unread(opened: Callable[[], BinaryIO], reason: str) -> None:
    assert list(read(Blob(Origin("file", "a.md"), opened))) == [Unread("a.md", reason)]


def test_members_of_containers_go_by_their_own_name() -> None:
    inner = Blob(Origin("file", "a.zip", members=("b.md",)), lambda: io.BytesIO(b"\0"))
    assert list(read(inner)) == [
        Unread("a.zip!/b.md", "binary content under a text name", "NUL at byte 0")
    ]


# ── kinds ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["a.md", "A.MD", "a.markdown", "x/y.mkd"])
def test_markdown_has_scopes(name: str) -> None:
    for found in (document(b"# Hi", name), from_text("# Hi", name)):
        assert found.kind == "markdown"
        assert found.labeller is not None
        assert [label.scopes for label in found.labeller().feed("# Hi\n")] == [{"heading"}]


@pytest.mark.parametrize("name", ["a.txt", "README", "md", ".md", "<stdin>", "<text>", "a.xyz"])
def test_other_text_is_prose_and_addresses(name: str) -> None:
    content = "# Hi https://example.com/a(b).\r\nsee www.example.org, or not."
    for found in (document(content.encode(), name), from_text(content, name)):
        assert found.kind == "text"
        assert found.labeller is not None
        labeller = found.labeller()
        labels = [*labeller.feed(content), *labeller.close()]
        assert [(content[a.start : a.end], a.scopes) for a in labels] == [
            ("https://example.com/a(b)", {"url"}),
            ("www.example.org", {"url"}),
        ]


@given(
    st.lists(st.sampled_from([*"ab \r\n(.", "http://", "www.", "x" * 3000])).map("".join), st.data()
)
def test_addresses_are_the_same_however_the_text_arrives(text: str, data: st.DataObject) -> None:
    whole = text_reader.Labels()
    expected = [*whole.feed(text), *whole.close()]
    pieces = text_reader.Labels()
    found, at = [], 0
    while at < len(text):
        end = data.draw(st.integers(at + 1, len(text)))
        found += pieces.feed(text[at:end])
        at = end
    assert [*found, *pieces.close()] == expected


def test_a_text_in_memory_has_no_bytes() -> None:
    found = from_text("\ufeffa", "x")
    assert (text_of(found), found.encoding, found.bom) == ("\ufeffa", None, 0)
    assert found.origin == Origin("text", "x")
    assert text_of(found) == "\ufeffa", "and once more"
    assert list(from_text("", "x").chunks()) == []


def test_added_lines_go_with_the_document() -> None:
    source = Blob(Origin("stage", "a.md"), lambda: io.BytesIO(b"a\nb"), added=((2, 2),))
    (found,) = read(source)
    assert isinstance(found, Document)
    assert found.added == ((2, 2),)


def test_every_reader_has_its_room() -> None:
    from importlib import import_module

    for module in READERS.values():
        room = import_module(module)
        assert callable(getattr(room, "read", None) or room.Labels)


# ── long texts ───────────────────────────────────────────────────────────────────────────────────


class Generated(io.BytesIO):
    """A stream that is never in memory; like a pipe it gives less than asked for."""

    def __init__(self, unit: bytes, size: int, end: bytes) -> None:
        super().__init__()
        self._piece = unit * (65536 // len(unit))
        self._left = size // len(self._piece)
        self._ready = b""
        self._end = end

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None
        assert size > 0
        if not self._ready and self._left:
            self._left -= 1
            self._ready = self._piece
        elif not self._ready:
            self._ready, self._end = self._end, b""
        given, self._ready = self._ready[:size], self._ready[size:]
        return given


def generated(unit: bytes, size: int, end: bytes = b"", kind: str = "file") -> Blob:
    return Blob(Origin(kind, "long.md"), lambda: Generated(unit, size, end))


@pytest.mark.parametrize("kind", ["file", "stdin"])
@pytest.mark.parametrize(
    ("unit", "name"),
    [(b"word ", "utf-8"), ("世界, ".encode(), "utf-8"), (b"caf\xe9 etc.", "cp1252")],
)
def test_long_texts_arrive_in_order(unit: bytes, name: str, kind: str) -> None:
    (found,) = read(generated(unit, 10 * MIB, kind=kind))
    assert isinstance(found, Document)
    assert found.encoding == name
    expected = (unit * (65536 // len(unit))).decode(name) * (
        10 * MIB // (65536 // len(unit) * len(unit))
    )
    base = 0
    for chunk in found.chunks():
        assert chunk.base == base
        assert chunk.text == expected[base : base + len(chunk.text)]
        base += len(chunk.text)
    assert base == len(expected)


@pytest.mark.parametrize("kind", ["file", "stdin"])
def test_memory_does_not_grow_with_the_text(kind: str) -> None:
    tracemalloc.start()
    try:
        (found,) = read(generated("word é 世界\n".encode(), 64 * MIB, kind=kind))
        assert isinstance(found, Document)
        assert sum(len(chunk.text) for chunk in found.chunks()) > 30 * MIB
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 16 * MIB


@pytest.mark.parametrize(
    ("unit", "end", "message"),
    [
        pytest.param(b"words. ", b"\xff", "not UTF-8 at byte {}", id="UTF-8"),
        pytest.param(b"words. ", b"a\xc3", "not UTF-8 at byte {}+1", id="UTF-8 cut short"),
        pytest.param(b"words. ", b"ab\0c", "NUL at byte {}+2", id="NUL"),
        pytest.param(b"caf\xe9 ok", b"\x07", "control character at byte {}", id="a control"),
        pytest.param(b"caf\xe9 ok", b"a\x81", "not CP1252 at byte {}+1", id="cp1252"),
    ],
)
@pytest.mark.parametrize("kind", ["file", "stdin"])
def test_a_late_misfit_says_where(unit: bytes, end: bytes, message: str, kind: str) -> None:
    (found,) = read(generated(unit, 9 * MIB, end, kind=kind))
    assert isinstance(found, Document)
    whole = 65536 // len(unit) * len(unit)  # of the units that fit, as Generated has it
    start, _, more = message.partition("{}")
    with pytest.raises(Unreadable) as caught:
        for _ in found.chunks():
            pass
    size = 9 * MIB // whole * whole
    assert caught.value.message == f"{start}{size + int(more or 0)}"


def test_long_utf16_keeps_its_halves_together() -> None:
    text = "a𝄞" * MIB
    data = b"\xff\xfe" + text.encode("utf-16-le")
    found = document(data)
    assert (found.encoding, found.bom) == ("utf-16-le", 2)
    assert text_of(found) == text
    assert unread(data[:-1]).detail == f"not UTF-16-LE at byte {len(data) - 4}"


def test_a_file_is_read_again_and_a_stream_is_not() -> None:
    (file,) = read(generated(b"word ", 2 * MIB))
    assert isinstance(file, Document)
    assert text_of(file) == text_of(file)
    (stream,) = read(generated(b"word ", 2 * MIB, kind="stdin"))
    assert isinstance(stream, Document)
    text_of(stream)
    with pytest.raises(Unreadable, match="only once"):
        text_of(stream)


def test_a_file_that_goes_while_it_is_read_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"word " * MIB)
    (found,) = read(Blob(Origin("file", "a.txt"), lambda: path.open("rb")))
    assert isinstance(found, Document)
    path.unlink()
    with pytest.raises(Unreadable, match="gone"):
        list(found.chunks())


@pytest.mark.parametrize("size", [text_reader.PIECE - 1, text_reader.PIECE, text_reader.PIECE + 1])
@pytest.mark.parametrize("kind", ["file", "stdin"])
def test_sizes_round_a_piece(size: int, kind: str) -> None:
    assert text_of(document(b"x" * size, kind=kind)) == "x" * size
    assert text_of(document(b"x" * (size - 2) + "é".encode(), kind=kind)) == "x" * (size - 2) + "é"
    bad = b"x" * (size - 1) + b"\0"
    assert one(bad, kind=kind) == Unread(
        "a.txt", "binary content under a text name", f"NUL at byte {size - 1}"
    )


# ── what cannot be read twice ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", [3, 200_000, 3_000_000])
def test_binary_standard_input_is_searched_though_it_comes_once(size: int) -> None:
    data = b"\0\1\2" * size + b"OspreyRidge"
    left = [io.BytesIO(data)]
    (found,) = read(Blob(Origin("stdin", "<stdin>"), left.pop))
    assert isinstance(found, Opaque)
    with found.blob.open() as stream:
        assert stream.read() == data
