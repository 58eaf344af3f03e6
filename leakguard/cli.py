"""The command line: parses, calls one function, prints, exits."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from leakguard import __version__
from leakguard import packs as packs_
from leakguard.checking import Asked, explain, quietly, wanted_packs
from leakguard.errors import LeakguardError, UsageError
from leakguard.hook import crashed, run
from leakguard.model import Confidence, Severity
from leakguard.packs import DISTRIBUTION
from leakguard.reports import REPORTS

F = TypeVar("F", bound=Callable[..., Any])
_SEVERITIES = click.Choice([str(level) for level in Severity])
_CONFIDENCES = click.Choice([str(level) for level in Confidence if level])


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line on `argv` (default: the process's); the exit code."""
    try:
        code = cli.main(args=argv, prog_name="leakguard", standalone_mode=False)
    except LeakguardError as error:
        return explain(error, sys.stderr)
    except click.ClickException as error:
        error.show(sys.stderr)
        return 2
    except (KeyboardInterrupt, click.Abort):
        return 130
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except Exception as error:
        return crashed(error)
    return code if isinstance(code, int) else 0


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name=DISTRIBUTION, message="%(prog)s %(version)s")
def cli() -> None:
    """Say what in a text must not be published, where it is, and what to do."""


def _pack_options(command: F) -> F:
    command = click.option(
        "--only-pack", "only_packs", multiple=True, metavar="PACK", help="Use just these packs."
    )(command)
    return click.option(
        "--pack",
        "packs",
        multiple=True,
        metavar="PACK",
        help="Add a pack: a name, or a path (with / or .toml).",
    )(command)


@cli.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@_pack_options
@click.option(
    "--format", "fmt", type=click.Choice(sorted(REPORTS)), default="terminal", show_default=True,
    help="What to write to standard output.",
)  # fmt: skip
@click.option(
    "--fail-on", type=_SEVERITIES, default="medium", show_default=True,
    help="Findings of at least this severity block.",
)  # fmt: skip
@click.option(
    "--block-confidence", type=_CONFIDENCES, default="medium", show_default=True,
    help="Findings of at least this confidence block.",
)  # fmt: skip
@click.option(
    "--min-confidence", type=_CONFIDENCES, default="low", show_default=True,
    help="Findings below this are not shown.",
)  # fmt: skip
@click.option(
    "--profile", type=click.Choice(["standard", "strict"]), default="standard", show_default=True,
    help="strict adds rules that need a second look more often.",
)  # fmt: skip
@click.option(
    "--unread", type=click.Choice(["fail", "warn"]), default="fail", show_default=True,
    help="What a document that could not be screened does to the exit code.",
)  # fmt: skip
@click.option(
    "--opaque", type=click.Choice(["warn", "fail", "skip"]), default="warn", show_default=True,
    help="What other binary files do; unless skipped they are searched for terms as bytes.",
)  # fmt: skip
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever was found.")
@click.option("--stdin-filename", "stdin_name", metavar="NAME", help="The name of what - reads.")
@click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True,
    help="Colours; auto heeds NO_COLOR and FORCE_COLOR.",
)  # fmt: skip
def check_command(**asked: Any) -> int:
    """Screen files and folders, or - for standard input. No PATH means the current folder.

    Exits with 0 when clean, 1 when a finding blocks, 2 when what was asked is wrong, 3 when
    something could not be screened.
    """
    asked["stdin_name"] = asked["stdin_name"] or ""
    return run(Asked(**asked))


@cli.group("packs", invoke_without_command=True)
@_pack_options
@click.pass_context
def packs_command(context: click.Context, /, **asked: Any) -> None:
    """List the packs in force: version, owner, number of rules."""
    from leakguard import packcheck

    if context.invoked_subcommand is None:
        chosen = packs_.resolve_all(wanted_packs(Asked(**asked)))
        _print(packcheck.table([pack.info for pack in chosen]))


@packs_command.command("check")
@click.argument("packs", nargs=-1, metavar="[PACK]...")
def packs_check_command(packs: tuple[str, ...]) -> int:
    """Check packs: keys, patterns, examples, counter-examples, review dates.

    Without PACK the bundled ones. Exits with 2 when a pack does not keep what it promises.
    """
    from leakguard import packcheck

    reports = packcheck.check(packs_.resolve_all(packs or packs_.bundled()))
    _print("\n".join(report.text() for report in reports))
    return 2 if any(report.problems for report in reports) else 0


@cli.command("rule")
@click.argument("rule", metavar="PACK/RULE")
@_pack_options
def rule_command(rule: str, **asked: Any) -> None:
    """Show one rule as a page: why, instead, examples, references."""
    from leakguard import packcheck

    named = rule.partition("/")[0]
    wanted = wanted_packs(Asked(**asked))
    if named not in wanted and not any(pack.endswith(".toml") for pack in wanted):
        wanted = (*wanted, named)
    chosen = packs_.resolve_all(wanted)
    found = {r.id: (r, pack) for pack in chosen for r in pack.rules}
    if rule not in found:
        from difflib import get_close_matches

        close = get_close_matches(rule, sorted(found), 3, 0.4)
        raise UsageError(
            f"no such rule: {rule}",
            hint=f"did you mean {', '.join(close)}?" if close else "see: leakguard packs",
        )
    _print(packcheck.page(*found[rule]))


def _print(text: str) -> None:
    quietly(lambda: click.echo(text, file=sys.stdout), sys.stdout)
