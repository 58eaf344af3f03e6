"""How many of the sentences that nobody fitted a rule to are told, and how many harmless ones.

    python benchmarks/words.py [--list]

By class, told and blocked, with all bundled packs. `--list` shows the lines that are missed, and
the harmless ones that are told. The lines are benchmarks/sentences/aside-*.txt.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import leakguard

FOLDER = Path(__file__).parent / "sentences"
AROUND = "A few words first.\n\n{}\n\nAnd some words after it.\n"


def main() -> None:
    """Print the table."""
    guard = leakguard.compile()
    listed = "--list" in sys.argv
    lines, told, blocked = Counter[str](), Counter[str](), Counter[str]()
    for name in ("leaks", "harmless"):
        for line in (FOLDER / f"aside-{name}.txt").read_text(encoding="utf-8").splitlines():
            head, _, text = line.partition("] ") if name == "leaks" else ("", "", line)
            kind = head.removeprefix("[") or "harmless"
            screening = guard.scan(AROUND.format(text), name="page.md")
            lines[kind] += 1
            told[kind] += len(screening) > 0
            blocked[kind] += screening.action == "block"
            if listed and (len(screening) > 0) == (kind == "harmless"):
                print(kind, text)
    for kind in lines:
        print(f"{kind:14} told {told[kind]:3} of {lines[kind]:3}, blocked {blocked[kind]}")
    leaks = [sum(counts.values()) - counts["harmless"] for counts in (told, lines, blocked)]
    print("{:14} told {:3} of {:3}, blocked {}".format("all leaks", *leaks))


if __name__ == "__main__":
    main()
