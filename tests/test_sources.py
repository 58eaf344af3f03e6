"""What there is to screen, in real folders and real git repositories."""

import inspect
import io
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from leakguard.errors import SourceError, Unreadable, UsageError
from leakguard.model import Blob, Unread
from leakguard.sources import from_paths


def _reads_everything() -> bool:
    with tempfile.NamedTemporaryFile() as closed:
        os.chmod(closed.name, 0)
        return os.access(closed.name, os.R_OK)


AS_ROOT = _reads_everything()


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's own git configuration, and a current folder of our own."""
    home = tmp_path / "home"
    work = tmp_path / "work"
    home.mkdir()
    work.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(work)


def write(*paths: str, text: str = "text") -> None:
    for path in paths:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text)


def git(*words: str, at: str = ".") -> None:
    author = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    subprocess.run(
        ["git", "-C", at, *author, "-c", "protocol.file.allow=always", *words],
        check=True,
        capture_output=True,
    )


def names(*paths: str) -> list[str]:
    return [
        item.origin.path if isinstance(item, Blob) else f"{item.path}: {item.reason}"
        for item in from_paths(paths)
    ]


def published(*paths: str | Path) -> list[str]:
    return [item.published for item in from_paths(paths) if isinstance(item, Blob)]


def content(items: Iterable[Blob | Unread]) -> dict[str, bytes]:
    found = {}
    for item in items:
        assert isinstance(item, Blob)
        with item.open() as stream:
            found[item.origin.path] = stream.read()
    return found


# ── folders ──────────────────────────────────────────────────────────────────────────────────────


def test_a_folder_is_walked_in_the_order_of_names() -> None:
    write("d/b/z.md", "d/b.md", "d/a/c/x.md", "d/.hidden", "d/a.md", "other.md")
    assert names("d") == ["d/.hidden", "d/a/c/x.md", "d/a.md", "d/b/z.md", "d/b.md"]


def test_git_and_a_plain_walk_have_the_same_order() -> None:
    write("d/b/z.md", "d/b.md", "d/a/c/x.md", "d/.hidden", "d/a.md", "d/a-b.md", "d/é.md")
    plain = names("d")
    git("init", at="d")
    assert names("d") == plain


def test_without_paths_the_current_folder_is_meant() -> None:
    write("a.md", "b/c.md")
    assert names() == ["a.md", "b/c.md"]
    assert names(".") == ["a.md", "b/c.md"]
    assert published() == ["a.md", "b/c.md"]


def test_outside_git_everything_is_there_but_git_itself() -> None:
    write(".gitignore", text="*.log")
    write("a.log", ".git/config", "node_modules/x.js")
    assert names() == [".gitignore", "a.log", "node_modules/x.js"]


def test_content_is_what_the_file_holds_each_time() -> None:
    write("a.md", text="één")
    (blob,) = from_paths(["a.md"])
    for _ in range(2):
        assert content([blob]) == {"a.md": "één".encode()}


def test_an_empty_folder_has_nothing() -> None:
    assert names() == []


def test_a_folder_with_a_slash_behind_it() -> None:
    write("d/a.md")
    assert names("d/") == ["d/a.md"]
    assert names("./d") == ["./d/a.md"]
    assert published("d/", "./d") == ["d/a.md"]


def test_folders_deeper_than_python_recurses() -> None:
    write("d/" * 300 + "a.md")
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 150)
    try:
        assert names() == ["d/" * 300 + "a.md"]
    finally:
        sys.setrecursionlimit(limit)


# ── git ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_checkout_is_what_git_has_and_would_take() -> None:
    git("init")
    write(".gitignore", text="*.log\nbuild/\n")
    write("tracked.md", "new.md", "a.log", "build/x.md", "sub/b.log", "sub/c.md", "deleted.md")
    write("forced.log")
    git("add", "tracked.md", "deleted.md")
    git("add", "-f", "forced.log")
    os.remove("deleted.md")
    assert names() == [".gitignore", "forced.log", "new.md", "sub/c.md", "tracked.md"]
    assert names("sub") == ["sub/c.md"]


def test_a_checkout_without_files_has_nothing() -> None:
    git("init", "-q")
    assert names() == []


def test_a_path_given_by_name_is_taken_ignored_or_not() -> None:
    git("init")
    write(".gitignore", text="*.log\nbuild/\n*.md\n")
    write("a.log", "build/x.md", "build/deep/y.log")
    assert names("a.log") == ["a.log"]
    assert names("build") == ["build/deep/y.log", "build/x.md"]
    assert names("build/deep") == ["build/deep/y.log"]


def test_ignore_rules_hold_below_an_ignored_folder_where_they_live() -> None:
    git("init")
    write(".gitignore", text="build/\n")
    write("README.md", "build/README.md", "build/x.log", "build/y.md", "build/deep/forced.log")
    write("build/.gitignore", text="*.log\n")
    git("add", "-f", "README.md", "build/deep/forced.log")
    assert names("build") == [
        "build/.gitignore", "build/README.md", "build/deep/forced.log", "build/y.md",
    ]  # fmt: skip


def test_a_worktree_is_a_checkout() -> None:
    git("init", "main")
    write("main/.gitignore", text="*.log\n")
    git("add", ".", at="main")
    git("commit", "-m", "x", at="main")
    git("worktree", "add", "../tree", at="main")
    write("tree/a.log", "tree/b.md")
    assert names("tree") == ["tree/.gitignore", "tree/b.md"]
    assert published("tree/b.md") == ["b.md"]


@pytest.fixture
def _with_submodule() -> None:
    git("init", "inner")
    write("inner/.gitignore", text="*.log\n")
    write("inner/in.md")
    git("add", ".", at="inner")
    git("commit", "-m", "x", at="inner")
    git("init", "outer")
    git("submodule", "add", os.path.abspath("inner"), "lib/sub", at="outer")
    write("outer/lib/sub/new.md", "outer/lib/sub/a.log", "outer/z.md")


@pytest.mark.usefixtures("_with_submodule")
def test_submodules_are_listed_by_their_own_rules() -> None:
    expected = [".gitmodules", "lib/sub/.gitignore", "lib/sub/in.md", "lib/sub/new.md", "z.md"]
    assert names("outer") == [f"outer/{name}" for name in expected]
    assert published("outer") == [name.removeprefix("lib/sub/") for name in expected]
    assert names("outer/lib") == [f"outer/{name}" for name in expected[1:4]]
    assert names("outer/lib/sub") == [f"outer/{name}" for name in expected[1:4]]


@pytest.mark.usefixtures("_with_submodule")
def test_a_submodule_that_was_not_fetched_is_empty() -> None:
    git("submodule", "deinit", "-f", "--all", at="outer")
    assert names("outer") == ["outer/.gitmodules", "outer/z.md"]


@pytest.mark.usefixtures("_with_submodule")
def test_a_submodule_without_its_git_is_walked() -> None:
    os.remove("outer/lib/sub/.git")
    assert "outer/lib/sub/a.log" in names("outer")


def test_checkouts_in_a_checkout_and_in_a_plain_folder() -> None:
    for name in ("a/nested", "b"):
        git("init", name)
        write(f"{name}/.gitignore", text="*.log\n")
        write(f"{name}/x.log", f"{name}/x.md")
    git("init", "a")
    expected = ["a/nested/.gitignore", "a/nested/x.md", "b/.gitignore", "b/x.md"]
    assert names(".") == expected
    assert published(".") == [".gitignore", "x.md"] * 2


def test_a_folder_where_git_has_a_file() -> None:
    git("init")
    write("a")
    git("add", "a")
    os.remove("a")
    write("a/b.md", "a/c.log")
    write(".gitignore", text="*.log\n")
    assert names() == [".gitignore", "a/b.md"]


def test_a_conflict_lists_a_file_once() -> None:
    git("init")
    write("a.md", text="1")
    git("add", ".")
    git("commit", "-m", "1")
    git("checkout", "-b", "b")
    write("a.md", text="2")
    git("commit", "-am", "2")
    git("checkout", "-")
    write("a.md", text="3")
    git("commit", "-am", "3")
    with pytest.raises(subprocess.CalledProcessError):
        git("merge", "b")
    assert names() == ["a.md"]


def test_names_with_spaces_quotes_and_line_ends() -> None:
    git("init")
    write("a b.md", 'c"d.md', "e\nf.md", "ü/世界.md", "-x.md")
    assert names() == ["-x.md", "a b.md", 'c"d.md', "e\nf.md", "ü/世界.md"]
    assert names("-x.md") == ["-x.md"]


def test_the_inside_of_git_itself_is_walked_when_it_is_named() -> None:
    git("init")
    assert ".git/HEAD" in names(".git")


def test_nothing_of_a_hostile_configuration_runs() -> None:
    git("init")
    write("a.md")
    Path("hook").write_text("#!/bin/sh\ntouch ran\n")
    Path("hook").chmod(0o755)
    git("config", "core.fsmonitor", os.path.abspath("hook"))
    git("config", "core.pager", os.path.abspath("hook"))
    git("config", "core.hooksPath", ".")
    assert names() == ["a.md", "hook"]
    assert not Path("ran").exists()


@pytest.mark.parametrize("setting", [("core.worktree", "/"), ("core.bare", "true")])
def test_a_configuration_cannot_send_git_elsewhere(setting: tuple[str, str]) -> None:
    git("init")
    write("sub/a.md")
    git("config", *setting)
    assert names() == ["sub/a.md"]
    assert names("sub") == ["sub/a.md"]


def test_the_variables_of_a_hook_do_not_hold_for_other_checkouts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    git("init", "a")
    git("init", "b")
    write("a/x.md", "b/y.md")
    monkeypatch.setenv("GIT_DIR", os.path.abspath("a/.git"))
    monkeypatch.setenv("GIT_INDEX_FILE", os.path.abspath("a/.git/index"))
    monkeypatch.setenv("GIT_WORK_TREE", os.path.abspath("a"))
    monkeypatch.setenv("GIT_PREFIX", "sub/")
    assert names("b") == ["b/y.md"]


def test_the_index_is_not_written() -> None:
    git("init")
    write("a.md")
    git("add", ".")
    os.utime("a.md", (1, 1))
    before = Path(".git/index").read_bytes()
    names()
    assert Path(".git/index").read_bytes() == before


def test_a_damaged_index_is_an_error_in_gits_own_words() -> None:
    git("init")
    write("a.md")
    Path(".git/index").write_bytes(b"DIRC" + bytes(40))
    with pytest.raises(SourceError) as caught:
        names()
    assert caught.value.message.startswith("git cannot list .: ")
    assert "index" in caught.value.message
    assert caught.value.hint
    assert caught.value.exit_code == 3


def test_a_checkout_that_belongs_to_somebody_else_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    git("init", "a")
    write("a/b.md")
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(SourceError, match="dubious ownership"):
        names("a")
    assert names("a/b.md") == ["a/b.md"], "a file given by name needs no git"


def test_a_worktree_that_lost_its_repository_is_an_error() -> None:
    write("a/b.md")
    write("a/.git", text="gitdir: /nowhere/at/all\n")
    with pytest.raises(SourceError, match="not a git repository"):
        names("a")


def test_an_empty_git_folder_is_no_checkout() -> None:
    write("a/b.md")
    os.mkdir("a/.git")
    assert names("a") == ["a/b.md"]
    assert published("a") == ["a/b.md"]


def test_where_git_is_missing_a_checkout_is_walked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    git("init")
    write(".gitignore", text="*.log")
    write("a.log", "b/c.md")
    monkeypatch.setenv("PATH", str(tmp_path / "home"))
    assert names() == [".gitignore", "a.log", "b/c.md"]
    assert published("b") == ["b/c.md"]


def test_files_given_by_name_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    git("init")
    write("sub/a.md")

    def none(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(subprocess, "run", none)
    assert published("sub/a.md") == ["sub/a.md"]


# ── what gets public of a path ───────────────────────────────────────────────────────────────────


def test_in_a_checkout_the_path_from_its_top_is_public(monkeypatch: pytest.MonkeyPatch) -> None:
    git("init", "secret-parent")
    write("secret-parent/a/b/c.md")
    for path in ("secret-parent", "secret-parent/a", "secret-parent/a/b/c.md"):
        assert published(path) == ["a/b/c.md"]
        assert published(Path(path).absolute()) == ["a/b/c.md"]
    monkeypatch.chdir("secret-parent/a/b")
    for path in (".", "..", "c.md", "../b/c.md"):
        assert published(path) == ["a/b/c.md"]
    assert names("..") == ["../b/c.md"]
    assert names(".") == ["c.md"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("a/b", ["b/c.md"], id="a folder counts with its own name"),
        pytest.param("a/b/.", ["b/c.md"], id="however it is written"),
        pytest.param("a", ["a/b/c.md"], id="a folder higher up"),
        pytest.param(".", ["a/b/c.md"], id="the current folder does not count"),
        pytest.param("a/b/c.md", ["a/b/c.md"], id="a file as it is typed"),
        pytest.param("./a/b/c.md", ["a/b/c.md"], id="without a dot"),
        pytest.param("a/../a/b/c.md", ["c.md"], id="only its name when it goes up"),
    ],
)
def test_outside_git_what_was_typed_is_public(path: str, expected: list[str]) -> None:
    write("a/b/c.md")
    assert published(path) == expected
    if path == "a/b/c.md":
        assert published(Path(path).absolute()) == ["c.md"]


# ── links ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("checkout", [False, True])
def test_in_a_walk_a_link_is_the_text_of_where_it_leads(checkout: bool) -> None:
    write("a.md")
    os.symlink("a.md", "to-file")
    os.symlink("nowhere/osprey", "to-nothing")
    os.symlink(".", "to-folder")
    os.symlink("loop", "loop")
    if checkout:
        git("init")
    assert content(from_paths(["."])) == {
        "a.md": b"text", "loop": b"loop", "to-file": b"a.md", "to-folder": b".",
        "to-nothing": b"nowhere/osprey",
    }  # fmt: skip


def test_a_link_given_by_name_is_followed() -> None:
    write("d/a.md")
    os.symlink("d/a.md", "file")
    os.symlink("d", "folder")
    assert content(from_paths(["file"])) == {"file": b"text"}
    assert names("folder") == ["folder/a.md"]
    assert published("file") == ["file"], "its own name is what others see"


@pytest.mark.parametrize(
    ("target", "reason"), [("loop", "symlink loop"), ("nowhere", "gone, or a link to nothing")]
)
def test_a_link_given_by_name_that_leads_nowhere_is_unread(target: str, reason: str) -> None:
    os.symlink(target, "loop")
    assert names("loop") == [f"loop: {reason}"]


def test_a_path_through_a_loop_is_unread() -> None:
    os.symlink("loop", "loop")
    assert names("loop/a.md") == ["loop/a.md: symlink loop"]


def test_a_file_exchanged_for_a_link_or_a_pipe_is_not_opened() -> None:
    write("a.md", "b.md", "secret")
    first, second, _ = from_paths(["."])
    os.remove("a.md")
    os.symlink("secret", "a.md")
    os.remove("b.md")
    os.mkfifo("b.md")
    for item in (first, second):
        assert isinstance(item, Blob)
        with pytest.raises(OSError):  # noqa: PT011 - which one differs between systems
            item.open()


# ── what cannot be read ──────────────────────────────────────────────────────────────────────────


def _fifo(path: str) -> None:
    os.mkfifo(path)


def _socket(path: str) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path)


@pytest.mark.parametrize(("make", "detail"), [(_fifo, "FIFO"), (_socket, "socket")])
def test_what_is_no_file_is_unread(make: Callable[[str], None], detail: str) -> None:
    make("x")
    expected = [Unread("x", "not a regular file", detail)]
    assert list(from_paths(["."])) == expected
    assert list(from_paths(["x"])) == expected


def test_a_device_is_unread() -> None:
    assert list(from_paths(["/dev/null"])) == [
        Unread("/dev/null", "not a regular file", "character device")
    ]


@pytest.mark.parametrize("checkout", [False, True])
def test_a_name_that_is_not_utf8_is_unread(checkout: bool) -> None:
    try:
        Path(os.fsdecode(b"caf\xe9.md")).write_text("x")
    except OSError:
        pytest.skip("this file system takes only UTF-8")
    if checkout:
        git("init")
    expected = [Unread("caf\\xe9.md", "name is not UTF-8")]
    assert list(from_paths(["."])) == expected
    assert list(from_paths([os.fsdecode(b"caf\xe9.md")])) == expected


@pytest.mark.skipif(AS_ROOT, reason="the superuser may read everything")
@pytest.mark.parametrize("checkout", [False, True])
def test_what_we_may_not_enter_is_unread(checkout: bool) -> None:
    write("a.md", "sub/shut/b.md", "sub/c.md")
    if checkout:
        git("init")
    os.chmod("sub/shut", 0)
    try:
        shut = "sub/shut: permission denied"
        assert sorted(names()) == ["a.md", "sub/c.md", shut]
        assert sorted(names("sub")) == ["sub/c.md", shut]
        assert names("sub/shut") == [shut]
        assert names("sub/shut/b.md") == ["sub/shut/b.md: permission denied"]
    finally:
        os.chmod("sub/shut", 0o755)


@pytest.mark.skipif(AS_ROOT, reason="the superuser may read everything")
def test_what_we_may_not_open_says_so() -> None:
    write("a.md")
    os.chmod("a.md", 0)
    (blob,) = from_paths(["."])
    assert isinstance(blob, Blob)
    with pytest.raises(PermissionError):
        blob.open()


def test_what_git_may_not_enter_is_unread(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # Also where the tests run as the superuser: a git that says what git says.
    git("init")
    write("sub/c.md")
    fake = tmp_path / "home" / "git"
    fake.write_text(
        "#!/bin/sh\n"
        "case \"$*\" in *check-ignore*) exit 1;; esac\n"
        "echo \"warning: could not open directory 'sub/it's/': Permission denied\" >&2\n"
        "printf 'c.md\\0'\n"
    )  # fmt: skip
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    assert list(from_paths(["sub"]))[1:] == [Unread("sub/it's", "permission denied", "folder")]


@pytest.mark.parametrize("path", ["nowhere.md", "a.md/b", "nowhere/a.md", "a\0b"])
def test_a_path_that_does_not_exist_is_an_error_before_anything_is_read(path: str) -> None:
    write("a.md")
    with pytest.raises(UsageError) as caught:
        from_paths(["a.md", path])
    assert caught.value.message == f"{path}: no such file or directory"
    assert caught.value.hint == "paths start at the current folder; - is standard input"


def test_an_empty_path_is_an_error() -> None:
    with pytest.raises(UsageError, match="a path is empty"):
        from_paths([""])


# ── once each ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("checkout", [False, True])
def test_what_is_named_twice_comes_once(checkout: bool) -> None:
    write("d/a.md", "d/e/b.md")
    os.symlink("d/a.md", "link")
    if checkout:
        git("init")
    assert names("d/e", "d", "d/a.md", "./d/e/b.md", "link", "d/e/../a.md") == [
        "d/e/b.md", "d/a.md",
    ]  # fmt: skip


# ── standard input ───────────────────────────────────────────────────────────────────────────────


def test_standard_input_comes_once_and_in_its_place() -> None:
    write("a.md")
    items = list(from_paths(["-", "a.md", "-"], stdin=io.BytesIO(b"x")))
    first = items[0]
    assert isinstance(first, Blob)
    assert len(items) == 2
    assert (first.origin.kind, first.origin.path, first.published) == ("stdin", "<stdin>", "")
    assert first.open().read() == b"x"
    with pytest.raises(Unreadable, match="only once"):
        first.open()


def test_standard_input_with_a_name_has_a_public_one() -> None:
    (blob,) = from_paths(["-"], stdin_name="posts/a.md", stdin=io.BytesIO())
    assert isinstance(blob, Blob)
    assert (blob.origin.path, blob.published) == ("posts/a.md", "posts/a.md")


def test_standard_input_is_the_processs_own_unless_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"own")))
    (blob,) = from_paths(["-"])
    assert isinstance(blob, Blob)
    assert blob.open().read() == b"own"


def test_a_file_called_like_standard_input() -> None:
    write("-")
    assert names("./-") == ["./-"]
    assert names(".") == ["-"]
