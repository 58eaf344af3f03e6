"""The rules of the house: what the project promises about itself, wherever it is said."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import tomli
import yaml
from house import ROOT, tree

import leakguard

PYPROJECT: dict[str, Any] = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT: dict[str, Any] = PYPROJECT["project"]
MODULES = sorted(
    path.relative_to(ROOT / "leakguard").with_suffix("").as_posix()
    for path in (ROOT / "leakguard").rglob("*.py")
)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


# ── floors ───────────────────────────────────────────────────────────────────────────────────────

FLOORS: dict[str, tuple[str, ...]] = {
    "nouns": ("light", "records", "model", "errors"),
    "pure tools": (
        "pieces",
        "views",
        "confusables",
        "derived",
        "grammar",
        "writing",
        "holding",
        "loose",
        "patterns",
        "phrases",
        "symbols",
        "needs",
        "re2",
        "weights",
        "words",
        "checks",
        "terms",
        "context",
        "ready",
        "places",
        "ignore",
        "rewrite",
        "ci",
    ),
    "inputs": (
        "packs",
        "gitleaks",
        "termlist",
        "packdata",
        "keys",
        "sealed",
        "cache",
        "sources",
        "readers",
    ),
    "engine": (
        "engines",
        "allowing",
        "plans",
        "programs",
        "windows",
        "search",
        "headings",
        "weighing",
        "judging",
        "settling",
        "inbytes",
        "clearing",
        "matcher",
        "config",
        "configfile",
    ),
    "judgement": (
        "verdict",
        "shown",
        "suppress",
        "baseline",
        "packcheck",
        "manual",
        "asdict",
        "reports",
    ),
    "conductor": ("workers", "redaction", "scan", "__init__"),
    "doors": (
        "building",
        "basepolicy",
        "githooks",
        "checking",
        "hook",
        "commands",
        "cli",
        "__main__",
    ),
}
HEIGHT = {room: height for height, rooms in enumerate(FLOORS.values()) for room in rooms}
# Imported inside a function, where it is asked for by few runs.
LATE_AND_UPWARDS = {
    ("symbols", "packs"),  # how often words stand in a text: asks where rules/ is
    ("model", "asdict"),  # Screening.to_dict
    ("checks", "packs"),  # a check that needs a word list asks where rules/ is
    ("words", "packs"),
    ("weights", "packs"),
}


def room(module: str) -> str:
    """The room of a module: "readers" for "readers/text".

    >>> room("readers/text"), room("views")
    ('readers', 'views')
    """
    return module.partition("/")[0]


@cache
def parsed(module: str) -> ast.Module:
    return ast.parse((ROOT / "leakguard" / f"{module}.py").read_text(encoding="utf-8"))


def imported(module: str) -> Iterator[tuple[str, bool]]:
    """What a module imports, and whether at its top."""
    top = set(map(id, parsed(module).body))
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) in top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "leakguard":
            yield from ((f"leakguard.{alias.name}", id(node) in top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, id(node) in top


def imported_rooms(module: str) -> Iterator[tuple[str, bool]]:
    for name, at_top in imported(module):
        if name.startswith("leakguard."):
            target = name.split(".")[1]
            yield (target if target in HEIGHT else "__init__"), at_top


def imports(module: str, package: str) -> bool:
    return any(name.split(".")[0] == package for name, _ in imported(module))


def test_every_module_stands_on_a_floor() -> None:
    assert {room(module) for module in MODULES} == set(HEIGHT)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_from_its_floor_and_below(module: str) -> None:
    here = room(module)
    for target, at_top in imported_rooms(module):
        late = (here, target) in LATE_AND_UPWARDS and not at_top
        # Even a door asks the package itself for nothing but what the package is called.
        assert HEIGHT[target] <= HEIGHT[here] or late, f"{module} imports {target}"


def test_the_floors_are_told_to_contributors() -> None:
    rows = dict(re.findall(r"^\| ([a-z ]+) \| (`.*`) \|$", read("CONTRIBUTING.md"), re.M))
    told = {floor: tuple(re.findall("`(.+?)`", rooms)) for floor, rooms in rows.items()}
    assert told == FLOORS


def test_rooms_do_not_import_in_circles() -> None:
    asked: dict[str, set[str]] = {}
    for module in MODULES:
        here = room(module)
        others = {target for target, at_top in imported_rooms(module) if at_top} - {here}
        asked.setdefault(here, set()).update(others)
    while free := [name for name, wanted in asked.items() if not wanted & asked.keys()]:
        for name in free:
            del asked[name]
    assert not asked


@pytest.mark.parametrize("module", [m for m in MODULES if HEIGHT[room(m)] < HEIGHT["cli"]])
def test_nothing_below_the_doors_knows_click(module: str) -> None:
    assert not imports(module, "click")


@pytest.mark.parametrize("module", [m for m in MODULES if room(m) != "sources"])
def test_only_sources_runs_other_programs(module: str) -> None:
    assert not imports(module, "subprocess")


@pytest.mark.parametrize("module", MODULES)
def test_nothing_knows_the_network(module: str) -> None:
    for package in ("socket", "ssl", "http", "urllib", "asyncio", "ftplib", "smtplib"):
        assert not imports(module, package)


@pytest.mark.parametrize("door", ["leakguard", "leakguard.hook"])
def test_a_door_without_click_stays_without_it(door: str) -> None:
    ask = f"import sys, {door}; sys.exit('click' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", ask], cwd=ROOT).returncode == 0


@pytest.mark.parametrize("module", MODULES)
def test_public_things_say_what_they_are(module: str) -> None:
    missing = [
        node.name
        for node in parsed(module).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert ast.get_docstring(parsed(module)), module
    assert not missing


@pytest.mark.parametrize("module", MODULES)
def test_no_module_keeps_state(module: str) -> None:
    """A name that is assigned again with `global` is state; constants are not."""
    assert not [node for node in ast.walk(parsed(module)) if isinstance(node, ast.Global)]


# ── what is said in several places ───────────────────────────────────────────────────────────────


def test_the_version_is_the_same_everywhere() -> None:
    assert leakguard.__version__ == PROJECT["version"]
    newest = re.search(r"^## \[(\d+\.\d+\.\d+)\]", read("CHANGELOG.md"), re.M)
    assert newest
    assert newest[1] == PROJECT["version"]


def test_the_oldest_python_is_the_same_everywhere() -> None:
    assert PROJECT["requires-python"] == ">=3.11"
    assert PYPROJECT["tool"]["ruff"]["target-version"] == "py311"
    assert "(3, 11)" in read("Makefile")
    assert "Python 3.11 or newer" in read("README.md")


def test_dependencies_have_a_lower_bound_and_no_upper_one() -> None:
    wanted = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    wanted += PYPROJECT["build-system"]["requires"]
    assert all(re.fullmatch(r"[a-z-]+>=[\d.]+(; .+)?", line) for line in wanted), wanted


def test_every_dependency_is_used_and_every_import_is_a_dependency() -> None:
    packages = {"pyahocorasick": "ahocorasick", "python-stdnum": "stdnum"}
    names = (line.partition(">=")[0] for line in PROJECT["dependencies"])
    declared = {packages.get(name, name) for name in names}
    found = {name.split(".")[0] for module in MODULES for name, _ in imported(module)}
    assert found - {"leakguard"} - set(sys.stdlib_module_names) <= declared
    # stdnum is imported by name, when a rule asks for one of its modules.
    text = "".join(read(f"leakguard/{module}.py") for module in MODULES)
    assert all(re.search(rf"\b{name}\b", text) for name in declared)


def test_no_text_tells_to_install_the_other_project() -> None:
    """On the index that name is somebody else's: who follows such a line gets their code."""
    command = re.compile(rb"pip3? install(?: +-\S+)* +['\"]?" + b"leakguard" + rb"(?!-audit)\b")
    assert not [name for name in tree() if command.search((ROOT / name).read_bytes())]


def test_the_licence_is_told_the_same_everywhere() -> None:
    assert PROJECT["license"] == "Apache-2.0"
    assert read("LICENSE").split()[:4] == ["Apache", "License", "Version", "2.0,"]
    assert "python-stdnum" in read("NOTICE")


def test_word_lists_say_where_they_are_from() -> None:
    notice = read("NOTICE")
    for path in sorted((ROOT / "rules" / "data").glob("*.txt")):
        assert path.name in notice, f"{path.name}: source and licence belong into NOTICE"


# ── what runs the house ──────────────────────────────────────────────────────────────────────────


def test_the_build_server_runs_what_the_readme_tells() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert "make test" in script.read_text(encoding="utf-8")
    assert "make test" in read("CONTRIBUTING.md")
    targets = re.findall(r"^(\w+):", read("Makefile"), re.M)
    assert {"demo", "test"} <= set(targets)


def test_make_names_the_problem_with_an_old_python(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    (tmp_path / "Makefile").write_text(read("Makefile"), encoding="utf-8")
    (tmp_path / "pyproject.toml").touch()
    done = subprocess.run(
        ["make", "test", f"PYTHON={old}"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "leakguard needs Python 3.11 or newer" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_the_hooks_are_what_pre_commit_needs() -> None:
    rows = yaml.safe_load(read(".pre-commit-hooks.yaml"))
    assert [row["id"] for row in rows] == [
        "leakguard", "leakguard-message", "leakguard-push", "leakguard-packs",
    ]  # fmt: skip
    for row in rows:
        assert row["entry"].split()[0] in PROJECT["scripts"]
        assert row["language"] == "python"
        assert row["require_serial"] is True
        assert "types" not in row
        assert "types_or" not in row
        assert row["minimum_pre_commit_version"] == "3.2.0"
        assert row["stages"]
    push = rows[2]
    assert push["pass_filenames"] is False
    assert push["always_run"] is True


def test_the_package_is_typed() -> None:
    assert (ROOT / "leakguard" / "py.typed").is_file()


def test_everything_public_is_named_once_and_there() -> None:
    assert sorted(set(leakguard.__all__)) == leakguard.__all__
    assert all(hasattr(leakguard, name) for name in leakguard.__all__)


# ── the examples ─────────────────────────────────────────────────────────────────────────────────

DRAFTS: dict[str, dict[str, str]] = {
    "acme.toml": {"policy/term-list": "block"},
    "case-study-northfield.md": {
        "healthcare/us-mbi": "block",
        "healthcare/us-ssn": "block",
        "healthcare/uk-nhs-number": "info",
    },
    "meetup-notes.txt": {},
    "partner-page.html": {
        "codenames/tlp": "block",
        "acme/unreleased": "block",
        "finance/iban": "block",
    },
    "release-notes-4.2.md": {"codenames/tlp": "block", "acme/unreleased": "block"},
    "README.md": {},
    "scheduler-launch.md": {"acme/unreleased": "block"},
    "third-quarter.md": {
        "codenames/confidential-banner": "block",
        "codenames/confidential-line": "block",
        "codenames/draft-capitals": "block",
        "codenames/news-not-public": "block",
        "finance/unreleased-earnings": "block",
    },
    "tutorial-retries.md": {},
}


@pytest.fixture(scope="module")
def guard() -> leakguard.Guard:
    bundled = ("codenames", "finance", "healthcare")
    return leakguard.compile([*bundled, ROOT / "examples" / "acme.toml"])


def test_every_draft_is_in_the_table() -> None:
    examples = {Path(name).name for name in tree() if name.startswith("examples/")}
    assert examples == set(DRAFTS)
    described = set(re.findall(r"^\| `([^`]+)`", read("examples/README.md"), re.M))
    assert described == examples - {"acme.toml", "README.md"}


@pytest.mark.parametrize("name", DRAFTS)
def test_a_draft_gives(guard: leakguard.Guard, name: str) -> None:
    verdicts = guard.scan(ROOT / "examples" / name).verdicts
    assert {verdict.finding.rule: verdict.action for verdict in verdicts} == DRAFTS[name]


@pytest.mark.parametrize(
    "name", [name for name in DRAFTS if name not in ("acme.toml", "README.md")]
)
def test_a_draft_is_as_long_as_a_draft(name: str) -> None:
    assert 300 <= len(read(f"examples/{name}").split()) <= 900
