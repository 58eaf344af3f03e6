"""What a commit costs: 20 staged files in a repository of 200 files and in one of 20,000.

    python benchmarks/gates.py [--rounds 9] [--peer betterleaks]

Rounds are interleaved; what is compared is CPU time (user and system, children included), and git
processes are counted. `--peer` names a scanner on the PATH that is run beside it: betterleaks or
gitleaks, both with `git --staged`.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
SIZES = (200, 20_000)
STAGED = 20
TEXT = "A retry is cheap to write and dear to run: each one asks a service again.\n" * 20
PEER = ("git", "--staged", "--no-banner", "--exit-code=0", "--log-level=error", ".")


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--peer", action="append", default=[])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        repos = {size: repository(Path(folder, str(size)), size) for size in SIZES}
        cache = os.path.join(folder, "cache")
        commands = {
            "leakguard check --staged": [sys.executable, "-m", "leakguard", "check", "--staged"]
        }
        commands |= {f"{peer} git --staged": [peer, *PEER] for peer in asked.peer}
        spent: dict[tuple[str, int], list[float]] = {}
        for turn in range(asked.rounds + 1):
            for name, command in commands.items():
                for size, repo in repos.items():
                    seconds = once(command, repo, cache)
                    if turn:  # the first round warms up
                        spent.setdefault((name, size), []).append(seconds)
        base = statistics.median(once([sys.executable, "-c", "pass"], repos[SIZES[0]], cache)
                                 for _ in range(asked.rounds))  # fmt: skip
        print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, {asked.rounds} rounds")
        print(
            f"{STAGED} files of {len(TEXT)} bytes staged; CPU, python -c pass {base * 1000:.0f} ms"
        )
        for name in commands:
            small, large = (statistics.median(spent[name, size]) for size in SIZES)
            cells = [f"in {size:,} files {middle * 1000:.0f} ms"
                     for size, middle in zip(SIZES, (small, large), strict=True)]  # fmt: skip
            print(f"{name:26}", *cells, f"ratio {large / small:.2f}", sep="  ")
        counts = [processes(repo, Path(folder, "bin"), cache) for repo in repos.values()]
        print("git processes", *counts)


def repository(folder: Path, size: int) -> Path:
    """A repository of `size` files with 20 changed ones staged."""
    folder.mkdir()
    for number in range(size):
        path = folder / f"part{number % 100:02}" / f"post{number:05}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"# Post {number}\n\n{TEXT}", encoding="utf-8")
    for words in (["init", "--quiet"], ["add", "--all"],
                  ["-c", "user.name=T", "-c", "user.email=t@example.com", "commit", "--quiet",
                   "--message", "All"]):  # fmt: skip
        subprocess.run(["git", *words], cwd=folder, check=True)
    for path in sorted(folder.glob("part*/*.md"))[:: size // STAGED][:STAGED]:
        path.write_text(path.read_text(encoding="utf-8") + "One more line.\n", encoding="utf-8")
    subprocess.run(["git", "add", "--all"], cwd=folder, check=True)
    return folder


def once(command: list[str], repo: Path, cache: str, path: str = "") -> float:
    """CPU seconds of one run and of what it starts."""
    environment = {**os.environ, "LEAKGUARD_CACHE_DIR": cache, "PYTHONPATH": str(ROOT)}
    environment["PATH"] = path + environment["PATH"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=repo, env=environment, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def processes(repo: Path, folder: Path, cache: str) -> int:
    """How many git processes one run starts."""
    folder.mkdir(exist_ok=True)
    noted, fake = folder / "noted", folder / "git"
    real = subprocess.run(
        ["which", "git"], capture_output=True, text=True, check=True
    ).stdout.strip()
    fake.write_text(f'#!/bin/sh\necho >> "{noted}"\nexec "{real}" "$@"\n', encoding="utf-8")
    fake.chmod(0o755)
    noted.write_text("")
    once(
        [sys.executable, "-m", "leakguard", "check", "--staged"],
        repo,
        cache,
        f"{folder}{os.pathsep}",
    )
    return len(noted.read_text().splitlines())


if __name__ == "__main__":
    main()
