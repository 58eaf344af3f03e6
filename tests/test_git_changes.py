"""What git says of commits, read as it comes; and objects that are asked for ahead."""

from __future__ import annotations

from contextlib import chdir
from io import BytesIO
from pathlib import Path

import pytest
from repo import Repo

from leakguard.errors import Unreadable
from leakguard.sources import changes, git
from leakguard.sources.changes import Change

NAMES = (
    "plain.md",
    "a b.md",
    "tab\there.md",
    "line\nfeed.md",
    'quo"te.md',
    "back\\slash.md",
    "café.md",
    "diff --git a b.md",
    ":100644 100644 a b M.md",
    "@@ -1 +9 @@.md",
)
LINES = {
    "a hunk's head": "@@ -1,9 +1,9 @@ no hunk",
    "a file's head": "diff --git a/b b/b",
    "a commit": "0" * 40,
    "a record": ":100644 100644 " + "0" * 40,
    "a binary one": "Binary files a and b differ",
    "a long line": "x" * 200_000,
    "an empty line": "",
    "a carriage return": "a\rb",
}


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "repo")


def told(repo: Repo) -> list[list[Change]]:
    with chdir(repo.path):
        return [found for _, found in changes.commits(["--all", "--"])]


def test_names_that_git_quotes(repo: Repo) -> None:
    repo.commit(dict.fromkeys(NAMES, "one\ntwo\n"))
    repo.commit(dict.fromkeys(NAMES, "one\n2\n"))
    added, edited = told(repo)
    assert {change.path for change in added} == set(NAMES)
    assert {(c.status, c.path, c.before, c.added) for c in edited} == {
        ("M", name, name, ((2, 2),)) for name in NAMES
    }


def test_a_name_that_is_not_utf_8(repo: Repo) -> None:
    (repo.path / b"\xff.md".decode("utf-8", "surrogateescape")).write_text("x\n")
    repo.git("add", ".")
    repo.git("commit", "--quiet", "-m", "odd")
    assert [change.path for found in told(repo) for change in found] == ["\udcff.md"]


@pytest.mark.parametrize("name", LINES)
def test_lines_of_files_that_look_like_gits(repo: Repo, name: str) -> None:
    line = LINES[name]
    repo.commit({"a.md": f"{line}\none\n{line}\n", "b.md": "one\n"})
    repo.commit({"a.md": f"{line}\n{line}\n{line}\n", "b.md": f"one\n{line}\n"})
    edited = told(repo)[1]
    assert [(change.path, change.added) for change in edited] == [
        ("a.md", ((2, 2),)),
        ("b.md", ((2, 2),)),
    ]


def test_a_rename_a_link_a_file_that_goes_and_one_that_is_binary(repo: Repo) -> None:
    text = "".join(f"line {n}\n" for n in range(30))
    repo.commit({"a.md": text, "gone.md": "x\n", "link": "x\n", "z.bin": "a\0b"})
    repo.git("mv", "a.md", "new.md")
    repo.git("rm", "--quiet", "gone.md", "link")
    (repo.path / "link").symlink_to("new.md")
    repo.commit({"new.md": text + "more\n", "z.bin": "a\0c"})
    _, found = told(repo)
    assert [(c.status, c.path, c.before, c.added) for c in found] == [
        ("D", "gone.md", "", None),
        ("T", "link", "", None),
        ("R", "new.md", "a.md", ((31, 31),)),
        ("M", "z.bin", "z.bin", None),
    ]


def test_a_merge_has_the_lines_that_neither_side_has(repo: Repo) -> None:
    lines = [f"line {n}\n" for n in range(20)]
    repo.commit({"a.md": "".join(lines)})
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit({"a.md": "".join(["side\n", *lines[1:]])})
    repo.git("checkout", "--quiet", "main")
    repo.commit({"a.md": "".join([*lines[:-1], "main\n"])})
    repo.git("merge", "--quiet", "--no-commit", "--no-ff", "side")
    repo.commit({"a.md": "".join(["side\n", *lines[1:9], "both\n", *lines[10:-1], "main\n"])})
    *_, merged = told(repo)
    assert [(c.status, c.path, c.added) for c in merged] == [("M", "a.md", ((10, 10),))]


@pytest.mark.parametrize("size", [1, 2, 7, 64, 1000])
def test_it_does_not_matter_in_what_pieces_it_comes(
    repo: Repo, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit({"a.md": "one\ntwo\n", "b c.md": "x\n"})
    repo.commit({"a.md": "one\n2\n" + "y" * 300 + "\n", "d.md": "x\n"})
    whole = told(repo)
    monkeypatch.setattr(changes, "_PIECE", size)
    assert told(repo) == whole


@pytest.mark.parametrize("path", [b"a", b'"\\303\\251"', b'"a\\tb\\"\\\\c"', b'"\\a\\b\\v\\f\\r"'])
def test_quoted_paths(path: bytes) -> None:
    said = {b"a": b"a", b'"\\303\\251"': "é".encode(), b'"a\\tb\\"\\\\c"': b'a\tb"\\c',
            b'"\\a\\b\\v\\f\\r"': b"\a\b\v\f\r"}  # fmt: skip
    assert changes._unquoted(path) == said[path]


# ── objects ──────────────────────────────────────────────────────────────────────────────────────

ORDERS = {
    "in their order": [0, 1, 2, 3, 4],
    "some passed over": [1, 4],
    "backwards": [4, 3, 2, 1, 0],
    "each twice": [0, 0, 1, 1, 4, 4],
    "the first again at the end": [0, 4, 0],
}


def stored(repo: Repo, content: bytes) -> str:
    """The id of a new object."""
    (repo.path / "content").write_bytes(content)
    return repo.git("hash-object", "-w", "--no-filters", "content").strip()


@pytest.mark.parametrize("name", ORDERS)
def test_expected_objects_are_what_they_are(repo: Repo, name: str) -> None:
    contents = [b"one\n", b"", b"x" * 2_000_000, b"three\n\n", b"four"]
    oids = [stored(repo, content) for content in contents]
    with chdir(repo.path), git.Objects() as objects:
        for oid in oids:
            objects.expect(oid)
        for number in ORDERS[name]:
            with objects.open(oids[number]) as stream:
                assert stream.read() == contents[number]


def test_what_is_not_there_is_told_of_itself_alone(repo: Repo) -> None:
    there = stored(repo, b"x")
    missing = "1" * 40
    with chdir(repo.path), git.Objects() as objects:
        for oid in (missing, there, missing, there):
            objects.expect(oid)
        with pytest.raises(Unreadable, match="not in this clone"):
            objects.open(missing)
        assert objects.open(there).read() == b"x"
        with pytest.raises(Unreadable, match="not in this clone"):
            objects.open(missing)


def test_many_expected_objects_are_asked_for_without_waiting_for_one_another(repo: Repo) -> None:
    oid = stored(repo, b"x" * 100_000)
    with chdir(repo.path), git.Objects() as objects:
        for _ in range(5_000):
            objects.expect(oid)
        assert objects.open(oid).read() == b"x" * 100_000


def test_a_patch_of_no_file_says_nothing() -> None:
    assert changes.hunks(BytesIO(b"warning: odd\n")) == []
