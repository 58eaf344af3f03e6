"""Redaction: a text with every finding replaced, so that nothing is found in what comes out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Final

from leakguard.errors import LeakguardError
from leakguard.model import Redaction, Span
from leakguard.shown import MASK

# What stands for a hit whose rule has no replacement, and for one that is found even so, and again.
NEUTRAL: Final = ("[redacted]", "[removed]", MASK)

Find = Callable[[str], Iterable[Redaction]]


def redacted(text: str, find: Find) -> tuple[str, tuple[Redaction, ...]]:
    """`text` with all that `find` finds replaced, and what was replaced where in `text`.

    `find` gives spans of the text it is handed, and what to put there; "" is a neutral mask. What
    comes out is searched again until nothing is found: a replacement may be part of another hit,
    and a document may hold more hits than are listed. Raises `LeakguardError` where that is in
    vain, because a rule finds the mask.
    """
    made = _joined(find(text))
    while True:
        result, starts = _written(text, made)
        again = [_home(found, made, starts) for found in find(result)]
        if not again:
            return result, made
        made = _joined([*made, *again])


def _joined(wanted: Iterable[Redaction]) -> tuple[Redaction, ...]:
    """In order, and those that overlap as one."""
    joined: list[Redaction] = []
    for one in sorted(wanted, key=lambda r: (r.span.start, -r.span.end)):
        one = one if one.replacement else one._replace(replacement=NEUTRAL[0])
        if joined and one.span.start < joined[-1].span.end:
            last = joined.pop()
            # A mask that is worn wins, since what it took the place of was found.
            said = max((last, one), key=lambda r: _wear(r.replacement))
            whole = Span(last.span.start, max(last.span.end, one.span.end))
            joined.append(last._replace(span=whole, replacement=said.replacement))
        else:
            joined.append(one)
    return tuple(joined)


def _wear(replacement: str) -> int:
    return NEUTRAL.index(replacement) + 1 if replacement in NEUTRAL else 0


def _written(text: str, made: tuple[Redaction, ...]) -> tuple[str, list[int]]:
    """The text with the replacements in it, and where in it each begins."""
    pieces: list[str] = []
    starts: list[int] = []
    taken = length = 0
    for one in made:
        length += one.span.start - taken
        starts.append(length)
        length += len(one.replacement)
        pieces += text[taken : one.span.start], one.replacement
        taken = one.span.end
    return "".join([*pieces, text[taken:]]), starts


def _home(found: Redaction, made: tuple[Redaction, ...], starts: list[int]) -> Redaction:
    """What was found in the redacted text, as a redaction of the original one."""

    def home(at: int) -> tuple[int, int, int]:
        """Where in the original the character came from, and the wear of the mask it is in."""
        index = bisect_right(starts, at) - 1
        if index < 0:
            return at, at + 1, -1
        behind = at - starts[index] - len(made[index].replacement)
        span = made[index].span
        if behind < 0:
            return span.start, span.end, _wear(made[index].replacement)
        return span.end + behind, span.end + behind + 1, -1

    places = [home(at) for at in range(*found.span)]
    wear = max(wear for *_, wear in places)
    if wear >= len(NEUTRAL):
        raise LeakguardError(
            "cannot be redacted: a rule finds the mask itself", hint="look at the rules in force"
        )
    span = Span(places[0][0], places[-1][1])
    return found._replace(span=span, replacement=found.replacement if wear < 0 else NEUTRAL[wear])
