"""`leakguard redact`."""

from __future__ import annotations

import difflib
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import islice
from typing import Any

import click

from leakguard import readers, rewrite, scan, sources
from leakguard.checking import Asked, ask_for_text, guard_for, quietly
from leakguard.ci import in_ci
from leakguard.commands import Command, pack_options, write
from leakguard.errors import Unreadable, UsageError, reason_of
from leakguard.model import Blob, Document, Origin, Redaction, Unread
from leakguard.records import dataclass
from leakguard.reports.terminal import counted


@dataclass(frozen=True, slots=True)
class _Text:
    """A file's text with what it takes to write it back. Its repr does not show it."""

    name: str
    data: bytes
    text: str
    encoding: str

    def __repr__(self) -> str:
        return f"_Text({len(self.data)} bytes)"

    def encoded(self, text: str) -> bytes:
        mark = self.data[: len(self.data) - len(self.text.encode(self.encoding))]
        return mark + text.encode(self.encoding)


@click.command("redact", cls=Command)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@pack_options
@click.option(
    "--profile", type=click.Choice(["standard", "strict"]),
    help="strict adds rules that need a second look more often. [default: standard]",
)  # fmt: skip
@click.option("--diff", is_flag=True, help="Show what would change, masked, and write nothing.")
@click.option("--in-place", is_flag=True, help="Write the files; with --diff, show it as well.")
@click.option(
    "--stdin-filename", "stdin_name", metavar="NAME", default="", help="The name of what - reads."
)
def command(paths: tuple[str, ...], diff: bool, in_place: bool, **asked: Any) -> int:
    """Write PATH, or standard input (-), with every finding replaced.

    What is put there is the entry's or rule's replacement, else [redacted]; all else stays byte for
    byte, and nothing is found in what comes out. Published samples stay; so do files that the
    policy excludes, and the packs in force themselves. Exits with 2 when what was asked is wrong,
    3 when something could not be read: that file is left alone.
    """
    given = {name: value for name, value in asked.items() if value is not None}
    wanted = Asked(paths=paths or ("-",), when_sealed="fail", **given)
    if "-" in wanted.paths and in_place:
        raise UsageError(
            "--in-place needs files", hint="leave it out: the text goes to standard output"
        )
    if wanted.stdin_name and "-" not in wanted.paths:
        raise UsageError("--stdin-filename names what - reads", hint="leave it out: no - is there")
    guard = guard_for(wanted, os.environ)
    left = _Left(guard)
    places = documents = failed = 0
    items: Iterable[_Text | Unread] = _texts(wanted, left)
    if not (in_place or diff):
        items = list(islice(items, 2))
        if len(items) > 1:
            raise UsageError(
                "several files cannot go to standard output", hint="use --in-place, or --diff"
            )
    for item in items:
        if isinstance(item, Unread):
            failed += 1
            _say(f"leakguard: {guard.shown(item.path)}: {item.reason}; it is left alone")
            continue
        new, made = _redacted(guard, item)
        documents, places = documents + 1, places + len(made)
        if diff and made:
            write(_diff(guard, item, new, made, context=not in_ci(os.environ)))
        if in_place and made:
            rewrite.put(item.name, item.encoded(new), instead_of=item.data)
        elif not (in_place or diff):
            _write_bytes(item.encoded(new))
    if not documents and not failed and not left.count:
        raise UsageError("nothing to redact: no files there", hint="name a file")
    verb = "redacted" if in_place or not diff else "to redact"
    alone = f" · {left.count:,} left alone: {left.why}" if left.count else ""
    _say(f"{counted(places, 'place')} {verb} in {counted(documents, 'document')}{alone}")
    return 3 if failed else 0


class _Left:
    """The files that stay as they are: what the policy excludes, and the packs in force."""

    def __init__(self, guard: scan.Guard) -> None:
        self._config = guard.policies.config
        self._packs = {os.path.realpath(pack.path) for pack in guard.packs if pack.path}
        self._reasons = Counter[str]()

    def alone(self, path: str) -> bool:
        """Whether the file at `path` stays as it is; counted."""
        excluded = self._config.excluded(path)
        if excluded or os.path.realpath(path) in self._packs:
            self._reasons["excluded" if excluded else "a pack in force"] += 1
            return True
        return False

    @property
    def count(self) -> int:
        return self._reasons.total()

    @property
    def why(self) -> str:
        return ", ".join(sorted(self._reasons))


def _texts(asked: Asked, left: _Left) -> Iterator[_Text | Unread]:
    """The texts that were asked for, read whole; anything else as not screened."""
    if "-" in asked.paths:
        ask_for_text(sys.stdin, sys.stderr)
    stdin = sys.stdin.buffer if "-" in asked.paths else None
    for item in sources.from_paths(asked.paths, stdin_name=asked.stdin_name or "-", stdin=stdin):
        if isinstance(item, Unread):
            yield item
            continue
        if item.origin.kind == "file" and left.alone(item.origin.path):
            continue
        try:
            with item.open() as stream:
                data = stream.read()
        except OSError as error:
            yield Unread(item.origin.name, reason_of(error))
            continue
        yield _text(item.origin, data)


def _text(origin: Origin, data: bytes) -> _Text | Unread:
    name = origin.name
    read = next(iter(readers.read(Blob(origin, lambda: BytesIO(data)))), None)
    if isinstance(read, Unread):
        return read
    if not isinstance(read, Document) or read.encoding is None:
        return Unread(name, "not a text")
    try:
        text = "".join(chunk.text for chunk in read.chunks())
        known = _Text(name, data, text, read.encoding)
        if known.encoded(text) == data:
            return known
    except (Unreadable, UnicodeError):
        pass
    return Unread(name, "cannot be written back as it is")


def _redacted(guard: scan.Guard, item: _Text) -> tuple[str, tuple[Redaction, ...]]:
    new, made = guard.redact(item.text, name=item.name)
    try:
        item.encoded(new)
    except UnicodeEncodeError:
        raise UsageError(
            f"{guard.shown(item.name)}: a replacement has letters that {item.encoding} has not",
            hint="nothing was written; save the file as UTF-8, or change the replacement",
        ) from None
    return new, made


def _diff(
    guard: scan.Guard, item: _Text, new: str, made: tuple[Redaction, ...], *, context: bool
) -> str:
    """What changes, as a unified diff in which every hit is masked; under CI only how much."""
    name = guard.shown(item.name)
    before = guard.shown_lines(item.text, [redaction.span for redaction in made])
    after = guard.shown_lines(new)
    if not context:
        return f"{name}: {len(made):,} places would change (no line is shown under CI)"
    return "\n".join(difflib.unified_diff(before, after, name, f"{name} (redacted)", lineterm=""))


def _write_bytes(data: bytes) -> None:
    def out() -> None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()

    quietly(out, sys.stdout)


def _say(line: str) -> None:
    quietly(lambda: click.echo(line, err=True), sys.stderr)
