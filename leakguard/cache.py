"""A cache of what was worked out from packs: data only, in a folder that is ours alone.

An entry is found by a hash of everything it was made from, and carries a hash of itself. What is
missing, damaged, foreign or not private is as good as absent; what cannot be written is not kept.
Packs with private terms are never handed to this module.
"""

from __future__ import annotations

import marshal
import os
import sys

from leakguard.light import Any, Final, Mapping

FOLDER_VARIABLE: Final = "LEAKGUARD_CACHE_DIR"
_FORMAT: Final = 4  # what every Python from 3.11 on reads


def key(*parts: bytes | memoryview) -> str:
    """The name of an entry made from `parts`."""
    try:
        from _blake2 import (
            blake2b,  # hashlib loads OpenSSL too, which takes longer than all of this
        )
    except ImportError:
        from hashlib import blake2b

    hashed = blake2b(digest_size=20)
    for part in parts:
        hashed.update(len(part).to_bytes(8, "big"))
        hashed.update(part)
    return hashed.hexdigest()


def folder(environment: Mapping[str, str]) -> str:
    """Where entries lie; "" when nowhere (the variable is set to nothing, or there is no home).

    >>> folder({"LEAKGUARD_CACHE_DIR": "/tmp/x"}), folder({"LEAKGUARD_CACHE_DIR": ""})
    ('/tmp/x', '')
    """
    if FOLDER_VARIABLE in environment:
        return environment[FOLDER_VARIABLE]
    if sys.platform == "win32":
        home = environment.get("LOCALAPPDATA", "")
    else:
        home = environment.get("XDG_CACHE_HOME", "")
        if not home and environment.get("HOME"):
            home = os.path.join(environment["HOME"], ".cache")
    return os.path.join(home, "leakguard") if home else ""


def load(where: str, name: str) -> Any:
    """The entry called `name`, or None. Lists come back as tuples."""
    if not where or not _is_private(where):
        return None
    try:
        with open(os.path.join(where, name), "rb") as file:
            if not _is_ours(os.fstat(file.fileno())):
                return None
            return unpacked(file.read())
    except OSError:
        return None


def holds(where: str, name: str) -> bool:
    """Whether there seems to be an entry called `name`."""
    return bool(where) and os.path.exists(os.path.join(where, name))


def store(where: str, name: str, value: object) -> None:
    """Keep `value`, made of plain values, as the entry called `name`, if that can be done."""
    if not where:
        return
    data = packed(value)
    try:
        os.makedirs(where, mode=0o700, exist_ok=True)
        if not _is_private(where):
            return
        # Beside it first, then renamed: two runs at once both write a whole entry.
        draft = os.path.join(where, f"{name}.{os.getpid()}.tmp")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
        os.replace(draft, os.path.join(where, name))
    except OSError:
        return


def packed(value: object) -> bytes:
    """`value` as bytes that carry a hash of themselves."""
    data = plain(value)
    return key(data).encode() + b"\n" + data


def unpacked(content: bytes) -> Any:
    """What was packed; None where it is not whole."""
    end = content.find(b"\n")
    data = memoryview(content)[end + 1 :]  # some entries have megabytes
    if content[: max(0, end)] != key(data).encode():
        return None
    try:
        return marshal.loads(data)
    except (EOFError, TypeError, ValueError):  # of another Python
        return None


def plain(value: object) -> bytes:
    """Plain values as `marshal` writes them: it reads ten times as fast as JSON, and runs nothing.

    >>> marshal.loads(plain([1, {"a": (b"b", None)}]))
    (1, {'a': (b'b', None)})
    """
    return marshal.dumps(_plain(value), _FORMAT)


def _plain(value: Any) -> Any:
    """The same without classes of ours."""
    if isinstance(value, tuple | list):
        return tuple(map(_plain, value))
    if isinstance(value, dict):
        return {name: _plain(held) for name, held in value.items()}
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    return value


def _is_private(where: str) -> bool:
    try:
        return _is_ours(os.stat(where))
    except OSError:
        return False


def _is_ours(found: os.stat_result) -> bool:
    if sys.platform == "win32":
        return True
    return found.st_uid == os.getuid() and not found.st_mode & 0o022
