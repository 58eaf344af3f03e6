"""`check --message`: what git will store of a message, and nothing of its help."""

from __future__ import annotations

from pathlib import Path

import pytest
from repo import Repo, check, pack_beside

from leakguard.sources.message import Cleanup, stripped

SCISSORS = "# ------------------------ >8 ------------------------\n"
BELOW = "# Do not modify or remove the line above.\n# It ends the message.\n"
DIFF = f"{SCISSORS}{BELOW}diff --git a/x b/x\n-Blue Heron\n"
LEAK = "Meet Blue Heron\n"
EDITOR, NO_EDITOR = {"GIT_EDITOR": "vi"}, {"GIT_EDITOR": ":"}
SQUASH = (
    "# This is a combination of 2 commits.\n# This is the 1st commit message:\n\nOne\n\n"
    "# This is the commit message #2:\n\nMeet Blue Heron\n\n# Please enter the commit message\n"
)


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    folder = tmp_path_factory.mktemp("message")
    pack_beside(folder)
    return Repo(folder / "repo")


MESSAGES = [
    pytest.param(LEAK, {}, EDITOR, [1], id="the subject"),
    pytest.param("Fix\n\n" + LEAK, {}, EDITOR, [3], id="the body"),
    pytest.param("Fix\n\n# On branch blue-heron\n", {}, EDITOR, [], id="git's help is not stored"),
    pytest.param("Fix\n\n# Blue Heron\n", {}, NO_EDITOR, [3], id="without an editor it is"),
    pytest.param("Fix\n\n# Blue Heron\n", {"commit.cleanup": "strip"}, NO_EDITOR, [], id="unless settings say strip"),
    pytest.param("Fix\n\n# Blue Heron\n", {"commit.cleanup": "verbatim"}, EDITOR, [3], id="verbatim keeps it"),
    pytest.param("Fix\n\n" + DIFF, {}, EDITOR, [], id="the diff of commit -v"),
    pytest.param("Fix\n\n" + DIFF, {"commit.cleanup": "scissors"}, EDITOR, [], id="scissors"),
    pytest.param("Fix\n\n# Blue Heron\n" + DIFF, {"commit.cleanup": "scissors"}, EDITOR, [3], id="scissors keep comments"),
    pytest.param(f"Fix\n\n{SCISSORS}{LEAK}", {}, EDITOR, [4], id="scissors drawn by hand"),
    pytest.param(f"Fix\n\n{SCISSORS}{BELOW}{LEAK}", {}, NO_EDITOR, [6], id="scissors without an editor"),
    pytest.param("Fix\n\n; On branch blue-heron\n", {"core.commentChar": ";"}, EDITOR, [], id="core.commentChar"),
    pytest.param("# Blue Heron\n\n; help\n", {"core.commentChar": ";"}, EDITOR, [1], id="a heading under another commentChar"),
    pytest.param("Fix\n\n//! On branch blue-heron\n", {"core.commentString": "//!"}, EDITOR, [], id="core.commentString"),
    pytest.param("#1 Fix\n\n; On branch blue-heron\n;\n; help\n", {"core.commentChar": "auto"}, EDITOR, [], id="auto, seen by the help"),
    pytest.param("Fix\n\n@team Blue Heron\n", {"core.commentChar": "auto"}, EDITOR, [3], id="auto, no help to see it by"),
    pytest.param(SQUASH, {}, EDITOR, [8], id="a squash message"),
    pytest.param("Blue\n# between\nHeron\n", {}, EDITOR, [1], id="a comment between two words"),
    pytest.param("fixup! Blue Heron\n", {}, EDITOR, [1], id="a fixup"),
    pytest.param("Merge branch 'blue-heron'\n\n# Conflicts:\n#\tx.md\n", {}, EDITOR, [1], id="a merge message"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "settings", "environment", "lines"), MESSAGES)
def test_a_message(
    repo: Repo, text: str, settings: dict[str, str], environment: dict[str, str], lines: list[int]
) -> None:
    file = repo.path / ".git" / "COMMIT_EDITMSG"
    file.write_text(text)
    config = repo.path / ".git" / "config"
    kept = config.read_bytes()
    try:
        for name, value in settings.items():
            repo.git("config", name, value)
        told = check(
            repo.path,
            repo.path.parent / "acme.toml",
            "--message",
            ".git/COMMIT_EDITMSG",
            **environment,
        )
    finally:
        config.write_bytes(kept)
    assert told.blocking == [f".git/COMMIT_EDITMSG:{line}" for line in lines]
    assert told.code == (1 if lines else 0)


def test_standard_input_is_taken_whole(repo: Repo) -> None:
    told = check(
        repo.path,
        repo.path.parent / "acme.toml",
        "--message",
        "-",
        stdin=b"# Blue Heron\n",
        **EDITOR,
    )
    assert (told.blocking, told.code) == (["<message>:1"], 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(
            ("--message", "nowhere"), "nowhere: no such file", id="a file that is not there"
        ),
        pytest.param(("--message",), "--message needs one file", id="no file"),
        pytest.param(("--message", "a", "b"), "--message needs one file", id="two files"),
    ],
)
def test_it_is_wrong_to_ask_for(repo: Repo, words: tuple[str, ...], said: str) -> None:
    told = check(repo.path, repo.path.parent / "acme.toml", *words)
    assert told.code == 2
    assert said in told.err


def test_places_are_those_of_the_file() -> None:
    text = "é\n\n# ü comment\n\nend\n".encode()
    kept = stripped(text, Cleanup(comments=True, scissors=True))
    assert len(kept) == len(text)
    assert kept.decode().splitlines()[4] == "end"


def test_a_message_that_is_no_text_is_not_screened(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "m.txt").write_bytes(b"\0\1\2\xff" * 9)
    told = check(repo.path, repo.path.parent / "acme.toml", "--message", str(tmp_path / "m.txt"))
    assert told.code == 3
