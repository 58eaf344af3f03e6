"""Pieces: what a table leads to in a text is what stands there, whatever the text and the keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakguard import pieces
from leakguard.engines import aho
from leakguard.pieces import Pieces, Table

Target = tuple[int, str]
LETTERS = "abCŤé0 1.-\t\x00ſK日"
TEXTS = st.text(st.sampled_from(LETTERS), max_size=40)
KEYS = st.lists(
    st.tuples(st.text(st.sampled_from("abé0 .-日"), min_size=1, max_size=7), st.booleans()),
    max_size=12,
    unique=True,
)


def hits(keys: list[tuple[str, bool]], text: str, *, tabled: bool) -> set[tuple[int, int, Target]]:
    rows: list[pieces.Row] = [(k, s, ((at, "x"),)) for at, (k, s) in enumerate(keys)]
    targets = {k: [t] for k, s, (t,) in rows if not s}
    shapes = {k: [t] for k, s, (t,) in rows if s}
    table = Table(pieces.table(rows, len))
    made = (
        aho.Nominator[Target]({}, {}, [(table, lambda index, kind: (index, kind))])
        if tabled
        else aho.Nominator(targets, shapes)
    )
    return {(start, end, t) for start, end, wanted in made.hits(text) for t in wanted}


@given(KEYS, TEXTS)
def test_a_table_leads_where_an_automaton_does(keys: list[tuple[str, bool]], text: str) -> None:
    assert hits(keys, text, tabled=True) == hits(keys, text, tabled=False)


@given(KEYS, st.lists(TEXTS, max_size=4))
def test_it_is_so_when_there_is_much_text(keys: list[tuple[str, bool]], texts: list[str]) -> None:
    long = "a.b0 " * (aho.SHORT // 5)
    rows: list[pieces.Row] = [(k, s, ((at, "x"),)) for at, (k, s) in enumerate(keys)]
    table = Table(pieces.table(rows, len))
    nominator = aho.Nominator[Target]({}, {}, [(table, lambda index, kind: (index, kind))])
    for text in (*texts, long, *texts):
        found = {(s, e, t) for s, e, wanted in nominator.hits(text) for t in wanted}
        if text is not long:
            assert found == hits(keys, text, tabled=False)


def test_hits_come_in_the_order_of_their_ends() -> None:
    rows: list[pieces.Row] = [("bc", False, ((0, "x"),)), ("abcd", True, ((1, "x"),))]
    table = Table(pieces.table(rows, len))
    nominator = aho.Nominator[Target]({}, {}, [(table, lambda index, kind: (index, kind))])
    ends = [end for _, end, _ in nominator.hits("abcd abcd")]
    assert ends == sorted(ends) == [3, 4, 8, 9]


def test_what_nobody_means_is_no_hit() -> None:
    table = Table(pieces.table([("bc", False, ((0, "x"), (1, "y")))], len))
    nominator = aho.Nominator[str]({}, {}, [(table, lambda _, kind: kind if kind == "y" else None)])
    assert list(nominator.hits("abc")) == [(1, 3, ["y"])]


@pytest.mark.parametrize("text", ["", "a", "abc", "wxyz", "ab\u2003cdef", "0000"])
def test_every_piece_of_a_text_is_known(text: str) -> None:
    seen = Pieces(text)
    for width in (4, 3, 2):
        for at in range(len(text) - width + 1):
            piece = text[at : at + width]
            assert pieces.of(piece, len) in seen.found or not piece.isascii()
            assert piece in seen
