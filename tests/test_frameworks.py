"""All hooks under the real pre-commit, and under prek with the same manifest."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from house import copy_checkout, run, run_ok
from repo import PACK, Repo

# Environments cost seconds: each is built once, in the worker that has pre-commit's already.
pytestmark = pytest.mark.xdist_group("precommit")

PRE_COMMIT = (sys.executable, "-m", "pre_commit")
PREK = (str(Path(sys.executable).parent / "prek"),)
PNG = b"\x89PNG\r\n\x1a\n"
NAME = "Blue Heron"
CONFIG = """\
default_install_hook_types: [pre-commit, pre-merge-commit, commit-msg, pre-push]
repos:
- repo: {repo}
  rev: {rev}
  hooks:
  - id: leakguard
    args: &names [--only-pack, {pack}]
  - id: leakguard-message
    args: *names
  - id: leakguard-push
    args: *names
  - id: leakguard-packs
"""


class Desk:
    """A repository with a framework's hooks and a remote."""

    def __init__(self, folder: Path, framework: tuple[str, ...], published: Path) -> None:
        self.framework = framework
        self.home = {"PRE_COMMIT_HOME": str(folder / "home"), "PREK_HOME": str(folder / "home")}
        pack = folder / "acme.toml"
        pack.write_text(PACK, encoding="utf-8")
        self.remote = Repo(folder / "remote.git", "--bare")
        self.repo = Repo(folder / "desk")
        rev = run_ok("git", "rev-parse", "HEAD", cwd=published).strip()
        config = CONFIG.format(repo=published.as_posix(), rev=rev, pack=pack.as_posix())
        self.repo.commit({".pre-commit-config.yaml": config, "old.md": f"{NAME} was here.\n"})
        self.repo.git("tag", "base")
        self.repo.git("remote", "add", "origin", self.remote.path)
        self.repo.git("push", "--quiet", "origin", "main")
        run_ok(*framework, "install", cwd=self.repo.path, **self.home)

    def reset(self) -> None:
        self.repo.reset()
        for ref in self.repo.git("for-each-ref", "--format=%(refname)").split():
            if ref not in ("refs/heads/main", "refs/tags/base", "refs/remotes/origin/main"):
                self.repo.git("update-ref", "-d", ref)

    def tries(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return run("git", *words, cwd=self.repo.path, GIT_EDITOR=":", **self.home, **more)

    def anyway(self, files: dict[str, str | bytes], message: str = "Change") -> None:
        self.repo.write(files)
        self.repo.git("commit", "--quiet", "--no-verify", "--allow-empty", "--message", message)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkout as a repository that a framework can clone."""
    folder = copy_checkout(tmp_path_factory.mktemp("published"))
    run_ok("git", "init", "--quiet", cwd=folder)
    run_ok("git", "add", "--all", cwd=folder)
    run_ok("git", "commit", "--quiet", "--message", "All of it", cwd=folder)
    return folder


@pytest.fixture(scope="module")
def precommit(tmp_path_factory: pytest.TempPathFactory, published: Path) -> Desk:
    return Desk(tmp_path_factory.mktemp("pre-commit"), PRE_COMMIT, published)


@pytest.fixture(scope="module")
def prek(tmp_path_factory: pytest.TempPathFactory, published: Path) -> Desk:
    assert shutil.which(PREK[0]), "prek belongs to the tools for development"
    return Desk(tmp_path_factory.mktemp("prek"), PREK, published)


@pytest.fixture
def desk(precommit: Desk) -> Desk:
    precommit.reset()
    return precommit


def said(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout + done.stderr


def stopped(done: subprocess.CompletedProcess[str], *told: str) -> None:
    assert done.returncode != 0, said(done)
    assert NAME not in said(done).replace(f'"{NAME}', "")
    for text in ("acme/t1", *told):
        assert text in said(done)


def test_a_line_a_message_and_a_push(desk: Desk) -> None:
    desk.repo.write({"a.md": f"one\n{NAME}\n"})
    stopped(desk.tries("commit", "--message", "x"), "a.md", "line 2")
    desk.repo.write({"a.md": "fine\n"})
    stopped(desk.tries("commit", "--message", f"For {NAME}"), "COMMIT_EDITMSG")
    done = desk.tries("commit", "--message", "Fine")
    assert done.returncode == 0, said(done)
    desk.anyway({"b.md": f"{NAME}\n"})
    desk.anyway({"b.md": "gone\n"})
    stopped(desk.tries("push", "origin", "main"), "b.md", "(commit ")


def test_old_lines_inform_and_all_files_are_judged_whole(desk: Desk) -> None:
    desk.repo.write({"old.md": f"{NAME} was here.\nmore\n"})
    done = desk.tries("commit", "--message", "x")
    assert done.returncode == 0, said(done)
    stopped(run(*PRE_COMMIT, "run", "--all-files", cwd=desk.repo.path, **desk.home), "old.md")


def test_a_partial_commit(desk: Desk) -> None:
    desk.repo.commit({"fine.md": "1\n", "leak.md": "1\n"})
    desk.repo.write({"fine.md": "2\n", "leak.md": f"{NAME}\n"})
    done = desk.tries("commit", "--message", "x", "--", "fine.md")
    assert done.returncode == 0, said(done)
    stopped(desk.tries("commit", "--message", "x", "--", "leak.md"), "leak.md")


def test_amend_merge_and_rebase(desk: Desk) -> None:
    desk.repo.git("checkout", "--quiet", "-b", "topic")
    desk.anyway({"t.md": "x\n"})
    desk.repo.write({"t.md": f"x\n{NAME}\n"})
    stopped(desk.tries("commit", "--amend", "--no-edit"), "t.md")
    desk.repo.git("checkout", "--quiet", "--force", "main")
    desk.anyway({"m.md": f"{NAME}, published\n"})
    desk.repo.git("checkout", "--quiet", "topic")
    done = desk.tries("merge", "--no-ff", "--no-edit", "main")
    assert done.returncode == 0, said(done)
    desk.repo.git("reset", "--quiet", "--hard", "HEAD~1")
    done = desk.tries("rebase", "main")
    assert done.returncode == 0, said(done)
    desk.repo.git("update-ref", "refs/remotes/origin/main", "main")
    done = desk.tries("push", "origin", "topic")
    assert done.returncode == 0, said(done)
    desk.repo.git("update-ref", "refs/remotes/origin/main", "base")


def test_a_worktree(desk: Desk, tmp_path: Path) -> None:
    desk.repo.git("worktree", "add", "--quiet", "--detach", tmp_path / "tree", "base")
    (tmp_path / "tree" / "a.md").write_text(f"{NAME}\n")
    run_ok("git", "add", "--all", cwd=tmp_path / "tree")
    done = run("git", "commit", "--message", "x", cwd=tmp_path / "tree", **desk.home)
    desk.repo.git("worktree", "remove", "--force", tmp_path / "tree")
    stopped(done, "a.md")


def test_five_thousand_files_in_several_batches(desk: Desk) -> None:
    files: dict[str, str | bytes] = {
        f"folder/a-rather-long-name-{n:05}.md": "x\n" for n in range(5000)
    }
    desk.repo.write(files | {"folder/zz.md": f"{NAME}\n"})
    stopped(desk.tries("commit", "--message", "x"), "folder/zz.md")


def test_images_only_and_nothing_at_all(desk: Desk) -> None:
    desk.repo.write({"a.png": PNG, "b.png": PNG + b"x"})
    done = desk.tries("commit", "--message", "x")
    assert done.returncode == 0, said(done)
    done = desk.tries("commit", "--allow-empty", "--message", "x")
    assert done.returncode == 0, said(done)


def test_a_build_server_shows_no_text(desk: Desk) -> None:
    desk.repo.write({"a.md": f"the quarterly {NAME}\n"})
    done = desk.tries("commit", "--message", "x", CI="1")
    stopped(done, "a.md", "line 1")
    assert "quarterly" not in said(done)


def test_a_push_is_judged_from_its_first_commit(desk: Desk) -> None:
    other = Repo(desk.repo.path.parent / "other.git", "--bare")
    desk.repo.git("remote", "add", "other", other.path)
    stopped(desk.tries("push", "other", "main"), "old.md")
    desk.repo.git("remote", "remove", "other")


def test_the_two_limits_of_a_frameworks_push_are_what_the_manual_says(desk: Desk) -> None:
    """The day one of them is gone, docs/gates.md has to say so."""
    desk.repo.git("branch", "fine", "base")
    desk.repo.git("checkout", "--quiet", "-b", "two")
    desk.anyway({"b.md": f"{NAME}\n"})
    assert desk.tries("push", "origin", "base:refs/heads/blue-heron").returncode == 0
    desk.repo.git("checkout", "--quiet", "fine")
    desk.anyway({"c.md": "x\n"})
    assert desk.tries("push", "origin", "fine", "two").returncode == 0
    desk.tries("push", "--no-verify", "--delete", "origin", "fine", "two", "blue-heron")


def test_packs_are_checked(desk: Desk) -> None:
    broken = PACK.replace("terms =", "term =")
    desk.repo.write({"packs/acme.toml": broken})
    done = desk.tries("commit", "--message", "x", SKIP="leakguard")
    assert done.returncode != 0
    assert "packs/acme.toml" in said(done)


def test_outside_a_push_the_push_hook_is_not_clean(desk: Desk) -> None:
    words = ("run", "--hook-stage", "pre-push", "--all-files")
    done = run(*PRE_COMMIT, *words, cwd=desk.repo.path, **desk.home)
    assert done.returncode != 0
    assert "exit code: 3" in said(done)


def test_prek_runs_the_same_manifest(prek: Desk) -> None:
    prek.repo.write({"a.md": f"one\n{NAME}\n"})
    stopped(prek.tries("commit", "--message", "x"), "a.md", "line 2")
    prek.repo.write({"a.md": "fine\n"})
    stopped(prek.tries("commit", "--message", f"For {NAME}"), "COMMIT_EDITMSG")
    done = prek.tries("commit", "--message", "Fine")
    assert done.returncode == 0, said(done)
    done = prek.tries("push", "origin", "main")
    assert done.returncode == 0, said(done)
    prek.anyway({"b.md": f"{NAME}\n"})
    prek.anyway({"b.md": "gone\n"})
    stopped(prek.tries("push", "origin", "main"), "b.md", "(commit ")
    stopped(run(*PREK, "run", "--all-files", cwd=prek.repo.path, **prek.home), "old.md")
