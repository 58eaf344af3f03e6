"""The report for people: grouped by file, words as well as colours, no line wider than asked.

    drafts/launch.md
      line 14, column 9
        … the scheduler in ████████ halves the cost …
        high  acme/t17  unreleased project name (blocks, high confidence)
        why   under embargo until 2027-02-01 (owner: brand-legal)
        do    write "the next scheduler"

Entries are numbered, never spelled. What was suppressed is counted in the summary and not shown.
"""

from __future__ import annotations

from leakguard.light import (
    TYPE_CHECKING,
    Callable,
    Hashable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
    TextIO,
    expression,
    unicodedata,
)
from leakguard.model import (
    Action,
    Advice,
    Contact,
    Finding,
    Place,
    Screening,
    Severity,
    Unread,
    Verdict,
)
from leakguard.records import dataclass

if TYPE_CHECKING:
    import re


NARROWEST = 24
IN_A_COMMIT = (
    "It stays in this commit until that is rewritten: git commit --amend for the last one, "
    "git rebase -i for others."
)
NAMES_IN_SUMMARY = 3
PLACES_IN_ENTRY = 12

VERBS: Mapping[Action, str] = {"block": "blocks", "warn": "warns", "info": "info"}
COLORS: Mapping[Action, str] = {"block": "31", "warn": "33", "info": "36"}
BOLD, DIM, RED, YELLOW = "1", "2", "31", "33"

WORDS = expression(r"\S+\s*")
PATH_PIECES = expression(r"[^/ ]+[/ ]*|[/ ]+")
SPELLED = {"…": "...", "·": "-", "█": "*", "\u2013": "-", "\u2014": "-"}
QUOTES = {"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'"}
# These two join letters in Persian, in Indian scripts and in emoji, and take no room on the line.
JOINERS = "\u200c\u200d"
ASCII = str.maketrans({**SPELLED, **QUOTES, **dict.fromkeys(JOINERS, "")})


def render(
    run: Screening,
    *,
    out: TextIO,
    width: int = 80,
    color: bool = False,
    ascii: bool = False,
) -> None:
    """Write the findings and what was not screened; nothing when there is neither."""
    blocks = [*_files(run), *_not_screened(run), *_notes(run), *_whom_to_ask(run)]
    for number, block in enumerate(blocks):
        if number:
            out.write("\n")
        for line in block:
            for row in _rows(line, max(width, NARROWEST), color=color, ascii=ascii):
                out.write(row + "\n")


def summary(run: Screening, seconds: float | None = None, *, ascii: bool = False) -> str:
    """The one line that every run ends with, on standard error, whatever the format.

    >>> summary(Screening(), 0.1)
    '0 findings in 0 documents, 0 rules, 0.1 s'
    """
    shown = [verdict for verdict in run.verdicts if verdict.action != "allow"]
    blocking = sum(verdict.action == "block" for verdict in shown)
    documents = counted(run.counts.documents, "document")
    hit = len({verdict.document for verdict in shown})
    facts = [
        counted(len(shown), "finding")
        + (f" ({blocking or 'none'} block)" if shown else "")
        # Hits in binary files can outnumber the documents, which are texts.
        + (f" in {hit} of {documents}" if 0 < hit <= run.counts.documents else f" in {documents}"),
        counted(run.rules, "rule"),
    ]
    if seconds is not None:
        facts.append(f"{seconds:.1f} s" if seconds >= 0.1 else f"{seconds:.2f} s")
    return tidy(" · ".join([", ".join(facts), *_remarks(run)]), ascii=ascii)


def not_applied(run: Screening, *, ascii: bool = False) -> str:
    """The loud line: sealed lists that were not applied, on standard error, whatever the format.

    >>> from leakguard.model import Skipped
    >>> skipped = Skipped("acme", "acme.sealed", "there is no key here", 17, "legal@example.com")
    >>> not_applied(Screening(sealed_skipped=(skipped,)))
    'NOT APPLIED: acme.sealed (17 terms, sealed): there is no key here; ask legal@example.com'
    """
    lists = [
        f"{skipped.path} ({counted(skipped.entries, 'term')}, sealed): {skipped.reason}"
        + (f"; ask {skipped.owner}" if skipped.owner else "")
        for skipped in run.sealed_skipped
    ]
    return tidy("NOT APPLIED: " + " · ".join(lists), ascii=ascii)


def needs_ascii(encoding: str | None) -> bool:
    """Whether a stream of this encoding lacks the signs that a report is drawn with.

    >>> needs_ascii("utf-8"), needs_ascii("cp1252"), needs_ascii(None)
    (False, True, True)
    """
    try:
        "…·█".encode(encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return True
    return False


# ── what is said ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Line:
    """A line before it is wrapped. What does not fit goes below its text, `hang` further in."""

    indent: int
    text: str
    lead: str = ""
    lead_sgr: str = ""
    text_sgr: str = ""
    hang: int = 0
    pieces: re.Pattern[str] = WORDS


def _files(run: Screening) -> Iterator[list[_Line]]:
    """A block for each file with findings: its name, then its entries."""
    shown = [verdict for verdict in run.verdicts if verdict.action != "allow"]
    for file in _grouped(shown, lambda verdict: verdict.origin):
        block = [_header(_name(file[0]))]
        for equal in _grouped(file, _likeness):
            block.extend(_entry(equal, run.options))
        yield block


def _grouped(
    verdicts: Iterable[Verdict], key: Callable[[Verdict], Hashable]
) -> Iterable[list[Verdict]]:
    groups: dict[Hashable, list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault(key(verdict), []).append(verdict)
    return groups.values()


def _likeness(verdict: Verdict) -> Hashable:
    """What findings of one file have in common that are told once."""
    finding = verdict.finding
    return (
        finding.rule,
        finding.entry,
        verdict.action,
        finding.severity,
        finding.confidence,
    )


def _header(name: str) -> _Line:
    # Build servers take a line that begins like this for a command.
    name = f"./{name}" if name.lstrip().startswith(("::", "##")) else name
    return _Line(0, name, text_sgr=BOLD, hang=4, pieces=PATH_PIECES)


def _name(verdict: Verdict) -> str:
    """The path as it may be shown, with what tells it from others that look the same."""
    commit = f" (commit {verdict.origin.commit[:12]})" if verdict.origin.commit else ""
    masked = f" (document {verdict.document})" if verdict.path_masked else ""
    return f"{verdict.path}{commit}{masked}"


def _entry(equal: list[Verdict], options: Sequence[str]) -> Iterator[_Line]:
    """One finding in full, and where the ones like it are."""
    first, *others = equal
    finding, advice = first.finding, first.advice
    yield _Line(2, place_of(first))
    if first.excerpt.strip():
        yield _Line(4, first.excerpt, text_sgr=DIM)
    answer = f"({VERBS.get(first.action, first.action)}, {finding.confidence} confidence)"
    yield _Line(
        4,
        f"{named(finding)}  {advice.title} {answer}",
        lead=f"{finding.severity!s:<4}  ",
        lead_sgr=COLORS.get(first.action, ""),
    )
    if first.action == "block" and first.origin.commit:
        yield _Line(4, IN_A_COMMIT, lead="note  ")
    if first.action != "block" and (first.reason or finding.sample):
        yield _Line(4, first.reason or "published test value", lead="note  ")
    if why := reason_for(advice):
        yield _Line(4, why, lead="why   ")
    if advice.instead:
        yield _Line(4, advice.instead, lead="do    ")
    if _may_be_allowed(first):
        words = " ".join(("leakguard allow", first.fingerprint, *options))
        yield _Line(4, f'{words} --reason "..."', lead="skip  ")
    if others:
        yield _Line(4, f"and {len(others):,} more: {_places(others)}")


def _may_be_allowed(verdict: Verdict) -> bool:
    """Whether a note can let a finding pass: critical terms, as a rule, it cannot.

    Nor what is in no file: a message is written otherwise, a branch gets another name.
    """
    critical = verdict.finding.entry is not None and verdict.finding.severity is Severity.CRITICAL
    in_a_file = verdict.origin.kind in ("file", "stage", "commit")
    return verdict.action == "block" and bool(verdict.fingerprint) and in_a_file and not critical


def named(finding: Finding) -> str:
    """The rule, or the pack and the number of the entry: never the entry.

    >>> from leakguard.model import Confidence, Severity, Span
    >>> hit = (Span(0, 1), Place(), Confidence.HIGH, "term", Severity.HIGH)
    >>> named(Finding("acme/unreleased", *hit)), named(Finding("acme/unreleased", *hit, entry=17))
    ('acme/unreleased', 'acme/t17')
    """
    if finding.entry is None:
        return finding.rule
    return f"{finding.rule.partition('/')[0]}/t{finding.entry}"


def reason_for(advice: Advice) -> str:
    """The reason to give the writer, until when it holds, and whom to ask.

    >>> reason_for(Advice(until="2027-02-01", owner="brand-legal"))
    'under embargo until 2027-02-01 (owner: brand-legal)'
    """
    embargo = f"under embargo until {advice.until}" if advice.until else ""
    owner = f"owner: {advice.owner}" if advice.owner else ""
    said = [text for text in (advice.why, embargo, owner) if text]
    return said[0] + (f" ({'; '.join(said[1:])})" if said[1:] else "") if said else ""


def place_of(verdict: Verdict) -> str:
    """A place in words, from the large to the small."""
    place = verdict.finding.place
    if place.kind == "path":
        return "branch or tag name" if verdict.origin.kind == "ref" else "file name"
    steps = [place.part, _part(place), _position(place)]
    return ", ".join(step for step in steps if step) or place.kind


def _part(place: Place) -> str:
    """What a container calls the place.

    >>> _part(Place("paragraph", label="under Roadmap", index=14)), _part(Place("cell", label="B7"))
    ('paragraph 14 (under Roadmap)', 'cell B7')
    """
    if place.index is not None:
        return f"{place.kind} {place.index}" + (f" ({place.label})" if place.label else "")
    if place.kind == "text":
        return place.label
    return f"{place.kind} {place.label}" if place.label else ""


def _position(place: Place) -> str:
    if place.line is not None:
        column = "" if place.column is None else f", column {place.column}"
        return f"line {place.line}{column}"
    return "" if place.byte_start is None else f"byte {place.byte_start}"


def _places(verdicts: list[Verdict]) -> str:
    """Where the others are: lines as one list, other places one by one, each once."""
    lines: dict[int, None] = {}
    others: dict[str, None] = {}
    for verdict in verdicts:
        place = verdict.finding.place
        if place.kind == "text" and place.line is not None and not place.part:
            lines[place.line] = None
        else:
            others[place_of(verdict)] = None
    first = list(lines)[:PLACES_IN_ENTRY]
    cut = ", …" if len(lines) > len(first) else ""
    in_lines = f"line{'s' if len(lines) > 1 else ''} {', '.join(map(str, first))}{cut}"
    phrases = [*([in_lines] if lines else []), *others]
    more = "; …" if len(phrases) > PLACES_IN_ENTRY else ""
    return "; ".join(phrases[:PLACES_IN_ENTRY]) + more


def _not_screened(run: Screening) -> Iterator[list[_Line]]:
    """A block for each file that was not read, and for each opaque one where that is a failure."""
    reasons: dict[str, list[str]] = {}
    for unread in sorted(run.unread, key=lambda unread: (unread.path, unread.reason)):
        name = unread.path + (" (name masked)" if unread.path_masked else "")
        reasons.setdefault(name, []).append(_reason(unread))
    if run.policy.opaque == "fail":
        for path in sorted(run.opaque):
            reasons.setdefault(path, []).append("binary content, only searched for terms")
    sgr = RED if run.policy.unread == "fail" else YELLOW
    for name, said in reasons.items():
        lines = [_Line(2, reason, lead="not screened: ", lead_sgr=sgr) for reason in said]
        yield [_header(name), *lines]


def _notes(run: Screening) -> Iterator[list[_Line]]:
    """What of the policy itself somebody should look at."""
    if run.notes:
        lines = [
            _Line(
                2, note.text, lead=f"{note.path}:{note.line}: " if note.line else f"{note.path}: "
            )
            for note in run.notes
        ]
        yield [_header("Comments and baseline to look at"), *lines]


def _whom_to_ask(run: Screening) -> Iterator[list[_Line]]:
    """Whose policy it is and what happens next, in two lines, where something blocks."""
    blocking = [v.finding.severity for v in run.verdicts if v.action == "block"]
    contact = run.contact
    if not blocking or contact == Contact():
        return
    days = dict(contact.respond).get(max(blocking))
    reply = f"an answer within {counted(days, 'day')}" if days is not None else ""
    who = [f"policy of {contact.owner}" if contact.owner else "", contact.contact]
    how = [f"report: {contact.report}" if contact.report else "", reply]
    then = [contact.next, contact.handbook]
    told = (" · ".join(part for part in said if part) for said in ((*who, *how), then))
    yield [_Line(0, text, hang=2) for text in told if text]


def _reason(unread: Unread) -> str:
    return unread.reason + (f" ({unread.detail})" if unread.detail else "")


def _remarks(run: Screening) -> Iterator[str]:
    """What the summary adds: first what was not screened, last what lets a run pass."""
    if run.unread:
        names = _some(f"{unread.path} ({unread.reason})" for unread in run.unread)
        yield f"not screened: {names}"
    counts = run.counts
    if counts.opaque or run.opaque:
        listed = run.opaque if run.policy.opaque != "skip" else ()
        opaque = f"{max(counts.opaque, len(run.opaque)):,} opaque"
        yield f"{opaque}: {_some(listed)}" if listed else opaque
    if counts.media:
        yield f"{counts.media:,} media"
    if counts.excluded:
        yield f"{counts.excluded:,} excluded"
    if suppressed := counts.known + sum(verdict.action == "allow" for verdict in run.verdicts):
        yield f"{suppressed:,} allowed"
    if run.notes:
        yield f"{counted(len(run.notes), 'comment')} to look at"
    if counts.dropped:
        yield f"{counted(counts.dropped, 'finding')} more than are listed"
    if run.ways_out:
        yield f"way out taken: {', '.join(sorted(run.ways_out))}"


def _some(names: Iterable[str]) -> str:
    listed = sorted(names)
    more = len(listed) - NAMES_IN_SUMMARY
    return ", ".join(listed[:NAMES_IN_SUMMARY]) + (f" and {more:,} more" if more > 0 else "")


def counted(number: int, noun: str) -> str:
    """So many of something.

    >>> counted(1, "place"), counted(2_000, "place")
    ('1 place', '2,000 places')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


# ── how it is laid out ───────────────────────────────────────────────────────────────────────────


def _rows(line: _Line, width: int, *, color: bool, ascii: bool) -> Iterator[str]:
    start = line.indent + len(line.lead)
    hang = start + line.hang
    pieces = line.pieces.findall(tidy(line.text, ascii=ascii))
    for number, row in enumerate(_wrapped(pieces, width - hang, extra=line.hang)):
        body = _painted(row, line.text_sgr, color=color)
        if number or not line.lead:
            yield " " * (hang if number else line.indent) + body
        else:
            word = line.lead.rstrip()
            lead = _painted(word, line.lead_sgr, color=color) + line.lead[len(word) :]
            yield (" " * line.indent + lead + body).rstrip()


def _wrapped(pieces: Iterable[str], room: int, *, extra: int) -> list[str]:
    """Rows of at most `room` columns, the first of `extra` more; cut between pieces if possible."""
    rows, used = [""], -extra
    for piece in pieces:
        needed = _columns(piece.rstrip())
        if rows[-1] and used + needed > room:
            rows, used = [*rows, ""], 0
        if used + needed <= room:
            rows[-1] += piece
            used += _columns(piece)
            continue
        for character in piece:
            if used + _width(character) > room and not character.isspace():
                rows, used = [*rows, ""], 0
            rows[-1] += character
            used += _width(character)
    return [row.rstrip() for row in rows]


def _columns(text: str) -> int:
    """How many columns of a terminal `text` takes.

    >>> _columns("abc"), _columns("日本"), _columns("e\u0301")
    (3, 4, 1)
    """
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me") or character in JOINERS:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def tidy(text: str, *, ascii: bool) -> str:
    """`text` on one line, without what moves a cursor, hides or turns text about.

    Foreign strings come here already masked and stripped; a report must hold its shape even so.
    """
    if not text.isprintable():
        text = "".join(filter(None, map(_harmless, text)))
    if ascii and not text.isascii():
        text = text.translate(ASCII).encode("ascii", "backslashreplace").decode("ascii")
    return text


def _harmless(character: str) -> str:
    if character.isspace():
        return " "
    if unicodedata.category(character) == "Cs":  # half a character: no encoding can write it
        return "\N{REPLACEMENT CHARACTER}"
    hidden = unicodedata.category(character) in ("Cc", "Cf") and character not in JOINERS
    return "" if hidden else character


def _painted(text: str, sgr: str, *, color: bool) -> str:
    return f"\x1b[{sgr}m{text}\x1b[0m" if color and sgr and text else text
