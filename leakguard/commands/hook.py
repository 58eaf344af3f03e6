"""`leakguard hook install` and `leakguard hook uninstall`."""

from __future__ import annotations

import json
import os
import shutil
import sys

import click

from leakguard import githooks, packs
from leakguard.commands import Commands, write
from leakguard.config import from_here
from leakguard.errors import SourceError, UsageError
from leakguard.sources import top_of

CONFIG = ".pre-commit-config.yaml"
_FRAMEWORK = """\
default_install_hook_types: [pre-commit, pre-merge-commit, commit-msg]
repos:
- repo: local
  hooks:
  - id: leakguard
    name: leakguard
    entry: leakguard-hook
{args}    language: system
    require_serial: true
    stages: [pre-commit, pre-merge-commit]
  - id: leakguard-message
    name: leakguard (message)
    entry: leakguard-hook --message
{args}    language: system
    require_serial: true
    stages: [commit-msg]
"""


@click.group("hook", cls=Commands)
def command() -> None:
    """Put leakguard in front of every commit and push of a repository."""


@command.command("install")
@click.option(
    "--pre-commit", "framework", is_flag=True,
    help="Leave commits and messages to pre-commit; git itself starts the hook for pushes.",
)  # fmt: skip
@click.option(
    "--pack", "wanted", multiple=True, metavar="PACK", help="What the hooks add as --pack."
)
def install(framework: bool, wanted: tuple[str, ...]) -> None:
    """Write git's hooks for commits, messages and pushes.

    In a bare repository that is pre-receive. A hook that is there already is kept and runs
    first. core.hooksPath is heeded.
    """
    options = [word for pack in wanted for word in ("--pack", _lasting(pack))]
    only = ("pre-push", "pre-receive") if framework else ()
    try:
        steps = list(githooks.install(_program(), options, only))
    except SourceError as error:
        raise UsageError(
            error.message, hint="run it in the repository that is to be guarded"
        ) from None
    write("\n".join(f"{step.path}: {step.said}" for step in steps))
    if framework:
        _framework(options)


def _framework(options: list[str]) -> None:
    """Write the framework's configuration, or say what to add to the one that is there."""
    args = f"    args: {json.dumps(options)}\n" if options else ""
    config = _FRAMEWORK.format(args=args)
    path = from_here(os.path.join(top_of(os.path.realpath(os.curdir)) or os.curdir, CONFIG))
    try:
        with open(path, "x", encoding="utf-8") as file:
            file.write(config)
        write(f"{path}: written")
    except FileExistsError:
        write(f"{path}: add this\n\n{config}")
    write("next: pre-commit install")


@command.command("uninstall")
def uninstall() -> None:
    """Take leakguard's hooks away and put back what was there.

    Byte for byte.
    """
    steps = list(githooks.uninstall())
    write(
        "\n".join(f"{step.path}: {step.said}" for step in steps) or "no hook of leakguard is here"
    )


def _program() -> str:
    """What the hooks start: the command beside this interpreter, else the one on the PATH."""
    folder = os.path.dirname(sys.executable)
    found = shutil.which("leakguard-hook", path=folder) or shutil.which("leakguard-hook")
    if found is None:
        raise UsageError("leakguard-hook was not found", hint="install leakguard-audit first")
    return os.path.abspath(found).replace(os.sep, "/")


def _lasting(pack: str) -> str:
    """A pack that can be relied on, as it is found from elsewhere: a path from the root, or a name.

    Raises `PackError` for one that would stop every commit.
    """
    packs.resolve(pack)
    if not packs.is_path(pack):
        return pack
    path = os.path.abspath(pack.removeprefix(packs.IMPORTED)).replace(os.sep, "/")
    return packs.IMPORTED + path if pack.startswith(packs.IMPORTED) else path
