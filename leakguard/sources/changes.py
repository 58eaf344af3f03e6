"""What git says has changed: paths, versions, and which lines were added."""

from __future__ import annotations

from leakguard.errors import SourceError
from leakguard.light import IO, Final, Iterator, Sequence, byte_expression
from leakguard.records import NamedTuple
from leakguard.sources import git

Lines = tuple[tuple[int, int], ...]

# Nothing of a user's settings for diffs holds, and no driver of an attributes file is started.
GUARDS: Final = (
    "--no-ext-diff", "--no-textconv", "--no-color", "--no-relative", "--no-abbrev",
    "--ignore-submodules=none", "--submodule=short", "--inter-hunk-context=0", "-O/dev/null",
    "--find-renames", "--no-prefix",
)  # fmt: skip
RAW: Final = ("--raw", "-z")
PATCH: Final = ("--patch", "-U0", "--diff-filter=MR")
SUBMODULE: Final = "160000"
LINK: Final = "120000"

_COMMIT = byte_expression(rb"[0-9a-f]{40,64}\n")
_HUNK = byte_expression(rb"@@+ .*\+(\d+)(?:,(\d+))? @@+")
_PIECE: Final = 1 << 16


class Change(NamedTuple):
    """A file as a change leaves it.

    `status` is git's letter: A, M, R, T, D, U. `before` is the path that the version compared with
    had, empty where there is none. `added` are the lines that the change adds, from 1, inclusive,
    each ending at a line feed; None: all of them.
    """

    status: str
    path: str
    before: str
    mode: str
    blob: str
    added: Lines | None = None


def between(*words: str) -> list[Change]:
    """The changes that `git diff WORDS` shows, with added lines. One or two git processes."""
    with git.reading("diff", *GUARDS, *RAW, *words) as raw:
        found = [change for _, changes in records(raw) for change in changes]
    if not any(change.status in "MR" for change in found):
        return found
    with git.reading("diff", *GUARDS, *PATCH, *words) as patch:
        lines = [lines for _, all_lines in hunks(patch) for lines in all_lines]
    return with_lines(found, lines)


def commits(revisions: Sequence[str]) -> Iterator[tuple[str, list[Change]]]:
    """Every commit that `git rev-list` gives for `revisions`, oldest first, with its changes.

    A merge has those that none of its parents has. Four git processes, whatever the number of
    commits; nothing is kept.
    """
    listed = ("rev-list", "--reverse", "--topo-order", *revisions)
    tree = ("diff-tree", "--stdin", "-r", "-c", "--root", "--always", *GUARDS)
    with (
        git.reading(*tree, *RAW, stdin=listed) as raw,
        git.reading(*tree, *PATCH, stdin=listed) as patch,
    ):
        patches = hunks(patch)
        commit, lines = next(patches, ("", []))
        for changed, changes in records(raw):
            if changed == commit:
                yield changed, with_lines(changes, lines)
                commit, lines = next(patches, ("", []))
            else:
                yield changed, with_lines(changes, [])


def with_lines(changes: list[Change], lines: list[Lines | None]) -> list[Change]:
    """The changes with their added lines, where git has told as many as it should have."""
    edited = [change for change in changes if change.status in "MR"]
    told = iter(lines if len(lines) == len(edited) else [None] * len(edited))
    return [
        change._replace(added=next(told)) if change.status in "MR" else change for change in changes
    ]


def records(raw: IO[bytes]) -> Iterator[tuple[str, list[Change]]]:
    """The records of `--raw -z`, by commit; those before the first commit belong to none."""
    commit = ""
    changes: list[Change] = []
    words = _words(raw)
    for word in words:
        if not word.startswith(b":"):
            if commit or changes:
                yield commit, changes
            commit, changes = word.decode(), []
            continue
        parents = len(word) - len(word.lstrip(b":"))
        fields = word.decode().split(" ")
        mode, blob, letters = fields[parents], fields[-2], fields[-1]
        before = git.decoded(next(words)) if letters[0] in "RC" and parents == 1 else ""
        path = git.decoded(next(words))
        status = _status(letters, parents)
        if status == "M":
            before = path
        changes.append(Change(status, path, before, mode, blob))
    if commit or changes:
        yield commit, changes


def _status(letters: str, parents: int) -> str:
    """One letter for a record. What a merge has from none of its parents is added.

    >>> _status("R086", 1), _status("MM", 2), _status("AA", 2), _status("DD", 2)
    ('R', 'M', 'A', 'D')
    """
    if parents == 1:
        return "A" if letters[0] == "C" else letters[0]
    if set(letters) & {"D"}:
        return "D"
    return "A" if set(letters) == {"A"} else "M"


def hunks(patch: IO[bytes]) -> Iterator[tuple[str, list[Lines | None]]]:
    """The added lines of each file of a `-U0` patch, by commit. None: git takes it for binary."""
    commit = ""
    files: list[list[tuple[int, int]] | None] = []
    lines: list[tuple[int, int]] = []
    at, parents = 0, 1
    for line in _line_heads(patch):
        first = line[:1]
        if first == b"@":
            found = _HUNK.match(line)
            if found is None:
                raise SourceError("git diff: a hunk without its line numbers")
            at, count = int(found[1]), int(found[2] or b"1")
            parents = len(line) - len(line.lstrip(b"@")) - 1
            if parents == 1 and count:
                lines.append((at, at + count - 1))
        elif first in b" +-\\":
            # Only a merge needs its lines looked at: some are one parent's, some are nobody's.
            if parents > 1 and b"-" not in line[:parents] and first != b"\\":
                if line.startswith(b"+" * parents):
                    lines.append((at, at))
                at += 1
        elif line.startswith(b"diff "):
            lines, parents = [], 1
            files.append(lines)
        elif line.startswith(b"Binary files "):
            files[-1] = None
        elif _COMMIT.fullmatch(line):
            if files:
                yield commit, _frozen(files)
            commit, files = line.strip().decode(), []
    if files:
        yield commit, _frozen(files)


def _frozen(files: list[list[tuple[int, int]] | None]) -> list[Lines | None]:
    return [None if lines is None else tuple(lines) for lines in files]


def _line_heads(stream: IO[bytes]) -> Iterator[bytes]:
    """Each line, a long one cut: only its beginning tells what it is."""
    whole = True
    while line := stream.readline(_PIECE):
        if whole:
            yield line
        whole = line.endswith(b"\n")


def _words(stream: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while piece := stream.read(_PIECE):
        *words, rest = (rest + piece).split(b"\0")
        yield from words
    if rest:
        yield rest
