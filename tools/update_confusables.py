"""Rewrite leakguard/confusables.py from Unicode's confusables.txt.

    pip install unicodedata2
    python tools/update_confusables.py confusables.txt > leakguard/confusables.py

The file comes from https://www.unicode.org/Public/security/latest/confusables.txt (Unicode
licence). Kept are single non-ASCII letters that look like one ASCII letter. A capital that the
table draws as "l" is kept as "i": the table's prototype of capital I is l, and a name is read
by its capitals.

Run it with the oldest Python that leakguard supports. Which letters there are is asked of
unicodedata2, which is newer than the table; a letter that this Python cannot decompose by itself
is kept, so that a name folds the same with every Python.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from pathlib import Path

import unicodedata2


def pairs(table: str) -> dict[str, str]:
    """Letter to the lower-case ASCII letter that it looks like, by those and then by code point."""
    found: dict[str, str] = {}
    for row in re.finditer(r"^([0-9A-F]+) ;\t([0-9A-F]+) ;", table, re.M):
        letter, target = chr(int(row[1], 16)), chr(int(row[2], 16))
        if letter < "\x80" or unicodedata.normalize("NFKD", letter)[0] < "\x80":
            continue
        category = unicodedata2.category(letter)
        drawn = unicodedata2.normalize("NFKD", letter)  # an outlined A is a sign, not a letter
        if drawn.isascii() and drawn.isalpha():
            target = drawn
        elif not category.startswith("L") or not (target.isascii() and target.isalpha()):
            continue
        found[letter] = "i" if category == "Lu" and target == "l" else target.lower()
    return dict(sorted(found.items(), key=lambda pair: (pair[1], pair[0])))


def main() -> None:
    """Read the table named on the command line and print the module."""
    table = Path(sys.argv[1]).read_text(encoding="utf-8-sig")
    version = re.search(r"^# Version: (.*)", table, re.M)
    dated = re.search(r"^# Date: ([\d-]+)", table, re.M)
    found = pairs(table)
    print('"""Letters that look like one ASCII letter. Written by tools/update_confusables.py.')
    print()
    print("Source: confusables.txt of Unicode Technical Standard 39,", end=" ")
    print(f"version {version[1] if version else '?'}, {dated[1] if dated else '?'}.")
    print("Copyright Unicode, Inc.; used under the Unicode licence (see NOTICE).")
    print('"""')
    print()
    # Escapes: a table of look-alikes in clear is unreadable, and some editors reorder it.
    for name, letters in (("LETTERS", found), ("ASCII", found.values())):
        text = "".join(letters)
        print(f"{name} = (")
        for at in range(0, len(text), 8 if name == "LETTERS" else 80):
            piece = text[at : at + (8 if name == "LETTERS" else 80)]
            print(f"    {piece!a}".replace("'", '"'))
        print(")")


if __name__ == "__main__":
    main()
