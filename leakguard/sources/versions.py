"""Versions of files as git stores them, handed over as blobs."""

from __future__ import annotations

import os
from io import BytesIO

from leakguard.errors import Unreadable
from leakguard.light import BinaryIO, Final, byte_expression, partial
from leakguard.model import Blob, Origin, Unread
from leakguard.sources import git
from leakguard.sources.changes import LINK, SUBMODULE, Change

# https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
_POINTER: Final = byte_expression(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:ext-.*\n)*oid sha256:([0-9a-f]{64})\n"
)


def handed_over(
    change: Change, objects: git.Objects, origin: Origin, *, whole: bool = False
) -> Blob | Unread:
    """The version that `change` leaves. `whole`: all of it counts as added, its name too."""
    try:
        change.path.encode()
    except UnicodeEncodeError:
        path = change.path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        return Unread(path, "name is not UTF-8")
    if change.status == "U":
        return Unread(origin.path, "it has conflicts")
    content = partial(_content, objects, change)
    expect = partial(objects.expect, change.blob) if change.mode != SUBMODULE else None
    if whole:
        return Blob(origin, content, published=change.path, expect=expect)
    return Blob(origin, content, change.added, change.path, change.before, expect=expect)


def _content(objects: git.Objects, change: Change) -> BinaryIO:
    if change.mode == SUBMODULE:
        return BytesIO()  # a commit of another repository: only its path is published here
    stream = objects.open(change.blob)
    if change.mode == LINK:
        return stream
    found = _POINTER.match(stream.read(1024))
    stream.seek(0)
    return stream if found is None else _large(found[1].decode())


def _large(oid: str) -> BinaryIO:
    """The content that a Git LFS pointer stands for: that is what a push publishes."""
    folder = os.fsdecode(git.run("rev-parse", "--git-common-dir").rstrip(b"\n"))
    try:
        return open(os.path.join(folder, "lfs", "objects", oid[:2], oid[2:4], oid), "rb")
    except OSError:
        raise Unreadable("a Git LFS pointer: its content is not in this clone") from None
