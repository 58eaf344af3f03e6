"""Terms in content that is no text: looked for in its bytes."""

from __future__ import annotations

from leakguard import terms
from leakguard.engines.aho import Nominator
from leakguard.light import BinaryIO, Sequence, defaultdict
from leakguard.model import Confidence, Finding, Place, Span
from leakguard.plans import Plan, widest
from leakguard.search import RULE_CAP, Found, Hit, order


class InBytes:
    """Literal terms of six letters and more, made ready for any bytes. Thread-safe."""

    def __init__(self, plans: Sequence[Plan]) -> None:
        self._plans = plans
        self._nominator = Nominator(self._keys())

    def find(self, stream: BinaryIO) -> Found:
        """Literal terms of six letters and more in other binary content, as UTF-8 and UTF-16LE.

        Case is heeded only beyond ASCII; words stand as written, or joined by nothing, `-` or `_`.
        """
        nominator = self._nominator
        kept: dict[int, list[Finding]] = defaultdict(list)
        dropped = 0
        longest = 4 * max((widest(plan) for plan in self._plans), default=0)
        seen: set[tuple[int, int]] = set()
        offset, tail = 0, b""
        while block := stream.read(1 << 20):
            data = tail + block
            for start, end, wanted in nominator.hits(data.lower().decode("latin-1")):
                for index, entry in wanted:
                    if (offset + start, index) in seen:
                        continue
                    seen.add((offset + start, index))
                    if len(kept[index]) >= RULE_CAP:
                        dropped += 1
                        continue
                    finding = self._finding(index, entry, offset + start, offset + end)
                    kept[index].append(finding)
            tail = data[-longest:] if longest else b""
            offset += len(data) - len(tail)
            seen = {pair for pair in seen if pair[0] >= offset}
        findings = sorted((f for fs in kept.values() for f in fs), key=order)
        return Found(tuple(Hit(finding, None) for finding in findings), dropped)

    def _keys(self) -> dict[str, list[tuple[int, int]]]:
        keys: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for plan in self._plans:
            if not plan.reported or not plan.ready.has_terms:
                continue
            for index, entry in enumerate(plan.terms.entries):
                written = entry.term if terms.is_plain(entry.term) else plan.terms[index].written
                if sum(c.isalpha() for c in written) < 6:
                    continue
                words = written.lower().split()
                for joiner in (" ", "", "-", "_"):
                    for encoding in ("utf-8", "utf-16-le"):
                        data = joiner.join(words).encode(encoding)
                        keys[data.lower().decode("latin-1")].append((plan.number, index))
        return {key: list(dict.fromkeys(wanted)) for key, wanted in keys.items()}

    def _finding(self, index: int, entry: int, start: int, end: int) -> Finding:
        plan = self._plans[index]
        confidence = plan.rule.confidence["bare"]
        if plan.terms.are_ordinary(entry):
            confidence = min(confidence, Confidence.LOW)
        return Finding(
            rule=plan.rule.id,
            span=Span(start, end),
            place=Place(kind="bytes", byte_start=start, byte_end=end),
            confidence=confidence,
            cell="term",
            severity=plan.rule.severity,
            entry=plan.terms.entries[entry].id,
        )
