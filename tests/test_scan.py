"""The library: compile, scan, screen, redact; and that it is immutable and safe to share."""

import io
import pickle
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import leakguard
from leakguard import Pack, Severity, UsageError

ACME = """
[pack]
name = "acme"
owner = "brand@example.com"

[[rule]]
id = "unreleased"
title = "unreleased project name"
why = "It has not been announced."
instead = "Write about the next scheduler."
severity = "high"
match = "loose"
terms = ["Zq Heron", { term = "Zq Osprey", id = 17, owner = "legal", embargo_until = 2027-02-01, instead = "Say the new engine.", replacement = "the new engine" }]

[[rule]]
id = "ticket"
title = "ticket key"
why = "It leads to a private tracker."
severity = "low"
pattern = '''ZQ-\\d{1,5}'''
samples = ["ZQ-999"]
examples = ["ZQ-12"]
"""
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture(scope="module")
def guard() -> leakguard.Guard:
    return leakguard.compile([Pack.from_toml(ACME)], now=NOW)


def test_a_text_is_screened(guard: leakguard.Guard) -> None:
    screening = guard.scan("see Zq Heron\nand ZQ-12", name="post.md")
    heron, ticket = screening.verdicts
    assert (heron.action, heron.path, heron.finding.rule) == ("block", "post.md", "acme/unreleased")
    assert (heron.finding.place.line, heron.finding.place.column) == (1, 5)
    assert (heron.finding.span.start, heron.finding.span.end) == (4, 12)
    assert heron.finding.place.byte_start is None
    assert (ticket.action, ticket.reason) == ("warn", "severity low is below medium")
    assert (ticket.finding.place.line, ticket.finding.place.end_column) == (2, 10)
    assert screening.action == "block"
    assert screening.exit_code == 1
    assert len(list(screening)) == 2


def test_advice_comes_from_the_entry_first(guard: leakguard.Guard) -> None:
    (verdict,) = guard.scan("ZqOsprey").verdicts
    assert verdict.finding.entry == 17
    assert verdict.advice.instead == "Say the new engine."
    assert verdict.advice.owner == "legal"
    assert verdict.advice.until == "2027-02-01"


def test_a_published_sample_is_information(guard: leakguard.Guard) -> None:
    screening = guard.scan("ZQ-999")
    assert (screening.action, screening.exit_code) == ("info", 0)


def test_excerpts_are_masked_and_the_neighbours_too(guard: leakguard.Guard) -> None:
    (first, second) = guard.scan("between Zq Heron and zq-osprey here").verdicts
    assert first.excerpt == "between ████████ and ████████ here"
    assert second.excerpt == first.excerpt


SOURCES = {
    "bytes": lambda path: b"see Zq Heron",
    "a path": lambda path: path,
    "a binary stream": lambda path: io.BytesIO(b"see Zq Heron"),
}


@pytest.mark.parametrize("make", SOURCES.values(), ids=SOURCES.keys())
def test_other_sources(guard: leakguard.Guard, make: object, tmp_path: Path) -> None:
    path = tmp_path / "post.md"
    path.write_bytes(b"see Zq Heron")
    (finding,) = guard.scan(make(path)).findings  # type: ignore[operator]
    assert (finding.place.byte_start, finding.place.byte_end) == (4, 12)


def test_what_cannot_be_read_is_raised_at_the_end_of_iterating(guard: leakguard.Guard) -> None:
    screening = guard.scan(b"\xff\xfe\xff Zq Heron \x00\x01", name="post.md")
    assert screening.unread
    assert screening.exit_code == 3
    with pytest.raises(leakguard.Unscreened, match="1 not screened"):
        list(screening)
    ignoring = guard.scan(b"\xff\xfe\xff Zq Heron \x00\x01", name="post.md", unread="ignore")
    assert isinstance(list(ignoring), list)


def test_something_that_is_no_source_is_refused(guard: leakguard.Guard) -> None:
    with pytest.raises(UsageError, match="cannot screen a int"):
        guard.scan(42)  # type: ignore[arg-type]


WRONG = {
    "a severity": ({"fail_on": "huge"}, "unknown severity: 'huge'"),
    "a confidence": ({"block_confidence": "sure"}, "unknown confidence: 'sure'"),
    "a profile": ({"profile": "lax"}, "unknown profile: 'lax'"),
}


@pytest.mark.parametrize(("settings", "message"), WRONG.values(), ids=WRONG.keys())
def test_wrong_settings_are_refused(settings: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        leakguard.compile(["finance"], **settings)  # type: ignore[arg-type]


def test_what_blocks_is_chosen() -> None:
    pack = Pack.from_toml(ACME)
    strict = leakguard.compile([pack], fail_on="low", now=NOW)
    lenient = leakguard.compile([pack], fail_on=Severity.CRITICAL, now=NOW)
    assert strict.scan("ZQ-12").action == "block"
    assert lenient.scan("Zq Heron").action == "warn"


def test_an_embargo_is_judged_by_the_clock_given() -> None:
    pack = Pack.from_toml(ACME)
    after = leakguard.compile([pack], now=datetime(2027, 2, 1, 12, tzinfo=UTC))
    assert after.scan("Zq Osprey").action == "allow"


def test_redact(guard: leakguard.Guard) -> None:
    text = "Zq Heron meets ZqOsprey in ZQ-12, not ZQ-999."
    redacted, edits = guard.redact(text)
    assert redacted == "[redacted] meets the new engine in [redacted], not ZQ-999."
    assert [text[e.span.start : e.span.end] for e in edits] == ["Zq Heron", "ZqOsprey", "ZQ-12"]


@given(
    st.lists(st.sampled_from(["Zq Heron", "zqosprey", "ZQ-12", " ", "x", "\n", "-"])).map("".join)
)
def test_what_is_redacted_has_no_findings(guard: leakguard.Guard, text: str) -> None:
    redacted, edits = guard.redact(text)
    assert guard.scan(redacted).action in ("allow", "info")
    rebuilt, taken = [], 0
    for edit in edits:
        rebuilt += text[taken : edit.span.start], edit.replacement
        taken = edit.span.end
    assert "".join([*rebuilt, text[taken:]]) == redacted


def test_a_guard_travels_without_its_terms(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    path.write_text(ACME, encoding="utf-8")
    guard = leakguard.compile([path], now=NOW)
    data = pickle.dumps(guard)
    assert b"eron" not in data
    assert pickle.loads(data).scan("Zq Heron").to_dict() == guard.scan("Zq Heron").to_dict()


def test_a_guard_of_texts_does_not_travel(guard: leakguard.Guard) -> None:
    with pytest.raises(UsageError, match="cannot be sent"):
        pickle.dumps(guard)


def test_threads_share_a_guard(guard: leakguard.Guard) -> None:
    texts = [f"line {n}\nZq Heron and ZQ-{n}" for n in range(200)]
    alone = [guard.scan(text).to_dict() for text in texts]
    together: dict[int, object] = {}

    def work(first: int) -> None:
        for n in range(first, len(texts), 4):
            together[n] = guard.scan(texts[n]).to_dict()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[n] for n in range(len(texts))] == alone


def test_shown_masks_what_it_is_given(guard: leakguard.Guard) -> None:
    assert guard.shown("error in zq-heron/\u202ea\x1b.md") == "error in ████████/a .md"


def test_importing_leakguard_does_not_import_click() -> None:
    import subprocess
    import sys

    probe = "import leakguard, leakguard.hook, sys; print('click' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
