"""The nouns: small frozen values that everything else passes along. No verbs, no files, no secrets.

Those that hold nothing a repr must hide are named tuples: a hook starts at once, and a frozen
dataclass takes seven times as long to define.

Offsets are code points, half open. `docs/nouns.md` walks archives, office files, diffs, sealed
lists and endless streams through them.
"""

from __future__ import annotations

from leakguard.errors import Unscreened
from leakguard.light import (
    BinaryIO,
    Callable,
    Iterable,
    Iterator,
    Literal,
    Mapping,
    Protocol,
    date,
    datetime,
)
from leakguard.records import IntEnum, NamedTuple, dataclass, field, replace

Action = Literal["allow", "info", "warn", "block"]
Cell = Literal["bare", "checked", "near", "full", "term"]
Mode = Literal["exact", "word", "loose", "substring"]
Reach = Literal["line", "sentence", "paragraph", "document"]
Target = Literal["hit", "match", "line"]

SCOPES = frozenset(
    "prose heading code-block code-span comment front-matter link-target url alt-text "
    "html-attribute metadata deleted inserted hidden".split()
)


class _Level(IntEnum):
    def __str__(self) -> str:
        return self.name.lower()


class Confidence(_Level):
    """How sure the matcher is that a hit is what its rule looks for."""

    NONE = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3


class Severity(_Level):
    """How bad it is once published."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


# ── where ────────────────────────────────────────────────────────────────────────────────────────


class Span(NamedTuple):
    """Code points `start` to `end` of a document, half open."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person finds a span.

    `kind` is "text" for a place in lines, "path" for a file's name, and what a container calls
    its parts otherwise ("paragraph", "cell", "slide"). Lines and columns count from 1, ends are
    exclusive, a tab is one column, and a line ends at LF, CRLF or a lone CR. `utf16_column` and
    `utf16_end_column` count from 0, as the language server protocol does. `byte_start` and
    `byte_end` are offsets into the file as it lies on the disk (into a member, as it comes out of
    its archive), a byte order mark included.
    What a place does not have is None.
    """

    kind: str = "text"
    part: str = ""
    label: str = ""
    index: int | None = None
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    utf16_column: int | None = None
    utf16_end_column: int | None = None
    byte_start: int | None = None
    byte_end: int | None = None


def utf16_length(text: str) -> int:
    """The number of UTF-16 code units in `text`: what editors count columns in.

    >>> utf16_length("a𝄞b")
    4
    """
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Origin(NamedTuple):
    """Where bytes came from, enough to find them again.

    `kind`: "file", "stdin", "text" (a string given to the library), "stage", "commit", "message"
    or "ref". `path` is what the user may be shown once it has passed `shown()`; `members` leads
    into containers: ("b.zip", "c.md") is `a.zip!/b.zip!/c.md` of the file `a.zip`.
    """

    kind: str
    path: str
    members: tuple[str, ...] = ()
    commit: str | None = None
    ref: str | None = None
    blob: str | None = None

    @property
    def name(self) -> str:
        """The path, and the way into the container.

        >>> Origin("file", "a.zip", members=("b.md",)).name
        'a.zip!/b.md'
        """
        return "!/".join((self.path, *self.members))


class Blob(NamedTuple):
    """Bytes with a name and an origin, as a source hands them over.

    `open` gives a fresh binary stream each time (standard input: once). `added` are the lines a
    change added, as (first, last) inclusive, counted as git does: a line ends at a line feed; None
    means all of them. `published` is the part of the path that becomes public, and so is screened
    itself; empty when nothing of it does. `before` is what it was in the version that `added` is
    counted from; empty when there is none. `encoding` is what its text is in where that is neither
    marked nor UTF-8, if somebody has said so. `expect` says that it will be opened soon; None where
    nobody need know.
    """

    origin: Origin
    open: Callable[[], BinaryIO]
    added: tuple[tuple[int, int], ...] | None = None
    published: str = ""
    before: str = ""
    encoding: str = ""
    expect: Callable[[], None] | None = None


class Media(NamedTuple):
    """A blob that holds no text by its nature: an image, a font, sound, film. Counted."""

    origin: Origin


class Opaque(NamedTuple):
    """A blob of other binary content under a binary name: searched as bytes, counted and listed."""

    blob: Blob


# ── text ─────────────────────────────────────────────────────────────────────────────────────────


class Chunk(NamedTuple):
    """A piece of a document's text and the offset at which it begins."""

    base: int
    text: str


class Anchor(NamedTuple):
    """From offset `start` on, up to the next anchor, the text is found at `place`.

    Documents that are a file's own text have none: their places are lines and columns. `source`
    is where this text begins in its container, counted as the reader likes: two documents of one
    blob that show the same text (with and without tracked deletions) agree on it, so that a hit in
    both is one finding.
    """

    start: int
    place: Place
    source: int | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over a column of a table, and where. Its repr does not spell it."""

    text: str = field(repr=False)
    span: Span


class Label(NamedTuple):
    """The text from `start` to `end` stands in all of `scopes`, and under `over` in a table.

    The words of a heading are context of what stands under it, as if they stood beside it.
    """

    start: int
    end: int
    scopes: frozenset[str]
    over: Heading | None = None


class Labeller(Protocol):
    """Tells scopes of a text that arrives in pieces. One is made for each pass over a document.

    Labels come in order and do not overlap; text without a label is prose. A labeller decides a
    line when it is complete, and cuts a line longer than `LABEL_REACH` code points there.
    """

    def feed(self, text: str) -> Iterable[Label]:
        """Labels of the lines completed by `text`, which continues the text fed before."""
        ...

    def close(self) -> Iterable[Label]:
        """Labels of what is left when the text has ended."""
        ...


LABEL_REACH = 4096


class Document(NamedTuple):
    """One text with one set of anchors and scopes.

    `chunks()` yields the text in order without gaps. `encoding` is that of the file, for byte
    offsets (None when there is no file behind the text), and `bom` the length in bytes of its
    byte order mark. `labeller()` makes a fresh labeller; None means that all text is prose.
    `number` is the document's position in its run, from 1.
    """

    origin: Origin
    chunks: Callable[[], Iterator[Chunk]]
    number: int = 0
    kind: str = "text"
    anchors: tuple[Anchor, ...] = ()
    labeller: Callable[[], Labeller] | None = None
    encoding: str | None = None
    bom: int = 0
    added: tuple[tuple[int, int], ...] | None = None


# ── rules ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Near:
    """Words that make a hit surer, and how far from it they may stand: a rule's `near`."""

    words: tuple[str, ...] = field(default=(), repr=False)
    strong: tuple[str, ...] = field(default=(), repr=False)
    before: int = 60
    after: int = 30
    at_least: int = 1
    same: Reach | None = None


@dataclass(frozen=True, slots=True)
class Exclude:
    """What is not a hit after all: by value, by shape of the whole hit, by neighbours, by scope.

    `inside` are patterns of larger things (a UUID, a URL's path): a hit wholly inside is none.
    """

    values: frozenset[str] = field(default=frozenset(), repr=False)
    patterns: tuple[str, ...] = field(default=(), repr=False)
    inside: tuple[str, ...] = field(default=(), repr=False)
    near: Near | None = None
    scopes: frozenset[str] = frozenset()


class Allowlist(NamedTuple):
    """What is let pass all the same: a rule's `allowlists`, one table of them.

    `every` asks that each kind of thing named here speaks for the hit; else one is enough.
    `patterns` are looked for in the hit, in the whole match or in its lines, as `target` says;
    `stopwords` in the hit, in any case; `paths` in the document's name.
    """

    every: bool = False
    patterns: tuple[str, ...] = ()
    target: Target = "hit"
    stopwords: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    commits: tuple[str, ...] = ()


class Count(NamedTuple):
    """How many distinct values in one document make a finding, and how many make it worse."""

    at_least: int = 1
    escalate: int | None = None
    to: Severity | None = None


class Requires(NamedTuple):
    """Other rules that must (or must not) have hits nearby. Also the body of a composite's `of`."""

    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    within: int | None = None
    same: Reach | None = None
    lines: int | None = None
    columns: int | None = None


class Entry(NamedTuple):
    """One term of a rule, known by its number. Its repr does not spell the term."""

    id: int
    term: str
    mode: Mode = "word"
    common: bool | None = None
    embargo_until: date | datetime | None = None
    expires: date | None = None
    owner: str = ""
    instead: str = ""
    replacement: str = ""

    def __repr__(self) -> str:
        return f"Entry(id={self.id}, mode={self.mode!r})"


@dataclass(frozen=True, slots=True)
class Rule:
    """What to look for, how sure a hit is, how bad, and what to tell the writer.

    `id` is "pack/name". The repr does not spell what is looked for: a pattern or a cue can name a
    product as well as a term can. `phrases` are what `pattern` was made from, if anything was, and
    `lists` the lists of words that they take. `weights` are called by the name of their column.
    """

    id: str
    title: str
    severity: Severity
    entries: tuple[Entry, ...] = field(default=(), repr=False)
    pattern: str = field(default="", repr=False)
    of: Requires | None = None
    check: str = ""
    near: Near | None = None
    confidence: Mapping[str, Confidence] = field(default_factory=dict)
    scopes: frozenset[str] = frozenset()
    exclude: Exclude | None = None
    samples: frozenset[str] = field(default=frozenset(), repr=False)
    capture: bool = False
    entropy: float = 0.0
    keywords: tuple[str, ...] = field(default=(), repr=False)
    path: str = field(default="", repr=False)
    allowlists: tuple[Allowlist, ...] = field(default=(), repr=False)
    yields: bool = False
    count: Count | None = None
    requires: Requires | None = None
    profile: str = "standard"
    embargo_until: date | datetime | None = None
    expires: date | None = None
    owner: str = ""
    why: str = ""
    instead: str = ""
    replacement: str = ""
    references: tuple[str, ...] = ()
    examples: tuple[str, ...] = field(default=(), repr=False)
    counter_examples: tuple[str, ...] = field(default=(), repr=False)
    phrases: tuple[str, ...] = field(default=(), repr=False)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    weights: str = ""


class PackInfo(NamedTuple):
    """A pack as reports know it: never its terms."""

    name: str
    title: str
    version: str
    owner: str
    rules: int
    reviewed: date | None = None


# ── answers ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Finding:
    """One hit. The matched text is not here: whoever may show it asks the document for the span.

    `sample` is true for a published test value. `evidence` are the spans that made the hit surer.
    """

    rule: str
    span: Span
    place: Place
    confidence: Confidence
    cell: Cell
    severity: Severity
    entry: int | None = None
    evidence: tuple[Span, ...] = ()
    sample: bool = False


class Advice(NamedTuple):
    """What a rule, or the entry that was hit, tells the writer."""

    title: str = ""
    why: str = ""
    instead: str = ""
    owner: str = ""
    until: str = ""
    references: tuple[str, ...] = ()


class Mark(NamedTuple):
    """What recognises a finding again, and reveals nothing of it.

    `words` are 32 bits of the words beside the hit in its paragraph, without any hit and without
    any word that has a digit or a capital; `occurrence` counts hits of one rule that agree in that;
    `value` are 8 bits of a value that has passed a check, and "" for all else.
    """

    words: str = ""
    occurrence: int = 1
    value: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A finding with the policy's answer and the reason for it.

    `path` and `ref` have passed `shown()`; `path_masked` says that something in the path was
    masked. `excerpt` is the text around the hit with every hit in it masked; empty when it may not
    be shown.
    """

    finding: Finding
    action: Action
    reason: str
    origin: Origin = field(repr=False)
    path: str
    document: int
    fingerprint: str
    advice: Advice
    path_masked: bool = False
    excerpt: str = ""
    ref: str = ""
    mark: Mark = Mark()


class Unread(NamedTuple):
    """Something that could not be screened, and why. Never the same as clean.

    `fails` says whether it fails the run; None leaves that to the policy's `unread`.
    """

    path: str
    reason: str
    detail: str = ""
    path_masked: bool = False
    fails: bool | None = None


class Skipped(NamedTuple):
    """A sealed list that was not applied, and why: `entries` terms that nobody looked for."""

    pack: str
    path: str
    reason: str
    entries: int
    owner: str = ""


class Redaction(NamedTuple):
    """What `redact` put in place of a span of the original text, and for which rule."""

    span: Span
    replacement: str
    rule: str


class Policy(NamedTuple):
    """What one path may do: plain values, resolved once.

    A finding is reported from `min_confidence` and, unless it blocks, `min_severity`. It blocks
    when its severity is at least `fail_on` and its confidence at least `block_confidence`;
    otherwise it warns. `when_sealed` is what a sealed list that cannot be opened here does to the
    run. `rules` are the severities that the policy gives to rules, None for off. `encoding` is what
    text without a mark is in that is not UTF-8; a blob longer than `max_size` bytes is unread.
    """

    fail_on: Severity = Severity.MEDIUM
    min_confidence: Confidence = Confidence.LOW
    block_confidence: Confidence = Confidence.MEDIUM
    opaque: Literal["warn", "fail", "skip"] = "warn"
    unread: Literal["fail", "warn"] = "fail"
    when_sealed: Literal["fail", "warn", "skip"] = "fail"
    profile: str = "standard"
    exit_zero: bool = False
    excerpts: bool = True
    min_severity: Severity = Severity.LOW
    media: Literal["count", "warn", "fail"] = "count"
    rules: tuple[tuple[str, Severity | None], ...] = ()
    suppress_critical: bool = False
    encoding: str = ""
    max_size: int | None = None

    def severity(self, rule: str, own: Severity) -> Severity | None:
        """The severity of a rule under this policy; None when it is off."""
        return dict(self.rules).get(rule, own)


class Contact(NamedTuple):
    """Who answers for a policy, and what happens next: a configuration's `[policy]`.

    `respond` are days to respond, by severity in ascending order.
    """

    owner: str = ""
    contact: str = ""
    report: str = ""
    handbook: str = ""
    next: str = ""
    respond: tuple[tuple[Severity, int], ...] = ()


class Note(NamedTuple):
    """Something about the policy itself that somebody should look at: it fails nothing.

    `path` and `text` have passed `shown()`; `line` is 0 when it is about no line.
    """

    path: str
    line: int
    text: str


class Counts(NamedTuple):
    """What a run went through.

    `dropped` are findings past the caps: counted, without places. `known` were let pass and are
    not among the verdicts.
    """

    documents: int = 0
    media: int = 0
    opaque: int = 0
    excluded: int = 0
    dropped: int = 0
    known: int = 0


@dataclass(frozen=True, slots=True)
class Screening:
    """Everything one run saw; reports, audit and exit code are made from it and nothing else.

    Iterating yields its findings, and raises `Unscreened` at the end when something could not be
    read: a loop over findings must not mistake "not screened" for "clean". Pass `unread="ignore"`
    to `scan` to take that on yourself.

    `options` are those that name packs and policy to a command that is to judge alike.
    """

    verdicts: tuple[Verdict, ...] = ()
    unread: tuple[Unread, ...] = ()
    opaque: tuple[str, ...] = ()
    counts: Counts = Counts()
    packs: tuple[PackInfo, ...] = ()
    policy: Policy = Policy()
    now: datetime | None = None
    ways_out: tuple[str, ...] = ()
    sealed_skipped: tuple[Skipped, ...] = ()
    contact: Contact = Contact()
    notes: tuple[Note, ...] = ()
    ignore_unread: bool = False
    options: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings alone, in order."""
        return tuple(verdict.finding for verdict in self.verdicts)

    @property
    def action(self) -> Action:
        """The worst answer of all: "allow" when there is nothing to say."""
        order: tuple[Action, ...] = ("block", "warn", "info")
        given = {verdict.action for verdict in self.verdicts}
        return next((action for action in order if action in given), "allow")

    @property
    def rules(self) -> int:
        """The number of rules in force."""
        return sum(pack.rules for pack in self.packs)

    @property
    def exit_code(self) -> int:
        """0 clean, 1 blocked, 3 something could not be screened; the largest wins."""
        if self.policy.exit_zero:
            return 0
        usual = self.policy.unread == "fail"
        if any(usual if unread.fails is None else unread.fails for unread in self.unread):
            return 3
        if self.opaque and self.policy.opaque == "fail":
            return 3
        return 1 if self.action == "block" else 0

    def __iter__(self) -> Iterator[Finding]:
        yield from self.findings
        unread = [unread for unread in self.unread if unread.fails is not False]
        if unread and not self.ignore_unread:
            raise Unscreened(
                f"{len(unread)} not screened: {unread[0].reason}",
                hint='look at .unread, or pass unread="ignore"',
            )

    def __len__(self) -> int:
        return len(self.verdicts)

    def __bool__(self) -> bool:
        """Always true: an empty screening is still an answer. Ask `.action` or `.findings`."""
        return True

    def new(self) -> Screening:
        """The screening without what is let pass: for those who know that already."""
        left = tuple(verdict for verdict in self.verdicts if verdict.action != "allow")
        hidden = len(self.verdicts) - len(left)
        return replace(
            self, verdicts=left, counts=self.counts._replace(known=self.counts.known + hidden)
        )

    def to_dict(self) -> dict[str, object]:
        """The screening as `--format json` prints it (docs/json.md)."""
        from leakguard import asdict  # asked for by few runs, so not read by all

        return asdict.screening(self)
