"""Pure: a record of the log -> the same without what was erased."""

from __future__ import annotations

from collections.abc import Mapping

from sayso_ingest.event import JSON
from sayso_ingest.record import NOTHING, NotARecord, Submission, encode_json, pack, unpack
from sayso_ingest.warehouse import Belongings, Traces


class Cleaner:
    """Takes what is a subject's out of records that are landed; what is not landed yet came later, and stays."""

    def __init__(self, found: Belongings, landed: Mapping[str, int]) -> None:
        self._ids = found.ids
        self._traces = Traces(found)
        self._landed = landed

    def __call__(self, source: str, offset: int, payload: bytes) -> bytes | None:
        """Say what a record is to be instead; None where it stays."""
        if offset >= self._landed.get(source, 0):
            return None
        try:
            parts = unpack(payload)
        except NotARecord:
            return NOTHING if self._traces.in_bytes(payload) else None
        cleaned, changed = [], False
        for part in parts:
            events = [event for event in part.events if not self._is_theirs(event)]
            rejects = [
                r for r in part.rejects if r.event_id not in self._ids and not self._traces.in_bytes(r.raw)
            ]
            changed = changed or len(events) < len(part.events) or len(rejects) < len(part.rejects)
            encoded = [encode_json(event) for event in events]
            cleaned.append(
                Submission(
                    part.key_id, part.key_kind, part.received_at, part.sent_at, part.report, encoded, rejects
                )
            )
        if not changed:
            return None
        records = pack(cleaned).records
        return records[0] if records else NOTHING

    def _is_theirs(self, event: JSON) -> bool:
        known = isinstance(event, Mapping) and str(event.get("id")).lower() in self._ids
        return known or self._traces.of(event)
