"""`leakguard packs`, `leakguard packs check` and `leakguard packs convert`."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any

import click

from leakguard import packs as packs_
from leakguard.checking import Asked, chosen_packs, configured, wanted_packs
from leakguard.commands import Commands, pack_options, write
from leakguard.errors import UsageError
from leakguard.keys import Keyring


@click.group("packs", cls=Commands, invoke_without_command=True)
@pack_options
@click.pass_context
def command(context: click.Context, /, **asked: Any) -> None:
    """List the packs in force: version, owner, number of rules."""
    from leakguard import packcheck

    if context.invoked_subcommand and any(asked.values()):
        raise UsageError(
            "these options are for the list of packs",
            hint=f"put what {context.invoked_subcommand} takes behind it",
        )
    if context.invoked_subcommand is None:
        chosen = chosen_packs(Asked(**asked), os.environ)
        write(packcheck.table([pack.info for pack in chosen]))


@command.command("check")
@click.argument("packs", nargs=-1, metavar="[PACK]...")
@click.option("--identity", metavar="FILE", default="", help="The key that opens sealed packs.")
@click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="List what is due by then."
)
def check(packs: tuple[str, ...], identity: str, today: datetime | None) -> int:
    """Check what packs promise, and what is due.

    Checked are keys, patterns, examples and counter-examples. Due are reviews, terms and rules
    that have expired, and embargoes that are over; and a month ahead. Without PACK those of the
    policy, else the bundled ones. Exits with 2 when a pack does not keep what it promises, with 3
    when a sealed one cannot be opened.
    """
    from leakguard import packcheck

    wanted = packs or wanted_packs(Asked(), configured(Asked()))
    chosen = packs_.resolve_all(wanted, Keyring(identity))
    locked = [pack for pack in chosen if pack.locked]
    reports = packcheck.check(
        tuple(pack for pack in chosen if not pack.locked), today=today.date() if today else None
    )
    lines = [
        f"{p.name} {p.version}: sealed, not checked: {p.seal.locked}" for p in locked if p.seal
    ]
    write("\n".join([*(report.text() for report in reports), *lines]))
    if locked:
        return 3
    return 2 if any(report.problems for report in reports) else 0


@command.command("convert")
@click.argument("path", metavar="PATH")
@click.option(
    "-o", "--output", metavar="FILE", help="Write the pack there, not to standard output."
)
@click.option("--name", default="", metavar="NAME", help="The pack's name; the file's unless said.")
@click.option("--skip", multiple=True, metavar="ID", help="Leave out this rule. May be repeated.")
def convert(path: str, output: str | None, name: str, skip: tuple[str, ...]) -> None:
    """Write a configuration of gitleaks or betterleaks as a pack.

    What cannot be kept is refused by rule and reason: nothing is left out but what --skip names.
    """
    from leakguard import gitleaks

    made = gitleaks.convert(path.removeprefix(packs_.IMPORTED), skip=skip, name=name)
    packs_.Pack.from_toml(made.text, where=output or path)
    if output is None:
        write(made.text.rstrip("\n"))
        return
    try:
        with open(output, "x", encoding="utf-8", newline="\n") as file:
            file.write(made.text)
    except FileExistsError:
        raise UsageError(f"{output} is there already", hint="choose another name") from None
    except OSError as error:
        raise UsageError(f"{output}: cannot be written: {error.strerror}") from None
    notes = [f"  {note}" for note in made.notes]
    write("\n".join([f"{output}: {made.rules} rules", *notes]))
