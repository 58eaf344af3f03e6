"""Sealed lists: packs that are safe to commit in public, since only holders of a key can read them.

A sealed list is TOML: a header in clear, and below it the pack, encrypted with age for everybody
the header names. What is encrypted begins with the same header, so that nobody can put another
one in front of it unseen; a check at the end tells damage to those who cannot decrypt.

    [sealed]
    format = 1
    pack = "acme"
    …
    body = \"\"\"
    -----BEGIN AGE ENCRYPTED FILE-----
    …

No error of this module, with its cause, its context and the locals of its frames, holds anything
of what is sealed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final, NoReturn

from leakguard import cache, keys
from leakguard.errors import PackError, SourceError, quiet, reason_of
from leakguard.keys import Keyring, Recipient
from leakguard.packs import SEALED_MARK, Pack, Seal, spells
from leakguard.records import NamedTuple, replace
from leakguard.sources import user

FORMAT: Final = 1
_TITLE: Final = (
    f"{SEALED_MARK}: only the holders of the keys below can read it.\n"
    "# It is changed with leakguard terms and leakguard seal --rekey, not by hand.\n"
)
_BODY: Final = 'body = """\n'
_END: Final = '"""\n'
_SEPARATOR: Final = "# what is sealed\n"
# What is sealed is filled up to a multiple of this, so that its size does not tell a term's length.
_FILL: Final = 4096


class Header(NamedTuple):
    """What everybody may know of a sealed list. `entries` is its number of terms."""

    pack: str
    version: str
    owner: str
    reviewed: date | None
    entries: int
    recipients: tuple[Recipient, ...]


class _Sealed(NamedTuple):
    header: Header
    head: str  # the header as it is written
    body: str  # armored


# ── the door ─────────────────────────────────────────────────────────────────────────────────────


def seal(text: str, recipients: Iterable[Recipient], where: str, *, name: str = "") -> bytes:
    """The pack `text` (TOML) as the content of a sealed list for `recipients`, called `name`.

    Raises `PackError` for a pack that cannot be relied on, naming `where` and the line, and when
    what stands in the clear (the file's name and the recipients' too) spells a term; `UsageError`
    for a key that is none.
    """
    return quiet(lambda: _seal(text, tuple(recipients), where, name))


def seal_file(path: str, recipients: Iterable[Recipient], *, name: str = "") -> bytes:
    """The pack in the file `path`, sealed as by `seal`."""
    return quiet(lambda: _seal(_content(path), tuple(recipients), path, name))


def header(data: bytes, where: str) -> Header:
    """The header of the sealed list `data`, without opening it.

    Raises `PackError` when the list is damaged, cut short or of a format that is not known.
    """
    return _parsed(data, where).header


def open_pack(data: bytes, where: str, keyring: Keyring) -> Pack:
    """The pack in the sealed list `data`; one without rules, and with the reason, if no key fits.

    Raises `PackError` when the list is damaged, cut short, of a format that is not known, or when
    its header is not the one that was sealed; `UsageError` for an identity that cannot be used.
    """
    sealed = _parsed(data, where)
    pack = quiet(lambda: _pack(sealed, where, keyring))
    if isinstance(pack, Pack):
        return pack
    known = sealed.header
    return Pack(
        name=known.pack,
        title=known.pack,
        version=known.version,
        owner=known.owner,
        rules=(),
        reviewed=known.reviewed,
        path=where,
        seal=Seal(keyring.option, locked=pack, entries=known.entries),
    )


def reseal(
    data: bytes,
    where: str,
    keyring: Keyring,
    *,
    recipients: Iterable[Recipient] | None = None,
    change: Callable[[str], str] | None = None,
) -> bytes:
    """The sealed list `data` for other recipients, or with its pack's text changed, or both.

    Raises what `open_pack` and `seal` raise, and `PackError` when no key fits.
    """
    sealed = _parsed(data, where)
    those = sealed.header.recipients if recipients is None else tuple(recipients)

    def again() -> bytes:
        text = _text(sealed, where, keyring)
        _accepted(text, where)  # so that what a change complains of is the change
        return _seal(change(text) if change else text, those, where, os.path.basename(where))

    return quiet(again)


def provided_pack(command: str, environment: Mapping[str, str]) -> Pack:
    """The pack that the user's provider `command` prints, from a vault say.

    Raises `SourceError` when the provider fails or prints what is no pack.
    """
    return quiet(lambda: _provided(user.provided(command, environment)))


# ── sealing ──────────────────────────────────────────────────────────────────────────────────────


def _content(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return file.read().decode("utf-8-sig")
    except OSError as error:
        raise PackError(
            f"{path}: cannot be read: {reason_of(error)}", hint="check the path"
        ) from None
    except UnicodeDecodeError as error:
        raise PackError(
            f"{path}: not UTF-8 (byte {error.start})", hint="save it as UTF-8"
        ) from None


def _seal(text: str, recipients: tuple[Recipient, ...], where: str, name: str) -> bytes:
    text = text.replace("\r\n", "\n").rstrip("\n") + "\n"
    if text.startswith(SEALED_MARK):
        raise PackError(f"{where}: is sealed already", hint="--rekey seals it for others")
    if not keys.available():
        raise PackError(f"{where}: cannot be sealed here: {_NOT_HERE}", hint=_INSTALL)
    pack = Pack.from_toml(text, where=where)
    known = _header_of(pack, recipients)
    _refuse_what_must_not_be_in_the_clear(pack, known, where, name)
    those = keys.understood(recipients, where)
    import pyrage

    head = _written(known)
    plain = (head + _SEPARATOR + text).encode()
    plain += b"\n" * (-len(plain) % _FILL)
    body = pyrage.encrypt(plain, those, armored=True).decode("ascii")
    return f'{head}{_BODY}{body}{_END}check = "{_check(head, body)}"\n'.encode()


def _refuse_what_must_not_be_in_the_clear(pack: Pack, known: Header, where: str, name: str) -> None:
    """Of its name, title and owner the pack has already made sure."""
    texts = {"the version": known.version, "the file's name": name}
    texts |= {f"the name of recipient {n}": r.name for n, r in enumerate(known.recipients, 1)}
    spelt = spells(pack.rules, list(texts.values()))
    if spelt:
        index, entry = spelt
        raise PackError(
            f"{where}: {list(texts)[index]} spells term number {entry.id} of the pack",
            hint="everybody can read it: say it without the name",
        )
    if not _is_printable(known):
        raise PackError(
            f"{where}: version or owner holds characters that cannot be seen",
            hint="write them in plain text on one line",
        )


def _header_of(pack: Pack, recipients: tuple[Recipient, ...]) -> Header:
    entries = _entries(pack)
    return Header(pack.name, pack.version, pack.owner, pack.reviewed, entries, recipients)


def _entries(pack: Pack) -> int:
    return sum(len(rule.entries) for rule in pack.rules)


def _check(head: str, body: str) -> str:
    """Tells damage, not forgery: what is sealed is guarded by age."""
    return cache.key(head.encode(), body.encode())


def _written(known: Header) -> str:
    lines = [
        "[sealed]",
        f"format = {FORMAT}",
        f"pack = {_quoted(known.pack)}",
        f"version = {_quoted(known.version)}",
        f"owner = {_quoted(known.owner)}",
        *([f"reviewed = {known.reviewed.isoformat()}"] if known.reviewed else []),
        f"entries = {known.entries}",
        "recipients = [",
        *(f"  {{ name = {_quoted(r.name)}, key = {_quoted(r.key)} }}," for r in known.recipients),
        "]",
    ]
    return _TITLE + "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    r"""A TOML string of a text that is printable.

    >>> print(_quoted('a "b"'))
    "a \"b\""
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _is_printable(known: Header) -> bool:
    """Whether a terminal can be shown this header: it may be anybody's."""
    texts = [known.pack, known.version, known.owner, *(t for r in known.recipients for t in r)]
    return all(text.isprintable() for text in texts)


# ── reading what is in the clear ─────────────────────────────────────────────────────────────────


def _parsed(data: bytes, where: str) -> _Sealed:
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")  # git may have changed line ends
    except UnicodeDecodeError:
        _damaged(where, "it is not UTF-8")
    number = re.search(r"^format = ([0-9]{1,9})$", text[:1000], re.M)
    if number and int(number[1]) != FORMAT:
        raise PackError(
            f"{where}: a sealed list of format {number[1]}; this leakguard reads format {FORMAT}",
            hint="use a newer leakguard",
        )
    head, has_body, rest = text.partition(_BODY)
    body, has_end, check = rest.partition(_END)
    if not number or not has_body:
        _damaged(where, "it has no header of a sealed list")
    if not has_end or not check:
        _damaged(where, "its end is missing")
    known = _read(head, where)
    if _written(known) != head or check != f'check = "{_check(head, body)}"\n':
        _damaged(where, "it is not what was written")
    return _Sealed(known, head, body)


def _read(head: str, where: str) -> Header:
    import tomli

    try:
        row: Mapping[str, Any] = tomli.loads(head)["sealed"]
        reviewed = row.get("reviewed")
        known = Header(
            pack=row["pack"],
            version=row["version"],
            owner=row["owner"],
            reviewed=reviewed if isinstance(reviewed, date) else None,
            entries=row["entries"],
            recipients=tuple(Recipient(r["name"], r["key"]) for r in row["recipients"]),
        )
        sound = _is_printable(known)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        sound = False
    if not sound:
        _damaged(where, "its header cannot be read")
    return known


def _damaged(where: str, how: str) -> NoReturn:
    raise PackError(
        f"{where}: the sealed list is damaged: {how}",
        hint="take it from version control again; after a merge conflict, take one side whole "
        "and repeat the other side's change",
    )


# ── what is printed ──────────────────────────────────────────────────────────────────────────────


def _provided(printed: bytes) -> Pack:
    try:
        pack = Pack.from_toml(printed.decode("utf-8-sig"), where="sealed")
    except (PackError, UnicodeDecodeError) as error:
        raise SourceError(
            f"the provider of terms failed: what it printed is no pack{_line(error)}",
            hint="pipe what it prints into a file, and try: leakguard packs check FILE",
        ) from None
    return replace(pack, seal=Seal(entries=_entries(pack)))


# ── opening ──────────────────────────────────────────────────────────────────────────────────────

_NOT_HERE: Final = "pyrage is not installed"
_INSTALL: Final = "pip install pyrage; there are builds for Linux with glibc, macOS and Windows"


def _pack(sealed: _Sealed, where: str, keyring: Keyring) -> Pack | str:
    """The pack, or why it cannot be opened."""
    plain = _decrypted(sealed, where, keyring)
    if isinstance(plain, str):
        return plain
    pack = _accepted(_without_header(sealed, plain, where), where)
    if _header_of(pack, sealed.header.recipients) != sealed.header:
        _unlike(where)
    entries = sealed.header.entries
    return replace(pack, path=where, seal=Seal(keyring.option, entries=entries))


def _accepted(text: str, where: str) -> Pack:
    try:
        return Pack.from_toml(text, where="sealed")
    except PackError as error:
        raise PackError(
            f"{where}: what is sealed in it is no pack that this leakguard accepts{_line(error)}",
            hint="have its owner seal it again with this version",
        ) from None


def _line(error: Exception) -> str:
    """Where a pack is wrong. What it says would quote patterns; who can read them needs no more."""
    line = re.match(r"sealed:(\d+):", str(error))
    return f" (line {line[1]})" if line else ""


def _text(sealed: _Sealed, where: str, keyring: Keyring) -> str:
    """The text of the pack. Raises `PackError` when no key fits."""
    plain = _decrypted(sealed, where, keyring)
    if isinstance(plain, str):
        raise PackError(f"{where}: it cannot be opened: {plain}", hint=_who(sealed.header))
    return _without_header(sealed, plain, where).rstrip("\n") + "\n"


def _decrypted(sealed: _Sealed, where: str, keyring: Keyring) -> bytes | str:
    """What is sealed, as bytes; or why it cannot be had, as words."""
    if not keys.available():
        return _NOT_HERE
    identities = keyring.identities()
    if not identities:
        return "there is no key here"
    import pyrage

    try:
        plain: bytes = pyrage.decrypt(sealed.body.encode(), identities)
    except pyrage.DecryptError as error:
        if "matching keys" in str(error):
            return "it is not sealed for the key that is here"
        _damaged(where, "what is sealed cannot be decrypted")
    return plain


def _without_header(sealed: _Sealed, plain: bytes, where: str) -> str:
    before = (sealed.head + _SEPARATOR).encode()
    if not plain.startswith(before):
        _unlike(where)
    return plain[len(before) :].decode()


def _unlike(where: str) -> NoReturn:
    raise PackError(
        f"{where}: the header of the sealed list is not the one that was sealed",
        hint="somebody has changed it: take it from version control again",
    )


def _who(known: Header) -> str:
    names = ", ".join(recipient.name for recipient in known.recipients)
    return f"it is sealed for {names}" + (f"; ask {known.owner}" if known.owner else "")
