"""Patterns as they are written for `regex`: what is written finds the same, and tries less."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from leakguard import patterns
from leakguard.grammar import tree
from leakguard.writing import written

WRITTEN = {
    "what begins alike": ("cat|car|dog", "ca(?:t|r)|dog"),
    "the shorter word first": ("car|cart|dog", "car(?:|t)|dog"),
    "the longer word first": ("cart|car|dog", "car(?:t|)|dog"),
    "one word twice": ("car|dog|car", "car|dog"),
    "letters in both cases": ("(?i)cat|CAR|dog", "(?i)ca(?:t|R)|dog"),
    "a letter of another script": ("(?i)été|étang", "(?i)\\u00e9t(?:\\u00e9|ang)"),
    "alternatives in alternatives": ("a|(?:b|(?:c|d))", "a|b|c|d"),
    "in what is looked behind": ("(?<=cat|car)x", "(?<=cat|car)x"),
    "what goes one way": ("x{1,3}+a|x{1,3}+b", "x{1,3}+(?:a|b)"),
    "what goes several ways": ("x{1,3}a|x{1,3}b", "x{1,3}a|x{1,3}b"),
    "what is captured twice": ("(?=(a))a|(?=(a))b", "(?=(a))a|(?=(a))b"),
    "many alternatives": (
        "(?:ab|cd)x|[ef]g{2,3}|h?i|(?:jk)?lm|n",
        "(?=(?:[e-f]g|abx|cdx|hi|i|jklm|lm|n))(?:(?:ab|cd)x|[e-f]g{2,3}|h{0,1}i|(?:jk|)lm|n)",
    ),
    "what may be missing": ("a(?:b|c)?d", "a(?:b|c|)d"),
    "what is rather missing": ("a(?:b|c)??d", "a(?:|b|c)d"),
    "a capture that may be missing": ("a(b)?d", "a(?:(b)|)d"),
    "as few rounds as can be": ("a(?:b.){0,2}?d", "a(?:|(?:b.)(?:|(?:b.)))d"),
    "a mark that may stand between": (r"(?:[ -]?\d){3}", "(?:[0-9]|[\\u0020\\u002d][0-9]){3,3}"),
    "a mark that is a character too": (r"(?:[1-]?\d){3}", "(?:[\\u002d1]{0,1}[0-9]){3,3}"),
    "marks without case": ("(?i)[a'’]", "(?i)(?-i:[\\u0027Aa\\u2019])"),
    "many, and one that begins anyhow": (
        "(?:ab|cd)x|[ef]g|h?i|.{0,3}lm",
        "(?:ab|cd)x|[e-f]g|h{0,1}i|.{0,3}lm",
    ),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_written(name: str) -> None:
    source, expected = WRITTEN[name]
    assert written(tree(source)) == expected


def test_parts_are_looked_at_where_there_are_very_many() -> None:
    alternatives = "|".join(f"[{letter}1]{letter}{{2,3}}" for letter in "abcdefghijklmnop")
    assert written(tree(alternatives)).count("(?=") == 4


WORD = st.text(alphabet="abAB ", min_size=1, max_size=3)
PIECE = st.recursive(
    WORD
    | st.sampled_from(
        [
            "[ab]",
            "a?",
            "b{1,2}",
            "(a)",
            r"\b",
            "b{0,2}+",
            "(?:[B ]?a){2}",
            "(?:b?b){1,2}",
            "(?:a )??",
            "(?:b|a){0,2}?",
            "(?=a)",
            "(?!b)",
            ".",
        ]
    ),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map("".join)
        | st.lists(inner, min_size=2, max_size=9).map(lambda some: f"(?:{'|'.join(some)})")
        | inner.map(lambda one: f"(?:a{one})?")
        | inner.map(lambda one: f"(?<={one}c)")
    ),
    max_leaves=24,
)


@given(
    st.lists(PIECE, min_size=1, max_size=16).map("|".join),
    st.booleans(),
    st.text(alphabet="abcAB ", max_size=12),
)
def test_it_finds_and_captures_what_the_pattern_does(source: str, folds: bool, text: str) -> None:
    source = "(?i)" * folds + f"(?:{source})c"
    compiled = patterns.compile(written(tree(source)))
    plain = regex.compile(source, regex.VERSION0 | regex.ASCII | regex.MULTILINE)
    found, expected = (
        [m.regs for m in p.finditer(text, overlapped=True)] for p in (compiled, plain)
    )
    assert found == expected
