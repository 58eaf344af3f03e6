"""What long lists of terms cost: start-up and scan, with 20 and with 20,000 terms.

    python benchmarks/terms.py [--rounds 9] [FOLDER]

Terms are invented words. Start-up is the CPU time of a hook on one small file, less that of the
same with 20 terms; runs are interleaved, medians are compared. With a FOLDER of texts the scan is
measured too, in one process, and how much of it goes into derived views.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import leakguard
from leakguard.packs import Pack

ROOT = Path(__file__).parent.parent
SYLLABLES = [
    c + v for c in "bcdfghjklmnprstvwz" for v in ("a", "e", "i", "o", "u", "ar", "en", "or")
]
HEAD = (
    '[pack]\nname = "acme"\n[[rule]]\nid = "unreleased"\ntitle = "unreleased name"\n'
    'why = "It is not announced."\nseverity = "high"\nmatch = "loose"\nterms = [\n'
)


def names(count: int) -> list[str]:
    """So many different invented names of one or two words."""
    random_ = random.Random(7)

    def word() -> str:
        return "".join(random_.choice(SYLLABLES) for _ in range(random_.randint(2, 3))).capitalize()

    found: dict[str, None] = {}
    while len(found) < count:
        found[" ".join(word() for _ in range(random_.choice((1, 2, 2))))] = None
    return list(found)


def pack(terms: list[str], *, tables: bool) -> str:
    """A pack of the terms, each a text or a table with number, owner and embargo."""
    rows = [
        f'  {{ term = "{term}", id = {number}, owner = "brand", embargo_until = 2999-02-01 }},'
        if tables
        else f'  "{term}",'
        for number, term in enumerate(terms, 1)
    ]
    return HEAD + "\n".join(rows) + "\n]\n"


def hook(pack_path: Path, text: Path) -> float:
    """CPU seconds of one hook."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "leakguard.hook", "--only-pack", str(pack_path), str(text)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=True,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def start_up(folder: Path, rounds: int) -> None:
    """Print what 20,000 terms add to a hook with 20."""
    text = folder / "post.md"
    text.write_text("The release notes of a small tool.\n", encoding="utf-8")
    all_names = names(20_000)
    paths: dict[tuple[str, int], Path] = {}
    for kind in ("texts", "tables"):
        for count in (20, 20_000):
            path = paths[kind, count] = folder / f"{kind}-{count}.toml"
            path.write_text(pack(all_names[:count], tables=kind == "tables"), encoding="utf-8")
    spent: dict[tuple[str, int], list[float]] = {key: [] for key in paths}
    for turn in range(rounds + 1):
        for key, path in paths.items():
            seconds = hook(path, text)
            if turn:
                spent[key].append(seconds)
    for kind in ("texts", "tables"):
        few, many = (statistics.median(spent[kind, count]) for count in (20, 20_000))
        print(f"20,000 terms as {kind:6}  +{(many - few) * 1000:4.0f} ms over {few * 1000:.0f} ms")


def scan(folder: Path, rounds: int) -> None:
    """Print the speed of a scan with 20 and with 20,000 terms, and the share of derived views."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".md", ".txt", ".rst"))
    random.Random(3).shuffle(files)
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in files[:300]]
    size = sum(map(len, texts)) / 1e6
    all_names = names(20_000)
    speeds: dict[int, list[float]] = {20: [], 20_000: []}
    guards = {
        count: leakguard.compile(
            [Pack.from_toml(pack(all_names[:count], tables=False))], now=datetime.now(UTC)
        )
        for count in speeds
    }
    for _ in range(rounds):
        for count, guard in guards.items():
            started = process_time()
            for text in texts:
                guard.scan(text, name="a.md", unread="ignore")
            speeds[count].append(size / (process_time() - started))
    few, many = (statistics.median(speeds[count]) for count in (20, 20_000))
    print(f"scan of {size:.1f} M characters: {few:.1f} M/s with 20 terms, {many:.1f} with 20,000 "
          f"({many / few:.2f})")  # fmt: skip
    profile = cProfile.Profile()
    profile.enable()
    for text in texts[:100]:
        guards[20].scan(text, name="a.md", unread="ignore")
    profile.disable()
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    whole = sum(row[2] for row in stats.values())
    derived = sum(row[3] for (_, _, name), row in stats.items() if name == "_search_derived")
    print(f"derived views: {derived / whole:.0%} of it (profiled)")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        start_up(Path(folder), arguments.rounds)
    if arguments.folder:
        scan(arguments.folder, max(1, arguments.rounds // 3))


if __name__ == "__main__":
    main()
