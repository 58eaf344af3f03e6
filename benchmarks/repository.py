"""A repository with a long history, made from a folder of published text.

    python benchmarks/repository.py FOLDER TARGET [--commits 5000] [--seed 7]

A history of so many commits is made up, in the proportions of sites that are kept in git: three
commits in ten bring a new text, the others edit one to four texts line by line (a word changed, a
line of another text put in, a line taken out), one in forty renames, one in fifty merges a branch.
The texts are real, their edits are not. The same folder and seed give the same ids.
"""

from __future__ import annotations

import argparse
import random
import subprocess
from pathlib import Path
from typing import IO, Final

AUTHORS: Final = ("Ada Example", "Ben Sample", "Chris Muster", "Dana Placeholder")
BEGAN: Final = 1_600_000_000
HOUR: Final = 3600


def main() -> None:
    """Make the repository that was asked for and say how large it is."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--commits", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    print(made(asked.folder, asked.target, asked.commits, asked.seed))


def made(folder: Path, target: Path, commits: int, seed: int = 7) -> str:
    """Write a repository of so many commits to `target`; how many versions of texts it holds."""
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(target)], check=True)
    command = ["git", "-C", str(target), "fast-import", "--quiet"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as importer:
        assert importer.stdin is not None
        history = _History(importer.stdin, folder, seed)
        for number in range(commits):
            history.commit(number)
    if importer.returncode:
        raise SystemExit(f"git fast-import: exit {importer.returncode}")
    return f"{commits:,} commits, {history.versions:,} versions, {history.written / 1e6:.1f} MB"


class _History:
    """What fast-import is told, commit by commit."""

    def __init__(self, stream: IO[bytes], folder: Path, seed: int) -> None:
        self._stream = stream
        self._random = random.Random(seed)
        self._folder = folder
        self._waiting = sorted(path for path in folder.rglob("*") if path.is_file())
        self._random.shuffle(self._waiting)
        self._texts: dict[str, list[bytes]] = {}
        self._names: list[str] = []
        self.versions = 0
        self.written = 0

    def commit(self, number: int) -> None:
        """One more commit on the main branch; now and then with a branch that it merges."""
        if number % 50 == 49:
            self._begin("refs/heads/side", number, "Try another wording", "from refs/heads/main\n")
            self._edit(self._random.choice(self._names))
            self._begin("refs/heads/main", number, "Merge", "merge refs/heads/side\n")
            return
        self._begin("refs/heads/main", number, f"Edit {number}")
        if number % 40 == 39:
            self._rename()
        elif self._waiting and (number < 20 or self._random.random() < 0.3):
            for _ in range(8 if number < 20 else 1):
                self._add()
        else:
            for name in self._random.sample(self._names, self._random.randint(1, 4)):
                self._edit(name)

    def _begin(self, ref: str, number: int, message: str, more: str = "") -> None:
        who = AUTHORS[number % len(AUTHORS)]
        when = f"{who} <{who.split()[0].lower()}@example.com> {BEGAN + number * HOUR} +0000"
        self._stream.write(
            f"commit {ref}\nauthor {when}\ncommitter {when}\ndata {len(message)}\n{message}\n{more}"
            .encode()
        )  # fmt: skip

    def _add(self) -> None:
        path = self._waiting.pop()
        name = path.relative_to(self._folder).as_posix()
        self._names.append(name)
        self._texts[name] = path.read_bytes().splitlines(keepends=True)
        self._write(name)

    def _edit(self, name: str) -> None:
        lines = self._texts[name]
        for _ in range(self._random.randint(1, 5)):
            at = self._random.randrange(len(lines) + 1)
            kind = self._random.random()
            if kind < 0.4 or at == len(lines):
                other = self._texts[self._random.choice(self._names)]
                lines.insert(at, self._random.choice(other) if other else b"And more.\n")
            elif kind < 0.55:
                del lines[at]
            else:
                words = lines[at].rstrip(b"\n").split(b" ")
                words[self._random.randrange(len(words))] = b"changed"
                lines[at] = b" ".join(words) + b"\n"
        self._write(name)

    def _rename(self) -> None:
        at = self._random.randrange(len(self._names))
        name = self._names[at]
        folder, _, base = name.rpartition("/")
        new = f"{folder}/r{len(self._names)}-{base}"
        self._names[at] = new
        self._texts[new] = self._texts.pop(name)
        self._stream.write(f"R {_quoted(name)} {_quoted(new)}\n".encode())

    def _write(self, name: str) -> None:
        content = b"".join(self._texts[name])
        self._stream.write(f"M 100644 inline {_quoted(name)}\ndata {len(content)}\n".encode())
        self._stream.write(content + b"\n")
        self.versions += 1
        self.written += len(content)


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


if __name__ == "__main__":
    main()
