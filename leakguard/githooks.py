"""Git's own hooks: written beside what is there, and taken away without a trace.

A hook that was there first runs first. It is renamed, never changed; taking ours away renames it
back, byte for byte.
"""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Final

from leakguard.errors import UsageError
from leakguard.records import NamedTuple
from leakguard.sources import git

CLIENT: Final = ("pre-commit", "pre-merge-commit", "commit-msg", "pre-push")
SERVER: Final = ("pre-receive",)
BEFORE: Final = ".before-leakguard"

_MARK: Final = "# Written by `leakguard hook install`, taken away by `leakguard hook uninstall`:"
_CALLS: Final = {
    "pre-commit": "--staged {options}",
    "pre-merge-commit": "--staged {options}",
    "commit-msg": '--message {options} -- "$1"',
    "pre-push": '--push {options} -- "$@"',
    "pre-receive": "--receive {options}",
}
_FEED: Final = """\
fed=$(cat)
feed() { [ -z "$fed" ] || printf '%s\\n' "$fed"; }
if [ -x "$0{before}" ]; then feed | "$0{before}" "$@" || exit $?; fi
feed | {call}
"""
_PLAIN: Final = """\
if [ -x "$0{before}" ]; then "$0{before}" "$@" || exit $?; fi
exec {call}
"""


class Step(NamedTuple):
    """What was done to one hook: its path, and words for it."""

    path: str
    said: str


def install(program: str, options: Sequence[str] = (), only: Sequence[str] = ()) -> Iterator[Step]:
    """Write the hooks of this repository, or `only` those; on a server's, the one that receives.

    `program` is what they start and `options` what they pass to it. Raises `UsageError` where a
    hook cannot be put beside another, before anything is written.
    """
    folder, names = _place()
    chosen = [name for name in names if not only or name in only]
    for name in chosen:
        path = os.path.join(folder, name)
        if os.path.lexists(path) and not _is_ours(path) and os.path.lexists(path + BEFORE):
            raise UsageError(
                f"{path}: another hook is there, and {name}{BEFORE} as well",
                hint="move one of them away; nothing was changed",
            )
        _must_not_be_edited(path)
    os.makedirs(folder, exist_ok=True)
    for name in chosen:
        path = os.path.join(folder, name)
        text = script(name, program, options)
        said = "installed"
        if _is_ours(path):
            said = "already there" if _read(path) == text.encode() else "renewed"
        elif os.path.lexists(path):
            os.rename(path, path + BEFORE)
            said = f"installed; what was there runs first, as {name}{BEFORE}"
        _write(path, text)
        yield Step(path, said)


def uninstall() -> Iterator[Step]:
    """Take the hooks away and put back what was there. Others' hooks are left alone.

    Raises `UsageError` for a hook of ours that was edited, before anything is changed.
    """
    folder, _ = _place()
    paths = [os.path.join(folder, name) for name in (*CLIENT, *SERVER)]
    for path in paths:
        _must_not_be_edited(path)
    for path in paths:
        if _is_ours(path):
            os.remove(path)
            if os.path.lexists(path + BEFORE):
                os.rename(path + BEFORE, path)
                yield Step(path, "removed; what was there before is back")
            else:
                yield Step(path, "removed")
        elif os.path.lexists(path + BEFORE):
            yield Step(path, f"not ours, left alone, and so is {os.path.basename(path)}{BEFORE}")


def script(name: str, program: str, options: Sequence[str] = ()) -> str:
    """The text of a hook.

    >>> print(script("commit-msg", "leakguard-hook").splitlines()[-1])
    exec leakguard-hook --message -- "$1"
    """
    words = " ".join(map(shlex.quote, options))
    call = f"{shlex.quote(program)} {_CALLS[name].format(options=words)}".replace(
        "  ", " "
    ).rstrip()
    form = _FEED if name in ("pre-push", "pre-receive") else _PLAIN
    body = form.replace("{before}", BEFORE).replace("{call}", call)
    return f"#!/bin/sh\n{_MARK} {_digest(body)}\n{body}"


def _place() -> tuple[str, tuple[str, ...]]:
    folder, bare = git.hooks_folder()
    return folder, SERVER if bare else CLIENT


def _digest(body: str) -> str:
    return blake2b(body.encode(), digest_size=4).hexdigest()


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _is_ours(path: str) -> bool:
    return os.path.isfile(path) and _MARK.encode() in _read(path)[:300]


def _must_not_be_edited(path: str) -> None:
    if not _is_ours(path):
        return
    head, _, rest = _read(path).partition(_MARK.encode())
    digest, _, body = rest.decode("utf-8", "replace").partition("\n")
    if head != b"#!/bin/sh\n" or digest.strip() != _digest(body):
        raise UsageError(
            f"{path}: was edited since it was installed",
            hint="move it away, or put your part into a file of its own; nothing was changed",
        )


def _write(path: str, text: str) -> None:
    beside = f"{path}.{os.getpid()}"
    with open(beside, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    mode = os.stat(beside).st_mode
    os.chmod(beside, mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    os.replace(beside, path)
