"""The reader of sealed lists: the cipher is no text, and all else is, where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_sealed import LIST

import leakguard
from leakguard import Pack
from leakguard.model import Chunk
from leakguard.readers import from_text, sealed

TEXT = LIST.decode()
BODY = TEXT.split("\n")[TEXT.split("\n").index("-----BEGIN AGE ENCRYPTED FILE-----") + 1]


def guard(*terms: str) -> leakguard.Guard:
    listed = ", ".join(f'"{term}"' for term in terms)
    return leakguard.compile(
        packs=[
            Pack.from_toml(
                f"""[pack]
name = "p"
[[rule]]
id = "r"
title = "t"
severity = "high"
match = "substring"
terms = [{listed}]
why = "w"
"""
            )
        ]
    )


def test_what_stands_in_the_cipher_by_chance_is_not_found(tmp_path: Path) -> None:
    by_chance = "".join(filter(str.isalnum, BODY))[:5]
    screener = guard(by_chance, "on call")
    (tmp_path / "a.sealed").write_bytes(LIST)
    for source in (TEXT, LIST, tmp_path / "a.sealed"):
        (finding,) = screener.scan(source)
        assert TEXT[finding.span.start : finding.span.end] == "on call"
        assert finding.place.line == 1 + TEXT[: finding.span.start].count("\n")
    assert screener.scan(f"not sealed: {by_chance}").findings


def test_what_stands_after_the_cipher_is_where_it_is() -> None:
    (finding,) = guard("check").scan(TEXT)
    assert finding.span.start == TEXT.index("check = ")
    (finding,) = guard("check").scan(LIST.replace(b"\n", b"\r\n"))
    assert finding.place.byte_start == LIST.replace(b"\n", b"\r\n").index(b"check = ")


@pytest.mark.parametrize(
    "line",
    ["the Blue Heron", "Blue-Heron", "x" * 65, "x" * 9000, "  aGk=", "aGk= Heron", ""],
)
def test_what_is_no_cipher_is_read(line: str) -> None:
    text = TEXT.replace(BODY, line)
    read = "".join(chunk.text for chunk in from_text(text, "a").chunks())
    assert len(read) == len(text)
    assert line in read.split("\n")
    assert BODY not in read


def test_pieces_of_any_size_read_the_same() -> None:
    whole = "".join(chunk.text for chunk in from_text(TEXT, "a").chunks())
    assert whole != TEXT
    for size in (1, 7, 64, 1000):
        pieces = [Chunk(at, TEXT[at : at + size]) for at in range(0, len(TEXT), size)]
        read = list(sealed.blanked(lambda pieces=pieces: iter(pieces)))  # type: ignore[misc]
        assert "".join(chunk.text for chunk in read) == whole
        assert [c.base for c in read] == [
            sum(len(c.text) for c in read[:n]) for n in range(len(read))
        ]


def test_a_text_that_is_no_sealed_list_keeps_its_armour() -> None:
    armour = TEXT[TEXT.index("-----BEGIN") :]
    read = "".join(chunk.text for chunk in from_text(armour, "a").chunks())
    assert read == armour
