"""Redaction: nothing is found in what comes out, and all else is as it was."""

import os
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import leakguard
from leakguard import cli
from leakguard.errors import LeakguardError, Unscreened
from leakguard.model import Redaction, Span
from leakguard.packs import Pack
from leakguard.redaction import NEUTRAL, redacted
from leakguard.shown import MASK

TOML = """
[pack]
name = "p"
[[rule]]
id = "names"
title = "t"
why = "w"
severity = "high"
match = "loose"
replacement = "[name]"
terms = ["Blue Heron", "Zqsaffron", { term = "Zqosprey Ridge", replacement = "the ridge" }]
[[rule]]
id = "number"
title = "t"
why = "w"
severity = "high"
pattern = '''(?<![0-9])[0-9]{6}(?![0-9])'''
confidence = "high"
samples = ["123456"]
examples = ["777777"]
"""
PACK = Pack.from_toml(TOML)
GUARD = leakguard.compile([PACK])

CASES = {
    "a rule's replacement": ("the BlueHeron team", "the [name] team"),
    "an entry's own": ("see zqosprey_ridge", "see the ridge"),
    "a neutral mask": ("call 777777 now", "call [redacted] now"),
    "a sample stays": ("call 123456 now", "call 123456 now"),
    "a plural's s stays": ("Blue Herons", "[name]s"),
    "line ends stay": ("a\r\nBlue\r\nHeron\r\rb\n", "a\r\n[name]\r\rb\n"),
    "what hides a name goes with it": ("x Zqs**aff**ron y", "x [name] y"),
    "hits that touch": ("Blue Heron Zqsaffron", "[name] [name]"),
    "nothing to do": ("the sky was blue. Heron flew", "the sky was blue. Heron flew"),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_redact(text: str, expected: str) -> None:
    assert GUARD.redact(text)[0] == expected


PIECES = [*"a 7\n.-_", "Blue", "Heron", "blueheron", "Zqsaffron", "zqs**affron**", "777777", "77",
          "Zqosprey", "Ridge", " ", "\u200b", "%20", "QmxlZSBIZXJvbg==", "[name]", "é", "&nbsp;"]  # fmt: skip


@settings(max_examples=50)
@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
def test_nothing_is_found_in_what_comes_out_and_all_else_stays(text: str) -> None:
    result, made = GUARD.redact(text)
    assert [v for v in GUARD.scan(result).verdicts if not v.finding.sample] == []
    assert GUARD.redact(result)[0] == result
    pieces, taken = [], 0
    for redaction in made:
        assert taken <= redaction.span.start < redaction.span.end
        pieces += text[taken : redaction.span.start], redaction.replacement
        taken = redaction.span.end
    assert "".join([*pieces, text[taken:]]) == result


def test_more_hits_than_are_listed_are_all_replaced() -> None:
    result, made = GUARD.redact("Blue Heron, " * 2_300)
    assert result == "[name], " * 2_300
    assert len(made) == 2_300


def finds(*words: str):  # type: ignore[no-untyped-def]
    def find(text: str) -> list[Redaction]:
        return [
            Redaction(Span(at, at + len(word)), "heron" if word == "blue" else "", "r")
            for word in words
            for at in range(len(text))
            if text.startswith(word, at)
        ]

    return find


def test_a_replacement_that_is_found_wears_off() -> None:
    assert redacted("a blue b", finds("blue"))[0] == "a heron b"
    assert redacted("a blue b", finds("blue", "heron"))[0] == f"a {NEUTRAL[0]} b"
    assert redacted("a blue b", finds("blue", "heron b"))[0] == f"a {NEUTRAL[0]}"
    assert redacted("a blue b", finds("blue", "heron", "dact"))[0] == f"a {NEUTRAL[1]} b"
    assert redacted("a blue b", finds("blue", "heron", "dact", "move"))[0] == f"a {MASK} b"


def test_a_mask_that_is_found_is_an_error_and_no_circle() -> None:
    with pytest.raises(LeakguardError, match="the mask itself"):
        redacted("a blue b", finds("blue", "heron", "dact", "move", "█"))


def test_what_was_not_screened_is_not_called_redacted(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("Blue Heron")

    monkeypatch.setattr("leakguard.matcher.Matcher._screen", broken)
    with pytest.raises(Unscreened) as raised:
        GUARD.redact("a Blue Heron")
    assert "heron" not in str(raised.value).lower()


# ── the command ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CI", "")
    (tmp_path / "p.toml").write_text(TOML, encoding="utf-8")
    return tmp_path


def run(*argv: str) -> int:
    return cli.main(["redact", *argv, "--only-pack", "./p.toml"])


FILES = {
    "UTF-8 with a mark and CRLF": ("\ufeffé\r\nBlue Heron\r\n", "\ufeffé\r\n[name]\r\n", "utf-8"),
    "UTF-16": ("\ufeffé\nBlue Heron\n", "\ufeffé\n[name]\n", "utf-16-le"),
    "Latin-1": ("é caf\u00e9 Blue Heron\n", "é caf\u00e9 [name]\n", "cp1252"),
    "no line end at the end": ("x\n\nBlue Heron", "x\n\n[name]", "utf-8"),
}


@pytest.mark.parametrize(("before", "after", "encoding"), FILES.values(), ids=FILES.keys())
def test_in_place_keeps_all_else(before: str, after: str, encoding: str, folder: Path) -> None:
    file = folder / "a.md"
    file.write_bytes(before.encode(encoding))
    file.chmod(0o640)
    assert run("--in-place", "a.md") == 0
    assert file.read_bytes() == after.encode(encoding)
    assert file.stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir()) == ["a.md", "p.toml"]
    untouched = file.stat().st_mtime_ns
    assert run("--in-place", "a.md") == 0
    assert file.stat().st_mtime_ns == untouched


def test_a_file_that_changes_meanwhile_is_left_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    file = folder / "a.md"
    file.write_text("Blue Heron")
    redact = leakguard.Guard.redact

    def and_meanwhile(*args: object, **named: object) -> object:
        file.write_text("new words on Blue Heron")
        return redact(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(leakguard.Guard, "redact", and_meanwhile)
    assert run("--in-place", "a.md") == 2
    assert file.read_text() == "new words on Blue Heron"
    assert "was changed" in capfd.readouterr().err


def test_standard_input_to_standard_output(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(b"the Blue Heron\r\nend")))
    assert run() == 0
    out, err = capfdbinary.readouterr()
    assert out == b"the [name]\r\nend"
    assert b"1 place redacted" in err


def test_diff_is_masked_and_writes_nothing(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = "one\ntwo\nthe Blue\nHeron flies\nfour\n"
    (folder / "a.md").write_text(text)
    assert run("--diff", "a.md") == 0
    out = capfd.readouterr().out
    assert f"-the {MASK}\n-{MASK} flies\n+the [name] flies\n" in out
    assert "heron" not in out.lower()
    assert (folder / "a.md").read_text() == text


def test_with_all_packs_the_diff_shows_what_changes(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    # A rule of the bundled packs looks for what others have redacted.
    (folder / "a.md").write_text("777777 is coming, and so are we.\n")
    (folder / "b.md").write_text("nothing\n")
    assert cli.main(["redact", "--diff", "a.md", "b.md", "--pack", "./p.toml"]) == 0
    out = capfd.readouterr().out
    assert f"-{MASK} is coming, and so are we.\n+[removed] is coming, and so are we.\n" in out
    assert "b.md" not in out


POLICY = 'packs = ["./p.toml"]\nexclude = ["old/"]\n[rules]\n"p/number" = "off"\n'


def test_what_the_policy_leaves_out_and_the_packs_themselves_stay(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "leakguard.toml").write_text(POLICY)
    (folder / "old").mkdir()
    for name in ("old/a.md", "a.md"):
        (folder / name).write_text("Blue Heron, 777777\n")
    assert cli.main(["redact", "--in-place", "."]) == 0
    assert (folder / "a.md").read_text() == "[name], 777777\n"
    assert (folder / "old" / "a.md").read_text() == "Blue Heron, 777777\n"
    assert (folder / "p.toml").read_text() == TOML
    assert "2 left alone: a pack in force, excluded" in capfd.readouterr().err
    assert cli.main(["redact", "--no-config", "a.md", "--pack", "./p.toml"]) == 0
    assert capfd.readouterr().out == "[name], [redacted]\n"


def test_diff_shows_no_line_under_ci(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", "true")
    (folder / "a.md").write_text("wholly private: Blue Heron\n")
    assert run("--diff", "a.md") == 0
    assert "private" not in capfd.readouterr().out


WRONG = {
    "no files for standard output": (["a.md", "b.md"], 2),
    "standard input in place": (["--in-place", "-"], 2),
    "a path that is not there": (["nowhere.md"], 2),
    "no text": (["tool.bin"], 3),
    "an office file": (["c.docx"], 3),
}


@pytest.mark.parametrize(("argv", "code"), WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_redacted(argv: list[str], code: int, folder: Path) -> None:
    for name in ("a.md", "b.md"):
        (folder / name).write_text("Blue Heron")
    (folder / "tool.bin").write_bytes(b"\0\1blue heron")
    (folder / "c.docx").write_bytes(b"PK\x03\x04" + b"\0" * 30)
    assert run(*argv) == code
    assert (folder / "a.md").read_text() == "Blue Heron"
