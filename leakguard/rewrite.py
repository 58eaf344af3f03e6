"""Files put in place whole: written beside the old one, then renamed, so that nothing is lost."""

from __future__ import annotations

import os

from leakguard.errors import LeakguardError, UsageError, reason_of
from leakguard.light import Callable, Final, suppress

PRIVATE: Final = 0o600


def content(path: str, refused: Callable[[OSError], LeakguardError]) -> bytes | None:
    """What the file `path` holds, None when there is none: the `instead_of` of `put`.

    Raises what `refused` makes of an error when it is there and cannot be read.
    """
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise refused(error) from None


def put(path: str, data: bytes, *, instead_of: bytes | None, mode: int = 0o666) -> None:
    """Make `data` the content of the file `path`.

    `instead_of` is what the file held when it was read, None if it must not be there. Its mode is
    kept; a new file gets `mode`, less what the umask takes away. A link stays, and what it leads
    to is written. Raises `UsageError` when the file has changed meanwhile or cannot be written.
    """
    try:
        _put(os.path.realpath(path), data, instead_of, mode)
    except FileExistsError:
        raise UsageError(
            f"{path}: is there already", hint="nothing was written; name another file"
        ) from None
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be written: {reason_of(error)}", hint="nothing was written"
        ) from None
    except _Changed:
        raise UsageError(
            f"{path}: was changed while this ran", hint="nothing was written; run it again"
        ) from None


class _Changed(Exception):
    pass


def _put(path: str, data: bytes, instead_of: bytes | None, mode: int) -> None:
    draft = os.path.join(os.path.dirname(path), f".{os.path.basename(path)}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if instead_of is None:
            os.link(draft, path)  # unlike a rename it does not replace what has come meanwhile
            return
        with open(path, "rb") as file:
            if file.read() != instead_of:
                raise _Changed
        os.chmod(draft, os.stat(path).st_mode & 0o7777)
        os.replace(draft, path)
    finally:
        with suppress(OSError):
            os.unlink(draft)
