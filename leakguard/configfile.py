"""Reading a configuration file: every key checked, every mistake told with its line.

Imported when there is a file to read: most repositories have none, and a hook must start at once.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NoReturn

from leakguard.config import (
    NAME,
    RULE_WORDS,
    SWITCHES,
    WORDS,
    Config,
    Looser,
    Read,
    Setting,
    from_here,
    loosened,
)
from leakguard.errors import ConfigError
from leakguard.ignore import Paths
from leakguard.model import Contact, Severity

_OF_PATHS: Final = frozenset(
    {"fail_on", "min_severity", "min_confidence", "block_confidence", "unread", "opaque", "media"}
    | {"suppress_critical", "encoding", "max_size", "rules", "loosen", "reason"}
)
_SECTION_KEYS: Final = _OF_PATHS | {"match"}
_TOP_KEYS: Final = _OF_PATHS | {
    *("packs", "profile", "exclude", "extends", "policy", "path", "when_sealed", "ci_excerpts"),
    "baseline",
}
_POLICY_KEYS: Final = frozenset({"owner", "contact", "report", "handbook", "next", "respond"})
_SIZE: Final = re.compile(r"(\d{1,15}) ?(B|kB|MB|GB)?")
_UNITS: Final = {None: 1, "B": 1, "kB": 1000, "MB": 1000**2, "GB": 1000**3}


class Loading:
    """One reading of a configuration and of all that it extends."""

    def __init__(self, read: Read) -> None:
        self.read = read

    def config(self, path: str, above: tuple[str, ...], base: str = "") -> Config:
        if path in above:
            ring = " → ".join(from_here(p) for p in (*above[above.index(path) :], path))
            raise ConfigError(f"{from_here(path)}: files extend each other: {ring}",
                              hint="break the circle")  # fmt: skip
        data = self.read(path)
        if data is None:
            raise ConfigError(
                f"{from_here(path)}: no such file", hint="check --config, or what extends it"
            )
        file = _File(path, data, base or os.path.dirname(path))
        parents = [
            self.config(target, (*above, path), inherited)
            for target, inherited in file.extended(self.read)
        ]
        settings = [s for parent in parents for s in parent.settings]
        contact = Contact()
        for parent in parents:
            contact = _joined(contact, parent.contact)
        own = list(file.settings())
        loosened = [looser for parent in parents for looser in parent.loosened]
        if parents:
            loosened += file.owned_up(own, settings)
        return Config(
            folder=file.base,
            file=file.name,
            settings=(*settings, *own),
            contact=_joined(contact, file.contact()),
            loosened=tuple(loosened),
            exists=True,
        )


class _File:
    """One file: its table, and where to point when something in it is wrong."""

    def __init__(self, path: str, data: bytes, base: str) -> None:
        self.path = path
        self.name = from_here(path)
        self.base = base
        try:
            self.text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ConfigError(
                f"{self.name}: not UTF-8 (byte {error.start})", hint="save the file as UTF-8"
            ) from None
        self.table = self._table()
        self.known(self.table, _TOP_KEYS, -1, "")

    def _table(self) -> Mapping[str, Any]:
        import tomli

        try:
            table: Any = tomli.loads(self.text)
        except tomli.TOMLDecodeError as error:
            place = re.search(r"\(at [^)]*\)", str(error))
            raise ConfigError(
                f"{self.name}: not TOML {place[0] if place else ''}".rstrip(),
                hint="mend that line",
            ) from None
        if os.path.basename(self.path) == "pyproject.toml":
            table = table.get("tool", {}).get("leakguard", {})
        if not isinstance(table, dict):
            raise ConfigError(f"{self.name}: tool.leakguard is not a table",
                              hint="write [tool.leakguard]")  # fmt: skip
        return table

    # what it says ───────────────────────────────────────────────────────────────────────────────

    def settings(self) -> Iterator[Setting]:
        """Its own settings, in order."""
        yield from self._settings(self.table, -1, None, ())
        sections = self.table.get("path", [])
        if not isinstance(sections, list) or not all(isinstance(s, dict) for s in sections):
            self.fail("path", -1, "sections are written as [[path]] tables")
        for index, section in enumerate(sections):
            self.known(section, _SECTION_KEYS, index, "[[path]] ")
            if "match" not in section:
                self.fail("", index, '[[path]] needs "match"', 'match = ["drafts/"]')
            patterns = self.strings(section, "match", index)
            if not patterns:
                self.fail("match", index, "[[path]] matches nothing", "name paths, or remove it")
            paths = self.paths(patterns, "match", index)
            yield from self._settings(section, index, paths, patterns)

    def _settings(
        self, table: Mapping[str, Any], index: int, paths: Paths | None, patterns: tuple[str, ...]
    ) -> Iterator[Setting]:
        reason = self.reason(table, index)

        def made(key: str, value: Any, name: str = "") -> Setting:
            line = self.line(key, index)
            return Setting(name or key, value, self.name, line, paths, patterns, self.base, reason)

        for key, words in WORDS.items():
            if key in table:
                yield made(key, self.word(table, key, words, index))
        for key in SWITCHES:
            if key in table:
                yield made(key, self.switch(table, key, index))
        if "encoding" in table:
            yield made("encoding", self.encoding(table, index))
        if "max_size" in table:
            yield made("max_size", self.size(table, index))
        if "baseline" in table:
            name = self.string(table, "baseline", index)
            yield made("baseline", os.path.join(self.base, name))
        if "packs" in table:
            packs = self.strings(table, "packs", index)
            if not packs:
                hint = "name one, or remove the key for the packs that come with leakguard"
                self.fail("packs", index, "no packs: there is nothing to look for", hint)
            yield made("packs", tuple(map(self.pack, packs)))
        if "exclude" in table:
            excluded = self.strings(table, "exclude", index)
            some = self.paths(excluded, "exclude", index)
            line = self.line("exclude", index)
            yield Setting("exclude", excluded, self.name, line, some, excluded, self.base, reason)
        rules = table.get("rules", {})
        if not isinstance(rules, dict):
            self.fail("rules", index, '"rules" is a table of rule ids', '"finance/iban" = "off"')
        for rule in rules:
            if not re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+", rule):
                self.fail(rule, index, f'"{rule}" is no rule id', "write pack/rule")
            yield made(rule, self.word(rules, rule, RULE_WORDS, index), f"rules.{rule}")

    def contact(self) -> Contact:
        table = self.table.get("policy", {})
        if not isinstance(table, dict):
            self.fail("policy", -1, '"policy" is a table', "write [policy]")
        self.known(table, _POLICY_KEYS, -1, "[policy] ")
        texts = {
            k: self.string(table, k, -1) for k in sorted(_POLICY_KEYS - {"respond"} & set(table))
        }
        respond = table.get("respond", {})
        if not isinstance(respond, dict):
            self.fail("respond", -1, '"respond" is a table of days by severity', "high = 3")
        days = []
        for key, value in respond.items():
            if key not in RULE_WORDS[1:]:
                self.fail(key, -1, f'unknown severity "{key}"', _nearest(key, RULE_WORDS[1:]))
            if not isinstance(value, int) or isinstance(value, bool) or value < 0:
                self.fail(key, -1, "days to respond are a whole number", f"{key} = 3")
            days.append((Severity[key.upper()], value))
        return Contact(**texts, respond=tuple(sorted(days)))

    def extended(self, read: Read) -> Iterator[tuple[str, str]]:
        """The files it extends, and the folder that their paths are counted from."""
        asked = self.table.get("extends", [])
        if isinstance(asked, str):
            asked = [asked]
        if not isinstance(asked, list) or not all(isinstance(a, str) and a for a in asked):
            self.fail("extends", -1, '"extends" is a list of files and packages',
                      'extends = ["../leakguard.toml", "package:acme_policy"]')  # fmt: skip
        for target in asked:
            if target.startswith("package:"):
                yield self._packaged(target.removeprefix("package:")), self.base
                continue
            path = os.path.normpath(os.path.join(os.path.dirname(self.path), target))
            if read(path) is None:
                hint = "paths are counted from this file; packages begin with package:"
                self.fail("extends", -1, f'"{target}" is not there', hint)
            yield path, ""

    def _packaged(self, name: str) -> str:
        from importlib.util import find_spec

        try:
            spec = find_spec(name) if name.isidentifier() else None
        except (ImportError, ValueError):
            spec = None
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            path = os.path.join(folder, NAME)
            if os.path.isfile(path):
                return path
        self.fail("extends", -1, f'no installed package "{name}" has a {NAME}',
                  "install it where leakguard is installed")  # fmt: skip

    def owned_up(self, own: list[Setting], before: list[Setting]) -> Iterator[Looser]:
        """What in `own` is looser than what it extends. Raises where that is not owned up to."""
        for looser, setting in loosened(own, before):
            if not setting.reason:
                raise ConfigError(
                    f"{setting.where}: {looser.what}, looser than what it extends",
                    hint='say so beside it: loosen = true and reason = "…"',
                )
            yield looser._replace(reason=setting.reason)

    # values ─────────────────────────────────────────────────────────────────────────────────────

    def word(self, table: Mapping[str, Any], key: str, words: tuple[str, ...], index: int) -> str:
        value = table[key]
        if not isinstance(value, str) or value not in words:
            hint = (
                _nearest(value, words) if isinstance(value, str) else "one of " + ", ".join(words)
            )
            self.fail(key, index, f'"{key}" cannot be {_told(value)}', hint)
        return value

    def switch(self, table: Mapping[str, Any], key: str, index: int) -> bool:
        value = table[key]
        if not isinstance(value, bool):
            self.fail(key, index, f'"{key}" is true or false')
        return value

    def string(self, table: Mapping[str, Any], key: str, index: int) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            self.fail(key, index, f'"{key}" is a text')
        return value

    def strings(self, table: Mapping[str, Any], key: str, index: int) -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            self.fail(key, index, f'"{key}" is a list of texts', f'{key} = ["…"]')
        return tuple(value)

    def reason(self, table: Mapping[str, Any], index: int) -> str:
        if "loosen" not in table and "reason" not in table:
            return ""
        if not self.switch(table, "loosen", index) if "loosen" in table else True:
            self.fail("reason", index, '"reason" goes with loosen = true')
        if "reason" not in table:
            self.fail("loosen", index, "loosening needs a reason", 'reason = "…"')
        return self.string(table, "reason", index)

    def paths(self, patterns: tuple[str, ...], key: str, index: int) -> Paths:
        for pattern in patterns:
            try:
                Paths.of([pattern])
            except ValueError as error:
                self.fail(key, index, f'"{pattern}": {error}', "patterns are those of .gitignore")
        return Paths.of(patterns)

    def encoding(self, table: Mapping[str, Any], index: int) -> str:
        import codecs

        name = self.string(table, "encoding", index)
        try:
            known = codecs.lookup(name)
        except LookupError:
            known = None
        if known is None or not getattr(known, "_is_text_encoding", True):
            self.fail("encoding", index, f'unknown encoding "{name}"', "for instance shift_jis")
        return str(known.name)

    def size(self, table: Mapping[str, Any], index: int) -> int:
        value = table["max_size"]
        found = _SIZE.fullmatch(str(value)) if not isinstance(value, bool) else None
        if not found or int(found[1]) == 0:
            self.fail("max_size", index, '"max_size" is a number of bytes', 'max_size = "50 MB"')
        return int(found[1]) * _UNITS[found[2]]

    def pack(self, asked: str) -> str:
        """A pack's name, or its path as counted from the current folder."""
        if "/" not in asked and "\\" not in asked and not asked.endswith((".toml", ".sealed")):
            return asked
        prefix, colon, path = asked.rpartition(":")
        if colon and len(prefix) == 1:  # a drive
            prefix, colon, path = "", "", asked
        here = from_here(os.path.join(self.base, path))
        return f"{prefix}{colon}{here}" if "/" in here else f"{prefix}{colon}./{here}"

    # errors ─────────────────────────────────────────────────────────────────────────────────────

    def known(self, table: Mapping[str, Any], known: Iterable[str], index: int, of: str) -> None:
        for key in table:
            if key not in known:
                if index >= 0 and key in _TOP_KEYS:
                    self.fail(key, index, f'"{key}" holds for all files', "move it above [[path]]")
                self.fail(key, index, f'{of}unknown key "{key}"', _nearest(key, known))

    def fail(self, key: str, index: int, message: str, hint: str = "") -> NoReturn:
        raise ConfigError(f"{self.name}:{self.line(key, index)}: {message}", hint=hint)

    def line(self, key: str, index: int) -> int:
        """The line of `key` in the section `index`, or above all sections; of the section else."""
        starts = [m.start() for m in re.finditer(r"^[ \t]*\[\[[\w. ]*\bpath\]\]", self.text, re.M)]
        begin, end = 0, starts[0] if starts else len(self.text)
        if 0 <= index < len(starts):
            begin = starts[index]
            end = starts[index + 1] if index + 1 < len(starts) else len(self.text)
        elif index >= 0:  # sections written in line
            end = len(self.text)
        name = rf"[\"']?{re.escape(key)}[\"']?"
        shape = rf"^[ \t]*{name}[ \t]*=|[{{,][ \t]*{name}[ \t]*=|^[ \t]*\[+[^\]\n]*\b{name}[ \t]*\]"
        found = re.compile(shape, re.M).search(self.text, begin, end) if key else None
        if key and found is None and index < 0:  # tables may follow the sections
            found = re.compile(shape, re.M).search(self.text)
        at = found.start() + len(found[0]) - len(found[0].lstrip()) if found else begin
        return self.text.count("\n", 0, at) + 1


def _told(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def _nearest(word: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    known = sorted(known)
    close = get_close_matches(word, known, 1, 0.6)
    return f'did you mean "{close[0]}"?' if close else "one of " + ", ".join(known)


def _joined(one: Contact, other: Contact) -> Contact:
    days = dict(one.respond) | dict(other.respond)
    said = {key: value for key, value in other._asdict().items() if value and key != "respond"}
    return one._replace(**said, respond=tuple(sorted(days.items())))
