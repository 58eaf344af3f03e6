"""Triggers: what stands wherever a pattern matches, and that it does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leakguard import packs, patterns, triggers, views
from leakguard.model import Rule

RULES = [rule for name in packs.bundled() for rule in packs.resolve(name).rules if rule.pattern]


@pytest.mark.parametrize(
    ("pattern", "quick"),
    [
        (r"(?i)\bmember number \d{9}\b", {"MEMBER NUMBER", "MEMBER\n", "MEMBER \n", "MEMBER  "}),
        (r"^member numbers \d{9}$", {"member numbers"}),  # its view keeps line ends
        (r"\b\d{3}-\d{2}-\d{4}\b", {triggers.RUN}),
        (r"\b\d{3}[ -]\d{2}[ -]\d{4}\b", {triggers.RUN, triggers.CUT}),
        (r"\bCUI//SP", {"CUI//SP"}),
        (r"[a-z]{3,8}", set()),
        (r"\w{2,40}", set()),
    ],
)
def test_what_is_looked_for(pattern: str, quick: set[str]) -> None:
    found = triggers.branches(pattern)
    assert {trigger.quick for branch in found for trigger in branch.triggers} == quick


def test_a_choice_at_the_end_of_edges_is_one_of_branches() -> None:
    found = triggers.branches(r"(?<!\w)(?:alpha tango|bravo kilo)(?!\w)")
    assert len(found) == 2


def test_rare_words_are_rarer() -> None:
    assert triggers.share_of(["the"]) > triggers.share_of(["patient"])
    assert triggers.share_of(["patient"]) > triggers.share_of(["neurostimulator"])


def holds(branch: triggers.Branch, text: str) -> bool:
    """Whether a trigger of `branch` stands in `text`."""
    data = views.cleaned(text).text.encode().translate(bytes.maketrans(b"\t\r", b" \n"))

    def met(trigger: triggers.Trigger) -> bool:
        if trigger.kind == "shape":
            both = [trigger.quick, trigger.exact] if trigger.exact else [trigger.quick]
            return all(re.search(e.encode(), data) for e in both)
        written = re.escape(trigger.quick).encode()
        flags = re.I if trigger.kind == "caseless" else 0
        edges = rb"\b" * trigger.before, rb"\b" * trigger.after
        return bool(re.search(edges[0] + written + edges[1], data, flags))

    return any(map(met, branch.triggers))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_example_holds_what_its_pattern_is_looked_for_by(rule: Rule) -> None:
    found = triggers.branches(rule.pattern)
    compiled = patterns.compile(patterns.parse(rule.pattern))
    for example in rule.examples:
        for make in (views.plain, views.lines):
            if compiled.search(make(example).text) and found:
                assert any(holds(branch, example) for branch in found)


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
    found = triggers.branches(source)
    joined = "".join(text)
    view = views.lines(joined) if parsed.lines else views.plain(joined)
    if found and patterns.compile(parsed).search(view.text):
        assert any(holds(branch, joined) for branch in found)
