"""Batches of 100, each validated and durable before it is answered, beside raw SQLite appends of the same bytes."""

from __future__ import annotations

import gzip
import multiprocessing
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Beside, Figure, in_turn
from bench.load.serving import Serving, collecting
from bench.load.traffic import envelope, events
from bench.load.wrk import highest_rate, need_wrk
from bench.run import Run

BATCH = 100
BODIES = 200
"""Different bodies, sent in turn: the collector does not look for repeats."""
AT_ONCE = 16
"""Connections."""
WRITERS = 2
"""Processes, as the collector has; each with a file of its own."""


def measure(run: Run) -> Iterator[Figure]:
    need_wrk()
    seconds = run.size(10, 1)
    batches = bodies(run.folder / "plain", run.folder / "gzip")
    bytes_each = sum(map(len, batches)) / len(batches) / BATCH
    with collecting(run.folder / "data") as ours:
        plain, zipped, raw = in_turn(
            lambda: events_a_second(ours, run.folder / "plain", "", seconds),
            lambda: events_a_second(ours, run.folder / "gzip", "gzip", seconds),
            lambda: raw_appends(run.folder, batches, seconds),
            rounds=run.size(3, 1),
        )
    beside = [Beside("raw SQLite appends with synchronous=FULL, two processes, of the same bytes", raw)]
    what = f"batches of {BATCH}, durable, validated, {bytes_each:.0f} bytes an event"
    for rate, form in ((plain, ""), (zipped, ", gzip")):
        goal = ">= 100,000 events/s, >= 40 % of raw" if not form else ""
        met = (rate >= 100_000 and rate >= 0.4 * raw) if goal else None
        yield Figure(what + form, rate, "events/s", beside, goal, met)


def bodies(plain: Path, zipped: Path) -> list[bytes]:
    """Write the bodies where wrk reads them."""
    plain.mkdir()
    zipped.mkdir()
    stream = events(BODIES * BATCH)
    bodies = [envelope([next(stream) for _ in range(BATCH)]) for _ in range(BODIES)]
    for number, body in enumerate(bodies):
        (plain / f"{number}.body").write_bytes(body)
        (zipped / f"{number}.body").write_bytes(gzip.compress(body, 6))
    return bodies


def events_a_second(
    server: Serving, folder: Path, encoding: str, seconds: float, *, connections: int = AT_ONCE
) -> float:
    """Send the bodies of a folder in turn, and say how many events of them are accepted."""
    words = (server.secret, str(folder), str(BODIES), encoding)
    return highest_rate(server.url, "replay.lua", *words, seconds=seconds, connections=connections) * BATCH


def raw_appends(folder: Path, batches: list[bytes], seconds: float) -> float:
    """Events a second when nothing is done but appending each batch and committing it."""
    with multiprocessing.get_context("fork").Pool(WRITERS) as pool:
        rates = pool.starmap(_append, [(folder / f"raw{n}.db", batches, seconds) for n in range(WRITERS)])
    return sum(rates)


def _append(path: Path, batches: list[bytes], seconds: float) -> float:
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE records (number INTEGER PRIMARY KEY, payload BLOB NOT NULL)")
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        database.execute("BEGIN IMMEDIATE")
        database.execute("INSERT INTO records(payload) VALUES (?)", (batches[count % len(batches)],))
        database.execute("COMMIT")
        count += 1
    took = time.perf_counter() - began
    database.close()
    return count * BATCH / took
