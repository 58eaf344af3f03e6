"""Plans: the rules in force, and what is made of each when somebody asks."""

from __future__ import annotations

import sys

from leakguard import cache, context, patterns, terms, views
from leakguard import ready as ready_
from leakguard.errors import PackError
from leakguard.light import UTC, Callable, Final, Mapping, Sequence, cast, date, datetime, time
from leakguard.model import Entry, Near, Reach, Rule
from leakguard.ready import Ready

_TELLING: Final = 6  # so many characters in a row may be rare, whatever they are
TERMS: Final = -1  # in the place of a plan's number: whatever plan has terms


# What stands near a name of ordinary words when it is meant as a name.
CUES: Final = Near(
    words=(
        "project", "codename", "code name", "codenamed", "code named", "launch", "launches",
        "launching", "roadmap", "internal", "internally", "release", "unreleased", "unannounced",
        "announce", "announcement", "prototype", "embargo", "stealth", "beta", "nda", "ships",
    )
)  # fmt: skip


class Terms:
    """The terms of a rule. Each is compiled, and looked up among ordinary words, when first met."""

    __slots__ = ("_compiled", "_ordinary", "entries")

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        self.entries = entries
        self._compiled: dict[int, terms.Term] = {}
        self._ordinary: dict[int, bool] = {}

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, index: int) -> terms.Term:
        term = self._compiled.get(index)
        if term is None:
            entry = self.entries[index]
            term = self._compiled[index] = terms.compile_term(entry.term, entry.mode)
        return term

    def are_ordinary(self, index: int) -> bool:
        """Whether a term is made of ordinary words, or its entry says so."""
        known = self._ordinary.get(index)
        if known is None:
            from leakguard.words import is_ordinary  # few have terms

            said = self.entries[index].common
            known = is_ordinary(self[index].parts) if said is None else said
            self._ordinary[index] = known
        return known


class Plan:
    """A rule in force. The rule itself, and what is made from it, are there when asked for."""

    __slots__ = (
        *("_excluded", "_hints", "_now", "_parse", "_pattern", "_rule", "_rules", "_terms"),
        *("_words", "how", "index", "member", "number", "reaches", "ready", "reported"),
    )

    def __init__(
        self,
        number: int,
        ready: Ready,
        rules: Sequence[Rule],
        index: int,
        parse: Callable[[str], patterns.Pattern],
        now: datetime,
        *,
        member: bool,
        reported: bool,
        reaches: frozenset[Reach],
    ) -> None:
        self.number = number
        self.ready = ready
        self.how = ready.looked_for(member=member)
        self.member = member  # another rule asks about its hits, at any cell
        self.reported = reported  # its own findings are wanted
        self.reaches = reaches  # the kinds of bounds that its hits must carry
        self.index = index  # among all rules
        self._rules, self._parse, self._now = rules, parse, now
        self._rule: Rule | None = None
        self._pattern: patterns.Pattern | None = None
        self._terms: Terms | None = None
        self._words: context.Words | None = None
        self._excluded: context.Words | None = None
        self._hints: tuple[frozenset[str], tuple[str, ...]] | None = None

    @property
    def rule(self) -> Rule:
        """The rule itself."""
        if self._rule is None:
            self._rule = self._rules[self.index]
        return self._rule

    @property
    def pattern(self) -> patterns.Pattern | None:
        """Its pattern, if it has one."""
        if self._pattern is None and self.ready.how:
            self._pattern = self._parse(self.rule.pattern)
        return self._pattern

    @property
    def terms(self) -> Terms:
        """Its terms whose embargo still holds."""
        if self._terms is None:
            entries = self.rule.entries if self.ready.has_terms else ()
            if entries and lifted(self.rule.embargo_until, self._now):
                entries = ()
            over = {entry.embargo_until for entry in entries}
            over = {moment for moment in over if lifted(moment, self._now)}
            if over:
                entries = tuple(e for e in entries if e.embargo_until not in over)
            self._terms = Terms(entries)
        return self._terms

    @property
    def words(self) -> context.Words | None:
        """Its context words, if it has any."""
        if self._words is None and self.rule.near:
            self._words = context.compile_words(self.rule.near)
        return self._words

    @property
    def excluded(self) -> context.Words | None:
        """The words beside which a hit is none, if there are any."""
        exclude = self.rule.exclude
        if self._excluded is None and exclude and exclude.near:
            self._excluded = context.compile_words(exclude.near)
        return self._excluded

    @property
    def hints(self) -> tuple[frozenset[str], tuple[str, ...]]:
        """The pieces of its context words: those that are letters and digits alone, and others."""
        if self._hints is None:
            words = self.ready.words
            whole = frozenset(word for word in words if word.isalnum())
            self._hints = whole, tuple(word for word in words if word not in whole)
        return self._hints

    @property
    def keywords(self) -> tuple[str, ...]:
        """The document must hold one of these, folded."""
        return self.ready.keywords


def lifted(moment: date | datetime | None, now: datetime) -> bool:
    """Whether an embargo is over: a bare date, once that day has begun everywhere (12:00 UTC).

    >>> lifted(date(2027, 2, 1), datetime(2027, 2, 1, 11, 59, tzinfo=UTC))
    False
    >>> lifted(date(2027, 2, 1), datetime(2027, 2, 1, 12, 0, tzinfo=UTC))
    True
    """
    if moment is None:
        return False
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(12), tzinfo=UTC)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return now >= moment


def plans_for(
    rules: Sequence[Rule],
    readies: Sequence[Ready],
    now: datetime,
    profile: str,
    parse: Callable[[str], patterns.Pattern],
) -> tuple[Plan, ...]:
    """The rules in force, and those that others ask about; `PackError` where one is missing."""
    members: set[str] = set()
    reaches: dict[str, set[Reach]] = {}
    known = {ready.id for ready in readies}
    for ready in readies:
        for linked, same in ready.links:
            for identity in linked:
                if identity not in known:
                    raise _unknown_rule(ready.id, identity, known)
            members.update(linked)
            if same and same != "document":
                for identity in (ready.id, *linked):
                    reaches.setdefault(identity, set()).add(cast(Reach, same))
    plans: list[Plan] = []
    for index, ready in enumerate(readies):
        member = ready.id in members
        wanted = not ready.strict or profile == "strict"
        if ready.embargo_until and lifted(ready_.moment(ready.embargo_until), now):
            wanted = False
        if not (wanted or member):
            continue
        plans.append(
            Plan(
                len(plans), ready, rules, index, parse, now,
                member=member, reported=wanted, reaches=frozenset(reaches.get(ready.id, ())),
            )
        )  # fmt: skip
    return tuple(plans)


def mark_of(plans: Sequence[Plan]) -> str:
    """What the cache calls that there is a sieve for such rules.

    What its own name is made from takes longer to gather than some pages to screen.
    """
    return cache.key(b"sieve", *(plan.ready.id.encode() for plan in plans if plan.ready.how))


def looks_inside(plan: Plan) -> bool:
    """Whether a rule looks at texts, and not at paths alone."""
    ready = plan.ready
    return bool(ready.how or ready.has_terms or ready.members or ready.weighs)


def sight_of(plan: Plan) -> int:
    """How far round a candidate's start and end what decides about it can stand."""
    own, asks = plan.ready.sight
    return own + max(asks, context.PARAGRAPH_REACH if plan.reaches else 0)


def _unknown_rule(asking: str, asked: str, known: set[str]) -> PackError:
    from difflib import get_close_matches

    close = get_close_matches(asked, sorted(known), 1)
    return PackError(
        f'rule "{asking}" refers to "{asked}", which is in no pack in force',
        hint=f'did you mean "{close[0]}"?' if close else "add the pack that has it with --pack",
    )


def in_order(composites: list[Plan], by_id: Mapping[str, Plan]) -> tuple[Plan, ...]:
    """Composites after the composites they are made of. Raises `PackError` on a cycle."""
    done: dict[str, Plan] = {}
    path: list[str] = []

    def visit(plan: Plan) -> None:
        identity = plan.ready.id
        if identity in path:
            ring = " → ".join([*path[path.index(identity) :], identity])
            raise PackError(f"rules are made of each other: {ring}", hint="break the circle")
        if identity in done or not plan.ready.members:
            return
        path.append(identity)
        for member in plan.ready.members:
            visit(by_id[member])
        path.pop()
        done[identity] = plan

    for plan in composites:
        visit(plan)
    return tuple(done.values())


def deciding(numbers: set[int], plans: Sequence[Plan], by_id: Mapping[str, Plan]) -> set[int]:
    """Some plans, by number, with all whose hits decide whether theirs are findings."""
    found: set[int] = set()
    waiting = list(numbers)
    while waiting:
        plan = plans[waiting.pop()]
        if plan.number in found:
            continue
        found.add(plan.number)
        waiting += (by_id[linked].number for links, _ in plan.ready.links for linked in links)
        if plan.ready.weighs:
            waiting += range(len(plans))
        if plan.ready.yields:
            waiting += range(len(plans))
    return found


def pattern_of(plan: Plan) -> patterns.Pattern:
    """The pattern of a rule that has one."""
    assert plan.pattern is not None
    return plan.pattern


def sees_lines(plan: Plan) -> bool:
    """Whether its pattern sees the view that keeps line ends."""
    return plan.pattern is not None and plan.pattern.lines


def extent(plan: Plan) -> tuple[int, int]:
    """Width of the longest candidate and how far it looks, in characters of the view."""
    width = widest(plan)
    if plan.ready.weighs:
        from leakguard import weights  # few ask how far

        return 2 * weights.REACH, weights.REACH
    if plan.pattern is None:
        return width, 4
    return max(width, plan.pattern.width), max(plan.pattern.before, plan.pattern.after)


def spreads(plans: Sequence[Plan]) -> dict[int, int]:
    """How far from where a plan is nominated its findings, and their evidence, may reach.

    A composite spans all that lies between its members.
    """
    between: dict[str, int] = {}
    for of in (plan.rule.of for plan in plans if plan.rule.of):
        bounded = of.same in ("line", "sentence", "paragraph")
        far = of.within or (context.PARAGRAPH_REACH if bounded else sys.maxsize)
        for identity in (*of.all, *of.any):
            between[identity] = max(between.get(identity, 0), far)
    found = {TERMS: 0}
    for plan in plans:
        far = sum(extent(plan)) + 2 * context.reach_of(plan.rule.near) + views.LOCAL
        found[plan.number] = far + between.get(plan.rule.id, 0)
        if len(plan.terms):
            found[TERMS] = max(found[TERMS], found[plan.number])
    return found


def widest(plan: Plan) -> int:
    """Characters of the longest of its terms."""
    return terms.widest(plan.terms.entries) if plan.ready.has_terms else 0


def by_column(plan: Plan) -> bool:
    """Whether nothing but the name of a table's column can make a hit of this rule."""
    return plan.how == "column"


def by_words(plan: Plan) -> bool:
    """Whether to look for context words in much text: what the pattern matches is everywhere."""
    if plan.how != "near" or plan.ready.keyed:
        return False
    pattern = pattern_of(plan)
    return not pattern.digits and pattern.least < _TELLING


def is_common(plan: Plan) -> bool:
    """Whether a pattern is met often in much text: what is spelt out is rare."""
    return not plan.ready.keyed or pattern_of(plan).digits > 0


def near_document(plan: Plan) -> bool:
    """Whether its context words may stand anywhere in the document."""
    return plan.ready.document


def silent_alone(plan: Plan) -> bool:
    """Whether a hit without context words is neither a finding nor anybody's business."""
    return plan.ready.silent and not plan.member


def checked_by(check: str, value: str) -> bool | None:
    """What a check says of a value; None where there is no check."""
    if not check:
        return None
    from leakguard.checks import CHECKS  # most runs have no candidate to check

    return CHECKS[check](value)
