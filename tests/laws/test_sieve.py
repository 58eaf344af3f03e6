"""Contract: Hyperscan nominates whatever the automaton does, however a text is laid out.

The automaton is held against the reference in `test_engines`; here every example of every bundled
pack, many in one document and written in several ways, is screened by both.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leakguard import packs
from leakguard.engines import hyper
from leakguard.matcher import KEPT_FROM, SIFTED_FROM, Engine, Matcher
from leakguard.model import Chunk, Document, Finding, Origin
from leakguard.readers import from_text
from leakguard.search import Whole
from leakguard.verdict import added_spans, additions

pytestmark = [
    pytest.mark.skipif(not hyper.is_available(), reason="Hyperscan is not available here"),
    pytest.mark.xdist_group("sieve"),  # one worker makes it, and once
]

PACKS = [packs.resolve(name) for name in packs.bundled()]
RULES = [rule for pack in PACKS for rule in pack.rules]
EXAMPLES = [
    example
    for rule in RULES
    if rule.entries == ()
    for example in (*rule.examples, *rule.counter_examples)
]
TOGETHER = 60


@cache
def matcher(engine: Engine, block: int) -> Matcher:
    parsed = {source: pattern for pack in PACKS for source, pattern in pack.parsed.items()}
    now = datetime(2026, 11, 23, tzinfo=UTC)
    plain = [rule for rule in RULES if not rule.entries]
    known = {rule.id for rule in plain}
    # A rule about terms would have all of them go by the automaton.
    kept = [
        r for r in plain if not r.requires and (r.of is None or {*r.of.all, *r.of.any} <= known)
    ]
    return Matcher(kept, now=now, profile="strict", parsed=parsed, engine=engine, block=block)


def found(engine: Engine, text: str, *, block: int = 1 << 18) -> list[Finding]:
    whole = from_text(text, "draft.md")
    result = matcher(engine, block).find(whole)
    assert result.failed is None
    return [hit.finding for hit in result.hits]


def agree(text: str) -> None:
    assert found("hyper", text) == found("aho", text)


WAYS: dict[str, Callable[[str], str]] = {
    "as written": str,
    "every space a line end": lambda text: text.replace(" ", "\n"),
    "every space an indented comment": lambda text: text.replace(" ", "  \n    // "),
    "CRLF, quoted": lambda text: text.replace("\n", "\r\n").replace(" ", "\r\n> "),
    "spaces that do not break": lambda text: text.replace(" ", "\u00a0"),
    "letters held apart by nothing": lambda text: text.replace("e", "e\u200b").replace(
        "1", "1\u00ad"
    ),
    "entities": lambda text: text.replace(" ", "&nbsp;").replace("-", "&#8209;"),
    "other digits, other dashes": lambda text: text.translate(
        {ord("0") + n: 0xFF10 + n for n in range(10)} | {ord("-"): "\u2011"}
    ),
    "accents": lambda text: text.replace("a", "á").replace("o", "ö"),
    "capitals of other kinds": lambda text: text.replace("k", "\u212a").replace("s", "\u017f"),
}


def test_the_sieve_is_used() -> None:
    assert not matcher("hyper", 1 << 18)._asking
    agree(EXAMPLES[0])
    assert matcher("hyper", 1 << 18).is_bulk
    assert not matcher("aho", 1 << 18).is_bulk


@pytest.mark.parametrize("way", WAYS)
def test_on_every_example(way: str) -> None:
    for start in range(0, len(EXAMPLES), TOGETHER):
        agree(WAYS[way]("\n\n".join(EXAMPLES[start : start + TOGETHER])))


def page(text: str, name: str = "") -> Whole:
    return Whole(Origin("text", "draft.md"), name, "markdown", text, text.encode())


@pytest.mark.parametrize("way", WAYS)
def test_what_is_cleared_among_others_holds_nothing(way: str) -> None:
    texts = list(map(WAYS[way], EXAMPLES[list(WAYS).index(way) :: 7]))
    pages = {number: page(text) for number, text in enumerate(texts)}
    clear = matcher("hyper", 1 << 18).tell(pages).clear
    assert clear, "most counter-examples are"
    assert not any(found("hyper", texts[number]) for number in clear)


def test_members_of_a_composite_are_not_cleared_together() -> None:
    composite = next(rule for rule in RULES if rule.of and rule.of.all)
    for example in composite.examples:
        assert found("hyper", example)
        assert not matcher("hyper", 1 << 18).tell({1: page("Nothing."), 2: page(example)}).clear & {
            2
        }


def test_what_prose_holds_is_cleared() -> None:
    prose = "We moved 3 of the 12 services on 2024-05-06, see RFC 2119 and https://example.com/3.\n"
    clear = matcher("hyper", 1 << 18).tell({1: page(prose * 30, "docs/a.md"), 2: page("")}).clear
    assert clear == {1, 2}
    assert matcher("aho", 1 << 18).tell({1: page(prose)}).clear == set()


def test_names_are_cleared_like_texts() -> None:
    name = next(example for example in EXAMPLES if found("hyper", example) and "/" not in example)
    assert matcher("hyper", 1 << 18).tell({1: page("Nothing.", name)}).clear == set()


def test_in_windows_of_any_size() -> None:
    text = "\n\n".join(random.Random(1).sample(EXAMPLES, 60))
    expected = found("aho", text)
    assert expected
    for block in (40, 1 << 10):
        assert found("hyper", text, block=block) == expected
    pieces = [Chunk(at, text[at : at + 7]) for at in range(0, len(text), 7)]
    whole = from_text(text, "draft.md")
    document = Document(Origin("text", "draft.md"), lambda: iter(pieces), labeller=whole.labeller)
    assert [hit.finding for hit in matcher("hyper", 1 << 18).find(document).hits] == expected


JOINS = (" ", "\n", "\n\n", ", ", "\t", "\n  * ", "\u200b", " &amp; ", "\r\n", "é ", " ’")


@given(
    st.lists(st.tuples(st.sampled_from(EXAMPLES), st.sampled_from(JOINS)), min_size=1, max_size=6)
)
@settings(max_examples=60, deadline=None)
def test_on_examples_side_by_side(parts: list[tuple[str, str]]) -> None:
    agree("".join(example + join for example, join in parts))


def test_absent_is_only_slower(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hyper, "is_available", lambda: False)
    other = Matcher([RULES[0]], now=datetime(2026, 11, 23, tzinfo=UTC), engine="hyper")
    for example in RULES[0].examples:
        assert other.find(from_text(example, "a.md")).hits
    assert not other.is_bulk


def test_a_sieve_is_kept_and_read_back(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    rule = next(r for r in RULES if r.id == "codenames/tlp")

    def fresh() -> Matcher:
        now = datetime(2026, 11, 23, tzinfo=UTC)
        public = {rule.pattern}
        return Matcher([rule], now=now, engine="hyper", shelf=str(tmp_path), public=public)

    first = fresh().find(from_text(rule.examples[0], "a.md"))
    assert first.hits
    assert first.failed is None
    entries = list(
        tmp_path.iterdir()
    )  # the sieve, that it is there, and the pattern that was tried
    assert len(entries) == 3
    assert fresh().find(from_text(rule.examples[0], "a.md")) == first
    for entry in entries:
        entry.write_bytes(entry.read_bytes()[:-9] + b"damaged!!")
    assert fresh().find(from_text(rule.examples[0], "a.md")) == first


def test_rules_with_terms_keep_nothing_of_their_own(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    pack = packs.Pack.load(Path(__file__).parent.parent.parent / "examples" / "acme.toml")
    now = datetime(2026, 11, 23, tzinfo=UTC)
    private = Matcher(pack.rules, now=now, engine="hyper", shelf=str(tmp_path))
    private.find(from_text("Blue Heron", "a.md"))
    assert not private._clearing or not private._clearing._sieves
    # What is looked for to see that something may be disguised is the same for everybody.
    (shared,) = (path.read_bytes().lower() for path in tmp_path.iterdir())
    assert b"heron" not in shared
    Matcher(pack.rules[:1], now=now, engine="hyper", shelf=str(tmp_path)).prepare(1)
    assert len(list(tmp_path.iterdir())) == 1


# ── near what a change adds ──────────────────────────────────────────────────────────────────────

FAR = "\n\n" + "Nothing stands in these lines, and there are many of them.\n" * 30 + "\n"


@pytest.mark.parametrize(
    ("engine", "seed"), [("aho", 0), ("aho", 1), *(("hyper", seed) for seed in range(6))]
)
def test_what_an_added_line_touches_is_found_by_looking_near_it(engine: Engine, seed: int) -> None:
    chance = random.Random(seed)
    text = (FAR if seed % 2 else "\n\n").join(chance.sample(EXAMPLES, 24))
    # A word a line, so that a hit and its evidence stand in different ones.
    text = text.replace(" ", "\n") if seed % 2 == 0 else text
    lines = text.count("\n") + 1
    searched = matcher(engine, 1 << 18)
    everything = searched.find(from_text(text, "draft.md")).hits
    places = [hit.finding.place.line or 1 for hit in everything]
    met = 0
    for _ in range(12):
        first = chance.choice([chance.randrange(1, lines + 1), chance.choice(places)])
        added = ((first, first), (first + 5, first + 5 + seed % 2))
        document = from_text(text, "draft.md")._replace(added=added)
        is_added = additions(document)
        near = searched.find(document, None, added_spans(document))
        wanted = [h.finding for h in everything if is_added(h.finding)]
        assert [h.finding for h in near.hits if is_added(h.finding)] == wanted
        met += bool(wanted)
    assert met, "some line has a finding"


@pytest.mark.parametrize(("engine", "seed"), [("aho", 0), ("hyper", 1), ("hyper", 2)])
def test_in_a_long_text_only_the_neighbourhood_is_looked_at(engine: Engine, seed: int) -> None:
    chance = random.Random(seed)
    text = (FAR * 6).join(chance.sample(EXAMPLES, 20))
    text = text.replace(" ", "\n") if seed == 2 else text
    searched = matcher(engine, 1 << 18)
    everything = searched.find(from_text(text, "draft.md")).hits
    assert everything
    for hit in chance.choices(everything, k=16):
        first = max(1, (hit.finding.place.line or 1) + chance.choice([-1, 0, 0, 1, 2]))
        document = from_text(text, "draft.md")._replace(added=((first, first),))
        near, is_added = added_spans(document), additions(document)
        assert near is not None
        wanted = any(is_added(hit.finding) for hit in everything)
        touching = searched._may_touch(document, near)
        assert not wanted or touching is None or touching
        seen = [len(part.text) for window in searched._windows.of(document)
                for part in searched._near(window, near)]  # fmt: skip
        assert sum(seen) < len(text) / 2


def test_nothing_is_looked_for_where_nothing_is_added() -> None:
    document = from_text(EXAMPLES[0], "draft.md")
    assert matcher("hyper", 1 << 18).find(document, None, []).hits == ()


def test_a_heading_is_context_however_far_up_it_stands() -> None:
    rows = "".join(f"| {n} | sent | 4502{n:04} |\n" for n in range(60))
    text = (
        f"A table.\n\n| Row | State | Patient MRN |\n|---|---|---|\n{rows}\nAnd prose below it.\n"
    )
    assert len(found("hyper", text)) > 50
    agree(text)


ASKING = packs.Pack.from_toml(r"""
[pack]
name = "zq"
[[rule]]
id = "token"
title = "token"
severity = "high"
why = "It lets its holder in."
pattern = 'zqt_[a-f0-9]{6}'
keywords = ["zephyr"]
confidence = "high"
examples = ["zephyr zqt_0a1b2c"]
[[rule]]
id = "number"
title = "number"
severity = "high"
why = "It is a person's."
pattern = '\b[0-9]{7}\b'
near = { words = ["ward"], same = "document" }
confidence = { bare = "none", near = "high" }
examples = ["ward 1234567"]
""")


@pytest.mark.parametrize("word", ["zephyr", "ward", "Zephyr ward", ""])
@pytest.mark.parametrize("block", [40, 1 << 10])
def test_what_is_asked_of_all_of_a_document_is_told_in_other_windows(word: str, block: int) -> None:
    far = "Nothing of note. " * 300
    now = datetime(2026, 11, 23, tzinfo=UTC)
    for text in (f"{word}\n{far}zqt_0a1b2c and 1234567", f"zqt_0a1b2c and 1234567\n{far}{word}"):
        hits = [
            Matcher(ASKING.rules, now=now, parsed=ASKING.parsed, engine=engine, block=block)
            .find(from_text(text, "a.md"))
            .hits
            for engine in ("aho", "hyper")
        ]
        assert hits[0] == hits[1]
        assert len(hits[0]) == ("ephyr" in word) + ("ward" in word)


def test_a_sieve_that_is_kept_is_fetched_for_less_text_than_one_is_made_for(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    rule = next(r for r in RULES if r.id == "codenames/tlp")

    def fresh(shelf: Path) -> Matcher:
        now = datetime(2026, 11, 23, tzinfo=UTC)
        return Matcher([rule], now=now, shelf=str(shelf), public={rule.pattern})

    little, some, much = KEPT_FROM - 1, KEPT_FROM, SIFTED_FROM
    made = {}
    for when in ("before", "after"):
        for size in (little, some, much):
            one = fresh(tmp_path)
            one.prepare(size)
            made[when, size] = one.is_bulk
    assert [size for (when, size), bulk in made.items() if bulk and when == "before"] == [much]
    assert [size for (when, size), bulk in made.items() if bulk and when == "after"] == [some, much]
    elsewhere = fresh(tmp_path / "nowhere")
    elsewhere.prepare(some)
    assert not elsewhere.is_bulk
