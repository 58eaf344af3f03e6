"""How the cost grows: with the size of one text, with the number of files, with that of terms.

    python benchmarks/growth.py [--sizes 1 10 100] [--files 100 1000 10000]
                                [--terms 20 200 2000 20000] [--output growth.svg]

Processor time of the whole process, less that of a run over one empty file with the same rules:
what is left is the text's. Flat lines are good: a unit costs the same, however many there are. For
terms the time for the same text is shown as a multiple of that with the fewest.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from math import log10
from pathlib import Path

from speed import PROSE, ROOT, our_pack, terms

Points = list[tuple[int, float]]


def main() -> None:
    """Measure the three, print them and draw them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="*", default=[1, 10, 100], help="in MB")
    parser.add_argument("--files", type=int, nargs="*", default=[100, 1000, 10_000])
    parser.add_argument("--terms", type=int, nargs="*", default=[20, 200, 2000, 20_000])
    parser.add_argument("--output", help="a file for the plots, as SVG")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        plots = {
            "ms a MB, by MB of one text": sizes(place, asked.sizes),
            "ms a file of 2 kB, by files": files(place, asked.files),
            "times as long, by terms": by_terms(place, asked.terms),
        }
    for title, points in plots.items():
        print(title + ":", ", ".join(f"{count:,}: {value:.2f}" for count, value in points))
    if asked.output:
        Path(asked.output).write_text(drawn(plots), encoding="utf-8")


def sizes(place: Path, counts: Sequence[int]) -> Points:
    """Milliseconds a megabyte, for one text of so many, 200 terms."""
    pack = packed(place, 200)
    points = []
    for count in counts:
        text = place / "text.txt"
        piece = (PROSE * 5000)[:1_000_000].encode()
        with open(text, "wb") as file:
            for _ in range(count):
                file.write(piece)
        points.append((count, cost(place, pack, text) * 1000 / count))
    return points


def files(place: Path, counts: Sequence[int]) -> Points:
    """Milliseconds a file, for so many of 2 kB, 200 terms."""
    pack = packed(place, 200)
    folder = place / "files"
    folder.mkdir()
    made = 0
    points = []
    for count in counts:
        for number in range(made, count):
            under = folder / str(number // 1000)
            under.mkdir(exist_ok=True)
            (under / f"{number}.md").write_text((PROSE * 20)[number % 50 :][:2000], "utf-8")
        made = count
        points.append((count, cost(place, pack, folder) * 1000 / count))
    return points


def by_terms(place: Path, counts: Sequence[int]) -> Points:
    """The whole process over 5 MB, as a multiple of that with the fewest terms."""
    text = place / "text.txt"
    text.write_text((PROSE * 30_000)[:5_000_000], encoding="utf-8")
    spent = [run(packed(place, count), text) for count in counts]
    return [(count, one / spent[0]) for count, one in zip(counts, spent, strict=True)]


def packed(place: Path, count: int) -> Path:
    """A pack of so many terms."""
    pack = place / f"terms-{count}.toml"
    pack.write_text(our_pack(terms(count)), encoding="utf-8")
    return pack


def cost(place: Path, pack: Path, what: Path) -> float:
    """Seconds of processor that screening `what` takes over screening nothing."""
    empty = place / "empty.md"
    empty.touch()
    return max(run(pack, what) - run(pack, empty), 0.0)


def run(pack: Path, what: Path) -> float:
    """Seconds of processor of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "leakguard", "check", "--only-pack", str(pack), str(what)]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


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
