"""Scopes of MDX: what it has beyond Markdown."""

import pytest
from labelling import Seen, seen

from leakguard.readers.mdx import Labels


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("# Zq\n\n`a`", [("# Zq", "heading"), ("a", "code-span")], id="it is Markdown"),
        pytest.param('import A from "b"\n\nc', [('import A from "b"\n', "code-block")], id="import"),
        pytest.param("import taxes rose\n", [("import taxes rose\n", "code-block")], id="as MDX reads it"),
        pytest.param("important words", [], id="a word that begins alike"),
        pytest.param("export const a = {\n  b: 1\n}\n\nc", [("export const a = {\n  b: 1\n}\n", "code-block")], id="export over lines"),
        pytest.param("a\nimport b\n", [], id="within a paragraph"),
        pytest.param("{/* a\n\nb */}\nc", [("{/* a\n\nb */}\n", "comment")], id="a comment over paragraphs"),
        pytest.param("a {/* b */} c", [("{/* b */}", "comment")], id="a comment in a line"),
        pytest.param("```\n{/* a\n```\nb", [("```\n{/* a\n```\n", "code-block")], id="not in a fence"),
        pytest.param('<Card href="a">b</Card>', [("a", "html-attribute link-target url")], id="a component"),
    ],
)  # fmt: skip
def test_scopes(text: str, expected: Seen) -> None:
    assert seen(Labels, text) == expected
