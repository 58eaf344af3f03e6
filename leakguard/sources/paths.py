"""Paths and standard input as blobs."""

from __future__ import annotations

import os
import stat
from io import BytesIO

from leakguard.ci import PRIVATE
from leakguard.errors import SourceError, Unreadable, UsageError, reason_of
from leakguard.light import BinaryIO, Iterable, Iterator, Sequence, partial
from leakguard.model import Blob, Origin, Unread
from leakguard.records import NamedTuple

STDIN = "<stdin>"
_PIECE = 1 << 16


def from_paths(
    paths: Sequence[str | os.PathLike[str]],
    *,
    stdin_name: str = "",
    stdin: BinaryIO | None = None,
) -> Iterator[Blob | Unread]:
    """Everything `paths` name, in order: files, all that is below folders, `-` for standard input.

    A path given by name is taken whole, ignored or not. Below a folder in a checkout git says
    what is there (tracked, and new but not ignored); elsewhere everything but `.git` is. Nothing
    comes twice. Without paths the current folder is meant. A path that does not exist is a
    `UsageError`, raised by the call itself: before anything is read.
    """
    given = [os.fspath(path) for path in paths] or ["."]
    for path in given:
        if path != "-":
            _must_exist(path)
    return _all(given, stdin_name, stdin)


# ── what was named ───────────────────────────────────────────────────────────────────────────────


class _Item(NamedTuple):
    """Something on the disk: how the user would type it, where it is, what of it gets public.

    `kind` is the kind of file, as in a mode, where its folder has told it; 0 where not.
    """

    typed: str
    real: str
    published: str
    kind: int = 0

    def below(self, name: str, kind: int = 0) -> _Item:
        """The item `name` of this folder.

        >>> _Item("drafts/", "/home/a/drafts", "").below("x.md")[:3]
        ('drafts/x.md', '/home/a/drafts/x.md', 'x.md')
        """
        typed = name if self.typed == "." else _join(self.typed, name)
        return _Item(typed, _join(self.real, name), _join(self.published, name), kind)


def _join(folder: str, name: str) -> str:
    return f"{folder}{name}" if not folder or folder.endswith("/") else f"{folder}/{name}"


def _must_exist(path: str) -> None:
    try:
        os.lstat(path)
    except PermissionError:
        pass  # It may well exist: an unread, later and in its place.
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        if isinstance(error, OSError) and reason_of(error) == "symlink loop":
            return
        raise UsageError(
            f"{_printable(path)}: no such file or directory" if path else "a path is empty",
            hint="paths start at the current folder; - is standard input",
        ) from None


def _all(given: list[str], stdin_name: str, stdin: BinaryIO | None) -> Iterator[Blob | Unread]:
    seen: set[str] = set()
    tops: dict[str, str | None] = {}
    for path in given:
        if path == "-":
            if "-" not in seen:
                yield _stdin_blob(stdin_name, stdin)
            seen.add("-")
            continue
        try:
            found = os.stat(path)
            real = os.path.realpath(path)
        except OSError as error:
            yield _unread(path, reason_of(error))
            continue
        items: Iterable[Blob | Unread | _Item] = (
            _walk(path, real) if stat.S_ISDIR(found.st_mode) else _named(path, real, tops)
        )
        for item in items:
            if not isinstance(item, _Item):
                yield item
            elif len(given) == 1:
                yield _hand_over(item)
            elif item.real not in seen:
                seen.add(item.real)
                yield _hand_over(item)


def _named(path: str, real: str, tops: dict[str, str | None]) -> Iterator[_Item]:
    # The name that becomes public is the link's, not that of what it leads to.
    parent = os.path.realpath(os.path.dirname(path) or ".")
    if parent not in tops:
        tops[parent] = top_of(parent)
    top = tops[parent]
    name = os.path.basename(path)
    if top is not None:
        published = _relative(os.path.join(parent, name), top)
    elif os.path.isabs(path) or ".." in path.split(os.sep):
        published = name
    else:
        published = os.path.normpath(path).replace(os.sep, "/")
    yield _Item(path, real, published)


def _walk(path: str, real: str) -> Iterator[Blob | Unread | _Item]:
    """All files below the folder `path`, depth first, names in order."""
    top = top_of(real)
    if top is not None:
        published = _relative(real, top)
    else:
        published = "" if os.path.normpath(path) == "." else os.path.basename(real)
    pending: list[Unread | _Item] = [_Item(path, real, published)]
    while pending:
        item = pending.pop()
        if isinstance(item, Unread):
            yield item
            continue
        try:
            is_folder = item.real == real or stat.S_ISDIR(item.kind or os.lstat(item.real).st_mode)
        except FileNotFoundError:
            continue  # Tracked and deleted here: there is nothing to publish.
        except OSError as error:
            yield _unread(item.typed, reason_of(error))
            continue
        if is_folder:
            nested = top if item.real == real else item.real if _has_git(item.real) else None
            if nested is not None and item.real == nested:
                item = _Item(item.typed, item.real, "")
            pending.extend(reversed(list(_children(item, nested))))
        else:
            yield item


def _children(folder: _Item, top: str | None) -> Iterator[Unread | _Item]:
    if not os.access(folder.real, os.R_OK | os.X_OK):
        yield _unread(folder.typed, "permission denied", "folder")
        return
    listed = None if top is None else _git_lists(folder, top)
    if listed is not None:
        yield from listed
        return
    try:
        with os.scandir(folder.real) as entries:
            found = sorted((entry.name, _told(entry)) for entry in entries if entry.name != ".git")
    except OSError as error:
        yield _unread(folder.typed, reason_of(error))
        return
    for name, kind in found:
        yield folder.below(name, kind)


def _told(entry: os.DirEntry[str]) -> int:
    """What a folder says of the kind of one of its files, without a look at the file itself."""
    if entry.is_file(follow_symlinks=False):
        return stat.S_IFREG
    return stat.S_IFDIR if entry.is_dir(follow_symlinks=False) else 0


# ── handing over ─────────────────────────────────────────────────────────────────────────────────


def _hand_over(item: _Item) -> Blob | Unread:
    try:
        item.typed.encode()
        item.published.encode()
    except UnicodeEncodeError:
        return _unread(item.typed, "name is not UTF-8")
    origin = Origin("file", item.typed)
    try:
        mode = item.kind or os.lstat(item.real).st_mode
        if stat.S_ISLNK(mode):
            # What is published of a link is the text that git stores: where it leads.
            target = os.fsencode(os.readlink(item.real))
            return Blob(origin, partial(BytesIO, target), published=item.published)
    except OSError as error:
        return _unread(item.typed, reason_of(error))
    if not stat.S_ISREG(mode):
        return _unread(item.typed, "not a regular file", _kind_of(mode))
    return Blob(origin, _Regular(item.real), published=item.published)


class _Regular:
    """A file for reading; never waits for the other end of a pipe that has taken its place."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = path

    def __call__(self) -> BinaryIO:
        stream = open(self.path, "rb", opener=_without_waiting)  # noqa: SIM115 - the reader closes it
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            stream.close()
            raise OSError("not a regular file")
        return stream

    def content(self, most: int) -> bytes:
        """Its first `most` bytes, in a quarter of the time that a stream takes for a short file."""
        file = _without_waiting(self.path, os.O_RDONLY)
        try:
            found = os.fstat(file)
            if not stat.S_ISREG(found.st_mode):
                raise OSError("not a regular file")
            size = min(found.st_size + 1, most)
            pieces = [os.read(file, size)]
            # One that has grown since, or does not tell its size, is read to its end.
            while pieces[-1] and (missing := most - sum(map(len, pieces))) > 0:
                if len(pieces) == 1 and len(pieces[0]) == found.st_size:
                    break
                pieces.append(os.read(file, min(missing, _PIECE)))
        finally:
            os.close(file)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _without_waiting(path: str, flags: int) -> int:
    for name in ("O_NONBLOCK", "O_NOFOLLOW", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, name, 0)
    return os.open(path, flags)


def _stdin_blob(name: str, stdin: BinaryIO | None) -> Blob:
    left: list[BinaryIO] = []

    def once() -> BinaryIO:
        if not left:
            raise Unreadable("standard input can be read only once")
        return left.pop()

    if stdin is None:
        import sys

        stdin = sys.stdin.buffer
    left.append(stdin)
    return Blob(Origin("stdin", name or STDIN), once, published=name)


def _kind_of(mode: int) -> str:
    kinds = {
        stat.S_IFIFO: "FIFO",
        stat.S_IFSOCK: "socket",
        stat.S_IFCHR: "character device",
        stat.S_IFBLK: "block device",
        stat.S_IFDIR: "folder",
    }
    return kinds.get(stat.S_IFMT(mode), "unknown kind")


def _unread(path: str, reason: str, detail: str = "") -> Unread:
    return Unread(_printable(path), reason, detail)


def _printable(path: str) -> str:
    r"""`path` with the bytes that are not UTF-8 spelled out.

    >>> _printable("caf\udce9.md")
    'caf\\xe9.md'
    """
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _relative(real: str, top: str) -> str:
    below = os.path.relpath(real, top)
    return "" if below == "." else below.replace(os.sep, "/")


# ── git ──────────────────────────────────────────────────────────────────────────────────────────


def top_of(folder: str) -> str | None:
    """The top folder of the checkout that the real path `folder` is in; None inside `.git`."""
    if ".git" in folder.split(os.sep):
        return None
    while not _has_git(folder):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder


def _has_git(folder: str) -> bool:
    entry = os.path.join(folder, ".git")
    return os.path.isfile(entry) or os.path.exists(os.path.join(entry, "HEAD"))


def _git_lists(folder: _Item, top: str) -> list[Unread | _Item] | None:
    """What is in `folder` of the checkout `top`; None where git has no say: it is not there."""
    listed = _git(folder, top, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if listed is None:
        return None
    names, warnings = listed
    below = _relative(folder.real, top)
    if (
        below
        and _git(folder, top, "check-ignore", "-q", "--no-index", "--", folder.real) is not None
    ):
        # git does not look into an ignored folder. Seen as a tree of its own, with nothing
        # tracked, it has the ignore rules that live in it and no others.
        rules = ("--others", "--exclude-per-directory=.gitignore")
        git_dir = os.path.join(top, ".git")
        alone = _git(folder, folder.real, "ls-files", "-z", *rules, git_dir=git_dir)
        if alone is not None:
            names += alone[0]
            warnings += alone[1]
    paths = sorted({os.fsdecode(name).rstrip("/") for name in names.split(b"\0") if name},
                   key=lambda path: path.split("/"))  # fmt: skip
    items: list[Unread | _Item] = []
    for path, following in zip(paths, [*paths[1:], ""], strict=False):
        if not following.startswith(path + "/"):  # a file's entry where a folder now stands
            items.append(folder.below(path))
    closed = [line for line in warnings.splitlines() if "could not open directory" in line]
    for line in closed:
        # git goes on without what it may not enter. It names the folder from the checkout's top.
        name = line.partition("'")[2].rpartition("'")[0].rstrip("/")
        name = name[len(below) + 1 :] if below and name.startswith(below + "/") else name
        items.append(_unread(folder.below(name).typed, "permission denied", "folder"))
    return items


def _git(folder: _Item, top: str, *words: str, git_dir: str = "") -> tuple[bytes, str] | None:
    """What git prints, on both channels; None when it says no, or is not there to ask.

    The configuration of a checkout may be its author's: nothing of it runs, and it cannot send
    git to look at another folder.
    """
    import subprocess

    command = ["git", "--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null",
               "-C", folder.real, *words]  # fmt: skip
    hidden = _GIT_LOCAL | PRIVATE
    environment = {key: value for key, value in os.environ.items() if key not in hidden}
    environment.update(LC_ALL="C", GIT_OPTIONAL_LOCKS="0", GIT_WORK_TREE=top)
    if git_dir:
        environment.update(GIT_DIR=git_dir, GIT_INDEX_FILE=os.path.join(folder.real, ".git", "no"))
    try:
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    except FileNotFoundError:
        return None
    said = done.stderr.decode("utf-8", "backslashreplace")
    if done.returncode == 0:
        return done.stdout, said
    if done.returncode == 1 and words[0] == "check-ignore":
        return None
    if "not a git repository (or any" in said:
        return None
    raise SourceError(
        f"git cannot list {_printable(folder.typed)}: {said.strip() or f'exit {done.returncode}'}",
        hint="mend what git complains about, or name the files themselves",
    )


# A git hook runs with these set, and they hold for its own repository alone.
_GIT_LOCAL = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_GLOB_PATHSPECS",
        "GIT_ICASE_PATHSPECS",
        "GIT_INDEX_FILE",
        "GIT_LITERAL_PATHSPECS",
        "GIT_NAMESPACE",
        "GIT_NOGLOB_PATHSPECS",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    }
)
