"""The cache of packs: it makes a run quicker and never different, whatever becomes of it."""

import os
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import leakguard
from leakguard import cache, packs
from leakguard.packs import Pack

PATTERNS = """
[pack]
name = "numbers"
owner = "o@example.com"
reviewed = 2026-11-01
review_every = "90 days"

[[rule]]
id = "everything"
title = "t"
why = "w"
severity = "high"
profile = "strict"
pattern = '''(?i)\\bab-(\\d{4})\\b'''
capture = true
entropy = 0.5
keywords = ["ab"]
path = "a"
allowlists = [{ condition = "and", patterns = ["a"], target = "line", stopwords = ["b"] }]
yields = true
check = "luhn"
near = { words = ["code"], strong = ["code word"], before = 9, after = 3, at_least = 2 }
confidence = { bare = "low", checked = "low", near = "medium", full = "high" }
scopes = ["prose"]
exclude = { values = ["ab-1234"], patterns = ['''ab-0{4}'''], near = { words = ["not"] }, scopes = ["url"], shared = ["digits"] }
samples = ["ab-0000"]
count = { at_least = 1, escalate = 3, to = "critical" }
requires = { none = ["other"], within = 30 }
embargo_until = 2027-01-01T10:00:00Z
expires = 2027-06-30
references = ["r"]
examples = ["ab-0000"]
counter_examples = ["x"]

[[rule]]
id = "other"
title = "t"
why = "w"
severity = "low"
of = { all = ["everything"], lines = 3, columns = 9 }

[[allowlists]]
paths = ["b"]
commits = ["c0ffee"]
"""
TERMS = """
[pack]
name = "acme"
[[rule]]
id = "r"
title = "t"
why = "w"
severity = "high"
terms = ["Zqheron"]
"""


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(folder))
    (tmp_path / "numbers.toml").write_text(PATTERNS, encoding="utf-8")
    (tmp_path / "acme.toml").write_text(TERMS, encoding="utf-8")
    return folder


def kept(shelf: Path) -> list[Path]:
    return sorted(shelf.glob("*")) if shelf.is_dir() else []


def test_a_cached_pack_is_the_pack(shelf: Path, tmp_path: Path) -> None:
    read = Pack.load(tmp_path / "numbers.toml")
    assert len(kept(shelf)) == 1
    again = Pack.load(tmp_path / "numbers.toml")
    assert again == read
    fresh = Pack.from_toml(PATTERNS)
    assert again == fresh
    assert list(again.rules) == list(fresh.rules)
    strip = {source: pattern._replace(needs=None) for source, pattern in again.parsed.items()}
    assert strip == fresh.parsed
    assert again.ready == read.ready
    assert again.parsed[again.rules[0].pattern].needs


def test_the_bundled_packs_are_the_same_from_where_they_are_kept() -> None:
    for name in packs.bundled():
        path = Path(packs.rules_folder(), f"{name}.toml")
        assert Pack.from_toml(path.read_text(encoding="utf-8")) == packs.resolve(name)


def test_private_terms_are_never_kept(shelf: Path, tmp_path: Path) -> None:
    Pack.load(tmp_path / "acme.toml")
    assert kept(shelf) == []


BESIDE = """
[[rule]]
id = "beside"
title = "t"
why = "w"
severity = "high"
pattern = "zq-[0-9]{4}"
examples = ["zq-1234"]
"""


def test_patterns_beside_private_terms_are_never_kept(shelf: Path, tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text(TERMS + BESIDE, encoding="utf-8")
    assert len(leakguard.compile([tmp_path / "acme.toml"]).scan("see zq-1234")) == 1
    assert kept(shelf) == []
    without = TERMS.partition("[[rule]]")[0] + BESIDE
    (tmp_path / "acme.toml").write_text(without, encoding="utf-8")
    assert len(leakguard.compile([tmp_path / "acme.toml"]).scan("see zq-1234")) == 1
    assert len(kept(shelf)) == 2  # the pack, and the program of its pattern


def test_what_gates_of_all_terms_share_is_kept_and_no_term(shelf: Path, tmp_path: Path) -> None:
    pytest.importorskip("hyperscan")
    text = "We call it Blue Heron.\n"
    for name in ("Blue Heron", "Amber Falcon"):
        (tmp_path / "acme.toml").write_text(TERMS.replace("Zqheron", name), encoding="utf-8")
        guard = leakguard.compile([tmp_path / "acme.toml"], engine="hyper")
        assert len(guard.scan(text)) == text.count(name)
        assert len(kept(shelf)) == 1
    data = kept(shelf)[0].read_bytes().lower()
    assert not any(word in data for word in (b"heron", b"falcon", b"biueheron"))
    damage(kept(shelf)[0], "one byte changed")
    assert len(leakguard.compile([tmp_path / "acme.toml"], engine="hyper").scan(text)) == 0


def test_a_changed_pack_is_read_anew(shelf: Path, tmp_path: Path) -> None:
    Pack.load(tmp_path / "numbers.toml")
    changed = PATTERNS.replace('title = "t"', 'title = "u"')
    (tmp_path / "numbers.toml").write_text(changed, encoding="utf-8")
    assert Pack.load(tmp_path / "numbers.toml").rules[0].title == "u"


@pytest.mark.skipif(sys.platform == "win32", reason="modes are of POSIX")
def test_entries_are_private(shelf: Path, tmp_path: Path) -> None:
    Pack.load(tmp_path / "numbers.toml")
    assert stat.S_IMODE(shelf.stat().st_mode) == 0o700
    assert stat.S_IMODE(kept(shelf)[0].stat().st_mode) == 0o600


def damage(path: Path, how: str) -> None:
    data = path.read_bytes()
    changed = {
        "empty": b"",
        "cut short": data[: len(data) // 2],
        "one byte changed": data[:-9] + bytes([data[-9] ^ 1]) + data[-8:],
        "not ours": b"x" * 40 + b"\n" + data.partition(b"\n")[2],
        "without a check": data.partition(b"\n")[2],
    }
    path.write_bytes(changed[how])


@pytest.mark.parametrize(
    "how", ["empty", "cut short", "one byte changed", "not ours", "without a check"]
)
def test_a_damaged_entry_is_made_anew(shelf: Path, tmp_path: Path, how: str) -> None:
    read = Pack.load(tmp_path / "numbers.toml")
    damage(kept(shelf)[0], how)
    assert Pack.load(tmp_path / "numbers.toml") == read
    assert cache.load(str(shelf), kept(shelf)[0].name) is not None


@pytest.mark.skipif(sys.platform == "win32", reason="modes are of POSIX")
@pytest.mark.parametrize("what", ["folder", "entry"])
def test_what_others_may_write_is_not_trusted(shelf: Path, tmp_path: Path, what: str) -> None:
    Pack.load(tmp_path / "numbers.toml")
    entry = kept(shelf)[0]
    (shelf if what == "folder" else entry).chmod(0o777)
    assert cache.load(str(shelf), entry.name) is None


def test_without_a_place_to_keep_it_a_run_works_as_well(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.write_text("a file where the folder should be", encoding="utf-8")
    assert Pack.load(tmp_path / "numbers.toml").name == "numbers"
    monkeypatch.setenv(cache.FOLDER_VARIABLE, "")
    assert Pack.load(tmp_path / "numbers.toml").name == "numbers"


def test_many_runs_at_once_leave_one_whole_entry(shelf: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(lambda _: Pack.load(tmp_path / "numbers.toml"), range(24)))
    assert all(pack == read[0] for pack in read)
    whole = [path for path in kept(shelf) if path.suffix != ".tmp"]
    assert len(whole) == 1
    assert cache.load(str(shelf), whole[0].name) is not None


FOLDERS = {
    "the variable": ({"LEAKGUARD_CACHE_DIR": "/x", "HOME": "/h"}, "/x"),
    "switched off": ({"LEAKGUARD_CACHE_DIR": "", "HOME": "/h"}, ""),
    "the platform's place": ({"XDG_CACHE_HOME": "/c", "HOME": "/h"}, "/c/leakguard"),
    "at home": ({"HOME": "/h"}, "/h/.cache/leakguard"),
    "nowhere": ({}, ""),
}


@pytest.mark.skipif(sys.platform == "win32", reason="another place there")
@pytest.mark.parametrize(("environment", "expected"), FOLDERS.values(), ids=FOLDERS.keys())
def test_the_folder(environment: dict[str, str], expected: str) -> None:
    assert cache.folder(environment).replace(os.sep, "/") == expected
