"""Work in several processes: in order, complete, and never a hang."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from house import acme

import leakguard
from leakguard import scan, sources
from leakguard.search import Whole
from leakguard.workers import cores, spread


def test_there_is_a_processor() -> None:
    assert cores() >= 1


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_results_come_in_order(jobs: int) -> None:
    assert list(spread(lambda number: number * number, range(40), jobs)) == [
        (n, n * n) for n in range(40)
    ]


def test_nothing_to_do_needs_no_process() -> None:
    assert list(spread(lambda number: os._exit(1), (), 2)) == []


def dies(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 5:
        raise RuntimeError
    return number


def test_a_process_that_dies_takes_one_task_with_it() -> None:
    made = [made for _, made in spread(dies, range(8), 2)]
    assert made == [0, 1, 2, None, 4, None, 6, 7]


def test_no_more_is_drawn_than_is_needed() -> None:
    drawn: list[int] = []
    given = (drawn.append(number) or number for number in range(1000))
    results = spread(lambda number: number, given, 2)
    assert [next(results) for _ in range(3)] == [(0, 0), (1, 1), (2, 2)]
    assert len(drawn) < 40
    results.close()


def test_what_cannot_be_sent_is_done_here() -> None:
    given: list[Callable[[], int]] = [os.getpid, lambda: os.getpid(), os.getpid]
    here = [made == os.getpid() for _, made in spread(lambda ask: ask(), given, 2)]
    assert here == [False, True, False]


class Own:
    """What every process has one of its own of."""

    one_each_process = True

    def __init__(self) -> None:
        self.made_by = os.getpid()

    def __reduce__(self) -> str:
        raise TypeError


def test_each_process_has_its_own() -> None:
    own = Own()

    def made(given: tuple[Own, int]) -> tuple[int, int, int]:
        return given[0].made_by, os.getpid(), id(given[0])

    results = [result for _, result in spread(made, [(own, n) for n in range(40)], 2)]
    assert all(result and result[0] == result[1] != own.made_by for result in results)
    assert len({result and result[1:] for result in results}) <= 2


def test_whoever_stops_listening_ends_the_processes() -> None:
    results = spread(lambda number: os.getpid(), range(40), 2)
    _, process = next(results)
    results.close()
    assert process is not None
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


ACME = acme('"Zq Heron"')


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    (folder / "acme.toml").write_text(ACME, encoding="utf-8")
    texts = folder / "texts"
    texts.mkdir()
    for number in range(scan.MANY + 70):
        name = "zqheron" if number % 50 == 7 else "text"
        text = "The Zq Heron.\n" if number % 9 == 0 else "Nothing to see.\n"
        text += "<!-- leakguard: allow acme/t9 -- no such entry -->\n" if number % 70 == 0 else ""
        (texts / f"{name}{number}.md").write_text(text, encoding="utf-8")
    (texts / "x.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    (texts / "x.bin").write_bytes(b"\0\1Zq Heron\0\2")
    (texts / "x.txt").write_bytes(b"\0\1\2")
    return folder


def screened(folder: Path, jobs: int) -> dict[str, object]:
    now = leakguard.compile(packs=[folder / "acme.toml"], now=scan.datetime(2026, 11, 28))
    blobs = sources.from_paths([str(folder / "texts")])
    return now.screen(blobs, jobs=jobs).to_dict()


@pytest.mark.parametrize("jobs", [2, 4])
def test_the_answer_is_the_same_for_any_number_of_processes(folder: Path, jobs: int) -> None:
    alone = screened(folder, 1)
    assert alone["findings"]
    assert alone["notes"]
    assert screened(folder, jobs) == alone


def test_a_document_over_which_a_process_dies_is_not_screened(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = screened(folder, 1)
    look = scan._Run._whole

    def fatal(run: scan._Run, blob: leakguard.Blob) -> Whole | None:
        if blob.origin.path.endswith("text100.md"):
            os.kill(os.getpid(), signal.SIGKILL)
        return look(run, blob)

    monkeypatch.setattr(scan._Run, "_whole", fatal)
    shared = screened(folder, 2)
    unread = [row for row in shared["unread"] if row not in alone["unread"]]  # type: ignore[attr-defined,operator]
    assert [(Path(row["path"]).name, row["reason"]) for row in unread] == [
        ("text100.md", "internal error")
    ]
    assert shared["summary"]["exit_code"] == 3  # type: ignore[index]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interruption_ends_all_at_once(folder: Path) -> None:
    script = (
        "import os, signal, sys\n"
        "from leakguard import scan, __main__\n"
        "look = scan._Run._whole\n"
        "def slow(run, blob):\n"
        "    if blob.origin.path.endswith('text200.md'):\n"
        "        os.kill(os.getppid(), signal.SIGINT)\n"
        "        signal.pause()\n"
        "    return look(run, blob)\n"
        "scan._Run._whole = slow\n"
        # Whoever runs this in the background may have had it ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "sys.exit(__main__.main(['check', 'texts', '--only-pack', './acme.toml', '-j', '2']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, capture_output=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout) == (130, b"")
