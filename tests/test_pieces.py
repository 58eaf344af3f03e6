"""Pieces: what stands in a text is what its table leads to, whatever the text and the keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakguard import pieces
from leakguard.pieces import ANY, Pieces, Table, folded

LETTERS = "abCŤé0 1.-\t\x00ſK日"
TEXTS = st.text(st.sampled_from(LETTERS), max_size=40)
KEYS = st.lists(st.text(st.sampled_from("abé0 .-日"), min_size=1, max_size=9), max_size=12)


@given(KEYS, TEXTS)
def test_a_table_leads_to_all_that_stands_there(keys: list[str], text: str) -> None:
    spelt = folded(text)
    for number in (0, 1):  # the rarest piece of each, and the other one
        rows = [(at, [pieces.of(key, len)[number]]) for at, key in enumerate(keys)]
        met = Table(pieces.table(rows)).met(Pieces(spelt))
        assert met >= {at for at, key in enumerate(keys) if key in spelt}


def test_nothing_else_is_met_where_every_piece_is_another() -> None:
    keys = ["alpha one", "bravo", "xyz", "ok"]
    table = Table(pieces.table((at, [pieces.of(key, len)[0]]) for at, key in enumerate(keys)))
    met = [table.met(Pieces(text)) for text in ("", "a bravo", "xy z ok", "xyz alpha one")]
    assert met == [set(), {1}, {3}, {0, 2}]


def test_the_rarest_piece_and_one_apart_from_it() -> None:
    often = {"abcd": 0.1, "mnop": 0.2}
    rarest, other = pieces.of("abcdefghijklmnop", lambda piece: often.get(piece, 0.5))
    assert (pieces.written(rarest), pieces.written(other)) == ("abcd", "mnop")


def test_what_has_no_piece_is_always_met() -> None:
    rows = [(4, []), (5, pieces.of("d", len)), (6, pieces.of("日本語の", len)), (7, [ANY])]
    assert Table(pieces.table(rows)).met(Pieces("")) == {4, 5, 6, 7}


@pytest.mark.parametrize("text", ["", "a", "abc", "wxyz", "ab\u2003cdef", "0000"])
def test_every_piece_of_a_text_is_known(text: str) -> None:
    seen = Pieces(text)
    for width in (4, 3, 2):
        for at in range(len(text) - width + 1):
            piece = text[at : at + width]
            assert pieces.of(piece, len)[0] in seen.found or not piece.isascii()
