"""The hook under the real pre-commit: tried from a checkout, and installed in a repository."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from house import acme, copy_checkout, run, run_ok

# The environment that pre-commit builds costs seconds: it is built once, in one worker.
pytestmark = pytest.mark.xdist_group("precommit")

PRE_COMMIT = (sys.executable, "-m", "pre_commit")
PACK = acme('"Blue Heron", "Vexillor"')
CONFIG = """\
repos:
- repo: {repo}
  rev: {rev}
  hooks:
  - id: leakguard
    args: [--pack, acme.toml]
"""
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000a49444154789c63000100000500010d0a2db40000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("pre-commit-home"))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkout as a repository that pre-commit can clone."""
    folder = copy_checkout(tmp_path_factory.mktemp("published"))
    run_ok("git", "init", "--quiet", cwd=folder)
    run_ok("git", "add", "--all", cwd=folder)
    run_ok("git", "commit", "--quiet", "--message", "All of it", cwd=folder)
    return folder


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """Somebody's repository: one commit, and a list of names that git does not know of."""
    run_ok("git", "init", "--quiet", cwd=tmp_path)
    (tmp_path / ".git" / "info" / "exclude").write_text("acme.toml\n", encoding="utf-8")
    (tmp_path / "acme.toml").write_text(PACK, encoding="utf-8")
    (tmp_path / "README.md").write_text("# Notes\n", encoding="utf-8")
    run_ok("git", "add", "--all", cwd=tmp_path)
    run_ok("git", "commit", "--quiet", "--message", "Begin", cwd=tmp_path)
    return tmp_path


@pytest.fixture
def guarded(repo: Path, published: Path, home: str) -> Path:
    """That repository with the hook installed."""
    rev = run_ok("git", "rev-parse", "HEAD", cwd=published).strip()
    config = CONFIG.format(repo=published.as_posix(), rev=rev)
    (repo / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    run_ok("git", "add", "--all", cwd=repo)
    run_ok("git", "commit", "--quiet", "--message", "Guard", cwd=repo)
    run_ok(*PRE_COMMIT, "install", cwd=repo, PRE_COMMIT_HOME=home)
    return repo


def commit(repo: Path, files: Mapping[str, bytes], home: str) -> subprocess.CompletedProcess[str]:
    """Write, stage and try to commit files."""
    for name, content in files.items():
        (repo / name).parent.mkdir(parents=True, exist_ok=True)
        (repo / name).write_bytes(content)
    run_ok("git", "add", "--all", cwd=repo)
    return run("git", "commit", "--message", "Change", cwd=repo, PRE_COMMIT_HOME=home)


def commits(repo: Path) -> int:
    return int(run_ok("git", "rev-list", "--count", "HEAD", cwd=repo))


def test_try_repo_runs_the_hook_of_a_checkout(repo: Path, published: Path, home: str) -> None:
    (repo / "post.md").write_text("The sheet says TLP:RED on page 2.\n", encoding="utf-8")
    (repo / "other.md").write_text("Nothing to see.\n", encoding="utf-8")
    run_ok("git", "add", "post.md", "other.md", cwd=repo)
    try_repo = (*PRE_COMMIT, "try-repo", published, "leakguard", "--files")
    leaking = run(*try_repo, "post.md", "other.md", cwd=repo, PRE_COMMIT_HOME=home)
    assert leaking.returncode == 1, leaking.stdout + leaking.stderr
    assert "codenames/tlp" in leaking.stdout
    assert "TLP:RED" not in leaking.stdout
    assert "- exit code: 1" in leaking.stdout


LEAKS = [
    pytest.param({"post.md": b"Meet Blue Heron.\n"}, "post.md", id="a leak in the text"),
    pytest.param({"src/a.py": b"class BlueHeronClient: ...\n"}, "src/a.py", id="a leak in code"),
    pytest.param({"img/blue_heron.png": PNG}, "file name", id="a leak in the name of a file"),
    pytest.param(
        {"my posts/spring plan.md": b"Meet Blue Heron.\n"},
        "my posts/spring plan.md",
        id="a leak in a path with spaces",
    ),
    pytest.param(
        {"Entwürfe/見出し ñ.md": b"Meet Blue Heron.\n"},
        "Entwürfe/見出し ñ.md",
        id="a leak in a path that is not ASCII",
    ),
    pytest.param(
        {"clean.md": b"Nothing.\n", "x.bin": b"\0\1\2" * 99 + b"Vexillor\0" + b"\xff" * 99},
        "x.bin",
        id="a name in a binary file",
    ),
]


@pytest.mark.parametrize(("files", "told"), LEAKS)
def test_git_commit_is_stopped_by(
    guarded: Path, home: str, files: dict[str, bytes], told: str
) -> None:
    before = commits(guarded)
    done = commit(guarded, files, home)
    said = done.stdout + done.stderr
    assert done.returncode != 0, said
    assert commits(guarded) == before
    assert told in said
    assert "acme/t" in said
    assert not re.search("blue.?heron|vexillor", said, re.I)


CLEAN = [
    pytest.param({"post.md": b"Herons are birds.\n"}, id="clean text"),
    pytest.param({"shot.png": PNG}, id="a PNG"),
    pytest.param({"tests/data/fixture.bin": bytes(range(256)) * 8}, id="a binary fixture"),
    pytest.param(
        {"a.md": b"Fine.\n", "b.png": PNG, "c.bin": b"\0\1\2\3" * 500, "d e.txt": b"Fine.\n"},
        id="text, a picture and a binary file at once",
    ),
]


@pytest.mark.parametrize("files", CLEAN)
def test_git_commit_passes_with(guarded: Path, home: str, files: dict[str, bytes]) -> None:
    before = commits(guarded)
    done = commit(guarded, files, home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Passed" in done.stdout + done.stderr
    assert commits(guarded) == before + 1


def test_a_text_that_cannot_be_read_stops_the_commit(guarded: Path, home: str) -> None:
    """A text name with binary content is not screened, and that is never the same as clean."""
    done = commit(guarded, {"post.md": b"\0\1\2\xff" * 100}, home)
    assert done.returncode != 0
    assert "exit code: 3" in done.stdout + done.stderr
    assert "post.md" in done.stdout + done.stderr


def test_only_the_staged_version_counts(guarded: Path, home: str) -> None:
    """pre-commit puts unstaged changes aside, so a name that is not staged does not block."""
    (guarded / "README.md").write_text("# Notes\nstaged\n", encoding="utf-8")
    run_ok("git", "add", "README.md", cwd=guarded)
    (guarded / "README.md").write_text("# Notes\nstaged\nBlue Heron\n", encoding="utf-8")
    done = run("git", "commit", "--message", "Change", cwd=guarded, PRE_COMMIT_HOME=home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Blue Heron" in (guarded / "README.md").read_text(encoding="utf-8")
