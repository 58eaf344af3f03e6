"""How fast sentences are weighed where texts are made to be slow, and how that grows.

    python benchmarks/weighing.py

Each text is one piece over and over, 100 and 200 kB of it; the best of five.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

from leakguard import packs, weights
from leakguard.plans import plans_for
from leakguard.weighing import Weigher

SIZE = 100_000
PIECES = {
    "one lead": "lawyer ",
    "a lead a sentence": "told. ",
    "short sentences": "We told the board not. ",
    "long sentences": "word " * 15 + "lawyer. ",
    "lines": "lawyer\n",
    "blocks": "<p>told</p>",
    "a tag that is never closed": "<a lawyer ",
    "links": "](lawyer ",
    "stops": ".",
}


def main() -> None:
    """Print the table."""
    chosen = [packs.resolve(name) for name in packs.bundled()]
    rules, ready = packs.all_rules(chosen), packs.all_ready(chosen)
    parsed = {source: known for pack in chosen for source, known in pack.parsed.items()}
    plans = plans_for(rules, ready, datetime.now(UTC), "standard", parsed.__getitem__)
    leads = weights.brought().leads
    pieces = PIECES | {"all leads": " ".join(leads) + " ", "each a sentence": ". ".join(leads)}

    def seconds(piece: str, size: int) -> float:
        text = (piece * size)[:size]
        best = float("inf")
        for _ in range(5):
            weigher = Weigher(plans)  # remembers nothing
            before = time.perf_counter()
            list(weigher.heavy(text))
            best = min(best, time.perf_counter() - before)
        return best

    print(f"{'MB/s':>7} {'200/100 kB':>10}  a text of")
    for name, piece in pieces.items():
        once, twice = seconds(piece, SIZE), seconds(piece, 2 * SIZE)
        print(f"{2 * SIZE / twice / 1e6:7.1f} {twice / once:10.2f}  {name}")


if __name__ == "__main__":
    main()
