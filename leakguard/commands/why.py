"""`leakguard why`: how a text on standard input came to its findings, step by step."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import click

from leakguard import readers, scan
from leakguard.checking import Asked, ask_for_text, guard_for
from leakguard.ci import in_ci
from leakguard.commands import Command, pack_options, write
from leakguard.errors import UsageError
from leakguard.matcher import Considered, Matcher
from leakguard.model import Policy, Screening, Verdict
from leakguard.packs import Pack
from leakguard.plans import lifted
from leakguard.reports.terminal import needs_ascii, not_applied

LIMIT: Final = 1 << 20  # bytes: it is for a sentence, not for a file
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
VIEWS: Final = {
    "lines": "as it stands, line ends too",
    "plain": "as it is read: dashes, spaces, entities, wraps",
    "name": "folded: case, marks, width, look-alike letters",
    "decoded": "with percent-encoding and escapes decoded",
    "unmarked": "with markup taken off",
    "attributes": "with markup in a tag's attributes taken off",
    "spaced": "with letters that stand apart joined",
    "leet": "with digits and signs as letters",
    "leet-l": "with digits and signs as letters",
    **dict.fromkeys(("base64", "base64-1", "base64-2", "base64-3"), "what base64 says"),
    **dict.fromkeys(("hex", "hex-1"), "what hexadecimal bytes say"),
    **dict.fromkeys(("base64-alone", "base64-beyond"), "what a token of base64 says"),
    **dict.fromkeys(("hex-alone", "hex-beyond"), "what a token of hexadecimal says"),
}


@click.command("why", cls=Command)
@click.argument("text", default="-", metavar="-")
@pack_options
@click.option(
    "--profile", type=click.Choice(["standard", "strict"]),
    help="strict adds rules that need a second look more often. [default: standard]",
)  # fmt: skip
@click.option(
    "--stdin-filename", "stdin_name", metavar="NAME", default="", help="The name of the text."
)
@click.option(
    "--reveal", is_flag=True, help="Show terms and what they match: on a terminal, never in CI."
)
def command(text: str, reveal: bool, **asked: Any) -> int:
    """Tell why a text has its findings, and what nearly was one.

    For each: the rule and the number of the entry, the view in which it was seen, each step and
    what the policy says. The text is read from standard input (-), never from the command line,
    which shells keep. Exits as a check of the text would.
    """
    if text != "-":  # which may be the text itself, and is not repeated
        raise UsageError("why reads standard input", hint="for a file: leakguard why - < FILE")
    if reveal and (in_ci(os.environ) or not sys.stdout.isatty()):
        raise UsageError("--reveal is for a terminal", hint="leave it out: numbers tell enough")
    ask_for_text(sys.stdin, sys.stderr)
    data = sys.stdin.buffer.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise UsageError("the text is longer than 1 MiB", hint="give the sentence in question")
    wanted = Asked(**{name: value for name, value in asked.items() if value is not None})
    guard = guard_for(wanted, os.environ)
    packs = guard.packs
    content = data.decode("utf-8", "replace")
    name = wanted.stdin_name or "text.md"
    run = guard.scan(content, name=name, unread="ignore")
    verdicts = {(v.finding.rule, v.finding.span): v for v in run.verdicts}
    told = [
        "\n".join(_told(c, verdicts, guard, name, content, reveal=reveal))
        for c in _considered(packs, content, name)
    ]
    write(
        "\n\n".join(told) if told else f"nothing in it is what one of {run.rules:,} rules looks for"
    )
    for line in _not_applied(run):
        click.echo(line, err=True)
    return run.exit_code


def _not_applied(run: Screening) -> Iterator[str]:
    """What had no say: sealed lists that no key here opens, and what could not be screened."""
    if run.sealed_skipped:
        yield not_applied(run, ascii=needs_ascii(sys.stderr.encoding))
    for unread in run.unread:
        detail = f" ({unread.detail})" if unread.detail else ""
        yield f"not screened: {unread.path}: {unread.reason}{detail}"


def _considered(packs: tuple[Pack, ...], content: str, name: str) -> list[Considered]:
    """All candidates, those of rules that are not in force (strict, embargo over) too."""
    matcher = Matcher(
        [rule for pack in packs for rule in pack.rules],
        now=_LONG_AGO,
        profile="strict",
        parsed={source: known for pack in packs for source, known in pack.parsed.items()},
    )
    return list(matcher.consider(readers.from_text(content, name)))


def _told(
    hit: Considered,
    verdicts: dict[Any, Verdict],
    guard: scan.Guard,
    name: str,
    content: str,
    *,
    reveal: bool,
) -> Iterator[str]:
    rule, entry, place = hit.rule, hit.entry, hit.place
    verdict = verdicts.get((rule.id, hit.span))
    pack = next(pack for pack in guard.packs if rule in pack.rules)
    yield f"line {place.line}, columns {place.column} to {place.end_column}"
    if reveal:
        yield _line("text", repr(content[hit.span.start : hit.span.end])[1:-1])
    elif verdict and verdict.excerpt:
        yield _line("text", verdict.excerpt)
    number = f", term t{entry.id} ({entry.mode})" if entry else ""
    yield _line("rule", f"{rule.id}{number}: {rule.title}")
    if entry and reveal:
        yield _line("term", repr(entry.term)[1:-1])
    yield _line(
        "pack", f"{pack.name} {pack.version}" + (f", {guard.shown(pack.path)}" if pack.path else "")
    )
    yield _line("view", f"{hit.view}: {VIEWS[hit.view]}")
    yield from (_line(step, said) for step, said in hit.steps)
    yield from _outcome(hit, verdict, guard, guard.policies.of(name))


def _outcome(
    hit: Considered, verdict: Verdict | None, guard: scan.Guard, policy: Policy
) -> Iterator[str]:
    rule, entry = hit.rule, hit.entry
    until = (entry.embargo_until if entry else None) or rule.embargo_until
    if lifted(until, guard.now):
        yield _line("so", f"nothing: its embargo ended {until}")
    elif rule.profile == "strict" and guard.policy.profile != "strict":
        yield _line("so", "nothing: the rule is for --profile strict")
    elif verdict:
        yield _line("so", f"{verdict.action}: {verdict.reason}")
        advice = verdict.advice
        told = {"until": advice.until, "owner": advice.owner, "do": advice.instead}
        for lead, said in told.items():
            if said:
                yield _line(lead, said)
    elif hit.confidence is None:
        yield _line("so", "nothing: dropped at the last step")
    elif hit.confidence < policy.min_confidence:
        yield _line("so", f"nothing: {hit.confidence} confidence is not reported")
    elif policy.severity(rule.id, rule.severity) is None:
        yield _line("so", "nothing: the policy has turned the rule off")
    elif rule.severity < policy.min_severity:
        yield _line("so", f"nothing: {rule.severity} severity is not reported")
    else:
        yield _line(
            "so", "no finding of its own: a larger hit covers it, or the rule asks for more"
        )


def _line(lead: str, said: str) -> str:
    return f"  {lead:<10}{said}"
