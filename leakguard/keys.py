"""Keys of sealed lists: whom a list is sealed for, and which keys are at hand to open one.

Recipients are public and are written into the list; identities are secret, and neither an error
nor a repr of this module quotes one. `pyrage` is imported when a key must be understood.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any, Final

from leakguard.errors import LeakguardError, UsageError, quiet, reason_of
from leakguard.records import NamedTuple

IDENTITY_VARIABLE: Final = "LEAKGUARD_IDENTITY"
IDENTITY_SETTING: Final = "leakguard.identity"
NEW_KEY: Final = "leakguard seal --new-key FILE"
_FILE_CAP: Final = 1 << 20
_AGE: Final = "age1"
_SSH: Final = ("ssh-ed25519", "ssh-rsa")
_AGE_SECRET: Final = "AGE-SECRET-KEY-1"
_SSH_SECRET: Final = "-----BEGIN "
_ENCRYPTED: Final = ("age-encryption.org/", "-----BEGIN AGE ENCRYPTED FILE-----")


class Recipient(NamedTuple):
    """Somebody a list is sealed for: a name for people, and a public key."""

    name: str
    key: str


class Keyring:
    """The identities of one run, looked for when the first sealed list is met, and then kept.

    `option` is the path given with `--identity`; without it the environment is asked, then git's
    global configuration. The first of the three that is set is the one that counts.
    """

    def __init__(self, option: str | os.PathLike[str] = "") -> None:
        self.option = os.fspath(option)
        self._found: tuple[Any, ...] | None = None

    def identities(self) -> tuple[Any, ...]:
        """What `pyrage` can decrypt with. Raises `UsageError` for a key that cannot be used."""
        if self._found is None:
            self._found = quiet(lambda: at_hand(self.option, os.environ))
        return self._found


def available() -> bool:
    """Whether this platform has what it takes to seal and to open."""
    try:
        import pyrage  # noqa: F401 - only asked for
    except ImportError:
        return False
    return True


# ── recipients ───────────────────────────────────────────────────────────────────────────────────


def recipients(text: str, where: str) -> tuple[Recipient, ...]:
    """Recipients from lines of a public key and a name. Raises `UsageError` naming the line.

    >>> recipients("age1qq80rff89e5efxna8q4c3lc4kxtpngph78wqcwl9km58z2djpv7sueuyu4 jane", "k")
    (Recipient(name='jane', key='age1qq80rff89e5efxna8q4c3lc4kxtpngph78wqcwl9km58z2djpv7sueuyu4'),)
    """
    found: dict[str, Recipient] = {}
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        recipient = _recipient(line, f"{where}:{number}")
        if recipient.key in found:
            raise UsageError(
                f"{where}:{number}: this key was named before, for {found[recipient.key].name}",
                hint="a key stands once",
            )
        found[recipient.key] = recipient
    if not found:
        raise UsageError(
            f"{where}: no keys: nobody could open the list",
            hint='one key a line and a name after it: "age1… jane", "ssh-ed25519 AAAA… jane"',
        )
    return tuple(found.values())


def understood(all_: Iterable[Recipient], where: str) -> list[Any]:
    """The recipients as `pyrage` knows them. Raises `UsageError` for a key that is none."""
    from pyrage import RecipientError, ssh, x25519

    known: list[Any] = []
    for name, key in all_:
        kind = x25519 if key.startswith(_AGE) else ssh
        try:
            known.append(kind.Recipient.from_str(key))
        except RecipientError:
            raise UsageError(
                f"{where}: the key of {name} is damaged, or of a kind that cannot be used",
                hint="age1… keys, and ssh-ed25519 and ssh-rsa keys can",
            ) from None
    return known


def _recipient(line: str, where: str) -> Recipient:
    if line.upper().startswith(_AGE_SECRET) or line.startswith(_SSH_SECRET):
        raise UsageError(
            f"{where}: this is a private key, and whoever has read this file has it",
            hint="make a new one, and write its public half here",
        )
    words = line.split()
    size = 2 if words[0] in _SSH else 1
    key, name = " ".join(words[:size]), " ".join(words[size:])
    if words[0] not in _SSH and not words[0].startswith(_AGE):
        raise UsageError(
            f"{where}: not a key that a list can be sealed for",
            hint=f"age1… keys, and {' and '.join(_SSH)} keys can",
        )
    if len(key.split()) < size or not name:
        raise UsageError(f"{where}: no name after the key", hint='write it as "age1… jane"')
    if not name.isprintable() or not key.isascii():
        raise UsageError(f"{where}: a key and a name are plain text", hint="type them again")
    return Recipient(name, key)


# ── identities ───────────────────────────────────────────────────────────────────────────────────


def at_hand(option: str, environment: Mapping[str, str]) -> tuple[Any, ...]:
    """The keys at hand, as `pyrage` knows them; none when nobody named any.

    An empty value counts as none: that is what a build server hands to a pull request from a fork.
    """
    said = environment.get(IDENTITY_VARIABLE, "").strip()
    if option:
        return _from_option(option)
    if said:
        return _from_variable(said)
    from leakguard.sources import user

    path = user.global_settings(environment).get(IDENTITY_SETTING, "")
    return _read(path, f"git config --global {IDENTITY_SETTING}") if path else ()


def new_identity() -> tuple[str, str]:
    """A new age key: the text of its file, and its public half."""
    from pyrage import x25519

    identity = x25519.Identity.generate()
    public = str(identity.to_public())
    return f"# public key: {public}\n{identity}\n", public


def _from_option(option: str) -> tuple[Any, ...]:
    if _is_key(option):
        # The command line is seen by every process of the machine and kept by the shell.
        raise UsageError(
            "--identity takes the path of a file, not a key",
            hint=f"put the key into a file, or into {IDENTITY_VARIABLE}, and make a new one: "
            "this one is in the shell's history now",
        )
    return _read(option, "--identity")


def _from_variable(said: str) -> tuple[Any, ...]:
    if _is_key(said):
        return _understood(said, IDENTITY_VARIABLE)
    # What is meant as a key and is none would be told as a path: so no path is told.
    return _read(os.path.expanduser(said), IDENTITY_VARIABLE)


def _is_key(text: str) -> bool:
    text = text.strip()
    return text.upper().startswith(_AGE_SECRET) or text.startswith((_SSH_SECRET, "#"))


def _read(path: str, where: str) -> tuple[Any, ...]:
    try:
        with open(path, "rb") as file:
            data = file.read(_FILE_CAP + 1)
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else "not a path"
        raise UsageError(
            f"{where} names no key file that can be read: {reason}",
            hint=f"name the file of an age key; make one with: {NEW_KEY}",
        ) from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    if len(data) > _FILE_CAP or not text.strip():
        raise UsageError(f"{where}: that file holds no key", hint=f"make one with: {NEW_KEY}")
    return _understood(text.strip(), where)


def _understood(text: str, where: str) -> tuple[Any, ...]:
    if not available():
        return ()
    if text.startswith(_ENCRYPTED):
        raise _protected(where, "key file")
    if text.startswith(_SSH_SECRET):
        return (_ssh(text, where),)
    from pyrage import IdentityError, x25519

    found = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if line and not line.startswith("#"):
            try:
                found.append(x25519.Identity.from_str(line.upper()))
            except IdentityError:
                raise UsageError(
                    f"{where}: line {number} is no age key",
                    hint=f"a line that begins with {_AGE_SECRET}; make one with: {NEW_KEY}",
                ) from None
    if not found:
        raise UsageError(f"{where}: there is no key in it", hint=f"make one with: {NEW_KEY}")
    return tuple(found)


def _ssh(text: str, where: str) -> Any:
    from pyrage import IdentityError, ssh

    if "Proc-Type: 4,ENCRYPTED" in text or "BEGIN ENCRYPTED PRIVATE KEY" in text:
        raise _protected(where, "SSH key")
    try:
        # Secrets of a build server lose the line end that the format asks for.
        return ssh.Identity.from_buffer(text.replace("\r\n", "\n").encode() + b"\n")
    except IdentityError as error:
        if "decrypted first" in str(error):
            raise _protected(where, "SSH key") from None
        raise UsageError(
            f"{where}: an SSH key of a kind that cannot open a list, or damaged",
            hint=f"ed25519 and RSA keys can; or make an age key with: {NEW_KEY}",
        ) from None


def _protected(where: str, what: str) -> LeakguardError:
    return UsageError(
        f"{where}: the {what} is protected by a passphrase, which a hook cannot ask for",
        hint=f"make an age key for this, and have the list sealed for it: {NEW_KEY}",
    )
