"""Programs: patterns as `regex` runs them, compiled or restored when first asked for."""

from __future__ import annotations

from leakguard import cache, patterns
from leakguard.light import TYPE_CHECKING, Container, Final, Iterable, Iterator, Mapping

if TYPE_CHECKING:
    import regex

TIME_LIMIT: Final = 10.0  # seconds for one pattern on one window: only a broken pattern needs more
_FEW: Final = 250  # starts: trying them all takes less than loading a second program


class Programs:
    """Thread-safe. Only those of `public` patterns are kept in the cache, `shelf`."""

    def __init__(
        self,
        parsed: Mapping[str, patterns.Pattern],
        public: Container[str],
        shelf: str,
    ) -> None:
        self._parsed = parsed
        self._public = public
        self._shelf = shelf
        self._compiled: dict[str, regex.Pattern[str]] = {}

    def of(self, source: str) -> regex.Pattern[str]:
        """A pattern, compiled. Raises `PatternError` when it is not in the subset."""
        return self._program(self.pattern(source).written, source)

    def matches(
        self, pattern: patterns.Pattern, text: str, ranges: Iterable[tuple[int, int]], way: str = ""
    ) -> Iterator[regex.Match[str]]:
        """The match that a pattern prefers at each start in `ranges`. Raises `TimeoutError`.

        `way` is one of its alternatives as it is written, "" for all of the pattern.
        """
        compiled = self._program(way or pattern.written, pattern.source)
        for first, last in ranges:
            first, last = max(0, first), min(last, len(text))
            if pattern.lead and not way and last - first > _FEW:
                yield from self._led(pattern, text, first, last)
            else:
                yield from patterns.matches(
                    compiled, text, first, last, pattern, timeout=TIME_LIMIT
                )

    def _led(
        self, pattern: patterns.Pattern, text: str, first: int, last: int
    ) -> Iterator[regex.Match[str]]:
        """The same for one range, from the places at which something stands that may be led."""
        compiled = self.of(pattern.source)
        unled = patterns.unled(pattern)
        end = min(len(text), last + pattern.width + pattern.after)
        found: dict[int, regex.Match[str]] = {}
        for begin, _ in patterns.find(
            self._program(unled.written, pattern.source),
            *(text, first, last + pattern.lead, unled),
            timeout=TIME_LIMIT,
        ):
            # Where there is no match this place is not led to, and not from farther back either.
            for start in range(min(begin, last), max(first, begin - pattern.lead) - 1, -1):
                match = found.get(start) or compiled.match(text, start, end, timeout=TIME_LIMIT)
                if match is None:
                    break
                found[start] = match
        yield from (found[start] for start in sorted(found))

    def _program(self, written: str, source: str) -> regex.Pattern[str]:
        """What is written of a pattern, compiled."""
        # Compiled when a candidate first asks; two threads may both do it, and agree.
        compiled = self._compiled.get(written)
        if compiled is None:
            public = bool(self._shelf) and source in self._public
            compiled = self._compiled[written] = self._made(written, public=public)
        return compiled

    def _made(self, written: str, *, public: bool) -> regex.Pattern[str]:
        """The same, or restored from what the cache knows of it."""
        if not public:
            return patterns.compile(written)
        name = cache.key(b"program", written.encode(), patterns.made_with())
        known = cache.load(self._shelf, name)
        if known is not None:
            return patterns.restored(known)
        compiled = patterns.compile(written)
        cache.store(self._shelf, name, patterns.program(compiled))
        return compiled

    def pattern(self, source: str) -> patterns.Pattern:
        """What is known of a pattern."""
        return self._parsed.get(source) or patterns.parse(source)
