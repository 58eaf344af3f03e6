"""A sealed list in a public repository, end to end, with real git: who is stopped, and who is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from house import ROOT, acme, run, run_ok
from keyrings import BOB, JANE, Key
from test_ci import GITHUB, REQUEST, repo

PACK = acme('"Zq Heron"', owner="brand-legal@example.com")
LEAK = "The zq-heron flies in May.\n"
LOUD = (
    "NOT APPLIED: acme.sealed (1 term, sealed): there is no key here; ask brand-legal@example.com"
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the hook of these tests is for sh")


class Desk:
    """Somebody's home, with a clone of the public repository whose hook screens what is staged."""

    def __init__(self, home: Path, public: Path, key: Key | None = None) -> None:
        home.mkdir()
        self.clone = home / "work"
        self.environment = {
            "HOME": os.fspath(home),
            "GIT_CONFIG_GLOBAL": os.fspath(home / ".gitconfig"),
            "PYTHONPATH": os.fspath(ROOT),
        }
        (home / ".gitconfig").touch()
        if key:
            path = key.file(home)
            self.ok("git", "config", "--global", "leakguard.identity", path, cwd=home)
        self.ok("git", "clone", "-q", public, self.clone, cwd=home)
        hook = self.clone / ".git" / "hooks" / "pre-commit"
        hook.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m leakguard check --staged {ONLY}\n')
        hook.chmod(0o755)

    def ok(self, *command: str | Path, cwd: Path | None = None, **more: str) -> str:
        return run_ok(*command, cwd=cwd or self.clone, **self.environment, **more)

    def commit(self, name: str, text: str) -> subprocess.CompletedProcess[str]:
        """Try to commit a file."""
        (self.clone / name).write_text(text)
        self.ok("git", "add", name)
        return run("git", "commit", "-q", "-m", "a draft", cwd=self.clone, **self.environment)

    def check(self, *paths: str, **more: str) -> tuple[int, str, str]:
        """What a build server runs."""
        words = (sys.executable, "-m", "leakguard", "check", *paths, *ONLY.split())
        done = run(*words, cwd=self.clone, **self.environment, **more)
        return done.returncode, done.stdout, done.stderr


ONLY = "--only-pack acme.sealed"


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public repository, in which Jane has committed the list, sealed for her and the server."""
    top = tmp_path_factory.mktemp("team")
    run_ok("git", "init", "-q", "--bare", "-b", "main", top / "public.git", cwd=top)
    jane = Desk(top / "jane", top / "public.git", JANE)
    (top / "acme.toml").write_text(PACK)
    (jane.clone / "keys.txt").write_text(f"{JANE.public} jane\n{BOB.public} build server\n")
    seal = (sys.executable, "-m", "leakguard", "seal", top / "acme.toml", "-o", "acme.sealed")
    jane.ok(*seal, "--recipients-file", "keys.txt")
    jane.ok("git", "checkout", "-q", "-b", "main")
    jane.ok("git", "add", "acme.sealed", "keys.txt")
    jane.ok("git", "commit", "-q", "-m", "The list of names, sealed")
    jane.ok("git", "push", "-q", "origin", "main")
    return top / "public.git"


def silent(*texts: str) -> bool:
    return not any("heron" in text.casefold() for text in texts)


def test_the_public_repository_does_not_spell_the_name(public: Path) -> None:
    history = run_ok("git", "log", "--all", "-p", cwd=public)
    assert "+++ b/acme.sealed" in history
    assert silent(history)


def test_who_holds_a_key_is_stopped(public: Path, tmp_path: Path) -> None:
    jane = Desk(tmp_path / "jane", public, JANE)
    done = jane.commit("draft.md", LEAK)
    assert done.returncode == 1
    assert "acme/t1" in done.stdout + done.stderr
    assert "brand-legal@example.com" in done.stdout + done.stderr
    assert silent(done.stdout, done.stderr)
    assert jane.commit("draft.md", "The bird flies in May.\n").returncode == 0


def test_who_holds_none_is_told_loudly_and_goes_on(public: Path, tmp_path: Path) -> None:
    contributor = Desk(tmp_path / "contributor", public)
    done = contributor.commit("draft.md", LEAK)
    assert done.returncode == 0
    assert done.stderr.count(LOUD) == 1
    assert contributor.ok("git", "log", "--format=%s").startswith("a draft\n")


def test_a_worktree_has_the_key_as_well(public: Path, tmp_path: Path) -> None:
    jane = Desk(tmp_path / "jane", public, JANE)
    jane.ok("git", "worktree", "add", "-q", tmp_path / "tree")
    jane.clone = tmp_path / "tree"
    assert jane.commit("draft.md", LEAK).returncode == 1


def test_the_build_server_and_the_fork(public: Path, tmp_path: Path) -> None:
    """What slipped past somebody without a key is stopped where the key is, or said not to be."""
    contributor = Desk(tmp_path / "contributor", public)
    contributor.commit("draft.md", LEAK)
    secret = {"LEAKGUARD_IDENTITY": BOB.text}
    event = tmp_path / "event.json"
    request = {"base": {"repo": repo(1)}, "head": {"repo": repo(2)}}
    event.write_text(json.dumps({"pull_request": request}))
    fork = {**REQUEST, "GITHUB_EVENT_PATH": os.fspath(event), "LEAKGUARD_IDENTITY": ""}

    # For the pull request the server has no key, and says so; what it can look for, it looks for.
    code, out, err = contributor.check(".", **fork)
    assert (code, "not screened: sealed" in out, LOUD in err) == (0, True, True)
    # In the queue and after the push it has one,
    for name in ("merge_group", "push"):
        code, out, err = contributor.check(".", **GITHUB, GITHUB_EVENT_NAME=name, **secret)
        assert (code, "acme/t1" in out) == (1, True)
        assert silent(out, err)
    # and where somebody has forgotten to hand it the key, it is not green.
    code, out, err = contributor.check(".", **GITHUB, GITHUB_EVENT_NAME="push")
    assert (code, "not screened: sealed" in out) == (3, True)
