"""The report for GitHub Actions: workflow commands, which become notes on the lines of a change.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
GitHub shows ten errors and ten warnings of a step: the worst come first, the rest is counted. No
text of a document is in them: logs are read by others.
"""

from __future__ import annotations

from leakguard.light import Final, Iterator, Mapping, TextIO
from leakguard.model import Action, Screening, Verdict
from leakguard.reports.terminal import counted, named, place_of, reason_for, tidy

LEVELS: Final[Mapping[Action, str]] = {"block": "error", "warn": "warning", "info": "notice"}
MOST: Final = 10
_IN_THE_TREE: Final = ("file", "stage", "commit")


def render(
    run: Screening,
    *,
    out: TextIO,
    width: int = 80,
    color: bool = False,
    ascii: bool = False,
) -> None:
    """Write `run` as workflow commands. GitHub wraps and colours them: these change nothing."""
    for action, level in LEVELS.items():
        commands = [_found(level, verdict, ascii=ascii) for verdict in _worst(run, action)]
        if action == "block":
            commands = [*_not_screened(run, ascii=ascii), *commands]
        for command in commands[:MOST]:
            out.write(command + "\n")
        if len(commands) > MOST:
            out.write(f"{counted(len(commands) - MOST, level)} more, not shown here\n")


def _worst(run: Screening, action: Action) -> list[Verdict]:
    found = [verdict for verdict in run.verdicts if verdict.action == action]
    return sorted(found, key=lambda verdict: -verdict.finding.severity)


def _found(level: str, verdict: Verdict, *, ascii: bool) -> str:
    finding, advice, place = verdict.finding, verdict.advice, verdict.finding.place
    there = verdict.origin.kind in _IN_THE_TREE and not verdict.path_masked
    properties = {"file": verdict.path} if there else {}
    if there and place.line is not None:
        numbers = {"line": place.line, "endLine": place.end_line}
        if place.line == place.end_line:  # GitHub takes columns within one line only
            numbers |= {"col": place.column, "endColumn": place.end_column}
        properties |= {key: str(number) for key, number in numbers.items() if number is not None}
    properties["title"] = f"{named(finding)} {advice.title}"
    surely = f"{finding.severity}, {finding.confidence} confidence"
    where = "" if there and place.line is not None else f"{verdict.path}, {place_of(verdict)}: "
    lines = [f"{where}{surely}", reason_for(advice), advice.instead]
    return _command(level, properties, "\n".join(filter(None, lines)), ascii=ascii)


def _not_screened(run: Screening, *, ascii: bool) -> Iterator[str]:
    for unread in run.unread:
        properties = {} if unread.path_masked else {"file": unread.path}
        properties["title"] = "not screened"
        detail = f" ({unread.detail})" if unread.detail else ""
        fails = run.policy.unread == "fail" if unread.fails is None else unread.fails
        level = "error" if fails else "warning"
        yield _command(level, properties, f"{unread.path}: {unread.reason}{detail}", ascii=ascii)


def _command(level: str, properties: Mapping[str, str], text: str, *, ascii: bool) -> str:
    r"""One command, in which nothing can begin another.

    >>> _command("error", {"file": "a:b,c.md"}, "100 %\n::x", ascii=False)
    '::error file=a%3Ab%2Cc.md::100 %25%0A::x'
    """
    said = ",".join(
        f"{key}={_escaped(tidy(value, ascii=ascii)).replace(':', '%3A').replace(',', '%2C')}"
        for key, value in properties.items()
    )
    lines = (_escaped(tidy(line, ascii=ascii)) for line in text.split("\n"))
    return f"::{level} {said}::{'%0A'.join(lines)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
