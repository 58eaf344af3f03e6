"""What there is to screen, as blobs: files, the index, a change, a push, a history, a message.

A source finds things and says what it could not reach; it decides nothing about their content. This
is the only room that runs git. Each way in is read when it is asked for: a hook starts at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leakguard.model import Blob, Unread
from leakguard.sources.paths import STDIN, from_paths

__all__ = ["STDIN", "from_hook", "from_index", "from_paths"]


def from_index(paths: Sequence[str] = (), *, whole: bool = False) -> Iterator[Blob | Unread]:
    """What is staged, with added lines: `index.from_index`."""
    from leakguard.sources import index

    return index.from_index(paths, whole=whole)


def from_hook(paths: Sequence[str], *, whole: bool = False) -> Iterator[Blob | Unread]:
    """Files as a hook names them: `index.from_hook`."""
    from leakguard.sources import index

    return index.from_hook(paths, whole=whole)
