"""What the tests of git's surfaces share: a repository, a list of names, and the gate itself."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from house import acme, run_ok

from leakguard import checking, hook
from leakguard.errors import LeakguardError

PACK = acme('"Blue Heron", "Vexillor"')
OTHER = b"\0\1\2\xff"  # no text in any encoding


class Told(NamedTuple):
    """What a run told: exit code, the JSON, the summary or error."""

    code: int
    report: dict[str, Any]
    err: str

    @property
    def blocking(self) -> list[str]:
        """Path and line of each finding that blocks; "name" for a name."""
        return [_place(found) for found in self.report["findings"] if found["action"] == "block"]

    @property
    def informing(self) -> list[str]:
        """The same of those that only inform."""
        return [_place(found) for found in self.report["findings"] if found["action"] == "info"]

    @property
    def unread(self) -> list[str]:
        """Path and reason of what was not screened."""
        return [f"{row['path']}: {row['reason']}" for row in self.report["unread"]]


def _place(found: dict[str, Any]) -> str:
    return f"{found['path']}:{found['line'] or 'name'}"


class Repo:
    """A repository for tests. `pack` lies beside it, outside."""

    def __init__(self, folder: Path, *init: str) -> None:
        self.path = folder
        folder.mkdir(parents=True, exist_ok=True)
        run_ok("git", "init", "--quiet", "--initial-branch=main", *init, cwd=folder)

    def git(self, *words: str | Path, **environment: str) -> str:
        """Run git, which has to succeed; what it printed."""
        return run_ok(
            "git", "-c", "protocol.file.allow=always", *words, cwd=self.path, **environment
        )

    def write(self, files: dict[str, str | bytes]) -> None:
        """Write files and stage them."""
        for name, content in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        self.git("add", "--all")

    def commit(self, files: dict[str, str | bytes] | None = None, message: str = "Change") -> str:
        """Commit files; the commit's id."""
        self.write(files or {})
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD").strip()

    def reset(self) -> None:
        """Back to the tag `base`, on main, with nothing lying about."""
        self.git("checkout", "--quiet", "--force", "-B", "main", "base")
        self.git("clean", "--quiet", "-xffd")


def pack_beside(folder: Path) -> Path:
    """A pack of names in `folder`."""
    path = folder / "acme.toml"
    path.write_text(PACK, encoding="utf-8")
    return path


def check(
    at: Path, pack: Path, *words: str, stdin: bytes = b"", door: str = "check", **environment: str
) -> Told:
    """`leakguard check WORDS`, or the hook's door, in the folder `at` and in this process."""
    out, err = io.StringIO(), io.StringIO()
    with chdir(at), _environment(environment):
        asked = hook.parse(["--only-pack", str(pack), "--format", "json", *words])
        if door == "hook":
            asked = hook.as_hook(asked)
        streams = checking.Streams(out, err, io.BytesIO(stdin), os.environ)
        try:
            code = checking.check(asked, streams)
        except LeakguardError as error:
            code = checking.explain(error, err)
    text = out.getvalue()
    assert "heron" not in (text + err.getvalue()).lower()
    return Told(code, json.loads(text) if text else {"findings": [], "unread": []}, err.getvalue())


@contextmanager
def _environment(wanted: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def noting_git(folder: Path) -> tuple[str, Path]:
    """A git before the real one that notes each start: the PATH to use, and where it notes."""
    noted = folder / "noted"
    fake = folder / "bin" / "git"
    fake.parent.mkdir(parents=True, exist_ok=True)
    real = next(
        found
        for part in os.environ["PATH"].split(os.pathsep)
        if (found := Path(part, "git")).exists()
    )
    fake.write_text(f'#!/bin/sh\necho "$*" >> "{noted}"\nexec "{real}" "$@"\n', encoding="utf-8")
    fake.chmod(0o755)
    noted.touch()
    return f"{fake.parent}{os.pathsep}{os.environ['PATH']}", noted
