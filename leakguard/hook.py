"""The hook's door: screens the files it is given. No click here: a hook must start at once.

All else is imported once the process is set up for it, and so inside functions.
"""

from __future__ import annotations

import gc
import os
import sys
from io import TextIOWrapper

from leakguard.errors import LeakguardError, UsageError, whereabouts
from leakguard.light import TYPE_CHECKING, Any, Final, Iterator, NoReturn, Sequence, suppress

if TYPE_CHECKING:
    from leakguard.checking import Asked

USAGE: Final = "usage: leakguard-hook [--pack PACK] [--only-pack PACK] [options] FILE..."
_MANY: Final = {"--pack": "packs", "--only-pack": "only_packs"}
_FLAGS: Final = {
    "--no-cache": ("no_cache", True),
    "--exit-zero": ("exit_zero", True),
    "--new-only": ("new_only", True),
    "--no-config": ("no_config", True),
    "--quiet": ("quiet", True),
    "-q": ("quiet", True),
    "--whole-file": ("whole_file", True),
    **{f"--{name}": ("source", name) for name in ("history", "message", "staged")},
}
# Only a hook is told by git what is pushed.
_HOOKS_ALONE: Final = {f"--{name}": ("source", name) for name in ("push", "receive")}
_ONE: Final = {
    "--diff": "revision",
    "--color": "color",
    "--config": "config",
    "--now": "now",
    "--today": "now",
    "--engine": "engine",
    "--jobs": "jobs",
    "-j": "jobs",
    "--output": "output",
    "-o": "output",
    "--min-severity": "min_severity",
    "--profile": "profile",
    "--fail-on": "fail_on",
    "--min-confidence": "min_confidence",
    "--block-confidence": "block_confidence",
    "--unread": "unread",
    "--opaque": "opaque",
    "--format": "fmt",
    "--identity": "identity",
    "--when-sealed": "when_sealed",
    "--since": "since",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Screen the files named in `argv`; the exit code. Options are those of `leakguard check`."""
    try:
        return run(as_hook(parse(sys.argv[1:] if argv is None else argv)))
    except LeakguardError as error:
        from leakguard.checking import explain

        return explain(error, sys.stderr)


def as_hook(asked: Asked) -> Asked:
    """The same, where files are named by a hook: the staged version of one is meant."""
    return asked._replace(source="hook") if asked.source == "paths" else asked


def run(asked: Asked) -> int:
    """Screen what was asked for, on the process's own streams; the exit code."""
    from leakguard.checking import Streams, check, explain

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        return check(asked, Streams(sys.stdout, sys.stderr, None, os.environ))
    except LeakguardError as error:
        return explain(error, sys.stderr)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        return crashed(error)


def parse(argv: Sequence[str]) -> Asked:
    """Options and files. Raises `UsageError` for an option that does not exist or has no value.

    >>> parse(["--fail-on=high", "--pack", "acme.toml", "a.md"]).packs
    ('acme.toml',)
    """
    from leakguard.checking import Asked

    settings: dict[str, Any] = {"packs": [], "only_packs": []}
    paths: list[str] = []
    words = iter(argv)
    flags = {**_FLAGS, **_HOOKS_ALONE}
    for word in words:
        if word == "--":
            paths += words
        elif not word.startswith("-") or word == "-":
            paths.append(word)
        elif word in flags:
            _set(settings, *flags[word])
        elif word.partition("=")[0] == "--diff":
            _set(settings, "source", "diff")
            _option(word, words, settings)
        elif word.startswith("--message="):
            _set(settings, "source", "message")
            paths.append(word.partition("=")[2])
        else:
            _option(word, words, settings)
    if not paths and "source" not in settings:
        raise UsageError("no files named", hint=USAGE)
    settings = {k: tuple(v) if isinstance(v, list) else v for k, v in settings.items()}
    return Asked(paths=tuple(paths), **settings)


def _set(settings: dict[str, Any], name: str, value: str | bool) -> None:
    if settings.get(name, value) != value:
        raise UsageError(
            f"--{settings[name]} and --{value} exclude each other", hint="ask for one at a time"
        )
    settings[name] = value


def _option(word: str, words: Iterator[str], settings: dict[str, Any]) -> None:
    name, equals, value = word.partition("=")
    if name not in _MANY and name not in _ONE:
        known = ", ".join(sorted([*_MANY, *_ONE, *_FLAGS]))
        raise UsageError(f"no such option: {name}", hint=f"known: {known}")
    if not equals:
        value = next(words, "")
    if not value:
        raise UsageError(f"{name} needs a value", hint=USAGE)
    if name == "--color" and value not in ("auto", "always", "never"):
        raise UsageError(f"unknown color: {value!r}", hint="one of auto, always, never")
    if name in _MANY:
        settings[_MANY[name]].append(value)
    else:
        settings[_ONE[name]] = value


def crashed(error: Exception) -> int:
    """Tell of an error that is ours to mend; the exit code."""
    sys.stderr.write(
        f"leakguard: internal error: {whereabouts(error)}; nothing is cleared\n"
        "  hint: please report this line\n"
    )
    return 3


def entry() -> NoReturn:
    """The installed command."""
    begin()
    leave(main())


def begin() -> None:
    """Set the process up for what is coming."""
    # Modules and packs are many small values that stay: looking for garbage there finds none.
    gc.set_threshold(100_000, 20, 20)


def leave(code: int) -> NoReturn:
    """End the process at once: taking the interpreter apart would cost a tenth of a short run."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    entry()
