"""Packs judged by their own words: examples must be found, counter-examples must not be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from leakguard import readers
from leakguard.matcher import Matcher
from leakguard.model import Confidence, Entry, PackInfo, Rule
from leakguard.packs import Pack
from leakguard.records import dataclass, replace
from leakguard.reports.terminal import counted

_SOON = timedelta(days=30)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # examples hold while every embargo does


@dataclass(frozen=True, slots=True)
class PackReport:
    """What is wrong with a pack (`problems`), and what its owner should look at (`due`)."""

    pack: PackInfo
    examples: int
    counter_examples: int
    problems: tuple[str, ...]
    due: tuple[str, ...]

    def text(self) -> str:
        """The report in words: one line when all is well."""
        state = "ok" if not self.problems else f"{len(self.problems)} wrong"
        lines = [
            f"{self.pack.name} {self.pack.version}: {counted(self.pack.rules, 'rule')}, "
            f"{counted(self.examples, 'example')}, "
            f"{counted(self.counter_examples, 'counter-example')}: {state}"
        ]
        lines += [f"  wrong  {problem}" for problem in self.problems]
        lines += [f"  due    {item}" for item in self.due]
        return "\n".join(lines)


def check(packs: Sequence[Pack], *, today: date | None = None) -> list[PackReport]:
    """Judge each pack with all of `packs` in force, strict rules included.

    An example counts as found at low confidence and above, before samples demote it and another
    rule takes it. A rule that is never reported, only a part of others, is judged as if it were.
    """
    today = today or datetime.now(UTC).date()
    matcher = Matcher(
        [_reported(rule) for pack in packs for rule in pack.rules],
        now=_LONG_AGO,
        profile="strict",
        parsed={source: known for pack in packs for source, known in pack.parsed.items()},
    )
    return [
        PackReport(
            pack.info,
            sum(len(rule.examples) for rule in pack.rules),
            sum(len(rule.counter_examples) for rule in pack.rules),
            tuple(problem for rule in pack.rules for problem in _problems(rule, matcher)),
            tuple(_due(pack, today)),
        )
        for pack in packs
    ]


def _reported(rule: Rule) -> Rule:
    rule = replace(rule, yields=False) if rule.yields else rule
    if any(rule.confidence.values()):
        return rule
    return replace(rule, confidence=dict.fromkeys(rule.confidence, Confidence.LOW))


def _problems(rule: Rule, matcher: Matcher) -> Iterable[str]:
    # Numbers, not texts: an example of a term rule spells the term.
    for number, example in enumerate(rule.examples, 1):
        if not _finds(rule, example, matcher):
            yield f"{rule.id}: example {number} is not found"
    for number, example in enumerate(rule.counter_examples, 1):
        if _finds(rule, example, matcher):
            yield f"{rule.id}: counter-example {number} is found"


def _finds(rule: Rule, text: str, matcher: Matcher) -> bool:
    # An example of several lines may be a table: its columns give context only if it is read so.
    names = ("example.md", "example.csv") if "\n" in text else ("example.md",)
    return any(_is_found_in(rule, text, name, matcher) for name in names)


def _is_found_in(rule: Rule, text: str, name: str, matcher: Matcher) -> bool:
    found = matcher.find(readers.from_text(text, name))
    if found.failed:
        raise found.failed
    return any(
        hit.finding.rule == rule.id and hit.finding.confidence >= Confidence.LOW
        for hit in found.hits
    )


def _due(pack: Pack, today: date) -> Iterable[str]:
    """What the owners of a pack should look at by now, or within a month, and who that is."""
    if pack.review_every:
        yield from _review(pack, today, pack.review_every)
    for rule in pack.rules:
        owner = rule.owner or pack.owner
        yield from _ends(rule.id, rule, today, owner)
        for entry in rule.entries:
            yield from _ends(f"{pack.name}/t{entry.id}", entry, today, entry.owner or owner)


def _review(pack: Pack, today: date, every: int) -> Iterable[str]:
    asked = f"{pack.owner or 'no owner'} to review"
    if pack.reviewed is None:
        yield f"{pack.name}: never reviewed, {asked}"
        return
    last = pack.reviewed + timedelta(days=every)
    if today > last:
        yield f"{pack.name}: last reviewed {(today - pack.reviewed).days} days ago, {asked}"
    elif last - today <= _SOON:
        yield f"{pack.name}: last reviewed on {pack.reviewed}, {asked} by {last}"


def _ends(name: str, what: Rule | Entry, today: date, owner: str) -> Iterable[str]:
    ask = f" (owner: {owner})" if owner else ""
    if what.expires and what.expires < today:
        yield f"{name}: expired {what.expires}: renew or drop it{ask}"
    elif what.expires and what.expires - today <= _SOON:
        yield f"{name}: expires {what.expires}{ask}"
    until = what.embargo_until
    if until is None:
        return
    day = until.date() if isinstance(until, datetime) else until
    if day < today:
        yield f"{name}: its embargo ended {day} and it is looked for no more: drop it{ask}"
    elif day - today <= _SOON:
        yield f"{name}: its embargo ends {day}{ask}"


def table(packs: Sequence[PackInfo]) -> str:
    """Packs as lines of columns."""
    rows = [("pack", "version", "rules", "reviewed", "owner")]
    rows += [
        (
            p.name,
            p.version,
            str(p.rules) if p.rules else "sealed",  # one that no key opened
            p.reviewed.isoformat() if p.reviewed else "never",
            p.owner,
        )
        for p in packs
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
             for row in rows)  # fmt: skip
    return "\n".join(line.rstrip() for line in lines)
