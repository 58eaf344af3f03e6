"""Headings: what stands over the cells of tables, and the rules that it says something to."""

from __future__ import annotations

from leakguard import context
from leakguard.light import Final, Iterator, Mapping, Sequence, defaultdict
from leakguard.plans import Plan, silent_alone
from leakguard.windows import Window

_HEADINGS: Final = 1_000  # of tables, that are remembered


class Headings:
    """Tells which rules a heading leads to. Thread-safe; remembers those met last."""

    def __init__(self, plans: Sequence[Plan]) -> None:
        self._plans = plans
        self._pieces: Mapping[str, list[Plan]] | None = None  # made when first asked for
        self._known: dict[str, list[Plan]] = {}

    def cells(self, window: Window) -> Iterator[tuple[Plan, int, int]]:
        """The cells of tables, each with the rules that only its heading can lead to."""
        if window.labels.in_prose and not any(map(self.led_to, window.labels.heads)):
            return  # no label need be made
        offset, size = window.begin.offset, len(window.text)
        for label in window.labels.under(offset + window.low, offset + window.high):
            assert label.over is not None
            for plan in self.led_to(label.over.text):
                yield plan, max(0, label.start - offset), min(label.end - offset, size)

    def led_to(self, heading: str) -> list[Plan]:
        """The rules that only a heading leads to, or words beside a hit."""
        return [plan for plan in self.told_by(heading) if plan.how in ("near", "column")]

    def told_by(self, heading: str) -> list[Plan]:
        """The rules that say nothing alone, and that words of a heading are context for."""
        told = self._known.get(heading)
        if told is None:
            pieces = context.pieces(heading) | {""}
            plans = {p.number: p for piece in pieces for p in self._by_piece.get(piece, ())}
            text = context.spelt_out(heading)
            told = [p for p in plans.values() if p.words and p.words.stand_in(text)]
            if len(self._known) > _HEADINGS:
                self._known.clear()
            self._known[heading] = told
        return told

    @property
    def _by_piece(self) -> Mapping[str, list[Plan]]:
        """The rules that say nothing alone, by pieces of their context words."""
        if self._pieces is None:
            pieces: dict[str, list[Plan]] = defaultdict(list)
            for plan in self._plans:
                # A piece with other signs in it is no piece of a heading: "" stands for any.
                words = plan.ready.words if plan.ready.how and silent_alone(plan) else ()
                for piece in {key if key.isalnum() else "" for key in words}:
                    pieces[piece].append(plan)
            self._pieces = pieces
        return self._pieces
