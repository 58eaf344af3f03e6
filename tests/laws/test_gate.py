"""Contract: the gate lets nothing through. What all views of all the text show, it nominates.

Every row of docs/matching.md, every disguise that has a test of its own, and generated text, by
themselves and far apart in a long document, are screened with a gate and by the reference.
"""

from __future__ import annotations

from base64 import b64encode, encodebytes
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_derived import HIDDEN, HIDING, PIECES
from test_matching import ROWS

from leakguard.engines import hyper
from leakguard.matcher import Matcher
from leakguard.model import Confidence, Entry, Origin, Rule, Severity
from leakguard.packs import Pack
from leakguard.readers import from_text
from leakguard.search import Whole

pytestmark = pytest.mark.skipif(not hyper.is_available(), reason="Hyperscan is not available here")
NOW = datetime(2026, 11, 23, tzinfo=UTC)
PACK = Pack.from_toml(
    '[pack]\nname = "p"\n[[rule]]\nid = "r"\ntitle = "t"\nwhy = "w"\nseverity = "high"\n'
    'match = "loose"\nterms = ["Blue Heron", "Zqsaffron", "Zqosprey Ridge", "Zqi", "Zqlark", "Go Zq"]\n'
)
NAMES = ["Blue Heron", "Zqsaffron", "Zqosprey Ridge", "Zqlark", "Go Zq", "blueHeron", "ZQSAFFRON"]
HIDDEN_NAMES = st.builds(
    lambda hide, name, at: hide(name, at % (len(name) - 1) + 1),
    st.sampled_from(HIDING), st.sampled_from(NAMES), st.integers(0, 20),
)  # fmt: skip
GATED = Matcher(PACK.rules, now=NOW, engine="hyper")
REFERENCE = Matcher(PACK.rules, now=NOW, prefilter=False)
PROSE = "Each retry asks a service that just said [no](https://example.com/no?n=2), 3 times.\n\n"


def whole(text: str) -> Whole:
    return Whole(
        Origin("text", "a.md"), "", "markdown", text, text.encode("utf-8", "surrogatepass")
    )


CLEAR = whole("Nothing stands here, in so many words, and nothing is hidden.\n" * 40)


def agree(text: str, gated: Matcher, reference: Matcher) -> None:
    document = from_text(text, "a.md")
    found, expected = gated.find(document), reference.find(document)
    assert found.failed is None
    assert [hit.finding for hit in found.hits] == [hit.finding for hit in expected.hits]
    if expected.hits:
        assert gated.tell({1: whole(text)}).clear == set()
        # Among others, as if by itself: what stands before and behind it has no say.
        together = {1: whole("zq b"), 2: whole(text), 3: CLEAR, 4: whole("heron")}
        told = gated.tell(together)
        assert told.clear <= {1, 3, 4}
        # And what is known of it from there says all that looking at it anew does.
        found = gated.find(document, known=told.known[2])
        assert [hit.finding for hit in found.hits] == [hit.finding for hit in expected.hits]


def rows() -> dict[tuple[str, str], list[str]]:
    texts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for term, mode, text, _, _ in ROWS:
        texts[term, mode].append(text)
    return texts


@pytest.mark.parametrize(
    ("entry", "texts"), rows().items(), ids=lambda value: " ".join(value[:2])[:30]
)
def test_every_row(entry: tuple[str, str], texts: list[str]) -> None:
    rule = Rule(
        "p/r", "t", Severity.HIGH,
        entries=(Entry(1, *entry),),  # type: ignore[arg-type]
        confidence={"bare": Confidence.HIGH},
    )  # fmt: skip
    gated = Matcher([rule], now=NOW, engine="hyper")
    reference = Matcher([rule], now=NOW, prefilter=False)
    for text in texts:
        agree(text, gated, reference)
        agree(f"{PROSE * 40}{text}\n\n{PROSE * 40}", gated, reference)


@pytest.mark.parametrize("text", [text for text, _ in HIDDEN.values()], ids=HIDDEN.keys())
def test_every_disguise(text: str) -> None:
    agree(text, GATED, REFERENCE)
    agree(f"{PROSE * 40}{text}\n\n{PROSE * 40}", GATED, REFERENCE)


@settings(max_examples=300)
@given(
    st.lists(
        st.one_of(
            HIDDEN_NAMES,
            st.sampled_from(
                [
                    *PIECES,
                    *"_ *+.,\n",
                    "Blue",
                    "Heron",
                    "x" * 900,
                    "\n 1. ",
                    "<i",
                    "\\emph{",
                    "::",
                    PROSE,
                ]
            ),
        ),
        max_size=8,
    )
)
def test_generated_text(pieces: list[str]) -> None:
    agree("".join(pieces), GATED, REFERENCE)


@pytest.mark.parametrize(
    "text",
    [
        "a \x1b[6mblue-_heron, where a code of a terminal ends with a letter",
        "blue__heron _Blue_ _Heron_ Blue (Heron) `Blue` Heron",
        "zqsaffron\u00c9tat and zqlark\u00c3\u00a7ao, where a capital beyond ASCII begins another word",
        "zqsaffron&Eacute;tat, zqlark&#200;re, x&#x412;lue Heron, x&Beta;lue Heron",
        "x\u0412lue Heron, x\u0396qlark and z\u00e9Zqlark and ZQ\u00c9blue heron",
        "xBlue Heron \\nblue heron, Blue Heron5, Blue Herons' <b>blue</b>heron",
    ],
)
def test_edges_of_names(text: str) -> None:
    agree(text, GATED, REFERENCE)
    agree(f"{text}\n\n{PROSE * 40}{text}", GATED, REFERENCE)


SAID = [
    "\u0412lu\u0435 H\u0435r\u043en", "Blu\u0435\u00a0Heron", "\u0392lue\nHer\u03bfn", "\uff22lue H\uff45ron",
    "bl\u200bue h\u200ber\u200bon", "Blue\n  Heron", "\u0412\u217c\u057d\u0435\u041d\u0435\u0433\u043e\u0578",
    "blue\u2011h\u00e9ron",
]  # fmt: skip
CODED = {
    "hex": bytes.hex,
    "capitals": lambda said: said.hex().upper(),
    "spaced": lambda said: said.hex(" "),
    "pairs": lambda said: said.hex(" ", 2),
    "colons": lambda said: said.hex(":"),
    "0x": lambda said: ", ".join(f"0x{byte:02x}" for byte in said),
    "second digit": lambda said: "f" + said.hex(),
    "base64": lambda said: b64encode(said).decode(),
    "base64 from its second byte": lambda said: b64encode(b"." + said).decode(),
    "base64 from its third byte": lambda said: b64encode(b"a " + said + b" x").decode(),
    "base64 in lines": lambda said: encodebytes(b"and so on, " * 8 + said + b" ... " * 20).decode(),
}


@pytest.mark.parametrize("code", CODED.values(), ids=CODED.keys())
def test_look_alikes_in_codes(code: Callable[[bytes], str]) -> None:
    for said in SAID:
        text = code(said.encode())
        agree(f"the value {text} is", GATED, REFERENCE)
        agree(f"{PROSE * 9}\n\n  {text}\n\n{PROSE}", GATED, REFERENCE)


def test_what_is_known_is_of_that_text_and_that_name() -> None:
    text, name = "In <b>Blue</b> Heron and [Zq](/a)saffron.", "docs/blue-heron/zqlark.md"
    told = GATED.tell({1: CLEAR, 2: whole(text)._replace(name=name), 3: CLEAR}).known[2]

    def entries(text: str) -> list[int | None]:
        return [hit.finding.entry for hit in GATED.find(from_text(text, "a.md"), known=told).hits]

    assert entries(text) == [1, 2]
    assert entries(name) == [1, 5]
    assert entries(text.replace("In", "On Zqlark,")) == [5, 1, 2]  # it was changed since
    assert told.places(name.encode())
    assert told.places(b"Zqlark") is None


WORD = Rule(
    "p/w", "t", Severity.HIGH, entries=(Entry(1, "Amber Waves"), Entry(2, "New Horizon", "loose")),
    confidence={"bare": Confidence.HIGH},
)  # fmt: skip
IS_TERM = {
    "words apart": ("the Amber  Waves of", True),
    "joined, where words are asked for": ("see AmberWaves, amber-waves", False),
    "joined, where any way will do": ("see /new-horizons/, NewHorizon", True),
    "a sentence between": ("all is new. Horizons are far", False),
    "a line between": ("so Amber\nWaves", True),
    "a tag within": ("so Am<b>ber</b>Waves, Am<b>ber</b> Waves", True),
    "an escape before": ("a\\new horizon, a\\nnew horizon", True),
    "within a word of its own": ("knew horizons", False),
}


@pytest.mark.parametrize(("text", "found"), IS_TERM.values(), ids=IS_TERM.keys())
def test_words_in_clear_that_are_no_term_are_cleared(text: str, found: bool) -> None:
    matcher = Matcher([WORD], now=NOW, engine="hyper")
    assert (1 not in matcher.tell({1: whole(text)}).clear) == found
    agree(text, matcher, Matcher([WORD], now=NOW, prefilter=False))


def test_terms_are_gated_where_patterns_are_not_yet_sifted() -> None:
    number = Rule(
        "p/n", "t", Severity.HIGH, pattern=r"\bZQ-\d{4}\b", confidence={"bare": Confidence.HIGH}
    )
    gated = Matcher([*PACK.rules, number], now=NOW)
    gated.prepare(100_000)
    assert not gated.is_bulk
    assert gated._clearing
    assert gated._clearing.has_gate
    reference = Matcher([*PACK.rules, number], now=NOW, prefilter=False)
    for text in [hidden for hidden, _ in HIDDEN.values()]:
        document = from_text(f"ZQ-1234 {text} ZQ-4321", "a.md")
        found, expected = gated.find(document).hits, reference.find(document).hits
        assert [hit.finding for hit in found] == [hit.finding for hit in expected]
        assert {hit.finding.rule for hit in found} >= {"p/n"}


def test_prose_is_cleared() -> None:
    assert GATED.tell(dict.fromkeys(range(9), CLEAR)).clear == set(range(9))
    assert REFERENCE.tell({1: CLEAR}).clear == set()


@settings(max_examples=200)
@given(
    st.lists(
        st.one_of(HIDDEN_NAMES, st.sampled_from([*PIECES, "", "%42", "<b>", PROSE])), max_size=9
    )
)
def test_texts_told_together(texts: list[str]) -> None:
    pages = {number: whole(text) for number, text in enumerate(texts)}
    together = GATED.tell(pages).clear
    assert all(GATED.tell({number: pages[number]}).clear for number in together)
