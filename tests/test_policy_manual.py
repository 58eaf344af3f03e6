"""docs/policy.md is tried from its first example to its last."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from house import ROOT

from leakguard.__main__ import main
from leakguard.configfile import _POLICY_KEYS, _TOP_KEYS

MANUAL = (ROOT / "docs" / "policy.md").read_text("utf-8")
STEP = re.compile(
    r"^(?:<!-- (?P<what>file|as written): (?P<name>\S+) -->\n)?```(?P<kind>\w+)\n(?P<body>.*?)^```$",
    re.M | re.S,
)
FINGERPRINT = re.compile(r"(?<=leakguard allow )[0-9a-f]{8}")


def test_what_it_shows_is_what_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    fingerprint = ""
    tried = 0
    for step in STEP.finditer(MANUAL):
        body = step["body"]
        if step["what"] == "file":
            Path(step["name"]).write_text(body, encoding="utf-8")
        elif step["what"]:
            assert body in Path(step["name"]).read_text("utf-8")
        elif step["kind"] == "console":
            command, _, shown = body.removeprefix("$ leakguard ").partition("\n")
            main(shlex.split(command.replace("FINGERPRINT", fingerprint)))
            out, err = capsys.readouterr()
            said = re.sub(r"\d+\.\d+ s\b", "0.1 s", out + err)
            if found := FINGERPRINT.search(said):
                fingerprint = found[0]
            assert FINGERPRINT.sub("FINGERPRINT", said) == shown
            tried += 1
    assert tried >= 5


def test_it_names_every_key() -> None:
    named = set(re.findall(r"`\[*([a-z_]+)\]*`", MANUAL)) | {"loosen", "reason"}
    assert named >= _TOP_KEYS | _POLICY_KEYS
