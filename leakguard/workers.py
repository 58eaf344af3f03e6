"""Work spread over processes: results in order, a process that dies takes one task with it.

On Linux processes are forked, so that they have what their parent has made ready; elsewhere the
work is pickled for them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Final, Generic, TypeVar

from leakguard.records import NamedTuple

R = TypeVar("R")
FORKS: Final = sys.platform == "linux"


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def spread(task: Callable[[int], R], count: int, jobs: int) -> Iterator[R | None]:
    """`task(0)` to `task(count - 1)`, done by `jobs` processes; None where one died over it.

    Results come in order and are pickled on their way. When the iterator is closed, or what goes
    through it is interrupted, the processes are ended at once.
    """
    crew = _Crew(task)
    done: dict[int, R | None] = {}
    given = asked = 0
    try:
        while asked < count:
            # Not too far ahead of who waits for the results: they take room.
            while given < count and len(crew.busy) < jobs and given < asked + 8 * jobs:
                crew.give(given)
                given += 1
            if asked not in done:
                done.update(crew.results())
            while asked in done:
                yield done.pop(asked)
                asked += 1
    finally:
        crew.end()


class _Worker(NamedTuple):
    process: BaseProcess
    line: Connection[Any, Any]


class _Crew(Generic[R]):
    """Processes that do one task at a time."""

    def __init__(self, task: Callable[[int], R]) -> None:
        self._task = task
        self._context: Any = get_context("fork" if FORKS else "spawn")
        self._idle: list[_Worker] = []
        self.busy: dict[int, _Worker] = {}

    def give(self, number: int) -> None:
        """Have a task begun, by a process that waits or by a new one."""
        worker = self._idle.pop() if self._idle else self._hired()
        worker.line.send(number)
        self.busy[number] = worker

    def results(self) -> dict[int, R | None]:
        """Wait for at least one task that is done, or whose process has died."""
        ready = set(wait([worker.line for worker in self.busy.values()]))
        found: dict[int, R | None] = {}
        for number, worker in list(self.busy.items()):
            if worker.line not in ready:
                continue
            del self.busy[number]
            try:
                found[number] = worker.line.recv()
            except (EOFError, OSError):
                found[number] = None
                worker.line.close()
                worker.process.join()
                continue
            self._idle.append(worker)
        return found

    def end(self) -> None:
        """Let those go that wait, and end those that are busy."""
        for worker in self.busy.values():
            worker.process.kill()
        for worker in (*self._idle, *self.busy.values()):
            worker.line.close()
            worker.process.join()

    def _hired(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        others = [worker.line for worker in (*self._idle, *self.busy.values())] if FORKS else []
        process = self._context.Process(
            target=_serve, args=(self._task, theirs, (ours, *others) if FORKS else ()), daemon=True
        )
        process.start()
        theirs.close()
        return _Worker(process, ours)


def _serve(
    task: Callable[[int], object],
    line: Connection[Any, Any],
    not_mine: tuple[Connection[Any, Any], ...],
) -> None:
    """A process's life: tasks until the line is closed."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who began it ends it
    for other in not_mine:
        other.close()  # an open end here would hide the end of another process
    try:
        while True:
            line.send(task(line.recv()))
    except (EOFError, OSError):
        pass
    finally:
        os._exit(0)  # what the parent had buffered to write is not for this process to write
