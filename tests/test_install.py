"""Wheel, editable install and bare checkout: each works, and finds its rules, from anywhere."""

from __future__ import annotations

import re
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from house import ROOT, Venv, copy_checkout, run, run_ok

pytestmark = pytest.mark.xdist_group("install")

BUNDLED = ("codenames", "finance", "healthcare")
LEAK = "The numbers came from TLP:RED, page 4.\n"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_checkout(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="module")
def built(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive and the wheel made from it."""
    folder = tmp_path_factory.mktemp("dist")
    run_ok(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, cwd=checkout)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def venv(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Venv:
    """An environment with the wheel in it."""
    made = Venv(tmp_path_factory.mktemp("wheel") / "venv")
    made.install(wheel, cwd=wheel.parent)
    return made


def names(listing: str) -> set[str]:
    """The first column of `leakguard packs`, without its head."""
    return {line.split()[0] for line in listing.splitlines()[1:]}


def test_the_wheel_holds_all_rules_and_its_papers(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    rules = [path for path in (ROOT / "rules").rglob("*") if path.is_file()]
    assert {f"leakguard/{path.relative_to(ROOT).as_posix()}" for path in rules} <= inside
    assert "leakguard/py.typed" in inside
    papers = {Path(name).name for name in inside if ".dist-info/" in name}
    assert {"LICENSE", "NOTICE"} <= papers
    assert not {name for name in inside if name.startswith(("tests/", "examples/", "tools/"))}


def test_the_source_archive_holds_what_a_build_needs(built: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        inside = {name.partition("/")[2] for name in tar.getnames()}
    assert {f"rules/{pack}.toml" for pack in BUNDLED} <= inside
    assert {"pyproject.toml", "LICENSE", "NOTICE", "README.md", "leakguard/__init__.py"} <= inside


def test_an_installed_wheel_finds_its_packs_from_any_folder(venv: Venv, tmp_path: Path) -> None:
    assert names(run_ok(venv.bin / "leakguard", "packs", cwd=tmp_path)) == set(BUNDLED)


def test_an_installed_wheel_names_its_distribution(venv: Venv, tmp_path: Path) -> None:
    said = run_ok(venv.bin / "leakguard", "--version", cwd=tmp_path)
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.M)
    assert version
    assert said.split() == ["leakguard-audit", version[1]]


@pytest.mark.parametrize("command", [["leakguard", "check"], ["leakguard-hook"]])
def test_both_commands_of_a_wheel_find_a_leak(
    venv: Venv, tmp_path: Path, command: list[str]
) -> None:
    (tmp_path / "post.md").write_text(LEAK, encoding="utf-8")
    done = run(venv.bin / command[0], *command[1:], "post.md", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "codenames/tlp" in done.stdout


def test_the_code_of_a_wheel_is_its_own(venv: Venv, tmp_path: Path) -> None:
    """The environment is lent packages; were leakguard among them, nothing would be tested."""
    where = run_ok(venv.python, "-c", "import leakguard; print(leakguard.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(venv.bin.parent)


def test_an_editable_install_sees_a_rule_as_it_is_now(tmp_path: Path) -> None:
    copy = copy_checkout(tmp_path / "copy")
    made = Venv(tmp_path / "venv")
    made.install("--editable", copy, cwd=copy)
    assert names(run_ok(made.bin / "leakguard", "packs", cwd=tmp_path)) == set(BUNDLED)
    edit_a_rule(copy)
    page = run_ok(made.bin / "leakguard", "rule", "codenames/tlp", cwd=tmp_path)
    assert "a marking that was edited" in page


def test_a_bare_checkout_sees_a_rule_as_it_is_now(tmp_path: Path) -> None:
    copy = copy_checkout(tmp_path / "copy")
    edit_a_rule(copy)
    command = (sys.executable, "-m", "leakguard", "rule", "codenames/tlp")
    assert "a marking that was edited" in run_ok(*command, cwd=tmp_path, PYTHONPATH=str(copy))


def edit_a_rule(copy: Path) -> None:
    pack = copy / "rules" / "codenames.toml"
    text = pack.read_text(encoding="utf-8")
    title = 'title = "Traffic Light Protocol marking"'
    assert text.count(title) == 1
    pack.write_text(text.replace(title, 'title = "a marking that was edited"'), encoding="utf-8")
