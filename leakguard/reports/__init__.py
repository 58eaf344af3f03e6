"""Reports: one module a format, all of one shape. A report knows the nouns and nothing else.

To add a format: one module with `render`, one line in `REPORTS`, one test file.
"""

from __future__ import annotations

from leakguard.errors import UsageError
from leakguard.light import Mapping, Protocol, TextIO, cast, import_module
from leakguard.model import Screening

# Names, not modules: a run prints one format and should not wait for the others.
REPORTS: Mapping[str, str] = {
    "github": "leakguard.reports.github",
    "gitlab": "leakguard.reports.gitlab",
    "json": "leakguard.reports.json",
    "sarif": "leakguard.reports.sarif",
    "terminal": "leakguard.reports.terminal",
}


class Report(Protocol):
    """The `render` of a format. A format that has no use for a setting takes it and says so."""

    def __call__(
        self,
        run: Screening,
        *,
        out: TextIO,
        width: int = 80,
        color: bool = False,
        ascii: bool = False,
    ) -> None:
        """Write `run` to `out`, and nothing anywhere else."""
        ...


def load(name: str) -> Report:
    """The report of that name.

    >>> load("json").__module__
    'leakguard.reports.json'
    """
    if name not in REPORTS:
        raise UsageError(f'unknown format "{name}"', hint=f"one of: {', '.join(sorted(REPORTS))}")
    return cast(Report, import_module(REPORTS[name]).render)
