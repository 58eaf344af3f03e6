"""Lists of terms: what is added or removed, and that all else stays as it is written."""

import os
from io import StringIO
from pathlib import Path

import pytest

from leakguard import cli, termlist
from leakguard.errors import LeakguardError
from leakguard.packs import Pack

HEAD = '[pack]\nname = "p"\n\n'


def rule(name: str, terms: str) -> str:
    return (
        f'[[rule]]\nid = "{name}"\ntitle = "a [name], {{ that }} \'is\' \\"not\\" out" # ] terms = ["x"]\n'
        f"severity = \"high\"\nwhy = '''terms = [\"no\"]\n]'''\nmatch = \"loose\"\nterms = {terms}\n"
        'exclude = { near = { words = ["a"] } }\n\n'
    )


def numbers(text: str) -> dict[int, str]:
    return {e.id: e.term for r in Pack.from_toml(text).rules for e in r.entries}


ADDED = {
    "in a line": ('["Zqa", "Zqb"]', '["Zqa", "Zqb", { term = "Zqnew", id = 3 }]'),
    "behind a comma": ('["Zqa",]', '["Zqa", { term = "Zqnew", id = 2 }]'),
    "on a line of its own": (
        '[\n  "Zqa",  # first\n  "Zqb",  # second\n]',
        '[\n  "Zqa",  # first\n  "Zqb",  # second\n  { term = "Zqnew", id = 3 },\n]',
    ),
    "without a comma at the end": (
        '[\n\t"Zqa",\n\t"Zqb" # ]\n]',
        '[\n\t"Zqa",\n\t"Zqb", # ]\n\t{ term = "Zqnew", id = 3 },\n]',
    ),
    "behind tables": (
        '[\n  { term = "Zqa", id = 7, owner = "x, y]" },\n  # the end\n]',
        '[\n  { term = "Zqa", id = 7, owner = "x, y]" },\n  { term = "Zqnew", id = 8 },\n  # the end\n]',
    ),
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(("before", "after"), ADDED.values(), ids=ADDED.keys())
def test_added(before: str, after: str, newline: str) -> None:
    text = (HEAD + rule("a", before)).replace("\n", newline)
    new, number = termlist.added(text, "p.toml", "Zqnew")
    assert new == (HEAD + rule("a", after)).replace("\n", newline)
    assert numbers(new)[number] == "Zqnew"


REMOVED = {
    "from a line": (
        '["Zqa", "Zqb", "Zqc"]',
        1,
        '[{ term = "Zqb", id = 2 }, "Zqc"]',
    ),
    "the last of a line": ('["Zqa", "Zqb", "Zqc"]', 3, '["Zqa", "Zqb"]'),
    "with its line and comment": (
        '[\n  "Zqa",\n  { term = "Zqb", id = 5 },  # Zqb\n  "Zqc",\n]',
        5,
        '[\n  "Zqa",\n  { term = "Zqc", id = 6 },\n]',
    ),
    "numbered ones stay as they are": (
        '[\n  { term = "Zqa", id = 1 },\n  { term = "Zqb", id = 2 },\n]',
        1,
        '[\n  { term = "Zqb", id = 2 },\n]',
    ),
}


@pytest.mark.parametrize(("before", "number", "after"), REMOVED.values(), ids=REMOVED.keys())
def test_removed(before: str, number: int, after: str) -> None:
    text = HEAD + rule("a", before)
    new = termlist.removed(text, "p.toml", number)
    assert new == HEAD + rule("a", after)
    kept = numbers(text)
    del kept[number]
    assert numbers(new) == kept


def test_numbers_of_later_rules_stay() -> None:
    text = HEAD + rule("a", '["Zqa", "Zqb"]') + rule("b", '["Zqc", { term = "Zqd" }]')
    new, number = termlist.added(text, "p.toml", "Zqnew", rule="a")
    assert number == 5
    assert numbers(new) == {1: "Zqa", 2: "Zqb", 5: "Zqnew", 3: "Zqc", 4: "Zqd"}
    assert numbers(termlist.removed(new, "p.toml", 1)) == {2: "Zqb", 5: "Zqnew", 3: "Zqc", 4: "Zqd"}


def test_signs_in_terms_are_written_so_that_they_are_read_again() -> None:
    text = HEAD + rule("a", '["Zqa"]')
    for term in ('Zq "quoted"', "Zq \\ back", "Zq\u00e9\u9752", "Zq # ] ,"):
        new, number = termlist.added(text, "p.toml", term)
        assert numbers(new)[number] == term


WRONG = {
    "a term that is there": ("zq-A B", ""),
    "nothing to look for": ("--", ""),
    "a rule that is not there": ("Zqnew", "zzz"),
    "a title that spells it": ("that", ""),
}


@pytest.mark.parametrize(("term", "rule_id"), WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_added(term: str, rule_id: str) -> None:
    text = HEAD + rule("a", '["ZqA B"]')
    with pytest.raises(LeakguardError) as raised:
        termlist.added(text, "p.toml", term, rule=rule_id)
    assert "zq" not in str(raised.value).lower()


def test_several_lists_want_a_name() -> None:
    text = HEAD + rule("one", '["Zqa"]') + rule("two", '["Zqb"]')
    with pytest.raises(LeakguardError, match="one, two"):
        termlist.added(text, "p.toml", "Zqnew")


# ── the commands ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "p.toml"
    file.write_bytes(b"\xef\xbb\xbf" + (HEAD + rule("a", '["Zqa"]')).encode())
    file.chmod(0o600)
    return file


def test_add_list_and_remove(
    pack: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    before = pack.read_bytes()
    monkeypatch.setattr("sys.stdin", StringIO("Zq Heron\n\n  Zq Osprey \n"))
    assert (
        cli.main(["terms", "add", "--to", "p.toml", "--owner", "me", "--until", "2027-02-01"]) == 0
    )
    assert cli.main(["terms", "list", "--to", "p.toml"]) == 0
    said = "".join(capfd.readouterr())
    assert "as t2, t3" in said
    assert "t3      p/a  loose  until 2027-02-01  owner me" in said
    assert "heron" not in said.lower()
    assert "zq" not in said.lower()
    assert numbers(pack.read_bytes().decode("utf-8-sig")) == {
        1: "Zqa",
        2: "Zq Heron",
        3: "Zq Osprey",
    }
    assert pack.stat().st_mode & 0o777 == 0o600
    assert cli.main(["terms", "remove", "--to", "p.toml", "t2", "3"]) == 0
    assert pack.read_bytes() == before
    assert os.listdir() == ["p.toml"]


WRONG_COMMANDS = {
    "no term": (["add", "--to", "p.toml"], ""),
    "a term twice": (["add", "--to", "p.toml"], "zqa"),
    "no such file": (["add", "--to", "q.toml"], "Zq Heron"),
    "a day that is none": (["add", "--to", "p.toml", "--until", "soon"], "Zq Heron"),
    "no such number": (["remove", "--to", "p.toml", "9"], ""),
    "the only term": (["remove", "--to", "p.toml", "1"], ""),
    "a term for a number": (["remove", "--to", "p.toml", "Zqa"], ""),
    "reveal where it is kept": (["list", "--to", "p.toml", "--reveal"], ""),
}


@pytest.mark.parametrize(("argv", "typed"), WRONG_COMMANDS.values(), ids=WRONG_COMMANDS.keys())
def test_wrong_commands(
    argv: list[str],
    typed: str,
    pack: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    before = pack.read_bytes()
    monkeypatch.setattr("sys.stdin", StringIO(typed))
    assert cli.main(["terms", *argv]) == 2
    assert "zq" not in "".join(capfd.readouterr()).lower()
    assert pack.read_bytes() == before


def test_a_term_typed_at_a_terminal_is_not_echoed(
    pack: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    typed = iter(["Zq Heron", ""])
    hidden: list[bool] = []

    def prompt(*_: object, hide_input: bool, **__: object) -> str:
        hidden.append(hide_input)
        return next(typed)

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("click.prompt", prompt)
    assert cli.main(["terms", "add", "--to", "p.toml"]) == 0
    assert hidden == [True, True]
    assert "zq" not in "".join(capfd.readouterr()).lower()
