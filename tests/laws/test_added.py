"""Contract: what is told of a change's own lines is what is told of them among all others.

Where commits are judged one by one, old findings are neither looked at nor told; that must change
nothing of what is told of new ones: not even their fingerprints, which number equal ones.
"""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import leakguard
from leakguard.model import Blob, Origin, Verdict
from leakguard.scan import Guard
from leakguard.verdict import NOT_ADDED

TERMS = """
[pack]
name = "acme"
[[rule]]
id = "unreleased"
title = "unreleased project name"
severity = "high"
terms = ["Blue Heron", "Osprey"]
why = "It has not been announced."
[[rule]]
id = "badge"
title = "badge"
severity = "high"
pattern = 'B-[0-9]{4}'
samples = ["B-0000"]
confidence = "high"
why = "It opens a door."
examples = ["B-1234"]
[[rule]]
id = "badges"
title = "many badges"
severity = "high"
pattern = 'C-[0-9]{4}'
count = { at_least = 2, escalate = 3, to = "critical" }
confidence = "high"
why = "They open doors."
examples = ["C-1234 C-1235"]
[[rule]]
id = "badge-of-a-bird"
title = "both"
severity = "critical"
of = { all = ["acme/badge", "acme/unreleased"], same = "document" }
why = "Both together tell more."
examples = ["B-1234 of Osprey"]
[[rule]]
id = "badge-alone"
title = "a badge without cover"
severity = "high"
pattern = 'D-[0-9]{4}'
requires = { none = ["acme/unreleased"], same = "document" }
confidence = "high"
why = "Nothing covers it."
examples = ["D-1234"]
"""
LINES = [
    "the launch of Blue Heron is near", "the launch of blue_heron is near", "launch of Osprey now",
    "badge B-1234 for the door", "badge B-4321 for the door", "Badge B-1111 for the door", "badge B-0000 for the door",
    "B-9876", "- B-9876", "a C-1234 and", "a C-9999 and", "a C-4711 and", "see D-1234 there",
    "patient MRN 45021234 was seen", "patient MRN 45029876 was seen", "DEA number AB1234563 of the clinic",
    "nothing of note", "nothing else", "", "| name | MRN |", "|---|---|", "| x | 45021234 |", "the launch of",
    "is near the door", "Blue Heron",
]  # fmt: skip
PACK = leakguard.Pack.from_toml(TERMS)


@pytest.fixture(scope="module", params=["aho", "hyper"])
def guard(request: pytest.FixtureRequest) -> Guard:
    return leakguard.compile([PACK, "healthcare"], engine=request.param)


def told(
    guard: Guard, text: str, added: tuple[tuple[int, int], ...], *, old: bool
) -> list[Verdict]:
    origin = Origin("commit", "draft.md")
    blob = Blob(
        origin, lambda: BytesIO(text.encode()), added=added, published="draft.md", before="draft.md"
    )
    verdicts = guard.screen([blob], old=old).verdicts
    return [v for v in verdicts if v.reason != NOT_ADDED and v.action in ("block", "warn")]


@given(
    st.lists(st.sampled_from(LINES), min_size=1, max_size=24),
    st.sets(st.integers(1, 24), min_size=1),
)
@settings(max_examples=120, deadline=None)
def test_new_lines_are_told_as_among_all(guard: Guard, lines: list[str], numbers: set[int]) -> None:
    text = "\n".join(lines) + "\n"
    added = tuple((number, number) for number in sorted(numbers))
    assert told(guard, text, added, old=False) == told(guard, text, added, old=True)


def test_equal_ones_are_numbered_among_the_old(guard: Guard) -> None:
    text = "badge B-1234 for the door\n\nnothing of note\n\n" * 3 + "badge B-4321 for the door\n"
    (new,) = (
        v for v in told(guard, text, ((13, 13),), old=False) if v.finding.rule == "acme/badge"
    )
    assert new.mark.occurrence == 4
