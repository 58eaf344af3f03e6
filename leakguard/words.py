"""Words that are known: everyday English, and what public texts name (rules/data)."""

from __future__ import annotations

import os

from leakguard.light import Iterable, expression, lru_cache

_LETTERS = expression(r"[^\W\d_]+")
_HUMP = expression(r"(?<=[a-z])(?=[A-Z])")


def is_ordinary(words: Iterable[str]) -> bool:
    """Whether all of the folded `words` are ordinary English.

    >>> is_ordinary(["blue", "heron"]), is_ordinary(["blue", "zqheron"])
    (True, False)
    """
    known = _listed("words")
    return all(_among(known, word) for word in words)


def is_unknown(name: str) -> bool | None:
    """Whether a word of `name` is neither ordinary English nor a name that public texts use.

    False when all are such names. None for ordinary words among them: that may be a codename.

    >>> is_unknown("Zqsaltmarsh"), is_unknown("Kubernetes"), is_unknown("Osprey")
    (True, False, None)
    """
    ordinary, public = _listed("words"), _public()
    pieces = []
    for word in _LETTERS.findall(name):
        whole = word.casefold()
        known = _among(public, whole) or _among(ordinary, whole)
        pieces += [whole] if known else [piece.casefold() for piece in _HUMP.split(word)]
    named = [_among(public, piece) for piece in pieces]
    if not all(yes or _among(ordinary, piece) for yes, piece in zip(named, pieces, strict=True)):
        return True
    return False if all(named) else None


def _among(known: frozenset[str], word: str) -> bool:
    return word in known or (word.endswith("s") and word[:-1] in known)


@lru_cache(maxsize=1)
def _public() -> frozenset[str]:
    from leakguard.packs import public_names

    codenames = " ".join(public_names("public-codenames")).casefold()
    return _listed("public-names").union(codenames.split())


@lru_cache(maxsize=2)
def _listed(name: str) -> frozenset[str]:
    from leakguard.packs import rules_folder

    with open(os.path.join(rules_folder(), "data", f"{name}.txt"), encoding="ascii") as file:
        return frozenset(file.read().splitlines())
