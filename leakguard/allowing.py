"""What lets a hit pass: too little entropy, the document's path, and a rule's allowlists."""

from __future__ import annotations

from leakguard.light import TYPE_CHECKING, Callable, Mapping
from leakguard.model import Allowlist, Origin, Rule, Target

if TYPE_CHECKING:
    import ahocorasick
    import regex

Compiled = Callable[[str], "regex.Pattern[str]"]


def entropy(text: str) -> float:
    """Shannon's entropy of the characters of `text`, in bits per character.

    >>> entropy("aaaa"), entropy("abab"), entropy("abcd")
    (0.0, 1.0, 2.0)
    """
    from math import log2

    shares = [text.count(character) / len(text) for character in set(text)]
    return 0.0 - sum(share * log2(share) for share in shares)


class Where:
    """The path and commit of one document, and what has been asked of them so far.

    Without an origin nobody knows where the text will stand: then no rule is ruled out.
    """

    def __init__(self, origin: Origin | None, compiled: Compiled) -> None:
        self._path = origin.name.replace("\\", "/") if origin else ""
        self._commit = (origin.commit or "").lower() if origin else ""
        self._known = origin is not None
        self._compiled = compiled
        self._found: dict[str, bool] = {}
        self._ruled_out: dict[str, bool] = {}

    def holds(self, pattern: str) -> bool:
        """Whether `pattern` is found in the path."""
        found = self._found.get(pattern)
        if found is None:
            found = self._found[pattern] = bool(self._compiled(pattern).search(self._path))
        return found

    def has_path_of(self, rule: Rule) -> bool:
        """Whether the path is one that `rule` asks for."""
        return not (self._known and rule.path) or self.holds(rule.path)

    def rules_out(self, rule: Rule) -> bool:
        """Whether `rule` has no say in this document."""
        if not self._known or not (rule.path or rule.allowlists):
            return False
        known = self._ruled_out.get(rule.id)
        if known is None:
            known = not self.has_path_of(rule) or any(map(self._alone, rule.allowlists))
            self._ruled_out[rule.id] = known
        return known

    def _alone(self, allowlist: Allowlist) -> bool:
        """Whether path and commit alone are enough for `allowlist`."""
        if allowlist.every and (allowlist.patterns or allowlist.stopwords):
            return False
        said = self.said(allowlist)
        return bool(said) and (all(said) if allowlist.every else any(said))

    def said(self, allowlist: Allowlist) -> list[bool]:
        """What path and commit say, each where `allowlist` asks it."""
        said = []
        if allowlist.paths:
            said.append(any(map(self.holds, allowlist.paths)))
        if allowlist.commits:
            said.append(self._commit in allowlist.commits)
        return said


class Stopwords:
    """Automata of stopwords, each made when its list is first asked. Case is not heeded."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, ...], ahocorasick.Automaton] = {}

    def in_(self, words: tuple[str, ...], text: str) -> bool:
        """Whether one of `words` stands in `text`, in any case, inside other words or not."""
        automaton = self._made.get(words)
        if automaton is None:
            import ahocorasick

            automaton = ahocorasick.Automaton(ahocorasick.STORE_LENGTH)
            for word in words:
                automaton.add_word(word.lower())
            automaton.make_automaton()
            self._made[words] = automaton
        return next(automaton.iter(text.lower()), None) is not None


def allowed(
    rule: Rule,
    texts: Mapping[Target, Callable[[], str]],
    where: Where,
    compiled: Compiled,
    stopwords: Stopwords,
) -> bool:
    """Whether one of the rule's allowlists speaks for a hit with these `texts` in `where`."""
    for allowlist in rule.allowlists:
        said = where.said(allowlist)
        if allowlist.every and not all(said):
            continue
        if allowlist.stopwords:
            said.append(stopwords.in_(allowlist.stopwords, texts["hit"]()))
        if allowlist.patterns and not (allowlist.every and not all(said)):
            text = texts[allowlist.target]()
            said.append(any(compiled(shape).search(text) for shape in allowlist.patterns))
        if all(said) if allowlist.every else any(said):
            return True
    return False
