"""`leakguard baseline`."""

from __future__ import annotations

import os
from functools import partial
from typing import Any

import click

from leakguard import baseline, rewrite, scan, sources
from leakguard.checking import Asked, configured, guard_for
from leakguard.commands import Command, pack_options, write
from leakguard.config import BASELINE, Config, from_here
from leakguard.errors import UsageError
from leakguard.model import Screening


@click.command("baseline", cls=Command)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--prune", is_flag=True, help="Only drop what is there no more.")
@pack_options
def command(paths: tuple[str, ...], *, prune: bool, **asked: Any) -> int:
    """Note what is found today as known: only what is new is told.

    Screens PATHs (without one, all below the policy's folder) and adds what blocks or warns to
    leakguard.baseline.toml. That file says nothing of what was found; review it like code.

    Exits with 3 when something could not be screened: with --prune, nothing is dropped then.
    """
    if prune and paths:
        raise UsageError(
            "--prune looks at everything below the policy's folder", hint="name no path"
        )
    known = Baseline(Asked(**asked))
    run = known.screen(paths)
    matched = baseline.match(run.verdicts, known.entries, known.folder, known.today)
    if prune:
        if run.unread:
            write(f"not screened: {run.unread[0].path} ({run.unread[0].reason}); nothing dropped")
            return 3
        kept = known.current(run, matched)
        known.put(kept)
        write(f"{known.name}: {len(kept):,} kept, {len(known.entries) - len(kept):,} dropped")
        return 0
    more = [baseline.of(v, known.folder) for v in matched.verdicts if v.action in ("block", "warn")]
    if more or not known.entries:
        known.put((*known.entries, *more))
    write(f"{known.name}: {len(more):,} added, {len(known.entries):,} known before")
    return 3 if run.exit_code == 3 else 0


class Baseline:
    """The file of known findings of the configuration in force, and what it was made from."""

    def __init__(self, asked: Asked) -> None:
        self.config = configured(asked)
        named = self.config.top("baseline")
        self.folder = os.path.dirname(named) if named else self.config.folder or os.getcwd()
        self.path = named or os.path.join(self.folder, BASELINE)
        self.name = from_here(self.path)
        self.guard = _guard(asked, self.config)
        self.today = self.guard.now.date()
        self.data = rewrite.content(self.path, partial(_unreadable, self.path))
        self.entries = baseline.load(self.path) if self.data is not None else ()

    def screen(self, paths: tuple[str, ...]) -> Screening:
        """What is found, known or not, below `paths` or the whole folder."""
        wanted = paths or (os.path.relpath(self.config.folder or os.curdir),)
        return self.guard.screen(sources.from_paths(wanted))

    def screen_commits(self) -> Screening | None:
        """What is found in all that was ever committed; None where there is no repository."""
        if sources.top_of(os.path.realpath(os.curdir)) is None:
            return None
        from leakguard.sources import ranges

        return self.guard.screen(ranges.from_history(), old=False, jobs=0)

    def current(self, run: Screening, matched: baseline.Matched) -> list[baseline.Known]:
        """The entries that were needed, as their findings stand today; commits stay as they are."""
        return [entry for entry in self.entries if entry.commit] + [
            baseline.of(run.verdicts[index], self.folder)._replace(
                reason=self.entries[number].reason, until=self.entries[number].until
            )
            for number, index in matched.used.items()
        ]

    def put(self, entries: tuple[baseline.Known, ...] | list[baseline.Known]) -> None:
        """Write the file anew, unless somebody has changed it meanwhile."""
        rewrite.put(self.path, baseline.written(entries).encode(), instead_of=self.data)


def _guard(asked: Asked, config: Config) -> scan.Guard:
    return guard_for(asked, os.environ, config.without_baseline())


def _unreadable(path: str, error: OSError) -> UsageError:
    return UsageError(f"{from_here(path)}: cannot be read: {error.strerror}")
