"""Programs: patterns as `regex` runs them, compiled or restored when first asked for."""

from __future__ import annotations

from leakguard import cache, patterns
from leakguard.light import TYPE_CHECKING, Container, Final, Mapping

if TYPE_CHECKING:
    import regex

TIME_LIMIT: Final = 10.0  # seconds for one pattern on one window: only a broken pattern needs more


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
        # Compiled when a candidate first asks; two threads may both do it, and agree.
        compiled = self._compiled.get(source)
        if compiled is None:
            compiled = self._compiled[source] = self._program(source)
        return compiled

    def _program(self, source: str) -> regex.Pattern[str]:
        """A pattern compiled, or restored from what the cache knows of it."""
        pattern = self.pattern(source)
        if not self._shelf or source not in self._public:
            return patterns.compile(pattern)
        name = cache.key(b"program", pattern.written.encode(), patterns.made_with())
        known = cache.load(self._shelf, name)
        if known is not None:
            return patterns.restored(known)
        compiled = patterns.compile(pattern)
        cache.store(self._shelf, name, patterns.program(compiled))
        return compiled

    def pattern(self, source: str) -> patterns.Pattern:
        """What is known of a pattern."""
        return self._parsed.get(source) or patterns.parse(source)
