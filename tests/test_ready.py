"""What is brought along with the bundled packs is what they are, or is not used."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from house import ROOT

from leakguard import cache, packs, patterns, ready
from leakguard.packs import Pack

RULE = """
[pack]
name = "numbers"
[[rule]]
id = "one"
title = "t"
why = "w"
severity = "high"
pattern = '''\\bmember number \\d{9}\\b'''
examples = ["member number 123456789"]
"""


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of bundled packs with one small pack in it, and no cache."""
    folder = tmp_path / "rules"
    shutil.copytree(ROOT / "rules" / "data", folder / "data")
    (folder / "numbers.toml").write_text(RULE, encoding="utf-8")
    monkeypatch.setattr(packs, "rules_folder", lambda: str(folder))
    monkeypatch.setenv(cache.FOLDER_VARIABLE, "")
    return folder


def brought(rules: Path) -> Path:
    folder = rules / packs.READY
    folder.mkdir(exist_ok=True)
    return Path(packs.bring(str(folder), "numbers"))


def test_what_is_brought_is_the_pack(rules: Path) -> None:
    read = packs.resolve("numbers")
    assert not read.ready
    brought(rules)
    again = packs.resolve("numbers")
    assert again == read
    assert list(again.rules) == list(read.rules)
    assert again.ready == (ready.of(read.rules[0], again.pattern),)
    assert again.pattern(read.rules[0].pattern)._replace(needs=None) == read.pattern(
        read.rules[0].pattern
    )


def test_it_is_made_once(rules: Path) -> None:
    brought(rules)
    assert packs.bring(str(rules / packs.READY), "numbers") == ""


def test_a_pack_that_was_changed_is_read(rules: Path) -> None:
    brought(rules)
    changed = RULE.replace('title = "t"', 'title = "u"')
    (rules / "numbers.toml").write_text(changed, encoding="utf-8")
    pack = packs.resolve("numbers")
    assert pack.rules[0].title == "u"
    assert not pack.ready


def test_of_a_changed_pack_the_patterns_are_left(
    rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought(rules)
    changed = RULE.replace('title = "t"', 'title = "u"')
    (rules / "numbers.toml").write_text(changed, encoding="utf-8")
    parsed: list[str] = []
    monkeypatch.setattr(patterns, "parse", parsed.append)
    assert packs.resolve("numbers").rules[0].title == "u"
    assert parsed == []


@pytest.mark.parametrize("what", ["empty", "another name", "another code"])
def test_what_was_made_otherwise_is_not_used(rules: Path, what: str) -> None:
    path = brought(rules)
    first, _, rest = path.read_bytes().partition(b"\n")
    name, code, size = first.split()
    parts = (name, b"0", size) if what == "another code" else (b"0" * 40, code, size)
    first = b" ".join(parts)
    path.write_bytes(b"" if what == "empty" else first + b"\n" + rest)
    assert not packs.resolve("numbers").ready
    assert packs.resolve("numbers").rules[0].title == "t"


@pytest.fixture
def settled(rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What was brought is of long ago, has been compared once, and is not compared again."""
    brought(rules)
    for path in rules.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setattr(packs, "_SETTLED", 0)
    packs.resolve("numbers")
    return rules


def test_what_nobody_touched_is_not_read_again(
    settled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    monkeypatch.setattr(packs, "_bytes", read.append)
    assert packs.resolve("numbers").rules[0].title == "t"
    assert read == []


@pytest.mark.parametrize("what", ["numbers.toml", "data/exclusions.toml", "data/frequent.txt"])
def test_what_somebody_touched_is(
    settled: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []
    real = packs._bytes
    monkeypatch.setattr(packs, "_bytes", lambda where: compared.append(where) or real(where))
    os.utime(settled / what)
    assert packs.resolve("numbers").rules[0].title == "t"
    assert len(compared) == 1


def test_a_change_that_leaves_the_size_is_seen(settled: Path) -> None:
    changed = RULE.replace('title = "t"', 'title = "u"')
    (settled / "numbers.toml").write_text(changed, encoding="utf-8")
    assert packs.resolve("numbers").rules[0].title == "u"


def test_what_was_just_written_is_compared_each_time(
    settled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packs, "_SETTLED", 10**18)
    os.utime(settled / "numbers.toml")
    for _ in range(2):
        packs.resolve("numbers")
        stamp = cache.load(
            cache.folder(os.environ), packs._name_of_stamp(str(settled / "numbers.toml"))
        )
        assert stamp[0] != packs._touched(str(settled / "numbers.toml"))


def test_without_what_was_brought_a_stamp_says_nothing(settled: Path) -> None:
    shutil.rmtree(settled / packs.READY)
    assert packs.resolve("numbers").rules[0].title == "t"


def test_terms_are_not_brought(rules: Path) -> None:
    text = RULE.partition("pattern =")[0] + 'terms = ["Zqheron"]\n'
    (rules / "numbers.toml").write_text(text, encoding="utf-8")
    (rules / packs.READY).mkdir()
    assert packs.bring(str(rules / packs.READY), "numbers") == ""
    assert os.listdir(rules / packs.READY) == []


MOMENTS = {
    "none": ("", None),
    "a day": ("2027-02-01", datetime(2027, 2, 1).date()),
    "a moment": ("2027-02-01T09:00:00+00:00", datetime(2027, 2, 1, 9, tzinfo=UTC)),
}


@pytest.mark.parametrize(("text", "expected"), MOMENTS.values(), ids=MOMENTS.keys())
def test_moments(text: str, expected: object) -> None:
    assert ready.moment(text) == expected


PACK = Pack.from_toml(
    RULE
    + """
[[rule]]
id = "silent"
title = "t"
why = "w"
severity = "high"
pattern = '''[a-z]{4}'''
near = { words = ["code word"] }
examples = ["code word abcd"]
[[rule]]
id = "member-of"
title = "t"
why = "w"
severity = "high"
of = { all = ["one", "silent"], same = "line" }
"""
)
HOW = {
    "numbers/one": ("literal", "literal"),
    "numbers/silent": ("near", "swept"),
    "numbers/member-of": ("", ""),
}


@pytest.mark.parametrize("rule", PACK.rules, ids=lambda rule: rule.id)
def test_how_a_rule_is_looked_for(rule: packs.Rule) -> None:
    made = ready.of(rule, PACK.pattern)
    assert (made.looked_for(member=False), made.looked_for(member=True)) == HOW[rule.id]
