"""Configuration: from what was written in which line of which file, to the policy of one path.

A configuration is a list of settings in order, later over earlier: those of the files it extends,
its own, those of its `[[path]]` sections. Each remembers where it was written, so that whoever asks
why a file is judged as it is gets an answer, and so that two configurations can be compared.
"""

from __future__ import annotations

import os

from leakguard.errors import ConfigError
from leakguard.ignore import Paths
from leakguard.light import (
    Any,
    Callable,
    Collection,
    Final,
    Iterable,
    Iterator,
    Mapping,
    byte_expression,
)
from leakguard.model import Confidence, Contact, Policy, Severity
from leakguard.records import NamedTuple

NAME: Final = "leakguard.toml"
BASELINE: Final = "leakguard.baseline.toml"
Read = Callable[[str], "bytes | None"]

_TABLE = byte_expression(rb"(?m)^[ \t]*\[+[ \t]*tool[ \t]*\.[ \t]*[\"']?leakguard\b")

# Each word is looser than those before it.
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "fail_on": ("low", "medium", "high", "critical"),
    "min_severity": ("low", "medium", "high", "critical"),
    "min_confidence": ("low", "medium", "high"),
    "block_confidence": ("low", "medium", "high"),
    "unread": ("fail", "warn"),
    "opaque": ("fail", "warn", "skip"),
    "media": ("fail", "warn", "count"),
    "when_sealed": ("fail", "warn", "skip"),
    "profile": ("strict", "standard"),
}
SWITCHES: Final = ("suppress_critical", "ci_excerpts")  # on is looser
_USUAL: Final[Mapping[str, object]] = {
    "fail_on": "medium", "min_severity": "low", "min_confidence": "low",
    "block_confidence": "medium", "unread": "fail", "opaque": "warn", "media": "count",
    "profile": "standard", "suppress_critical": False, "ci_excerpts": False,
}  # fmt: skip
_WAYS_OUT: Final = {("unread", "warn"), ("opaque", "skip"), ("when_sealed", "skip")}
RULE_WORDS: Final = ("off", "low", "medium", "high", "critical")


class Setting(NamedTuple):
    """One thing that was written: a key, its value, and where.

    `paths` and `patterns` say for which files, None and () for all; they are counted from `base`.
    A rule's own setting has the key "rules." and the rule's id. `reason` is why it may be looser
    than what it extends.
    """

    key: str
    value: Any
    file: str
    line: int
    paths: Paths | None = None
    patterns: tuple[str, ...] = ()
    base: str = ""
    reason: str = ""

    @property
    def where(self) -> str:
        """File and line, as an editor opens them."""
        return f"{self.file}:{self.line}"


class Looser(NamedTuple):
    """A setting that lets more pass than what stood before: where, which, and in words."""

    file: str
    line: int
    key: str
    what: str
    reason: str = ""


class Config(NamedTuple):
    """Everything that was written, in force from first to last. Make one with `Config.load`."""

    folder: str = ""
    file: str = ""
    settings: tuple[Setting, ...] = ()
    contact: Contact = Contact()
    loosened: tuple[Looser, ...] = ()
    exists: bool = False

    @staticmethod
    def load(path: str | os.PathLike[str]) -> Config:
        """The configuration at `path`, and what it extends; as the function `load`."""
        return load(os.fspath(path))

    def top(self, key: str) -> Any:
        """The value of a key for all files; None when nothing was written."""
        found = [s.value for s in self.settings if s.key == key and s.paths is None]
        return found[-1] if found else None

    @property
    def packs(self) -> tuple[str, ...]:
        """The packs that were asked for, each once: names, or paths from the current folder."""
        asked = [pack for s in self.settings if s.key == "packs" for pack in s.value]
        return tuple(dict.fromkeys(asked))

    def excluded(self, path: str) -> bool:
        """Whether the policy leaves out the file at `path`, counted from the current folder."""
        return self.excluding(path) is not None

    def excluding(self, path: str) -> Setting | None:
        """The setting that leaves out the file at `path`, if one does."""
        for setting in self.settings[::-1]:
            if setting.key != "exclude" or setting.paths is None:
                continue
            inside = _inside(path, setting.base)
            if inside and setting.paths.match(inside):
                return setting
        return None

    def without_baseline(self) -> Config:
        """The same, with no finding known."""
        others = tuple(setting for setting in self.settings if setting.key != "baseline")
        return self._replace(folder="", settings=others)

    def refuse_unknown_rules(self, known: Mapping[str, Collection[str]]) -> None:
        """Raises `ConfigError` for a setting of a rule that its pack does not have.

        `known` are the rules of the packs in force; of other packs nobody can tell.
        """
        for setting in self.settings:
            rule = setting.key.removeprefix("rules.")
            rules = known.get(rule.partition("/")[0])
            if rule == setting.key or rules is None or rule in rules:
                continue
            from difflib import get_close_matches

            close = get_close_matches(rule, sorted(rules), 1, 0.6)
            raise ConfigError(
                f"{setting.where}: no such rule: {rule}",
                hint=f'did you mean "{close[0]}"?' if close else "see: leakguard rule --all",
            )

    def settled(self, path: str) -> dict[str, Setting]:
        """For each key the setting that holds for the file at `path`, by key."""
        found: dict[str, Setting] = {}
        for setting in self.settings:
            if setting.key in ("packs", "exclude"):
                continue
            if setting.paths is not None:
                inside = _inside(path, setting.base)
                if not inside or not setting.paths.match(inside):
                    continue
            found[setting.key] = setting
        return found

    @property
    def by_path(self) -> bool:
        """Whether any setting holds for some files only."""
        return any(s.paths is not None and s.key != "exclude" for s in self.settings)

    def baseline(self) -> str:
        """The path of the file of known findings, "" when there is none."""
        named = self.top("baseline")
        if named:
            if not os.path.isfile(named):
                raise ConfigError(f"{from_here(named)}: the baseline is not there",
                                  hint="leakguard baseline writes it")  # fmt: skip
            return str(named)
        path = os.path.join(self.folder, BASELINE)
        return path if self.folder and os.path.isfile(path) else ""

    def ways_out(self) -> tuple[str, ...]:
        """What was written that lets a run pass which would not have passed, for the summary."""
        named = []
        for setting in self.settings:
            key, value = setting.key, setting.value
            if (key, value) in _WAYS_OUT or (key.startswith("rules.") and value == "off"):
                named.append(f"{_said(setting)} ({setting.where})")
        named += [f"{one.what} ({one.file}:{one.line}: {one.reason})" for one in self.loosened]
        return tuple(dict.fromkeys(named))

    def policy(self, path: str, usual: Policy) -> Policy:
        """The policy of the file at `path`: `usual` where nothing was written."""
        return over(usual, self.settled(path).values())


def over(policy: Policy, settings: Iterable[Setting]) -> Policy:
    """`policy` with what was written put over it."""
    changed: dict[str, Any] = {}
    rules = dict(policy.rules)
    for setting in settings:
        key, value = setting.key, setting.value
        if key.startswith("rules."):
            rules[key[6:]] = None if value == "off" else Severity[value.upper()]
        elif key in ("fail_on", "min_severity"):
            changed[key] = Severity[value.upper()]
        elif key in ("min_confidence", "block_confidence"):
            changed[key] = Confidence[value.upper()]
        elif key in Policy._fields:
            changed[key] = value
    return policy._replace(rules=tuple(rules.items()), **changed)


# ── finding and loading ──────────────────────────────────────────────────────────────────────────


def find(start: str, top: str | None) -> str:
    """The file that configures `start`: the nearest, upwards to the repository's root `top`.

    Outside a repository (`top` is None) only `start` itself is looked at. Returns "" when there is
    none. Raises `ConfigError` when one folder has two.
    """
    folder = start
    while True:
        own = os.path.join(folder, NAME)
        shared = os.path.join(folder, "pyproject.toml")
        has_own, has_shared = os.path.lexists(own), _has_table(shared)
        if has_own and has_shared:
            raise ConfigError(
                f"{from_here(shared)}: [tool.leakguard] and {NAME} both configure this folder",
                hint="keep one of them",
            )
        if has_own or has_shared:
            return own if has_own else shared
        parent = os.path.dirname(folder)
        if top is None or folder == top or parent == folder:
            return ""
        folder = parent


def load(path: str, *, read: Read | None = None) -> Config:
    """Read the configuration at `path` and what it extends.

    `read` gives the content of a file, or None when there is none; by default it is the disk that
    is read. Raises `ConfigError` with file, line and key, and the nearest word that is known.
    """
    from leakguard.configfile import Loading  # most repositories have none

    return Loading(read or from_disk).config(os.path.abspath(path), ())


def _has_table(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return has_table(file.read())
    except OSError:
        return False


def has_table(content: bytes) -> bool:
    """Whether a pyproject.toml configures leakguard."""
    return _TABLE.search(content) is not None


def from_disk(path: str) -> bytes | None:
    """The content of a file; None when there is none. Raises `ConfigError` when it is locked."""

    def locked(error: OSError) -> ConfigError:
        said = f"{from_here(path)}: cannot be read: {error.strerror}"
        return ConfigError(said, hint="it has to be a file that you may read")

    from leakguard import rewrite

    return rewrite.content(path, locked)


def from_here(path: str) -> str:
    """A path as a person in the current folder would write it."""
    try:
        short = os.path.relpath(path)
    except ValueError:  # another drive
        return path
    return path if short.startswith(os.path.join("..", "..", "..")) else short.replace(os.sep, "/")


def _inside(path: str, base: str) -> str:
    """`path`, counted from the current folder, as counted from `base`; "" when it is not below."""
    inside = os.path.relpath(os.path.abspath(path), base).replace(os.sep, "/")
    return "" if inside == ".." or inside.startswith("../") else inside


# ── looser ───────────────────────────────────────────────────────────────────────────────────────


def looser(base: Config, head: Config) -> tuple[Looser, ...]:
    """What `head` lets pass that `base` did not: a change is judged by what stood before it.

    A setting that `head` no longer has is told of at line 1 of its file.
    """
    kept = {(s.key, s.value, s.patterns) for s in base.settings}
    new = [s for s in head.settings if (s.key, s.value, s.patterns) not in kept]
    found = [looser for looser, _ in loosened(new, list(base.settings))]
    file = head.file or base.file
    now = {(s.key, s.value, s.patterns) for s in head.settings}
    for setting in base.settings:
        if (setting.key, setting.value, setting.patterns) in now:
            continue
        if setting.key == "packs":
            gone = [pack for pack in setting.value if pack not in head.packs]
            found += [Looser(file, 1, "packs", f'the pack "{pack}" is gone') for pack in gone]
        elif _tightens(setting) and not any(s.key == setting.key and s.patterns == setting.patterns
                                            for s in new):  # fmt: skip
            found.append(Looser(file, 1, setting.key, f"{_said(setting)} is gone"))
    if not base.packs and head.packs:
        from leakguard.packs import bundled

        gone = [pack for pack in bundled() if pack not in head.packs]
        line = next(s.line for s in head.settings if s.key == "packs")
        found += [Looser(file, line, "packs", f'the pack "{pack}" is gone') for pack in gone]
    return tuple(dict.fromkeys(found))


def _tightens(setting: Setting) -> bool:
    """Whether a setting that is gone was stricter than what holds without it."""
    if setting.key.startswith("rules."):
        return bool(setting.value != "off")
    usual = _USUAL.get(setting.key)
    return bool(usual is not None and _rank(setting.key, setting.value) < _rank(setting.key, usual))


def _rank(key: str, value: object) -> int:
    """How loose a value is: more is looser."""
    if key in SWITCHES:
        return int(bool(value))
    words = tuple(reversed(RULE_WORDS)) if key.startswith("rules.") else WORDS[key]
    return words.index(str(value))


def loosened(own: list[Setting], before: list[Setting]) -> Iterator[tuple[Looser, Setting]]:
    """What of `own` is looser than all that `before` says, or than what holds without a word."""
    for setting in own:
        key, value = setting.key, setting.value
        told = Looser(setting.file, setting.line, key, f"{_said(setting)}")
        if key == "exclude":
            known = {p for s in before if s.key == "exclude" for p in s.patterns}
            if more := [p for p in setting.patterns if p not in known and not p.startswith("!")]:
                yield told._replace(what=f"exclude leaves out {', '.join(more)}"), setting
        elif key.startswith("rules."):
            others = [_rank(key, s.value) for s in before if s.key == key]
            # Of a rule that nobody has spoken of, only its pack knows how severe it is.
            if value == "off" or (
                value != "critical" and _rank(key, value) > min(others, default=0)
            ):
                yield told, setting
        elif key in WORDS or key in SWITCHES:
            others = [_rank(key, s.value) for s in before if s.key == key]
            usual = _USUAL.get(key)
            if not others and usual is not None:
                others = [_rank(key, usual)]
            if others and _rank(key, value) > min(others):
                yield told, setting


def _said(setting: Setting) -> str:
    name = setting.key.removeprefix("rules.")
    value = str(setting.value).lower() if isinstance(setting.value, bool) else setting.value
    where = f" for {', '.join(setting.patterns)}" if setting.patterns else ""
    return f"{name} = {value}{where}"
