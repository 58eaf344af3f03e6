"""A flame graph of one run, as SVG: which functions its time went to, and who called them.

    python benchmarks/flame.py OUT.svg -- check FOLDER --only-pack finance

The stack is looked at after every other millisecond of processor time; the arguments after `--`
are those of `leakguard`. Wide is slow; above a function stands what it called. Time in extension
modules is their caller's.
"""

from __future__ import annotations

import io
import signal
import sys
import time
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from html import escape
from pathlib import Path
from types import FrameType
from typing import NamedTuple

EVERY = 0.002  # seconds
WIDTH, ROW = 1200, 17
LEAST = 0.002  # of the whole: narrower boxes are left out
COLOURS = ("#f2b36b", "#eea05a", "#f4c27f", "#e8985e", "#f0b98a")
OTHERS = ("#9fb8cc", "#8fabc2", "#aec4d5")


class Box(NamedTuple):
    """A function in its place: how many samples it was in, and where it is drawn."""

    name: str
    depth: int
    start: int
    count: int
    ours: bool


def main() -> None:
    """Run leakguard, sample it, write the graph."""
    out, _, *asked = sys.argv[1:]
    from leakguard.cli import main as run

    stacks: Counter[tuple[str, ...]] = Counter()
    signal.signal(signal.SIGPROF, lambda _, frame: count(frame, stacks))
    signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
    started = time.process_time()
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as told:
        run(asked)
    spent = time.process_time() - started
    signal.setitimer(signal.ITIMER_PROF, 0)
    title = f"leakguard {' '.join(Path(word).name if '/' in word else word for word in asked)}"
    boxes = placed(stacks)
    Path(out).write_text(drawn(boxes, f"{title}: {spent:.1f} s of processor"), encoding="utf-8")
    print(told.getvalue().strip().splitlines()[-1])
    for name, share in leaves(stacks):
        print(f"{share:6.1%}  {name}")


def count(frame: FrameType | None, stacks: Counter[tuple[str, ...]]) -> None:
    """Count the stack that ends in `frame`."""
    names = []
    while frame is not None:
        names.append(named(frame))
        frame = frame.f_back
    names.reverse()
    # What starts Python and this script is of no interest.
    first = next((n for n, name in enumerate(names) if name.startswith("leakguard.")), None)
    if first is not None:
        stacks[tuple(names[first:])] += 1


def named(frame: FrameType) -> str:
    """A function by its module, in the packages that one looks for."""
    module = str(frame.f_globals.get("__name__", "?"))
    return f"{module}.{frame.f_code.co_qualname}"


def placed(stacks: Counter[tuple[str, ...]]) -> list[Box]:
    """Where each function is drawn: those with the same callers side by side, by name."""
    boxes: list[Box] = []

    def place(rows: list[tuple[tuple[str, ...], int]], depth: int, start: int) -> None:
        by_name: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        for stack, count in rows:
            if len(stack) > depth:
                by_name.setdefault(stack[depth], []).append((stack, count))
        for name, inner in sorted(by_name.items()):
            count = sum(count for _, count in inner)
            boxes.append(Box(name, depth, start, count, name.startswith("leakguard.")))
            place(inner, depth + 1, start)
            start += count

    place(list(stacks.items()), 0, 0)
    return boxes


def drawn(boxes: list[Box], title: str) -> str:
    """The boxes as SVG, callers below; a box tells its name and share when it is pointed at."""
    whole = sum(box.count for box in boxes if box.depth == 0) or 1
    wanted = [box for box in boxes if box.count >= LEAST * whole]
    height = (max((box.depth for box in wanted), default=0) + 3) * ROW
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="monospace" font-size="11">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fffaf2"/>',
        f'<text x="6" y="{ROW - 4}" font-size="12">{escape(title)}</text>',
    ]
    for number, box in enumerate(wanted):
        x, width = box.start / whole * WIDTH, box.count / whole * WIDTH
        y = height - (box.depth + 1) * ROW
        palette = COLOURS if box.ours else OTHERS
        short = box.name.removeprefix("leakguard.")
        room = int((width - 6) / 6.7)
        lines += [
            f"<g><title>{escape(box.name)}: {box.count / whole:.1%}</title>",
            f'<rect x="{x:.1f}" y="{y}" width="{max(width - 0.5, 0.3):.1f}" height="{ROW - 1}" '
            f'fill="{palette[number % len(palette)]}"/>',
        ]
        if room >= 4:
            label = short if len(short) <= room else short[: room - 1] + "…"
            lines.append(f'<text x="{x + 3:.1f}" y="{y + 12}">{escape(label)}</text>')
        lines.append("</g>")
    return "\n".join([*lines, "</svg>"]) + "\n"


def leaves(stacks: Counter[tuple[str, ...]]) -> list[tuple[str, float]]:
    """The functions in which most time went by, without what they called."""
    own: Counter[str] = Counter()
    for stack, count in stacks.items():
        own[stack[-1]] += count
    whole = sum(own.values()) or 1
    return [(name, count / whole) for name, count in own.most_common(8)]


if __name__ == "__main__":
    main()
