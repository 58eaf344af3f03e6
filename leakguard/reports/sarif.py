"""The report as SARIF 2.1.0, which code scanning of GitHub and many other programs read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html and, for what GitHub makes of it,
https://docs.github.com/en/code-security/reference/code-scanning/sarif-support-for-code-scanning
No text of a document is in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from string import ascii_letters, digits
from typing import Final, TextIO

import leakguard
from leakguard.model import Confidence, Screening, Severity, Unread, Verdict
from leakguard.reports.terminal import named, place_of, reason_for

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS: Final = {"block": "error", "warn": "warning", "info": "note"}
# GitHub calls 9 and more critical, 7 and more high, 4 and more medium.
SCORES: Final = {
    Severity.LOW: "3.0",
    Severity.MEDIUM: "5.5",
    Severity.HIGH: "8.0",
    Severity.CRITICAL: "9.5",
}
_PLAIN: Final = frozenset(ascii_letters + digits + "-._~/")
Table = dict[str, object]


def render(
    run: Screening,
    *,
    out: TextIO,
    width: int = 80,
    color: bool = False,
    ascii: bool = False,
) -> None:
    """Write `run` as SARIF. Machines read it: width and colour change nothing, and all is ASCII."""
    told = [verdict for verdict in run.verdicts if verdict.action != "allow"]
    rules = _rules(told)
    index = {str(rule["id"]): number for number, rule in enumerate(rules)}
    driver = {"name": "leakguard", "semanticVersion": leakguard.__version__, "rules": rules}
    invocation = {
        "executionSuccessful": run.exit_code != 3,
        "exitCode": run.exit_code,
        "toolExecutionNotifications": [_notification(run, unread) for unread in run.unread],
    }
    whole = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "invocations": [invocation],
                "results": [_result(verdict, index) for verdict in told],
            }
        ],
    }
    json.dump(whole, out, indent=1)
    out.write("\n")


def _rules(told: list[Verdict]) -> list[Table]:
    """What is to be said of each rule that found something, once."""
    first: dict[str, Verdict] = {}
    worst: dict[str, Severity] = {}
    for verdict in told:
        rule, severity = verdict.finding.rule, verdict.finding.severity
        first.setdefault(rule, verdict)
        worst[rule] = max(severity, worst.get(rule, severity))
    return [_rule(rule, verdict, worst[rule]) for rule, verdict in sorted(first.items())]


def _rule(rule: str, verdict: Verdict, severity: Severity) -> Table:
    advice = verdict.advice
    help_ = "\n\n".join(filter(None, (advice.why, advice.instead, *advice.references)))
    return {
        "id": rule,
        "shortDescription": {"text": advice.title or rule},
        "fullDescription": {"text": advice.why or advice.title or rule},
        "help": {"text": help_ or rule},
        "properties": {
            "tags": [rule.partition("/")[0]],
            "precision": str(verdict.finding.confidence or Confidence.LOW),
            "security-severity": SCORES[severity],
        },
    }


def _result(verdict: Verdict, index: dict[str, int]) -> Table:
    finding, advice = verdict.finding, verdict.advice
    said = [f"{named(finding)} {advice.title}", reason_for(advice), advice.instead]
    if finding.place.line is None:
        said.insert(0, place_of(verdict))
    return {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": LEVELS[verdict.action],
        "message": {"text": ". ".join(part.rstrip(".") for part in said if part) + "."},
        "locations": [_location(verdict.path, dict(_region(verdict)))],
        "partialFingerprints": {"primaryLocationLineHash": f"{verdict.fingerprint}:1"},
    }


def _region(verdict: Verdict) -> Iterator[tuple[str, int]]:
    """The four numbers of a place in a text; the first line where there is none."""
    place = verdict.finding.place
    numbers = (place.line, place.column, place.end_line, place.end_column)
    for key, number in zip(
        ("startLine", "startColumn", "endLine", "endColumn"), numbers, strict=True
    ):
        if number is not None:
            yield key, number
    if place.line is None:
        yield "startLine", 1


def _notification(run: Screening, unread: Unread) -> Table:
    """What was not screened: without it the list of results would look complete."""
    fails = run.policy.unread == "fail" if unread.fails is None else unread.fails
    detail = f" ({unread.detail})" if unread.detail else ""
    return {
        "level": "error" if fails else "warning",
        "message": {"text": f"not screened: {unread.path}: {unread.reason}{detail}"},
        "locations": [_location(unread.path, {})],
    }


def _location(path: str, region: dict[str, int]) -> Table:
    # What is relative has to stay so: "a:b" would be a scheme, and "//" a host.
    data = path.replace("\\", "/").encode("utf-8", "replace")
    uri = "".join(chr(byte) if chr(byte) in _PLAIN else f"%{byte:02X}" for byte in data)
    physical: Table = {"artifactLocation": {"uri": uri}}
    return {"physicalLocation": {**physical, "region": region} if region else physical}
