"""Megabytes a second over a folder, and the memory that one long text takes.

    python benchmarks/throughput.py FOLDER [--stream MB]

One process, all bundled packs. `--stream` also sends so many megabytes of prose through a pipe.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROSE = (
    "The team met on Tuesday to talk about queues, and nobody left before the tea was cold. "
    "What they wrote down fits on a page: 3 owners, 12 tasks, 1 date in the spring.\n\n"
)
LEAK = "SSN: 536-90-4399\n\n"  # a value of published test sets


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--stream", type=int, default=0, metavar="MB")
    asked = parser.parse_args()
    size = sum(path.stat().st_size for path in asked.folder.rglob("*") if path.is_file())
    report("folder", size, [str(asked.folder)], None)
    if asked.stream:
        report("stream", asked.stream * 1_000_000, ["-"], asked.stream)


def report(what: str, size: int, arguments: list[str], megabytes: int | None) -> None:
    """Run once and print size, time, speed, memory and findings."""
    command = [sys.executable, "-m", "leakguard", "check", *arguments, "--format", "json"]
    started = time.perf_counter()
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE if megabytes else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        if megabytes and process.stdin:
            piece = PROSE * (1_000_000 // len(PROSE)) + LEAK
            for _ in range(megabytes):
                process.stdin.write(piece.encode())
            process.stdin.close()
            process.stdin = None
        out = process.communicate()[0]
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    summary = json.loads(out)["summary"]
    print(
        f"{what}: {size / 1e6:.1f} MB, {summary['documents']} documents, {seconds:.1f} s, "
        f"{size / 1e6 / seconds:.2f} MB/s, {peak:.0f} MB of memory, "
        f"{summary['findings']} findings, {summary['blocking']} blocking, "
        f"{summary['unread']} not screened"
    )


if __name__ == "__main__":
    main()
