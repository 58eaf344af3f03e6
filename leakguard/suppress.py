"""Comments that let a finding pass: who reads the document later can see what, why and until when.

    leakguard: allow finance/iban until=2027-01-31 -- the specimen of our own bank
    leakguard: allow-start acme/t17 -- quoted from the public record
    leakguard: allow-end

in a comment of the file's own kind: `<!-- … -->` in prose, `# …`, `// …` and so on in code. A
comment on a line of its own speaks for the next line, another for its own line, and the pair for
all that stands between. A comment names rules (`pack/rule`) or entries (`pack/t17`), never a term.
"""

from __future__ import annotations

import sys

from leakguard.light import Callable, Final, Iterator, Mapping, Sequence, date, expression
from leakguard.model import Chunk, Document, Finding, Severity
from leakguard.records import NamedTuple

MARK: Final = "leakguard:"
_LONGEST: Final = 2000  # of a line with such a comment; what is longer is not read
_END: Final = expression(r"\r\n?|\n")
_SPOKEN: Final = expression(r"(?i)leakguard: ?(?P<verb>allow(?:-start|-end)?)\b(?P<rest>[^\r\n]*)")
_CLOSED: Final = expression(r"[ \t]*(?:-->|\*/\}?|#\}|%>|\*\))[ \t]*(?P<after>.*)$")
_RULE: Final = expression(r"[a-z0-9-]+/[a-z0-9-]+")

# How comments begin, by what a name ends in; prose has those of HTML.
_HASH: Final = (
    "py rb sh bash zsh fish yaml yml toml cfg conf ini r jl pl pm mk tf env properties nix"
)
_SLASH: Final = (
    "js jsx ts tsx mjs cjs c h cc cpp hpp cs java go rs swift kt kts scala php dart proto css scss "
    "less sass json5 jsonc groovy gradle sol zig adoc asciidoc"
)
_OPENERS: Final[Mapping[str, str]] = {
    **dict.fromkeys(_HASH.split(), r"\#+|;+"),
    **dict.fromkeys(_SLASH.split(), r"//+|/\*+|\{/\*+|\#+"),
    **dict.fromkeys("sql hs lua elm adb ads vhd vhdl".split(), r"--+|/\*+"),
    **dict.fromkeys("tex sty bib erl hrl m".split(), r"%+"),
    **dict.fromkeys("lisp el clj cljs scm asm s".split(), r";+"),
    **dict.fromkeys("bat cmd".split(), r"(?i:rem)|::"),
    **dict.fromkeys("rst rest".split(), r"\.\."),
    **dict.fromkeys("md markdown mkd txt text html htm xhtml xml svg csv".split(), "<!--+"),
    **dict.fromkeys("mdx vue svelte astro".split(), r"<!--+|\{/\*+|//+|/\*+"),
    **dict.fromkeys("jinja j2 njk twig liquid hbs".split(), r"<!--+|\{\#+"),
}
_ANY: Final = r"<!--+|\{?/\*+|\{\#+|//+|\#+|--+|;+|%+"


def may_hear(data: bytes) -> bool:
    """Whether there may be such a comment in a text that is this UTF-8."""
    return MARK.encode() in data


class Allowance(NamedTuple):
    """What one comment lets pass: `rules` on the lines `first` to `last`; `line` has the comment.

    `wrong` says why it does not hold after all. `begin` and `end` are the columns of the comment
    itself: what it spells it does not let pass.
    """

    line: int
    first: int
    last: int
    rules: tuple[str, ...]
    until: date | None = None
    reason: str = ""
    wrong: str = ""
    begin: int = 1
    end: int = sys.maxsize

    def covers(self, finding: Finding) -> bool:
        """Whether it speaks for a finding: one of its rules, on one of its lines."""
        place = finding.place
        if place.line is None:
            return False
        if place.line == self.line and self.begin <= (place.column or 1) < self.end:
            return False
        end = place.end_line or place.line
        if place.end_column == 1 and end > place.line:
            end -= 1
        return place.line <= self.last and self.first <= end and self.names(finding)

    def names(self, finding: Finding) -> bool:
        """Whether it names the rule or the entry of a finding."""
        if finding.rule in self.rules:
            return True
        pack = finding.rule.partition("/")[0]
        return finding.entry is not None and f"{pack}/t{finding.entry}" in self.rules


class Listener:
    """Reads the comments of a document while it passes by on its way to the matcher."""

    def __init__(self, document: Document, today: date) -> None:
        self._chunks = document.chunks
        self._today = today
        self._opener = expression(f"(?:^|(?<=\\s))(?:{_openers(document.origin.name)})[ \t]*$")
        self._tail = ""
        self._line = 1
        self.heard: list[Allowance] = []
        self.document = document._replace(chunks=self._passing)

    def _passing(self) -> Iterator[Chunk]:
        self._tail, self._line = "", 1
        self.heard = []
        for chunk in self._chunks():
            self._hear(chunk.text)
            yield chunk
        self._hear("", ended=True)
        self.heard = [
            a._replace(last=self._line) if a.last < 0 else a for a in self.heard
        ]  # never closed: to the end

    def _hear(self, text: str, *, ended: bool = False) -> None:
        text = self._tail + text
        if MARK not in text:
            # The beginning of a line, and of the word itself, may be in this piece.
            last = max(text.rfind("\n"), text.rfind("\r"), 0)
            last -= text[last - 1 : last + 1] == "\r\n"
            keep = 0 if ended else min(len(text) - last, _LONGEST)
            self._line += _line_ends(text[: len(text) - keep])
            self._tail = text[len(text) - keep :]
            return
        start = 0
        for end in _END.finditer(text):
            if end.end() == len(text) and end[0] == "\r" and not ended:
                break  # it may be half of a CRLF
            self._read(text[start : end.start()])
            self._line += 1
            start = end.end()
        self._tail = text[start:][-_LONGEST:]
        if ended:
            self._read(self._tail)

    def _read(self, line: str) -> None:
        at = line.find(MARK)
        if at < 0 or len(line) > _LONGEST:
            return
        opened = self._opener.search(line[:at])
        spoken = _SPOKEN.match(line, at)
        if not opened or not spoken:
            return
        verb, rest = spoken["verb"].lower(), spoken["rest"]
        closed = _CLOSED.search(rest)
        said = rest[: closed.start()] if closed else rest
        alone = not line[: opened.start()].strip() and not (closed and closed["after"].strip())
        if verb == "allow-end":
            self.heard = [a._replace(last=self._line) if a.last < 0 else a for a in self.heard]
            return
        first = self._line + 1 if alone and verb == "allow" else self._line
        last = -1 if verb == "allow-start" else first
        made = _allowance(said, self._line, first, last, self._today)
        begin = opened.start() + 1
        after = len(closed["after"]) if closed else 0
        self.heard.append(made._replace(begin=begin, end=len(line) - after + 1))


class Allowing:
    """The comments of one document put to its findings; remembers which of them were needed."""

    def __init__(self, heard: Sequence[Allowance], *, critical: bool) -> None:
        self._heard = heard
        self._critical = critical
        self._used: set[int] = set()
        self._refused: set[int] = set()

    def reason(self, finding: Finding) -> str:
        """Why a comment lets a finding pass; "" when none does."""
        for index, allowance in enumerate(self._heard):
            if allowance.wrong or not allowance.covers(finding):
                continue
            critical = finding.entry is not None and finding.severity is Severity.CRITICAL
            if critical and not self._critical:
                self._refused.add(index)
                continue
            self._used.add(index)
            until = f" until {allowance.until}" if allowance.until else ""
            return f"allowed in line {allowance.line}{until}: {allowance.reason}"
        return ""

    def wrong(self, known: Callable[[str], bool]) -> Iterator[tuple[int, str]]:
        """Line and fault of comments that do not hold, or let nothing pass.

        `known` tells rules and entries in force.
        """
        for index, allowance in enumerate(self._heard):
            strange = [rule for rule in allowance.rules if not known(rule)]
            if allowance.wrong:
                yield allowance.line, f"this allows nothing: {allowance.wrong}"
            elif strange:
                yield allowance.line, f"no such rule in force: {', '.join(strange)}"
            elif index in self._refused:
                yield (
                    allowance.line,
                    ("a critical term is not let pass by a comment (suppress_critical)"),
                )
            elif index not in self._used:
                yield allowance.line, "this allows nothing: there is no such finding (any more)"


def _allowance(said: str, line: int, first: int, last: int, today: date) -> Allowance:
    named, dashes, reason = said.partition("--")
    words = named.replace(",", " ").split()
    rules = tuple(word for word in words if _RULE.fullmatch(word))
    made = Allowance(line, first, last, rules, reason=reason.strip())
    for word in words:
        if word in rules:
            continue
        key, equals, value = word.partition("=")
        if key != "until" or not equals:
            return made._replace(wrong="it takes rule ids, until=DATE, and -- with a reason")
        try:
            made = made._replace(until=date.fromisoformat(value))
        except ValueError:
            return made._replace(wrong="until= takes a date like 2027-01-31")
    if not rules:
        return made._replace(wrong="it names no rule")
    if not dashes or not made.reason:
        return made._replace(wrong="it gives no reason; write -- and why")
    if made.until and made.until < today:
        return made._replace(wrong=f"it expired on {made.until}")
    return made


def _openers(name: str) -> str:
    base = name.rpartition("!/")[2].rpartition("/")[2].lower()
    stem, _, extension = base.rpartition(".")
    if not stem and base in ("makefile", "dockerfile", "gemfile", "rakefile"):
        extension = "sh"
    return _OPENERS.get(extension, _ANY)


def _line_ends(text: str) -> int:
    if "\r" not in text:
        return text.count("\n")
    return len(_END.findall(text))
