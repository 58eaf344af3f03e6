"""Every example in the README is run, and what it shows is what happens."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest
import yaml
from house import ROOT, copy_checkout

from leakguard import Pack, cli, hook
from leakguard.commands import COMMANDS

README = (ROOT / "README.md").read_text(encoding="utf-8")
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.M | re.S)
SLOW = "make demo"


def blocks(kind: str) -> list[str]:
    return [body for found, body in BLOCKS if found == kind]


def sessions() -> Iterator[tuple[str, str]]:
    """Commands of the console blocks, each with the output shown below it."""
    for block in blocks("console"):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, shown = part.partition("\n")
            yield command, shown


SESSIONS = list(sessions())


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout in which `leakguard` is a command."""
    folder = copy_checkout(tmp_path_factory.mktemp("readme"))
    commands = folder / "commands"
    commands.mkdir()
    starter = f'#!/bin/sh\nexec "{sys.executable}" -m leakguard "$@"\n'
    (commands / "leakguard").write_text(starter, encoding="utf-8")
    (commands / "leakguard").chmod(0o755)
    return folder


def output(command: str, desk: Path) -> str:
    """What a person sees of a command. Fails when its exit code is that of a mistake."""
    path = f"{desk / 'commands'}{os.pathsep}{os.environ['PATH']}"
    # A pipe would not be UTF-8 in every locale; a terminal of today is.
    plain = {"PATH": path, "PYTHONPATH": str(desk), "PYTHONUTF8": "1"}
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=desk,
        env={**os.environ, **plain},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    assert done.returncode in (0, 1), done.stdout
    return done.stdout


def same(shown: str, seen: str) -> bool:
    """Whether `seen` is what is shown, where ... stands for any lines and times do not count."""
    times = re.compile(r"\d+\.\d+ s\b")
    shown, seen = times.sub("0.0 s", shown), times.sub("0.0 s", seen)
    pattern = re.escape(shown).replace(re.escape("...\n"), "(?:.*\n)*?")
    return re.fullmatch(pattern, seen) is not None


@pytest.mark.parametrize(
    ("command", "shown"), [pytest.param(*row, id=row[0]) for row in SESSIONS if row[0] != SLOW]
)
def test_a_command_does_what_the_readme_shows(command: str, shown: str, desk: Path) -> None:
    seen = output(command, desk)
    assert same(shown, seen), f"{seen}\nIf that is right: python tools/update_readme.py"


@pytest.mark.xdist_group("install")
def test_the_demo_shows_what_the_readme_shows(tmp_path: Path) -> None:
    (shown,) = [shown for command, shown in SESSIONS if command == SLOW]
    seen = output(f"make demo PYTHON='{sys.executable}'", copy_checkout(tmp_path / "copy"))
    assert same(shown, seen), seen


@pytest.mark.xdist_group("install")
def test_the_two_lines_for_linux_and_macos_install_it(tmp_path: Path) -> None:
    (block,) = blocks("sh")
    here = copy_checkout(tmp_path / "copy")
    output(f"set -e\nexport PIP_QUIET=1\n{block}", here)
    assert "leakguard-audit" in output(".venv/bin/leakguard --version", here)


def test_the_two_lines_for_windows_are_those_for_linux() -> None:
    (windows,), (linux,) = blocks("bat"), blocks("sh")
    said = windows.replace("\\", "/").replace("Scripts", "bin")
    assert said.replace("py -m", "python3 -m") == linux


@pytest.mark.parametrize("block", blocks("python"))
def test_the_python_example_runs(block: str, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk)
    test = doctest.DocTestParser().get_doctest(block, {}, "README", "README.md", 0)
    assert test.examples
    told: list[str] = []
    doctest.DocTestRunner(verbose=False).run(test, out=told.append)
    assert not told, "".join(told)


@pytest.mark.parametrize("block", blocks("toml"))
def test_the_pack_in_the_readme_is_a_pack(block: str) -> None:
    assert Pack.from_toml(block).rules


def test_the_hooks_in_the_readme_are_those_that_there_are() -> None:
    offered = {row["id"] for row in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    named: set[str] = set()
    for block in blocks("yaml"):
        for repo in yaml.safe_load(block)["repos"]:
            named |= {row["id"] for row in repo["hooks"]}
            assert f'version = "{repo["rev"].removeprefix("v")}"' in PYPROJECT
            for row in repo["hooks"]:
                assert hook.parse([*row.get("args", []), "a.md"]).paths == ("a.md",)
    assert named == offered
    assert all(f"`{name}`" in README for name in offered)


def code() -> Iterator[str]:
    """The code in the README: lines of blocks, and spans between backticks."""
    for kind, body in BLOCKS:
        if kind in ("console", "sh", "bat"):
            yield from (line for line in body.splitlines() if "leakguard" in line)
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", README, flags=re.M | re.S))


def commands() -> dict[str, click.Command]:
    found = {name: import_module(module).command for name, module in COMMANDS.items()}
    known = {name: command for name, command in found.items() if isinstance(command, click.Command)}
    for name, group in list(known.items()):
        if isinstance(group, click.Group):
            known |= {f"{name} {below}": command for below, command in group.commands.items()}
    return known


def test_every_command_in_the_readme_exists() -> None:
    said = {found for line in code() for found in re.findall(r"(?:^|[ /$|])leakguard (\w+)", line)}
    assert said == set(COMMANDS)


def test_every_option_in_the_readme_exists() -> None:
    known = {"--help"}
    for command in (cli.cli, *commands().values()):
        known |= {name for option in command.params for name in option.opts}
    said = {found for line in code() for found in re.findall(r"(?<![\w-])--[a-z][a-z-]*", line)}
    assert said <= known, said - known


def test_every_option_of_check_is_in_its_manual() -> None:
    manual = (ROOT / "docs" / "check.md").read_text(encoding="utf-8")
    options = [o for o in commands()["check"].params if isinstance(o, click.Option)]
    missing = {name for option in options for name in option.opts if name not in manual}
    assert not missing


def test_every_link_leads_somewhere() -> None:
    manuals = [f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")]
    for name in ("README.md", "CONTRIBUTING.md", "examples/README.md", *manuals):
        page = ROOT / name
        prose = re.sub(r"`[^`\n]*`", "", page.read_text(encoding="utf-8"))  # and no example of one
        for target in re.findall(r"\]\(([^)#]+)", prose):
            assert target.startswith("https://") or (page.parent / target).is_file(), target
