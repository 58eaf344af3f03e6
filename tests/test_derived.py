"""Derived views: names that markup, codes, line ends or look-alike digits hide."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakguard import derived
from leakguard.matcher import Matcher
from leakguard.packs import Pack
from leakguard.readers import from_text

PACK = Pack.from_toml(
    '[pack]\nname = "p"\n[[rule]]\nid = "r"\ntitle = "t"\nwhy = "w"\nseverity = "high"\n'
    'match = "loose"\nterms = ["Blue Heron", "Zqsaffron", "Zqosprey Ridge", "Zqi"]\n'
)
MATCHER = Matcher(PACK.rules, now=datetime(2026, 11, 23, tzinfo=UTC))


def found(text: str) -> list[str]:
    hits = MATCHER.find(from_text(text, "a.md")).hits
    return [text[hit.finding.span.start : hit.finding.span.end] for hit in hits]


HIDDEN = {
    "percent-encoded space": ("/blue%20heron/", ["blue%20heron"]),
    "percent-encoded letters": ("/%42lue-%48eron", ["%42lue-%48eron"]),
    "percent-encoded hyphen": ("?q=blue%2Dheron&p", ["blue%2Dheron"]),
    "unicode escapes": ("'\\u0042lue\\u0020Heron'", ["\\u0042lue\\u0020Heron"]),
    "hexadecimal escapes": ("'\\x42lue Heron'", ["\\x42lue Heron"]),
    "braced escapes": ("'\\u{42}lue Heron'", ["\\u{42}lue Heron"]),
    "emphasis on one word": ("the Blue **Heron** team", ["Blue **Heron"]),
    "emphasis inside a word": ("the **Zqsaf**fron team", ["Zqsaf**fron"]),
    "underscores round a word": ("the _Blue_ Heron team", ["Blue_ Heron"]),
    "strike-through inside": ("Blue H~~e~~ron", ["Blue H~~e~~ron"]),
    "code between": ("`Blue` `Heron`", ["Blue` `Heron"]),
    "tags inside a word": ("Blue <b>He</b>ron", ["Blue <b>He</b>ron"]),
    "tags with attributes": ('Blue <span class="x">Heron</span>', ['Blue <span class="x">Heron']),
    "a word break": ("Zqsaf<wbr>fron", ["Zqsaf<wbr>fron"]),
    "a link on one word": ("the [Blue](https://example.com) Heron", ["Blue](https://example.com) Heron"]),
    "hyphenated at a line end": ("the Blue He-\nron flies", ["Blue He-\nron"]),
    "hyphenated with a comment mark": ("// Zqsaf-\n// fron", ["Zqsaf-\n// fron"]),
    "hyphenated between words": ("the Blue-\n  Heron flies", ["Blue-\n  Heron"]),
    "letters apart": ("the B L U E   H E R O N", ["B L U E   H E R O N"]),
    "letters apart with dots": ("Z.q.s.a.f.f.r.o.n", ["Z.q.s.a.f.f.r.o.n"]),
    "leetspeak": ("zq05pr3y r1dg3", ["zq05pr3y r1dg3"]),
    "leetspeak with signs": ("Zq$@ffron", ["Zq$@ffron"]),
    "leetspeak of short terms stays": ("Zq1 and 8lu3", []),
    "table cells are not joined": ("<td>Blue</td><td>Heron</td>", []),
    "paragraphs are not joined": ("Blue-\n\nHeron", []),
    "a longer word stays whole": ("**Zqsaf**fronville", []),
    "broken codes stay": ("blue%ZZheron %C3%28", []),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), HIDDEN.values(), ids=HIDDEN.keys())
def test_hidden_names(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize("make", [make for make, _ in derived.MAKERS.values()], ids=derived.MAKERS)
def test_plain_prose_has_no_derived_view(make: object) -> None:
    assert make("Nothing is hidden here, in 2026 or later.") is None  # type: ignore[operator]


PIECES = [*"ab1 \n-.", "%20", "%C3%A9", "\\u0041", "**", "_", "<b>", "</b>", "[a](x)", "e-\nf", "A B C D",
          "0a", "a1b", "\u200b", "&nbsp;", "\u00e9"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_every_piece_has_a_way_home(text: str) -> None:
    for make, _ in derived.MAKERS.values():
        view = make(text)
        if view is None:
            continue
        last = position = 0
        while position < len(view.text):
            start, end, source_start, source_end = view.piece(position)
            assert start == position < end
            assert last <= source_start < source_end <= len(text)
            last, position = source_end, end
