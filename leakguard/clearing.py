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
from leakguard.engines.gate import Gate, Place
from leakguard.engines.hyper import Nomination, Sieve, Wanted
from leakguard.headings import Headings
from leakguard.light import expression
from leakguard.model import Confidence, Origin
from leakguard.needs import merged
from leakguard.places import Position
from leakguard.plans import (
    Plan,
    by_column,
    by_words,
    checked_by,
    is_common,
    looks_inside,
    mark_of,
    pattern_of,
    silent_alone,
)
from leakguard.programs import Programs
from leakguard.records import NamedTuple
from leakguard.search import Known, Search, State, Texts, Told, Whole
from leakguard.terms import everywhere
from leakguard.weighing import Weigher
from leakguard.windows import Labels, Window

# What alternatives of a pattern, "" for all, match from starts in some ranges: each hit, and the
# whole match.
Matched = Callable[
    [Plan, "Mapping[str, list[tuple[int, int]]]", Search, "Nomination | None"],
    "Iterator[tuple[int, int, tuple[int, int]]]",
]

# Words in clear, no two of one letter side by side: no derived view shows more there.
_CLEAR: Final = expression(
    r"(?s)(?!.*(?<![A-Za-z])[A-Za-z][ \n-][A-Za-z](?![A-Za-z]))"
    r"(?:[A-Za-z ,;:]|\.(?![A-Za-z])|[-\n](?=[A-Za-z]))*"
)
# Between the letters of a hit nothing that a derived view takes off, or reads in another way.
_INERT: Final = expression(r"[A-Za-z]{2,}(?:(?:_| ?[./(),:;-] ?| {0,3})[A-Za-z]{2,})*")

_BEHIND: Final = 16  # letters at most that go on behind a hit

_Nomination = tuple[int, Plan, "list[tuple[int, int]]", "Nomination | None"]


class _Page:
    """A text, or the name of one, that is to be cleared. `met` are rules that others ask about."""

    def __init__(
        self,
        number: int,
        origin: Origin,
        kind: str,
        text: str,
        texts: Texts,
        labels: Labels,
        told: set[int] | None,
        compiled: allowing.Compiled,
    ) -> None:
        self.number, self.texts, self.labels, self.told = number, texts, labels, told
        self.met: set[str] = set()
        self.kind = kind
        self._origin, self._text, self._compiled = origin, text, compiled
        self._search: Search | None = None

    @property
    def search(self) -> Search:
        """It being searched: of most nobody asks for that."""
        if self._search is None:
            state = State(allowing.Where(self._origin, self._compiled), self.kind)
            window = Window(self._text, Position(), 0, len(self._text) + 1, self.labels)
            self._search = Search(window, state)
            self._search.texts, self._search.sifted = self.texts, True
            self._search.told = self.told
        return self._search

    def everywhere(self, plan: Plan) -> list[tuple[int, int]]:
        """Where in it a match may start of what no sieve looks for."""
        return self.search.seen(plan).starts(pattern_of(plan), [self.search.block(plan)])


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
        headings: Headings,
        weigher: Weigher,
        *,
        public: Container[str],
        shelf: str,
    ) -> None:
        self._plans, self._composites, self._programs = plans, composites, programs
        self._matched = matched
        self._public, self._shelf = public, shelf
        self._headings, self._weigher = headings, weigher
        self._heeds_headings = any(plan.ready.heeds for plan in plans)
        self._named = tuple(p for p in plans if p.ready.has_path and not looks_inside(p))
        self._has_patterns = any(plan.ready.how or plan.ready.weighs for plan in plans)
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

    @property
    def has_gate(self) -> bool:
        """Whether it can be told where terms may stand, if there are any."""
        return self._gate is not None

    def gate(self) -> Gate:
        """The gate of these rules' terms; made when first asked for."""
        if self._gate is None:
            entries = [entry for plan in self._plans for entry in plan.terms.entries]
            self._gate = Gate(entries, self._shelf)
        return self._gate

    def sieves(self) -> tuple[Sieve, ...]:
        """The sieves of these rules' patterns; made when first asked for."""
        if self._sieves is None:
            wanted = self._wanted()
            self._sieves = tuple(Sieve.kept(shelf, some) for shelf, some in wanted if some)
            shelf, public = wanted[0]
            if public:
                cache.store(shelf, mark_of(self._plans), True)
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
            # Those that see line ends are met so seldom that words are told beside what they match.
            told = silent_alone(plan) and is_common(plan) and not plan.pattern.lines
            wanted = Wanted(
                plan.number,
                plan.pattern.source,
                plan.pattern.lines,
                plan.pattern.width + plan.pattern.after,
                plan.ready.words if told else (),
                before + phrase,
                after + phrase,
                told and by_words(plan),
            )
            (public if plan.pattern.source in self._public else private).append(wanted)
        return [(self._shelf, public), ("", private)]

    # many texts ─────────────────────────────────────────────────────────────────────────────────

    def tell(self, texts: Mapping[int, Whole]) -> Told:
        """Those of some texts that surely hold nothing that is looked for, and what else is told.

        Of the others nothing is said but where their terms may stand.
        """
        clear, known = set(texts), dict[int, Known]()
        if self._terms:
            # The name first: what is between the two is no wrap, and joins nothing.
            names = [text.name.encode("utf-8", "surrogatepass") for text in texts.values()]
            each = zip(names, texts.values(), strict=True)
            places = self.gate().places([b"%b\n\n%b" % (name, text.data) for name, text in each])
            for index, (number, text) in enumerate(texts.items()):
                if index in places:
                    known[number] = self._known(names[index], text.data, places[index])
            clear.difference_update(n for n, at in known.items() if at.in_name or at.in_data)
        if self._has_patterns:
            clear &= self._without_patterns({number: texts[number] for number in clear})
        return Told(clear, known)

    def _known(self, name: bytes, data: bytes, places: Sequence[Place]) -> Known:
        """What places in a name and a text behind it say of each."""
        begin = len(name) + 2
        in_name = [p._replace(stop=min(p.stop, len(name))) for p in places if p.start < len(name)]
        in_data = [
            p._replace(start=max(p.start - begin, 0), stop=p.stop - begin)
            for p in places
            if p.stop > begin
        ]
        return Known(name, self._left(name, in_name), data, self._left(data, in_data))

    def _left(self, data: bytes, places: Iterable[Place]) -> list[Place]:
        """Places without the terms whose words are not what stands there, in clear."""
        left = [place._replace(terms=self._said(data, place)) for place in places]
        return [place for place in left if place.terms]

    def _said(self, data: bytes, place: Place) -> tuple[int, ...]:
        low, written = max(0, place.start - 3), data[place.start : place.stop]
        around = data[low : place.stop + _BEHIND + 1]
        if place.spelt or not around.isascii() or b"\n" in written or b"\r" in written:
            return place.terms
        if not _is_clear(around.decode(), place.start - low, place.stop - low):
            return place.terms
        said = written.decode().lower()
        return tuple(number for number in place.terms if self._is_term(number, said))

    def _is_term(self, number: int, said: str) -> bool:
        """Whether folded letters, and what stands between them, are a term."""
        plan, entry = self._terms[number]
        return (0, len(said)) in everywhere(self._plans[plan].terms[entry], said)

    def _without_patterns(self, texts: Mapping[int, Whole]) -> set[int]:
        """Those in which no pattern matches that says something where it does."""
        pages: list[_Page] = []
        clear = set[int]()
        for number, text in texts.items():
            named = self._page(number, text.origin, "path", text.name)
            page = self._page(number, text.origin, text.kind, text.text)
            if named and page:
                clear.add(number)
                pages += named, page
        for index, plan, starts, nomination in self._nominations(pages):
            page = pages[index]
            if page.number in clear and self._may_find(page, plan, starts, nomination):
                clear.discard(page.number)
        for page in pages:
            if page.number in clear and page.kind != "path" and self._weighs(page):
                clear.discard(page.number)
        clear.difference_update(page.number for page in pages if self._makes_one(page.met))
        return clear

    def _weighs(self, page: _Page) -> bool:
        """Whether a sentence weighs so much that a rule tells it."""
        return any(True for _ in self._weigher.heavy(page.texts.shown(lines=True)))

    def _page(self, number: int, origin: Origin, kind: str, text: str) -> _Page | None:
        """One of a text, or of its name, for sieves; None where they cannot tell all of it."""
        if kind == "table":
            return None
        if kind == "path" and self._named:
            where = allowing.Where(origin, self._programs.of)
            if any(where.holds(plan.rule.path) for plan in self._named):
                return None
        texts, labels = Texts(text), Labels(None)
        if kind in ("markdown", "mdx") and self._heeds_headings:
            labels.note(text)
        if not self.can_tell(texts):
            return None
        told = self._told(labels)
        return _Page(number, origin, kind, text, texts, labels, told, self._programs.of)

    def _nominations(self, pages: Sequence[_Page]) -> Iterator[_Nomination]:
        """All that may match in some pages."""
        told, many = [page.told for page in pages], [page.texts for page in pages]
        for sieve in self.sieves():
            for index, nomination in sieve.nominated(many, told):
                plan = self._plans[nomination.rule]
                yield index, plan, self._starts(nomination, pages[index].search), nomination
            for plan in map(self._plans.__getitem__, sieve.anchored):
                tried = self._tried_first(plan, many)
                yield from ((index, plan, [(0, 0)], None) for index in tried)
            for plan in map(self._plans.__getitem__, sieve.missed):
                for index, page in enumerate(pages):
                    yield index, plan, page.everywhere(plan), None
        for index, page in enumerate(pages):
            # Those that only a heading leads to are looked for everywhere, and not in its cells.
            for plan in chain.from_iterable(map(self._headings.led_to, page.labels.heads)):
                yield index, plan, page.everywhere(plan), None

    def _tried_first(self, plan: Plan, many: Sequence[Texts]) -> Iterator[int]:
        """Which of some texts begin with what a pattern matches."""
        pattern = pattern_of(plan)
        program, far = self._programs.of(pattern.source), pattern.width + pattern.after
        for index, texts in enumerate(many):
            text = texts.shown(lines=pattern.lines)
            if program.match(text, 0, min(len(text), far)):
                yield index

    def _may_find(
        self,
        page: _Page,
        plan: Plan,
        starts: list[tuple[int, int]],
        nomination: Nomination | None,
    ) -> bool:
        """Whether a nomination may make a finding by itself; what others ask about is noted."""
        search = page.search
        if search.state.where.rules_out(plan.rule):
            return False
        try:
            for begin, end, _ in self._matched(plan, {"": merged(starts)}, search, nomination):
                if self._may_say(plan, search, begin, end):
                    return True
                if plan.member:
                    page.met.add(plan.ready.id)
        except TimeoutError:
            return True
        return False

    def _may_say(self, plan: Plan, search: Search, begin: int, end: int) -> bool:
        """Whether a hit may be a finding without the help of other hits."""
        rule, value = plan.rule, search.text_of(plan)[begin:end]
        if rule.entropy and allowing.entropy(value) <= rule.entropy:
            return False
        bare, checked = (
            rule.confidence.get(cell, Confidence.HIGH) > Confidence.NONE
            for cell in ("bare", "checked")
        )
        if bare and checked:
            return True
        if (bare or checked) and (checked if checked_by(rule.check, value) else bare):
            return True
        if rule.near is None:
            return False
        if rule.near.same == "document" or search.may_have_word(plan, begin, end):
            return True
        if silent_alone(plan):
            return search.is_told(plan)
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

    # one text ───────────────────────────────────────────────────────────────────────────────────

    def can_tell(self, texts: Texts) -> bool:
        """Whether a sieve can look for patterns in a text."""
        text = texts.shown() if self._has_patterns else ""
        return text.isascii() or not any(odd in text for odd in patterns.ODD)

    def sift(
        self, search: Search
    ) -> Iterator[tuple[Plan, list[tuple[int, int]], Nomination | None]]:
        """The plans whose patterns may match in a window, the starts, and what is known more.

        But those that nothing leads to but the heading of a table.
        """
        search.sifted, search.told = True, self._told(search.window.labels)
        for sieve in self.sieves():
            for _, nomination in sieve.nominated([search.texts], [search.told]):
                yield self._plans[nomination.rule], self._starts(nomination, search), nomination
            for plan in map(self._plans.__getitem__, (*sieve.anchored, *sieve.missed)):
                yield plan, [search.block(plan)], None

    def _told(self, labels: Labels) -> set[int] | None:
        """The rules that headings of tables say something to; None where they may be any."""
        if not labels.in_prose:
            return None
        return {plan.number for head in labels.heads for plan in self._headings.told_by(head)}

    def _starts(self, nomination: Nomination, search: Search) -> list[tuple[int, int]]:
        """Where matches may start of a rule that is nominated."""
        ranges, plan = nomination.starts(), self._plans[nomination.rule]
        return search.seen(plan).starts(pattern_of(plan), ranges) if nomination.by_words else ranges

    def terms(self, text: str, known: Known | None = None) -> Iterator[Nominated]:
        """Where terms may stand in a text, in order; what is `known` of it is not told again."""
        if not self._terms:
            return
        data = text.encode("utf-8", "surrogatepass")
        places = known.places(data) if known else None
        if places is None:
            places = self._left(data, self.gate().places([data]).get(0, ()))
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
    # Letters that go on behind it, such as an s, are no sign of more than they say.
    high = stop
    while high < stop + _BEHIND and text[high : high + 1].isalpha() and text[high].isascii():
        high += 1
    edges = text[max(0, start - 1) : start] + text[high : high + 1]
    return not any(map(str.isalnum, edges)) and bool(_INERT.fullmatch(text, start, high))
