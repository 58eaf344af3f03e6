"""`leakguard terms` on a sealed list: edited in memory, and never plain on the disk."""

from __future__ import annotations

import os
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from house import Ran
from keyrings import BOB, JANE, new_key
from test_sealed import ACME, BOTH, LIST, spells

from leakguard import cli, rewrite, sealed
from leakguard.keys import IDENTITY_VARIABLE, Keyring


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(IDENTITY_VARIABLE, JANE.secret)
    monkeypatch.setenv("LEAKGUARD_CACHE_DIR", os.fspath(tmp_path / "cache"))
    Path("acme.sealed").write_bytes(LIST)

    def call(*argv: str, typed: str = "") -> Ran:
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(typed.encode()), encoding="utf-8"))
        code = cli.main(["terms", *argv, "--to", "acme.sealed"])
        return code, *capsys.readouterr()

    return call


def text_of(jane: Keyring) -> str:
    """The pack that is sealed, comments and all."""
    seen: list[str] = []
    sealed.reseal(Path("acme.sealed").read_bytes(), "acme.sealed", jane,
                  change=lambda text: seen.append(text) or text)  # fmt: skip
    return seen[0]


@pytest.fixture
def jane(tmp_path: Path) -> Keyring:
    return JANE.keyring(tmp_path)


def test_a_term_is_added_and_removed_and_all_else_stays(
    run: Callable[..., Ran], jane: Keyring
) -> None:
    code, out, err = run("add", "--rule", "unreleased", typed="Saffron Kite\n")
    assert (code, err) == (0, "")
    assert "as t18" in out
    assert not spells(out)
    known = sealed.header(Path("acme.sealed").read_bytes(), "acme.sealed")
    assert (known.entries, known.recipients) == (3, BOTH)
    assert "Saffron Kite" in text_of(jane).partition("counter_examples")[0]
    assert text_of(jane).startswith("# the names of Acme\n")
    assert run("remove", "t18")[0] == 0
    assert text_of(jane) == ACME


def test_every_recipient_reads_the_change(run: Callable[..., Ran], tmp_path: Path) -> None:
    run("add", "--rule", "unreleased", typed="Saffron Kite\n")
    data = Path("acme.sealed").read_bytes()
    for key in (JANE, BOB):
        rules = sealed.open_pack(data, "acme.sealed", key.keyring(tmp_path)).rules
        assert [entry.id for entry in rules[0].entries] == [1, 17, 18]


def test_nothing_that_is_written_is_plain(
    run: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is put beside the list, before it is renamed, is looked at as well."""
    drafts: list[bytes] = []
    put = rewrite.put

    def watched(path: str, data: bytes, **more: object) -> None:
        drafts.append(data)
        put(path, data, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(rewrite, "put", watched)
    run("add", "--rule", "unreleased", typed="Saffron Kite\nGrey Plover\n")
    run("remove", "17")
    run("list")
    assert len(drafts) == 2
    left = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(spells(data) or b"Plover" in data for data in (*drafts, *left))


def test_the_list_is_numbers_and_terms_are_for_a_terminal(
    run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, _ = run("list")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == ["t1", "t17"]
    assert not spells(out)
    assert run("list", "--reveal")[0] == 2
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert "Blue Heron" in run("list", "--reveal")[1]
    monkeypatch.setenv("CI", "true")
    code, out, err = run("list", "--reveal")
    assert code == 2
    assert not spells(out + err)


@pytest.mark.parametrize(
    "key",
    ["", BOB.secret[:-1] + ("Q" if BOB.secret.endswith("X") else "X"), "another"],
    ids=["none", "damaged", "another's"],
)
def test_who_cannot_open_it_changes_nothing(
    key: str, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(IDENTITY_VARIABLE, new_key().secret if key == "another" else key)
    for argv in (("add", "--rule", "unreleased"), ("remove", "1"), ("list",)):
        code, out, err = run(*argv, typed="Saffron Kite\n")
        assert (code, out) == (2, "")
        assert not spells(err)
    assert Path("acme.sealed").read_bytes() == LIST


def test_what_makes_no_sense_changes_nothing(run: Callable[..., Ran]) -> None:
    for argv, typed in (
        (("add", "--rule", "unreleased"), "blue_heron\n"),  # is there already
        (("add", "--rule", "unreleased"), "unreleased project\n"),  # the rule's title spells it
        (("add", "--rule", "no-such"), "Saffron Kite\n"),
        (("remove", "99"), ""),
    ):
        code, out, err = run(*argv, typed=typed)
        assert (code, out) == (2, ""), argv
        assert not spells(err)
    assert Path("acme.sealed").read_bytes() == LIST


def test_a_list_that_somebody_else_changed_meanwhile_is_left_alone(
    run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    reseal = sealed.reseal
    theirs = LIST + b"#"

    def slow(*args: object, **more: object) -> bytes:
        Path("acme.sealed").write_bytes(theirs)
        return reseal(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(sealed, "reseal", slow)
    code, _, err = run("remove", "17")
    assert code == 2
    assert "changed while this ran" in err
    assert Path("acme.sealed").read_bytes() == theirs
