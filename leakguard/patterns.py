r"""Patterns: the part of regular expressions that rules may use, and what is known of each.

A pattern is read by a small parser of our own, so that every match has a known greatest length,
sees a known stretch of text around it, and mostly contains one of a few known literals. What the
parser accepts is written out again for the `regex` module with nothing left to its defaults:
`\d`, `\w`, `\s` and `\b` are ASCII, `\p{…}` is Unicode, `^` and `$` are line ends, `\A` and `\z`
those of the text.

>>> parse(r"(?i)\bmember id: \d{9}\b").literals
('member id: ',)

docs/patterns.md describes the subset for those who write rules.
"""

from __future__ import annotations

import os
import sys

from leakguard.light import TYPE_CHECKING, Any, Final, Iterable, Iterator, Sequence, lru_cache
from leakguard.records import NamedTuple

if TYPE_CHECKING:
    import regex

    from leakguard.needs import Needs

# Where case is ignored these match ASCII letters: i, s and k.
ODD: Final = "\u0130\u017f\u212a"
# What compiling a pattern made: plain data.
Program = tuple[Any, ...]


class Pattern(NamedTuple):
    r"""A pattern of the subset, and what holds for every match `[start, end)` of it.

    Nothing outside `text[start - before : start + width + after]` has a say in which match begins
    at `start`, and the match found there sees nothing outside `text[start - before : end + after]`
    but what its other branches tried.

    >>> pattern = parse(r"(?<!\w)[A-Z]{2}\d{7}(?!\w)")
    >>> pattern.width, pattern.before, pattern.after, pattern.digits
    (9, 1, 1, 7)
    """

    source: str
    written: str
    """The same for the `regex` module, with nothing left to its defaults."""
    width: int
    """Code points of the longest match."""
    least: int
    """Code points of the shortest match; never 0."""
    before: int
    r"""How far look-behind, `^`, `\A` and `\b` see before the start."""
    after: int
    r"""How far look-ahead, `$`, `\z` and `\b` see after the end."""
    literals: tuple[str, ...]
    """Every match contains at least one of these; () when nothing is known."""
    digits: int
    """At least so many characters of every match are ASCII digits."""
    ignore_case: bool
    """The literals are casefolded: look for them in casefolded text. True under `(?i)`, and where
    `[Ss]` and the like make folded literals the better ones."""
    lines: bool
    r"""The pattern names ends: `^`, `$`, `\A`, `\z`, `\n` or `\r`, in or out of a class."""
    groups: int = 0
    """How many groups `captured` may take from."""
    needs: Needs | None = None
    """By what it is looked for, if somebody has derived that."""
    lead: int = 0
    """Up to so many characters of one class lead each match: tried at every start, they are what
    takes time."""
    rest: int = 0
    """Where in `written` that begins which comes behind the lead."""


@lru_cache(maxsize=4096)
def parse(source: str) -> Pattern:
    """What can be known of `source` without running it; `PatternError` if it is not in the subset.

    >>> parse("[0-9]+")
    Traceback (most recent call last):
    leakguard.errors.PatternError: "+" has no upper bound
      hint: write one: {1,40} instead of +
    """
    from leakguard import grammar, holding, writing

    known = grammar.tree(source)
    folded, literals = holding.literals(known)
    facts: dict[str, Any] = grammar.facts(known) | writing.facts(known)
    return Pattern(source=source, literals=literals, ignore_case=folded, **facts)


def compile(pattern: Pattern | str) -> regex.Pattern[str]:
    """A pattern, or what is `written` of it, as the `regex` module runs it.

    >>> compile(parse(r"\\bÅ\\d")).search("Å1 Å2") is None
    True
    """
    import regex

    written = pattern if isinstance(pattern, str) else pattern.written
    return regex.compile(written, regex.VERSION0 | regex.UNICODE | regex.MULTILINE)


def unled(pattern: Pattern) -> Pattern:
    r"""What of a pattern comes behind its lead: nothing matches but up to `lead` before this.

    >>> unled(parse(r"\w{0,40}?(?:key|token): \d{9}")).width
    16
    """
    flag = "(?i)" * pattern.written.startswith("(?i)")
    width, written = pattern.width - pattern.lead, flag + pattern.written[pattern.rest :]
    return pattern._replace(width=width, written=written, lead=0, rest=0)


def program(compiled: regex.Pattern[str]) -> Program | None:
    """What compiling it made, so that it need not be compiled again; None where that is too much.

    It is what `regex` itself keeps when a compiled pattern is pickled: compiling takes
    milliseconds, restoring a hundredth of that.
    """
    written, flags, code, *names, offset, text, caseless, groups = compiled._pickled_data
    if any(names):
        return None
    return written, flags, bytes(code), offset, tuple(text), caseless, groups


def restored(known: Program) -> regex.Pattern[str]:
    """The compiled pattern of a program that `made_with` the same has made.

    >>> restored(program(compile(parse("a{2}")))).search("caab").span()
    (1, 3)
    """
    written, flags, code, offset, text, caseless, groups = known
    return _machine().compile(written, flags, code, {}, {}, {}, [], offset, text, caseless, groups)


def made_with() -> bytes:
    """For what machine, and by which build of `regex`, programs are made."""
    found = os.stat(_machine().__file__)
    built = f"{found.st_size} {found.st_mtime_ns}"
    return f"{sys.platform} {sys.byteorder} {sys.maxsize} {built}".encode()


@lru_cache(maxsize=1)
def _machine() -> Any:
    """The part of `regex` that runs programs: a tenth of it. Only compiling asks for the rest."""
    # What `importlib` names so, without what it imports for the rest.
    from _frozen_importlib import module_from_spec
    from _frozen_importlib_external import PathFinder

    name = "regex._regex"
    package = PathFinder.find_spec("regex")
    where = package.submodule_search_locations if package else None
    spec = PathFinder.find_spec(name, list(where)) if where else None
    if "regex" in sys.modules or spec is None or spec.loader is None:
        from regex import _regex

        return _regex
    # As the package itself would find it, should it be imported later on.
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def find(
    compiled: regex.Pattern[str],
    text: str,
    first: int,
    last: int,
    pattern: Pattern,
    *,
    timeout: float | None = None,
) -> Iterator[tuple[int, int]]:
    """The match that `regex` prefers at each start from `first` to `last`, both included.

    `text` must hold what the pattern can see: from `first - before` to `last + width + after`, or
    the document's own edges. Raises `TimeoutError` after `timeout` seconds.

    >>> pattern = parse("a{1,2}")
    >>> list(find(compile(pattern), "aaab", 1, 3, pattern))
    [(1, 3), (2, 3)]
    """
    for match in matches(compiled, text, first, last, pattern, timeout=timeout):
        yield match.span()


def matches(
    compiled: regex.Pattern[str],
    text: str,
    first: int,
    last: int,
    pattern: Pattern,
    *,
    timeout: float | None = None,
) -> Iterator[regex.Match[str]]:
    """As `find`, with all that `regex` knows of each match."""
    if last < first:
        return
    # `regex` takes `endpos` for the text's end; it lies past all that a match from `last` can see.
    end = min(len(text), last + pattern.width + pattern.after)
    for match in compiled.finditer(text, first, end, overlapped=True, timeout=timeout):
        if match.start() > last:
            return
        yield match


def first_of(ways: Sequence[Iterable[regex.Match[str]]]) -> Iterable[regex.Match[str]]:
    """Of the matches of alternatives, in their order, the one that is preferred at each start."""
    if len(ways) == 1:
        return ways[0]
    found: dict[int, regex.Match[str]] = {}
    for matches in ways:
        for match in matches:
            found.setdefault(match.start(), match)
    return [found[start] for start in sorted(found)]


def captured(match: regex.Match[str]) -> tuple[int, int]:
    """The span of the first group that matched something; the match's own if none did.

    >>> captured(compile(parse("key (?:(x)|(y))")).search("key y"))
    (4, 5)
    """
    spans: tuple[tuple[int, int], ...] = match.regs
    return next(((start, end) for start, end in spans[1:] if end > start), spans[0])
