"""The command line and the hook's door, called as functions: output, messages and exit codes."""

import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from house import Ran, acme

from leakguard import __main__ as leakguard_main
from leakguard import checking, cli, hook, scan, sources
from leakguard.commands import check

SHAPED = """
[pack]
name = "shaped"
[[rule]]
id = "ticket"
title = "a ticket"
why = "It is nobody's business."
severity = "high"
pattern = '\\bOPS-[0-9]{3,6}\\b'
confidence = "high"
examples = ["OPS-123"]
"""
ACME = acme('"Zq Heron"', owner="brand@example.com")


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    monkeypatch.chdir(tmp_path)
    for name in ("CI", "NO_COLOR", "FORCE_COLOR", "PRE_COMMIT"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "acme.toml").write_text(ACME, encoding="utf-8")
    drafts = tmp_path / "drafts"
    drafts.mkdir()
    (drafts / "clean.md").write_text("Nothing to see.\n", encoding="utf-8")
    (drafts / "leak.md").write_text("# News\n\nThe Zq Heron flies.\n", encoding="utf-8")
    (drafts / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 32)

    def call(*argv: str, door: Callable[..., int] = leakguard_main.main) -> Ran:
        code = door(argv)
        out, err = capsys.readouterr()
        return code, out, err

    return call


ONLY = ("--only-pack", "./acme.toml")


def test_a_clean_file_says_one_line_on_stderr(run: Callable[..., Ran]) -> None:
    code, out, err = run("check", "drafts/clean.md")
    assert (code, out) == (0, "")
    assert err.startswith("0 findings in 1 document")
    assert err.count("\n") == 1


def test_a_leak_blocks_and_is_shown_masked(run: Callable[..., Ran]) -> None:
    code, out, err = run("check", "drafts", *ONLY)
    assert code == 1
    assert "drafts/leak.md" in out
    assert "line 3, column 5" in out
    assert "The ████████ flies." in out
    assert "acme/t1" in out
    assert "1 finding (1 blocks)" in err or "1 block" in err
    assert "eron" not in out + err


def test_json_has_every_promise(run: Callable[..., Ran]) -> None:
    code, out, _ = run("check", "drafts", *ONLY, "--format", "json")
    data = json.loads(out)
    assert code == data["summary"]["exit_code"] == 1
    (finding,) = data["findings"]
    assert finding["path"] == "drafts/leak.md"
    assert (finding["line"], finding["column"], finding["start"], finding["end"]) == (3, 5, 12, 20)
    assert (finding["byte_start"], finding["byte_end"]) == (12, 20)
    assert data["summary"]["documents"] == 2
    assert data["summary"]["media"] == 1


def test_the_same_input_gives_the_same_bytes(run: Callable[..., Ran]) -> None:
    first, second = (run("check", "drafts", *ONLY, "--format", "json")[1] for _ in range(2))
    drop = [json.loads(text) for text in (first, second)]
    for data in drop:
        data["summary"].pop("now")
    assert drop[0] == drop[1]


def test_a_codename_in_a_file_name_is_a_leak(run: Callable[..., Ran]) -> None:
    Path("drafts/zq-heron.md").write_text("x", encoding="utf-8")
    code, out, err = run("check", "drafts", *ONLY, "--format", "json")
    assert code == 1
    (path,) = [f for f in json.loads(out)["findings"] if f["place"]["kind"] == "path"]
    assert path["path"] == "drafts/████████.md"
    assert path["path_masked"] is True
    assert "eron" not in out + err


def test_standard_input(run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import sys

    stdin = io.TextIOWrapper(io.BytesIO(b"the zqheron"), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", stdin)
    code, out, _ = run("check", "-", "--stdin-filename", "post.md", *ONLY)
    assert code == 1
    assert "post.md" in out


def test_fail_on_chooses_what_blocks(run: Callable[..., Ran]) -> None:
    assert run("check", "drafts", *ONLY, "--fail-on", "critical")[0] == 0


def test_exit_zero_is_named_in_the_summary(run: Callable[..., Ran]) -> None:
    code, out, err = run("check", "drafts", *ONLY, "--exit-zero")
    assert code == 0
    assert "leak.md" in out
    assert "--exit-zero" in err


def test_ci_logs_hold_no_line_of_the_document(
    run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    _, out, _ = run("check", "drafts", *ONLY)
    assert "leak.md" in out
    assert "flies" not in out


# Contract 1: never green by accident. What is wrong, and what is said.
WRONG = {
    "a path that is not there": (["check", "nowhere.md"], 2, "nowhere.md"),
    "an empty folder": (["check", "empty"], 2, "nothing to screen"),
    "a pack that is not there": (["check", "drafts", "--pack", "x.toml"], 2, "x.toml: cannot be read"),
    "an unknown pack": (["check", "drafts", "--pack", "helthcare"], 2, 'did you mean "healthcare"?'),
    "an empty pack": (["check", "drafts", "--only-pack", "./empty.toml"], 2, "the pack has no rules"),
    "a damaged pack": (["check", "drafts", "--only-pack", "./damaged.toml"], 2, "not TOML"),
    "an unknown option": (["check", "--polite"], 2, "--polite"),
    "an unknown command": (["chekc"], 2, "chekc"),
    "an unknown format": (["check", "drafts", "--format", "yaml"], 2, "yaml"),
    "an unknown rule": (["rule", "healthcare/us-mib"], 2, "healthcare/us-mbi"),
    "a binary text": (["check", "drafts/binary.md"], 3, "not screened"),
    "a Word file": (["check", "drafts/a.docx"], 3, "not screened"),
    "an unknown encoding": (["check", "drafts/odd.txt"], 3, "unknown encoding"),
}  # fmt: skip


@pytest.mark.parametrize(("argv", "code", "said"), WRONG.values(), ids=WRONG.keys())
def test_never_green_by_accident(
    run: Callable[..., Ran], argv: list[str], code: int, said: str
) -> None:
    Path("empty").mkdir()
    Path("empty.toml").write_text('[pack]\nname = "empty"\n', encoding="utf-8")
    Path("damaged.toml").write_text("[pack", encoding="utf-8")
    Path("drafts/binary.md").write_bytes(b"abc\x00\x01\x02")
    Path("drafts/a.docx").write_bytes(b"PK\x03\x04" + b"\0" * 40)
    Path("drafts/odd.txt").write_bytes(b"caf\x81\x8d\x8f")
    got, out, err = run(*argv)
    assert got == code
    assert said in out + err


def test_media_alone_is_clean_and_says_so(run: Callable[..., Ran]) -> None:
    code, out, err = run("check", "drafts/logo.png")
    assert (code, out) == (0, "")
    assert "0 documents" in err


def test_unread_warn_is_a_named_way_out(run: Callable[..., Ran]) -> None:
    Path("drafts/binary.md").write_bytes(b"abc\x00\x01\x02")
    code, _, err = run("check", "drafts/binary.md", "--unread", "warn")
    assert code == 0
    assert "--unread warn" in err


def test_terms_are_found_in_opaque_files(run: Callable[..., Ran]) -> None:
    Path("drafts/tool.bin").write_bytes(b"\0\1\2ZQHERON\0" + "zq heron".encode("utf-16-le") + b"\0")
    code, out, err = run("check", "drafts/tool.bin", *ONLY, "--format", "json")
    assert code == 1
    starts = [f["byte_start"] or f["place"] for f in json.loads(out)["findings"]]
    assert len(starts) == 2
    assert "eron" not in out + err


OPAQUE = {"warn": (0, "1 opaque"), "fail": (3, "not screened"), "skip": (0, "--opaque skip")}


@pytest.mark.parametrize(("what", "expected"), OPAQUE.items())
def test_what_opaque_files_do_is_chosen(
    run: Callable[..., Ran], what: str, expected: tuple[int, str]
) -> None:
    Path("drafts/tool.bin").write_bytes(b"\0\1\2nothing\0")
    code, out, err = run("check", "drafts/tool.bin", "--opaque", what)
    assert code == expected[0]
    assert expected[1] in out + err


def test_progress_is_shown_on_a_terminal_after_a_second_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def shown(environment: dict[str, str], err: io.StringIO) -> str:
        clock = iter([0.0, 0.5, 1.5, 1.5, 1.6, 2.5, 2.5])
        monkeypatch.setattr(checking, "monotonic", lambda: next(clock))
        progress = checking._Progress(checking.Streams(err, err, None, environment))
        for documents in (10, 2000, 2100, 3000):
            progress.show(documents)
        progress.clear()
        return err.getvalue()

    drawn = shown({}, Terminal())
    assert [line.strip() for line in drawn.split("\r")] == [
        "", "2,000 documents", "3,000 documents", "", "",
    ]  # fmt: skip
    assert shown({}, io.StringIO()) == ""
    assert shown({"PRE_COMMIT": "1"}, Terminal()) == ""
    assert shown({"CI": "true"}, Terminal()) == ""


def test_what_takes_long_is_told_on_a_terminal_before_it_is_begun(
    run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[bool] = []
    Path("shaped.toml").write_text(SHAPED, encoding="utf-8")
    for folder in ("", "cache", "cache"):
        monkeypatch.setenv("LEAKGUARD_CACHE_DIR", folder)
        guard = scan.compile(["./shaped.toml"], engine="hyper", compiling=told.append)
        guard.scan("OPS-1234 is open.")
    assert told == [False, True]  # what is kept is not made again

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    err = Terminal()
    progress = checking._Progress(checking.Streams(err, err, None, {}))
    progress.compiling(True)
    progress.clear()
    assert [line.strip() for line in err.getvalue().split("\r")] == [
        "", "compiling the rules for much text, up to a minute (kept for the next time)", "", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "is_much"), [(b"\0\1\2\xff" * 10**6, False), (b"Words and words.\n" * 2 * 10**5, True)],
    ids=["a large binary file", "a large text"],
)  # fmt: skip
def test_what_takes_long_is_made_for_much_text_alone(
    run: Callable[..., Ran], content: bytes, is_much: bool
) -> None:
    Path("shaped.toml").write_text(SHAPED, encoding="utf-8")
    Path("large.bin").write_bytes(content)
    told: list[bool] = []
    guard = scan.compile(["./shaped.toml"], compiling=told.append)
    screened = guard.screen(sources.from_paths(["large.bin"]))
    assert screened.counts.opaque == (not is_much)
    assert bool(told) == is_much


@pytest.mark.parametrize("command", ["", "hook", "packs", "terms"])
def test_commands_are_listed_in_whole_sentences(run: Callable[..., Ran], command: str) -> None:
    _, out, _ = run(*command.split(), "--help")
    listed = out.partition("Commands:\n")[2].splitlines()
    assert listed
    assert all(line.endswith(".") and not line.endswith("...") for line in listed)


def test_packs_are_listed(run: Callable[..., Ran]) -> None:
    code, out, _ = run("packs")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == [
        "pack",
        "codenames",
        "finance",
        "healthcare",
    ]


def test_the_bundled_packs_keep_their_promises(run: Callable[..., Ran]) -> None:
    code, out, _ = run("packs", "check")
    assert code == 0, out
    assert out.count(": ok") == 3


def test_a_pack_that_does_not_is_told(run: Callable[..., Ran]) -> None:
    broken = ACME + 'examples = ["nothing"]\ncounter_examples = ["the ZqHeron"]\n'
    Path("broken.toml").write_text(broken, encoding="utf-8")
    code, out, _ = run("packs", "check", "./broken.toml")
    assert code == 2
    assert "acme/unreleased: example 1 is not found" in out
    assert "acme/unreleased: counter-example 1 is found" in out
    assert "eron" not in out


DUE = {
    "long ago": (
        "reviewed = 2026-01-01",
        "last reviewed 335 days ago, brand@example.com to review",
    ),
    "never": ("", "never reviewed, brand@example.com to review"),
    "in the coming month": (
        "reviewed = 2026-09-20",
        "last reviewed on 2026-09-20, brand@example.com to review by 2026-12-19",
    ),
    "not soon": ("reviewed = 2026-11-01", ""),
}


@pytest.mark.parametrize(("reviewed", "said"), DUE.values(), ids=DUE.keys())
def test_a_review_is_due(run: Callable[..., Ran], reviewed: str, said: str) -> None:
    owner = 'owner = "brand@example.com"'
    old = ACME.replace(owner, f'{owner}\nreview_every = "90 days"\n{reviewed}')
    Path("old.toml").write_text(old, encoding="utf-8")
    code, out, _ = run("packs", "check", "./old.toml", "--today", "2026-12-02")
    assert code == 0
    assert out.splitlines()[1:] == ([f"  due    acme: {said}"] if said else [])


def test_the_packs_of_the_policy_are_checked(run: Callable[..., Ran]) -> None:
    Path("leakguard.toml").write_text('packs = ["./acme.toml"]\n', encoding="utf-8")
    assert run("packs", "check")[1] == "acme 0: 1 rule, 0 examples, 0 counter-examples: ok\n"


def test_a_rule_is_a_page(run: Callable[..., Ran]) -> None:
    code, out, _ = run("rule", "healthcare/us-mbi")
    assert code == 0
    for part in ("healthcare/us-mbi", "why", "instead", "found:", "left alone:", "references:"):
        assert part in out


def test_a_page_does_not_spell_terms(run: Callable[..., Ran]) -> None:
    code, out, _ = run("rule", "acme/unreleased", "--pack", "./acme.toml")
    assert code == 0
    assert "eron" not in out


def test_the_version_names_the_distribution(run: Callable[..., Ran]) -> None:
    assert run("--version")[1].startswith("leakguard-audit ")


def test_a_closed_pipe_changes_nothing(tmp_path: Path) -> None:
    import subprocess
    import sys

    (tmp_path / "leak.md").write_text("SSN: 536-90-4399\n" * 3000, encoding="utf-8")
    command = [sys.executable, "-m", "leakguard", "check", "leak.md", "--format", "json"]
    read, write = os.pipe()
    os.close(read)
    ran = subprocess.run(command, cwd=tmp_path, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert ran.returncode == 1
    assert b"Traceback" not in ran.stderr


def test_standard_input_has_a_name_in_the_report(
    run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"The Zq Heron flies.")))
    code, out, _ = run("check", "-", *ONLY)
    assert code == 1
    assert out.lstrip().startswith("<stdin>\n  line 1, column 5\n")


def test_a_person_at_a_keyboard_is_asked_for_the_text(
    run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Keyboard(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    for command in ("check", "why", "redact"):
        monkeypatch.setattr("sys.stdin", Keyboard(io.BytesIO(b"Nothing.\n")))
        code, _, err = run(command, "-", *ONLY)
        assert (code, err.splitlines()[0]) == (
            0,
            "Type the text, and end it with Ctrl-D (Ctrl-Z on Windows):",
        )


# ── the hook's door ──────────────────────────────────────────────────────────────────────────────


def test_the_hook_screens_the_files_it_is_given(run: Callable[..., Ran]) -> None:
    code, out, _ = run("--only-pack=./acme.toml", "drafts/leak.md", door=hook.main)
    assert code == 1
    assert "acme/t1" in out
    assert run("--only-pack", "./acme.toml", "drafts/clean.md", door=hook.main)[0] == 0


HOOK_WRONG = {
    "no files": ([], "no files named"),
    "an unknown option": (["--polite", "a.md"], "no such option: --polite"),
    "an option without a value": (["--pack"], "--pack needs a value"),
    "a bad level": (["--fail-on", "huge", "drafts/clean.md"], "unknown severity: 'huge'"),
}


@pytest.mark.parametrize(("argv", "said"), HOOK_WRONG.values(), ids=HOOK_WRONG.keys())
def test_the_hook_refuses(run: Callable[..., Ran], argv: list[str], said: str) -> None:
    code, out, err = run(*argv, door=hook.main)
    assert code == 2
    assert said in out + err


def test_an_engine_that_the_environment_names_wrongly_is_told_with_the_variable(
    run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEAKGUARD_ENGINE", "hypr")
    code, _, err = run("check", "drafts")
    assert (code, err.splitlines()[0]) == (2, "leakguard: LEAKGUARD_ENGINE: unknown engine: 'hypr'")
    assert run("check", "drafts/clean.md", "--engine", "aho")[0] == 0


def test_the_hook_knows_the_options_of_check() -> None:
    known = {option for p in check.command.params for option in p.opts if option.startswith("-")}
    hooked = {*hook._ONE, *hook._MANY, *hook._FLAGS}
    assert hooked == known - {"--stdin-filename"}


BOTH = {
    "a leak": ["drafts", *ONLY],
    "json": ["drafts", *ONLY, "--format=json"],
    "settings": ["drafts/leak.md", *ONLY, "--fail-on", "critical", "--color", "always"],
    "strict, and a way out": ["drafts", "--profile", "strict", "--exit-zero", "--unread=warn"],
    "a wrong level": ["drafts", "--fail-on", "huge"],
    "an unknown option": ["drafts", "--polite"],
}


@pytest.mark.parametrize("argv", BOTH.values(), ids=BOTH.keys())
def test_the_short_way_in_is_the_command_line(run: Callable[..., Ran], argv: list[str]) -> None:
    def steady(ran: Ran) -> Ran:
        code, out, err = ran
        return code, re.sub(r'"now": "[^"]*"', "", out), re.sub(r", [\d.]+ s", "", err)

    short, long = run("check", *argv), run("check", *argv, door=cli.main)
    assert steady(short) == steady(long)


def test_an_internal_error_is_told_without_its_message(
    run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(*_: object) -> int:
        raise RuntimeError("the Zq Heron text")

    monkeypatch.setattr(checking, "check", explode)
    code, out, err = run("drafts/leak.md", door=hook.main)
    assert code == 3
    assert "internal error: RuntimeError at test_cli.py" in err
    assert "eron" not in out + err
