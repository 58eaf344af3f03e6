"""Scopes of HTML: what stands in elements, values, comments and scripts."""

import pytest
from labelling import Seen, seen

from leakguard.readers.html import Labels

LINK = "html-attribute link-target url"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("<p>Just <b>words</b>, 2 < 3 &amp; 4 > 1", [], id="prose has no label"),
        pytest.param("<h1>Zq <b>Heron</b></h1> x", [("Zq ", "heading"), ("Heron", "heading")], id="a heading with a tag in it"),
        pytest.param("<title>Zq</title>", [("Zq", "heading")], id="a title"),
        pytest.param("<H2>a</H2>", [("a", "heading")], id="capitals"),
        pytest.param("<pre>a\nb</pre> c", [("a\nb", "code-block")], id="preformatted text over lines"),
        pytest.param("<code>a</code><kbd>b</kbd>", [("a", "code-span"), ("b", "code-span")], id="code in a line"),
        pytest.param("<pre><code>a</code></pre>", [("a", "code-block code-span")], id="code in a block"),
        pytest.param("a<!-- b\nc --> d", [("<!-- b\nc -->", "comment")], id="a comment over lines"),
        pytest.param("<!-- <h1>a</h1>", [("<!-- <h1>a</h1>", "comment")], id="a comment without end"),
        pytest.param("<script>var a = '</p>';</script>b", [("var a = '</p>';", "code-block")], id="a script"),
        pytest.param("<style>\n.a{}\n</STYLE >", [("\n.a{}\n", "code-block")], id="a style sheet"),
        pytest.param('<a href="b?c=d" title=\'e\'>f</a>', [("b?c=d", LINK), ("e", "html-attribute")], id="values in quotes"),
        pytest.param("<a href=b/c class=d>", [("b/c", "html-attribute link-target url"), ("d", "html-attribute")], id="values without quotes"),
        pytest.param('<img alt="a\nb" src="c">', [("a\nb", "alt-text html-attribute"), ("c", LINK)], id="a value over lines"),
        pytest.param('<meta name="a" content="b">', [("a", "html-attribute"), ("b", "html-attribute metadata")], id="metadata"),
        pytest.param('<input content="b"/>', [("b", "html-attribute")], id="content of something else"),
        pytest.param("<a\n  href\n  =\n  'b'>c", [("b", LINK)], id="a tag over lines"),
        pytest.param("<a b='>'>c", [(">", "html-attribute")], id="a bracket in a value"),
        pytest.param("<del>a</del><ins>b</ins>", [("a", "deleted"), ("b", "inserted")], id="revisions"),
        pytest.param("<div hidden>a<div>b</div>c</div>d", [("a", "hidden"), ("b", "hidden"), ("c", "hidden")], id="hidden, with its own kind inside"),
        pytest.param('<p style="display: none">a</p>b', [("display: none", "html-attribute"), ("a", "hidden")], id="hidden by a style"),
        pytest.param("<h1/>a", [], id="an element closed at once holds nothing"),
        pytest.param("</h1>a", [], id="an end without beginning"),
        pytest.param("see https://example.com/a.", [("https://example.com/a", "url")], id="a bare address"),
        pytest.param('<svg><a xlink:href="b"/></svg>', [("b", LINK)], id="a name with a prefix"),
        pytest.param("---\nlayout: a\n---\n<p>b", [("---\nlayout: a\n---\n", "front-matter")], id="front matter of a page"),
        pytest.param("<p>a\n---\nb", [], id="front matter only first"),
    ],
)  # fmt: skip
def test_scopes(text: str, expected: Seen) -> None:
    assert seen(Labels, text) == expected
