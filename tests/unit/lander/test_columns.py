"""Events that are flattened together become the rows that the table of fields says of each of them alone."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from contract.golden import accepted, rejected
from hypothesis import given, settings
from hypothesis import strategies as st
from sayso_ingest.errors import LogError
from sayso_ingest.eventlog.base import Entry
from sayso_ingest.lander.fields import FIELDS, KNOWN
from sayso_ingest.lander.plain import TYPES, decode_plain, kind_of
from sayso_ingest.lander.read import SLICE_BYTES, MakeRows, Read, read_entries
from sayso_ingest.lander.rows import content_hash
from sayso_ingest.record import Submission, pack

GOLDEN = [
    {**golden.event, "verified": True}
    for golden in (*accepted(), *rejected())
    if isinstance(golden.event, dict) and len(golden.text) < 20_000
]
SHARED = {
    *("event_id", "content_hash", "received_at", "sent_at", "key_id", "key_kind", "log_source", "log_offset"),
    *("occurred_at", "who", "kind"),
}
"""Columns that do not stand in one field of the event; other tests are about them."""


def alone(event: dict[str, Any]) -> dict[str, Any]:
    """One event by the table, field by field."""
    row, rest = {}, copy.deepcopy(event)
    for column, path, convert in FIELDS[event["kind"]]:
        value = at(event, path)
        row[column] = None if value is None else convert(value)
        if path != ("body",) and isinstance(holder := at(rest, path[:-1]), dict):
            holder.pop(path[-1], None)
    del rest["id"], rest["kind"]
    for path in sorted(KNOWN[event["kind"]], key=len, reverse=True):
        holder = at(rest, path[:-1]) if path else None
        if isinstance(holder, dict) and holder.get(path[-1], ...) in ({}, None):
            del holder[path[-1]]
    return {column: value for column, value in {**row, "extra": rest or None}.items() if value is not None}


def at(event: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        event = event.get(name) if isinstance(event, dict) else None
    return event


def read(make_rows: MakeRows, *submissions: list[Any], slice_bytes: int = SLICE_BYTES) -> Read:
    """Read them back from the log, where each has a record of its own."""
    records = [
        pack(
            [Submission("key_1", "sk", "2026-03-01T12:00:00Z", events=[encoded(event) for event in events])]
        ).records[0]
        for events in submissions
    ]
    entries = [Entry("source", n, record) for n, record in enumerate(records)]
    return read_entries(entries, make_rows, slice_bytes=slice_bytes)


def encoded(event: Any) -> bytes:
    return json.dumps(event).encode()


def rows(read_: Read) -> list[dict[str, Any]]:
    numbered = [
        (number, table.rows.row(n)) for table in read_.tables for n, number in enumerate(table.numbers)
    ]
    return [row for _, row in sorted(numbered, key=lambda pair: pair[0])]


def said(row: dict[str, Any]) -> dict[str, Any]:
    kept = {column: value for column, value in row.items() if column not in SHARED}
    return {**kept, "extra": json.loads(kept["extra"])} if "extra" in kept else kept


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["text", "n", "content"]), inner),
    max_leaves=4,
)  # fmt: skip


@st.composite
def events(draw: st.DrawFn) -> Any:
    """A golden event, some of whose fields hold what no collector lets through, or an unknown name."""
    event = copy.deepcopy(draw(st.sampled_from(GOLDEN)))
    holders = [event, *(inner for inner in event.values() if isinstance(inner, dict))]
    for _ in range(draw(st.integers(0, 2))):
        holder = draw(st.sampled_from(holders))
        name = draw(st.sampled_from([*holder, "colour", "prompt", "source", "score", "survival"]))
        holder[name] = draw(VALUES)
    return event


@settings(deadline=None)
@given(batch=st.lists(st.lists(events() | VALUES, max_size=4), max_size=4))
def test_rows_made_together_are_the_rows_made_alone(make_rows: MakeRows, batch: list[list[Any]]) -> None:
    """Of any events of any kinds; what is malformed alone is a reject, and spoils no other."""
    expected, refused = [], 0
    for event in [event for events in batch for event in events]:
        try:
            (row,) = rows(read(make_rows, [event]))
            assert (said(row), row["content_hash"]) == (alone(event), content_hash(event))
            expected.append(row)
        except ValueError:
            refused += 1
    together = read(make_rows, *batch)
    assert [without_place(row) for row in rows(together)] == [without_place(row) for row in expected]
    assert [reject["reason"] for reject in together.rejects] == ["unstorable"] * refused


def without_place(row: dict[str, Any]) -> dict[str, Any]:
    return {column: value for column, value in row.items() if column != "log_offset"}


def test_what_collectors_accept_is_plain() -> None:
    """So the quick way is the way that is taken: by all events that hold nothing unknown, but for verdicts."""
    for event in (golden.event for golden in accepted() if golden.event["kind"] in TYPES):
        sent = json.dumps([{**event, "verified": True}]).encode()
        assert "extra" in alone(event) or [kind_of(each) for each in decode_plain(sent) or []] == [
            event["kind"]
        ]


@settings(deadline=None)
@given(batch=st.lists(events(), min_size=1, max_size=3))
def test_plain_events_become_the_rows_that_dictionaries_become(
    make_rows: MakeRows, batch: list[dict[str, Any]]
) -> None:
    """Each column of each row, also where one event sends all the others the long way."""
    each_alone = [row for event in batch for row in rows(read(make_rows, [event]))]
    long_way = rows(read(make_rows, [*batch, None]))
    assert [without_place(row) for row in each_alone] == [without_place(row) for row in long_way]


@settings(deadline=None)
@given(batch=st.lists(st.lists(events() | VALUES, max_size=3), max_size=5))
def test_what_is_decoded_at_once_makes_no_difference(make_rows: MakeRows, batch: list[list[Any]]) -> None:
    """Record by record or all together: the same rows with the same numbers, the same rejects, the same positions."""
    apart, together = read(make_rows, *batch, slice_bytes=1), read(make_rows, *batch, slice_bytes=1 << 40)
    assert rows(apart) == rows(together)
    numbers = [sorted(n for table in each.tables for n in table.numbers) for each in (apart, together)]
    assert numbers[0] == numbers[1]
    by_id = [sorted(each.rejects, key=lambda reject: reject["reject_id"]) for each in (apart, together)]
    assert by_id[0] == by_id[1]
    assert apart.positions == together.positions


def test_what_stands_in_slices_before_a_newer_record_is_read(make_rows: MakeRows) -> None:
    """Then it is the first of what is read, and says so."""
    record = pack([Submission("k", "sk", "2026-03-01T12:00:00Z", events=[encoded(GOLDEN[0])])]).records[0]
    newer = Entry("s", 1, b'{"v":2,"parts":[]}')
    read_ = read_entries([Entry("s", 0, record), newer], make_rows, slice_bytes=1)
    assert (len(read_.ids), read_.positions) == (1, {"s": 1})
    with pytest.raises(LogError, match="Upgrade"):
        read_entries([newer], make_rows, slice_bytes=1)
