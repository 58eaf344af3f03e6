"""What an installation works out beforehand: used where it fits, missed nowhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from house import ROOT

from leakguard import building, light, packs
from leakguard.weights import READY

SPEAK = "(?i)(?P<first>[a-z]+) \\d{2,3}|né"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("ready")
    for name in packs.bundled():  # packs are another test's
        (made / name).symlink_to(os.path.join(packs.rules_folder(), packs.READY, name))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packs, "bring", lambda _: [])
        assert building.build(str(made)) == [str(made / n) for n in (READY, light.EXPRESSIONS)]
        assert building.build(str(made)) == []
    return made


@pytest.mark.parametrize("pattern", [SPEAK, SPEAK.encode(), "", "(a)|(?:b)(?P<c>c)?"])
def test_a_program_is_what_re_would_run(pattern: str | bytes) -> None:
    import _sre

    flags, code, groups, names, numbers = light.program(pattern) or pytest.fail("none")
    made = _sre.compile(pattern, flags, list(code), groups, dict(names), numbers)
    standard = re.compile(pattern)
    assert made == standard
    assert (made.flags, made.groups, made.groupindex) == (
        standard.flags,
        standard.groups,
        standard.groupindex,
    )


def test_every_expression_of_the_hook_is_kept(folder: Path) -> None:
    first, _, _ = (folder / light.EXPRESSIONS).read_bytes().partition(b"\n")
    assert first + b"\n" == light.made_for()
    from leakguard import views

    kept = (folder / light.EXPRESSIONS).read_bytes()
    assert all(pattern.encode() in kept for pattern in light.written(vars(views).values()))


def test_what_was_made_for_another_python_is_not_used(tmp_path: Path) -> None:
    package = tmp_path / "leakguard"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "light.py").write_bytes((ROOT / "leakguard" / "light.py").read_bytes())
    ready = package / "rules" / "ready"
    ready.mkdir(parents=True)
    ask = "import sys; from leakguard import light; m = light.expression('a+').search('caab')"
    for content in (b"", b"expressions 2 other\nxyz", light.made_for() + b"damaged"):
        (ready / light.EXPRESSIONS).write_bytes(content)
        done = subprocess.run(
            [sys.executable, "-c", f"{ask}; sys.exit(m.span() != (1, 3))"],
            cwd=tmp_path, capture_output=True, text=True,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
