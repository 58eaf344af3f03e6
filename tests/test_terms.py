"""Terms: what is the same name, in all four modes, and where it begins and ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakguard.model import Entry, Mode
from leakguard.terms import (
    compile_term,
    everywhere,
    keys_of,
    looks_like_a_name,
    near_key,
    stands,
    widest,
)
from leakguard.views import name, plain


def found(term: str, mode: Mode, text: str) -> list[str]:
    compiled = compile_term(term, mode)
    view = name(plain(text))
    homes = [view.home(start, end) for start, end in everywhere(compiled, view.text)]
    return [text[h.start : h.end] for h in homes if h and stands(compiled, text, h.start, h.end)]


LOOSE = {
    "as written": ("Blue Heron", "the Blue Heron team", ["Blue Heron"]),
    "any case": ("Blue Heron", "BLUE heron", ["BLUE heron"]),
    "joined": ("Blue Heron", "BlueHeronClient", ["BlueHeron"]),
    "snake case with a version": ("Blue Heron", "blue_heron_v2", ["blue_heron"]),
    "a hashtag": ("Blue Heron", "#blueheron", ["blueheron"]),
    "capitals with a trade mark": ("Blue Heron", "BLUE-HERON\u2122", ["BLUE-HERON"]),
    "a zero-width space inside": ("Blue Heron", "Blue\u200bHeron", ["Blue\u200bHeron"]),
    "a Cyrillic capital": ("Blue Heron", "\u0412lue Heron", ["\u0412lue Heron"]),
    "a soft wrap with a comment mark": ("Blue Heron", "blue\n// heron", ["blue\n// heron"]),
    "dots, slashes and middle dots": (
        "Blue Heron",
        "blue.heron blue/heron blue\u00b7heron",
        ["blue.heron", "blue/heron", "blue\u00b7heron"],
    ),
    "three spaces": ("Blue Heron", "Blue   Heron", ["Blue   Heron"]),
    "not four spaces": ("Blue Heron", "Blue    Heron", []),
    "a dash between spaces": ("Blue Heron", "blue \u2013 heron", ["blue \u2013 heron"]),
    "plural": ("Blue Heron", "two Blue Herons sang", ["Blue Heron"]),
    "possessive": ("Blue Heron", "Blue Heron\u2019s launch", ["Blue Heron"]),
    "plural in capitals": ("Blue Heron", "BLUE HERONS", ["BLUE HERON"]),
    "part of a longer word": ("Blue Heron", "blueheronsville", []),
    "a sentence between": ("Blue Heron", "The sky was blue. Heron flew", []),
    "a paragraph between": ("Blue Heron", "blue\n\nheron", []),
    "no boundary": ("Blue Heron", "libblueheronx", []),
    "behind a capital hump": ("Blue Heron", "XBlueHeron", ["BlueHeron"]),
    "a digit on either side": ("Blue Heron", "2blueheron3", ["blueheron"]),
    "a term in camel case": ("BlueHeron", "blue heron", ["blue heron"]),
    "letters and digits in a term": ("Heron2", "heron 2, heron-2", ["heron 2", "heron-2"]),
    "entities between": ("Blue Heron", "Blue&nbsp;Heron", ["Blue&nbsp;Heron"]),
    "accents do not matter": ("Caf\u00e9 Noir", "cafe noir", ["cafe noir"]),
    "sharp s": ("Stra\u00dfe", "STRASSE", ["STRASSE"]),
    "a short word in its own case": ("Ion", "Ion engine", ["Ion"]),
    "a short word in capitals": ("Ion", "ION engine", ["ION"]),
    "a short word in another case": ("Ion", "ion channel", []),
    "full width": ("Osprey", "\uff2f\uff53\uff50\uff52\uff45\uff59", ["\uff2f\uff53\uff50\uff52\uff45\uff59"]),
    "Chinese has no boundaries": ("\u9752\u9dfa", "\u300c\u9752\u9dfa\u8ba1\u5212", ["\u9752\u9dfa"]),
    "Hangul with a particle": ("\ube14\ub8e8\ud5e4\ub860", "\ube14\ub8e8\ud5e4\ub860\uc740", ["\ube14\ub8e8\ud5e4\ub860"]),
    "Greek nu and capital Nu": ("\u039d\u03ad\u03c1\u03b9\u03b1", "\u03bd\u03ad\u03c1\u03b9\u03b1 \u039d\u0388\u03a1\u0399\u0391", ["\u03bd\u03ad\u03c1\u03b9\u03b1", "\u039d\u0388\u03a1\u0399\u0391"]),
    "Turkish dotless i": ("Kartal\u0131", "KARTALI", ["KARTALI"]),
    "Cyrillic any case": ("\u0412\u043e\u0440\u043e\u043d", "\u0432\u043e\u0440\u043e\u043d", ["\u0432\u043e\u0440\u043e\u043d"]),
}  # fmt: skip


@pytest.mark.parametrize(("term", "text", "expected"), LOOSE.values(), ids=LOOSE.keys())
def test_loose(term: str, text: str, expected: list[str]) -> None:
    assert found(term, "loose", text) == expected


OTHERS: dict[str, tuple[Mode, str, str, list[str]]] = {
    "word finds the word": ("word", "Osprey", "the osprey, OSPREY", ["osprey", "OSPREY"]),
    "word finds a plural": ("word", "Osprey", "ospreys", ["osprey"]),
    "word does not see humps": ("word", "Osprey", "OspreyClient", []),
    "word ends at an underscore": ("word", "Osprey", "osprey_v2", ["osprey"]),
    "word keeps joiners as written": ("word", "Blue Heron", "blue-heron", []),
    "word takes a soft wrap": ("word", "Blue Heron", "blue\nheron", ["blue\nheron"]),
    "exact heeds case": ("exact", "Osprey", "osprey Osprey", ["Osprey"]),
    "exact takes a soft wrap": ("exact", "Blue Heron", "Blue\n  Heron", ["Blue\n  Heron"]),
    "substring needs no boundary": ("substring", "Blue Heron", "libblueheronx", ["blueheron"]),
    "substring joins as loose does": ("substring", "Blue Heron", "xblue-heronx", ["blue-heron"]),
}


@pytest.mark.parametrize(("mode", "term", "text", "expected"), OTHERS.values(), ids=OTHERS.keys())
def test_other_modes(mode: Mode, term: str, text: str, expected: list[str]) -> None:
    assert found(term, mode, text) == expected


@pytest.mark.parametrize("term", ["", "  ", "--", "\u200b", "!?"])
def test_a_term_without_letters_or_digits_is_refused(term: str) -> None:
    with pytest.raises(ValueError, match="a letter or a digit"):
        compile_term(term, "loose")


def test_a_term_does_not_spell_itself_in_its_repr() -> None:
    assert "heron" not in repr(compile_term("Blue Heron", "loose")).lower()


LIKE_A_NAME = {
    "capitals in a sentence": ("the Aurora team", "Aurora", True),
    "a capital that begins a sentence": ("It rained. Aurora shines", "Aurora", False),
    "a capital that begins the text": ("Aurora shines", "Aurora", False),
    "small letters": ("an aurora in the north", "aurora", False),
    "a hashtag": ("see #aurora", "aurora", True),
    "an identifier": ("call aurora_start()", "aurora", True),
    "a hump": ("new AuroraClient()", "Aurora", True),
    "a capital on a new line of a sentence": ("they met the\nAurora team", "Aurora", True),
    "a capital that begins a paragraph": ("they met.\n\nAurora shines", "Aurora", False),
    "a heading's first word": ("# Aurora in the north", "Aurora", False),
}


@pytest.mark.parametrize(("text", "word", "expected"), LIKE_A_NAME.values(), ids=LIKE_A_NAME.keys())
def test_looks_like_a_name(text: str, word: str, expected: bool) -> None:
    start = text.index(word)
    term = compile_term("Aurora", "loose")
    assert looks_like_a_name(term, text, start, start + len(word)) is expected


JOINED = {"blueheron": True, "blue-heron": True, "Blue Heron": True, "blue heron": False}


@pytest.mark.parametrize(("written", "expected"), JOINED.items())
def test_two_words_written_like_a_name(written: str, expected: bool) -> None:
    text = f"a {written} there"
    term = compile_term("Blue Heron", "loose")
    assert looks_like_a_name(term, text, 2, 2 + len(written)) is expected


@given(
    st.lists(st.sampled_from(["Blue", "blue", "HERON", "heron", "o", "2", "\u03bd\u03b1"]), min_size=1, max_size=3),
    st.lists(
        st.sampled_from(["Blue", "blue", "heron", "HERON", " ", "-", "_", ".", "\n", "\n// ", "o", "2", "s", "\u200b", "\u039d\u0391", " - "]),
        max_size=14,
    ).map("".join),
    st.sampled_from(["exact", "word", "loose", "substring"]),
)  # fmt: skip
def test_a_key_leads_to_every_occurrence(words: list[str], text: str, mode: Mode) -> None:
    """What the automaton nominates from is enough: the law of the nominating path."""
    term = compile_term(" ".join(words), mode)
    folded = name(plain(text)).text
    keyed = {
        occurrence
        for key in term.keys
        for at in range(len(folded))
        if folded.startswith(key, at)
        for occurrence in near_key(term, folded, at + len(key))
    }
    assert keyed == set(everywhere(term, folded))


TERMS = ["Blue Heron", "Heron 9", "ab 2026 c", "osprey", "OSPREY Ridge", "BlueHeron", "Heron2", "Caf\u00e9 Noir", "a b", "x-y", "I\u015f\u0131k", "\u9752\u9dfa", "ae\ufb03x \ufdfa"]  # fmt: skip


@pytest.mark.parametrize("mode", ["exact", "word", "loose", "substring"])
def test_keys_and_widths_are_those_of_compiled_terms(mode: Mode) -> None:
    entries = [Entry(number, term, mode) for number, term in enumerate(TERMS, 1)]
    compiled = [compile_term(term, mode) for term in TERMS]
    told: dict[int, set[str]] = {}
    for index, key in keys_of(entries):
        told.setdefault(index, set()).add(key)
    assert told == {index: set(term.keys) for index, term in enumerate(compiled)}
    assert all(widest([e]) >= term.width for e, term in zip(entries, compiled, strict=True))


def test_an_entry_does_not_spell_its_term_in_its_repr() -> None:
    assert "heron" not in f"{Entry(1, 'Blue Heron')} {Entry(1, 'Blue Heron')!r}".lower()
