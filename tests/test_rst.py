"""Scopes of reStructuredText: blocks, directives and inline marks."""

import pytest
from labelling import Seen, seen

from leakguard.readers.rst import Labels

LINK = "link-target url"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Just words.\n\nAnd more.\n", [], id="prose has no label"),
        pytest.param("Zq Heron\n========\n\ntext", [("Zq Heron", "heading")], id="a heading"),
        pytest.param("====\n Zq\n====\n", [("Zq", "heading")], id="a heading with a line over it"),
        pytest.param("a\n\n----\n\nb", [], id="a rule between paragraphs"),
        pytest.param("A ``b`` c\n=========", [("A ``", "heading"), ("b", "code-span heading"), ("`` c", "heading")], id="code in a heading"),
        pytest.param(":author: a\n:date: b\n\nText\n\n:c: d\n", [(":author: a\n:date: b\n", "front-matter")], id="fields at the top only"),
        pytest.param("a ``b`` c", [("b", "code-span")], id="inline literal"),
        pytest.param("a ``b\nc`` d", [("b\nc", "code-span")], id="inline literal over lines"),
        pytest.param(":func:`a` and :ref:`b`", [("a", "code-span")], id="roles"),
        pytest.param("`a <https://example.com/b>`_", [("https://example.com/b", LINK)], id="a link"),
        pytest.param(".. _a: https://example.com/b\n", [("https://example.com/b", LINK)], id="a target"),
        pytest.param("see https://example.com/b.", [("https://example.com/b", "url")], id="a bare address"),
        pytest.param("a::\n\n  b\n\n  c\n\nd", [("  b\n", "code-block"), ("  c\n", "code-block")], id="a literal block"),
        pytest.param("a::\n\nb", [], id="two colons without a block"),
        pytest.param(".. code-block:: c\n   :x:\n\n   b\nd", [(".. code-block:: c\n   :x:\n", "code-block"), ("   b\n", "code-block")], id="a directive of code"),
        pytest.param(".. note:: a ``b``\n\n   c ``d``\n", [("b", "code-span"), ("d", "code-span")], id="a directive of prose"),
        pytest.param(".. image:: a.png\n   :alt: b c\n   :width: 3", [("a.png", LINK), ("b c", "alt-text")], id="an image"),
        pytest.param(".. meta::\n   :a: b\n\nc", [("   :a: b\n", "metadata")], id="metadata"),
        pytest.param(".. a comment\n   b\n\n   c\nd", [(".. a comment\n   b\n", "comment"), ("   c\n", "comment")], id="a comment"),
        pytest.param("..\n   b\nc", [("..\n   b\n", "comment")], id="a comment that begins on the next line"),
        pytest.param(".. [1] a ``b``\n", [("b", "code-span")], id="a footnote is no comment"),
        pytest.param(">>> a\nb\n\nc", [(">>> a\nb\n", "code-block")], id="a session"),
    ],
)  # fmt: skip
def test_scopes(text: str, expected: Seen) -> None:
    assert seen(Labels, text) == expected
