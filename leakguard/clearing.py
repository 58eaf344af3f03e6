"""Much text: what tells of many texts at once that nothing is found in them.

Of one in which something may be found it tells where. It is made when so much is to be screened
that it is worth while: a sieve for patterns, a gate for terms, both of Hyperscan.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from leakguard import allowing, cache, context, patterns
from leakguard.engines import hyper
from leakguard.engines.gate import Gate
from leakguard.engines.hyper import Nomination, Sieve, Wanted
from leakguard.headings import Headings
from leakguard.light import expression
from leakguard.model import Confidence
from leakguard.needs import merged
from leakguard.places import Position
from leakguard.plans import (
    Plan,
    by_column,
    by_words,
    checked_by,
    is_common,
    looks_inside,
    pattern_of,
    silent_alone,
)
from leakguard.programs import Programs
from leakguard.records import NamedTuple
from leakguard.search import Search, State, Whole
from leakguard.windows import Labels, Window

# What a pattern matches from starts in some ranges: each hit, and the whole match.
Matched = Callable[
    [Plan, "list[tuple[int, int]]", Search, "Nomination | None"],
    "Iterator[tuple[int, int, tuple[int, int]]]",
]

# Words in clear, no two of one letter side by side: no derived view shows more there.
_CLEAR: Final = expression(
    r"(?s)(?!.*(?<![A-Za-z])[A-Za-z][ \n-][A-Za-z](?![A-Za-z]))"
    r"(?:[A-Za-z ,;:]|\.(?![A-Za-z])|[-\n](?=[A-Za-z]))*"
)
# Between the letters of a hit nothing that a derived view takes off, or reads in another way.
_INERT: Final = expression(r"[A-Za-z]{2,}(?:(?:_| ?[./(),:;-] ?| {0,3})[A-Za-z]{2,})*")


class Nominated(NamedTuple):
    """A stretch of a text, code points, where terms may stand, and how.

    A term is the number of a plan, and its own among the terms of that. `spelt`: in a code, or it
    is not known how. `in_clear`: with nothing between that hides any of it.
    """

    start: int
    stop: int
    terms: tuple[tuple[int, int], ...]
    spelt: bool
    in_clear: bool


class Clearing:
    """Thread-safe. Texts are cleared by what is `made` for patterns and terms alike.

    `matched` is how a pattern is tried. Sieves of `public` patterns are kept in the cache, `shelf`.
    """

    def __init__(
        self,
        plans: Sequence[Plan],
        composites: Sequence[Plan],
        programs: Programs,
        matched: Matched,
        *,
        public: Container[str],
        shelf: str,
    ) -> None:
        self._plans, self._composites, self._programs = plans, composites, programs
        self._matched = matched
        self._public, self._shelf = public, shelf
        self._headings = Headings(plans)
        self._heeds_headings = any(plan.ready.heeds for plan in plans)
        self._named = tuple(p for p in plans if p.ready.has_path and not looks_inside(p))
        self._has_patterns = any(plan.ready.how for plan in plans)
        self._terms = tuple((p.number, entry) for p in plans for entry in range(len(p.terms)))
        self._sieves: tuple[Sieve, ...] | None = None
        self._gate: Gate | None = None

    # making ─────────────────────────────────────────────────────────────────────────────────────

    def make(self, *, much: bool) -> None:
        """Make ready what does not take longer than some megabytes do without; if `much`, all."""
        if self._terms:
            self.gate()
        if self._has_patterns:
            shelf, public = self._wanted()[0]
            if much or cache.holds(shelf, hyper.name_of(public)):
                self.sieves()

    @property
    def is_made(self) -> bool:
        """Whether what takes long to make is there."""
        return (self._sieves if self._has_patterns else self._gate) is not None

    def gate(self) -> Gate:
        """The gate of these rules' terms; made when first asked for."""
        if self._gate is None:
            entries = [entry for plan in self._plans for entry in plan.terms.entries]
            self._gate = Gate(entries, self._shelf)
        return self._gate

    def sieves(self) -> tuple[Sieve, ...]:
        """The sieves of these rules' patterns; made when first asked for."""
        if self._sieves is None:
            self._sieves = tuple(
                Sieve.kept(shelf, wanted) for shelf, wanted in self._wanted() if wanted
            )
        return self._sieves

    def _wanted(self) -> list[tuple[str, list[Wanted]]]:
        """What sieves must know of patterns: of those that may lie in the cache, and of others.

        Only headings lead to some.
        """
        public, private = list[Wanted](), list[Wanted]()
        for plan in self._plans:
            if plan.pattern is None or by_column(plan):
                continue
            phrase = context.longest(plan.rule.near)  # of which pieces are looked for
            before, after = context.sides_of(plan.rule.near)
            wanted = Wanted(
                plan.number,
                plan.pattern.source,
                plan.pattern.lines,
                plan.pattern.width + plan.pattern.after,
                plan.ready.words if silent_alone(plan) and is_common(plan) else (),
                before + phrase,
                after + phrase,
                by_words(plan),
            )
            (public if plan.pattern.source in self._public else private).append(wanted)
        return [(self._shelf, public), ("", private)]

    # many texts ─────────────────────────────────────────────────────────────────────────────────

    def clear(self, texts: Mapping[int, Whole]) -> set[int]:
        """The numbers of those of some texts that surely hold nothing that is looked for.

        Of the others nothing is said.
        """
        clear = set(texts)
        if self._terms:
            # The name first: what is between the two is no wrap, and joins nothing.
            data = [b"%b\n\n%b" % (text.name.encode(), text.data) for text in texts.values()]
            numbers = list(texts)
            clear.difference_update(numbers[index] for index in self.gate().standing(data))
        if self._has_patterns:
            clear &= self._without_patterns({number: texts[number] for number in clear})
        return clear

    def _without_patterns(self, texts: Mapping[int, Whole]) -> set[int]:
        """Those in which no pattern matches that says something where it does."""
        searches: list[tuple[int, Search]] = []
        clear = set[int]()
        for number, text in texts.items():
            own = [
                self._search_of(text, *one) for one in (("path", text.name), (text.kind, text.text))
            ]
            if all(own):
                clear.add(number)
                searches += [(number, search) for search in own if search]
        sieves = self.sieves()
        met = [sieve.met([search.texts for _, search in searches]) for sieve in sieves]
        for (number, search), *one in zip(searches, *met, strict=True):
            ways = zip(sieves, one, strict=True)
            nominated = chain.from_iterable(sieve.nominated(m, search.told) for sieve, m in ways)
            if number in clear and self._may_find(search, nominated):
                clear.discard(number)
        return clear

    def _search_of(self, whole: Whole, kind: str, text: str) -> Search | None:
        """One of a text, or of its name, for a sieve; None where that cannot tell all of it."""
        if kind == "table":
            return None
        state = State(allowing.Where(whole.origin, self._programs.of), kind)
        if kind == "path" and any(state.where.holds(plan.rule.path) for plan in self._named):
            return None
        search = Search(Window(text, Position(), 0, len(text) + 1, Labels(None)), state)
        if kind in ("markdown", "mdx") and self._heeds_headings:
            search.window.labels.note(text)
        if not self.can_tell(search):
            return None
        self._sift_with(search)
        return search

    def _may_find(self, search: Search, nominations: Iterable[Nomination]) -> bool:
        """Whether a nomination may make a finding, by itself or with others."""
        met = set[str]()
        chosen = ((self._plans[n.rule], self._starts(n, search), n) for n in nominations)
        # Those that only a heading leads to are looked for everywhere, and not in its cells.
        led = (plan for head in search.window.labels.heads for plan in self._headings.led_to(head))
        others = (
            (plan, search.seen(plan).starts(pattern_of(plan), [search.block(plan)]), None)
            for plan in chain(self._missed(), led)
        )
        for plan, ranges, nomination in chain(chosen, others):
            if search.state.where.rules_out(plan.rule):
                continue
            try:
                for begin, end, _ in self._matched(plan, merged(ranges), search, nomination):
                    if self._may_say(plan, search, begin, end):
                        return True
                    if plan.member:
                        met.add(plan.ready.id)
            except TimeoutError:
                return True
        return bool(met) and self._makes_one(met)

    def _may_say(self, plan: Plan, search: Search, begin: int, end: int) -> bool:
        """Whether a hit may be a finding without the help of other hits."""
        rule, value = plan.rule, search.text_of(plan)[begin:end]
        if rule.entropy and allowing.entropy(value) <= rule.entropy:
            return False
        alone = "checked" if checked_by(rule.check, value) else "bare"
        if rule.confidence.get(alone, Confidence.HIGH) > Confidence.NONE:
            return True
        if rule.near is None:
            return False
        if rule.near.same == "document" or search.may_have_word(plan, begin, end):
            return True
        heads = map(context.spelt_out, search.window.labels.heads)
        return plan.words is not None and any(map(plan.words.stand_in, heads))

    def _makes_one(self, met: set[str]) -> bool:
        """Whether some rule is made of others that are met, as far as that can be told."""
        for plan in self._composites:
            of = plan.rule.of
            if of and met.issuperset(of.all) and (not of.any or not met.isdisjoint(of.any)):
                if plan.reported and plan.rule.confidence["full"] > Confidence.NONE:
                    return True
                met.add(plan.ready.id)
        return False

    def can_tell(self, search: Search) -> bool:
        """Whether a sieve can look for patterns in a window."""
        text = search.texts.shown() if self._has_patterns else ""
        return text.isascii() or not any(odd in text for odd in patterns.ODD)

    # one text ───────────────────────────────────────────────────────────────────────────────────

    def sift(
        self, search: Search
    ) -> Iterator[tuple[Plan, list[tuple[int, int]], Nomination | None]]:
        """The plans whose patterns may match in a window, the starts, and what is known more.

        But those that nothing leads to but the heading of a table.
        """
        self._sift_with(search)
        for sieve in self.sieves():
            (met,) = sieve.met([search.texts])
            for nomination in sieve.nominated(met, search.told):
                yield self._plans[nomination.rule], self._starts(nomination, search), nomination
        for plan in self._missed():
            yield plan, [search.block(plan)], None

    def _missed(self) -> Iterator[Plan]:
        """Those that no sieve can look for."""
        return map(self._plans.__getitem__, chain.from_iterable(s.missed for s in self.sieves()))

    def _sift_with(self, search: Search) -> None:
        """Have a search go by what sieves say."""
        search.sifted, labels = True, search.window.labels
        told = {plan.number for head in labels.heads for plan in self._headings.told_by(head)}
        search.told = told if labels.in_prose else None

    def _starts(self, nomination: Nomination, search: Search) -> list[tuple[int, int]]:
        """Where matches may start of a rule that is nominated."""
        ranges, plan = nomination.starts(), self._plans[nomination.rule]
        return search.seen(plan).starts(pattern_of(plan), ranges) if nomination.by_words else ranges

    def terms(self, text: str, *, likely: bool = False) -> Iterator[Nominated]:
        """Where terms may stand in a text, in order; `likely` that some do."""
        if not self._terms:
            return
        data = text.encode("utf-8", "surrogatepass")
        places = self.gate().places(data, likely=likely)
        at = None
        if len(data) != len(text):
            at = hyper.points(data, {edge for p in places for edge in (p.start, p.stop)})
        for place in places:
            start, stop = (at[place.start], at[place.stop]) if at else place[:2]
            terms = tuple(map(self._terms.__getitem__, place.terms))
            in_clear = not place.spelt and _is_clear(text, start, stop)
            yield Nominated(start, stop, terms, place.spelt, in_clear)


def _is_clear(text: str, start: int, stop: int) -> bool:
    """Whether no derived view shows more of a hit than the `name` view does."""
    if _CLEAR.fullmatch(text, max(0, start - 3), stop + 3):
        return True
    edges = text[max(0, start - 1) : start] + text[stop : stop + 1]
    return not any(map(str.isalnum, edges)) and bool(_INERT.fullmatch(text, start, stop))
