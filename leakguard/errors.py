"""What can go wrong, as one small tree. Every message says where, what, and what to do.

Messages never quote the text that was screened: a matched value must not travel in an exception.
"""

from __future__ import annotations

from leakguard.light import Callable, TypeVar

T = TypeVar("T")


class LeakguardError(Exception):
    """The root: catch this to catch everything leakguard raises on purpose.

    `hint` is what to do about it, shown on a line of its own.
    """

    exit_code = 2

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  hint: {self.hint}" if self.hint else self.message

    def __reduce__(self) -> tuple[object, ...]:
        # Workers send errors home by pickle; a keyword-only argument needs the long way round.
        return _rebuild, (type(self), self.message, self.hint)


class UsageError(LeakguardError):
    """What was asked makes no sense: an unknown option value, a path that does not exist."""


class ConfigError(LeakguardError):
    """A configuration says something unknown, contradicts itself, or is not there."""


class PackError(LeakguardError):
    """A pack is damaged, empty, unknown or contradicts itself."""


class PatternError(LeakguardError):
    """A pattern is outside the documented subset. `at` is the offset of the offending character."""

    def __init__(self, message: str, *, at: int = 0, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.at = at


class SourceError(LeakguardError):
    """A source could not hand over what it was asked for: a git command that failed."""

    exit_code = 3


class Unreadable(LeakguardError):
    """A document turned out to be unreadable part of the way through. Becomes an `Unread`."""

    exit_code = 3


class Unscreened(LeakguardError):
    """Raised at the end of iterating a screening that holds unreads."""

    exit_code = 3


class InternalError(LeakguardError):
    """An error that is ours to mend, in a place whose own words would quote a secret."""

    exit_code = 3


def reason_of(error: OSError) -> str:
    """Why something on the disk could not be read, in words without its path.

    >>> reason_of(PermissionError(13, "Permission denied", "/home/a"))
    'permission denied'
    """
    from errno import ELOOP

    if isinstance(error, PermissionError):
        return "permission denied"
    if isinstance(error, FileNotFoundError):
        return "gone, or a link to nothing"
    if error.errno == ELOOP:
        return "symlink loop"
    return (error.strerror or str(error) or "cannot be read").lower()


def whereabouts(error: BaseException) -> str:
    """Kind and place of an error that is ours to mend: its own message might quote a text."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    file = trace.tb_frame.f_code.co_filename.replace("\\", "/").rpartition("/")[2]
    return f"{type(error).__name__} at {file}:{trace.tb_lineno}"


def quiet(work: Callable[[], T]) -> T:
    """What `work` returns. What it raises leaves without its frames, whose locals hold secrets.

    An error of ours keeps its message; of any other only kind and place are told, as an
    `InternalError`. Neither has a cause, a context, or a traceback into `work`.
    """
    problem: BaseException
    try:
        return work()
    except LeakguardError as error:
        problem = type(error)(error.message, hint=error.hint)
    except (KeyboardInterrupt, SystemExit) as error:
        problem = type(error)()
    except BaseException as error:  # a panic in foreign code is no Exception
        problem = InternalError(f"internal error: {whereabouts(error)}", hint="please report this")
    raise problem


def _rebuild(kind: type[LeakguardError], message: str, hint: str) -> LeakguardError:
    return kind(message, hint=hint)
