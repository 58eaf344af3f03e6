"""`leakguard check`."""

from __future__ import annotations

from typing import Any

import click

from leakguard.checking import Asked
from leakguard.commands import Command, pack_options
from leakguard.errors import UsageError
from leakguard.hook import run
from leakguard.model import Confidence, Severity
from leakguard.reports import REPORTS

_SEVERITIES = click.Choice([str(level) for level in Severity])
_CONFIDENCES = click.Choice([str(level) for level in Confidence if level])


@click.command("check", cls=Command)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@pack_options
@click.option("--staged", is_flag=True, help="Screen what is staged: the next commit.")
@click.option(
    "--diff", metavar="A...B",
    help="Screen what B adds to A: lines, file names, commit messages, the branch's name.",
)  # fmt: skip
@click.option("--history", is_flag=True, help="Screen everything ever committed.")
@click.option("--since", metavar="REV", help="With --history: leave out what REV leads to.")
@click.option(
    "--message", metavar="FILE",
    help="Screen a commit message; - is the text of a pull request on standard input.",
)  # fmt: skip
@click.option(
    "--whole-file", is_flag=True,
    help="Of a change, let all findings block, not only those in added lines.",
)  # fmt: skip
@click.option(
    "--format", "fmt", type=click.Choice(sorted(REPORTS)), default="terminal", show_default=True,
    help="What to write to standard output.",
)  # fmt: skip
@click.option(
    "--fail-on", type=_SEVERITIES,
    help="Findings of at least this severity block. [default: medium]",
)  # fmt: skip
@click.option(
    "--block-confidence", type=_CONFIDENCES,
    help="Findings of at least this confidence block. [default: medium]",
)  # fmt: skip
@click.option(
    "--min-confidence", type=_CONFIDENCES,
    help="Findings below this are not shown. [default: low]",
)  # fmt: skip
@click.option(
    "--min-severity", type=_SEVERITIES,
    help="Findings below this are shown only if they block. [default: low]",
)  # fmt: skip
@click.option(
    "--profile", type=click.Choice(["standard", "strict"]),
    help="strict adds rules that need a second look more often. [default: standard]",
)  # fmt: skip
@click.option(
    "--unread", type=click.Choice(["fail", "warn"]),
    help="What a document that could not be screened does to the exit code. [default: fail]",
)  # fmt: skip
@click.option(
    "--opaque", type=click.Choice(["warn", "fail", "skip"]),
    help="What other binary files do; unless skipped they are searched for terms as bytes. "
    "[default: warn]",
)  # fmt: skip
@click.option(
    "--when-sealed", type=click.Choice(["fail", "warn", "skip"]),
    help="What a sealed list that no key here opens does to the exit code. "
    "[default: fail under CI, but warn for a fork; else skip]",
)  # fmt: skip
@click.option("--new-only", is_flag=True, help="Leave out of the report what the baseline knows.")
@click.option(
    "--now", "--today", "now", metavar="DATE",
    help="Judge as on that day: embargoes, and dates until which something is allowed.",
)  # fmt: skip
@click.option(
    "-o", "--output", metavar="FILE", help="Write the report to FILE, whole or not at all."
)
@click.option(
    "-j", "--jobs", metavar="N", help="Share large work among N processes. [default: all cores]"
)
@click.option(
    "--engine", type=click.Choice(["auto", "aho", "hyper"]),
    help="What looks for places worth a closer look; it has no say in what is found. "
    "[default: auto, by the amount of text]",
)  # fmt: skip
@click.option("--no-cache", is_flag=True, help="Neither read nor write the cache.")
@click.option("-q", "--quiet", is_flag=True, help="No report; the summary line and the exit code.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever was found.")
@click.option("--stdin-filename", "stdin_name", metavar="NAME", help="The name of what - reads.")
@click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True,
    help="Colours; auto heeds NO_COLOR and FORCE_COLOR.",
)  # fmt: skip
def command(**asked: Any) -> int:
    """Screen files and folders, or - for standard input.

    Without PATH the current folder.

    Exits with 0 when clean, 1 when a finding blocks, 2 when what was asked is wrong, 3 when
    something could not be screened.
    """
    given = {name: asked.pop(name) for name in ("staged", "diff", "history", "message")}
    wanted = [name for name, value in given.items() if value]
    if len(wanted) > 1:
        raise UsageError(
            f"--{wanted[0]} and --{wanted[1]} exclude each other", hint="ask for one at a time"
        )
    if given["message"]:
        asked["paths"] = (given["message"], *asked["paths"])
    asked["source"] = wanted[0] if wanted else "paths"
    asked["revision"] = given["diff"]
    return run(Asked(**{key: value for key, value in asked.items() if value is not None}))
