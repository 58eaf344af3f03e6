"""RE2's patterns in our subset: how each construct is written, and that it matches the same."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from leakguard.errors import PatternError
from leakguard.patterns import compile, find, parse
from leakguard.re2 import translate

WRITTEN = {
    "literals and marks": (r"a\.b-c_{d}]", r"a\.b-c_\{d\}\]"),
    "no vertical tab is space": (r"a\s", r"a[\t\n\f\r ]"),
    "all but space": (r"\Sa", r"[^\t\n\f\r ]a"),
    "any character of the line": ("a.", r"a[^\n]"),
    "any character": ("(?s)a.", r"(?!\A\z)a[\s\S]"),
    "a class of everything": (r"a[\s\S-]", r"(?!\A\z)a[\s\S]"),
    "the text's ends": ("^a$", r"\Aa\z"),
    "the lines' ends": ("(?m)^a$", "^a$"),
    "any case": ("(?i)ab1", "(?i)ab1"),
    "any case from here on": ("a(?i)b", "a[Bb]"),
    "any case in a group": ("a(?i:b)c", "a(?:[Bb])c"),
    "not any case in a group": ("(?i)a(?-i:b)", "[Aa](?:b)"),
    "any case up to the group's end": ("(?:(?i)a)b", "(?:[Aa])b"),
    "case that matters to nothing": ("(?i)1(?-i:2)", "1(?:2)"),
    "k and s beyond ASCII": ("(?i)k(?-i:a)", "[Kk\u212a](?:a)"),
    "endless": ("ab+", "ab{1,1000}"),
    "endless and empty": ("ab*", "ab{0,1000}"),
    "endless from a bound": ("ab{3,}", "ab{3,1000}"),
    "lazy": ("ab+?c", "ab{1,1000}?c"),
    "lazy by a flag": ("(?U)ab+b{2}?c", "ab{1,1000}?b{2}c"),
    "a block": (r"a[\s\S]*?b", r"(?!\A\z)a[\s\S]{0,6000}?b"),
    "braces that are no repeat": ("a{,5}{x}{", r"a\{,5\}\{x\}\{"),
    "no rounds": ("ab{0}c", "ac"),
    "an empty alternative at the end": ("a(?:b|)", "a(?:(?:b)?)"),
    "an empty alternative at the start": ("a(?:|b)", "a(?:(?:b)??)"),
    "an empty group": ("a()b", "ab"),
    "named groups": ("(?P<x>a)(?<y>b)", "(a)(b)"),
    "quoted": (r"\Qa.b\E+", r"a\.b{1,1000}"),
    "codes": (r"\x41\x{42}\103\n\a", r"ABC\n\x07"),
    "POSIX classes": ("[[:alnum:]_]{2}", r"[0-9A-Z_a-z]{2}"),
    "a negated POSIX class": ("[[:^digit:]]", r"[\x00-/:-\U0010ffff]"),
    "a bracket that comes first": ("[]a]", r"[\]a]"),
    "shorthands in a class": (r"[\w.-]", r"[\w\-.]"),
    "properties": (r"\pL[\P{Greek}a]", r"\p{L}[\P{Greek}a]"),
    "no property": (r"\P{^L}", r"\p{L}"),
    "a space is no soft wrap": ("a b", r"(?!\A\z)a b"),
    "nor in one of two": ("a b|c", r"(?!\A\z)(?:a b|c)"),
    "not a quotation mark": ('a[^"]', r'(?!\A\z)a[^"]'),
}  # fmt: skip


@pytest.mark.parametrize(("source", "ours"), WRITTEN.values(), ids=WRITTEN.keys())
def test_written(source: str, ours: str) -> None:
    assert translate(source).pattern == ours


def test_only_the_group_that_is_asked_for_captures() -> None:
    assert translate("(a)(b)", 2).pattern == "(?:a)(b)"
    assert translate("(a)(b)").groups == 2


def test_the_bound_is_as_large_as_the_whole_allows() -> None:
    nested = translate("(?:a+b+){9}c*")
    assert nested.cap == 210
    assert parse(nested.pattern).width <= 4000
    assert translate("a{1,3}").cap is None


REFUSED = {
    "nothing": "",
    "what can be empty": "a*",
    "an empty branch": "a|",
    "two empty alternatives": "a(?:||b)",
    "an empty one in the middle": "a(?:b||c)",
    "an open bracket": "a(b",
    "an open class": "a[b",
    "a closing bracket": "a)",
    "nothing to repeat": "a|*b",
    "a repeat of a repeat": "a**",
    "too many rounds": "a{1001}",
    "bounds the wrong way round": "a{3,2}",
    "a repeated position": "a(?:^)+",
    "a back-reference": r"(a)\1",
    "a byte": r"\C",
    "a letter that means nothing": r"\y",
    "the old end": r"a\Z",
    "look-ahead": "a(?=b)",
    "a comment": "a(?#b)",
    "an unknown flag": "(?x)a",
    "an unknown property": r"\p{Klingon}",
    "an unknown POSIX class": "[[:klingon:]]",
    "a range the wrong way round": "[b-a]",
    "too deep": "(" * 26 + "a" + ")" * 26,
    "too wide": "(?:a{100}){100}",
    "an endless one too wide": "(?:a{1000}){3}a{1000,}b{1000,}",
}


@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED.keys())
def test_refused(source: str) -> None:
    with pytest.raises(PatternError) as caught:
        translate(source)
    assert caught.value.message


# ── the law: it matches what Python's own module matches, where the two mean the same ────────────

ATOMS = ["a", "B", "k", "7", " ", "-", "[ab]", "[^a]", "[^\\d-]", r"\w", r"\d", r"\S", r"\W", ".", "[a-cX]"]  # fmt: skip
POSITIONS = ["^", "$", r"\b", r"\B"]
REPEATS = ["", "", "", "?", "{2}", "{0,2}", "{1,3}?", "*", "+", "+?", "??"]


def compounds(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def joined(parts: list[str]) -> str:
        return "".join(parts)

    def grouped(parts: tuple[str, list[str], str]) -> str:
        opening, branches, repeat = parts
        return f"{opening}{'|'.join(branches)}){repeat}"

    groups = st.tuples(
        st.sampled_from(["(", "(?:", "(?i:", "(?-i:", "(?s:"]),
        st.lists(inner, min_size=1, max_size=2),
        st.sampled_from(REPEATS),
    ).map(grouped)
    return st.lists(inner | groups | st.sampled_from(POSITIONS), min_size=1, max_size=3).map(joined)


atoms = st.builds(str.__add__, st.sampled_from(ATOMS), st.sampled_from(REPEATS))
sources = st.builds(
    str.__add__, st.sampled_from(["", "", "(?i)", "(?m)"]), st.recursive(atoms, compounds, max_leaves=6)
)  # fmt: skip


@given(sources, st.text(alphabet="aAbBcXkK7 -\n_", max_size=12))
def test_matches_are_those_of_the_source(source: str, text: str) -> None:
    try:
        pattern = parse(translate(source).pattern)
        oracle = re.compile(
            source.replace("$", r"\Z") if "(?m)" not in source else source, re.ASCII
        )
    except (PatternError, re.error):
        assume(False)
    ours = [
        (start, end) for start, end in find(compile(pattern), text, 0, len(text), pattern)
    ]  # fmt: skip
    theirs = [m.span() for n in range(len(text) + 1) if (m := oracle.match(text, n)) and m[0]]
    assert ours == theirs


@given(st.text(alphabet=r"ab1(?:|)[]^$-\dwpQE{,3}*+!=<>Pi.x ", max_size=14))
def test_any_source_is_written_or_refused(source: str) -> None:
    try:
        parse(translate(source).pattern)
    except PatternError:
        return
