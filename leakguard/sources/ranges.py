"""What a change, a push or a history publishes: versions of files, messages, names of refs."""

from __future__ import annotations

import os
import re
from hashlib import blake2b
from io import BytesIO

from leakguard.errors import SourceError, Unreadable, UsageError
from leakguard.light import (
    BinaryIO,
    Final,
    Generator,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
    partial,
    suppress,
)
from leakguard.model import Blob, Origin, Unread
from leakguard.records import NamedTuple
from leakguard.sources import git
from leakguard.sources.changes import between, commits
from leakguard.sources.revisions import below, merge_base
from leakguard.sources.versions import handed_over

Found = Iterator[Blob | Unread]

_NO_REFS: Final = (
    "there are no ref lines on standard input and no PRE_COMMIT variables: nothing was screened"
)


class Update(NamedTuple):
    """A ref that is about to move on the other side, from `old` to `new`; all zeros: not there.

    `known` says whether the other side has the name already.
    """

    ref: str
    old: str
    new: str
    known: bool


def from_diff(given: str, environment: Mapping[str, str], *, whole: bool = False) -> Found:
    """What merging would add: `A...B` from their merge base, `A..B`, or `A` for `A...HEAD`.

    Added lines of the net change, names of files, all commit messages, and the branch's name.
    """
    base, dots, head = _sides(given)
    changes = between(f"{base}{dots}{head}", "--")
    prefix = git.prefix()
    with git.Objects() as objects:
        if branch := _branch(head, environment):
            yield _name(branch, old=False)
        for commit in git.run("rev-list", "--reverse", f"{base}..{head}", "--").decode().split():
            yield _message(objects, commit)
        for change in changes:
            if change.status != "D":
                path = git.from_here(change.path, prefix)
                origin = Origin("commit", path, blob=change.blob)
                yield handed_over(change, objects, origin, whole=whole)


def from_history(since: str = "") -> Found:
    """Every version of every file that any ref leads to, every message, every ref's name.

    `since` leaves out what that revision leads to. A version that was seen under a path is not
    read again there; ids are all that is kept.
    """
    if since.startswith("-"):
        raise UsageError(f"no revision: {since}", hint="for example: --since v1.0")
    head = ["HEAD"] if git.run("rev-parse", "--verify", "--quiet", "HEAD", no=b"") else []
    revisions = ["--exclude=refs/stash", "--all", *head, *(["--not", since] if since else [])]
    if git.run("rev-parse", "--is-shallow-repository") == b"true\n":
        yield Unread("history", "this clone is shallow: older commits are not here",
                     "git fetch --unshallow")  # fmt: skip
    with git.Objects() as objects:
        yield from _refs(objects)
        yield from _walk(objects, [*revisions, "--"], once=True)


class Push(NamedTuple):
    """The refs that are about to move, and how `rev-list` names what the other side has."""

    updates: tuple[Update, ...]
    known: tuple[str, ...]


def push(lines: Iterable[bytes], remote: str, environment: Mapping[str, str]) -> Push:
    """What is about to be pushed.

    `lines` are those that git gives a pre-push hook. Without any the PRE_COMMIT variables count;
    without those, and with a remote, what HEAD has that the remote has not. Raises `SourceError`
    when there is nothing to go by.
    """
    given = [line.decode("utf-8", "surrogateescape").split() for line in lines if line.strip()]
    if any(len(words) != 4 for words in given):
        raise SourceError("a ref line has not four words", hint="git gives them to a pre-push hook")
    updates = [_update(ref, old, new) for _, new, ref, old in given]
    remote = remote or environment.get("PRE_COMMIT_REMOTE_NAME", "")
    if not updates:
        updates = list(_from_framework(environment, remote))
    if not updates and not remote:
        raise SourceError(_NO_REFS, hint="run it as git's pre-push hook, or from pre-commit")
    if not updates and git.run("rev-parse", "--verify", "--quiet", "HEAD", no=b""):
        updates = [_update("HEAD", "", "HEAD")]
    return Push(tuple(updates), (f"--remotes={remote}",) if remote else ())


def base_of_push(push: Push) -> tuple[str, str]:
    """The commit that a push stands on and the one it leads to; empty where there is none."""
    new = [update for update in push.updates if update.new.strip("0")]
    if not new:
        return "", ""
    with git.Objects() as objects:
        for update in new:
            with suppress(Unreadable):
                if update.old.strip("0") and objects.read(update.old)[0] == "commit":
                    return update.old, new[-1].new
        tips = [update.new for update in new if objects.read(update.new)[0] in ("commit", "tag")]
    return (below(tips, list(push.known)) if tips else ""), new[-1].new


def base_of_diff(given: str) -> tuple[str, str]:
    """The same for `--diff`: the merge base, or the left side of `A..B`."""
    base, dots, head = _sides(given)
    return (base if dots == ".." else merge_base(base, head)), head


def revisions_of(given: str, since: str = "") -> list[str]:
    """The revisions that a range and `since` name."""
    first, _, last = _sides(given) if given else ("", "", "")
    return [revision for revision in (first, last, since) if revision]


def from_push(push: Push, *, whole: bool = False) -> Found:
    """What a push publishes: every commit that the remote does not have, with added lines and
    message, and the names and messages of the refs."""
    return _pushed(push.updates, push.known, whole=whole)


def from_receive(lines: Iterable[bytes], *, whole: bool = False) -> Found:
    """The same on the side that receives: what its refs do not lead to yet. Works in quarantine."""
    given = [line.decode("utf-8", "surrogateescape").split() for line in lines if line.strip()]
    if not given or any(len(words) != 3 for words in given):
        raise SourceError(
            "there are no lines of old, new and ref on standard input: nothing was screened",
            hint="run it as git's pre-receive hook",
        )
    return _pushed([_update(ref, old, new) for old, new, ref in given], ["--all"], whole=whole)


def _sides(given: str) -> tuple[str, str, str]:
    """The two revisions of a range and the dots between them.

    >>> _sides("main..."), _sides("v1.0"), _sides("a..b")
    (('main', '...', 'HEAD'), ('v1.0', '...', 'HEAD'), ('a', '..', 'b'))
    """
    first, dots, last = (
        re.split(r"(\.{2,3})", given, maxsplit=1) if ".." in given else (given, "", "")
    )
    if not first or given.startswith("-") or last.startswith("-"):
        raise UsageError(f"no range of commits: {given}", hint="for example: --diff origin/main...")
    return first, dots or "...", last or "HEAD"


# ── a push ───────────────────────────────────────────────────────────────────────────────────────


def _from_framework(environment: Mapping[str, str], remote: str) -> Iterator[Update]:
    """The one ref that pre-commit tells of. For a push with the first commit it names no range."""
    new = environment.get("PRE_COMMIT_TO_REF") or environment.get("PRE_COMMIT_LOCAL_BRANCH", "")
    if not new:
        return
    ref = environment.get("PRE_COMMIT_REMOTE_BRANCH", "")
    old = environment.get("PRE_COMMIT_FROM_REF", "")
    known = bool(old)
    if old and remote and ref:
        # For a new branch it names the commit below the first new one, not what the remote has.
        there = f"refs/remotes/{remote}/{ref.removeprefix('refs/heads/')}"
        known = bool(git.run("rev-parse", "--verify", "--quiet", there, no=b""))
    yield Update(ref, old, new, known)


def _update(ref: str, old: str, new: str) -> Update:
    return Update(ref, old, new, known=bool(old.strip("0")))


def _pushed(updates: Sequence[Update], known: Sequence[str], *, whole: bool) -> Found:
    tips: list[str] = []
    olds: list[str] = []
    with git.Objects() as objects:
        for update in updates:
            if not update.new.strip("0"):
                continue  # A ref that is deleted publishes nothing.
            if update.ref.startswith("refs/"):
                yield _name(update.ref, old=update.known)
            with suppress(Unreadable):  # what a forced push replaces need not be here
                if update.old.strip("0"):
                    objects.read(update.old)
                    olds.append(update.old)
            kind, found = yield from _peeled(objects, update.ref, update.new)
            if kind == "commit":
                tips.append(found)
            elif kind == "blob":
                yield Blob(Origin("ref", update.ref, ref=update.ref), partial(objects.open, found))
            else:
                yield Unread(update.ref, f"it leads to a {kind}, not to a commit")
        if tips:
            yield from _walk(objects, [*tips, "--not", *olds, *known, "--"], whole=whole)


def _peeled(
    objects: git.Objects, ref: str, oid: str
) -> Generator[Blob | Unread, None, tuple[str, str]]:
    """What a ref leads to at last; the messages of tags on the way."""
    while True:
        kind, content = objects.read(oid)
        if kind != "tag":
            return kind, oid
        head, _, message = content.partition(b"\n\n")
        name = ref.removeprefix("refs/tags/")
        yield Blob(Origin("message", f"message of tag {name}", ref=ref), partial(BytesIO, message))
        oid = head.split(b"\n")[0].removeprefix(b"object ").decode()


# ── commits and refs ─────────────────────────────────────────────────────────────────────────────


def _walk(
    objects: git.Objects, revisions: Sequence[str], *, whole: bool = False, once: bool = False
) -> Found:
    seen: set[bytes] = set()
    prefix = git.prefix()
    for commit, changes in commits(revisions):
        yield _message(objects, commit)
        for change in changes:
            if change.status == "D":
                continue
            if once:
                key = blake2b(f"{change.blob} {change.path}".encode("utf-8", "surrogateescape"),
                              digest_size=16).digest()  # fmt: skip
                if key in seen:
                    continue
                seen.add(key)
            path = git.from_here(change.path, prefix)
            origin = Origin("commit", path, commit=commit, blob=change.blob)
            yield handed_over(change, objects, origin, whole=whole)


def _message(objects: git.Objects, commit: str) -> Blob:
    origin = Origin("message", "commit message", commit=commit)
    expect = partial(objects.expect, commit)
    return Blob(origin, partial(_text, objects, commit), expect=expect)


def _text(objects: git.Objects, commit: str) -> BinaryIO:
    """A commit's message in UTF-8, or in its own encoding where Python does not know that."""
    _, content = objects.read(commit)
    head, _, message = content.partition(b"\n\n")
    said = re.search(rb"^encoding (.+)$", head, re.M)
    if said:
        with suppress(LookupError, UnicodeDecodeError):
            message = message.decode(said[1].decode("ascii", "replace")).encode()
    return BytesIO(message)


def _refs(objects: git.Objects) -> Found:
    """The names of all refs, each once, and the messages of tags."""
    seen: set[str] = set()
    rows = git.run("for-each-ref", "--format=%(objecttype) %(objectname) %(refname)")
    for row in git.decoded(rows).splitlines():
        kind, oid, ref = row.split(" ", 2)
        if ref == "refs/stash":
            continue
        blob = _name(ref, old=False)
        if blob.published not in seen:
            seen.add(blob.published)
            yield blob
        if kind == "tag":
            yield from _peeled(objects, ref, oid)


def _name(ref: str, *, old: bool) -> Blob:
    """A ref's name: what others see of it."""
    public = re.sub(r"^refs/(?:heads|tags|remotes/[^/]+|)/?", "", ref)
    before = public if old else ""
    return Blob(Origin("ref", ref, ref=ref), BytesIO, published=public, before=before)


def _branch(head: str, environment: Mapping[str, str]) -> str:
    """The branch that `head` is, in full; in a build of a pull request, what the server says."""
    ref = os.fsdecode(git.run("rev-parse", "--symbolic-full-name", head, "--")).split("\n")[0]
    if ref.startswith("refs/"):
        return ref
    told = (environment.get("GITHUB_HEAD_REF")
            or environment.get("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"))  # fmt: skip
    return f"refs/heads/{told}" if told else ""
