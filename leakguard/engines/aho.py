"""Nomination by Aho–Corasick over the folded text: for terms."""

from __future__ import annotations

from leakguard.light import TYPE_CHECKING, Generic, Iterator, Mapping, Sequence, TypeVar

if TYPE_CHECKING:
    import ahocorasick

Target = TypeVar("Target")


class Nominator(Generic[Target]):
    """Finds all occurrences of many folded keys in one pass."""

    def __init__(self, targets: Mapping[str, Sequence[Target]]) -> None:
        self._automaton: ahocorasick.Automaton | None = None
        if not targets:
            return
        import ahocorasick  # without terms there is nothing to do for it

        self._automaton = ahocorasick.Automaton()
        for key, wanted in targets.items():
            self._automaton.add_word(key, (len(key), wanted))
        self._automaton.make_automaton()

    def hits(self, text: str) -> Iterator[tuple[int, int, Sequence[Target]]]:
        """Start and end in `text` of each key, and what it nominates."""
        for last, (length, wanted) in self._automaton.iter(text) if self._automaton else ():
            yield last + 1 - length, last + 1, wanted
