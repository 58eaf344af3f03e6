"""Write docs/rules/ from the bundled packs: one Markdown page a pack.

.venv/bin/python tools/update_rules.py
"""

from __future__ import annotations

from pathlib import Path

from leakguard import manual, packs

RULES = Path(__file__).parent.parent / "docs/rules"


def main() -> None:
    """Rewrite the pages."""
    RULES.mkdir(exist_ok=True)
    for name in packs.bundled():
        page = manual.markdown(packs.resolve(name)) + "\n"
        (RULES / f"{name}.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
