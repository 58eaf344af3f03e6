"""The matcher: what makes a finding, and that windows, chunks and engines do not change it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leakguard import readers
from leakguard.errors import PackError
from leakguard.matcher import Matcher
from leakguard.model import Chunk, Document, Finding, Origin
from leakguard.packs import Pack
from leakguard.patterns import parse

NOW = datetime(2026, 11, 23, tzinfo=UTC)
HEAD = '[pack]\nname = "p"\n'


def rules(text: str) -> str:
    """A pack from the keys of one rule, what every rule needs filled in."""
    return f'{HEAD}[[rule]]\nid = "r"\ntitle = "t"\nwhy = "w"\nseverity = "high"\n{text}'


def matcher(toml: str, **settings_: object) -> Matcher:
    pack = Pack.from_toml(toml)
    return Matcher(pack.rules, **{"now": NOW, **settings_})  # type: ignore[arg-type]


def find(toml: str, text: str, name: str = "a.md", **settings_: object) -> list[Finding]:
    found = matcher(toml, **settings_).find(readers.from_text(text, name))
    assert found.failed is None
    return [hit.finding for hit in found.hits]


def told(toml: str, text: str, name: str = "a.md", **settings_: object) -> list[str]:
    """Findings as "text cell confidence", to read in a table."""
    return [
        f"{text[f.span.start : f.span.end]} {f.cell} {f.confidence}"
        for f in find(toml, text, name, **settings_)
    ]


NUMBER = "pattern = '''(?<!\\d)\\d{4}(?!\\d)'''\nexamples = ['1234']\n"
OTHER = (
    "[[rule]]\nid = 's'\ntitle = 't'\nwhy = 'w'\npattern = 'no \\d{4}'\nexamples = ['no 1234']\n"
)
NEAR = "near = { words = ['code', 'pin code'], before = 20, after = 10 }\n"
STRONG = "near = { words = ['code'], strong = ['secret code'] }\n"
TWO = "near = { words = ['code', 'door'], at_least = 2 }\n"
MAP = "confidence = { bare = 'low', near = 'medium', full = 'high' }\n"

# What each key does: the rule's keys, the text, what is found.
KEYS = {
    "a pattern alone": (NUMBER, "on 1234 and 5678", ["1234 bare high", "5678 bare high"]),
    "one word of confidence": (NUMBER + "confidence = 'low'", "1234", ["1234 bare low"]),
    "near, without the word": (NUMBER + NEAR, "1234", []),
    "near, with the word": (NUMBER + NEAR, "code 1234", ["1234 near medium"]),
    "near, with its plural": (NUMBER + NEAR, "codes 1234", ["1234 near medium"]),
    "near, folded": (NUMBER + NEAR, "C\u00d6DE 1234", ["1234 near medium"]),
    "near, part of a word": (NUMBER + NEAR, "decoder 1234", []),
    "near, too far before": (NUMBER + NEAR, "code" + " " * 17 + "1234", []),
    "near, just in reach before": (NUMBER + NEAR, "code" + " " * 16 + "1234", ["1234 near medium"]),
    "near, after": (NUMBER + NEAR, "1234 code", ["1234 near medium"]),
    "near, too far after": (NUMBER + NEAR, "1234 is not a code", []),
    "near, across a soft wrap": (NUMBER + NEAR, "the pin\n> code 1234", ["1234 near medium"]),
    "strong words make it full": (NUMBER + STRONG + MAP, "secret code 1234", ["1234 full high"]),
    "weak words do not": (NUMBER + STRONG + MAP, "code 1234", ["1234 near medium"]),
    "at_least distinct words": (NUMBER + TWO + MAP, "door code 1234", ["1234 full high"]),
    "the same word twice is one": (NUMBER + TWO + MAP, "code code 1234", ["1234 near medium"]),
    "near in the line": (
        NUMBER + "near = { words = ['code'], same = 'line' }",
        "code of a door, far away from it, and quite some way before it: 1234\ncode\n5678",
        ["1234 near medium"],
    ),
    "near in the sentence": (
        NUMBER + "near = { words = ['code'], same = 'sentence' }",
        "The code is\n1234. The year is 5678.",
        ["1234 near medium"],
    ),
    "a title ends no sentence": (
        NUMBER + "near = { words = ['code'], same = 'sentence' }",
        "The code of Mrs. Field is 1234. The year is 5678.",
        ["1234 near medium"],
    ),
    "near in the paragraph": (
        NUMBER + "near = { words = ['code'], same = 'paragraph' }",
        "A code. It is\n1234.\n\nThe year is 5678.",
        ["1234 near medium"],
    ),
    "near in the document": (
        NUMBER + "near = { words = ['code'], same = 'document' }",
        "1234" + " and" * 500 + " code",
        ["1234 near medium"],
    ),
    "nowhere in the document": (
        NUMBER + "near = { words = ['code'], same = 'document' }",
        "1234" + " and" * 500 + " decoder",
        [],
    ),
    "a captured group is the hit": (
        "pattern = 'pin (?:(\\d{4})|no (\\d{3}))'\nexamples = ['pin 1234']\ncapture = true",
        "pin 1234, pin no 567",
        ["1234 bare high", "567 bare high"],
    ),
    "the same without capture": (
        "pattern = 'pin (?:(\\d{4})|no (\\d{3}))'\nexamples = ['pin 1234']",
        "pin 1234",
        ["pin 1234 bare high"],
    ),
    "as much entropy as is asked is too little": (
        "pattern = '[a-d]{4}'\nexamples = ['abcd']\nentropy = 1.5",
        "abcd aabc abab",
        ["abcd bare high"],
    ),
    "a keyword in another word": (NUMBER + "keywords = ['PIN']", "1234 spins", ["1234 bare high"]),
    "no keyword": (NUMBER + "keywords = ['pin', 'code']", "1234", []),
    "a keyword far away": (
        NUMBER + "keywords = ['pin']",
        "1234" + " and" * 500 + " pin",
        ["1234 bare high"],
    ),
    "keywords of terms": ("terms = ['zqx']\nkeywords = ['pin']", "zqx", []),
    "a stopword in the hit": (
        NUMBER + "allowlists = [{ stopwords = ['23'] }]",
        "1234 5678",
        ["5678 bare high"],
    ),
    "a stopword in another case": (
        "terms = ['Zqx Gate']\nallowlists = [{ stopwords = ['GATE'] }]",
        "Zqx gate",
        [],
    ),
    "an allowed pattern in the hit": (
        NUMBER + "allowlists = [{ patterns = ['^1|9$'] }]",
        "1000 2000 2009",
        ["2000 bare high"],
    ),
    "an allowed pattern in the match": (
        "pattern = '\\w{3} (\\d{4})'\nexamples = ['pin 1234']\ncapture = true\n"
        "allowlists = [{ patterns = ['tan'], target = 'match' }]",
        "pin 1234, tan 5678, tan: pin 9012",
        ["1234 bare high", "9012 bare high"],
    ),
    "an allowed pattern in the line": (
        NUMBER + "allowlists = [{ patterns = ['\\Atan'], target = 'line' }]",
        "tan: 1234\n5678, tan",
        ["5678 bare high"],
    ),
    "an allowed path": (NUMBER + "allowlists = [{ paths = ['\\.md\\z'] }]", "1234", []),
    "another path": (
        NUMBER + "allowlists = [{ paths = ['\\.rst\\z'] }]",
        "1234",
        ["1234 bare high"],
    ),
    "and, of which one is missing": (
        NUMBER + "allowlists = [{ condition = 'and', paths = ['md'], stopwords = ['12'] }]",
        "1234 5678",
        ["5678 bare high"],
    ),
    "or, of which one is there": (
        NUMBER + "allowlists = [{ condition = 'or', paths = ['rst'], stopwords = ['12'] }]",
        "1234 5678",
        ["5678 bare high"],
    ),
    "allowlists of the pack": (
        NUMBER + "[[allowlists]]\nstopwords = ['12']",
        "1234 5678",
        ["5678 bare high"],
    ),
    "only in paths": (NUMBER + "path = '\\.md$'", "1234", ["1234 bare high"]),
    "only in other paths": (NUMBER + "path = '\\.rst$'", "1234", []),
    "a hit that yields": (
        NUMBER + "yields = true\n" + OTHER + "severity = 'high'\n",
        "no 1234, 5678",
        ["no 1234 bare high", "5678 bare high"],
    ),
    "to none that is less bad": (
        NUMBER + "yields = true\n" + OTHER + "severity = 'low'\n",
        "no 1234",
        ["no 1234 bare high", "1234 bare high"],
    ),
    "to none that is less sure": (
        NUMBER + "yields = true\n" + OTHER + "severity = 'high'\nconfidence = 'medium'\n",
        "no 1234",
        ["no 1234 bare medium", "1234 bare high"],
    ),
    "to an earlier one that yields": (
        NUMBER + "yields = true\n" + OTHER.replace("no ", "") + "severity = 'high'\nyields = true\n",
        "1234",
        ["1234 bare high"],
    ),
    "to a later one that yields, if that is larger": (
        NUMBER + "yields = true\n" + OTHER + "severity = 'high'\nyields = true\n",
        "no 1234",
        ["no 1234 bare high"],
    ),
    "a check that fails drops": (
        "pattern = '''(?<!\\d)\\d{16}(?!\\d)'''\nexamples = ['x']\ncheck = 'luhn'",
        "4111111111111112 4111111111111111",
        ["4111111111111111 checked low"],
    ),
    "excluded values, without separators": (
        "pattern = '''\\d{2}[ -]?\\d{2}'''\nexamples = ['1234']\nexclude = { values = ['12-34'] }",
        "12 34, 56 78",
        ["56 78 bare high"],
    ),
    "excluded shapes": (
        NUMBER + "exclude = { patterns = ['''19\\d\\d'''] }",
        "1999 or 2999",
        ["2999 bare high"],
    ),
    "excluded neighbours": (
        NUMBER + "exclude = { near = { words = ['year'] } }",
        "year 1999" + " " * 80 + "2999",
        ["2999 bare high"],
    ),
    "excluded scopes": (
        NUMBER + "exclude = { scopes = ['code-block'] }",
        "1111\n\n```\n2222\n```\n\n3333",
        ["1111 bare high", "3333 bare high"],
    ),
    "only in scopes": (
        NUMBER + "scopes = ['code-block', 'heading']",
        "1111\n\n# 4444\n\n```\n2222\n```\n\n3333",
        ["4444 bare high", "2222 bare high"],
    ),
    "what is inside a survivor is dropped": (
        "pattern = '''\\d{2,4}'''\nexamples = ['12']",
        "1234",
        ["1234 bare high"],
    ),
    "partial overlaps stay": (
        "pattern = '''1.2|2.3'''\nexamples = ['1x2']",
        "1x2x3",
        ["1x2 bare high", "2x3 bare high"],
    ),
    "^ and $ are line ends": (
        "pattern = '''^SECRET$'''\nexamples = ['SECRET']",
        "SECRET\r\nnot SECRET\r\nSECRET",
        ["SECRET bare high", "SECRET bare high"],
    ),
    "other patterns see a wrap as one space": (
        "pattern = '''TOP SECRET'''\nexamples = ['TOP SECRET']",
        "TOP\n  // SECRET",
        ["TOP\n  // SECRET bare high"],
    ),
    "patterns see hyphens for dashes": (
        "pattern = '''\\d-\\d'''\nexamples = ['1-2']",
        "1\u20132",
        ["1\u20132 bare high"],
    ),
    "a count not reached": (NUMBER + "count = { at_least = 2 }", "1234 1234", []),
    "a count of distinct values": (
        NUMBER + "count = { at_least = 2 }",
        "1234 5678",
        ["1234 bare high", "5678 bare high"],
    ),
    "terms": ("terms = ['Zqosprey']", "the zqosprey", ["zqosprey term high"]),
    "entries are terms": ("entries = [{ term = 'Zqosprey' }]", "the zqosprey", ["zqosprey term high"]),
    "match": ("terms = ['Zq Heron']\nmatch = 'loose'", "ZqHeron", ["ZqHeron term high"]),
    "match of one entry": (
        "terms = [{ term = 'Zq Heron', match = 'substring' }, 'Zq Crane']",
        "xzqheronx xzqcranex",
        ["zqheron term high"],
    ),
    "ordinary words as prose are low": (
        "terms = ['Blue Heron']",
        "a blue heron in the marsh",
        ["blue heron term low"],
    ),
    "ordinary words like a name": (
        "terms = ['Blue Heron']",
        "we met Blue Heron there",
        ["Blue Heron term high"],
    ),
    "ordinary words by a cue": (
        "terms = ['Blue Heron']",
        "the roadmap of blue heron",
        ["blue heron term high"],
    ),
    "common = false": (
        "terms = ['Blue Heron']\ncommon = false",
        "a blue heron in the marsh",
        ["blue heron term high"],
    ),
    "common = true": (
        "terms = [{ term = 'zqosprey', common = true }]",
        "a zqosprey in the marsh",
        ["zqosprey term low"],
    ),
    "an embargo that holds": (
        "terms = ['Zqosprey']\nembargo_until = 2026-11-24",
        "zqosprey",
        ["zqosprey term high"],
    ),
    "an embargo that is over": ("terms = ['Zqosprey']\nembargo_until = 2026-11-22", "zqosprey", []),
    "an entry's own embargo": (
        "terms = [{ term = 'Zqosprey', embargo_until = 2026-11-22 }, 'Zqcrane']",
        "zqosprey zqcrane",
        ["zqcrane term high"],
    ),
    "near for terms": (
        "terms = ['Zqosprey']\nnear = { words = ['deal'] }\nconfidence = { bare = 'low', near = 'high' }",
        "zqosprey. " + "x" * 70 + " deal zqosprey",
        ["zqosprey bare low", "zqosprey near high"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("keys", "text", "expected"), KEYS.values(), ids=KEYS.keys())
@pytest.mark.parametrize("prefilter", [True, False], ids=["nominated", "reference"])
def test_every_key_acts(keys: str, text: str, expected: list[str], prefilter: bool) -> None:
    assert told(rules(keys), text, prefilter=prefilter) == expected


def test_a_strict_rule_is_silent_in_the_standard_profile() -> None:
    strict = rules(NUMBER + "profile = 'strict'")
    assert told(strict, "1234") == []
    assert told(strict, "1234", profile="strict") == ["1234 bare high"]


def test_samples_are_found_and_marked() -> None:
    sample, other = find(rules(NUMBER + "samples = ['12-34']"), "1234 5678")
    assert (sample.sample, other.sample) == (True, False)


def test_a_range_of_samples_is_all_that_begins_so() -> None:
    long = r"pattern = '(?<!\d)\d{4} ?\d{4}(?!\d)'" + "\nexamples = ['12345678']\n"
    found = find(rules(long + "samples = ['4000 1*', '4000']"), "4000 1234, 4000 2345, 40001999")
    assert [one.sample for one in found] == [True, False, True]


def test_a_count_escalates_the_severity() -> None:
    escalating = rules(NUMBER + "count = { escalate = 3, to = 'critical' }")
    assert {str(f.severity) for f in find(escalating, "1234 5678")} == {"high"}
    assert {str(f.severity) for f in find(escalating, "1234 5678 9012")} == {"critical"}


TWO_RULES = (
    HEAD
    + """
[[rule]]
id = "animal"
title = "t"
why = "w"
severity = "low"
pattern = '''(?i)heron|crane'''
confidence = "none"
examples = ["heron"]

[[rule]]
id = "number"
title = "t"
why = "w"
severity = "low"
pattern = '''\\d{4}'''
examples = ["1234"]
"""
)
LINKED = {
    "any within": ("any = ['animal'], within = 10", "heron 1234 " + " " * 20 + "5678", ["1234"]),
    "all in a line": ("all = ['animal'], same = 'line'", "heron 1234\n5678", ["1234"]),
    "all in a paragraph": ("all = ['animal'], same = 'paragraph'", "heron\n1234\n\n5678", ["1234"]),
    "anywhere in the document": ("any = ['animal'], same = 'document'", "1234\n\n5678 heron", ["1234", "5678"]),
    "a line away": ("all = ['animal'], lines = 1", "heron\n1234\n\n5678", ["1234"]),
    "in the column": ("all = ['animal'], columns = 2", "heron\n\n  1234\n   5678", ["1234"]),
    "a line away, in the column": ("all = ['animal'], lines = 1, columns = 0", "heron 1234\n5678", ["5678"]),
    "none of them": ("none = ['animal'], within = 10", "heron 1234" + " " * 20 + "5678", ["5678"]),
}  # fmt: skip


def named(path: str, kind: str = "path", commit: str | None = None) -> Document:
    origin = Origin("file", path, commit=commit)
    text = path if kind == "path" else "1234"
    return Document(origin, lambda: iter((Chunk(0, text),)), kind=kind)


def test_a_path_alone_is_found_in_the_path_and_nowhere_else() -> None:
    keys = rules("path = '\\.pfx\\z'\nallowlists = [{ paths = ['^test/'] }]")
    (hit,) = matcher(keys).find(named("keys/a.pfx")).hits
    assert hit.finding.span == (0, len("keys/a.pfx"))
    for document in (named("keys/a.pem"), named("test/a.pfx"), named("keys/a.pfx", "text")):
        assert not matcher(keys).find(document).hits
    assert matcher(keys).find(named("keys\\\\a.pfx")).hits


def test_an_allowed_commit() -> None:
    keys = rules(NUMBER + "allowlists = [{ commits = ['C0FFEE'] }]")
    for commit, found in (("c0ffee", 0), ("c0ffe", 1), (None, 1)):
        assert len(matcher(keys).find(named("a.md", "text", commit)).hits) == found


@pytest.mark.parametrize(("link", "text", "expected"), LINKED.values(), ids=LINKED.keys())
def test_requires(link: str, text: str, expected: list[str]) -> None:
    toml = TWO_RULES + f"requires = {{ {link} }}\n"
    assert [text[f.span.start : f.span.end] for f in find(toml, text)] == expected


COMPOSED = {
    "all in a paragraph": ("all = ['animal', 'number'], same = 'paragraph'", "heron x\n1234\n\n5678", ["heron x\n1234"]),
    "order does not matter": ("all = ['animal', 'number'], same = 'line'", "1234 heron", ["1234 heron"]),
    "within": ("all = ['animal', 'number'], within = 3", "heron 1234 and 5678", ["heron 1234"]),
    "all and one of any": ("all = ['number'], any = ['animal'], within = 3", "heron 1234, 99999 5678", ["heron 1234"]),
    "any alone": ("any = ['animal'], same = 'line'", "a heron", ["heron"]),
}  # fmt: skip


@pytest.mark.parametrize(("of", "text", "expected"), COMPOSED.values(), ids=COMPOSED.keys())
def test_composites(of: str, text: str, expected: list[str]) -> None:
    toml = (
        TWO_RULES
        + f"""
[[rule]]
id = "both"
title = "t"
why = "w"
severity = "critical"
of = {{ {of} }}
"""
    )
    found = [f for f in find(toml, text) if f.rule == "p/both"]
    assert [text[f.span.start : f.span.end] for f in found] == expected
    assert all(f.evidence for f in found)


def test_rules_made_of_each_other_are_refused() -> None:
    ring = HEAD + "".join(
        f"[[rule]]\nid = '{one}'\ntitle = 't'\nwhy = 'w'\nseverity = 'low'\n"
        f"of = {{ all = ['{other}'], same = 'line' }}\n"
        for one, other in (("a", "b"), ("b", "c"), ("c", "a"))
    )
    with pytest.raises(PackError, match="p/a → p/b → p/c → p/a"):
        matcher(ring)


def test_an_unknown_rule_is_refused_with_the_nearest() -> None:
    with pytest.raises(PackError, match=r'did you mean "p/number"\?'):
        matcher(TWO_RULES + "requires = { any = ['p/numbre'], within = 3 }")


def test_findings_past_the_caps_are_counted() -> None:
    found = matcher(rules(NUMBER)).find(readers.from_text("1234 " * 1200, "a.md"))
    assert (len(found.hits), found.dropped) == (1000, 200)


def test_an_error_in_reading_keeps_what_was_found() -> None:
    def chunks() -> Iterator[Chunk]:
        yield Chunk(0, "1234 and more text")
        raise OSError(5, "gone")

    broken = Document(Origin("file", "a.md"), chunks)
    reading = matcher(rules(NUMBER), block=2)
    found = reading.find(broken)
    assert isinstance(found.failed, OSError)


# ── the laws ─────────────────────────────────────────────────────────────────────────────────────

LAWFUL = (
    HEAD
    + """
[[rule]]
id = "dashed"
title = "t"
why = "w"
severity = "low"
pattern = '''(?<![\\w-])\\d{1,3}([- ])\\d{2}\\1\\d{2}(?![\\w-])'''
near = { words = ["ssn", "soc sec"], before = 12, after = 6 }
confidence = { bare = "low", near = "high" }
examples = ["12-34-56"]

[[rule]]
id = "hinted"
title = "t"
why = "w"
severity = "low"
pattern = '''\\b\\d{2,5}\\b'''
near = { words = ["ssn"], before = 9, after = 4 }
examples = ["ssn 1234"]

[[rule]]
id = "lettered"
title = "t"
why = "w"
severity = "low"
pattern = '''(?i)k(?:ey|ing)[ =]{1,2}\\w{1,6}'''
exclude = { values = ["key none"], near = { words = ["not"], before = 8, after = 0 } }
examples = ["key abc"]

[[rule]]
id = "banner"
title = "t"
why = "w"
severity = "low"
pattern = '''^(?:[#>] )?TOP ?SECRET$'''
examples = ["TOP SECRET"]

[[rule]]
id = "sentence"
title = "t"
why = "w"
severity = "low"
pattern = '''not yet'''
near = { words = ["key"], same = "sentence" }
examples = ["key not yet"]

[[rule]]
id = "anywhere"
title = "t"
why = "w"
severity = "low"
pattern = '''\\d{4}'''
near = { words = ["soc sec"], same = "document" }
examples = ["soc sec 1234"]

[[rule]]
id = "counted"
title = "t"
why = "w"
severity = "low"
pattern = '''[A-Z]\\d'''
count = { at_least = 2, escalate = 3, to = "high" }
requires = { any = ["dashed", "names"], same = "paragraph" }
examples = ["A1 B2 12-34-56"]

[[rule]]
id = "names"
title = "t"
why = "w"
severity = "high"
match = "loose"
terms = ["Blue Heron", "Zq", "\u0412\u043e\u0440\u043e\u043d", { term = "Heron2", match = "word" }, { term = "Blue Heron Nest", common = false }]

[[rule]]
id = "both"
title = "t"
why = "w"
severity = "critical"
of = { all = ["names", "dashed"], same = "paragraph" }
"""
)
WIDTH = max(parse(rule.pattern).width for rule in Pack.from_toml(LAWFUL).rules if rule.pattern)
PIECES = [
    "Blue Heron", "blue", "heron", "BlueHeron2", "Zq", "zq", "ZQs", "\u0412\u043e\u0440\u043e\u043d", " nest", "12-34-56", "1 23 45",
    "12\u201334\u201356", "ssn", "soc\nsec", "SSNs", "1234", "12345", "key=abc", "KEY none", "\u212aing x", "not ",
    "not yet", "TOP SECRET", "\n", "\r\n", "\n\n", "\n// ", "> ", ". ", " ", "  ", "-", "_", "A1", "B2", "C3",
    "\u200b", "\u00ad", "&nbsp;", "&shy;", "\u00e9", "e\u0301", "\ufb01", "\U0001d401", "x", "s", "project ", "```\n", "%20", "%42lue", "**", "_", "<b>", "</b>", "blue-\n", "B L U E", "h3r0n", "\\x42",
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def facts(found: list[Finding]) -> list[tuple[object, ...]]:
    return [
        (f.rule, f.entry, f.span, f.place, f.cell, f.confidence, f.severity, f.evidence)
        for f in found
    ]


def chunked(text: str, size: int) -> Document:
    whole = readers.from_text(text, "a.md")
    pieces = [Chunk(at, text[at : at + size]) for at in range(0, len(text), size)]
    return Document(whole.origin, lambda: iter(pieces), labeller=whole.labeller, encoding="utf-8")


@pytest.fixture(scope="module")
def reference() -> Matcher:
    return matcher(LAWFUL, prefilter=False, block=1 << 30)


@settings(max_examples=80, deadline=None)
@given(
    text=texts,
    chunk=st.sampled_from([1, 7, WIDTH, 65536]),
    block=st.sampled_from([1, 7, WIDTH, 65536]),
)
@pytest.mark.parametrize("prefilter", [True, False], ids=["nominated", "swept"])
def test_windows_chunks_and_engines_agree(
    reference: Matcher, prefilter: bool, text: str, chunk: int, block: int
) -> None:
    expected = [hit.finding for hit in reference.find(chunked(text, 1 << 20)).hits]
    pad = "lorem ipsum dolor \n\n" * 150  # so that windows do not see the whole text
    padded = pad + text + pad
    shown = [hit.finding for hit in reference.find(chunked(padded, 1 << 20)).hits]
    other = matcher(LAWFUL, prefilter=prefilter, block=block)
    found = [hit.finding for hit in other.find(chunked(text, chunk)).hits]
    assert facts(found) == facts(expected)
    wide = matcher(LAWFUL, prefilter=prefilter, block=max(block, 512))
    found = [hit.finding for hit in wide.find(chunked(padded, max(chunk, WIDTH))).hits]
    assert facts(found) == facts(shown)
