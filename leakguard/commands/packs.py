"""`leakguard packs` and `leakguard packs check`."""

from __future__ import annotations

from typing import Any

import click

from leakguard import packs as packs_
from leakguard.checking import Asked, wanted_packs
from leakguard.commands import pack_options, write


@click.group("packs", invoke_without_command=True)
@pack_options
@click.pass_context
def command(context: click.Context, /, **asked: Any) -> None:
    """List the packs in force: version, owner, number of rules."""
    from leakguard import packcheck

    if context.invoked_subcommand is None:
        chosen = packs_.resolve_all(wanted_packs(Asked(**asked)))
        write(packcheck.table([pack.info for pack in chosen]))


@command.command("check")
@click.argument("packs", nargs=-1, metavar="[PACK]...")
def check(packs: tuple[str, ...]) -> int:
    """Check packs: keys, patterns, examples, counter-examples, review dates.

    Without PACK the bundled ones. Exits with 2 when a pack does not keep what it promises.
    """
    from leakguard import packcheck

    reports = packcheck.check(packs_.resolve_all(packs or packs_.bundled()))
    write("\n".join(report.text() for report in reports))
    return 2 if any(report.problems for report in reports) else 0
