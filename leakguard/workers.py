"""Work spread over processes: results in order, a process that dies takes one task with it.

On Linux processes are forked, so that they have what their parent has made ready; elsewhere that
is pickled for them. What they work on is pickled everywhere, as it comes: nothing has to be known
to the end before the first process begins.
"""

from __future__ import annotations

import io
import os
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Final, Generic, TypeVar

from leakguard.records import NamedTuple

T = TypeVar("T")
R = TypeVar("R")
FORKS: Final = sys.platform == "linux"
AHEAD: Final = 8  # results that may wait for an earlier one, for each process


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def spread(task: Callable[[T], R], given: Iterable[T], jobs: int) -> Iterator[tuple[T, R | None]]:
    """All of `given`, each with what `task` makes of it; None where the process died over it.

    Results come in the order of `given`, of which no more is drawn than `jobs` processes need.
    What cannot be pickled is done by this process. But an object that refuses to be, and whose
    class says `one_each_process = True`, each process makes for itself, without arguments. When
    the iterator is closed, or what goes through it is interrupted, the processes are ended at once.
    """
    crew = _Crew(task)
    waiting = iter(enumerate(given))
    ready = _packed(waiting)
    drawn: dict[int, T] = {}
    done: dict[int, R | None] = {}
    asked = 0
    try:
        while ready or drawn:
            while ready and len(crew.busy) < jobs and ready.number < asked + AHEAD * jobs:
                drawn[ready.number] = ready.thing
                if ready.packed is not None:
                    crew.give(ready.number, ready.packed)
                ready = _packed(waiting)
            if asked not in done and asked in crew.busy:
                done.update(crew.results())
            while asked in drawn and (asked in done or asked not in crew.busy):
                thing = drawn.pop(asked)
                yield thing, done.pop(asked) if asked in done else task(thing)
                asked += 1
    finally:
        crew.end()


class _Ready(NamedTuple, Generic[T]):
    """What is to be done next: `packed` is it on its way to another process, if it can go there."""

    number: int
    thing: T
    packed: bytes | None


def _packed(waiting: Iterator[tuple[int, T]]) -> _Ready[T] | None:
    for number, thing in waiting:
        for dumps in (pickle.dumps, _dumps):  # the second asks about each string and number too
            try:
                return _Ready(number, thing, dumps(thing, pickle.HIGHEST_PROTOCOL))
            except (pickle.PicklingError, AttributeError, TypeError):  # are all said of a lambda
                continue
        return _Ready(number, thing, None)
    return None


def _dumps(thing: object, protocol: int) -> bytes:
    stream = io.BytesIO()
    _Pickler(stream, protocol).dump(thing)
    return stream.getvalue()


class _Pickler(pickle.Pickler):
    def persistent_id(self, thing: object) -> object:
        kind = type(thing)
        return kind if getattr(kind, "one_each_process", False) else None


class _Unpickler(pickle.Unpickler):
    """Reads what was sent; `own` are the objects that this process has for itself."""

    def __init__(self, content: bytes, own: dict[type, object]) -> None:
        super().__init__(io.BytesIO(content))
        self._own = own

    def persistent_load(self, kind: type) -> object:
        if kind not in self._own:
            self._own[kind] = kind()
        return self._own[kind]


class _Worker(NamedTuple):
    process: BaseProcess
    line: Connection[Any, Any]


class _Crew(Generic[R]):
    """Processes that do one task at a time."""

    def __init__(self, task: Callable[[Any], R]) -> None:
        self._task = task
        self._context: Any = get_context("fork" if FORKS else "spawn")
        self._idle: list[_Worker] = []
        self.busy: dict[int, _Worker] = {}

    def give(self, number: int, packed: bytes) -> None:
        """Have a task begun, by a process that waits or by a new one."""
        worker = self._idle.pop() if self._idle else self._hired()
        self.busy[number] = worker
        with suppress(OSError):  # it has died: its results say so
            worker.line.send_bytes(packed)

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
    task: Callable[[Any], object],
    line: Connection[Any, Any],
    not_mine: tuple[Connection[Any, Any], ...],
) -> None:
    """A process's life: tasks until the line is closed."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who began it ends it
    for other in not_mine:
        other.close()  # an open end here would hide the end of another process
    own: dict[type, object] = {}
    try:
        while True:
            line.send(task(_Unpickler(line.recv_bytes(), own).load()))
    except (EOFError, OSError):
        pass
    finally:
        os._exit(0)  # what the parent had buffered to write is not for this process to write
