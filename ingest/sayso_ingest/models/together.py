"""Many questions at once, so many and no more; told to stop, they bring to an end what was begun."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterable
from typing import TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


def together(
    jobs: Iterable[Job], work: Callable[[Job], Result], *, at_once: int, stopped: threading.Event
) -> Generator[tuple[Job, Result], None, None]:
    """Work on jobs in several threads, and yield each with its result as it is done.

    Once `stopped` is set nothing new is begun, and what was begun is still yielded. An error in a job does the same,
    and is raised after the last result.
    """
    waiting = iter(jobs)
    lock = threading.Lock()
    done: queue.SimpleQueue[tuple[Job, Result] | BaseException | None] = queue.SimpleQueue()
    failed = threading.Event()

    def run() -> None:
        try:
            while not (stopped.is_set() or failed.is_set()):
                with lock:
                    job = next(waiting)
                done.put((job, work(job)))
        except StopIteration:
            pass
        except BaseException as error:
            failed.set()
            done.put(error)
        finally:
            done.put(None)

    # Daemons: who interrupts a second time is not held up by an endpoint that does not answer.
    threads = [threading.Thread(target=run, daemon=True) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    error: BaseException | None = None
    running = at_once
    try:
        while running:
            found = done.get()
            if found is None:
                running -= 1
            elif isinstance(found, BaseException):
                error = error or found
            else:
                yield found
    except GeneratorExit:  # nobody wants the rest; what is being answered is paid for, and may be kept
        failed.set()
        for thread in threads if not stopped.is_set() else ():  # who leaves after that leaves at once
            thread.join()
        raise
    if error is not None:
        raise error
