"""The matcher: from a document to findings, the same whatever the window, order or engine.

    candidate → scopes → path, entropy, allowlists → exclude → check → context → cell

A candidate is the match that a pattern prefers at each start, or a term's words at their
boundaries, seen with its full reach in the real text. Long documents are read in windows that
overlap by all that a candidate can see; each accepts the candidates that start in its block. What
depends on the whole document (counts, other rules, words anywhere in it) is settled at its end.
"""

from __future__ import annotations

import sys
from itertools import chain

from leakguard import allowing, cache, context, needs, patterns, terms, views
from leakguard import ready as ready_
from leakguard.engines.aho import Nominator
from leakguard.errors import PackError
from leakguard.light import (
    TYPE_CHECKING,
    UTC,
    Any,
    BinaryIO,
    Callable,
    Container,
    Final,
    Iterable,
    Iterator,
    Literal,
    Mapping,
    MappingProxyType,
    Sequence,
    bisect_left,
    bisect_right,
    cast,
    date,
    datetime,
    defaultdict,
    expression,
    partial,
    time,
)
from leakguard.model import (
    LABEL_REACH,
    Cell,
    Confidence,
    Document,
    Entry,
    Finding,
    Heading,
    Label,
    Labeller,
    Near,
    Place,
    Reach,
    Requires,
    Rule,
    Span,
    Target,
)
from leakguard.pieces import Table
from leakguard.places import Position, Ruler, joined
from leakguard.ready import Ready
from leakguard.records import NamedTuple, replace
from leakguard.views import value_key

if TYPE_CHECKING:
    import regex

    from leakguard import derived
    from leakguard.engines.gate import Gate
    from leakguard.engines.hyper import Nomination, Sieve, Wanted

RULE_CAP: Final = 1_000
DOCUMENT_CAP: Final = 10_000
BLOCK: Final = 1 << 18
SIFTED_FROM: Final = 4_000_000  # code points: making a sieve takes as long as screening these
GATED_FROM: Final = 250_000  # and making a gate, for rules that are terms alone
_HEADINGS: Final = 1_000  # of tables, that are remembered
TIME_LIMIT: Final = 10.0  # seconds for one pattern on one window: only a broken pattern needs more

# What stands near a name of ordinary words when it is meant as a name.
_CUES: Final = Near(
    words=(
        "project", "codename", "code name", "codenamed", "code named", "launch", "launches",
        "launching", "roadmap", "internal", "internally", "release", "unreleased", "unannounced",
        "announce", "announcement", "prototype", "embargo", "stealth", "beta", "nda", "ships",
    )
)  # fmt: skip

Engine = Literal["auto", "aho", "hyper"]
# What keys nominate: a plan, one of its terms or -1, and how.
Keys = Nominator[tuple[int, int, str]]
# What a look at the text round a hit brings back; the matcher passes it on unseen. Last come all
# hits of any rule in the text, in order, where they are known.
Look = Callable[[str, int, int, "Sequence[Span] | None"], Any]


class Hit(NamedTuple):
    """A finding and what `look` made of the text round it."""

    finding: Finding
    sight: Any


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


class Found(NamedTuple):
    """What a document holds. `dropped` were found past the caps; `overtime` are rules cut short.

    `failed` is what ended the pass before the document's end.
    """

    hits: tuple[Hit, ...]
    dropped: int = 0
    overtime: tuple[str, ...] = ()
    failed: Exception | None = None


# Words in clear, no two of one letter side by side: no derived view shows more there.
_CLEAR: Final = expression(
    r"(?s)(?!.*(?<![A-Za-z])[A-Za-z][ \n-][A-Za-z](?![A-Za-z]))"
    r"(?:[A-Za-z ,;:]|\.(?![A-Za-z])|[-\n](?=[A-Za-z]))*"
)
# Between the letters of a hit nothing that a derived view takes off, or reads in another way.
_INERT: Final = expression(r"[A-Za-z]{2,}(?:(?:_| ?[./(),:;-] ?| {0,3})[A-Za-z]{2,})*")
# What underlines the first row of a table in prose has one of these, and begins like that.
_TABLES: Final = ("|-", "| -", "|:-", "-|")
_RULED = expression(r"(?:\r\n?|\n)[ \t>]*\|?[ \t]*:?-")


class _Terms:
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


class _Plan:
    """A rule in force. The rule itself, and what is made from it, are there when asked for."""

    __slots__ = (
        *("_excluded", "_now", "_parse", "_pattern", "_rule", "_rules", "_terms"),
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
        self._terms: _Terms | None = None
        self._words: context.Words | None = None
        self._excluded: context.Words | None = None

    @property
    def rule(self) -> Rule:
        if self._rule is None:
            self._rule = self._rules[self.index]
        return self._rule

    @property
    def pattern(self) -> patterns.Pattern | None:
        if self._pattern is None and self.ready.how:
            self._pattern = self._parse(self.rule.pattern)
        return self._pattern

    @property
    def terms(self) -> _Terms:
        if self._terms is None:
            entries = self.rule.entries if self.ready.has_terms else ()
            if entries and lifted(self.rule.embargo_until, self._now):
                entries = ()
            over = {entry.embargo_until for entry in entries}
            over = {moment for moment in over if lifted(moment, self._now)}
            if over:
                entries = tuple(e for e in entries if e.embargo_until not in over)
            self._terms = _Terms(entries)
        return self._terms

    @property
    def words(self) -> context.Words | None:
        if self._words is None and self.rule.near:
            self._words = context.compile_words(self.rule.near)
        return self._words

    @property
    def excluded(self) -> context.Words | None:
        exclude = self.rule.exclude
        if self._excluded is None and exclude and exclude.near:
            self._excluded = context.compile_words(exclude.near)
        return self._excluded

    @property
    def span(self) -> int:
        """How near two keys must be for what they nominate to overlap."""
        return self.ready.span

    @property
    def keywords(self) -> tuple[str, ...]:
        """The document must hold one of these, folded."""
        return self.ready.keywords


class _Candidate(NamedTuple):
    start: int  # source offsets in the window
    end: int
    plan: _Plan
    entry: int  # index into plan.entries; -1 for patterns
    view: views.View
    first: int  # offsets in that view
    last: int
    outer: tuple[int, int]  # the whole match in that view, where the hit is what a group holds
    maker: derived.Maker | None = None  # of that view, where it is a derived one


class _Kept(NamedTuple):
    """A hit that passed, waiting for the document's end."""

    finding: Finding
    sight: Any
    bounds: Mapping[Reach, Span]


class _State:
    """What one pass over one document has gathered, and where the document stands."""

    def __init__(
        self, where: allowing.Where, kind: str = "text", only: Sequence[Span] | None = None
    ) -> None:
        self.where = where
        self.kind = kind
        self.only = only  # the spans that something has to touch, where not all is wanted
        self.keywords: set[int] = set()  # plans of which a keyword was met
        self.kept: dict[int, list[_Kept]] = defaultdict(list)
        self.far: dict[int, int] = {}  # plan → end of its furthest survivor
        self.values: dict[int, set[int]] = defaultdict(set)
        self.words: dict[int, dict[str, Span]] = defaultdict(dict)
        self.total = 0
        self.dropped: dict[int, int] = defaultdict(int)
        self.overtime: dict[str, None] = {}


_TERMS: Final = -1  # in the place of a plan's number: whatever plan has terms


_CLOSE: Final = 100
_IN_CLEAR, _MARKED, _SPELT = 0, 1, 2  # how a term stands: with something between, or in a code


class _Nominated(NamedTuple):
    """A stretch of a text, code points, where terms may stand: the gate's numbers, and how."""

    start: int
    stop: int
    terms: tuple[int, ...]
    how: int


class _Window(NamedTuple):
    text: str
    begin: Position
    low: int  # the block that this window answers for, as offsets into text
    high: int
    labels: _Labels


class _Labels:
    """The labels of a document so far. Of a short one they are made only when somebody asks."""

    def __init__(self, make: Callable[[], Labeller] | None, *, all_table: bool = False) -> None:
        self._make = make
        self._labeller: Labeller | None = None
        self.in_prose = not all_table  # a table, if there is one, stands in other text
        self.heads: dict[str, None] = {}  # lines of names of columns, as far as prose was seen
        self._waiting: list[str | None] = []
        self._known: list[Label] = []

    def hear(self, text: str | None) -> None:
        """The next piece of text; None at its end."""
        if self._make:
            self._waiting.append(text)

    def settle(self, offset: int) -> None:
        """Label what is waiting, and forget what ends before `offset`."""
        known = self.known
        del known[: bisect_left(known, offset, key=lambda label: label.end)]

    def note(self, text: str) -> None:
        """Remember the lines of a window that the rows of a table may stand under."""
        if self._make and self.in_prose and any(mark in text for mark in _TABLES):
            for ruled in _RULED.finditer(text):
                end = ruled.start()
                head = text[max(text.rfind("\n", 0, end), text.rfind("\r", 0, end)) + 1 : end]
                if "|" in head:
                    self.heads[head] = None

    @property
    def tabular(self) -> bool:
        """Whether what was seen so far may hold a table."""
        return bool(self.heads) or not self.in_prose

    def under(self, start: int, end: int) -> Iterator[Label]:
        """The cells of a table from `start` to `end` that stand under something."""
        if not self.tabular:
            return
        known = self.known
        index = bisect_right(known, start, key=lambda label: label.end)
        while index < len(known) and known[index].start < end:
            if known[index].over:
                yield known[index]
            index += 1

    @property
    def known(self) -> list[Label]:
        """All labels that can be told by now."""
        if self._make and self._waiting:
            labeller = self._labeller = self._labeller or self._make()
            for text in self._waiting:
                self._known += labeller.close() if text is None else labeller.feed(text)
            self._waiting.clear()
        return self._known


class _Texts:
    """The texts of the views of a window, each made when first asked for."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._shown: dict[bool, str] = {}
        self._folded: dict[bool, views.View] = {}

    def shown(self, *, lines: bool = False) -> str:
        """The text of the `lines` view, or else of the `plain` one."""
        if lines not in self._shown:
            make = views.lines_text if lines else views.plain_text
            self._shown[lines] = make(self._source)
        return self._shown[lines]

    def folded(self, *, lines: bool = False) -> views.View:
        """The same as names are compared, with ways home to that text."""
        if lines not in self._folded:
            self._folded[lines] = views.name(views.View(self.shown(lines=lines)))
        return self._folded[lines]


class _Stretch:
    """The matches of an exclusion that begin from `begin` on and before `done`, in a view."""

    __slots__ = ("begin", "done", "ends", "starts")

    def __init__(self, begin: int) -> None:
        self.begin = self.done = begin
        self.starts: list[int] = []
        self.ends: list[int] = []


class _Search:
    """One window being searched: its views, what was found in it, what to remember of it.

    The texts of views are quickly made. Ways home are made for those in which something is found.
    """

    def __init__(self, window: _Window, state: _State) -> None:
        self.window = window
        self.state = state
        self.found: dict[tuple[int, int, int, int], _Candidate] = {}
        self.keys: list[Span] = []  # where the longest word of a term stands in clear
        self.told_all = False  # candidates that say nothing without context words are wanted too
        self.sifted = False  # a sieve says which patterns to look for
        self.texts = _Texts(window.text)
        self._plain: views.View | None = None
        self._lines: views.View | None = None
        self._name: views.View | None = None
        self._shapes: dict[int, dict[str, _Stretch]] = {}
        self._seen: dict[bool, needs.Seen] = {}
        self._as_named: needs.Seen | None = None
        self._words: dict[int, list[str]] = {}

    def shapes_in(self, view: views.View) -> dict[str, _Stretch]:
        """What is known of exclusions in a view of this window, by their patterns."""
        if view is self._plain or view is self._lines:
            return self._shapes.setdefault(id(view), {})
        return {}  # a derived view is seen once, and may be gone when the next one is asked about

    @property
    def plain(self) -> views.View:
        """The view that most patterns see."""
        if self._plain is None:
            self._plain = views.plain(self.window.text)
        return self._plain

    @property
    def lines(self) -> views.View:
        """The view that patterns see which name line ends."""
        if self._lines is None:
            self._lines = views.lines(self.window.text)
        return self._lines

    @property
    def name(self) -> views.View:
        """The view that terms see; many patterns are gone before anybody asks for it."""
        if self._name is None:
            self._name = views.name(self.plain)
        return self._name

    def view_of(self, plan: _Plan) -> views.View:
        """The view that a rule's pattern sees."""
        return self.lines if _sees_lines(plan) else self.plain

    def text_of(self, plan: _Plan) -> str:
        """The text of that view."""
        return self.texts.shown(lines=_sees_lines(plan))

    def seen(self, plan: _Plan) -> needs.Seen:
        """That text, ready for looking for what patterns need."""
        lines = _sees_lines(plan)
        known = self._seen.get(lines)
        if known is None:
            known = needs.Seen(self.text_of(plan), self._as_named, few=self.sifted)
            self._seen[lines] = known
        return known

    @property
    def as_named(self) -> needs.Seen:
        """The text that terms see, likewise."""
        if self._as_named is None:
            self._as_named = needs.Seen(self.name.text)
        return self._as_named

    def has_word(self, plan: _Plan, starts: tuple[int, int]) -> bool:
        """Whether a context word may stand where a match from one of `starts` on needs it."""
        if self.window.labels.tabular:
            return True  # a column's heading may say it, from afar
        words = self.words_of(plan)
        if not words:
            return False
        reach, width = context.reach_of(plan.rule.near), _pattern(plan).width
        view, name = self.view_of(plan), self.name
        low = view.edge(max(0, starts[0])) - reach
        high = view.edge(min(len(view.text), starts[1] + width + 1)) + reach
        text = name.text[name.at(max(0, low)) : name.at(min(high, len(self.window.text))) + 1]
        return any(key in text for key in words)

    def may_hold(self, plan: _Plan) -> bool:
        """Whether what a rule's pattern needs, and its context words, may stand in the window."""
        pattern = _pattern(plan)
        seen = self._seen.get(pattern.lines) or self.seen(plan)
        if not seen.may_hold(pattern):
            return False
        if not _silent_alone(plan) or self.told_all or self.window.labels.tabular:
            return True
        return bool(self.words_of(plan))

    def words_of(self, plan: _Plan) -> list[str]:
        """The pieces of a rule's context words that stand somewhere in the window."""
        known = self._words.get(plan.number)
        if known is None:
            text = self.name.text
            known = self._words[plan.number] = [key for key in plan.ready.words if key in text]
        return known

    def block(self, plan: _Plan) -> tuple[int, int]:
        """The starts in that view that this window answers for."""
        window = self.window
        if window.low == 0 and window.high > len(window.text):
            return 0, len(self.text_of(plan))
        view = self.view_of(plan)
        low, high = view.at(window.low), view.at(min(window.high, len(window.text)))
        # What a group holds may begin in the block though the match began before it.
        return (low - _pattern(plan).width if plan.rule.capture else low), high

    def keep(
        self,
        plan: _Plan,
        entry: int,
        view: views.View,
        first: int,
        last: int,
        outer: tuple[int, int] | None = None,
    ) -> bool:
        """Keep an occurrence that starts in the block and, for a term, stands as a name.

        Whether it does.
        """
        window = self.window
        home = view.home(first, last)
        if home is None or not window.low <= home.start < window.high:
            return False
        key = (home.start, home.end, plan.number, entry)
        if key not in self.found and (
            entry < 0 or terms.stands(plan.terms[entry], window.text, home.start, home.end)
        ):
            self.found[key] = _Candidate(
                home.start, home.end, plan, entry, view, first, last, outer or (first, last)
            )
        return key in self.found

    def keep_term(self, plan: _Plan, entry: int, start: int, end: int) -> None:
        """Keep the occurrences in clear of a term whose longest word stands there.

        Where there is none, the others of its words may be hidden.
        """
        term, text = plan.terms[entry], self.name.text
        kept = [self.keep(plan, entry, self.name, *at) for at in terms.near_key(term, text, end)]
        if not any(kept) and terms.may_be_hidden(term, text, start, end):
            self.keys.append(Span(self.name.edge(start), self.name.edge(end - 1) + 1))

    def keep_derived(
        self, plan: _Plan, entry: int, view: views.View, span: Span, maker: derived.Maker
    ) -> None:
        """Keep an occurrence in a derived view, if it stands there, or here, as a name."""
        term, window = plan.terms[entry], self.window
        home = view.home(*span)
        if home is None or not window.low <= home.start < window.high:
            return
        key = (home.start, home.end, plan.number, entry)
        if key not in self.found and (
            terms.stands(term, view.text, *span)
            or (not maker.encoded and terms.stands(term, window.text, *home))
        ):
            self.found[key] = _Candidate(*home, plan, entry, view, *span, span, maker)

    def ask(self, plan: _Plan) -> None:
        """Note of a rule what it asks about all of a document."""
        if plan.ready.document:
            self.note_words(plan, 0, len(self.name.text))
        if any(key in self.texts.folded().text for key in plan.keywords):
            self.state.keywords.add(plan.number)

    def note_words(self, plan: _Plan, start: int, end: int) -> None:
        """Remember which words of a `same = "document"` rule stand near there in the name view."""
        if plan.words is None:
            return
        window, name = self.window, self.name
        near = Span(max(0, name.edge(start) - 100), min(len(window.text), name.edge(end) + 100))
        known = self.state.words[plan.number]
        offset = window.begin.offset
        for word, span in context.seen(plan.words, name, [near]).items():
            if window.low <= span.start < window.high:
                known.setdefault(word, Span(span.start + offset, span.end + offset))


class Matcher:
    """Rules made ready to match. Immutable, but that it keeps the patterns it has compiled.

    `prefilter=False` is the reference: every pattern and term over all the text. `block` is how
    many code points a window answers for. `engine` is what nominates: "aho" for little text,
    "hyper" (Hyperscan) for much, "auto" the one that suits; where Hyperscan is not available it is
    "aho" all the same. `shelf` is the folder of the cache, "" for
    none; only what is made for patterns in `public` is kept there, context words included. `tables`
    lead to rows of rules: the index of the first, and how many.
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
    ) -> None:
        self._prefilter = prefilter
        self._block = block
        self._engine = engine
        self._shelf = shelf
        self._public = public
        self._parsed = parsed
        ready = ready or [ready_.of(rule, self._pattern) for rule in rules]
        self._plans = _plans(rules, ready, now, profile, self._pattern)
        self._by_id = {plan.ready.id: plan for plan in self._plans}
        composites = [plan for plan in self._plans if plan.ready.members]
        self._composites = _in_order(composites, self._by_id)
        self._compiled: dict[str, regex.Pattern[str]] = {}
        self._stopwords = allowing.Stopwords()
        self._named = tuple(p for p in self._plans if p.ready.has_path and not _looks_inside(p))
        self._cues = context.compile_words(_CUES)
        self._labelled = any(plan.ready.scoped for plan in self._plans)
        self._has_terms = any(plan.ready.has_terms and plan.terms for plan in self._plans)
        self._beyond = self._has_terms and any(
            not entry.term.isascii() for plan in self._plans for entry in plan.terms.entries
        )
        self._byte_nominator: Nominator[tuple[int, int]] | None = None
        self._width = max(map(_widest, self._plans), default=0)
        self._sights = list(map(_sight, self._plans))
        self._need = self._margin()
        with_terms = zip(self._plans, self._sights, strict=True) if self._has_terms else ()
        self._sight_of_terms = max((s for p, s in with_terms if len(p.terms)), default=0)
        self._has_patterns = any(plan.ready.how for plan in self._plans)
        # What these ask of the document, a window of it cannot tell.
        self._asking = tuple(p for p in self._plans if p.keywords or _near_document(p))
        self._nominator, self._swept, self._hushed = self._nominate(tables)
        self._sieves: tuple[Sieve, ...] | None = None
        self._pieces: Mapping[str, list[_Plan]] | None = None  # made when first asked for
        self._by_heading: dict[str, list[_Plan]] = {}  # of those met last
        self._told_by_headings: bool | None = None  # whether any rule is; known when first asked
        self._gate: Gate | None = None
        self._spreads: dict[int, int] = {}  # made when first asked for
        self._gated: tuple[tuple[int, int], ...] = ()  # plan and term of each of its numbers
        self._screened = 0  # code points so far: how much work this is

    # the doors ──────────────────────────────────────────────────────────────────────────────────

    def find(
        self, document: Document, look: Look | None = None, near: Sequence[Span] | None = None
    ) -> Found:
        """All findings of one document, in order: by start, longer first, then by rule.

        With `near`, spans of the document in order, only those are wanted that touch one of them,
        or have evidence that does; others may be left out. An error in reading ends the pass and
        is handed back with what was found before it.
        """
        if near is not None and not self._may_touch(document, near):
            return Found(())
        state = _State(allowing.Where(document.origin, self._regex), document.kind)
        failed: Exception | None = None
        try:
            for window in self._windows(document):
                self._screen(window, document, state, look)
        except Exception as error:  # whatever breaks, findings already made stay
            failed = error
        return self._settle(state, failed)

    def _may_touch(self, document: Document, near: Sequence[Span]) -> bool:
        """Whether anything may be found that touches one of the spans, or has evidence there."""
        if not near:
            return False
        self._spreads = self._spreads or _spreads(self._plans)
        state = _State(allowing.Where(document.origin, self._regex), document.kind, near)
        try:
            for window in self._windows(document):
                # What stands under the head of a table is told by it from afar.
                if document.kind == "table" or (window.labels.tabular and _in_cells(window, near)):
                    return True
                self._screen(window, document, state, None)
        except Exception:
            return True  # and the pass over all of it says what is wrong
        if any(state.kept[plan.number] for plan in self._asking):
            return True
        for plan in self._composites:
            state.kept[plan.number] = self._compose(plan, state)
        return any(
            kept.finding.confidence > Confidence.NONE and _reaches(kept.finding, near)
            for plan in self._plans
            if plan.reported
            for kept in state.kept[plan.number]
        )

    def spans(self, text: str) -> list[Span]:
        """Where `text` has a hit of any rule at any confidence: what must not be shown."""
        found = []
        window = _Window(text, Position(), 0, len(text) + 1, _Labels(None))
        state = _State(allowing.Where(None, self._regex))
        search = _Search(window, state)
        if self._gate and not self._has_patterns:
            self._find_terms(search, list(self._hits_of_terms(text)))
        else:
            self._candidates(search, all_cells=True)
        for candidate in _ordered(search):
            rule = candidate.plan.rule
            value = candidate.view.text[candidate.first : candidate.last]
            if rule.entropy and allowing.entropy(value) <= rule.entropy:
                continue
            if _checked(rule.check, value) is not False:
                found.append(Span(candidate.start, candidate.end))
        return found

    def consider(self, document: Document) -> Iterator[Considered]:
        """Every candidate of a document, findings or not, in order: why it is one, or why not."""
        state = _State(allowing.Where(None, self._regex))
        for window in self._windows(document):
            search = _Search(window, state)
            ruler = Ruler(window.text, window.begin, document.encoding, document.anchors)
            self._candidates(search, all_cells=True)
            for candidate in _ordered(search):
                steps: list[tuple[str, str]] = []
                confidence = self._steps(candidate, search, state, steps)
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

    def _steps(
        self, candidate: _Candidate, search: _Search, state: _State, steps: list[tuple[str, str]]
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
        if rule.allowlists and self._is_allowed(rule, candidate, window, state):
            steps.append(("allowlist", "of the rule: allowed"))
            return None
        checked = _checked(rule.check, value)
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

    def find_bytes(self, stream: BinaryIO) -> Found:
        """Literal terms of six letters and more in other binary content, as UTF-8 and UTF-16LE.

        Case is heeded only beyond ASCII; words stand as written, or joined by nothing, `-` or `_`.
        """
        if self._byte_nominator is None:
            self._byte_nominator = Nominator(self._byte_keys())
        nominator = self._byte_nominator
        kept: dict[int, list[Finding]] = defaultdict(list)
        dropped = 0
        longest = 4 * max((_widest(plan) for plan in self._plans), default=0)
        seen: set[tuple[int, int]] = set()
        offset, tail = 0, b""
        while block := stream.read(1 << 20):
            data = tail + block
            for start, end, wanted in nominator.hits(data.lower().decode("latin-1")):
                for index, entry in wanted:
                    if (offset + start, index) in seen:
                        continue
                    seen.add((offset + start, index))
                    if len(kept[index]) >= RULE_CAP:
                        dropped += 1
                        continue
                    finding = self._byte_finding(index, entry, offset + start, offset + end)
                    kept[index].append(finding)
            tail = data[-longest:] if longest else b""
            offset += len(data) - len(tail)
            seen = {pair for pair in seen if pair[0] >= offset}
        findings = sorted((f for fs in kept.values() for f in fs), key=_order)
        return Found(tuple(Hit(finding, None) for finding in findings), dropped)

    def _byte_keys(self) -> dict[str, list[tuple[int, int]]]:
        keys: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for plan in self._plans:
            if not plan.reported or not plan.ready.has_terms:
                continue
            for index, entry in enumerate(plan.terms.entries):
                written = entry.term if terms.is_plain(entry.term) else plan.terms[index].written
                if sum(c.isalpha() for c in written) < 6:
                    continue
                words = written.lower().split()
                for joiner in (" ", "", "-", "_"):
                    for encoding in ("utf-8", "utf-16-le"):
                        data = joiner.join(words).encode(encoding)
                        keys[data.lower().decode("latin-1")].append((plan.number, index))
        return {key: list(dict.fromkeys(wanted)) for key, wanted in keys.items()}

    def _byte_finding(self, index: int, entry: int, start: int, end: int) -> Finding:
        plan = self._plans[index]
        confidence = plan.rule.confidence["bare"]
        if plan.terms.are_ordinary(entry):
            confidence = min(confidence, Confidence.LOW)
        return Finding(
            rule=plan.rule.id,
            span=Span(start, end),
            place=Place(kind="bytes", byte_start=start, byte_end=end),
            confidence=confidence,
            cell="term",
            severity=plan.rule.severity,
            entry=plan.terms.entries[entry].id,
        )

    # windows ────────────────────────────────────────────────────────────────────────────────────

    def _windows(self, document: Document) -> Iterator[_Window]:
        """Pieces of the document, each with all round it that a candidate of its block can see."""
        chunks = document.chunks()
        tabular = document.kind == "table"
        tables = tabular or document.kind in ("markdown", "mdx")
        if tables and not tabular and self._told_by_headings is None:
            self._told_by_headings = any(map(_heeds_headings, self._plans))
        labelled = self._labelled or tabular or (tables and self._told_by_headings)
        labels = _Labels(document.labeller if labelled else None, all_table=tabular)
        text, ended = "", False
        begin = Position(byte=document.bom)
        low = 0
        while True:
            goal = low + self._block
            while (seen := self._sees(text, goal)) > len(text) and not ended:
                pieces, size = [text], len(text)
                wanted = max(goal + self._need, size + 1)
                while size < wanted and not ended:
                    chunk = next(chunks, None)
                    if chunk is None:
                        ended = True
                        labels.hear(None)
                    else:
                        pieces.append(chunk.text)
                        size += len(chunk.text)
                        labels.hear(chunk.text)
                text = "".join(pieces)
            if ended and len(text) <= goal + self._block // 2:
                goal = len(text) + 1
            labels.note(text)
            yield _Window(text[:seen] if goal < len(text) else text, begin, low, goal, labels)
            if goal > len(text):
                return
            cut = self._tail(text, goal)
            begin = begin.after(text[:cut], text[cut : cut + 1], document.encoding)
            text = text[cut:]
            low = goal - cut
            labels.settle(begin.offset)

    def _sees(self, text: str, goal: int) -> int:
        """Where ends all that the last candidate of the block can see; past the text if unknown."""
        ahead = self._need
        # Invisible characters and wraps shrink in the view, which is what patterns are measured in.
        while goal + ahead <= len(text) and ahead <= self._need * 70:
            if len(views.plain(text[goal : goal + ahead]).text) >= self._need - views.LOCAL:
                break
            ahead *= 2
        return goal + ahead

    def _tail(self, text: str, goal: int) -> int:
        """Where the next window may begin so that it sees as far back."""
        back = self._need
        while back < goal:
            if len(views.plain(text[goal - back : goal]).text) >= self._need - views.LOCAL:
                return goal - back
            back *= 2
        return 0

    def _margin(self) -> int:
        return max([context.reach_of(_CUES), *self._sights]) + 2 * LABEL_REACH

    # candidates ─────────────────────────────────────────────────────────────────────────────────

    def _nominate(
        self, tables: Sequence[tuple[int, int, Table]]
    ) -> tuple[Keys, tuple[_Plan, ...], tuple[_Plan, ...]]:
        """What nominates; the plans no key can nominate; those that only context words nominate."""
        targets: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        shapes: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        swept: list[_Plan] = []
        hushed: list[_Plan] = []
        by_index = {plan.index: plan for plan in self._plans}
        tabled = {index for first, count, _ in tables for index in range(first, first + count)}
        for plan in self._plans:
            number, ready, how = plan.number, plan.ready, plan.how
            for index, key in terms.keys_of(plan.terms.entries) if ready.has_terms else ():
                targets[key].append((number, index, "term"))
            if plan.index not in tabled:
                for key, shape, kind in ready_.told(ready):
                    if kind not in ("literal", "near") or kind == how:
                        (shapes if shape else targets)[key].append((number, -1, kind))
            if how == "swept":
                swept.append(plan)
            elif how in ("near", "column"):
                hushed.append(plan)

        def meant(first: int, index: int, kind: str) -> tuple[int, int, str] | None:
            plan = by_index.get(first + index)
            if plan is None or (kind in ("literal", "near") and kind != plan.how):
                return None
            return plan.number, -1, kind

        lead = [(table, partial(meant, first)) for first, _, table in tables]
        return Nominator(targets, shapes, lead), tuple(swept), tuple(hushed)

    def _candidates(self, search: _Search, *, all_cells: bool = False) -> None:
        """Find the candidates that start in the window's block.

        With `all_cells` also those that are no finding without the context words they lack.
        """
        search.told_all = all_cells
        if self._prefilter:
            ranges, swept = self._nominated(search, self._nominator), list(self._swept)
            if all_cells:
                swept += [plan for plan in self._hushed if not _by_column(plan)]
        else:
            ranges, swept = {}, [plan for plan in self._plans if plan.ready.how]
            for plan, entry, first, last in self._occurrences(search.name.text, self._nominator):
                search.keep(plan, entry, search.name, first, last)
            for plan in self._plans:
                search.ask(plan)
        if self._prefilter and not all_cells:
            self._under_headings(search, ranges)
        for plan in swept:
            if self._prefilter and not search.may_hold(plan):
                continue
            if not self._lacks_keyword(plan, search):
                ranges[plan.number] = [search.block(plan)]
        for number, wanted in ranges.items():
            # Allowlists are asked once there is a hit: most documents have none.
            plan = self._plans[number]
            if not plan.ready.has_path or search.state.where.has_path_of(plan.rule):
                self._confirm(plan, wanted, search)
        if search.state.kind == "path":
            for plan in self._named:
                if search.state.where.holds(plan.rule.path) and search.texts.shown():
                    search.keep(plan, -1, search.plain, 0, len(search.texts.shown()))
        if self._has_terms:
            self._search_derived(search, self._nominator)

    def _lacks_keyword(self, plan: _Plan, search: _Search) -> bool:
        """Whether the whole document is seen, and is one that this rule finds nothing in."""
        whole = search.window.low == 0 and search.window.high > len(search.window.text)
        return bool(plan.keywords and whole and plan.number not in search.state.keywords)

    def _nominated(self, search: _Search, nominator: Keys) -> dict[int, list[tuple[int, int]]]:
        """Keeps the terms that keys lead to; for patterns, the starts that are worth a look."""
        clusters: dict[tuple[int, str], list[list[int]]] = defaultdict(list)
        text = search.name.text
        worth: dict[int, bool] = {}

        def is_worth_it(target: tuple[int, int, str]) -> bool:
            number, _, kind = target
            if kind not in ("literal", "near"):
                return True
            if number not in worth:
                worth[number] = search.may_hold(self._plans[number])
            return worth[number]

        for start, end, wanted in nominator.hits(text, is_worth_it, search.as_named):
            for number, entry, kind in wanted:
                plan = self._plans[number]
                if kind == "term":
                    search.keep_term(plan, entry, start, end)
                elif kind == "document":
                    search.note_words(plan, start, end)
                elif kind == "keyword":
                    search.state.keywords.add(number)
                else:
                    # Hits that overlap in what they nominate are one cluster.
                    of_plan = clusters[number, kind]
                    if of_plan and start - of_plan[-1][1] <= plan.span:
                        of_plan[-1][1] = max(start, of_plan[-1][1])  # a longer key ends later
                    else:
                        of_plan.append([end, start])
        ranges: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for (number, kind), of_plan in clusters.items():
            plan = self._plans[number]
            view = search.view_of(plan)
            ranges[number] += [
                _range(plan, kind, search.name, start, end, view) for end, start in of_plan
            ]
        return ranges

    def _under_headings(self, search: _Search, ranges: dict[int, list[tuple[int, int]]]) -> None:
        """Nominate cells of tables for the rules whose context words stand over their column."""
        for plan, first, last in self._cells(search.window):
            view = search.view_of(plan)
            ranges.setdefault(plan.number, []).append((view.at(first), view.at(last)))

    def _cells(self, window: _Window) -> Iterator[tuple[_Plan, int, int]]:
        """The cells of tables, each with the rules that only its heading can lead to."""
        if window.labels.in_prose and not any(map(self._led_to, window.labels.heads)):
            return  # no label need be made
        offset, size = window.begin.offset, len(window.text)
        for label in window.labels.under(offset + window.low, offset + window.high):
            assert label.over is not None
            for plan in self._led_to(label.over.text):
                yield plan, max(0, label.start - offset), min(label.end - offset, size)

    def _led_to(self, heading: str) -> list[_Plan]:
        return [plan for plan in self._told_by(heading) if plan.how in ("near", "column")]

    def _told_by(self, heading: str) -> list[_Plan]:
        """The rules that say nothing alone, and that words of a heading are context for."""
        told = self._by_heading.get(heading)
        if told is None:
            pieces = context.pieces(heading) | {""}
            plans = {p.number: p for piece in pieces for p in self._by_piece.get(piece, ())}
            told = [p for p in plans.values() if p.words and context.told(p.words, heading)]
            if len(self._by_heading) > _HEADINGS:
                self._by_heading.clear()
            self._by_heading[heading] = told
        return told

    @property
    def _by_piece(self) -> Mapping[str, list[_Plan]]:
        """The rules that say nothing alone, by pieces of their context words."""
        if self._pieces is None:
            pieces: dict[str, list[_Plan]] = defaultdict(list)
            for plan in self._plans:
                # A piece with other signs in it is no piece of a heading: "" stands for any.
                words = plan.ready.words if plan.ready.how and _silent_alone(plan) else ()
                for piece in {key if key.isalnum() else "" for key in words}:
                    pieces[piece].append(plan)
            self._pieces = pieces
        return self._pieces

    def _confirm(
        self,
        plan: _Plan,
        ranges: list[tuple[int, int]],
        search: _Search,
        nomination: Nomination | None = None,
    ) -> None:
        """Keep what the pattern matches from the starts in `ranges` on.

        A nomination has seen to what the pattern needs already, and says where words are.
        """
        pattern, text = _pattern(plan), search.text_of(plan)
        ranges = _merged(ranges)
        if self._prefilter and nomination is None:
            ranges = search.seen(plan).starts(pattern, ranges)
            if _silent_alone(plan) and not search.told_all:
                ranges = [pair for pair in ranges if search.has_word(plan, pair)]
        if search.state.only is not None and ranges:
            ranges = self._near_only(plan, ranges, search)
        if not ranges:
            return
        compiled = self._regex(pattern.source)
        try:
            for first, last in ranges:
                for match in patterns.matches(
                    compiled, text, max(0, first), min(last, len(text)), pattern,
                    timeout=TIME_LIMIT,
                ):  # fmt: skip
                    begin, end = patterns.captured(match) if plan.rule.capture else match.span()
                    if nomination and not nomination.has_word(begin, end):
                        continue
                    if search.told_all or _checked(plan.rule.check, text[begin:end]) is not False:
                        search.keep(plan, -1, search.view_of(plan), begin, end, match.span())
        except TimeoutError:
            search.state.overtime[plan.rule.id] = None

    def _near_only(
        self, plan: _Plan, ranges: list[tuple[int, int]], search: _Search
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
            for low, high in _merged(spans)
            for first, last in _merged(ranges)
            if first < high and last > low
        ]

    def _search_derived(
        self, search: _Search, nominator: Keys, hidden: Sequence[_Nominated] | None = None
    ) -> None:
        """Look for terms where something may hide them: anywhere, or where they are `hidden`."""
        from leakguard import derived  # twenty expressions to compile, for those who have terms

        text = search.window.text
        encoded = hidden is None or any(hit.how == _SPELT for hit in hidden)
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
        self, maker: derived.Maker, text: str, marked: list[Span], nominator: Keys
    ) -> list[Span]:
        """Of the words round marks, those that spell the longest word of a term in the view."""
        words = list(maker.telling(text, marked))
        starts, size = [], 0
        for _, word in words:
            starts.append(size)
            size += len(word) + 1
        told = {
            bisect_right(starts, start) - 1
            for start, _, wanted in nominator.hits("\n".join(w for _, w in words).lower())
            if any(kind == "term" for _, _, kind in wanted)
        }
        return [words[index][0] for index in sorted(told)]

    def _search_view(
        self,
        search: _Search,
        maker: derived.Maker,
        view: views.View | None,
        near: list[Span] | None,
        nominator: Keys,
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

    def _occurrences(self, text: str, nominator: Keys) -> Iterator[tuple[_Plan, int, int, int]]:
        """Where the words of terms follow one another in a folded text."""
        if self._prefilter:
            for _, end, wanted in nominator.hits(text):
                for index, entry, kind in wanted:
                    if kind == "term":
                        plan = self._plans[index]
                        for first, last in terms.near_key(plan.terms[entry], text, end):
                            yield plan, entry, first, last
            return
        for plan in self._plans:
            for entry in range(len(plan.terms)):
                for first, last in terms.everywhere(plan.terms[entry], text):
                    yield plan, entry, first, last

    def _regex(self, source: str) -> regex.Pattern[str]:
        # Compiled when a candidate first asks; two threads may both do it, and agree.
        compiled = self._compiled.get(source)
        if compiled is None:
            compiled = self._compiled[source] = self._program(source)
        return compiled

    def _program(self, source: str) -> regex.Pattern[str]:
        """A pattern compiled, or restored from what the cache knows of it."""
        pattern = self._pattern(source)
        if not self._shelf or source not in self._public:
            return patterns.compile(pattern)
        name = cache.key(b"program", pattern.written.encode(), patterns.made_with())
        known = cache.load(self._shelf, name)
        if known is not None:
            return patterns.restored(known)
        compiled = patterns.compile(pattern)
        cache.store(self._shelf, name, patterns.program(compiled))
        return compiled

    def _pattern(self, source: str) -> patterns.Pattern:
        return self._parsed.get(source) or patterns.parse(source)

    # judging ────────────────────────────────────────────────────────────────────────────────────

    def _screen(
        self,
        window: _Window,
        document: Document,
        state: _State,
        look: Look | None,
    ) -> None:
        ruler = Ruler(window.text, window.begin, document.encoding, document.anchors)
        for search in self._searched(window, state):
            candidates = _ordered(search)
            hits = None
            if self._gate and not self._has_patterns:
                hits = [Span(candidate.start, candidate.end) for candidate in candidates]
            for candidate in candidates:
                self._judge(candidate, search, ruler, state, look, hits)

    def prepare(self, *, much: bool = False) -> None:
        """Make ready for many texts, or very much: what follows is `is_bulk`, if it can be."""
        if self._engine == "aho" or not self._prefilter:
            return
        from leakguard.engines import hyper

        if not hyper.is_available():
            return
        if self._has_terms:
            self.gate()
        # To make one takes as long as to screen some megabytes without.
        shelf, public = self._wanted()[0] if self._has_patterns else ("", [])
        if self._has_patterns and (much or cache.holds(shelf, hyper.name_of(public))):
            self.sieves()

    @property
    def is_bulk(self) -> bool:
        """Whether `clear` has what it needs."""
        return self._gate is not None or self._sieves is not None

    @property
    def is_quick(self) -> bool:
        """Whether most texts are cleared, so that they are worth asking about beforehand.

        Patterns are nominated somewhere in nearly every text.
        """
        return self.is_bulk and not self._has_patterns and not self._named

    def clear(self, texts: Mapping[int, bytes]) -> set[int]:
        """Which of some texts, UTF-8 by their numbers, surely hold nothing that is looked for.

        Of the others nothing is said; little work and those without Hyperscan get no number.
        """
        if self._asking or self._has_patterns or not self._prefilter:
            return set()
        if not self._is_much(sum(map(len, texts.values()))):
            return set()
        numbers = list(texts)
        standing = self.gate().standing(list(texts.values()))
        return set(numbers).difference(numbers[index] for index in standing)

    def _searched(self, window: _Window, state: _State) -> Iterator[_Search]:
        """The window searched: as a whole, or by what a sieve and a gate say of it."""
        search = _Search(window, state)
        if not self._sifts(search):
            self._candidates(search)
            yield search
            return
        if self._has_patterns:
            self._sift(search)
            yield search
        if self._has_terms:
            for part, hits in self._parts(window, state.only):
                search = _Search(part, state)
                self._find_terms(search, hits)
                yield search

    def _sift(self, search: _Search) -> None:
        """Keep what patterns match where the sieve says that they may."""
        search.sifted = True
        sieves, labels = self.sieves(), search.window.labels
        told = {plan.number for head in labels.heads for plan in self._told_by(head)}
        elsewhere = told if labels.in_prose else None
        for nomination in chain.from_iterable(s.nominated(search.texts, elsewhere) for s in sieves):
            plan = self._plans[nomination.rule]
            if search.state.where.rules_out(plan.rule):
                continue
            ranges = nomination.starts()
            if nomination.by_words:
                ranges = search.seen(plan).starts(_pattern(plan), ranges)
            self._confirm(plan, ranges, search, nomination)
        others: dict[int, list[tuple[int, int]]] = {}
        self._under_headings(search, others)
        for number in chain.from_iterable(sieve.missed for sieve in sieves):
            others[number] = [search.block(self._plans[number])]
        for number, wanted in others.items():
            self._confirm(self._plans[number], wanted, search)
        if search.found:
            for plan in self._asking:
                search.ask(plan)

    def _find_terms(self, search: _Search, hits: Sequence[_Nominated]) -> None:
        """Keep those of the terms that stand in a part of a window, in clear or hidden.

        No view shows more of the letters of a hit than the name that stands there in clear.
        """
        targets: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for number, entry in sorted({self._gated[n] for hit in hits for n in hit.terms}):
            for key in self._plans[number].terms[entry].keys:
                targets[key].append((number, entry, "term"))
        nominator = Nominator(targets)
        for start, end, wanted in nominator.hits(search.name.text):
            for number, entry, _ in wanted:
                search.keep_term(self._plans[number], entry, start, end)
        hidden = [
            hit
            for hit in hits
            if hit.how > _IN_CLEAR
            and any((hit.start, hit.stop, *self._gated[n]) not in search.found for n in hit.terms)
        ]
        if hidden:
            self._search_derived(search, nominator, hidden)

    def _sifts(self, search: _Search) -> bool:
        window, kind = search.window, search.state.kind
        if not self._prefilter or (kind == "table" and self._has_terms):
            return False
        if kind == "path" and (self._named or not self.is_bulk):
            return False
        if self._asking and not (window.low == 0 and window.high > len(window.text)):
            return False
        if not self._is_much(len(window.text)):
            return False
        text = search.texts.shown() if self._has_patterns else ""
        return text.isascii() or not any(odd in text for odd in patterns.ODD)

    def _is_much(self, more: int) -> bool:
        """Whether so much is to be screened that the second engine is worth making."""
        if self._engine == "aho":
            return False
        self._screened += more
        made = self._sieves if self._has_patterns else self._gate
        enough = SIFTED_FROM if self._has_patterns else GATED_FROM
        if self._engine != "hyper" and made is None and self._screened < enough:
            return False
        from leakguard.engines import hyper  # and with it the parser: little work does without

        return hyper.is_available()

    def gate(self) -> Gate:
        """The gate of these rules' terms; made when first asked for."""
        if self._gate is None:
            from leakguard.engines.gate import Gate

            self._gated = tuple(
                (plan.number, entry) for plan in self._plans for entry in range(len(plan.terms))
            )
            self._gate = Gate([e for plan in self._plans for e in plan.terms.entries])
        return self._gate

    def sieves(self) -> tuple[Sieve, ...]:
        """The sieves of these rules' patterns; made when first asked for."""
        if self._sieves is None:
            from leakguard.engines import hyper

            self._sieves = tuple(
                hyper.Sieve.kept(shelf, wanted) for shelf, wanted in self._wanted() if wanted
            )
        return self._sieves

    def _wanted(self) -> list[tuple[str, list[Wanted]]]:
        """What sieves must know of patterns: of those that may lie in the cache, and of others.

        Only headings lead to some.
        """
        from leakguard.engines.hyper import Wanted

        public, private = list[Wanted](), list[Wanted]()
        for plan in self._plans:
            if plan.pattern is None or _by_column(plan):
                continue
            phrase = context.longest(plan.rule.near)  # of which pieces are looked for
            before, after = context.sides_of(plan.rule.near)
            wanted = Wanted(
                plan.number,
                plan.pattern.source,
                plan.pattern.lines,
                plan.pattern.width,
                plan.ready.words if _silent_alone(plan) else (),
                before + phrase,
                after + phrase,
                _by_words(plan),
            )
            (public if plan.pattern.source in self._public else private).append(wanted)
        return [(self._shelf, public), ("", private)]

    def _parts(
        self, window: _Window, only: Sequence[Span] | None
    ) -> Iterator[tuple[_Window, list[_Nominated]]]:
        """The neighbourhoods in which terms may stand, and where in them, and how.

        A neighbourhood holds all that a candidate there can see.
        """
        text, far = window.text, self._sight_of_terms
        hits = list(self._hits_of_terms(text))
        if only is not None:
            hits = [hit for hit in hits if self._is_near(hit, only, window.begin.offset)]
        start = 0
        while start < len(hits):
            end = hits[start].stop
            stop = start + 1
            while stop < len(hits) and hits[stop].start - end <= 2 * far:
                end = max(end, hits[stop].stop)
                stop += 1
            low, high = self._around(text, hits[start].start, end, far)
            part = _Window(
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

    def _is_near(self, hit: _Nominated, spans: Sequence[Span], offset: int) -> bool:
        """Whether what is found there could touch one of the spans, or have evidence there."""
        far = self._spreads[_TERMS]
        low, high = hit.start + offset - far, hit.stop + offset + far
        before = bisect_left(spans, high, key=lambda span: span.start) - 1
        return before >= 0 and spans[before].end > low

    def _hits_of_terms(self, text: str) -> Iterator[_Nominated]:
        if not self._has_terms:
            return
        data = text.encode("utf-8", "surrogatepass")
        places = self.gate().places(data)
        at = None
        if len(data) != len(text):
            from leakguard.engines.hyper import points

            at = points(data, {edge for p in places for edge in (p.start, p.stop)})
        for place in places:
            start, stop = (at[place.start], at[place.stop]) if at else place[:2]
            how = _SPELT if place.spelt else _MARKED
            if how == _MARKED and _is_clear(text, start, stop):
                how = _IN_CLEAR
            yield _Nominated(start, stop, place.terms, how)

    def _around(self, text: str, first: int, last: int, far: int) -> tuple[int, int]:
        """A stretch that sees `far` characters of the view round source offsets."""
        back = ahead = far
        while True:
            low, high = max(0, first - back), min(len(text), last + ahead)
            before = low == 0 or len(views.plain(text[low:first]).text) >= far - views.LOCAL
            after = high == len(text) or len(views.plain(text[last:high]).text) >= far - views.LOCAL
            if before and after:
                return low, high
            back *= 1 if before else 2
            ahead *= 1 if after else 2

    def _judge(
        self,
        candidate: _Candidate,
        search: _Search,
        ruler: Ruler,
        state: _State,
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
        checked = _checked(rule.check, value)
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
            sample=bool(rule.samples) and value_key(value) in rule.samples,
        )
        state.kept[plan.number].append(
            _Kept(
                finding,
                _looked(look, window, candidate, hits)
                if look and plan.reported and best > Confidence.NONE
                else None,
                _bounds(plan, candidate, window),
            )
        )

    def _in_scope(self, rule: Rule, candidate: _Candidate, window: _Window) -> bool:
        banned = rule.exclude.scopes if rule.exclude else frozenset[str]()
        if not rule.scopes and not banned:
            return True
        offset = window.begin.offset
        stands = scopes_of(window.labels.known, candidate.start + offset, candidate.end + offset)
        return not stands & banned and (not rule.scopes or bool(stands & rule.scopes))

    def _is_allowed(
        self, rule: Rule, candidate: _Candidate, window: _Window, state: _State
    ) -> bool:
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
        return allowing.allowed(rule, texts, state.where, self._regex, self._stopwords)

    def _is_excluded(self, plan: _Plan, candidate: _Candidate, search: _Search) -> bool:
        exclude = plan.rule.exclude
        if exclude is None:
            return False
        window, name = search.window, search.name
        view, first, last = candidate.view, candidate.first, candidate.last
        if exclude.values and value_key(view.text[first:last]) in exclude.values:
            return True
        if any(self._regex(shape).fullmatch(view.text, first, last) for shape in exclude.patterns):
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
        self, shape: str, text: str, first: int, last: int, known: dict[str, _Stretch]
    ) -> bool:
        """Whether a match of an exclusion reaches over `text[first:last]`.

        Where hits stand close together, each continues the search of the one before.
        """
        pattern = self._pattern(shape)
        begin = max(0, first - ready_.INSIDE_REACH, last - pattern.width)
        stretch = known.get(shape)
        if stretch is None or not stretch.begin <= begin <= stretch.done:
            stretch = known[shape] = _Stretch(begin)
        if stretch.done <= first:
            last_start = first + ready_.INSIDE_REACH  # the next hit is likely to be near
            for start, end in patterns.find(
                self._regex(shape), text, stretch.done, last_start, pattern, timeout=TIME_LIMIT
            ):
                stretch.starts.append(start)
                stretch.ends.append(end)
            stretch.done = last_start + 1
        low, high = bisect_left(stretch.starts, begin), bisect_right(stretch.starts, first)
        return any(end >= last for end in stretch.ends[low:high])

    def _cell(
        self,
        plan: _Plan,
        checked: bool | None,
        candidate: _Candidate,
        window: _Window,
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
        return _chosen(plan, checked, found), tuple(sorted(found.values()))

    def _headings(self, candidate: _Candidate, window: _Window) -> set[Heading]:
        """What stands over the cells that a candidate touches."""
        offset = window.begin.offset
        if not _may_be_cells(window, candidate):
            return set()
        labels = window.labels.under(candidate.start + offset, candidate.end + offset)
        return {label.over for label in labels if label.over}

    def _reads_as_prose(
        self, term: terms.Term, candidate: _Candidate, window: _Window, name: views.View
    ) -> tuple[bool, tuple[Span, ...]]:
        """Whether ordinary words stand here as ordinary words, and the cues that say otherwise."""
        start, end = candidate.start, candidate.end
        if _looks_like_a_name(term, candidate, window.text):
            return False, ()
        cues = context.seen(self._cues, name, context.around(_CUES, window.text, start, end))
        return not cues, tuple(sorted(cues.values()))

    # the document's end ─────────────────────────────────────────────────────────────────────────

    def _settle(self, state: _State, failed: Exception | None) -> Found:
        if not any(state.kept.values()):
            return Found((), 0, tuple(state.overtime), failed)
        for index, words in state.words.items():
            self._apply_document_words(self._plans[index], words, state)
        for plan in self._plans:
            if plan.keywords and plan.number not in state.keywords:
                state.kept[plan.number] = []
        for plan in self._composites:
            state.kept[plan.number] = self._compose(plan, state)
        standing = [
            (p, self._standing(p, state))
            for p in self._plans
            if p.reported and state.kept[p.number]
        ]
        hits: list[tuple[tuple[int, int, str, int], Hit]] = []
        dropped = 0
        for plan, kept in standing:
            if plan.rule.yields:
                kept = _not_inside(kept, _others(plan, standing))
            if kept:
                dropped += state.dropped[plan.number]
            hits += [(_order(k.finding), Hit(k.finding, k.sight)) for k in kept]
        hits.sort(key=lambda pair: pair[0])
        return Found(tuple(hit for _, hit in hits), dropped, tuple(state.overtime), failed)

    def _apply_document_words(self, plan: _Plan, words: Mapping[str, Span], state: _State) -> None:
        evidence = tuple(sorted(words.values()))
        settled = []
        for kept in state.kept[plan.number]:
            cell = _chosen(plan, kept.finding.cell in ("checked", "full"), words)
            sure = plan.rule.confidence[cell]
            finding = replace(kept.finding, cell=cell, confidence=sure, evidence=evidence)
            settled.append(kept._replace(finding=finding))
        state.kept[plan.number] = settled

    def _standing(self, plan: _Plan, state: _State) -> list[_Kept]:
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

    def _required(self, requires: Requires, kept: _Kept, state: _State) -> bool:
        def there(identity: str) -> bool:
            others = state.kept[self._by_id[identity].number]
            return any(_together(requires, kept, other) for other in others)

        return (
            all(there(identity) for identity in requires.all)
            and (not requires.any or any(there(identity) for identity in requires.any))
            and not any(there(identity) for identity in requires.none)
        )

    def _compose(self, plan: _Plan, state: _State) -> list[_Kept]:
        """The hits of a composite: for each hit of its first member, the nearest of the others."""
        of = plan.rule.of
        if of is None:
            return []
        made: list[_Kept] = []
        anchors = of.all[:1] or of.any
        starts = [k for identity in anchors for k in state.kept[self._by_id[identity].number]]
        for anchor in sorted(starts, key=lambda k: _order(k.finding)):
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
                _Kept(
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


def _sides(
    near: Near, candidate: _Candidate, window: _Window, headings: Iterable[Heading]
) -> Iterator[Span]:
    """Where context words may stand: in a table no further than the row."""
    start, end = candidate.start, candidate.end
    row = context.bounds("line", window.text, start, end) if headings else None
    for side in context.around(near, window.text, start, end):
        if row:
            side = Span(max(side.start, row.start), min(side.end, row.end))
        if side.start < side.end:
            yield side


def _bounds(plan: _Plan, candidate: _Candidate, window: _Window) -> Mapping[Reach, Span]:
    """The line, sentence or paragraph that a hit stands in, where a rule asks for it."""
    offset = window.begin.offset
    found: dict[Reach, Span] = {}
    for reach in plan.reaches:
        span = context.bounds(reach, window.text, candidate.start, candidate.end)
        found[reach] = Span(span.start + offset, span.end + offset)
    return found


def scopes_of(labels: Sequence[Label], start: int, end: int) -> frozenset[str]:
    """The scopes of a span: of all labels it touches, and prose where it touches none."""
    index = bisect_right(labels, start, key=lambda label: label.end)
    found: set[str] = set()
    covered = start
    while index < len(labels) and labels[index].start < end:
        if labels[index].start > covered:
            found.add("prose")
        found |= labels[index].scopes
        covered = labels[index].end
        index += 1
    if covered < end:
        found.add("prose")
    return frozenset(found)


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


# ── plans ────────────────────────────────────────────────────────────────────────────────────────


def _plans(
    rules: Sequence[Rule],
    readies: Sequence[Ready],
    now: datetime,
    profile: str,
    parse: Callable[[str], patterns.Pattern],
) -> tuple[_Plan, ...]:
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
    plans: list[_Plan] = []
    for index, ready in enumerate(readies):
        member = ready.id in members
        wanted = not ready.strict or profile == "strict"
        if ready.embargo_until and lifted(ready_.moment(ready.embargo_until), now):
            wanted = False
        if not (wanted or member):
            continue
        plans.append(
            _Plan(
                len(plans), ready, rules, index, parse, now,
                member=member, reported=wanted, reaches=frozenset(reaches.get(ready.id, ())),
            )
        )  # fmt: skip
    return tuple(plans)


def _heeds_headings(plan: _Plan) -> bool:
    """Whether what stands over the cells of a table may say something to a rule."""
    if plan.ready.how or plan.rule.near:
        return True
    return bool(plan.rule.exclude and plan.rule.exclude.near)


def _looks_inside(plan: _Plan) -> bool:
    ready = plan.ready
    return bool(ready.how or ready.has_terms or ready.members)


def _sight(plan: _Plan) -> int:
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


def _in_order(composites: list[_Plan], by_id: Mapping[str, _Plan]) -> tuple[_Plan, ...]:
    """Composites after the composites they are made of. Raises `PackError` on a cycle."""
    done: dict[str, _Plan] = {}
    path: list[str] = []

    def visit(plan: _Plan) -> None:
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


def _checked(check: str, value: str) -> bool | None:
    if not check:
        return None
    from leakguard.checks import CHECKS  # most runs have no candidate to check

    return CHECKS[check](value)


def _pattern(plan: _Plan) -> patterns.Pattern:
    assert plan.pattern is not None
    return plan.pattern


def _sees_lines(plan: _Plan) -> bool:
    return plan.pattern is not None and plan.pattern.lines


def _extent(plan: _Plan) -> tuple[int, int]:
    """Width of the longest candidate and how far it looks, in characters of the view."""
    width = _widest(plan)
    if plan.pattern is None:
        return width, 4
    return max(width, plan.pattern.width), max(plan.pattern.before, plan.pattern.after)


def _reaches(finding: Finding, spans: Sequence[Span]) -> bool:
    """Whether a finding touches one of the spans, which are in order, or has evidence there."""
    for own in (finding.span, *finding.evidence):
        before = bisect_left(spans, own.end, key=lambda span: span.start) - 1
        if before >= 0 and spans[before].end > own.start:
            return True
    return False


def _in_cells(window: _Window, spans: Iterable[Span]) -> bool:
    """Whether a line that one of the spans touches may be the row of a table."""
    base = window.begin.offset
    return any(
        window.text.find("|", max(0, span.start - base), max(0, span.end - base)) >= 0
        for span in spans
    )


def _spreads(plans: Sequence[_Plan]) -> dict[int, int]:
    """How far from where a plan is nominated its findings, and their evidence, may reach.

    A composite spans all that lies between its members.
    """
    between: dict[str, int] = {}
    for of in (plan.rule.of for plan in plans if plan.rule.of):
        bounded = of.same in ("line", "sentence", "paragraph")
        far = of.within or (context.PARAGRAPH_REACH if bounded else sys.maxsize)
        for identity in (*of.all, *of.any):
            between[identity] = max(between.get(identity, 0), far)
    found = {_TERMS: 0}
    for plan in plans:
        far = sum(_extent(plan)) + 2 * context.reach_of(plan.rule.near) + views.LOCAL
        found[plan.number] = far + between.get(plan.rule.id, 0)
        if len(plan.terms):
            found[_TERMS] = max(found[_TERMS], found[plan.number])
    return found


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


def _is_clear(text: str, start: int, stop: int) -> bool:
    """Whether no derived view shows more of a hit than the `name` view does."""
    if _CLEAR.fullmatch(text, max(0, start - 3), stop + 3):
        return True
    edges = text[max(0, start - 1) : start] + text[stop : stop + 1]
    return not any(map(str.isalnum, edges)) and bool(_INERT.fullmatch(text, start, stop))


def _is_close(spot: Span, hit: _Nominated) -> bool:
    """Whether what hides letters may be on those of a hit, which is told only about right."""
    return spot.start < hit.stop + _CLOSE and spot.end > hit.start - _CLOSE


def _touches(span: Span, spots: list[Span]) -> bool:
    """Whether one of the spots, which are in order, is among what decides about a span.

    Where a name ends, two characters beyond it tell: `NB` and a small letter are a hump.
    """
    at = bisect_left(spots, span.end + 2, key=lambda spot: spot.start)
    return any(spot.end >= span.start - 2 for spot in reversed(spots[:at]))


def _view_name(candidate: _Candidate, search: _Search) -> str:
    from leakguard import derived

    for name, maker in derived.MAKERS.items():
        if maker is candidate.maker:
            return name
    if candidate.view is search.name:
        return "name"
    return "plain" if candidate.view is search.plain else "lines"


def _looks_like_a_name(term: terms.Term, candidate: _Candidate, source: str) -> bool:
    """Whether a term is written like a name, in the source or in a derived view of it."""
    if terms.looks_like_a_name(term, source, candidate.start, candidate.end):
        return True
    view, maker = candidate.view, candidate.maker
    return maker is not None and (
        maker.disguise or terms.looks_like_a_name(term, view.text, candidate.first, candidate.last)
    )


def _widest(plan: _Plan) -> int:
    return terms.widest(plan.terms.entries) if plan.ready.has_terms else 0


def _by_column(plan: _Plan) -> bool:
    """Whether nothing but the name of a table's column can make a hit of this rule."""
    return plan.how == "column"


def _by_words(plan: _Plan) -> bool:
    """Whether to look for context words in much text: they are rarer than letters in a row."""
    return plan.how == "near" and not plan.ready.keys and not _pattern(plan).digits


def _looked(look: Look, window: _Window, candidate: _Candidate, hits: Sequence[Span] | None) -> Any:
    """What may be kept of the text round a hit: in a table no more than the hit.

    What stands in the cells beside it only their columns could tell, and a look has no columns.
    """
    start, end = candidate.start, candidate.end
    if _may_be_cells(window, candidate):
        return look(window.text[start:end], 0, end - start, None)
    return look(window.text, start, end, hits)


def _may_be_cells(window: _Window, candidate: _Candidate) -> bool:
    """Whether a hit may stand in cells of a table: in prose these are between bars, in a line."""
    if not window.labels.in_prose:
        return True
    text = window.text
    start = max(text.rfind(end, 0, candidate.start) for end in "\r\n") + 1
    stops = [at for end in "\r\n" if (at := text.find(end, candidate.end)) >= 0]
    return text.find("|", start, min(stops, default=len(text))) >= 0


def _near_document(plan: _Plan) -> bool:
    return plan.ready.document


def _ordered(search: _Search) -> list[_Candidate]:
    return [search.found[key] for key in sorted(search.found, key=_candidate_order)]


def _silent_alone(plan: _Plan) -> bool:
    """Whether a hit without context words is neither a finding nor anybody's business."""
    return plan.ready.silent and not plan.member


def _range(
    plan: _Plan, kind: str, name: views.View, start: int, end: int, view: views.View
) -> tuple[int, int]:
    """The starts, in the pattern's view, that keys in `name` nominate.

    The first key ends at `end`, the last begins at `start`.
    """
    pattern = _pattern(plan)
    source_start, source_end = name.edge(start), name.edge(end)
    if kind == "literal":
        return view.at(source_end) - pattern.width, view.at(source_start)
    # A context word: the hit may stand before it or behind it, as far as the rule says.
    reach = context.reach_of(plan.rule.near) + 200  # and the rest of a phrase of several words
    first = view.at(max(0, source_end - reach)) - pattern.width
    return first, view.at(source_start + reach)


def _best_later(rule: Rule, now: Confidence) -> Confidence:
    """The confidence a hit may still reach when the document has ended."""
    if rule.near is None or rule.near.same != "document":
        return now
    return max([now, *(rule.confidence.get(cell, now) for cell in ("near", "full"))])


def _chosen(plan: _Plan, checked: bool | None, found: Mapping[str, Span]) -> Cell:
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


# ── order ────────────────────────────────────────────────────────────────────────────────────────


def _candidate_order(key: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    start, end, plan, entry = key
    return start, -end, plan, entry


def _order(finding: Finding) -> tuple[int, int, str, int]:
    return finding.span.start, -finding.span.end, finding.rule, finding.entry or 0


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _outermost(kept: list[_Kept]) -> list[_Kept]:
    """Without those inside another, or equal to an earlier one."""
    far = -1
    outer = []
    for k in sorted(kept, key=lambda k: _order(k.finding)):
        if k.finding.span.end > far:
            far = k.finding.span.end
            outer.append(k)
    return outer


def _others(plan: _Plan, standing: list[tuple[_Plan, list[_Kept]]]) -> list[Span]:
    """The hits of the rules that `plan` gives way to: those of its pack that give way to none."""
    pack = plan.rule.id.partition("/")[0] + "/"
    return sorted(
        k.finding.span
        for other, kept in standing
        if not other.rule.yields and other.rule.id.startswith(pack)
        for k in kept
    )


def _not_inside(kept: list[_Kept], others: list[Span]) -> list[_Kept]:
    """Without the hits that lie inside one of `others`, which are in order."""
    reach: list[int] = []  # how far reaches what begins up to here
    for span in others:
        reach.append(max(span.end, reach[-1]) if reach else span.end)
    left = []
    for k in kept:
        index = bisect_right(others, k.finding.span.start, key=lambda span: span.start)
        if not index or reach[index - 1] < k.finding.span.end:
            left.append(k)
    return left


def _together(link: Requires, one: _Kept, other: _Kept) -> bool:
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


def _distance(one: _Kept, other: _Kept) -> int:
    a, b = one.finding.span, other.finding.span
    return max(0, b.start - a.end, a.start - b.end)
