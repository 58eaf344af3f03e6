"""Scopes of Markdown: a table of what stands in what, and the laws that hold for any text."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leakguard.model import LABEL_REACH, SCOPES, Label
from leakguard.readers.markdown import Labels


def labels_of(text: str) -> list[Label]:
    labels = Labels()
    return [*labels.feed(text), *labels.close()]


def seen(text: str) -> list[tuple[str, str]]:
    """What is labelled, and with which scopes."""
    return [
        (text[label.start : label.end], " ".join(sorted(label.scopes))) for label in labels_of(text)
    ]


LINK = "link-target url"
CODE = "code-block"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Just words, and 2 < 3.\n", [], id="plain prose has no label"),
        pytest.param("", [], id="an empty text has no label"),
        # headings
        pytest.param("# Osprey\ntext", [("# Osprey", "heading")], id="an ATX heading"),
        pytest.param("#hashtag", [], id="a hashtag is no heading"),
        pytest.param("####### seven", [], id="seven marks are no heading"),
        pytest.param("Osprey\n===\n", [("Osprey", "heading")], id="a setext heading of level 1"),
        pytest.param("Osprey\r\n--\r\n", [("Osprey", "heading")], id="a setext heading over CRLF"),
        pytest.param("a\nb\n---", [("a\nb", "heading")], id="a setext heading of two lines"),
        pytest.param("a\n\n---\n", [], id="a rule after a blank line makes no heading"),
        pytest.param("- a\n---\n", [], id="a rule that ends a list makes no heading"),
        pytest.param("> a\n---\n", [], id="a rule that ends a quote makes no heading"),
        pytest.param("- # In\n", [("# In", "heading")], id="a heading in a list item"),
        pytest.param("> ## In\n", [("## In", "heading")], id="a heading in a quote"),
        pytest.param(
            "# A `b` c",
            [("# A `", "heading"), ("b", "code-span heading"), ("` c", "heading")],
            id="marks in a heading are both",
        ),
        # front matter
        pytest.param(
            "---\ntitle: x\n---\ntext",
            [(line, "front-matter") for line in ("---\n", "title: x\n", "---\n")],
            id="yaml front matter",
        ),
        pytest.param(
            "+++\ntitle = 1\n\n+++\ntext",
            [(line, "front-matter") for line in ("+++\n", "title = 1\n", "\n", "+++\n")],
            id="toml front matter, a blank line in it",
        ),
        pytest.param(
            "---\na: |\n  b c\n...\n`x`",
            [
                *((line, "front-matter") for line in ("---\n", "a: |\n", "  b c\n", "...\n")),
                ("x", "code-span"),
            ],
            id="front matter that ends with dots",
        ),
        pytest.param("---\n\n# x", [("# x", "heading")], id="a rule at the start of a text"),
        pytest.param("---\nWords.\n", [], id="a rule and a paragraph at the start of a text"),
        pytest.param("a\n\n---\nb: c\n---\n", [("b: c", "heading")], id="front matter only first"),
        pytest.param(
            "---\na: b\nNow this is prose.\n",
            [("---\n", "front-matter"), ("a: b\n", "front-matter")],
            id="front matter without end stops where YAML does",
        ),
        # code blocks
        pytest.param(
            "```py\nx = 1\n```\nafter",
            [("```py\n", CODE), ("x = 1\n", CODE), ("```\n", CODE)],
            id="a fence",
        ),
        pytest.param(
            "~~~ a`b\n```\n~~~~\n`x`",
            [("~~~ a`b\n", CODE), ("```\n", CODE), ("~~~~\n", CODE), ("x", "code-span")],
            id="a tilde fence holds backticks and closes with more tildes",
        ),
        pytest.param("```\nto the end", [("```\n", CODE), ("to the end", CODE)], id="open fence"),
        pytest.param(
            "````\n```\n````\nb",
            [("````\n", CODE), ("```\n", CODE), ("````\n", CODE)],
            id="a shorter fence does not close",
        ),
        pytest.param("``` a`b\nc\n", [], id="an info string with a backtick opens nothing"),
        pytest.param(
            "> ```\n> x\ny",
            [("> ```\n", CODE), ("> x\n", CODE)],
            id="a fence in a quote ends with the quote",
        ),
        pytest.param(
            "1. a\n\n   ```\n   x\n   ```\n\n   `b`",
            [("   ```\n", CODE), ("   x\n", CODE), ("   ```\n", CODE), ("b", "code-span")],
            id="a fence in a list item",
        ),
        pytest.param(
            "- ```\n  x\n\nafter",
            [("- ```\n", CODE), ("  x\n", CODE), ("\n", CODE)],
            id="a fence that a list item ends",
        ),
        pytest.param("a\n\n    x\n", [("    x\n", CODE)], id="indented code"),
        pytest.param("a\n\n\tx\n", [("\tx\n", CODE)], id="code indented with a tab"),
        pytest.param("a\n    x\n", [], id="an indented line goes on with its paragraph"),
        pytest.param("- a\n\n  b\n", [], id="a list item's second paragraph is no code"),
        pytest.param("- a\n\n      b\n", [("      b\n", CODE)], id="indented code in a list item"),
        pytest.param("-     b\n", [("-     b\n", CODE)], id="a list item that begins with code"),
        pytest.param("1. a\n\n    b\n", [], id="content of a numbered item, four columns in"),
        pytest.param(">     x\n", [(">     x\n", CODE)], id="indented code in a quote"),
        pytest.param("    ```\n`a`", [("    ```\n", CODE), ("a", "code-span")], id="no fence"),
        # code spans
        pytest.param("a `b` c", [("b", "code-span")], id="a code span"),
        pytest.param("``a`b``", [("a`b", "code-span")], id="a code span of two backticks"),
        pytest.param("`a `` b", [], id="backticks that do not match"),
        pytest.param("`a\nb` c `d`", [("a\nb", "code-span"), ("d", "code-span")], id="two lines"),
        pytest.param("`a\n\nb`", [], id="a blank line ends what is open"),
        pytest.param(r"\`a` b", [], id="an escaped backtick"),
        pytest.param("> `a\n> b`", [("a\n> b", "code-span")], id="in a quote"),
        pytest.param("`[a](b)`", [("[a](b)", "code-span")], id="code wins over a link"),
        # comments
        pytest.param("a <!-- b --> c", [("<!-- b -->", "comment")], id="a comment in a line"),
        pytest.param(
            "<!-- a\n\n# b\n--> `c`",
            [
                *((line, "comment") for line in ("<!-- a\n", "\n", "# b\n", "-->")),
                ("c", "code-span"),
            ],
            id="a comment over several lines",
        ),
        pytest.param("x <!-- a\nb --> c", [("<!-- a\nb -->", "comment")], id="within a paragraph"),
        pytest.param("x <!-- a\n\nb", [], id="a comment that a paragraph leaves open is text"),
        pytest.param("<!---->a<!-- b", [("<!---->", "comment"), ("<!-- b", "comment")], id="two"),
        pytest.param("<!--> a", [("<!-->", "comment")], id="the shortest comment"),
        pytest.param("- <!-- a\nb", [("<!-- a\n", "comment"), ("b", "comment")], id="in a list"),
        pytest.param("a {/* b */} c", [("{/* b */}", "comment")], id="a comment in MDX"),
        # links and images
        pytest.param("[a](b.md)", [("b.md", LINK)], id="a link"),
        pytest.param('[a](b.md "t (x)")', [("b.md", LINK)], id="a link with a title"),
        pytest.param("[a](<b c> 't')", [("b c", LINK)], id="a target in angle brackets"),
        pytest.param("[a](b_(c)_d)", [("b_(c)_d", LINK)], id="brackets in a target"),
        pytest.param("[a\nb](c)", [("c", LINK)], id="a link over two lines"),
        pytest.param("[a]()", [], id="an empty target"),
        pytest.param("[a](b c)", [], id="words in brackets are no target"),
        pytest.param("a](b)", [], id="no opening bracket, no link"),
        pytest.param(r"\[a](b)", [], id="an escaped bracket"),
        pytest.param("![a](b.png)", [("a", "alt-text"), ("b.png", LINK)], id="an image"),
        pytest.param("![a][b]", [("a", "alt-text")], id="an image by reference"),
        pytest.param(
            "[![a](b)](c)", [("a", "alt-text"), ("b", LINK), ("c", LINK)], id="an image in a link"
        ),
        pytest.param(
            "![a `b`](c)",
            [("a `", "alt-text"), ("b", "alt-text code-span"), ("`", "alt-text"), ("c", LINK)],
            id="code in an alternative text",
        ),
        pytest.param("[a]: b 'c'\n", [("b", LINK)], id="a reference definition"),
        pytest.param("[a]:\n  <b c>\n", [("b c", LINK)], id="a definition over two lines"),
        pytest.param("[a]: b\n[c]: d\n", [("b", LINK), ("d", LINK)], id="two definitions"),
        pytest.param("[^1]: words\n", [], id="a footnote is no definition"),
        # addresses
        pytest.param("<https://a.example/b>", [("https://a.example/b", "url")], id="autolink"),
        pytest.param(
            "See https://a.example/b_(c). Or (www.b.example)!",
            [("https://a.example/b_(c)", "url"), ("www.b.example", "url")],
            id="bare addresses end before punctuation",
        ),
        pytest.param("xhttps://a.example", [], id="no address within a word"),
        pytest.param(
            "[https://a.example](b)", [("https://a.example", "url"), ("b", LINK)], id="in a link"
        ),
        # tags
        pytest.param(
            "<img src=\"a.png\" alt='b' width=3 data-x>",
            [
                ("a.png", "html-attribute link-target url"),
                ("b", "alt-text html-attribute"),
                ("3", "html-attribute"),
            ],
            id="attributes of a tag",
        ),
        pytest.param(
            '<a\n  href="b"\n>c</a>', [("b", "html-attribute link-target url")], id="over lines"
        ),
        pytest.param("a <b and c> d", [], id="attributes without values"),
        pytest.param("1 <2 x=3", [], id="no tag"),
        # lists and the rest
        pytest.param("* * *\n`a`", [("a", "code-span")], id="a rule of stars"),
        pytest.param("- - `a`\n", [("a", "code-span")], id="a list in a list"),
        pytest.param("a\r`b`\r\r# c", [("b", "code-span"), ("# c", "heading")], id="lone CR"),
        pytest.param("in\n1984. `a`", [("a", "code-span")], id="a number that starts no list"),
        pytest.param("> a\nb `c`\n\n    d", [("c", "code-span"), ("    d", CODE)], id="lazy line"),
    ],
)
def test_scopes(text: str, expected: list[tuple[str, str]]) -> None:
    assert seen(text) == expected


def test_a_long_line_is_cut_and_keeps_its_kind() -> None:
    size = LABEL_REACH * 2 + 10
    for text, scope in [
        ("# " + "x" * size, "heading"),
        ("    " + "x" * size, "code-block"),
        ("```\n" + "x" * size, "code-block"),
        ("<!-- " + "x" * size, "comment"),
        ("---\na: " + "x" * size, "front-matter"),
    ]:
        labels = labels_of(text + "\n")
        assert {scope} == set().union(*(label.scopes for label in labels))
        assert sum(label.end - label.start for label in labels) >= len(text)


def test_the_end_of_a_comment_is_seen_over_a_cut() -> None:
    for shift in range(5):
        text = "<!-- " + "x" * (LABEL_REACH - 8 + shift) + "--> `y`"
        assert seen(text)[-1] == ("y", "code-span"), shift


SNIPPETS = [
    "`", "``", "```", "~~~", "\n", "\n\n", "\r\n", "\r", "    ", "\t", " ", "> ", "- ", "1. ", "#",
    "# ", "---", "+++", "===", "<!--", "-->", "<", ">", "[", "](", ")", "]:", "![", "](b)", "{/*",
    "*/}", "https://a.b/", "www.", "<a href=", '"', "'", "\\", "a", "word", "key: v", "\ufeff",
    "é𝄞",
]  # fmt: skip
texts = st.lists(st.sampled_from(SNIPPETS), max_size=40).map("".join) | st.text(max_size=60)


@given(texts, st.lists(st.integers(0, 200), max_size=12))
@example("<!-- " + "x" * (LABEL_REACH - 8) + "--> y", [LABEL_REACH])
@example("# " + "`a`\r\n" * 2000, [4095, 4096, 4097])
@example("x" * LABEL_REACH + "\r\n# a", [LABEL_REACH, LABEL_REACH + 1])
def test_any_way_to_feed_gives_the_same_labels(text: str, cuts: list[int]) -> None:
    whole = labels_of(text)
    labels = Labels()
    parts = []
    edges = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    for begin, end in pairwise(edges):
        parts += labels.feed(text[begin:end])
    assert [*parts, *labels.close()] == whole
    single = Labels()
    assert [label for c in text for label in single.feed(c)] + single.close() == whole


@given(texts)
def test_labels_are_in_order_and_disjoint_and_known(text: str) -> None:
    last = 0
    for label in labels_of(text):
        assert last <= label.start < label.end <= len(text)
        assert label.scopes
        assert label.scopes <= SCOPES
        last = label.end


@given(st.lists(st.sampled_from(SNIPPETS), min_size=1, max_size=6).map("".join), st.integers(1, 99))
def test_labels_lag_no_more_than_twice_their_reach(unit: str, step: int) -> None:
    text = unit * (3 * LABEL_REACH // len(unit)) + "x" * step
    labels = Labels()
    early = labels.feed(text)
    decided = len(text) - 2 * LABEL_REACH
    late = labels.close() + labels.feed("")
    assert all(label.end > decided or label in early for label in late)
    assert all(label.start >= decided for label in late if label not in early)


@pytest.mark.parametrize(
    "unit",
    ["`", "`a``", "[", "]", "[](", "[](a", "![](<", '[](a "', "<a b=", '<a b="', "<!--", "-->",
     "<a:", "(", ")", "www.)", "https://a.)", "{/*", "[a]: b", "\\`", "> ", "- ", "* ", "![a]", "#",
     "[a][", "<!-- -->", "\t", "1. ", "> - "],
)  # fmt: skip
def test_hostile_lines_take_time_in_proportion(unit: str) -> None:
    # Work is counted, not timed: bytecode lines executed for twice the text are about twice.
    def work(size: int) -> int:
        import sys

        count = 0

        def tracer(frame: object, event: str, arg: object) -> object:
            nonlocal count
            count += 1
            return tracer

        labels = Labels()
        before = sys.gettrace()
        sys.settrace(tracer)
        try:
            labels.feed(unit * (size // len(unit)))
            labels.close()
        finally:
            sys.settrace(before)
        return count

    assert work(40_000) <= 2.5 * work(20_000) + 1000
