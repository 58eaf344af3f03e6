"""Contract of labellers (`model.Labeller`): labels are in order, inside the text and disjoint, have
known scopes, and do not depend on the pieces in which a text arrives. For every format."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labelling import labels_of

from leakguard.model import LABEL_REACH, SCOPES, Labeller
from leakguard.readers import asciidoc, html, markdown, mdx, rst, source, table, text

FORMATS: dict[str, Callable[[], Labeller]] = {
    "asciidoc": asciidoc.Labels,
    "html": html.Labels,
    "markdown": markdown.Labels,
    "mdx": mdx.Labels,
    "rst": rst.Labels,
    "table": table.Labels,
    "text": text.Labels,
    **{f"source, {family}": partial(source.Labels, family) for family in source.LANGUAGES},
}
MARKS = [
    "\n", "\r\n", "\r", "\n\n", " ", "  ", "    ", "\t", "a", "Zq ", "é", "𝄞", "x = 1", ":", "::", ";", ",", "|", "-",
    "---", "----", "====", "= ", "# ", "`", "``", "```", "'", '"', '"""', "'''", "\\", "*", "(", ")", "[", "]", "{/*",
    "*/}", "/*", "*/", "//", "////", "#", "%", "--", "--[[", "]]", "{-", "-}", "<!--", "-->", "<", ">", "</", "<h1>",
    "</h1>", "<a href=", "<p hidden>", "<script>", "</script>", "<pre>", "</pre>", "/>", "=", ".. ", ".. code::", ".. image:: ",
    ":alt: ", ".. _t: ", ">>> ", "[source]", ":a: b", "image::", "link:", "https://example.com/a", "www.example.com",
    "import a", "export const b", "a,b,c", "| a | b |\n|---|---|\n| c ", 'a,"b', "|x|y|",
]  # fmt: skip
texts = st.lists(st.sampled_from(MARKS), max_size=40).map("".join)


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=25)
@given(data=st.data(), content=texts)
def test_any_text_in_any_pieces(name: str, data: st.DataObject, content: str) -> None:
    labeller = FORMATS[name]
    expected = labels_of(labeller, content)
    assert all(0 <= label.start < label.end <= len(content) for label in expected)
    assert all(one.end <= other.start for one, other in pairwise(expected))
    assert all(label.scopes <= SCOPES for label in expected)
    size = data.draw(st.sampled_from([1, 2, 7]))
    labels = labeller()
    pieces = [label for at in range(0, len(content), size)
              for label in labels.feed(content[at : at + size])]  # fmt: skip
    assert [*pieces, *labels.close()] == expected


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("unit", ["a", "`", "<a b=", '"', ",x", "/* ", "a|", "[", "\\", "https://"])
def test_a_line_without_end_is_labelled_in_bounds(name: str, unit: str) -> None:
    """What lies two reaches behind is decided: a stream never waits for its end."""
    labels = FORMATS[name]()
    content = unit * (4 * LABEL_REACH // len(unit) + 1)
    made = list(labels.feed(content))
    later = list(labels.close())
    assert all(label.end <= len(content) for label in [*made, *later])
    assert all(label.start >= len(content) - 2 * LABEL_REACH - len(unit) for label in later)
