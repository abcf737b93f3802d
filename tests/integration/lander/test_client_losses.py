"""Totals that clients report: whatever repeats, and in whatever order, the highest of each counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

import pytest
from blank import open_warehouse
from hypothesis import given, settings
from hypothesis import strategies as st
from sayso_ingest.eventlog.base import Entry
from sayso_ingest.lander.batch import without_repeats
from sayso_ingest.lander.read import read_entries
from sayso_ingest.record import Submission, pack
from sayso_ingest.warehouse import Warehouse

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CLIENTS = ("00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002")

Report = tuple[str, str, str, int]
"""Key, client, reason, total."""

reports = st.tuples(
    st.sampled_from(["key_1", "key_2"]),
    st.sampled_from(CLIENTS),
    st.sampled_from(["queue_full", "too_old"]),
    st.integers(1, 2**31 - 1),
)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """One warehouse for all examples: opening takes longer than landing."""
    warehouse = open_warehouse(tmp_path_factory.mktemp("project"))
    yield warehouse
    warehouse.close()


def land(warehouse: Warehouse, said: list[Report], offset: int) -> None:
    submissions = [
        Submission(key, "sk", NOW.isoformat(), report={"client": client, "dropped": {reason: total}})
        for key, client, reason, total in said
    ]
    entries = [Entry("source", offset + n, record) for n, record in enumerate(pack(submissions).records)]
    warehouse.land(without_repeats(read_entries(entries, warehouse.rows), {}), now=NOW)


@settings(max_examples=40, deadline=None)
@given(landings=st.lists(st.lists(reports, max_size=8), max_size=5), repeats=st.randoms())
def test_any_order_and_repetition_of_totals_gives_the_highest(
    warehouse: Warehouse, landings: list[list[Report]], repeats: object
) -> None:
    warehouse.query("DELETE FROM client_losses")
    said = [report for landing in landings for report in landing]
    again = [*said, *said]
    repeats.shuffle(again)  # type: ignore[attr-defined]  # a random.Random, which Hypothesis replays
    offset = count()
    for landing in [*landings, again]:
        land(warehouse, landing, next(offset))
    highest: dict[tuple[str, str, str], int] = {}
    for *about, total in said:
        key = (about[0], about[1], about[2])
        highest[key] = max(total, highest.get(key, 0))
    assert sorted(warehouse.query("SELECT key_id, client::VARCHAR, reason, n FROM client_losses")) == sorted(
        (*key, total) for key, total in highest.items()
    )
    by_reason = dict(
        warehouse.query("SELECT reason, sum(n)::BIGINT FROM losses WHERE hop = 'client' GROUP BY 1")
    )
    assert sum(by_reason.values()) == sum(highest.values())


def test_what_the_collector_turned_away_is_counted_as_its_own(warehouse: Warehouse) -> None:
    report = {"dropped": {"too_old": 1}, "turned_away": {"too_fast": 200, "else": -1}}
    records = pack([Submission("key_9", "pk", NOW.isoformat(), report=report)]).records
    warehouse.land(
        without_repeats(read_entries([Entry("other", 0, records[0])], warehouse.rows), {}), now=NOW
    )
    assert sorted(warehouse.query("SELECT hop, reason, n FROM losses WHERE key_id = 'key_9'")) == [
        ("client", "too_old", 1),
        ("collector", "too_fast", 200),
    ]
