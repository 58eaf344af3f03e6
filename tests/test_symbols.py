"""Symbols: what stands wherever a pattern matches, and that it does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leakguard import packs, patterns, symbols, views
from leakguard.model import Rule

RULES = [rule for name in packs.bundled() for rule in packs.resolve(name).rules if rule.pattern]

SHAPES = {
    "the greater part of a pattern": (r"\b\d{3}-\d{2}\b", (r"\b\d\d\d\-\d\d",)),
    "either case": (r"(?i)\bab\d", (r"\b[Aa][Bb]\d",)),
    "one of each choice": (
        r"(?<!\w)(?:alpha tango|bravo)(?!\w)", (r"\balpha\x20tango\b", r"\bbravo\b"),
    ),
    "a line end may be two characters": (r"ab\ncd", (r"ab\n{1,2}c",)),
    "what is rarest": (r"[a-z]{3}.{0,9}\d{7}", (r"\d\d\d\d\d\d\d",)),
    "none where it is found too often": (r"[a-z]{3,8}", ()),
    "none where one choice has none": (r"(?:\d{9}|\w{2,40})", ()),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_what_is_found_in_every_match(name: str) -> None:
    pattern, shapes = SHAPES[name]
    assert symbols.shapes(pattern) == shapes


def test_rare_words_are_rarer() -> None:
    assert symbols.share_of(["the"]) > symbols.share_of(["patient"])
    assert symbols.share_of(["patient"]) > symbols.share_of(["neurostimulator"])


def holds(shapes: tuple[str, ...], text: str) -> bool:
    data = text.replace("\t", " ").encode("utf-8", "surrogatepass")
    return any(re.search(shape.encode(), data) for shape in shapes)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_example_holds_a_shape_of_its_pattern(rule: Rule) -> None:
    shapes = symbols.shapes(rule.pattern)
    parsed = patterns.parse(rule.pattern)
    compiled = patterns.compile(parsed)
    for example in rule.examples if shapes else ():
        shown = (views.lines_text if parsed.lines else views.plain_text)(example)
        assert holds(shapes, shown) or not compiled.search(shown)


@given(
    st.lists(
        st.sampled_from(
            ["alpha", "Bravo", "12", "345", " ", "-", "?", r"\d{2,3}", "[ -]", "[A-F]", r"\b"]
        ),
        min_size=1,
        max_size=6,
    ),
    st.lists(
        st.sampled_from(
            ["alpha", "Bravo", "12", "345", " ", "-", "\n", "\n// ", "A", "C", " \r\n", "\u200b"]
        ),
        max_size=10,
    ),
)
@settings(max_examples=300, deadline=None)
def test_wherever_a_pattern_matches(pieces: list[str], text: list[str]) -> None:
    source = "".join(p for p in pieces if p != "?")
    try:
        parsed = patterns.parse(source)
    except Exception:  # not in the subset: nothing to promise
        return
    shapes = symbols.shapes(source)
    shown = (views.lines_text if parsed.lines else views.plain_text)("".join(text))
    if shapes and patterns.compile(parsed).search(shown):
        assert holds(shapes, shown)
