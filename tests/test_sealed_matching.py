"""A sealed list finds what the plain one finds: every row of docs/matching.md, sealed and opened."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from keyrings import JANE
from test_matching import ROWS

from leakguard import sealed
from leakguard.keys import Keyring, Recipient
from leakguard.matcher import Matcher
from leakguard.readers import from_text

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture(scope="module")
def jane(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    return JANE.keyring(tmp_path_factory.mktemp("jane"))


@pytest.mark.parametrize(("term", "mode", "text", "matched", "reported"), ROWS)
def test_row(
    term: str, mode: str, text: str, matched: list[str], reported: str, jane: Keyring
) -> None:
    pack = f"""[pack]
name = "p"
[[rule]]
id = "r"
title = "t"
severity = "high"
match = "{mode}"
terms = [{json.dumps(term, ensure_ascii=False)}]
why = "w"
"""
    data = sealed.seal(pack, [Recipient("j", JANE.public)], "p.toml")
    opened = sealed.open_pack(data, "p.sealed", jane)
    found = Matcher(opened.rules, now=NOW, parsed=opened.parsed).find(from_text(text, "a.md"))
    findings = [hit.finding for hit in found.hits]
    assert [text[f.span.start : f.span.end] for f in findings] == matched
    assert {str(f.confidence) for f in findings} == ({reported} if matched else set())


def test_the_list_says_nothing_of_its_terms(tmp_path: Path) -> None:
    """Not even to a search for its own terms, in all the ways in which they may be hidden.

    Nor by chance, as any base64 of this size holds short names.
    """
    terms = sorted({term for term, mode, *_ in ROWS if mode == "loose"})
    pack = f"""[pack]
name = "p"
[[rule]]
id = "r"
title = "t"
severity = "high"
match = "loose"
terms = {json.dumps(terms, ensure_ascii=False)}
why = "w"
"""
    data = sealed.seal(pack, [Recipient("j", JANE.public)], "p.toml")
    opened = sealed.open_pack(data, "p.sealed", JANE.keyring(tmp_path))
    matcher = Matcher(opened.rules, now=NOW)
    assert matcher.find(from_text(terms[0], "a.md")).hits
    assert not matcher.find(from_text(data.decode(), "p.sealed")).hits
