"""Needs: wherever a pattern matches, what it is looked for by leads there."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leakguard import needs, packs, patterns, ready, views
from leakguard.model import Rule
from leakguard.pieces import Pieces, Table

BUNDLED = [packs.resolve(name) for name in packs.bundled()]
RULES = [(pack, rule) for pack in BUNDLED for rule in pack.rules if rule.pattern]


@pytest.mark.parametrize(
    ("pattern", "keys"),
    [
        (r"(?i)\bmember number \d{9}\b", {"member number 000000000"}),
        (r"\b\d{3}-\d{2}-\d{4}\b", {"000-00-0000"}),
        (r"\b\d{3}[ -]\d{2}\b", {"000 00", "000-00"}),
        (r"\bCUI//SP", {"cui//s"}),
        (r"^member numbers \d{9}$", {"member"}),  # a wrap may take a line's spaces
        (r"^// ?\d{1,3}\. ", set()),  # and so are marks
        (r"(?:alpha|bravo) [A-Z]{3}", {"alpha ", "bravo "}),
        (r"[a-z]{3,8}", set()),
        (r"é{4}", set()),
    ],
)
def test_what_is_looked_for(pattern: str, keys: set[str]) -> None:
    assert set(needs.of(pattern).keys) == keys


@pytest.mark.parametrize(
    "text", ["Member No.\t4711", "ſtraße İı K \u2003É", "Ωmega 0123456789", "", "ǅ ﬁ"]
)
def test_folding_keeps_every_place(text: str) -> None:
    spelt = needs.folded(text)
    assert len(spelt) == len(text)
    assert not set(spelt) & set("123456789\tABCDEFGHIJKLMNOPQRSTUVWXYZ")


def starts(pattern: patterns.Pattern, text: str) -> list[int]:
    """All places in a view at which the pattern matches."""
    found = patterns.find(patterns.compile(pattern), text, 0, len(text), pattern)
    return [start for start, _ in found]


def leads(pattern: patterns.Pattern, text: str) -> None:
    """Whole, and piece by piece, the needs lead to every match; and its keys stand there."""
    view = views.lines(text) if pattern.lines else views.plain(text)
    found = starts(pattern, view.text)
    if not found:
        return
    plain = needs.folded(views.plain_text(text))
    if pattern.needs:
        table = Table(ready.table([pattern.needs]))
        met = ready.met(table, Pieces(plain)).get(0, [])
    else:
        met = []
    first_of_all(pattern, view.text, met)
    for seen in (needs.Seen(view.text), needs.Seen(view.text, Pieces(plain))):
        leads_there(seen, pattern, found)
    keys = pattern.needs.keys if pattern.needs else ()
    assert not keys or any(key in plain for key in keys)


def first_of_all(pattern: patterns.Pattern, text: str, met: list[int]) -> None:
    """Alternatives that may stand there, tried one by one, give what the whole pattern gives."""
    if not pattern.needs:
        return
    seen = needs.Seen(text)
    whole = patterns.matches(patterns.compile(pattern), text, 0, len(text), pattern)
    ways = [
        [
            match
            for first, last in starts
            for match in patterns.matches(
                patterns.compile(written or pattern), text, first, last, pattern
            )
        ]
        for written, starts in (seen.ways(pattern, (), met) if met else {}).items()
    ]
    told = [(match.span(), patterns.captured(match)) for match in patterns.first_of(ways or [[]])]
    assert told == [(match.span(), patterns.captured(match)) for match in whole]


def leads_there(seen: needs.Seen, pattern: patterns.Pattern, found: list[int]) -> None:
    """All of a text, and piece by piece, what is seen leads to what was found."""
    size = len(seen.text)
    pieces = [(at, min(at + 6, size)) for at in range(0, size + 1, 7)]
    for ranges in ([(0, size)], pieces, *([(start, start)] for start in found)):
        led = seen.starts(pattern, ranges)
        inside = [s for s in found if any(low <= s <= high for low, high in ranges)]
        assert all(any(low <= start <= high for low, high in led) for start in inside)


@pytest.mark.parametrize(("pack", "rule"), RULES, ids=[rule.id for _, rule in RULES])
def test_on_every_example(pack: packs.Pack, rule: Rule) -> None:
    pattern = pack.pattern(rule.pattern)._replace(needs=needs.of(rule.pattern))
    for example in rule.examples:
        for text in (example, f"caf\u00e9 {example}\u200b", example.replace(" ", "\n// ")):
            leads(pattern, text)


ALTERNATIVES = [
    "(?:alpha|bravo 12|1)", "a|(b)|ab", "(?i)(?:(a)b|a(b)|[ab]c?)", r"\b(?:(x|yy)|1\d|(?:k|kk)\b)",
    "(?:a|(?:1|(?:yy|y)))(?!b)", r"(?:x|(y)\1)x?|k", "(?<=a)(?:1|12)|12|(?P<x>345|3)", "(a|(12)|b)",
]  # fmt: skip


@given(
    st.sampled_from(ALTERNATIVES),
    st.lists(st.sampled_from(["a", "b", "c", "x", "yy", "12", "3", "45", "k", " ", "alpha ", "é"])),
)
def test_alternatives_one_by_one_are_the_whole(source: str, text: list[str]) -> None:
    pattern = patterns.parse(source)._replace(needs=needs.of(source))
    assert pattern.needs
    assert len(pattern.needs.branches) > 1
    leads(pattern, "".join(text))


@given(
    st.lists(
        st.sampled_from(
            ["alpha", "Bravo", "12", "345", " ", "-", r"\d{2,3}", "[ -]", "[A-F]", r"\b", "(?i)",
             "^", "$", "(?:x|yy)", "k{1,2}", "[^a]", "//", "[1-3]", "|", r"(?<!\w)", r"(?!\w)", "é"]
        ),
        min_size=1,
        max_size=6,
    ),
    st.lists(
        st.sampled_from(
            ["alpha", "Bravo", "BRAVO", "12", "345", " ", "-", "\n", "\n// ", "A", "C", " \r\n",
             "\u200b", "x", "yy", "\u212a", "kk", "//", "é", "e\u0301", "\u0663", "\t", "&nbsp;"]
        ),
        max_size=10,
    ),
)  # fmt: skip
@settings(max_examples=600, deadline=None)
def test_wherever_a_pattern_matches(pieces: list[str], text: list[str]) -> None:
    source = "".join(sorted(pieces, key=lambda piece: piece != "(?i)"))
    try:
        pattern = patterns.parse(source)
    except Exception:  # not in the subset: nothing to promise
        return
    leads(pattern._replace(needs=needs.of(source)), "".join(text))
