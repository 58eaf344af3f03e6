"""What is shown of the text round a hit, however many hits there are."""

from datetime import UTC, datetime

from house import acme
from hypothesis import given, settings
from hypothesis import strategies as st

from leakguard.matcher import Matcher
from leakguard.packs import Pack
from leakguard.shown import MASK, Shown

PACK = Pack.from_toml(acme('"Zq Heron", "Osprey Ridge"'))
SHOWN = Shown(Matcher(PACK.rules, now=datetime(2026, 11, 28, tzinfo=UTC)))
WORDS = st.sampled_from(
    ["Zq Heron", "osprey_ridge", "lake", "Lake 7", "\n", "\n\n", "a" * 90, "été", "Zq", "Heron"]
)


@settings(max_examples=30, deadline=None)
@given(st.lists(WORDS, min_size=60, max_size=400))
def test_a_page_full_of_hits_shows_what_each_hit_alone_would(words: list[str]) -> None:
    text = " ".join(words)
    hits = Matcher(PACK.rules, now=datetime(2026, 11, 28, tzinfo=UTC)).spans(text)
    together = SHOWN.looking()
    for hit in hits:
        alone = SHOWN.looking()(text, hit.start, hit.end)
        assert together(text, hit.start, hit.end) == alone


def test_hits_beside_a_hit_are_masked_as_well() -> None:
    text = "From Zq Heron to OspreyRidge and back"
    sight = SHOWN.looking()(text, 5, 13)
    assert sight.excerpt == f"From {MASK} to {MASK} and back"
    assert sight.skeleton == f"* {MASK} to * and back"
