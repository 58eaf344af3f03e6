"""Another program, started and heard, as `subprocess` would: to import that takes as long as to
be answered by git."""

from __future__ import annotations

import os

from leakguard.light import IO, TYPE_CHECKING, Any, Final, Mapping, Sequence, import_module

if TYPE_CHECKING:
    import subprocess

PIPE: Final = -1
_CAN_SPAWN: Final = hasattr(os, "posix_spawnp") and hasattr(os, "waitstatus_to_exitcode")


class Process:
    """A program that runs; `stdin` is there if it was asked for."""

    def __init__(self, number: int, stdin: IO[bytes] | None, stdout: IO[bytes]) -> None:
        self.stdin = stdin
        self.stdout = stdout
        self._number = number
        self._code: int | None = None

    def wait(self) -> int:
        """Its exit code, once it has ended: negative is the signal that ended it."""
        if self._code is None:
            try:
                _, status = os.waitpid(self._number, 0)
            except ChildProcessError:  # somebody else has heard the end
                self._code = 0
            else:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code

    def kill(self) -> None:
        """End it at once."""
        if self._code is None:
            os.kill(self._number, 9)


def start(
    words: Sequence[str],
    environment: Mapping[str, str],
    stdin: int | IO[bytes] | None,
    errors: IO[bytes],
) -> Process | subprocess.Popen[bytes]:
    """Start a program that prints to a pipe, and its complaints to `errors`.

    It reads from a file, from a pipe of its own (`PIPE`) or nothing. Raises `FileNotFoundError`
    when there is no such program.
    """
    if not _CAN_SPAWN or not _has_streams():
        import subprocess

        none = subprocess.DEVNULL if stdin is None else stdin
        pipe = subprocess.PIPE
        return subprocess.Popen(words, env=environment, stdin=none, stdout=pipe, stderr=errors)
    # No end of a pipe is inherited but those that are put in the place of a standard stream.
    heard, said = os.pipe()
    given, wanted = os.pipe() if stdin == PIPE else (-1, -1)
    try:
        source: tuple[Any, ...]
        if stdin is None:
            source = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
        else:
            file = given if isinstance(stdin, int) else stdin.fileno()
            source = (os.POSIX_SPAWN_DUP2, file, 0)
        streams = [
            source,
            (os.POSIX_SPAWN_DUP2, said, 1),
            (os.POSIX_SPAWN_DUP2, errors.fileno(), 2),
        ]
        number = os.posix_spawnp(
            words[0], list(words), environment, file_actions=streams, setsigdef=_heeded()
        )
    except BaseException:
        os.close(heard)
        if wanted >= 0:
            os.close(wanted)
        raise
    finally:
        os.close(said)
        if given >= 0:
            os.close(given)
    stream = os.fdopen(wanted, "wb") if wanted >= 0 else None
    return Process(number, stream, os.fdopen(heard, "rb"))


def _heeded() -> list[int]:
    """The signals that Python ignores, and other programs do not."""
    numbers = vars(import_module("_signal"))  # `signal` without its names
    return [numbers[name] for name in ("SIGPIPE", "SIGXFSZ") if name in numbers]


def _has_streams() -> bool:
    """Whether no pipe can come to lie where a standard stream should be."""
    try:
        return all(os.fstat(number) for number in range(3))
    except OSError:
        return False
