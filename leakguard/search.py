"""A search: a window's views, what was found in it, and what a pass over a document gathers."""

from __future__ import annotations

from leakguard import allowing, context, needs, terms, views
from leakguard.light import (
    TYPE_CHECKING,
    Any,
    Callable,
    Container,
    Final,
    Iterable,
    Mapping,
    Sequence,
    defaultdict,
    expression,
)
from leakguard.model import Finding, Origin, Reach, Span
from leakguard.pieces import Pieces, folded
from leakguard.plans import Plan, pattern_of, sees_lines
from leakguard.records import NamedTuple
from leakguard.windows import Window

if TYPE_CHECKING:
    from leakguard import derived
    from leakguard.engines.gate import Place

_ALNUM: Final = bytes(code if chr(code).isalnum() and code < 128 else 32 for code in range(256))
_PIECE: Final = expression(r"[^\W_]+")
RULE_CAP: Final = 1_000
# What a look at the text round a hit brings back; the matcher passes it on unseen. Last come all
# hits of any rule in the text, in order, where they are known.
Look = Callable[[str, int, int, "Sequence[Span] | None"], Any]


class Hit(NamedTuple):
    """A finding and what `look` made of the text round it."""

    finding: Finding
    sight: Any


class Found(NamedTuple):
    """What a document holds. `dropped` were found past the caps; `overtime` are rules cut short.

    `failed` is what ended the pass before the document's end.
    """

    hits: tuple[Hit, ...]
    dropped: int = 0
    overtime: tuple[str, ...] = ()
    failed: Exception | None = None


class Texts:
    """The texts of the views of a window, each made when first asked for."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._shown: dict[bool, str] = {}
        self._folded: views.View | None = None

    def shown(self, *, lines: bool = False) -> str:
        """The text of the `lines` view, or else of the `plain` one."""
        if lines not in self._shown:
            make = views.lines_text if lines else views.plain_text
            self._shown[lines] = make(self._source)
        return self._shown[lines]

    def folded(self) -> views.View:
        """The `plain` view as names are compared, with ways home to its text."""
        if self._folded is None:
            self._folded = views.name(views.View(self.shown()))
        return self._folded


class Whole(NamedTuple):
    """A text from end to end, and the name it is published under.

    Where no pattern is looked for, `kind` and `text` are empty: terms are told from `data`.
    """

    origin: Origin
    name: str
    kind: str
    text: str
    data: bytes
    """The same as UTF-8."""


class Known(NamedTuple):
    """Where terms may stand in a name and in a text, told together with those of others."""

    name: bytes
    in_name: Sequence[Place]
    data: bytes
    in_data: Sequence[Place]

    def places(self, data: bytes) -> Sequence[Place] | None:
        """Those in one of the two; None of any other text, such as one that was changed since."""
        if data == self.data:
            return self.in_data
        return self.in_name if data == self.name else None


class Told(NamedTuple):
    """The numbers of those of some texts that are `clear`, and what is `known` of others."""

    clear: set[int]
    known: Mapping[int, Known]


class Stretch:
    """The matches of an exclusion that begin from `begin` on and before `done`, in a view."""

    __slots__ = ("begin", "done", "ends", "starts")

    def __init__(self, begin: int) -> None:
        self.begin = self.done = begin
        self.starts: list[int] = []
        self.ends: list[int] = []


class Candidate(NamedTuple):
    """Where a rule may have a finding: in the source, and in the view that shows it."""

    start: int  # source offsets in the window
    end: int
    plan: Plan
    entry: int  # index into plan.entries; -1 for patterns
    view: views.View
    first: int  # offsets in that view
    last: int
    outer: tuple[int, int]  # the whole match in that view, where the hit is what a group holds
    maker: derived.Maker | None = None  # of that view, where it is a derived one


class Kept(NamedTuple):
    """A hit that passed, waiting for the document's end."""

    finding: Finding
    sight: Any
    bounds: Mapping[Reach, Span]


class State:
    """What one pass over one document has gathered, and where the document stands."""

    def __init__(
        self,
        where: allowing.Where,
        kind: str = "text",
        *,
        only: Sequence[Span] | None = None,
        plans: Container[int] | None = None,
        known: Known | None = None,
    ) -> None:
        self.where = where
        self.kind = kind
        self.only = only  # the spans that something has to touch, where not all is wanted
        self.plans = plans  # those that decide about what is wanted, where that are not all
        self.known = known  # what was told of the text together with others
        self.keywords: set[int] = set()  # plans of which a keyword was met
        self.kept: dict[int, list[Kept]] = defaultdict(list)
        self.far: dict[int, int] = {}  # plan → end of its furthest survivor
        self.values: dict[int, set[int]] = defaultdict(set)
        self.words: dict[int, dict[str, Span]] = defaultdict(dict)
        self.total = 0
        self.dropped: dict[int, int] = defaultdict(int)
        self.overtime: dict[str, None] = {}


class Search:
    """One window being searched: its views, what was found in it, what to remember of it.

    The texts of views are quickly made. Ways home are made for those in which something is found.
    """

    def __init__(self, window: Window, state: State) -> None:
        self.window = window
        self.state = state
        self.found: dict[tuple[int, int, int, int], Candidate] = {}
        self.keys: list[Span] = []  # where the longest word of a term stands in clear
        self.told_all = False  # candidates that say nothing without context words are wanted too
        self.sifted = False  # a sieve says which patterns to look for
        self.told: Container[int] | None = ()  # rules that have a word elsewhere; None: all may
        self.texts = Texts(window.text)
        self.whole = window.low == 0 and window.high > len(window.text)  # it answers for all of it
        self._plain: views.View | None = None
        self._lines: views.View | None = None
        self._name: views.View | None = None
        self._shapes: dict[int, dict[str, Stretch]] = {}
        self._seen: dict[bool, needs.Seen] = {}
        self._pieces: Pieces | None = None
        self._words: frozenset[str] | None = None
        self.cells: Mapping[int, needs.Pairs] | None = None  # of tables, by the rules told there

    def shapes_in(self, view: views.View) -> dict[str, Stretch]:
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

    def view_of(self, plan: Plan) -> views.View:
        """The view that a rule's pattern sees."""
        return self.lines if sees_lines(plan) else self.plain

    def text_of(self, plan: Plan) -> str:
        """The text of that view."""
        return self.texts.shown(lines=sees_lines(plan))

    def seen(self, plan: Plan) -> needs.Seen:
        """That text, ready for looking for what patterns need."""
        lines = sees_lines(plan)
        known = self._seen.get(lines)
        if known is None:
            # What a sieve tells of, needs no pieces.
            known = needs.Seen(self.text_of(plan), None if self.sifted else self.pieces)
            self._seen[lines] = known
        return known

    @property
    def pieces(self) -> Pieces:
        """The pieces of the text that most patterns see; the keys of others have none but these."""
        if self._pieces is None:
            self._pieces = Pieces(folded(self.texts.shown()))
        return self._pieces

    def speaks(self, plan: Plan) -> bool:
        """Whether a piece of a rule's context words stands somewhere in the window."""
        whole, others = plan.hints
        return not self.words.isdisjoint(whole) or any(word in self.name.text for word in others)

    def words_of(self, plan: Plan) -> list[str]:
        """Those pieces."""
        whole, others = plan.hints
        return [*(self.words & whole), *(word for word in others if word in self.name.text)]

    @property
    def words(self) -> frozenset[str]:
        """The words of the window, and what they are without an s that may follow."""
        if self._words is None:
            found = set(_words(self.name.text))
            self._words = frozenset(found.union(word[:-1] for word in found if word[-1] == "s"))
        return self._words

    def near_words(self, plan: Plan, words: Sequence[str]) -> needs.Pairs:
        """The starts, in its pattern's view, of what may have one of its context words near it."""
        pattern, name, view = pattern_of(plan), self.name, self.view_of(plan)
        # A hit may stand before a word or behind it, or behind the rest of a phrase.
        reach = context.reach_of(plan.rule.near) + 200
        found = []
        for word in words:
            at = name.text.find(word)
            while at >= 0:
                end = name.edge(at + len(word))
                first = view.at(max(0, end - reach)) - pattern.width
                found.append((first, view.at(name.edge(at) + reach)))
                at = name.text.find(word, at + 1)
        return needs.merged(found)

    def is_told(self, plan: Plan) -> bool:
        """Whether a context word may stand over the column that a hit stands in."""
        return self.told is None or plan.number in self.told

    def may_have_word(self, plan: Plan, begin: int, end: int) -> bool:
        """Whether a context word may stand near what a pattern matches from `begin` to `end`."""
        words, text = plan.words, self.text_of(plan)
        if words is None:
            return False
        before, after = context.sides_of(plan.rule.near)
        for side in (text[max(0, begin - before) : begin], text[end : end + after]):
            shown = views.plain_text(side) if sees_lines(plan) else side
            if words.stand_in(views.name(views.View(shown)).text):
                return True
        return False

    def block(self, plan: Plan) -> tuple[int, int]:
        """The starts in that view that this window answers for."""
        if self.whole:
            return 0, len(self.text_of(plan))
        view, window = self.view_of(plan), self.window
        low, high = view.at(window.low), view.at(min(window.high, len(window.text)))
        # What a group holds may begin in the block though the match began before it.
        return (low - pattern_of(plan).width if plan.rule.capture else low), high

    def keep(
        self,
        plan: Plan,
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
            self.found[key] = Candidate(
                home.start, home.end, plan, entry, view, first, last, outer or (first, last)
            )
        return key in self.found

    def keep_terms(self, wanted: Iterable[tuple[Plan, int]], start: int, end: int) -> None:
        """Keep the occurrences in clear of terms whose longest word stands there.

        Where there is none, the others of its words may be hidden.
        """
        text, hidden = self.name.text, False
        nearby = terms.Nearby(text, start, end)
        for plan, entry in wanted:
            term, kept = plan.terms[entry], False
            if nearby.holds(term):
                for at in terms.near_key(term, text, end):
                    kept = self.keep(plan, entry, self.name, *at) or kept
            hidden = hidden or (not kept and nearby.may_hide(term))
        if hidden:
            self.keys.append(Span(self.name.edge(start), self.name.edge(end - 1) + 1))

    def keep_derived(
        self, plan: Plan, entry: int, view: views.View, span: Span, maker: derived.Maker
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
            self.found[key] = Candidate(*home, plan, entry, view, *span, span, maker)

    def ask(self, plan: Plan) -> None:
        """Note of a rule what it asks about all of a document."""
        if plan.ready.document:
            self.note_words(plan, 0, len(self.name.text))
        text = self.texts.folded().text if self.sifted else self.name.text
        if any(key in text for key in plan.keywords):
            self.state.keywords.add(plan.number)

    def note_words(self, plan: Plan, start: int, end: int) -> None:
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


def _words(text: str) -> list[str]:
    """The letters and digits in a folded text that stand in a row."""
    if not text.isascii():
        return _PIECE.findall(text)
    return text.encode("ascii").translate(_ALNUM).decode("ascii").split()


def ordered(search: Search) -> list[Candidate]:
    """What was found: by start, longer first, then by rule."""
    return [search.found[key] for key in sorted(search.found, key=_candidate_order)]


def _candidate_order(key: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    start, end, plan, entry = key
    return start, -end, plan, entry


def order(finding: Finding) -> tuple[int, int, str, int]:
    """By start, longer first, then by rule."""
    return finding.span.start, -finding.span.end, finding.rule, finding.entry or 0
