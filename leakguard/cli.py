"""The command line: finds the command, runs it, turns errors into exit codes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from leakguard import __version__
from leakguard.checking import explain
from leakguard.commands import COMMANDS
from leakguard.errors import LeakguardError, UsageError
from leakguard.hook import crashed
from leakguard.packs import DISTRIBUTION


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line on `argv` (default: the process's); the exit code."""
    try:
        code = cli.main(args=argv, prog_name="leakguard", standalone_mode=False)
    except LeakguardError as error:
        return explain(error, sys.stderr)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show(sys.stderr)
        return 2
    except click.ClickException as error:
        return explain(_in_our_words(error), sys.stderr)
    except (KeyboardInterrupt, click.Abort):
        return 130
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except Exception as error:
        return crashed(error)
    return code if isinstance(code, int) else 0


def _in_our_words(error: click.ClickException) -> UsageError:
    """What click finds wrong, told as all else is that was asked wrongly."""
    message = error.format_message()
    context = getattr(error, "ctx", None)
    asked = context.command_path if context else "leakguard"
    return UsageError(
        message[:1].lower() + message[1:].removesuffix("."), hint=f"see: {asked} --help"
    )


class _Commands(click.Group):
    """The commands of `COMMANDS`, each read when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        module = COMMANDS.get(cmd_name)
        if module is None:
            from difflib import get_close_matches

            close = get_close_matches(cmd_name, COMMANDS, 1)
            known = f"did you mean {close[0]}?" if close else "see: leakguard --help"
            raise UsageError(f"no such command: {cmd_name}", hint=known)
        command: click.Command = import_module(module).command
        return command


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name=DISTRIBUTION, message="%(prog)s %(version)s")
def cli() -> None:
    """Say what in a text must not be published, where it is, and what to do."""
