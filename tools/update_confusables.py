"""Rewrite leakguard/confusables.py from Unicode's confusables.txt.

    pip install unicodedata2
    python tools/update_confusables.py confusables.txt > leakguard/confusables.py

The file comes from https://www.unicode.org/Public/security/latest/confusables.txt (Unicode
licence). Kept are single non-ASCII letters that look like one ASCII letter; of Latin letters also
those that look like one with a mark, which does not matter, or like several; and small capitals,
of which the table has but a few. A capital that the table draws as "l" is kept as "i": the table's
prototype of capital I is l, and a name is read by its capitals.

Run it with the oldest Python that leakguard supports. Which letters there are is asked of
unicodedata2, which is newer than the table; a letter that this Python cannot decompose by itself
is kept, so that a name folds the same with every Python.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import unicodedata2


def pairs(table: str) -> dict[str, str]:
    """Letter to the small ASCII letters that it looks like, in their order and then its own."""
    found = {chr(int(at, 16)): name.lower() for at, name in _small_capitals()}
    for row in re.finditer(r"^([0-9A-F]+) ;\t([0-9A-F ]+) ;", table, re.M):
        letter, target = chr(int(row[1], 16)), "".join(chr(int(c, 16)) for c in row[2].split())
        if letter < "\x80" or unicodedata.normalize("NFKD", letter)[0] < "\x80":
            continue
        category = unicodedata2.category(letter)
        drawn = unicodedata2.normalize("NFKD", letter)  # an outlined A is a sign, not a letter
        name = unicodedata2.name(letter).split()
        if name[0] == "LATIN":
            target = "".join(c for c in target if not unicodedata2.combining(c))
        if len(target) > 1 and target.upper() not in name:
            continue
        if drawn.isascii() and drawn.isalpha():
            target = drawn
        elif not category.startswith("L") or not (target.isascii() and target.isalpha()):
            continue
        found[letter] = "i" if category == "Lu" and target == "l" else target.lower()
    return dict(sorted(found.items(), key=lambda pair: (pair[1], pair[0])))


def _small_capitals() -> Iterator[tuple[str, str]]:
    for at in range(0x80, 0x110000):
        name = unicodedata2.name(chr(at), "")
        if re.fullmatch("LATIN LETTER SMALL CAPITAL [A-Z]", name):
            yield f"{at:04X}", name[-1]


def main() -> None:
    """Read the table named on the command line and print the module."""
    table = Path(sys.argv[1]).read_text(encoding="utf-8-sig")
    version = re.search(r"^# Version: (.*)", table, re.M)
    dated = re.search(r"^# Date: ([\d-]+)", table, re.M)
    found = pairs(table)
    print('"""Letters that look like ASCII letters. Written by tools/update_confusables.py.')
    print()
    print("Source: confusables.txt of Unicode Technical Standard 39,", end=" ")
    print(f"version {version[1] if version else '?'}, {dated[1] if dated else '?'}.")
    print("Copyright Unicode, Inc.; used under the Unicode licence (see NOTICE).")
    print('"""')
    print()
    # Escapes: a table of look-alikes in clear is unreadable, and some editors reorder it.
    alike: dict[str, str] = {}
    for letter, target in found.items():
        alike[target] = alike.get(target, "") + letter
    print("ALIKE = {")
    for target, letters in alike.items():
        pieces = [letters[at : at + 8] for at in range(0, len(letters), 8)]
        print(f'    "{target}": (')
        for piece in pieces:
            print(f"        {piece!a}".replace("'", '"'))
        print("    ),")
    print("}")


if __name__ == "__main__":
    main()
