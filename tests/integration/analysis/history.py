"""What happened, told line by line, and the answer of a question to it: through the real log, lander and warehouse."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from blank import open_warehouse
from sayso_ingest.analysis import catalog, question
from sayso_ingest.eventlog import MemoryLog
from sayso_ingest.lander import Lander
from sayso_ingest.record import Submission, encode_json, pack
from sayso_ingest.warehouse import Published, Publisher

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class History:
    """Events a second apart, in the order in which they are told; `day` moves one into another day."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._events: list[dict[str, Any]] = []

    def at(self, folder: Path) -> History:
        """The same so far, to go on elsewhere."""
        other = History(folder)
        other._events = list(self._events)
        return other

    def add(
        self,
        kind: str,
        target: str,
        body: dict[str, Any],
        *,
        by: str | None = None,
        day: int = 0,
        **fields: Any,
    ) -> str:
        """Add an event of somebody, with the fields of its envelope that are given; return its id."""
        number = len(self._events)
        moment = NOW + timedelta(days=day, seconds=number)
        event: dict[str, Any] = {
            "id": str(UUID(int=number + 1)),
            "kind": kind,
            "target": target,
            "occurred_at": moment.isoformat().replace("+00:00", "Z"),
            "verified": True,
            "body": body,
        }
        if by is not None:
            event["actor"] = by
        self._events.append({**event, **fields})
        return str(event["id"])

    def answer(
        self, target: str, *, version: str = "v1", by: str | None = None, day: int = 0, **body: Any
    ) -> str:
        """An interaction: prompt "reply", and what else is given of its body."""
        fields = {"session": body.pop("session")} if "session" in body else {}
        told = {"input": "ask", "output": "say", "prompt": {"name": "reply", "version": version}, **body}
        return self.add("interaction", target, told, by=by, day=day, **fields)

    def see(self, target: str, by: str, *, surface: str = "thumbs", day: int = 0) -> str:
        """An exposure."""
        return self.add("exposure", target, {"surface": surface}, by=by, day=day)

    def thumb(
        self, target: str, by: str, value: str | None, *, why: list[str] | None = None, day: int = 0
    ) -> str:
        """A thumb, with the reasons that are given for it."""
        said = self.add("thumb", target, {"value": value}, by=by, day=day)
        if why:
            self.add("detail", target, {"about": said, "reasons": why}, by=by, day=day)
        return said

    def take_back(self, event_id: str, by: str) -> None:
        """A retraction."""
        self.add("retraction", "", {"of": event_id}, by=by)
        del self._events[-1]["target"]

    def ask(self, name: str, *columns: str) -> list[tuple[Any, ...]]:
        """Land all of it, and answer a question of the catalog: the named columns, in the order of the view.

        Rates are rounded to three digits.
        """
        with self.publish() as copy:
            rows = copy.query(question(name))
        return [tuple(_rounded(row[column]) for column in columns or row) for row in rows]

    def publish(self) -> Published:
        """Land all of it, publish, and open the copy."""
        log = MemoryLog()
        sent = Submission(
            "key_1", "sk", NOW.isoformat(), events=[encode_json(event) for event in self._events]
        )
        assert all(log.writer().append(pack([sent]).records))
        warehouse = open_warehouse(self.folder, views=catalog())
        lander = Lander(
            log.reader(), warehouse, Publisher(warehouse, self.folder, interval=0), now=lambda: NOW
        )
        try:
            while lander.step():
                pass
            lander.publish_if_due(last=True)
        finally:
            lander.close()
        return Published.open(self.folder)


def _rounded(value: Any) -> Any:
    return round(value, 3) if isinstance(value, float) else value
