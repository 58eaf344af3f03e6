"""Judging: whether a candidate is a finding, and what its surroundings make of it.

    path, entropy, allowlists → check → context → cell → scopes → exclude

What costs most is asked last: labels, above all, are made when somebody asks for them.
"""

from __future__ import annotations

from leakguard import allowing, context, patterns, terms, views
from leakguard import ready as ready_
from leakguard.light import (
    Any,
    Callable,
    Container,
    Final,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
    bisect_left,
    bisect_right,
)
from leakguard.model import Cell, Confidence, Finding, Heading, Near, Reach, Rule, Span, Target
from leakguard.places import Ruler
from leakguard.plans import CUES, Plan, checked_by
from leakguard.programs import TIME_LIMIT, Programs
from leakguard.search import RULE_CAP, Candidate, Kept, Look, Search, State, Stretch
from leakguard.views import value_key
from leakguard.windows import Window, scopes_of

DOCUMENT_CAP: Final = 10_000


class Judge:
    """Asks about candidates what their rules ask. Thread-safe."""

    def __init__(self, programs: Programs) -> None:
        self._programs = programs
        self._stopwords = allowing.Stopwords()
        self._cues = context.compile_words(CUES)

    def judge(
        self,
        candidate: Candidate,
        search: Search,
        ruler: Ruler,
        state: State,
        look: Look | None,
        hits: Sequence[Span] | None = None,
    ) -> None:
        """Keep a candidate that is a finding; `hits` are all of its window where they are known."""
        plan, rule = candidate.plan, candidate.plan.rule
        window, name = search.window, search.name
        value = candidate.view.text[candidate.first : candidate.last]
        if rule.entropy and allowing.entropy(value) <= rule.entropy:
            return
        if state.where.rules_out(rule) or (
            rule.allowlists and self._is_allowed(rule, candidate, window, state)
        ):
            return
        checked = checked_by(rule.check, value)
        if checked is False:
            return
        cell, evidence = self._cell(plan, checked, candidate, window, name)
        confidence = rule.confidence[cell] if cell != "term" else rule.confidence["bare"]
        best = _best_later(plan.rule, confidence)
        if best is Confidence.NONE and not plan.member:
            return
        if not self._in_scope(rule, candidate, window):
            return  # asked late: labels are only made when somebody asks
        if rule.exclude and self._is_excluded(plan, candidate, search):
            return
        entry = None
        if candidate.entry >= 0:
            term, entry = plan.terms[candidate.entry], plan.terms.entries[candidate.entry].id
            if plan.terms.are_ordinary(candidate.entry):
                plainly, cues = self._reads_as_prose(term, candidate, window, name)
                evidence = (*evidence, *cues)
                confidence = min(confidence, Confidence.LOW) if plainly else confidence
        offset = window.begin.offset
        span = Span(candidate.start + offset, candidate.end + offset)
        if best > Confidence.NONE and not plan.member:
            if span.end <= state.far.get(plan.number, -1):
                return  # inside a survivor of the same rule, or equal to it
            state.far[plan.number] = span.end
        if rule.count:
            wanted = max(rule.count.at_least, rule.count.escalate or 0)
            if len(state.values[plan.number]) < wanted and best > Confidence.NONE:
                known = f"t{entry}" if entry is not None else value_key(value)
                state.values[plan.number].add(hash(known))
        if len(state.kept[plan.number]) >= RULE_CAP or state.total >= DOCUMENT_CAP:
            state.dropped[plan.number] += best > Confidence.NONE
            return
        state.total += 1
        finding = Finding(
            rule=rule.id,
            span=span,
            place=ruler.place(span),
            confidence=confidence,
            cell=cell,
            severity=rule.severity,
            entry=entry,
            evidence=tuple(Span(e.start + offset, e.end + offset) for e in evidence),
            sample=bool(rule.samples) and _is_sample(rule.samples, value_key(value)),
        )
        state.kept[plan.number].append(
            Kept(
                finding,
                _looked(look, window, candidate, hits)
                if look and plan.reported and best > Confidence.NONE
                else None,
                _bounds(plan, candidate, window),
            )
        )

    def steps(
        self, candidate: Candidate, search: Search, state: State, steps: list[tuple[str, str]]
    ) -> Confidence | None:
        """What `_judge` does, in words: the steps are added as they are taken."""
        plan, rule, window = candidate.plan, candidate.plan.rule, search.window
        value = candidate.view.text[candidate.first : candidate.last]
        if rule.scopes or (rule.exclude and rule.exclude.scopes):
            offset = window.begin.offset
            at = scopes_of(window.labels.known, candidate.start + offset, candidate.end + offset)
            stands = " ".join(sorted(at))
            if not self._in_scope(rule, candidate, window):
                steps.append(("scope", f"{stands}: the rule does not look there"))
                return None
            steps.append(("scope", f"{stands}: the rule looks there"))
        if rule.entropy and allowing.entropy(value) <= rule.entropy:
            steps.append(("entropy", f"not above {rule.entropy}"))
            return None
        if rule.weights:
            steps.append(("weights", f"{rule.weights}: the sentence weighs enough"))
        if rule.allowlists and self._is_allowed(rule, candidate, window, state):
            steps.append(("allowlist", "of the rule: allowed"))
            return None
        checked = checked_by(rule.check, value)
        if checked is not None:
            steps.append(("check", f"{rule.check}: {'passed' if checked else 'failed'}"))
        if checked is False:
            return None
        cell, evidence = self._cell(plan, checked, candidate, window, search.name)
        confidence = rule.confidence[cell if cell != "term" else "bare"]
        if rule.near:
            steps.append(("context", f"{len(evidence)} of its words near"))
        steps.append(("cell", f"{cell}: {confidence} confidence"))
        if confidence is Confidence.NONE and _best_later(rule, confidence) is Confidence.NONE:
            return None
        if rule.exclude and self._is_excluded(plan, candidate, search):
            steps.append(("exclude", "it is what the rule leaves out"))
            return None
        if candidate.entry >= 0 and plan.terms.are_ordinary(candidate.entry):
            plainly, cues = self._reads_as_prose(
                plan.terms[candidate.entry], candidate, window, search.name
            )
            how = "reads as prose" if plainly else "a cue is near" if cues else "written as a name"
            confidence = min(confidence, Confidence.LOW) if plainly else confidence
            steps.append(("common", f"ordinary words, {how}: {confidence} confidence"))
        return confidence

    def _in_scope(self, rule: Rule, candidate: Candidate, window: Window) -> bool:
        banned = rule.exclude.scopes if rule.exclude else frozenset[str]()
        if not rule.scopes and not banned:
            return True
        offset = window.begin.offset
        stands = scopes_of(window.labels.known, candidate.start + offset, candidate.end + offset)
        return not stands & banned and (not rule.scopes or bool(stands & rule.scopes))

    def _is_allowed(self, rule: Rule, candidate: Candidate, window: Window, state: State) -> bool:
        view, (first, last) = candidate.view, candidate.outer

        def line() -> str:
            begin, end = view.edge(first), max(view.edge(last - 1) + 1, candidate.end)
            span = context.bounds("line", window.text, begin, end)
            return window.text[span.start : span.end]

        texts: dict[Target, Callable[[], str]] = {
            "hit": lambda: view.text[candidate.first : candidate.last],
            "match": lambda: view.text[first:last],
            "line": line,
        }
        return allowing.allowed(rule, texts, state.where, self._programs.of, self._stopwords)

    def _is_excluded(self, plan: Plan, candidate: Candidate, search: Search) -> bool:
        exclude = plan.rule.exclude
        if exclude is None:
            return False
        window, name = search.window, search.name
        view, first, last = candidate.view, candidate.first, candidate.last
        if exclude.values and value_key(view.text[first:last]) in exclude.values:
            return True
        if any(
            self._programs.of(shape).fullmatch(view.text, first, last) for shape in exclude.patterns
        ):
            return True
        if exclude.near and plan.excluded:
            headings = self._headings(candidate, window)
            sides = _sides(exclude.near, candidate, window, headings)
            words = set(context.seen(plan.excluded, name, sides))
            for heading in headings:
                words |= context.told(plan.excluded, heading.text)
            if len(words) >= exclude.near.at_least:
                return True
        known = search.shapes_in(view)
        return any(
            self._is_inside(shape, view.text, first, last, known) for shape in exclude.inside
        )

    def _is_inside(
        self, shape: str, text: str, first: int, last: int, known: dict[str, Stretch]
    ) -> bool:
        """Whether a match of an exclusion reaches over `text[first:last]`.

        Where hits stand close together, each continues the search of the one before.
        """
        pattern = self._programs.pattern(shape)
        begin = max(0, first - ready_.INSIDE_REACH, last - pattern.width)
        stretch = known.get(shape)
        if stretch is None or not stretch.begin <= begin <= stretch.done:
            stretch = known[shape] = Stretch(begin)
        if stretch.done <= first:
            last_start = first + ready_.INSIDE_REACH  # the next hit is likely to be near
            for start, end in patterns.find(
                self._programs.of(shape),
                text,
                stretch.done,
                last_start,
                pattern,
                timeout=TIME_LIMIT,
            ):
                stretch.starts.append(start)
                stretch.ends.append(end)
            stretch.done = last_start + 1
        low, high = bisect_left(stretch.starts, begin), bisect_right(stretch.starts, first)
        return any(end >= last for end in stretch.ends[low:high])

    def _cell(
        self,
        plan: Plan,
        checked: bool | None,
        candidate: Candidate,
        window: Window,
        name: views.View,
    ) -> tuple[Cell, tuple[Span, ...]]:
        near = plan.rule.near
        if near is None or plan.words is None:
            if candidate.entry >= 0:
                return "term", ()
            return ("checked" if checked else "bare"), ()
        if near.same == "document":
            return ("checked" if checked else "bare"), ()
        headings = self._headings(candidate, window)
        found = context.seen(plan.words, name, _sides(near, candidate, window, headings))
        for heading in headings:
            span = Span(*(edge - window.begin.offset for edge in heading.span))
            for word in context.told(plan.words, heading.text):
                found.setdefault(word, span)
        return cell_of(plan, checked, found), tuple(sorted(found.values()))

    def _headings(self, candidate: Candidate, window: Window) -> set[Heading]:
        """What stands over the cells that a candidate touches."""
        offset = window.begin.offset
        if not may_be_cells(window, candidate):
            return set()
        labels = window.labels.under(candidate.start + offset, candidate.end + offset)
        return {label.over for label in labels if label.over}

    def _reads_as_prose(
        self, term: terms.Term, candidate: Candidate, window: Window, name: views.View
    ) -> tuple[bool, tuple[Span, ...]]:
        """Whether ordinary words stand here as ordinary words, and the cues that say otherwise."""
        start, end = candidate.start, candidate.end
        if _looks_like_a_name(term, candidate, window.text):
            return False, ()
        cues = context.seen(self._cues, name, context.around(CUES, window.text, start, end))
        return not cues, tuple(sorted(cues.values()))


def may_be_cells(window: Window, candidate: Candidate) -> bool:
    """Whether a hit may stand in cells of a table: in prose these are between bars, in a line."""
    if not window.labels.in_prose:
        return True
    text = window.text
    start = max(text.rfind(end, 0, candidate.start) for end in "\r\n") + 1
    stops = [at for end in "\r\n" if (at := text.find(end, candidate.end)) >= 0]
    return text.find("|", start, min(stops, default=len(text))) >= 0


def _sides(
    near: Near, candidate: Candidate, window: Window, headings: Iterable[Heading]
) -> Iterator[Span]:
    """Where context words may stand: in a table no further than the row."""
    start, end = candidate.start, candidate.end
    row = context.bounds("line", window.text, start, end) if headings else None
    for side in context.around(near, window.text, start, end):
        if row:
            side = Span(max(side.start, row.start), min(side.end, row.end))
        if side.start < side.end:
            yield side


def _bounds(plan: Plan, candidate: Candidate, window: Window) -> Mapping[Reach, Span]:
    """The line, sentence or paragraph that a hit stands in, where a rule asks for it."""
    offset = window.begin.offset
    found: dict[Reach, Span] = {}
    for reach in plan.reaches:
        span = context.bounds(reach, window.text, candidate.start, candidate.end)
        found[reach] = Span(span.start + offset, span.end + offset)
    return found


def _is_sample(samples: Container[str], key: str) -> bool:
    """Whether a value is published as a sample, alone or with all that begin alike (`4000*`)."""
    return key in samples or any(f"{key[:end]}*" in samples for end in range(1, len(key)))


def _best_later(rule: Rule, now: Confidence) -> Confidence:
    """The confidence a hit may still reach when the document has ended."""
    if rule.near is None or rule.near.same != "document":
        return now
    return max([now, *(rule.confidence.get(cell, now) for cell in ("near", "full"))])


def cell_of(plan: Plan, checked: bool | None, found: Mapping[str, Span]) -> Cell:
    """The cell of a hit beside which these context words stand."""
    near, words = plan.rule.near, plan.words
    assert near is not None
    assert words is not None
    if plan.rule.check:
        enough = len(found) >= near.at_least
        if checked:
            return "full" if enough else "checked"
        return "near" if enough else "bare"
    if not found:
        return "bare"
    strong = any(word in words.strong for word in found)
    if strong or (near.at_least > 1 and len(found) >= near.at_least):
        return "full"
    return "near"


def _looked(look: Look, window: Window, candidate: Candidate, hits: Sequence[Span] | None) -> Any:
    """What may be kept of the text round a hit: in a table no more than the hit.

    What stands in the cells beside it only their columns could tell, and a look has no columns.
    """
    start, end = candidate.start, candidate.end
    if may_be_cells(window, candidate):
        return look(window.text[start:end], 0, end - start, ())
    return look(window.text, start, end, hits)


def _looks_like_a_name(term: terms.Term, candidate: Candidate, source: str) -> bool:
    """Whether a term is written like a name, in the source or in a derived view of it."""
    if terms.looks_like_a_name(term, source, candidate.start, candidate.end):
        return True
    view, maker = candidate.view, candidate.maker
    return maker is not None and (
        maker.disguise or terms.looks_like_a_name(term, view.text, candidate.first, candidate.last)
    )
