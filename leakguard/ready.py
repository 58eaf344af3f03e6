"""Rules made ready: what the matcher must know of each before it meets a text, and no more.

That is plain data, worked out from a rule and its pattern alone. Packs without private terms keep
it, so that a run which finds nothing need not so much as build its rules.
"""

from __future__ import annotations

import marshal

from leakguard import context, needs, pieces, terms, views
from leakguard.light import Callable, Final, Iterable, Literal, Mapping, date, datetime
from leakguard.model import Confidence, Requires, Rule
from leakguard.needs import Needs
from leakguard.patterns import Pattern
from leakguard.pieces import Data, Pieces, Table
from leakguard.records import NamedTuple

Parse = Callable[[str], Pattern]
How = Literal["", "literal", "near", "column", "swept"]

_BRANCHES: Final = 10  # bits for the number of an alternative
INSIDE_REACH: Final = 300  # how far before a hit that begins which it may be inside of


class Ready(NamedTuple):
    """A rule before any text.

    `how` its pattern is looked for: by its keys ("literal"), by its context words because alone it
    says nothing ("near"; "column": only a table's heading can say it), everywhere ("swept"), or ""
    for a rule without one. `keyed`: it has keys, even where words are rarer. `spelt` are pieces of
    its context words as bytes: few rules are asked for them. `sight` is how far it and its context
    can be seen, each: the larger one of context counts.
    """

    id: str
    how: How = ""
    keyed: bool = False
    spelt: bytes = marshal.dumps(())
    keywords: tuple[str, ...] = ()
    sight: tuple[int, int] = (0, 0)
    strict: bool = False
    has_terms: bool = False
    has_path: bool = False
    scoped: bool = False
    silent: bool = False  # a hit without context words is no finding
    heeds: bool = False  # what stands over the cells of a table may say something to it
    document: bool = False  # its context words may stand anywhere in the document
    yields: bool = False
    weighs: bool = False  # it looks for sentences, by what their words weigh
    embargo_until: str = ""
    members: tuple[str, ...] = ()  # of a composite
    links: tuple[tuple[tuple[str, ...], str], ...] = ()  # rules that it asks about, and within what

    @property
    def words(self) -> tuple[str, ...]:
        """Pieces of context words."""
        words: tuple[str, ...] = marshal.loads(self.spelt)
        return words

    def looked_for(self, *, member: bool) -> How:
        """How, where another rule may ask about hits that say nothing alone."""
        if member and self.how in ("near", "column"):
            return "literal" if self.keyed else "swept"
        return self.how


def of(rule: Rule, parse: Parse) -> Ready:
    """A rule made ready. Where its pattern's needs are known, they say what to look for."""
    pattern = parse(rule.pattern) if rule.pattern else None
    near = rule.near
    document = near is not None and near.same == "document"
    silent = near is not None and not document and _silent(rule)
    words = tuple(sorted(context.compile_words(near).keys)) if near else ()
    how, keyed = _nominated(rule, pattern, words if silent else ())
    return Ready(
        id=rule.id,
        how=how,
        keyed=keyed,
        spelt=marshal.dumps(words if document or silent else ()),
        keywords=_keywords(rule, pattern),
        sight=_sight(rule, pattern, parse),
        strict=rule.profile == "strict",
        has_terms=bool(rule.entries),
        has_path=bool(rule.path),
        scoped=bool(rule.scopes or (rule.exclude and rule.exclude.scopes)),
        silent=silent,
        heeds=near is not None or bool(rule.exclude and rule.exclude.near),
        document=document,
        yields=rule.yields,
        weighs=bool(rule.weights),
        embargo_until=rule.embargo_until.isoformat() if rule.embargo_until else "",
        members=_linked(rule.of) if rule.of else (),
        links=tuple((_linked(link), link.same or "") for link in (rule.of, rule.requires) if link),
    )


def table(needs: Iterable[Needs | None]) -> Data:
    """What leads to the alternatives of rules' patterns, from what each rule's pattern needs."""
    return pieces.table(
        (index << _BRANCHES | number, branch.lead)
        for index, known in enumerate(needs)
        for number, branch in enumerate(known.branches if known else ())
    )


def met(table: Table, seen: Pieces) -> Mapping[int, list[int]]:
    """By the index of a rule, the numbers of alternatives that may stand in a text, in order."""
    found: dict[int, list[int]] = {}
    for number in sorted(table.met(seen)):
        index = number >> _BRANCHES
        if index in found:
            found[index].append(number & (1 << _BRANCHES) - 1)
        else:
            found[index] = [number & (1 << _BRANCHES) - 1]
    return found


def moment(text: str) -> date | datetime | None:
    """A date or date-time as `Ready` has it."""
    if not text:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _linked(link: Requires) -> tuple[str, ...]:
    return (*link.all, *link.any, *link.none)


def _silent(rule: Rule) -> bool:
    """Whether a hit without context words is no finding."""
    alone = max(rule.confidence.get("bare", 0), rule.confidence.get("checked", 0))
    return alone == Confidence.NONE


def _nominated(rule: Rule, pattern: Pattern | None, words: tuple[str, ...]) -> tuple[How, bool]:
    """How a pattern is looked for, and whether it has keys.

    `words` are those without which it says nothing.
    """
    if pattern is None:
        return "", False
    known = pattern.needs
    keyed = bool(needs.of_pattern(pattern).keys)
    rarer = False
    if known and known.keys and words:
        from leakguard import symbols

        # Context words may be rarer than what the pattern holds.
        rarer = symbols.share_of(words) < needs.share_of(known)
    if keyed and not rarer:
        return "literal", True
    if not words:
        return "swept", False
    near = rule.near
    alone = near is not None and near.same is None and near.before == near.after == 0
    return "column" if alone else "near", keyed


def _keywords(rule: Rule, pattern: Pattern | None) -> tuple[str, ...]:
    """The rule's keywords, folded; none when every match holds one anyway."""
    keys = tuple(dict.fromkeys(map(views.fold, rule.keywords)))
    literals = [views.fold(literal) for literal in pattern.literals] if pattern else []
    implied = literals and all(any(key in literal for key in keys) for literal in literals)
    return () if implied else keys


def _sight(rule: Rule, pattern: Pattern | None, parse: Parse) -> tuple[int, int]:
    """How far round a candidate's start and end what decides about it can stand."""
    width, reach = terms.widest(rule.entries), 4
    if pattern is not None:
        width, reach = max(width, pattern.width), max(pattern.before, pattern.after)
    if rule.weights:
        from leakguard import weights  # and what takes them apart: a run has all that made ready

        width = 3 * weights.REACH
    asks = [context.reach_of(rule.near)]
    if rule.exclude:
        asks.append(context.reach_of(rule.exclude.near))
        if rule.exclude.inside:
            asks.append(INSIDE_REACH + max(parse(shape).width for shape in rule.exclude.inside))
    if any(allowlist.target == "line" for allowlist in rule.allowlists):
        asks.append(context.LINE_REACH)
    return width + reach + 2 + 2 * views.LOCAL, max(asks)
