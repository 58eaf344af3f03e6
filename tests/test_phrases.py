"""Phrases: what they find, what they leave alone, and what is said of one that is none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakguard import packcheck, patterns, phrases
from leakguard.errors import PatternError
from leakguard.packs import Pack

LISTS = {
    "who": ("legal", "the client", "PR"),
    "hush": ("keep <who> quiet", "[please] say nothing"),
    "loop": ("a <loop>",),
    "broken": ("a (b",),
}


def hits(phrase: str, text: str, *, alone: bool = False) -> list[str]:
    """What the pattern of the phrase finds in the text, as a rule reports it."""
    compiled = patterns.compile(patterns.parse(phrases.compiled([phrase], LISTS, alone=alone)))
    found = (patterns.captured(match) for match in compiled.finditer(text))
    return [text[begin:end] for begin, end in found]


FOUND = {
    "words, in any case": ("do not share", "Do NOT share it", "Do NOT share"),
    "one of some": ("do not (share | pass on)", "do not pass on", "do not pass on"),
    "what may be missing, there": ("please [do] share", "please do share", "please do share"),
    "what may be missing, not there": ("please [do] share", "please share", "please share"),
    "missing at the beginning": ("[please] [do] share", "do share", "do share"),
    "missing at the end": ("share [it] [now]", "share it!", "share it"),
    "a group in what may be missing": ("share [(it | them) now]", "share them now", "share them now"),
    "a list": ("<who> said", "the client said", "the client said"),
    "a list's word with an s": ("<who> name", "the client's name", "the client's name"),
    "a list of phrases": ("<hush>", "Keep the client quiet", "Keep the client quiet"),
    "a list's phrase in the middle": ("but <hush> now", "but say nothing now", "but say nothing now"),
    "a number": ("<number> jobs", "1,200 jobs", "1,200 jobs"),
    "a number in words": ("<number> jobs", "twelve jobs", "twelve jobs"),
    "a number and its unit": ("<number> (% | mg)", "at 50mg", "50mg"),
    "a sum": ("pays <number>", "pays $1,200.50", "pays $1,200.50"),
    "a version in a gap": ("draft ...1 - secret", "Draft v0.3 - secret", "Draft v0.3 - secret"),
    "a gap": ("cut ... before", "cut the two names before", "cut the two names before"),
    "no gap": ("cut ... before", "cut before", "cut before"),
    "a comma where the gap is": ("cut ... before", "Cut, please, before", "Cut, please, before"),
    "a longer gap": ("cut ...6 now", "cut a b c d e f now", "cut a b c d e f now"),
    "an apostrophe": ("we don't know", "we don’t know", "we don’t know"),
    "an apostrophe forgotten": ("we don't know", "we dont know", "we dont know"),
    "a hyphen": ("sign-off", "sign-off", "sign-off"),
    "a hyphen written as a blank": ("sign-off", "sign off", "sign off"),
    "a hyphen written as nothing": ("sign-off", "signoff", "signoff"),
    "a mark": ("legal : (no | yes)", "Legal: no", "Legal: no"),
    "a question": ("is it public ?", "Is it public?", "Is it public?"),
    "quotes": ('say "maybe"', "say “maybe”", "say “maybe”"),
    "the part that is told": ("before {this goes out}", "before this goes out", "this goes out"),
    "at the start of a line": ("<start> internal note", "a\n> Internal note", "Internal note"),
    "at the start of a bracket": ("<start> internal note", "x [Internal note", "Internal note"),
    "before a mark": ("not public <end>", "It is not public, yet", "not public"),
    "before the end of a line": ("not public <end>", "It is not public\nyet", "not public"),
    "letters of other scripts": ("streng geheim für", "Streng geheim für uns", "Streng geheim für"),
}  # fmt: skip

LEFT_ALONE = {
    "a longer word": ("do not share", "do not shares"),
    "the end of a word": ("share it", "overshare it"),
    "another word between": ("do not share", "do not ever share"),
    "a gap over the end of a sentence": ("cut ... before", "We cut it. Then before"),
    "a gap that is too long": ("cut ...2 before", "cut it all out before"),
    "a plural of a short word": ("<hush>", "keep PRs quiet"),
    "a longer word of another script": ("geheim für über", "geheim für überall"),
    "the next line": ("do not share", "do not\nshare"),
    "not at the start": ("<start> internal note", "an internal note"),
    "not at the end": ("not public <end>", "not public transport"),
}


@pytest.mark.parametrize("name", FOUND)
def test_found(name: str) -> None:
    phrase, text, expected = FOUND[name]
    assert hits(phrase, text) == [expected]


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_left_alone(name: str) -> None:
    phrase, text = LEFT_ALONE[name]
    assert hits(phrase, text) == []


@pytest.mark.parametrize(
    "text",
    ["INTERNAL ONLY", "> **Internal only**", "# internal only", "<p>Internal only.</p>",
     "<!-- internal only -->", "| a | internal only | b |", "a\n  [Internal only]\nb"],
)  # fmt: skip
def test_alone_in_a_line_or_cell(text: str) -> None:
    assert len(hits("internal only", text, alone=True)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "It is internal only",
        "internal only for now",
        "x internal only",
        "- internal only",
        "\tinternal only",
    ],
)
def test_not_alone(text: str) -> None:
    assert not hits("internal only", text, alone=True)


@pytest.mark.parametrize(
    ("text", "count"),
    [("INTERNAL NOTES ONLY", 1), ("Internal notes only", 0), ("FOR 3RD PARTIES", 1)],
)
def test_capitals(text: str, count: int) -> None:
    lists = {"what": ["note"]}
    pattern = phrases.compiled(
        ["internal <what> only", "for <number> parties"], lists, capitals=True
    )
    assert len(patterns.compile(patterns.parse(pattern)).findall(text)) == count


REFUSED = {
    "nothing": ("", 0, "the phrase is empty"),
    "an open group": ("a (b | c", 2, '"(" is never closed'),
    "an open part that may be missing": ("a [b", 2, '"[" is never closed'),
    "an open part that is told": ("a {b", 2, '"{" is never closed'),
    "an open list": ("a <who b", 2, '"<" is never closed'),
    "a bracket that closes nothing": ("a b ]", 4, '"]" closes nothing'),
    "an empty alternative": ("a ( | b)", 4, "an alternative is empty"),
    "nothing that must be there": ("[a] [b]", 0, "all of it may be missing"),
    "nothing that must be there in a group": ("a ([b] | c)", 3, "all of it may be missing"),
    "a gap at the beginning": ("... a", 0, "a gap stands between two words"),
    "a gap at the end": ("a ...", 0, "a gap stands between two words"),
    "a gap before what may be missing": ("a ... [b]", 0, "a gap stands between two words"),
    "a gap of no words": ("a ...0 b", 2, "a gap is 1 to 12 words long"),
    "a gap of many words": ("a ...13 b", 2, "a gap is 1 to 12 words long"),
    "an unknown list": ("a <whom>", 2, 'no list of words is called "whom"'),
    "a list that takes itself": ("a <loop>", 2, '"a <loop>" of the list "loop": the list "loop" takes itself'),
    "a list with a broken phrase": ("a <broken>", 2, '"a (b" of the list "broken": "(" is never closed'),
    "a regular expression": ("ab.* c", 3, '"*" stands in no phrase'),
    "a class": (r"\bab", 0, '"\\" stands in no phrase'),
    "a start in the middle": ("a <start> b", 2, "<start> stands first in a phrase"),
    "an end in the middle": ("(a <end>) b", 3, "<end> stands last in a phrase"),
    "told twice": ("{a} {b}", 4, "{ } stands twice, or in a list"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    phrase, at, message = REFUSED[name]
    with pytest.raises(phrases.PhraseError) as caught:
        phrases.compiled(["fine", phrase], LISTS)
    assert (caught.value.phrase, caught.value.at, caught.value.message) == (1, at, message)
    assert caught.value.hint


WORD = st.sampled_from(["legal", "says", "don't", "sign-off", "no.", "x"])
PHRASE = st.recursive(
    WORD | st.just("<who>") | st.just("<number>"),
    lambda inner: (
        st.lists(inner, min_size=2, max_size=3).map(" ".join)
        | st.lists(inner, min_size=2, max_size=3).map(lambda some: f"({' | '.join(some)})")
        | st.tuples(inner, inner).map(lambda two: f"{two[0]} [{two[1]}] x")
        | st.tuples(inner, inner).map(lambda two: f"{two[0]} ...2 {two[1]}")
    ),
    max_leaves=6,
)


@given(PHRASE)
def test_every_phrase_is_a_pattern(phrase: str) -> None:
    assert patterns.parse(phrases.compiled([phrase], LISTS)).width > 0


def starts(some: list[str], text: str) -> set[int]:
    pattern = patterns.parse(phrases.compiled(some, LISTS))
    compiled = patterns.compile(pattern)
    return {match[0] for match in patterns.find(compiled, text, 0, len(text), pattern)}


@given(
    st.lists(PHRASE, min_size=2, max_size=4),
    st.lists(WORD | st.sampled_from(["the client's", "7,", "two"]), max_size=8).map(" ".join),
)
def test_phrases_find_together_what_each_finds(some: list[str], text: str) -> None:
    assert starts(some, text) == set().union(*(starts([one], text) for one in some))


@given(st.text(alphabet="ab ()[]{}<>|.'-*3", max_size=14))
def test_what_is_refused_says_where(text: str) -> None:
    refused = None
    try:
        patterns.parse(phrases.compiled([text], LISTS))
    except phrases.PhraseError as error:
        refused = error
    assert refused is None or (0 <= refused.at <= len(text) and refused.hint)


def test_lists_that_are_taken() -> None:
    assert phrases.taken(["a <hush> <number>"], LISTS) == {"hush", "who"}


def test_only_plain_words_are_for_near() -> None:
    assert phrases.is_plain("the client's")
    assert not any(map(phrases.is_plain, ["a | b", "[a]", "<who>", "a ... b"]))


def test_the_manual_s_rule_holds() -> None:
    manual = (Path(__file__).parent.parent / "docs/phrases.md").read_text(encoding="utf-8")
    [rule] = re.findall(r"^```toml\n(.*?)^```$", manual, re.M | re.S)
    pack = Pack.from_toml(f'[pack]\nname = "acme"\n{rule}', where="acme.toml")
    assert packcheck.check([pack])[0].problems == ()


def test_a_pattern_error_too() -> None:
    with pytest.raises(PatternError):
        phrases.compiled(["("], {})
