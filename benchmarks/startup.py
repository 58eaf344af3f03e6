"""How long a short run takes, as a multiple of `python -c pass` of the same interpreter.

    python benchmarks/startup.py [--rounds 15]

Runs are interleaved, so that a busy machine is busy for all of them; medians are compared. "cold"
has an empty cache of packs, "warm" one that the same run has filled.
"""

from __future__ import annotations

import argparse
import compileall
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
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
    # As an installed package is: without it every run would compile the sources again.
    compileall.compile_dir(ROOT / "leakguard", quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        post = Path(folder, "post.md")
        post.write_text(TEXT, encoding="utf-8")
        commands = {
            "python -c pass": ["-c", "pass"],
            "import leakguard": ["-c", "import leakguard"],
            "hook, warm": ["-m", "leakguard.hook", str(post)],
            "command line, warm": ["-m", "leakguard", "check", str(post)],
            "command line, cold": ["-m", "leakguard", "check", str(post)],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for turn in range(rounds + 1):
            for name, arguments in commands.items():
                cold = os.path.join(folder, f"cold-{turn}")
                cache = cold if name.endswith("cold") else os.path.join(folder, "warm")
                spent = once(arguments, cache)
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


def once(arguments: list[str], cache: str) -> float:
    """Seconds that one process takes."""
    environment = {**os.environ, "LEAKGUARD_CACHE_DIR": cache, "PYTHONPATH": str(ROOT)}
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, check=True, cwd=ROOT
    )
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
