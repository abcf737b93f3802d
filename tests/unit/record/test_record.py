"""Records: what was submitted comes back, in as few records as fit, and each item's record is known."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sayso_ingest.errors import LogError
from sayso_ingest.event import RAW_KEPT, Reason, Rejection, is_time
from sayso_ingest.record import (
    NOTHING,
    RECORD_LIMIT,
    NotARecord,
    Submission,
    decode_json,
    encode_json,
    pack,
    unpack,
)


def submission(
    number: int, *, events: int = 0, size: int = 10, rejects: int = 0, report: object = None
) -> Submission:
    return Submission(
        key_id=f"key_{number}",
        key_kind="sk",
        received_at="2026-01-15T10:00:00Z",
        sent_at="2026-01-15T09:59:59Z",
        report=report,  # type: ignore[arg-type]
        events=[encode_json({"n": f"{number}.{place}", "x": "x" * size}) for place in range(events)],
        rejects=[
            Rejection.of(b"r" * size, Reason.WRONG_TYPE, detail={"n": f"{number}.{place}"}, event_id="e")
            for place in range(rejects)
        ],
    )


def test_what_was_submitted_comes_back() -> None:
    sent = submission(1, events=2, rejects=1, report={"dropped": {"queue_full": 2}})
    (record,) = pack([sent]).records
    (part,) = unpack(record)
    assert (part.key_id, part.key_kind, part.received_at, part.sent_at) == (
        sent.key_id,
        sent.key_kind,
        sent.received_at,
        sent.sent_at,
    )
    assert part.report == sent.report
    assert [encode_json(event) for event in part.events] == list(sent.events)
    assert part.rejects == sent.rejects


def test_a_report_alone_is_a_part() -> None:
    (record,) = pack([submission(1, report={"dropped": {"too_old": 1}})]).records
    (part,) = unpack(record)
    assert (part.events, part.rejects) == ([], [])
    assert part.report == {"dropped": {"too_old": 1}}


def test_a_record_of_nothing_has_no_parts() -> None:
    assert unpack(NOTHING) == []
    assert pack([]).records == []


def test_a_submission_that_does_not_fit_is_cut_and_its_report_goes_with_the_first_slice() -> None:
    packed = pack([submission(1, events=7, size=300, rejects=3, report={"a": 1})], limit=1500)
    assert len(packed.records) > 2
    parts = [part for record in packed.records for part in unpack(record)]
    assert [part.report for part in parts] == [{"a": 1}, *[None] * (len(parts) - 1)]
    assert all(part.events or part.rejects for part in parts)


def test_the_largest_event_and_the_largest_reject_fit_into_a_record() -> None:
    largest = submission(1, events=1, size=512 * 1024)
    reject = Submission(
        "key_2", "sk", "t", rejects=[Rejection.of(b"\xff" * 4_000_000, Reason.BODY_TOO_LARGE)]
    )
    records = pack([largest, reject, largest], limit=RECORD_LIMIT).records
    assert [len(record) <= RECORD_LIMIT for record in records] == [True] * len(records)


def test_a_rejection_keeps_the_beginning_the_length_and_the_hash_of_all() -> None:
    kept = Rejection.of(b"x" * (RAW_KEPT + 1), Reason.TOO_LARGE)
    assert (len(kept.raw), kept.length) == (RAW_KEPT, RAW_KEPT + 1)
    assert kept.sha256 != Rejection.of(b"x" * RAW_KEPT, Reason.TOO_LARGE).sha256


SUBMISSIONS = st.lists(
    st.builds(
        submission,
        st.integers(0, 9),
        events=st.integers(0, 6),
        size=st.integers(0, 400),
        rejects=st.integers(0, 4),
        report=st.sampled_from([None, {"dropped": {"queue_full": 1}}, {"note": "n" * 300}]),
    ),
    max_size=8,
)


@given(SUBMISSIONS, st.integers(1200, 5000))
def test_nothing_is_lost_doubled_or_too_large_and_every_item_is_where_it_is_said_to_be(
    submissions: list[Submission], limit: int
) -> None:
    packed = pack(submissions, limit=limit)
    assert all(len(record) <= limit for record in packed.records)
    held = [unpack(record) for record in packed.records]
    for number, sent in enumerate(submissions):
        for event, place in zip(sent.events, packed.placement[number], strict=True):
            assert json.loads(event) in [each for part in held[place] for each in part.events]
        for reject, place in zip(sent.rejects, packed.rejects[number], strict=True):
            assert reject in [each for part in held[place] for each in part.rejects]
        assert sent.report in [part.report for part in held[packed.heads[number]]]
    parts = [part for record in held for part in record]
    events = [encode_json(event) for part in parts for event in part.events]
    assert events == [event for sent in submissions for event in sent.events]
    rejects = [reject for part in parts for reject in part.rejects]
    assert rejects == [reject for sent in submissions for reject in sent.rejects]
    reports = [part.report for part in parts if part.report]
    assert reports == [sent.report for sent in submissions if sent.report]


@pytest.mark.parametrize(
    "payload",
    [
        *(b"", b"{", b"[]", b"{}", b"null", b'"v"', b"\xff", b"[" * 100_000),
        *(b'{"v":1}', b'{"v":1,"parts":{}}', b'{"v":1,"parts":[{}]}', b'{"v":1,"parts":[7]}'),
        *(b'{"v":true,"parts":[]}', b'{"v":"2","parts":[]}', b'{"v":0,"parts":[]}', b'{"v":1.0,"parts":[]}'),
    ],
)
def test_what_is_not_a_record_is_said_to_be_none(payload: bytes) -> None:
    with pytest.raises(NotARecord):
        unpack(payload)


def good_record() -> dict[str, Any]:
    (record,) = pack([submission(1, events=2, rejects=1, report={"dropped": {"queue_full": 1}})]).records
    return dict(json.loads(record))


def changed(part: dict[str, Any], reject: dict[str, Any]) -> bytes:
    record = good_record()
    record["parts"][0]["rejects"][0].update(reject)
    record["parts"][0].update(part)
    return json.dumps(record).encode()


NO_PARTS: list[dict[str, Any]] = [
    {"received_at": None},
    {"received_at": "now"},
    {"received_at": "2026-01-15"},
    {"received_at": "2026-01-15T10:00:00"},
    {"received_at": "1969-12-31T23:59:59Z"},
    {"received_at": 1768471200},
    {"sent_at": "2026-02-30T10:00:00Z"},
    {"sent_at": 7},
    {"report": []},
    {"report": {"n": float("nan")}},
    {"report": {"\ud800": 1}},
    {"events": {}},
    {"events": None},
    {"rejects": "none"},
    {"rejects": [7]},
    {"key_id": None},
    {"key_id": "\ud800"},
    {"key_kind": 1},
]
NO_REJECTS: list[dict[str, Any]] = [
    {"reason": 7},
    {"reason": "Not a word"},
    {"detail": {"n": float("inf")}},
    {"raw": "%%%"},
    {"raw": None},
    {"length": -1},
    {"length": 2**63},
    {"length": True},
    {"sha256": None},
    {"event_id": 7},
    {"event_id": "\udfff"},
    {"kind": []},
]


@pytest.mark.parametrize("over", NO_PARTS, ids=str)
def test_a_part_in_outline_only_makes_no_record(over: dict[str, Any]) -> None:
    with pytest.raises(NotARecord):
        unpack(changed(over, {}))


@pytest.mark.parametrize("over", NO_REJECTS, ids=str)
def test_a_reject_in_outline_only_makes_no_record(over: dict[str, Any]) -> None:
    with pytest.raises(NotARecord):
        unpack(changed({}, over))


@pytest.mark.parametrize("name", list(good_record()["parts"][0]))
def test_every_field_of_a_part_must_be_there(name: str) -> None:
    record = good_record()
    del record["parts"][0][name]
    with pytest.raises(NotARecord, match=name):
        unpack(json.dumps(record).encode())


def test_a_reason_of_a_newer_collector_is_kept_as_it_is() -> None:
    (part,) = unpack(changed({}, {"reason": "too_new"}))
    assert part.rejects[0].reason == "too_new"


def test_fields_of_a_newer_collector_are_passed_over() -> None:
    (part,) = unpack(changed({"later": {}}, {"later": 1}))
    assert len(part.events) == 2


def test_single_events_are_passed_on_as_they_are() -> None:
    events = [7, None, {"id": 1}, "\ud800"]
    (part,) = unpack(changed({"events": events}, {}))
    assert part.events == events


SAYABLE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.text(), st.none() | st.dictionaries(st.text(max_size=5), SAYABLE, max_size=3))
def test_a_head_is_read_back_as_if_the_ordinary_encoder_had_written_it(
    key_id: str, report: dict[str, Any] | None
) -> None:
    sent = Submission(key_id, "sk", "2026-01-15T10:00:00Z", report=report)
    written = json.loads(pack([sent]).records[0])["parts"][0]
    head = {"key_id": key_id, "key_kind": "sk", "received_at": "2026-01-15T10:00:00Z", "sent_at": None}
    head |= {"report": report}
    assert repr({name: written[name] for name in head}) == repr(json.loads(encode_json(head)))


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["\ud800", "2026-01-15T10:00:00Z", "wrong_type"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def read_or_refused(payload: bytes) -> None:
    """Whatever is read back can be written again, and its times are times."""
    try:
        parts = unpack(payload)
    except LogError as error:
        str(error).encode()
        return
    for part in parts:
        assert is_time(part.received_at)
        assert part.sent_at is None or is_time(part.sent_at)
        encode_json([part.key_id, part.key_kind, part.report])
        assert isinstance(part.events, list)
        encode_json([[r.reason, r.detail, r.length, r.sha256, r.event_id, r.kind] for r in part.rejects])


def as_json_reads(payload: bytes) -> str:
    try:
        return repr(json.loads(payload))
    except (ValueError, RecursionError) as error:
        return type(error).__name__


@given(
    st.binary()
    | JSON_VALUES.map(json.dumps).map(str.encode)
    | st.from_regex(r"\A-?[0-9]{1,25}(\.[0-9]{1,20})?([eE][-+]?[0-9]{1,3})?\Z").map(str.encode)
)
@example(b'{"a":1,"a":{"b":2,"b":3}}')
@example(b"123456789012345678901234567890")
@example(b"[1e400, -0, -0.0, 5.0, 1E5, NaN, -Infinity]")
@example(b'"\\ud800 \\ud83d\\ude00 \x7f \\u0000"')
@example(b'"\xed\xa0\x80"')
@example(b"\xef\xbb\xbf1")
@example(b"[" * 100_000)
def test_json_is_read_as_the_standard_library_reads_it(payload: bytes) -> None:
    try:
        read = repr(decode_json(payload))
    except (ValueError, RecursionError) as error:
        read = type(error).__name__
    assert read == as_json_reads(payload)


def with_events(events: bytes) -> bytes:
    """A record that is whole but for its events."""
    record = json.dumps({**good_record(), "parts": [{**good_record()["parts"][0], "events": "here"}]})
    return record.encode().replace(b'"here"', events)


FOREIGN = [
    b'[{"n":1e999}]',
    b'[{"n":' + b"9" * 5000 + b"}]",
    b'["\xff"]',
    b'["\\ud800"]',
    b"[" * 2000 + b"]" * 2000,
]
"""Events that no collector writes, and what reads them quickly refuses."""


@given(st.binary() | JSON_VALUES.map(json.dumps).map(str.encode))
@example(with_events(FOREIGN[0]))
@example(with_events(FOREIGN[1]))
@example(with_events(FOREIGN[2]))
@example(with_events(FOREIGN[3]))
@example(with_events(FOREIGN[4]))
def test_whatever_bytes_come_are_a_record_or_said_to_be_none(payload: bytes) -> None:
    read_or_refused(payload)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in inside:
        yield (*path, name)
        yield from places(item, (*path, name))


PLACES = list(places(good_record()))


@given(st.lists(st.tuples(st.sampled_from(PLACES), JSON_VALUES | st.just(...)), min_size=1, max_size=3))
def test_whatever_is_changed_in_a_record_it_is_one_or_said_to_be_none(
    changes: list[tuple[tuple[Any, ...], Any]],
) -> None:
    record = good_record()
    for (*above, name), value in changes:
        holder: Any = record
        try:
            for step in above:
                holder = holder[step]
            if value is ...:
                del holder[name]
            else:
                holder[name] = copy.deepcopy(value)
        except (LookupError, TypeError):
            continue  # an earlier change took the place away
    read_or_refused(json.dumps(record).encode())


def test_a_record_of_a_later_version_asks_for_an_upgrade_and_is_not_taken_for_rubbish() -> None:
    with pytest.raises(LogError, match="Upgrade the lander") as caught:
        unpack(b'{"v":2,"parts":[]}')
    assert not isinstance(caught.value, NotARecord)


def test_json_is_compact_and_unescaped() -> None:
    assert encode_json({"a": ["é", "\u2028", 1.5, None]}) == '{"a":["é","\u2028",1.5,null]}'.encode()
