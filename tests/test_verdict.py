"""Verdicts about the policy itself: a list of secret names in the tree that it guards."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from house import acme

from leakguard.__main__ import main

PACK = acme('"Zq Heron", "Vx Egret", { term = "Qj Plover", id = 17 }', owner="brand@example.com")
SHAPES = PACK[: PACK.index("match")] + "pattern = '''OPS-\\d{3}'''\nexamples = ['OPS-123']\n"
Found = list[tuple[str, str, str, int]]


@pytest.fixture
def check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, Found]]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "acme.toml").write_text(PACK, encoding="utf-8")
    (tmp_path / "a.md").write_text("Nothing.\n", encoding="utf-8")

    def call(*argv: str) -> tuple[int, Found]:
        code = main(["check", "--only-pack", "./acme.toml", "--format", "json", *argv])
        out = capsys.readouterr().out
        assert "eron" not in out
        return code, [
            (f["rule"], f["action"], f["path"], f["line"]) for f in json.loads(out)["findings"]
        ]

    return call


def git(*words: str) -> None:
    subprocess.run(["git", *words], check=True, capture_output=True)


ONE = [("policy/term-list", "block", "acme.toml", 10)]


def test_a_list_in_the_tree_is_one_finding(check: Callable[..., tuple[int, Found]]) -> None:
    assert check(".") == (1, ONE)
    assert check("acme.toml") == (1, ONE)
    assert check("a.md") == (0, [])


def test_a_list_that_is_staged_is_one_finding(check: Callable[..., tuple[int, Found]]) -> None:
    git("init", "-q")
    git("add", "acme.toml")
    assert check("--staged") == (1, ONE)


def test_a_list_that_git_ignores_is_none(check: Callable[..., tuple[int, Found]]) -> None:
    git("init", "-q")
    Path(".git/info/exclude").write_text("acme.toml\n", encoding="utf-8")
    assert check(".") == (0, [])


def test_a_list_that_grows_is_one_finding(check: Callable[..., tuple[int, Found]]) -> None:
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "all")
    Path("acme.toml").write_text(PACK + "# a line more\n", encoding="utf-8")
    git("add", ".")
    assert check("--staged") == (0, [(ONE[0][0], "info", *ONE[0][2:])])
    Path("acme.toml").write_text(PACK.replace('"Vx', '"Vy Osprey", "Vx'), encoding="utf-8")
    git("add", ".")
    assert check("--staged") == (1, ONE)


def test_names_elsewhere_are_findings_of_their_own(
    check: Callable[..., tuple[int, Found]],
) -> None:
    Path("copy.toml").write_text('terms = ["Zq Heron"]\n', encoding="utf-8")
    assert check(".") == (1, [*ONE, ("acme/unreleased", "block", "copy.toml", 1)])


def test_a_pack_without_names_is_none(check: Callable[..., tuple[int, Found]]) -> None:
    Path("acme.toml").write_text(SHAPES, encoding="utf-8")
    assert "policy/term-list" not in {rule for rule, *_ in check(".")[1]}


def test_invented_names_can_be_let_pass(check: Callable[..., tuple[int, Found]]) -> None:
    allowed = "# leakguard: allow policy/term-list -- all of it is invented\nterms"
    Path("acme.toml").write_text(PACK.replace("terms", allowed), encoding="utf-8")
    assert check(".") == (0, [("policy/term-list", "allow", "acme.toml", 11)])


def test_the_rule_can_be_off(check: Callable[..., tuple[int, Found]]) -> None:
    Path("leakguard.toml").write_text('[rules]\n"policy/term-list" = "off"\n', encoding="utf-8")
    assert check(".") == (0, [])
