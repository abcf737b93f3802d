"""The lander of a lake, PostgreSQL and the S3 server are killed over and over: what was accepted is there, once."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from lakes import PROJECT, Servers
from landed import append, thumb
from sayso_ingest.analysis import catalog
from sayso_ingest.errors import SaysoError
from sayso_ingest.places import log_folder
from sayso_ingest.warehouse import Lake, Published

pytestmark = pytest.mark.lake

KILLS = int(os.environ.get("LAKE_KILLS", "7"))
ROLES = ("land", "land", "land", "postgres", "land", "land", "s3")
TOPICS = 40
SETTLED_WITHIN = 300.0
UPKEEP = "3"
"""Seconds: so that files are merged and removed in the midst of it."""


class Lander:
    """`sayso land` on a lake, started again by whoever would do that: a supervisor."""

    def __init__(self, data: Path, servers: Servers, lake: Lake) -> None:
        self._words = [sys.executable, "-m", "sayso_ingest", "land", "--data", str(data)]
        self._environ = {
            **os.environ,
            **servers.environ(lake),
            "SAYSO_LAKE_UPKEEP": UPKEEP,
            "SAYSO_LAKE_KEEP": "60",
        }
        self._said = data / "land.err"
        self._process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Start it, unless it runs."""
        if self._process is None or self._process.poll() is not None:
            with self._said.open("ab") as said:
                self._process = subprocess.Popen(self._words, env=self._environ, stderr=said)

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    @property
    def said(self) -> str:
        """What it wrote on standard error."""
        return self._said.read_text(errors="replace")


def counted(lake: Lake) -> tuple[int, int, int]:
    """Events, different ids, and repeats that were counted."""
    try:
        with Published.open(lake) as published:
            [(events, ids)] = published.table("SELECT count(*), count(DISTINCT event_id) FROM events")[1]
            [(repeats,)] = published.table(
                "SELECT coalesce(sum(n), 0)::INT FROM counts WHERE reason = 'repeat'"
            )[1]
    except SaysoError:
        return 0, 0, 0
    return events, ids, repeats


def test_nothing_is_lost_or_doubled_whatever_is_killed(lake_servers: Servers, tmp_path: Path) -> None:
    """Every event that was in the log is in the lake once, repeats are counted, and views say what was said last."""
    folder = tmp_path / PROJECT
    log_folder(folder).mkdir(parents=True)
    lake = lake_servers.blank(folder, catalog())
    lander, chance, kills = Lander(tmp_path, lake_servers, lake), random.Random(7), Counter[str]()
    sent, repeats, last = [], 0, {}
    try:
        for turn in range(KILLS):
            lander.run()
            fresh = [
                thumb(
                    chance.choice(("up", "down")),
                    target=f"m{chance.randrange(TOPICS)}",
                    seq=10_000 * turn + n,
                )
                for n in range(chance.choice((3, 150)))
            ]
            again = chance.sample(sent, min(5, len(sent)))
            append(folder, *fresh, *again)
            sent, repeats = [*sent, *fresh], repeats + len(again)
            last |= {one["target"]: one["body"]["value"] for one in fresh}
            time.sleep(chance.uniform(0.5, 8))
            role = ROLES[turn % len(ROLES)]
            kills[role] += 1
            if role == "land":
                lander.kill()
            else:
                lake_servers.kill(role)
                time.sleep(chance.uniform(0, 2))
                lake_servers.start_postgres() if role == "postgres" else lake_servers.start_s3()
        deadline = time.monotonic() + SETTLED_WITHIN
        while (found := counted(lake)) != (len(sent), len(sent), repeats) and time.monotonic() < deadline:
            lander.run()
            time.sleep(1)
    finally:
        lander.kill()
    print(f"\nkilled: {dict(kills)}; {len(sent)} events, {repeats} repeats: {found}")
    assert found == (len(sent), len(sent), repeats), lander.said[-4000:]
    with Published.open(lake) as published:
        assert dict(published.table("SELECT target, value FROM verdicts")[1]) == last
    assert "Traceback" not in lander.said
