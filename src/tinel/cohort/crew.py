"""Work shared by several processes, any of which may be ended from outside at any time."""

from __future__ import annotations

import os
import pickle
import signal
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from tinel.errors import TinelError
from tinel.undisturbed import STOPPING, undisturbed

MOST_LOSSES = 4  # of one piece of work, before it is given up
NO_MEMORY = 12  # exit code of a worker that asked for memory and got none
Item = TypeVar("Item")
Made = TypeVar("Made")
_SPAWN = get_context("spawn")  # forking a process in which JAX runs threads can hang


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    item: Any = None


def shared(
    work: Callable[[Item], Made],
    items: Sequence[Item],
    workers: int,
    lost: Callable[[str], None],
) -> Iterator[tuple[Item, Made]]:
    """Yield every item with what ``work`` makes of it, in the order they are finished.

    A worker that is ended from outside (the kernel does so when memory is short) costs its own
    item only, which is given to another. An item lost twice costs one worker as well, so that the
    others have more memory.

    Args:
        work: picklable; called in the workers.
        items: picklable and hashable.
        workers: how many processes at the most.
        lost: called with a sentence when a worker was lost for the first time.

    Raises:
        TinelError: one item was lost ``MOST_LOSSES`` times.
        Exception: whatever ``work`` raises.
    """
    waiting, losses = list(reversed(items)), dict.fromkeys(items, 0)
    crew: list[_Worker] = []
    try:
        while waiting or any(w.item is not None for w in crew):
            busy = sum(w.item is not None for w in crew)
            while len(crew) < min(workers, busy + len(waiting)):
                try:
                    crew.append(_start(work))
                except OSError:  # the system allows no more processes
                    workers = len(crew)
            if not crew:
                item = waiting.pop()
                yield item, work(item)
                continue
            for worker in crew:
                if worker.item is None and waiting:
                    worker.item = waiting.pop()
                    with suppress(OSError):  # a lost worker shows itself below
                        worker.pipe.send(worker.item)
            ready = wait([w.pipe for w in crew] + [w.process.sentinel for w in crew])
            for worker in [w for w in crew if w.pipe in ready or w.process.sentinel in ready]:
                item, worker.item = worker.item, None
                try:
                    fine, made = worker.pipe.recv()
                except (EOFError, OSError):
                    crew.remove(worker)
                    told = _end(worker)
                    if item is not None:
                        waiting.append(item)
                        losses[item] += 1
                        workers = _fewer(item, losses, workers, told, lost)
                    continue
                if not fine:
                    raise made
                yield item, made
    finally:
        for worker in crew:
            _end(worker)


def _fewer(
    item: Any, losses: dict[Any, int], workers: int, told: str, lost: Callable[[str], None]
) -> int:
    if losses[item] == MOST_LOSSES:
        message = f"a worker was lost {MOST_LOSSES} times at the same part of the work ({told})"
        advice = "often memory is short: close other programs, or compute fewer twins"
        if told == "exit code 1":
            advice = 'a script that uses workers needs: if __name__ == "__main__":'
        raise TinelError(message, advice=advice)
    if sum(losses.values()) == 1:
        lost(f"a worker was lost ({told}; often memory is short); its part is computed again")
    return max(1, workers - 1) if losses[item] > 1 else workers


def _start(work: Callable[[Any], Any]) -> _Worker:
    here, there = _SPAWN.Pipe()
    process = _SPAWN.Process(target=_serve, args=(work, there), daemon=True)
    if hasattr(signal, "pthread_sigmask"):
        resource_tracker.ensure_running()  # else started within, where it lets the signals through
    # A parent stopped in the middle of this would leave a worker with half an order. A worker
    # inherits which signals are held back: Ctrl-C reaches it too, and in the middle of its
    # imports would make it complain at length; its parent ends it anyway.
    with undisturbed():
        process.start()
    there.close()  # so that the end of the worker is seen as the end of the pipe
    return _Worker(process, here)


def _end(worker: _Worker) -> str:
    worker.pipe.close()
    worker.process.join(0 if worker.item is not None else 0.5)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()
    code = worker.process.exitcode or 0
    if code == NO_MEMORY:
        return "no memory"
    return signal.strsignal(-code) or f"signal {-code}" if code < 0 else f"exit code {code}"


def _serve(work: Callable[[Any], Any], pipe: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
    warnings.simplefilter("ignore")  # the parent has said it already
    with suppress(EOFError, OSError):  # the parent has gone
        while True:
            item = pipe.recv()
            try:
                answer: tuple[bool, Any] = True, work(item)
            except MemoryError:
                os._exit(NO_MEMORY)
            except Exception as problem:
                answer = False, _sendable(problem)
            pipe.send(answer)
    os._exit(0)


def _sendable(problem: Exception) -> Exception:
    try:
        pickle.loads(pickle.dumps(problem))
    except Exception:
        return RuntimeError(f"{type(problem).__name__}: {problem}")
    return problem
