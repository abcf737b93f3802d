"""Half of what this machine takes, for long, with analysts reading: what grows, and how fast.

    python -m bench.soak MINUTES [EVENTS_A_SECOND]

Samples and a picture of them go into `.cache/soak`; the table is printed.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import altair
import duckdb
import numpy as np
import requests

from bench.capacity import measured
from bench.load import paced
from bench.load.whole import Whole, pss_mb, serving_all
from bench.run import ROOT

OUT = ROOT / ".cache" / "soak"
SEGMENT = 10.0
"""Seconds between two samples; the latencies of a sample are those of its requests."""
WARM = 0.25
"""Of the run that is left out of the slopes: buffers fill, and code that runs for the first time is compiled."""
PAGES = ("/", "/inbox", "/prompts", "/questions/what_goes_wrong", "/health")
QUESTIONS = (
    "SELECT kind, count(*) FROM events GROUP BY kind",
    "SELECT value, count(*) FROM verdicts GROUP BY value",
    "SELECT date_trunc('minute', occurred_at) AS m, count(*) FROM events GROUP BY m ORDER BY m DESC LIMIT 9",
)
ROOMS = ("collect", "land", "console")
Sample = dict[str, float]


def main() -> None:
    """Run, print and draw."""
    seconds = float(sys.argv[1]) * 60
    rate = float(sys.argv[2]) if len(sys.argv) > 2 else measured("single", "single posts, durable") / 2
    with (
        tempfile.TemporaryDirectory(prefix="sayso-soak-") as folder,
        serving_all(Path(folder) / "data") as service,
        reading(service) as read,
    ):
        samples = list(soak(service, seconds, rate, read))
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "soak.json").write_text(json.dumps(samples, indent=1))
    draw(samples, OUT / "soak.svg")
    print(f"{seconds / 60:.0f} minutes at {rate:,.0f} posts/s, {len(samples)} samples in {OUT}")
    print(table(samples))


def soak(service: Whole, seconds: float, rate: float, read: Callable[[], Sample]) -> Iterator[Sample]:
    """Send at a steady pace, and look after each segment."""
    began = time.monotonic()
    while (at := time.monotonic() - began) < seconds:
        sent = paced.steady(service.url, service.secret, rate=rate, seconds=SEGMENT)
        times = {"p50, ms": sent.p50, "p99, ms": sent.p99, "refused": float(sent.refused)}
        yield {"minute": at / 60, **times, **held(service), **read()}


def held(service: Whole) -> Sample:
    """What the processes and the folder hold now."""
    found: Sample = {}
    rooms: dict[str, list[int]] = {room: [] for room in ROOMS}
    for pid in service.processes:
        words = _words(pid)
        for room in (room for room in ROOMS if room in words or room in _words(_parent(pid))):
            rooms[room].append(pid)
    for room, pids in rooms.items():
        found[f"{room}: MB"] = pss_mb(pids)
    found["files open"] = float(sum(_entries(pid, "fd") for pid in service.processes))
    found["threads"] = float(sum(_entries(pid, "task") for pid in service.processes))
    project = service.data / "default"
    found["log, MB"] = sum(_size(file) for file in (project / "log").glob("*")) / 1e6
    found["warehouse, MB"] = sum(_size(file) for file in (project / "live").glob("*")) / 1e6
    return found


@contextmanager
def reading(service: Whole) -> Iterator[Callable[[], Sample]]:
    """An analyst with DuckDB and one in the console, who ask all the time; yields what they met since last asked."""
    said = (service.data.parent / f"{service.data.name}.err").read_text()
    console = re.search(r"console: (\S+)\)", said)
    assert console, said
    took: dict[str, list[float]] = {"question, s": [], "page, s": []}
    failed: list[str] = []
    stop = threading.Event()

    def ask() -> None:
        copy = service.data / "default" / "warehouse.duckdb"
        while not stop.wait(1.0):
            for question in QUESTIONS if copy.exists() else ():  # else nothing has been published yet
                with _noted(took["question, s"], failed), duckdb.connect(str(copy), read_only=True) as one:
                    one.sql(question).fetchall()

    def look() -> None:
        while not stop.wait(1.0):
            for page in PAGES:
                with _noted(took["page, s"], failed):
                    requests.get(console[1] + page, timeout=60).raise_for_status()

    def since() -> Sample:
        found = {name: max(times, default=0.0) for name, times in took.items()} | {
            "readers failed": float(len(failed))
        }
        for times in took.values():
            times.clear()
        return found

    readers = [threading.Thread(target=target, daemon=True) for target in (ask, look)]
    for reader in readers:
        reader.start()
    yield since
    stop.set()
    for reader in readers:
        reader.join(60)
    print("\n".join(failed[:5]))


@contextmanager
def _noted(times: list[float], failed: list[str]) -> Iterator[None]:
    began = time.monotonic()
    try:
        yield
    except (duckdb.Error, requests.RequestException) as error:
        failed.append(repr(error))
    times.append(time.monotonic() - began)


def table(samples: list[Sample]) -> str:
    """For each thing its first, last and highest value, and its slope once it is warm, by least squares."""
    warm = samples[int(len(samples) * WARM) :]
    minutes = np.array([sample["minute"] for sample in warm])
    lines = [
        "| what | first | last | most | slope an hour | of its mean |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name in (name for name in samples[0] if name != "minute"):
        values = np.array([sample[name] for sample in warm])
        slope = float(np.polyfit(minutes, values, 1)[0]) * 60 if len(warm) > 1 else 0.0
        share = f"{slope / values.mean():+.1%}" if values.mean() else ""
        most = max(sample[name] for sample in samples)
        lines.append(
            f"| {name} | {samples[0][name]:,.1f} | {samples[-1][name]:,.1f} | {most:,.1f} | {slope:+,.2f} | {share} |"
        )
    return "\n".join(lines)


def draw(samples: list[Sample], file: Path) -> None:
    """A small picture for each thing."""
    rows = [
        {"minute": sample["minute"], "what": name, "value": value}
        for sample in samples
        for name, value in sample.items()
        if name != "minute"
    ]
    chart = (
        altair.Chart(altair.Data(values=rows))
        .mark_line()
        .encode(x="minute:Q", y=altair.Y("value:Q", title=None))
    )
    small = chart.properties(width=220, height=120).facet("what:N", columns=4)
    small.resolve_scale(y="independent").save(file)


def _words(pid: int) -> list[str]:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    return []


def _parent(pid: int) -> int:
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def _entries(pid: int, kind: str) -> int:
    with suppress(OSError):
        return sum(1 for _ in Path(f"/proc/{pid}/{kind}").iterdir())
    return 0


def _size(file: Path) -> int:
    with suppress(OSError):
        return file.stat().st_size
    return 0


if __name__ == "__main__":
    main()
