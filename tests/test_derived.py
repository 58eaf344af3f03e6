"""Derived views: names that markup, codes, line ends or look-alike digits hide."""

import unicodedata
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leakguard import derived
from leakguard.matcher import Matcher
from leakguard.packs import Pack
from leakguard.readers import from_text
from leakguard.terms import compile_term, everywhere
from leakguard.views import View, name, plain

PACK = Pack.from_toml(
    '[pack]\nname = "p"\n[[rule]]\nid = "r"\ntitle = "t"\nwhy = "w"\nseverity = "high"\n'
    'match = "loose"\nterms = ["Blue Heron", "Zqsaffron", "Zqosprey Ridge", "Zqi", "Zqlark", "Zqlar", "Сокол", "青鹭", "Zqfathom Bay", "Zqa Bay", "नीला बगुला"]\n'
)
MATCHER = Matcher(PACK.rules, now=datetime(2026, 11, 23, tzinfo=UTC))


def found(text: str) -> list[str]:
    hits = MATCHER.find(from_text(text, "a.md")).hits
    return [text[hit.finding.span.start : hit.finding.span.end] for hit in hits]


HIDDEN = {
    "percent-encoded space": ("/blue%20heron/", ["blue%20heron"]),
    "percent-encoded letters": ("/%42lue-%48eron", ["%42lue-%48eron"]),
    "percent-encoded hyphen": ("?q=blue%2Dheron&p", ["blue%2Dheron"]),
    "unicode escapes": ("'\\u0042lue\\u0020Heron'", ["\\u0042lue\\u0020Heron"]),
    "hexadecimal escapes": ("'\\x42lue Heron'", ["\\x42lue Heron"]),
    "braced escapes": ("'\\u{42}lue Heron'", ["\\u{42}lue Heron"]),
    "emphasis on one word": ("the Blue **Heron** team", ["Blue **Heron"]),
    "emphasis inside a word": ("the **Zqsaf**fron team", ["Zqsaf**fron"]),
    "underscores round a word": ("the _Blue_ Heron team", ["Blue_ Heron"]),
    "strike-through inside": ("Blue H~~e~~ron", ["Blue H~~e~~ron"]),
    "code between": ("`Blue` `Heron`", ["Blue` `Heron"]),
    "tags inside a word": ("Blue <b>He</b>ron", ["Blue <b>He</b>ron"]),
    "tags with attributes": ('Blue <span class="x">Heron</span>', ['Blue <span class="x">Heron']),
    "a word break": ("Zqsaf<wbr>fron", ["Zqsaf<wbr>fron"]),
    "a link on one word": ("the [Blue](https://example.com) Heron", ["Blue](https://example.com) Heron"]),
    "hyphenated at a line end": ("the Blue He-\nron flies", ["Blue He-\nron"]),
    "hyphenated with a comment mark": ("// Zqsaf-\n// fron", ["Zqsaf-\n// fron"]),
    "hyphenated between words": ("the Blue-\n  Heron flies", ["Blue-\n  Heron"]),
    "letters apart": ("the B L U E   H E R O N", ["B L U E   H E R O N"]),
    "letters of short words apart": ("the Z Q A   B A Y and Zqa B A Y", ["Z Q A   B A Y", "Zqa B A Y"]),
    "letters of short words apart with dots": ("Z.q.f.a.t.h.o.m  B.a.y", ["Z.q.f.a.t.h.o.m  B.a.y"]),
    "letters apart with dots": ("Z.q.s.a.f.f.r.o.n", ["Z.q.s.a.f.f.r.o.n"]),
    "leetspeak": ("zq05pr3y r1dg3", ["zq05pr3y r1dg3"]),
    "leetspeak with signs": ("Zq$@ffron", ["Zq$@ffron"]),
    "leetspeak of one word": ("zqosprey r1dge, zq0sprey ridge", ["zqosprey r1dge", "zq0sprey ridge"]),
    "a plus in a query": ("?q=blue+heron&p", ["blue+heron"]),
    "a plus between percent codes": ("?q=%D0%A1окол+zqlark, ?q=%62lue+%48eron", ["%D0%A1окол", "zqlark", "%62lue+%48eron"]),
    "a short word in leetspeak": ("the Zq0sprey r1dge and Zqfathom B4y", ["Zq0sprey r1dge", "Zqfathom B4y"]),
    "emphasis behind a vowel sign": ("**नीला** बगुला, _नीला_ **बगुला**", ["नीला** बगुला", "नीला_ **बगुला"]),
    "a link on a word with a vowel sign": ("[नीला](https://example.com) बगुला", ["नीला](https://example.com) बगुला"]),
    "a percent code before": ("%20zqsaffron", ["zqsaffron"]),
    "a line end in a literal": ("'\\nzqsaffron'", ["zqsaffron"]),
    "a line that goes on": ("blue \\\n    heron", ["blue \\\n    heron"]),
    "a word that goes on": ("zqsaf\\\nfron", ["zqsaf\\\nfron"]),
    "an escaped underscore": ("BLUE\\_HERON\\_V2", ["BLUE\\_HERON"]),
    "an escaped slash": ('"x\\/blue\\/heron"', ["blue\\/heron"]),
    "octal bytes": ("a/zqs\\302\\255affron", ["zqs\\302\\255affron"]),
    "quoted-printable": ("Blue=20Heron, zqsa=\nffron", ["Blue=20Heron", "zqsa=\nffron"]),
    "a surrogate pair": ("\\ud835\\udc01lue Heron", ["\\ud835\\udc01lue Heron"]),
    "emphasis in emphasis": ("_**Blue**_ Heron", ["Blue**_ Heron"]),
    "emphasis of two kinds inside": ("Blue H**_e_**ron", ["Blue H**_e_**ron"]),
    "a marked word": ("==Blue== Heron", ["Blue== Heron"]),
    "a word in wiki quotes": ("'''Blue''' Heron", ["Blue''' Heron"]),
    "a line break as a tag": ("Blue<br>Heron", ["Blue<br>Heron"]),
    "emphasis in an attribute": ('<b title="Blue **He**ron" id="x">', ["Blue **He**ron"]),
    "hyphenated in a comment": ("<!-- the Blue He-\nron flies -->", ["Blue He-\nron"]),
    "a comment between": ("Blue<!-- --> Heron", ["Blue<!-- --> Heron"]),
    "a space in braces": ('Blue{" "}Heron', ['Blue{" "}Heron']),
    "a link by reference": ("[Blue][b] Heron", ["Blue][b] Heron"]),
    "a link with a title": ('[Blue](x "y z") Heron', ['Blue](x "y z") Heron']),
    "a link inside a word": ("Zqs[affr](x)on", ["Zqs[affr](x)on"]),
    "a footnote between": ("Blue[^1] Heron", ["Blue[^1] Heron"]),
    "a command on one word": ("\\textbf{Blue} Heron", ["Blue} Heron"]),
    "a command inside a word": ("Zqs\\emph{affron}", ["Zqs\\emph{affron"]),
    "literals added": ('"Blue" + " Heron"', ['Blue" + " Heron']),
    "literals on two lines": ('"the Blue "\n    "Heron"', ['Blue "\n    "Heron']),
    "literals added inside a word": ('"Zqs" + "affron"', ['Zqs" + "affron']),
    "hyphenated by a soft hyphen": ("Zqsaf\u00ad\nfron", ["Zqsaf\u00ad\nfron"]),
    "hyphenated in a quote of a quote": ("> > Zqsaf-\n> > fron", ["Zqsaf-\n> > fron"]),
    "letters apart with slashes": ("Z/q/s/a/f/f/r/o/n", ["Z/q/s/a/f/f/r/o/n"]),
    "letters apart with dashes": ("Z - q - s - a - f - f - r - o - n", ["Z - q - s - a - f - f - r - o - n"]),
    "letters apart with hard spaces": ("&nbsp;".join("Zqsaffron"), ["&nbsp;".join("Zqsaffron")]),
    "base64": ("data: Qmx1ZSBIZXJvbg==", ["Qmx1ZSBIZXJvbg"]),
    "base64 in the middle": ("PT0gYSBCbHVlIEhlcm9uIGIgPT0=", ["BCbHVlIEhlcm9u"]),
    "base64 without its beginning": ("T0gYSBCbHVlIEhlcm9uIGIgPT0=", ["BCbHVlIEhlcm9u"]),
    "base64 of another case": ("YmxVRSBoZVJPTg", ["YmxVRSBoZVJPTg"]),
    "base64 in lines": (
        "PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09IEJsdWUg\n  SGVyb24gPT09",
        ["EJsdWUg\n  SGVyb24"],
    ),
    "base64 of a longer word": ("Ymx1ZWhlcm9uc3ZpbGxl", []),
    "base64 of a short term stays": ("enFpIHpxaSB6cWkgenFp", []),
    "hexadecimal": ("id=426c7565204865726f6e", ["426c7565204865726f6e"]),
    "hexadecimal in pairs": ("42 6c 75 65 20 48 65 72 6f 6e", ["42 6c 75 65 20 48 65 72 6f 6e"]),
    "hexadecimal at odd digits": ("a426c7565204865726f6e", ["426c7565204865726f6e"]),
    "hexadecimal as a list of bytes": (
        "{0x42, 0x6c, 0x75, 0x65, 0x20, 0x48, 0x65, 0x72, 0x6f, 0x6e}",
        ["42, 0x6c, 0x75, 0x65, 0x20, 0x48, 0x65, 0x72, 0x6f, 0x6e"],
    ),
    "an escape of JavaScript": ("%u0042lue Heron", ["%u0042lue Heron"]),
    "an escape of Perl": ("\\x{42}lue Heron", ["\\x{42}lue Heron"]),
    "a character by its name": ("\\N{LATIN CAPITAL LETTER B}lue Heron", ["\\N{LATIN CAPITAL LETTER B}lue Heron"]),
    "a character that has no such name": ("\\N{NO SUCH}lue Heron", []),
    "percent codes of Latin-1": ("bl%FCe-heron", ["bl%FCe-heron"]),
    "a host in another script": ("https://xn--bleheron-75a.example.com", ["xn--bleheron-75a"]),
    "an expression for the name": ("blue\\s+heron, Blue[-_ ]?Heron, blue.*heron", ["blue\\s+heron", "Blue[-_ ]?Heron", "blue.*heron"]),
    "a class with escapes": ("blue[\\s_-]heron", ["blue[\\s_-]heron"]),
    "an escaped space": ("cd Blue\\ Heron", ["Blue\\ Heron"]),
    "an escaped space behind emphasis": ("**Blue**\\ Heron", ["Blue**\\ Heron"]),
    "a thin space of TeX": ("Blue\\,Heron", ["Blue\\,Heron"]),
    "a hyphen of TeX": ("Zqsaf\\-fron", ["Zqsaf\\-fron"]),
    "letters in braces": ("{B}lue {H}eron", ["B}lue {H}eron"]),
    "literals in braces": ("{'Blue'} {'Heron'}", ["Blue'} {'Heron"]),
    "each word in quotes": ('“Blue” “Heron”', ["Blue” “Heron"]),
    "one word in quotes": ('"Blue" Heron, Blue "Heron"', ['Blue" Heron', 'Blue "Heron']),
    "two things in quotes": ('"Blue", "Heron"', []),
    "wrapped in a quote of a quote": ("> > the Blue\n> > Heron", ["Blue\n> > Heron"]),
    "wrapped in a diff": ("+the Blue\n+Heron", ["Blue\n+Heron"]),
    "a comment with words between": ("Blue <!-- or so --> Heron", ["Blue <!-- or so --> Heron"]),
    "a comment with words inside": ("Zqsaf<!-- or so -->fron", ["Zqsaf<!-- or so -->fron"]),
    "emphasis in a comment": ("<!-- Blue **He**ron -->", ["Blue **He**ron"]),
    "a picture between": ("Blue ![an x](x.png) Heron", ["Blue ![an x](x.png) Heron"]),
    "text of a drawing": ("<tspan>Blue</tspan> <tspan>Heron</tspan>", ["Blue</tspan> <tspan>Heron"]),
    "colours of a terminal": ("\x1b[1mBlue\x1b[0m Heron, Zqsaf\x1b[32;1mfron", ["Blue\x1b[0m Heron", "Zqsaf\x1b[32;1mfron"]),
    "base64 of a short name by itself": ("key: WnFsYXJr, WnFsYXI=", ["WnFsYXJr", "WnFsYXI"]),
    "base64 of a short name among others": ("V2UgWnFsYXJrIG1lZXQ=", []),
    "hexadecimal of a short name by itself": ("id 5a716c61726b", ["5a716c61726b"]),
    "hexadecimal of a short name in more": ("id 5a716c61726b00ff", []),
    "base64 of Cyrillic": ("0KHQvtC60L7Quw==", ["0KHQvtC60L7Quw"]),
    "base64 of Chinese": ("6Z2S6bmt, 6Z2S6bmt5Lq6", ["6Z2S6bmt", "6Z2S6bmt"]),
    "hexadecimal of Chinese": ("e99d92e9b9ad", ["e99d92e9b9ad"]),
    "leetspeak of short terms stays": ("Zq1 and 8lu3", []),
    "table cells are not joined": ("<td>Blue</td><td>Heron</td>", []),
    "paragraphs are not joined": ("Blue-\n\nHeron", []),
    "a longer word stays whole": ("**Zqsaf**fronville", []),
    "broken codes stay": ("blue%ZZheron %C3%28", []),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), HIDDEN.values(), ids=HIDDEN.keys())
def test_hidden_names(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize("maker", derived.MAKERS.values(), ids=derived.MAKERS)
def test_plain_prose_has_neither_view_nor_marker(maker: derived.Maker) -> None:
    text = "Nothing is hidden here, in 2026 or later; see page 12."
    assert maker.view(text) is None
    assert not maker.marker.search(text)


PIECES = [*"ab1 \n-.", "%20", "%C3%A9", "\\u0041", "**", "_", "<b>", "</b>", "[a](x)", "e-\nf", "A B C D",
          "0a", "a1b", "\u200b", "&nbsp;", "\u00e9", "Qmx1ZSBIZXJvbg==", "426c7565204865726f6e"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_every_piece_has_a_way_home(text: str) -> None:
    for maker in derived.MAKERS.values():
        view = maker.view(text)
        if view is None:
            continue
        last = position = 0
        while position < len(view.text):
            start, end, source_start, source_end = view.piece(position)
            assert start == position < end
            # Bytes of base64 share characters; nothing else does.
            assert last - maker.encoded <= source_start < source_end <= len(text)
            last, position = source_end, end


NAMES = ["Blue Heron", "Zqsaffron", "Zqosprey Ridge", "Zqlark", "Сокол", "Zqa Bay"]
HIDING: list[Callable[[str, int], str]] = [
    lambda name, at: name[:at] + "%" + name[at].encode().hex() + name[at + 1 :],
    lambda name, at: name[:at] + f"\\u{ord(name[at]):04x}" + name[at + 1 :],
    lambda name, at: name[:at] + f"={ord(name[at]):02X}" + name[at + 1 :],
    lambda name, at: name[:at] + "=\n" + name[at:],
    lambda name, at: name[:at] + "**" + name[at:] + "**",
    lambda name, at: f"<b>{name[:at]}</b>{name[at:]}",
    lambda name, at: f"[{name[:at]}](https://example.com){name[at:]}",
    lambda name, at: f"{name[:at]}-\n  {name[at:]}",
    lambda name, at: f'{name[:at]}" + "{name[at:]}',
    lambda name, at: name.translate(str.maketrans("oeas", "03@$")),
    lambda name, at: name[:at] + name[at:].translate(str.maketrans("oeasil", "03@$11")),
    lambda name, at: name[:at].translate(str.maketrans("oeasil", "03@$11")) + name[at:],
    lambda name, at: " ".join(name.replace(" ", "")),
    lambda name, at: ".".join(name[:at]) + name[at:],
    lambda name, at: ("  ", "   ", "\n")[at % 3].join(" ._"[at % 3].join(w) for w in name.split()),
    lambda name, at: b64encode(b"." * at + b" " + name.encode() + b" .").decode(),
    lambda name, at: name.encode().hex(" " if at % 2 else ":"),
    lambda name, at: "x" * (at % 2) + name.encode().hex(),
    lambda name, at: f".{b64encode(name.encode()).decode()}.",
    lambda name, at: f" {name.encode().hex()} ",
    lambda name, at: name.replace(" ", "<br>").replace("q", "<i>q</i>"),
    lambda name, at: f"{name[:at]}%u{ord(name[at]):04x}{name[at + 1:]}",
    lambda name, at: f"{name[:at]}\\N{{{unicodedata.name(name[at])}}}{name[at + 1:]}",
    lambda name, at: f"{name[:at]}{{{name[at:]}}}",
    lambda name, at: f"{name[:at]}\\-{name[at:]}",
    lambda name, at: f"{name[:at]}<!-- a1 -->{name[at:]}",
    lambda name, at: f"<!-- {name[:at]}**{name[at:]}** -->",
    lambda name, at: f"{name[:at]}\x1b[{at}m{name[at:]}",
    lambda name, at: name.replace(" ", ("\\s+", "[\\s_-]?", "\\ ", '" "', "”\u0020", ".*")[at % 6]),
    lambda name, at: name.replace(" ", ("\n> > ", "\n+", " ![a1](b.png) ", "'} {'")[at % 4]),
]  # fmt: skip
HIDDEN_NAMES = st.builds(
    lambda hide, name, at: hide(name, at % (len(name) - 1) + 1),
    st.sampled_from(HIDING), st.sampled_from(NAMES), st.integers(0, 20),
)  # fmt: skip


@given(st.lists(st.one_of(HIDDEN_NAMES, st.sampled_from([*PIECES, *"_ *+.,"])), max_size=6))
def test_what_a_view_shows_stands_at_a_marker_or_at_its_longest_word(pieces: list[str]) -> None:
    """The law that lets views be made only round markers and words."""
    text = "".join(pieces)
    clear = name(plain(text))
    for maker in derived.MAKERS.values():
        view = maker.view(text)
        if view is None:
            continue
        folded = name(View(view.text))
        for term in (compile_term(written, "loose") for written in NAMES):
            for first, last in everywhere(term, folded.text):
                span = folded.home(first, last)
                home = span and view.home(*span)
                if not home or sum(map(len, term.parts)) < maker.letters:
                    continue
                if maker.beyond and term.written.isascii():
                    continue
                low, high = max(0, home.start - 1), home.end + 1
                marked = any(
                    m.start() < high and m.end() > low for m in maker.marker.finditer(text)
                )
                around = clear.text[clear.at(home.start) : clear.at(home.end)]
                assert marked or any(key in around for key in term.keys)


EVERYWHERE = Matcher(PACK.rules, now=datetime(2026, 11, 23, tzinfo=UTC), prefilter=False)


@settings(max_examples=200)
@given(
    st.lists(
        st.one_of(
            HIDDEN_NAMES, st.sampled_from([*PIECES, *"_ *+.,\n", "Blue", "Heron", "x" * 900])
        ),
        max_size=6,
    )
)
def test_looking_at_markers_is_looking_everywhere(pieces: list[str]) -> None:
    document = from_text("".join(pieces), "a.md")
    assert MATCHER.find(document) == EVERYWHERE.find(document)
