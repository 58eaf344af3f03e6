"""Contract: findings do not depend on nomination, windows or chunks. Here on the real packs.

Every example of every bundled pack and every draft in examples/ is screened by the reference
(every pattern over the whole text) and by the nominating path in windows of several sizes.
"""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from leakguard import packs
from leakguard.matcher import Matcher
from leakguard.model import Chunk, Document, Finding, Rule
from leakguard.packs import Pack
from leakguard.readers import from_text

ROOT = Path(__file__).parent.parent.parent
NOW = datetime(2026, 11, 23, tzinfo=UTC)
PACKS = [*map(packs.resolve, packs.bundled()), Pack.load(ROOT / "examples" / "acme.toml")]
RULES = [rule for pack in PACKS for rule in pack.rules]
DRAFTS = sorted(path for path in (ROOT / "examples").iterdir() if path.suffix != ".toml")


@cache
def matcher(*, prefilter: bool, block: int) -> Matcher:
    parsed = {source: pattern for pack in PACKS for source, pattern in pack.parsed.items()}
    return Matcher(
        RULES, now=NOW, profile="strict", prefilter=prefilter, block=block, parsed=parsed
    )


def found(text: str, *, chunk: int, prefilter: bool, block: int) -> list[Finding]:
    whole = from_text(text, "draft.md")
    pieces = [Chunk(at, text[at : at + chunk]) for at in range(0, len(text), chunk)]
    document = Document(whole.origin, lambda: iter(pieces), labeller=whole.labeller)
    result = matcher(prefilter=prefilter, block=block).find(document)
    assert result.failed is None
    return [hit.finding for hit in result.hits]


def agree(text: str, *ways: tuple[int, int]) -> None:
    expected = found(text, chunk=1 << 20, prefilter=False, block=1 << 30)
    for chunk, block in ways:
        assert found(text, chunk=chunk, prefilter=True, block=block) == expected


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_on_every_example(rule: Rule) -> None:
    for example in (*rule.examples, *rule.counter_examples):
        agree(example, (1 << 20, 1 << 18), (1, 1 << 18), (7, 40))


@pytest.mark.parametrize("path", DRAFTS, ids=lambda path: path.name)
def test_on_every_draft(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    agree(text, (1 << 20, 1 << 18), (1, 1 << 18), (53, 1 << 10))
    # Long enough that no window sees all of it.
    agree("\n\n".join([text] * 12), (1 << 16, 1 << 12))
