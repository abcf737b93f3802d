"""The declared contract: one table of messages, strict types, and times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import marshmallow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sayso_ingest.collector import fields
from sayso_ingest.collector.faults import envelope_fault, event_fault, reason_of
from sayso_ingest.collector.schema import BODIES, ENVELOPE, HEADS
from sayso_ingest.event import Kind, Reason

ID = "019bc0de-0000-7000-8000-000000000001"


def every_schema(schema: marshmallow.Schema) -> Iterator[marshmallow.Schema]:
    yield schema
    for field in schema.fields.values():
        for inner in with_inner(field):
            if isinstance(inner, marshmallow.fields.Nested):
                yield from every_schema(inner.schema)


def with_inner(field: marshmallow.fields.Field[object]) -> Iterator[marshmallow.fields.Field[object]]:
    yield field
    if isinstance(field, marshmallow.fields.List):
        yield from with_inner(field.inner)


ALL_SCHEMAS = [
    each for schema in (*BODIES.values(), *HEADS.values(), ENVELOPE) for each in every_schema(schema)
]
ALL_FIELDS = [
    field for schema in ALL_SCHEMAS for each in schema.fields.values() for field in with_inner(each)
]


def test_there_is_a_body_for_every_kind() -> None:
    assert set(BODIES) == set(HEADS) == set(Kind)


def test_every_message_that_a_field_can_give_has_its_reason() -> None:
    messages = {str(message) for field in ALL_FIELDS for message in field.error_messages.values()}
    messages |= {str(validator.error) for field in ALL_FIELDS for validator in field.validators}  # type: ignore[attr-defined]
    assert messages <= set(fields.REASONS)


def test_every_message_that_a_schema_can_give_has_its_reason() -> None:
    # A schema lets unknown fields pass: of that message there is no need.
    told = ({**schema.error_messages, "unknown": fields.REQUIRED} for schema in ALL_SCHEMAS)
    assert {message for messages in told for message in messages.values()} <= set(fields.REASONS)
    assert {schema.unknown for schema in ALL_SCHEMAS} == {marshmallow.INCLUDE}


def test_a_message_that_is_not_in_the_table_is_an_invalid_value_and_no_failure() -> None:
    assert reason_of("A message of marshmallow.") is Reason.INVALID_VALUE


def test_every_field_is_one_of_ours_so_that_nothing_is_coerced() -> None:
    assert {type(field).__module__ for field in ALL_FIELDS} == {fields.__name__}


def test_an_integer_written_as_a_fraction_is_no_seq() -> None:
    fault = event_fault({"id": ID, "kind": "thumb", "target": "t", "seq": 1.0, "body": {"value": "up"}})
    assert fault is not None
    assert fault.reason is Reason.WRONG_TYPE


def test_all_faults_are_named_and_the_gravest_is_the_reason() -> None:
    fault = event_fault({"kind": "rating", "target": 7, "seq": -1, "body": {"value": "x"}})
    assert fault is not None
    assert fault.reason is Reason.MISSING_FIELD
    assert set(fault.detail["fields"]) == {"id", "target", "seq", "body.value"}


@pytest.mark.parametrize(
    "envelope",
    [
        None,
        [],
        "x",
        {},
        {"events": None},
        {"events": {}},
        {"events": [], "sent_at": "yesterday"},
        {"events": [], "report": []},
        {"events": [], "key": 7},
    ],
)
def test_what_is_no_envelope_is_said_to_be_none(envelope: object) -> None:
    fault = envelope_fault(envelope)
    assert fault is not None
    assert fault.reason is Reason.INVALID_ENVELOPE


def test_an_envelope_may_have_more_than_is_known() -> None:
    assert envelope_fault({"events": [None, 7], "sent_at": None, "report": None, "later": {}}) is None


FIRST, END = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


@settings(deadline=None)
@given(
    st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29)),  # noqa: DTZ001 - local times
    st.integers(-23 * 60 - 59, 23 * 60 + 59),
)
def test_times_of_any_zone_are_taken_between_1970_and_2199(local: datetime, offset: int) -> None:
    time = local.replace(tzinfo=timezone(timedelta(minutes=offset)))
    event = {"id": ID, "kind": "retraction", "occurred_at": time.isoformat(), "body": {"of": ID}}
    assert (event_fault(event) is None) == (FIRST <= time < END)
