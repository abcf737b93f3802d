"""Whatever is sent, in whatever order and batches it lands, the warehouse says what the slow rules say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from integration.lander.histories import START, events, times
from integration.lander.oracle import Arrival, Oracle
from sayso_ingest.eventlog.base import Entry
from sayso_ingest.lander.batch import read_entries, without_repeats
from sayso_ingest.record import Submission, encode_json, pack
from sayso_ingest.warehouse import Warehouse

NOW = datetime(2026, 3, 2, tzinfo=UTC)
FACTS = ("events", "rejects", "counts", "positions")
STATE = (
    "verdict_state", "interaction_state", "replaced_interactions", "remark_state", "exposure_state",
    "ties", "identity_state",
)  # fmt: skip


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """One warehouse for all histories: opening takes longer than landing."""
    warehouse = Warehouse.open(tmp_path_factory.mktemp("project"))
    yield warehouse
    warehouse.close()


def clear(warehouse: Warehouse) -> None:
    for table in (*FACTS, *STATE):
        warehouse.query(f"DELETE FROM {table}")
    warehouse.query("UPDATE progress SET landing = 0, folded = 0")


@st.composite
def arrivals(draw: st.DrawFn) -> list[Arrival]:
    """Events as they reach the collector: repeats, wrong clocks, any order."""
    sent = draw(st.lists(events(), min_size=1, max_size=25))
    copies = draw(st.lists(st.sampled_from(sent), max_size=5))
    shuffled = draw(st.permutations(sent + copies))
    return [draw(st.builds(
        Arrival, st.just(event), st.sampled_from(["sk", "pk"]), times(),
        st.sampled_from([None, START, START - timedelta(minutes=25), START + timedelta(minutes=45)]),
    )) for event in shuffled]  # fmt: skip


def land(warehouse: Warehouse, batch: list[Arrival], offset: int) -> None:
    submissions = [
        Submission(
            key_id=f"key_{a.key_kind}",
            key_kind=a.key_kind,
            received_at=a.received_at.isoformat(),
            sent_at=a.sent_at.isoformat() if a.sent_at else None,
            events=[encode_json(a.event)],
        )
        for a in batch
    ]
    entries = [Entry("source", offset + n, record) for n, record in enumerate(pack(submissions).records)]
    read = read_entries(entries)
    warehouse.land(without_repeats(read, warehouse.stored(read.ids)), now=NOW)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=arrivals(), cuts=st.lists(st.tuples(st.integers(1, 6), st.booleans()), min_size=1))
def test_the_warehouse_agrees_with_the_oracle(
    warehouse: Warehouse, history: list[Arrival], cuts: list[tuple[int, bool]]
) -> None:
    """Verdicts, interactions, comments, scopes and exposures are what the oracle says, in any order and batches."""
    clear(warehouse)
    rest, turn = list(history), 0
    while rest:
        size, fold = cuts[turn % len(cuts)]
        land(warehouse, rest[:size], turn * 100)
        rest, turn = rest[size:], turn + 1
        if fold:
            warehouse.fold(now=NOW)
    warehouse.fold(now=NOW)
    check(warehouse, Oracle(history))


def check(warehouse: Warehouse, oracle: Oracle) -> None:
    key = "target, part, who, kind, name, rubric"
    verdicts = warehouse.query(f"SELECT {key}, event_id, value FROM verdicts")
    assert {row[:6]: (str(row[6]), row[7]) for row in verdicts} == oracle.verdicts()
    assert len(verdicts) == len(oracle.verdicts())
    feedback = warehouse.query(f"SELECT {key}, scope FROM feedback")
    assert {row[:6]: row[6] for row in feedback} == oracle.scopes()
    assert len(feedback) == len(verdicts)
    interactions = warehouse.query("SELECT target, event_id FROM interactions")
    assert {t: str(i) for t, i in interactions} == oracle.interactions()
    details = warehouse.query("SELECT about, event_id FROM details")
    assert {str(a): str(d) for a, d in details} == oracle.details()
    comments = warehouse.query("SELECT event_id FROM comments")
    assert sorted(str(i) for (i,) in comments) == sorted(oracle.comments())
    exposures: list[tuple[Any, ...]] = warehouse.query(
        "SELECT target, part, who, surface, times FROM exposures"
    )
    assert {row[:4]: row[4] for row in exposures} == oracle.exposures()
    assert warehouse.query("SELECT count(*), count(DISTINCT event_id) FROM events") == [
        (len(oracle.held),) * 2
    ]
