"""What goes wrong, one situation a row: the exit code and every word of the answer are written down.

The answers are in messages.txt beside this file; LEAKGUARD_UPDATE_GOLDEN=1 writes it anew, to be
read line by line before it is committed. `thread` is where users of some tool met the situation.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from leakguard.__main__ import main

GOLDEN = Path(__file__).with_name("messages.txt")
UPDATE = os.environ.get("LEAKGUARD_UPDATE_GOLDEN") == "1"

HEAD = '[pack]\nname = "acme"\nowner = "brand@example.com"\n'
RULE = """
[[rule]]
id = "unreleased"
title = "unreleased project name"
why = "It has not been announced."
severity = "high"
match = "loose"
"""
PACK = HEAD + RULE + 'terms = ["Zq Heron"]\n'
CRITICAL = PACK.replace('"high"', '"critical"')
SHAPE = HEAD + RULE.replace('match = "loose"\n', "")
LEAK = "The Zq Heron flies.\n"
CLEAN = "Nothing to see.\n"
ALLOW = "<!-- leakguard: allow acme/t1"
# The policy of a situation: the only pack in force is the one beside it.
ONLY = 'packs = ["./acme.toml"]\nexclude = ["acme.toml", "leakguard*.toml", "base.toml"]\n'
KNOWN = '[[known]]\nrule = "acme/t1"\npath = "a.md"\nwords = "00000000"\n'

Files = Mapping[str, str | bytes]


class Situation(NamedTuple):
    """What lies in the folder, what is typed there, and where somebody has met that before."""

    files: Files
    argv: str
    thread: str = ""
    prepare: Callable[[Path], None] = lambda folder: None


def git(*words: str) -> Callable[[Path], None]:
    """A repository in the folder, in which one git command was run."""

    def prepare(folder: Path) -> None:
        for command in (("init", "-q", "-b", "main"), words):
            if command:
                subprocess.run(["git", *command], cwd=folder, check=True, capture_output=True)

    return prepare


def config(text: str, **files: str | bytes) -> Files:
    """A folder with a policy, the pack and a clean text."""
    return {"leakguard.toml": ONLY + text, "acme.toml": PACK, "a.md": CLEAN, **files}


def pack(text: str) -> Files:
    """A folder with a pack and a clean text."""
    return {"acme.toml": text, "a.md": CLEAN}


def draft(text: str | bytes, policy: str = "", *, rules: str = PACK) -> Files:
    """A folder with a policy, a pack and one draft."""
    return {"leakguard.toml": ONLY + policy, "acme.toml": rules, "a.md": text}


def _link_to_itself(folder: Path) -> None:
    (folder / "b.md").symlink_to("b.md")


def _link_to_nothing(folder: Path) -> None:
    (folder / "b.md").symlink_to("gone.md")


def _empty_folder(folder: Path) -> None:
    (folder / "empty").mkdir()


BARE = "check a.md --only-pack ./acme.toml"
SITUATIONS: dict[str, Situation] = {
    # what there is to screen
    "a folder without files": Situation(config(""), "check empty", "gitleaks#2129", _empty_folder),
    "a path that is not there": Situation(config(""), "check gone.md", "gitleaks#1464"),
    "one path of two is not there": Situation(config(""), "check a.md gone.md", "gitleaks#1450"),
    "a link to nothing": Situation(config(""), "check", "gitleaks#2232", _link_to_nothing),
    "a link to itself": Situation(config(""), "check", "gitleaks#2232", _link_to_itself),
    "a text that is binary": Situation(draft(b"\0\1\2\3" * 9), "check", "TruffleHog#4575"),
    "UTF-8 that breaks off far in": Situation(
        draft(b"\xef\xbb\xbf" + b"a" * 100 + b"\xff\xfe\n"), "check", "detect-secrets#641"
    ),
    "half an UTF-16 letter": Situation(draft(b"\xff\xfea\0b"), "check", "betterleaks#221"),
    "a damaged archive": Situation(config("", **{"b.zip": b"PK\3\4broken"}), "check"),
    "a damaged office file": Situation(config("", **{"b.docx": b"PK\3\4broken"}), "check"),
    "a file of git-crypt": Situation(draft(b"\0GITCRYPT\0" + b"\x91" * 40), "check"),
    "a file that is larger than allowed": Situation(draft(LEAK * 99, 'max_size = "1 kB"'), "check"),
    "media that must not be there": Situation(
        config('media = "fail"', **{"b.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 32}), "check"
    ),
    "opaque files that must not be there": Situation(
        config('opaque = "fail"', **{"b.bin": b"\0\1\2\3" * 99}), "check"
    ),
    "nothing is staged": Situation(config(""), "check --staged", "gitleaks#2232", git()),
    "staged, outside a repository": Situation(config(""), "check --staged", "gitleaks#1464"),
    "a revision that is not there": Situation(
        config(""), "check --diff nowhere..HEAD", "gitleaks#2129", git()
    ),
    "a revision that is not there, of a history": Situation(
        config(""), "check --history --since nowhere", "gitleaks#2129", git()
    ),
    "a revision of a variable that is not set": Situation(config(""), "check --diff=", "", git()),
    "a message that is not there": Situation(config(""), "check --message gone.txt"),
    "all is excluded": Situation(
        {"leakguard.toml": 'exclude = ["*"]\n', "a.md": LEAK},
        "check --only-pack healthcare",
        "questdb#7532",
    ),
    # ways out of red
    "not screened, and let pass": Situation(draft(b"\0\1\2\3" * 9), "check --unread warn"),
    "not screened, and let pass by the policy": Situation(
        draft(b"\0\1\2\3" * 9, 'unread = "warn"'), "check"
    ),
    "exit with 0 all the same": Situation(draft(LEAK), "check --exit-zero --quiet"),
    "a later clock": Situation(draft(LEAK), "check --quiet --now 2031-01-01"),
    "no configuration": Situation(draft(CLEAN), "check a.md --no-config --only-pack ./acme.toml"),
    "a high bar": Situation(draft(LEAK), "check --quiet --fail-on critical", "vale#575"),
    "a rule that is off": Situation(
        draft(LEAK, '[rules]\n"acme/unreleased" = "off"'), "check --quiet"
    ),
    # where the report goes
    "a report in a folder that is not there": Situation(draft(LEAK), "check -o gone/r.txt"),
    "a report that is a folder": Situation(draft(LEAK), "check -o empty", "", _empty_folder),
    "a report in a file, and a leak": Situation(
        draft(LEAK), "check -o r.txt", "secretlint: exit 0 with --output"
    ),
    # options
    "an option that is not there": Situation(config(""), "check --fail-onn high"),
    "a level that is not there": Situation(config(""), "check --fail-on hihg", "vale#218"),
    "a format that is not there": Situation(config(""), "check --format yml"),
    "a pack of a variable that is not set": Situation(config(""), "check --only-pack="),
    "a policy of a variable that is not set": Situation(config(""), "redact --config= a.md"),
    "a name for standard input that nobody reads": Situation(
        config(""), "check a.md --stdin-filename b.md"
    ),
    "the same of a redaction": Situation(config(""), "redact a.md --stdin-filename b.md"),
    "a key where nothing is opened": Situation(config(""), "seal acme.toml --identity jane.txt"),
    "an option without its value": Situation(config(""), "check a.md --jobs"),
    "an argument too many": Situation(config(""), "config a.md"),
    "an argument too few": Situation(config(""), "seal"),
    "a command of a group that is not there": Situation(config(""), "packs chekc"),
    "an option before the command that has it": Situation(
        config(""), "packs --pack ./acme.toml check"
    ),
    "a text where standard input is meant": Situation(config(""), "why a.md"),
    "a conversion of nothing": Situation(config(""), "packs convert gitleaks:"),
    "a clock that cannot be read": Situation(config(""), "check --now soon"),
    "a command that is not there": Situation(config(""), "chekc"),
    "a rule that is not there": Situation(config(""), "rule acme/unrelaesed", "cspell#4914"),
    # packs
    "a pack that is not there": Situation(config(""), "check --pack ./gone.toml"),
    "a pack by a name that is not there": Situation(config(""), "check --pack finanec"),
    "a pack that is empty": Situation(pack(""), BARE, "git-secrets#140"),
    "a pack without rules": Situation(pack(HEAD), BARE, "git-secrets#140"),
    "a pack that is no TOML": Situation(pack(HEAD + "[[rule]\n"), BARE),
    "a pack that is not UTF-8": Situation({**pack(PACK), "acme.toml": b"# \xff\n"}, BARE),
    "a pack with an unknown key": Situation(pack(PACK + "sevrity = 1\n"), BARE),
    "a pack with a wrong severity": Situation(pack(PACK.replace('"high"', '"hihg"')), BARE),
    "a rule that looks for nothing": Situation(pack(HEAD + RULE), BARE, "git-secrets#140"),
    "a rule without a term": Situation(pack(HEAD + RULE + "terms = []\n"), BARE),
    "a pattern that is none": Situation(pack(SHAPE + 'pattern = "(a"\nexamples = ["a"]\n'), BARE),
    "a pattern without end": Situation(
        pack(SHAPE + 'pattern = "a+b"\nexamples = ["ab"]\n'), BARE, "detect-secrets: 40 s on spaces"
    ),
    "a phrase that is none": Situation(
        pack(SHAPE + 'phrases = ["do not (share"]\nexamples = ["do not share"]\n'), BARE
    ),
    "a phrase that takes a list that is not there": Situation(
        pack(SHAPE + 'phrases = ["<who> said"]\nexamples = ["they said"]\n'), BARE
    ),
    "an id twice": Situation(pack(PACK + RULE + 'terms = ["Zq Egret"]\n'), BARE),
    "a title that spells a term": Situation(
        pack(PACK.replace("unreleased project name", "the Zq Heron")), BARE, "woke#41"
    ),
    "two packs of one name": Situation(
        {**pack(PACK), "b.toml": PACK + "common = false\n"}, f"{BARE} --pack ./b.toml"
    ),
    # the policy
    "a policy with an unknown key": Situation(config('fail_onn = "high"\n'), "check"),
    "a policy with a wrong word": Situation(config('fail_on = "hihg"\n'), "check", "vale#514"),
    "a policy with a wrong type": Situation(config("fail_on = 3\n"), "check"),
    "a policy that is no TOML": Situation(config("fail_on = \n"), "check"),
    "a policy that is not UTF-8": Situation({**config(""), "leakguard.toml": b"# \xff\n"}, "check"),
    "two policies in one folder": Situation(
        config("", **{"pyproject.toml": "[tool.leakguard]\n"}), "check"
    ),
    "a policy that is not there": Situation(config(""), "check --config gone.toml"),
    "a policy, and none": Situation(config(""), "check --config leakguard.toml --no-config"),
    "a policy without packs": Situation(
        {**config(""), "leakguard.toml": "packs = []\n"}, "check", "questdb#7532"
    ),
    "a policy of only exclusions": Situation(
        {"leakguard.toml": 'exclude = ["*.lock"]\n', "a.md": "SSN 219-09-9998\n"},
        "check a.md --quiet --only-pack healthcare",
        "questdb#7532",
    ),
    "a policy whose pack is gone": Situation(
        {"leakguard.toml": ONLY, "a.md": CLEAN}, "check", "muninndb#845"
    ),
    "a section without paths": Situation(config('[[path]]\nfail_on = "high"\n'), "check"),
    "a section that matches nothing": Situation(config("[[path]]\nmatch = []\n"), "check"),
    "a section with an unknown key": Situation(
        config('[[path]]\nmatch = ["a"]\nopaqeu = "skip"\n'), "check"
    ),
    "a section with a key for all": Situation(
        config('[[path]]\nmatch = ["a"]\nprofile = "strict"\n'), "check"
    ),
    "a pattern of paths that is never closed": Situation(
        config('[[path]]\nmatch = ["[a-"]\nopaque = "skip"\n'), "check"
    ),
    "a rule id that is none": Situation(config('[rules]\nunreleased = "off"\n'), "check"),
    "a rule id that nobody knows": Situation(
        config('[rules]\n"acme/unrelaesed" = "off"\n'), "check"
    ),
    "an answer that is none": Situation(config('[rules]\n"acme/unreleased" = "no"\n'), "check"),
    "a size that is none": Situation(config('max_size = "big"\n'), "check"),
    "an encoding that is none": Situation(config('encoding = "latin-9-ish"\n'), "check"),
    "days that are none": Situation(config("[policy]\nrespond = { high = -1 }\n"), "check"),
    "a severity of days that is none": Situation(
        config("[policy]\nrespond = { hihg = 1 }\n"), "check"
    ),
    "an unknown word about the policy": Situation(config('[policy]\nowners = "a"\n'), "check"),
    "a parent that is not there": Situation(
        config("extends = []\n".replace("[]", '["gone.toml"]')), "check"
    ),
    "policies in a circle": Situation(
        config('extends = ["base.toml"]\n', **{"base.toml": 'extends = ["leakguard.toml"]\n'}),
        "check",
    ),
    "a package that is not there": Situation(
        config('extends = ["package:acme_policy"]\n'), "check"
    ),
    "looser than the parent": Situation(
        config('extends = ["base.toml"]\nfail_on = "high"\n', **{"base.toml": 'fail_on = "low"\n'}),
        "check",
    ),
    "looser than the parent, without a reason": Situation(
        config(
            'extends = ["base.toml"]\nfail_on = "high"\nloosen = true\n',
            **{"base.toml": 'fail_on = "low"\n'},
        ),
        "check",
    ),
    "looser than the parent, and owned up to": Situation(
        config(
            'extends = ["base.toml"]\nfail_on = "high"\nloosen = true\nreason = "a trial"\n',
            **{"base.toml": 'fail_on = "low"\nexclude = ["acme.toml", "*guard.toml", "base.*"]\n'},
        ),
        "check",
    ),
    "show what a folder gets": Situation(config(""), "config --show empty", "", _empty_folder),
    # what was allowed
    "allowed without a reason": Situation(
        draft(f"{LEAK.strip()} {ALLOW} -->\n"), "check", "gitleaks#2130"
    ),
    "allowed until yesterday": Situation(
        draft(f"{LEAK.strip()} {ALLOW} until=2020-01-01 -- it was early -->\n"), "check"
    ),
    "allowed until a day that is none": Situation(
        draft(f"{LEAK.strip()} {ALLOW} until=soon -- it was early -->\n"), "check"
    ),
    "allowed, and nobody knows the rule": Situation(
        draft(f"{LEAK.strip()} {ALLOW.replace('t1', 't9')} -- a slip -->\n"), "check"
    ),
    "allowed, and no longer there": Situation(
        draft(f"{CLEAN.strip()} {ALLOW} -- it was early -->\n"), "check", "gitleaks#2130"
    ),
    "allowed, and critical": Situation(
        draft(f"{LEAK.strip()} {ALLOW} -- it is fine -->\n", rules=CRITICAL), "check"
    ),
    "allowed by a comment that spells the term": Situation(
        draft(f"{CLEAN.strip()} {ALLOW} -- the Zq Heron -->\n"), "check", "woke#41"
    ),
    "an unknown fingerprint": Situation(draft(LEAK), "allow 01234567 --reason public"),
    "a fingerprint that is none": Situation(draft(LEAK), "allow a.md --reason public"),
    "no reason given": Situation(draft(LEAK), "allow 01234567"),
    # the baseline
    "a baseline that is not there": Situation(config('baseline = "gone.toml"\n'), "check"),
    "a baseline after a bad merge": Situation(
        config("", **{"leakguard.baseline.toml": f"<<<<<<< ours\n{KNOWN}=======\n"}),
        "check",
        "detect-secrets#394",
    ),
    "a baseline with an unknown key": Situation(
        config("", **{"leakguard.baseline.toml": f'{KNOWN}term = "a"\n'}), "check"
    ),
    "a baseline without its lines": Situation(
        config("", **{"leakguard.baseline.toml": KNOWN.replace("words", "# words")}), "check"
    ),
    "a baseline of something else": Situation(
        config("", **{"leakguard.baseline.toml": "[results]\n"}), "check"
    ),
    "known until yesterday": Situation(
        config("", **{"leakguard.baseline.toml": KNOWN + "until = 2020-01-01\n"}), "check"
    ),
    "prune a part": Situation(config(""), "baseline --prune a.md"),
    "prune what could not be screened": Situation(draft(b"\0\1\2\3" * 9), "baseline --prune"),
    # beginning
    "a policy that is there already": Situation(config(""), "init"),
    "a policy that is there already, elsewhere": Situation(
        {"pyproject.toml": "[tool.leakguard]\n"}, "init"
    ),
}


def answer(situation: Situation, folder: Path, read: Callable[[], tuple[str, str]]) -> str:
    """Everything that is said in a situation, without what differs from run to run."""
    for name, content in situation.files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)
    situation.prepare(folder)
    argv = re.findall(r"\S+", situation.argv)
    code = main(argv)
    out, err = read()
    said = re.sub(r"\d+\.\d+ s\b", "T s", out + err).replace(str(folder), "FOLDER")
    said = re.sub(r"\b\d{2,} rules", "N rules", said)  # bundled packs grow
    assert "eron" not in said
    thread = f"  # {situation.thread}" if situation.thread else ""
    return f"$ leakguard {situation.argv}{thread}\n{said}exit {code}\n"


def written() -> dict[str, str]:
    """What messages.txt says, by situation."""
    text = GOLDEN.read_text("utf-8") if GOLDEN.exists() else ""
    blocks = re.split(r"^== (.+)\n", text, flags=re.M)[1:]
    return {name: said.rstrip("\n") + "\n" for name, said in zip(*[iter(blocks)] * 2, strict=True)}


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_answer_to(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    said = answer(SITUATIONS[name], tmp_path, capsys.readouterr)
    if UPDATE:
        known = {**written(), name: said}
        GOLDEN.write_text("\n".join(f"== {key}\n{known[key]}" for key in SITUATIONS if key in known),
                          "utf-8")  # fmt: skip
    assert said == written()[name]


def test_every_answer_has_its_situation() -> None:
    assert list(written()) == list(SITUATIONS)


def test_there_are_enough_of_them() -> None:
    broken = [name for name, said in written().items() if not said.endswith("exit 0\n")]
    assert len(broken) >= 60
