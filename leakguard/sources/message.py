"""A commit message before it is one: the file of a commit-msg hook, or standard input."""

from __future__ import annotations

import re
from io import BytesIO

from leakguard.errors import UsageError, reason_of
from leakguard.light import BinaryIO, Final, Iterator, Mapping
from leakguard.model import Blob, Origin, Unread
from leakguard.records import NamedTuple
from leakguard.sources import git

_SCISSORS: Final = b"------------------------ >8 ------------------------"
_AUTOMATIC: Final = b"#;@!$%^&|:"  # what git chooses from when core.commentChar is auto


class Cleanup(NamedTuple):
    """What git takes out of a message: lines that begin with `comment`, the rest below scissors.

    `comment` is None where git chooses it (core.commentChar=auto).
    """

    comments: bool
    scissors: bool
    comment: bytes | None = b"#"


def from_message(
    path: str, *, stdin: BinaryIO, name: str, environment: Mapping[str, str]
) -> Iterator[Blob | Unread]:
    """The message in the file `path`, as git will store it; `-` is standard input, taken whole.

    What git takes out is handed over as blanks, so that lines, columns and bytes are those of the
    file. Raises `UsageError` for a file that does not exist, `SourceError` when git fails.
    """
    if path == "-":
        content = stdin.read()
        yield Blob(Origin("message", name or "<message>"), lambda: BytesIO(content))
        return
    try:
        with open(path, "rb") as file:
            content = file.read()
    except FileNotFoundError:
        raise UsageError(
            f"{path}: no such file", hint="name the file that git gives to a commit-msg hook"
        ) from None
    except OSError as error:
        yield Unread(path, reason_of(error))
        return
    kept = stripped(content, cleanup(environment))
    yield Blob(Origin("message", path), lambda: BytesIO(kept))


def cleanup(environment: Mapping[str, str]) -> Cleanup:
    """What git will take out, by its settings and by whether an editor was open.

    Git tells a hook that there was none by GIT_EDITOR=: and then keeps comment lines.
    """
    edited = environment.get("GIT_EDITOR") != ":"
    mode = "strip" if edited else "whitespace"
    comment: bytes | None = b"#"
    wanted = r"^(core\.comment(char|string)|commit\.cleanup)$"
    for row in git.run("config", "-z", "--get-regexp", wanted, no=b"").split(b"\0"):
        key, _, value = row.partition(b"\n")
        if key == b"commit.cleanup" and value != b"default":
            mode = value.decode("ascii", "replace")
        elif key.startswith(b"core."):
            comment = None if value == b"auto" else value
    return Cleanup(mode == "strip", mode == "scissors" or (mode == "strip" and edited), comment)


def stripped(message: bytes, wanted: Cleanup) -> bytes:
    r"""`message` without what git takes out: blanks stand in its place.

    A comment between two lines of text goes altogether: git will join them to one paragraph.

    >>> stripped(b"Fix\n\n# On branch x\n", Cleanup(True, True))
    b'Fix\n\n             \n'
    >>> stripped(b"one\n# two\nthree\n", Cleanup(True, True))
    b'one\nthree\n'
    """
    comment = _chosen(message) if wanted.comment is None else wanted.comment
    lines = re.findall(rb"[^\n]*\n|[^\n]+", message)
    if not comment:
        return message
    if wanted.scissors:
        lines = lines[: _cut(lines, comment)]
    if not wanted.comments:
        return b"".join(lines)
    kept: list[bytes] = []
    blanks: list[bytes] = []
    for line in lines:
        if line.startswith(comment):
            blanks.append(re.sub(rb"[^\n]", b" ", line))
            continue
        if not (kept and kept[-1].strip() and line.strip()):
            kept += blanks
        blanks = []
        kept.append(line)
    return b"".join([*kept, *blanks])


def _cut(lines: list[bytes], comment: bytes) -> int:
    """The line at which the message ends. Git writes a comment below its scissors: a pair drawn
    by hand ends nothing."""
    for number, line in enumerate(lines[:-1]):
        if line.rstrip() == comment + b" " + _SCISSORS and lines[number + 1].startswith(comment):
            return number
    return len(lines)


def _chosen(message: bytes) -> bytes:
    """The comment character that git has chosen for a message; empty when that cannot be told.

    It is seen at the scissors or at the block of help, which is last. What cannot be told is no
    comment: too much is screened then, never too little.
    """
    scissors = re.search(rb"^([%s]) %s$" % (re.escape(_AUTOMATIC), _SCISSORS), message, re.M)
    if scissors:
        return scissors[1]
    last = message.rstrip().rpartition(b"\n\n")[2].splitlines()
    first = last[0][:1] if last else b""
    is_help = first and first in _AUTOMATIC and len(last) > 1
    return (
        first
        if is_help and all(re.match(rb"[%s](?:[ \t]|$)" % re.escape(first), line) for line in last)
        else b""
    )
