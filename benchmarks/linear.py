"""Time of every bundled pattern on text that was made to be slow for it, at 100 kB and 200 kB.

    python benchmarks/linear.py [--pack PACK] [--seed N] [--tries N]

For each pattern, exclusions too, the texts are: every character of its examples repeated, its
examples repeated, every beginning of an example repeated (a match that fails at its very end), and
the worst that a fuzzer finds in so many tries by mutating those. The slowest on a short text is
then timed at both sizes. A pattern is tried at every start, without any prefilter; an exclusion
that must match a whole hit, on hits of its greatest width that fill the text.

A pattern fails when 200 kB take more than 2.5 times what 100 kB take, or go slower than 1 MB/s. The
exit code is the number of those that fail, at most 100.

Whatever else a machine does makes it slower for a while, up to twice, and never faster. So both
sizes are timed one right after the other, the speed is the best of all rounds, the growth the
middle one; what fails is timed twice more. Above the table stand what the interpreter takes to
start and how fast a pattern that never changes goes, when the run began and when it ended: figures
of one hour are compared with those of another by these.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple

import regex

sys.path.insert(0, str(Path(__file__).parent.parent))

from leakguard import packs, patterns
from leakguard.packs import Pack

SHORT, ONE, TWO = 10_000, 100_000, 200_000
GROWTH, SPEED = 2.5, 1_000_000
KEPT = 8  # texts that are mutated
UNITS = "`python -c pass`, ms of CPU", "a fixed pattern, MB/s"
GENERIC = ("a", "A", "0", " ", "-", ".", "/", "_", "a ", "A0", "Ab ", "a-", "0 ", "0.", "\n", "a\n")


class Case(NamedTuple):
    """A pattern and what is known to look like it."""

    name: str
    pattern: patterns.Pattern
    examples: tuple[str, ...]
    whole: bool = False


class Result(NamedTuple):
    """What a pattern takes on the text that repeats `seed`."""

    name: str
    growth: float
    """How many times longer twice the text takes."""
    speed: float
    """Characters a second at the larger size."""
    seed: str

    @property
    def fails(self) -> bool:
        """Whether it misses the bar."""
        return self.growth > GROWTH or self.speed < SPEED


def main() -> int:
    """Measure, print the slowest first, and count what fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", action="append", default=[], help="instead of the bundled ones")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tries", type=int, default=60)
    parser.add_argument("--most", type=int, default=12, help="rows to print")
    parser.add_argument("--only", action="append", default=[], help="patterns of this rule only")
    asked = parser.parse_args()
    chosen = packs.resolve_all(asked.pack or packs.bundled())
    before = reference()
    results = [
        measured(case, random.Random(f"{asked.seed}{case.name}"), asked.tries)
        for case in cases(chosen)
        if not asked.only or case.name.split()[0] in asked.only
    ]
    for what, first, last in zip(UNITS, before, reference(), strict=True):
        print(f"{what}: {first:.1f}, at the end {last:.1f}")
    results.sort(key=lambda result: result.speed)
    failing = [result for result in results if result.fails]
    print(f"{len(results)} patterns, {len(failing)} fail")
    print(f"{'MB/s':>6} {'200/100 kB':>10}  pattern, and what its worst text repeats")
    for result in (failing + [r for r in results if not r.fails])[: max(asked.most, len(failing))]:
        mark = "FAILS " if result.fails else ""
        print(
            f"{result.speed / 1e6:6.1f} {result.growth:10.2f}  {mark}{result.name} "
            f"{result.seed[:60]!r}"
        )
    return min(len(failing), 100)


def reference() -> tuple[float, float]:
    """How fast this hour is, in `UNITS`."""
    starts = []
    for _ in range(10):
        before = _children()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        starts.append(_children() - before)
    words = "|".join(f"{letter}zzz" for letter in "abcdefghijklmnopqrst")
    known = patterns.parse(rf"(?i)\b(?:{words})")
    fixed = Case("", known, ())
    compiled = patterns.compile(known)
    return min(starts) * 1e3, ONE / min(
        _seconds(fixed, compiled, " ca", ONE) for _ in range(20)
    ) / 1e6


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cases(chosen: Iterable[Pack]) -> Iterator[Case]:
    """Every pattern of the packs, once; exclusions go with the examples of their first rule."""
    seen: set[str] = set()
    for pack in chosen:
        for rule in pack.rules:
            examples = (*rule.examples, *rule.counter_examples)
            written = [("", rule.pattern, False)] if rule.pattern else []
            if rule.exclude:
                written += [(" exclude.patterns", p, True) for p in rule.exclude.patterns]
                written += [(" exclude.shared", p, False) for p in rule.exclude.inside]
            for what, source, whole in written:
                if source not in seen:
                    seen.add(source)
                    known = pack.parsed.get(source) or patterns.parse(source)
                    yield Case(rule.id + what, known, examples, whole)


def measured(case: Case, chance: random.Random, tries: int) -> Result:
    """The slowest text for a pattern, timed at both sizes."""
    compiled = patterns.compile(case.pattern)
    seconds = partial(_seconds, case, compiled)
    seeds = list(dict.fromkeys(_seeds(case)))
    ranked = sorted(((seconds(seed, SHORT), seed) for seed in seeds), reverse=True)[:KEPT]
    alphabet = sorted(set("".join(case.examples)) | set("aA0 -."))
    for _ in range(tries):
        _, parent = chance.choice(ranked)
        child = _mutated(parent, alphabet, chance)
        ranked = sorted([*ranked, (seconds(child, SHORT), child)], reverse=True)[:KEPT]
    # A text that was slow once may have been met in a slow moment.
    worst = max((min(seconds(seed, ONE) for _ in range(2)), seed) for _, seed in ranked[:3])[1]
    result = _timed(case, seconds, worst)
    for _ in range(2):
        if result.fails:
            again = _timed(case, seconds, worst)
            growth, speed = min(result.growth, again.growth), max(result.speed, again.speed)
            result = Result(case.name, growth, speed, worst)
    return result


def _timed(case: Case, seconds: Callable[[str, int], float], seed: str) -> Result:
    rounds = 1 + int(0.02 / seconds(seed, ONE))  # too short a time is not a time
    pairs = [
        [sum(seconds(seed, size) for _ in range(rounds)) / rounds for size in (ONE, TWO)]
        for _ in range(5)
    ]
    speed = TWO / min(two for _, two in pairs)
    return Result(case.name, median(two / one for one, two in pairs), speed, seed)


def _seconds(case: Case, compiled: regex.Pattern[str], seed: str, size: int) -> float:
    """What the processor takes for a text of a size."""
    text = (seed * (size // len(seed) + 1))[:size]
    width = case.pattern.width
    started = time.process_time()
    if case.whole:
        for at in range(0, size, width):
            compiled.fullmatch(text, at, min(size, at + width))
    else:
        for _ in patterns.find(compiled, text, 0, size, case.pattern):
            pass
    return max(time.process_time() - started, 1e-6)


def _seeds(case: Case) -> Iterator[str]:
    yield from GENERIC
    for example in case.examples:
        yield example
        yield example + " "
        yield from example
        step = max(1, len(example) // 24)
        yield from (example[:end] for end in range(1, len(example), step))
        yield from (example[start:] for start in range(1, len(example), step))


def _mutated(parent: str, alphabet: list[str], chance: random.Random) -> str:
    at = chance.randrange(len(parent) + 1)
    kind = chance.randrange(4)
    if kind == 0:
        return parent[:at] + chance.choice(alphabet) + parent[at:]
    if kind == 1 and len(parent) > 1:
        return parent[: at - 1] + parent[at:] if at else parent[1:]
    if kind == 2:
        return parent[:at] + chance.choice(alphabet) * chance.randrange(2, 60) + parent[at:]
    return (parent[at:] + parent[:at]) or parent


if __name__ == "__main__":
    sys.exit(main())
