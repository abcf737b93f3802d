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
from datetime import UTC, datetime
from pathlib import Path

from sayso_ingest.analysis import catalog
from sayso_ingest.eventlog import open_reader
from sayso_ingest.lander import Lander, run
from sayso_ingest.places import log_folder
from sayso_ingest.warehouse import Publisher, Warehouse

from bench.load.landing import NEVER
from bench.run import ROOT


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


class Counting(Lander):
    """A lander with a clock beside each half of its work."""

    share = Share()

    def step(self) -> bool:
        """Land, and count."""
        began = time.perf_counter()
        landed = super().step()
        self.share.landing += time.perf_counter() - began
        return landed

    def publish_if_due(self, *, last: bool = False) -> bool:
        """Publish, and count."""
        began = time.perf_counter()
        published = super().publish_if_due(last=last)
        self.share.publishing += time.perf_counter() - began
        self.share.copies += published
        return published


def main() -> None:
    folder, interval = Path(sys.argv[1]), float(sys.argv[2])
    warehouse = Warehouse.open(folder, views=catalog())
    reader = open_reader("sqlite", folder=log_folder(folder), project=folder.name)
    if interval != NEVER:
        # The first two copies are whole ones, for lack of one to bring forward: what they cost is paid off for minutes.
        for _ in range(2):
            early = Publisher(warehouse, folder)
            early.start(now=datetime.now(UTC))
            early.poll(wait=True)
    lander = Counting(reader, warehouse, Publisher(warehouse, folder, interval=interval))
    lander.publish_if_due(last=True)
    stop = threading.Event()
    threading.Thread(target=_listen, args=(lander, stop), daemon=True).start()
    print("ready", flush=True)
    run(lambda known: {} if known else {folder.name: lambda: lander}, stop)


def _listen(lander: Counting, stop: threading.Event) -> None:
    """Count between the first line that comes and the second; stop when there are no more."""
    if sys.stdin.readline():
        lander.share = Share()
        began, written = time.perf_counter(), _written()
    if sys.stdin.readline():
        lander.share.wall = time.perf_counter() - began
        lander.share.written = _written() - written
        print(json.dumps(asdict(lander.share)), flush=True)
    sys.stdin.read()
    stop.set()


def _written() -> int:
    """Bytes that this process and its ended children gave the disk to write."""
    lines = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(lines["write_bytes"])


if __name__ == "__main__":
    main()
