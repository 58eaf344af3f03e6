"""MDX: Markdown with components. Lines that import or export, and comments in braces."""

from __future__ import annotations

from leakguard.light import Iterator, partial
from leakguard.model import Blob, Document, Unread
from leakguard.readers import markdown
from leakguard.readers import text as text_

Labels = partial(markdown.Labels, components=True)


def read(blob: Blob, peek: text_.Peek) -> Iterator[Document | Unread]:
    """The text of `blob` as one document with scopes."""
    yield from text_.read(blob, peek, kind="mdx", labeller=Labels)
