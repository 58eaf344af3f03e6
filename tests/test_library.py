"""A program that uses the library: mypy checks it as it checks its users', and it is run."""

from __future__ import annotations

import asyncio
import io
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import assert_type

import pytest

import leakguard
from leakguard import Config, Finding, Guard, LeakguardError, Screening, UsageError

TEXTS = [f"{number}: paid to NL74 EXMP 0123 4567 89." for number in range(8)]


@pytest.fixture(scope="module")
def guard() -> Guard:
    return leakguard.compile(packs=["finance"], fail_on=leakguard.Severity.LOW)


def test_a_screening_and_what_is_in_it_have_types(guard: Guard) -> None:
    run = guard.scan(TEXTS[0], name="post.md")
    assert_type(run, Screening)
    (finding,) = run
    assert_type(finding, Finding)
    assert_type(run.contact, leakguard.Contact)
    assert_type(run.notes, tuple[leakguard.Note, ...])
    assert_type(run.sealed_skipped, tuple[leakguard.Skipped, ...])
    assert_type(run.verdicts[0].mark, leakguard.Mark)
    assert (finding.rule, run.action) == ("finance/iban", "block")


def test_a_name_that_is_not_there_is_an_error_for_mypy_too() -> None:
    with pytest.raises(ImportError):
        from leakguard import nothing  # type: ignore[attr-defined]  # noqa: F401


def test_one_guard_serves_threads_tasks_and_copies(guard: Guard) -> None:
    async def gathered() -> list[Screening]:
        return await asyncio.gather(*(asyncio.to_thread(guard.scan, text) for text in TEXTS))

    with ThreadPoolExecutor(4) as pool:
        runs = [*asyncio.run(gathered()), *pool.map(guard.scan, TEXTS)]
    copy: Guard = pickle.loads(pickle.dumps(guard))
    runs.append(copy.scan(TEXTS[0]))
    assert {(run.action, len(run)) for run in runs} == {("block", 1)}


def test_a_policy_is_loaded_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "leakguard.toml").write_text('[rules]\n"finance/iban" = "off"\n', "utf-8")
    config = Config.load(tmp_path / "leakguard.toml")
    assert leakguard.compile(packs=["finance"], config=config).scan(TEXTS[0]).action == "allow"
    (tmp_path / "leakguard.toml").write_text("fail_onn = 1\n", "utf-8")
    with pytest.raises(leakguard.ConfigError, match="fail_onn"):
        Config.load(tmp_path / "leakguard.toml")


WRONG: dict[str, tuple[Callable[[Guard], object], str]] = {
    "a name where a list is wanted": (lambda g: leakguard.compile(packs="finance"), "a list"),
    "no packs": (lambda g: leakguard.compile(packs=[]), "no packs"),
    "a severity that is none": (lambda g: leakguard.compile(fail_on="hihg"), "unknown severity"),
    "an answer that is none": (lambda g: g.scan("x", unread="never"), "unknown unread"),  # type: ignore[arg-type]
    "a number": (lambda g: g.scan(3), "cannot screen a int"),  # type: ignore[arg-type]
    "a text stream": (lambda g: g.scan(io.StringIO("x")), "cannot screen a StringIO"),  # type: ignore[arg-type]
    "bytes to redact": (lambda g: g.redact(b"x"), "cannot redact a bytes"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize(("ask", "said"), WRONG.values(), ids=WRONG.keys())
def test_what_makes_no_sense_is_told(
    guard: Guard, ask: Callable[[Guard], object], said: str
) -> None:
    with pytest.raises(LeakguardError, match=said) as caught:
        ask(guard)
    assert isinstance(caught.value, UsageError | leakguard.PackError)
    assert caught.value.hint


def test_what_was_not_screened_is_not_taken_for_clean(guard: Guard) -> None:
    for source in (b"\0\1\2" * 9, Path("gone.md")):
        run = guard.scan(source, name="a.md")
        assert run.exit_code == 3
        with pytest.raises(leakguard.Unscreened):
            list(run)
        assert list(guard.scan(source, name="a.md", unread="ignore")) == []
