"""`leakguard allow`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import click

from leakguard import baseline
from leakguard.baseline import Known
from leakguard.checking import Asked
from leakguard.commands import Command, pack_options, write
from leakguard.commands.baseline import Baseline
from leakguard.errors import UsageError
from leakguard.model import Screening, Severity, Verdict


@click.command("allow", cls=Command)
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
    (without one, in all below the policy's folder, then in all commits), and noted in
    leakguard.baseline.toml. What stands in commits alone is let pass in those alone.
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
    entries = [e._replace(reason=reason, until=last) for e in _found(known, fingerprint, paths)]
    if not entries:
        raise UsageError(
            f"no finding has the fingerprint {fingerprint}",
            hint="it changes with the words beside it: run leakguard check again, and name the "
            "same --pack here",
        )
    same = {entry._replace(reason="", until=None) for entry in entries}
    others = [e for e in known.entries if e._replace(reason="", until=None) not in same]
    known.put([*others, *entries])
    ends = f" until {last}" if last else ""
    for entry in entries:
        where = entry.path + (f" of commit {entry.commit[:12]}" if entry.commit else "")
        write(f"{known.name}: {entry.rule} in {where} is let pass{ends}: {reason}")
    return 0


def _found(known: Baseline, fingerprint: str, paths: tuple[str, ...]) -> list[Known]:
    """What has the fingerprint: in the files, else in commits."""

    def those(
        run: Screening, noted: Callable[[Verdict, str], baseline.Known]
    ) -> list[baseline.Known]:
        found = [verdict for verdict in run.verdicts if verdict.fingerprint == fingerprint]
        return [noted(verdict, known.folder) for verdict in found if _may(verdict, known)]

    in_files = those(known.screen(paths), baseline.of)
    if in_files or paths:
        return in_files
    committed = known.screen_commits()
    return those(committed, baseline.in_commit) if committed else []


def _may(verdict: Verdict, known: Baseline) -> bool:
    finding = verdict.finding
    critical = known.guard.policies.of(verdict.origin.path).suppress_critical
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
