"""How often the packs are wrong, and how much they miss: on folders of text, and on labelled text.

    python benchmarks/quality.py --corpus DIR [--every N]
    python benchmarks/quality.py --corpus DIR --labels FILE.jsonl [--terms FILE] [--peers DIR]

Without labels: pages with blocking findings and with any finding, per 1,000 pages, and by rule.
What was found is shown masked, with --list.

With labels: recall, precision and F1 by family of identifiers. A line of FILE is one of
  {"path": …, "rule": …, "label": "leak" | "decoy", "offset": …, "length": …, "tier": …}
  {"path": …, "fields": [{"kind": …, "value": …, "line": …, "column": …}]}
  {"text": …, "spans": [{"entity_type": …, "start": …, "end": …}]}
  {"text": …, "entity": …, "expected_spans": [[start, end]], "expected_count": 1, "kind": "analyze"}
Paths are below DIR, offsets and columns count code points.

A labelled value *counts* when it passes our own check, or a cue of the rule stands within the
rule's window; what is labelled as evasion does not. A value that counts by its cue may be *refused*
by the check: an invented number, mostly, that no rule reports. It is *found* when a finding of its
family overlaps it at low confidence or above; published samples too. What is missed, and the rest
that does not count, are listed with --list. A finding of the family that overlaps no label of any family is *false*;
"fields" are weak labels: such a value is found wherever on its line it is found, and labelled
wherever it stands in the file. A rule that tells no kind of identifier (`identifier-by-check`)
reports all those kinds whose check the value passes.

--peers DIR names a virtual environment with Presidio, leakgate and betterleaks in it: they see the
same lines, and are judged on the same labels. Presidio runs its pattern recognisers with a blank
tokeniser, at its own threshold (0) and at 0.5, and once with those of all countries switched on.
The last table has the families in which some tool is as good as ours, or better.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

import leakguard
from leakguard import context, views
from leakguard.checks import CHECKS
from leakguard.model import Rule, Screening, Span
from leakguard.packs import Pack


class Family(NamedTuple):
    """One kind of identifier: our rules, and what label sets and peers call it."""

    rules: tuple[str, ...]
    names: frozenset[str]
    peers: frozenset[str] = frozenset()


def _family(rules: str, names: str, peers: str = "") -> Family:
    return Family(tuple(rules.split()), frozenset(names.split()), frozenset(peers.split()))


# ruff: noqa: E501 - a table reads best with one row to a line
FAMILIES = {
    "ssn": _family("us-ssn us-ssn-dotted us-ssn-mistyped health-message-payload", "ssn SSN US_SSN socialSecurityNumber", "US_SSN"),
    "card": _family("payment-card-pan payment-card-dotted", "cc credit_card CREDIT_CARD", "CREDIT_CARD payment-card"),
    "iban": _family("iban iban-lower-case", "iban IBAN_CODE DE_IBAN", "IBAN_CODE"),
    "itin": _family("us-itin us-itin-unspaced", "itin US_ITIN", "US_ITIN"),
    "routing": _family("us-aba-routing ach-nacha-record", "routing aba aba-routing ABA_ROUTING_NUMBER BANK_ROUTING_NUMBER", "ABA_ROUTING_NUMBER"),
    "account": _family("us-bank-account bank-account-column ach-nacha-record", "account bank-account consumerAccountNumber US_BANK_NUMBER", "US_BANK_NUMBER"),
    "ein": _family("us-ein", "ein EIN"),
    "swift": _family("bic-swift bic-swift-field", "swift bic"),
    "npi": _family("us-npi", "npi US_NPI", "US_NPI"),
    "mbi": _family("us-mbi", "mbi US_MBI", "US_MBI"),
    "hicn": _family("us-hicn-legacy", "hicn"),
    "dea": _family("us-dea-number", "dea MEDICAL_LICENSE", "MEDICAL_LICENSE"),
    "nhs": _family("uk-nhs-number uk-chi-hc", "nhs UK_NHS", "UK_NHS"),
    "dob": _family("date-of-birth date-of-birth-in-data date-of-birth-in-code name-and-birth-date health-message-payload", "dob dateBirth", "DATE_TIME"),
    "mrn": _family("medical-record-number patient-number-column health-message-payload", "mrn patient-id bene-id"),
    "member": _family("health-plan-member-id us-medicaid-id", "member_id"),
    "patient": _family("patient-name patient-name-column person-name-in-data health-message-payload ach-nacha-record", "patient-name surname individual-name"),
    "phone": _family("patient-contact patient-phone-column health-message-payload", "phone phone-hl7 telephoneNumber"),
    "vin": _family("vin", "VIN vin"),
    "nino": _family("uk-nino uk-nino-labelled", "UK_NINO", "UK_NINO"),
    "sin": _family("ca-sin", "CA_SIN", "CA_SIN"),
    "tfn": _family("au-tfn", "AU_TFN", "AU_TFN"),
    "abn": _family("au-abn", "AU_ABN", "AU_ABN"),
    "acn": _family("au-acn", "AU_ACN", "AU_ACN"),
    "au-medicare": _family("au-medicare", "AU_MEDICARE", "AU_MEDICARE"),
    "kvnr": _family("de-kvnr", "DE_HEALTH_INSURANCE", "DE_HEALTH_INSURANCE"),
    "vat": _family("eu-vat-id", "DE_VAT_ID IT_VAT_CODE", "DE_VAT_ID IT_VAT_CODE"),
    "bitcoin": _family("btc-address", "CRYPTO BITCOIN_ADDRESS", "CRYPTO"),
    "aadhaar": _family("in-aadhaar", "IN_AADHAAR", "IN_AADHAAR"),
    "pan-india": _family("in-pan", "IN_PAN", "IN_PAN"),
    "de-tax": _family("de-tax-id", "DE_TAX_ID", "DE_TAX_ID"),
    "de-pension": _family("de-insurance-number", "DE_SOCIAL_SECURITY", "DE_SOCIAL_SECURITY"),
    "es-nif": _family("es-nif", "ES_NIF ES_NIE", "ES_NIF ES_NIE"),
    "it-fiscal": _family("it-codice-fiscale", "IT_FISCAL_CODE", "IT_FISCAL_CODE"),
    "fi-hetu": _family("fi-hetu", "FI_PERSONAL_IDENTITY_CODE", "FI_PERSONAL_IDENTITY_CODE"),
    "se-person": _family("se-personnummer", "SE_PERSONNUMMER", "SE_PERSONNUMMER"),
    "pl-pesel": _family("pl-pesel", "PL_PESEL", "PL_PESEL"),
    "sg-nric": _family("sg-nric", "SG_NRIC_FIN", "SG_NRIC_FIN"),
    "za-id": _family("za-id", "ZA_ID_NUMBER", "ZA_ID_NUMBER"),
    "tr-kimlik": _family("tr-kimlik", "TR_NATIONAL_ID", "TR_NATIONAL_ID"),
    "th-id": _family("th-national-id", "TH_TNIN", "TH_TNIN"),
    "kr-rrn": _family("kr-rrn", "KR_RRN", "KR_RRN"),
    "passport": _family("passport-number", "US_PASSPORT UK_PASSPORT PASSPORT_NUMBER DE_PASSPORT IN_PASSPORT", "US_PASSPORT UK_PASSPORT DE_PASSPORT IN_PASSPORT"),
    "licence": _family("driving-licence uk-driving-licence", "US_DRIVER_LICENSE DRIVERS_LICENSE_NUMBER UK_DRIVING_LICENCE", "US_DRIVER_LICENSE UK_DRIVING_LICENCE"),
    "codename": _family("corpus", "codename"),
    "marking": _family(
        "confidential-banner confidential-line confidential-notice confidential-words confidential-line-capitals confidential-footer company-confidential attorney-client-privileged internal-use-words draft-capitals wait-with-news internal-use-only internal-use-line trade-secret-legend "
        "attorney-client privilege-line work-product tlp cui-banner cui-portion-mark gov-classification-legacy gov-marking-line "
        "dod-distribution-statement draft-do-not-distribute draft-line do-not-share-this embargo hold-until nda-reference mnpi-marker "
        "banner-few restricted-circulation",
        "marker",
    ),
}  # fmt: skip
# They report a record whole, of several families at once: where it overlaps labels, of theirs.
WHOLE = frozenset({"health-message-payload", "ach-nacha-record"})
WORDS = frozenset({"marking", "codename"})
# They tell no family: what they report is of those whose own check the value passes,
BY_CHECK = frozenset({"identifier-by-check", "number-alone", "number-in-sentence"})
# or of that of the label that they overlap.
BY_PLACE = frozenset({"identifier-column", "identifier-in-data"})
CONTACT = "patient-contact"  # a telephone number, an e-mail address or a street: it shows which
NAMED = {name: family for family, of in FAMILIES.items() for name in of.names}
OF_PEER = {name: family for family, of in FAMILIES.items() for name in of.peers}


class Label(NamedTuple):
    """A labelled value in a text."""

    family: str
    span: Span
    decoy: bool = False
    hidden: bool = False  # written so that no tool should find it
    others: tuple[Span, ...] = ()  # of a weak label: where else the line has the value


class Case(NamedTuple):
    """A text with its labels. `name` tells the format."""

    name: str
    text: str
    labels: tuple[Label, ...]
    covers: frozenset[str] | None = None  # the families whose labels are complete; None: all
    values: frozenset[str] = frozenset()  # of weak labels: each stands for all places it is at


Counted = Literal["yes", "refused", "no"]


class Hit(NamedTuple):
    """What some tool says stands where."""

    family: str
    span: Span
    sample: bool = False  # a published value, and known as one


# ── label sets ───────────────────────────────────────────────────────────────────────────────────


def read_cases(corpus: Path, file: Path) -> Iterator[Case]:
    """The texts of a label file, each with all its labels."""
    by_path: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        if "path" in row:
            by_path[row["path"]].append(row)
        elif "spans" in row:
            spans = [(s["entity_type"], s["start"], s["end"]) for s in row["spans"]]
            yield Case(f"{number}.txt", row["text"], tuple(_named(spans)))
        elif row.get("kind") == "analyze" and row.get("expected_spans") is not None:
            if row.get("expected_count") and not row["expected_spans"]:
                continue  # something is to be found, and the set does not say where
            spans = [(row["entity"], *span) for span in row["expected_spans"]]
            family = NAMED.get(row["entity"])
            if family:
                yield Case(f"{number}.txt", row["text"], tuple(_named(spans)), frozenset({family}))
    for path, rows in by_path.items():
        data = (corpus / path).read_bytes()
        text = data.decode("utf-8", errors="replace")
        values = frozenset(str(field["value"]) for row in rows for field in row.get("fields", ()))
        labels = tuple(label for row in rows for label in _placed(row, text))
        yield Case(path, text, labels, values=values)


def _named(spans: Iterable[tuple[str, int, int]]) -> Iterator[Label]:
    for name, start, end in spans:
        if name in NAMED:
            yield Label(NAMED[name], Span(start, end))


def _placed(row: dict[str, Any], text: str) -> Iterator[Label]:
    if "offset" in row:
        span = Span(row["offset"], row["offset"] + row["length"])
        family = NAMED.get(row["rule"], row["rule"])
        yield Label(family, span, row.get("label") == "decoy", row.get("tier") == "evasion")
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for field in row.get("fields", ()):
        value, line = str(field["value"]), field.get("line")
        if field["kind"] not in NAMED or line is None or line > len(lines):
            continue
        start = text.find(value, starts[line - 1] + max(0, (field.get("column") or 1) - 1))
        if start >= 0:
            others = re.finditer(rf"(?<!\w){re.escape(value)}(?!\w)", lines[line - 1])
            places = tuple(
                Span(starts[line - 1] + m.start(), starts[line - 1] + m.end()) for m in others
            )
            yield Label(NAMED[field["kind"]], Span(start, start + len(value)), others=places)


# ── the tools ────────────────────────────────────────────────────────────────────────────────────


def ours(guard: leakguard.Guard, cases: Iterable[Case]) -> list[list[Hit]]:
    """What leakguard reports. What tells no family is of the family of the label it overlaps."""
    families: dict[str, list[str]] = defaultdict(list)
    for family, of in FAMILIES.items():
        for rule in of.rules:
            families[rule].append(family)

    rules = {rule.id.partition("/")[2]: rule for pack in guard.packs for rule in pack.rules}

    def of_families(rule: str, span: Span, case: Case) -> list[str]:
        pack, _, name = rule.partition("/")
        value = case.text[span.start : span.end]
        over = [label.family for label in case.labels if _touch(span, label.span)]
        if name in BY_PLACE:
            return over or ["by place"]
        if name in WHOLE:
            return [family for family in over if family in families[name]] or ["record"]
        if name == CONTACT and any(map(str.isalpha, value)):
            return ["e-mail" if "@" in value else "street"]
        if name in BY_CHECK:
            return [
                family
                for family, of in FAMILIES.items()
                if any(n in rules and _passes(rules[n], value) for n in of.rules)
            ] or ["by check"]
        return families.get(name, families.get(pack, []))

    return [
        [
            Hit(family, finding.span, finding.sample)
            for finding in guard.scan(case.text, name=case.name, unread="ignore").findings
            for family in of_families(finding.rule, finding.span, case)
        ]
        for case in cases
    ]


def presidio(peers: Path, cases: list[Case], *asked: str) -> list[list[Hit]]:
    """What Presidio's pattern recognisers report."""
    done = subprocess.run(
        [peers / "bin/python", Path(__file__).parent / "presidio_peer.py", *asked],
        input="\n".join(json.dumps(case.text) for case in cases),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # it complains of the network that it does not have
        encoding="utf-8",
        check=True,
    )
    return [
        [Hit(OF_PEER.get(name, ""), Span(start, end)) for name, start, end in json.loads(line)]
        for line in done.stdout.splitlines()
    ]


def leakgate(peers: Path, cases: list[Case]) -> list[list[Hit]]:
    """What leakgate reports, by line and column."""
    with tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(cases):
            (Path(folder) / f"{number}.txt").write_text(case.text, encoding="utf-8", newline="")
        done = subprocess.run(
            [peers / "bin/leakgate", "scan", folder],
            stdout=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    hits: list[list[Hit]] = [[] for _ in cases]
    for line in done.stdout.splitlines():
        parts = line.split()
        place = parts[0].rsplit(":", 2) if len(parts) > 2 else []
        if len(place) != 3 or not place[1].isdigit():
            continue
        number = int(Path(place[0]).stem)
        text = cases[number].text
        start = sum(len(one) for one in text.splitlines(keepends=True)[: int(place[1]) - 1])
        start += int(place[2]) - 1
        hits[number].append(Hit(OF_PEER.get(parts[2], ""), Span(start, start + 6)))
    return hits


def betterleaks(peers: Path, cases: list[Case]) -> int:
    """How many findings betterleaks has. It looks for keys, not for people: only counted."""
    with tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(cases):
            (Path(folder) / f"{number}.txt").write_text(case.text, encoding="utf-8", newline="")
        report = Path(folder) / "report.json"
        subprocess.run(
            [peers / "bin/betterleaks", "dir", folder, "-f", "json", "-r", report, "--exit-code", "0"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )  # fmt: skip
        return len(json.loads(report.read_text())) if report.exists() else 0


# ── judging ──────────────────────────────────────────────────────────────────────────────────────


class Score:
    """What one tool did on one family."""

    def __init__(self) -> None:
        self.labels = self.counted = self.refused = self.found = self.hits = self.false = 0
        self.missed: list[str] = []
        self.left: list[str] = []
        self.wrong: list[str] = []

    @property
    def recall(self) -> float:
        """Found among those that count."""
        return self.found / self.counted if self.counted else 0.0

    @property
    def precision(self) -> float:
        """Findings that overlap a label, among all."""
        return 1 - self.false / self.hits if self.hits else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.recall + self.precision
        return 2 * self.recall * self.precision / both if both else 0.0


def countable(rules: dict[str, Rule], case: Case, label: Label) -> Counted:
    """Whether a rule of the family passes the value by its check, or has a cue in its window.

    Rules of words alone have neither: what is labelled as theirs counts.
    """
    value = case.text[label.span.start : label.span.end]
    known = [rules[n] for n in FAMILIES[label.family].rules if n in rules and n not in WHOLE]
    judged = [rule for rule in known if rule.check or rule.near]
    if not judged or label.family in WORDS or any(_passes(rule, value) for rule in judged):
        return "yes"
    if not any(rule.near and _has_cue(rule, case, label.span) for rule in judged):
        return "no"
    checks = [rule.check for rule in judged if rule.check]
    return "refused" if checks and not any(_may_be(check, value) for check in checks) else "yes"


def _may_be(check: str, value: str) -> bool:
    return CHECKS[check](value) is not False


def _passes(rule: Rule, value: str) -> bool:
    return bool(rule.check) and CHECKS[rule.check](value) is True


def _has_cue(rule: Rule, case: Case, span: Span) -> bool:
    assert rule.near is not None
    words = context.compile_words(rule.near)
    view = views.name(views.plain(case.text))
    sides = context.around(rule.near, case.text, span.start, span.end)
    if len(context.seen(words, view, sides)) >= rule.near.at_least:
        return True
    document = leakguard.readers.from_text(case.text, case.name)
    if document.kind != "table" or document.labeller is None:
        return False
    labels = document.labeller()
    return any(
        label.over
        and label.start <= span.start < label.end
        and context.told(words, label.over.text)
        for label in (*labels.feed(case.text), *labels.close())
    )


def judge(
    cases: list[Case], hits: list[list[Hit]], counted: list[list[Counted]]
) -> tuple[dict[str, Score], tuple[int, int]]:
    """Scores by family, and how many decoys were reported, of how many."""
    scores: dict[str, Score] = defaultdict(Score)
    decoys = reported = 0
    for case, found, counts in zip(cases, hits, counted, strict=True):
        real = [label for label in case.labels if not label.decoy]
        for label, counts_too in zip(real, counts, strict=True):
            score = scores[label.family]
            score.labels += 1
            if counts_too == "no":
                score.left.append(_masked(case, label.span))
                continue
            score.counted += 1
            score.refused += counts_too == "refused"
            places = (label.span, *label.others)
            of_it = [hit.span for hit in found if hit.family == label.family]
            if any(_touch(span, place) for span in of_it for place in places):
                score.found += 1
            else:
                why = " (refused by its check)" if counts_too == "refused" else ""
                score.missed.append(_masked(case, label.span) + why)
        for label in case.labels:
            if label.decoy:
                decoys += 1
                told = [hit for hit in found if _touch(hit.span, label.span)]
                reported += any(not hit.sample for hit in told)
        for family in {hit.family for hit in found} - {""}:
            if case.covers is not None and family not in case.covers:
                continue
            of_family = [hit for hit in found if hit.family == family]
            spans = {hit.span: hit.sample for hit in of_family}
            scores[family].hits += len(spans)
            wrong = [
                s
                for s, sample in spans.items()
                if not sample
                and not any(_touch(s, label.span) for label in real)
                and not _is_labelled_elsewhere(case, s)
            ]
            scores[family].false += len(wrong)
            scores[family].wrong += [_masked(case, span) for span in wrong]
    return scores, (reported, decoys)


def _is_labelled_elsewhere(case: Case, span: Span) -> bool:
    text = case.text[span.start : span.end]
    return any(value in text for value in case.values)


def _touch(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _masked(case: Case, span: Span) -> str:
    """Where something stands, and what stands round it."""
    before = case.text[max(0, span.start - 40) : span.start]
    after = case.text[span.end : span.end + 20]
    shape = "".join("9" if c.isdigit() else "a" if c.isalpha() else c
                    for c in case.text[span.start : span.end][:40])  # fmt: skip
    return f"{case.name}:{span.start} {' '.join(f'{before}█{shape}█{after}'.split())}"


# ── reports ──────────────────────────────────────────────────────────────────────────────────────


def labelled(asked: argparse.Namespace) -> None:
    """Recall and precision on labelled text, ours and the peers'."""
    cases = list(read_cases(asked.corpus, asked.labels))
    packs: list[Any] = list(leakguard.packs.bundled())
    if asked.terms:
        packs.append(_terms(asked.terms))
    guard = leakguard.compile(packs, profile=asked.profile)
    rules = {rule.id.partition("/")[2]: rule for pack in guard.packs for rule in pack.rules}
    counted = [
        [
            "no" if label.hidden else countable(rules, case, label)
            for label in case.labels
            if not label.decoy and label.family in FAMILIES
        ]
        for case in cases
    ]
    cases = [
        case._replace(
            labels=tuple(one for one in case.labels if one.decoy or one.family in FAMILIES)
        )
        for case in cases
    ]
    tools = {"leakguard": ours(guard, cases)}
    if asked.peers:
        tools["Presidio (0)"] = presidio(asked.peers, cases, "0")
        tools["Presidio (0.5)"] = presidio(asked.peers, cases, "0.5")
        tools["Presidio (all countries)"] = presidio(asked.peers, cases, "0", "all")
        tools["leakgate"] = leakgate(asked.peers, cases)
    print(f"{len(cases)} texts from {asked.labels.name}")
    if asked.peers:
        print(f"betterleaks: {betterleaks(asked.peers, cases)} findings, none of these families")
    judged: dict[str, dict[str, Score]] = {}
    for tool, hits in tools.items():
        scores, (reported, decoys) = judge(cases, hits, counted)
        judged[tool] = scores
        print(f"\n{tool}" + (f": {reported} of {decoys} decoys reported" if decoys else ""))
        print("  family        labels counted refused found  recall precision    F1  false")
        for family, s in sorted(scores.items()):
            if s.labels or s.hits:
                print(
                    f"  {family:12}  {s.labels:6} {s.counted:7} {s.refused:7} {s.found:5}  {s.recall:6.3f}"
                    f" {s.precision:9.3f} {s.f1:5.3f}  {s.false:5}"
                )
        if asked.list and tool == "leakguard":
            for family, s in sorted(scores.items()):
                for title, texts in (("missed", s.missed), ("false", s.wrong), ("left", s.left)):
                    for text in texts[: asked.list]:
                        print(f"  {title:6}  {family}: {text}")

    _compare(judged)


def _compare(judged: dict[str, dict[str, Score]]) -> None:
    """The families with labels in which a peer's recall or precision is not below ours."""
    ours_by_family = judged.pop("leakguard")
    if not judged:
        return
    print("\nnot below leakguard in recall or, where it finds any, in precision")
    for family, mine in sorted(ours_by_family.items()):
        for tool, scores in judged.items():
            its = scores.get(family)
            if not mine.counted or not its or not its.found:
                continue
            if its.recall >= mine.recall or its.precision >= mine.precision:
                both = f"{its.recall:.3f} / {its.precision:.3f}"
                print(
                    f"  {family:12} {tool:24} {both}  leakguard {mine.recall:.3f} / {mine.precision:.3f}"
                )


def _terms(file: Path) -> Pack:
    names = [line.strip() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    listed = ", ".join(json.dumps(name) for name in names if not name.startswith("#"))
    return Pack.from_toml(
        '[pack]\nname = "corpus"\n[[rule]]\nid = "codename"\ntitle = "t"\nwhy = "w"\n'
        f'severity = "high"\nmatch = "loose"\nterms = [{listed}]\n'
    )


def unlabelled(asked: argparse.Namespace) -> None:
    """Pages of a folder with findings, by rule."""
    guard = leakguard.compile(profile=asked.profile)
    paths = sorted(path for path in asked.corpus.rglob("*") if path.is_file())
    random.Random(asked.seed).shuffle(paths)
    pages = blocking = noted = 0
    by_rule: dict[str, Counter[str]] = defaultdict(Counter)
    shown: list[str] = []
    for path in paths[:: asked.every]:
        screening: Screening = guard.scan(path, unread="ignore")
        if not screening.counts.documents:
            continue
        pages += 1
        told = [v for v in screening.verdicts if v.action in ("block", "warn")]
        blocking += any(v.action == "block" for v in told)
        noted += bool(told)
        for rule, action in {(v.finding.rule, v.action) for v in screening.verdicts}:
            by_rule[rule][action] += 1
        shown += [
            f"{v.action:5} {v.finding.rule}  {path.relative_to(asked.corpus)}:{v.finding.place.line}"
            f"  {v.excerpt}" for v in screening.verdicts
        ]  # fmt: skip
    per = 1000 / pages if pages else 0
    print(
        f"{pages} pages: {blocking} with blocking findings ({blocking * per:.2f} in 1,000),"
        f" {noted} with any ({noted * per:.2f} in 1,000)"
    )
    for rule, actions in sorted(by_rule.items(), key=lambda item: -item[1].total()):
        print(f"  {rule:44} " + ", ".join(f"{action} {n}" for action, n in actions.items()))
    for line in shown[: asked.list]:
        print(line)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--terms", type=Path, help="names to look for, one a line")
    parser.add_argument("--peers", type=Path, help="a virtual environment with other tools")
    parser.add_argument("--profile", default="standard")
    parser.add_argument("--every", type=int, default=1, help="take one page in N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", type=int, default=0, help="show so many misses and findings")
    asked = parser.parse_args()
    if not asked.corpus.is_dir():
        sys.exit(f"no such folder: {asked.corpus}")
    labelled(asked) if asked.labels else unlabelled(asked)


if __name__ == "__main__":
    main()
