"""Patterns as they are run: where a class may lead a match, few starts are tried."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakguard import patterns
from leakguard.patterns import Pattern, parse
from leakguard.programs import Programs

# Of each the lead, and what comes behind it.
LEADS = {
    "a lazy one": (r"[ab.]{0,5}?k=\d", 5, r"k\u003d[0-9]"),
    "a greedy one": (r"[ab.]{0,5}k=\d", 5, r"k\u003d[0-9]"),
    "of one character": (r"a{0,9}k", 9, "k"),
    "any case": (r"(?i)[ab]{0,5}?(k|b)=", 5, r"(?i)(k|b)\u003d"),
    "of any character": (r".{0,7}?k", 7, "k"),
    "one that must stand": (r"[ab.]{1,5}?k=\d", 0, ""),
    "one that gives nothing back": (r"[ab.]{0,5}+k=\d", 0, ""),
    "words": (r"(?:ab){0,5}?k=\d", 0, ""),
    "a boundary first": (r"\b[ab.]{0,5}?k=\d", 0, ""),
    "one of two alternatives": (r"[ab.]{0,5}?k=\d|b", 0, ""),
}


@pytest.mark.parametrize(("source", "lead", "rest"), LEADS.values(), ids=LEADS)
def test_what_leads(source: str, lead: int, rest: str) -> None:
    pattern = parse(source)
    assert pattern.lead == lead
    assert (patterns.unled(pattern).written if lead else "") == rest


LED = [
    r"[\w.]{0,6}?(?:ab|b|K)\s{0,2}=([ab1]{1,4})",
    r"[\w.]{0,6}(?:ab|b|K)\s{0,2}=([ab1]{1,4})",
    r"(?i)[\w.]{0,6}?(?:ab|k|\u017f)=(?:1|ab){1,3}\b",
    r"[ab]{0,4}?(?<=a)b{1,2}(?=\s|1|\z)",
    r"[ab]{0,4}b=",
    r".{0,6}?(a|b)=\1",
    r"[\w.]{0,3}?(?:[\w.]{0,3}?ab|b)=",
    r"[^=]{0,5}?=$",
    r"a{0,6}a=",
]
texts = st.lists(
    st.sampled_from([*"abkK1._ =\n", "ab=", "b =1", "k=ab", "\u017f=1", "\u212a=a", "aaaa", "xyz"]),
    max_size=60,
).map("".join)


@given(st.sampled_from(LED).map(parse), texts, texts, st.integers(0, 40), st.integers(0, 40))
def test_a_lead_changes_nothing(
    pattern: Pattern, before: str, after: str, first: int, left: int
) -> None:
    text = f"{before}{'- ' * 150}{after}"  # a few starts would be tried one by one
    last = len(text) - left
    programs = Programs({}, (), "")
    found = programs.matches(pattern, text, [(first, last)])
    compiled = patterns.compile(pattern)
    expected = patterns.matches(compiled, text, first, last, pattern)
    assert pattern.lead
    assert [match.regs for match in found] == [match.regs for match in expected]


def test_starts_beyond_the_text_are_none() -> None:
    programs = Programs({}, (), "")
    text = "ab=" + " " * 400
    found = programs.matches(parse("[ab]{0,4}b="), text, [(-900, 2_000)])
    assert [match.span() for match in found] == [(0, 3), (1, 3)]


def test_what_takes_too_long_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leakguard.programs.TIME_LIMIT", 0.000001)
    pattern = parse(r"[ab]{0,40}?(?:a|ab|b){1,400}(?:a|ab|b){1,400}=")
    with pytest.raises(TimeoutError):
        list(Programs({}, (), "").matches(pattern, "ab" * 3_000, [(0, 6_000)]))
