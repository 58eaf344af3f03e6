"""Packs: what is accepted, what is refused with which words, and where packs are found."""

from datetime import date
from pathlib import Path

import pytest

import leakguard
from leakguard import packcheck, packs
from leakguard.errors import PackError
from leakguard.model import Confidence, Entry, Rule, Severity
from leakguard.packs import Pack, spells

HEAD = '[pack]\nname = "acme"\n'
RULE = '[[rule]]\nid = "r"\ntitle = "t"\nwhy = "w"\nseverity = "high"\n'


def test_a_whole_pack() -> None:
    pack = Pack.from_toml(
        HEAD
        + 'title = "Acme"\nversion = "7"\nowner = "o@example.com"\nreviewed = 2026-11-01\n'
        + 'review_every = "90 days"\n'
        + RULE
        + 'terms = ["Zqheron", { term = "Zqcrane", id = 17, owner = "o2" }, "Zqstork"]\n'
        + 'match = "loose"\ninstead = "i"\nreferences = ["ref"]\nexpires = 2027-01-01\n'
    )
    assert (pack.name, pack.title, pack.version, pack.owner) == (
        "acme",
        "Acme",
        "7",
        "o@example.com",
    )
    assert (pack.reviewed, pack.review_every) == (date(2026, 11, 1), 90)
    rule = pack.rules[0]
    assert (rule.id, rule.severity) == ("acme/r", Severity.HIGH)
    assert rule.confidence == {"bare": Confidence.HIGH}
    assert [(entry.id, entry.mode, entry.owner) for entry in rule.entries] == [
        (1, "loose", ""),
        (17, "loose", "o2"),
        (18, "loose", ""),
    ]


def test_no_repr_spells_a_term() -> None:
    pack = Pack.from_toml(HEAD + RULE + 'terms = ["Zqheron"]\nexamples = ["the Zqheron"]\n')
    assert "zqheron" not in repr(pack).lower()


# What is wrong, the pack, and the message to the letter.
REFUSED = {
    "not TOML": ("[pack\n", "a.toml: not TOML: Expected … at the end of a table declaration (line 1, column 6)"),
    "no [pack]": (RULE, 'a.toml:1: "pack" is missing'),
    "no name": ("[pack]\n" + RULE, 'a.toml:1: "pack.name" is missing'),
    "a name with capitals": ('[pack]\nname = "Acme"\n' + RULE, 'a.toml:2: "pack.name" is written in kebab-case, like "us-mbi"'),
    "no rules": (HEAD, "a.toml:1: the pack has no rules\n  hint: add at least one [[rule]]"),
    "an unknown table": (HEAD + "[rules]\n" + RULE, 'a.toml:3: unknown key "rules"\n  hint: did you mean "rule"?'),
    "an unknown key of the pack": (HEAD + 'ownr = "x"\n' + RULE, 'a.toml:3: unknown key "pack.ownr"\n  hint: did you mean "owner"?'),
    "an unknown key of a rule": (HEAD + RULE + "patern = 'a'\n", 'a.toml:8: [[rule]] number 1: unknown key "patern"\n  hint: did you mean "pattern"?'),
    "no way to match": (HEAD + RULE, 'a.toml:4: [[rule]] "r": a rule looks for terms, phrases, a pattern, weights, rules (of), or a path: one\n  hint: keep one of terms, phrases, pattern, weights, of'),
    "weights of nothing": (HEAD + RULE + "weights = 'figurs'\nexamples = ['a']\n", 'a.toml:8: [[rule]] "r": there are no weights of "figurs"\n  hint: did you mean "figures"?'),
    "weights and words near": (HEAD + RULE + "weights = 'figures'\nnear = { words = ['a'] }\n", 'a.toml:9: [[rule]] "r": "near" is not for rules with weights\n  hint: remove it'),
    "weights without examples": (HEAD + RULE + "weights = 'figures'\n", 'a.toml:8: [[rule]] "r": a rule with weights needs examples\n  hint: add examples = [...]'),
    "two ways to match": (HEAD + RULE + "terms = ['zqx']\npattern = 'ab'\n", 'a.toml:9: [[rule]] "r": a rule looks for terms, phrases, a pattern, weights, rules (of), or a path: one\n  hint: keep one of terms, phrases, pattern, weights, of'),
    "a bad severity": (HEAD + RULE.replace("high", "hihg") + "terms = ['zqx']\n", 'a.toml:7: [[rule]] "r": "severity" is one of low, medium, high, critical\n  hint: did you mean "high"?'),
    "no why": (HEAD + RULE.replace('why = "w"\n', "") + "terms = ['zqx']\n", 'a.toml:3: [[rule]] "r": "why" is missing'),
    "an id in capitals": (HEAD + RULE.replace('"r"', '"R_1"') + "terms = ['zqx']\n", 'a.toml:4: [[rule]] number 1: "id" is written in kebab-case, like "us-mbi"'),
    "an id used twice": (HEAD + (RULE + "terms = ['zqx']\n") * 2, 'a.toml:10: [[rule]] "r": "acme/r" is used twice\n  hint: ids are unique in their pack'),
    "a number used twice": (HEAD + RULE + "terms = ['zqx', { term = 'zqy', id = 1 }]\n", 'a.toml:8: [[rule]] "r": terms[2]: number 1 is taken\n  hint: numbers are unique in a pack'),
    "an empty term": (HEAD + RULE + "terms = ['zqx', ' ']\n", 'a.toml:8: [[rule]] "r": terms[2]: a term is a text and not empty'),
    "a term of signs": (HEAD + RULE + "terms = ['--']\n", 'a.toml:8: [[rule]] "r": terms[1]: a term needs a letter or a digit'),
    "an unknown key of an entry": (HEAD + RULE + "terms = [{ term = 'zqx', ownr = 'o' }]\n", 'a.toml:8: [[rule]] "r": unknown key "terms[1].ownr"\n  hint: did you mean "owner"?'),
    "a term for a key of an entry": (HEAD + RULE + "terms = [{ zqosprey = 'o' }]\n", 'a.toml:8: [[rule]] "r": unknown key "terms[1].…"\n  hint: known: common, embargo_until, expires, id, instead, match, owner, replacement, term'),
    "a term for a key of the pack": (HEAD + "'Zq Heron' = 'o'\n" + RULE, 'a.toml:1: unknown key "pack.…"\n  hint: known: imported_from, name, owner, review_every, reviewed, title, version'),
    "an unknown check": (HEAD + RULE + "pattern = 'ab'\ncheck = 'lunh'\nexamples = ['ab']\n", 'a.toml:9: [[rule]] "r": unknown check "lunh"\n  hint: did you mean "luhn"?'),
    "a check without a pattern": (HEAD + RULE + "terms = ['zqx']\ncheck = 'luhn'\n", 'a.toml:9: [[rule]] "r": "check" is for rules with a pattern\n  hint: remove it'),
    "match without terms": (HEAD + RULE + "pattern = 'ab'\nmatch = 'loose'\nexamples = ['ab']\n", 'a.toml:9: [[rule]] "r": "match" is for rules of terms\n  hint: remove it'),
    "a pattern without examples": (HEAD + RULE + "pattern = 'ab'\n", 'a.toml:8: [[rule]] "r": a rule with a pattern needs examples\n  hint: add examples = [...]'),
    "a cell out of reach without a check": (HEAD + RULE + "pattern = 'ab'\nexamples = ['ab']\nconfidence = { checked = 'low' }\n", 'a.toml:10: [[rule]] "r": "confidence.checked" can never be reached: the rule has no check\n  hint: remove it, or add what leads there'),
    "a cell out of reach without near": (HEAD + RULE + "pattern = 'ab'\nexamples = ['ab']\nconfidence = { near = 'low' }\n", 'a.toml:10: [[rule]] "r": "confidence.near" can never be reached: the rule has no near\n  hint: remove it, or add what leads there'),
    "near without words": (HEAD + RULE + "pattern = 'ab'\nexamples = ['ab']\nnear = { before = 3 }\n", 'a.toml:10: [[rule]] "r": "near" has no words'),
    "near with a list that is not there": (HEAD + RULE + "pattern = 'ab'\nexamples = ['ab']\nnear = { lists = ['kin'] }\n", 'a.toml:10: [[rule]] "r": no list of words is called "kin"\n  hint: the pack has no [words]'),
    "near with a list misspelt": (HEAD + "[words]\nkin = ['aunt']\n" + RULE + "pattern = 'ab'\nexamples = ['ab']\nnear = { lists = ['kim'] }\n", 'a.toml:12: [[rule]] "r": no list of words is called "kim"\n  hint: did you mean "kin"?'),
    "a list that no rule takes": (HEAD + "[words]\nkin = ['aunt']\n" + RULE + "pattern = 'ab'\nexamples = ['ab']\n", 'a.toml:4: no rule takes the list "kin"\n  hint: remove it, or name it in a near or a phrase'),
    "a list without words": (HEAD + "[words]\nkin = []\n" + RULE + "pattern = 'ab'\nexamples = ['ab']\n", 'a.toml:4: "words.kin" has no words'),
    "phrases without one": (HEAD + RULE + "phrases = []\nexamples = ['ab']\n", 'a.toml:8: [[rule]] "r": "phrases" is empty\n  hint: write at least one'),
    "phrases without examples": (HEAD + RULE + "phrases = ['ab']\n", 'a.toml:8: [[rule]] "r": a rule with phrases needs examples\n  hint: add examples = [...]'),
    "a phrase that is none": (HEAD + RULE + "examples = ['ab']\nphrases = ['ab', 'a (b | c']\n", 'a.toml:9: [[rule]] "r": phrases[2]: "(" is never closed\n  a (b | c\n    ^\n  hint: write ) after it'),
    "a phrase with an unknown list": (HEAD + "[words]\nkin = ['aunt']\n" + RULE + "examples = ['ab']\nphrases = ['my <kim>']\n", 'a.toml:11: [[rule]] "r": phrases[1]: no list of words is called "kim"\n  my <kim>\n     ^\n  hint: known: end, kin, number, start'),
    "phrases too long for a pattern": (HEAD + RULE + f"examples = ['ab']\nphrases = ['{' ...12 '.join('abcdefghijklmnopqrstuvwxyz[abc]' for _ in range(26))}']\n", 'a.toml:9: [[rule]] "r": the phrases are too much for one rule: from here on a match can be longer than 8000 characters\n  hint: use shorter gaps and lists, or two rules'),
    "phrases that capture": (HEAD + RULE + "examples = ['ab']\nphrases = ['ab']\ncapture = true\n", 'a.toml:10: [[rule]] "r": "capture" is for rules with a pattern\n  hint: remove it'),
    "a pattern in capitals": (HEAD + RULE + "examples = ['ab']\npattern = 'ab'\ncapitals = true\n", 'a.toml:10: [[rule]] "r": "capitals" is for rules with phrases\n  hint: remove it'),
    "a pattern alone": (HEAD + RULE + "examples = ['ab']\npattern = 'ab'\nalone = true\n", 'a.toml:10: [[rule]] "r": "alone" is for rules with phrases\n  hint: remove it'),
    "near with a list of phrases": (HEAD + "[words]\nkin = ['my (aunt | uncle)']\n" + RULE + "pattern = 'ab'\nexamples = ['ab']\nnear = { lists = ['kin'] }\n", 'a.toml:12: [[rule]] "r": "my (aunt | uncle)" of the list "kin" is a phrase, and near takes words\n  hint: take the list in phrases alone, or write its words out'),
    "a list called number": (HEAD + "[words]\nnumber = ['one']\n" + RULE + "terms = ['zqx']\n", 'a.toml:4: "words.number" is taken: phrases have a <number> of their own\n  hint: call the list something else'),
    "near with same and before": (HEAD + RULE + "pattern = 'ab'\nexamples = ['ab']\nnear = { words = ['x'], same = 'line', before = 3 }\n", 'a.toml:10: [[rule]] "r": "near" has both "same" and "before"\n  hint: keep one of them'),
    "near that asks for too many": (HEAD + RULE + "pattern = 'ab'\nexamples = ['ab']\nnear = { words = ['x'], at_least = 2 }\n", 'a.toml:10: [[rule]] "r": "near" asks for 2 words and names fewer'),
    "near too far": (HEAD + RULE + "pattern = 'ab'\nexamples = ['ab']\nnear = { words = ['x'], before = 1001 }\n", 'a.toml:10: [[rule]] "r": "near.before" is a whole number from 0 to 1000'),
    "an unknown scope": (HEAD + RULE + "terms = ['zqx']\nscopes = ['headnig']\n", 'a.toml:9: [[rule]] "r": unknown scope "headnig"\n  hint: did you mean "heading"?'),
    "an unknown shared set": (HEAD + RULE + "pattern = 'ab'\nexamples = ['ab']\nexclude = { shared = ['digit'] }\n", 'a.toml:10: [[rule]] "r": no shared exclusions are called "digit"\n  hint: did you mean "digits"?'),
    "requires without a distance": (HEAD + RULE + "pattern = 'ab'\nexamples = ['ab']\nrequires = { any = ['x'] }\n", 'a.toml:10: [[rule]] "r": "requires" needs one of "within", "same" and "lines"'),
    "a composite of nothing": (HEAD + RULE + "of = { none = ['x'], same = 'line' }\n", 'a.toml:8: [[rule]] "r": "of" names no rules\n  hint: add any = [...] or all = [...]'),
    "half an escalation": (HEAD + RULE + "terms = ['zqx']\ncount = { escalate = 3 }\n", 'a.toml:9: [[rule]] "r": "count.escalate" and "count.to" belong together\n  hint: give both'),
    "a date in quotes": (HEAD + RULE + "terms = ['zqx']\nembargo_until = '2027-01-01'\n", 'a.toml:9: [[rule]] "r": "embargo_until" is a date or a date-time, unquoted'),
    "a review that is no span": (HEAD + 'review_every = "half a year"\n' + RULE + "terms = ['zqx']\n", 'a.toml:3: "pack.review_every" is written like "180 days"'),
    "an id that spells a term": (HEAD + RULE.replace('"r"', '"zq-heron-leak"') + "terms = ['Zq Heron']\nmatch = 'loose'\n", 'a.toml:4: [[rule]] number 1: "id" spells term number 1 of this pack\n  hint: reports show it: say it without the name'),
    "a why that spells a term": (HEAD + RULE.replace('"w"', '"The Zqheron is secret."') + "terms = ['Zqheron']\n", 'a.toml:6: [[rule]] "r": "why" spells term number 1 of this pack\n  hint: reports show it: say it without the name'),
    "an advice that spells another entry": (HEAD + RULE + "terms = ['Zqheron', { term = 'Zqcrane', instead = 'the zqheron' }]\n", 'a.toml:8: [[rule]] "r": "terms" spells term number 1 of this pack\n  hint: reports show it: say it without the name'),
}  # fmt: skip


@pytest.mark.parametrize(("toml", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(toml: str, message: str) -> None:
    with pytest.raises(PackError) as caught:
        Pack.from_toml(toml, where="a.toml")
    assert str(caught.value) == message


def test_a_broken_pattern_is_pointed_at() -> None:
    with pytest.raises(PackError) as caught:
        Pack.from_toml(HEAD + RULE + "pattern = '''ab(c'''\nexamples = ['abc']\n", where="a.toml")
    first, shown, pointer, *_ = str(caught.value).splitlines()
    assert first.startswith('a.toml:8: [[rule]] "r": ')
    assert shown == "  ab(c"
    assert pointer.strip() == "^"


def test_names_paths_and_values_are_resolved(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    path.write_text(HEAD + RULE + "terms = ['zqx']\n", encoding="utf-8")
    value = Pack.from_toml(path.read_text(encoding="utf-8"))
    found = packs.resolve_all(["finance", str(path), path, value])
    assert [pack.name for pack in found] == ["finance", "acme"]


def test_two_packs_of_one_name_are_refused(tmp_path: Path) -> None:
    for folder, term in (("a", "zqx"), ("b", "zqy")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "acme.toml").write_text(HEAD + RULE + f"terms = ['{term}']\n")
    with pytest.raises(PackError, match='two packs are called "acme"'):
        packs.resolve_all([tmp_path / "a" / "acme.toml", tmp_path / "b" / "acme.toml"])


UNKNOWN = {
    "a name": ("helthcare", 'no pack is called "helthcare"\n  hint: did you mean "healthcare"?'),
    "a path": ("nowhere/x.toml", "nowhere/x.toml: cannot be read: No such file or directory\n  hint: check the path after --pack, or in the policy"),
}  # fmt: skip


@pytest.mark.parametrize(("asked", "message"), UNKNOWN.values(), ids=UNKNOWN.keys())
def test_a_pack_that_is_not_there(asked: str, message: str) -> None:
    with pytest.raises(PackError) as caught:
        packs.resolve(asked)
    assert str(caught.value) == message


def test_no_packs_at_all_is_an_error() -> None:
    with pytest.raises(PackError, match="no packs"):
        packs.resolve_all([])


def test_an_installed_pack_is_found_by_its_entry_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "acme_policy.py").write_text(
        f"PACK = {(HEAD + RULE + chr(10) + 'terms = [' + repr('zqx') + ']')!r}\n"
    )
    info = tmp_path / "acme_policy-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-policy\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[leakguard.packs]\nacme = acme_policy:PACK\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert packs.resolve("acme").rules[0].id == "acme/r"


def test_the_bundled_packs_are_there() -> None:
    assert packs.bundled() == ("codenames", "finance", "healthcare")


NAMED = """
[pack]
name = "p"
[[rule]]
id = "r"
title = "t"
why = "w"
severity = "high"
match = "loose"
common = false
terms = ["Sierra"]
exclude = { EXCLUDE }
"""
PUBLIC = {
    "nothing excluded but a value": ('values = ["x"]', "macOS Sierra, Sierra", 2),
    "inside a public name": ('names = ["macOS Sierra"]', "macOS Sierra, Sierra", 1),
    "in any spelling": ('names = ["macOS Sierra"]', "MACOS-SIERRA and macossierra", 0),
    "not in a longer word": ('names = ["macOS Sierra"]', "xmacOS Sierra", 1),
    "on a list that leakguard brings": ('lists = ["public-codenames"]', "Sierra", 0),
}


@pytest.mark.parametrize(("exclude", "text", "count"), PUBLIC.values(), ids=PUBLIC.keys())
def test_public_names_are_let_pass(exclude: str, text: str, count: int) -> None:
    guard = leakguard.compile([Pack.from_toml(NAMED.replace("EXCLUDE", exclude))])
    assert len(guard.scan(text)) == count


def test_an_unknown_list_is_refused() -> None:
    with pytest.raises(PackError, match="no list is called"):
        Pack.from_toml(NAMED.replace("EXCLUDE", 'lists = ["public-names"]'))


def test_what_is_due_is_told_with_the_day_and_whom_to_ask() -> None:
    text = NAMED.replace(
        'terms = ["Sierra"]',
        'owner = "brand"\nterms = ["Zqa", { term = "Zqb", expires = 2026-12-31 },'
        '{ term = "Zqc", embargo_until = 2026-11-01 }, { term = "Zqd", owner = "ops",'
        " embargo_until = 2026-12-10T14:00:00Z }, { term = 'Zqe', embargo_until = 2027-06-01 }]",
    ).replace("EXCLUDE", 'values = ["x"]')
    due = {
        day: packcheck.check([Pack.from_toml(text)], today=date.fromisoformat(day))[0].due
        for day in ("2026-11-23", "2027-01-01")
    }
    assert due["2026-11-23"] == (
        "p/t3: its embargo ended 2026-11-01 and it is looked for no more: drop it (owner: brand)",
        "p/t4: its embargo ends 2026-12-10 (owner: ops)",
    )
    assert due["2027-01-01"][0] == "p/t2: expired 2026-12-31: renew or drop it (owner: brand)"


SPELT: dict[str, tuple[str, str]] = {
    "as it is": ("Zqheron", "the Zqheron list"),
    "in another case": ("ZQHERON", "the zqheron list"),
    "with a hump": ("ZqHeron", "the zq heron list"),
    "beginning with capitals": ("ZQXHeron", "the zqx heron list"),
    "beginning with a short word": ("Zq Heron", "the zqheron list"),
    "beginning with a digit": ("4qHeron", "the 4q-heron list"),
    "a word with a mark": ("Žqheron", "the zqheron list"),
    "a mark in the title": ("Zqheron", "the zq\u0308h\u00e9ron list"),
    "a look-alike": ("Zqheron", "the Zqher\u043en list"),
    "a ligature in the title": ("Zqfile", "the zq\ufb01le list"),
    "with an invisible character": ("Z\u00adqheron", "the zqheron list"),
    "in another script": ("Журавль", "the журавль list"),
}


@pytest.mark.parametrize("long", [False, True], ids=["a short text", "a long text"])
@pytest.mark.parametrize("case", SPELT)
def test_a_text_that_spells_a_term_is_noticed(case: str, long: bool) -> None:
    term, text = SPELT[case]
    rules = [Rule("p/r", "t", Severity.HIGH, entries=(Entry(1, "Other", "loose"), Entry(2, term, "loose")))]  # fmt: skip
    texts = ["nothing", text + " or so" * (5_000 if long else 1)]
    assert spells(rules, texts) == (1, rules[0].entries[1])
    assert spells(rules, ["nothing at all"]) is None
