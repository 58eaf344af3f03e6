"""leakguard: what in this text must not be published, where is it, and what should the writer do?

>>> import leakguard
>>> guard = leakguard.compile(packs=["finance"])
>>> screening = guard.scan("The budget is on page 4.", name="post.md")
>>> screening.action, len(screening)
('allow', 0)

Everything public is named here; whatever is not may change without notice.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from leakguard.config import Config as Config
    from leakguard.errors import ConfigError as ConfigError
    from leakguard.errors import LeakguardError as LeakguardError
    from leakguard.errors import PackError as PackError
    from leakguard.errors import PatternError as PatternError
    from leakguard.errors import SourceError as SourceError
    from leakguard.errors import Unreadable as Unreadable
    from leakguard.errors import Unscreened as Unscreened
    from leakguard.errors import UsageError as UsageError
    from leakguard.model import Advice as Advice
    from leakguard.model import Anchor as Anchor
    from leakguard.model import Blob as Blob
    from leakguard.model import Chunk as Chunk
    from leakguard.model import Confidence as Confidence
    from leakguard.model import Contact as Contact
    from leakguard.model import Counts as Counts
    from leakguard.model import Document as Document
    from leakguard.model import Finding as Finding
    from leakguard.model import Label as Label
    from leakguard.model import Mark as Mark
    from leakguard.model import Note as Note
    from leakguard.model import Origin as Origin
    from leakguard.model import PackInfo as PackInfo
    from leakguard.model import Place as Place
    from leakguard.model import Policy as Policy
    from leakguard.model import Redaction as Redaction
    from leakguard.model import Rule as Rule
    from leakguard.model import Screening as Screening
    from leakguard.model import Severity as Severity
    from leakguard.model import Skipped as Skipped
    from leakguard.model import Span as Span
    from leakguard.model import Unread as Unread
    from leakguard.model import Verdict as Verdict
    from leakguard.packs import Pack as Pack
    from leakguard.scan import Guard as Guard
    from leakguard.scan import compile as compile

__version__ = "0.1.0"

__all__ = [
    "Advice",
    "Anchor",
    "Blob",
    "Chunk",
    "Confidence",
    "Config",
    "ConfigError",
    "Contact",
    "Counts",
    "Document",
    "Finding",
    "Guard",
    "Label",
    "LeakguardError",
    "Mark",
    "Note",
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
    "Skipped",
    "SourceError",
    "Span",
    "Unread",
    "Unreadable",
    "Unscreened",
    "UsageError",
    "Verdict",
    "compile",
]

# A hook imports what it needs when it needs it: the package itself asks for nothing beforehand.
_ROOMS = ("errors", "model", "packs", "scan", "config")


if not TYPE_CHECKING:  # which would take any name for one of ours

    def __getattr__(name: str) -> object:
        if name in __all__:
            for room in _ROOMS:
                known = vars(__import__(f"leakguard.{room}", fromlist=[room]))
                if name in known:
                    return globals().setdefault(name, known[name])
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
