"""Nomination by Aho–Corasick over the folded text: nothing to compile, quick for small work."""

from __future__ import annotations

import ahocorasick

from leakguard.light import Generic, Iterator, Mapping, MappingProxyType, Sequence, TypeVar
from leakguard.needs import folded

Target = TypeVar("Target")


class Nominator(Generic[Target]):
    """Finds all occurrences of many folded keys in one pass. Immutable, so thread-safe.

    `shapes` are keys in which 0 stands for any digit.
    """

    def __init__(
        self,
        targets: Mapping[str, Sequence[Target]],
        shapes: Mapping[str, Sequence[Target]] = MappingProxyType({}),
    ) -> None:
        self._exact = _automaton(targets)
        self._shapes = _automaton(shapes)

    def hits(self, text: str) -> Iterator[tuple[int, int, Sequence[Target]]]:
        """Start and end in `text` of each key, and what it nominates."""
        if self._exact is not None:
            for last, (length, wanted) in self._exact.iter(text):
                yield last + 1 - length, last + 1, wanted
        if self._shapes is not None:
            for last, (length, wanted) in self._shapes.iter(folded(text)):
                yield last + 1 - length, last + 1, wanted


def _automaton(targets: Mapping[str, Sequence[object]]) -> ahocorasick.Automaton | None:
    if not targets:
        return None
    automaton = ahocorasick.Automaton()
    for key, wanted in targets.items():
        automaton.add_word(key, (len(key), wanted))
    automaton.make_automaton()
    return automaton
