"""The manual of rules: one rule as a page on a terminal, a whole pack as Markdown (docs/rules/)."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence

from leakguard import phrases
from leakguard.model import Confidence, Near, Rule
from leakguard.packs import Pack
from leakguard.records import replace

_REACHES = {
    "line": "in the same line",
    "sentence": "in the same sentence",
    "paragraph": "in the same paragraph",
    "document": "anywhere in the document",
}
_CELLS = {
    "bare": "alone",
    "checked": "with a valid check digit",
    "near": "with context",
    "full": "with {context} and a valid check digit",
}


def page(rule: Rule, pack: Pack) -> str:
    """One rule for a person to read. Terms, and examples that would spell them, stay private."""
    rule = _public(rule, pack)
    lines = [f"{rule.id}: {rule.title}", ""]
    severity = f"severity {rule.severity}, {rule.profile} profile"
    lines += [severity, f"pack {pack.name} {pack.version}{_owned(rule.owner or pack.owner)}", ""]
    for lead, text in (("why", rule.why), ("instead", rule.instead)):
        if text:
            lines += [
                *textwrap.wrap(text, 72, initial_indent=f"{lead:9}", subsequent_indent=" " * 9)
            ]
    if rule.entries:
        lines += [f"looks for {len(rule.entries)} terms of a list, which are not shown"]
    else:
        lines += [
            "",
            *_listed("looks for", (_weighed(rule),) if rule.weights else ()),
            *_listed(f"looks for, {phrases.manner(rule.pattern)}", rule.phrases),
            *(_list_of_words(name, words) for name, words in rule.lists.items()),
            *([""] if rule.lists else []),
            *_listed("found", rule.examples),
            *_listed("left alone", rule.counter_examples),
        ]
    lines += _listed("references", rule.references)
    return "\n".join(lines).rstrip()


def _public(rule: Rule, pack: Pack) -> Rule:
    """The rule, but of a sealed pack without all that can name what the pack is sealed for."""
    if pack.seal is None:
        return rule
    return replace(
        rule,
        near=None,
        exclude=None,
        samples=frozenset(),
        examples=(),
        counter_examples=(),
        phrases=(),
        lists={},
    )


def _owned(owner: str) -> str:
    return f", owner {owner}" if owner else ""


def _weighed(rule: Rule) -> str:
    return f"sentences of the kind {rule.weights}, by what all their words weigh together"


def _list_of_words(name: str, words: Sequence[str]) -> str:
    return textwrap.fill(", ".join(words), 72, initial_indent=f"<{name}>  ", subsequent_indent="  ")


def _listed(title: str, texts: Sequence[str]) -> list[str]:
    if not texts:
        return []
    # An example of several lines keeps its lines, moved in.
    return [f"{title}:", *(textwrap.indent(text, "  ") for text in texts), ""]


def markdown(pack: Pack) -> str:
    """All rules of a pack as one Markdown page, in the order of the pack."""
    info = pack.info
    lines = [f"# {info.title or info.name}: every rule of the pack", ""]
    lines += [
        f"`{info.name}` {info.version}, {info.rules} rules{_owned(info.owner)}."
        f" Written by `leakguard rule --all --format markdown --only-pack {info.name}`;"
        f" change the pack, not this page.",
        "",
        "| rule | what | severity | profile |",
        "|---|---|---|---|",
    ]
    for rule in pack.rules:
        name = rule.id.partition("/")[2]
        lines += [f"| [{name}](#{name}) | {_cell(rule.title)} | {rule.severity} | {rule.profile} |"]
    public = [_public(rule, pack) for rule in pack.rules]
    for rule in public:
        lines += ["", *_section(rule)]
    lists = {name: words for rule in public for name, words in rule.lists.items()}
    if lists:
        lines += ["", "---", "", "The lists of words that these rules take by name:"]
    for name, words in sorted(lists.items()):
        lines += ["", f"`<{name}>`: " + _cell(", ".join(words))]
    return "\n".join(lines)


def _section(rule: Rule) -> Iterator[str]:
    yield f"## {rule.id.partition('/')[2]}"
    yield ""
    yield f"**{_cell(rule.title[:1].upper() + rule.title[1:])}.** {_cell(rule.why)}"
    if rule.instead:
        yield f"*Instead:* {_cell(rule.instead)}"
    yield ""
    yield from (f"- {fact}" for fact in _facts(rule))
    if rule.entries:
        return  # an example of a term rule spells the term
    for title, texts in (
        (f"Looks for, {phrases.manner(rule.pattern)}", rule.phrases),
        ("Found", rule.examples),
        ("Left alone", rule.counter_examples),
    ):
        if texts:
            yield ""
            yield f"{title}:"
            yield ""
            yield from (f"- {_code(text)}" for text in texts)


def _facts(rule: Rule) -> Iterator[str]:
    strict = ", on in the strict profile only" if rule.profile == "strict" else ""
    yield f"severity **{rule.severity}**{strict}"
    if rule.of:
        members = [identity.partition("/")[2] for identity in (*rule.of.all, *rule.of.any)]
        reach = _REACHES[rule.of.same] if rule.of.same else f"within {rule.of.within} characters"
        yield f"made of {', '.join(f'`{member}`' for member in members)} {reach}"
    elif rule.entries:
        yield f"looks for {len(rule.entries)} terms of a list, which are not shown"
    else:
        yield "confidence " + "; ".join(_sureness(rule))
    if rule.weights:
        yield f"looks for {_weighed(rule)}"
    if rule.near:
        yield f"context {_where(rule.near)}: {_words(rule.near)}"
    if rule.exclude and rule.exclude.near:
        yield f"not where one of these stands {_where(rule.exclude.near)}: " + _words(
            rule.exclude.near
        )
    if rule.scopes:
        yield f"only in {', '.join(sorted(rule.scopes))}"
    if rule.exclude and rule.exclude.scopes:
        yield f"not in {', '.join(sorted(rule.exclude.scopes))}"
    if rule.yields:
        yield "left to a rule whose finding covers it and is as sure and as bad"
    if rule.count and rule.count.at_least > 1:
        yield f"from {rule.count.at_least} different ones in a document on"
    if rule.count and rule.count.escalate:
        yield f"**{rule.count.to}** from {rule.count.escalate} different ones on"
    if rule.samples:
        yield f"{len(rule.samples)} published sample values are told as information"
    if rule.references:
        yield "see " + "; ".join(rule.references)


def _sureness(rule: Rule) -> Iterator[str]:
    context = "strong context" if not rule.check else "context"
    for cell, level in rule.confidence.items():
        if level is Confidence.NONE:
            continue
        if cell == "full" and not rule.check:
            yield f"**{level}** with {context}"
        else:
            yield f"**{level}** {_CELLS[cell].format(context=context)}"


def _where(near: Near) -> str:
    if near.same:
        return _REACHES[near.same]
    return f"up to {near.before} characters before and {near.after} after"


def _words(near: Near) -> str:
    strong = ", ".join(near.strong)
    plain = ", ".join(word for word in near.words if word not in near.strong)
    both = f"{strong} (strong); {plain}" if strong and plain else strong or plain
    least = f" (at least {near.at_least})" if near.at_least > 1 else ""
    return _cell(both) + least


def _cell(text: str) -> str:
    """Prose that Markdown shows as it is, in a table too."""
    return re.sub(r"([\\|*_`<\[\]])", r"\\\1", " ".join(text.split()))


def _code(text: str) -> str:
    """A text of any content as one code span; its line ends are shown as signs."""
    text = text.replace("\n", "⏎").replace("\t", "⇥")
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"
