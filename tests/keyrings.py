"""Keys for tests: made for one run, and good for nothing else."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from house import run_ok

from leakguard import keys
from leakguard.keys import Keyring


class Key(NamedTuple):
    """A private key as the text of its file, and its public half."""

    text: str
    public: str

    @property
    def secret(self) -> str:
        """The private key's own line."""
        return self.text.strip().splitlines()[-1]

    def file(self, folder: Path) -> str:
        """Write the key into a file of `folder`; its path."""
        path = folder / f"{self.public.split()[-1][-12:].replace('/', '_')}.txt"
        path.write_text(self.text, encoding="ascii")
        return os.fspath(path)

    def keyring(self, folder: Path) -> Keyring:
        """A keyring with this key alone."""
        return Keyring(self.file(folder))


def new_key() -> Key:
    """An age key."""
    return Key(*keys.new_identity())


JANE, BOB = new_key(), new_key()


def ssh_key(folder: Path, *options: str, passphrase: str = "") -> Key:
    """A key as ssh-keygen makes it, with `options`. Skips the test where there is no ssh-keygen."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("no ssh-keygen here")
    path = folder / "ssh"
    run_ok("ssh-keygen", "-q", *options, "-N", passphrase, "-C", "jane", "-f", path, cwd=folder)
    public = path.with_suffix(".pub").read_text(encoding="ascii").split()
    key = Key(path.read_text(encoding="ascii"), " ".join(public[:2]))
    path.unlink()
    return key
