"""Contract: the matched text is a secret. No output of any command holds a term or a value.

Everything that a command prints is gathered, folded and searched for every secret that stands in
what it was given: in texts, file names, broken files, packs that are refused.
"""

import json
import os
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from house import acme
from test_matching import ROWS

from leakguard import cli, hook
from leakguard.views import fold

TERMS = ["Zq Heron", "Zqosprey Ridge", "\u0416\u0443\u0440\u0430\u0432\u043b\u044c"]
FORMS = ["{}", "{}s", "#{}", "x.{}.y", "({})"]
VALUES = ["536-90-4399", "GB33BUKB20201555555555", "943 476 5919", "1EG4-TE5-MK72"]
PACK = acme("TERMS") + 'examples = ["the ZqHeron", "nothing"]\n'


def written(term: str) -> list[str]:
    words = term.split()
    joined = ["".join(words), "-".join(words), "_".join(words).upper(), "\u200b".join(words), term]
    return [form.format(word) for word in joined for form in FORMS]


def secrets() -> list[str]:
    """What must not be seen: folded, without anything between the letters."""
    return [bare(text) for text in (*TERMS, *VALUES)]


def bare(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    terms = ", ".join(json.dumps(term, ensure_ascii=False) for term in TERMS)
    (tmp_path / "acme.toml").write_text(PACK.replace("TERMS", terms), encoding="utf-8")
    damaged = PACK.replace("TERMS", terms + ', "Zq Heron') + "\n"
    (tmp_path / "damaged.toml").write_text(damaged, encoding="utf-8")
    spelt = PACK.replace("TERMS", terms).replace("It has not", "The Zq Heron has not")
    (tmp_path / "spelt.toml").write_text(spelt, encoding="utf-8")
    misused = PACK.replace("TERMS", terms + ', { term = "Zq Heron", onwer = "Zq Heron" }')
    (tmp_path / "misused.toml").write_text(misused, encoding="utf-8")
    drafts = tmp_path / "drafts"
    (drafts / "zq-heron").mkdir(parents=True)
    lines = [f"SSN: {VALUES[0]}, IBAN {VALUES[1]}, NHS number {VALUES[2]}, Medicare {VALUES[3]}"]
    lines += [f"about {form} and {other}" for t in TERMS for form in written(t) for other in TERMS]
    (drafts / "post.md").write_text("\n\n".join(lines), encoding="utf-8")
    (drafts / "wrapped.md").write_text("\n".join(lines), encoding="utf-8")
    (drafts / "zq-heron" / "Zqosprey_Ridge.txt").write_text("x", encoding="utf-8")
    (drafts / "zq-heron" / "zqospreyridge.docx").write_bytes(b"PK\x03\x04" + b"\0" * 30)
    (drafts / "ZqHeron.md").write_bytes(b"zq heron \x00\x01 536-90-4399")
    (drafts / "tool.bin").write_bytes(b"\0\1ZQHERON\0" + "Zqosprey Ridge".encode("utf-16-le"))
    return tmp_path


# Each is run in a folder full of secrets; the codes show that it did what it should.
COMMANDS = {
    "check": (["check", "drafts", "--pack", "./acme.toml"], 3),
    "check in strict": (["check", "drafts", "--pack", "./acme.toml", "--profile", "strict"], 3),
    "check as json": (["check", "drafts", "--pack", "./acme.toml", "--format", "json"], 3),
    "check with colours": (["check", "drafts", "--pack", "./acme.toml", "--color", "always"], 3),
    "check one file": (["check", "drafts/wrapped.md", "--pack", "./acme.toml"], 1),
    "check the packs themselves": (["check", ".", "--pack", "./acme.toml"], 3),
    "a damaged pack": (["check", "drafts", "--pack", "./damaged.toml"], 2),
    "a pack that spells a term": (["check", "drafts", "--pack", "./spelt.toml"], 2),
    "an entry with an unknown key": (["packs", "check", "./misused.toml"], 2),
    "packs": (["packs", "--pack", "./acme.toml"], 0),
    "packs check": (["packs", "check", "./acme.toml"], 2),
    "a rule's page": (["rule", "acme/unreleased", "--pack", "./acme.toml"], 0),
}  # fmt: skip


@pytest.mark.parametrize(("argv", "code"), COMMANDS.values(), ids=COMMANDS.keys())
@pytest.mark.parametrize("ci", ["", "true"], ids=["at a desk", "in CI"])
def test_no_output_holds_a_secret(
    argv: list[str],
    code: int,
    ci: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("CI", ci)
    assert cli.main(argv) == code
    out, err = capfd.readouterr()
    assert out + err
    said = bare(out + err + caplog.text)
    assert [secret for secret in secrets() if secret in said] == []


TYPED = "\n".join(f"about {form}" for term in TERMS for form in written(term)) + " ".join(VALUES)
FED = {
    "why": (["why", "-", "--pack", "./acme.toml"], 1),
    "why with a pack that spells a term": (["why", "-", "--pack", "./spelt.toml"], 2),
    "why, revealed": (["why", "-", "--pack", "./acme.toml", "--reveal"], 2),
    "redact": (["redact", "--pack", "./acme.toml"], 0),
    "redact a diff": (["redact", "-", "--diff", "--pack", "./acme.toml"], 0),
    "redact files": (["redact", "drafts", "--in-place", "--diff", "--pack", "./acme.toml"], 3),
    "redact one of several": (["redact", "drafts", "--pack", "./acme.toml"], 2),
    "terms add what is there": (["terms", "add", "--to", "acme.toml"], 2),
    "terms add to a damaged pack": (["terms", "add", "--to", "damaged.toml"], 2),
    "terms add to a pack that spells one": (["terms", "add", "--to", "spelt.toml"], 2),
    "terms list": (["terms", "list", "--to", "acme.toml"], 0),
    "terms list, revealed": (["terms", "list", "--to", "acme.toml", "--reveal"], 2),
    "terms list of a misused pack": (["terms", "list", "--to", "misused.toml"], 2),
    "terms remove": (["terms", "remove", "--to", "acme.toml", "2"], 0),
    "terms remove by name": (["terms", "remove", "--to", "acme.toml", "Zq Heron"], 2),
}  # fmt: skip


SHOWING = [name for name, (argv, _) in FED.items() if argv[0] == "why" or "--diff" in argv]


@pytest.mark.parametrize(
    ("argv", "code", "ci"),
    [(*FED[name], "") for name in FED] + [(*FED[name], "true") for name in SHOWING],
    ids=[*FED, *(f"{name}, in CI" for name in SHOWING)],
)
def test_nor_do_commands_that_are_fed(
    argv: list[str],
    code: int,
    ci: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(TYPED.encode()), encoding="utf-8"))
    assert cli.main(argv) == code
    said = bare("".join(capfd.readouterr()) + caplog.text)
    assert said
    # What a redacted text still holds is what no rule reports; of terms that is nothing.
    hidden = [bare(term) for term in TERMS] if argv == ["redact", *argv[-2:]] else secrets()
    assert [secret for secret in hidden if secret in said] == []


def test_nor_does_the_hook(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    paths = [os.path.join(at, f) for at, _, files in os.walk("drafts") for f in files]
    assert hook.main(["--pack", "./acme.toml", *paths]) == 3
    said = bare("".join(capfd.readouterr()))
    assert [secret for secret in secrets() if secret in said] == []


def broken(*_: object, **__: object) -> None:
    raise RuntimeError(" ".join([*TERMS, *VALUES]))


@pytest.mark.parametrize(
    "place", ["leakguard.matcher.Matcher.find", "leakguard.readers.read", "leakguard.scan.verdicts"]
)
def test_nor_does_a_crash(
    place: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(place, broken)
    assert cli.main(["check", "drafts/post.md", "--pack", "./acme.toml"]) == 3
    out, err = capfd.readouterr()
    said = bare(out + err)
    assert [secret for secret in secrets() if secret in said] == []


def test_nothing_is_left_behind_on_the_disk(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LEAKGUARD_CACHE_DIR", str(folder / "cache"))
    run: Callable[[list[str]], int] = cli.main
    assert run(["check", "drafts", "--pack", "./acme.toml"]) == 3
    capfd.readouterr()
    kept = [path for path in (folder / "cache").rglob("*") if path.is_file()]
    assert kept
    for path in kept:
        data = bare(path.read_bytes().decode("utf-8", "replace"))
        assert [bare(term) for term in TERMS if bare(term) in data] == []


def forms() -> dict[tuple[str, str], list[tuple[str, list[str]]]]:
    """Of each term of docs/matching.md, in its mode: the texts that hold it, and in which forms."""
    found: dict[tuple[str, str], list[tuple[str, list[str]]]] = {}
    for term, mode, text, matched, _ in ROWS:
        if matched:
            found.setdefault((term, mode), []).append((text, matched))
    return found


@pytest.mark.parametrize(
    ("entry", "texts"), forms().items(), ids=[" ".join(entry) for entry in forms()]
)
def test_no_form_of_a_name_is_seen(
    entry: tuple[str, str],
    texts: list[tuple[str, list[str]]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    term, mode = entry
    pack = PACK.replace("[TERMS]", f"[{json.dumps(term, ensure_ascii=False)}]")
    pack = pack.replace('"loose"', f'"{mode}"').replace('examples = ["the ZqHeron", "nothing"]', "")
    Path("acme.toml").write_text(pack, encoding="utf-8")
    for number, (text, _) in enumerate(texts):
        Path(f"{number}.md").write_text(text, encoding="utf-8", newline="")
    only = ["--only-pack", "./acme.toml", "--no-config"]
    files = [f"{number}.md" for number in range(len(texts))]
    assert cli.main(["check", *files, *only, "--min-confidence", "low"]) in (0, 1)
    assert cli.main(["check", *files, *only, "--format", "json"]) in (0, 1)
    assert cli.main(["redact", *files, *only, "--diff"]) == 0
    for text, _ in texts:
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(text.encode()), encoding="utf-8"))
        assert cli.main(["why", "-", *only]) in (0, 1)
    said = "".join(capfd.readouterr())
    assert [form for _, matched in texts for form in matched if form in said] == []
    if mode != "exact":  # which lets other cases be seen
        assert bare(term) not in bare(said)
