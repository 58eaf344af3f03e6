"""`leakguard allow`."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import click

from leakguard import baseline
from leakguard.checking import Asked
from leakguard.commands import pack_options, write
from leakguard.commands.baseline import Baseline
from leakguard.errors import UsageError
from leakguard.model import Severity, Verdict


@click.command("allow")
@click.argument("fingerprint")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--reason", required=True, metavar="TEXT", help="Why it may be published.")
@click.option("--until", metavar="DATE", help="The last day on which it is let pass.")
@pack_options
def command(
    fingerprint: str, paths: tuple[str, ...], *, reason: str, until: str | None, **asked: Any
) -> int:
    """Let one finding pass, for a reason that others can read.

    FINGERPRINT is what `leakguard check` shows beside the finding. It is looked for in PATHs
    (without one, in all below the policy's folder), and noted in leakguard.baseline.toml.
    """
    if not re.fullmatch("[0-9a-f]{8}", fingerprint):
        raise UsageError(
            f"no fingerprint: {fingerprint!r}",
            hint="eight digits from 0 to f, as leakguard check shows them",
        )
    known = Baseline(Asked(**asked))
    last = _day(until, known.today)
    if known.guard.shown(reason) != reason:
        raise UsageError("the reason spells what must not be published", hint="say it otherwise")
    run = known.screen(paths)
    found = [verdict for verdict in run.verdicts if verdict.fingerprint == fingerprint]
    entries = [
        baseline.of(verdict, known.folder)._replace(reason=reason, until=last)
        for verdict in found
        if _may(verdict, critical=known.guard.policies.of(verdict.origin.path).suppress_critical)
    ]
    if not found:
        raise UsageError(
            f"no finding has the fingerprint {fingerprint}",
            hint="it changes with the words beside it: run leakguard check again, and name the "
            "same --pack here",
        )
    same = {entry._replace(reason="", until=None) for entry in entries}
    others = [e for e in known.entries if e._replace(reason="", until=None) not in same]
    known.put([*others, *entries])
    ends = f" until {last}" if last else ""
    write(f"{known.name}: {entries[0].rule} in {entries[0].path} is let pass{ends}: {reason}")
    return 0


def _may(verdict: Verdict, *, critical: bool) -> bool:
    finding = verdict.finding
    if verdict.action not in ("block", "warn"):
        raise UsageError(f"it passes already: {verdict.reason}")
    if finding.entry is not None and finding.severity is Severity.CRITICAL and not critical:
        raise UsageError(
            "a critical term is not let pass by a note",
            hint="its pack says until when it is one; suppress_critical in the policy changes that",
        )
    return True


def _day(until: str | None, today: date) -> date | None:
    if until is None:
        return None
    try:
        last = date.fromisoformat(until)
    except ValueError:
        raise UsageError(f"no date: {until!r}", hint="as in 2027-01-31") from None
    if last < today:
        raise UsageError(f"{last} is over", hint="name a day to come")
    return last
