"""Weights: sentences, their words, what these weigh, and what is made of the table."""

from __future__ import annotations

import datetime
import json
import re
from binascii import crc32
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import leakguard
from leakguard import packs, weights
from leakguard.matcher import Matcher
from leakguard.model import Chunk, Document, Origin
from leakguard.weights import compiled

TABLE = """\
# learned\tby nobody
# start\t-1.00\t-0.50
# each\t-0.1000\t0.0000
# leads\tboard\ttold
\tfigures\tnote
board\t0.80\t
not told\t0.60\t0.48
not _ yet\t\t0.40
<day>\t0.40\t
"""

SENTENCES = {
    "a stop": ("One. Two words of some length. Three.", "Two", "Two words of some length."),
    "a question": ("Well? Two words of some length! Three.", "Two", "Two words of some length!"),
    "a quote behind the stop": (
        "He said “no.” Two words of some length.",
        "Two",
        "Two words of some length.",
    ),
    "a title is no end": (
        "Ask Dr. Two words of some length. Three.",
        "Two",
        "Ask Dr. Two words of some length.",
    ),
    "an abbreviation is no end": (
        "Some, e.g. two words of some length. Three.",
        "two",
        "Some, e.g. two words of some length.",
    ),
    "a soft wrap is no end": (
        "Some\ntwo words of some length.",
        "two",
        "Some\ntwo words of some length.",
    ),
    "a blank line": (
        "Some\n \ntwo words of some length\n\nmore",
        "two",
        "two words of some length",
    ),
    "a list": ("Some\n- two words of some length\n- more", "two", "- two words of some length"),
    "a numbered list": (
        "Some\n12. two words of some length\n13. more",
        "two",
        "two words of some length",
    ),
    "a heading": (
        "Some\n# Two words of some length\nmore",
        "Two",
        "# Two words of some length\nmore",
    ),
    "a row": (
        "| one |\n| two | words of some length |\n| more |",
        "two",
        "| two | words of some length |",
    ),
    "a block of HTML": (
        "<p>One<li class='x'>two words of some length</li>",
        "two",
        "two words of some length",
    ),
    "a comment": ("One <!-- two words of some length --> more", "two", "two words of some length"),
    "inline HTML is no end": (
        "One <b>two</b> words of some length",
        "two",
        "One <b>two</b> words of some length",
    ),
    "the whole text": ("two words of some length", "two", "two words of some length"),
}


@pytest.mark.parametrize(("text", "word", "found"), SENTENCES.values(), ids=SENTENCES)
def test_a_sentence(text: str, word: str, found: str) -> None:
    start = text.index(word)
    (span,) = weights.around(text, [(start, start + len(word))])
    assert text[slice(*span)] == found


@pytest.mark.parametrize("side", ["before", "behind"])
def test_what_goes_on_and_on_is_no_sentence(side: str) -> None:
    many = "word " * 100
    text = f"{many} two" if side == "before" else f"two {many}"
    at = text.index("two")
    assert not list(weights.around(text, [(at, at + 3)]))


WORDS = {
    "case and apostrophes": ("We DON’T say", ["we", "don't", "say"]),
    "numbers and marks": ("12.5% of $4?", ["<number>", "%", "of", "$", "<number>", "?"]),
    "days and months": ("Tues, 3 March", ["<day>", "<number>", "<month>"]),
    "addresses": (
        "see https://a.example/b or a@b.example",
        ["see", "<address>", "or", "<address>"],
    ),
    "links and tags": ("[the text](/to) <b>is</b> [here][1]", ["the", "text", "is", "here"]),
    "letters beyond ASCII": ("Zoë told", ["zoë", "told"]),
}


@pytest.mark.parametrize(("text", "found"), WORDS.values(), ids=WORDS)
def test_words(text: str, found: list[str]) -> None:
    assert weights.words(text)[0] == found


def test_a_name_is_a_capital_within_a_sentence() -> None:
    assert weights.words("Ann told NASA and Bob: Eve knows")[1] == [
        *("ann", "told", "nasa", "and", "<name>", ":", "eve", "knows"),
    ]


WEIGHED = {
    "words, and each of them": ("The board met", [-0.5, -0.5]),
    "two in a row": ("not told", [-0.6, -0.02]),
    "two with one between": ("not told yet", [-0.7, 0.38]),
    "each once": ("board board", [-0.4, -0.5]),
    "a class": ("Friday", [-0.7, -0.5]),
    "nothing": ("", [-1.0, -0.5]),
}


@pytest.mark.parametrize(("text", "found"), WEIGHED.values(), ids=WEIGHED)
def test_what_a_sentence_weighs(text: str, found: list[float]) -> None:
    assert compiled(TABLE).of(text) == pytest.approx(found)


@given(st.text(alphabet="ab. -\n<>/*|1“”?", max_size=60))
def test_sentences_hold_all_of_a_text_once(text: str) -> None:
    ends = [0]
    for first, last in weights.sentences(text):
        assert ends[-1] <= first <= last
        ends.append(last)
    assert ends[-1] == len(text)


@given(st.lists(st.sampled_from(["told", "a", ". ", "\n\n", " ", "x" * 90, "<p>", "!"])))
def test_sentences_round_words_are_those_of_the_text_that_hold_one(parts: list[str]) -> None:
    text = "".join(parts)
    places = [match.span() for match in re.finditer("told", text)]
    whole = [(first, last) for first, last in weights.sentences(text) if "told" in text[first:last]]
    told = [text[slice(*span)] for span in weights.around(text, places)]
    kept = [text[first:last].strip() for first, last in whole]
    near = [s for s in kept if len(s) >= weights.FEWEST and len(s) <= weights.REACH]
    assert [s for s in told if len(s) <= weights.REACH] == near


def test_what_a_build_keeps_is_what_the_table_says(tmp_path: Path) -> None:
    written = packs.rules_folder() + "/data/weights.tsv"
    read = compiled(Path(written).read_text(encoding="utf-8"))
    brought = weights.brought()
    assert [list(part) for part in brought] == [list(part) for part in read]
    assert Path(weights.build(str(tmp_path))).stat().st_size > len(read.steps)


def test_what_a_table_is_called_changes_with_it() -> None:
    table = Path(packs.rules_folder() + "/data/weights.tsv").read_text(encoding="utf-8")
    head, _, rest = table.partition("\n")
    assert f" {crc32(rest.encode()):08x} from " in head


def test_the_schema_knows_what_weights_there_are() -> None:
    schema = json.loads(Path(packs.rules_folder() + "/pack.schema.json").read_text("utf-8"))
    known = schema["$defs"]["rule"]["properties"]["weights"]["enum"]
    assert known == sorted(weights.brought().columns)


def test_leads_are_words_that_can_be_met() -> None:
    brought = weights.brought()
    assert all(lead.isascii() and lead.isalpha() and lead.islower() for lead in brought.leads)
    assert set(brought.columns) == {
        rule.weights
        for pack in packs.bundled()
        for rule in packs.resolve(pack).rules
        if rule.weights
    }


# ── rules ────────────────────────────────────────────────────────────────────────────────────────

SHE = "She was let go over the expenses and HR has asked us to say that she resigned."


def found(text: str, name: str = "post.md", **options: object) -> list[str]:
    guard = leakguard.compile(**options)  # type: ignore[arg-type]
    return [verdict.finding.rule for verdict in guard.scan(text, name=name).verdicts]


def test_a_sentence_is_told_as_a_whole_and_warns() -> None:
    text = f"An introduction.\n\nWell. {SHE} And so on.\n"
    screening = leakguard.compile().scan(text, name="post.md")
    (verdict,) = screening.verdicts
    assert verdict.finding.rule == "codenames/case-told"
    assert text[verdict.finding.span.start : verdict.finding.span.end] == SHE
    assert screening.action == "warn"


OWN = """
[pack]
name = "acme"

[[rule]]
id = "staff-matters"
title = "sentence that tells of staff"
severity = "critical"
weights = "case"
why = "It belongs to the people it is about."
examples = ["x"]
"""


@pytest.mark.parametrize("engine", ["aho", "hyper"])
def test_a_rule_of_ones_own_tells_too_where_a_bundled_one_does(engine: str) -> None:
    own = packs.Pack.from_toml(OWN)
    guard = leakguard.compile(packs=["codenames", own], engine=engine)  # type: ignore[arg-type]
    screening = guard.scan(f"Well. {SHE} And so on.\n", name="post.md")
    told = {verdict.finding.rule: verdict.action for verdict in screening.verdicts}
    assert told == {"codenames/case-told": "warn", "acme/staff-matters": "block"}


NOT_THERE = {
    "in code": (f"Intro.\n\n```\n{SHE}\n```\n", "post.md"),
    "in a table's cell": (f"name,text\nx,{SHE}\n", "rows.csv"),
    "beside what a phrase tells": (f"TLP:RED {SHE}", "post.md"),
}


@pytest.mark.parametrize(("text", "name"), NOT_THERE.values(), ids=NOT_THERE)
def test_where_no_sentence_is_told(text: str, name: str) -> None:
    assert "codenames/case-told" not in found(text, name)


@pytest.mark.parametrize("engine", ["aho", "hyper"])
@pytest.mark.parametrize("block", [64, 500, 100_000])
def test_windows_and_engines_tell_the_same(engine: str, block: int) -> None:

    rules = [rule for rule in packs.resolve("codenames").rules if rule.weights]
    text = (f"Some words that say nothing at all. {SHE}\n\n" + "More of them. " * 40) * 5
    now = datetime.datetime(2026, 11, 28, tzinfo=datetime.UTC)
    one = Matcher(rules, now=now, engine="aho")
    other = Matcher(rules, now=now, engine=engine, block=block)  # type: ignore[arg-type]

    def spans(matcher: Matcher) -> list[tuple[str, int, int]]:
        document = Document(Origin("text", "a.md"), lambda: iter((Chunk(0, text),)))
        hits = matcher.find(document).hits
        return [(h.finding.rule, h.finding.span.start, h.finding.span.end) for h in hits]

    assert spans(other) == spans(one)
    assert len(spans(one)) == 5
