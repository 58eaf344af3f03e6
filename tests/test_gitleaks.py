"""Configurations of gitleaks: what is found with them, what is kept, what is refused and how."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
import tomli

import leakguard
from leakguard import gitleaks, packcheck, packs
from leakguard.cli import main
from leakguard.errors import PackError
from leakguard.packs import Pack

# Invented: a token that nobody issues.
TOKEN = "zqt_Q7w9Kp2Xv4Rb8Nm1"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / ".gitleaks.toml"


def found(config: Path, toml: str, text: str, name: str = "a.py") -> list[str]:
    """What the configuration finds in a text: rule and secret."""
    config.write_text(toml, encoding="utf-8")
    guard = leakguard.compile(packs=[f"gitleaks:{config}"])
    return [
        f"{f.rule.partition('/')[2]} {text[f.span.start : f.span.end]}"
        for f in guard.scan(text, name=name).findings
    ]


def rule(more: str = "", **keys: str) -> str:
    """The rule, with other keys and more of them."""
    given = {"id": '"zq-token"', "regex": r"""'''\b(zqt_[a-zA-Z0-9]{16})(?:['"\s;]|$)'''"""} | keys
    return "[[rules]]\n" + "".join(f"{k} = {v}\n" for k, v in given.items()) + dedent(more)


HIT = f"zq-token {TOKEN}"
FOUND = {
    "the group": (rule(), f"key = '{TOKEN}'", [HIT]),
    "at the text's end": (rule(), TOKEN, [HIT]),
    "not in a longer word": (rule(), f"a{TOKEN} {TOKEN}a", []),
    "the first group that matched": (rule(regex="'''a(x)?(b)?(c)'''"), "ac abc", ["zq-token c", "zq-token b"]),
    "secretGroup": (rule("secretGroup = 2\n", regex="'''(a)(b)(c)'''"), "abc", ["zq-token b"]),
    "no group": (rule(regex="'''zqt_\\w+'''"), f"x {TOKEN} y", [HIT]),
    "flags in the middle": (rule(regex="'''zqt_(?i)ab(?-i:c)'''"), "zqt_ABc zqt_abC ZQT_abc", ["zq-token zqt_ABc"]),
    "enough entropy": (rule("entropy = 3.9\n"), TOKEN, [HIT]),
    "too little entropy": (rule("entropy = 3.9\n"), "zqt_aaaabbbbccccdddd", []),
    "a keyword is missing": (rule('keywords = ["zephyr"]\n'), TOKEN, []),
    "a keyword elsewhere": (rule('keywords = ["Zephyr"]\n'), f"zephyrs\n\n{TOKEN}", [HIT]),
    "in the path": (rule("path = '''(?i)\\.PY$'''\n"), TOKEN, [HIT]),
    "in another path": (rule("path = '''\\.go$'''\n"), TOKEN, []),
    "an allowed secret": (rule("[[rules.allowlists]]\nregexes = ['''^zqt_Q''']\n"), TOKEN, []),
    "an allowed match": (rule("[[rules.allowlists]]\nregexTarget = 'match'\nregexes = ['''\";$''']\n"), f'"{TOKEN}";', [HIT]),
    "an allowed line": (rule("[[rules.allowlists]]\nregexTarget = 'line'\nregexes = ['^test']\n"), f"test {TOKEN}\n{TOKEN} test", [HIT]),
    "a stopword": (rule("[[rules.allowlists]]\nstopwords = ['kp2XV']\n"), TOKEN, []),
    "an allowed path": (rule("[rules.allowlist]\npaths = ['a[.]py$']\n"), TOKEN, []),
    "or": (rule("[[rules.allowlists]]\npaths = ['go']\nstopwords = ['kp2']\n"), TOKEN, []),
    "and": (rule("[[rules.allowlists]]\ncondition = 'AND'\npaths = ['go']\nstopwords = ['kp2']\n"), TOKEN, [HIT]),
    "allowed for all rules": (rule() + "[allowlist]\nstopwords = ['kp2']\n", TOKEN, []),
    "allowed for this rule": (rule() + "[[allowlists]]\ntargetRules = ['zq-token']\nstopwords = ['kp2']\n", TOKEN, []),
    "allowed for another": (rule() + rule(id='"b"', regex="'zzz'") + "[[allowlists]]\ntargetRules = ['b']\nstopwords = ['kp2']\n", TOKEN, [HIT]),
    "generic gives way": (rule() + rule(id='"generic"', regex="'''token=(\\w+)'''"), f"token={TOKEN} token=other", [HIT, "generic other"]),
    "keys in any case": (rule("SecretGroup = 1\n[[rules.AllowLists]]\nStopWords = ['none']\n"), TOKEN, [HIT]),
    "a match goes over no soft wrap": (rule(regex="'''zqt: [a-z]+'''"), "zqt:\n  abc zqt: abc", ["zq-token zqt: abc"]),
    "the lines of a block": (rule(regex="'''BEGIN[\\s\\S]{9,}?END'''"), "BEGIN" + "\nabcdefgh" * 600 + "END", ["zq-token BEGIN" + "\nabcdefgh" * 600 + "END"]),
    "an endless repeat has an end": (rule(regex="'''zqt_[a-z]+!'''"), "zqt_" + "a" * 1000 + "! zqt_" + "a" * 1001 + "!", ["zq-token zqt_" + "a" * 1000 + "!"]),
}  # fmt: skip


@pytest.mark.parametrize(("toml", "text", "expected"), FOUND.values(), ids=FOUND.keys())
def test_found(config: Path, toml: str, text: str, expected: list[str]) -> None:
    assert found(config, toml, text) == expected


PAIR = rule(id='"part"', regex="'''part-\\d{4}'''") + rule(
    "[[rules.required]]\nid = 'part'\n%s", regex="'''whole-\\d{4}'''"
)
REQUIRED = {
    "anywhere": ("", "whole-1234" + "\n" * 50 + "part-1234", True),
    "nowhere": ("", "whole-1234", False),
    "within lines": ("withinLines = 2", "whole-1234\n\npart-1234", True),
    "not within lines": ("withinLines = 1", "whole-1234\n\npart-1234", False),
    "within columns": ("withinColumns = 3", "whole-1234\n\n  part-1234", True),
    "not within columns": ("withinColumns = 1", "whole-1234\n\n  part-1234", False),
}


@pytest.mark.parametrize(("distance", "text", "there"), REQUIRED.values(), ids=REQUIRED.keys())
def test_required(config: Path, distance: str, text: str, there: bool) -> None:
    rules = {hit.split()[0] for hit in found(config, PAIR % distance, text)}
    assert ("zq-token" in rules) is there


def test_a_rule_that_is_not_reported_still_counts(config: Path) -> None:
    toml = PAIR.replace("'''part", "'''part", 1) % ""
    toml = toml.replace('id = "part"', 'id = "part"\nskipReport = true')
    assert found(config, toml, "part-1234 whole-1234") == ["zq-token whole-1234"]


def test_a_path_alone(tmp_path: Path, config: Path) -> None:
    config.write_text("[[rules]]\nid = 'zq-store'\npath = '''[.]zqs$'''\n", encoding="utf-8")
    (tmp_path / "keys.zqs").write_text("nothing", encoding="utf-8")
    (tmp_path / "keys.txt").write_text("keys.zqs", encoding="utf-8")
    assert main(["check", "--only-pack", f"gitleaks:{config}", str(tmp_path / "keys.zqs")]) == 1
    assert main(["check", "--only-pack", f"gitleaks:{config}", str(tmp_path / "keys.txt")]) == 0


# ── extending ────────────────────────────────────────────────────────────────────────────────────

BASE = (
    rule() + rule(id='"zq-pin"', regex="'''pin-\\d{4}'''") + "[allowlist]\nstopwords = ['0000']\n"
)
LAYERS = {
    "rules and allowlists come along": ("", [HIT, "zq-pin pin-1234"]),
    "a rule is switched off": ("disabledRules = ['zq-pin']\n", [HIT]),
    "a rule is laid over another": ("[[rules]]\nid = 'zq-pin'\nregex = '''pin-\\d(\\d+)'''\n", [HIT, "zq-pin 234", "zq-pin 000"]),
    "a key is laid over another": ("[[rules]]\nid = 'zq-token'\nentropy = 7.9\n", ["zq-pin pin-1234"]),
    "allowlists come together": ("[[rules]]\nid = 'zq-pin'\n[[rules.allowlists]]\nstopwords = ['12']\n", [HIT]),
    "a rule is added": (rule(id='"zq-tan"', regex="'''tan'''"), [HIT, "zq-pin pin-1234", "zq-tan tan"]),
}  # fmt: skip


@pytest.mark.parametrize("how", ['path = "base.toml"', "useDefault = true"])
@pytest.mark.parametrize(("more", "expected"), LAYERS.values(), ids=LAYERS.keys())
def test_extended(config: Path, how: str, more: str, expected: list[str]) -> None:
    for name in ("base.toml", gitleaks.DEFAULTS):
        (config.parent / name).write_text(BASE, encoding="utf-8")
    assert found(config, f"[extend]\n{how}\n{more}", f"{TOKEN} pin-1234 pin-0000 tan") == expected


def test_a_changed_base_is_read_anew(config: Path) -> None:
    base = config.parent / "base.toml"
    for pattern in ("one", "two"):
        base.write_text(rule(regex=f"'{pattern}'"), encoding="utf-8")
        assert found(config, '[extend]\npath = "base.toml"\n', "one two") == [f"zq-token {pattern}"]


# ── what is refused ──────────────────────────────────────────────────────────────────────────────

REFUSED = {
    "not TOML": ("[[rules\n", "F: not TOML (line 1, column 8)"),
    "no rules": ("title = 'x'\n", "F: no rules are left\n  hint: a pack needs at least one"),
    "an unknown table": (rule() + "[filters]\n", 'F: "filters" cannot be kept\n  hint: take it out, if you can'),
    "rules that are one table": ("[rules]\n", "F: rules are written as [[rules]] tables"),
    "extending an address": (rule() + "[extend]\nurl = 'x'\n", 'F: "extend.url" cannot be kept\n  hint: take it out, if you can'),
    "extending twice": (rule() + "[extend]\npath = 'x'\nuseDefault = true\n", "F: extend.path and extend.useDefault are both set"),
    "extending itself": (rule() + "[extend]\npath = '.gitleaks.toml'\n", "F: extends itself\n  hint: break the circle"),
    "extending nothing": (rule() + "[extend]\npath = 'x'\n", "D/x: cannot be read: No such file or directory\n  hint: extend.path is read from the folder of the configuration"),
    "extending what does not come along": (
        "[extend]\nuseDefault = true\n",
        "D/gitleaks-default.toml: cannot be read: No such file or directory\n  hint: extend.useDefault means the catalogue that comes with gitleaks, and none comes with leakguard: save it there under this name",
    ),
    "a filter": (rule("filter = 'true'\n"), 'R: "filter" has no counterpart'),
    "token efficiency": (rule("tokenEfficiency = true\n"), 'R: "tokenEfficiency" has no counterpart'),
    "nothing to look for": ("[[rules]]\nid = 'zq-token'\n", "R: it has neither regex nor path"),
    "a group that is not there": (rule("secretGroup = 2\n"), "R: regex: there is no group 2 (character 1)"),
    "a back-reference": (rule(regex="'''(a)\\1'''"), "R: regex: a back-reference is not of RE2 (character 4)"),
    "look-around": (rule(regex="'''a(?=b)'''"), 'R: regex: "(?" begins no group that RE2 knows (character 4)'),
    "a regex that matches nothing": (rule(regex="'''a*'''"), "R: regex: the pattern can match nothing at all (character 1)"),
    "a regex without end": (rule(regex="'''(?:a{1000}){9}'''"), "R: regex: from here on a match can be longer than 8000 characters (character 1)"),
    "too much entropy": (rule("entropy = 9\n"), 'R: "entropy" is a number from 0 to 8, beside a regex'),
    "keywords of a path": ("[[rules]]\nid = 'zq-token'\npath = 'x'\nkeywords = ['y']\n", "R: keywords beside a path alone have no counterpart"),
    "an unknown condition": (rule("[[rules.allowlists]]\ncondition = 'xor'\nstopwords = ['a']\n"), "R: an allowlist's condition is and or or, its regexTarget match or line"),
    "an empty allowlist": (rule("[[rules.allowlists]]\ndescription = 'x'\n"), "R: an allowlist allows nothing"),
    "an unknown key of an allowlist": (rule("[[rules.allowlists]]\nresources = ['x']\n"), 'R: "resources" of an allowlist has no counterpart'),
    "an allowlist for nobody": (rule() + "[[allowlists]]\ntargetRules = ['b']\nstopwords = ['a']\n", "F: 1 rule cannot be kept\n  b: an allowlist is for it, and there is no such rule\n  hint: leave out by name: leakguard packs convert … --skip b"),
    "a required rule that is not there": (rule("[[rules.required]]\nid = 'b'\n"), "R: it requires a rule that is not there"),
    "different distances": (rule("[[rules.required]]\nid = 'zq-token'\n[[rules.required]]\nid = 'zq-token'\nwithinLines = 3\n"), "R: it requires rules at different distances, which has no counterpart"),
    "two rules of one name": (rule() + rule(id='"ZQ_token"'), 'F: 1 rule cannot be kept\n  ZQ_token: another rule is called "zq-token" too\n  hint: leave out by name: leakguard packs convert … --skip ZQ_token'),
}  # fmt: skip


@pytest.mark.parametrize(("toml", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(config: Path, toml: str, message: str) -> None:
    config.write_text(toml, encoding="utf-8")
    with pytest.raises(PackError) as caught:
        packs.resolve(f"gitleaks:{config}")
    lead, _, rest = message.partition(": ")
    if lead == "R":
        hint = "\n  hint: leave out by name: leakguard packs convert … --skip zq-token"
        message = f"F: 1 rule cannot be kept\n  zq-token: {rest}{hint}"
    told = str(caught.value).replace(str(config), "F").replace(str(config.parent), "D")
    assert told == message


def test_all_that_is_refused_is_named_at_once(config: Path) -> None:
    bad = "".join(rule(id=f'"r{n}"', regex="'''(a)\\1'''") for n in range(3))
    config.write_text(rule() + bad + "[[allowlists]]\nregexes = ['(?=a)']\n", encoding="utf-8")
    with pytest.raises(PackError) as caught:
        gitleaks.convert(str(config))
    lines = str(caught.value).splitlines()
    assert lines[0].endswith(": 4 rules cannot be kept")
    assert [line.split(":")[0].strip() for line in lines[1:5]] == [
        "r0",
        "r1",
        "r2",
        "[[allowlists]]",
    ]


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(PackError, match="cannot be read"):
        packs.resolve("gitleaks:nowhere.toml")


# ── converting ───────────────────────────────────────────────────────────────────────────────────

WHOLE = (
    rule(
        """
    entropy = 3
    keywords = ["zqt_", "it's"]
    path = '''(?i)[.]py$'''
    tags = ["x"]
    [[rules.allowlists]]
    condition = "AND"
    regexTarget = "line"
    regexes = ['''it\\x27s''', '''"quoted" [^\\n]*''']
    stopwords = ["it's", "back\\\\\\\\slash"]
    """,
        description='"A \\"zq\\" token"',
    )
    + "[allowlist]\ndescription = 'for all'\npaths = ['x']\ncommits = ['C0FFEE']\n"
)


def test_what_is_written_is_what_is_used(config: Path, tmp_path: Path) -> None:
    config.write_text(WHOLE, encoding="utf-8")
    out = tmp_path / "out.toml"
    assert main(["packs", "convert", str(config), "-o", str(out)]) == 0
    used, written = packs.resolve(f"gitleaks:{config}"), Pack.load(out)
    assert written == used
    (rule_,) = written.rules
    assert rule_.allowlists[0].stopwords == ("it's", "back\\\\slash")
    assert rule_.why == 'A "zq" token.'
    (report,) = packcheck.check([written])
    assert not report.problems


def test_a_pack_that_is_there_is_not_written_over(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config.write_text(rule(), encoding="utf-8")
    assert main(["packs", "convert", str(config), "-o", str(config)]) == 2
    assert "is there already" in capsys.readouterr().err


def test_what_is_skipped_is_said(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config.write_text(rule() + rule(id='"bad"', regex="'''(a)\\1'''"), encoding="utf-8")
    assert main(["packs", "convert", str(config)]) == 2
    assert main(["packs", "convert", str(config), "--skip", "bad", "--name", "zephyr"]) == 0
    written = capsys.readouterr().out
    assert written.startswith("# bad: left out\n")
    assert [r["id"] for r in tomli.loads(written)["rule"]] == ["zq-token"]
    assert Pack.from_toml(written).name == "zephyr"
    assert main(["packs", "convert", str(config), "--skip", "bat"]) == 2


def test_the_caps_are_told(config: Path) -> None:
    config.write_text(rule(regex="'''a+(?:b*c+){9}'''"), encoding="utf-8")
    assert gitleaks.convert(str(config)).notes == (
        "zq-token: regex: repeats without an end have at most 210 rounds",
    )


@pytest.mark.parametrize(
    ("identity", "about", "severity"),
    [
        ("zq-token", "A token.", "high"),
        ("generic-secret", "A secret.", "medium"),
        ("zq", "A private key.", "critical"),
        ("zq-private-key", "", "critical"),
    ],
)
def test_severities(config: Path, identity: str, about: str, severity: str) -> None:
    config.write_text(rule(id=f'"{identity}"', description=f'"{about}"'), encoding="utf-8")
    (rule_,) = packs.resolve(f"gitleaks:{config}").rules
    assert (str(rule_.severity), bool(rule_.why)) == (severity, True)


def test_a_guard_with_an_imported_pack_can_be_sent_to_a_worker(config: Path) -> None:
    import pickle

    config.write_text(rule(), encoding="utf-8")
    guard = leakguard.compile(packs=[f"gitleaks:{config}"])
    assert len(pickle.loads(pickle.dumps(guard)).scan(TOKEN).findings) == 1
