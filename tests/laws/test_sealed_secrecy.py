"""Contract: a sealed list is as silent as a plain one, and leaves nothing on the disk.

Every command of the law of secrecy, with the pack sealed in place of plain: the same exit code,
and no term in what it prints, nor in any file that it writes.
"""

from __future__ import annotations

import os
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from keyrings import JANE
from test_secrecy import COMMANDS, FED, TERMS, TYPED, bare, folder

from leakguard import cli, sealed
from leakguard.keys import IDENTITY_VARIABLE, Recipient

__all__ = ["folder"]

MORE = {
    "seal --check": (["seal", "--check", "./acme.toml"], 0),
    "seal --rekey": (["seal", "--rekey", "./acme.toml", "--recipients-file", "keys.txt"], 0),
    "terms add": (["terms", "add", "--to", "acme.toml"], 0),
}
# Long, and to a sealed list the same as one that stays.
LIKE_OTHERS = (
    *("check", "check in strict", "check with colours", "check one file"),
    *("check the packs themselves", "redact files"),
)
ROWS = {
    name: (argv, code)
    for name, (argv, code) in {**COMMANDS, **FED, **MORE}.items()
    if any(word in ("./acme.toml", "acme.toml") for word in argv) and name not in LIKE_OTHERS
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache for all these runs, so that the bundled packs are read once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def sealed_folder(folder: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    recipients = [Recipient("jane", JANE.public)]
    data = sealed.seal_file("acme.toml", recipients, name="acme.sealed")
    (folder / "acme.sealed").write_bytes(data)
    (folder / "keys.txt").write_text(f"{JANE.public} jane\n")
    for path in folder.glob("*.toml"):
        path.unlink()
    monkeypatch.setenv("LEAKGUARD_CACHE_DIR", os.fspath(shelf))
    monkeypatch.setenv(IDENTITY_VARIABLE, JANE.secret)
    return folder


def written(*folders: Path) -> dict[str, str]:
    """All that lies there but the drafts, which are full of secrets."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode("utf-8", "replace")
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and "drafts" not in path.parts
    }


@pytest.mark.parametrize("name", ROWS)
def test_a_sealed_list_is_as_silent_as_a_plain_one(
    name: str,
    sealed_folder: Path,
    shelf: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    argv, code = ROWS[name]
    typed = "Zqplover Kite" if name == "terms add" else TYPED
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(typed.encode()), encoding="utf-8"))
    assert cli.main([word.replace("acme.toml", "acme.sealed") for word in argv]) == code
    out, err = capfd.readouterr()
    files = written(sealed_folder, shelf)
    assert "acme.sealed" in files
    said = bare(" ".join((out, err, caplog.text, *files, *files.values())))
    assert [term for term in (*TERMS, "Zqplover Kite") if bare(term) in said] == []
