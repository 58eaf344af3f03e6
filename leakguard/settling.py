"""Settling: what the whole of a document decides: counts, other rules, words anywhere in it."""

from __future__ import annotations

from itertools import accumulate

from leakguard.judging import cell_of
from leakguard.light import Iterable, Mapping, Sequence, bisect_left, bisect_right
from leakguard.model import Confidence, Finding, Requires, Severity, Span
from leakguard.places import joined
from leakguard.plans import Plan
from leakguard.records import replace
from leakguard.search import RULE_CAP, Found, Hit, Kept, State, order


class Settler:
    """Settles what a pass over a document has gathered. `composites` are in order."""

    def __init__(
        self, plans: Sequence[Plan], by_id: Mapping[str, Plan], composites: Sequence[Plan]
    ) -> None:
        self._plans = plans
        self._by_id = by_id
        self._composites = composites

    def settle(self, state: State, failed: Exception | None) -> Found:
        """What was found, once the document has ended."""
        for index, words in state.words.items():
            self._apply_document_words(self._plans[index], words, state)
        for plan in self._plans:
            if plan.keywords and plan.number not in state.keywords:
                state.kept[plan.number] = []
        self.compose_all(state)
        standing = [
            (p, self._standing(p, state))
            for p in self._plans
            if p.reported and state.kept[p.number]
        ]
        told = [(p, kept) for p, kept in standing if not p.ready.weighs]
        hits: list[tuple[tuple[int, int, str, int], Hit]] = []
        dropped = 0
        for plan, kept in standing:
            if plan.rule.yields:
                kept = _left_by(plan, kept, told)
            if plan.ready.weighs:
                kept = _apart(kept, told)
            if kept:
                dropped += state.dropped[plan.number]
            hits += [(order(k.finding), Hit(k.finding, k.sight)) for k in kept]
        hits.sort(key=lambda pair: pair[0])
        return Found(tuple(hit for _, hit in hits), dropped, tuple(state.overtime), failed)

    def compose_all(self, state: State) -> None:
        """Make what is made of other hits."""
        for plan in self._composites:
            state.kept[plan.number] = self._compose(plan, state)

    def _apply_document_words(self, plan: Plan, words: Mapping[str, Span], state: State) -> None:
        evidence = tuple(sorted(words.values()))
        settled = []
        for kept in state.kept[plan.number]:
            cell = cell_of(plan, kept.finding.cell in ("checked", "full"), words)
            sure = plan.rule.confidence[cell]
            finding = replace(kept.finding, cell=cell, confidence=sure, evidence=evidence)
            settled.append(kept._replace(finding=finding))
        state.kept[plan.number] = settled

    def _standing(self, plan: Plan, state: State) -> list[Kept]:
        """The hits of a rule that are findings after all."""
        rule = plan.rule
        kept = [k for k in state.kept[plan.number] if k.finding.confidence > Confidence.NONE]
        if plan.member or rule.of:
            kept = _outermost(kept)
        if rule.requires:
            kept = [k for k in kept if self._required(rule.requires, k, state)]
        if rule.count and kept:
            distinct = len(state.values[plan.number])
            if distinct < rule.count.at_least:
                return []
            if rule.count.escalate and distinct >= rule.count.escalate and rule.count.to:
                worse = max(rule.count.to, rule.severity)
                kept = [k._replace(finding=replace(k.finding, severity=worse)) for k in kept]
        return kept

    def _required(self, requires: Requires, kept: Kept, state: State) -> bool:
        def there(identity: str) -> bool:
            others = state.kept[self._by_id[identity].number]
            return any(_together(requires, kept, other) for other in others)

        return (
            all(there(identity) for identity in requires.all)
            and (not requires.any or any(there(identity) for identity in requires.any))
            and not any(there(identity) for identity in requires.none)
        )

    def _compose(self, plan: Plan, state: State) -> list[Kept]:
        """The hits of a composite: for each hit of its first member, the nearest of the others."""
        of = plan.rule.of
        if of is None:
            return []
        made: list[Kept] = []
        anchors = of.all[:1] or of.any
        starts = [k for identity in anchors for k in state.kept[self._by_id[identity].number]]
        for anchor in sorted(starts, key=lambda k: order(k.finding)):
            if not self._required(of, anchor, state):
                continue
            members = [anchor]
            for identity in (*of.all[1:], *(of.any if of.all else ())):
                others = state.kept[self._by_id[identity].number]
                near = [o for o in others if _together(of, anchor, o)]
                if near:
                    members.append(min(near, key=lambda o: _distance(anchor, o)))
            first = min(members, key=lambda k: k.finding.span.start)
            last = max(members, key=lambda k: k.finding.span.end)
            made.append(
                Kept(
                    Finding(
                        rule=plan.rule.id,
                        span=Span(first.finding.span.start, last.finding.span.end),
                        place=joined(first.finding.place, last.finding.place),
                        confidence=plan.rule.confidence["full"],
                        cell="full",
                        severity=plan.rule.severity,
                        evidence=tuple(sorted({k.finding.span for k in members})),
                    ),
                    first.sight,
                    anchor.bounds,
                )
            )
            if len(made) >= RULE_CAP:
                break
        return _outermost(made)


def _outermost(kept: list[Kept]) -> list[Kept]:
    """Without those inside another, or equal to an earlier one."""
    far = -1
    outer = []
    for k in sorted(kept, key=lambda k: order(k.finding)):
        if k.finding.span.end > far:
            far = k.finding.span.end
            outer.append(k)
    return outer


def _left_by(
    plan: Plan, kept: list[Kept], standing: Sequence[tuple[Plan, list[Kept]]]
) -> list[Kept]:
    """Of the hits of a rule that yields those that other rules leave to it.

    Of two that are the same, and both yield, the one whose rule comes first stays.
    """
    first = [k for other, some in standing for k in some if _comes_before(other, plan)]
    later = [k for other, some in standing for k in some if _comes_before(plan, other)]
    return _not_inside(_not_inside(kept, first), later, larger=True)


def _apart(kept: list[Kept], told: Sequence[tuple[Plan, list[Kept]]]) -> list[Kept]:
    """Without the sentences of which another rule tells something."""
    others = sorted(k.finding.span for _, some in told for k in some)
    ends = [0, *accumulate((span.end for span in others), max)]
    return [
        k
        for k in kept
        if ends[bisect_left(others, k.finding.span.end, key=lambda span: span.start)]
        <= k.finding.span.start
    ]


def _comes_before(one: Plan, other: Plan) -> bool:
    return (one.rule.yields, one.number) < (other.rule.yields, other.number)


def _not_inside(kept: list[Kept], others: Iterable[Kept], *, larger: bool = False) -> list[Kept]:
    """Without the hits that lie inside one of `others` that is as sure and as bad."""
    by_level: dict[tuple[Confidence, Severity], list[Span]] = {}
    for other in others:
        finding = other.finding
        by_level.setdefault((finding.confidence, finding.severity), []).append(finding.span)
    for (confidence, severity), spans in by_level.items():
        spans.sort()
        starts = [span.start for span in spans]
        reach = [0, *accumulate((span.end for span in spans), max)]  # of what begins up to there
        left = []
        for k in kept:
            (start, end), finding = k.finding.span, k.finding
            around = reach[bisect_left(starts, start)] >= end
            around = around or reach[bisect_right(starts, start)] >= end + larger
            if not around or finding.confidence > confidence or finding.severity > severity:
                left.append(k)
        kept = left
    return kept


def _together(link: Requires, one: Kept, other: Kept) -> bool:
    if link.same == "document":
        return True
    if link.lines is not None or link.columns is not None:
        a, b = one.finding.place, other.finding.place
        rows = abs((a.line or 0) - (b.line or 0))
        columns = abs((a.column or 0) - (b.column or 0))
        near = link.lines is None or rows <= link.lines
        return near and (link.columns is None or columns <= link.columns)
    span = other.finding.span
    if link.same:
        bounds = one.bounds[link.same]
        return bounds.start <= span.start and span.end <= bounds.end
    return _distance(one, other) <= (link.within or 0)


def _distance(one: Kept, other: Kept) -> int:
    a, b = one.finding.span, other.finding.span
    return max(0, b.start - a.end, a.start - b.end)
