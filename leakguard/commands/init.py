"""`leakguard init`."""

from __future__ import annotations

import os
import re
from typing import Final

import click

from leakguard import rewrite
from leakguard.commands import Command, write
from leakguard.config import NAME, find, from_here
from leakguard.errors import UsageError
from leakguard.packs import bundled, rules_folder

_WORDS: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SNIPPET: Final = """\
default_install_hook_types: [pre-commit, pre-merge-commit, commit-msg, pre-push]
repos:
- repo: https://example.com/leakguard   # where you keep leakguard
  rev: v0.1.0
  hooks:
  - id: leakguard
  - id: leakguard-message
  - id: leakguard-push
"""


@click.command("init", cls=Command)
@click.option("--pack", metavar="NAME", help="Also write NAME.toml, a pack to fill with names.")
def command(pack: str | None) -> None:
    """Write a policy to start with: leakguard.toml.

    It comes into the current folder. Asks nothing and replaces nothing. Prints what to put into
    .pre-commit-config.yaml.
    """
    if pack is not None:
        _refuse_name(pack)
    wanted = [(NAME, _template("config", NAME))]
    if pack is not None:
        wanted.append((f"{pack}.toml", _starter(pack)))
    there = [name for name, _ in wanted if os.path.lexists(name)]
    if not there and (other := find(os.getcwd(), None)):
        raise UsageError(
            f"{from_here(other)}: [tool.leakguard] is the policy already",
            hint="nothing was written",
        )
    if there:
        raise UsageError(
            f"{there[0]}: is there already", hint="nothing was written; init replaces nothing"
        )
    for name, text in wanted:
        rewrite.put(name, text.encode(), instead_of=None)
    write("\n".join(_said(pack)))


def _said(pack: str | None) -> list[str]:
    said = [
        f"{NAME}: written; every line of it says what it is for",
        "For hooks in front of commits and pushes, .pre-commit-config.yaml needs:",
        "",
        *(f"  {line}" for line in SNIPPET.splitlines()),
        "",
        "and then, once in every clone: pre-commit install",
    ]
    if pack is not None:
        said += [
            f"{pack}.toml: written; everything in it is invented, replace it by your names",
            "  It is a list of secrets: keep it out of the repository, or seal it with",
            f"  leakguard seal {pack}.toml --recipients-file KEYS, which makes {pack}.sealed.",
            f'  Then name it in {NAME}, packs = ["./{pack}.sealed"], with the packs you want',
            "  beside it.",
        ]
    return said


def _refuse_name(pack: str) -> None:
    if not _WORDS.fullmatch(pack):
        raise UsageError(
            f"a pack cannot be called {pack!r}",
            hint="lower-case words with hyphens, as in acme-web",
        )
    if pack in bundled():
        raise UsageError(f"a pack called {pack} comes with leakguard", hint="choose another name")
    if f"{pack}.toml" == NAME:
        raise UsageError(f"{NAME} is the policy", hint="choose another name")


def _starter(pack: str) -> str:
    text = _template("acme.toml").replace("./acme.toml", f"./{pack}.toml")
    return re.sub(r'^name = "acme" ', f'name = "{pack}" ', text, count=1, flags=re.M).replace(
        "acme/unreleased\n", f"{pack}/unreleased\n", 1
    )


def _template(*steps: str) -> str:
    with open(os.path.join(rules_folder(), "templates", *steps), encoding="utf-8") as file:
        return file.read()
