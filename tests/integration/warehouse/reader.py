"""A reader in a process of its own, with whatever DuckDB is on its path: `reader.py loop|hold|write FILE`.

It reads lines from standard input: one line ends it. It prints one JSON object when it ends.
"""

from __future__ import annotations

import json
import os
import sys
import threading

import duckdb

QUESTION = """
SELECT (SELECT count(*) FROM events), (SELECT events FROM published), (SELECT count(DISTINCT event_id) FROM events),
       (SELECT count(*) FROM verdicts),
       (SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM feedback GROUP BY target))
"""

ended = threading.Event()


def wait_for_end() -> None:
    sys.stdin.readline()
    ended.set()


def loop(path: str) -> dict[str, object]:
    """Open, ask, close, over and over."""
    readings: list[list[int]] = []
    errors: list[str] = []
    while not ended.is_set():
        try:
            with duckdb.connect(path, read_only=True) as connection:
                readings.append([int(n) for n in connection.execute(QUESTION).fetchall()[0]])
        except Exception as error:
            errors.append(repr(error))
    return {"version": duckdb.__version__, "readings": readings, "errors": errors}


def hold(path: str) -> dict[str, object]:
    """Open once and ask at the beginning and at the end."""
    with duckdb.connect(path, read_only=True) as connection:
        before = connection.execute(QUESTION).fetchall()
        ended.wait()
        after = connection.execute(QUESTION).fetchall()
    return {"same": before == after}


def write(path: str) -> dict[str, object]:
    """Try to open for writing, over and over, without the rights of root."""
    if os.geteuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    refused, opened = 0, 0
    while not ended.wait(0.05):
        try:
            duckdb.connect(path).close()
            opened += 1
        except duckdb.IOException:
            refused += 1
    return {"refused": refused, "opened": opened}


if __name__ == "__main__":
    threading.Thread(target=wait_for_end, daemon=True).start()
    print(json.dumps({"loop": loop, "hold": hold, "write": write}[sys.argv[1]](sys.argv[2])))
