"""Configurations of gitleaks and betterleaks, written again as packs of ours.

`convert` gives the pack as TOML. What a configuration says and a pack cannot keep is refused by
the rule's id, with the reason; docs/gitleaks.md names what is read otherwise.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from leakguard import re2
from leakguard.errors import PackError, PatternError
from leakguard.records import NamedTuple

DEFAULTS: Final = "gitleaks-default.toml"

_FILE_KEYS = {
    *("title", "description", "minversion", "betterleaksminversion", "extend", "rules"),
    *("allowlist", "allowlists"),
}
_EXTEND_KEYS = {"path", "usedefault", "disabledrules"}
_RULE_KEYS = {
    *("id", "description", "regex", "keywords", "entropy", "secretgroup", "path", "tags"),
    *("allowlist", "allowlists", "required", "skipreport", "validate", "tokenefficiency"),
}
_ALLOWLIST_KEYS = {
    *("description", "condition", "commits", "paths", "regextarget", "regexes", "stopwords"),
    "targetrules",
}
_REQUIRED_KEYS = {"id", "withinlines", "withincolumns"}
_CONDITIONS = {"": "or", "or": "or", "||": "or", "and": "and", "&&": "and"}
_TARGETS = {"": "hit", "secret": "hit", "match": "match", "line": "line"}
_WORST = re.compile(r"private[ -]key|secret[ -]access[ -]key|service[ -]account", re.IGNORECASE)

_INSTEAD = "Take it out, revoke it where it was issued, and read it from a secret store."

Table = dict[str, Any]


class Conversion(NamedTuple):
    """A pack as TOML, and what is told of how it was made: a line each, by rule."""

    text: str
    rules: int
    notes: tuple[str, ...]


def read(path: str) -> tuple[bytes, ...]:
    """The bytes of a configuration and of those it extends: all that `convert` depends on."""
    return tuple(data for _, data in _files(path))


def convert(path: str, *, skip: Iterable[str] = (), name: str = "") -> Conversion:
    """The configuration at `path` as a pack, without the rules in `skip`.

    Raises `PackError` that names each rule that cannot be kept, and why.
    """
    whole = _extended([(where, _parsed(where, data)) for where, data in _files(path)], path)
    made = _Making(path, frozenset(skip))
    rows = made.rules(whole)
    allowlists = made.allowlists("", _listed(whole, "allowlists"))
    made.refuse()
    if not rows:
        raise PackError(f"{path}: no rules are left", hint="a pack needs at least one")
    made.notes += [
        f"{where}: repeats without an end have at most {cap:,} rounds"
        for where, cap in made.caps.items()
    ]
    stem = os.path.basename(path).removesuffix(".toml")
    head = {
        "name": name or _kebab(stem) or "gitleaks",
        "title": str(whole.get("title") or stem.strip(".")),
        "imported_from": os.path.basename(path),
    }
    return Conversion(_written(head, allowlists, rows, made.notes), len(rows), tuple(made.notes))


# ── reading and extending ────────────────────────────────────────────────────────────────────────


def _files(path: str) -> list[tuple[str, bytes]]:
    """The configuration, the one it extends, and so on."""
    found: list[tuple[str, bytes]] = []
    following = path
    if not path:
        raise PackError("no configuration is named", hint="gitleaks:PATH, or a path to convert")
    while following:
        if any(os.path.realpath(following) == os.path.realpath(known) for known, _ in found):
            raise PackError(f"{following}: extends itself", hint="break the circle")
        try:
            with open(following, "rb") as file:
                data = file.read()
        except OSError as error:
            raise PackError(
                f"{following}: cannot be read: {error.strerror}",
                hint=_missing_hint(path, following),
            ) from None
        found.append((following, data))
        following = _next(following, data)
    return found


def _missing_hint(path: str, missing: str) -> str:
    if missing == path:
        return "check the path after gitleaks:"
    if os.path.basename(missing) == DEFAULTS:
        return (
            "extend.useDefault means the catalogue that comes with gitleaks, and none comes with "
            "leakguard: save it there under this name"
        )
    return "extend.path is read from the folder of the configuration"


def _next(path: str, data: bytes) -> str:
    if b"extend" not in data.lower():
        return ""
    extend = _parsed(path, data).get("extend", {})
    folder = os.path.dirname(path)
    if extend.get("path"):
        return os.path.join(folder, str(extend["path"]))
    return os.path.join(folder, DEFAULTS) if extend.get("usedefault") else ""


def _parsed(path: str, data: bytes) -> Table:
    """The tables of a configuration, keys in small letters: gitleaks does not heed their case."""
    import tomli

    try:
        found: Table = _lowered(tomli.loads(data.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise PackError(
            f"{path}: not UTF-8 (byte {error.start})", hint="save it as UTF-8"
        ) from None
    except tomli.TOMLDecodeError as error:
        place = re.search(r"line \d+, column \d+", str(error))
        raise PackError(f"{path}: not TOML" + (f" ({place[0]})" if place else "")) from None
    _known(path, "", found, _FILE_KEYS)
    extend = found.get("extend", {})
    if not isinstance(extend, dict):
        raise PackError(f'{path}: "extend" is a table')
    _known(path, "extend.", extend, _EXTEND_KEYS)
    if extend.get("path") and extend.get("usedefault"):
        raise PackError(f"{path}: extend.path and extend.useDefault are both set")
    for key in ("rules", "allowlists"):
        _tables(path, found, key)
    return found


def _known(path: str, at: str, table: Table, known: set[str]) -> None:
    for key in table:
        if key not in known:
            raise PackError(f'{path}: "{at}{key}" cannot be kept', hint="take it out, if you can")


def _tables(path: str, table: Table, key: str) -> None:
    listed = table.get(key, [])
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        raise PackError(f"{path}: {key} are written as [[{key}]] tables")


def _lowered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key.lower(): _lowered(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_lowered(inner) for inner in value]
    return value


def _listed(table: Mapping[str, Any], key: str) -> list[Table]:
    """Tables written as a list, or in the older form as one: `[allowlist]`."""
    one = table.get(key.removesuffix("s"))
    return [*table.get(key, []), *([one] if one is not None else [])]


def _extended(layers: Sequence[tuple[str, Table]], path: str) -> Table:
    """The layers laid over each other, the first on top."""
    *above, (_, whole) = layers
    whole = {**whole, "allowlists": _listed(whole, "allowlists")}
    for _, layer in reversed(above):
        off = set(layer.get("extend", {}).get("disabledrules", []))
        below = {r.get("id"): r for r in whole.get("rules", []) if r.get("id") not in off}
        for rule in layer.get("rules", []):
            under = below.get(rule.get("id"))
            below[rule.get("id")] = _merged(under, rule) if under else rule
        whole = {
            **layer,
            "rules": list(below.values()),
            "allowlists": [*_listed(layer, "allowlists"), *whole["allowlists"]],
        }
    return {key: value for key, value in whole.items() if key != "allowlist"}


def _merged(below: Table, above: Table) -> Table:
    """A rule of the extending configuration over the one of the same id: lists come together."""
    merged = {**below, **{key: value for key, value in above.items() if value not in ("", 0)}}
    for key in ("keywords", "tags"):
        merged[key] = [*below.get(key, []), *above.get(key, [])]
    merged["allowlists"] = [*_listed(below, "allowlists"), *_listed(above, "allowlists")]
    merged.pop("allowlist", None)
    return merged


# ── making ───────────────────────────────────────────────────────────────────────────────────────


class _Refused(Exception):
    """What cannot be kept of a rule. Carries words of ours only."""


class _Making:
    """Turns rules into ours, and gathers what is refused and what is worth a note."""

    def __init__(self, path: str, skip: frozenset[str]) -> None:
        self.path = path
        self.skip = skip
        self.notes: list[str] = []
        self.caps: dict[str, int] = {}
        self.refused: list[tuple[str, str]] = []

    def rules(self, whole: Table) -> list[Table]:
        sources = [r for r in whole.get("rules", []) if r.get("id") not in self.skip]
        known = {rule.get("id") for rule in whole.get("rules", [])}
        for missing in sorted(self.skip - known):
            raise PackError(f'{self.path}: there is no rule "{missing}" to skip')
        self.notes += [f"{identity}: left out" for identity in sorted(self.skip)]
        targeted: dict[str, list[Table]] = {}
        for allowlist in whole.get("allowlists", []):
            for identity in allowlist.get("targetrules", []):
                targeted.setdefault(identity, []).append(allowlist)
        ids = {str(rule.get("id")) for rule in sources}
        rows: dict[str, Table] = {}
        for identity in sorted(targeted.keys() - ids - self.skip):
            self.refused.append((identity, "an allowlist is for it, and there is no such rule"))
        for number, rule in enumerate(sources, 1):
            identity = str(rule.get("id") or f"rule {number}")
            try:
                row = self.rule({**rule, "id": identity}, targeted.get(identity, []), ids)
                if row["id"] in rows:
                    raise _Refused(f'another rule is called "{row["id"]}" too')
                rows[row["id"]] = row
            except _Refused as refusal:
                self.refused.append((identity, str(refusal)))
        return list(rows.values())

    def refuse(self) -> None:
        """Raises `PackError` with everything that could not be kept."""
        if not self.refused:
            return
        lines = [f"  {identity or '[[allowlists]]'}: {why}" for identity, why in self.refused]
        many = "1 rule" if len(lines) == 1 else f"{len(lines)} rules"
        first = next((identity for identity, _ in self.refused if identity), "ID")
        raise PackError(
            "\n".join([f"{self.path}: {many} cannot be kept", *lines]),
            hint=f"leave out by name: leakguard packs convert … --skip {first}",
        )

    def rule(self, rule: Table, targeted: list[Table], ids: set[str]) -> Table:
        for key in rule:
            if key not in _RULE_KEYS:
                raise _Refused(f'"{key}" has no counterpart')
        if rule.get("tokenefficiency"):
            raise _Refused('"tokenEfficiency" has no counterpart')
        identity, regex, path = rule["id"], _text(rule, "regex"), _text(rule, "path")
        if not regex and not path:
            raise _Refused("it has neither regex nor path")
        words = _words(rule, "keywords")
        if path and not regex and words:
            raise _Refused("keywords beside a path alone have no counterpart")
        title = " ".join(re.split(r"[^A-Za-z0-9]+", identity)).strip()
        about = _text(rule, "description").strip()
        generic = "generic" in identity.lower()
        row: Table = {"id": _kebab(identity), "title": title or "secret"}
        if not row["id"]:
            raise _Refused("its id has no letters or digits")
        worst = _WORST.search(f"{title} {about}")
        row["severity"] = "medium" if generic else "critical" if worst else "high"
        row["why"] = _sentence(about) or "Whoever reads it can use it."
        row["instead"] = _INSTEAD
        if regex:
            row |= self.pattern(identity, regex, rule)
        if path:
            row["path"] = self.translated(identity, "path", path).pattern
        if words:
            row["keywords"] = words
        if entropy := rule.get("entropy"):
            if not isinstance(entropy, int | float) or not 0 <= entropy <= 8 or not regex:
                raise _Refused('"entropy" is a number from 0 to 8, beside a regex')
            row["entropy"] = float(entropy)
        if generic:
            row["yields"] = True
        if rule.get("skipreport"):
            row["confidence"] = "none"
        if rule.get("required"):
            row["requires"] = _requires(rule["required"], ids)
        if allowed := self.allowlists(identity, [*_listed(rule, "allowlists"), *targeted]):
            row["allowlists"] = allowed
        return row

    def pattern(self, identity: str, regex: str, rule: Table) -> Table:
        group = rule.get("secretgroup") or None
        if group is not None and not isinstance(group, int):
            raise _Refused('"secretGroup" is a whole number')
        found = self.translated(identity, "regex", regex, group)
        return {"pattern": found.pattern} | ({"capture": True} if found.groups else {})

    def translated(
        self, identity: str, key: str, source: str, group: int | None = None
    ) -> re2.Translated:
        try:
            found = re2.translate(source, group)
        except PatternError as error:
            raise _Refused(f"{key}: {error.message} (character {error.at + 1})") from None
        if found.cap is not None:
            where = f"{identity or 'allowlists'}: {key}"
            self.caps[where] = min(found.cap, self.caps.get(where, found.cap))
        return found

    def allowlists(self, identity: str, listed: Sequence[Any]) -> list[Table]:
        """Allowlists of a rule, or with no id those that hold for all rules."""
        made = []
        for source in listed:
            try:
                if not isinstance(source, dict):
                    raise _Refused("an allowlist is a table")
                if identity or not source.get("targetrules"):
                    made.append(self.allowlist(identity, source))
            except _Refused as refusal:
                if identity:
                    raise
                self.refused.append(("", str(refusal)))
        return made

    def allowlist(self, identity: str, source: Table) -> Table:
        for key in source:
            if key not in _ALLOWLIST_KEYS:
                raise _Refused(f'"{key}" of an allowlist has no counterpart')
        condition = str(source.get("condition", "")).lower()
        target = str(source.get("regextarget", ""))
        if condition not in _CONDITIONS or target not in _TARGETS:
            raise _Refused("an allowlist's condition is and or or, its regexTarget match or line")
        row: Table = {}
        if about := _text(source, "description"):
            row["description"] = about
        if _CONDITIONS[condition] == "and":
            row["condition"] = "and"
        for key, ours in (("regexes", "patterns"), ("paths", "paths")):
            shapes = _words(source, key)
            if shapes:
                row[ours] = [
                    self.translated(identity, f"allowlist {key}", shape).pattern for shape in shapes
                ]
        if target and target != "secret" and "patterns" in row:
            row["target"] = _TARGETS[target]
        for key in ("stopwords", "commits"):
            if found := _words(source, key):
                row[key] = found
        if not row.keys() & {"patterns", "paths", "stopwords", "commits"}:
            raise _Refused("an allowlist allows nothing")
        return row


def _requires(required: Any, ids: set[str]) -> Table:
    if not isinstance(required, list) or not all(isinstance(r, dict) for r in required):
        raise _Refused("required rules are written as [[rules.required]] tables")
    for one in required:
        for key in one:
            if key not in _REQUIRED_KEYS:
                raise _Refused(f'"{key}" of a required rule has no counterpart')
        if one.get("id") not in ids:
            raise _Refused("it requires a rule that is not there")
    distances = {(one.get("withinlines"), one.get("withincolumns")) for one in required}
    if len(distances) > 1:
        raise _Refused("it requires rules at different distances, which has no counterpart")
    (lines, columns) = distances.pop()
    link: Table = {"all": [_kebab(one["id"]) for one in required]}
    if lines is None and columns is None:
        return link | {"same": "document"}
    for key, distance in (("lines", lines), ("columns", columns)):
        if distance is not None:
            if not isinstance(distance, int) or not 0 <= distance <= 1000:
                raise _Refused("a required rule is at most 1,000 lines or columns away")
            link[key] = distance
    return link


def _text(table: Table, key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise _Refused(f'"{key}" is a text')
    return value


def _words(table: Table, key: str) -> list[str]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise _Refused(f'"{key}" is a list of texts')
    return [word for word in value if word]


def _kebab(text: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", text.lower()))


def _sentence(text: str) -> str:
    return text if not text or text[-1] in ".!?" else text + "."


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


def _written(head: Table, allowlists: list[Table], rows: list[Table], notes: Sequence[str]) -> str:
    tables = [f"# {line}" for line in notes]
    tables += ["", "[pack]", *_keys(head)]
    for row in rows:
        own = row.get("allowlists", [])
        keys = {key: value for key, value in row.items() if key != "allowlists"}
        tables += ["", "[[rule]]", *_keys(keys)]
        for allowlist in own:
            tables += ["", "[[rule.allowlists]]", *_keys(allowlist)]
    for allowlist in allowlists:
        tables += ["", "[[allowlists]]", *_keys(allowlist)]
    return "\n".join(tables).lstrip("\n") + "\n"


def _keys(table: Table) -> list[str]:
    return [f"{key} = {_value(value)}" for key, value in table.items()]


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        inner = [_value(item) for item in value]
        if sum(map(len, inner)) < 80:
            return f"[{', '.join(inner)}]"
        return "\n".join(["[", *(f"  {item}," for item in inner), "]"])
    if isinstance(value, str):
        # Between ''' backslashes are themselves, which is what patterns like.
        plain = value.isprintable() and "'''" not in value and not value.endswith("'")
        return (
            f"'''{value}'''" if plain and "\\" in value else json.dumps(value, ensure_ascii=False)
        )
    return json.dumps(value)
