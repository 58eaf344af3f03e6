"""How the cost grows: with the size of one text, with the number of files, with that of terms.

    python benchmarks/growth.py [--sizes 1 10 100 1000] [--pipes 1 10 100] [--files 100 1000 10000]
                                [--terms 20 200 2000 20000] [--rounds 3] [--output growth.svg]

Processor time of the whole process, less that of a run over one empty file with the same rules:
what is left is the text's; the least of some rounds, fewer for large work. Flat lines are good: a
unit costs the same, however many there are. For terms the time for the same text is shown as a
multiple of that with the fewest, and should grow by less than the terms do. Memory is the largest
that any run of a row had.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from math import log10
from pathlib import Path
from typing import NamedTuple

from speed import PROSE, ROOT, our_pack, terms

Points = list[tuple[int, float]]
LONG = 20.0  # seconds: what takes longer is run once


class Run(NamedTuple):
    """Seconds of processor and megabytes of memory that a process took."""

    cpu: float
    memory: float


class Row(NamedTuple):
    """What one plot shows."""

    points: Points
    memory: float


def main() -> None:
    """Measure the four, print them and draw them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="*", default=[1, 10, 100, 1000], help="in MB")
    parser.add_argument("--pipes", type=int, nargs="*", default=[1, 10, 100], help="in MB")
    parser.add_argument("--files", type=int, nargs="*", default=[100, 1000, 10_000])
    parser.add_argument("--terms", type=int, nargs="*", default=[20, 200, 2000, 20_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--output", help="a file for the plots, as SVG")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), asked.rounds)
        plots = {
            "ms a MB, by MB of one file": bench.sizes(asked.sizes, piped=False),
            "ms a MB, by MB of a pipe": bench.sizes(asked.pipes, piped=True),
            "ms a file of 2 kB, by files": bench.files(asked.files),
            "times as long, by terms": bench.by_terms(asked.terms),
        }
    plots = {title: row for title, row in plots.items() if row.points}
    for title, (points, memory) in plots.items():
        told = ", ".join(f"{count:,}: {value:.2f}" for count, value in points)
        sys.stdout.write(f"{title}: {told} (at most {memory:,.0f} MB)\n")
    if asked.output:
        drawing = drawn({title: row.points for title, row in plots.items()})
        Path(asked.output).write_text(drawing, encoding="utf-8")


class Bench:
    """Runs in a folder of their own."""

    def __init__(self, place: Path, rounds: int) -> None:
        self.place = place
        self.rounds = rounds
        self.empty = place / "empty.md"
        self.empty.touch()

    def sizes(self, counts: Sequence[int], *, piped: bool) -> Row:
        """Milliseconds a megabyte, for one text of so many, 200 terms."""
        pack = self.packed(200)
        piece = (PROSE * 6000)[:1_000_000].encode()
        points, memory = [], 0.0
        for count in counts:
            text = self.place / "text.txt"
            with open(text, "wb") as file:
                for _ in range(count):
                    file.write(piece)
            ran = self.run(pack, text, piped=piped)
            points.append((count, self.over(ran, pack) * 1000 / count))
            memory = max(memory, ran.memory)
            text.unlink()
        return Row(points, memory)

    def files(self, counts: Sequence[int]) -> Row:
        """Milliseconds a file, for so many of 2 kB, 200 terms."""
        pack = self.packed(200)
        folder = self.place / "files"
        folder.mkdir()
        made = 0
        points, memory = [], 0.0
        for count in counts:
            for number in range(made, count):
                under = folder / str(number // 1000)
                under.mkdir(exist_ok=True)
                (under / f"{number}.md").write_text((PROSE * 20)[number % 50 :][:2000], "utf-8")
            made = count
            ran = self.run(pack, folder)
            points.append((count, self.over(ran, pack) * 1000 / count))
            memory = max(memory, ran.memory)
        return Row(points, memory)

    def by_terms(self, counts: Sequence[int]) -> Row:
        """The whole process over 5 MB, as a multiple of that with the fewest terms."""
        text = self.place / "text.txt"
        text.write_text((PROSE * 30_000)[:5_000_000], encoding="utf-8")
        spent = [self.run(self.packed(count), text) for count in counts]
        points = [(count, one.cpu / spent[0].cpu) for count, one in zip(counts, spent, strict=True)]
        return Row(points, max((one.memory for one in spent), default=0.0))

    def packed(self, count: int) -> Path:
        """A pack of so many terms."""
        pack = self.place / f"terms-{count}.toml"
        pack.write_text(our_pack(terms(count)), encoding="utf-8")
        return pack

    def over(self, ran: Run, pack: Path) -> float:
        """Seconds of processor that a run took over one of an empty file."""
        return max(ran.cpu - self.run(pack, self.empty).cpu, 0.0)

    def run(self, pack: Path, what: Path, *, piped: bool = False) -> Run:
        """The least of some rounds."""
        runs: list[Run] = []
        while len(runs) < self.rounds and (not runs or runs[0].cpu < LONG):
            runs.append(once(pack, what, piped=piped))
        return Run(min(run.cpu for run in runs), max(run.memory for run in runs))


def once(pack: Path, what: Path, *, piped: bool) -> Run:
    """One process, and those that it began."""
    command = [sys.executable, "-m", "leakguard", "check", "--only-pack", str(pack)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        source = subprocess.Popen(["cat", str(what)], stdout=subprocess.PIPE) if piped else None
        process = subprocess.Popen(
            [*command, "-" if piped else str(what)],
            stdin=source.stdout if source else subprocess.DEVNULL,
            env=environment, stdout=subprocess.DEVNULL, stderr=said,
        )  # fmt: skip
        if source and source.stdout:
            source.stdout.close()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if source:
            source.wait()
        if process.returncode not in (0, 1):
            said.seek(0)
            raise SystemExit(said.read())
    return Run(used.ru_utime + used.ru_stime, used.ru_maxrss / 1000)


def drawn(plots: dict[str, Points]) -> str:
    """The plots side by side: counts by their logarithm, values from 0."""
    width, height, margin = 300, 200, 40
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {(width + margin) * len(plots)} '
        f'{height + 2 * margin}" font-family="sans-serif" font-size="11">'
    ]
    for number, (title, points) in enumerate(plots.items()):
        left = number * (width + margin) + margin // 2
        top = max(value for _, value in points) * 1.25 or 1.0
        low, high = log10(points[0][0]), log10(points[-1][0]) or 1.0
        spots = [
            (
                left + (log10(count) - low) / ((high - low) or 1.0) * (width - 60) + 20,
                margin + height - value / top * height,
            )
            for count, value in points
        ]
        path = " ".join(f"{x:.0f},{y:.0f}" for x, y in spots)
        lines += [
            f'<text x="{left}" y="20" font-weight="bold">{title}</text>',
            f'<line x1="{left}" y1="{margin + height}" x2="{left + width - 20}" '
            f'y2="{margin + height}" stroke="#999"/>',
            f'<polyline points="{path}" fill="none" stroke="#c06020" stroke-width="2"/>',
        ]
        for (x, y), (count, value) in zip(spots, points, strict=True):
            lines += [
                f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="#c06020"/>',
                f'<text x="{x:.0f}" y="{y - 8:.0f}" text-anchor="middle">{value:,.2f}</text>',
                f'<text x="{x:.0f}" y="{margin + height + 16}" text-anchor="middle">'
                f"{count:,}</text>",
            ]
    return "\n".join([*lines, "</svg>"]) + "\n"


if __name__ == "__main__":
    main()
