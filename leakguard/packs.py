"""Packs: TOML files of rules, found, read and checked. A pack that cannot be relied on is refused.

Every error names the file, the line, the rule and the key, and the nearest word that is known.
"""

from __future__ import annotations

import marshal
import os
from itertools import repeat
from os import PathLike, fspath
from time import time_ns

from leakguard import cache, patterns, pieces, ready
from leakguard.errors import PackError, PatternError
from leakguard.light import (
    TYPE_CHECKING,
    Any,
    Callable,
    Final,
    Iterable,
    Iterator,
    Mapping,
    MappingProxyType,
    NoReturn,
    Sequence,
    cast,
    date,
    datetime,
    defaultdict,
    expression,
    lru_cache,
    partial,
)
from leakguard.model import (
    SCOPES,
    Allowlist,
    Confidence,
    Count,
    Entry,
    Exclude,
    Mode,
    Near,
    PackInfo,
    Reach,
    Requires,
    Rule,
    Severity,
    Target,
)
from leakguard.ready import Ready
from leakguard.records import NamedTuple, dataclass, field, replace
from leakguard.terms import compile_term, everywhere, is_plain, keys_of, stands
from leakguard.views import name as name_view
from leakguard.views import plain, value_key

if TYPE_CHECKING:
    from leakguard.keys import Keyring

DISTRIBUTION: Final = "leakguard-audit"
ENTRY_POINTS: Final = "leakguard.packs"
IMPORTED: Final = "gitleaks:"
NEAR_CAP: Final = 1000
SAMPLE_RANGE: Final = 4  # what values of a range begin with, at least
SEALED: Final = ".sealed"
SEALED_MARK: Final = "# A pack sealed by leakguard"
_BEGINS = expression(r"[A-Za-z][a-z]{2}")  # neither a hump nor a fold: so a word begins
_SHORT_TEXT: Final = 20_000  # up to here looking for each word costs less than an automaton
LISTS: Final = ("public-codenames", "public-products", "public-projects")
READY: Final = "ready"  # the folder beside the bundled packs with what a build has made of them
_MAKERS: Final = (
    *("checks", "gitleaks", "grammar", "holding", "needs", "packdata", "packs", "patterns", "re2"),
    *("context", "phrases", "pieces", "ready", "terms", "symbols", "views", "writing"),
)
_MORE: Final = "[A-Za-z0-9]{2,20}"  # what may follow a public name: a version, a release
_AT_ONCE: Final = 50  # names in one pattern
_DAYS = expression(r"([0-9]{1,4}) days?")
_HEAD = expression(r"(?m)^\s*\[\[rule\]\]")
_COMPLAINT = expression(r"^(.*?)(?: \(at (?:line (\d+), column (\d+)|end of document)\))?$")
_QUOTED = expression(r"(['\"]).*\1")
_SETTLED: Final = 2_000_000_000  # nanoseconds
# What a pack is made from at once, and what gives the rest.
_Data = tuple[bytes, Callable[[], bytes]]
_SNAKE = expression(r"[a-z]+(?:_[a-z]+)*")
_MEANT = "did you mean "
_KEBAB = expression(r"[a-z0-9]+(-[a-z0-9]+)*")


class Seal(NamedTuple):
    """How a sealed pack was come by. Nothing that is made from its rules may be kept on the disk.

    `identity` is the path that was given for the key, or "". `locked` says why the pack could not
    be opened; such a pack has no rules, and `entries` terms that nothing looks for.
    """

    identity: str = ""
    locked: str = ""
    entries: int = 0


@dataclass(frozen=True, slots=True)
class Pack:
    """A checked pack. `path` is where it was read from, or "" for a text.

    `parsed` are its patterns, exclusions included, by how they are written. `seal` is None for a
    plain pack. `ready` are its rules made ready, where somebody has done so, and `table` what leads
    to them, by pieces.
    """

    name: str
    title: str
    version: str
    owner: str
    rules: Sequence[Rule]
    reviewed: date | None = None
    review_every: int | None = None
    path: str = field(default="", compare=False)
    parsed: Mapping[str, patterns.Pattern] = field(default_factory=dict, compare=False, repr=False)
    seal: Seal | None = field(default=None, compare=False)
    ready: Sequence[Ready] = field(default=(), compare=False, repr=False)
    table: pieces.Data | None = field(default=None, compare=False, repr=False)

    @property
    def locked(self) -> bool:
        """Whether this is a sealed pack that could not be opened: it has no rules."""
        return bool(self.seal and self.seal.locked)

    @property
    def info(self) -> PackInfo:
        """What reports may say of it."""
        return PackInfo(
            self.name, self.title, self.version, self.owner, len(self.rules), self.reviewed
        )

    @classmethod
    def from_toml(cls, text: str, *, where: str = "<text>") -> Pack:
        """Read a pack from TOML. Raises `PackError` naming `where`, line, rule and key.

        >>> text = '''
        ... [pack]
        ... name = "acme"
        ... [[rule]]
        ... id = "unreleased"
        ... title = "unreleased project name"
        ... severity = "high"
        ... terms = ["Blue Heron"]
        ... why = "It has not been announced."
        ... '''
        >>> Pack.from_toml(text).rules[0].id
        'acme/unreleased'
        """
        return _Reading(where, text).pack()

    @classmethod
    def load(cls, path: str | PathLike[str], keyring: Keyring | None = None) -> Pack:
        """Read a pack from a file; one without terms, from the cache if it is there.

        A sealed one is opened with a key of `keyring` (without it: of the environment). If none
        fits, the pack that is returned is `locked`. `gitleaks:PATH` is a configuration of gitleaks
        or betterleaks, taken over as a pack.
        """
        where = fspath(path)
        shelf = cache.folder(os.environ)
        at_once = _unchanged(where, shelf)
        if at_once is not None:
            return _from_data(*at_once, where)
        parts = _bytes(where)
        if where.endswith(SEALED) or parts[0].startswith(SEALED_MARK.encode()):
            from leakguard import keys, sealed

            return sealed.open_pack(parts[0], where, keyring or keys.Keyring())
        imported = os.fsencode(where) if where.startswith(IMPORTED) else b""
        name = cache.key(*parts, imported, *_made_with())
        # Those that come with us may have brought it along.
        brought, known = _brought(where, name)
        if brought is not None:
            _stamp(where, name, shelf)
            return _from_data(*brought, where)
        kept = cache.load(shelf, name)
        if kept is not None:
            head, body = kept
            return _from_data(head, body, where)
        read = _Reading(where, _text(where, parts), known).pack()
        pack = replace(read, path=where)
        # Terms are private: they stay in the file that their owner keeps.
        if shelf and not pack.has_terms:
            head, body = map(cache.plain, _to_data(pack))
            cache.store(shelf, name, [head, body])
            return _from_data(head, body, where)
        return pack

    @property
    def has_terms(self) -> bool:
        """Whether any rule looks for terms, which are private."""
        if self.ready:
            return any(ready.has_terms for ready in self.ready)
        return any(rule.entries for rule in self.rules)

    def pattern(self, source: str) -> patterns.Pattern:
        """A pattern of the pack, parsed."""
        return self.parsed.get(source) or patterns.parse(source)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of its rules."""
        return tuple(one.id for one in self.ready or self.rules)


def _bytes(where: str) -> tuple[bytes, ...]:
    """What a pack is made from: its file, or a configuration and those it extends."""
    if where.startswith(IMPORTED):
        from leakguard import gitleaks

        return gitleaks.read(where.removeprefix(IMPORTED))
    try:
        with open(where, "rb") as file:
            return (file.read(),)
    except OSError as error:
        raise PackError(
            f"{where}: cannot be read: {error.strerror}",
            hint="check the path after --pack, or in the policy",
        ) from None


def _text(where: str, parts: tuple[bytes, ...]) -> str:
    if where.startswith(IMPORTED):
        from leakguard import gitleaks

        return gitleaks.convert(where.removeprefix(IMPORTED)).text
    try:
        return parts[0].decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PackError(
            f"{where}: not UTF-8 (byte {error.start})", hint="save the pack as UTF-8"
        ) from None


@lru_cache(maxsize=1)
def rules_folder() -> str:
    """The folder of the bundled packs: in the wheel beside the code, in a checkout one above.

    The checkout goes first: an editable install may hold a stale copy beside the code.
    """
    here = os.path.dirname(os.path.abspath(__file__))
    above = os.path.dirname(here)
    try:
        with open(os.path.join(above, "pyproject.toml"), encoding="utf-8") as file:
            if f'name = "{DISTRIBUTION}"' in file.read():
                return os.path.join(above, "rules")
    except OSError:
        pass
    if os.path.isdir(os.path.join(here, "rules")):
        return os.path.join(here, "rules")
    raise PackError(
        "the bundled packs are missing from this installation", hint=f"reinstall {DISTRIBUTION}"
    )


def bundled() -> tuple[str, ...]:
    """The names of the packs that come with leakguard."""
    return tuple(sorted(n[:-5] for n in os.listdir(rules_folder()) if n.endswith(".toml")))


def resolve(asked: str | PathLike[str] | Pack, keyring: Keyring | None = None) -> Pack:
    """A pack by what the user wrote: a path if it has a slash or a pack's ending, else a name.

    Endings are .toml and .sealed; `gitleaks:PATH` is a configuration of gitleaks. Names are looked
    up among the bundled packs, then among installed ones (entry point group `leakguard.packs`).
    Raises `PackError` when there is none.
    """
    if isinstance(asked, Pack):
        return asked
    if not isinstance(asked, str) or is_path(asked):
        return Pack.load(asked, keyring)
    if asked in bundled():
        return Pack.load(os.path.join(rules_folder(), f"{asked}.toml"))
    return _installed(asked, keyring)


def is_path(asked: str) -> bool:
    """Whether a pack is named by its path.

    >>> is_path("acme.sealed"), is_path("./acme"), is_path("finance")
    (True, True, False)
    """
    return (
        "/" in asked
        or "\\" in asked
        or asked.endswith((".toml", SEALED))
        or (asked.startswith(IMPORTED))
    )


def resolve_all(
    asked: Iterable[str | PathLike[str] | Pack], keyring: Keyring | None = None
) -> tuple[Pack, ...]:
    """Packs for a run, each once. Raises `PackError` when two differ but share a name."""
    found: dict[str, Pack] = {}
    for pack in (resolve(one, keyring) for one in asked):
        other = found.setdefault(pack.name, pack)
        if other is not pack and other != pack:
            raise PackError(
                f'two packs are called "{pack.name}": {other.path or "a text"} and '
                f"{pack.path or 'a text'}",
                hint="rename one of them",
            )
    if not found:
        raise PackError("no packs: there is nothing to look for", hint="name one with --pack")
    return tuple(found.values())


def all_rules(packs: Sequence[Pack]) -> Sequence[Rule]:
    """The rules of some packs in a row, made when asked for where their packs do so."""
    from leakguard.packdata import Kept

    rows = [(pack.rules, index) for pack in packs for index in range(len(pack.rules))]

    def rule(number: int) -> Rule:
        rules, index = rows[number]
        return rules[index]

    return Kept(len(rows), rule)


def all_ready(packs: Sequence[Pack]) -> Sequence[Ready]:
    """The same rules made ready."""
    found: list[Ready] = []
    for pack in packs:
        found += pack.ready or [ready.of(rule, pack.pattern) for rule in pack.rules]
    return found


def all_tables(packs: Sequence[Pack]) -> list[tuple[int, int, pieces.Table]]:
    """What leads to them by pieces: the first of the rules that a table is about, and how many."""
    found, first = [], 0
    for pack in packs:
        if pack.table:
            found.append((first, len(pack.rules), pieces.Table(pack.table)))
        first += len(pack.rules)
    return found


def _made_with() -> tuple[bytes, ...]:
    """What a kept pack depends on beside its own file: the lists it may name, and this code."""
    import leakguard

    data = os.path.join(rules_folder(), "data")
    lists = (_content(os.path.join(data, name)) for name in _lists())
    return leakguard.__version__.encode(), _code().encode(), *lists


@lru_cache(maxsize=1)
def _code() -> str:
    """A hash of the code that reads packs: by its content, which is the same wherever it lies."""
    here = os.path.dirname(__file__)
    return cache.key(*(_content(os.path.join(here, f"{name}.py")) for name in _MAKERS))


def _unchanged(where: str, shelf: str) -> _Data | None:
    """What a build has kept of the bundled pack at `where`, if it is known to be of this pack.

    Nothing was touched then since it was compared by content.
    """
    folder = os.path.dirname(where)
    if not shelf or folder != rules_folder():
        return None
    known = cache.load(shelf, _name_of_stamp(where))
    if known is None or known[0] != _touched(where):
        return None
    return _brought(where, known[1], known[2])[0]


def _stamp(where: str, name: str, shelf: str) -> None:
    """Remember of what age and size is all that a bundled pack was compared with."""
    stamp = _touched(where)
    # What was just written may be written again, and have the same age and size.
    if max(age for _, age in stamp) < time_ns() - _SETTLED:
        cache.store(shelf, _name_of_stamp(where), [stamp, name, _code()])


def _name_of_stamp(where: str) -> str:
    return cache.key(b"stamp", where.encode(), os.path.dirname(__file__).encode())


def _touched(where: str) -> tuple[tuple[int, int], ...]:
    """Size and age of a bundled pack, of the lists it may name, and of the code that reads it."""
    here, data = os.path.dirname(__file__), os.path.join(os.path.dirname(where), "data")
    paths = (
        where,
        *(os.path.join(data, name) for name in _lists()),
        *(os.path.join(here, f"{name}.py") for name in ("__init__", *_MAKERS)),
    )
    found = map(os.stat, paths)
    return tuple((status.st_size, status.st_mtime_ns) for status in found)


def _lists() -> Iterator[str]:
    yield from (f"{name}.toml" for name in ("exclusions", *LISTS))
    yield "frequent.txt"


def _content(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def bring(folder: str, pack: str) -> str:
    """Keep what is worked out from a bundled pack in `folder`; the file, "" if none was written.

    A build does so, that even the first run starts at once. A pack that has changed since is read.
    """
    path = os.path.join(rules_folder(), f"{pack}.toml")
    parts = _bytes(path)
    name = cache.key(*parts, b"", *_made_with())
    brought, known = _brought(path, name)
    kept = os.path.join(folder, pack)
    if brought and os.path.dirname(kept) == os.path.join(rules_folder(), READY):
        return ""
    read = _Reading(path, _text(path, parts), known).pack()
    if read.has_terms:
        return ""
    with open(kept, "wb") as file:
        head, body = map(cache.plain, _to_data(read))
        file.write(f"{name} {_code()} {len(head)}\n".encode() + head + body)
    return kept


def _brought(
    path: str, name: str, code: str = ""
) -> tuple[_Data | None, Mapping[str, patterns.Pattern]]:
    """What a build has kept of the bundled pack at `path`, or None if that is not this pack.

    Of a pack that has changed since then the patterns are left, by how they are written. `code` is
    the hash of the code, where that is known.
    """
    nothing: dict[str, patterns.Pattern] = {}
    folder, file_name = os.path.split(path)
    if folder != rules_folder():
        return None, nothing
    kept = os.path.join(folder, READY, file_name.removesuffix(".toml"))
    try:
        with open(kept, "rb") as file:
            known, made_by, size = file.readline().split()
            begin = file.tell()
            # Whole like the code beside it, or not at all.
            head = file.read(int(size)) if known == name.encode() else b""
    except (OSError, ValueError):
        return None, nothing
    if made_by != (code or _code()).encode():
        return None, nothing

    def body() -> bytes:
        with open(kept, "rb") as file:
            file.seek(begin + int(size))
            return file.read()

    if head:
        return (head, body), nothing
    from leakguard.packdata import KeptPatterns

    return None, KeptPatterns(lambda: marshal.loads(body())[-1])


def _to_data(pack: Pack) -> tuple[list[Any], list[Any]]:
    """A pack as plain data: what every run needs to know, and what is made when asked for."""
    from leakguard import needs, packdata

    reviewed = pack.reviewed.isoformat() if pack.reviewed else None
    # An allowlist of the pack is one of every rule: written once.
    allowed = list(dict.fromkeys(a for rule in pack.rules for a in rule.allowlists))
    number = {allowlist: index for index, allowlist in enumerate(allowed)}
    looked_for = {rule.pattern for rule in pack.rules}
    parsed = {
        source: pattern._replace(needs=pattern.needs or needs.of(source))
        if source in looked_for
        else pattern
        for source, pattern in pack.parsed.items()
    }
    readies = [ready.of(rule, parsed.__getitem__) for rule in pack.rules]
    head = [
        [pack.name, pack.title, pack.version, pack.owner, reviewed, pack.review_every],
        readies,
        ready.table([parsed[r.pattern].needs if r.pattern else None for r in pack.rules]),
    ]
    rules = [
        cache.plain([packdata.rule_to_data(rule), [number[a] for a in rule.allowlists]])
        for rule in pack.rules
    ]
    kept = {source: cache.plain(packdata.pattern_to_data(p)) for source, p in parsed.items()}
    return head, [allowed, rules, kept]


def _from_data(head: bytes, body: bytes | Callable[[], bytes], path: str) -> Pack:
    from leakguard import packdata

    (name, title, version, owner, reviewed, every), readies, table = marshal.loads(head)

    @lru_cache(maxsize=1)
    def more() -> Any:
        return marshal.loads(body if isinstance(body, bytes) else body())

    def rule(index: int) -> Rule:
        allowed, rules, _ = more()
        row, numbers = marshal.loads(rules[index])
        lists = tuple(packdata.allowlist_from_data(allowed[number]) for number in numbers)
        return packdata.rule_from_data(row, lists)

    return Pack(
        name=name,
        title=title,
        version=version,
        owner=owner,
        rules=packdata.Kept(len(readies), rule),
        reviewed=date.fromisoformat(reviewed) if reviewed else None,
        review_every=every,
        path=path,
        parsed=packdata.KeptPatterns(lambda: more()[2]),
        ready=tuple(map(Ready._make, readies)),
        table=table,
    )


def _installed(name: str, keyring: Keyring | None) -> Pack:
    # Costs 60 ms, so only asked for a name that is neither bundled nor a path.
    from importlib.metadata import entry_points

    points = {point.name: point for point in entry_points(group=ENTRY_POINTS)}
    if name not in points:
        raise PackError(
            f'no pack is called "{name}"', hint=_nearest(name, [*bundled(), *points], "packs: ")
        )
    offered = points[name].load()
    if callable(offered):
        offered = offered()
    pack = (
        Pack.from_toml(offered, where=f"installed pack {name}")
        if isinstance(offered, str)
        else Pack.load(offered, keyring)
    )
    if pack.name != name:
        raise PackError(
            f'the installed pack "{name}" calls itself "{pack.name}"',
            hint="entry point and [pack] name must be the same",
        )
    return pack


def spells(rules: Iterable[Rule], texts: Sequence[str]) -> tuple[int, Entry] | None:
    """The first term of `rules` that one of `texts` spells, and the index of that text."""
    folded = [(text, name_view(plain(text))) for text in texts]
    together = "\n".join(view.text for _, view in folded)
    for entry in _standing_in(together, [entry for rule in rules for entry in rule.entries]):
        term = compile_term(entry.term, entry.mode)
        for index, (text, view) in enumerate(folded):
            homes = (view.home(start, end) for start, end in everywhere(term, view.text))
            if any(home and stands(term, text, home.start, home.end) for home in homes):
                return index, entry
    return None


def _standing_in(text: str, entries: Sequence[Entry]) -> list[Entry]:
    """The entries of which the longest word stands in the folded `text`."""
    if len(text) < _SHORT_TEXT:
        # Of a long list nearly all are out by how they begin; their words need not be known.
        met = {text[at : at + 3] for at in range(len(text) - 2)}
        begins = _BEGINS.match
        entries = [
            entry
            for entry in entries
            if not (begun := begins(entry.term)) or begun[0].lower() in met
        ]
        return [entries[index] for index, key in keys_of(entries) if key in text]
    keys = keys_of(entries)
    import ahocorasick

    known: dict[str, list[int]] = defaultdict(list)
    for index, key in keys:
        known[key].append(index)
    automaton = ahocorasick.Automaton()
    for key, indexes in known.items():
        automaton.add_word(key, indexes)
    automaton.make_automaton()
    found = {index for _, indexes in automaton.iter(text) for index in indexes} if known else ()
    return [entries[index] for index in sorted(found)]


def _nearest(word: str, known: Iterable[str], otherwise: str = "known: ") -> str:
    from difflib import get_close_matches

    known = sorted(known)
    close = get_close_matches(word, known, 1, 0.6)
    return f'{_MEANT}"{close[0]}"?' if close else otherwise + ", ".join(known)


class Phrases(NamedTuple):
    """The phrases of a rule, the pattern made from them, and the lists that they take."""

    phrases: tuple[str, ...]
    pattern: str
    lists: Mapping[str, tuple[str, ...]]

    @property
    def captures(self) -> bool:
        """Whether a part in braces is the hit."""
        return any("{" in phrase for phrase in self.phrases)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────

Table = Mapping[str, Any]
_FILE_KEYS = {"pack", "rule", "words", "allowlists"}
_PACK_KEYS = {"name", "title", "version", "owner", "reviewed", "review_every", "imported_from"}
_WAYS = ("terms", "entries", "pattern", "phrases", "weights", "of")
_RULE_TEXTS = ("title", "why", "instead", "replacement", "owner")
_RULE_KEYS = {
    *("id", "severity", "profile", "match", "common", "check", "near", "confidence", "scopes"),
    *("exclude", "samples", "count", "requires", "embargo_until", "expires", "references"),
    *("capture", "entropy", "keywords", "path", "allowlists", "yields", "alone", "capitals"),
    *("examples", "counter_examples", *_WAYS, *_RULE_TEXTS),
}
_NONE = type(None)  # the key is left out
_ENTRY_KINDS: Final[Mapping[str, frozenset[type]]] = {
    "term": frozenset({str}),
    "id": frozenset({int, _NONE}),
    "match": frozenset({str, _NONE}),
    "common": frozenset({bool, _NONE}),
    "embargo_until": frozenset({date, datetime, _NONE}),
    "expires": frozenset({date, _NONE}),
    **dict.fromkeys(("owner", "instead", "replacement"), frozenset({str, _NONE})),
}
_NEAR_KEYS = {"words", "lists", "strong", "strong_lists", "before", "after", "at_least", "same"}
_EXCLUDE_KEYS = {"values", "patterns", "names", "lists", "near", "scopes", "shared"}
_REQUIRES_KEYS = {"any", "all", "none", "within", "same", "lines", "columns"}
_ALLOWLIST_KEYS = {
    *("description", "condition", "patterns", "target", "stopwords", "paths", "commits"),
}
# What a rule made of other rules leaves to them.
_MEMBERS_KEYS = ("near", "exclude", "samples", "scopes", "path", "keywords", "allowlists", "yields")
_COUNT_KEYS = {"at_least", "escalate", "to"}
_TARGETS = ("hit", "match", "line")
_MODES = ("exact", "word", "loose", "substring")
_REACHES = ("line", "sentence", "paragraph", "document")


class _Reading:
    """One pass over one pack's text: the tables, and where to point when something is wrong."""

    def __init__(
        self, where: str, text: str, known: Mapping[str, patterns.Pattern] = MappingProxyType({})
    ) -> None:
        self.before = known
        self.where = where
        self.text = text
        self.rule_index = -1
        self.rule_id = ""
        self.entry_ids: set[int] = set()
        self.highest = 0
        self.shared: Mapping[str, tuple[str, ...]] | None = None
        self.read: dict[str, patterns.Pattern] = {}
        self.imported = False
        self.allowed: tuple[Allowlist, ...] = ()
        self.lists: dict[str, tuple[str, ...]] = {}
        self.unused: set[str] = set()

    # the whole ──────────────────────────────────────────────────────────────────────────────────

    def pack(self) -> Pack:
        import tomli

        try:
            data = tomli.loads(self.text)
        except tomli.TOMLDecodeError as error:
            raise PackError(f"{self.where}: not TOML: {_without_text(error)}") from None
        self.known(data, _FILE_KEYS, "")
        head = self.table(data, "pack", "")
        self.known(head, _PACK_KEYS, "pack")
        name = self.word(head, "name", "pack")
        rows = data.get("rule", [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.fail("rule", "rules are written as [[rule]] tables")
        if not rows:
            self.fail("", "the pack has no rules", "add at least one [[rule]]")
        self.imported = bool(self.string(head, "imported_from", "pack"))
        self.allowed = self.allowlists(data)
        self.lists = self.word_lists(data)
        self.unused = set(self.lists)
        rules = tuple(self.rule(name, index, row) for index, row in enumerate(rows))
        self.rule_index = -1
        seen: set[str] = set()
        for index, rule in enumerate(rules):
            if rule.id in seen:
                self.rule_index = index
                self.fail("id", f'"{rule.id}" is used twice', "ids are unique in their pack")
            seen.add(rule.id)
        self.rule_index, self.rule_id = -1, ""
        for unused in sorted(self.unused):
            self.fail(
                unused,
                f'no rule takes the list "{unused}"',
                "remove it, or name it in a near or a phrase",
            )
        pack = Pack(
            name=name,
            title=self.string(head, "title", "pack") or name,
            version=self.string(head, "version", "pack") or "0",
            owner=self.string(head, "owner", "pack"),
            rules=rules,
            reviewed=self.day(head, "reviewed", "pack"),
            review_every=self.days(head),
            parsed=self.read,
        )
        self.refuse_spelt_terms(pack)
        return pack

    def rule(self, pack: str, index: int, row: Table) -> Rule:
        self.rule_index, self.rule_id = index, ""
        self.known(row, _RULE_KEYS, "")
        self.rule_id = self.word(row, "id", "")
        ways = [key for key in _WAYS if key in row]
        if (not ways and "path" not in row) or (len(ways) > 1 and ways != ["terms", "entries"]):
            self.fail(
                ways[1] if ways else "id",
                "a rule looks for terms, phrases, a pattern, weights, rules (of), or a path: one",
                "keep one of terms, phrases, pattern, weights, of",
            )
        for key in ("match", "common"):
            if key in row and "terms" not in row and "entries" not in row:
                self.fail(key, f'"{key}" is for rules of terms', "remove it")
        check = self.string(row, "check", required="check" in row)
        if check:
            self.known_check(check)
        for key in ("check", "capture", "entropy"):
            if key in row and "pattern" not in row:
                self.fail(key, f'"{key}" is for rules with a pattern', "remove it")
        for key in ("alone", "capitals"):
            if key in row and "phrases" not in row:
                self.fail(key, f'"{key}" is for rules with phrases', "remove it")
        for key in ("near", "keywords", "samples") if "weights" in row else ():
            if key in row:
                self.fail(key, f'"{key}" is not for rules with weights', "remove it")
        near = self.near(row, "near")
        spoken = self.phrases(row)
        rule = Rule(
            id=f"{pack}/{self.rule_id}",
            title=self.string(row, "title", required=True),
            severity=cast(Severity, self.level(row, "severity", Severity)),
            entries=self.entries(row),
            pattern=spoken.pattern if spoken else self.pattern(row, "pattern"),
            of=self.requires(row, "of", pack),
            check=check,
            near=near,
            confidence=self.confidence(row, near, check),
            scopes=self.scopes(row, "scopes"),
            exclude=self.exclude(row),
            samples=self.samples(row),
            capture=spoken.captures if spoken else self.flag(row, "capture") or False,
            entropy=self.bits(row),
            keywords=self.strings(row, "keywords"),
            path=self.pattern(row, "path"),
            allowlists=(*self.allowlists(row), *(() if "of" in row else self.allowed)),
            yields=self.flag(row, "yields") or False,
            count=self.count(row),
            requires=self.requires(row, "requires", pack),
            profile=self.choice(row, "profile", ("standard", "strict"), "standard"),
            embargo_until=self.moment(row, "embargo_until"),
            expires=self.day(row, "expires"),
            owner=self.string(row, "owner"),
            why=self.string(row, "why", required=True),
            instead=self.string(row, "instead"),
            replacement=self.string(row, "replacement"),
            references=self.strings(row, "references"),
            examples=self.strings(row, "examples"),
            counter_examples=self.strings(row, "counter_examples"),
            phrases=spoken.phrases if spoken else (),
            lists=spoken.lists if spoken else {},
            weights=self.weights(row),
        )
        if rule.capture and not self.read[rule.pattern].groups:
            self.fail("capture", "the pattern has no group to capture", "put (…) round the value")
        if (rule.pattern or rule.weights) and not rule.examples and not self.imported:
            way = "phrases" if rule.phrases else "weights" if rule.weights else "pattern"
            what = "a pattern" if way == "pattern" else way
            self.fail(way, f"a rule with {what} needs examples", "add examples = [...]")
        for key in _MEMBERS_KEYS if rule.of else ():
            if row.get(key):
                self.fail(key, f"a composite takes no {key}", "put it on its members")
        return rule

    def known_check(self, check: str) -> None:
        from leakguard.checks import CHECKS

        if check not in CHECKS:
            self.fail("check", f'unknown check "{check}"', _nearest(check, CHECKS))

    # parts ──────────────────────────────────────────────────────────────────────────────────────

    def entries(self, row: Table) -> tuple[Entry, ...]:
        listed: list[Any] = []
        for key in ("terms", "entries"):
            if key in row:
                value = row[key]
                if not isinstance(value, list) or not value:
                    self.fail(key, f'"{key}" is a list of terms and not empty')
                listed += value
        mode = cast(Mode, self.choice(row, "match", _MODES, "word"))
        common = self.flag(row, "common")
        if not listed:
            return ()
        # There may be thousands: they are read key by key, and only the odd ones looked at closely.
        tables = [{"term": item} if isinstance(item, str) else item for item in listed]
        if not set(map(type, tables)) <= {dict}:
            at = next(at for at, table in enumerate(tables, 1) if not isinstance(table, dict))
            self.fail("terms", f"terms[{at}] is neither a text nor a table")
        used: set[str] = set().union(*tables)
        columns: dict[str, list[Any]] = {
            key: [t.get(key) for t in tables]
            for key in _ENTRY_KINDS
            if key in used or key == "term"
        }
        self.check_entries(tables, used, columns, mode)

        def column(key: str, usual: object) -> Iterable[Any]:
            return [t.get(key, usual) for t in tables] if key in used else repeat(usual)

        rows = zip(
            self.numbers(columns.get("id"), len(tables)),
            columns["term"],
            column("match", mode),
            column("common", common),
            column("embargo_until", None),
            column("expires", None),
            *(column(key, "") for key in ("owner", "instead", "replacement")),
            strict=False,
        )
        # `Entry(...)` itself would run a line of Python for each.
        return tuple(map(partial(tuple.__new__, Entry), rows))

    def check_entries(
        self,
        tables: Sequence[Table],
        used: set[str],
        columns: Mapping[str, Sequence[Any]],
        mode: Mode,
    ) -> None:
        """Refuse what is no entry. Looked at closely is what is not seen to be one at once."""
        usual = used <= _ENTRY_KINDS.keys() and all(
            set(map(type, column)) <= _ENTRY_KINDS[key] for key, column in columns.items()
        )
        at_once = list(map(is_plain, columns["term"])) if usual else [False] * len(tables)
        if all(at_once) and "match" not in used:
            return
        for number, (table, known) in enumerate(zip(tables, at_once, strict=True), 1):
            if not known or "match" in table:
                self.checked_entry(table, f"terms[{number}]", mode)

    def checked_entry(self, item: Table, at: str, mode: Mode) -> None:
        # The keys of an entry may be told, its term never.
        self.known(item, _ENTRY_KINDS, at)
        written = item.get("term")
        if not isinstance(written, str) or not written.strip():
            self.fail("terms", f"{at}: a term is a text and not empty")
        mode = cast(Mode, self.choice(item, "match", _MODES, mode, at))
        try:
            compile_term(written, mode)
        except ValueError as error:
            self.fail("terms", f"{at}: {error}")
        self.whole(item, "id", at)
        self.flag(item, "common", at)
        self.moment(item, "embargo_until", at)
        self.day(item, "expires", at)
        for key in ("owner", "instead", "replacement"):
            self.string(item, key, at)

    def numbers(self, asked: Sequence[int | None] | None, count: int) -> Sequence[int]:
        """The numbers of entries: as asked, else one more than the highest so far."""
        if asked is None:
            numbers = range(self.highest + 1, self.highest + 1 + count)
            self.entry_ids.update(numbers)
            self.highest += count
            return numbers
        found = []
        for at, number in enumerate(asked, 1):
            given = self.highest + 1 if number is None else number
            if given in self.entry_ids or given < 1:
                self.whole({"id": given}, "id", f"terms[{at}]")
                self.fail("terms", f"terms[{at}]: number {given} is taken",
                          "numbers are unique in a pack")  # fmt: skip
            self.entry_ids.add(given)
            if given > self.highest:
                self.highest = given
            found.append(given)
        return found

    def phrases(self, row: Table) -> Phrases | None:
        """What a rule says in words, and the pattern that it makes."""
        if "phrases" not in row:
            return None
        from leakguard import phrases

        listed = self.strings(row, "phrases")
        if not listed:
            self.fail("phrases", '"phrases" is empty', "write at least one")
        try:
            pattern = phrases.compiled(
                listed,
                self.lists,
                alone=self.flag(row, "alone") or False,
                capitals=self.flag(row, "capitals") or False,
            )
        except phrases.PhraseError as error:
            self.fail("phrases", f"phrases[{error.phrase + 1}]: {error.message}\n"
                      f"  {listed[error.phrase]}\n  {' ' * error.at}^", error.hint)  # fmt: skip
        try:
            self.read[pattern] = self.before.get(pattern) or patterns.parse(pattern)
        except PatternError as error:
            self.fail("phrases", f"the phrases are too much for one rule: {error.message}",
                      "use shorter gaps and lists, or two rules")  # fmt: skip
        taken = phrases.taken(listed, self.lists)
        self.unused -= taken
        lists = {name: self.lists[name] for name in sorted(taken)}
        return Phrases(listed, pattern, lists)

    def weights(self, row: Table) -> str:
        """The kind of sentences that a rule looks for by what their words weigh."""
        asked = self.string(row, "weights", required="weights" in row)
        if asked:
            from leakguard.weights import brought

            if asked not in brought().columns:
                known = _nearest(asked, brought().columns)
                self.fail("weights", f'there are no weights of "{asked}"', known)
        return asked

    def word_lists(self, data: Table) -> dict[str, tuple[str, ...]]:
        """The lists of words that rules take by name."""
        table = self.table(data, "words", "") if "words" in data else {}
        if table:
            from leakguard.phrases import ALWAYS
        for name in table:
            if name in ALWAYS:
                self.fail(name, f'"words.{name}" is taken: phrases have a <{name}> of their own',
                          "call the list something else")  # fmt: skip
        return {
            name: self.strings(table, name, "words")
            or self.fail(name, f'"words.{name}" has no words')
            for name in table
        }

    def near(self, row: Table, key: str, path: str = "") -> Near | None:
        if key not in row:
            return None
        path = f"{path}.{key}".strip(".")
        value = self.table(row, key, path.rpartition(".")[0])
        self.known(value, _NEAR_KEYS, path)
        words = self.strings(value, "words", path) + self.listed(value, "lists", key, path)
        strong = self.strings(value, "strong", path)
        strong += self.listed(value, "strong_lists", key, path)
        if not words and not strong:
            self.fail(key, f'"{path}" has no words')
        same = self.choice(value, "same", ("", *_REACHES), "", path) or None
        for side in ("before", "after"):
            if same and side in value:
                self.fail(key, f'"{path}" has both "same" and "{side}"', "keep one of them")
        if path.startswith("exclude") and same == "document":
            self.fail(key, f'"{path}.same" reaches a paragraph at most', 'use same = "paragraph"')
        near = Near(
            words=words,
            strong=strong,
            before=self.bounded(value, "before", 60, path),
            after=self.bounded(value, "after", 30, path),
            at_least=self.whole(value, "at_least", path) or 1,
            same=cast("Reach | None", same),
        )
        if near.at_least > len(set(words) | set(strong)):
            self.fail(key, f'"{path}" asks for {near.at_least} words and names fewer')
        return near

    def listed(self, value: Table, key: str, where: str, path: str) -> tuple[str, ...]:
        """The words of the pack's own lists that a near names."""
        found: tuple[str, ...] = ()
        listed = self.strings(value, key, path)
        if listed:
            from leakguard.phrases import is_plain
        for name in listed:
            if name not in self.lists:
                known = _nearest(name, self.lists) if self.lists else "the pack has no [words]"
                self.fail(where, f'no list of words is called "{name}"', known)
            self.unused.discard(name)
            odd = next((word for word in self.lists[name] if not is_plain(word)), None)
            if odd is not None:
                self.fail(where, f'"{odd}" of the list "{name}" is a phrase, and near takes words',
                          "take the list in phrases alone, or write its words out")  # fmt: skip
            found += self.lists[name]
        return found

    def confidence(self, row: Table, near: Near | None, check: str) -> dict[str, Confidence]:
        reachable = _cells(row, near, check)
        value = row.get("confidence")
        if isinstance(value, str):
            level = cast(Confidence, self.level(row, "confidence", Confidence))
            return dict.fromkeys(reachable, level)
        if value is None:
            if len(reachable) == 1:
                return {reachable[0]: Confidence.HIGH}
            return {cell: _USUAL[cell] for cell in reachable}
        value = self.table(row, "confidence", "")
        self.known(value, {"bare", "checked", "near", "full"}, "confidence")
        for cell in value:
            if cell not in reachable:
                self.fail(
                    "confidence",
                    f'"confidence.{cell}" can never be reached: {_UNREACHABLE[cell]}',
                    "remove it, or add what leads there",
                )
        given = {
            cell: cast(Confidence, self.level(value, cell, Confidence, "confidence"))
            for cell in value
        }
        return {cell: given.get(cell, Confidence.NONE) for cell in reachable}

    def exclude(self, row: Table) -> Exclude | None:
        if "exclude" not in row:
            return None
        value = self.table(row, "exclude", "")
        self.known(value, _EXCLUDE_KEYS, "exclude")
        if not value:
            self.fail("exclude", '"exclude" is empty', "remove it")
        shapes = self.strings(value, "patterns", "exclude")
        shared = self.strings(value, "shared", "exclude")
        for name in self.strings(value, "lists", "exclude"):
            if name not in LISTS:
                self.fail("exclude", f'no list is called "{name}"', _nearest(name, LISTS))
            shapes += tuple(_names_of(public_names(name), rf"(?:[ -]{_MORE})?"))
        inside = tuple(_names_of(self.strings(value, "names", "exclude")))
        for shape in (*shapes, *inside):
            self.parsed(shape, "exclude")
        return Exclude(
            values=frozenset(map(value_key, self.strings(value, "values", "exclude"))),
            patterns=shapes,
            inside=(*inside, *(shape for name in shared for shape in self.shared_set(name))),
            near=self.near(value, "near", "exclude"),
            scopes=self.scopes(value, "scopes", "exclude"),
        )

    def allowlists(self, row: Table) -> tuple[Allowlist, ...]:
        listed = row.get("allowlists", [])
        if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
            self.fail("allowlists", "allowlists are written as [[allowlists]] tables")
        return tuple(self.allowlist(item, f"allowlists[{n}]") for n, item in enumerate(listed, 1))

    def allowlist(self, item: Table, at: str) -> Allowlist:
        self.known(item, _ALLOWLIST_KEYS, at)
        self.string(item, "description", at)
        shapes, paths = (self.strings(item, key, at) for key in ("patterns", "paths"))
        for shape in (*shapes, *paths):
            self.parsed(shape, "allowlists")
        found = Allowlist(
            every=self.choice(item, "condition", ("or", "and"), "or", at) == "and",
            patterns=shapes,
            target=cast(Target, self.choice(item, "target", _TARGETS, "hit", at)),
            stopwords=self.strings(item, "stopwords", at),
            paths=paths,
            commits=tuple(commit.lower() for commit in self.strings(item, "commits", at)),
        )
        if not (found.patterns or found.stopwords or found.paths or found.commits):
            self.fail("allowlists", f'"{at}" allows nothing',
                      "give patterns, stopwords, paths or commits")  # fmt: skip
        if "target" in item and not found.patterns:
            self.fail("allowlists", f'"{at}.target" is for patterns', "remove it")
        return found

    def shared_set(self, name: str) -> tuple[str, ...]:
        if self.shared is None:
            self.shared = shared_exclusions()
        if name not in self.shared:
            self.fail("exclude", f'no shared exclusions are called "{name}"',
                      _nearest(name, self.shared))  # fmt: skip
        for shape in self.shared[name]:
            self.parsed(shape, "exclude")
        return self.shared[name]

    def count(self, row: Table) -> Count | None:
        if "count" not in row:
            return None
        value = self.table(row, "count", "")
        self.known(value, _COUNT_KEYS, "count")
        escalate = self.whole(value, "escalate", "count")
        to = cast(Severity, self.level(value, "to", Severity, "count")) if "to" in value else None
        if (escalate is None) != (to is None):
            self.fail("count", '"count.escalate" and "count.to" belong together', "give both")
        at_least = self.whole(value, "at_least", "count") or 1
        if max(at_least, escalate or 0) > NEAR_CAP:
            self.fail("count", f"counts go up to {NEAR_CAP}")
        return Count(at_least, escalate, to)

    def requires(self, row: Table, key: str, pack: str) -> Requires | None:
        if key not in row:
            return None
        value = self.table(row, key, "")
        self.known(value, _REQUIRES_KEYS, key)
        some, every, none = (
            tuple(i if "/" in i else f"{pack}/{i}" for i in self.strings(value, group, key))
            for group in ("any", "all", "none")
        )
        if not (some or every or (none and key != "of")):
            self.fail(key, f'"{key}" names no rules', "add any = [...] or all = [...]")
        same = self.choice(value, "same", ("", *_REACHES), "", key) or None
        ways = [same is not None, "within" in value, "lines" in value or "columns" in value]
        if sum(ways) != 1:
            self.fail(key, f'"{key}" needs one of "within", "same" and "lines"')
        rows, columns = (
            self.bounded(value, side, 0, key) if side in value else None
            for side in ("lines", "columns")
        )
        within = self.bounded(value, "within", 0, key) if "within" in value else None
        return Requires(some, every, none, within, cast("Reach | None", same), rows, columns)

    def refuse_spelt_terms(self, pack: Pack) -> None:
        """Ids, titles and advice travel into reports: they must not spell what they protect."""
        shown = [(-1, "name", pack.name), (-1, "title", pack.title), (-1, "owner", pack.owner)]
        for index, rule in enumerate(pack.rules):
            shown += [(index, "id", rule.id)]
            shown += [(index, key, getattr(rule, key)) for key in _RULE_TEXTS]
            shown += [(index, "references", text) for text in rule.references]
            # Owners and advice are the same for many entries: each text is looked at once.
            told = {text for e in rule.entries for text in (e.owner, e.instead, e.replacement)}
            shown += [(index, "terms", text) for text in sorted(told)]
        shown = [row for row in shown if row[2]]
        spelt = spells(pack.rules, [text for *_, text in shown])
        if spelt:
            at, entry = spelt
            index, key, _ = shown[at]
            self.rule_index = index
            self.rule_id = pack.rules[index].id.partition("/")[2] if index >= 0 else ""
            if key == "id":
                self.rule_id = "…"
            self.fail(
                key,
                f'"{key}" spells term number {entry.id} of this pack',
                "reports show it: say it without the name",
                quiet=key in ("id", "name"),
            )

    # values ─────────────────────────────────────────────────────────────────────────────────────

    def known(self, table: Table, keys: Iterable[str], path: str) -> None:
        for key in table:
            if key not in keys:
                hint = _nearest(key, keys)
                dotted = f"{path}.{key}".strip(".")
                # Who takes a term for a key must not read it in a log.
                may_be_name = "terms[" in path or not _SNAKE.fullmatch(key)
                if may_be_name and not hint.startswith(_MEANT):
                    dotted = f"{path}.…".strip(".")
                self.fail(key, f'unknown key "{dotted}"', hint)

    def table(self, row: Table, key: str, path: str) -> Table:
        value = row.get(key)
        if not isinstance(value, dict):
            dotted = f"{path}.{key}".strip(".")
            self.fail(key, f'"{dotted}" is missing' if value is None else f'"{dotted}" is a table')
        return value

    def string(self, row: Table, key: str, path: str = "", *, required: bool = False) -> str:
        value = row.get(key, "")
        if not isinstance(value, str):
            self.fail(key, f'"{f"{path}.{key}".strip(".")}" is a text')
        if required and not value.strip():
            self.fail(key, f'"{f"{path}.{key}".strip(".")}" is missing')
        return value

    def word(self, row: Table, key: str, path: str) -> str:
        value = self.string(row, key, path, required=True)
        if not _KEBAB.fullmatch(value):
            self.fail(
                key, f'"{f"{path}.{key}".strip(".")}" is written in kebab-case, like "us-mbi"'
            )
        return value

    def strings(self, row: Table, key: str, path: str = "") -> tuple[str, ...]:
        value = row.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
            self.fail(key, f'"{f"{path}.{key}".strip(".")}" is a list of texts')
        return tuple(value)

    def samples(self, row: Table) -> frozenset[str]:
        """The keys of published values; one of a range ends with `*`."""
        found = set()
        for text in self.strings(row, "samples"):
            key = value_key(text)
            if text.endswith("*"):
                if len(key) < SAMPLE_RANGE:
                    self.fail(
                        "samples",
                        f"a range of samples begins with at least {SAMPLE_RANGE} letters or digits",
                        "write more of what they all begin with, or list the values",
                    )
                key += "*"
            found.add(key)
        return frozenset(found)

    def whole(self, row: Table, key: str, path: str) -> int | None:
        value = row.get(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            self.fail(key, f'"{f"{path}.{key}".strip(".")}" is a whole number from 1')
        return value

    def bounded(self, row: Table, key: str, usual: int, path: str) -> int:
        value = row.get(key, usual)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= NEAR_CAP:
            self.fail(key, f'"{path}.{key}" is a whole number from 0 to {NEAR_CAP}')
        return value

    def bits(self, row: Table) -> float:
        value = row.get("entropy", 0.0)
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 8:
            self.fail("entropy", '"entropy" is a number of bits per character, from 0 to 8')
        return float(value)

    def flag(self, row: Table, key: str, path: str = "") -> bool | None:
        value = row.get(key)
        if value is not None and not isinstance(value, bool):
            self.fail(key, f'"{f"{path}.{key}".strip(".")}" is true or false')
        return value

    def choice(self, row: Table, key: str, among: Sequence[str], usual: str, path: str = "") -> str:
        value = row.get(key, usual)
        if not isinstance(value, str) or value not in among or (key in row and not value):
            dotted = f"{path}.{key}".strip(".")
            shown = ", ".join(filter(None, among))
            self.fail(key, f'"{dotted}" is one of {shown}',
                      _nearest(value, among) if isinstance(value, str) else "")  # fmt: skip
        return value

    def level(
        self, row: Table, key: str, kind: type[Severity] | type[Confidence], path: str = ""
    ) -> Severity | Confidence:
        names = [str(level) for level in kind]
        if key not in row:
            self.fail(
                key, f'"{f"{path}.{key}".strip(".")}" is missing', "one of " + ", ".join(names)
            )
        return kind[self.choice(row, key, names, "", path).upper()]

    def scopes(self, row: Table, key: str, path: str = "") -> frozenset[str]:
        values = self.strings(row, key, path)
        for value in values:
            if value not in SCOPES:
                named = value if _KEBAB.fullmatch(value) else "…"
                self.fail(key, f'unknown scope "{named}"', _nearest(value, SCOPES))
        return frozenset(values)

    def pattern(self, row: Table, key: str) -> str:
        value = self.string(row, key, required=key in row)
        if value:
            self.parsed(value, key)
        return value

    def parsed(self, pattern: str, key: str) -> None:
        try:
            self.read[pattern] = self.before.get(pattern) or patterns.parse(pattern)
        except PatternError as error:
            shown = pattern if len(pattern) <= 70 else pattern[: max(70, error.at + 5)]
            self.fail(key, f"{error.message}\n  {shown}\n  {' ' * error.at}^", error.hint)

    def day(self, row: Table, key: str, path: str = "") -> date | None:
        value = row.get(key)
        if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
            self.fail(key, f'"{f"{path}.{key}".strip(".")}" is a date, like 2026-12-31, unquoted')
        return value

    def moment(self, row: Table, key: str, path: str = "") -> date | datetime | None:
        value = row.get(key)
        if value is not None and not isinstance(value, date):
            dotted = f"{path}.{key}".strip(".")
            self.fail(key, f'"{dotted}" is a date or a date-time, unquoted')
        return value

    def days(self, head: Table) -> int | None:
        value = self.string(head, "review_every", "pack")
        if not value:
            return None
        match = _DAYS.fullmatch(value)
        if not match:
            self.fail("review_every", '"pack.review_every" is written like "180 days"')
        return int(match[1])

    # pointing ───────────────────────────────────────────────────────────────────────────────────

    def fail(self, key: str, message: str, hint: str = "", *, quiet: bool = False) -> NoReturn:
        line = self.line(key)
        rule = f'[[rule]] "{self.rule_id}": ' if self.rule_id and not quiet else ""
        if not rule and self.rule_index >= 0:
            rule = f"[[rule]] number {self.rule_index + 1}: "
        raise PackError(f"{self.where}:{line}: {rule}{message}", hint=hint)

    def line(self, key: str) -> int:
        """The line of `key` in the rule at hand, or of the rule, or of the pack's head."""
        starts = [match.start() for match in _HEAD.finditer(self.text)]
        begin, end = 0, starts[0] if starts and self.rule_index >= 0 else len(self.text)
        if 0 <= self.rule_index < len(starts):
            begin = starts[self.rule_index]
            end = (
                starts[self.rule_index + 1] if self.rule_index + 1 < len(starts) else len(self.text)
            )
        block = self.text[begin:end]
        import re

        name = re.escape(key)
        shapes = rf"^\s*{name}\s*=|[{{,]\s*{name}\s*=|^\s*\[+{name}\b"
        match = key and re.search(shapes, block, re.M)
        found = match.start() + len(match[0]) - len(match[0].lstrip()) if match else 0
        skipped = len(block) - len(block.lstrip()) if not match else 0
        return self.text.count("\n", 0, begin + found + skipped) + 1


_USUAL: Final[Mapping[str, Confidence]] = {
    "bare": Confidence.NONE,
    "checked": Confidence.LOW,
    "near": Confidence.MEDIUM,
    "full": Confidence.HIGH,
}
_UNREACHABLE: Final[Mapping[str, str]] = {
    "bare": "a rule without pattern or terms has no bare hit",
    "checked": "the rule has no check",
    "near": "the rule has no near",
    "full": "it takes near, and a check, strong words or at_least above 1",
}


def _cells(row: Table, near: Near | None, check: str) -> list[str]:
    if "of" in row:
        return ["full"]
    if near is None:
        return ["bare", "checked"] if check else ["bare"]
    if check:
        return ["bare", "checked", "near", "full"]
    return ["bare", "near", "full"] if near.strong or near.at_least > 1 else ["bare", "near"]


def shared_exclusions() -> Mapping[str, tuple[str, ...]]:
    """The sets of `rules/data/exclusions.toml`: set name to patterns."""
    import tomli

    with open(os.path.join(rules_folder(), "data", "exclusions.toml"), "rb") as file:
        data = tomli.load(file)
    shapes = {row["id"]: row["pattern"] for row in data["exclusion"]}
    return {name: tuple(shapes[i] for i in ids) for name, ids in data["set"].items()}


def public_names(name: str) -> list[str]:
    """The names in `rules/data/NAME.toml`, longer ones first."""
    import tomli

    with open(os.path.join(rules_folder(), "data", f"{name}.toml"), "rb") as file:
        rows = tomli.load(file)["from"]
    return sorted({name for row in rows for name in row["names"]}, key=lambda n: (-len(n), n))


def _names_of(names: Sequence[str], more: str = "") -> Iterator[str]:
    """Patterns for names in any case, their words joined as a loose term's may be."""
    import re

    spelt = [r"[-_./ ]{0,3}".join(map(re.escape, re.split(r"[-_./\s]+", name))) for name in names]
    for at in range(0, len(spelt), _AT_ONCE):
        one = "|".join(word.replace(r"\ ", " ") for word in spelt[at : at + _AT_ONCE])
        yield rf"(?i)(?<![\p{{L}}\p{{N}}])(?:{one}){more}(?![\p{{L}}\p{{N}}])"


def _without_text(error: Exception) -> str:
    """tomli quotes characters of the file; keep the place and the kind of mistake only."""
    found = _COMPLAINT.search(str(error))
    said = _QUOTED.sub("…", found[1]) if found else "damaged"
    at = f" (line {found[2]}, column {found[3]})" if found and found[2] else ""
    return said + at
