"""What a change stands on: the revision it is judged from, and files as they were there."""

from __future__ import annotations

import os

from leakguard.errors import SourceError, Unreadable
from leakguard.light import Callable
from leakguard.records import NamedTuple
from leakguard.sources import git


def merge_base(first: str, second: str) -> str:
    """The commit that two revisions have last in common."""
    found = git.run("merge-base", first, second, no=b"").decode().strip()
    if not found:
        raise SourceError(
            f"{first} and {second} have no commit in common here",
            hint="a shallow clone lacks it: git fetch --unshallow, or fetch-depth: 0",
        )
    return found


class Unknown(NamedTuple):
    """A revision that leads to no commit in this clone; a shallow one lacks what others have."""

    name: str
    may_be_elsewhere: bool


def unknown(*revisions: str) -> Unknown | None:
    """The first of some revisions that leads to no commit here; None when all do."""
    for revision in revisions:
        named = f"{revision}^{{commit}}"
        if not git.run("rev-parse", "--verify", "--quiet", named, no=b""):
            shallow = git.run("rev-parse", "--is-shallow-repository") == b"true\n"
            return Unknown(revision, shallow)
    return None


def below(tips: list[str], known: list[str]) -> str:
    """The last commit that the other side has of what leads to `tips`; "" where it has nothing."""
    words = ("rev-list", "--boundary", "--topo-order", *tips, "--not", *known, "--")
    edge = ""
    with git.reading(*words) as listed:
        for line in listed:
            if line.startswith(b"-") and not edge:
                edge = line[1:].decode().strip()
    return edge


def reader(revision: str) -> Callable[[str], bytes | None]:
    """Reads files as they are in `revision`, by their path on the disk.

    What is not there gives None. Files outside the repository are read from the disk.
    """
    top = os.path.realpath(os.fsdecode(git.run("rev-parse", "--show-toplevel").rstrip(b"\n")))

    def read(path: str) -> bytes | None:
        folder = os.path.realpath(os.path.dirname(path))
        inside = os.path.relpath(os.path.join(folder, os.path.basename(path)), top)
        if inside.startswith(".."):
            try:
                with open(path, "rb") as file:
                    return file.read()
            except FileNotFoundError:
                return None
        with git.Objects() as objects:
            try:
                return objects.read(f"{revision}:{inside.replace(os.sep, '/')}")[1]
            except Unreadable:
                return None

    return read


def is_tracked(path: str) -> bool:
    """Whether git has the file at `path` in its index: whoever gets the repository gets it."""
    folder, name = os.path.split(os.path.abspath(path))
    return bool(git.run("-C", folder, "ls-files", "-z", "--", f":(literal){name}"))
