"""What a sealed list costs over the same list in plain: the whole process, and opening alone.

    python benchmarks/sealed.py [--terms 20000] [--rounds 15]

Rows are interleaved and medians of the processor's time compared, so that a busy machine is busy
for all of them. The first row has no list at all, the second a small one: what a repository pays
that has none, and what the key and the cryptography cost by themselves.
"""

from __future__ import annotations

import argparse
import compileall
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from leakguard import keys, sealed
from leakguard.keys import Recipient

ROOT = Path(__file__).parent.parent
POST = "# Retries without tears\n\nA retry is cheap to write and dear to run.\n" * 20
HEAD = """[pack]
name = "{name}"
[[rule]]
id = "unreleased"
title = "unreleased project name"
severity = "high"
match = "loose"
why = "It has not been announced."
"""


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--terms", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=15)
    asked = parser.parse_args()
    compileall.compile_dir(ROOT / "leakguard", quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        (top / "post.md").write_text(POST, encoding="utf-8")
        text, public = keys.new_identity()
        (top / "key.txt").write_text(text, encoding="ascii")
        sizes = {}
        for name, number in (("small", 20), ("large", asked.terms)):
            pack = HEAD.format(name=name) + f"terms = [{listed(number)}]\n"
            (top / f"{name}.toml").write_text(pack, encoding="utf-8")
            data = sealed.seal(pack, [Recipient("jane", public)], name)
            (top / f"{name}.sealed").write_bytes(data)
            sizes[name] = len(data)
        rows = {
            "no list": [],
            "20 terms, plain": ["--pack", "small.toml"],
            "20 terms, sealed": ["--pack", "small.sealed"],
            f"{asked.terms:,} terms, plain": ["--pack", "large.toml"],
            f"{asked.terms:,} terms, sealed": ["--pack", "large.sealed"],
        }
        times: dict[str, list[float]] = {name: [] for name in rows}
        for turn in range(asked.rounds + 1):
            for name, options in rows.items():
                spent = once(options, top)
                if turn:  # the first round warms up
                    times[name].append(spent)
    print(
        f"Python {sys.version.split()[0]}, {asked.rounds} rounds, {sizes['large']:,} bytes sealed"
    )
    middles = {name: statistics.median(spent) * 1000 for name, spent in times.items()}
    before = 0.0
    for name, middle in middles.items():
        over = f"{middle - before:+7.1f} ms over plain" if name.endswith("sealed") else ""
        print(f"{name:22} {middle:7.1f} ms  {over}".rstrip())
        before = middle


def listed(number: int) -> str:
    """Invented names of two words."""
    dice = random.Random(6)
    syllables = "ba de fi ko lu mer nas pol rin tav wex zor".split()
    names: dict[str, None] = {}
    while len(names) < number:
        words = ("".join(dice.choices(syllables, k=dice.randint(2, 3))) for _ in range(2))
        names[" ".join(word.title() for word in words)] = None
    return ",\n".join(f'"{name}"' for name in names)


def once(options: list[str], folder: Path) -> float:
    """Seconds of the processor that one hook takes."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "LEAKGUARD_CACHE_DIR": str(folder / "cache"),
        "LEAKGUARD_IDENTITY": str(folder / "key.txt"),
    }
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "leakguard.hook", "post.md", "--when-sealed", "fail", *options]
    subprocess.run(command, env=environment, capture_output=True, check=True, cwd=folder)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
