"""`check --staged`, and the default hook: the index, and the lines that are added to it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from repo import OTHER, Repo, check, noting_git, pack_beside

LEAK = "Meet Blue Heron.\n"
OLD = "Blue Heron was here.\nsecond\nthird\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    folder = tmp_path_factory.mktemp("index")
    repo = Repo(folder / "repo")
    repo.commit({"old.md": OLD, "clean.md": "one\ntwo\nthree\n", "sub/deep.md": "deep\n",
                 "blue-heron/kept.md": "kept\n", "utf16.md": OLD.encode("utf-16")})  # fmt: skip
    repo.git("tag", "base")
    pack_beside(folder)
    return repo


@pytest.fixture
def repo(made: Repo) -> Repo:
    made.reset()
    return made


@pytest.fixture
def pack(repo: Repo) -> Path:
    return repo.path.parent / "acme.toml"


STAGED = [
    pytest.param({"new.md": "x\n" + LEAK}, ["new.md:2"], [], id="a new file is all added"),
    pytest.param({"clean.md": "one\n" + LEAK + "two\nthree\n"}, ["clean.md:2"], [], id="an added line"),
    pytest.param({"old.md": OLD + "fourth\n"}, [], ["old.md:1"], id="an old line only informs"),
    pytest.param({"old.md": OLD + LEAK}, ["old.md:4"], ["old.md:1"], id="old and new in one file"),
    pytest.param({"old.md": "Blue Heron was here.\n"}, [], ["old.md:1"], id="a deletion elsewhere"),
    pytest.param({"clean.md": "one Blue\nHeron two\ntwo\nthree\n"}, ["clean.md:1"], [], id="over two added lines"),
    pytest.param({"old.md": "Blue\nHeron was here.\nsecond\nthird\n"}, ["old.md:1"], [], id="an old name that was wrapped"),
    pytest.param({"utf16.md": (OLD + "x\n").encode("utf-16")}, ["utf16.md:1"], [], id="UTF-16 is judged whole"),
    pytest.param({"crlf.md": b"x\r\nMeet Blue Heron\r\n"}, ["crlf.md:2"], [], id="CRLF"),
    pytest.param({"blue_heron.png": b"\x89PNG\r\n\x1a\n"}, ["████████.png:name"], [], id="a file name"),
    pytest.param({"Blue Heron/x.md": "x\n"}, ["████████/x.md:name"], [], id="a folder"),
    pytest.param({"blue-heron/kept.md": "changed\n"}, [], ["████████/kept.md:name"], id="an old folder only informs"),
    pytest.param({"ñ b/ü 世.md": LEAK}, ["ñ b/ü 世.md:1"], [], id="spaces and what is not ASCII"),
    pytest.param({'a"q\\n\t.md': LEAK}, ['a"q\\n .md:1'], [], id="quotes, backslashes, tabs"),
    pytest.param({"a\nb.md": LEAK, "clean.md": LEAK + "one\n"}, ["a b.md:1", "clean.md:1"], [], id="a line end in a name"),
    pytest.param({"sub/deep.md": "deep\n"}, [], [], id="nothing staged"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "blocking", "informing"), STAGED)
def test_staged(
    repo: Repo, pack: Path, files: dict[str, str | bytes], blocking: list[str], informing: list[str]
) -> None:
    repo.write(files)
    told = check(repo.path, pack, "--staged")
    assert (told.blocking, told.informing, told.unread) == (blocking, informing, [])
    assert told.code == (1 if blocking else 0)
    named = check(repo.path, pack, *files, door="hook")
    if files != {"sub/deep.md": "deep\n"}:
        assert (sorted(named.blocking), named.informing) == (sorted(blocking), informing)


def test_whole_files_on_request(repo: Repo, pack: Path) -> None:
    repo.write({"old.md": OLD + "fourth\n", "blue-heron/kept.md": "changed\n"})
    told = check(repo.path, pack, "--staged", "--whole-file")
    assert told.blocking == ["████████/kept.md:name", "old.md:1"]


def test_evidence_in_an_added_line_makes_an_old_hit_new(repo: Repo, tmp_path: Path) -> None:
    pack = tmp_path / "cue.toml"
    pack.write_text(
        '[pack]\nname = "cue"\n[[rule]]\nid = "n"\ntitle = "a number"\nseverity = "high"\n'
        "pattern = '''\\bN-\\d{5}\\b'''\nnear = { words = [\"badge\"], before = 90 }\n"
        'confidence = { bare = "none", near = "high" }\nexamples = ["badge N-12345"]\n'
        'why = "w"\n'
    )
    repo.commit({"n.md": "x\n\nN-12345\n"})
    assert check(repo.path, pack, "--staged", "--whole-file").code == 0
    repo.write({"n.md": "the badge\n\nN-12345\n"})
    told = check(repo.path, pack, "--staged")
    assert (told.blocking, told.code) == (["n.md:3"], 1)


def test_a_rename_judges_added_lines_and_the_new_name(repo: Repo, pack: Path) -> None:
    repo.git("mv", "old.md", "new.md")
    assert check(repo.path, pack, "--staged").informing == ["new.md:1"]
    (repo.path / "new.md").write_text(OLD + LEAK)
    repo.git("add", "new.md")
    told = check(repo.path, pack, "--staged")
    assert (told.blocking, told.informing) == (["new.md:4"], ["new.md:1"])
    repo.git("mv", "new.md", "vexillor.md")
    assert check(repo.path, pack, "--staged").blocking == ["████████.md:name", "████████.md:4"]


def test_the_index_counts_not_the_disk(repo: Repo, pack: Path) -> None:
    repo.write({"clean.md": "one\nstaged\n"})
    (repo.path / "clean.md").write_text("one\n" + LEAK)
    (repo.path / "untracked.md").write_text(LEAK)
    assert check(repo.path, pack, "--staged").code == 0
    assert check(repo.path, pack, "clean.md", door="hook").code == 0
    repo.write({"clean.md": LEAK})
    (repo.path / "clean.md").write_text("clean on the disk\n")
    assert check(repo.path, pack, "--staged", "clean.md").blocking == ["clean.md:1"]
    assert check(repo.path, pack, "clean.md", door="hook").blocking == ["clean.md:1"]


def test_a_file_without_a_staged_change_is_judged_whole_by_the_hook(repo: Repo, pack: Path) -> None:
    repo.write({"clean.md": "one\ntwo\n"})
    told = check(repo.path, pack, "old.md", "clean.md", str(repo.path / "old.md"), door="hook")
    assert (told.blocking, told.code) == (["old.md:1"], 1)


def test_outside_a_repository_the_hook_reads_the_disk(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(LEAK)
    assert check(tmp_path, pack_beside(tmp_path), "a.md", door="hook").blocking == ["a.md:1"]


def test_paths_narrow_it_down(repo: Repo, pack: Path) -> None:
    repo.write({"clean.md": LEAK, "sub/deep.md": LEAK, "sub/two.md": LEAK})
    assert check(repo.path, pack, "--staged", "sub").blocking == ["sub/deep.md:1", "sub/two.md:1"]
    below = check(repo.path / "sub", pack, "--staged", "two.md", "../clean.md")
    assert below.blocking == ["../clean.md:1", "two.md:1"]
    assert check(repo.path / "sub", pack, "--staged", ".").blocking == ["deep.md:1", "two.md:1"]
    assert check(repo.path, pack, "--staged", "old.md").code == 0
    wrong = check(repo.path, pack, "--staged", "nowhere.md")
    assert wrong.code == 2
    assert "nowhere.md: no such file or directory, and nothing staged" in wrong.err


def test_a_deleted_file_is_no_leak(repo: Repo, pack: Path) -> None:
    repo.git("rm", "--quiet", "old.md")
    told = check(repo.path, pack, "--staged", "old.md")
    assert (told.code, told.report["findings"]) == (0, [])
    assert told.err.startswith("0 findings in 0 documents")


def test_the_first_commit_has_nothing_before_it(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write({"a.md": LEAK})
    told = check(repo.path, pack_beside(tmp_path), "--staged")
    assert told.blocking == ["a.md:1"]


def test_a_partial_commit_is_judged_by_what_it_takes(repo: Repo, pack: Path) -> None:
    repo.write({"clean.md": "fine\n", "sub/deep.md": LEAK})
    index = repo.path / ".git" / "next-index"
    repo.git("read-tree", "HEAD", GIT_INDEX_FILE=str(index))
    repo.git("update-index", "--add", "clean.md", GIT_INDEX_FILE=str(index))
    assert check(repo.path, pack, "--staged", GIT_INDEX_FILE=str(index)).code == 0
    assert check(repo.path, pack, "--staged").blocking == ["sub/deep.md:1"]


def test_a_symlink_is_the_text_of_where_it_leads(repo: Repo, pack: Path) -> None:
    os.symlink("../blue-heron/plan.md", repo.path / "link")
    repo.write({})
    assert check(repo.path, pack, "--staged").blocking == ["link:1"]
    assert check(repo.path, pack, "link", door="hook").blocking == ["link:1"]


def test_a_file_that_becomes_a_link_is_all_added(repo: Repo, pack: Path) -> None:
    (repo.path / "old.md").unlink()
    os.symlink("vexillor.md", repo.path / "old.md")
    repo.write({"clean.md": LEAK + "one\ntwo\nthree\n"})
    assert check(repo.path, pack, "--staged").blocking == ["clean.md:1", "old.md:1"]


def test_a_submodule_has_a_path_and_a_name(repo: Repo, pack: Path, tmp_path: Path) -> None:
    inner = Repo(tmp_path / "inner")
    inner.commit({"a.md": "x\n"})
    repo.git("submodule", "--quiet", "add", inner.path, "lib/blue_heron")
    told = check(repo.path, pack, "--staged")
    assert "lib/████████:name" in told.blocking
    assert ".gitmodules:2" in told.blocking
    repo.git("rm", "--quiet", "--cached", "-r", ".")


def test_conflicts_are_not_screened(repo: Repo, pack: Path) -> None:
    repo.git("checkout", "--quiet", "-B", "side")
    repo.commit({"clean.md": "side\n"})
    repo.git("checkout", "--quiet", "-B", "other", "main")
    repo.commit({"clean.md": "other\n"})
    with pytest.raises(AssertionError):
        repo.git("merge", "side")
    told = check(repo.path, pack, "--staged")
    assert (told.code, told.unread) == (3, ["clean.md: it has conflicts"])


def test_a_merge_is_judged_by_what_neither_side_has(repo: Repo, pack: Path) -> None:
    text = "a\nb\nc\nd\n"
    repo.commit({"m.md": text})
    repo.git("checkout", "--quiet", "-B", "side")
    repo.commit({"m.md": text + LEAK, "s.md": LEAK, "blue-heron.md": "x\n"})
    repo.git("checkout", "--quiet", "main")
    repo.commit({"m.md": "Vexillor\n" + text})
    repo.git("merge", "--quiet", "--no-commit", "side")
    told = check(repo.path, pack, "--staged")
    assert (told.code, told.blocking) == (0, [])
    repo.write({"m.md": "Vexillor\na\nVexillor\nc\nd\n" + LEAK, "new.md": LEAK})
    told = check(repo.path, pack, "--staged")
    assert (told.blocking, told.informing) == (["m.md:3", "new.md:1"], ["m.md:1", "m.md:6"])
    told = check(repo.path, pack, "m.md", "s.md", "blue-heron.md", door="hook")
    assert told.blocking == ["m.md:3"]
    repo.git("merge", "--abort")


# ── what git stores otherwise ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("attribute", ["binary", "-diff", "-text", "diff=never", "filter=none"])
def test_attributes_hide_nothing(repo: Repo, pack: Path, attribute: str) -> None:
    repo.write({".gitattributes": f"*.md {attribute}\n", "clean.md": "one\n" + LEAK})
    assert check(repo.path, pack, "--staged").blocking == ["clean.md:2"]


def pointer(oid: str) -> str:
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 17\n"


def test_lfs_content_is_screened_where_it_is_and_unread_where_it_is_not(
    repo: Repo, pack: Path
) -> None:
    here, gone = "ab12" + "0" * 60, "cd34" + "0" * 60
    stored = repo.path / ".git" / "lfs" / "objects" / "ab" / "12" / here
    stored.parent.mkdir(parents=True)
    stored.write_text(LEAK)
    repo.write({"here.md": pointer(here), "gone.md": pointer(gone)})
    told = check(repo.path, pack, "--staged")
    assert told.blocking == ["here.md:1"]
    assert told.unread == ["gone.md: a Git LFS pointer: its content is not in this clone"]
    assert told.code == 3


def test_what_git_crypt_has_encrypted_is_no_text(repo: Repo, pack: Path) -> None:
    repo.write({"secret.md": b"\0GITCRYPT\0" + bytes(range(256))})
    told = check(repo.path, pack, "--staged")
    assert (told.code, told.report["summary"]["opaque"]) == (0, 1)


def test_a_text_name_with_binary_content_is_not_screened(repo: Repo, pack: Path) -> None:
    repo.write({"a.md": OTHER * 50})
    assert check(repo.path, pack, "--staged").code == 3


def test_a_large_file_is_read_to_its_end(repo: Repo, pack: Path) -> None:
    repo.write({"large.txt": "x" * 79 + "\n" + ("y" * 79 + "\n") * 40_000 + LEAK, "z.md": LEAK})
    assert check(repo.path, pack, "--staged").blocking == ["large.txt:40002", "z.md:1"]


# ── git says no, and others' settings ────────────────────────────────────────────────────────────


def test_outside_a_repository_staged_is_an_error(tmp_path: Path) -> None:
    told = check(tmp_path, pack_beside(tmp_path), "--staged")
    assert told.code == 3
    assert "not a git repository" in told.err


def test_a_damaged_index_is_an_error(repo: Repo, pack: Path) -> None:
    index = repo.path / ".git" / "index"
    kept = index.read_bytes()
    try:
        index.write_bytes(b"DIRC" + bytes(40))
        told = check(repo.path, pack, "--staged")
        assert told.code == 3
        assert "index" in told.err
        assert check(repo.path, pack, "old.md", door="hook").code == 3
    finally:
        index.write_bytes(kept)


def test_a_missing_object_is_not_screened(repo: Repo, pack: Path) -> None:
    repo.write({"lost.md": "lost\n", "there.md": LEAK})
    oid = repo.git("rev-parse", ":lost.md").strip()
    (repo.path / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    told = check(repo.path, pack, "--staged")
    assert (told.code, told.blocking) == (3, ["there.md:1"])
    assert told.unread == ["lost.md: its content is not in this clone"]


def test_another_owners_repository_is_an_error(repo: Repo, pack: Path) -> None:
    told = check(repo.path, pack, "--staged", GIT_TEST_ASSUME_DIFFERENT_OWNER="1")
    assert told.code == 3
    assert "dubious ownership" in told.err


def test_without_git_it_is_an_error(repo: Repo, pack: Path, tmp_path: Path) -> None:
    told = check(repo.path, pack, "--staged", PATH=str(tmp_path))
    assert told.code == 3
    assert "git was not found" in told.err


def test_nothing_of_a_hostile_configuration_runs_or_hides(
    repo: Repo, pack: Path, tmp_path: Path
) -> None:
    evil = tmp_path / "evil"
    evil.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    evil.chmod(0o755)
    settings = {
        "core.fsmonitor": evil, "core.pager": evil, "diff.external": evil, "diff.x.command": evil,
        "diff.x.textconv": evil, "core.sshCommand": evil, "diff.orderFile": tmp_path / "none",
        "diff.noprefix": "true", "diff.relative": "true", "diff.renames": "false",
        "diff.interHunkContext": "50", "color.ui": "always", "color.diff": "always",
        "diff.ignoreSubmodules": "all", "core.quotePath": "false", "diff.context": "9",
        "diff.mnemonicPrefix": "true", "diff.wordRegex": ".", "core.abbrev": "4",
    }  # fmt: skip
    config = repo.path / ".git" / "config"
    kept = config.read_bytes()
    repo.write({".gitattributes": "*.md diff=x\n", "old.md": "new\n" + OLD + LEAK})
    try:
        for name, value in settings.items():
            repo.git("config", name, str(value))
        told = check(repo.path, pack, "--staged", GIT_EXTERNAL_DIFF=str(evil), GIT_DIFF_OPTS="-u9")
    finally:
        config.write_bytes(kept)
    assert (told.blocking, told.informing) == (["old.md:5"], ["old.md:2"])
    assert not (tmp_path / "ran").exists()


def test_a_replaced_object_hides_nothing(repo: Repo, pack: Path) -> None:
    repo.write({"a.md": LEAK, "b.md": "clean\n"})
    a, b = (repo.git("rev-parse", f":{name}.md").strip() for name in "ab")
    repo.git("replace", a, b)
    try:
        assert check(repo.path, pack, "--staged").blocking == ["a.md:1"]
    finally:
        repo.git("replace", "-d", a)


# ── cost ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", [("--staged",), ()])
def test_the_count_of_git_processes_does_not_grow(
    repo: Repo, pack: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    path, noted = noting_git(tmp_path)
    counts = []
    for number in (1, 30):
        repo.write({f"{n}.md": "x\n" for n in range(number)} | {"old.md": f"{number}\n"})
        named = () if words else [f"{n}.md" for n in range(number)]
        before = len(noted.read_text().splitlines())
        told = check(repo.path, pack, *words, *named, door="check" if words else "hook", PATH=path)
        assert told.code == 0
        counts.append(len(noted.read_text().splitlines()) - before)
    assert counts[0] == counts[1] <= 4


@pytest.mark.parametrize("loose", [True, False])
def test_each_version_is_read_once(repo: Repo, pack: Path, tmp_path: Path, *, loose: bool) -> None:
    from leakguard.sources import git

    asked: list[str] = []
    header, alone = git.Objects._header, git._alone

    def noted(self: git.Objects, oid: str) -> tuple[str, int]:
        asked.append(oid)
        return header(self, oid)

    def read(folder: str, oid: str) -> tuple[str, bytes] | None:
        found = alone(folder, oid) if loose else None
        asked.extend([oid] if found else [])
        return found

    repo.write({f"{n}.bin": bytes([n]) + OTHER * 99 for n in range(3)} | {"a.md": "x\n"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(git.Objects, "_header", noted)
        patch.setattr(git, "_alone", read)
        check(repo.path, pack, "--staged")
    assert len(asked) == len(set(asked)) == 4


def test_an_object_that_lies_by_itself_is_what_git_says(repo: Repo) -> None:
    from leakguard.sources import git

    contents = {"a.md": b"one\0two\n", "b.md": b"", "c.md": b"x" * 3_000_000}
    for name, content in contents.items():
        (repo.path / name).write_bytes(content)
    repo.git("add", ".")
    folder = repo.path / ".git" / "objects"
    for name, content in contents.items():
        oid = str(repo.git("rev-parse", f":{name}")).strip()
        expected = ("blob", content) if len(content) < git._SMALL else None
        assert git._alone(str(folder), oid) == expected
    where = folder / oid[:2] / oid[2:]
    where.chmod(0o644)
    for damaged in (b"", b"no zlib", where.read_bytes()[:-9]):
        where.write_bytes(damaged)
        assert git._alone(str(folder), oid) is None
    assert git._alone(str(folder), "0" * 40) is None


@pytest.mark.parametrize("spawn", [True, False])
def test_a_program_that_is_started(tmp_path: Path, *, spawn: bool) -> None:
    from leakguard.sources import process

    environment = {"PATH": os.environ["PATH"], "WORD": "x"}
    with pytest.MonkeyPatch.context() as patch, (tmp_path / "said").open("w+b") as said:
        patch.setattr(process, "_CAN_SPAWN", spawn)
        words = ["sh", "-c", "cat; echo $WORD; echo wrong >&2; exit 7"]
        running = process.start(words, environment, process.PIPE, said)
        assert running.stdin is not None
        assert running.stdout is not None
        with running.stdin as stdin:
            stdin.write(b"heard\n")
        with running.stdout as stdout:
            assert stdout.read() == b"heard\nx\n"
        assert running.wait() == running.wait() == 7
        running.kill()
        said.seek(0)
        assert said.read() == b"wrong\n"
        endless = process.start(["sleep", "9"], environment, None, said)
        endless.kill()
        assert endless.wait() == -9
        assert endless.stdout is not None
        endless.stdout.close()
        with pytest.raises(FileNotFoundError):
            process.start(["no-such-program-anywhere"], environment, None, said)
