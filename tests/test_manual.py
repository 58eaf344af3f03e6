"""The manual of rules: what its pages say, and that docs/rules/ says the same as the packs."""

import re

import pytest
from house import ROOT

from leakguard import manual, packs
from leakguard.__main__ import main
from leakguard.packs import Pack

PACK = """
[pack]
name = "acme"
title = "Acme"
version = "7"
owner = "o@example.com"

[[rule]]
id = "badge"
title = "number of a badge"
severity = "high"
pattern = '''\\bB\\d{6}\\b'''
near = { words = ["badge"], strong = ["door badge"], before = 20, after = 0 }
confidence = { near = "low", full = "high" }
exclude = { near = { words = ["sample"] }, scopes = ["url"] }
samples = ["B000000"]
count = { escalate = 5, to = "critical" }
yields = true
why = "It opens a door."
instead = "Remove | it."
references = ["Door Act"]
examples = ["door badge B123456", "the `badge` is\\tB654321"]
counter_examples = ["B123456"]

[[rule]]
id = "names"
title = "unreleased name"
severity = "low"
terms = ["Zqheron"]
why = "It is not announced."
examples = ["the Zqheron"]
"""


def test_a_pattern_rule_is_told_whole() -> None:
    page = manual.markdown(Pack.from_toml(PACK))
    for said in (
        "| [badge](#badge) | number of a badge | high | standard |",
        "**Number of a badge.** It opens a door.",
        "*Instead:* Remove \\| it.",
        "- confidence **low** with context; **high** with strong context",
        "- context up to 20 characters before and 0 after: door badge (strong); badge",
        "- not where one of these stands up to 60 characters before and 30 after: sample",
        "- not in url",
        "- left to a rule whose finding covers it and is as sure and as bad",
        "- **critical** from 5 different ones on",
        "- 1 published sample values are told as information",
        "- see Door Act",
        "- ``the `badge` is⇥B654321``",
    ):
        assert said in page, said


def test_an_owner_is_named_where_there_is_one() -> None:
    owned, none = Pack.from_toml(PACK), Pack.from_toml(PACK.replace('owner = "o@example.com"', ""))
    assert "pack acme 7, owner o@example.com\n" in manual.page(owned.rules[0], owned)
    assert "pack acme 7\n" in manual.page(none.rules[0], none)
    assert "2 rules, owner o@example.com." in manual.markdown(owned)
    assert "2 rules. Written" in manual.markdown(none)


def test_a_term_is_never_written_down() -> None:
    pack = Pack.from_toml(PACK)
    assert "zqheron" not in manual.markdown(pack).lower()
    assert "zqheron" not in "".join(manual.page(rule, pack) for rule in pack.rules).lower()
    assert "looks for 1 terms of a list" in manual.markdown(pack)


@pytest.mark.parametrize("name", packs.bundled())
def test_docs_rules_is_what_the_packs_say(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """When this fails: .venv/bin/python tools/update_rules.py"""
    assert main(["rule", "--all", "--format", "markdown", "--only-pack", name]) == 0
    page = (ROOT / f"docs/rules/{name}.md").read_text(encoding="utf-8")
    assert capsys.readouterr().out == page


@pytest.mark.parametrize("name", packs.bundled())
def test_every_rule_has_its_page(name: str) -> None:
    page = (ROOT / f"docs/rules/{name}.md").read_text(encoding="utf-8")
    named = re.findall(r"^## (.+)$", page, re.M)
    assert named == [rule.id.partition("/")[2] for rule in packs.resolve(name).rules]


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        pytest.param(["rule"], "name one rule, or ask for all", id="neither a rule nor all"),
        pytest.param(["rule", "a/b", "--all"], "name one rule", id="both"),
        pytest.param(["rule", "finance/iban", "--format", "markdown"], "whole packs", id="one"),
    ],
)
def test_wrongly_asked(argv: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == 2
    assert message in capsys.readouterr().err


def test_all_rules_as_pages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rule", "--all", "--only-pack", "finance"]) == 0
    assert capsys.readouterr().out.count("\nseverity ") == len(packs.resolve("finance").rules)
