"""The benchmark of precision and recall: what it counts as found, missed, false, and reported."""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest
from house import ROOT


@pytest.fixture(scope="module")
def quality() -> ModuleType:
    spec = importlib.util.spec_from_file_location("quality", ROOT / "benchmarks/quality.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["quality"] = module
    spec.loader.exec_module(module)
    return module


def run(quality: ModuleType, monkeypatch: pytest.MonkeyPatch, *argv: str | Path) -> None:
    monkeypatch.setattr(sys, "argv", ["quality.py", *map(str, argv)])
    quality.main()


def test_labels(
    quality: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = f"SSN: 536-90-4399\n{'x ' * 60}\norder 536904399\n{'x ' * 60}\nSSN 536-90-4398, 000-12-3456\n"
    (tmp_path / "a.md").write_text(page, encoding="utf-8")
    (tmp_path / "t.csv").write_text("npi,x\n1245319599,1\n", encoding="utf-8")
    rows = [
        {"path": "a.md", "rule": "ssn", "label": "leak", "offset": 5, "length": 11},
        {"path": "a.md", "rule": "ssn", "label": "leak", "offset": page.index("536904399"), "length": 9},  # no cue
        {"path": "a.md", "rule": "ssn", "label": "decoy", "offset": page.index("000-"), "length": 11},
        {"path": "t.csv", "fields": [{"kind": "npi", "value": "1245319599", "line": 2, "column": 1}]},
        {"text": "iban DE89370400440532013000", "spans": [{"entity_type": "IBAN_CODE", "start": 5, "end": 27}]},
    ]  # fmt: skip
    labels = tmp_path / "labels.jsonl"
    labels.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    run(quality, monkeypatch, "--corpus", tmp_path, "--labels", labels, "--list", "9")
    out = capsys.readouterr().out
    table = {line.split()[0]: line.split()[1:] for line in out.splitlines() if line[:2] == "  "}
    assert "0 of 1 decoys reported" in out
    assert table["ssn"] == ["2", "1", "0", "1", "1.000", "0.500", "0.667", "1"]
    assert table["npi"] == ["1", "1", "0", "1", "1.000", "1.000", "1.000", "0"]
    assert table["iban"][:4] == ["1", "1", "0", "1"]
    assert "4398" not in out
    assert f"left    ssn: a.md:{page.index('536904399')}" in out
    assert f"false   ssn: a.md:{page.index('536-90-4398')}" in out


def test_a_value_that_its_check_refuses_counts_by_its_cue(
    quality: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    labels = tmp_path / "labels.jsonl"
    spans = [{"entity_type": "US_NPI", "start": 4, "end": 14}]
    labels.write_text(json.dumps({"text": "NPI 1234567890", "spans": spans}), encoding="utf-8")
    run(quality, monkeypatch, "--corpus", tmp_path, "--labels", labels, "--list", "9")
    out = capsys.readouterr().out
    assert next(line.split()[1:5] for line in out.splitlines() if line[:5] == "  npi") == [
        *("1", "1", "1", "0"),
    ]
    assert "missed  npi: 0.txt:4 NPI █9999999999█ (refused by its check)" in out


def test_pages(
    quality: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "a.md").write_text("SSN: 536-90-4399\n", encoding="utf-8")
    (tmp_path / "b.md").write_text("Nothing.\n", encoding="utf-8")
    run(quality, monkeypatch, "--corpus", tmp_path, "--list", "9")
    out = capsys.readouterr().out
    assert "2 pages: 1 with blocking findings (500.00 in 1,000), 1 with any" in out
    assert "healthcare/us-ssn" in out
    assert "4399" not in out


def test_a_folder_that_is_not_there(quality: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match="no such folder"):
        run(quality, monkeypatch, "--corpus", "nowhere")
