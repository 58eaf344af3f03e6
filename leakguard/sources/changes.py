"""What git says has changed: paths, versions, and which lines were added."""

from __future__ import annotations

from leakguard.errors import SourceError
from leakguard.light import IO, TYPE_CHECKING, Final, Iterator, Sequence, byte_expression
from leakguard.records import NamedTuple
from leakguard.sources import git

if TYPE_CHECKING:
    import re

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
_OF_FILES: Final = (b" ", b"+", b"-", b"\\", b"\n")  # what their lines begin with in a patch
_HEAD = byte_expression(rb"\n(?=diff |@@|Binary files |:[:0-7]|[0-9a-f]{40,64}\n)")
_COLUMNS: Final = 64  # as many as a merge may have parents here
_ESCAPED = byte_expression(rb"\\([0-7]{3}|.)")
_ESCAPES: Final = {
    b"a": b"\a",
    b"b": b"\b",
    b"t": b"\t",
    b"n": b"\n",
    b"v": b"\v",
    b"f": b"\f",
    b"r": b"\r",
}
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
        return with_lines(found, hunks(patch))


def commits(revisions: Sequence[str]) -> Iterator[tuple[str, list[Change]]]:
    """Every commit that `git rev-list` gives for `revisions`, oldest first, with its changes.

    A merge has those that none of its parents has. Two git processes, whatever the number of
    commits; nothing is kept.
    """
    listed = ("rev-list", "--reverse", "--topo-order", *revisions)
    tree = ("diff-tree", "--stdin", "-r", "-c", "--root", "--always", *GUARDS)
    with git.reading(*tree, "--raw", "--patch", "-U0", stdin=listed) as told:
        yield from told_commits(told)


def with_lines(changes: list[Change], lines: list[Lines | None]) -> list[Change]:
    """The changes with their added lines, where git has told as many as it should have.

    `lines` are those of the files that were edited.
    """
    edited = [change for change in changes if change.status in "MR"]
    told = iter(lines if len(lines) == len(edited) else [None] * len(edited))
    return [
        change._replace(added=next(told)) if change.status in "MR" else change for change in changes
    ]


def told_commits(stream: IO[bytes]) -> Iterator[tuple[str, list[Change]]]:
    """What `--raw --patch -U0` says of each commit."""
    commit, changes, patch = "", list[Change](), _Patch()
    for line, below in _heads(stream):
        if line.startswith(b":"):
            changes.append(_change(line))
        elif _COMMIT.fullmatch(line):
            if commit:
                yield commit, _edited(changes, patch.files)
            commit, changes, patch = line.strip().decode(), [], _Patch()
        else:
            patch.read(line, below)
    if commit:
        yield commit, _edited(changes, patch.files)


def _edited(changes: list[Change], files: list[Lines | None]) -> list[Change]:
    """The changes with their added lines; `files` are those of all, in the same order."""
    per_change = [2 if change.status == "T" else 1 for change in changes]  # taken off, put on
    if len(files) != sum(per_change):
        files = []
    told = iter(files)
    lines = [[next(told, None) for _ in range(count)].pop() for count in per_change]
    return with_lines(changes, [
        added for change, added in zip(changes, lines, strict=True) if change.status in "MR"
    ])  # fmt: skip


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
        parents, letters = _marks(word)
        renamed = letters[0] in "RC" and parents == 1
        paths = [next(words) for _ in range(2 if renamed else 1)]
        changes.append(_record(word, paths))
    if commit or changes:
        yield commit, changes


def _change(line: bytes) -> Change:
    """A record of `--raw` that is a line: odd paths are quoted."""
    head, *paths = line.rstrip(b"\n").split(b"\t")
    return _record(head, list(map(_unquoted, paths)))


def _unquoted(path: bytes) -> bytes:
    r"""A path as `core.quotePath` writes it.

    >>> _unquoted(b'docs/a.md'), _unquoted(rb'"\303\251\t\"b"') == b'\xc3\xa9\t"b'
    (b'docs/a.md', True)
    """
    return _ESCAPED.sub(_said, path[1:-1]) if path.startswith(b'"') else path


def _said(found: re.Match[bytes]) -> bytes:
    said = found[1]
    return bytes([int(said, 8)]) if said.isdigit() else _ESCAPES.get(said, said)


def _marks(head: bytes) -> tuple[int, str]:
    """How many versions a record compares with, and what it says of each."""
    return len(head) - len(head.lstrip(b":")), head.rsplit(b" ", 1)[1].decode()


def _record(head: bytes, paths: Sequence[bytes]) -> Change:
    parents, letters = _marks(head)
    fields = head.decode().split(" ")
    before, path = ["", *map(git.decoded, paths)][-2:]
    status = _status(letters, parents)
    if status == "M":
        before = path
    return Change(status, path, before, fields[parents], fields[-2])


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


def hunks(patch: IO[bytes]) -> list[Lines | None]:
    """The added lines of each file of a `-U0` patch. None: git takes it for binary."""
    told = _Patch()
    for line, below in _heads(patch):
        told.read(line, below)
    return told.files


class _Patch:
    """What a patch says of each of its files: the added lines, or None for a binary one."""

    def __init__(self) -> None:
        self._files: list[list[tuple[int, int]] | None] = []
        self._at, self._parents = 0, 1

    @property
    def files(self) -> list[Lines | None]:
        """What was read so far."""
        return [None if lines is None else tuple(lines) for lines in self._files]

    def read(self, line: bytes, below: bytes) -> None:
        """A line that is none of a file, and those of the file that follow it."""
        if line.startswith(b"@"):
            found = _HUNK.match(line)
            if found is None:
                raise SourceError("git diff: a hunk without its line numbers")
            self._at, count = int(found[1]), int(found[2] or b"1")
            self._parents = len(line) - len(line.lstrip(b"@")) - 1
            if self._parents == 1 and count:
                self._add(self._at, self._at + count - 1)
        elif line.startswith(b"diff "):
            self._parents = 1
            self._files.append([])
        elif line.startswith(b"Binary files ") and self._files:
            self._files[-1] = None
        if self._parents > 1:
            self._merged(below)

    def _merged(self, below: bytes) -> None:
        """Only a merge needs its lines looked at: some are one parent's, some are nobody's."""
        for line in below.split(b"\n")[:-1]:
            if b"-" not in line[: self._parents] and not line.startswith(b"\\"):
                if line.startswith(b"+" * self._parents):
                    self._add(self._at, self._at)
                self._at += 1

    def _add(self, first: int, last: int) -> None:
        lines = self._files[-1]
        if lines is not None:
            lines.append((first, last))


def _heads(stream: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Each line that is none of a file, with the file's lines below it; a long one is cut."""
    rest = b""
    while piece := stream.read(_PIECE):
        text = rest + piece
        cut = text.rfind(b"\n") + 1
        yield from _split(text[:cut])
        rest = text[cut:]
        if len(rest) > _PIECE and rest[:1] in _OF_FILES:
            rest = rest[:_COLUMNS]  # only its beginning tells what it is
    yield from _split(rest)


def _split(text: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Whole lines, by those that are none of a file; what comes before the first has b""."""
    starts = [found.end() for found in _HEAD.finditer(text)]
    if text and text[:1] not in _OF_FILES:  # any other line: it is passed over
        starts.insert(0, 0)
    edges = [*starts, len(text)]
    if edges[0]:
        yield b"", text[: edges[0]]
    for at, start in enumerate(starts):
        end = text.find(b"\n", start) + 1 or len(text)
        yield text[start:end], text[end : edges[at + 1]]


def _words(stream: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while piece := stream.read(_PIECE):
        *words, rest = (rest + piece).split(b"\0")
        yield from words
    if rest:
        yield rest
