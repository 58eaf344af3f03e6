"""Policies: which file is in force where, what one file gets of it, and what has become looser."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from leakguard import config
from leakguard.__main__ import main
from leakguard.errors import ConfigError

HIGH, LOW, CRITICAL = 'fail_on = "high"\n', 'fail_on = "low"\n', 'fail_on = "critical"\n'
TOOL = "[tool.leakguard]\n"
USUAL = "medium usual"


class Layout(NamedTuple):
    """Files, where `leakguard config --show` is asked, for which file, and what `fail_on` it gets.

    `prepare` is done before and `after` the files are written. Git's folders are `git`.
    """

    files: Mapping[str, str]
    here: str
    shown: str
    fail_on: str
    git: tuple[str, ...] = (".",)
    after: Callable[[Path], None] = lambda top: None


def git(folder: Path, *words: str) -> None:
    calm = ("-c", "protocol.file.allow=always", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *calm, *words], cwd=folder, check=True, capture_output=True)


def worktree(top: Path) -> None:
    git(top, "add", ".")
    git(top, "commit", "-qm", "all")
    git(top, "worktree", "add", "-q", "../tree")


def bare_worktree(top: Path) -> None:
    worktree(top)
    (top.parent / "tree" / "leakguard.toml").unlink()


def submodule(top: Path) -> None:
    inner = top.parent / "inner"
    (inner / "docs").mkdir(parents=True)
    git(inner, "init", "-q")
    (inner / "docs" / "a.md").write_text("x", encoding="utf-8")
    git(inner, "add", ".")
    git(inner, "commit", "-qm", "all")
    git(top, "submodule", "add", "-q", "../inner", "sub")


def own_submodule(top: Path) -> None:
    submodule(top)
    (top / "sub" / "leakguard.toml").write_text(CRITICAL, encoding="utf-8")


def link(name: str, to: str) -> Callable[[Path], None]:
    def prepare(top: Path) -> None:
        (top / name).symlink_to(to)

    return prepare


def section(match: str, text: str) -> str:
    return f'[[path]]\nmatch = ["{match}"]\n{text}'


LAYOUTS: dict[str, Layout] = {
    "no file at all": Layout({}, ".", "a.md", USUAL),
    "an empty file": Layout({"leakguard.toml": ""}, ".", "a.md", USUAL),
    "one file at the top": Layout({"leakguard.toml": HIGH}, ".", "a.md", "high leakguard.toml:1"),
    "asked from below": Layout({"leakguard.toml": HIGH, "docs/a.md": ""}, "docs", "a.md",
                               "high ../leakguard.toml:1"),
    "in pyproject.toml": Layout({"pyproject.toml": "\n" + TOOL + HIGH}, ".", "a.md",
                                "high pyproject.toml:3"),
    "in pyproject.toml, asked from below": Layout({"pyproject.toml": TOOL + HIGH, "docs/a.md": ""},
                                                  "docs", "a.md", "high ../pyproject.toml:2"),
    "a pyproject.toml of others": Layout({"pyproject.toml": "[tool.leakguardian]\n" + HIGH}, ".",
                                         "a.md", USUAL),
    "a nested file is nearer": Layout({"leakguard.toml": HIGH, "docs/leakguard.toml": LOW}, "docs",
                                      "a.md", "low leakguard.toml:1"),
    "a nested file is not heard from above": Layout(
        {"leakguard.toml": HIGH, "docs/leakguard.toml": LOW}, ".", "docs/a.md",
        "high leakguard.toml:1"),
    "a nested pyproject.toml is nearer": Layout(
        {"leakguard.toml": HIGH, "docs/pyproject.toml": TOOL + LOW}, "docs", "a.md",
        "low pyproject.toml:2"),
    "a nested file that extends the one above": Layout(
        {"leakguard.toml": HIGH,
         "docs/leakguard.toml": 'extends = ["../leakguard.toml"]\nunread = "fail"\n'},
        "docs", "a.md", "high ../leakguard.toml:1"),
    "a nested file that adds to the one above": Layout(
        {"leakguard.toml": HIGH, "docs/leakguard.toml": 'extends = ["../leakguard.toml"]\n' + LOW},
        "docs", "a.md", "low leakguard.toml:2"),
    "two parents, the later one is heard": Layout(
        {"leakguard.toml": 'extends = ["x.toml", "y.toml"]\n', "x.toml": HIGH, "y.toml": "\n" + LOW},
        ".", "a.md", "low y.toml:2"),
    "a grandparent": Layout(
        {"leakguard.toml": 'extends = "x.toml"\n', "x.toml": 'extends = "y/y.toml"\n',
         "y/y.toml": LOW}, ".", "a.md", "low y/y.toml:1"),
    "a section for a folder": Layout({"leakguard.toml": HIGH + section("/docs/", LOW)}, ".",
                                     "docs/a.md", "low leakguard.toml:4 [[path]] /docs/"),
    "a section for another folder": Layout({"leakguard.toml": HIGH + section("/docs/", LOW)}, ".",
                                           "src/docs/a.md", "high leakguard.toml:1"),
    "a section for names": Layout({"leakguard.toml": section("*.md", LOW)}, ".", "x/y/a.md",
                                  "low leakguard.toml:3 [[path]] *.md"),
    "a section for a depth": Layout({"leakguard.toml": section("docs/**/draft/*", LOW)}, ".",
                                    "docs/x/y/draft/a.md",
                                    "low leakguard.toml:3 [[path]] docs/**/draft/*"),
    "the later section is heard": Layout(
        {"leakguard.toml": section("*.md", LOW) + section("a.*", CRITICAL)}, ".", "a.md",
        "critical leakguard.toml:6 [[path]] a.*"),
    "a section without the key leaves the one before": Layout(
        {"leakguard.toml": section("*.md", LOW) + section("a.*", 'media = "warn"\n')}, ".", "a.md",
        "low leakguard.toml:3 [[path]] *.md"),
    "a section that takes back": Layout(
        {"leakguard.toml": HIGH + '[[path]]\nmatch = ["*.md", "!a.md"]\n' + LOW}, ".", "a.md",
        "high leakguard.toml:1"),
    "sections are counted from their file": Layout(
        {"leakguard.toml": section("/docs/a.md", LOW), "docs/a.md": ""}, "docs", "a.md",
        "low ../leakguard.toml:3 [[path]] /docs/a.md"),
    "sections of a parent are counted from the parent": Layout(
        {"shared/x.toml": section("/a.md", LOW),
         "leakguard.toml": 'extends = ["shared/x.toml"]\n'}, ".", "a.md", USUAL),
    "asked for a file by its full path": Layout(
        {"leakguard.toml": section("/docs/", LOW), "docs/a.md": ""}, ".", "{top}/docs/a.md",
        "low leakguard.toml:3 [[path]] /docs/"),
    "asked for a file that is not there yet": Layout(
        {"leakguard.toml": section("/new/", LOW)}, ".", "new/a.md",
        "low leakguard.toml:3 [[path]] /new/"),
    "a repository in a repository": Layout(
        {"leakguard.toml": HIGH, "inner/a.md": ""}, "inner", "a.md", USUAL, (".", "inner")),
    "a repository in a repository, with its own": Layout(
        {"leakguard.toml": HIGH, "inner/leakguard.toml": LOW}, "inner", "a.md",
        "low leakguard.toml:1", (".", "inner")),
    "outside a repository, in the folder": Layout({"leakguard.toml": HIGH}, ".", "a.md",
                                                  "high leakguard.toml:1", ()),
    "outside a repository, not above": Layout({"leakguard.toml": HIGH, "docs/a.md": ""}, "docs",
                                              "a.md", USUAL, ()),
    "a worktree has its own copy": Layout({"leakguard.toml": HIGH, "docs/a.md": ""},
                                          "../tree/docs", "a.md", "high ../leakguard.toml:1",
                                          (".",), worktree),
    "a worktree without one": Layout({"leakguard.toml": HIGH, "docs/a.md": ""}, "../tree/docs",
                                     "a.md", USUAL, (".",), bare_worktree),
    "a submodule is on its own": Layout({"leakguard.toml": HIGH}, "sub/docs", "a.md", USUAL,
                                        (".",), submodule),
    "a submodule with its own": Layout({"leakguard.toml": HIGH}, "sub/docs", "a.md",
                                       "critical ../leakguard.toml:1", (".",), own_submodule),
    "a submodule asked from above": Layout({"leakguard.toml": section("/sub/", LOW)}, ".",
                                           "sub/docs/a.md", "low leakguard.toml:3 [[path]] /sub/",
                                           (".",), submodule),
    "the file is a link": Layout({"shared.toml": HIGH}, ".", "a.md", "high leakguard.toml:1",
                                 (".",), link("leakguard.toml", "shared.toml")),
    "the folder is a link": Layout({"leakguard.toml": section("/docs/", LOW), "docs/a.md": ""},
                                   ".", "also/a.md", USUAL, (".",), link("also", "docs")),
    "the shown file is a link": Layout({"leakguard.toml": section("/docs/", LOW), "docs/a.md": ""},
                                       ".", "b.md", USUAL, (".",), link("b.md", "docs/a.md")),
}  # fmt: skip


def test_there_are_enough_of_them() -> None:
    assert len(LAYOUTS) >= 30


@pytest.mark.parametrize("name", LAYOUTS)
def test_what_one_file_gets(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    layout = LAYOUTS[name]
    top = tmp_path / "top"
    top.mkdir()
    for path, text in layout.files.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(text, encoding="utf-8")
    for folder in layout.git:
        (top / folder).mkdir(exist_ok=True)
        git(top / folder, "init", "-q", "-b", "main")
    layout.after(top)
    monkeypatch.chdir(top / layout.here)
    shown = layout.shown.format(top=top)
    assert main(["config", "--show", shown]) == 0
    (row,) = [line for line in capsys.readouterr().out.splitlines() if "  fail_on " in line]
    assert " ".join(row.split()) == f"fail_on {layout.fail_on}"


# ── what it says beside ──────────────────────────────────────────────────────────────────────────


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shown(capsys: pytest.CaptureFixture[str], *argv: str) -> list[str]:
    assert main(["config", *argv]) == 0
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def test_all_of_it_is_shown(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("base.toml").write_text('opaque = "fail"\n', encoding="utf-8")
    Path("leakguard.toml").write_text(
        'extends = ["base.toml"]\npacks = ["finance"]\nexclude = ["/vendor/"]\n'
        'opaque = "warn"\nloosen = true\nreason = "a trial"\n'
        '[rules]\n"finance/iban" = "off"\n',
        encoding="utf-8",
    )
    lines = shown(capsys, "--show", "vendor/a.md")
    assert lines[:2] == ["policy leakguard.toml", "packs finance (leakguard.toml:2)"]
    assert "loosened opaque = warn: a trial (leakguard.toml:4)" in lines
    assert "not screened: excluded (leakguard.toml:3)" in lines
    assert "finance/iban off leakguard.toml:8" in lines


def test_what_it_shows_spells_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = '[pack]\nname = "acme"\n[[rule]]\nid = "a"\ntitle = "t"\nwhy = "w"\nseverity = "high"\n'
    Path("acme.toml").write_text(pack + 'match = "loose"\nterms = ["Zq Heron"]\n', "utf-8")
    Path("leakguard.toml").write_text(
        'packs = ["./acme.toml"]\n' + section("/zq-heron/", HIGH), encoding="utf-8"
    )
    assert main(["config", "--show", "zq-heron/a.md"]) == 0
    out = capsys.readouterr().out
    assert "eron" not in out
    assert "high" in out


# ── what has become looser ───────────────────────────────────────────────────────────────────────

LOOSER: dict[str, tuple[str, str, list[str]]] = {
    "nothing": (HIGH, HIGH, []),
    "a comment": (HIGH, "# why\n" + HIGH, []),
    "stricter": (HIGH, LOW, []),
    "looser": (LOW, HIGH, ["fail_on = high"]),
    "looser than the usual": ("", HIGH, ["fail_on = high"]),
    "less is shown": ("", 'min_severity = "high"\n', ["min_severity = high"]),
    "a stricter line is gone": (LOW, "", ["fail_on = low is gone"]),
    "a looser line is gone": (HIGH, "", []),
    "unread may pass": ("", 'unread = "warn"\n', ["unread = warn"]),
    "a rule is off": ("", '[rules]\n"acme/a" = "off"\n', ["acme/a = off"]),
    "a rule is less bad": ('[rules]\n"acme/a" = "high"\n', '[rules]\n"acme/a" = "low"\n',
                           ["acme/a = low"]),
    "a rule is worse": ('[rules]\n"acme/a" = "low"\n', '[rules]\n"acme/a" = "critical"\n', []),
    "a file is left out": ("", 'exclude = ["/docs/"]\n', ["exclude leaves out /docs/"]),
    "another file is left out": ('exclude = ["/a"]\n', 'exclude = ["/a", "/b"]\n',
                                 ["exclude leaves out /b"]),
    "no file is left out any more": ('exclude = ["/a"]\n', "", []),
    "a pack is gone": ('packs = ["finance", "healthcare"]\n', 'packs = ["finance"]\n',
                       ['the pack "healthcare" is gone']),
    "all packs but one are gone": ("", 'packs = ["finance", "healthcare"]\n',
                                   ['the pack "codenames" is gone']),
    "a section is looser": ("", section("/docs/", HIGH), ["fail_on = high for /docs/"]),
    "critical terms may be allowed": ("", "suppress_critical = true\n",
                                      ["suppress_critical = true"]),
    "the profile": ('profile = "strict"\n', 'profile = "standard"\n', ["profile = standard"]),
}  # fmt: skip


@pytest.mark.parametrize("name", LOOSER)
def test_what_a_change_makes_looser(name: str, here: Path) -> None:
    before, after, said = LOOSER[name]
    path = os.path.join(os.getcwd(), "leakguard.toml")
    base = config.load(path, read=lambda _: before.encode())
    head = config.load(path, read=lambda _: after.encode())
    found = config.looser(base, head)
    assert [one.what for one in found] == said
    assert {one.file for one in found} <= {"leakguard.toml"}


def test_a_setting_that_its_reason_owns_up_to_is_still_told(here: Path) -> None:
    path = os.path.join(os.getcwd(), "leakguard.toml")
    base = config.load(path, read=lambda _: b"")
    head = config.load(path, read=lambda _: (HIGH + 'loosen = true\nreason = "r"\n').encode())
    assert [one.what for one in config.looser(base, head)] == ["fail_on = high"]


# ── extending a package ──────────────────────────────────────────────────────────────────────────


def test_a_package_can_be_extended(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "site" / "acme_policy_x").mkdir(parents=True)
    (here / "site" / "acme_policy_x" / "__init__.py").write_text("", encoding="utf-8")
    (here / "site" / "acme_policy_x" / "leakguard.toml").write_text(
        HIGH + section("/docs/", LOW), encoding="utf-8"
    )
    monkeypatch.syspath_prepend(str(here / "site"))
    Path("leakguard.toml").write_text('extends = ["package:acme_policy_x"]\n', encoding="utf-8")
    rows = shown(capsys, "--show", "docs/a.md")
    (row,) = [row for row in rows if row.startswith("fail_on")]
    assert row.startswith("fail_on low ")
    assert row.endswith("/acme_policy_x/leakguard.toml:4 [[path]] /docs/")
    with pytest.raises(ConfigError, match="looser than what it extends"):
        config.load(
            str(here / "x.toml"),
            read=lambda path: (
                b'extends = ["package:acme_policy_x"]\nfail_on = "critical"\n'
                if path.endswith("x.toml")
                else config.from_disk(path)
            ),
        )
