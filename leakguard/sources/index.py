"""The index: what the next commit will hold, which need not be what lies on the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import chain

from leakguard.errors import UsageError
from leakguard.model import Blob, Origin, Unread
from leakguard.sources import git
from leakguard.sources.changes import Change, between
from leakguard.sources.paths import from_paths
from leakguard.sources.versions import handed_over


def from_index(paths: Sequence[str] = (), *, whole: bool = False) -> Iterator[Blob | Unread]:
    """The staged version of every file that the next commit adds or changes, with added lines.

    `paths` narrow it down to files and folders. `GIT_INDEX_FILE` is heeded, so that a partial
    commit is judged by what it takes. Raises `UsageError` for a path that neither is there nor
    has a staged change, and `SourceError` when git fails.
    """
    prefix = _prefix()
    staged = between("--cached")
    if paths:
        staged = list(_below(paths, prefix, staged))
    return _blobs(staged, prefix, whole=whole)


def from_hook(paths: Sequence[str], *, whole: bool = False) -> Iterator[Blob | Unread]:
    """Files as a hook names them: the staged version of those with a staged change, the others
    from the disk, whole. Outside a repository all are from the disk."""
    if not _in_repository():
        return from_paths(paths)
    prefix = _prefix()
    staged = {change.path: change for change in between("--cached") if change.status != "D"}
    named = {path: staged.get(_published(path, prefix)) for path in paths}
    rest = [path for path, change in named.items() if change is None]
    return chain(
        _blobs([change for change in named.values() if change], prefix, whole=whole),
        from_paths(rest) if rest else iter(()),
    )


def _blobs(staged: list[Change], prefix: str, *, whole: bool) -> Iterator[Blob | Unread]:
    with git.Objects() as objects:
        for change in staged:
            if change.status != "D":
                path = os.path.relpath(change.path, prefix) if prefix else change.path
                origin = Origin("stage", path.replace(os.sep, "/"), blob=change.blob)
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


def _prefix() -> str:
    """The current folder, from the top of the checkout.

    Asked first, also where it is known: of a repository that is none, or somebody else's,
    `git diff` says nothing that a person understands.
    """
    return os.fsdecode(git.run("rev-parse", "--show-prefix").rstrip(b"\n"))


def _in_repository() -> bool:
    if "GIT_DIR" in os.environ:
        return True
    folder = os.path.realpath(".")
    while not os.path.exists(os.path.join(folder, ".git")):
        folder, below = os.path.dirname(folder), folder
        if folder == below:
            return False
    return True
