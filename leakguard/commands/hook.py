"""`leakguard hook install` and `leakguard hook uninstall`."""

from __future__ import annotations

import os
import shutil
import sys

import click

from leakguard import githooks
from leakguard.commands import Commands, write
from leakguard.errors import UsageError

CONFIG = ".pre-commit-config.yaml"
_FRAMEWORK = """\
default_install_hook_types: [pre-commit, pre-merge-commit, commit-msg]
repos:
- repo: local
  hooks:
  - id: leakguard
    name: leakguard
    entry: leakguard-hook{options}
    language: system
    require_serial: true
    stages: [pre-commit, pre-merge-commit]
  - id: leakguard-message
    name: leakguard (message)
    entry: leakguard-hook --message{options}
    language: system
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
    "--pack", "packs", multiple=True, metavar="PACK", help="What the hooks add as --pack."
)
def install(framework: bool, packs: tuple[str, ...]) -> None:
    """Write git's hooks for commits, messages and pushes.

    In a bare repository that is pre-receive. A hook that is there already is kept and runs
    first. core.hooksPath is heeded.
    """
    options = [word for pack in packs for word in ("--pack", _lasting(pack))]
    config = _FRAMEWORK.format(options="".join(f" {word}" for word in options))
    exists = os.path.lexists(CONFIG)
    if framework and not exists:
        with open(CONFIG, "x", encoding="utf-8") as file:
            file.write(config)
    only = ("pre-push", "pre-receive") if framework else ()
    steps = list(githooks.install(_program(), options, only))
    write("\n".join(f"{step.path}: {step.said}" for step in steps))
    if framework:
        write(f"{CONFIG}: add this\n\n{config}" if exists else f"{CONFIG}: written")
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
    """A pack as it can be found from elsewhere: a path from the root, a name as it is."""
    if "/" in pack or os.sep in pack or pack.endswith(".toml"):
        if not os.path.exists(pack):
            raise UsageError(f"{pack}: no such file", hint="a pack is a name or a path")
        return os.path.abspath(pack).replace(os.sep, "/")
    return pack
