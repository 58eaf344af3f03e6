"""Ordinary words: which names are also words of everyday English (rules/data/words.txt)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import lru_cache


def is_ordinary(words: Iterable[str]) -> bool:
    """Whether all of the folded `words` are ordinary English.

    >>> is_ordinary(["blue", "heron"]), is_ordinary(["blue", "zqheron"])
    (True, False)
    """
    known = _words()
    return all(word in known or (word.endswith("s") and word[:-1] in known) for word in words)


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    from leakguard.packs import rules_folder

    with open(os.path.join(rules_folder(), "data", "words.txt"), encoding="ascii") as file:
        return frozenset(file.read().splitlines())
