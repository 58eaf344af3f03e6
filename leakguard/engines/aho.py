"""Nomination by Aho–Corasick over the folded text: nothing to compile, quick for small work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Generic, TypeVar

import ahocorasick

Target = TypeVar("Target")


class Nominator(Generic[Target]):
    """Finds all occurrences of many folded keys in one pass. Immutable, so thread-safe."""

    def __init__(self, targets: Mapping[str, Sequence[Target]]) -> None:
        self._automaton = None
        if targets:
            automaton = ahocorasick.Automaton()
            for key, wanted in targets.items():
                automaton.add_word(key, (len(key), wanted))
            automaton.make_automaton()
            self._automaton = automaton

    def hits(self, text: str) -> Iterator[tuple[int, int, Sequence[Target]]]:
        """Start and end in `text` of each key, and what it nominates."""
        if self._automaton is None:
            return
        for last, (length, wanted) in self._automaton.iter(text):
            yield last + 1 - length, last + 1, wanted
