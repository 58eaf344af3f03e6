"""docs/matching.md: each row of its tables is what happens."""

import re
from datetime import UTC, datetime

import pytest
from house import ROOT

from leakguard.matcher import Matcher
from leakguard.model import Confidence, Entry, Rule, Severity
from leakguard.readers import from_text

PAGE = (ROOT / "docs" / "matching.md").read_text(encoding="utf-8")
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", "|": "|"}


def unescaped(cell: str) -> str:
    """The text that a code span of the tables stands for."""
    return re.sub(
        r"\\(?:u([0-9a-f]{4})|(.))", lambda m: chr(int(m[1], 16)) if m[1] else ESCAPES[m[2]], cell
    )


def spans(cell: str) -> list[str]:
    """The code spans of a cell."""
    found = re.findall(r"`` (.+?) ``|`([^`]+)`", cell)
    return [unescaped(one or other) for one, other in found]


def rows() -> list[tuple[str, str, str, list[str], str]]:
    found = []
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == 5 and cells[0].startswith("`"):
            term, mode, text, matched, reported = cells
            found.append((spans(term)[0], mode, spans(text)[0], spans(matched), reported))
    return found


ROWS = rows()


def test_there_are_enough_rows_in_every_mode() -> None:
    assert len(ROWS) >= 150
    assert {mode for _, mode, *_ in ROWS} == {"exact", "word", "loose", "substring"}


@pytest.mark.parametrize(("term", "mode", "text", "matched", "reported"), ROWS)
def test_row(term: str, mode: str, text: str, matched: list[str], reported: str) -> None:
    rule = Rule(
        "p/r", "t", Severity.HIGH,
        entries=(Entry(1, term, mode),),  # type: ignore[arg-type]
        confidence={"bare": Confidence.HIGH},
    )  # fmt: skip
    matcher = Matcher([rule], now=datetime(2026, 11, 23, tzinfo=UTC))
    findings = [hit.finding for hit in matcher.find(from_text(text, "a.md")).hits]
    assert [text[f.span.start : f.span.end] for f in findings] == matched
    assert {str(f.confidence) for f in findings} == ({reported} if matched else set())
    assert bool(matched) == (reported != "–")
