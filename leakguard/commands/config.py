"""`leakguard config`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import click

from leakguard.checking import Asked, configured, guard_for
from leakguard.commands import Command, pack_options, write
from leakguard.config import Config, Setting, from_here
from leakguard.errors import UsageError
from leakguard.model import Policy
from leakguard.scan import Guard

_SHOWN = (
    *("fail_on", "block_confidence", "min_severity", "min_confidence", "profile", "unread"),
    *("opaque", "media", "when_sealed", "suppress_critical", "encoding", "max_size"),
)


@click.command("config", cls=Command)
@click.option("--show", "paths", multiple=True, metavar="FILE", help="What this file gets.")
@pack_options
def command(paths: tuple[str, ...], **asked: Any) -> None:
    """Say which policy is in force, and which line says so.

    With --show also what one file gets, and from which line.
    """
    wanted = Asked(**asked)
    config = configured(wanted)
    guard = guard_for(wanted, os.environ, config)
    for path in paths:
        if os.path.isdir(path):
            raise UsageError(f"{path}: is a folder", hint="--show takes a file")
    lines = list(_whole(config, guard))
    for path in paths:
        lines += ["", *_page(path, config, guard.policies.of(path))]
    write("\n".join(guard.shown(line).rstrip() for line in lines))


def _whole(config: Config, guard: Guard) -> Iterator[str]:
    """What holds for all files."""
    yield f"policy    {config.file or 'none: what holds without one'}"
    where = next((s.where for s in reversed(config.settings) if s.key == "packs"), "")
    names = ", ".join(pack.name for pack in guard.packs)
    yield f"packs     {names}" + (f"  ({where})" if where else "")
    if guard.policies.baseline:
        yield f"baseline  {from_here(guard.policies.baseline)}"
    for one in config.loosened:
        yield f"loosened  {one.what}: {one.reason}  ({one.file}:{one.line})"


def _page(path: str, config: Config, policy: Policy) -> Iterator[str]:
    """What one file gets, each with the line that says so."""
    yield path
    leaves_out = config.excluding(path)
    if leaves_out:
        yield f"  not screened: excluded ({leaves_out.where})"
    settled = config.settled(path)
    rows = [_row(key, str(getattr(policy, key)), settled.get(key)) for key in _SHOWN]
    rows += [
        _row(key.removeprefix("rules."), setting.value, setting)
        for key, setting in sorted(settled.items())
        if key.startswith("rules.")
    ]
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    for key, value, where in rows:
        yield f"  {key:<{first}}  {value:<{second}}  {where}"


def _row(key: str, value: str, setting: Setting | None) -> tuple[str, str, str]:
    if setting is None:
        return key, {"": "-", "None": "-", "False": "no", "True": "yes"}.get(value, value), "usual"
    section = f" [[path]] {', '.join(setting.patterns)}" if setting.patterns else ""
    value = {"False": "no", "True": "yes"}.get(value, value)
    return key, value, setting.where + section
