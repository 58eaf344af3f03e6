"""`leakguard init`: what it writes is a policy, a pack and a snippet that work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import tomli
import yaml
from house import ROOT

from leakguard import Pack, config, packcheck, packs
from leakguard.cli import main
from leakguard.commands.init import SNIPPET
from leakguard.configfile import _TOP_KEYS

TEMPLATE = (ROOT / "rules/templates/config/leakguard.toml").read_text("utf-8")
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def uncommented(text: str) -> str:
    """The template with every key that it shows in force."""
    return re.sub(r"^# (?=[\w\"/-]+ = |\[)", "", text, flags=re.M)


def test_it_writes_the_policy_and_says_what_to_do_next(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init"]) == 0
    assert (folder / "leakguard.toml").read_text("utf-8") == TEMPLATE
    out, err = capsys.readouterr()
    assert "pre-commit install" in out
    assert err == ""
    snippet = "\n".join(line[2:] for line in out.splitlines() if line.startswith("  "))
    assert yaml.safe_load(snippet) == yaml.safe_load(SNIPPET)


def test_the_policy_as_written_changes_nothing() -> None:
    assert tomli.loads(TEMPLATE) == {}


def test_the_policy_with_every_line_in_force_is_one(folder: Path) -> None:
    text = uncommented(TEMPLATE)
    keys = set(tomli.loads(text))
    assert keys == _TOP_KEYS - {"loosen", "reason"}
    path = folder / "below" / "leakguard.toml"
    path.parent.mkdir()
    (folder / "leakguard.toml").write_text("", encoding="utf-8")
    path.write_text(
        f'loosen = true\nreason = "a trial"\n{text}'.replace(
            "[[path]]", '[[path]]\nloosen = true\nreason = "a trial"'
        ),
        encoding="utf-8",
    )
    read = config.load(str(path))
    assert read.contact.respond
    read.refuse_unknown_rules(
        {pack: {rule.id for rule in packs.resolve(pack).rules} for pack in packs.bundled()}
    )


def test_what_the_policy_shows_is_what_holds_without_it(folder: Path) -> None:
    keys = tomli.loads(uncommented(TEMPLATE))
    shown = {key: value for key, value in keys.items() if key in config._USUAL}
    assert shown == config._USUAL


def test_the_snippet_installs_the_stages_of_its_hooks() -> None:
    snippet = yaml.safe_load(SNIPPET)
    used = {hook["id"] for repo in snippet["repos"] for hook in repo["hooks"]}
    stages = {hook["id"]: set(hook["stages"]) - {"manual"} for hook in HOOKS}
    assert used <= stages.keys()
    assert set().union(*(stages[hook] for hook in used)) == set(
        snippet["default_install_hook_types"]
    )


def test_the_pack_it_writes_keeps_what_it_promises(folder: Path) -> None:
    assert main(["init", "--pack", "nimbus"]) == 0
    pack = Pack.load(folder / "nimbus.toml")
    assert pack.name == "nimbus"
    (report,) = packcheck.check((pack,))
    assert not report.problems


@pytest.mark.parametrize(
    ("there", "argv", "message"),
    [
        ("leakguard.toml", [], "leakguard.toml: is there already"),
        ("acme.toml", ["--pack", "acme"], "acme.toml: is there already"),
        ("", ["--pack", "Acme"], "a pack cannot be called 'Acme'"),
        ("", ["--pack", "../acme"], "a pack cannot be called '../acme'"),
        ("", ["--pack", "finance"], "a pack called finance comes with leakguard"),
        ("", ["--pack", "leakguard"], "leakguard.toml is the policy"),
    ],
)
def test_it_replaces_nothing_and_writes_all_or_nothing(
    there: str, argv: list[str], message: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if there:
        (folder / there).write_text("mine", encoding="utf-8")
    assert main(["init", *argv]) == 2
    assert message in capsys.readouterr().err
    left = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
    assert left == ({there: "mine"} if there else {})
