"""How much a short run takes, as a multiple of `python -c pass` of the same interpreter.

    python benchmarks/startup.py [--rounds 15]

Processor time of the process and of the git that it starts, which a busy machine changes less than
the time on the clock. Runs are interleaved; medians are compared. "cold" has an empty cache, "warm"
one that the same run has filled. What an installation works out (rules/ready, compiled sources) is
there in both. What runs are the installed commands, as pre-commit and people run them.
"""

from __future__ import annotations

import argparse
import compileall
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from leakguard import building, packs

NAMES = ("leakguard-hook", "leakguard")
ROOT = Path(__file__).parent.parent
HOOK, COMMAND = (os.path.join(os.path.dirname(sys.executable), name) for name in NAMES)
TEXT = (
    "# Retries without tears\n\n"
    + "A retry is cheap to write and dear to run: [each one](https://example.com/retries?n=2) asks"
    " a service that just said *no* to say it again. Version 4.2.1 waits 250 ms, then doubles.\n\n"
    * 60
)[:10_000]


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    # As an installed package is: without them every run would compile and derive again.
    compileall.compile_dir(ROOT / "leakguard", quiet=1)
    building.build(os.path.join(packs.rules_folder(), packs.READY))
    with tempfile.TemporaryDirectory() as folder:
        post = Path(folder, "post.md")
        post.write_text(TEXT, encoding="utf-8")
        small, large = repository(Path(folder, "one"), 1), repository(Path(folder, "twenty"), 20)
        commands = {
            "python -c pass": (["-c", "pass"], ROOT),
            "the library": (["-c", "from leakguard import compile"], ROOT),
            "hook, warm": ([HOOK, str(post)], ROOT),
            "command line, warm": ([COMMAND, "check", str(post)], ROOT),
            "hook, cold": ([HOOK, str(post)], ROOT),
            "command line, cold": ([COMMAND, "check", str(post)], ROOT),
            "commit of one file": ([HOOK, "0.md"], small),
            "commit of 20 files": (
                [HOOK, *(f"{n}.md" for n in range(20))],
                large,
            ),
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for turn in range(rounds + 1):
            for name, (arguments, where) in commands.items():
                cold = os.path.join(folder, f"cold-{turn}-{name[:4]}")
                cache = cold if name.endswith("cold") else os.path.join(folder, "warm")
                spent = once(arguments, cache, where)
                if turn:  # the first round warms up
                    times[name].append(spent)
    base = statistics.median(times["python -c pass"])
    print(
        f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, "
        f"{rounds} rounds, {len(TEXT)} bytes"
    )
    for name, spent in times.items():
        middle = statistics.median(spent)
        print(f"{name:20} {middle * 1000:7.1f} ms {middle / base:6.1f} x")


def repository(folder: Path, count: int) -> Path:
    """A repository in which so many files of 1.5 kB are staged."""
    folder.mkdir()
    for number in range(count):
        text = f"# Part {number}\n\n{TEXT[:1500]}"
        (folder / f"{number}.md").write_text(text, encoding="utf-8")
    for words in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *words], cwd=folder, check=True)
    return folder


def once(arguments: list[str], cache: str, where: Path) -> float:
    """Seconds of processor that one process, and what it starts, takes."""
    environment = {**os.environ, "LEAKGUARD_CACHE_DIR": cache, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, check=True, cwd=where
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
