"""Weighing: which sentences of a text weigh so much that a rule tells them."""

from __future__ import annotations

from leakguard.light import (
    TYPE_CHECKING,
    Final,
    Iterable,
    Iterator,
    Sequence,
    expression,
)
from leakguard.plans import Plan

if TYPE_CHECKING:
    from leakguard.weights import Weights

_WORD = expression(r"[a-z]+")
_LETTERS: Final = bytes(code if chr(code).isalpha() and code < 128 else 32 for code in range(256))
_REMEMBERED: Final = 200  # sentences


class Weigher:
    """Thread-safe. Weighs for the rules that look for weights; a text is of the `lines` view."""

    def __init__(self, plans: Sequence[Plan]) -> None:
        self._plans = [plan for plan in plans if plan.ready.weighs]
        self._weights: Weights | None = None
        self._leads: frozenset[str] = frozenset()
        self._columns: dict[int, list[Plan]] = {}
        self._told: dict[str, Sequence[Plan]] = {}

    def heavy(self, text: str) -> Iterator[tuple[Plan, int, int]]:
        """The sentences that weigh enough, in order, each with the rules it weighs most for."""
        if not self._plans:
            return
        from leakguard.weights import around  # rules without weights do without

        known = self._weights or self._made()
        low = text.replace("\u0130", "I").lower()  # as long as the text, so
        met = self._leads.intersection(_words(low))
        places = sorted(place for lead in met for place in _places(low, lead))
        for first, last in around(text, places):
            for plan in self._heaviest(known, text[first:last]):
                yield plan, first, last

    def _heaviest(self, known: Weights, sentence: str) -> Sequence[Plan]:
        """The rules that tell a sentence: what is said once, is often said again."""
        told = self._told
        if sentence not in told:
            found = known.of(sentence)
            column = max(self._columns, key=found.__getitem__)
            if len(told) >= _REMEMBERED:
                told = self._told = {}  # others go on with theirs
            told[sentence] = self._columns[column] if found[column] >= 0 else ()
        return told[sentence]

    def _made(self) -> Weights:
        from leakguard.weights import brought

        known = brought()
        self._leads = frozenset(known.leads)
        columns: dict[int, list[Plan]] = {}
        for plan in self._plans:
            columns.setdefault(known.columns.index(plan.rule.weights), []).append(plan)
        self._columns = columns
        self._weights = known
        return known


def _words(text: str) -> Iterable[str]:
    """The letters in a text that stand in a row."""
    if not text.isascii():
        return _WORD.findall(text)
    return text.encode("ascii").translate(_LETTERS).decode("ascii").split()


def _places(text: str, word: str) -> Iterator[tuple[int, int]]:
    """Where a word stands in a text, and is not part of another."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not (text[at - 1 : at].isalpha() or text[end : end + 1].isalpha()):
            yield at, end
        at = text.find(word, end)
