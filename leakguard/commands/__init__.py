"""One room a command: each module holds its click command as `command`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

from leakguard.checking import quietly
from leakguard.errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])

# Loaded when asked for, so that help for one command does not read all others.
COMMANDS: Final = {
    "allow": "leakguard.commands.allow",
    "baseline": "leakguard.commands.baseline",
    "check": "leakguard.commands.check",
    "config": "leakguard.commands.config",
    "hook": "leakguard.commands.hook",
    "init": "leakguard.commands.init",
    "packs": "leakguard.commands.packs",
    "redact": "leakguard.commands.redact",
    "rule": "leakguard.commands.rule",
    "seal": "leakguard.commands.seal",
    "terms": "leakguard.commands.terms",
    "why": "leakguard.commands.why",
}


class Command(click.Command):
    """A command whose options, where they are given, have values: `--diff "$BASE"` of a variable
    that is not set must not mean another question."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        rest = super().parse_args(ctx, args)
        for option in self.params:
            value = ctx.params.get(option.name) if option.name else None
            given = value if isinstance(value, tuple) else (value,)
            if isinstance(option, click.Option) and "" in given and _is_said(ctx, option):
                raise UsageError(
                    f"{option.opts[-1]} needs a value", hint=f"see: {ctx.command_path} --help"
                )
        return rest


class Commands(click.Group):
    """A command that has others."""

    command_class = Command


def _is_said(ctx: click.Context, option: click.Option) -> bool:
    source = ctx.get_parameter_source(option.name or "")
    return source is click.core.ParameterSource.COMMANDLINE


def pack_options(command: F) -> F:
    """`--pack`, `--only-pack`, `--identity` and the configuration, for all that ask packs."""
    command = click.option(
        "--no-config", is_flag=True, help="Heed no leakguard.toml and no [tool.leakguard]."
    )(command)
    command = click.option(
        "--config", metavar="FILE", default="", help="Heed this configuration, not the one found."
    )(command)
    command = click.option(
        "--identity", metavar="FILE", default="", help="The key that opens sealed packs."
    )(command)
    command = click.option(
        "--only-pack", "only_packs", multiple=True, metavar="PACK", help="Use just these packs."
    )(command)
    return click.option(
        "--pack",
        "packs",
        multiple=True,
        metavar="PACK",
        help="Add a pack: a name, or a path (with /, .toml or .sealed).",
    )(command)


def write(text: str) -> None:
    """Write to standard output; a reader that has gone is no error."""
    quietly(lambda: click.echo(text, file=sys.stdout), sys.stdout)
