"""`leakguard rule`."""

from __future__ import annotations

import os
from typing import Any

import click

from leakguard import packs as packs_
from leakguard.checking import Asked, chosen_packs, configured, wanted_packs
from leakguard.commands import Command, pack_options, write
from leakguard.errors import UsageError


@click.command("rule", cls=Command)
@click.argument("rule", metavar="PACK/RULE", required=False)
@click.option("--all", "everything", is_flag=True, help="All rules of the packs in force.")
@click.option(
    "--format",
    "fmt",
    type=click.Choice(("terminal", "markdown")),
    default="terminal",
    help="Pages for a terminal (the default), or one Markdown page a pack; needs --all.",
)
@pack_options
def command(rule: str | None, *, everything: bool, fmt: str, **asked: Any) -> None:
    """Show one rule as a page: why, instead, examples, references.

    With --all every rule of the packs in force.
    """
    from leakguard import manual

    if everything == (rule is not None):
        raise UsageError(
            "name one rule, or ask for all of them",
            hint="leakguard rule healthcare/us-mbi, or leakguard rule --all",
        )
    if fmt == "markdown" and not everything:
        raise UsageError("Markdown is written for whole packs", hint="add --all")
    if rule is None:
        chosen = chosen_packs(Asked(**asked), os.environ)
        if fmt == "markdown":
            write("\n\n".join(manual.markdown(pack) for pack in chosen))
        else:
            pages = [manual.page(rule, pack) for pack in chosen for rule in pack.rules]
            write("\n\n\n".join(pages))
        return
    named = rule.partition("/")[0]
    wanted = wanted_packs(Asked(**asked), configured(Asked(**asked)))
    if named not in wanted and not any(map(packs_.is_path, wanted)):
        asked["packs"] = (*asked["packs"], named)
    chosen = chosen_packs(Asked(**asked), os.environ)
    found = {r.id: (r, pack) for pack in chosen for r in pack.rules}
    if rule not in found:
        from difflib import get_close_matches

        if any(pack.name == named and pack.locked for pack in chosen):
            raise UsageError(f"the pack {named} is sealed, and no key here opens it",
                             hint="name one with --identity")  # fmt: skip
        close = get_close_matches(rule, sorted(found), 3, 0.4)
        raise UsageError(
            f"no such rule: {rule}",
            hint=f"did you mean {', '.join(close)}?" if close else "see: leakguard packs",
        )
    write(manual.page(*found[rule]))
