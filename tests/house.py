"""What the tests of the house share: commands, copies of the checkout, environments."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click

ROOT = Path(__file__).parent.parent
Ran = tuple[int, str, str]  # exit code, standard output, standard error


def acme(terms: str, *, owner: str = "") -> str:
    """The little pack of one loose rule that many tests use; `terms` are those of its list."""
    return f"""\
[pack]
name = "acme"
owner = "{owner}"
[[rule]]
id = "unreleased"
title = "unreleased project name"
why = "It has not been announced."
severity = "high"
match = "loose"
terms = [{terms}]
"""


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command without standard input; its output as text."""
    return subprocess.run(
        [os.fspath(word) for word in command],
        cwd=cwd,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
    )


def run_ok(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Run a command that has to succeed; what it printed."""
    done = run(*command, cwd=cwd, **environment)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def tree() -> list[str]:
    """The files of the project, committed or not, and nothing that tools left behind."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True
    )
    if listed.returncode == 0:
        names = os.fsdecode(listed.stdout).split("\0")
    else:  # an unpacked archive
        left = re.compile(r"(^|/)(\.venv|\.hypothesis|__pycache__|\.\w+_cache|dist|build)/")
        found = (path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*"))
        names = [name for name in found if not left.search(name)]
    return sorted({name for name in names if name and (ROOT / name).is_file()})


def copy_checkout(to: Path) -> Path:
    """Copy the project's files to the folder `to`."""
    for name in tree():
        target = to / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)
    # What is worked out of the packs goes along, where it is: it takes seconds each time.
    if (ROOT / "rules" / "ready").is_dir():
        shutil.copytree(ROOT / "rules" / "ready", to / "rules" / "ready")
    return to


class Venv:
    """An environment without pip, filled by the pip of the one that runs the tests."""

    def __init__(self, folder: Path) -> None:
        windows = os.name == "nt"
        self.bin = folder / ("Scripts" if windows else "bin")
        self.python = self.bin / ("python.exe" if windows else "python")
        folder.mkdir(parents=True)
        run_ok(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
        # Dependencies are lent by the environment of the tests. What is installed here comes first
        # on the path, so leakguard itself is never the lent one.
        ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
        site = Path(run_ok(self.python, "-c", ask, cwd=folder).strip())
        lent = Path(click.__file__).parents[1]
        (site / "zz_lent.pth").write_text(f"{lent}\n", encoding="utf-8")

    def install(self, *what: str | Path, cwd: Path) -> None:
        """Install without dependencies and without an index."""
        run_ok(
            *(sys.executable, "-m", "pip", "--python", self.python, "install", "--quiet"),
            *("--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check"),
            *what,
            cwd=cwd,
        )
