"""What the lander refuses is kept, however it comes."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from landed import append, event, land
from sayso_ingest.warehouse import Published


def test_a_reused_id_that_comes_twice_at_once_is_kept_once_and_counts_as_a_repeat(tmp_path: Path) -> None:
    again = str(UUID(int=1))
    append(tmp_path / "p", event(id=again))
    land(tmp_path / "p")
    other = event(id=again, body={"value": "down"})
    append(tmp_path / "p", other, other)
    land(tmp_path / "p")
    with Published.open(tmp_path / "p") as copy:
        assert copy.table("SELECT reason, event_id FROM rejects")[1] == [("id_reused", again)]
        assert copy.table("SELECT sum(n) FROM counts WHERE reason = 'repeat'")[1] == [(1,)]
