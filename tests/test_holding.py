"""What every match of a pattern holds, as literals and in sets that somebody else values."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakguard.grammar import Item, tree
from leakguard.holding import Held, Walk, literals

LITERALS = {
    "one word": ("heron", (False, ("heron",))),
    "one of two": ("(?:amber|azure) heron", (False, ("amber heron", "azure heron"))),
    "small classes are spelt out": ("gr[ae]y", (False, ("gray", "grey"))),
    "a class of both cases is folded": ("[Hh]eron", (True, ("heron",))),
    "in any case": ("(?i)Heron", (True, ("heron",))),
    "the longest of what is sure": (r"a?\d{3} heron x?", (False, (" heron ",))),
    "what is repeated": ("(?:ab){2}", (False, ("abab",))),
    "nothing sure": ("[a-z]{3,8}", (False, ())),
    "what contains another is met with it": ("(?:heron|herons)!?", (False, ("heron",))),
}


@pytest.mark.parametrize("name", LITERALS)
def test_literals(name: str) -> None:
    source, wanted = LITERALS[name]
    assert literals(tree(source)) == wanted


PARTS = st.sampled_from(["a", "b", "[ab]", "(?:ab|cd)", "x?", "[a-z]{1,2}", "(?:ab){2}", "."])


@given(st.lists(PARTS, min_size=1, max_size=5), st.data())
def test_every_match_holds_one_of_them(parts: list[str], data: st.DataObject) -> None:
    source = "".join([*parts, "e"])
    _, known = literals(tree(source))
    match = data.draw(st.from_regex(re.compile(source), fullmatch=True, alphabet=string.printable))
    assert not known or any(word in match for word in known)


def test_a_walk_heeds_what_sets_are_worth() -> None:
    def one(item: Item) -> Held[str]:
        words = frozenset({str(getattr(item, "char", ""))})
        return Held(words, words, words)

    def walked(worth: dict[str, int]) -> frozenset[str] | None:
        def of(words: frozenset[str] | None) -> int:
            return max(worth.get(word, 0) for word in words) if words else 0

        walk: Walk[str] = Walk(
            one, "", worth=of, useful=lambda words: words, most=8, length=1, rounds=8
        )
        return walk.needed(walk.held(tree("abc").node.item))

    assert walked({"a": 1}) == {"a"}
    assert walked({"a": 1, "b": 2}) == {"b"}
