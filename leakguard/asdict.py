"""A screening as plain values: what `--format json` prints and docs/json.md describes.

Nothing here is text of a document. What is a set of things is sorted, so that equal screenings
give equal dicts; findings keep the order of the run.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leakguard.model import Contact, PackInfo, Place, Screening, Unread, Verdict

SCHEMA_VERSION = 1

# Kinds of place in which offsets count a text that the user has: the file's own, or its name.
OWN_TEXT = frozenset({"text", "path"})


def screening(run: Screening) -> dict[str, object]:
    """The whole answer, in the order in which it is printed."""
    return {
        "schema_version": SCHEMA_VERSION,
        "findings": [_finding(verdict) for verdict in run.verdicts],
        "unread": sorted((_unread(unread) for unread in run.unread), key=_text),
        "opaque": sorted(run.opaque),
        "packs": sorted((_pack(pack) for pack in run.packs), key=_text),
        "ways_out": sorted(run.ways_out),
        "notes": [note._asdict() for note in run.notes],
        "contact": _contact(run.contact),
        "sealed_skipped": sorted((skipped._asdict() for skipped in run.sealed_skipped), key=_text),
        "summary": _summary(run),
    }


def _finding(verdict: Verdict) -> dict[str, object]:
    finding, place, advice = verdict.finding, verdict.finding.place, verdict.advice
    # Offsets into a text that a reader composed would say nothing to anybody outside this run.
    own = place.kind in OWN_TEXT
    return {
        "rule": finding.rule,
        "entry": finding.entry,
        "title": advice.title,
        "severity": str(finding.severity),
        "confidence": str(finding.confidence),
        "action": verdict.action,
        "reason": verdict.reason,
        "path": verdict.path,
        "path_masked": verdict.path_masked,
        "document": verdict.document,
        "commit": verdict.origin.commit,
        "ref": verdict.ref or None,
        "blob": verdict.origin.blob,
        "place": _place(place),
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "utf16_column": place.utf16_column,
        "utf16_end_column": place.utf16_end_column,
        "start": finding.span.start if own else None,
        "end": finding.span.end if own else None,
        "byte_start": place.byte_start,
        "byte_end": place.byte_end,
        "cell": finding.cell,
        "evidence": sorted([span.start, span.end] for span in finding.evidence) if own else [],
        "sample": finding.sample,
        "why": advice.why,
        "instead": advice.instead,
        "owner": advice.owner,
        "until": advice.until,
        "fingerprint": verdict.fingerprint,
    }


def _place(place: Place) -> dict[str, object]:
    return {
        "kind": place.kind,
        "part": place.part,
        "label": place.label,
        "index": place.index,
    }


def _unread(unread: Unread) -> dict[str, object]:
    return {
        "path": unread.path,
        "path_masked": unread.path_masked,
        "reason": unread.reason,
        "detail": unread.detail,
    }


def _pack(pack: PackInfo) -> dict[str, object]:
    return {
        "name": pack.name,
        "title": pack.title,
        "version": pack.version,
        "owner": pack.owner,
        "rules": pack.rules,
        "reviewed": None if pack.reviewed is None else pack.reviewed.isoformat(),
    }


def _contact(contact: Contact) -> dict[str, object]:
    days = {str(severity): days for severity, days in contact.respond}
    return {**contact._asdict(), "respond": days}


def _summary(run: Screening) -> dict[str, object]:
    actions = [verdict.action for verdict in run.verdicts]
    return {
        "documents": run.counts.documents,
        "rules": run.rules,
        "findings": len(actions),
        "blocking": actions.count("block"),
        "warnings": actions.count("warn"),
        "info": actions.count("info"),
        "unread": len(run.unread),
        "media": run.counts.media,
        "opaque": run.counts.opaque,
        "excluded": run.counts.excluded,
        "dropped": run.counts.dropped,
        "allowed": run.counts.known + actions.count("allow"),
        "exit_code": run.exit_code,
        "now": None if run.now is None else _utc(run.now),
    }


def _utc(moment: datetime) -> str:
    """ISO 8601 in UTC; a clock without a zone is taken to be in UTC already.

    >>> _utc(datetime.fromisoformat("2026-11-22T13:00:00+01:00"))
    '2026-11-22T12:00:00Z'
    """
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware.isoformat().replace("+00:00", "Z")


def _text(row: dict[str, object]) -> list[str]:
    return [str(value) for value in row.values()]
