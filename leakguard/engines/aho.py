"""Nomination by Aho–Corasick over the folded text, and by pieces where there is little of it."""

from __future__ import annotations

from leakguard.light import (
    TYPE_CHECKING,
    Callable,
    Generic,
    Iterator,
    Mapping,
    MappingProxyType,
    Sequence,
    TypeVar,
    itemgetter,
)
from leakguard.needs import Seen
from leakguard.pieces import Pieces, Table

if TYPE_CHECKING:
    import ahocorasick

Target = TypeVar("Target")
# What a row of a table means by a rule's index and a way of looking for it; None for nothing.
Meant = Callable[[int, str], Target | None]
SHORT = 50_000  # so many characters are looked through before an automaton has been built


class Nominator(Generic[Target]):
    """Finds all occurrences of many folded keys in one pass.

    `shapes` are keys in which 0 stands for any digit. `tables` hold more keys of both kinds. Those
    are looked for without an automaton as long as there is little text; two threads may both make
    one then, and agree.
    """

    def __init__(
        self,
        targets: Mapping[str, Sequence[Target]],
        shapes: Mapping[str, Sequence[Target]] = MappingProxyType({}),
        tables: Sequence[tuple[Table, Meant[Target]]] = (),
    ) -> None:
        self._targets, self._shaped, self._tables = targets, shapes, tables
        self._exact = _automaton(targets)
        self._shapes = _automaton(shapes)
        self._seen = 0

    def hits(
        self,
        text: str,
        worth: Callable[[Target], bool] | None = None,
        seen: Seen | None = None,
    ) -> Iterator[tuple[int, int, Sequence[Target]]]:
        """Start and end in `text` of each key, and what it nominates that is `worth` it.

        `seen` is what is known of the text already.
        """
        if self._tables or self._shapes:
            seen = seen or Seen(text)
        spelt = seen.folded if seen else ""
        if seen and self._tables:
            self._seen += len(text)
            if self._seen > SHORT:
                self._build()
            else:
                yield from self._standing(seen, worth)
        known: dict[int, Sequence[Target]] = {}
        for automaton, among in ((self._exact, text), (self._shapes, spelt)):
            for last, (length, wanted) in automaton.iter(among) if automaton is not None else ():
                if worth:
                    if id(wanted) not in known:
                        known[id(wanted)] = list(filter(worth, wanted))
                    wanted = known[id(wanted)]
                if wanted:
                    yield last + 1 - length, last + 1, wanted

    def _standing(
        self, seen: Seen, worth: Callable[[Target], bool] | None
    ) -> list[tuple[int, int, Sequence[Target]]]:
        """What the tables lead to, in the order of their ends."""
        text, spelt = seen.text, seen.folded
        pieces = seen.pieces or Pieces(spelt)
        found: list[tuple[int, int, Sequence[Target]]] = []
        for table, meant in self._tables:
            for key, shape, told in table.standing(pieces):
                if shape and key not in pieces:
                    continue
                among = spelt if shape else text
                at = among.find(key)
                if at < 0:
                    continue
                wanted = [target for one in told if (target := meant(*one)) is not None]
                if worth:
                    wanted = list(filter(worth, wanted))
                while wanted and at >= 0:
                    found.append((at, at + len(key), wanted))
                    at = among.find(key, at + 1)
        found.sort(key=itemgetter(1))
        return found

    def _build(self) -> None:
        """Make automata of all."""
        exact = {key: list(wanted) for key, wanted in self._targets.items()}
        shapes = {key: list(wanted) for key, wanted in self._shaped.items()}
        for table, meant in self._tables:
            for key, shape, told in table.rows():
                wanted = [target for one in told if (target := meant(*one)) is not None]
                if wanted:
                    (shapes if shape else exact).setdefault(key, []).extend(wanted)
        self._exact, self._shapes, self._tables = _automaton(exact), _automaton(shapes), ()


def _automaton(targets: Mapping[str, Sequence[object]]) -> ahocorasick.Automaton | None:
    if not targets:
        return None
    import ahocorasick  # little work needs none

    automaton = ahocorasick.Automaton()
    for key, wanted in targets.items():
        automaton.add_word(key, (len(key), wanted))
    automaton.make_automaton()
    return automaton
