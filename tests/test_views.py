"""Views: what each makes of a text, and that every way home is exact."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leakguard import views

PLAIN = {
    "nothing to change": ("Blue Heron", "Blue Heron"),
    "a soft hyphen is dropped": ("Blue\u00ad Heron", "Blue Heron"),
    "a zero-width space is dropped": ("Blue\u200bHeron", "BlueHeron"),
    "bidi controls are dropped": ("\u202eBlue\u202c", "Blue"),
    "dashes become hyphens": ("10\u201120\u201330\u2014x\u2212y", "10-20-30-x-y"),
    "spaces become spaces": ("a\u00a0b\u2009c\td\u3000e", "a b c d e"),
    "other digits become ASCII": ("\u0661\u0662\uff13\u096a", "1234"),
    "entities are decoded": ("a&amp;b&#45;c&#x2d;d&nbsp;e&shy;f", "a&b-c-d ef"),
    "an unknown entity stays": ("a &bogus; b", "a &bogus; b"),
    "a soft wrap is a space": ("blue\nheron", "blue heron"),
    "CRLF wraps too": ("blue\r\nheron", "blue heron"),
    "a lone CR wraps too": ("blue\rheron", "blue heron"),
    "indentation goes with the wrap": ("blue   \n      heron", "blue heron"),
    "one comment mark goes too": ("blue\n  // heron", "blue heron"),
    "one quote mark goes too": ("blue\n> heron", "blue heron"),
    "one bullet goes too": ("blue\n- heron\n1. crane", "blue heron crane"),
    "a blank line is a break": ("blue\n\nheron", "blue\n\nheron"),
    "a CRLF blank line is a break": ("blue\r\n\r\nheron", "blue\n\nheron"),
    "a line end at the end stays": ("blue\n", "blue\n"),
    "a line end at the start stays": ("\nblue", "\nblue"),
    "case is kept": ("BlueHERON", "BlueHERON"),
    "ligatures are kept": ("o\ufb03ce", "o\ufb03ce"),
}

NAME = {
    "case is folded": ("BlueHERON", "blueheron"),
    "accents go": ("H\u00e9r\u00f6n", "heron"),
    "standing accents go": ("He\u0301ron", "heron"),
    "sharp s is ss": ("Stra\u00dfe", "strasse"),
    "ligatures come apart": ("o\ufb03ce", "office"),
    "full width is plain": ("\uff22\uff4c\uff55\uff45", "blue"),
    "Turkish i, dotted and not": ("\u0130\u0131I", "iii"),
    "Cyrillic capital Ve looks like B": ("\u0412lue", "blue"),
    "Greek omicron looks like o": ("Her\u03bfn", "heron"),
    "mathematical letters are letters": ("\U0001d401\U0001d425\U0001d42e\U0001d41e", "blue"),
    "Cyrillic cases meet": ("\u0412\u043e\u0440\u043e\u043d", "bopoh"),
    "the Kelvin sign is k": ("\u212aelvin", "kelvin"),
    "the long s is s": ("\u017fet", "set"),
    "Hangul stays whole": ("\ube14\ub8e8", "\ube14\ub8e8"),
    "Devanagari keeps its marks": ("\u0915\u093f", "\u0915\u093f"),
}


@pytest.mark.parametrize(("text", "expected"), PLAIN.values(), ids=PLAIN.keys())
def test_plain(text: str, expected: str) -> None:
    assert views.plain(text).text == expected


@pytest.mark.parametrize(("text", "expected"), NAME.values(), ids=NAME.keys())
def test_name(text: str, expected: str) -> None:
    assert views.name(views.plain(text)).text == expected


LINES = {
    "line ends are line feeds": ("a\r\nb\rc\nd", "a\nb\nc\nd"),
    "wraps stay": ("blue\n  heron", "blue\n  heron"),
    "entities are decoded here too": ("a&nbsp;b", "a b"),
}


@pytest.mark.parametrize(("text", "expected"), LINES.values(), ids=LINES.keys())
def test_lines(text: str, expected: str) -> None:
    assert views.lines(text).text == expected


def test_unchanged_text_is_not_copied() -> None:
    text = "nothing to change here " * 3
    assert views.plain(text).text is text


def test_no_end_inside_a_ligature() -> None:
    view = views.name(views.plain("o\ufb03ce"))
    assert view.home(0, 6) == views.Span(0, 4)
    assert view.home(0, 2) is None
    assert view.home(3, 6) is None


ALPHABET = (
    "aBz09 .-_&;#x\t\n\r\u00a0\u00ad\u200b\u0301\u00e9\u00df\ufb01\u0130\u0412\u03bd\u2011"
    "\u0661\uff22>/*\u4e2d\ud55c\u0915\u093f\U0001d401\u202e\ufe0f"
)
texts = st.one_of(
    st.text(st.sampled_from(ALPHABET), max_size=60),
    st.lists(
        st.sampled_from(
            [
                "&amp;",
                "&shy;",
                "&NotEqualTilde;",
                "&#223;",
                "\n// ",
                "\r\n> ",
                "Blue",
                "\u200b" * 70,
                " \n  ",
                "\ufb03",
                "e\u0301\u0301",
                "\n\n",
                "&fflig;",
                "&#x1d401;",
            ]
        ),
        max_size=12,
    ).map("".join),
    st.text(max_size=40),
)


MAKERS = (views.lines, views.plain, lambda text: views.name(views.plain(text)))


def all_views(text: str) -> list[views.View]:
    seen = views.plain(text)
    return [views.lines(text), seen, views.name(seen)]


@given(texts)
def test_every_character_has_a_way_home_and_the_homes_are_in_order(text: str) -> None:
    for view in all_views(text):
        last = 0
        position = 0
        while position < len(view.text):
            start, end, source_start, source_end = view.piece(position)
            assert start == position
            assert end > start
            assert last <= source_start < source_end <= len(text)
            last, position = source_end, end
        assert all(
            a[1] <= b[0] and a[3] <= b[2] for a, b in zip(view.edits, view.edits[1:], strict=False)
        )


@given(texts)
def test_home_and_at_are_inverse_where_a_piece_begins(text: str) -> None:
    for view in all_views(text):
        for position in range(len(view.text)):
            start, end, source_start, _ = view.piece(position)
            assert view.at(source_start) == start
            assert view.home(start, end) is not None


@given(texts, st.data())
def test_a_span_of_the_view_is_what_the_view_makes_of_its_source(
    text: str, data: st.DataObject
) -> None:
    """Wraps, entities and marks are whole pieces, so a piece alone makes the same text."""
    for make, view in zip(MAKERS, all_views(text), strict=True):
        if not view.text:
            continue
        start = data.draw(st.integers(0, len(view.text) - 1))
        end = data.draw(st.integers(start + 1, len(view.text)))
        span = view.home(start, end)
        if span is None or view.text[start] in " \n" or view.text[end - 1] in " \n":
            continue  # a wrap is one only between two words
        if unicodedata.combining(text[span.start]) or "\u200b" * 65 in text:
            continue  # a mark is dropped only on its letter; long runs are cut where they begin
        assert make(text[span.start : span.end]).text == view.text[start:end]


@given(texts, texts, texts)
def test_views_are_local(before: str, text: str, after: str) -> None:
    """Away from the edges the view of a window is the window of the view."""
    shelter = "x" * views.LOCAL
    whole = before + shelter + text + shelter + after
    for make in MAKERS:
        assert shelter + make("x" + text + "x").text[1:-1] + shelter in make(whole).text


@given(texts)
def test_folding_is_settled_after_one_fold(text: str) -> None:
    once = views.name(views.plain(text)).text
    assert all(views.fold_character(c) == c for c in set(once) if len(views.fold_character(c)) == 1)


PIECES = (
    "word", " ", "  ", "\n", "\r\n", "\r", "\t", "\n\n", " \n", "// ", "- ", "> ", "12. ", "#", "é", "\u00a0",
    "\u200b", "\u2011", "&nbsp;", "&amp;", "&x;", " " * 70, "|", "<!-- ", "\u2028", "\ud800", "３",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@settings(max_examples=400, deadline=None)
def test_the_texts_of_views_are_those_that_views_have(text: str) -> None:
    assert views.plain_text(text) == views.plain(text).text
    assert views.lines_text(text) == views.lines(text).text
