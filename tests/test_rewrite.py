"""Files put in place whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from leakguard import rewrite
from leakguard.errors import UsageError


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def test_a_new_file_has_the_mode_that_was_asked_for(tmp_path: Path) -> None:
    rewrite.put(os.fspath(tmp_path / "a"), b"new", instead_of=None, mode=rewrite.PRIVATE)
    assert (tmp_path / "a").read_bytes() == b"new"
    if os.name != "nt":
        assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
    assert names(tmp_path) == ["a"]


def test_a_file_that_is_there_is_not_replaced_unseen(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(UsageError, match="is there already"):
        rewrite.put(os.fspath(tmp_path / "a"), b"new", instead_of=None)
    assert (tmp_path / "a").read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_a_file_keeps_its_mode_and_a_link_stays(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(0o640)
    (tmp_path / "link").symlink_to("a")
    rewrite.put(os.fspath(tmp_path / "link"), b"new", instead_of=b"old")
    assert (tmp_path / "a").read_bytes() == b"new"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "link").is_symlink()
    assert names(tmp_path) == ["a", "link"]


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"theirs")
    with pytest.raises(UsageError, match="was changed while this ran"):
        rewrite.put(os.fspath(tmp_path / "a"), b"new", instead_of=b"old")
    assert (tmp_path / "a").read_bytes() == b"theirs"
    assert names(tmp_path) == ["a"]


def test_what_cannot_be_written_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written: gone"):
        rewrite.put(os.fspath(tmp_path / "no" / "a"), b"new", instead_of=None)
    with pytest.raises(UsageError, match="cannot be written: gone"):
        rewrite.put(os.fspath(tmp_path / "a"), b"new", instead_of=b"old")
    assert names(tmp_path) == []
