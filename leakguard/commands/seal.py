"""`leakguard seal`."""

from __future__ import annotations

import os
import shlex

import click

from leakguard import keys, rewrite, sealed
from leakguard.commands import Command, write
from leakguard.errors import UsageError, reason_of
from leakguard.keys import Keyring, Recipient
from leakguard.packs import SEALED

_SMALL = 1 << 20  # a file of recipients is a few lines


@click.command("seal", cls=Command)
@click.argument("path", metavar="PATH")
@click.option(
    "--recipients-file", metavar="FILE",
    help="Whom to seal for: a public key and a name on each line.",
)  # fmt: skip
@click.option("-o", "--output", metavar="FILE", help="Where to write. [default: PATH as .sealed]")
@click.option("--force", is_flag=True, help="Replace a sealed list that is there already.")
@click.option("--check", is_flag=True, help="Say what the sealed list PATH tells everybody.")
@click.option("--rekey", is_flag=True, help="Seal the sealed list PATH for other recipients.")
@click.option("--new-key", is_flag=True, help="Make a key in PATH, and print its public half.")
@click.option("--identity", metavar="FILE", default="", help="The key that opens a sealed list.")
def command(
    path: str,
    recipients_file: str | None,
    output: str | None,
    force: bool,
    check: bool,
    rekey: bool,
    new_key: bool,
    identity: str,
) -> None:
    """Seal the pack PATH, so that it can be committed in public.

    Only recipients can read the result. A recipient is an age key (age1…), or an ed25519 or RSA
    key of SSH.
    """
    if check + rekey + new_key > 1:
        raise UsageError("--check, --rekey and --new-key exclude each other", hint="choose one")
    if (check or rekey or new_key) and (output or force):
        raise UsageError("-o and --force are for sealing a pack", hint="leave them out")
    if (check or new_key) and recipients_file:
        raise UsageError("--recipients-file is for sealing, and for --rekey", hint="leave it out")
    if identity and not (check or rekey):
        raise UsageError("--identity is for --check and --rekey", hint="leave it out")
    if new_key:
        _new_key(path)
    elif check:
        write(_told(path, Keyring(identity)))
    elif rekey:
        _rekey(path, _recipients(recipients_file), Keyring(identity))
    else:
        _seal(
            path,
            output or os.path.splitext(path)[0] + SEALED,
            _recipients(recipients_file),
            force=force,
        )


def _seal(path: str, output: str, recipients: tuple[Recipient, ...], *, force: bool) -> None:
    there = _content(output) if os.path.lexists(output) else None
    if there is not None and not force:
        raise UsageError(
            f"{output}: is there already, and may have terms that {path} has not",
            hint=f"leakguard terms add --to {output} adds to it; --force replaces it",
        )
    content = sealed.seal_file(path, recipients, name=os.path.basename(output))
    rewrite.put(output, content, instead_of=there)
    known = sealed.header(content, output)
    write(
        f"{output}: {_terms(known.entries)}, sealed for {_names(known.recipients)}\n"
        f"{path} still has them in the clear: keep it out of the repository, or delete it"
    )


def _rekey(path: str, recipients: tuple[Recipient, ...], keyring: Keyring) -> None:
    data = _content(path)
    before = sealed.header(data, path).recipients
    rewrite.put(path, sealed.reseal(data, path, keyring, recipients=recipients), instead_of=data)
    joined = [recipient for recipient in recipients if recipient not in before]
    left = [recipient for recipient in before if recipient not in recipients]
    lines = [f"{path}: sealed for {_names(recipients)}"]
    if joined:
        lines.append(f"  new: {_names(joined)}")
    if left:
        lines.append(f"  no longer: {_names(left)}")
        lines.append("  what was committed before, their keys still open")
    write("\n".join(lines))


def _told(path: str, keyring: Keyring) -> str:
    data = _content(path)
    known = sealed.header(data, path)
    pack = sealed.open_pack(data, path, keyring)
    here = f"not opened: {pack.seal.locked}" if pack.seal and pack.locked else "your key opens it"
    lines = [
        f"{path}: the pack {known.pack} {known.version}, sealed",
        f"  terms     {known.entries}",
        f"  reviewed  {known.reviewed or 'never'}",
        f"  owner     {known.owner or 'not named'}",
        f"  here      {here}",
        "  can be opened by",
        *(f"    {name}  {_short(key)}" for name, key in known.recipients),
    ]
    return "\n".join(lines)


def _new_key(path: str) -> None:
    text, public = keys.new_identity()
    rewrite.put(path, text.encode(), instead_of=None, mode=rewrite.PRIVATE)
    write(
        f"{public}\n"
        "This line, with your name after it, goes into the file of recipients.\n"
        f"The key itself is in {path}: keep it to yourself. To have it found:\n"
        f"  git config --global {keys.IDENTITY_SETTING} {shlex.quote(os.path.abspath(path))}"
    )


def _recipients(path: str | None) -> tuple[Recipient, ...]:
    if not path:
        raise UsageError(
            "whom to seal for is not said",
            hint="--recipients-file FILE, with a public key and a name on each line",
        )
    try:
        text = _content(path)[:_SMALL].decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path}: not UTF-8 (byte {error.start})", hint="save it as UTF-8"
        ) from None
    return keys.recipients(text, path)


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be read: {reason_of(error)}", hint="check the path"
        ) from None


def _terms(number: int) -> str:
    return f"{number:,} term{'' if number == 1 else 's'}"


def _names(recipients: tuple[Recipient, ...] | list[Recipient]) -> str:
    return ", ".join(recipient.name for recipient in recipients)


def _short(key: str) -> str:
    """Enough of a public key to tell it from others.

    >>> _short("age1qq80rff89e5efxna8q4c3lc4kxtpngph78wqcwl9km58z2djpv7sueuyu4")
    'age1qq80rff8...sueuyu4'
    """
    start = key[:12] if key.startswith("age1") else f"{key.split()[0]} "
    return f"{start}...{key[-7:]}"
