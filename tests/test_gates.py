"""The table of surfaces in the README: a name planted in each, and the gate that stops it.

Git runs the hooks; nothing is called by hand.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from house import ROOT, run
from repo import Repo, pack_beside

from leakguard import githooks

HOOK = Path(sys.executable).parent / "leakguard-hook"
NAME = "Blue Heron"


class Desk:
    """A repository with all hooks and a remote, in one folder."""

    def __init__(self, folder: Path) -> None:
        pack = pack_beside(folder)
        self.remote = Repo(folder / "remote.git", "--bare")
        self.repo = Repo(folder / "desk")
        self.other = Repo(folder / "other")
        self.other.commit({"a.md": "x\n"})
        self.repo.commit({"a.md": "one\n"}, "Begin")
        self.repo.git("tag", "base")
        self.repo.git("remote", "add", "origin", self.remote.path)
        self.repo.git("push", "--quiet", "origin", "main")
        self.options = ("--only-pack", str(pack))
        self._install(self.repo)

    def _install(self, repo: Repo) -> None:
        here = Path.cwd()
        os.chdir(repo.path)
        list(githooks.install(str(HOOK), self.options))
        os.chdir(here)

    def install_on_server(self) -> None:
        self._install(self.remote)

    def tries(self, *words: str) -> subprocess.CompletedProcess[str]:
        return run("git", *words, cwd=self.repo.path, GIT_EDITOR=":")

    def write(self, files: dict[str, str | bytes]) -> None:
        self.repo.write(files)

    def commit_anyway(self, files: dict[str, str | bytes], message: str = "Change") -> None:
        self.repo.write(files)
        self.repo.git("commit", "--quiet", "--no-verify", "--allow-empty", "--message", message)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("gates"))


@pytest.fixture
def desk(made: Desk) -> Desk:
    made.repo.reset()
    for ref in made.repo.git("for-each-ref", "--format=%(refname)").split():
        if ref not in ("refs/heads/main", "refs/tags/base", "refs/remotes/origin/main"):
            made.repo.git("update-ref", "-d", ref)
    return made


COMMIT = ("commit", "--message", "Change")


def line(desk: Desk) -> tuple[str, ...]:
    desk.write({"a.md": f"one\n{NAME}\n"})
    return COMMIT


def file_name(desk: Desk) -> tuple[str, ...]:
    desk.write({"blue_heron.png": b"\x89PNG\r\n\x1a\n"})
    return COMMIT


def folder(desk: Desk) -> tuple[str, ...]:
    desk.write({"plans/blue-heron/x.md": "x\n"})
    return COMMIT


def symlink(desk: Desk) -> tuple[str, ...]:
    os.symlink("../blue-heron/x.md", desk.repo.path / "link")
    desk.write({})
    return COMMIT


def submodule(desk: Desk) -> tuple[str, ...]:
    desk.repo.git("clone", "--quiet", desk.other.path, "lib/blueheron")
    desk.repo.git("-c", "advice.addEmbeddedRepo=false", "add", "lib/blueheron")
    return COMMIT


def message(desk: Desk) -> tuple[str, ...]:
    desk.write({"a.md": "two\n"})
    return ("commit", "--message", f"Change\n\nFor {NAME}")


def squash(desk: Desk) -> tuple[str, ...]:
    desk.repo.git("checkout", "--quiet", "-b", "side")
    desk.commit_anyway({"b.md": "x\n"}, f"For {NAME}")
    desk.repo.git("checkout", "--quiet", "main")
    desk.repo.git("merge", "--quiet", "--squash", "side")
    return ("commit", "--no-edit")


def amended(desk: Desk) -> tuple[str, ...]:
    desk.commit_anyway({"a.md": "two\n"})
    return ("commit", "--amend", "--message", f"For {NAME}")


def merge(desk: Desk) -> tuple[str, ...]:
    desk.repo.git("checkout", "--quiet", "-b", "blue-heron")
    desk.commit_anyway({"b.md": "x\n"})
    desk.repo.git("checkout", "--quiet", "main")
    return ("merge", "--no-ff", "--no-edit", "blue-heron")


def branch(desk: Desk) -> tuple[str, ...]:
    return ("push", "origin", "HEAD:refs/heads/fix/blue-heron")


def tag_name(desk: Desk) -> tuple[str, ...]:
    desk.repo.git("tag", "blue-heron-1")
    return ("push", "origin", "blue-heron-1")


def tag_message(desk: Desk) -> tuple[str, ...]:
    desk.repo.git("tag", "--annotate", "v1", "--message", f"{NAME} 1")
    return ("push", "origin", "v1")


def notes(desk: Desk) -> tuple[str, ...]:
    desk.repo.git("notes", "add", "--message", f"Seen by {NAME}")
    return ("push", "origin", "refs/notes/commits")


def within(desk: Desk) -> tuple[str, ...]:
    desk.commit_anyway({"b.md": f"{NAME}\n"})
    desk.commit_anyway({"b.md": "gone\n"})
    return ("push", "origin", "main")


def second_ref(desk: Desk) -> tuple[str, ...]:
    desk.repo.git("branch", "fine")
    desk.repo.git("checkout", "--quiet", "-b", "two")
    desk.commit_anyway({"b.md": f"{NAME}\n"})
    return ("push", "origin", "fine", "two")


SURFACES: dict[str, tuple[Callable[[Desk], tuple[str, ...]], str]] = {
    "a line of a file": (line, "pre-commit"),
    "the name of a file": (file_name, "pre-commit"),
    "the name of a folder": (folder, "pre-commit"),
    "where a symbolic link leads": (symlink, "pre-commit"),
    "the path of a submodule": (submodule, "pre-commit"),
    "a commit message": (message, "commit-msg"),
    "the body of a squashed commit": (squash, "commit-msg"),
    "an amended message": (amended, "commit-msg"),
    "the message of a merge": (merge, "commit-msg"),
    "the name of a branch": (branch, "pre-push"),
    "the name of a tag": (tag_name, "pre-push"),
    "the message of a tag": (tag_message, "pre-push"),
    "a note": (notes, "pre-push"),
    "a term added and removed again, both unpushed": (within, "pre-push"),
    "the second of two branches pushed at once": (second_ref, "pre-push"),
}


def told_in(page: str) -> dict[str, str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return dict(re.findall(r"^\| (.+?) \| `(pre-commit|commit-msg|pre-push)`", text, re.M))


def test_the_table_is_this_one() -> None:
    told = told_in("docs/gates.md")
    assert told == {surface: gate for surface, (_, gate) in SURFACES.items()}


@pytest.mark.parametrize("surface", SURFACES)
def test_a_name_is_stopped_in(surface: str, desk: Desk) -> None:
    plant, gate = SURFACES[surface]
    before = refs(desk)
    words = plant(desk)
    head = desk.repo.git("rev-parse", "HEAD")
    done = desk.tries(*words)
    said = done.stdout + done.stderr
    assert done.returncode != 0, said
    assert "acme/t1" in said
    assert "(1 block)" in said
    assert not re.search("blue.?heron", re.sub(r"(?m)^(?!\s|.*████).*$", "", said), re.I)
    assert desk.repo.git("rev-parse", "HEAD") == head
    assert refs(desk) == before
    # The gate that the table names stops it alone, and no other has to.
    for name in set(githooks.CLIENT) - {gate}:
        (desk.repo.path / ".git" / "hooks" / name).chmod(0o644)
    try:
        assert desk.tries(*words).returncode != 0
    finally:
        for name in githooks.CLIENT:
            (desk.repo.path / ".git" / "hooks" / name).chmod(0o755)


def refs(desk: Desk) -> str:
    return run("git", "for-each-ref", cwd=desk.remote.path).stdout


def test_what_is_clean_passes_all_gates(desk: Desk) -> None:
    desk.repo.git("checkout", "--quiet", "-b", "topic")
    desk.write({"b.md": "fine\n"})
    assert desk.tries(*COMMIT).returncode == 0
    assert desk.tries("push", "origin", "topic").returncode == 0
    up_to_date = desk.tries("push", "origin", "topic")
    assert up_to_date.returncode == 0, up_to_date.stderr
    assert desk.tries("push", "origin", "--delete", "topic").returncode == 0


def test_a_merge_of_what_the_other_side_has_published_passes(desk: Desk) -> None:
    desk.repo.git("checkout", "--quiet", "-b", "topic")
    desk.commit_anyway({"c.md": "x\n"})
    desk.repo.git("checkout", "--quiet", "main")
    desk.commit_anyway({"b.md": f"{NAME}, published\n"})
    desk.repo.git("checkout", "--quiet", "topic")
    done = desk.tries("merge", "--no-ff", "--no-edit", "main")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_server_refuses_what_no_desk_has_stopped(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.install_on_server()
    desk.commit_anyway({"b.md": f"{NAME}\n"})
    done = desk.tries("push", "--no-verify", "origin", "main")
    assert done.returncode != 0
    assert "remote:" in done.stderr
    assert "acme/t1" in done.stderr
    assert "rejected" in done.stderr
    desk.repo.reset()
    desk.commit_anyway({"b.md": "fine\n"})
    assert desk.tries("push", "--no-verify", "origin", "main").returncode == 0
