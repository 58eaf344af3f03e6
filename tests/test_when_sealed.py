"""What a sealed list does to a run: with a key, without, with another; at a desk, in CI, for a fork.

Through both doors, and in the library.
"""

from __future__ import annotations

import io
import json
import os
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from house import ROOT, Ran, acme, run_ok
from keyrings import BOB, JANE
from test_ci import GITHUB, REQUEST, repo
from test_sealed import mended, told

import leakguard
from leakguard import __main__ as leakguard_main
from leakguard import cli, hook, scan, sealed, sources, workers
from leakguard.errors import InternalError, PackError, Unscreened, UsageError
from leakguard.keys import IDENTITY_VARIABLE, Recipient

ACME = acme(
    '{ term = "Zq Heron", id = 17, owner = "brand-legal@example.com" }, "Zq Osprey"',
    owner="brand@example.com",
)
LIST = sealed.seal(ACME, [Recipient("jane", JANE.public)], "acme.toml", name="acme.sealed")
BAD = LIST.replace(b"entries = 2", b"entries = 3")
LOUD = "NOT APPLIED: acme.sealed (2 terms, sealed): "


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(IDENTITY_VARIABLE, raising=False)
    Path("acme.sealed").write_bytes(LIST)
    Path("leak.md").write_text("The zqHeron flies.\n")
    Path("clean.md").write_text("Nothing flies.\n")
    Path("jane").write_text(JANE.text)
    Path("bob").write_text(BOB.text)
    Path("fork.json").write_text(
        json.dumps({"pull_request": {"base": {"repo": repo(1)}, "head": {"repo": repo(2)}}})
    )
    return tmp_path


@pytest.fixture
def run(desk: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    def call(*argv: str, through: str = "check") -> Ran:
        # Plain checks go through the hook's door; the command line's is for all else.
        code = hook.main(argv) if through == "hook" else cli.main(["check", *argv])
        return code, *capsys.readouterr()

    return call


CI = {"CI": "true"}
PUSH = {**GITHUB, "GITHUB_EVENT_NAME": "push"}
QUEUE = {**GITHUB, "GITHUB_EVENT_NAME": "merge_group"}
FORK = {**REQUEST, "GITHUB_EVENT_PATH": "fork.json"}
NONE, WRONG, RIGHT = (), ("--identity", "bob"), ("--identity", "jane")

# key, environment, what is asked, the file → exit code, loud line, unread in the report
OUTCOMES: dict[str, tuple[tuple[str, ...], dict[str, str], str, str, int, bool, bool]] = {
    "no key, at a desk": (NONE, {}, "", "leak.md", 0, True, False),
    "no key, in CI": (NONE, CI, "", "leak.md", 3, False, True),
    "no key, in CI, a clean file": (NONE, CI, "", "clean.md", 3, False, True),
    "no key, a push": (NONE, PUSH, "", "leak.md", 3, False, True),
    "no key, the merge queue": (NONE, QUEUE, "", "leak.md", 3, False, True),
    "no key, a fork": (NONE, FORK, "", "leak.md", 0, True, True),
    "no key, fail": (NONE, {}, "fail", "clean.md", 3, False, True),
    "no key, warn": (NONE, {}, "warn", "clean.md", 0, True, True),
    "no key, skip in CI": (NONE, CI, "skip", "clean.md", 0, True, False),
    "no key, fail for a fork": (NONE, FORK, "fail", "clean.md", 3, False, True),
    "another key, at a desk": (WRONG, {}, "", "leak.md", 0, True, False),
    "another key, in CI": (WRONG, CI, "", "leak.md", 3, False, True),
    "another key, a fork": (WRONG, FORK, "", "leak.md", 0, True, True),
    "the key, at a desk": (RIGHT, {}, "", "leak.md", 1, False, False),
    "the key, in CI": (RIGHT, CI, "", "leak.md", 1, False, False),
    "the key, a clean file": (RIGHT, {}, "fail", "clean.md", 0, False, False),
}


@pytest.mark.parametrize("through", ["check", "hook"])
@pytest.mark.parametrize("what", OUTCOMES)
def test_outcome(
    what: str, through: str, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    key, environment, when, file, code, loud, unread = OUTCOMES[what]
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    asked = [file, "--only-pack", "acme.sealed", *key]
    asked += ["--when-sealed", when] if when else []
    seen, out, err = run(*asked, through=through)
    assert seen == code, err
    assert (LOUD in err) == loud
    assert err.count(LOUD) <= 1
    assert ("not screened: sealed" in out) == unread
    assert ('way out taken: when_sealed = "' in err) == loud
    seen, out, _ = run(*asked, "--format", "json", through=through)
    data = json.loads(out)
    assert seen == data["summary"]["exit_code"] == code
    assert bool(data["sealed_skipped"]) == loud
    assert [row["path"] for row in data["unread"]] == ["acme.sealed"] * unread
    assert {row["reason"] for row in data["unread"]} <= {"sealed"}
    assert "eron" not in out + err


BROKEN: dict[str, tuple[bytes, str]] = {
    "damaged": (BAD, "damaged"),
    "cut short": (LIST[:-50], "damaged"),
    "empty": (b"", "damaged"),
    "of a format to come": (LIST.replace(b"format = 1", b"format = 2"), "format 2"),
}


@pytest.mark.parametrize("environment", [{}, CI, FORK], ids=["desk", "CI", "fork"])
@pytest.mark.parametrize("key", [NONE, WRONG, RIGHT], ids=["no key", "another key", "the key"])
@pytest.mark.parametrize("what", BROKEN)
def test_a_list_that_is_no_sealed_list_is_an_error_everywhere(
    what: str,
    key: tuple[str, ...],
    environment: dict[str, str],
    run: Callable[..., Ran],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data, message = BROKEN[what]
    Path("acme.sealed").write_bytes(data)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for when in ("fail", "skip"):
        asked = ("clean.md", "--only-pack", "acme.sealed", "--when-sealed", when, *key)
        code, out, err = run(*asked, through="hook")
        assert (code, out) == (2, "")
        assert err.startswith("leakguard: acme.sealed: ")
        assert message in err


def test_a_header_that_was_not_sealed_is_an_error_with_the_key(run: Callable[..., Ran]) -> None:
    Path("acme.sealed").write_bytes(mended(BAD.decode()))
    code, _, err = run("clean.md", "--only-pack", "acme.sealed", *RIGHT)
    assert code == 2
    assert "not the one that was sealed" in err


def test_a_finding_names_the_entry_and_its_owner(run: Callable[..., Ran]) -> None:
    _, out, _ = run("leak.md", "--only-pack", "acme.sealed", *RIGHT)
    assert "acme/t17" in out
    assert "brand-legal@example.com" in out


def test_other_packs_go_on_looking(run: Callable[..., Ran]) -> None:
    Path("other.toml").write_text(ACME.replace("acme", "other").replace("Zq", "Qz"))
    Path("other.md").write_text("The Qz Heron flies.\n")
    code, out, err = run("other.md", "--only-pack", "acme.sealed", "--pack", "other.toml")
    assert code == 1
    assert "other/t17" in out
    assert LOUD in err


def test_the_loud_line_says_what_to_do(run: Callable[..., Ran]) -> None:
    for key, why in ((NONE, "there is no key here"), (WRONG, "not sealed for the key")):
        _, _, err = run("clean.md", "--only-pack", "acme.sealed", *key)
        (loud,) = [line for line in err.splitlines() if line.startswith("NOT APPLIED")]
        assert why in loud
        assert "ask brand@example.com" in loud


def test_an_identity_that_cannot_be_used_is_an_error(run: Callable[..., Ran]) -> None:
    code, _, err = run("clean.md", "--only-pack", "acme.sealed", "--identity", "clean.md")
    assert code == 2
    assert "--identity: line 1 is no age key" in err


def test_a_run_without_a_sealed_list_reads_nothing_for_one(desk: Path) -> None:
    Path("other.toml").write_text(ACME.replace("acme", "other"))
    ask = (
        "import sys; from leakguard import hook; hook.main(['clean.md', '--only-pack', sys.argv[1]])"
        "; print([m for m in ('pyrage', 'leakguard.keys', 'leakguard.sealed') if m in sys.modules])"
    )
    path = {"PYTHONPATH": os.fspath(ROOT)}
    said = run_ok(sys.executable, "-c", ask, "other.toml", cwd=desk, **path)
    assert said == "[]\n"
    said = run_ok(sys.executable, "-c", ask, "acme.sealed", cwd=desk, **path)
    assert "leakguard.sealed" in said


def test_an_identity_is_not_asked_for_without_a_sealed_list(run: Callable[..., Ran]) -> None:
    Path("other.toml").write_text(ACME.replace("acme", "other").replace("Zq", "Qz"))
    assert run("clean.md", "--only-pack", "other.toml", "--identity", "lost")[0] == 0


# what the configuration says, what is asked, where → exit code
WRITTEN: dict[str, tuple[str, tuple[str, ...], dict[str, str], int]] = {
    "nothing": ("", (), {}, 0),
    "nothing, in CI": ("", (), CI, 3),
    "fail": ("fail", (), {}, 3),
    "skip, in CI": ("skip", (), CI, 0),
    "warn, in CI": ("warn", (), CI, 0),
    "fail, and asked to skip": ("fail", ("--when-sealed", "skip"), {}, 0),
    "skip, and asked to fail": ("skip", ("--when-sealed", "fail"), {}, 3),
    "fail, with the key": ("fail", RIGHT, {}, 0),
}


@pytest.mark.parametrize("what", WRITTEN)
def test_the_configuration_says_it(
    what: str, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    written, asked, environment, code = WRITTEN[what]
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    text = 'packs = ["./acme.sealed"]\n' + (f'when_sealed = "{written}"\n' if written else "")
    Path("leakguard.toml").write_text(text)
    for through in ("check", "hook"):
        seen, _, err = run("clean.md", *asked, through=through)
        assert seen == code, err
        assert ("NOT APPLIED" in err) == (code == 0 and asked != RIGHT)
        assert err.count("when_sealed = ") <= 1


# ── the library ──────────────────────────────────────────────────────────────────────────────────


def guard(**more: Any) -> leakguard.Guard:
    return leakguard.compile(packs=["acme.sealed"], **more)


@pytest.mark.usefixtures("desk")
def test_the_library_opens_it_with_a_key() -> None:
    assert guard(identity="jane").scan("Zq Heron").action == "block"
    assert guard(identity=Path("jane")).scan("Zq Heron").action == "block"


@pytest.mark.usefixtures("desk")
def test_the_library_does_not_let_it_pass_unseen() -> None:
    screening = guard(when_sealed="fail").scan("Zq Heron")
    assert screening.exit_code == 3
    with pytest.raises(Unscreened, match="sealed"):
        list(screening)
    screening = guard(when_sealed="skip").scan("Zq Heron")
    assert list(screening) == []
    assert [skipped.path for skipped in screening.sealed_skipped] == ["acme.sealed"]
    with pytest.raises(UsageError, match="unknown when_sealed"):
        guard(when_sealed="maybe")


@pytest.mark.usefixtures("desk")
def test_unread_warn_is_no_way_round_a_sealed_list() -> None:
    assert guard(when_sealed="fail", unread="warn").scan("Zq Heron").exit_code == 3


@pytest.mark.usefixtures("desk")
def test_redacting_without_the_key_is_refused_unless_it_is_taken_on() -> None:
    with pytest.raises(Unscreened, match="not redacted: sealed"):
        guard(when_sealed="fail").redact("Zq Heron")
    assert guard(when_sealed="warn").redact("Zq Heron") == ("Zq Heron", ())
    assert guard(identity="jane").redact("Zq Heron")[0] == "[redacted]"


@pytest.mark.usefixtures("desk")
def test_a_guard_travels_without_its_terms_and_opens_the_list_again() -> None:
    sent = pickle.dumps(guard(identity="jane"))
    assert b"eron" not in sent
    assert JANE.secret.encode() not in sent
    assert pickle.loads(sent).scan("Zq Heron").action == "block"


@pytest.mark.parametrize("forks", [True, False])
@pytest.mark.parametrize("pack", ["with the key", "without", "from a text"])
def test_processes_that_share_the_work_say_the_same(
    pack: str, forks: bool, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where processes are not forked, each opens the list again; a text stays in one process."""
    (desk / "texts").mkdir()
    for number in range(scan.MANY + 1):
        text = "The Zq Heron." if number % 50 == 0 else "Nothing."
        (desk / "texts" / f"{number}.md").write_text(text)
    packs = [leakguard.Pack.from_toml(ACME) if pack == "from a text" else "acme.sealed"]
    if pack == "with the key":
        monkeypatch.setenv(IDENTITY_VARIABLE, JANE.secret)
    monkeypatch.setattr(workers, "FORKS", forks and sys.platform == "linux")
    screener = leakguard.compile(packs=packs, when_sealed="warn")
    alone, shared = (
        screener.screen(sources.from_paths(["texts"]), jobs=jobs).to_dict() for jobs in (1, 2)
    )
    assert shared == alone
    assert bool(alone["findings"]) == (pack != "without")
    assert bool(alone["sealed_skipped"]) == (pack == "without")


BREAKS = {
    "at the start": "leakguard.scan.Matcher.__init__",
    "in a search": "leakguard.matcher.Matcher.find",
    "in masking": "leakguard.shown.Shown.masked",
}


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("where", BREAKS)
@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt])
def test_an_error_in_a_run_does_not_tell_a_term(
    where: str, kind: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever embeds the library may log tracebacks with the locals of every frame."""

    def broken(*_: object, **__: object) -> None:
        plain = "Zq Heron"
        raise kind(plain)

    def screened() -> None:
        screener = guard(identity="jane")
        screener.scan("Nothing flies.")
        screener.scan(b"\0\1\2", name="a.bin")

    screened()
    monkeypatch.setattr(BREAKS[where], broken)
    with pytest.raises((InternalError, KeyboardInterrupt)) as caught:
        screened()
    said = told(caught.value)
    assert "in through" in said or where == "at the start"
    assert "eron" not in said


# ── other commands ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("desk")
def test_packs_lists_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert leakguard_main.main(["packs", "--only-pack", "acme.sealed"]) == 0
    assert "acme  0        sealed  never" in capsys.readouterr().out
    leakguard_main.main(["packs", "--only-pack", "acme.sealed", "--identity", "jane"])
    assert "acme  0        1      never" in capsys.readouterr().out


@pytest.mark.usefixtures("desk")
def test_packs_check_does_not_pass_what_it_cannot_open(capsys: pytest.CaptureFixture[str]) -> None:
    assert leakguard_main.main(["packs", "check", "acme.sealed"]) == 3
    assert "sealed, not checked: there is no key here" in capsys.readouterr().out
    assert leakguard_main.main(["packs", "check", "acme.sealed", "--identity", "jane"]) == 0


@pytest.mark.parametrize(
    ("key", "environment", "code", "said"),
    [
        (NONE, {}, 0, "NOT APPLIED: acme.sealed (2 terms, sealed): there is no key here"),
        (NONE, CI, 3, "not screened: acme.sealed: sealed (there is no key here)"),
        (RIGHT, {}, 1, ""),
    ],
    ids=["no key, at a desk", "no key, in CI", "the key"],
)
@pytest.mark.usefixtures("desk")
def test_why_says_that_a_list_had_no_say(
    key: tuple[str, ...],
    environment: dict[str, str],
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    text = io.TextIOWrapper(io.BytesIO(b"The zqHeron flies."))
    monkeypatch.setattr("sys.stdin", text)
    assert cli.main(["why", "--only-pack", "acme.sealed", *key]) == code
    assert capsys.readouterr().err.startswith(said)


@pytest.mark.usefixtures("desk")
def test_the_page_of_a_rule_tells_nothing_that_is_sealed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rule = """
[[rule]]
id = "part"
title = "unreleased part"
why = "It has not been announced."
severity = "high"
pattern = '''ZqHeron-[0-9]{4}'''
near = { words = ["zq heron"] }
examples = ["zq heron ZqHeron-0001"]
counter_examples = ["a ZqHeron"]
"""
    data = sealed.seal(ACME + rule, [Recipient("jane", JANE.public)], "acme.toml")
    Path("acme.sealed").write_bytes(data)
    only = ["--only-pack", "acme.sealed"]
    pages = (
        ["acme/part"],
        ["acme/unreleased"],
        ["--all"],
        ["--all", "--format", "markdown"],
    )
    for page in pages:
        assert leakguard_main.main(["rule", *page, *only, "--identity", "jane"]) == 0
        assert "eron" not in capsys.readouterr().out
    assert leakguard_main.main(["rule", "acme/part", *only]) == 2
    assert "no key here opens it" in capsys.readouterr().err


def test_a_sealed_list_has_nothing_that_other_packs_find(desk: Path) -> None:
    """It lies in the repository, and is screened like everything there."""
    assert leakguard.compile(profile="strict").scan(desk / "acme.sealed").verdicts == ()


def test_a_sealed_list_that_is_not_there_is_an_error(desk: Path) -> None:
    with pytest.raises(PackError, match="cannot be read"):
        leakguard.compile(packs=[desk / "lost.sealed"])
