"""Scopes of AsciiDoc: blocks, attributes and inline marks."""

import pytest
from labelling import Seen, seen

from leakguard.readers.asciidoc import Labels

LINK = "link-target url"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Just words.\n\nAnd more.\n", [], id="prose has no label"),
        pytest.param("== Zq Heron\n\ntext", [("== Zq Heron", "heading")], id="a heading"),
        pytest.param(".Zq Heron\n....\na\n....", [(".Zq Heron", "heading"), ("....\na\n....", "code-block")], id="a title of a literal block"),
        pytest.param("== A `b`", [("== A `", "heading"), ("b", "code-span heading"), ("`", "heading")], id="code in a heading"),
        pytest.param("= A\nJane Sample\n\nb", [("= A", "heading")], id="the author's line is prose"),
        pytest.param("= A\n:b: c\n\nd\n\n:e: f\n", [("= A", "heading"), (":b: c\n", "front-matter"), (":e: f\n", "metadata")], id="attributes"),
        pytest.param("---\na: b\n---\nc", [("---\na: b\n---\n", "front-matter")], id="front matter"),
        pytest.param("----\na\n\n// b\n----\nc", [("----\na\n\n// b\n----\n", "code-block")], id="a listing"),
        pytest.param("```ruby\na\n```\nb", [("```ruby\na\n```\n", "code-block")], id="a fence"),
        pytest.param("[source,c]\na\nb\n\nc", [("a\nb\n", "code-block")], id="a paragraph of source"),
        pytest.param("[quote]\na\n\nb", [], id="a paragraph of another style"),
        pytest.param("a\n\n b\n\nc", [(" b\n", "code-block")], id="an indented paragraph"),
        pytest.param("a\n\n * b\n", [], id="an indented item"),
        pytest.param("// a\nb // c", [("// a\n", "comment")], id="a comment"),
        pytest.param("////\na\n////\nb", [("////\na\n////\n", "comment")], id="a comment of lines"),
        pytest.param("a `b` `+c+`", [("b", "code-span"), ("c+", "code-span")], id="code in a line"),
        pytest.param("link:a.html[b] xref:c[d]", [("a.html", LINK), ("c", LINK)], id="links"),
        pytest.param("image::a.png[b c]", [("a.png", LINK), ("b c", "alt-text")], id="an image"),
        pytest.param("https://example.com/a[b]", [("https://example.com/a", "url")], id="an address with a text"),
    ],
)  # fmt: skip
def test_scopes(text: str, expected: Seen) -> None:
    assert seen(Labels, text) == expected
