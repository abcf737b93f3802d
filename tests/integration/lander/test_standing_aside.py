"""Who keeps the lander away lets go by itself. Where it does not, that is said, and counts as a failure."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from blank import open_warehouse
from sayso_ingest.eventlog import MemoryLog
from sayso_ingest.lander import Lander, run
from sayso_ingest.lander.run import ASKED_FOR
from sayso_ingest.warehouse import Publisher
from sayso_ingest.warehouse.aside import asked


class Rounds:
    """A clock that goes on by a third of the bound in each round, and what is told after it."""

    def __init__(self, asking: ExitStack) -> None:
        self.seconds = 0.0
        self.stop = threading.Event()
        self.told: list[tuple[int, str]] = []
        self._asking = asking

    def landed(self, *_: object, **__: object) -> None: ...

    def looked(self, *_: object, **__: object) -> None: ...

    def published(self, project: str) -> None: ...

    def round(self, failures: Mapping[str, int], errors: Mapping[str, str]) -> None:
        self.told.append((failures["p"], errors.get("p", "")))
        self.seconds += ASKED_FOR / 3
        if len(self.told) == 7:
            self._asking.close()
        if len(self.told) == 8:
            self.stop.set()


def test_for_long_it_is_told_once_and_counts_as_a_failure_until_it_ends(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def open_lander() -> Lander:
        warehouse = open_warehouse(tmp_path)
        return Lander(MemoryLog().reader(), warehouse, Publisher(warehouse, tmp_path))

    with ExitStack() as asking:
        asking.enter_context(asked(tmp_path / "live"))
        rounds = Rounds(asking)
        run(
            lambda known: {} if known else {"p": open_lander},
            rounds.stop,
            idle=0,
            clock=lambda: rounds.seconds,
            measures=rounds,
        )
    assert rounds.told == [*[(0, "")] * 3, *[(1, "StandAside")] * 3, (2, "StandAside"), (0, "")]
    assert [record.message.count("aside.lock") for record in caplog.records] == [1]
