"""The matcher: from a document to findings, the same whatever the window, order or engine.

    candidate → path, entropy, allowlists → check → context → cell → scopes → exclude

A candidate is the match that a pattern prefers at each start, or a term's words at their
boundaries, seen with its full reach in the real text. Long documents are read in windows that
overlap by all that a candidate can see; each accepts the candidates that start in its block. What
depends on the whole document (counts, other rules, words anywhere in it) is settled at its end.
"""

from __future__ import annotations

from leakguard import allowing, cache, context, patterns, terms, views
from leakguard import ready as ready_
from leakguard.engines.aho import Nominator
from leakguard.light import (
    TYPE_CHECKING,
    BinaryIO,
    Callable,
    Container,
    Final,
    Iterator,
    Literal,
    Mapping,
    MappingProxyType,
    Sequence,
    bisect_left,
    bisect_right,
    datetime,
    defaultdict,
)
from leakguard.model import LABEL_REACH, Confidence, Document, Entry, Finding, Place, Rule, Span
from leakguard.needs import Needs, Pairs, both, merged, of_pattern
from leakguard.pieces import Table
from leakguard.places import Position, Ruler
from leakguard.plans import (
    CUES,
    TERMS,
    Plan,
    by_column,
    checked_by,
    deciding,
    in_order,
    looks_inside,
    mark_of,
    near_document,
    pattern_of,
    plans_for,
    sight_of,
    silent_alone,
    spreads,
    widest,
)
from leakguard.programs import Programs
from leakguard.ready import Ready
from leakguard.records import NamedTuple
from leakguard.search import Candidate, Found, Known, Look, Search, State, Told, Whole, ordered
from leakguard.weighing import Weigher
from leakguard.windows import BLOCK, Labels, Window, Windows, in_cells

if TYPE_CHECKING:
    from leakguard import derived
    from leakguard.clearing import Clearing, Nominated
    from leakguard.engines.hyper import Nomination
    from leakguard.headings import Headings
    from leakguard.inbytes import InBytes
    from leakguard.judging import Judge
    from leakguard.settling import Settler

SIFTED_FROM: Final = 2_500_000  # code points: making a sieve takes as long as screening these
KEPT_FROM: Final = 1 << 17  # and to fetch one from the cache, at most these
GATED_FROM: Final = 60_000  # and making a gate, for rules that are terms alone,
GATED_A_TERM: Final = 7  # and for each of these so many


Engine = Literal["auto", "aho", "hyper"]
Terms = Nominator[tuple[int, int]]  # what keys nominate: a plan, and one of its terms


class Considered(NamedTuple):
    """A candidate, and what each step on the way to a finding said to it. It holds no secret.

    `view` is where it was seen. The last step is the one that dropped it, if one did: `confidence`
    is None then. What is settled at a document's end (counts, other rules) is not told.
    """

    rule: Rule
    entry: Entry | None
    span: Span
    place: Place
    view: str
    steps: tuple[tuple[str, str], ...]
    confidence: Confidence | None


_CLOSE: Final = 100  # code points from a hit, within which a spot is its own


class Matcher:
    """Rules made ready to match. Immutable, but that it keeps the patterns it has compiled.

    `prefilter=False` is the reference: every pattern and term over all the text. `block` is how
    many code points a window answers for. `engine` is what nominates: "aho" for little text,
    "hyper" (Hyperscan) for much, "auto" the one that suits; where Hyperscan is not available it is
    "aho" all the same. `shelf` is the folder of the cache, "" for none; only what is made for
    patterns in `public` is kept there, context words included. `tables` lead to rows of rules: the
    index of the first, and how many. `compiling` is called before what takes seconds is made, with
    whether the cache keeps it.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        *,
        now: datetime,
        parsed: Mapping[str, patterns.Pattern] = MappingProxyType({}),
        profile: str = "standard",
        prefilter: bool = True,
        block: int = BLOCK,
        engine: Engine = "auto",
        shelf: str = "",
        ready: Sequence[Ready] = (),
        tables: Sequence[tuple[int, int, Table]] = (),
        public: Container[str] = (),
        compiling: Callable[[bool], None] | None = None,
    ) -> None:
        self._compiling = compiling
        self._prefilter = prefilter
        self._engine = engine
        self._shelf = shelf
        self._public = public
        self._programs = Programs(parsed, public, shelf)
        ready = ready or [ready_.of(rule, self._programs.pattern) for rule in rules]
        self._plans = plans_for(rules, ready, now, profile, self._programs.pattern)
        self._by_id = {plan.ready.id: plan for plan in self._plans}
        composites = [plan for plan in self._plans if plan.ready.members]
        self._composites = in_order(composites, self._by_id)
        self._named = tuple(p for p in self._plans if p.ready.has_path and not looks_inside(p))
        self._has_terms = any(plan.ready.has_terms and plan.terms for plan in self._plans)
        self._beyond = self._has_terms and any(
            not entry.term.isascii() for plan in self._plans for entry in plan.terms.entries
        )
        self._nominating: Terms | None = None
        self._judging: Judge | None = None
        self._settling: Settler | None = None
        self._in_bytes: InBytes | None = None
        self._width = max(map(widest, self._plans), default=0)
        self._sights = list(map(sight_of, self._plans))
        reach = max([context.reach_of(CUES), *self._sights]) + 2 * LABEL_REACH
        self._heeds_headings = any(plan.ready.heeds for plan in self._plans)
        self._windows = Windows(
            block,
            reach,
            labelled=any(plan.ready.scoped for plan in self._plans),
            told_by_headings=self._heeds_headings,
        )
        with_terms = zip(self._plans, self._sights, strict=True) if self._has_terms else ()
        self._sight_of_terms = max((s for p, s in with_terms if len(p.terms)), default=0)
        # Whether texts are looked at, or terms alone are, which are told from bytes.
        self.has_patterns = any(plan.ready.how or plan.ready.weighs for plan in self._plans)
        self._weigher = Weigher(self._plans)
        # What these ask of the document, a window of it cannot tell.
        self._asking = tuple(p for p in self._plans if p.keywords or near_document(p))
        self._by_index = {plan.index: plan for plan in self._plans}
        self._tables = self._tabled(tables, ready)
        self._over: Headings | None = None
        self._clearing: Clearing | None = None  # made where there is much to do
        self._spreads: dict[int, int] = {}  # made when first asked for
        self._screened = 0  # code points so far: how much work this is
        self._fetched = False  # or found not to be there to be fetched

    # the doors ──────────────────────────────────────────────────────────────────────────────────

    def find(
        self,
        document: Document,
        look: Look | None = None,
        near: Sequence[Span] | None = None,
        known: Known | None = None,
    ) -> Found:
        """All findings of one document, in order: by start, longer first, then by rule.

        With `near`, spans of the document in order, only those are wanted that touch one of them,
        or have evidence that does; others may be left out. `known` is what `tell` said of the text
        or of its name. An error in reading ends the pass and is handed back with what was found
        before it.
        """
        if known and document.kind == "path" and self._is_without(known):
            return Found(())
        wanted = None if near is None else self._may_touch(document, near)
        if wanted is not None and not wanted:
            return Found(())
        where = allowing.Where(document.origin, self._programs.of)
        state = State(where, document.kind, plans=wanted, known=known)
        failed: Exception | None = None
        try:
            for window in self._windows.of(document):
                self._screen(window, document, state, look)
        except Exception as error:  # whatever breaks, findings already made stay
            failed = error
        if not any(state.kept.values()):
            return Found((), 0, tuple(state.overtime), failed)
        return self._settler.settle(state, failed)

    def _is_without(self, known: Known) -> bool:
        """Whether nothing is found in a name of which that is known: it was told with its text."""
        return not (known.in_name or self.has_patterns or self._named)

    def _may_touch(self, document: Document, near: Sequence[Span]) -> set[int] | None:
        """The plans that decide what is found that touches one of the spans, or has evidence there.

        None where that may be all of them.
        """
        if not near:
            return set()
        self._spreads = self._spreads or spreads(self._plans)
        where = allowing.Where(document.origin, self._programs.of)
        state = State(where, document.kind, only=near)
        try:
            for window in self._windows.of(document):
                # What stands under the head of a table is told by it from afar.
                if document.kind == "table" or (window.labels.tabular and in_cells(window, near)):
                    return None
                for part in self._near(window, near):
                    self._screen(part, document, state, None)
        except Exception:
            return None  # and the pass over all of it says what is wrong
        if any(state.kept[plan.number] for plan in self._asking):
            return None
        self._settler.compose_all(state)
        touching = {
            plan.number
            for plan in self._plans
            if plan.reported
            for kept in state.kept[plan.number]
            if kept.finding.confidence > Confidence.NONE and _reaches(kept.finding, near)
        }
        return deciding(touching, self._plans, self._by_id)

    def _near(self, window: Window, spans: Sequence[Span]) -> Iterator[Window]:
        """What of a window tells whether anything touches one of the spans."""
        far = max(self._spreads.values())
        if self._asking or far > BLOCK or not self._prefilter:
            return iter((window,))  # what is asked of all of a document
        return self._windows.near(window, spans, far)

    def spans(self, text: str) -> list[Span]:
        """Where `text` has a hit of any rule at any confidence: what must not be shown.

        But sentences by their weight: beside another hit its words are shown, and hide nothing.
        """
        found = []
        window = Window(text, Position(), 0, len(text) + 1, Labels(None))
        state = State(allowing.Where(None, self._programs.of))
        search = Search(window, state)
        if self._clearing and not self.has_patterns:
            self._find_terms(search, list(self._clearing.terms(text)))
        else:
            self._candidates(search, all_cells=True)
        for candidate in ordered(search):
            rule = candidate.plan.rule
            value = candidate.view.text[candidate.first : candidate.last]
            if rule.entropy and allowing.entropy(value) <= rule.entropy:
                continue
            if checked_by(rule.check, value) is not False:
                found.append(Span(candidate.start, candidate.end))
        return found

    def consider(self, document: Document) -> Iterator[Considered]:
        """Every candidate of a document, findings or not, in order: why it is one, or why not."""
        state = State(allowing.Where(None, self._programs.of))
        for window in self._windows.of(document):
            search = Search(window, state)
            ruler = Ruler(window.text, window.begin, document.encoding, document.anchors)
            self._candidates(search, all_cells=True)
            self._weigh(search)
            for candidate in ordered(search):
                steps: list[tuple[str, str]] = []
                confidence = self._judge.steps(candidate, search, state, steps)
                rule, terms_ = candidate.plan.rule, candidate.plan.terms
                offset = window.begin.offset
                span = Span(candidate.start + offset, candidate.end + offset)
                yield Considered(
                    rule,
                    terms_.entries[candidate.entry] if candidate.entry >= 0 else None,
                    span,
                    ruler.place(span),
                    _view_name(candidate, search),
                    tuple(steps),
                    confidence,
                )

    def find_bytes(self, stream: BinaryIO) -> Found:
        """Literal terms of six letters and more in other binary content, as UTF-8 and UTF-16LE.

        Case is heeded only beyond ASCII; words stand as written, or joined by nothing, `-` or `_`.
        """
        if self._in_bytes is None:
            from leakguard.inbytes import InBytes  # few runs meet such content

            self._in_bytes = InBytes(self._plans)
        return self._in_bytes.find(stream)

    @property
    def _judge(self) -> Judge:
        if self._judging is None:
            from leakguard.judging import Judge  # most texts have no candidate

            self._judging = Judge(self._programs)
        return self._judging

    @property
    def _settler(self) -> Settler:
        if self._settling is None:
            from leakguard.settling import Settler

            self._settling = Settler(self._plans, self._by_id, self._composites)
        return self._settling

    @property
    def _headings(self) -> Headings:
        if self._over is None:
            from leakguard.headings import Headings  # few texts have a table

            self._over = Headings(self._plans)
        return self._over

    # candidates ─────────────────────────────────────────────────────────────────────────────────

    def _tabled(
        self, tables: Sequence[tuple[int, int, Table]], ready: Sequence[Ready]
    ) -> list[tuple[int, Table]]:
        """What leads to rules with patterns: tables, each with the index of its first rule."""
        known = {index for first, count, _ in tables for index in range(first, first + count)}
        others: list[Needs | None] = [None] * len(ready)
        for plan in self._plans:
            if plan.index not in known and plan.pattern:
                others[plan.index] = of_pattern(plan.pattern)
        found = [(first, table) for first, _, table in tables]
        return [*found, (0, Table(ready_.table(others)))] if any(others) else found

    @property
    def _nominator(self) -> Terms:
        """What nominates terms in a text that no gate tells of; much text is told by a gate."""
        if self._nominating is None:
            targets: dict[str, list[tuple[int, int]]] = defaultdict(list)
            for plan in self._plans if self._has_terms else ():
                for index, key in terms.keys_of(plan.terms.entries) if plan.ready.has_terms else ():
                    targets[key].append((plan.number, index))
            self._nominating = Nominator(targets)
        return self._nominating

    def _candidates(
        self, search: Search, *, all_cells: bool = False, with_terms: bool = True
    ) -> None:
        """Find the candidates that start in the window's block.

        With `all_cells` also those that are no finding without the context words they lack.
        """
        search.told_all = all_cells
        for plan in self._asking:
            search.ask(plan)
        if with_terms and self._has_terms:
            self._terms_in_clear(search)
        for plan, numbers in self._nominated(search):
            # Allowlists are asked once there is a hit: most documents have none.
            if self._lacks_keyword(plan, search):
                continue
            if not plan.ready.has_path or search.state.where.has_path_of(plan.rule):
                block = () if search.whole else (search.block(plan),)
                if ways := self._ways(plan, search, block, numbers):
                    self._confirm(plan, ways, search)
        if search.state.kind == "path":
            for plan in self._named:
                if search.state.where.holds(plan.rule.path) and search.texts.shown():
                    search.keep(plan, -1, search.plain, 0, len(search.texts.shown()))
        if with_terms and self._has_terms:
            self._search_derived(search, self._nominator)

    def _weigh(self, search: Search) -> None:
        """Keep the sentences that weigh enough. Names of files and tables have none."""
        if search.state.kind not in ("path", "table"):
            for plan, first, last in self._weigher.heavy(search.texts.shown(lines=True)):
                search.keep(plan, -1, search.lines, first, last)

    def _lacks_keyword(self, plan: Plan, search: Search) -> bool:
        """Whether the whole document is seen, and is one that this rule finds nothing in."""
        if not plan.keywords or not search.whole:
            return False
        return plan.number not in search.state.keywords

    def _terms_in_clear(self, search: Search) -> None:
        """Keep the terms that stand in a window as they are written."""
        if not self._prefilter:
            for plan, entry, first, last in self._occurrences(search.name.text, self._nominator):
                search.keep(plan, entry, search.name, first, last)
            return
        for start, end, wanted in self._nominator.hits(search.name.text):
            plans = ((self._plans[number], entry) for number, entry in wanted)
            search.keep_terms(plans, start, end)

    def _nominated(self, search: Search) -> Iterator[tuple[Plan, Sequence[int]]]:
        """The plans of which alternatives may match in a window, and the numbers of those."""
        if not self._prefilter:
            yield from ((plan, ()) for plan in self._plans if plan.ready.how)
            return
        tabular = search.window.labels.tabular
        for first, table in self._tables:
            for index, numbers in ready_.met(table, search.pieces).items():
                plan = self._by_index.get(first + index)
                if plan is None or (search.told_all and by_column(plan)):
                    continue
                if search.told_all or tabular or not silent_alone(plan) or search.speaks(plan):
                    yield plan, numbers

    def _ways(
        self, plan: Plan, search: Search, starts: Sequence[tuple[int, int]], numbers: Sequence[int]
    ) -> dict[str, Pairs]:
        """The alternatives of a pattern that may match something to tell, and from which starts.

        At `starts`, anywhere if there are none; of the alternatives with these numbers, or of all.
        """
        if not self._prefilter:
            return {"": [search.block(plan)]}
        silent = silent_alone(plan) and not search.told_all
        words = search.words_of(plan) if silent and plan.how != "column" else []
        tabular = search.window.labels.tabular  # a column's heading may say it, from afar
        if silent and not words and not tabular:
            return {}
        ways = search.seen(plan).ways(pattern_of(plan), starts, numbers)
        if not ways or not silent or (tabular and plan.how not in ("near", "column")):
            return ways
        told = search.near_words(plan, words)
        if tabular:
            told = merged([*told, *self._cells(search).get(plan.number, ())])
        return {written: both(starts, told) for written, starts in ways.items()}

    def _cells(self, search: Search) -> Mapping[int, Pairs]:
        """The cells of tables, for the rules whose context words stand over their column."""
        if search.cells is None:
            found: dict[int, Pairs] = defaultdict(list)
            labels = search.window.labels
            if not labels.in_prose or labels.heads:
                for plan, first, last in self._headings.cells(search.window):
                    view = search.view_of(plan)
                    found[plan.number].append((view.at(first), view.at(last)))
            search.cells = found
        return search.cells

    def _confirm(
        self,
        plan: Plan,
        ways: Mapping[str, Pairs],
        search: Search,
        nomination: Nomination | None = None,
    ) -> None:
        """Keep what alternatives of a pattern, "" for all, match from some starts on.

        A nomination says where words are.
        """
        if search.state.only is not None:
            ways = {way: self._near_only(plan, pairs, search) for way, pairs in ways.items()}
        if not any(ways.values()):
            return
        try:
            for begin, end, outer in self._matched(plan, ways, search, nomination):
                search.keep(plan, -1, search.view_of(plan), begin, end, outer)
        except TimeoutError:
            search.state.overtime[plan.rule.id] = None

    def _matched(
        self, plan: Plan, ways: Mapping[str, Pairs], search: Search, nomination: Nomination | None
    ) -> Iterator[tuple[int, int, tuple[int, int]]]:
        """What the pattern matches, with its words and its check digit.

        `ways` are its alternatives as they are written, "" for all, and from which starts on. Told
        is each hit in the pattern's view, and the whole match. Raises `TimeoutError`.
        """
        pattern, text = pattern_of(plan), search.text_of(plan)
        lonely = search.sifted and silent_alone(plan) and not search.is_told(plan)
        found = [self._programs.matches(pattern, text, at, way) for way, at in ways.items()]
        for match in patterns.first_of(found):
            begin, end = patterns.captured(match) if plan.rule.capture else match.span()
            if nomination and not nomination.has_word(begin, end):
                continue
            if lonely and not search.may_have_word(plan, begin, end):
                continue
            if search.told_all or checked_by(plan.rule.check, text[begin:end]) is not False:
                yield begin, end, match.span()

    def _near_only(
        self, plan: Plan, ranges: list[tuple[int, int]], search: Search
    ) -> list[tuple[int, int]]:
        """What of `ranges` is so near the spans that something has to touch."""
        view, text, base = search.view_of(plan), search.window.text, search.window.begin.offset
        far = self._spreads[plan.number]
        spans = [
            (view.at(max(0, span.start - far - base)), view.at(span.end + far - base))
            for span in search.state.only or ()
            if span.start - far - base < len(text) and span.end + far > base
        ]
        return [
            (max(first, low), min(last, high))
            for low, high in merged(spans)
            for first, last in merged(ranges)
            if first < high and last >= low
        ]

    def _search_derived(
        self, search: Search, nominator: Terms, hidden: Sequence[Nominated] | None = None
    ) -> None:
        """Look for terms where something may hide them: anywhere, or where they are `hidden`."""
        from leakguard import derived  # for those who have terms

        text = search.window.text
        encoded = hidden is None or any(hit.spelt for hit in hidden)
        found: dict[derived.Marker, list[Span]] = {}
        for maker in derived.MAKERS.values():
            if (maker.beyond and not self._beyond) or (maker.encoded and not encoded):
                continue
            if not self._prefilter:
                self._search_view(search, maker, maker.view(text), None, nominator)
                continue
            marked = found.get(maker.marker)
            if marked is None:
                marked = [Span(*m.span()) for m in maker.marker.finditer(text)]
                found[maker.marker] = marked
            if maker.spell:
                marked = self._telling(maker, text, marked, nominator)
            spots = marked if maker.encoded else sorted([*marked, *search.keys])
            if hidden is not None and not encoded:
                spots = [spot for spot in spots if any(_is_close(spot, hit) for hit in hidden)]
            for low, high, near in _regions(spots, views.LOCAL + self._width, len(text)):
                view = maker.view(text[low:high])
                if view is not None:
                    view = views.shifted(view, low)
                    self._search_view(search, maker, view, near, nominator)

    def _telling(
        self, maker: derived.Maker, text: str, marked: list[Span], nominator: Terms
    ) -> list[Span]:
        """Of the words round marks, those that spell the longest word of a term in the view."""
        words = list(maker.telling(text, marked))
        starts, size = [], 0
        for _, word in words:
            starts.append(size)
            size += len(word) + 1
        told = {
            bisect_right(starts, start) - 1
            for start, _, _ in nominator.hits("\n".join(w for _, w in words).lower())
        }
        return [words[index][0] for index in sorted(told)]

    def _search_view(
        self,
        search: Search,
        maker: derived.Maker,
        view: views.View | None,
        near: list[Span] | None,
        nominator: Terms,
    ) -> None:
        """Keep the terms that a derived view shows; of a region's, those that touch its spots.

        What touches none may be cut off by the region's edge, and is in clear elsewhere.
        """
        if view is None:
            return
        name = views.name(views.View(view.text))
        for plan, entry, first, last in self._occurrences(name.text, nominator):
            term = plan.terms[entry]
            if term.mode == "exact" or sum(map(len, term.parts)) < maker.letters:
                continue
            if maker.beyond and term.written.isascii():
                continue
            span = name.home(first, last)
            home = span and view.home(*span)
            if span and home and (near is None or _touches(home, near)):
                search.keep_derived(plan, entry, view, span, maker)

    def _occurrences(self, text: str, nominator: Terms) -> Iterator[tuple[Plan, int, int, int]]:
        """Where the words of terms follow one another in a folded text."""
        if self._prefilter:
            for start, end, wanted in nominator.hits(text):
                nearby = terms.Nearby(text, start, end)
                for index, entry in wanted:
                    plan = self._plans[index]
                    if nearby.holds(plan.terms[entry]):
                        for first, last in terms.near_key(plan.terms[entry], text, end):
                            yield plan, entry, first, last
            return
        for plan in self._plans:
            for entry in range(len(plan.terms)):
                for first, last in terms.everywhere(plan.terms[entry], text):
                    yield plan, entry, first, last

    def _screen(
        self,
        window: Window,
        document: Document,
        state: State,
        look: Look | None,
    ) -> None:
        ruler = Ruler(window.text, window.begin, document.encoding, document.anchors)
        for search in self._searched(window, state):
            candidates = ordered(search)
            hits = None
            if self._clearing and not self.has_patterns:
                hits = [Span(candidate.start, candidate.end) for candidate in candidates]
            for candidate in candidates:
                if state.plans is None or candidate.plan.number in state.plans:
                    self._judge.judge(candidate, search, ruler, state, look, hits)

    def prepare(self, size: int) -> None:
        """Make ready for so many code points: what follows is `is_bulk`, if that is worth while."""
        gated = self._has_terms and size >= self._gated_from
        much = self._engine == "hyper" or (size >= SIFTED_FROM if self.has_patterns else gated)
        if not self.is_bulk and (much or (size >= KEPT_FROM and self._may_fetch())):
            clearing = self._may_clear()
            if clearing:
                if self._compiling and much and self.has_patterns and not self._is_kept:
                    self._compiling(bool(self._shelf))
                clearing.make(much=much)
        elif gated and not self.is_bulk and (clearing := self._may_clear()):
            clearing.gate()

    @property
    def _is_kept(self) -> bool:
        return cache.holds(self._shelf, mark_of(self._plans))

    @property
    def _gated_from(self) -> int:
        """How many code points are worth making a gate for the terms."""
        return GATED_FROM + GATED_A_TERM * sum(len(plan.terms) for plan in self._plans)

    def _may_fetch(self) -> bool:
        """Whether the cache may have a sieve of these rules; asked once."""
        asked, self._fetched = self._fetched, True
        return not asked and self.has_patterns and self._is_kept

    @property
    def is_bulk(self) -> bool:
        """Whether `tell` may tell something."""
        return self._clearing is not None and self._clearing.is_made

    def tell(self, texts: Mapping[int, Whole]) -> Told:
        """Which of some texts surely hold nothing that is looked for, and what `find` need not ask.

        Nothing of little work, and without Hyperscan.
        """
        clearing = self._much(sum(len(text.data) for text in texts.values()))
        return clearing.tell(texts) if clearing else Told(set(), {})

    def _much(self, more: int) -> Clearing | None:
        """What clears texts, if so much is to be screened that it is worth while."""
        self._screened += more
        self.prepare(self._screened)
        return self._clearing if self.is_bulk else None

    def _may_clear(self) -> Clearing | None:
        """What clears texts, where that is possible."""
        if self._clearing is None and self._prefilter and self._engine != "aho":
            from leakguard.engines import hyper  # and with it the parser: little does without

            if hyper.is_available():
                from leakguard.clearing import Clearing

                self._clearing = Clearing(
                    self._plans,
                    self._composites,
                    self._programs,
                    self._matched,
                    self._headings,
                    self._weigher,
                    public=self._public,
                    shelf=self._shelf,
                )
        return self._clearing

    def _searched(self, window: Window, state: State) -> Iterator[Search]:
        """The window searched: as a whole, or by what a sieve and a gate say of it."""
        search = Search(window, state)
        sifting = self._sifts(search)
        gating = (sifting or self._gates(state)) if self._has_terms else None
        if sifting is None:
            self._candidates(search, with_terms=gating is None)
            self._weigh(search)
            yield search
        elif self.has_patterns:
            self._sift(search, sifting)
            yield search
        if gating:
            for part, hits in self._parts(window, state, gating):
                search = Search(part, state)
                self._find_terms(search, hits)
                yield search

    def _sift(self, search: Search, clearing: Clearing) -> None:
        """Keep what patterns match where the sieve says that they may."""
        for plan, wanted, nomination in clearing.sift(search):
            if not search.state.where.rules_out(plan.rule):
                starts = merged(wanted)
                ways = {"": starts} if nomination else self._ways(plan, search, starts, ())
                self._confirm(plan, ways, search, nomination)
        for number, cells in self._cells(search).items():
            plan = self._plans[number]
            ways = search.seen(plan).ways(pattern_of(plan), merged(cells))
            self._confirm(plan, ways, search)
        self._weigh(search)
        if search.found or not search.whole:
            for plan in self._asking:  # for what is found in other windows, too
                search.ask(plan)

    def _find_terms(self, search: Search, hits: Sequence[Nominated]) -> None:
        """Keep those of the terms that stand in a part of a window, in clear or hidden.

        No view shows more of the letters of a hit than the name that stands there in clear.
        """
        targets: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, entry in sorted({term for hit in hits for term in hit.terms}):
            for key in self._plans[number].terms[entry].keys:
                targets[key].append((number, entry))
        nominator = Nominator(targets)
        for start, end, wanted in nominator.hits(search.name.text):
            plans = ((self._plans[number], entry) for number, entry in wanted)
            search.keep_terms(plans, start, end)
        hidden = [
            hit
            for hit in hits
            if not hit.in_clear
            and any((hit.start, hit.stop, *term) not in search.found for term in hit.terms)
        ]
        if hidden:
            self._search_derived(search, nominator, hidden)

    def _sifts(self, search: Search) -> Clearing | None:
        """What tells where to look in a window, if it can and is worth while."""
        window, kind = search.window, search.state.kind
        if not self._prefilter or (kind == "table" and self._has_terms):
            return None
        if kind == "path" and (self._named or not self.is_bulk):
            return None
        clearing = self._much(len(window.text))
        return clearing if clearing and clearing.can_tell(search.texts) else None

    def _gates(self, state: State) -> Clearing | None:
        """What tells where terms may stand in a window, where nothing is known of patterns."""
        clearing = self._clearing if state.kind not in ("table", "path") else None
        return clearing if clearing and clearing.has_gate else None

    def _parts(
        self, window: Window, state: State, clearing: Clearing
    ) -> Iterator[tuple[Window, list[Nominated]]]:
        """The neighbourhoods in which terms may stand, and where in them, and how.

        A neighbourhood holds all that a candidate there can see.
        """
        text, far = window.text, self._sight_of_terms
        hits = list(clearing.terms(text, state.known))
        if state.only is not None:
            hits = [hit for hit in hits if self._is_near(hit, state.only, window.begin.offset)]
        start = 0
        while start < len(hits):
            end = hits[start].stop
            stop = start + 1
            while stop < len(hits) and hits[stop].start - end <= 2 * far:
                end = max(end, hits[stop].stop)
                stop += 1
            low, high = self._around(text, hits[start].start, end, far)
            part = Window(
                text[low:high],
                Position(offset=window.begin.offset + low),
                max(0, window.low - low),
                window.high - low if window.high < len(text) or high < len(text) else window.high,
                window.labels,
            )
            yield (
                part,
                [h._replace(start=h.start - low, stop=h.stop - low) for h in hits[start:stop]],
            )
            start = stop

    def _is_near(self, hit: Nominated, spans: Sequence[Span], offset: int) -> bool:
        """Whether what is found there could touch one of the spans, or have evidence there."""
        far = self._spreads[TERMS]
        low, high = hit.start + offset - far, hit.stop + offset + far
        before = bisect_left(spans, high, key=lambda span: span.start) - 1
        return before >= 0 and spans[before].end > low

    def _around(self, text: str, first: int, last: int, far: int) -> tuple[int, int]:
        """A stretch that sees `far` characters of the view round source offsets."""
        back = ahead = far
        while True:
            low, high = max(0, first - back), min(len(text), last + ahead)
            before = low == 0 or len(views.plain_text(text[low:first])) >= far - views.LOCAL
            after = high == len(text) or len(views.plain_text(text[last:high])) >= far - views.LOCAL
            if before and after:
                return low, high
            back *= 1 if before else 2
            ahead *= 1 if after else 2


def _reaches(finding: Finding, spans: Sequence[Span]) -> bool:
    """Whether a finding touches one of the spans, which are in order, or has evidence there."""
    for own in (finding.span, *finding.evidence):
        before = bisect_left(spans, own.end, key=lambda span: span.start) - 1
        if before >= 0 and spans[before].end > own.start:
            return True
    return False


def _regions(spots: list[Span], reach: int, size: int) -> Iterator[tuple[int, int, list[Span]]]:
    """The text round the spots, which are in order; what overlaps is one region."""
    low, high, near = 0, -1, list[Span]()
    for spot in spots:
        if near and spot.start - reach > high:
            yield low, high, near
            near = []
        if not near:
            low, high = max(0, spot.start - reach), 0
        high = min(size, max(high, spot.end + reach))
        near.append(spot)
    if near:
        yield low, high, near


def _is_close(spot: Span, hit: Nominated) -> bool:
    """Whether what hides letters may be on those of a hit, which is told only about right."""
    return spot.start < hit.stop + _CLOSE and spot.end > hit.start - _CLOSE


def _touches(span: Span, spots: list[Span]) -> bool:
    """Whether one of the spots, which are in order, is among what decides about a span.

    Where a name ends, two characters beyond it tell: `NB` and a small letter are a hump.
    """
    at = bisect_left(spots, span.end + 2, key=lambda spot: spot.start)
    return any(spot.end >= span.start - 2 for spot in reversed(spots[:at]))


def _view_name(candidate: Candidate, search: Search) -> str:
    from leakguard import derived

    for name, maker in derived.MAKERS.items():
        if maker is candidate.maker:
            return name
    if candidate.view is search.name:
        return "name"
    return "plain" if candidate.view is search.plain else "lines"
