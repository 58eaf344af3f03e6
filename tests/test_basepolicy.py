"""The gate guards its own policy: what held before a change judges it."""

from __future__ import annotations

from pathlib import Path

import pytest
from repo import Repo, Told, check, pack_beside

from leakguard.sources.revisions import is_tracked

LEAK = "Meet Blue Heron.\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    folder = tmp_path_factory.mktemp("policy")
    pack_beside(folder)
    repo = Repo(folder / "repo")
    repo.commit(
        {"leakguard.toml": 'fail_on = "low"\nexclude = ["old/"]\n', "old/a.md": LEAK, "b.md": "x\n"}
    )
    repo.git("tag", "base")
    return repo


@pytest.fixture
def repo(made: Repo) -> Repo:
    made.reset()
    return made


def diff(repo: Repo, *words: str) -> Told:
    return check(repo.path, repo.path.parent / "acme.toml", "--diff", "base...", *words)


LOOSER = [
    pytest.param('fail_on = "critical"\nexclude = ["old/"]\n', 1, id="fail_on"),
    pytest.param('fail_on = "low"\nexclude = ["old/", "*.md"]\n', 2, id="exclude"),
    pytest.param('fail_on = "low"\nexclude = ["old/"]\nunread = "warn"\n', 3, id="unread"),
    pytest.param('fail_on = "low"\nexclude = ["old/"]\n[rules]\n"acme/unreleased" = "off"\n', 4, id="a rule"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line"), LOOSER)
def test_a_looser_setting_is_a_finding_and_does_not_hold(repo: Repo, text: str, line: int) -> None:
    repo.commit({"leakguard.toml": text, "b.md": LEAK})
    told = diff(repo)
    assert (told.code, told.blocking) == (1, [f"leakguard.toml:{line}", "b.md:1"])
    assert told.report["findings"][0]["rule"] == "policy/looser"


def test_a_push_is_judged_the_same_way(repo: Repo) -> None:
    head = repo.commit({"leakguard.toml": 'exclude = ["old/", "*.md"]\n', "b.md": LEAK})
    base = repo.git("rev-parse", "base").strip()
    pack = repo.path.parent / "acme.toml"
    line = f"refs/heads/main {head} refs/heads/main {base}\n".encode()
    told = check(repo.path, pack, "--push", "origin", stdin=line, door="hook")
    assert "b.md:1" in told.blocking
    assert "leakguard.toml:1" in told.blocking


def test_a_stricter_policy_is_no_finding(repo: Repo) -> None:
    repo.commit({"leakguard.toml": 'fail_on = "low"\nexclude = []\nopaque = "fail"\n'})
    told = diff(repo)
    assert (told.code, told.report["findings"]) == (0, [])


def test_a_policy_that_goes_away_is_a_finding(repo: Repo) -> None:
    repo.git("rm", "--quiet", "leakguard.toml")
    repo.commit({"old/a.md": LEAK + "more\n"})
    told = diff(repo)
    assert told.code == 0 or told.blocking, "fail_on falls back to what is usual"
    assert told.report["summary"]["excluded"] == 1, "what stood before holds"


def test_a_policy_named_on_the_command_line_holds(repo: Repo) -> None:
    repo.commit({"leakguard.toml": 'fail_on = "critical"\n', "b.md": LEAK})
    assert diff(repo, "--no-config").blocking == ["b.md:1"]
    assert diff(repo, "--config", "leakguard.toml").code == 0


def test_a_damaged_policy_of_the_change_is_wrong(repo: Repo) -> None:
    repo.commit({"leakguard.toml": 'fail_on = "lo\n'})
    assert diff(repo).code == 2


def test_a_file_renamed_out_of_an_excluded_folder_is_all_added(repo: Repo) -> None:
    repo.git("mv", "old/a.md", "new.md")
    told = check(repo.path, repo.path.parent / "acme.toml", "--staged")
    assert told.blocking == ["new.md:1"]
    repo.commit()
    assert diff(repo).blocking == ["new.md:1"]


def test_no_pattern_of_paths_calls_a_branch_or_a_message_away(repo: Repo) -> None:
    repo.commit({"leakguard.toml": 'exclude = ["*"]\n'})
    repo.git("tag", "--force", "base")
    repo.git("checkout", "--quiet", "-b", "vexillor")
    repo.commit({"b.md": LEAK}, "For Vexillor")
    assert diff(repo).blocking == ["refs/heads/████████:name", "commit message:1"]


def test_git_tells_whether_a_file_is_tracked(repo: Repo, tmp_path: Path) -> None:
    (repo.path / "new.toml").write_text("")
    assert is_tracked(str(repo.path / "leakguard.toml"))
    assert not is_tracked(str(repo.path / "new.toml"))
