"""The whole product on one page: source → reader → matcher → verdict → screening.

`compile` makes a guard from packs; a guard screens texts, files and whatever else a source hands
over. It is immutable and thread-safe, and keeps nothing of what it has seen.
"""

from __future__ import annotations

import os
from itertools import chain, islice
from os import PathLike, fspath

from leakguard import cache, ci, readers, suppress
from leakguard import packs as packs_
from leakguard.config import Config, over
from leakguard.errors import (
    LeakguardError,
    Unreadable,
    Unscreened,
    UsageError,
    quiet,
    reason_of,
    whereabouts,
)
from leakguard.light import (
    UTC,
    Any,
    BinaryIO,
    Callable,
    Concatenate,
    Final,
    Iterable,
    Iterator,
    Literal,
    Mapping,
    ParamSpec,
    Sequence,
    TypeVar,
    datetime,
    wraps,
)
from leakguard.light import suppress as suppressed
from leakguard.matcher import SIFTED_FROM, Engine, Matcher
from leakguard.model import (
    Anchor,
    Blob,
    Chunk,
    Confidence,
    Counts,
    Document,
    Media,
    Note,
    Opaque,
    Origin,
    Place,
    Policy,
    Redaction,
    Rule,
    Screening,
    Severity,
    Skipped,
    Span,
    Unread,
    Verdict,
)
from leakguard.packs import Pack
from leakguard.patterns import Pattern
from leakguard.records import NamedTuple, replace
from leakguard.search import Found, Hit, Known, Told, Whole
from leakguard.shown import Shown
from leakguard.suppress import Allowance, Listener
from leakguard.verdict import (
    LIST_RULE,
    NOT_ADDED,
    TERM_LIST,
    added_spans,
    additions,
    entry_of,
    looked_at,
    term_list,
    verdicts,
)

TOGETHER: Final = 32  # items that a process screens before it reports
TOLD_AT_ONCE: Final = 1 << 19  # bytes of texts, and the rest of the last one
MANY: Final = 8 * TOGETHER  # fewer are screened before a second process has begun
SOME: Final = 250_000  # code points of so many at least, where nothing tells how long they are
MUCH: Final = 500  # so many are worth all that can be made ready: it takes as long as they would
_LARGE: Final = 1 << 20  # bytes: a file of so many is looked into before it counts as much text
_LOOKED_AT: Final = 1 << 13
_IN_THE_TREE: Final = ("file", "stage", "commit")
PackLike = str | PathLike[str] | Pack
P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")
L = TypeVar("L", Severity, Confidence)
W = TypeVar("W", bound=str)


def compile(  # the library's verb, as in re.compile
    packs: Iterable[PackLike] | None = None,
    *,
    config: Config | None = None,
    profile: str | None = None,
    fail_on: str | Severity | None = None,
    min_confidence: str | Confidence | None = None,
    block_confidence: str | Confidence | None = None,
    min_severity: str | Severity | None = None,
    unread: Literal["fail", "warn"] | None = None,
    opaque: Literal["warn", "fail", "skip"] | None = None,
    identity: str | PathLike[str] = "",
    when_sealed: Literal["fail", "warn", "skip"] | None = None,
    exit_zero: bool = False,
    excerpts: bool = True,
    now: datetime | None = None,
    engine: Engine = "auto",
    compiling: Callable[[bool], None] | None = None,
) -> Guard:
    """Make a guard from packs: names of bundled or installed ones, paths, or `Pack` values.

    Without `packs` those of `config` are used, else all bundled ones. What is given here holds
    for every path, before what `config` says of it (`Config.load` reads one from a file); without
    either, findings of medium severity and medium confidence block. `now` is the clock for
    embargoes and all other dates (default: the moment of the call). `identity` is the file of the
    key for sealed packs; without it the environment is asked. `when_sealed` says what one that no
    key opens does to a screening: it fails, warns or is skipped; None means what `config` or else
    `ci.when_sealed` makes of the environment. `engine` is what nominates places in a text: it has
    no say in what is found, only in how soon. `compiling` is called when what much text is searched
    by is about to be made, which takes seconds: with True where the cache keeps it for the next
    time.

    Raises `PackError` for a pack that cannot be relied on and `UsageError`
    for a word that is no severity, confidence or profile.
    """
    if isinstance(packs, str):
        raise UsageError("packs are a list of names, paths and packs", hint=f"packs=[{packs!r}]")
    keyring = None
    if identity:
        from leakguard.keys import Keyring  # few runs have a sealed pack

        keyring = Keyring(identity)
    config = config or Config()
    if packs is None:
        packs = config.packs or packs_.bundled()
    chosen = packs_.resolve_all(packs, keyring)
    if when_sealed is None:
        locked = any(pack.locked for pack in chosen)
        when_sealed = config.top("when_sealed") or (
            ci.when_sealed(os.environ) if locked else "fail"
        )
    said = {
        "fail_on": _level(fail_on, Severity),
        "min_confidence": _level(min_confidence, Confidence),
        "block_confidence": _level(block_confidence, Confidence),
        "min_severity": _level(min_severity, Severity),
        "unread": _one_of(unread, ("fail", "warn"), "unread"),
        "opaque": _one_of(opaque, ("warn", "fail", "skip"), "opaque"),
        "when_sealed": _one_of(when_sealed, ("fail", "warn", "skip"), "when_sealed"),
        "profile": _one_of(profile, ("standard", "strict"), "profile"),
        "exit_zero": exit_zero,
        "excerpts": excerpts,
    }
    given = {key: value for key, value in said.items() if value is not None}
    config.refuse_unknown_rules({p.name: set(p.ids) for p in chosen if not p.locked})
    policies = Policies(config, given)
    when = now or datetime.now(UTC)
    _one_of(engine, ("auto", "aho", "hyper"), "engine")
    if any(pack.seal for pack in chosen):
        return quiet(lambda: Guard(chosen, policies, when, engine, compiling))
    return Guard(chosen, policies, when, engine, compiling)


def _silently(door: Callable[Concatenate[Guard, P], R]) -> Callable[Concatenate[Guard, P], R]:
    """With a sealed pack in force an error leaves without the frames in which its terms lie."""

    @wraps(door)
    def through(guard: Guard, /, *args: P.args, **kwargs: P.kwargs) -> R:
        if any(pack.seal for pack in guard.packs):
            return quiet(lambda: door(guard, *args, **kwargs))
        return door(guard, *args, **kwargs)

    return through


class Guard:
    """Packs and a policy, ready to screen. Make one with `compile`."""

    def __init__(
        self,
        packs: tuple[Pack, ...],
        policies: Policies,
        now: datetime,
        engine: Engine = "auto",
        compiling: Callable[[bool], None] | None = None,
    ) -> None:
        self.packs = packs
        self._engine = engine
        self.policies = policies
        self.policy = policy = policies.usual
        self.now = now if now.tzinfo else now.replace(tzinfo=UTC)
        self._rules = _Rules(packs)
        self._lists = _Lists(packs)
        # What a pack with private terms looks for beside them may be private too.
        open_packs = [pack.parsed for pack in packs if not (pack.seal or pack.has_terms)]
        others = [pack.parsed for pack in packs if pack.seal or pack.has_terms]
        self._matcher = Matcher(
            packs_.all_rules(packs),
            now=self.now,
            profile=policy.profile,
            parsed=_Patterns([pack.parsed for pack in packs]),
            ready=packs_.all_ready(packs),
            tables=packs_.all_tables(packs),
            public=frozenset(_Patterns(open_packs)) - frozenset(_Patterns(others)),
            engine=engine,
            shelf="" if any(pack.seal for pack in packs) else cache.folder(os.environ),
            compiling=compiling,
        )
        self._shown = Shown(self._matcher)

    def __reduce__(self) -> tuple[object, ...]:
        # Terms do not travel: a worker reads the packs again from where they came.
        paths = [(pack.path, pack.seal.identity if pack.seal else "") for pack in self.packs]
        if not all(path for path, _ in paths):
            raise UsageError(
                "a pack made from a text cannot be sent to another process",
                hint="write it to a file and compile that",
            )
        return _rebuilt, (tuple(paths), self.policies, self.now, self._engine)

    @_silently
    def scan(
        self,
        source: str | bytes | PathLike[str] | BinaryIO,
        *,
        name: str = "",
        unread: Literal["raise", "ignore"] = "raise",
    ) -> Screening:
        """Screen one text (str), one file's content (bytes or a binary stream) or one path.

        A `str` is always the text itself. `name` is what findings are filed under, and its ending
        helps to tell the format; it is not screened. Offsets of a `str` count its code points.

        >>> import leakguard
        >>> guard = leakguard.compile(packs=["healthcare"])
        >>> guard.scan("Medicare no. 1EG4TE5MK72").action in ("block", "info")
        True
        """
        _one_of(unread, ("raise", "ignore"), "unread")
        run = _Run(self)
        if isinstance(source, str):
            run.document(readers.from_text(source, name or "<text>"))
        else:
            run.blob(_blob(source, name))
        return run.screening(ignore_unread=unread == "ignore")

    @_silently
    def screen(
        self,
        blobs: Iterable[Blob | Unread],
        *,
        progress: Callable[[int], None] | None = None,
        ways_out: tuple[str, ...] = (),
        old: bool = True,
        jobs: int = 1,
    ) -> Screening:
        """Screen whatever a source hands over, file names included.

        `progress` is told the number of documents every now and then. `ways_out` are named in the
        summary. Without `old`, findings in lines that a change does not add are left out. With
        `jobs` above 1 so many processes share the work when there is enough of it, with 0 as many
        as there are processors; the answer is the same. What a blob opens must then be there for
        another process too; a blob that cannot be pickled is screened by this one.
        """
        run = _Run(self, old=old)
        items = iter(blobs)
        first = list(islice(items, MANY))
        many = len(first) == MANY
        if many:
            first += islice(items, MUCH - MANY)
        much = SIFTED_FROM if len(first) == MUCH else SOME if many else 0
        self._matcher.prepare(max(much, _weight(first)))  # once, and not in each process
        if many and jobs != 1 and self._may_be_shared():
            run.spread(chain(first, items), jobs, progress)
            return run.screening(ways_out=ways_out)
        for some in batches(chain(first, items), TOGETHER if self._matcher.is_bulk else 1):
            run.items(some)
            if progress:
                progress(run.documents)
        return run.screening(ways_out=ways_out)

    def _may_be_shared(self) -> bool:
        """Whether other processes can have these packs: one that is a text has no way there."""
        if all(pack.path for pack in self.packs):
            return True
        from leakguard.workers import FORKS

        return FORKS

    @_silently
    def redact(self, text: str, *, name: str = "") -> tuple[str, tuple[Redaction, ...]]:
        """`text` with every finding replaced, and what was replaced where.

        Replacements are the entry's or rule's own (`replacement`), else a neutral mask. Published
        samples stay. What a composite is made of is replaced, not what lies between. Nothing is
        found in what comes out. Raises `Unscreened` when a part of the text was not screened.
        """
        if not isinstance(text, str):
            raise UsageError(f"cannot redact a {type(text).__name__}", hint="give a str")
        from leakguard.redaction import redacted  # few runs redact

        return redacted(text, lambda text: self._to_redact(text, name))

    def _to_redact(self, text: str, name: str) -> Iterator[Redaction]:
        run = self.scan(text, name=name)
        unread = [unread for unread in run.unread if unread.fails is not False]
        if unread:
            raise Unscreened(f"not redacted: {unread[0].reason}", hint="nothing was changed")
        for verdict in run.verdicts:
            finding = verdict.finding
            if finding.sample:
                continue
            rule, _ = self._rules[finding.rule]
            entry = entry_of(rule, finding.entry)
            new = (entry.replacement if entry else "") or rule.replacement
            for span in finding.evidence if rule.of else (finding.span,):
                yield Redaction(span, new, finding.rule)

    def knows(self, name: str) -> bool:
        """Whether a rule ("pack/rule") or an entry ("pack/t17") of that name is in force."""
        if name in self._rules:
            return True
        pack, _, entry = name.partition("/t")
        return any(
            str(e.id) == entry
            for rule, _ in self._rules.values()
            if rule.id.startswith(f"{pack}/")
            for e in rule.entries
        )

    @_silently
    def shown(self, text: str) -> str:
        """`text` with every hit masked and control characters gone: fit for a log or a message."""
        return self._shown.text(text)

    @_silently
    def shown_lines(self, text: str, also: Iterable[Span] = ()) -> list[str]:
        """`text` as lines, each as by `shown`, with the spans `also` masked too."""
        return self._shown.lines(text, also)


class Policies:
    """The policy of each path: what was given for all, over what the configuration says of it."""

    def __init__(self, config: Config, given: Mapping[str, Any]) -> None:
        self.config = config
        self._given = given
        general = [s for s in config.settings if s.paths is None]
        self.usual = over(Policy(), general)._replace(**given)
        self.baseline = config.baseline()

    def of(self, path: str) -> Policy:
        """The policy of the file at `path`, counted from the current folder."""
        if not self.config.by_path:
            return self.usual
        return self.config.policy(path, Policy())._replace(**self._given)


class _Part(NamedTuple):
    """What a run over some of the items has gathered. `number` documents were numbered."""

    verdicts: tuple[Verdict, ...]
    unread: tuple[Unread, ...]
    opaque: tuple[str, ...]
    counts: Counts
    notes: tuple[Note, ...]
    number: int


class _Task:
    """The screening of some items: what a process is given to do."""

    def __init__(self, guard: Guard, *, old: bool) -> None:
        self._guard = guard
        self._old = old

    def __call__(self, items: Sequence[Blob | Unread]) -> _Part:
        run = _Run(self._guard, old=self._old)
        run.items(items)
        return run.part()


class _Run:
    """What one screening gathers on its way. Used once."""

    def __init__(self, guard: Guard, *, old: bool = True) -> None:
        self._guard = guard
        self._old = old
        self._verdicts: list[Verdict] = []
        self._unread: list[Unread] = []
        self._opaque: list[str] = []
        self._counts = Counts()
        self._number = 0
        self._notes: list[Note] = []

    @property
    def documents(self) -> int:
        return self._counts.documents

    def items(self, items: Sequence[Blob | Unread]) -> None:
        """Whatever a source hands over."""
        for item in items:
            # Where one process hands over what others ask for, it is asked for all at once.
            if isinstance(item, Blob) and item.expect:
                item.expect()
        told = self._tell(items)
        self._count(documents=len(told.clear))
        for number, item in enumerate(items):
            if number in told.clear:
                self._number += 1
            elif isinstance(item, Unread):
                self.unread_source(item)
            else:
                self.blob(item, told.known.get(number))

    def spread(
        self, items: Iterator[Blob | Unread], jobs: int, progress: Callable[[int], None] | None
    ) -> None:
        """Many items, shared by several processes."""
        from leakguard.workers import cores, spread

        task = _Task(self._guard, old=self._old)
        for some, part in spread(task, batches(items, TOGETHER), jobs or cores()):
            if part is not None:
                self.add(part)
            else:
                self._one_by_one(task, some)
            if progress:
                progress(self.documents)

    def _one_by_one(self, task: _Task, items: Sequence[Blob | Unread]) -> None:
        """Items over which a process died: each gets one of its own, and one of them dies again."""
        from leakguard.workers import spread

        for (item,), part in spread(task, ([item] for item in items), 1):
            if part is not None:
                self.add(part)
            else:
                name = item.path if isinstance(item, Unread) else item.origin.name
                self.unread_source(Unread(name, "internal error", "the process died over it"))

    def part(self) -> _Part:
        """What was gathered, for another run to add."""
        return _Part(
            tuple(self._verdicts),
            tuple(self._unread),
            tuple(self._opaque),
            self._counts,
            tuple(self._notes),
            self._number,
        )

    def add(self, part: _Part) -> None:
        """What another process has gathered, as if it had been gathered here."""
        before = self._number
        self._verdicts += (replace(v, document=v.document + before) for v in part.verdicts)
        self._unread += part.unread
        self._opaque += part.opaque
        self._notes += part.notes
        self._number += part.number
        self._count(**part.counts._asdict())

    def blob(self, blob: Blob, known: Known | None = None) -> None:
        """Screen a blob's name, and what its reader makes of it; nothing that policy leaves out.

        `known` is what was told of the two together with others.
        """
        policies = self._guard.policies
        # Patterns of paths are about files: no branch is called away by one.
        is_file = blob.origin.kind not in ("message", "ref")
        if is_file and policies.config.excluded(blob.origin.path):
            self._count(excluded=1)
            return
        self._number += 1
        number = self._number
        policy = policies.of(blob.origin.path)
        if blob.before not in ("", blob.published) and _differs(policies, policy, blob):
            blob = blob._replace(added=None, before="")
        if policy.encoding:
            blob = blob._replace(encoding=policy.encoding)
        if blob.published:
            self._match(_path_document(blob, number), known)
        try:
            if policy.max_size is not None:
                _must_fit(blob, policy.max_size)
            for read in readers.read(blob):
                if isinstance(read, Document):
                    self.document(read._replace(number=number), known)
                elif isinstance(read, Opaque):
                    self._opaque_blob(read, number)
                elif isinstance(read, Media):
                    self._media(read, policy)
                else:
                    self.unread_source(read)
        except Exception as error:  # a reader that breaks is a document that was not screened
            self._failed(blob.origin.name, error)

    def _tell(self, items: Sequence[Blob | Unread]) -> Told:
        """Which of some items are texts in which, and in the names of which, nothing is found.

        Most of many are, and that is told from their bytes, of many at once. And what is known of
        others from that.
        """
        matcher = self._guard._matcher
        clear, known = set[int](), dict[int, Known]()
        asked: dict[int, Whole] = {}
        size = 0
        for number, item in enumerate(items) if matcher.is_bulk else ():
            text = self._whole(item) if isinstance(item, Blob) else None
            if text is not None:
                asked[number] = text
                size += len(text.data)
            if asked and (size > TOLD_AT_ONCE or number == len(items) - 1):
                told = matcher.tell(asked)
                clear |= told.clear
                known.update(told.known)
                asked, size = {}, 0
        return Told(clear, known)

    def _whole(self, blob: Blob) -> Whole | None:
        """The name and the text of a blob, where it is one text from end to end."""
        policies, origin = self._guard.policies, blob.origin
        if origin.kind == "stdin" or policies.config.excluded(origin.path):
            return None
        policy = policies.of(origin.path)
        if policy.encoding or policy.max_size is not None:
            return None
        try:
            data = readers.content(blob, readers.PLAIN_SIZE)
        except (OSError, Unreadable):
            return None  # and let it be told why
        if suppress.may_hear(data):
            return None
        if not self._guard._matcher.has_patterns:
            is_whole = readers.is_whole(data, origin.name)
            return Whole(origin, blob.published, "", "", data) if is_whole else None
        read = readers.whole(data, origin.name)
        return read and Whole(origin, blob.published, kind=read[1], text=read[0], data=data)

    def document(self, document: Document, known: Known | None = None) -> None:
        """Screen one document."""
        if document.number == 0:
            self._number += 1
            document = document._replace(number=self._number)
        self._count(documents=1)
        self._match(document, known)

    def unread_source(self, unread: Unread) -> None:
        """Note what could not be screened; its path and detail come from outside."""
        if unread.fails is None:
            policy = self._guard.policies.of(unread.path)
            unread = unread._replace(fails=policy.unread == "fail")
        path, masked = self._guard._shown.masked(unread.path)
        detail = self._guard._shown.text(unread.detail)
        self._unread.append(unread._replace(path=path, path_masked=masked, detail=detail))

    def screening(
        self, *, ways_out: tuple[str, ...] = (), ignore_unread: bool = False
    ) -> Screening:
        """The answer."""
        guard = self._guard
        config = guard.policies.config
        skipped = self._locked()
        ways_out = (*ways_out, *map(guard._shown.text, config.ways_out()))
        if skipped and not any(way.startswith("when_sealed") for way in ways_out):
            ways_out = (*ways_out, f'when_sealed = "{guard.policy.when_sealed}"')
        verdicts = self._known(tuple(self._verdicts))
        return Screening(
            verdicts=verdicts,
            unread=tuple(self._unread),
            opaque=tuple(self._opaque),
            counts=self._counts,
            packs=tuple(pack.info for pack in guard.packs),
            policy=guard.policy,
            now=guard.now,
            ways_out=ways_out,
            sealed_skipped=skipped,
            contact=config.contact,
            notes=tuple(self._notes),
            ignore_unread=ignore_unread,
        )

    def _locked(self) -> tuple[Skipped, ...]:
        """The sealed lists that were not applied and may be skipped; an unread where they fail."""
        shown, when = self._guard._shown.text, self._guard.policy.when_sealed
        skipped = []
        for pack in self._guard.packs:
            if pack.seal is None or not pack.seal.locked:
                continue
            reason = pack.seal.locked
            if when != "skip":
                self.unread_source(Unread(pack.path, "sealed", reason, fails=when == "fail"))
            if when != "fail":
                owner = shown(pack.owner)
                skipped.append(
                    Skipped(pack.name, shown(pack.path), reason, pack.seal.entries, owner)
                )
        return tuple(skipped)

    def _known(self, verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
        """The verdicts, with those that are in the baseline let pass."""
        path = self._guard.policies.baseline
        if not path:
            return verdicts
        from leakguard import baseline

        matched = baseline.match(
            verdicts, baseline.load(path), os.path.dirname(path), self._guard.now.date()
        )
        self._notes += matched.notes
        return matched.verdicts

    def _count(self, **more: int) -> None:
        counts = self._counts
        self._counts = counts._replace(**{k: getattr(counts, k) + n for k, n in more.items()})

    def _match(self, document: Document, known: Known | None = None) -> None:
        listener = Listener(document, self._guard.now.date())
        matcher, looking = self._guard._matcher, self._guard._shown.looking()
        near = None if self._old else added_spans(document)
        if near is None:
            found = matcher.find(listener.document, looking, known=known)
        else:
            found = matcher.find(listener.document, looking.later, near, known)
            if listener.heard:
                # Whether a comment lets something pass is told by all of the text.
                found = matcher.find(listener.document, looking.later, known=known)
            if found.hits:
                is_added = additions(document)
                wanted = looked_at(found.hits, looking, lambda f: f.sample or is_added(f))
                found = found._replace(hits=wanted)
        self._take(found, document, listener.heard)

    def _media(self, media: Media, policy: Policy) -> None:
        self._count(media=1)
        if policy.media != "count":
            fails = policy.media == "fail"
            self.unread_source(Unread(media.origin.name, "media: nobody has read it", fails=fails))

    def _opaque_blob(self, opaque: Opaque, number: int) -> None:
        self._count(opaque=1)
        origin = opaque.blob.origin
        policy = self._guard.policies.of(origin.path)
        if policy.opaque == "skip":
            return
        if policy.opaque == "fail" and self._guard.policy.opaque != "fail":
            reason = "binary content, only searched for terms"
            self.unread_source(Unread(origin.name, reason, fails=True))
        if policy.opaque == self._guard.policy.opaque:
            self._opaque.append(self._guard._shown.text(origin.name))
        document = Document(origin, lambda: iter(()), number=number, kind="opaque")
        try:
            with opaque.blob.open() as stream:
                found = self._guard._matcher.find_bytes(stream)
        except OSError as error:
            self._failed(origin.name, error)
            return
        self._take(found, document)

    def _take(self, found: Found, document: Document, heard: Sequence[Allowance] = ()) -> None:
        guard, name = self._guard, document.origin.name
        policy = guard.policies.of(document.origin.path)
        allowed = suppress.Allowing(heard, critical=policy.suppress_critical)
        if found.hits:
            path = guard._shown.masked(name)
            ref = guard._shown.text(document.origin.ref or "")
            hits: Iterable[Hit] = found.hits
            if document.origin.kind in _IN_THE_TREE and document.kind != "path":
                listed = guard._lists.at(document.origin.path)
                hits = term_list(hits, listed) if listed else hits
            given = verdicts(hits, document, policy, guard._rules, path, ref, allowed.reason)
            self._verdicts += (v for v in given if self._old or v.reason != NOT_ADDED)
        if heard:
            shown = guard._shown.text
            self._notes += (
                Note(shown(name), line, shown(text)) for line, text in allowed.wrong(guard.knows)
            )
        self._count(dropped=found.dropped)
        if found.overtime:
            rules = ", ".join(found.overtime)
            self.unread_source(Unread(name, "a rule ran out of time", rules))
        if found.failed:
            self._failed(name, found.failed)

    def _failed(self, name: str, error: Exception) -> None:
        """An error's own message may quote the text; only ours are known not to."""
        if isinstance(error, Unreadable):
            reason, detail = error.message, ""
        elif isinstance(error, OSError):
            reason, detail = reason_of(error), ""
        elif isinstance(error, LeakguardError):
            reason, detail = "cannot be read", error.message
        else:
            reason, detail = "internal error", whereabouts(error)
        self.unread_source(Unread(name, reason, detail))


class _Patterns(Mapping[str, Pattern]):
    """The parsed patterns of some packs."""

    def __init__(self, known: Sequence[Mapping[str, Pattern]]) -> None:
        self._known = known

    def __getitem__(self, source: str) -> Pattern:
        for patterns in self._known:
            if source in patterns:
                return patterns[source]
        raise KeyError(source)

    def __iter__(self) -> Iterator[str]:
        yield from dict.fromkeys(chain.from_iterable(self._known))

    def __len__(self) -> int:
        return len(set().union(*self._known))

    def __contains__(self, source: object) -> bool:
        return any(source in patterns for patterns in self._known)


class _Rules(Mapping[str, "tuple[Rule, str]"]):
    """The rules in force and the owners of their packs, by id; each made when asked for."""

    def __init__(self, packs: tuple[Pack, ...]) -> None:
        self._found = {
            identity: (pack, index) for pack in packs for index, identity in enumerate(pack.ids)
        }

    def __getitem__(self, identity: str) -> tuple[Rule, str]:
        if identity == TERM_LIST:
            return LIST_RULE, ""
        pack, index = self._found[identity]
        return pack.rules[index], pack.owner

    def __iter__(self) -> Iterator[str]:
        yield from (*self._found, TERM_LIST)

    def __len__(self) -> int:
        return len(self._found) + 1

    def __contains__(self, identity: object) -> bool:
        return identity in self._found or identity == TERM_LIST


class _Lists:
    """The packs that hold terms in clear, by where they lie; those that come with us are public."""

    def __init__(self, packs: Iterable[Pack]) -> None:
        private = [p for p in packs if p.path and not p.seal and p.has_terms]
        public = os.path.realpath(packs_.rules_folder()) if private else ""
        found = {os.path.realpath(pack.path): pack.name for pack in private}
        self._names = {p: name for p, name in found.items() if os.path.dirname(p) != public}
        self._files: dict[tuple[int, int], str] | None = None  # made when first asked about

    def at(self, path: str) -> str:
        """The name of the pack that is the file at `path`, "" where none is."""
        if not self._names:
            return ""
        try:
            if self._files is None:
                self._files = {_identity(where): name for where, name in self._names.items()}
            return self._files.get(_identity(path), "")
        except OSError:  # one of them is not there: what is screened may be in a commit alone
            return self._names.get(os.path.realpath(path), "")


def _identity(path: str) -> tuple[int, int]:
    found = os.stat(path)
    return found.st_dev, found.st_ino


def batches(items: Iterator[T], size: int) -> Iterator[list[T]]:
    """The items, so many at a time; no more of them is drawn than was asked for."""
    return iter(lambda: [*islice(items, size)], [])


def _weight(items: Iterable[Blob | Unread]) -> int:
    """About how many bytes of texts are to be screened from end to end."""
    weight = 0
    for item in items:
        if isinstance(item, Blob) and item.added is None and item.origin.kind in _IN_THE_TREE:
            with suppressed(OSError):
                size = os.stat(item.origin.path).st_size
                weight += 0 if size > _LARGE and _is_binary(item.origin.path) else size
    return weight


def _is_binary(path: str) -> bool:
    """Whether the file at `path` begins as no text does, but perhaps one in UTF-16."""
    with open(path, "rb") as file:
        return b"\0" in file.read(_LOOKED_AT)


def _must_fit(blob: Blob, size: int) -> None:
    """Raises `Unreadable` when a blob that can tell its size is larger than `size` bytes."""
    if blob.origin.kind == "stdin":
        return
    with blob.open() as stream:
        if stream.seekable() and stream.seek(0, os.SEEK_END) > size:
            raise Unreadable(f"larger than {size:,} bytes, which is the policy's max_size")


def _differs(policies: Policies, policy: Policy, blob: Blob) -> bool:
    """Whether a renamed file comes from where another policy holds: then all of it is added."""
    way = os.path.relpath(blob.before, blob.published)
    before = os.path.normpath(os.path.join(blob.origin.path, way))
    return policies.config.excluded(before) or policies.of(before) != policy


def _path_document(blob: Blob, number: int) -> Document:
    """A file's name as a text of its own: a codename in it is as public as one in the file."""
    return Document(
        origin=blob.origin,
        chunks=lambda: iter((Chunk(0, blob.published),)),
        number=number,
        kind="path",
        anchors=(Anchor(0, Place(kind="path")),),
        added=() if blob.before == blob.published else None,
    )


def _blob(source: bytes | PathLike[str] | BinaryIO, name: str) -> Blob:
    if isinstance(source, bytes):
        from io import BytesIO

        return Blob(Origin("text", name or "<bytes>"), lambda: BytesIO(source))
    if isinstance(source, PathLike):
        path = fspath(source)
        return Blob(Origin("file", name or path), lambda: open(path, "rb"))
    if not hasattr(source, "read") or hasattr(source, "encoding"):  # which text streams have
        raise UsageError(
            f"cannot screen a {type(source).__name__}",
            hint="give a str, bytes, a pathlib.Path or a binary stream",
        )
    return Blob(Origin("stdin", name or "<stream>"), lambda: source)


def _rebuilt(
    paths: tuple[tuple[str, str], ...], policies: Policies, now: datetime, engine: Engine
) -> Guard:
    from leakguard.keys import Keyring

    found = [Pack.load(path, Keyring(identity)) for path, identity in paths]
    return Guard(packs_.resolve_all(found), policies, now, engine)


def _level(word: str | L | None, kind: type[L]) -> L | None:
    if word is None or isinstance(word, kind):
        return word
    names = [str(level) for level in kind]
    _one_of(str(word), tuple(names), kind.__name__.lower())
    return kind[str(word).upper()]


def _one_of(word: W | None, among: Iterable[str], what: str) -> W | None:
    among = tuple(among)
    if word is not None and word not in among:
        raise UsageError(f"unknown {what}: {word!r}", hint="one of " + ", ".join(among))
    return word
