"""The terminal report: golden pages, and the laws of its layout."""

from __future__ import annotations

import io
import os
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakguard.errors import UsageError
from leakguard.model import (
    Action,
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
    Span,
    Unread,
    Verdict,
)
from leakguard.reports import REPORTS, load
from leakguard.reports.terminal import NARROWEST, render, summary

GOLDEN = Path(__file__).parent / "golden" / "terminal"
# Set to 1 to write the pages anew, then read the difference.
UPDATE = "LEAKGUARD_UPDATE_GOLDEN"
SGR = re.compile(r"\x1b\[[0-9]*m")

EMBARGO = Advice(
    title="unreleased project name",
    instead='write "the next scheduler", or ask in #launch-review',
    owner="brand-legal",
    until="2027-02-01",
)
NHS = Advice(
    title="NHS number",
    why="an NHS number names one patient for life",
    instead="leave it out, or use 999 999 9999",
)


def verdict(
    line: int = 1,
    column: int = 1,
    *,
    rule: str = "healthcare/uk-nhs-number",
    entry: int | None = None,
    action: Action = "block",
    confidence: Confidence = Confidence.HIGH,
    severity: Severity = Severity.HIGH,
    sample: bool = False,
    path: str = "drafts/launch.md",
    path_masked: bool = False,
    document: int = 1,
    place: Place | None = None,
    origin: Origin | None = None,
    reason: str = "",
    advice: Advice = NHS,
    excerpt: str = "",
) -> Verdict:
    """A verdict about an invented hit; whatever a test does not name is ordinary."""
    return Verdict(
        finding=Finding(
            rule=rule,
            span=Span(column, column + 9),
            place=place or Place(line=line, column=column, end_line=line, end_column=column + 9),
            confidence=confidence,
            cell="full",
            severity=severity,
            entry=entry,
            sample=sample,
        ),
        action=action,
        reason=reason,
        origin=origin or Origin("file", path),
        path=path,
        path_masked=path_masked,
        document=document,
        fingerprint="00000000",
        advice=advice,
        excerpt=excerpt,
    )


PACKS = (PackInfo("acme", "Acme", "3", "brand-legal", 1), PackInfo("healthcare", "", "1", "", 40))
CODENAME = verdict(
    14,
    9,
    rule="acme/unreleased",
    entry=17,
    advice=EMBARGO,
    excerpt="… the scheduler in ████████ halves the cost of every job that runs overnight in a …",
)
MANY = tuple(verdict(line, document=2, path="notes.txt") for line in (3, 20, 31, 31, 58))
MIXED = Screening(
    verdicts=(
        CODENAME,
        verdict(15, 4, action="warn", confidence=Confidence.LOW, reason="confidence below medium"),
        *MANY,
        verdict(60, document=2, path="notes.txt", action="info", sample=True),
        verdict(70, document=2, path="notes.txt", action="allow", reason="allowed in line 69"),
    ),
    unread=(Unread("old.doc", "legacy format"),),
    counts=Counts(documents=14, media=2),
    packs=PACKS,
)
PLACES = Screening(
    verdicts=(
        replace(
            CODENAME,
            path="blog/2026-launch.docx",
            finding=replace(
                CODENAME.finding,
                place=Place("paragraph", "body, tracked insertion", 'under "Roadmap"', 14),
            ),
        ),
        verdict(origin=Origin("file", "a.xlsx"), path="a.xlsx", place=Place("cell", "Q3", "B7")),
        verdict(origin=Origin("file", "b.md"), path="████████.md", place=Place("path")),
        verdict(origin=Origin("ref", "c"), path="████████", place=Place("path"), path_masked=True),
        verdict(origin=Origin("file", "d"), path="d.bin", place=Place("bytes", byte_start=4096)),
        verdict(origin=Origin("message", "m", commit="c0ffee" * 7), path="commit message"),
        *(
            verdict(origin=Origin("file", "e"), path="e.pptx", place=Place("slide", index=index))
            for index in range(1, 16)
        ),
    ),
    counts=Counts(documents=6, opaque=1),
    opaque=("d.bin",),
    packs=PACKS,
)
WIDE = Screening(
    verdicts=(
        verdict(
            path="草稿/" + "春の新製品発表についてのお知らせ/" * 4 + "発表.md",
            excerpt="… " + "次のスケジューラーは████████で費用が半分になります。" * 3 + " …",
            advice=NHS._replace(title="番号 " * 12),
        ),
    ),
    counts=Counts(documents=1),
    packs=PACKS,
)
UNREADS = Screening(
    unread=(
        Unread("z.txt", "unknown encoding"),
        Unread("old.doc", "legacy format", "Word 97-2003"),
        Unread("████████.txt", "no permission", path_masked=True),
        Unread("b.docx", "encrypted"),
    ),
    opaque=("core.bin", "b.dat"),
    counts=Counts(documents=3, opaque=2),
    packs=PACKS,
    policy=Policy(opaque="fail"),
)

PAGES: dict[str, tuple[Screening, dict[str, bool | int]]] = {
    "findings of every kind": (MIXED, {}),
    "the same in colour": (MIXED, {"color": True}),
    "the same in ascii": (MIXED, {"ascii": True}),
    "the same in 40 columns": (MIXED, {"width": 40}),
    "places of every kind": (PLACES, {}),
    "wide characters": (WIDE, {}),
    "wide characters in ascii": (WIDE, {"ascii": True}),
    "unreads only": (UNREADS, {}),
    "unreads only in colour": (UNREADS, {"color": True}),
}


def page(run: Screening, *, width: int = 80, color: bool = False, ascii: bool = False) -> str:
    out = io.StringIO()
    render(run, out=out, width=width, color=color, ascii=ascii)
    return out.getvalue()


@pytest.mark.parametrize("name", PAGES)
def test_page_is_the_golden_one(name: str) -> None:
    run, settings = PAGES[name]
    out = io.StringIO()
    render(run, out=out, **settings)  # type: ignore[arg-type]  # widths and flags share a dict
    text = out.getvalue() + "---\n" + summary(run, 0.1, ascii=bool(settings.get("ascii"))) + "\n"
    golden = GOLDEN / f"{name.replace(' ', '-')}.txt"
    if os.environ.get(UPDATE) == "1":
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_bytes(text.encode())
    assert text == golden.read_bytes().decode()


def test_no_golden_page_is_an_orphan() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == {name.replace(" ", "-") for name in PAGES}


def test_a_clean_run_prints_nothing() -> None:
    clean = Screening(counts=Counts(documents=3, media=1, opaque=1), opaque=("a.bin",), packs=PACKS)
    assert page(clean) == ""


def test_what_was_allowed_is_counted_not_shown() -> None:
    run = Screening(verdicts=(verdict(action="allow"),), counts=Counts(documents=1))
    assert page(run) == ""
    assert summary(run) == "0 findings in 1 document, 0 rules · 1 allowed"


def test_findings_that_differ_in_what_is_said_do_not_collapse() -> None:
    sure, unsure = verdict(1), verdict(2, confidence=Confidence.MEDIUM)
    text = page(Screening(verdicts=(sure, unsure)))
    assert "high confidence" in text
    assert "medium confidence" in text
    assert "more" not in text


def test_two_files_that_look_alike_once_masked_stay_apart() -> None:
    text = page(
        Screening(
            verdicts=tuple(
                verdict(path="████████", origin=Origin("file", name), path_masked=True, document=n)
                for n, name in enumerate(("a", "b"), start=1)
            )
        )
    )
    assert text.count("████████ (document 1)\n") == 1
    assert text.count("████████ (document 2)\n") == 1


SUMMARIES = {
    "nothing at all": (Screening(), None, "0 findings in 0 documents, 0 rules"),
    "a clean run": (
        Screening(counts=Counts(documents=1), packs=PACKS),
        0.04,
        "0 findings in 1 document, 41 rules, 0.04 s",
    ),
    "findings that only warn": (
        Screening(verdicts=(verdict(action="warn"),), counts=Counts(documents=14)),
        12.34,
        "1 finding (none block) in 1 of 14 documents, 0 rules, 12.3 s",
    ),
    "a hit in a binary file": (
        Screening(verdicts=(verdict(),), counts=Counts(opaque=1), opaque=("a.bin",)),
        None,
        "1 finding (1 block) in 0 documents, 0 rules · 1 opaque: a.bin",
    ),
    "opaque files that are skipped are not named": (
        Screening(counts=Counts(opaque=1), opaque=("a.bin",), policy=Policy(opaque="skip")),
        None,
        "0 findings in 0 documents, 0 rules · 1 opaque",
    ),
    "more unreads than are named": (
        Screening(unread=tuple(Unread(f"{n}.doc", "legacy format") for n in range(1, 6))),
        None,
        "0 findings in 0 documents, 0 rules · not screened: 1.doc (legacy format), "
        "2.doc (legacy format), 3.doc (legacy format) and 2 more",
    ),
    "everything that is counted": (
        Screening(
            counts=Counts(documents=1200, media=3, opaque=0, excluded=4, dropped=5000),
            ways_out=('unread = "warn"', "--exit-zero"),
        ),
        None,
        "0 findings in 1,200 documents, 0 rules · 3 media · 4 excluded · "
        '5,000 findings more than are listed · way out taken: --exit-zero, unread = "warn"',
    ),
}


@pytest.mark.parametrize("name", SUMMARIES)
def test_summary_says(name: str) -> None:
    run, seconds, expected = SUMMARIES[name]
    assert summary(run, seconds) == expected


def test_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r'unknown format "yaml"\n  hint: one of: github, '):
        load("yaml")


@pytest.mark.parametrize("name", REPORTS)
def test_format_has_a_render(name: str) -> None:
    out = io.StringIO()
    load(name)(Screening(), out=out, width=80, color=True, ascii=True)
    assert (out.getvalue() == "") == (name in ("terminal", "github"))


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────

NASTY = "\x00\x07\b\t\n\r\x1b\x7f\x85\u2028\u2029\u202a\u202e\u2066\u2069\u200b\u200f\ufeff\ud800"
foreign = st.text(
    st.one_of(
        st.sampled_from(NASTY),
        st.sampled_from("ab /é日本語한\u0301█…\U0001f600\u200d"),
        st.characters(),
    ),
    max_size=150,
)
places = st.builds(
    Place,
    kind=st.sampled_from(["text", "path", "paragraph", "cell"]),
    part=foreign,
    label=foreign,
    index=st.none() | st.integers(0, 10**6),
    line=st.none() | st.integers(1, 10**9),
    column=st.none() | st.integers(1, 10**9),
)
advices = st.builds(Advice, foreign, foreign, foreign, foreign, foreign)
verdicts = st.builds(
    verdict,
    entry=st.none() | st.integers(1, 3),
    action=st.sampled_from(["block", "warn", "info", "allow"]),
    confidence=st.sampled_from(list(Confidence)),
    severity=st.sampled_from(list(Severity)),
    path=foreign,
    path_masked=st.booleans(),
    place=places,
    reason=foreign,
    advice=advices,
    excerpt=foreign,
)
runs = st.builds(
    Screening,
    verdicts=st.lists(verdicts, max_size=4).map(tuple),
    unread=st.lists(st.builds(Unread, foreign, foreign, foreign, st.booleans()), max_size=3).map(
        tuple
    ),
    opaque=st.lists(foreign, max_size=2).map(tuple),
    policy=st.sampled_from([Policy(), Policy(opaque="fail"), Policy(unread="warn")]),
)


def columns(line: str) -> int:
    """Columns by the plainest reading of Unicode's own tables."""
    return sum(
        0
        if unicodedata.category(character) in ("Mn", "Me", "Cf")
        else 1 + (unicodedata.east_asian_width(character) in ("W", "F"))
        for character in line
    )


def harmful(text: str) -> set[str]:
    return {
        character
        for character in text
        if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
        or unicodedata.bidirectional(character) in ("LRE", "RLE", "PDF", "LRO", "RLO")
        or unicodedata.bidirectional(character) in ("LRI", "RLI", "FSI", "PDI")
        or character in "\u200e\u200f\u061c\u200b\ufeff"
    }


@given(runs, st.integers(NARROWEST, 120), st.booleans(), st.booleans())
def test_no_line_is_wider_than_asked(run: Screening, width: int, color: bool, ascii: bool) -> None:
    text = SGR.sub("", page(run, width=width, color=color, ascii=ascii))
    assert [line for line in text.split("\n") if columns(line) > width] == []


@given(runs, st.booleans())
def test_foreign_strings_bring_in_no_control_or_bidi_characters(
    run: Screening, color: bool
) -> None:
    text = page(run, color=color)
    assert harmful(SGR.sub("", text)) <= {"\n"}
    assert harmful(summary(run)) == set()
    assert color or "\x1b" not in text


@given(runs)
def test_ascii_means_ascii(run: Screening) -> None:
    assert page(run, ascii=True).isascii()
    assert summary(run, 1.0, ascii=True).isascii()


@given(runs, st.integers(NARROWEST, 120))
def test_colour_changes_nothing_but_colour(run: Screening, width: int) -> None:
    assert SGR.sub("", page(run, width=width, color=True)) == page(run, width=width)


@given(st.text("abc/ ", min_size=1, max_size=200), st.integers(NARROWEST, 60))
def test_wrapping_loses_no_letter_of_a_path(path: str, width: int) -> None:
    first = page(Screening(verdicts=(verdict(path=path),)), width=width).partition("\n  line")[0]
    assert re.sub(r"\s", "", first) == re.sub(r"\s", "", path)


def test_what_is_in_a_commit_says_that_it_stays_there() -> None:
    there = verdict(origin=Origin("commit", "notes.txt", commit="1a2b3c4d5e6f"))
    assert "It stays in this commit until that is rewritten" in page(Screening(verdicts=(there,)))
    staged = verdict(origin=Origin("commit", "notes.txt"))  # of a range, not of one commit
    assert "It stays" not in page(Screening(verdicts=(staged,)))


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("file", True),
        ("stage", True),
        ("commit", True),
        ("message", False),
        ("ref", False),
        ("stdin", False),
    ],
)
def test_a_note_is_offered_for_what_is_in_a_file(kind: str, told: bool) -> None:
    out = io.StringIO()
    run = Screening(verdicts=(verdict(origin=Origin(kind, "notes.txt")),))
    load("terminal")(run, out=out, width=80, color=False, ascii=False)
    assert ("leakguard allow" in out.getvalue()) is told
