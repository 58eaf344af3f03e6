"""Context words: what is asked first never says no where the words themselves would be found."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakguard import context
from leakguard.model import Near
from leakguard.views import fold

WORDS = ("patient", "date of birth", "mrn", "ss#", "pre-tax", "file_id", "s", "%")
NEAR = context.compile_words(Near(words=WORDS))


@pytest.mark.parametrize(
    "text", ["the patients", "date_of-birth:", "mrn's", "ss#", "pre tax", "5 %"]
)
def test_words_stand_as_they_may_be_written(text: str) -> None:
    assert NEAR.stand_in(text)


@pytest.mark.parametrize("text", ["impatient", "date of day", "mrna", "css", "file id5", ""])
def test_within_other_words_they_do_not(text: str) -> None:
    assert not NEAR.stand_in(text)


@given(
    st.lists(st.sampled_from((*WORDS, *" -_x5é", "s", "'s", "’s", "  ", "\n")), max_size=7).map(
        "".join
    )
)
def test_what_the_pattern_finds_is_said_to_stand_there(text: str) -> None:
    assert NEAR.stand_in(text) or not list(NEAR.found(text, 0, len(text)))


@given(
    st.lists(st.sampled_from((*WORDS, *" -_x5é", "s", "'s", "of", "\n")), max_size=9).map("".join)
)
def test_words_that_stand_nowhere_make_no_difference(text: str) -> None:
    every = re.compile(
        "|".join(context._spelt(w) for w in sorted(WORDS, key=context._longest_first))
    )
    found = [match.span() for match in NEAR.found(text, 1, len(text))]
    assert found == [match.span() for match in every.finditer(text, 1)]


_NEAR = (
    st.lists(st.sampled_from([*"abs", " ", "-", "_", "é", "'"]), min_size=1, max_size=5)
    .map("".join)
    .filter(lambda word: any(map(str.isalnum, word)) and word == fold(word).strip())
)


@given(
    st.sets(_NEAR, min_size=1, max_size=8),
    st.text("abs é-_'’.", max_size=40),
    st.integers(0, 9),
    st.integers(0, 9),
)
def test_words_are_found_as_by_one_expression_of_all(
    words: set[str], text: str, first: int, left: int
) -> None:
    of_all = re.compile("|".join(map(context._spelt, sorted(words, key=context._longest_first))))
    found = context.Words(frozenset(), frozenset(words)).found(text, first, len(text) - left)
    expected = of_all.finditer(text, first, max(0, len(text) - left))
    assert [match.span() for match in found] == [match.span() for match in expected]
