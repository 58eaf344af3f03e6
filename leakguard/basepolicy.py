"""The gate guards its own policy: a change is judged by what held before it, and what it makes
looser is a finding."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

from leakguard import config as config_
from leakguard.config import Config, Looser
from leakguard.model import (
    Action,
    Advice,
    Confidence,
    Finding,
    Origin,
    Place,
    Screening,
    Severity,
    Span,
    Verdict,
)
from leakguard.records import NamedTuple, replace
from leakguard.scan import Guard
from leakguard.sources import revisions, top_of
from leakguard.verdict import fingerprint

RULE: Final = "policy/looser"
_WHY: Final = "A change that makes the policy looser would let itself pass."
_DO: Final = "Let the policy's owner agree: a change of its own, with a reason beside the setting."


class Judged(NamedTuple):
    """The configuration that a change is judged by, and what the change makes looser of it."""

    config: Config
    looser: tuple[Looser, ...] = ()


def judged(now: Config, base: str, head: str) -> Judged:
    """What holds for a change from `base` to `head`, where `now` is the configuration on the disk.

    Raises `ConfigError` for a configuration that cannot be read, in either revision.
    """
    then, after = revisions.reader(base), revisions.reader(head)
    folder = now.folder or os.getcwd()
    names = (config_.NAME, "pyproject.toml")
    path = next(
        (
            path
            for read in (after, then)
            for path in _places(folder, names)
            if _says(path, read(path))
        ),
        "",
    )
    if not path:
        return Judged(Config(folder=folder))
    before = config_.load(path, read=then) if _says(path, then(path)) else Config(folder=folder)
    new = config_.load(path, read=after) if _says(path, after(path)) else Config(folder=folder)
    return Judged(before, config_.looser(before, new))


def told(run: Screening, guard: Guard, looser: tuple[Looser, ...]) -> Screening:
    """The screening with what its change makes looser: it blocks, or warns where a reason is."""
    return replace(run, verdicts=(*_verdicts(guard, looser), *run.verdicts))


def _places(folder: str, names: tuple[str, ...]) -> Iterator[str]:
    top = top_of(os.path.realpath(folder)) or folder
    for place in dict.fromkeys((folder, top)):
        yield from (os.path.join(place, name) for name in names)


def _says(path: str, content: bytes | None) -> bool:
    if content is None:
        return False
    return os.path.basename(path) == config_.NAME or config_.has_table(content)


def _verdicts(guard: Guard, looser: tuple[Looser, ...]) -> Iterator[Verdict]:
    for one in looser:
        path, what = guard.shown(one.file), guard.shown(one.what)
        action: Action = "warn" if one.reason else "block"
        yield Verdict(
            finding=Finding(
                rule=RULE,
                span=Span(0, 0),
                place=Place(line=one.line, column=1),
                confidence=Confidence.HIGH,
                cell="full",
                severity=Severity.HIGH,
            ),
            action=action,
            reason=f"{what}: {guard.shown(one.reason)}" if one.reason else what,
            origin=Origin("commit", one.file),
            path=path,
            path_masked=path != one.file,
            document=0,
            fingerprint=fingerprint(RULE, path, what, 1),
            advice=Advice(title=f"the policy gets looser: {what}", why=_WHY, instead=_DO),
        )
