"""Pull requests, pushes and histories: what each publishes, in real repositories."""

from __future__ import annotations

import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import pytest
from repo import Repo, Told, check, noting_git, pack_beside

from leakguard.__main__ import main

LEAK = "Meet Blue Heron.\n"
ZERO = "0" * 40
MASK = "████████"


class Pair:
    """A repository and the remote it pushes to; `push` is what git would ask of the hook."""

    def __init__(self, folder: Path) -> None:
        self.pack = pack_beside(folder)
        self.remote = Repo(folder / "remote.git", "--bare")
        self.local = Repo(folder / "local")
        self.base = self.local.commit(
            {"a.md": "one\n", "old.md": "Blue Heron, published\n"}, "Begin"
        )
        self.local.git("tag", "base")
        self.local.git("remote", "add", "origin", self.remote.path)
        self.local.git("push", "--quiet", "origin", "main")

    def fresh(self) -> Pair:
        self.local.reset()
        for ref in self.local.git("for-each-ref", "--format=%(refname)").split():
            if ref not in ("refs/heads/main", "refs/tags/base", "refs/remotes/origin/main"):
                self.local.git("update-ref", "-d", ref)
        self.local.git("update-ref", "refs/remotes/origin/main", self.base)
        return self

    def head(self) -> str:
        return self.local.git("rev-parse", "HEAD").strip()

    def push(
        self, *updates: tuple[str, str, str], remote: str = "origin", **environment: str
    ) -> Told:
        lines = "".join(f"refs/heads/x {new} {ref} {old}\n" for ref, old, new in updates)
        return check(
            self.local.path, self.pack, "--push", *([remote] if remote else []),
            stdin=lines.encode(), door="hook", **environment,
        )  # fmt: skip

    def check(self, *words: str, **environment: str) -> Told:
        return check(self.local.path, self.pack, *words, **environment)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return Pair(tmp_path_factory.mktemp("ranges"))


@pytest.fixture
def pair(made: Pair) -> Pair:
    return made.fresh()


MAIN = "refs/heads/main"


# ── a push ───────────────────────────────────────────────────────────────────────────────────────


def test_a_clean_push(pair: Pair) -> None:
    pair.local.commit({"b.md": "fine\n"})
    told = pair.push((MAIN, pair.base, pair.head()))
    assert (told.code, told.report["summary"]["findings"]) == (0, 0)
    assert told.report["summary"]["documents"] >= 2, "a file and a message"


def test_a_term_added_and_removed_within_the_range(pair: Pair) -> None:
    leaking = pair.local.commit({"b.md": "fine\n" + LEAK})
    pair.local.commit({"b.md": "fine\n"})
    told = pair.push((MAIN, pair.base, pair.head()))
    assert (told.code, told.blocking) == (1, ["b.md:2"])
    (found,) = told.report["findings"]
    assert found["commit"] == leaking
    assert found["blob"] == pair.local.git("rev-parse", f"{leaking}:b.md").strip()


def test_old_lines_are_not_told_again(pair: Pair) -> None:
    pair.local.commit({"old.md": "Blue Heron, published\nmore\n"})
    told = pair.push((MAIN, pair.base, pair.head()))
    assert (told.code, told.report["findings"]) == (0, [])


def test_messages_of_every_commit(pair: Pair) -> None:
    first = pair.local.commit({"b.md": "1\n"}, "Fix\n\nFor Blue Heron")
    pair.local.commit({"b.md": "2\n"}, "Fine")
    told = pair.push((MAIN, pair.base, pair.head()))
    assert told.blocking == ["commit message:3"]
    assert told.report["findings"][0]["commit"] == first


def test_a_message_in_an_older_encoding(pair: Pair) -> None:
    pair.local.git("config", "i18n.commitEncoding", "UTF-16LE")
    try:
        message = pair.local.path / "m"
        message.write_text("ü", encoding="utf-8")
        tree = pair.local.git("rev-parse", "HEAD^{tree}").strip()
        raw = (
            f"tree {tree}\nparent {pair.base}\nauthor T <t@example.com> 1 +0000\n"
            "committer T <t@example.com> 1 +0000\nencoding UTF-16LE\n\n"
        ).encode() + "Blue Heron".encode("utf-16-le")
        message.write_bytes(raw)
        oid = pair.local.git("hash-object", "-t", "commit", "-w", "--literally", "m").strip()
        assert pair.push((MAIN, pair.base, oid)).blocking == ["commit message:1"]
    finally:
        pair.local.git("config", "--unset", "i18n.commitEncoding")


def test_the_first_push_is_everything(pair: Pair) -> None:
    pair.local.git("update-ref", "-d", "refs/remotes/origin/main")
    told = pair.push((MAIN, ZERO, pair.head()))
    assert told.blocking == ["old.md:1"]


def test_a_new_branch_is_what_the_remote_has_not(pair: Pair) -> None:
    pair.local.commit({"b.md": LEAK})
    told = pair.push(("refs/heads/topic", ZERO, pair.head()))
    assert told.blocking == ["b.md:1"]
    assert pair.push(("refs/heads/topic", ZERO, pair.base)).code == 0


def test_the_name_of_a_new_branch(pair: Pair) -> None:
    told = pair.push(("refs/heads/fix/blue-heron", ZERO, pair.base))
    assert told.blocking == [f"refs/heads/fix/{MASK}:name"]
    assert told.report["findings"][0]["ref"] == f"refs/heads/fix/{MASK}"
    assert pair.push(("refs/heads/fix/blue-heron", pair.base, pair.base)).code == 0, "it is known"


def test_two_refs_at_once(pair: Pair) -> None:
    first = pair.local.commit({"b.md": "fine\n"})
    pair.local.git("checkout", "--quiet", "-b", "two", "base")
    second = pair.local.commit({"c.md": LEAK})
    told = pair.push((MAIN, pair.base, first), ("refs/heads/two", ZERO, second))
    assert told.blocking == ["c.md:1"]


def test_a_forced_push_of_a_history_that_is_not_here(pair: Pair) -> None:
    pair.local.git("commit", "--quiet", "--amend", "--message", "For Blue Heron")
    told = pair.push((MAIN, "1234567890" * 4, pair.head()))
    assert "commit message:1" in told.blocking


def test_a_deleted_ref_publishes_nothing(pair: Pair) -> None:
    told = pair.push(("refs/heads/blue-heron", pair.base, ZERO))
    assert (told.code, told.report["summary"]["documents"]) == (0, 0)


def test_an_annotated_tag_has_a_name_and_a_message(pair: Pair) -> None:
    pair.local.git("tag", "--annotate", "v1", "--message", "The Vexillor release")
    oid = pair.local.git("rev-parse", "v1").strip()
    told = pair.push(("refs/tags/v1", ZERO, oid))
    assert told.blocking == ["message of tag v1:1"]
    assert told.report["findings"][0]["ref"] == "refs/tags/v1"
    assert pair.push(("refs/tags/vexillor", ZERO, pair.base)).blocking == [f"refs/tags/{MASK}:name"]


def test_a_tag_of_a_tag_and_of_a_file(pair: Pair) -> None:
    pair.local.git("tag", "--annotate", "inner", "--message", "The Vexillor release")
    pair.local.git("tag", "--annotate", "outer", "inner", "--message", "fine")
    outer = pair.local.git("rev-parse", "outer").strip()
    assert pair.push(("refs/tags/outer", ZERO, outer)).blocking == ["message of tag outer:1"]
    blob = pair.local.git("rev-parse", "HEAD:old.md").strip()
    assert pair.push(("refs/tags/file", ZERO, blob)).blocking == ["refs/tags/file:1"]
    tree = pair.local.git("rev-parse", "HEAD^{tree}").strip()
    assert pair.push(("refs/tags/tree", ZERO, tree)).code == 3


def test_notes(pair: Pair) -> None:
    pair.local.git("notes", "add", "--message", "Seen by the Blue Heron team")
    oid = pair.local.git("rev-parse", "refs/notes/commits").strip()
    told = pair.push(("refs/notes/commits", ZERO, oid))
    assert [found.rpartition(":")[2] for found in told.blocking] == ["1"]
    assert "Blue Heron" not in told.err


def test_a_merge_is_judged_by_what_neither_side_has(pair: Pair) -> None:
    pair.local.commit({"m.md": "a\nb\nc\nd\ne\n"})
    pair.local.git("update-ref", "refs/remotes/origin/main", pair.head())
    pair.local.git("checkout", "--quiet", "-b", "side")
    pair.local.commit({"m.md": f"a\nb\nc\nd\n{LEAK}"}, "side")
    pair.local.git("update-ref", "refs/remotes/origin/side", pair.head())
    pair.local.git("checkout", "--quiet", "main")
    pair.local.commit({"m.md": "A\nb\nc\nd\ne\n"}, "main")
    pair.local.git("update-ref", "refs/remotes/origin/main", pair.head())
    old = pair.head()
    pair.local.git("merge", "--quiet", "--no-edit", "side")
    assert pair.push((MAIN, old, pair.head())).code == 0, "both sides are published"
    pair.local.write({"m.md": f"A\nVexillor\nc\nd\n{LEAK}", "evil.md": "Vexillor\n"})
    pair.local.git("commit", "--quiet", "--amend", "--no-edit")
    assert sorted(pair.push((MAIN, old, pair.head())).blocking) == ["evil.md:1", "m.md:2"]


def test_a_rebased_branch_is_judged_by_its_own_commits(pair: Pair) -> None:
    pair.local.git("checkout", "--quiet", "-b", "topic")
    pair.local.commit({"t.md": "topic\n" + LEAK})
    pair.local.git("checkout", "--quiet", "main")
    pair.local.commit({"b.md": "main\n"})
    pair.local.git("update-ref", "refs/remotes/origin/main", pair.head())
    pair.local.git("checkout", "--quiet", "topic")
    pair.local.git("rebase", "--quiet", "main")
    assert pair.push(("refs/heads/topic", ZERO, pair.head())).blocking == ["t.md:2"]


def test_no_ref_lines_and_no_variables_is_never_clean(pair: Pair) -> None:
    told = pair.push(remote="")
    assert told.code == 3
    assert "nothing was screened" in told.err


def test_without_lines_a_named_remote_gets_what_head_has_and_it_has_not(pair: Pair) -> None:
    assert pair.push().code == 0, "everything is up to date"
    pair.local.commit({"b.md": LEAK})
    assert pair.push().blocking == ["b.md:1"]


def test_a_line_that_git_did_not_write_is_never_clean(pair: Pair) -> None:
    told = check(pair.local.path, pair.pack, "--push", "origin", stdin=b"who knows\n", door="hook")
    assert told.code == 3


def variables(pair: Pair, **more: str) -> dict[str, str]:
    names = {
        "LOCAL_BRANCH": MAIN, "REMOTE_BRANCH": MAIN, "REMOTE_NAME": "origin",
        "REMOTE_URL": str(pair.remote.path), **more,
    }  # fmt: skip
    return {f"PRE_COMMIT_{name}": value for name, value in names.items()}


def test_the_variables_of_pre_commit(pair: Pair) -> None:
    pair.local.commit({"b.md": LEAK})
    pair.local.commit({"b.md": "fine\n"})
    told = pair.push(remote="", **variables(pair, FROM_REF=pair.base, TO_REF=pair.head()))
    assert told.blocking == ["b.md:1"]
    told = pair.push(remote="", PRE_COMMIT_FROM_REF=pair.base, PRE_COMMIT_TO_REF="HEAD")
    assert told.blocking == ["b.md:1"]
    pair.local.git("update-ref", "-d", "refs/remotes/origin/main")
    told = pair.push(remote="", **variables(pair))
    assert told.blocking == ["old.md:1", "b.md:1"], "a push with the first commit has no range"
    new = variables(pair, FROM_REF=pair.base, TO_REF=pair.base, REMOTE_BRANCH="refs/heads/vexillor")
    assert pair.push(remote="", **new).blocking == [f"refs/heads/{MASK}:name"]


# ── the side that receives ───────────────────────────────────────────────────────────────────────


def test_what_is_received_is_judged_before_it_is_taken(pair: Pair) -> None:
    bare = pair.remote.path
    pair.local.commit({"b.md": LEAK})
    pair.local.git("push", "--quiet", "--force", "origin", "HEAD:refs/quarantine/x")
    line = f"{pair.base} {pair.head()} {MAIN}\n".encode()
    pair.remote.git("update-ref", "-d", "refs/quarantine/x")
    told = check(bare, pair.pack, "--receive", stdin=line, door="hook")
    assert told.blocking == ["b.md:1"]
    assert check(bare, pair.pack, "--receive", door="hook").code == 3


# ── a pull request ───────────────────────────────────────────────────────────────────────────────


def test_a_pull_request_in_all_its_surfaces(pair: Pair) -> None:
    pair.local.git("checkout", "--quiet", "-b", "fix/vexillor")
    pair.local.commit(
        {"b.md": "fine\n" + LEAK, "old.md": "Blue Heron, published\nx\n"}, "For Vexillor"
    )
    pair.local.commit({"blue_heron/c.md": "x\n", "gone.md": LEAK})
    pair.local.git("rm", "--quiet", "gone.md")
    pair.local.commit()
    told = pair.check("--diff", "origin/main...")
    assert told.blocking == [
        f"refs/heads/fix/{MASK}:name", "commit message:1", "b.md:2", f"{MASK}/c.md:name",
    ]  # fmt: skip
    assert told.informing == ["old.md:1"]
    assert told.report["findings"][0]["ref"] == f"refs/heads/fix/{MASK}"
    assert "old.md:1" in pair.check("--diff", "origin/main", "--whole-file").blocking


def test_paths_are_counted_from_the_current_folder(pair: Pair) -> None:
    """They are what a person types there, and what the patterns of a policy are held against."""
    pair.local.commit({"sub/b.md": LEAK, "c.md": LEAK})
    below = pair.local.path / "sub"
    for words in (("--diff", "origin/main..."), ("--history", "--since", "base")):
        assert sorted(check(below, pair.pack, *words).blocking) == ["../c.md:1", "b.md:1"]


def test_a_pull_request_is_counted_from_the_merge_base(pair: Pair) -> None:
    pair.local.git("checkout", "--quiet", "-b", "topic")
    pair.local.commit({"t.md": "topic\n"})
    pair.local.git("checkout", "--quiet", "main")
    pair.local.commit({"b.md": "main\n"})
    told = pair.check("--diff", "main...topic")
    assert (told.code, told.report["summary"]["documents"]) == (0, 3), "and the name"


def test_on_a_build_server_the_branchs_name_is_told_by_it(pair: Pair) -> None:
    pair.local.git("checkout", "--quiet", "--detach")
    told = pair.check("--diff", "origin/main...", GITHUB_HEAD_REF="fix/vexillor")
    assert told.blocking == [f"refs/heads/fix/{MASK}:name"]


def test_nothing_changed_is_clean_and_says_so(pair: Pair) -> None:
    told = pair.check("--diff", "origin/main...HEAD~0")
    assert told.code == 0
    assert "0 documents" in told.err


WRONG = [
    pytest.param(("--diff", "x..."), 2, "no such commit here: x\n", id="a base that is not there"),
    pytest.param(("--diff", "..x"), 2, "no range of commits", id="no base"),
    pytest.param(("--diff", "main...x"), 2, "no such commit here: x\n", id="a head not there"),
    pytest.param(("--diff", "HEAD:a.md"), 2, "no such commit here: HEAD:a.md", id="a file as base"),
    pytest.param(("--diff", "--output=x"), 2, "no range of commits", id="an option for git"),
    pytest.param(("--diff", "main...--x"), 2, "no range of commits", id="another"),
    pytest.param(("--history", "--since", "-x"), 2, "no revision", id="an option as a revision"),
    pytest.param(("--history", "--since", "x"), 2, "no such commit here: x", id="unknown since"),
    pytest.param(("--diff", "main", "a.md"), 2, "--diff takes no paths", id="paths"),
    pytest.param(("--history", "--staged"), 2, "exclude each other", id="two at once"),
    pytest.param(("--since", "main", "a.md"), 2, "--since needs --history", id="since alone"),
    pytest.param(("--whole-file", "a.md"), 2, "--whole-file needs a change", id="no change"),
]


@pytest.mark.parametrize(("words", "code", "said"), WRONG)
def test_it_is_wrong_to_ask_for(
    pair: Pair, words: tuple[str, ...], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with chdir(pair.local.path):
        assert main(["check", *words]) == code
    assert said in capsys.readouterr().err


# ── a history ────────────────────────────────────────────────────────────────────────────────────


def test_a_history_is_every_version_each_once(pair: Pair) -> None:
    leaking = pair.local.commit({"b.md": LEAK})
    pair.local.commit({"b.md": LEAK + "more\n"})
    pair.local.commit({"b.md": "gone\n"})
    pair.local.commit({"b.md": LEAK}, "Revert, for Vexillor")
    told = pair.check("--history")
    assert told.blocking == ["old.md:1", "b.md:1", "commit message:1"]
    assert told.report["findings"][1]["commit"] == leaking
    since = pair.check("--history", "--since", "HEAD~1")
    assert since.blocking == ["commit message:1", "b.md:1"]
    assert pair.check("--history", "--since", "HEAD").code == 0


def test_a_history_has_all_branches_tags_notes_and_names(pair: Pair) -> None:
    pair.local.git("checkout", "--quiet", "-b", "side")
    pair.local.commit({"s.md": "Vexillor\n"})
    pair.local.git("tag", "--annotate", "v1", "--message", "Vexillor")
    pair.local.git("notes", "add", "--message", "Vexillor")
    pair.local.git("branch", "vexillor-2")
    pair.local.git("checkout", "--quiet", "--detach", "base")
    pair.local.commit({"d.md": "Vexillor\n"})
    told = pair.check("--history")
    kinds = {found.rpartition(":")[0] for found in told.blocking}
    assert {"old.md", "s.md", "d.md", "message of tag v1", f"refs/heads/{MASK}-2"} <= kinds
    assert len(told.blocking) == 6, "and the note"


def test_a_stash_is_not_published(pair: Pair) -> None:
    (pair.local.path / "a.md").write_text("Vexillor\n")
    pair.local.git("stash", "--quiet")
    assert pair.check("--history").blocking == ["old.md:1"]


def test_a_renamed_file_shows_its_name_and_not_its_lines(pair: Pair) -> None:
    pair.local.git("mv", "old.md", "vexillor.md")
    pair.local.commit()
    told = pair.check("--history", "--since", "base")
    assert told.blocking == [f"{MASK}.md:name"]


def test_a_repository_without_commits(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    told = check(repo.path, pack_beside(tmp_path), "--history")
    assert told.code == 0
    assert "0 documents" in told.err


def test_a_shallow_clone_is_never_clean(pair: Pair, tmp_path: Path) -> None:
    pair.local.commit({"b.md": "fine\n"})
    pair.local.git("clone", "--quiet", "--depth=1", f"file://{pair.local.path}", tmp_path / "c")
    told = check(tmp_path / "c", pair.pack, "--history")
    assert told.code == 3
    assert told.unread == ["history: this clone is shallow: older commits are not here"]
    assert check(tmp_path / "c", pair.pack, "--diff", "HEAD~1...").code == 3
    tree = pair.local.git("rev-parse", "HEAD^{tree}").strip()
    alone = pair.local.git("commit-tree", tree, "-m", "alone").strip()
    told = pair.check("--diff", f"{alone}...")
    assert told.code == 3
    assert "no commit in common" in told.err


def test_a_partial_clone_fetches_nothing_and_is_never_clean(pair: Pair, tmp_path: Path) -> None:
    pair.local.commit({"old.md": "gone\n"})
    pair.local.git("config", "uploadpack.allowFilter", "true")
    source = f"file://{pair.local.path}"
    pair.local.git("clone", "--quiet", "--filter=blob:none", source, tmp_path / "c")
    told = check(tmp_path / "c", pair.pack, "--history")
    assert told.code == 3
    assert not told.blocking


def test_a_bare_repository_and_a_worktree_have_a_history(pair: Pair, tmp_path: Path) -> None:
    pair.local.git("worktree", "add", "--quiet", "--detach", tmp_path / "tree", "base")
    assert check(tmp_path / "tree", pair.pack, "--history").blocking == ["old.md:1"]
    pair.local.git("clone", "--quiet", "--bare", pair.local.path, tmp_path / "bare")
    assert check(tmp_path / "bare", pair.pack, "--history").blocking == ["old.md:1"]
    pair.local.git("worktree", "remove", "--force", tmp_path / "tree")


def test_a_damaged_history_is_never_clean(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.commit({"a.md": "fine\n"})
    repo.commit({"a.md": "fine too\n"})
    tree = repo.git("rev-parse", "HEAD~1^{tree}").strip()
    (repo.path / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    told = check(repo.path, pack_beside(tmp_path), "--history")
    assert told.code == 3
    assert "git" in told.err


def test_the_count_of_git_processes_does_not_grow(pair: Pair, tmp_path: Path) -> None:
    path, noted = noting_git(tmp_path)
    counts = []
    for number in (1, 12):
        for n in range(number):
            pair.local.commit({f"{n}.md": f"{number}\n", "a.md": f"{n} {number}\n"})
        before = len(noted.read_text().splitlines())
        told = pair.push((MAIN, pair.base, pair.head()), PATH=path)
        assert told.code == 0
        assert pair.check("--history", PATH=path).code == 1
        assert pair.check("--diff", "origin/main...", PATH=path).code == 0
        counts.append(len(noted.read_text().splitlines()) - before)
    assert counts[0] == counts[1]


# ── much of it ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """A history of some hundred versions, a leak in every twentieth."""
    pair = Pair(tmp_path_factory.mktemp("long"))
    told = ["reset refs/heads/main", "from refs/heads/main^0", ""]
    for number in range(300):
        text = f"line {number}\n" * 3 + (LEAK if number % 20 == 0 else "")
        told += [
            "commit refs/heads/main",
            f"committer T <t@example.com> {1_700_000_000 + number} +0000",
            f"data {len('Edit')}",
            "Edit",
            f"M 100644 inline {number % 7}.md",
            f"data {len(text)}",
            text,
        ]
    stream = "\n".join([*told, "done", ""])
    git = ("git", "fast-import", "--quiet", "--done")
    subprocess.run(git, cwd=pair.local.path, input=stream.encode(), check=True)
    return pair


def test_a_long_history_is_shared_and_the_answer_is_the_same(long: Pair, tmp_path: Path) -> None:
    path, noted = noting_git(tmp_path)
    alone = long.check("--history", "--jobs", "1", "--now", "2026-11-28")
    shared = long.check("--history", "--jobs", "3", "--now", "2026-11-28", PATH=path)
    assert len(alone.report["findings"]) == 16
    assert (shared.code, shared.report) == (alone.code, alone.report)
    # One for each process, and one for what is told before there are any.
    started = noted.read_text().count("cat-file")
    assert 1 < started <= 4


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupted_history_ends_at_once(long: Pair) -> None:
    script = (
        "import os, signal, sys\n"
        "from leakguard import scan, __main__\n"
        "screen = scan._Run.blob\n"
        "def slow(run, blob, *more):\n"
        "    if blob.origin.path == '5.md' and os.getpid() != first:\n"
        "        os.kill(first, signal.SIGINT)\n"
        "        signal.pause()\n"
        "    screen(run, blob, *more)\n"
        "first = os.getpid()\n"
        "scan._Run.blob = slow\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "words = ['check', '--history', '--only-pack', sys.argv[1], '-j', '2']\n"
        "sys.exit(__main__.main(words))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(long.pack)],
        cwd=long.local.path, capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (130, b"")
