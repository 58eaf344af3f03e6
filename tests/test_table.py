"""Tables in plain text: cells know their columns, and the column's name is context of a hit."""

from datetime import UTC, datetime

import pytest
from labelling import labels_of, seen

import leakguard
from leakguard.matcher import Matcher
from leakguard.model import Finding
from leakguard.packs import Pack
from leakguard.readers import from_text, markdown
from leakguard.readers.table import Labels
from leakguard.shown import MASK


def cells(text: str) -> list[tuple[str, str]]:
    """What stands under which name."""
    return [
        (text[label.start : label.end], label.over.text)
        for label in labels_of(Labels, text)
        if label.over
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a,b\n1,2\n", [("1", "a"), ("2", "b")], id="commas"),
        pytest.param("a\tb\n1\t2", [("1", "a"), ("2", "b")], id="tabs"),
        pytest.param("a;b\n1,5;2", [("1,5", "a"), ("2", "b")], id="semicolons"),
        pytest.param("a|b|\r\n1|2|\r\n", [("1", "a"), ("2", "b")], id="bars"),
        pytest.param('a,"b, c"\n1,2', [("1", "a"), ("2", '"b, c"')], id="a name in quotes"),
        pytest.param('a,b\n"1,""x""",2', [('"1,""x"""', "a"), ("2", "b")], id="a mark in quotes"),
        pytest.param('a,b\n"1\n2",3', [('"1', "a"), ('2"', "a"), ("3", "b")], id="lines in quotes"),
        pytest.param('a\tb\n"1\t2\n3\t4', [('"1', "a"), ("2", "b"), ("3", "a"), ("4", "b")], id="quotes between tabs"),
        pytest.param("a,b\n1,,3\n4", [("1", "a"), ("4", "a")], id="rows too long and too short"),
        pytest.param("\n\na,b\n1,2", [("1", "a"), ("2", "b")], id="blank lines first"),
        pytest.param("a\n1\n", [("1", "a")], id="one column"),
    ],
)  # fmt: skip
def test_cells(text: str, expected: list[tuple[str, str]]) -> None:
    assert cells(text) == expected


def test_names_longer_than_a_label_may_be() -> None:
    names = [f"NAME_{number:04}" for number in range(900)]
    values = [f"{number}" for number in range(900)]
    assert cells("|".join(names) + "\n" + "|".join(values)) == list(zip(values, names, strict=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("| a | b |\n|---|:-:|\n| 1 | 2 |\n\n3 | 4", [("1", "a"), ("2", "b")], id="with bars outside"),
        pytest.param("a | b\n:-- | --\n1 | 2\n", [("1", "a"), ("2", "b")], id="without"),
        pytest.param("a\n| b | c |\n| --- | --- |\n| 1 | 2 |", [("1", "b"), ("2", "c")], id="after a line of text"),
        pytest.param("> | a | b |\n> |---|---|\n> | 1 | 2 |", [("1", "a"), ("2", "b")], id="in a quote"),
        pytest.param("| a | b |\n|---|---|\n| `1` x | 2\\|3 |", [("`", "a"), ("1", "a"), ("` x", "a"), ("2\\|3", "b")], id="marks in cells"),
        pytest.param("| a | b |\n| c | d |\n", [], id="no table"),
    ],
)  # fmt: skip
def test_tables_in_markdown(text: str, expected: list[tuple[str, str]]) -> None:
    labels = labels_of(markdown.Labels, text)
    found = [(text[one.start : one.end], one.over.text) for one in labels if one.over]
    assert found == expected


def test_a_long_table_in_markdown_keeps_its_columns() -> None:
    text = "| room | badge |\n|---|---|\n" + "".join(
        f"| {n} | {100000 + n} |\n" for n in range(999)
    )
    expected = found(text, "a.md", block=1 << 30, prefilter=False)
    assert len(expected) == 999
    for block in (1 << 12, 1 << 14):
        assert found(text, "a.md", block=block) == expected


def test_the_line_of_names_is_a_heading() -> None:
    assert seen(Labels, "a,b\n1,2\n")[0] == ("a,b", "heading")


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        pytest.param("a.csv", "x", "table", id="by its name"),
        pytest.param("a.txt", "A_ID|B_ID|C|D\n1|2|3|4\n", "table", id="by its first line"),
        pytest.param("a.txt", "| a | b | c |\n| - | - | - |\n", "text", id="a drawn table"),
        pytest.param("a.txt", "A|B|C|D\n", "text", id="a line alone"),
        pytest.param("a.md", "A_ID|B_ID|C|D\n1|2|3|4\n", "markdown", id="a name that says else"),
    ],
)
def test_what_is_a_table(name: str, text: str, kind: str) -> None:
    assert from_text(text, name).kind == kind


PACK = Pack.from_toml(
    """
    [pack]
    name = "acme"
    [[rule]]
    id = "badge"
    title = "t"
    severity = "high"
    pattern = '''\\b\\d{6}\\b'''
    near = { words = ["badge", "badge number"], before = 20, after = 0 }
    confidence = { near = "medium" }
    exclude = { near = { words = ["sample"] } }
    why = "w"
    examples = ["badge 123456"]
    """
)


def found(
    text: str, name: str = "a.csv", *, block: int = 1 << 18, prefilter: bool = True
) -> list[Finding]:
    matcher = Matcher(
        PACK.rules, now=datetime(2026, 11, 23, tzinfo=UTC), block=block, prefilter=prefilter
    )
    return [hit.finding for hit in matcher.find(from_text(text, name)).hits]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param("badge,room\n123456,654321\n", ["123456"], id="under its name and no other"),
        pytest.param("badgeNumber,room\n123456,654321\n", ["123456"], id="a name with a hump"),
        pytest.param("STAFF_BADGE_NO,x\n123456,1\n", ["123456"], id="a word of a name"),
        pytest.param("badger,room\n123456,654321\n", [], id="a word within a word"),
        pytest.param("sample_badge,x\n123456,1\n", [], id="a name that excludes"),
        pytest.param("field,value\nbadge,123456\n", ["123456"], id="a word in the row"),
        pytest.param("badge,x\n" + "1,2\n" * 400 + "123456,1", ["123456"], id="far below"),
    ],
)
def test_names_of_columns_are_context(text: str, values: list[str]) -> None:
    assert [text[f.span.start : f.span.end] for f in found(text)] == values


def test_the_evidence_is_the_name() -> None:
    text = "room,badge\n" + "1,2\n" * 100 + "1,123456\n"
    (finding,) = found(text)
    assert [text[s.start : s.end] for s in finding.evidence] == ["badge"]


def test_windows_and_nomination_change_nothing() -> None:
    text = "room,badge,x\n" + "".join(f"{n},{100000 + n * 7},a\n" for n in range(2000))
    expected = found(text, block=1 << 30, prefilter=False)
    assert len(expected) == 1000  # the cap of a rule
    for block in (1 << 12, 1 << 14):
        assert found(text, block=block) == expected


def test_an_excerpt_shows_no_other_cell() -> None:
    guard = leakguard.compile(["healthcare"])
    text = "patient_last_name,sex,patient_dob\nSpecimenova,F,1961-03-12\n"
    verdicts = guard.scan(text, name="a.csv").verdicts
    assert {v.finding.rule for v in verdicts} >= {"healthcare/date-of-birth"}
    assert {v.excerpt for v in verdicts} == {MASK}


def test_what_only_a_column_can_tell_is_not_masked_in_prose() -> None:
    guard = leakguard.compile(["healthcare"])
    assert guard.shown("The patient id of Specimen 12a") == "The patient id of Specimen 12a"


def test_no_repr_spells_a_name() -> None:
    assert "zqbadge" not in repr(labels_of(Labels, "zqbadge,b\n1,2\n"))
