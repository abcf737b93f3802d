"""Headers read as the server hands them over mean what they mean when they are parsed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.collector.answers import Refused
from sayso_ingest.collector.group import Receipt
from sayso_ingest.collector.intake import Delivery
from sayso_ingest.collector.request import TYPES, read_body
from sayso_ingest.collector.results import results
from sayso_ingest.event import Reason, Rejection, is_uuid
from sayso_ingest.keys import Key
from werkzeug.wrappers import Request

BODY = b'{"events": []}'
ANY_CASE = st.sampled_from([str.lower, str.upper, str.title])
SPACE = st.sampled_from(["", " ", "\t"])
CONTENT_TYPES = st.builds(
    lambda kind, case, before, between, options: before + case(kind) + between + options,
    st.sampled_from(["application/json", "text/plain", "text/html", "application/jsonl", "json", ""]),
    ANY_CASE,
    SPACE,
    SPACE,
    st.sampled_from(["", ";", "; charset=utf-8", ";charset=UTF-8;a=b", ' ; x="a;b"', ", text/plain"]),
) | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12)
ENCODINGS = st.builds(
    lambda name, case, before, after: before + case(name) + after,
    st.sampled_from(["gzip", "identity", "br", "gzip, gzip", "x-gzip"]),
    ANY_CASE,
    SPACE,
    SPACE,
)


@given(CONTENT_TYPES | st.none(), ENCODINGS | st.none())
def test_a_body_is_taken_for_its_type_and_encoding_alone(kind: str | None, encoding: str | None) -> None:
    environ = {"REQUEST_METHOD": "POST", "CONTENT_LENGTH": str(len(BODY)), "wsgi.input": BytesIO(BODY)}
    environ |= {} if kind is None else {"CONTENT_TYPE": kind}
    environ |= {} if encoding is None else {"HTTP_CONTENT_ENCODING": encoding}
    request = Request(environ)
    named = request.headers.get("Content-Encoding", "identity").strip().lower()
    if request.mimetype in TYPES and named in ("identity", "gzip"):
        body = read_body(request)
        assert (body.wire, body.zipped) == (BODY, named == "gzip")
    else:
        with pytest.raises(Refused) as refused:
            read_body(request)
        assert refused.value.status == 415


@given(
    st.uuids().map(str),
    st.sampled_from([str.lower, str.upper]),
    st.text(st.characters(codec="utf-8"), max_size=5),
    st.booleans(),
)
def test_results_written_by_hand_are_the_json_that_an_encoder_writes(
    event_id: str, case: Callable[[str], str], message: str, durable: bool
) -> None:
    accepted = case(event_id)
    assert is_uuid(accepted)
    rejection = Rejection.of(b"{}", Reason.WRONG_TYPE, detail={"message": message}, event_id=message)
    delivery = Delivery(
        key=Key("key_1", "sk", "default", "hash", (), datetime(2026, 1, 15, tzinfo=UTC)),
        received_at="",
        sent_at=None,
        report=None,
        ids=[accepted, message, None],
        outcomes=[b"{}", rejection, rejection],
    )
    told = {"status": "rejected", "reason": "wrong_type", "detail": {"message": message}}
    expected = [{"id": accepted, "status": "accepted"}, {"id": message, **told}, {"id": None, **told}]
    if not durable:
        expected = [{"id": each["id"], "status": "retry"} for each in expected]
    written = results(delivery, Receipt([durable], rest=durable))
    assert json.loads(written) == json.loads(json.dumps({"results": expected}))
