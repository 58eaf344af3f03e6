"""The schema of packs, which editors read, and its manual: both held against the loader."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import tomli
from hypothesis import event, given, settings
from hypothesis import strategies as st

from leakguard import packcheck, packs
from leakguard.checks import CHECKS
from leakguard.errors import PackError
from leakguard.model import SCOPES, Confidence, Severity
from leakguard.packs import Pack

ROOT = Path(__file__).parent.parent
SCHEMA: dict[str, Any] = json.loads((ROOT / "rules" / "pack.schema.json").read_text("utf-8"))
MANUAL = (ROOT / "docs" / "packs.md").read_text("utf-8")
PARTS: dict[str, dict[str, Any]] = SCHEMA["$defs"]
PACKS = sorted(path for folder in ("rules", "rules/templates", "examples")
               for path in (ROOT / folder).glob("*.toml"))  # fmt: skip
EXAMPLE = re.findall(r"^```toml\n(.*?)^```$", MANUAL, re.M | re.S)[0]

HEAD = '[pack]\nname = "acme"\n'
RULE = '[[rule]]\nid = "r"\ntitle = "t"\nwhy = "w"\nseverity = "high"\n'
TERMS = HEAD + RULE + "terms = ['zqx']\n"
PATTERN = HEAD + RULE + "pattern = 'ab'\nexamples = ['ab']\n"
OF = HEAD + RULE + "of = { any = ['x'], same = 'line' }\n"


def as_json(value: Any) -> Any:
    """TOML as a schema sees it: dates and times are texts."""
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, date | time) else value


@cache
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(SCHEMA)


def complaints(toml: str) -> set[str]:
    """Where the schema finds something wrong, as JSON paths."""
    return {error.json_path for error in validator().iter_errors(as_json(tomli.loads(toml)))}


def refusal(toml: str) -> str:
    """What the loader says is wrong; empty when it takes the pack."""
    try:
        Pack.from_toml(toml)
    except PackError as error:
        return str(error)
    return ""


# ── the schema itself ────────────────────────────────────────────────────────────────────────────


def objects(part: Any) -> list[dict[str, Any]]:
    """All tables that the schema describes."""
    if isinstance(part, list):
        return [found for inner in part for found in objects(inner)]
    if not isinstance(part, dict):
        return []
    own = [part] if part.get("type") == "object" and "properties" in part else []
    return own + [found for inner in part.values() for found in objects(inner)]


CONFIDENCE_CELLS = PARTS["rule"]["properties"]["confidence"]["anyOf"][1]


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_no_table_takes_unknown_keys() -> None:
    assert len(objects(SCHEMA)) >= 9
    assert all(part["additionalProperties"] is False for part in objects(SCHEMA))


def test_every_key_is_described_in_a_line() -> None:
    for part in objects(SCHEMA):
        for key, value in part["properties"].items():
            assert 10 <= len(value.get("description", "")) <= 110, key


KEYS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "a pack's file": (SCHEMA, packs._FILE_KEYS),
    "[pack]": (PARTS["pack"], packs._PACK_KEYS),
    "[[rule]]": (PARTS["rule"], packs._RULE_KEYS),
    "a term": (PARTS["entry"], set(packs._ENTRY_KINDS)),
    "near": (PARTS["near"], packs._NEAR_KEYS),
    "exclude": (PARTS["exclude"], packs._EXCLUDE_KEYS),
    "requires and of": (PARTS["requires"], packs._REQUIRES_KEYS),
    "allowlists": (PARTS["allowlist"], packs._ALLOWLIST_KEYS),
    "count": (PARTS["count"], packs._COUNT_KEYS),
    "confidence": (CONFIDENCE_CELLS, set(packs._USUAL)),
}


@pytest.mark.parametrize(("part", "known"), KEYS.values(), ids=KEYS.keys())
def test_keys_are_those_of_the_loader(part: dict[str, Any], known: set[str]) -> None:
    assert set(part["properties"]) == known


def test_every_table_is_held_against_the_loader() -> None:
    assert len(objects(SCHEMA)) == len(KEYS)


RULE_KEYS: dict[str, dict[str, Any]] = PARTS["rule"]["properties"]
WORDS: dict[str, tuple[list[str], set[str]]] = {
    "severities": (PARTS["severity"]["enum"], {str(level) for level in Severity}),
    "levels of confidence": (PARTS["confidence"]["enum"], {str(level) for level in Confidence}),
    "modes": (PARTS["mode"]["enum"], set(packs._MODES)),
    "reaches": (PARTS["reach"]["enum"], set(packs._REACHES)),
    "targets": (PARTS["allowlist"]["properties"]["target"]["enum"], set(packs._TARGETS)),
    "scopes": (PARTS["scopes"]["items"]["enum"], set(SCOPES)),
    "checks": (RULE_KEYS["check"]["enum"], set(CHECKS)),
    "profiles": (RULE_KEYS["profile"]["enum"], {"standard", "strict"}),
    "shared exclusions": (
        PARTS["exclude"]["properties"]["shared"]["items"]["enum"],
        set(packs.shared_exclusions()),
    ),
    "lists": (PARTS["exclude"]["properties"]["lists"]["items"]["enum"], set(packs.LISTS)),
}


@pytest.mark.parametrize(("listed", "known"), WORDS.values(), ids=WORDS.keys())
def test_words_are_those_of_the_loader(listed: list[str], known: set[str]) -> None:
    assert sorted(listed) == sorted(known)


def test_distances_end_where_the_loader_ends_them() -> None:
    assert PARTS["distance"]["maximum"] == PARTS["number"]["maximum"] == packs.NEAR_CAP


# ── packs that are right ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_our_own_packs_are_valid(path: Path) -> None:
    assert not complaints(path.read_text("utf-8"))


def test_all_of_them_were_tried() -> None:
    folders = {path.parent.relative_to(ROOT).as_posix() for path in PACKS}
    assert folders == {"rules", "rules/templates", "examples"}


RIGHT = {
    "terms": TERMS,
    "terms and entries": TERMS + "[[rule.entries]]\nterm = 'zqy'\nid = 7\n",
    "entries alone": HEAD + RULE + "[[rule.entries]]\nterm = 'zqy'\n",
    "a pattern": PATTERN,
    "a pattern with everything": PATTERN + "check = 'luhn'\nnear = { words = ['x'], before = 0, after = 1000 }\nconfidence = { bare = 'none', checked = 'low', near = 'medium', full = 'high' }\n",
    "full by a strong word": PATTERN + "near = { strong = ['x'] }\nconfidence = { full = 'high' }\n",
    "full by two words": PATTERN + "near = { words = ['x', 'y'], at_least = 2 }\nconfidence = { full = 'high' }\n",
    "words by the name of their list": HEAD + "[words]\nkin = ['x']\nfolk = ['y', 'z']\n" + PATTERN.removeprefix(HEAD) + "near = { lists = ['kin', 'folk'] }\nconfidence = { near = 'high' }\n",
    "full by a strong list": HEAD + "[words]\nkin = ['x']\n" + PATTERN.removeprefix(HEAD) + "near = { strong_lists = ['kin'] }\nconfidence = { full = 'high' }\n",
    "no cell at all": PATTERN + "confidence = {}\n",
    "other rules": OF,
    "other rules and a level": OF + "confidence = { full = 'low' }\nsamples = []\nscopes = []\n",
    "rules that must not be near": PATTERN + "requires = { none = ['finance/iban'], within = 0 }\n",
    "dates and date-times": TERMS + "expires = 2027-06-30\nembargo_until = 2027-02-01T14:00:00.5+01:00\n",
    "a local date-time": TERMS + "embargo_until = 2027-02-01 14:00:00\n",
    "a path alone": HEAD + RULE + "path = 'ab'\n",
    "a path beside terms": TERMS + "path = 'ab'\n",
    "an imported pattern without examples": HEAD + "imported_from = 'x.toml'\n" + RULE + "pattern = 'ab'\n",
    "entropy and a group": PATTERN.replace("'ab'\n", "'a(b)'\n", 1) + "entropy = 3\ncapture = true\n",
    "allowlists of a rule": TERMS + "[[rule.allowlists]]\npatterns = ['a']\ntarget = 'line'\n[[rule.allowlists]]\ncommits = ['C0FFEE']\n",
    "allowlists of the pack": TERMS + "[[allowlists]]\ndescription = ''\ncondition = 'and'\nstopwords = ['a']\npaths = ['b']\n",
    "rules some lines away": PATTERN + "requires = { all = ['x'], lines = 0, columns = 1000 }\n",
    "a count that changes nothing": TERMS + "count = {}\n",
    "a review every day": TERMS.replace("[[", "review_every = '1 day'\n[[", 1),
}  # fmt: skip


@pytest.mark.parametrize("toml", RIGHT.values(), ids=RIGHT.keys())
def test_both_take(toml: str) -> None:
    assert refusal(toml) == ""
    assert complaints(toml) == set()


# ── packs that are wrong ─────────────────────────────────────────────────────────────────────────

AT = "$.rule[0]"
# What is wrong, the pack, and where the schema points.
WRONG = {
    "no [pack]": (RULE + "terms = ['zqx']\n", "$"),
    "no rules": (HEAD, "$"),
    "an empty list of rules": ("rule = []\n" + HEAD, "$.rule"),
    "one [rule]": (HEAD + RULE.replace("[[rule]]", "[rule]") + "terms = ['zqx']\n", "$.rule"),
    "an unknown table": (TERMS + "[rules]\n", "$"),
    "an unknown key of the pack": (TERMS.replace("[[", "ownr = 'x'\n[[", 1), "$.pack"),
    "a pack without a name": (TERMS.replace('name = "acme"', ""), "$.pack"),
    "a name with capitals": (TERMS.replace('"acme"', '"Acme"'), "$.pack.name"),
    "a version that is a number": (TERMS.replace("[[", "version = 2026\n[[", 1), "$.pack.version"),
    "a review date with a time": (TERMS.replace("[[", "reviewed = 2026-11-22T10:00:00Z\n[[", 1), "$.pack.reviewed"),
    "a review that is no span": (TERMS.replace("[[", "review_every = '2 weeks'\n[[", 1), "$.pack.review_every"),
    "an unknown key of a rule": (PATTERN + "patern = 'a'\n", AT),
    "no id": (TERMS.replace('id = "r"', ""), AT),
    "an id with an underscore": (TERMS.replace('"r"', '"r_1"'), AT + ".id"),
    "a blank title": (TERMS.replace('"t"', '" "'), AT + ".title"),
    "no why": (TERMS.replace('why = "w"', ""), AT),
    "no severity": (TERMS.replace('severity = "high"', ""), AT),
    "an unknown severity": (TERMS.replace('"high"', '"hihg"'), AT + ".severity"),
    "nothing to look for": (HEAD + RULE, AT),
    "terms and a pattern": (PATTERN + "terms = ['zqx']\n", AT),
    "a pattern and other rules": (PATTERN + "of = { any = ['x'], same = 'line' }\n", AT),
    "no terms in the list": (HEAD + RULE + "terms = []\n", AT + ".terms"),
    "a blank term": (HEAD + RULE + "terms = ['zqx', ' ']\n", AT + ".terms[1]"),
    "a term that is a number": (HEAD + RULE + "terms = [1]\n", AT + ".terms[0]"),
    "a table without its term": (HEAD + RULE + "terms = [{ id = 1 }]\n", AT + ".terms[0]"),
    "an unknown key of a term": (HEAD + RULE + "terms = [{ term = 'zqx', ownr = 'o' }]\n", AT + ".terms[0]"),
    "a term numbered 0": (HEAD + RULE + "terms = [{ term = 'zqx', id = 0 }]\n", AT + ".terms[0]"),
    "an unknown mode": (TERMS + "match = 'fuzzy'\n", AT + ".match"),
    "a mode without terms": (PATTERN + "match = 'loose'\n", AT),
    "common that is a text": (TERMS + "common = 'yes'\n", AT + ".common"),
    "common without terms": (OF + "common = true\n", AT),
    "a pattern without examples": (HEAD + RULE + "pattern = 'ab'\n", AT),
    "a pattern with no examples in the list": (HEAD + RULE + "pattern = 'ab'\nexamples = []\n", AT + ".examples"),
    "a blank pattern": (PATTERN.replace("'ab'\n", "''\n", 1), AT + ".pattern"),
    "an unknown check": (PATTERN + "check = 'lunh'\n", AT + ".check"),
    "a check without a pattern": (TERMS + "check = 'luhn'\n", AT),
    "an unknown profile": (TERMS + "profile = 'loose'\n", AT + ".profile"),
    "near without words": (PATTERN + "near = { before = 3 }\n", AT + ".near"),
    "near with an empty word": (PATTERN + "near = { words = ['x', ''] }\n", AT + ".near.words[1]"),
    "near with same and before": (PATTERN + "near = { words = ['x'], same = 'line', before = 3 }\n", AT + ".near"),
    "near too far": (PATTERN + "near = { words = ['x'], after = 1001 }\n", AT + ".near.after"),
    "near with an unknown reach": (PATTERN + "near = { words = ['x'], same = 'page' }\n", AT + ".near.same"),
    "near that asks for no word": (PATTERN + "near = { words = ['x'], at_least = 0 }\n", AT + ".near.at_least"),
    "an unknown level": (PATTERN + "confidence = 'sure'\n", AT + ".confidence"),
    "an unknown cell": (PATTERN + "confidence = { best = 'high' }\n", AT + ".confidence"),
    "checked without a check": (PATTERN + "confidence = { checked = 'low' }\n", AT),
    "near without near": (PATTERN + "confidence = { near = 'low' }\n", AT),
    "full without a way there": (PATTERN + "near = { words = ['x'] }\nconfidence = { full = 'high' }\n", AT),
    "bare for other rules": (OF + "confidence = { bare = 'low' }\n", AT),
    "an unknown scope": (TERMS + "scopes = ['headnig']\n", AT + ".scopes[0]"),
    "exclude that excludes nothing": (TERMS + "exclude = {}\n", AT + ".exclude"),
    "exclude with an unknown key": (TERMS + "exclude = { value = ['x'] }\n", AT + ".exclude"),
    "exclude with an unknown set": (PATTERN + "exclude = { shared = ['digit'] }\n", AT + ".exclude.shared[0]"),
    "exclude with near without words": (PATTERN + "exclude = { near = {} }\n", AT + ".exclude.near"),
    "samples that are numbers": (PATTERN + "samples = [4242]\n", AT + ".samples[0]"),
    "a range of all samples": (PATTERN + "samples = ['4 0 0*']\n", AT + ".samples[0]"),
    "nothing but keywords": (HEAD + RULE + "keywords = ['x']\n", AT),
    "a blank path": (HEAD + RULE + "path = ' '\n", AT + ".path"),
    "capture that is a text": (PATTERN + "capture = 'x'\n", AT + ".capture"),
    "capture without a pattern": (TERMS + "capture = true\n", AT),
    "entropy without a pattern": (TERMS + "entropy = 3\n", AT),
    "too much entropy": (PATTERN + "entropy = 8.1\n", AT + ".entropy"),
    "an empty keyword": (TERMS + "keywords = ['']\n", AT + ".keywords[0]"),
    "an allowlist that allows nothing": (TERMS + "allowlists = [{ stopwords = [] }]\n", AT + ".allowlists[0]"),
    "an allowlist with an unknown key": (TERMS + "allowlists = [{ regexes = ['a'] }]\n", AT + ".allowlists[0]"),
    "an allowlist with an unknown condition": (TERMS + "allowlists = [{ stopwords = ['a'], condition = 'xor' }]\n", AT + ".allowlists[0].condition"),
    "an allowlist with an unknown target": (TERMS + "allowlists = [{ patterns = ['a'], target = 'secret' }]\n", AT + ".allowlists[0].target"),
    "a target without patterns": (TERMS + "allowlists = [{ stopwords = ['a'], target = 'hit' }]\n", AT + ".allowlists[0]"),
    "allowlists that are one table": (TERMS + "allowlists = { stopwords = ['a'] }\n", AT + ".allowlists"),
    "a pack's allowlist that allows nothing": (TERMS + "[[allowlists]]\n", "$.allowlists[0]"),
    "a composite with a path": (OF + "path = 'a'\n", AT),
    "a composite that yields": (OF + "yields = true\n", AT + ".yields"),
    "a composite with keywords": (OF + "keywords = ['a']\n", AT + ".keywords"),
    "a composite with allowlists": (OF + "allowlists = [{ stopwords = ['a'] }]\n", AT + ".allowlists"),
    "requires with lines and same": (TERMS + "requires = { any = ['x'], lines = 1, same = 'line' }\n", AT + ".requires"),
    "requires too many lines away": (TERMS + "requires = { any = ['x'], lines = 1001 }\n", AT + ".requires.lines"),
    "half an escalation": (TERMS + "count = { escalate = 3 }\n", AT + ".count"),
    "a count past the end": (TERMS + "count = { at_least = 1001 }\n", AT + ".count.at_least"),
    "requires without a distance": (TERMS + "requires = { any = ['x'] }\n", AT + ".requires"),
    "requires with two distances": (TERMS + "requires = { any = ['x'], within = 1, same = 'line' }\n", AT + ".requires"),
    "requires of no rules": (TERMS + "requires = { same = 'line' }\n", AT + ".requires"),
    "a composite of absent rules": (HEAD + RULE + "of = { none = ['x'], same = 'line' }\n", AT + ".of"),
    "a composite with near": (OF + "near = { words = ['x'] }\n", AT),
    "a composite with exclude": (OF + "exclude = { values = ['x'] }\n", AT),
    "a composite with samples": (OF + "samples = ['x']\n", AT + ".samples"),
    "an embargo that is a time of day": (TERMS + "embargo_until = 14:00:00\n", AT + ".embargo_until"),
    "an expiry with a time": (TERMS + "expires = 2027-06-30T10:00:00Z\n", AT + ".expires"),
    "an expiry that is a year": (TERMS + "expires = 2027\n", AT + ".expires"),
    "a why that is a list": (TERMS.replace('"w"', '["w"]'), AT + ".why"),
}  # fmt: skip


@pytest.mark.parametrize(("toml", "where"), WRONG.values(), ids=WRONG.keys())
def test_both_refuse(toml: str, where: str) -> None:
    assert refusal(toml)
    assert where in complaints(toml)


# What only the loader sees, and its words.
UNSEEN = {
    "an id used twice": (TERMS + RULE + "terms = ['zqy']\n", "is used twice"),
    "a term's number used twice": (HEAD + RULE + "terms = ['zqx', { term = 'zqy', id = 1 }]\n", "is taken"),
    "a term of signs": (HEAD + RULE + "terms = ['--']\n", "a term needs a letter or a digit"),
    "a pattern without an end": (PATTERN.replace("'ab'\n", "'ab+'\n", 1), "has no upper bound"),
    "fewer words than it takes": (PATTERN + "near = { words = ['x'], at_least = 2 }\n", "names fewer"),
    "a group that is not there": (PATTERN + "capture = true\n", "no group to capture"),
    "a date in quotes": (TERMS + "expires = '2027-01-01'\n", "unquoted"),
    "a title that spells a term": (TERMS.replace('"t"', '"the zqx"'), "spells term number 1"),
}  # fmt: skip


@pytest.mark.parametrize(("toml", "words"), UNSEEN.values(), ids=UNSEEN.keys())
def test_only_the_loader_refuses(toml: str, words: str) -> None:
    assert words in refusal(toml)
    assert complaints(toml) == set()


# ── the law: what the loader takes, the schema takes ─────────────────────────────────────────────


def written(value: Any) -> str:
    """A value as TOML, on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {written(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return value.isoformat() if isinstance(value, date | time) else json.dumps(value)


def mostly(*right: Any, wrong: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    """Values of which one in ten is wrong: else hardly a pack would have none."""
    return st.sampled_from([*(right * -(-9 * len(wrong) // len(right))), *wrong])


def table(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=keys)


LEVELS = st.sampled_from(["none", "low", "medium", "high"])
TEXT = st.sampled_from(["x", "two words", " ", "", "é"])
LIST = st.lists(st.sampled_from(["x", "y", "a b"]), max_size=3)
TEXTS = st.lists(st.sampled_from(["x", "y", "a b"]), min_size=1, max_size=3) | LIST
NUMBER = mostly(1, 2, 999, 1000, wrong=(0, 1001))
FEW = mostly(1, 1, 2, wrong=(0,))
DAY = st.dates(date(2000, 1, 1), date(2999, 12, 31))
ZONES = st.sampled_from([None, datetime.fromisoformat("2027-01-01T00:00+01:00").tzinfo])
MOMENT = DAY | st.datetimes(datetime(2000, 1, 1), datetime(2999, 12, 31), timezones=ZONES)
REACH = mostly("line", "sentence", "paragraph", "document", wrong=("page",))
SOME_SCOPES = st.lists(st.sampled_from(["prose", "url", "code-block"]), max_size=2)
MODE = st.sampled_from(["exact", "word", "loose", "substring"])
NEAR = st.builds(
    dict.__or__,
    st.fixed_dictionaries({"words": TEXTS}) | table(words=TEXTS, strong=TEXTS),
    table(before=NUMBER, after=NUMBER, at_least=FEW)
    | table(same=REACH)
    | table(same=REACH, after=NUMBER),
)
REQUIRES = st.builds(
    dict.__or__,
    st.fixed_dictionaries({"any": TEXTS}) | table(any=LIST, all=LIST, none=LIST),
    st.fixed_dictionaries({"same": REACH})
    | st.fixed_dictionaries({"within": NUMBER})
    | table(within=NUMBER, same=REACH, lines=NUMBER, columns=NUMBER)
    | st.fixed_dictionaries({"lines": NUMBER}, optional={"columns": NUMBER}),
)
ALLOWLIST = st.builds(
    dict.__or__,
    table(condition=mostly("or", "and", wrong=("xor",)), description=TEXT, stopwords=TEXTS,
          patterns=TEXTS, paths=TEXTS, target=mostly("hit", "match", "line", wrong=("page",))),
    st.fixed_dictionaries({"patterns": TEXTS}) | table(commits=TEXTS),
)  # fmt: skip
TERM = mostly("zqx", "zq 9", wrong=(" ",))
ENTRY = st.builds(
    dict.__or__,
    table(match=MODE, common=st.booleans(), embargo_until=MOMENT, expires=DAY,
          owner=TEXT, instead=TEXT, replacement=TEXT),
    st.fixed_dictionaries({"term": TERM}) | st.fixed_dictionaries({"term": TERM, "id": st.integers(0, 999)}),
)  # fmt: skip
WAYS = {
    "terms": st.lists(TERM | ENTRY, min_size=1, max_size=3),
    "entries": st.lists(ENTRY, max_size=2),
    "pattern": mostly("ab", "a{1,3}b", "a(b)", wrong=("",)),
    "phrases": st.sampled_from([["ab"], ["a (b | c)", "ab"], []]),
    "of": REQUIRES,
    "path": mostly("ab", wrong=(" ",)),
}
LOOKS_FOR = st.one_of(
    st.fixed_dictionaries({"terms": WAYS["terms"]}, optional={"entries": WAYS["entries"]}),
    st.fixed_dictionaries({"pattern": WAYS["pattern"], "examples": TEXTS}),
    st.fixed_dictionaries({"phrases": WAYS["phrases"], "examples": TEXTS}),
    st.fixed_dictionaries({"of": WAYS["of"]}),
    st.fixed_dictionaries({"path": WAYS["path"]}),
    table(**WAYS),
)
MORE = {
    "check": mostly("luhn", "iban", wrong=("nothing",)),
    "near": NEAR,
    "confidence": LEVELS | table(bare=LEVELS, checked=LEVELS, near=LEVELS, full=LEVELS),
    "exclude": table(values=TEXTS, patterns=TEXTS, near=NEAR, scopes=SOME_SCOPES,
                     shared=st.lists(mostly("digits", wrong=("none",)), max_size=1)),
    "samples": TEXTS,
    "scopes": SOME_SCOPES,
    "count": table(at_least=NUMBER, escalate=NUMBER, to=st.just("critical"))
    | st.fixed_dictionaries({"escalate": NUMBER, "to": st.just("critical")}),
    "capture": st.booleans(),
    "entropy": mostly(0, 3.5, 8, wrong=(-1,)),
    "keywords": TEXTS,
    "allowlists": st.lists(ALLOWLIST, max_size=2),
    "yields": st.booleans(),
    "alone": st.booleans(),
    "capitals": st.booleans(),
    "requires": REQUIRES,
    "profile": st.sampled_from(["standard", "strict"]),
    "match": MODE,
    "common": st.booleans(),
    "embargo_until": MOMENT,
    "expires": DAY | MOMENT,
    "owner": TEXT,
    "instead": TEXT,
    "replacement": TEXT,
    "references": TEXTS,
    "examples": TEXTS,
    "counter_examples": TEXTS,
}  # fmt: skip
NEEDED = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["r", "us-mbi", "r2"]),
        "title": st.sampled_from(["t", "a title"]),
        "severity": st.sampled_from(["low", "critical"]),
        "why": st.sampled_from(["w", "a reason"]),
    }
)


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    """A rule with a few more keys: with all of them hardly one would be right."""
    looks_for = draw(LOOKS_FOR)
    more = draw(st.sets(st.sampled_from(sorted(MORE)), max_size=4))
    if draw(st.integers(0, 9)):
        more -= set() if "pattern" in looks_for else {"check", "capture", "entropy"}
        more -= set() if "phrases" in looks_for else {"alone", "capitals"}
        more -= set() if "terms" in looks_for else {"match", "common"}
        more -= set(packs._MEMBERS_KEYS) if "of" in looks_for else set()
    return {key: draw(MORE[key]) for key in sorted(more)} | looks_for | draw(NEEDED)


HEADS = st.builds(
    dict.__or__,
    table(title=TEXT, version=TEXT, owner=TEXT, reviewed=DAY,
          review_every=mostly("", "1 day", "180 days", wrong=("days", "10000 days")),
          imported_from=st.sampled_from(["", "x.toml"])),
    st.fixed_dictionaries({"name": mostly("acme", "acme-2", wrong=("Acme",))}),
)  # fmt: skip


def pack_text(head: Mapping[str, Any], rows: list[dict[str, Any]]) -> str:
    tables = [("[pack]", head), *(("[[rule]]", row) for row in rows)]
    return "".join(
        f"{title}\n" + "".join(f"{key} = {written(value)}\n" for key, value in keys.items())
        for title, keys in tables
    )


@settings(max_examples=300)
@given(HEADS, st.lists(rules(), min_size=1, max_size=2, unique_by=lambda rule: rule["id"]))
def test_the_schema_refuses_what_the_loader_refuses_and_nothing_else(
    head: dict[str, Any], rows: list[dict[str, Any]]
) -> None:
    toml = pack_text(head, rows)
    refused, found = refusal(toml), complaints(toml)
    event("refused" if refused else "taken")
    if not refused:
        assert found == set()
    elif not any(words in refused for _, words in UNSEEN.values()):
        assert found, refused


# ── the manual ───────────────────────────────────────────────────────────────────────────────────


def section(title: str) -> str:
    """The text below a heading, up to the next.

    >>> section("Scopes").count("`") > 2
    True
    """
    return MANUAL.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


SECTIONS = {
    "`[pack]`": "[pack]",
    "`[[rule]]`": "[[rule]]",
    "A term": "a term",
    "`near`": "near",
    "`confidence`": "confidence",
    "`exclude`": "exclude",
    "`count`": "count",
    "`requires` and `of`": "requires and of",
    "`allowlists`": "allowlists",
}


@pytest.mark.parametrize("title", SECTIONS)
def test_the_manual_has_a_row_for_each_key_and_for_no_other(title: str) -> None:
    cells = re.findall(r"^\| (`.*?) \|", section(title), re.M)
    named = [key for cell in cells for key in re.findall(r"`(\w+)`", cell)]
    assert sorted(named) == sorted(KEYS[SECTIONS[title]][1])


@pytest.mark.parametrize("words", WORDS)
def test_the_manual_names_all(words: str) -> None:
    assert [word for word in WORDS[words][0] if f"`{word}`" not in MANUAL] == []


def test_the_manual_says_what_is_needed() -> None:
    for title, part in SECTIONS.items():
        needed = re.findall(r"^\| `(\w+)` \| \*\*needed\.\*\*", section(title), re.M)
        assert sorted(needed) == sorted(KEYS[part][0].get("required", []))


def test_the_manuals_example_is_a_pack_that_does_what_it_says() -> None:
    (report,) = packcheck.check([Pack.from_toml(EXAMPLE)], today=date(2026, 11, 23))
    assert report.problems == report.due == ()
    assert complaints(EXAMPLE) == set()


def test_a_rule_that_only_serves_others_is_judged_by_its_examples() -> None:
    pack = """
    [pack]
    name = "acme"
    [[rule]]
    id = "cue"
    title = "cue"
    severity = "low"
    confidence = "none"
    pattern = "not public"
    why = "A part of other rules."
    examples = ["it is not public", "it is public"]
    counter_examples = ["the public", "not public at all"]
    """
    (report,) = packcheck.check([Pack.from_toml(pack)])
    assert report.problems == (
        "acme/cue: example 2 is not found",
        "acme/cue: counter-example 2 is found",
    )


def test_links_of_the_manual_lead_somewhere() -> None:
    # As the usual renderers do: no signs, small letters, hyphens for spaces.
    titles = re.findall(r"^## (.+)$", MANUAL, re.M)
    anchors = {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}
    for link in re.findall(r"\]\(([^):]+)\)", MANUAL):
        path, _, anchor = link.partition("#")
        assert (ROOT / "docs" / path).exists() if path else anchor in anchors
