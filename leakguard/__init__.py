"""leakguard: what in this text must not be published, where is it, and what should the writer do?

>>> import leakguard
>>> guard = leakguard.compile(packs=["finance"])
>>> screening = guard.scan("The budget is on page 4.", name="post.md")
>>> screening.action, len(screening)
('allow', 0)

Everything public is named here; whatever is not may change without notice.
"""

from leakguard.errors import (
    LeakguardError,
    PackError,
    PatternError,
    SourceError,
    Unreadable,
    Unscreened,
    UsageError,
)
from leakguard.model import (
    Advice,
    Anchor,
    Blob,
    Chunk,
    Confidence,
    Counts,
    Document,
    Finding,
    Label,
    Origin,
    PackInfo,
    Place,
    Policy,
    Redaction,
    Rule,
    Screening,
    Severity,
    Span,
    Unread,
    Verdict,
)
from leakguard.packs import Pack
from leakguard.scan import Guard, compile

__version__ = "0.1.0"

__all__ = [
    "Advice",
    "Anchor",
    "Blob",
    "Chunk",
    "Confidence",
    "Counts",
    "Document",
    "Finding",
    "Guard",
    "Label",
    "LeakguardError",
    "Origin",
    "Pack",
    "PackError",
    "PackInfo",
    "PatternError",
    "Place",
    "Policy",
    "Redaction",
    "Rule",
    "Screening",
    "Severity",
    "SourceError",
    "Span",
    "Unread",
    "Unreadable",
    "Unscreened",
    "UsageError",
    "Verdict",
    "compile",
]
