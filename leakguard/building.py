"""What an installation works out beforehand, so that even a first run starts at once.

Nothing depends on it: what is missing, out of date or made for another Python is worked out when it
is asked for.
"""

from __future__ import annotations

import os
from pkgutil import iter_modules

from leakguard import cache, derived, packs, weights
from leakguard.light import (
    EXPRESSIONS,
    Iterator,
    import_module,
    made_for,
    partial,
    program,
    suppress,
    written,
)
from leakguard.workers import FORKS, cores, spread


def build(folder: str) -> list[str]:
    """Write all that is worked out beforehand to `folder`; the files that were written.

    That takes seconds, of all processors.
    """
    os.makedirs(folder, exist_ok=True)
    bring = partial(packs.bring, folder)
    jobs = cores() if FORKS else 1  # elsewhere a process would first do what its parent has done
    made = [path or "" for _, path in spread(bring, packs.bundled(), jobs)]
    made = [path for path in (*made, weights.build(folder)) if path]
    path = os.path.join(folder, EXPRESSIONS)
    programs = {pattern: program(pattern) for pattern in sorted(set(_patterns()), key=repr)}
    known = {pattern: cache.plain(made) for pattern, made in programs.items() if made}
    data = made_for() + cache.plain(known)
    with suppress(OSError), open(path, "rb") as file:
        if file.read() == data:
            return made
    with open(path, "wb") as file:
        file.write(data)
    return [*made, path]


def _patterns() -> Iterator[str | bytes]:
    """The expressions of all modules, and those that patterns of the bundled packs need."""
    for package in ("leakguard", "leakguard.readers", "leakguard.reports", "leakguard.sources"):
        for found in iter_modules(import_module(package).__path__, f"{package}."):
            # Some need what need not be installed while a wheel is built.
            with suppress(ImportError):
                yield from written(vars(import_module(found.name)).values())
    for maker in derived.MAKERS.values():
        yield from written(maker.marker.shapes)
    for pack in map(packs.resolve, packs.bundled()):
        for pattern in pack.parsed.values():
            for branch in pattern.needs.branches if pattern.needs else ():
                if branch.shape:
                    yield branch.shape.encode()
