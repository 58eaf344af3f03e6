"""The policy's answer to a finding, and the reason for it."""

from __future__ import annotations

import sys

from leakguard.errors import Unreadable
from leakguard.light import (
    Callable,
    Final,
    Iterable,
    Mapping,
    Sequence,
    bisect_left,
    date,
    datetime,
    defaultdict,
    suppress,
)
from leakguard.model import (
    Action,
    Advice,
    Confidence,
    Document,
    Entry,
    Finding,
    Mark,
    Policy,
    Rule,
    Severity,
    Span,
    Verdict,
)
from leakguard.records import replace
from leakguard.search import Hit
from leakguard.shown import Later, Looking, Sight, hashed

NOT_ADDED: Final = "not in a line that this change adds"
TERM_LIST: Final = "policy/term-list"


def verdicts(
    hits: Iterable[Hit],
    document: Document,
    policy: Policy,
    rules: Mapping[str, tuple[Rule, str]],
    path: tuple[str, bool],
    ref: str = "",
    allowed: Callable[[Finding], str] = lambda finding: "",
) -> Iterable[Verdict]:
    """What the policy says to each hit of a document.

    `rules` gives a rule and its pack's owner by id; `path` and `ref` have passed `shown()`;
    `allowed` gives the reason why somebody lets a finding pass, if there is one.
    """
    is_added: Callable[[Finding], bool] | None = None
    occurrences: dict[tuple[str, str], int] = defaultdict(int)
    for finding, sight in hits:
        rule, owner = rules[finding.rule]
        severity = _severity(finding, rule, policy)
        if severity is None or finding.confidence < policy.min_confidence:
            continue
        if severity != finding.severity:
            finding = replace(finding, severity=severity)
        action, reason = answer(finding, policy)
        if action != "block" and severity < policy.min_severity:
            continue
        if action in ("warn", "block"):
            is_added = is_added or additions(document)
            if not is_added(finding):
                action, reason = "info", NOT_ADDED
        if action in ("warn", "block") and (why := allowed(finding)):
            action, reason = "allow", why
        skeleton = sight.skeleton if isinstance(sight, Sight) else ""
        occurrences[finding.rule, skeleton] += 1
        occurrence = occurrences[finding.rule, skeleton]
        checked = isinstance(sight, Sight) and bool(rule.check)
        mark = Mark(hashed(skeleton, 4), occurrence, sight.value if checked else "")
        yield Verdict(
            finding=finding,
            action=action,
            reason=reason,
            origin=document.origin,
            path=path[0],
            path_masked=path[1],
            document=document.number,
            fingerprint=fingerprint(finding.rule, path[0], skeleton, occurrence),
            advice=advice(finding, rule, owner),
            excerpt=sight.excerpt if policy.excerpts and isinstance(sight, Sight) else "",
            ref=ref,
            mark=mark,
        )


def looked_at(
    hits: Sequence[Hit], look: Looking, wanted: Callable[[Finding], bool]
) -> tuple[Hit, ...]:
    """The hits, looked at where they are wanted, or where the numbers of those depend on them.

    A hit is numbered among those of its rule with the same words beside them.
    """
    seen = {number: _seen(hit, look) for number, hit in enumerate(hits) if wanted(hit.finding)}
    alike: dict[str, set[str]] = defaultdict(set)
    for hit in seen.values():
        if isinstance(hit.sight, Sight):
            alike[hit.finding.rule].add(hit.sight.skeleton)
    for number, hit in enumerate(hits):
        known, sight = alike.get(hit.finding.rule, ()), hit.sight
        if number not in seen and isinstance(sight, Later):
            counts = any(map(sight.may_look_like, known))
            seen[number] = _seen(hit, look) if counts else hit._replace(sight=None)
    return tuple(seen.get(number, hit) for number, hit in enumerate(hits))


def _seen(hit: Hit, look: Looking) -> Hit:
    return hit._replace(sight=look(*hit.sight)) if isinstance(hit.sight, Later) else hit


def term_list(hits: Iterable[Hit], pack: str) -> Iterable[Hit]:
    """The hits of a document that is itself the list of terms of `pack`: its own terms as one.

    That one is a finding of the rule `TERM_LIST`, where the first term stands.
    """
    own: list[Hit] = []
    others: list[Hit] = []
    for hit in hits:
        listed = hit.finding.entry is not None and hit.finding.rule.startswith(f"{pack}/")
        (own if listed else others).append(hit)
    if own:
        first = own[0].finding
        yield Hit(
            replace(
                first,
                rule=TERM_LIST,
                entry=None,
                confidence=Confidence.HIGH,
                severity=Severity.CRITICAL,
                evidence=tuple(hit.finding.span for hit in own[1:]),
                sample=False,
            ),
            None,
        )
    yield from others


LIST_RULE: Final = Rule(
    id=TERM_LIST,
    title="term list in the tree",
    severity=Severity.CRITICAL,
    why="Whoever has the repository can read here what nobody may know.",
    instead="Seal it with leakguard seal, or keep it outside of the repository.",
)


def _severity(finding: Finding, rule: Rule, policy: Policy) -> Severity | None:
    """How severe a finding is under the policy: as it says of the rule, or as many hits made it."""
    if not policy.rules:
        return finding.severity
    severity = policy.severity(finding.rule, rule.severity)
    if severity is not None and finding.severity > rule.severity:
        return max(severity, finding.severity)
    return severity


def answer(finding: Finding, policy: Policy) -> tuple[Action, str]:
    """The action for a finding, and why it is that one."""
    if finding.sample:
        return "info", "a published sample value"
    if finding.severity < policy.fail_on:
        return "warn", f"severity {finding.severity} is below {policy.fail_on}"
    if finding.confidence < policy.block_confidence:
        return "warn", f"confidence {finding.confidence} is below {policy.block_confidence}"
    return "block", f"severity {finding.severity}, confidence {finding.confidence}"


def additions(document: Document) -> Callable[[Finding], bool]:
    """Tells whether a change brought a finding: a line of its span or of its evidence is added."""
    added = added_spans(document)
    if added is None:
        return lambda finding: True

    def is_added(finding: Finding) -> bool:
        for span in (finding.span, *finding.evidence):
            before = bisect_left(added, (span.end,)) - 1  # the last that begins before its end
            if before >= 0 and added[before].end > span.start:
                return True
        return False

    return is_added


def added_spans(document: Document) -> list[Span] | None:
    """The added lines as offsets, in order; None when all of the document counts as added.

    Git counts lines in bytes: where a line feed is not one byte, its numbers say nothing here.
    """
    if document.added is None or (document.encoding or "utf-8").startswith(("utf-16", "utf-32")):
        return None
    if not document.added:
        return []
    if document.anchors:
        return None
    edges = {line for first, last in document.added for line in (first, last + 1)}
    starts = {1: 0}
    line = 1
    with suppress(Unreadable):  # what could be read has its findings, and is told as an unread
        for base, text in document.chunks():
            at = text.find("\n")
            while at >= 0:
                line += 1
                if line in edges:
                    starts[line] = base + at + 1
                at = text.find("\n", at + 1)
    return [
        Span(starts.get(first, sys.maxsize), starts.get(last + 1, sys.maxsize))
        for first, last in document.added
    ]


def advice(finding: Finding, rule: Rule, owner: str) -> Advice:
    """What to tell the writer: the entry's word first, then the rule's, then the pack's."""
    entry = entry_of(rule, finding.entry)
    until = (entry.embargo_until if entry else None) or rule.embargo_until
    return Advice(
        title=rule.title,
        why=rule.why,
        instead=(entry.instead if entry else "") or rule.instead,
        owner=(entry.owner if entry else "") or rule.owner or owner,
        until=_written(until),
        references=rule.references,
    )


def entry_of(rule: Rule, number: int | None) -> Entry | None:
    """The entry of a rule with that number, if it has one."""
    if number is None:
        return None
    counted = rule.entries[number - 1 : number]  # where most lists have it
    if counted and counted[0].id == number:
        return counted[0]
    return next((entry for entry in rule.entries if entry.id == number), None)


def fingerprint(rule: str, path: str, skeleton: str, occurrence: int) -> str:
    """32 bits that recognise a finding again, and reveal nothing of what was found.

    They are made of the rule, the shown path, the words beside the hit without any hit and without
    any word that has a digit or a capital, and how often that has occurred in the document.
    """
    return hashed("\0".join((rule, path, skeleton, str(occurrence))), 4)


def _written(until: date | datetime | None) -> str:
    if isinstance(until, datetime):
        return until.strftime("%Y-%m-%d %H:%M %Z").strip()
    return until.isoformat() if until else ""
