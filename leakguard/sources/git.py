"""Running git: no shell, no configuration of others, no network, and its own words when it fails.

A repository may belong to an attacker, and a git hook runs inside somebody's command: what their
configuration would start (file system monitor, pagers, external diffs, hooks, signature checks)
is off, replaced objects and grafts do not hide what is really published, and a partial clone
fetches nothing.
"""

from __future__ import annotations

import os
from io import BytesIO

from leakguard.ci import PRIVATE
from leakguard.errors import SourceError, Unreadable
from leakguard.light import (
    IO,
    TYPE_CHECKING,
    BinaryIO,
    Final,
    Iterator,
    Sequence,
    byte_expression,
    suppress,
)
from leakguard.sources import process

if TYPE_CHECKING:
    import subprocess

    Git = process.Process | subprocess.Popen[bytes]

_SETTINGS: Final = (
    "advice.graftFileDeprecated=false",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.quotePath=true",
    "core.useReplaceRefs=false",
    "diff.external=",
    "log.showSignature=false",
)
_ENVIRONMENT: Final = {
    "LC_ALL": "C",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
_UNSET: Final = ("GIT_DIFF_OPTS", "GIT_EXTERNAL_DIFF", "GIT_REPLACE_REF_BASE")
# What says that a repository is elsewhere than where it lies.
_PLACES: Final = frozenset(
    {"GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_CEILING_DIRECTORIES", "GIT_CONFIG_COUNT"}
)
_BARE: Final = byte_expression(rb"(?m)bare\s*(?:=\s*(?:true|yes|on|1)|$)")
_SMALL: Final = 1 << 20
_PIECE: Final = 1 << 16
_AHEAD: Final = 256  # objects that may be asked for before the first is read: a pipe holds them


def command(*words: str) -> list[str]:
    """The command line of a git that heeds nobody's configuration where it would run something."""
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    return ["git", "--no-pager", *settings, *words]


def environment() -> dict[str, str]:
    """The process's own environment, which names the repository in a hook, made safe.

    The key of sealed lists is not for git.
    """
    kept = {k: v for k, v in os.environ.items() if k not in _UNSET and k not in PRIVATE}
    return {**kept, **_ENVIRONMENT}


def run(*words: str, no: bytes | None = None, stdin: bytes = b"") -> bytes:
    """What a git command prints. `no` is the answer when it exits with 1, where that means no.

    Raises `SourceError` with git's own words when it fails.
    """
    code, printed, said = _fed(words, stdin) if stdin else _asked(words)
    if code == 1 and no is not None:
        return no
    if code:
        raise failed(words, said, code)
    return printed


def _asked(words: Sequence[str]) -> tuple[int, bytes, bytes]:
    """A git command's exit code, what it prints, and its complaints."""
    with _spool() as said:
        running = _open(words, None, said)
        assert running.stdout is not None
        try:
            with running.stdout as stream:
                printed = stream.read()
        except BaseException:
            running.kill()
            raise
        finally:
            code = running.wait()
        said.seek(0)
        return code, printed, said.read()


def _fed(words: Sequence[str], stdin: bytes) -> tuple[int, bytes, bytes]:
    """The same of a command that reads."""
    import subprocess

    try:
        done = subprocess.run(
            command(*words), env=environment(), input=stdin, capture_output=True, check=False
        )
    except FileNotFoundError:
        raise _missing() from None
    return done.returncode, done.stdout, done.stderr


def plain_checkout(*, usual: bool = False) -> str:
    """The top of the checkout that the current folder is in, where no git need be asked; or "".

    Nothing in the environment names it then, or says that its files are elsewhere. `usual`: its
    `.git` is the repository, and not a file that leads there.
    """
    folder = os.path.realpath(".")
    if not _PLACES.isdisjoint(os.environ) or ".git" in folder.split(os.sep):
        return ""
    while not os.path.lexists(os.path.join(folder, ".git")):
        folder, below = os.path.dirname(folder), folder
        if folder == below:
            return ""
    at = os.path.join(folder, ".git")
    if not os.path.isdir(at):  # of a worktree or a submodule
        return "" if usual else folder
    try:
        with open(os.path.join(at, "config"), "rb") as file:
            said = file.read().lower()
    except OSError:
        return ""
    return "" if b"worktree" in said or b"include" in said or _BARE.search(said) else folder


def hooks_folder() -> tuple[str, bool]:
    """Where git looks for the hooks of this repository, and whether that is a bare one."""
    asked = ("rev-parse", "--is-bare-repository", "--absolute-git-dir")
    bare, folder = os.fsdecode(run(*asked)).splitlines()
    # The one question to which a user's own core.hooksPath is the answer.
    import subprocess

    words = ["git", "config", "--type=path", "--get", "core.hooksPath"]
    done = subprocess.run(words, env=environment(), capture_output=True, check=False)
    chosen = os.fsdecode(done.stdout).rstrip("\n")
    if not chosen:
        folder = os.fsdecode(run("rev-parse", "--git-common-dir").rstrip(b"\n"))
        return os.path.join(folder, "hooks"), bare == "true"
    if bare != "true":
        folder = os.fsdecode(run("rev-parse", "--show-toplevel").rstrip(b"\n"))
    return os.path.join(folder, chosen), bare == "true"


def reading(*words: str, stdin: Sequence[str] | None = None) -> _Reading:
    """What a git command prints, as it comes, fed by what the git command `stdin` prints.

    A context. Raises `SourceError` at the end when either has failed: what came before is then not
    all.
    """
    return _Reading(words, stdin)


class _Reading:
    def __init__(self, words: Sequence[str], stdin: Sequence[str] | None) -> None:
        self._words, self._stdin = words, stdin

    def __enter__(self) -> IO[bytes]:
        self._said = _spool()
        words, stdin = self._words, self._stdin
        try:
            first = None if stdin is None else _open(stdin, None, self._said)
            second = _open(words, first.stdout if first else None, self._said)
        except BaseException:
            self._said.close()
            raise
        self._running = [(second, words), *([(first, stdin)] if first and stdin else [])]
        if first and first.stdout:
            first.stdout.close()  # git alone reads it: when that ends, the other must notice
        assert second.stdout is not None
        self._stream = second.stdout
        return self._stream

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # Where nobody wants the rest, nobody wants its end.
        heard_out = kind is None or not issubclass(kind, GeneratorExit | KeyboardInterrupt)
        with self._said:
            if not heard_out:
                for process, _words in self._running:
                    process.kill()
            self._stream.close()
            codes = [(words, process.wait()) for process, words in self._running]
            for words, code in reversed(codes):
                if code and heard_out:
                    self._said.seek(0)
                    raise failed(words, self._said.read(), code)


class Objects:
    """Blobs, commits and tags by their id, from one `git cat-file --batch` for all of them.

    What lies by itself in the folder `loose` is read there: what was just staged is not packed.

    Use it as a context; what is opened after its end starts git again, for as long as this object
    lives. A process that is handed one of these makes its own.
    """

    one_each_process: Final = True

    def __init__(self, loose: str = "") -> None:
        self._loose = loose
        self._expected: list[str] = []  # not asked for yet
        self._coming: list[str] = []  # asked for, in this order
        self._git: Git | None = None
        self._said: IO[bytes] | None = None
        self._last: tuple[str, str, bytes] = ("", "", b"")

    def __enter__(self) -> Objects:
        return self

    def __exit__(self, *_: object) -> None:
        if self._git is not None and self._git.stdin and self._git.stdout:
            # It has nothing to finish. It need not see the end of its input either: a process that
            # was forked meanwhile holds the other end of that.
            self._git.kill()
            with suppress(BrokenPipeError):
                self._git.stdin.close()
            self._git.stdout.close()
            self._git.wait()
            self._git = None
            self._coming.clear()
        if self._said is not None:
            self._said.close()

    def __del__(self) -> None:
        self.__exit__()

    def __reduce__(self) -> str:
        raise TypeError("each process makes its own")

    def expect(self, oid: str) -> None:
        """Say that an object will be opened soon: those expected are asked for all at once.

        They are best opened in the same order; what is passed over then is asked for again.
        """
        if not self._loose and len(self._expected) + len(self._coming) < _AHEAD:
            self._expected.append(oid)

    def open(self, oid: str) -> BinaryIO:
        """An object's content. Large ones lie in a temporary file, not in memory.

        Raises `Unreadable` for an object that is not in this clone, `SourceError` when git fails.
        """
        _, content = self._ask(oid)
        return BytesIO(content) if isinstance(content, bytes) else content

    def read(self, oid: str) -> tuple[str, bytes]:
        """The kind and the content of a commit or tag."""
        kind, content = self._ask(oid)
        if isinstance(content, bytes):
            return kind, content
        with content:
            return kind, content.read()

    def _ask(self, oid: str) -> tuple[str, bytes | BinaryIO]:
        if self._last[0] == oid:
            return self._last[1:]
        alone = _alone(self._loose, oid) if self._loose else None
        if alone is not None:
            self._last = (oid, *alone)
            return alone
        kind, size = self._header(oid)
        stream = self._stream
        if size <= _SMALL:
            content = stream.read(size)
            self._ended(stream, len(content) == size)
            self._last = (oid, kind, content)
            return kind, content
        from tempfile import TemporaryFile  # few objects are so large

        spool = TemporaryFile()  # noqa: SIM115 - who asked closes it
        for piece in self._pieces(size):
            spool.write(piece)
        spool.seek(0)
        return kind, spool

    def _header(self, oid: str) -> tuple[str, int]:
        """The kind and the size of an object, whose content comes next."""
        if oid not in self._coming:
            self._request(oid)
        while True:
            coming = self._coming.pop(0)
            line = self._stream.readline()
            words = line.split()
            missing = line.endswith(b" missing\n")
            if not missing and len(words) != 3:
                raise self._gone()
            if coming == oid and missing:
                raise Unreadable("its content is not in this clone")
            if coming == oid:
                return words[1].decode(), int(words[2])
            for _ in self._pieces(0 if missing else int(words[2]), ended=not missing):
                pass

    def _request(self, oid: str) -> None:
        """Ask for an object, and for those that are expected."""
        if self._git is None:
            self._said = _spool()  # closed with the process
            self._git = _open(("cat-file", "--batch"), process.PIPE, self._said)
        wanted, self._expected = self._expected, []
        if oid not in wanted:
            wanted.append(oid)
        assert self._git.stdin is not None
        try:
            self._git.stdin.write("".join(f"{one}\n" for one in wanted).encode())
            self._git.stdin.flush()
        except BrokenPipeError:
            raise self._gone() from None
        self._coming += wanted

    @property
    def _stream(self) -> IO[bytes]:
        assert self._git is not None
        assert self._git.stdout is not None
        return self._git.stdout

    def _pieces(self, size: int, *, ended: bool = True) -> Iterator[bytes]:
        """The content that comes next, so many bytes of it."""
        left = size
        while left and (piece := self._stream.read(min(left, _PIECE))):
            yield piece
            left -= len(piece)
        if ended:
            self._ended(self._stream, not left)

    def _ended(self, stream: IO[bytes], whole: bool) -> None:
        if not whole or stream.read(1) != b"\n":
            raise self._gone()

    def _gone(self) -> SourceError:
        assert self._git is not None
        assert self._said is not None
        self._git.kill()
        code = self._git.wait()
        self._said.seek(0)
        return failed(("cat-file",), self._said.read(), code)


def loose_objects() -> str:
    """The folder of the objects that lie by themselves, where no git need be asked; or ""."""
    top = "" if "GIT_OBJECT_DIRECTORY" in os.environ else plain_checkout(usual=True)
    return os.path.join(top, ".git", "objects") if top else ""


def _alone(folder: str, oid: str) -> tuple[str, bytes] | None:
    """Kind and content of an object that lies by itself; None where git has to be asked.

    https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
    """
    try:
        with open(os.path.join(folder, oid[:2], oid[2:]), "rb") as file:
            data = file.read(_SMALL)
    except OSError:
        return None
    from zlib import decompressobj, error

    unpacking = decompressobj()
    try:
        content = unpacking.decompress(data, _SMALL)
    except error:
        return None
    head, _, body = content.partition(b"\0")
    kind, _, size = head.partition(b" ")
    whole = unpacking.eof and size.isdigit() and int(size) == len(body)
    return (kind.decode("ascii", "replace"), body) if whole else None


def failed(words: Sequence[str], said: bytes, code: int) -> SourceError:
    """The error for a git command that failed, in git's own words."""
    text = said.decode("utf-8", "backslashreplace").strip()
    return SourceError(
        f"git {_verb(words)}: {text or f'exit {code}'}",
        hint="nothing is cleared; mend what git complains about and run this again",
    )


def prefix() -> str:
    """The current folder, from the top of the checkout; "" there and in a bare repository."""
    return os.fsdecode(run("rev-parse", "--show-prefix").rstrip(b"\n"))


def from_here(path: str, prefix: str) -> str:
    """A path as git has it, counted from the current folder: as a person types it there.

    >>> from_here("docs/a.md", ""), from_here("docs/a.md", "docs/"), from_here("b.md", "docs/")
    ('docs/a.md', 'a.md', '../b.md')
    """
    return os.path.relpath(path, prefix).replace(os.sep, "/") if prefix else path


def _verb(words: Sequence[str]) -> str:
    return words[2] if words[0] == "-C" else words[0]


def decoded(name: bytes) -> str:
    """A path as git stores it; bytes that are not UTF-8 become surrogates."""
    return name.decode("utf-8", "surrogateescape")


def _spool() -> IO[bytes]:
    """Where git's own words go until somebody asks for them: in memory, where there is a way."""
    try:
        return os.fdopen(os.memfd_create("git"), "w+b")
    except (AttributeError, OSError):
        from tempfile import TemporaryFile

        return TemporaryFile()


def _open(words: Sequence[str], stdin: int | IO[bytes] | None, said: IO[bytes]) -> Git:
    try:
        return process.start(command(*words), environment(), stdin, said)
    except FileNotFoundError:
        raise _missing() from None


def _missing() -> SourceError:
    return SourceError("git was not found", hint="install git, or put it on the PATH")
