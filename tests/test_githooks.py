"""`leakguard hook`: written beside what is there, and taken away without a trace."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from house import ROOT, run
from repo import Repo, pack_beside

from leakguard import githooks
from leakguard.__main__ import main
from leakguard.errors import UsageError

NAMES = ("pre-commit", "pre-merge-commit", "commit-msg", "pre-push")
THEIRS = b"#!/bin/sh\r\necho theirs \xff\n\n"


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    made = Repo(tmp_path / "a repo")
    monkeypatch.chdir(made.path)
    return made


def state(folder: Path) -> Iterator[tuple[str, bytes, int]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield (
                str(path.relative_to(folder)),
                path.read_bytes(),
                stat.S_IMODE(path.lstat().st_mode),
            )


def installed(*options: str) -> list[githooks.Step]:
    return list(githooks.install("leakguard-hook", options))


def test_hooks_come_and_go(repo: Repo) -> None:
    before = list(state(repo.path))
    assert [Path(step.path).name for step in installed()] == list(NAMES)
    for name in NAMES:
        assert os.access(repo.path / ".git" / "hooks" / name, os.X_OK)
    assert {step.said for step in installed()} == {"already there"}
    assert {step.said for step in installed("--pack", "finance")} == {"renewed"}
    assert len(list(githooks.uninstall())) == len(NAMES)
    assert list(state(repo.path)) == before


@pytest.mark.parametrize("mode", [0o755, 0o644, 0o700])
def test_what_was_there_comes_back_byte_for_byte(repo: Repo, mode: int) -> None:
    hook = repo.path / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_bytes(THEIRS)
    hook.chmod(mode)
    before = list(state(repo.path))
    for _ in range(2):
        installed()
    assert (hook.parent / "pre-push.before-leakguard").read_bytes() == THEIRS
    list(githooks.uninstall())
    assert list(state(repo.path)) == before


def test_a_link_that_was_there_comes_back(repo: Repo) -> None:
    hook = repo.path / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.symlink_to("/nowhere/at/all")
    installed()
    list(githooks.uninstall())
    assert os.readlink(hook) == "/nowhere/at/all"


def test_what_was_there_runs_first_with_its_arguments_and_its_input(repo: Repo) -> None:
    hooks = repo.path / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in NAMES:
        (hooks / name).write_text(
            f'#!/bin/sh\n{{ echo "$@"; cat; }} >> "{repo.path}/told"\nexit 7\n'
        )
        (hooks / name).chmod(0o755)
    installed()
    for name in NAMES:
        done = subprocess.run(
            [hooks / name, "one two", "x"], input=b"l1\nl2\n", capture_output=True
        )
        assert done.returncode == 7, done.stderr
    assert (repo.path / "told").read_text() == "one two x\nl1\nl2\n" * len(NAMES)


def test_two_hooks_in_the_way_are_too_many(repo: Repo) -> None:
    hooks = repo.path / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("commit-msg", "commit-msg.before-leakguard"):
        (hooks / name).write_bytes(THEIRS)
    before = list(state(repo.path))
    with pytest.raises(UsageError, match="another hook is there"):
        installed()
    assert list(state(repo.path)) == before


def test_an_edited_hook_is_left_alone(repo: Repo) -> None:
    installed()
    hook = repo.path / ".git" / "hooks" / "commit-msg"
    hook.write_text(hook.read_text() + "echo mine\n")
    before = list(state(repo.path))
    with pytest.raises(UsageError, match="was edited"):
        list(githooks.uninstall())
    with pytest.raises(UsageError, match="was edited"):
        installed("--pack", "finance")
    assert list(state(repo.path)) == before


@pytest.mark.parametrize("chosen", [".husky", "/abs"])
def test_hooks_path_is_heeded(repo: Repo, tmp_path: Path, chosen: str) -> None:
    folder = tmp_path / "abs" if chosen == "/abs" else repo.path / chosen
    repo.git("config", "core.hooksPath", str(folder) if chosen == "/abs" else chosen)
    (repo.path / "sub").mkdir()
    os.chdir(repo.path / "sub")
    installed()
    assert {path.name for path in folder.iterdir()} == set(NAMES)
    assert not (repo.path / ".git" / "hooks" / "pre-push").exists()


def test_a_worktree_has_the_hooks_of_its_repository(repo: Repo, tmp_path: Path) -> None:
    repo.commit({"a.md": "x\n"})
    repo.git("worktree", "add", "--quiet", tmp_path / "tree")
    os.chdir(tmp_path / "tree")
    installed()
    assert (repo.path / ".git" / "hooks" / "pre-push").is_file()


def test_a_bare_repository_gets_the_hook_that_receives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = Repo(tmp_path / "bare.git", "--bare")
    monkeypatch.chdir(bare.path)
    assert [Path(step.path).name for step in installed()] == ["pre-receive"]
    assert (bare.path / "hooks" / "pre-receive").is_file()


def test_the_command(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    pack_beside(repo.path)
    assert main(["hook", "install", "--pack", "acme.toml", "--pack", "finance"]) == 0
    text = (repo.path / ".git" / "hooks" / "pre-push").read_text()
    assert f"--pack '{repo.path}/acme.toml' --pack finance" in text
    assert capsys.readouterr().out.count("installed") == len(NAMES)
    assert main(["hook", "uninstall"]) == 0
    assert main(["hook", "uninstall"]) == 0
    assert "no hook of leakguard is here" in capsys.readouterr().out


@pytest.mark.parametrize(
    "pack", ["nowhere.toml", "nowhere.sealed", "nobody", "empty.toml", "gitleaks:nowhere.toml"]
)
def test_a_pack_that_would_stop_every_commit_is_not_installed(repo: Repo, pack: str) -> None:
    (repo.path / "empty.toml").touch()
    assert main(["hook", "install", "--pack", pack]) == 2
    assert not (repo.path / ".git" / "hooks" / "pre-commit").exists()


def test_a_pack_is_found_from_below_and_with_a_space(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "my packs"
    folder.mkdir()
    pack_beside(folder).rename(folder / "acme two.toml")
    (folder / "rules.toml").write_text('[[rules]]\nid = "a"\nregex = "AKIA[A-Z]{16}"\n')
    below = repo.path / "docs"
    below.mkdir()
    monkeypatch.chdir(below)
    options = ["--pack", "../../my packs/acme two.toml"]
    options += ["--pack", "gitleaks:../../my packs/rules.toml"]
    assert main(["hook", "install", "--pre-commit", *options]) == 0
    script = (repo.path / ".git" / "hooks" / "pre-push").read_text("utf-8")
    assert f"--pack '{folder}/acme two.toml' --pack 'gitleaks:{folder}/rules.toml'" in script
    # The framework's file is the repository's; it hands over each word as it is.
    written = (repo.path / ".pre-commit-config.yaml").read_text("utf-8")
    args = json.dumps(
        ["--pack", f"{folder}/acme two.toml", "--pack", f"gitleaks:{folder}/rules.toml"]
    )
    assert written.count(f"    args: {args}\n") == 2


def test_with_pre_commit_only_the_push_is_gits(
    repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["hook", "install", "--pre-commit"]) == 0
    hooks = {path.name for path in (repo.path / ".git" / "hooks").iterdir()} & set(NAMES)
    assert hooks == {"pre-push"}
    written = (repo.path / ".pre-commit-config.yaml").read_text()
    assert "leakguard-message" in written
    (repo.path / ".pre-commit-config.yaml").write_text("repos: []\n")
    assert main(["hook", "install", "--pre-commit"]) == 0
    assert (repo.path / ".pre-commit-config.yaml").read_text() == "repos: []\n"
    assert "add this" in capsys.readouterr().out


def test_outside_a_repository_nothing_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["hook", "install"]) == 2


@pytest.mark.parametrize("name", [*NAMES, "pre-receive"])
def test_the_plain_hooks_start_what_the_installed_ones_start(name: str) -> None:
    plain = (ROOT / "hooks" / name).read_text().splitlines()[-1]
    call = plain.removeprefix("exec ")
    assert call in githooks.script(name, "leakguard-hook")
    assert (ROOT / "hooks" / name).stat().st_mode & 0o111


def test_a_hook_whose_program_is_gone_stops_the_commit(repo: Repo) -> None:
    list(githooks.install("/nowhere/leakguard-hook"))
    repo.write({"a.md": "x\n"})
    assert run("git", "commit", "--message", "x", cwd=repo.path).returncode != 0
