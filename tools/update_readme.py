"""Write into the README what its commands print today, in the environment that make test made.

    .venv/bin/python tools/update_readme.py

Outputs that are shortened with a line of three dots are left as they are: tests/test_readme.py
says whether they still hold.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHORTENED = re.compile(r"^\.\.\.$", re.M)


def output(command: str) -> str:
    """What a person sees of a command."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    # Without these two the reports would say less, or say it in colours.
    environment = {k: v for k, v in os.environ.items() if k not in ("CI", "FORCE_COLOR")}
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=ROOT,
        env={**environment, "PATH": path, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.stdout


def renewed(session: re.Match[str]) -> str:
    """A console block with fresh output. One command a block."""
    command, shown = session[1], session[2]
    if SHORTENED.search(shown):
        return session[0]
    return f"```console\n$ {command}\n{output(command)}```"


def main() -> None:
    """Rewrite README.md."""
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    block = re.compile(r"^```console\n\$ (.+)\n((?:(?!```).*\n)*)```", re.M)
    readme.write_text(block.sub(renewed, text), encoding="utf-8")


if __name__ == "__main__":
    main()
