"""The index: what the next commit will hold, which need not be what lies on the disk."""

from __future__ import annotations

import os
from itertools import chain

from leakguard.errors import SourceError, UsageError
from leakguard.light import Final, Iterator, Sequence
from leakguard.model import Blob, Origin, Unread
from leakguard.sources import git
from leakguard.sources.changes import Change, between
from leakguard.sources.paths import from_paths
from leakguard.sources.versions import handed_over

OTHERS: Final = "="  # the status of what a merge takes from its other side as it is


def from_index(paths: Sequence[str] = (), *, whole: bool = False) -> Iterator[Blob | Unread]:
    """The staged version of every file that the next commit adds or changes, with added lines.

    `paths` narrow it down to files and folders. `GIT_INDEX_FILE` is heeded, so that a partial
    commit is judged by what it takes. Raises `UsageError` for a path that neither is there nor
    has a staged change, and `SourceError` when git fails.
    """
    prefix, staged = _staged()
    staged = [change for change in staged if change.status != OTHERS]
    if paths:
        staged = list(_below(paths, prefix, staged))
    return _blobs(staged, prefix, whole=whole)


def from_hook(paths: Sequence[str], *, whole: bool = False) -> Iterator[Blob | Unread]:
    """Files as a hook names them: the staged version of those with a staged change, the others
    from the disk, whole. Outside a repository all are from the disk."""
    if not _in_repository() or _outside(paths):
        return from_paths(paths)
    prefix, changes = _staged()
    staged = {change.path: change for change in changes if change.status != "D"}
    named = {path: staged.get(_published(path, prefix)) for path in paths}
    rest = [path for path, change in named.items() if change is None]
    return chain(
        _blobs([change for change in named.values() if change], prefix, whole=whole),
        from_paths(rest) if rest else iter(()),
    )


def _blobs(staged: list[Change], prefix: str, *, whole: bool) -> Iterator[Blob | Unread]:
    with git.Objects(git.loose_objects()) as objects:
        for change in staged:
            if change.status != "D":
                path = git.from_here(change.path, prefix)
                origin = Origin("stage", path, blob=change.blob)
                yield handed_over(change, objects, origin, whole=whole)


def _below(paths: Sequence[str], prefix: str, staged: list[Change]) -> Iterator[Change]:
    wanted: dict[str, None] = {}
    for path in paths:
        published = _published(path, prefix)
        inside = published + "/" if published else ""
        found = [c for c in staged if c.path == published or c.path.startswith(inside)]
        if not found and not os.path.lexists(path):
            raise UsageError(
                f"{path}: no such file or directory, and nothing staged below it",
                hint="paths start at the current folder",
            )
        wanted.update((change.path, None) for change in found)
    yield from (change for change in staged if change.path in wanted)


def _published(path: str, prefix: str) -> str:
    """`path` as git names it, from the top of the checkout."""
    if os.path.isabs(path):
        folder = os.path.relpath(os.path.realpath(os.path.dirname(path)), os.path.realpath("."))
        path = os.path.join(folder, os.path.basename(path))
    normal = os.path.normpath(os.path.join(prefix, path)).replace(os.sep, "/")
    return "" if normal == "." else normal


def _staged() -> tuple[str, list[Change]]:
    """The current folder, from the top of the checkout, and what is staged.

    In a merge only that counts which no parent has: what the other side brings was judged there.
    """
    known = _plainly()
    try:
        prefix, merging = known or _asked()
        staged = between("--cached")
    except SourceError:
        if known:
            _asked()
        raise
    for parent in _merged(merging):
        other = {change.path: change for change in between("--cached", parent)}
        staged = [_of_neither(change, other.get(change.path)) for change in staged]
    return prefix, staged


def _plainly() -> tuple[str, str] | None:
    """The current folder, and the file of a merge, where that can be told without asking git."""
    top = git.plain_checkout(usual=True)
    if not top:
        return None
    prefix = os.path.relpath(os.path.realpath("."), top).replace(os.sep, "/")
    return "" if prefix == "." else prefix + "/", os.path.join(top, ".git", "MERGE_HEAD")


def _asked() -> tuple[str, str]:
    """The same from git, which is asked first: of a repository that is none, or somebody else's,
    `git diff` says nothing that a person understands."""
    asked = git.run("rev-parse", "--show-prefix", "--git-path", "MERGE_HEAD")
    prefix, merging = os.fsdecode(asked).removesuffix("\n").split("\n")
    return prefix, merging


def _outside(paths: Sequence[str]) -> bool:
    """Whether all files lie where nothing of this repository can: git has no say in them."""
    top = git.plain_checkout()
    folders = (os.path.join(os.path.realpath(os.path.dirname(path) or "."), "") for path in paths)
    return bool(top) and not any(folder.startswith(os.path.join(top, "")) for folder in folders)


def _merged(path: str) -> list[str]:
    """The commits that are being merged: git keeps them in a file, or tells a hook by variables."""
    try:
        with open(path, encoding="ascii") as file:
            return file.read().split()
    except FileNotFoundError:
        return [key[8:] for key in os.environ if key.startswith("GITHEAD_")]


def _of_neither(mine: Change, other: Change | None) -> Change:
    if other is None:
        return mine._replace(status=OTHERS, added=(), before=mine.path)
    if mine.added is None or other.added is None:
        added = mine.added if other.added is None else other.added
    else:
        pairs = ((max(a, c), min(b, d)) for a, b in mine.added for c, d in other.added)
        added = tuple((first, last) for first, last in pairs if first <= last)
    return mine._replace(added=added, before=mine.before or other.before)


def _in_repository() -> bool:
    if "GIT_DIR" in os.environ:
        return True
    folder = os.path.realpath(".")
    while not os.path.exists(os.path.join(folder, ".git")):
        folder, below = os.path.dirname(folder), folder
        if folder == below:
            return False
    return True
