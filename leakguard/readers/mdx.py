"""MDX: Markdown with components. Lines that import or export, and comments in braces."""

from __future__ import annotations

from leakguard.light import partial
from leakguard.readers import markdown

Labels = partial(markdown.Labels, components=True)
