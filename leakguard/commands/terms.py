"""`leakguard terms add`, `list` and `remove`: the terms of a pack, and none of them ever said."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from datetime import date

import click

from leakguard import rewrite, termlist
from leakguard.ci import in_ci
from leakguard.commands import Commands, write
from leakguard.errors import PackError, UsageError, quiet, reason_of
from leakguard.keys import Keyring
from leakguard.model import Entry, Rule
from leakguard.packs import SEALED_MARK, Pack

Change = Callable[[str], str]


def _to(command: Callable[..., object]) -> Callable[..., object]:
    command = click.option(
        "--identity", metavar="FILE", default="", help="The key that opens a sealed pack."
    )(command)
    return click.option(
        "--to", "path", metavar="PACK", required=True, help="The pack's file, sealed or not."
    )(command)


@click.group("terms", cls=Commands)
def command() -> None:
    """Add, list and remove terms of a pack, without showing one.

    A term is asked for without an echo, or read from standard input, one on each line: never from
    the command line, which shells keep and other users see.
    """


@command.command("add")
@_to
@click.option("--rule", default="", metavar="RULE", help="The rule whose list it joins.")
@click.option("--match", type=click.Choice(["exact", "word", "loose", "substring"]),
              help="How it is compared. [default: as the rule says]")  # fmt: skip
@click.option("--until", metavar="DATE", help="Under embargo until then.")
@click.option("--expires", metavar="DATE", help="To be renewed or dropped after that day.")
@click.option("--owner", metavar="WHO", help="Whom a writer may ask.")
@click.option("--instead", metavar="TEXT", help="What to write in its place.")
@click.option("--replacement", metavar="TEXT", help="What redaction puts in its place.")
def add(path: str, identity: str, rule: str, **said: str | None) -> None:
    """Add a term, or several; each gets the next number."""
    more: dict[str, object] = {key: value for key, value in said.items() if value}
    for key, name in (("until", "embargo_until"), ("expires", "expires")):
        if key in more:
            more[name] = _day(str(more.pop(key)), f"--{key}")
    terms = list(_asked())
    if not terms:
        raise UsageError("no term was given", hint="type it, or one a line on standard input")
    numbers: list[int] = []

    def change(text: str) -> str:
        for term in terms:
            text, number = termlist.added(text, path, term, rule=rule, more=more)
            numbers.append(number)
        return text

    _change(path, Keyring(identity), change)
    write(f"{path}: {len(terms)} added, as {', '.join(f't{number}' for number in numbers)}")


@command.command("remove")
@_to
@click.argument("numbers", nargs=-1, required=True, metavar="NUMBER...")
def remove(path: str, identity: str, numbers: tuple[str, ...]) -> None:
    """Remove terms by their numbers.

    A number is 17, or t17 as reports say. The others keep theirs.
    """
    wanted = [_number(number) for number in numbers]

    def change(text: str) -> str:
        for number in wanted:
            text = termlist.removed(text, path, number)
        return text

    _change(path, Keyring(identity), change)
    write(f"{path}: {len(wanted)} removed")


@command.command("list")
@_to
@click.option("--reveal", is_flag=True, help="Show the terms too: on a terminal only, never in CI.")
def list_(path: str, identity: str, reveal: bool) -> None:
    """List the terms by number: rule, mode, dates and owner."""
    if reveal and (in_ci(os.environ) or not sys.stdout.isatty()):
        raise UsageError("--reveal is for a terminal", hint="leave it out: numbers tell enough")
    pack = Pack.load(path, Keyring(identity))
    if pack.seal and pack.seal.locked:
        raise PackError(f"{path}: {pack.seal.locked}", hint="name the key with --identity")
    rows = [_row(entry, rule, reveal=reveal) for rule in pack.rules for entry in rule.entries]
    write("\n".join(rows) if rows else f"{path}: no terms")


def _row(entry: Entry, rule: Rule, *, reveal: bool) -> str:
    until = entry.embargo_until or rule.embargo_until
    expires, owner = entry.expires or rule.expires, entry.owner or rule.owner
    said = [
        f"t{entry.id:<5}", rule.id, entry.mode,
        f"until {until}" if until else "", f"expires {expires}" if expires else "",
        f"owner {owner}" if owner else "",
    ]  # fmt: skip
    if reveal:
        said.append(repr(entry.term) if not entry.term.isprintable() else entry.term)
    return "  ".join(filter(None, said))


def _asked() -> Iterator[str]:
    """Terms as they are typed without an echo, until an empty one; else the lines of the input."""
    if not sys.stdin.isatty():
        yield from (line.strip() for line in sys.stdin.read().splitlines() if line.strip())
        return
    while term := click.prompt(
        "Term (not shown; empty when done)",
        hide_input=True,
        default="",
        show_default=False,
        err=True,
    ).strip():
        yield term


def _change(path: str, keyring: Keyring, change: Change) -> None:
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise PackError(
            f"{path}: cannot be read: {reason_of(error)}", hint="check the path"
        ) from None
    if data.startswith(SEALED_MARK.encode()):
        from leakguard import sealed

        new = sealed.reseal(data, path, keyring, change=change)
    else:
        new = quiet(lambda: _changed(data, path, change))
    rewrite.put(path, new, instead_of=data)


def _changed(data: bytes, path: str, change: Change) -> bytes:
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    try:
        text = data[len(mark) :].decode()
    except UnicodeDecodeError as error:
        raise PackError(
            f"{path}: not UTF-8 (byte {error.start})", hint="save it as UTF-8"
        ) from None
    return mark + change(text).encode()


def _number(written: str) -> int:
    digits = written.removeprefix("t")
    if not (digits.isascii() and digits.isdigit()):
        raise UsageError("terms are removed by number", hint="see: leakguard terms list")
    return int(digits)


def _day(written: str, option: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise UsageError(f"{option} takes a date, like 2027-02-01") from None
