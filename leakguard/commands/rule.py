"""`leakguard rule`."""

from __future__ import annotations

from typing import Any

import click

from leakguard import packs as packs_
from leakguard.checking import Asked, wanted_packs
from leakguard.commands import pack_options, write
from leakguard.errors import UsageError


@click.command("rule")
@click.argument("rule", metavar="PACK/RULE")
@pack_options
def command(rule: str, **asked: Any) -> None:
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
    write(packcheck.page(*found[rule]))
