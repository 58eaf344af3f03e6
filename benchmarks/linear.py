"""Time of every bundled pattern on text that was made to be slow for it, at 100 kB and 200 kB.

    python benchmarks/linear.py [--pack PACK] [--seed N] [--tries N]

For each pattern, exclusions too, the texts are: every character of its examples repeated, its
examples repeated, every beginning of an example repeated (a match that fails at its very end), and
the worst that a fuzzer finds in so many tries by mutating those. The slowest on a short text is
then timed at both sizes. A pattern is tried at every start, without any prefilter; an exclusion
that must match a whole hit, on hits of its greatest width that fill the text.

A pattern fails when 200 kB take more than 2.5 times what 100 kB take, or go slower than 1 MB/s. The
exit code is the number of those that fail, at most 100.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from leakguard import packs, patterns
from leakguard.packs import Pack

SHORT, ONE, TWO = 10_000, 100_000, 200_000
GROWTH, SPEED = 2.5, 1_000_000
GENERIC = ("a", "A", "0", " ", "-", ".", "/", "_", "a ", "A0", "Ab ", "a-", "0 ", "0.", "\n", "a\n")


class Case(NamedTuple):
    """A pattern and what is known to look like it."""

    name: str
    pattern: patterns.Pattern
    examples: tuple[str, ...]
    whole: bool = False


class Result(NamedTuple):
    """CPU seconds at both sizes, on the text that repeats `seed`."""

    name: str
    one: float
    two: float
    seed: str

    @property
    def growth(self) -> float:
        """How many times longer twice the text takes."""
        return self.two / self.one

    @property
    def speed(self) -> float:
        """Characters a second at the larger size."""
        return TWO / self.two

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
    asked = parser.parse_args()
    chosen = packs.resolve_all(asked.pack or packs.bundled())
    results = [
        measured(case, random.Random(f"{asked.seed}{case.name}"), asked.tries)
        for case in cases(chosen)
    ]
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

    def seconds(seed: str, size: int) -> float:
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

    seeds = list(dict.fromkeys(_seeds(case)))
    ranked = sorted(((seconds(seed, SHORT), seed) for seed in seeds), reverse=True)[:8]
    alphabet = sorted(set("".join(case.examples)) | set("aA0 -."))
    for _ in range(tries):
        _, parent = chance.choice(ranked)
        child = _mutated(parent, alphabet, chance)
        ranked = sorted([*ranked, (seconds(child, SHORT), child)], reverse=True)[:8]
    worst = max((seconds(seed, ONE), seed) for _, seed in ranked[:3])[1]
    rounds = 1 + int(0.02 / seconds(worst, ONE))  # too short a time is not a time

    def best(size: int) -> float:
        # Whatever else the machine does only ever adds.
        return min(sum(seconds(worst, size) for _ in range(rounds)) for _ in range(3)) / rounds

    result = Result(case.name, best(ONE), best(TWO), worst)
    for _ in range(2):  # a busy machine can make one size look slow, a slow pattern stays slow
        if result.fails:
            one, two = min(result.one, best(ONE)), min(result.two, best(TWO))
            result = Result(case.name, one, two, worst)
    return result


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
