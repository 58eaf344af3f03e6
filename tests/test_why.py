"""`leakguard why`: each row is a text and what it must be told about it."""

from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from leakguard import cli, derived
from leakguard.commands import why

TOML = """
[pack]
name = "p"
[[rule]]
id = "names"
title = "unreleased name"
why = "w"
severity = "high"
match = "loose"
exclude = { near = { words = ["ornithology"] } }
terms = [
  "Blue Heron",
  { term = "Zqosprey", embargo_until = 2026-02-01 },
  { term = "Zqridge", embargo_until = 2999-02-01, owner = "brand", instead = "the thing" },
]
[[rule]]
id = "guess"
title = "t"
why = "w"
severity = "high"
profile = "strict"
terms = ["zqguess"]
[[rule]]
id = "comment"
title = "t"
why = "w"
severity = "low"
scopes = ["comment"]
terms = ["zqremark"]
[[rule]]
id = "number"
title = "t"
why = "w"
severity = "high"
pattern = '''[0-9]{16}'''
check = "luhn"
near = { words = ["card"] }
examples = ["card 4242424242424242"]
"""

CASES = {
    "a finding": ("the BlueHeron team", ["p/names, term t1 (loose)", "view      name", "so        block"]),
    "ordinary words": ("a blue heron", ["common    ordinary words, reads as prose: low", "so        warn"]),
    "a cue": ("the launch of blue heron", ["ordinary words, a cue is near: high"]),
    "markup": ("Blue **He**ron", ["view      unmarked: with markup taken off"]),
    "a code": ("Qmx1ZSBIZXJvbg==", ["view      base64: what base64 says"]),
    "an exclusion": ("Blue Heron (ornithology)", ["exclude   it is what the rule leaves out", "so        nothing"]),
    "an embargo that is over": ("zqosprey", ["so        nothing: its embargo ended 2026-02-01"]),
    "an embargo that holds": ("zqridge", ["until     2999-02-01", "owner     brand", "do        the thing"]),
    "a strict rule": ("zqguess", ["so        nothing: the rule is for --profile strict"]),
    "another scope": ("zqremark", ["scope     prose: the rule does not look there"]),
    "the right scope": ("<!-- zqremark -->", ["scope     comment: the rule looks there", "so        warn"]),
    "a check that fails": ("card 4242424242424241", ["check     luhn: failed", "so        nothing"]),
    "words that are missing": ("4242424242424242", ["context   0 of its words near", "cell      checked: low"]),
    "words nearby": ("card 4242424242424242", ["context   1 of its words near", "cell      full: high"]),
    "nothing at all": ("the sky was blue", ["nothing in it"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "told"), CASES.values(), ids=CASES.keys())
def test_why(
    text: str,
    told: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.toml").write_text(TOML)
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(text.encode())))
    code = cli.main(["why", "-", "--only-pack", "./p.toml"])
    out = capfd.readouterr().out
    assert [line for line in told if line not in out] == []
    assert code == ("so        block" in out)


def test_the_policy_has_its_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.toml").write_text(TOML)
    (tmp_path / "leakguard.toml").write_text(
        'packs = ["./p.toml"]\n[rules]\n"p/names" = "off"\n'
        '[[path]]\nmatch = ["drafts/"]\nfail_on = "critical"\n'
    )

    def why(text: bytes, name: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(text)))
        code = cli.main(["why", "--stdin-filename", name])
        return code, capfd.readouterr().out

    code, out = why(b"the BlueHeron team", "a.md")
    assert (code, "so        nothing: the policy has turned the rule off" in out) == (0, True)
    assert why(b"card 4242424242424242", "a.md")[0] == 1
    code, out = why(b"card 4242424242424242", "drafts/a.md")
    assert (code, "so        warn: severity high is below critical" in out) == (0, True)


def test_the_text_is_not_taken_from_the_command_line(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["why", "Zq Heron"]) == 2


def test_every_view_has_words() -> None:
    assert set(why.VIEWS) == {"lines", "plain", "name", *derived.MAKERS}
