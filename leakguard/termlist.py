"""Lists of terms as they are written: a term added or removed, all else byte for byte.

Works on the TOML text of a pack, so that comments, order and layout stay, and gives back the text:
who keeps the list where (in a file, sealed) is somebody else's. No error here spells a term.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from json import dumps

from leakguard.errors import PackError, UsageError
from leakguard.model import Entry, Mode
from leakguard.packs import Pack
from leakguard.records import NamedTuple
from leakguard.terms import compile_term

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|\#[^\n]*|\n|[\[\]{},=]'
    r"|[^\s\[\]{},=#\"']+|[^\S\n]+",
    re.S,
)
_NAMES = ("terms", "entries", '"terms"', '"entries"')


class _Array(NamedTuple):
    """Where a list of terms stands: its rule's position, its brackets, and its elements."""

    rule: int
    start: int  # of what is behind the opening bracket
    end: int  # of what is before the closing bracket
    elements: tuple[tuple[int, int], ...]


def added(
    text: str, where: str, term: str, *, rule: str = "", more: Mapping[str, object] | None = None
) -> tuple[str, int]:
    """The pack `text` with `term` at the end of the list of `rule`, and the entry's number.

    `rule` may be left out where the pack has one list. `more` are keys of the entry. Raises
    `UsageError` when the term is there already or the rule is not, `PackError` when what comes out
    would be no pack (a title that spells the term).
    """
    pack = Pack.from_toml(text, where=where)
    index = _rule_index(pack, where, rule)
    mode = pack.rules[index].entries[-1].mode
    _refuse_known(pack, term, mode)
    number = max(entry.id for entry in _entries(pack)) + 1
    array = _array_of(text, index, where)
    said = "".join(f", {key} = {_value(value)}" for key, value in (more or {}).items())
    row = f"{{ term = {_quoted(term)}, id = {number}{said} }}"
    wanted = _numbers(text)
    wanted[index].append(number)
    return _kept(_inserted(text, array, row), where, wanted), number


def removed(text: str, where: str, number: int) -> str:
    """The pack `text` without the entry of that number; the numbers of all others stay.

    Raises `UsageError` when there is none, or when its rule would be left without terms.
    """
    pack = Pack.from_toml(text, where=where)
    place = [
        (i, at)
        for i, r in enumerate(pack.rules)
        for at, e in enumerate(r.entries)
        if e.id == number
    ]
    if not place:
        raise UsageError(f"{where}: has no term number {number}", hint="see: leakguard terms list")
    index, at = place[0]
    if len(pack.rules[index].entries) == 1:
        raise UsageError(
            f"{where}: it is the only term of its rule", hint="remove the rule in the file"
        )
    array, element = _element(text, index, at, where)
    wanted = _numbers(text)
    del wanted[index][at]
    return _kept(_without(text, array, element), where, wanted)


# ── what must hold ───────────────────────────────────────────────────────────────────────────────


def _entries(pack: Pack) -> list[Entry]:
    return [entry for rule in pack.rules for entry in rule.entries]


def _numbers(text: str) -> list[list[int]]:
    """The numbers of the entries of each rule, whether they are written out or follow."""
    import tomli

    highest = 0
    numbers: list[list[int]] = []
    for row in tomli.loads(text)["rule"]:
        numbers.append([])
        for item in (*row.get("terms", ()), *row.get("entries", ())):
            said = item.get("id") if isinstance(item, dict) else None
            numbers[-1].append(highest + 1 if said is None else said)
            highest = max(highest, numbers[-1][-1])
    return numbers


def _rule_index(pack: Pack, where: str, rule: str) -> int:
    lists = {r.id.partition("/")[2]: i for i, r in enumerate(pack.rules) if r.entries}
    wanted = rule.rpartition("/")[2]
    if wanted in lists:
        return lists[wanted]
    if rule or len(lists) != 1:
        raise UsageError(
            f"{where}: "
            + (
                "has no list of terms called that"
                if rule
                else "has several lists of terms"
                if lists
                else "has no list of terms"
            ),
            hint="name one with --rule: " + ", ".join(lists)
            if lists
            else "write a first rule by hand",
        )
    return next(iter(lists.values()))


def _refuse_known(pack: Pack, term: str, mode: Mode) -> None:
    try:
        words = compile_term(term, mode).parts
    except ValueError as error:
        raise UsageError(str(error), hint="nothing was written") from None
    for entry in _entries(pack):
        if compile_term(entry.term, entry.mode).parts == words:
            raise UsageError(
                f"it is there already, as number {entry.id}", hint="nothing was written"
            )


def _kept(text: str, where: str, wanted: list[list[int]]) -> str:
    """`text` with those numbers written out that would be others than `wanted`."""
    given = _numbers(text)
    if [*map(len, given)] != [*map(len, wanted)]:
        raise _unknown_layout(where)
    for rule, numbers in enumerate(wanted):
        for at, number in enumerate(numbers):
            if given[rule][at] != number:
                text = _pinned(text, rule, at, number, where)
                given = _numbers(text)
    if given != wanted:
        raise _unknown_layout(where)
    Pack.from_toml(text, where=where)
    return text


def _pinned(text: str, rule: int, at: int, number: int, where: str) -> str:
    _, (start, end) = _element(text, rule, at, where)
    written = text[start:end]
    if written.startswith("{"):
        return f"{text[:end].removesuffix('}').rstrip()}, id = {number} }}{text[end:]}"
    return f"{text[:start]}{{ term = {written}, id = {number} }}{text[end:]}"


# ── where things stand ───────────────────────────────────────────────────────────────────────────


def _array_of(text: str, rule: int, where: str) -> _Array:
    arrays = [array for array in _arrays(text) if array.rule == rule]
    if not arrays:
        raise _unknown_layout(where)
    return max(arrays, key=lambda array: _name(text, array))


def _element(text: str, rule: int, at: int, where: str) -> tuple[_Array, tuple[int, int]]:
    _array_of(text, rule, where)
    arrays = sorted((a for a in _arrays(text) if a.rule == rule), key=lambda a: _name(text, a))
    for array in arrays:
        if at < len(array.elements):
            return array, array.elements[at]
        at -= len(array.elements)
    raise _unknown_layout(where)


def _unknown_layout(where: str) -> PackError:
    return PackError(
        f"{where}: is written in a way that cannot be changed here",
        hint="change it by hand; nothing was written",
    )


def _name(text: str, array: _Array) -> bool:
    """Terms go before entries, as they are numbered."""
    return "entries" in text[: array.start].rpartition("\n")[2]


def _arrays(text: str) -> Iterator[_Array]:
    """The lists of terms of a pack, with the position of the rule that each belongs to."""
    tokens = [m for m in _TOKEN.finditer(text) if not m[0].isspace() or m[0] == "\n"]
    rule, inside, fresh = -1, False, True
    at = 0
    while at < len(tokens):
        token = tokens[at][0]
        if fresh and token == "[":
            line = (
                text[tokens[at].start() :].split("\n", 1)[0].split("#")[0].replace(" ", "").strip()
            )
            inside = line == "[[rule]]"
            rule += inside
            while at < len(tokens) and tokens[at][0] != "\n":
                at += 1
            continue
        fresh = token == "\n"
        named = inside and token in _NAMES and [t[0] for t in tokens[at + 1 : at + 3]] == ["=", "["]
        if named and (at == 0 or tokens[at - 1][0] == "\n"):
            array, at = _array(tokens, at + 2, rule)
            yield array
        elif token in "[{":
            at = _past(tokens, at)
            continue
        at += 1


def _past(tokens: list[re.Match[str]], at: int) -> int:
    """Past the bracket that closes the one at `at`."""
    depth = 0
    while at < len(tokens):
        depth += (tokens[at][0] in ("[", "{")) - (tokens[at][0] in ("]", "}"))
        at += 1
        if not depth:
            break
    return at


def _array(tokens: list[re.Match[str]], at: int, rule: int) -> tuple[_Array, int]:
    start = tokens[at].end()
    at += 1
    elements: list[tuple[int, int]] = []
    while at < len(tokens) and tokens[at][0] != "]":
        token = tokens[at][0]
        if token in (",", "\n") or token.startswith("#"):
            at += 1
            continue
        begin, last = at, at
        at = _past(tokens, at) if token in ("[", "{") else at + 1
        last = at - 1
        elements.append((tokens[begin].start(), tokens[last].end()))
    end = tokens[at].start() if at < len(tokens) else start
    return _Array(rule, start, end, tuple(elements)), at


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


def _inserted(text: str, array: _Array, row: str) -> str:
    """The text with one more element at the end of a list, laid out as the last one is."""
    last = array.elements[-1]
    between = text[last[1] : array.end]
    comma = re.match(r"\s*,", between)
    ending = last[1] + (comma.end() if comma else 0)
    head, tail = text[:ending] + ("" if comma else ","), text[ending:]
    line = text[: last[0]].rpartition("\n")[2]
    if "\n" not in between and "\n" not in text[array.start : last[0]]:
        return f"{head} {row}{tail.lstrip(' ') if comma else tail}"
    newline = "\r\n" if "\r\n" in text else "\n"
    indent = re.match(r"[ \t]*", line)
    assert indent
    rest = re.match(r"(?:[ \t]*#[^\r\n]*)?", tail)
    comment = rest[0] if rest else ""
    return f"{head}{comment}{newline}{indent[0]}{row},{tail[len(comment) :]}"


def _without(text: str, array: _Array, element: tuple[int, int]) -> str:
    """The text without an element, its comma, and its line with the comment if it has one alone."""
    start, end = element
    comma = re.match(r"\s*,", text[end : array.end])
    end += comma.end() if comma else 0
    before = text[:start].rpartition("\n")
    rest = re.match(r"[ \t]*(?:#[^\n]*)?\r?\n", text[end:])
    if before[1] and not before[2].strip() and rest:
        return text[: start - len(before[2])] + text[end + rest.end() :]
    if not comma:  # the last one: the comma before it goes
        start -= len(text[:start]) - len(text[:start].rstrip().removesuffix(","))
        return text[:start] + text[end:]
    return text[:start] + text[end:].lstrip(" \t")


def _quoted(term: str) -> str:
    return dumps(term, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else _quoted(str(value))
