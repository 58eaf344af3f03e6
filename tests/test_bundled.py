"""The bundled packs and templates: what each of their rules owes its reader."""

import re
from pathlib import Path

import pytest
from house import ROOT

from leakguard import packcheck, packs
from leakguard.model import Rule
from leakguard.packs import Pack

BUNDLED = [packs.resolve(name) for name in packs.bundled()]
RULES = [rule for pack in BUNDLED for rule in pack.rules]
TEMPLATES = sorted((ROOT / "rules/templates").glob("*.toml"))
PACKS = sorted((ROOT / "rules").glob("*.toml")) + TEMPLATES
LONGEST = 400  # characters of a pattern or phrase, unless a comment right above says why


@pytest.mark.parametrize("rule", [r for r in RULES if r.pattern], ids=lambda rule: rule.id)
def test_a_rule_has_two_examples_and_two_traps(rule: Rule) -> None:
    assert len(rule.examples) >= 2
    assert len(rule.counter_examples) >= 2
    assert rule.instead
    assert rule.replacement
    assert rule.references
    assert 1 <= len(re.findall(r"[.!?](?= |$)", rule.why)) <= 2


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.name)
def test_what_cannot_be_read_at_a_glance_says_why(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    patterns = [at for at, line in enumerate(lines) if line.startswith("pattern = ")]
    unread = [
        next(line for line in lines[at::-1] if line.startswith("id = "))
        for at in patterns
        if len(lines[at]) - len("pattern = ''''''") > LONGEST and not lines[at - 1].startswith("# ")
    ]
    assert unread == []


@pytest.mark.parametrize("rule", [r for r in RULES if r.phrases], ids=lambda rule: rule.id)
def test_a_phrase_can_be_read_at_a_glance(rule: Rule) -> None:
    assert max(map(len, rule.phrases)) <= LONGEST


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_keeps_what_it_promises(path: object) -> None:
    (report,) = packcheck.check([Pack.load(path)])
    assert report.problems == ()
    assert report.examples >= 2 * report.pack.rules - 1


def test_the_readme_of_templates_names_them_all() -> None:
    text = (ROOT / "rules/templates/README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\]\((\w+\.toml)\)", text))
    assert named == {path.name for path in TEMPLATES}


def test_templates_can_be_used_together() -> None:
    chosen = packs.resolve_all([*packs.bundled(), *TEMPLATES])
    assert len({pack.name for pack in chosen}) == len(chosen)
