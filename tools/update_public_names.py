"""Rewrite rules/data/public-names.txt from texts that are public, one a line, and dictionaries.

    cut -f5 packages.tsv | python tools/update_public_names.py /usr/share/dict/american-english \\
        > rules/data/public-names.txt

Kept are words that are written with a capital in so many of the texts that what they name cannot be
a secret: makers, products, formats. What is an ordinary English word too is kept only if it is
hardly ever written without its capital. From the dictionaries come the words that they have with a
capital only: places, people, days.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

WORDS = Path(__file__).parent.parent / "rules" / "data" / "words.txt"
TEXTS = 5  # so many texts name it
RATIO = 4  # so many times as often as the same letters are an ordinary word
_CAPITAL = re.compile(r"(?<![\w@./#-])[A-Z][A-Za-z0-9]{2,20}(?![\w/@-])")
_WITHIN = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,20}(?![\w/@-])")
_SMALL = re.compile(r"(?<![\w@./#-])[a-z]{3,21}(?![\w/@-])")


def names(texts: Iterable[str], ordinary: frozenset[str]) -> Iterator[str]:
    """The public names of `texts`, folded, in order."""
    named: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for text in texts:
        found = {word.lower() for word in _CAPITAL.findall(text)}
        within = {word.lower() for word in _WITHIN.findall(text)}
        named.update({word for word in found if not _is_in(ordinary, word)} | within)
        small.update(set(_SMALL.findall(text)))
    for word, count in sorted(named.items()):
        if count >= TEXTS and (not _is_in(ordinary, word) or count >= RATIO * max(1, small[word])):
            yield word


def proper(dictionary: str) -> frozenset[str]:
    """The words, folded and without marks, that a dictionary has with a capital only."""
    capital, small = set(), set()
    for word in unicodedata.normalize("NFD", dictionary).split():
        letters = "".join(c for c in word.removesuffix("'s") if not unicodedata.combining(c))
        if letters.isascii() and letters.isalpha():
            (capital if letters[0].isupper() else small).add(letters.lower())
    return frozenset(capital - small)


def _is_in(ordinary: frozenset[str], word: str) -> bool:
    return word in ordinary or (word.endswith("s") and word[:-1] in ordinary)


def main() -> None:
    """Read texts from standard input, dictionaries from the command line, and print the list."""
    ordinary = frozenset(WORDS.read_text(encoding="ascii").split())
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    read = "\n".join(Path(name).read_text(encoding="utf-8") for name in sys.argv[1:])
    for word in sorted({*names(sys.stdin, ordinary), *proper(read)}):
        print(word)


if __name__ == "__main__":
    main()
