"""The JSON report: held against its schema, its manual and itself."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leakguard.model import (
    Advice,
    Confidence,
    Counts,
    Finding,
    Origin,
    PackInfo,
    Place,
    Policy,
    Screening,
    Severity,
    Skipped,
    Span,
    Unread,
    Verdict,
)
from leakguard.reports.json import render

DOCS = Path(__file__).parent.parent / "docs"
TEXT = Place("text", "", "", None, 3, 7, 3, 15, 6, 14, 40, 48)
PARAGRAPH = Place("paragraph", "body", 'under "Roadmap"', 14)
EXCERPT = "an excerpt that must stay out"

FINDING = Finding(
    rule="acme/unreleased",
    span=Span(36, 44),
    place=TEXT,
    confidence=Confidence.HIGH,
    cell="term",
    severity=Severity.CRITICAL,
    entry=17,
    evidence=(Span(60, 66), Span(20, 26)),
)
VERDICT = Verdict(
    finding=FINDING,
    action="block",
    reason="",
    origin=Origin("file", "drafts/a.md"),
    path="drafts/a.md",
    document=1,
    fingerprint="7f3c91ab",
    advice=Advice("unreleased project name", "why", "instead", "brand-legal", "2027-02-01", ("r",)),
    excerpt=EXCERPT,
)
RUN = Screening(
    verdicts=(
        VERDICT,
        replace(VERDICT, finding=replace(FINDING, place=PARAGRAPH), action="warn", document=2),
        replace(VERDICT, finding=replace(FINDING, entry=None, sample=True), action="info"),
        replace(VERDICT, action="allow", reason="allowed in line 2"),
    ),
    unread=(Unread("z.doc", "legacy format"), Unread("a.txt", "unknown encoding", "byte 7")),
    opaque=("z.bin", "a.bin"),
    counts=Counts(documents=2, media=3, opaque=2, excluded=4, dropped=5),
    packs=(
        PackInfo("finance", "Finance", "2026.11", "", 12),
        PackInfo("acme", "Acme", "3", "brand-legal", 1, date(2026, 11, 22)),
    ),
    now=datetime(2026, 11, 22, 13, tzinfo=timezone(timedelta(hours=1))),
    ways_out=("b", "--exit-zero"),
    sealed_skipped=(Skipped("z", "z.sealed", "no key", 2), Skipped("a", "a.sealed", "no key", 17)),
)


def printed(run: Screening) -> str:
    out = io.StringIO()
    render(run, out=out)
    return out.getvalue()


def parsed(run: Screening) -> dict[str, Any]:
    value = json.loads(printed(run))
    assert isinstance(value, dict)
    return value


@cache
def schema() -> dict[str, Any]:
    value = json.loads((DOCS / "json.schema.json").read_text("utf-8"))
    assert isinstance(value, dict)
    return value


def objects() -> list[dict[str, Any]]:
    return [schema(), *(part for part in schema()["$defs"].values() if "properties" in part)]


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("part", objects(), ids=lambda part: part.get("title", "a part"))
def test_the_schema_asks_for_every_field_and_for_no_other(part: dict[str, Any]) -> None:
    assert part["additionalProperties"] is False
    assert part["required"] == list(part["properties"])


@pytest.mark.parametrize(
    "field", sorted({name for part in objects() for name in part["properties"]})
)
def test_the_manual_names(field: str) -> None:
    assert f"`{field}`" in (DOCS / "json.md").read_text("utf-8")


@pytest.mark.parametrize(
    "run",
    [RUN, Screening(), Screening(now=datetime(2026, 11, 22, 12)), replace(RUN, policy=Policy())],
    ids=["a full run", "an empty run", "a clock without a zone", "an ordinary policy"],
)
def test_output_is_valid(run: Screening) -> None:
    jsonschema.validate(parsed(run), schema())


def test_fields_come_in_the_order_of_the_schema() -> None:
    report = parsed(RUN)
    assert list(report) == schema()["required"]
    assert list(report["findings"][0]) == schema()["$defs"]["finding"]["required"]
    assert list(report["summary"]) == schema()["$defs"]["summary"]["required"]


def test_the_report_is_the_dict() -> None:
    assert parsed(RUN) == RUN.to_dict()


def test_a_finding_in_full() -> None:
    assert parsed(RUN)["findings"][0] == {
        "rule": "acme/unreleased",
        "entry": 17,
        "title": "unreleased project name",
        "severity": "critical",
        "confidence": "high",
        "action": "block",
        "reason": "",
        "path": "drafts/a.md",
        "path_masked": False,
        "document": 1,
        "commit": None,
        "ref": None,
        "blob": None,
        "place": {"kind": "text", "part": "", "label": "", "index": None},
        "line": 3,
        "column": 7,
        "end_line": 3,
        "end_column": 15,
        "utf16_column": 6,
        "utf16_end_column": 14,
        "start": 36,
        "end": 44,
        "byte_start": 40,
        "byte_end": 48,
        "cell": "term",
        "evidence": [[20, 26], [60, 66]],
        "sample": False,
        "why": "why",
        "instead": "instead",
        "owner": "brand-legal",
        "until": "2027-02-01",
        "fingerprint": "7f3c91ab",
    }


def test_a_place_in_a_container_has_no_offsets_into_a_text_nobody_has() -> None:
    finding = parsed(RUN)["findings"][1]
    assert finding["place"] == {
        "kind": "paragraph",
        "part": "body",
        "label": 'under "Roadmap"',
        "index": 14,
    }
    for field in ("line", "column", "end_line", "end_column", "utf16_column", "start", "end"):
        assert finding[field] is None
    assert (finding["byte_start"], finding["byte_end"]) == (None, None)
    assert finding["evidence"] == []


def test_the_summary_in_full() -> None:
    assert parsed(RUN)["summary"] == {
        "documents": 2,
        "rules": 13,
        "findings": 4,
        "blocking": 1,
        "warnings": 1,
        "info": 1,
        "unread": 2,
        "media": 3,
        "opaque": 2,
        "excluded": 4,
        "dropped": 5,
        "allowed": 1,
        "exit_code": 3,
        "now": "2026-11-22T12:00:00Z",
    }


def test_sets_are_sorted_and_findings_keep_their_order() -> None:
    turned = replace(
        RUN,
        unread=RUN.unread[::-1],
        opaque=RUN.opaque[::-1],
        packs=RUN.packs[::-1],
        ways_out=RUN.ways_out[::-1],
    )
    assert printed(turned) == printed(RUN)
    assert [row["action"] for row in parsed(RUN)["findings"]] == ["block", "warn", "info", "allow"]
    assert [row["path"] for row in parsed(RUN)["unread"]] == ["a.txt", "z.doc"]


def test_the_clock_reads_the_same_from_every_zone() -> None:
    assert RUN.now is not None
    assert printed(replace(RUN, now=RUN.now.astimezone(UTC))) == printed(RUN)


def test_no_text_of_a_document_is_printed() -> None:
    assert EXCERPT not in printed(RUN)


def test_one_finding_stands_on_one_line() -> None:
    lines = [line for line in printed(RUN).splitlines() if '"rule":' in line]
    assert [json.loads(line.strip().rstrip(",")) for line in lines] == parsed(RUN)["findings"]


@given(st.text(), st.text())
@example("\x7f\x1b\u202e", "\x85\u2028")
def test_any_string_survives_and_none_leaves_ascii(path: str, label: str) -> None:
    place = replace(PARAGRAPH, label=label)
    run = Screening(
        verdicts=(replace(VERDICT, path=path, finding=replace(FINDING, place=place)),),
        unread=(Unread(path, "unknown encoding", label),),
    )
    text = printed(run)
    assert text.isascii()
    assert {character for character in text if not character.isprintable()} <= {"\n"}
    finding = json.loads(text)["findings"][0]
    assert (finding["path"], finding["place"]["label"]) == (path, label)


def test_importing_the_reports_imports_no_format() -> None:
    program = "import sys, leakguard.reports; print(sorted({'leakguard.reports.json', "
    program += "'leakguard.reports.terminal', 'leakguard.asdict'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=DOCS.parent,
    )
    assert done.stdout == "[]\n"
