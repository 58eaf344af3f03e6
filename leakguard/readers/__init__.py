"""From bytes to text. What a blob is, its content says first and its name second.

A blob is one of four things: a document, media, opaque (other binary content that does not claim
to be text) or unread. To add a format: a module with `read`, a line in `READERS`, a signature.
"""

from __future__ import annotations

from leakguard.errors import Unreadable, reason_of
from leakguard.light import BinaryIO, Iterator, cast, import_module, partial
from leakguard.model import LABEL_REACH, Blob, Document, Labeller, Media, Opaque, Origin, Unread
from leakguard.packs import SEALED_MARK
from leakguard.readers import text

READERS: dict[str, str] = {
    "asciidoc": "leakguard.readers.asciidoc",
    "html": "leakguard.readers.html",
    "markdown": "leakguard.readers.markdown",
    "mdx": "leakguard.readers.mdx",
    "rst": "leakguard.readers.rst",
    "sealed": "leakguard.readers.sealed",
    "source": "leakguard.readers.source",
    "table": "leakguard.readers.table",
    "text": "leakguard.readers.text",
}

# Text as it stands in the file, of which scopes are told only when somebody asks.
_LABELLED = frozenset({"asciidoc", "html", "markdown", "mdx", "rst", "source"})

_HEAD_OF_PDF = 1024  # bytes in which its mark stands
PLAIN_SIZE = text.PIECE  # and a text that long is read in pieces
PEEKED = 8 * LABEL_REACH  # what is looked at to tell a table
_SPOOLED = 1 << 20  # bytes of standard input that wait in memory; more do on the disk

# The kinds of text that a name tells; all other text is plain.
KINDS: dict[str, str] = {
    **dict.fromkeys(("adoc", "asc", "asciidoc"), "asciidoc"),
    **dict.fromkeys(("htm", "html", "xhtml", "xml", "svg", "vue", "svelte", "njk"), "html"),
    **dict.fromkeys(("markdown", "md", "mkd", "mk", "rmd", "qmd"), "markdown"),
    "mdx": "mdx",
    **dict.fromkeys(("rest", "rst"), "rst"),
    **dict.fromkeys(("csv", "psv", "tab", "tsv"), "table"),
    **dict.fromkeys(
        (
            "bash bib c cc cfg clj cljs cmake conf cpp cs css cxx dart dockerfile editorconfig el "
            "elm env erl ex exs fish go gradle groovy h hh hpp hs hxx ini java jl js jsx kt kts "
            "latex less lisp lua m makefile mjs mm nim nix php pl properties proto ps1 psm1 py "
            "pyi pyx r rake rb rs sass scala scm scss sh sol sql swift tcl tex tf tfvars toml ts "
            "tsx v vim yaml yml zig zsh"
        ).split(),
        "source",
    ),
}


def read(blob: Blob) -> Iterator[Document | Media | Opaque | Unread]:
    """The documents in `blob`, or what it is instead. Bad content never raises: it is an `Unread`.

    Documents come without their number. One that is too long to be judged whole is judged by its
    first 8 MiB; its `chunks()` raise `Unreadable` where a later byte does not fit.
    """
    name = blob.origin.name
    try:
        peek = text.Peek.of(blob)
    except Unreadable as error:
        yield Unread(name, error.message)
        return
    except OSError as error:
        yield Unread(name, reason_of(error))
        return
    if isinstance(peek.coding, str):
        kind = _foreign(peek.head, name) or _text_kind(
            name, peek.text or peek.head[:PEEKED].decode("utf-8", "replace")
        )
        if kind in _LABELLED:
            yield from text.read(blob, peek, kind=kind, labeller=partial(_labels, kind, name))
        elif kind in READERS:
            reader = import_module(READERS[kind])
            yield from reader.read(blob, peek)
        else:
            yield Unread(name, f"no reader for {kind}")
        return
    if blob.origin.kind == "stdin":  # what is there cannot be had again
        blob = blob._replace(open=partial(_again, peek))
    yield _not_text(blob, peek.head, peek.coding)


def _again(peek: text.Peek) -> BinaryIO:
    """What was read of standard input, and what is left of it."""
    from tempfile import SpooledTemporaryFile  # few runs get such content from there

    spool = SpooledTemporaryFile(_SPOOLED)  # noqa: SIM115 - who asked closes it
    for piece in peek.rest() if peek.rest else (peek.head,):
        spool.write(piece)
    spool.seek(0)
    return cast(BinaryIO, spool)


def content(blob: Blob, most: int) -> bytes:
    """The first `most` bytes of a blob. Raises OSError, and `Unreadable` as its `open` does."""
    whole = getattr(blob.open, "content", None)  # where it can be had without a stream
    if whole:
        data: bytes = whole(most)
        return data
    with blob.open() as stream:
        return stream.read(most)


def whole(data: bytes, name: str) -> tuple[str, str] | None:
    r"""The text and the kind of what is sure to be one document of UTF-8, from end to end.

    >>> whole(b"# Hi", "post.md"), whole(b"%PDF-1.7", "a.txt"), whole(b"\xff", "a.txt")
    (('# Hi', 'markdown'), None, None)
    """
    if not is_whole(data, name):
        return None
    content = data.decode()
    return content, _text_kind(name, content)


def is_whole(data: bytes, name: str) -> bool:
    """Whether content is sure to be one document of UTF-8."""
    if len(data) >= PLAIN_SIZE or b"\0" in data:
        return False
    if data[:1] in _TELLING_STARTS and (data.startswith(_BOM) or _foreign(data, name)):
        return False
    if data.startswith(SEALED_MARK.encode()):
        return False
    if b"%PDF-" in data[:_HEAD_OF_PDF] and _foreign(data, name):
        return False
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def from_text(content: str, name: str) -> Document:
    """A text that is in memory already, as a document called `name`.

    >>> from_text("# Hi", "post.md").kind
    'markdown'
    """
    kind = _text_kind(name, content)
    chunks = text.chunks_of(content)
    if kind == "sealed":
        chunks = partial(import_module(READERS[kind]).blanked, chunks)
    labeller = partial(_labels, kind, name)
    return Document(Origin("text", name), chunks, kind=kind, labeller=labeller)


def _labels(kind: str, name: str) -> Labeller:
    reader = import_module(READERS[kind])
    made: Labeller = reader.labeller(name)() if kind == "source" else reader.Labels()
    return made


def _text_kind(name: str, beginning: str) -> str:
    """The format of a text, by its name; a line of column names tells a table without one.

    A sealed list says what it is in its first line.
    """
    if beginning.startswith(SEALED_MARK):
        return "sealed"
    kind = KINDS.get(_base(name) if _base(name) in TEXT_BASES else _extension(name), "text")
    if kind == "text" and beginning.count("|", 0, LABEL_REACH) > 2:
        from leakguard.readers import table

        return "table" if table.begins_like_one(beginning) else kind
    return kind


# ── what is not text ─────────────────────────────────────────────────────────────────────────────


def _not_text(blob: Blob, head: bytes, misfit: text.Misfit) -> Media | Opaque | Unread:
    name = blob.origin.name
    extension = _extension(name)
    foreign = _foreign(head, name) or _DOCUMENT_NAMES.get(extension)
    if foreign:
        return Unread(name, f"no reader for {foreign}")
    if _is_transport_stream(head):  # .ts is also TypeScript
        return Media(blob.origin)
    if head.startswith(b"\0GITCRYPT\0"):  # what is published is the cipher, whatever its name
        return Opaque(blob)
    if misfit.committed and extension not in BINARY_NAMES | MEDIA_NAMES:
        return Unread(name, "unknown encoding", misfit.detail)
    if extension in TEXT_NAMES or _base(name) in TEXT_BASES:
        reason = "binary content under a text name" if misfit.binary else "unknown encoding"
        return Unread(name, reason, misfit.detail)
    if is_media(head):
        return Media(blob.origin)
    if misfit.binary or extension in BINARY_NAMES or extension in MEDIA_NAMES:
        return Opaque(blob)
    return Unread(name, "unknown encoding", misfit.detail)


def is_media(head: bytes) -> bool:
    r"""Whether content that is not text begins like an image, a font, sound or film.

    >>> is_media(b"\x89PNG\r\n\x1a\n..."), is_media(b"\x7fELF...")
    (True, False)
    """
    if head.startswith(_MEDIA_STARTS):
        return True
    if head[:4] == b"RIFF":
        return head[8:12] in (b"WEBP", b"WAVE", b"AVI ", b"RMID", b"ACON")
    if head[:4] == b"FORM":
        return head[8:12] in (b"AIFF", b"AIFC")
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
        return True
    if head[:2] == b"BM":  # two letters prove little: the header's length must be a known one
        known = (12, 40, 52, 56, 64, 108, 124)
        return head[6:10] == bytes(4) and int.from_bytes(head[14:18], "little") in known
    if head[:4] in (b"\0\0\1\0", b"\0\0\2\0"):  # icon or cursor: how many, and a reserved zero
        return 0 < int.from_bytes(head[4:6], "little") < 256 and head[9:10] == b"\0"
    if head[34:36] == b"LP":  # embedded OpenType: two letters again, and a version
        return head[8:12] in (b"\1\0\2\0", b"\2\0\2\0", b"\0\0\1\0")
    if head[:4] == b"\0\1\0\0":  # TrueType: how many tables, then the first one's name
        return head[4:5] == b"\0" and head[5:6] != b"\0" and head[12:16].isascii()
    return False


def _is_transport_stream(head: bytes) -> bool:
    return head[:1] == head[188:189] == head[376:377] == b"G"


# What begins like no file that is foreign or marked is a text like any other.
_TELLING_STARTS = frozenset(bytes([byte]) for byte in b"\xef%{PB7R(")
_BOM = b"\xef\xbb\xbf"


_MEDIA_STARTS = (
    b"\x89PNG\r\n\x1a\n", b"\x8aMNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*",
    b"II+\0", b"MM\0+", b"8BPS", b"qoif", b"DDS ", b"icns", b"\0\0\0\x0cjP  ", b"\0\0\0\x0cJXL ",
    b"\xff\x0a", b"wOFF", b"wOF2", b"OTTO", b"ttcf", b"true\0", b"ID3", b"\xff\xfb", b"\xff\xfa",
    b"\xff\xf3", b"\xff\xf2", b"\xff\xf1", b"\xff\xf9", b"fLaC", b"OggS", b"MThd", b"#!AMR",
    b"\x1a\x45\xdf\xa3", b"FLV\x01", b"\0\0\1\xba", b"\0\0\1\xb3",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",
)  # fmt: skip


def _foreign(head: bytes, name: str) -> str:
    """A document or archive that no reader here opens, in the words of its users; or nothing.

    >>> _foreign(b"%PDF-1.7", "a.txt")
    'PDF documents'
    """
    extension = _extension(name)
    if head.startswith(b"%PDF-") or (extension == "pdf" and b"%PDF-" in head[:_HEAD_OF_PDF]):
        return "PDF documents"
    if head.startswith(b"{\\rtf"):
        return "RTF documents"
    if head.startswith((b"PK\3\4", b"PK\5\6", b"PK\7\x08")):
        return _zip_kind(head, extension)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "" if extension in ("msi", "db") else "old Office documents"
    if head.startswith((b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")):
        return "7z archives" if head.startswith(b"7z") else "RAR archives"
    packed = head.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"))
    if head[257:262] == b"ustar" or (packed and _is_tar_name(name)):
        return "tar archives"
    return ""


def _zip_kind(head: bytes, extension: str) -> str:
    if extension in _PROGRAM_ZIPS:
        return ""
    for mark, kind in _ZIP_MARKS:
        if mark in head:
            return kind
    return _DOCUMENT_NAMES.get(extension, "zip archives")


def _is_tar_name(name: str) -> bool:
    stem, _, extension = _base(name).rpartition(".")
    return extension in ("tgz", "tbz", "tbz2", "txz", "tzst") or stem.endswith(".tar")


# Programs and data that happen to be zips: nobody publishes words in them.
_PROGRAM_ZIPS = frozenset(
    {"aab", "aar", "apk", "crx", "ear", "egg", "ipa", "jar", "keras", "npz", "nupkg", "pt", "pth"}
    | {"vsix", "war", "whl", "xpi"}
)
_ZIP_MARKS = (
    (b"word/", "Word documents"),
    (b"xl/", "Excel workbooks"),
    (b"ppt/", "PowerPoint presentations"),
    (b"mimetypeapplication/epub+zip", "EPUB books"),
    (b"mimetypeapplication/vnd.oasis.opendocument", "OpenDocument files"),
)
# What a name promises; content that does not keep it is a document that cannot be read.
_DOCUMENT_NAMES = {
    "7z": "7z archives",
    "doc": "old Office documents",
    "docm": "Word documents",
    "docx": "Word documents",
    "epub": "EPUB books",
    "msg": "old Office documents",
    "numbers": "iWork documents",
    "odp": "OpenDocument files",
    "ods": "OpenDocument files",
    "odt": "OpenDocument files",
    "pages": "iWork documents",
    "pdf": "PDF documents",
    "ppt": "old Office documents",
    "pptm": "PowerPoint presentations",
    "pptx": "PowerPoint presentations",
    "rar": "RAR archives",
    "rtf": "RTF documents",
    "tar": "tar archives",
    "xls": "old Office documents",
    "xlsb": "Excel workbooks",
    "xlsm": "Excel workbooks",
    "xlsx": "Excel workbooks",
    "zip": "zip archives",
}


# ── names ────────────────────────────────────────────────────────────────────────────────────────


def _base(name: str) -> str:
    return name.rpartition("!/")[2].replace("\\", "/").rpartition("/")[2].lower()


def _extension(name: str) -> str:
    """The extension of the innermost name, in small letters.

    >>> _extension("a.zip!/Notes.MD"), _extension(".gitignore"), _extension("a.b/README")
    ('md', '', '')
    """
    stem, _, extension = _base(name).rpartition(".")
    return extension if stem else ""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TEXT_NAMES = _words(
    """
    adoc asc asciidoc asm astro bash bat bib bzl c cc cfg clj cljs cmake cmd coffee conf config
    cpp cs css csv cxx dart diff dockerfile dot editorconfig ejs el elm env erb erl ex exs f90
    fish fs fsx geojson go gradle graphql groovy h haml handlebars hbs hcl hh hpp hrl hs htm html
    hxx ics ini ipynb java jinja jinja2 jl js json json5 jsonc jsonl jsx kt kts latex less lhs
    liquid lisp log lua m3u makefile markdown md mdx mjs mk mkd ml mli mm mustache ndjson nim nix
    njk org pas patch php pl plist pm po pot properties proto ps1 psm1 pug py pyi pyx qmd r rake
    rb rest rmd rs rst s sass sbt scala scm scss sed sh sol sql srt sty styl svelte svg swift t
    tcl template tex texi text textile tf tfvars thrift tmpl toml tpl ts tsv tsx twig txt v vb vcf
    vhd vhdl vim vtt vue wiki xhtml xml xsd xsl xslt yaml yml zig zsh
    """
)
TEXT_BASES = _words(
    """
    .bashrc .dockerignore .editorconfig .env .gitattributes .gitconfig .gitignore .gitmodules
    .npmrc .profile .vimrc .zshrc authors changelog changes codeowners contributing contributors
    copying dockerfile gemfile history install licence license maintainers makefile news notice
    procfile rakefile readme thanks todo version
    """
)
MEDIA_NAMES = _words(
    """
    3gp aac ai aif aiff amr ani apng avi avif bmp cur dds eot eps exr flac flv gif hdr heic heif
    icns ico jp2 jpeg jpg jxl m4a m4v mid midi mkv mov mp3 mp4 mpeg mpg oga ogg ogv opus otf pbm
    pcx pgm png ppm psd qoi tga tif tiff ttc ttf wav webm webp wma wmv woff woff2
    """
)
BINARY_NAMES = _words(
    """
    a apk bin blob bz2 class com dat data db deb dex dll dmg dylib elf exe gz h5 hdf5 img iso jar
    keystore ko lib lz4 mo msi node npy npz o obj onnx parquet pb pdb pickle pkl pt pth pyc pyd
    pyo rdb rpm sav so sqlite sqlite3 swp sys tflite war wasm whl xz zst
    """
)
