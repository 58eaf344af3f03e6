"""What there is to screen, as blobs: files, the index, a change, a push, a history, a message.

A source finds things and says what it could not reach; it decides nothing about their content. This
is the only room that runs git. Its other modules are read when they are asked for: a hook starts
at once.
"""

from leakguard.sources.paths import STDIN, from_paths, top_of

__all__ = ["STDIN", "from_paths", "top_of"]
