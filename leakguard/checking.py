"""What the command line and the hook do alike: gather, screen, report, and say how it went.

Streams and environment come in as arguments; nothing here knows where the asking was done.
"""

from __future__ import annotations

import os
from time import monotonic

from leakguard import config as config_
from leakguard import packs as packs_
from leakguard import reports, scan, sources
from leakguard.cache import FOLDER_VARIABLE
from leakguard.ci import in_ci, when_sealed
from leakguard.config import Config, Looser
from leakguard.errors import LeakguardError, SourceError, UsageError, reason_of
from leakguard.light import (
    TYPE_CHECKING,
    UTC,
    BinaryIO,
    Callable,
    Final,
    Iterable,
    Iterator,
    Literal,
    Mapping,
    TextIO,
    cast,
    datetime,
    partial,
)
from leakguard.matcher import Engine
from leakguard.model import Blob, Screening, Unread
from leakguard.records import NamedTuple, replace
from leakguard.reports.terminal import counted, needs_ascii, not_applied, summary
from leakguard.sources import user

if TYPE_CHECKING:
    from leakguard.sources.revisions import Unknown

WIDTH = 80
ENGINE_VARIABLE: Final = "LEAKGUARD_ENGINE"
Source = Literal["paths", "hook", "staged", "message", "diff", "history", "push", "receive"]
# There a change is told commit by commit: what it found there before would come again and again.
_COMMIT_BY_COMMIT = ("history", "push", "receive")
Gather = Callable[[], Iterator[Blob | Unread]]


class Asked(NamedTuple):
    """What the user asked for, as plain values; what is empty was not said.

    Levels are words; `scan.compile` checks them. `revision` is the range of "diff", `since` where
    "history" begins; `paths` are the file of "message" and the remote's name and address of
    "push".
    """

    paths: tuple[str, ...] = ()
    packs: tuple[str, ...] = ()
    only_packs: tuple[str, ...] = ()
    fmt: str = "terminal"
    config: str = ""
    no_config: bool = False
    profile: str = ""
    fail_on: str = ""
    min_severity: str = ""
    min_confidence: str = ""
    block_confidence: str = ""
    unread: Literal["fail", "warn", ""] = ""
    opaque: Literal["warn", "fail", "skip", ""] = ""
    identity: str = ""
    when_sealed: Literal["fail", "warn", "skip", ""] = ""
    exit_zero: bool = False
    stdin_name: str = ""
    color: str = "auto"
    now: str = ""
    output: str = ""
    quiet: bool = False
    jobs: str = ""
    engine: str = ""
    no_cache: bool = False
    new_only: bool = False
    source: Source = "paths"
    whole_file: bool = False
    revision: str = ""
    since: str = ""


class Streams(NamedTuple):
    """Where a door reads and writes."""

    out: TextIO
    err: TextIO
    stdin: BinaryIO | None
    environment: Mapping[str, str]


def check(asked: Asked, streams: Streams) -> int:
    """Screen what was asked for, write the report to `out` and the summary to `err`.

    Returns the exit code. Raises `LeakguardError` when what was asked makes no sense.
    """
    started = monotonic()
    if asked.no_cache:
        os.environ[FOLDER_VARIABLE] = ""  # where the cache lies: nowhere
    config = configured(asked)
    report = reports.load(asked.fmt)
    progress = _Progress(streams)
    looser: tuple[Looser, ...] = ()
    guard: scan.Guard | None = None
    try:
        gather, base, head = _source(asked, streams)
        mine = asked.config or asked.no_config or sources.top_of(os.getcwd()) is None
        if base and not mine:
            from leakguard import basepolicy

            config, looser = basepolicy.judged(config, base, head)
        guard = guard_for(asked, streams.environment, config, progress.compiling)
        found = _Counted(gather())
        old = asked.source not in _COMMIT_BY_COMMIT
        run = guard.screen(
            found, progress=progress.show, ways_out=_ways_out(asked), old=old, jobs=_jobs(asked)
        )
        if looser:
            run = basepolicy.told(run, guard, looser)
        if asked.new_only:
            run = run.new()
        if run.action == "block":
            run = replace(run, options=_options(asked, guard))
    except SourceError as error:  # git's own words may quote a branch, a path, a line
        guard = guard or guard_for(asked, streams.environment, config)
        if (gone := _unknown_revision(asked)) and not gone.may_be_elsewhere:
            told = f"no such commit here: {guard.shown(gone.name)}"
            raise UsageError(told, hint="check its spelling; perhaps git fetch brings it") from None
        raise SourceError(guard.shown(error.message), hint=error.hint) from None
    progress.clear()
    if asked.source == "paths" and not found.count:
        raise UsageError(
            "nothing to screen: no files there", hint="name a file, or a folder that holds some"
        )
    code = run.exit_code
    if asked.output:
        code = max(code, _to_file(report, run, asked.output, streams.err))
    elif not asked.quiet:
        ascii = needs_ascii(streams.out.encoding)
        color = wants_color(asked.color, streams.out, streams.environment)
        quietly(lambda: _write(report, run, streams.out, color=color, ascii=ascii), streams.out)
    if run.sealed_skipped:
        loud = not_applied(run, ascii=needs_ascii(streams.err.encoding))
        if wants_color(asked.color, streams.err, streams.environment):
            loud = f"\x1b[1;33m{loud}\x1b[0m"
        quietly(lambda: _say(streams.err, loud), streams.err)
    line = summary(run, monotonic() - started, ascii=needs_ascii(streams.err.encoding))
    quietly(lambda: _say(streams.err, line), streams.err)
    return code


def _options(asked: Asked, guard: scan.Guard) -> tuple[str, ...]:
    """The options that name packs and policy, as they are typed; none that would be masked."""
    many = (("--pack", asked.packs), ("--only-pack", asked.only_packs))
    given = [(name, value) for name, values in many for value in values]
    given += [(n, v) for n, v in (("--config", asked.config), ("--identity", asked.identity)) if v]
    if not given and not asked.no_config:
        return ()
    from shlex import quote

    said = [f"{name} {quote(value)}" for name, value in given if guard.shown(value) == value]
    return (*said, *(["--no-config"] if asked.no_config else []))


def _unknown_revision(asked: Asked) -> Unknown | None:
    """A revision that was asked for and leads to no commit, where git has failed."""
    if not (asked.revision or asked.since):
        return None
    from leakguard.sources import ranges, revisions

    return revisions.unknown(*ranges.revisions_of(asked.revision, asked.since))


def _jobs(asked: Asked) -> int:
    """How many processes may share the work: as asked, else 0, one for each processor."""
    if not asked.jobs:
        return 0
    if not asked.jobs.isdigit() or int(asked.jobs) < 1:
        raise UsageError(f"not a number of processes: {asked.jobs}", hint="write --jobs 2")
    return int(asked.jobs)


def guard_for(
    asked: Asked,
    environment: Mapping[str, str],
    config: Config | None = None,
    compiling: Callable[[bool], None] | None = None,
) -> scan.Guard:
    """The guard that was asked for: packs, policy and clock, from options and configuration.

    `config` is the configuration where that is known already; `compiling` as for `scan.compile`.
    """
    config = configured(asked) if config is None else config
    when = asked.when_sealed or config.top("when_sealed") or when_sealed(environment)
    return scan.compile(
        (*wanted_packs(asked, config), *_provided(environment)),
        config=config,
        profile=asked.profile or None,
        fail_on=asked.fail_on or None,
        min_confidence=asked.min_confidence or None,
        block_confidence=asked.block_confidence or None,
        min_severity=asked.min_severity or None,
        unread=asked.unread or None,
        opaque=asked.opaque or None,
        identity=asked.identity,
        when_sealed=when,
        exit_zero=asked.exit_zero,
        excerpts=not in_ci(environment) or config.top("ci_excerpts") is True,
        now=_moment(asked.now),
        engine=_engine(asked.engine, environment),
        compiling=compiling,
    )


def _engine(asked: str, environment: Mapping[str, str]) -> Engine:
    """The engine that was asked for; one that is not there is told with where it was named."""
    named = asked or environment.get(ENGINE_VARIABLE) or "auto"
    if named not in ("auto", "aho", "hyper"):
        where = "" if asked else f"{ENGINE_VARIABLE}: "
        raise UsageError(f"{where}unknown engine: {named!r}", hint="one of auto, aho, hyper")
    return cast(Engine, named)


def configured(asked: Asked) -> Config:
    """The configuration in force: the one named, else the one found, else an empty one."""
    here = os.getcwd()
    if asked.config and asked.no_config:
        raise UsageError("--config and --no-config contradict each other", hint="keep one")
    if asked.config:
        return config_.load(asked.config)
    top = sources.top_of(here)
    path = "" if asked.no_config else config_.find(here, top)
    return config_.load(path) if path else Config(folder=top or here)


def wanted_packs(asked: Asked, config: Config) -> tuple[str, ...]:
    """The packs in force: those of the configuration, else the bundled ones, and those added; or
    only those named."""
    if asked.only_packs:
        return (*asked.only_packs, *asked.packs)
    return tuple(dict.fromkeys((*(config.packs or packs_.bundled()), *asked.packs)))


def chosen_packs(asked: Asked, environment: Mapping[str, str]) -> tuple[packs_.Pack, ...]:
    """The packs in force, read."""
    keyring = None
    if asked.identity:
        from leakguard.keys import Keyring

        keyring = Keyring(asked.identity)
    wanted = wanted_packs(asked, configured(asked))
    return packs_.resolve_all((*wanted, *_provided(environment)), keyring)


def _provided(environment: Mapping[str, str]) -> tuple[packs_.Pack, ...]:
    """The pack that the user's own environment adds, whatever the repository asks for."""
    command = user.provider(environment)
    if not command:
        return ()
    from leakguard import sealed

    return (sealed.provided_pack(command, environment),)


def explain(error: LeakguardError, err: TextIO) -> int:
    """Write an error of ours for the user; its exit code."""
    quietly(lambda: _say(err, f"leakguard: {error}"), err)
    return error.exit_code


def wants_color(asked: str, stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether to colour: as asked, else as NO_COLOR and FORCE_COLOR say, else on a terminal."""
    if asked != "auto":
        return asked == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return stream.isatty() and environment.get("TERM") != "dumb"


def ask_for_text(stdin: TextIO | None, err: TextIO) -> None:
    """Say to a person at a keyboard that a text is waited for."""
    if stdin is not None and stdin.isatty():
        quietly(
            lambda: _say(err, "Type the text, and end it with Ctrl-D (Ctrl-Z on Windows):"), err
        )


def quietly(write: Callable[[], None], stream: TextIO) -> None:
    """Write, and do not mind a reader that has gone: a closed pipe changes no verdict."""
    try:
        write()
        stream.flush()
    except BrokenPipeError:
        # Python would try to flush again at exit, complain, and change the exit code.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _source(asked: Asked, streams: Streams) -> tuple[Gather, str, str]:
    """What was asked for; of a change also the commit it stands on and the one it leads to.

    A source is read when it is wanted: most runs want the disk alone.
    """
    _must_make_sense(asked)
    if asked.source in ("diff", "push"):
        return _change(asked, streams)
    return partial(_state, asked, streams), "", ""


def _state(asked: Asked, streams: Streams) -> Iterator[Blob | Unread]:
    if asked.source == "paths":
        if "-" in asked.paths and streams.stdin is None:
            import sys

            ask_for_text(sys.stdin, streams.err)
        return sources.from_paths(asked.paths, stdin_name=asked.stdin_name, stdin=streams.stdin)
    if asked.source in ("hook", "staged"):
        from leakguard.sources import index

        gather = index.from_hook if asked.source == "hook" else index.from_index
        return gather(asked.paths, whole=asked.whole_file)
    if asked.source == "message":
        from leakguard.sources.message import from_message

        stdin, environment = _standard_input(streams), streams.environment
        path, name = _only(asked.paths), asked.stdin_name
        return from_message(path, stdin=stdin, name=name, environment=environment)
    from leakguard.sources import ranges

    if asked.source == "history":
        return ranges.from_history(asked.since)
    return ranges.from_receive(_standard_input(streams), whole=asked.whole_file)


def _change(asked: Asked, streams: Streams) -> tuple[Gather, str, str]:
    from leakguard.sources import ranges

    whole, environment = asked.whole_file, streams.environment
    if asked.source == "diff":
        gather = partial(ranges.from_diff, asked.revision, environment, whole=whole)
        return (gather, *ranges.base_of_diff(asked.revision))
    remote = asked.paths[0] if asked.paths else ""
    told = "PRE_COMMIT_TO_REF" in environment or "PRE_COMMIT_LOCAL_BRANCH" in environment
    stdin = _standard_input(streams)
    # Where a framework has told the ref, its standard input is nobody's; nor is a keyboard git's.
    push = ranges.push(() if told or stdin.isatty() else stdin, remote, environment)
    return (partial(ranges.from_push, push, whole=whole), *ranges.base_of_push(push))


def _must_make_sense(asked: Asked) -> None:
    """Nothing that was asked for is passed over in silence."""
    wrong = ""
    if asked.paths and asked.source in ("diff", "history", "receive"):
        wrong = f"--{asked.source} takes no paths"
    elif asked.since and asked.source != "history":
        wrong = "--since needs --history"
    elif asked.whole_file and asked.source in ("paths", "message", "history"):
        wrong = "--whole-file needs a change: --staged or --diff"
    elif asked.stdin_name and "-" not in asked.paths:
        wrong = "--stdin-filename names what - reads, and no - is there"
    if wrong:
        raise UsageError(wrong, hint="see: leakguard check --help")


def _only(paths: tuple[str, ...]) -> str:
    if len(paths) != 1:
        raise UsageError("--message needs one file", hint="- is standard input")
    return paths[0]


def _standard_input(streams: Streams) -> BinaryIO:
    if streams.stdin is not None:
        return streams.stdin
    import sys

    return sys.stdin.buffer


def _write(
    report: reports.Report, run: Screening, out: TextIO, *, color: bool, ascii: bool
) -> None:
    report(run, out=out, width=WIDTH, color=color, ascii=ascii)


def _to_file(report: reports.Report, run: Screening, path: str, err: TextIO) -> int:
    """The report as a file: written beside it and renamed, so that there is a whole one or none.

    Returns 0, or 2 when it cannot be written: the summary, and a worse exit code, still come.
    """
    from io import StringIO

    from leakguard import rewrite

    out = StringIO()
    _write(report, run, out, color=False, ascii=False)
    try:
        there = rewrite.content(path, partial(_not_written, path))
        rewrite.put(path, out.getvalue().encode(), instead_of=there)
    except LeakguardError as error:
        return explain(error, err)
    return 0


def _not_written(path: str, error: OSError) -> UsageError:
    return UsageError(f"{path}: cannot be written: {reason_of(error)}", hint="nothing was written")


def _moment(said: str) -> datetime | None:
    """The clock of a run: a date means its noon in UTC, when it has begun everywhere."""
    if not said:
        return None
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        raise UsageError(
            f"not a date: {said}", hint="write 2027-02-01, or 2027-02-01T09:00+01:00"
        ) from None
    if "T" not in said and " " not in said:
        moment = moment.replace(hour=12)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _say(stream: TextIO, line: str) -> None:
    stream.write(line + "\n")


def _ways_out(asked: Asked) -> tuple[str, ...]:
    """What was asked for that lets a run pass which would not have passed."""
    ways = []
    if asked.exit_zero:
        ways.append("--exit-zero")
    if asked.unread == "warn":
        ways.append("--unread warn")
    if asked.opaque == "skip":
        ways.append("--opaque skip")
    if asked.no_config:
        ways.append("--no-config")
    if asked.now:
        ways.append(f"--now {asked.now}")
    if asked.fail_on in ("high", "critical"):
        ways.append(f"--fail-on {asked.fail_on}")
    if asked.block_confidence == "high":
        ways.append("--block-confidence high")
    return tuple(ways)


class _Counted:
    """Counts what a source hands over on its way through."""

    def __init__(self, items: Iterable[Blob | Unread]) -> None:
        self._items = items
        self.count = 0

    def __iter__(self) -> Iterator[Blob | Unread]:
        for item in self._items:
            self.count += 1
            yield item


class _Progress:
    """A line of what is being done, on a terminal, where it takes time; nowhere else."""

    def __init__(self, streams: Streams) -> None:
        environment = streams.environment
        self._err = streams.err
        self._on = streams.err.isatty() and not (
            environment.get("PRE_COMMIT") or in_ci(environment)
        )
        self._next = monotonic() + 1
        self._shown = ""

    def show(self, documents: int) -> None:
        """So many documents are screened: told after a second, and five times a second."""
        if self._on and monotonic() >= self._next:
            self._next = monotonic() + 0.2
            self._tell(counted(documents, "document"))

    def compiling(self, kept: bool) -> None:
        """What searches much text is about to be made, and `kept` for the next time or not."""
        if self._on:
            again = "kept for the next time" if kept else "nothing of it is kept"
            self._tell(f"compiling the rules for much text, up to a minute ({again})")

    def clear(self) -> None:
        if self._shown:
            self._tell("")
            self._err.write("\r")

    def _tell(self, line: str) -> None:
        self._err.write(f"\r{line:<{len(self._shown)}}")
        self._err.flush()
        self._shown = line
