"""What broken clients send in the demo."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime

from sayso_ingest.demo.traffic.bad_input import bad_requests
from sayso_ingest.event import Reason

NOW = datetime(2025, 6, 1, tzinfo=UTC)


def test_every_reason_that_one_small_request_can_cause_without_a_signature_is_caused_equally_often() -> None:
    caused = Counter(reason for request in bad_requests(1, rounds=3, now=NOW) for reason in request.refused)
    costly = {Reason.TOO_MANY_EVENTS, Reason.BODY_TOO_LARGE, Reason.UNSTORABLE, Reason.NOT_REDACTED}
    signed = {Reason.TOKEN_EXPIRED, Reason.UNSIGNED}
    assert caused == dict.fromkeys(set(Reason) - costly - signed, 3)


def test_the_same_seed_makes_the_same_requests() -> None:
    assert list(bad_requests(1, rounds=2, now=NOW)) == list(bad_requests(1, rounds=2, now=NOW))


def test_a_good_event_beside_a_bad_one_has_an_id_of_its_own() -> None:
    good = [sent.event_id for request in bad_requests(1, rounds=5, now=NOW) for sent in request.good]
    assert len(set(good)) == len(good) > 20


def test_the_good_events_are_in_the_body() -> None:
    for request in bad_requests(1, rounds=1, now=NOW):
        for sent in request.good:
            assert sent.event_id in {
                event["id"] for event in json.loads(request.body)["events"] if "id" in event
            }
