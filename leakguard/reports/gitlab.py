"""The report for GitLab: a code quality artifact, shown in merge requests.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import Final

from leakguard.light import TextIO
from leakguard.model import Screening, Severity, Verdict
from leakguard.reports.terminal import named, place_of, reason_for

SEVERITIES: Final = {
    Severity.LOW: "info",
    Severity.MEDIUM: "minor",
    Severity.HIGH: "major",
    Severity.CRITICAL: "critical",
}


def render(
    run: Screening,
    *,
    out: TextIO,
    width: int = 80,
    color: bool = False,
    ascii: bool = False,
) -> None:
    """Write `run` as JSON. Machines read it: width and colour change nothing, and all is ASCII."""
    import json

    found = [_found(verdict) for verdict in run.verdicts if verdict.action != "allow"]
    json.dump([*_not_screened(run), *found], out, indent=2)
    out.write("\n")


def _found(verdict: Verdict) -> dict[str, object]:
    finding, advice = verdict.finding, verdict.advice
    said = [f"{advice.title} ({verdict.action})", reason_for(advice), advice.instead]
    if finding.place.line is None:
        said.insert(0, place_of(verdict))
    # GitLab takes equal fingerprints for one finding, in this run and in the one it compares with.
    apart = str(verdict.document) if verdict.path_masked else ""
    whole = "\0".join((verdict.fingerprint, finding.rule, verdict.path, apart))
    return _row(
        ". ".join(part.rstrip(".") for part in said if part) + ".",
        named(finding),
        whole,
        SEVERITIES[finding.severity],
        verdict.path,
        finding.place.line or 1,
    )


def _not_screened(run: Screening) -> Iterator[dict[str, object]]:
    for unread in run.unread:
        detail = f" ({unread.detail})" if unread.detail else ""
        said = f"not screened: {unread.reason}{detail}"
        yield _row(said, "not-screened", f"{unread.path} {said}", "blocker", unread.path, 1)


def _row(
    description: str, check: str, whole: str, severity: str, path: str, line: int
) -> dict[str, object]:
    return {
        "description": description,
        "check_name": check,
        "fingerprint": blake2b(whole.encode("utf-8", "replace"), digest_size=16).hexdigest(),
        "severity": severity,
        "location": {"path": path, "lines": {"begin": line}},
    }
