"""Lines out of pieces, addresses in them, and marks laid side by side."""

import pytest

from leakguard.model import LABEL_REACH
from leakguard.readers.lines import Lines, addresses, flat


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        pytest.param(["a\nb\r\nc\rd"], ["a|\n", "b|\r\n", "c|\r", "d|"], id="three kinds of ends"),
        pytest.param(["a\r", "\nb"], ["a|\r\n", "b|"], id="an end in two pieces"),
        pytest.param(["a\r"], ["a|\r"], id="a lone CR at the very end"),
        pytest.param(["", "a"], ["a|"], id="an empty piece"),
    ],
)
def test_lines(pieces: list[str], expected: list[str]) -> None:
    lines = Lines()
    found = [line for piece in pieces for line in lines.feed(piece)] + list(lines.close())
    assert [f"{line.text}|{line.ending}" for line in found] == expected
    assert "".join(line.text + line.ending for line in found) == "".join(pieces)
    assert all(line.stop == line.at + len(line.text + line.ending) for line in found)


def test_a_line_too_long_is_cut() -> None:
    lines = Lines()
    found = [*lines.feed("a" * (LABEL_REACH + 5) + "\n"), *lines.close()]
    assert [(len(line.text), line.ending) for line in found] == [(LABEL_REACH, ""), (5, "\n")]


def test_addresses_end_before_punctuation() -> None:
    text = "(see https://example.com/a_(b)), or WWW.example.org."
    assert [text[a:b] for a, b, _ in addresses(text)] == [
        "https://example.com/a_(b)",
        "WWW.example.org",
    ]


def test_flat_marks_do_not_overlap() -> None:
    spans = [(0, 9, "heading"), (3, 5, "url"), (3, 5, "url"), (4, 4, "code-span")]
    assert [(a, b, sorted(s)) for a, b, s in flat(spans)] == [
        (0, 3, ["heading"]),
        (3, 5, ["heading", "url"]),
        (5, 9, ["heading"]),
    ]
