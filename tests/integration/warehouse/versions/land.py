"""Land a history with whatever code is on the path: `land.py HISTORY FOLDER`, run by make.py."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from sayso_ingest.event import Reason, Rejection
from sayso_ingest.eventlog import open_reader, open_writer
from sayso_ingest.lander import Lander
from sayso_ingest.record import Submission, encode_json, pack
from sayso_ingest.warehouse import Publisher, Warehouse

NOW = datetime(2026, 3, 1, 13, 0, tzinfo=UTC)


def land(history: list[list[dict[str, object]]], folder: Path) -> None:
    """Land each part by itself; what comes after the first two is not folded."""
    warehouse = Warehouse.open(folder)
    lander = Lander(
        open_reader("sqlite", folder=folder / "log", project="p"),
        warehouse,
        Publisher(warehouse, folder),
        now=lambda: NOW,
    )
    for number, events in enumerate(history):
        writer = open_writer("sqlite", folder=folder / "log", project="p")
        for event in events:
            refused = Rejection.of(encode_json(event), Reason.WRONG_TYPE, event_id=str(event["id"]))
            submission = Submission(
                "key_pk", "pk", str(event["occurred_at"]), events=[encode_json(event)],
                rejects=[refused] if number == 0 else [],
            )  # fmt: skip
            assert all(writer.append(pack([submission]).records))
        writer.close()
        while lander.step():
            pass
        if number < 2:
            warehouse.fold(now=NOW)
    warehouse.checkpoint()
    lander.abandon()


if __name__ == "__main__":
    land(json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2]))
