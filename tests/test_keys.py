"""Keys: which recipients are understood, which identities are used, and what is never told."""

from __future__ import annotations

import os
import traceback
from pathlib import Path

import pytest
from house import acme
from keyrings import BOB, JANE, Key, new_key, ssh_key

from leakguard import keys, sealed
from leakguard.errors import UsageError
from leakguard.keys import IDENTITY_VARIABLE, Keyring, Recipient

PACK = acme('"Blue Heron"')


def opens(key: Key, keyring: Keyring) -> bool:
    data = sealed.seal(PACK, [Recipient("jane", key.public)], "acme.toml")
    return not sealed.open_pack(data, "acme.sealed", keyring).locked


# ── recipients ───────────────────────────────────────────────────────────────────────────────────


def test_recipients_are_lines_of_a_key_and_a_name() -> None:
    text = f"\ufeff# the team\r\n\r\n{JANE.public} jane\r\n  {BOB.public}\tbob, on call \n"
    text += "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 carol@example.com\n"
    assert keys.recipients(text, "keys.txt") == (
        Recipient("jane", JANE.public),
        Recipient("bob, on call", BOB.public),
        Recipient("carol@example.com", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5"),
    )


WRONG: dict[str, tuple[str, str]] = {
    "nobody": ("# no one yet\n", "keys.txt: no keys"),
    "no name": (f"{JANE.public}\n", "keys.txt:1: no name after the key"),
    "no name after an SSH key": ("\nssh-ed25519 AAAA\n", "keys.txt:2: no name"),
    "half an SSH key": ("ssh-rsa\n", "keys.txt:1: no name"),
    "a kind that age does not know": ("ecdsa-sha2-nistp256 AAAA jane\n", "keys.txt:1: not a key"),
    "the name first": (f"jane {JANE.public}\n", "keys.txt:1: not a key"),
    "a key twice": (f"{JANE.public} jane\n{JANE.public} bob\n", "keys.txt:2: .*named before, for jane"),
    "a private key": (f"{JANE.secret} jane\n", "keys.txt:1: this is a private key"),
    "a private key of SSH": ("-----BEGIN OPENSSH PRIVATE KEY-----\n", "keys.txt:1: .*private key"),
    "an escape in a name": (f"{JANE.public} \x1b[2Jjane\n", "keys.txt:1: .*plain text"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_recipient_that_is_none_is_refused_with_its_line(what: str) -> None:
    text, message = WRONG[what]
    with pytest.raises(UsageError, match=message) as caught:
        keys.recipients(text, "keys.txt")
    assert caught.value.hint
    assert JANE.secret not in str(caught.value)


# ── which identity counts ────────────────────────────────────────────────────────────────────────


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", os.fspath(tmp_path))
    monkeypatch.delenv(IDENTITY_VARIABLE, raising=False)
    (tmp_path / ".ssh").mkdir()
    return tmp_path


def test_the_environment_may_hold_a_key_or_a_path(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = JANE.file(home)
    for said in (JANE.text, JANE.secret, f" {JANE.secret}\n", path, f"~/{os.path.basename(path)}"):
        monkeypatch.setenv(IDENTITY_VARIABLE, said)
        assert opens(JANE, Keyring()), said


def test_an_option_comes_before_the_environment(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(IDENTITY_VARIABLE, BOB.secret)
    keyring = Keyring(JANE.file(home))
    assert opens(JANE, keyring)
    assert not opens(BOB, keyring)


def test_a_file_may_hold_several_keys(home: Path) -> None:
    (home / "keys").write_text(f"# old\n{JANE.secret}\n\n# new\n{BOB.secret.lower()}\r\n")
    keyring = Keyring(os.fspath(home / "keys"))
    assert opens(JANE, keyring)
    assert opens(BOB, keyring)


def test_a_variable_that_is_empty_is_none(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build server hands out empty secrets to pull requests from forks."""
    for said in ("", " ", "\n"):
        monkeypatch.setenv(IDENTITY_VARIABLE, said)
        assert not opens(JANE, Keyring())


def test_the_keys_of_ssh_are_not_used_unasked(home: Path) -> None:
    key = ssh_key(home, "-t", "ed25519")
    for name in ("id_ed25519", "id_rsa", "identity"):
        (home / ".ssh" / name).write_text(key.text)
    assert not opens(key, Keyring())
    assert opens(key, Keyring(os.fspath(home / ".ssh" / "id_ed25519")))


# ── kinds of identity ────────────────────────────────────────────────────────────────────────────

SSH: dict[str, tuple[str, ...]] = {
    "ed25519": ("-t", "ed25519"),
    "RSA": ("-t", "rsa", "-b", "2048"),
    "RSA in PEM": ("-t", "rsa", "-b", "2048", "-m", "PEM"),
}


@pytest.mark.parametrize("kind", SSH)
def test_keys_of_ssh_open_as_well(kind: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = ssh_key(home, *SSH[kind])
    assert opens(key, key.keyring(home))
    monkeypatch.setenv(IDENTITY_VARIABLE, key.text.strip())
    assert opens(key, Keyring())


@pytest.mark.parametrize("kind", SSH)
def test_a_passphrase_is_refused_with_the_way_to_a_key_without(kind: str, home: Path) -> None:
    key = ssh_key(home, *SSH[kind], passphrase="correct horse")
    with pytest.raises(UsageError, match="protected by a passphrase") as caught:
        opens(key, key.keyring(home))
    assert "leakguard seal --new-key" in caught.value.hint


NO_KEYS: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "holds no key"),
    "comments only": ("# public key: age1\n", "there is no key in it"),
    "a public key": (JANE.public, "line 1 is no age key"),
    "a damaged key": (f"# mine\n{JANE.secret[:-1]}\n", "line 2 is no age key"),
    "a key of a token": ("AGE-PLUGIN-YUBIKEY-1QQQ", "line 1 is no age key"),
    "bytes": (b"\xff\xfe\x00", "holds no key"),
    "a key file with a passphrase": ("age-encryption.org/v1\n-> scrypt", "by a passphrase"),
    "one in armour": ("-----BEGIN AGE ENCRYPTED FILE-----\n", "by a passphrase"),
    "PKCS 8 with a passphrase": ("-----BEGIN ENCRYPTED PRIVATE KEY-----\n", "by a passphrase"),
    "a damaged key of SSH": ("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n", "or damaged"),
}


@pytest.mark.parametrize("what", NO_KEYS)
def test_a_file_that_is_no_key_is_refused(what: str, home: Path) -> None:
    content, message = NO_KEYS[what]
    path = home / "key"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UsageError, match=message) as caught:
        opens(JANE, Keyring(os.fspath(path)))
    assert "leakguard seal --new-key" in caught.value.hint


def test_a_key_that_is_not_there_is_an_error(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match=r"--identity names no key file .*: gone"):
        opens(JANE, Keyring(os.fspath(home / "lost")))
    with pytest.raises(UsageError, match=r"--identity names no key file .*: is a directory"):
        opens(JANE, Keyring(os.fspath(home)))
    monkeypatch.setenv(IDENTITY_VARIABLE, "lost")
    with pytest.raises(UsageError, match=f"{IDENTITY_VARIABLE} names no key file"):
        opens(JANE, Keyring())


# ── what is never told ───────────────────────────────────────────────────────────────────────────


def test_a_key_does_not_belong_on_a_command_line() -> None:
    for said in (JANE.secret, JANE.secret.lower(), "-----BEGIN OPENSSH PRIVATE KEY-----"):
        with pytest.raises(UsageError, match="not a key") as caught:
            Keyring(said).identities()
        assert said not in str(caught.value)


@pytest.mark.parametrize("mangle", ["'{}'", "{}X", "KEY={}", "{}\n{}X"])
def test_a_key_in_the_environment_that_is_mistyped_is_not_told(
    mangle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(IDENTITY_VARIABLE, mangle.format(JANE.secret, JANE.secret))
    with pytest.raises(UsageError) as caught:
        Keyring().identities()
    all_ = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert JANE.secret not in "".join(all_.format())


def test_keys_are_new_each_time() -> None:
    assert new_key() != new_key()
