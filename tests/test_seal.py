"""`leakguard seal`: what it writes, what it says, what it refuses."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from house import Ran
from keyrings import BOB, JANE
from test_sealed import ACME, spells

from leakguard import cli, sealed


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    monkeypatch.chdir(tmp_path)
    Path("acme.toml").write_text(ACME)
    Path("keys.txt").write_text(f"{JANE.public} jane\n{BOB.public} bob\n")
    Path("jane").write_text(JANE.text)

    def call(*argv: str) -> Ran:
        code = cli.main(["seal", *argv])
        return code, *capsys.readouterr()

    return call


SEAL = ("acme.toml", "--recipients-file", "keys.txt")


def test_sealing_writes_the_list_and_says_what_is_left(run: Callable[..., Ran]) -> None:
    code, out, err = run(*SEAL, "-o", "lists.sealed")
    assert (code, err) == (0, "")
    assert "lists.sealed: 2 terms, sealed for jane, bob" in out
    assert "acme.toml still has them in the clear" in out
    assert not spells(out)
    assert sealed.header(Path("lists.sealed").read_bytes(), "x").entries == 2


def test_the_list_is_called_like_the_pack(run: Callable[..., Ran]) -> None:
    assert run(*SEAL)[0] == 0
    assert Path("acme.sealed").exists()


def test_a_list_is_not_replaced_unasked(run: Callable[..., Ran]) -> None:
    run(*SEAL)
    before = Path("acme.sealed").read_bytes()
    code, _, err = run(*SEAL)
    assert code == 2
    assert "may have terms that acme.toml has not" in err
    assert Path("acme.sealed").read_bytes() == before
    assert run(*SEAL, "--force")[0] == 0
    assert Path("acme.sealed").read_bytes() != before


def test_checking_tells_who_how_many_and_when(run: Callable[..., Ran]) -> None:
    run(*SEAL)
    code, out, _ = run("--check", "acme.sealed")
    assert code == 0
    assert out.splitlines() == [
        "acme.sealed: the pack acme 2026.11, sealed",
        "  terms     2",
        "  reviewed  2026-11-22",
        "  owner     brand-legal@example.com",
        "  here      not opened: there is no key here",
        "  can be opened by",
        f"    jane  {JANE.public[:12]}...{JANE.public[-7:]}",
        f"    bob  {BOB.public[:12]}...{BOB.public[-7:]}",
    ]
    assert "here      your key opens it" in run("--check", "acme.sealed", "--identity", "jane")[1]


def test_checking_finds_damage(run: Callable[..., Ran]) -> None:
    run(*SEAL)
    Path("acme.sealed").write_bytes(Path("acme.sealed").read_bytes()[:-9])
    code, _, err = run("--check", "acme.sealed")
    assert code == 2
    assert "damaged" in err


def test_rekeying_tells_who_came_and_who_went(run: Callable[..., Ran]) -> None:
    Path("keys.txt").write_text(f"{JANE.public} jane\n")
    run(*SEAL)
    Path("keys.txt").write_text(f"{BOB.public} bob\n")
    rekey = ("--rekey", "acme.sealed", "--recipients-file", "keys.txt")
    code, _, err = run(*rekey)
    assert code == 2
    assert "cannot be opened: there is no key here" in err
    code, out, _ = run(*rekey, "--identity", "jane")
    assert code == 0
    assert "  new: bob\n  no longer: jane\n" in out
    assert "their keys still open" in out


def test_a_new_key_is_private_and_opens(run: Callable[..., Ran]) -> None:
    code, out, _ = run("--new-key", "mine.txt")
    assert code == 0
    public = out.splitlines()[0]
    Path("keys.txt").write_text(f"{public} me\n")
    run(*SEAL)
    assert "your key opens it" in run("--check", "acme.sealed", "--identity", "mine.txt")[1]
    text = Path("mine.txt").read_text()
    assert text.splitlines()[1] not in out
    if os.name != "nt":
        assert Path("mine.txt").stat().st_mode & 0o077 == 0
    assert run("--new-key", "mine.txt")[0] == 2
    assert Path("mine.txt").read_text() == text


REFUSED: dict[str, tuple[tuple[str, ...], str]] = {
    "nobody named": (("acme.toml",), "whom to seal for is not said"),
    "a file of keys that is not there": (("acme.toml", "--recipients-file", "k"), "k: cannot be read"),
    "a pack that is not there": (("no.toml", *SEAL[1:]), "no.toml: cannot be read"),
    "keys as a pack": (("keys.txt", *SEAL[1:]), "keys.txt: not TOML"),
    "two things at once": (("--check", "--rekey", "acme.sealed"), "exclude each other"),
    "a place to write, when checking": (("--check", "x", "-o", "y"), "are for sealing a pack"),
    "keys, when checking": (("--check", "x", *SEAL[1:]), "--recipients-file is for sealing"),
    "nothing to rekey for": (("--rekey", "acme.sealed"), "whom to seal for is not said"),
    "a name that spells a term": ((*SEAL, "-o", "blue-heron.sealed"), "the file's name spells"),
    "a folder that is not there": ((*SEAL, "-o", "no/a.sealed"), "cannot be written"),
    "no path": ((), "PATH"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_makes_no_sense_is_refused_and_nothing_written(
    what: str, run: Callable[..., Ran]
) -> None:
    asked, message = REFUSED[what]
    before = sorted(os.listdir())
    code, out, err = run(*asked)
    assert (code, out) == (2, "")
    assert message in err
    assert sorted(os.listdir()) == before
