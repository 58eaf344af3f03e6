"""Patterns written loosely: whatever the pattern matches, the expression meets a place inside it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leakguard import packs, patterns, views
from leakguard.engines import hyper
from leakguard.errors import PatternError
from leakguard.loose import ROUNDS, loosely, squeezed

RULES = [rule for name in packs.bundled() for rule in packs.resolve(name).rules if rule.pattern]

LOOKS = r"(?:\A|[\x00-\x2c\x2e\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\xff])ab(?:\z|[\x00-\x2e0-\xff])"
WRITTEN = {
    "a repeat at the end is as short as may be": (r"\bAB\d{2,9}", r"\bAB\d{2}"),
    "but not where an edge tells how long it is": (r"\bAB\d{2,8}\b", r"\bAB\d{2,8}\b"),
    "what may be missing at the end is": (r"ref(?: no)?", "ref"),
    "many rounds have no bound": (r"a[bc]{3,40}d", "a[bc]{3,}d"),
    "rounds at the end are as short as may be": (
        r"ab(?:, \d{2,9}){2,5}",
        r"ab(?:\x2c\x20\d{2,})\x2c\x20\d{2}",
    ),
    "what must stand at either end is asked for": (
        r"(?<=x: )ab(?= c)",
        r"(?:x\x3a\x20)ab(?:\x20c)",
    ),
    "and what must not, if it is one character": (r"(?<![\w-])ab(?!/|\.c)", LOOKS),
    "one of several things before it": (r"(?:(?<=x)|(?<=y)(?=ab))ab", r"(?:(?:x)|(?:y))ab"),
    "all else that is looked at is left out": (r"a(?!bc)d(?=e)f(?!gh)", "adf"),
    "but not the edge of a word": (r"x (?<![\w-])a\d(?!\w) y", r"x\x20\ba\d\b\x20y"),
    "line ends are asked for": (r"^ab$", "^ab$"),
    "those of the text are not": (r"\Aab\z", "ab"),
    "beyond ASCII all is alike": ("é[ü-ÿ]", r"[\x80-\xff][\x80-\xff]"),
    "a property is what it is in ASCII": (r"\p{Lu}x", r"[A-Z\x80-\xff]x"),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_how_it_is_written(name: str) -> None:
    source, expression = WRITTEN[name]
    assert loosely(source).expression == expression


PARTS = (
    "alpha", "Bravo", "é", " ", "-", r"\d{2,3}", "[ -]", "[A-F]", r"\b", "(?:x|yy)", "(?:x|yy){0,3}", "[^,]",
    r"[^,\n]{0,20}", r"(?<!\w)", r"(?![\w-])", "(?:a|é){1,2}", r"\p{Lu}", r"\w{1,9}", ".", "$", "^", r"\n", "x?",
    r"(?=\d)", r"(?<=[x ])", r"(?<=^| )", r"(?=,|$)", r"(?<!\s)", r"(?!\s|y)", r"(?<!yy)(?<!-)", r"(?:(?<!\w)|(?<=x))", r"(?:(?=\d)|(?!\w)(?!,))", r"(\w)\1", r"\s{1,3}", r"[a-z]{15,20}",
)  # fmt: skip
TEXTS = (
    "alpha", "ALPHA", "Bravo", "é", "É", " ", "-", "12", "345", "x", "yy", ",", "\n", "A", "aa", "_", "\u200b", "w" * 18,
)  # fmt: skip


@given(
    st.booleans(),
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=5),
    st.lists(st.sampled_from(TEXTS), max_size=9).map("".join),
    st.sampled_from(ROUNDS),
)
@settings(max_examples=500, deadline=None)
def test_it_meets_a_place_inside_every_match(
    ignore_case: bool, parts: list[str], text: str, rounds: int
) -> None:
    hyperscan = pytest.importorskip("hyperscan")
    source = "(?i)" * ignore_case + "".join(parts)
    try:
        parsed = patterns.parse(source)
    except PatternError:
        return
    shown = (views.lines_text if parsed.lines else views.plain_text)(text)
    written = loosely(source, rounds)
    try:
        database = hyper.Database.compile([(written.expression.encode(), written.caseless)])
    except hyperscan.error:
        return  # refused (it can never match): then the pattern itself is tried everywhere
    matches = list(patterns.find(patterns.compile(parsed), shown, 0, len(shown), parsed))
    for before, after in (b"", b""), (b"x\n\n", b"\n\nx"):  # by itself, and among others
        scanned = database.scan(before + squeezed(shown) + after)
        places = [end - len(before) for _, end in scanned]
        least, far = written.least, parsed.after
        assert all(any(s + least <= at <= e + far for at in places) for s, e in matches)


def test_every_bundled_pattern_can_be_written() -> None:
    assert all(loosely(rule.pattern).expression for rule in RULES)
