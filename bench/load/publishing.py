"""A lander that says how much of its time went into publishing, and how many bytes it wrote.

    python -m bench.load.publishing PROJECT_FOLDER PUBLISH_INTERVAL

It prints "ready" after its first copy. A line on its standard input begins the count; the next one ends it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from sayso_ingest.analysis import catalog
from sayso_ingest.eventlog import open_reader
from sayso_ingest.lander import Lander
from sayso_ingest.settings import log_folder
from sayso_ingest.warehouse import Publisher, Warehouse

from bench.run import ROOT

IDLE = 0.2
"""Seconds that the lander's loop waits when there was nothing to land."""


@dataclass
class Share:
    """What was counted, in seconds and bytes."""

    wall: float = 0.0
    publishing: float = 0.0
    landing: float = 0.0
    copies: int = 0
    written: int = 0


class PublishingLander:
    """The process, from outside."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        self._process = process
        assert process.stdout.readline() == "ready\n"

    def begin(self) -> None:
        """Count from now on."""
        self._tell()

    def end(self) -> Share:
        """Count no more; say what it was."""
        self._tell()
        assert self._process.stdout
        return Share(**json.loads(self._process.stdout.readline()))

    def _tell(self) -> None:
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()


@contextmanager
def publishing(project: Path, interval: float) -> Iterator[PublishingLander]:
    """Run one on a project."""
    command = [sys.executable, "-m", "bench.load.publishing", str(project), str(interval)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield PublishingLander(process)
    finally:
        process.communicate()  # its end of input ends it


def main() -> None:
    folder, interval = Path(sys.argv[1]), float(sys.argv[2])
    warehouse = Warehouse.open(folder, views=catalog())
    reader = open_reader("sqlite", folder=log_folder(folder), project=folder.name)
    lander = Lander(reader, warehouse, Publisher(warehouse, folder, interval=interval))
    lander.publish_if_due(last=True)
    print("ready", flush=True)
    told, ended = threading.Semaphore(0), threading.Event()
    threading.Thread(target=_listen, args=(told, ended), daemon=True).start()
    _loop(lander, Share(), told, ended)
    _loop(lander, share := Share(), told, ended)
    print(json.dumps(asdict(share)), flush=True)
    ended.wait()
    lander.abandon()


def _loop(lander: Lander, share: Share, told: threading.Semaphore, ended: threading.Event) -> None:
    """What the lander's loop does, with a clock beside each half, until told."""
    began, written = time.perf_counter(), _written()
    while not told.acquire(blocking=False) and not ended.is_set():
        first = time.perf_counter()
        landed = lander.step()
        second = time.perf_counter()
        share.copies += lander.publish_if_due()
        share.landing += second - first
        share.publishing += time.perf_counter() - second
        if not landed:
            time.sleep(IDLE)
    share.wall = time.perf_counter() - began
    share.written = _written() - written


def _written() -> int:
    """Bytes that this process and its ended children gave the disk to write."""
    lines = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(lines["write_bytes"])


def _listen(told: threading.Semaphore, ended: threading.Event) -> None:
    for _ in sys.stdin:
        told.release()
    ended.set()


if __name__ == "__main__":
    main()
