"""The reports for build servers: what becomes a note at a line, and that nothing slips in."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from hypothesis import given
from test_reports_terminal import harmful, runs, verdict

from leakguard import Screening, Severity
from leakguard.model import Advice, Origin, Place, Policy, Unread
from leakguard.reports import load

WHO = Advice(title="a name", why="Not told.", instead="Say what it does.", owner="legal")


def github(*verdicts: Any, **more: Any) -> list[str]:
    return lines("github", Screening(verdicts=verdicts, **more))


def lines(name: str, run: Screening) -> list[str]:
    out = io.StringIO()
    load(name)(run, out=out)
    return out.getvalue().splitlines()


CASES = {
    "a line of a file": (
        verdict(3, 6, rule="acme/names", entry=17, path="post.md", advice=WHO),
        "::error file=post.md,line=3,endLine=3,col=6,endColumn=15,title=acme/t17 a name::"
        "high, high confidence%0ANot told. (owner: legal)%0ASay what it does.",
    ),
    "two lines": (
        verdict(place=Place(line=3, column=6, end_line=4, end_column=2), advice=WHO),
        "::error file=drafts/launch.md,line=3,endLine=4,title=",
    ),
    "what warns": (verdict(action="warn", advice=WHO), "::warning file=drafts/launch.md,line=1,"),
    "what informs": (verdict(action="info", advice=WHO), "::notice file=drafts/launch.md,line=1,"),
    "signs that mean something": (
        verdict(path="a,b:c%.md", advice=WHO), "::error file=a%2Cb%3Ac%25.md,line=1,",
    ),
    "a name that is masked": (
        verdict(path="████████.md", path_masked=True, place=Place(kind="path"), advice=WHO),
        "::error title=healthcare/uk-nhs-number a name::████████.md, file name: high,",
    ),
    "a commit message": (
        verdict(origin=Origin("message", "commit message"), path="commit message", advice=WHO),
        "::error title=healthcare/uk-nhs-number a name::commit message, line 1, column 1: high,",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("found", "begins"), CASES.values(), ids=CASES.keys())
def test_github_is_told(found: Any, begins: str) -> None:
    (line,) = github(found)
    assert line.startswith(begins)


def test_github_is_told_the_worst_first_and_how_many_more() -> None:
    many = [verdict(n, severity=Severity.LOW) for n in range(1, 13)]
    told = github(*many, verdict(99, severity=Severity.CRITICAL), verdict(action="allow"))
    assert ",line=99," in told[0]
    assert len(told) == 11
    assert told[-1] == "3 errors more, not shown here"


def test_github_is_told_what_was_not_screened() -> None:
    unread = (Unread("a.docx", "no reader", "Word"), Unread("b.docx", "no reader", fails=False))
    told = github(verdict(), unread=unread)
    assert told[:2] == [
        "::error file=a.docx,title=not screened::a.docx: no reader (Word)",
        "::warning file=b.docx,title=not screened::b.docx: no reader",
    ]
    assert told[2].startswith("::error file=drafts/launch.md,")
    assert github(unread=unread[:1], policy=Policy(unread="warn"))[0].startswith("::warning ")


@given(runs)
def test_no_text_from_outside_begins_a_command(run: Screening) -> None:
    for line in lines("github", run):
        assert re.match(r"::(error|warning|notice) |[0-9,]+ \w+ more, not shown here$", line)
        assert harmful(line) == set()
    for line in lines("terminal", run):
        assert line.startswith("    ") or not line.lstrip().startswith(("::", "##"))


def test_gitlab_is_told() -> None:
    unread = (Unread("a.docx", "no reader", "Word"),)
    found = (verdict(3, 6, rule="acme/names", entry=17, advice=WHO), verdict(action="allow"))
    (first, second) = json.loads("\n".join(lines("gitlab", Screening(found, unread))))
    assert first["description"] == "not screened: no reader (Word)"
    assert (first["severity"], first["location"]["path"]) == ("blocker", "a.docx")
    assert second == {
        "description": "a name (block). Not told. (owner: legal). Say what it does.",
        "check_name": "acme/t17",
        "fingerprint": second["fingerprint"],
        "severity": "major",
        "location": {"path": "drafts/launch.md", "lines": {"begin": 3}},
    }


def test_gitlab_knows_a_finding_again_and_keeps_two_apart() -> None:
    def marks(*verdicts: Any) -> list[str]:
        text = "\n".join(lines("gitlab", Screening(verdicts)))
        return [row["fingerprint"] for row in json.loads(text)]

    assert marks(verdict(3)) == marks(verdict(30, document=2))  # it has moved
    masked = [verdict(path="████████.md", path_masked=True, document=n) for n in (1, 2)]
    assert len({*marks(*masked), *marks(verdict(3))}) == 3


def sarif(run: Screening) -> dict[str, Any]:
    whole = json.loads("\n".join(lines("sarif", run)))
    assert (whole["version"], len(whole["runs"])) == ("2.1.0", 1)
    told: dict[str, Any] = whole["runs"][0]
    return told


def test_sarif_has_what_code_scanning_asks_for() -> None:
    found = verdict(3, 6, rule="acme/names", entry=17, path="a b:é.md", advice=WHO)
    told = sarif(Screening((found, verdict(action="allow"))))
    (rule,) = told["tool"]["driver"]["rules"]
    assert rule == {
        "id": "acme/names",
        "shortDescription": {"text": "a name"},
        "fullDescription": {"text": "Not told."},
        "help": {"text": "Not told.\n\nSay what it does."},
        "properties": {"tags": ["acme"], "precision": "high", "security-severity": "8.0"},
    }
    (result,) = told["results"]
    assert result == {
        "ruleId": "acme/names",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": "acme/t17 a name. Not told. (owner: legal). Say what it does."},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "a%20b%3A%C3%A9.md"},
                    "region": {"startLine": 3, "startColumn": 6, "endLine": 3, "endColumn": 15},
                }
            }
        ],
        "partialFingerprints": {"primaryLocationLineHash": "00000000:1"},
    }


def test_sarif_says_what_was_not_screened_and_of_a_name_that_it_is_one() -> None:
    name = verdict(action="warn", place=Place(kind="path"), advice=WHO)
    told = sarif(Screening((name,), (Unread("a.docx", "no reader", "Word"),)))
    (invocation,) = told["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 3)
    (note,) = invocation["toolExecutionNotifications"]
    assert (note["level"], note["message"]["text"]) == (
        "error",
        "not screened: a.docx: no reader (Word)",
    )
    (result,) = told["results"]
    assert result["message"]["text"].startswith("file name. ")
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}
    assert sarif(Screening())["invocations"][0]["executionSuccessful"] is True


@given(runs)
def test_what_programs_read_is_json_whatever_comes_from_outside(run: Screening) -> None:
    for name in ("gitlab", "sarif"):
        text = "\n".join(lines(name, run))
        assert text.isascii()
        json.loads(text)
    told = sarif(run)
    index = [rule["id"] for rule in told["tool"]["driver"]["rules"]]
    assert all(index[result["ruleIndex"]] == result["ruleId"] for result in told["results"])
