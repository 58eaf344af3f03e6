"""The manuals for people who do not program are tried from their first example to their last.

LEAKGUARD_UPDATE_GOLDEN=1 writes what is shown anew, to be read before it is committed.
"""

from __future__ import annotations

import os
import re
import shlex
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from house import ROOT

from leakguard.__main__ import main
from leakguard.configfile import _POLICY_KEYS, _TOP_KEYS

UPDATE = os.environ.get("LEAKGUARD_UPDATE_GOLDEN") == "1"
PAGES = {name: ROOT / "docs" / f"{name}.md" for name in ("compliance", "policy", "writers")}
STEP = re.compile(
    r"^(?:<!-- (?P<what>file|as written): (?P<name>\S+) -->\n)?```(?P<kind>\w+)\n(?P<body>.*?)^```$",
    re.M | re.S,
)
FINGERPRINT = re.compile(r"(?<=leakguard allow )[0-9a-f]{8}")


@pytest.mark.parametrize("page", PAGES)
def test_what_it_shows_is_what_happens(
    page: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CI", raising=False)
    fingerprint = ""
    tried = 0

    def told(command: str) -> str:
        """What a command prints, which may read a file as standard input."""
        words, _, given = command.partition(" < ")
        data = Path(given).read_bytes() if given else b""
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(data), encoding="utf-8"))
        main(shlex.split(words.replace("FINGERPRINT", fingerprint))[1:])
        return re.sub(r"\d+\.\d+ s\b", "0.1 s", "".join(capfd.readouterr()))

    def step(found: re.Match[str]) -> str:
        nonlocal fingerprint, tried
        body = found["body"]
        if found["what"] == "file":
            path = Path(found["name"])
            path.parent.mkdir(exist_ok=True)
            path.write_text(body, encoding="utf-8")
        elif found["what"]:
            assert body in Path(found["name"]).read_text("utf-8")
        elif found["kind"] == "console":
            command, _, shown = body.removeprefix("$ ").partition("\n")
            said = told(command)
            if seen := FINGERPRINT.search(said):
                fingerprint = seen[0]
            said = FINGERPRINT.sub("FINGERPRINT", said)
            rules = re.compile(r"\b\d{2,} rules")  # bundled packs grow
            pattern = re.escape(rules.sub("N rules", shown))
            pattern = pattern.replace(re.escape("...\n"), "(?:.*\n)*?")
            tried += 1
            if UPDATE and "...\n" not in shown.splitlines(keepends=True):
                return f"```console\n$ {command}\n{said}```"
            assert re.fullmatch(pattern, rules.sub("N rules", said)), f"{command}\n{said}"
        return found[0]

    text = PAGES[page].read_text("utf-8")
    written = STEP.sub(step, text)
    if UPDATE:
        PAGES[page].write_text(written, "utf-8")
    assert tried >= 5


def test_the_policys_manual_names_every_key() -> None:
    text = PAGES["policy"].read_text("utf-8")
    named = set(re.findall(r"`\[*([a-z_]+)\]*`", text)) | {"loosen", "reason"}
    assert named >= _TOP_KEYS | _POLICY_KEYS
