"""What each event of a request is told."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.collector.group import Receipt
from sayso_ingest.collector.intake import Delivery
from sayso_ingest.collector.results import one_by_one, results
from sayso_ingest.event import Reason, Rejection
from sayso_ingest.keys import Key

KEY = Key("key_1", "sk", "default", "0" * 64, (), datetime(2026, 1, 15, tzinfo=UTC))
REJECTED = Rejection.of(b"{}", Reason.NOT_AN_OBJECT, detail={"message": "no"})


@given(
    fates=st.lists(st.sampled_from(["durable", "not durable", "rejected"]), max_size=6), rest=st.booleans()
)
def test_a_request_is_told_the_same_with_the_fast_path_as_event_by_event(
    fates: list[str], rest: bool
) -> None:
    ids: list[str | None] = [f"019bc0de-0000-7000-8000-{number:012x}" for number in range(len(fates))]
    delivery = Delivery(
        KEY, "", None, None, ids, [REJECTED if fate == "rejected" else b"{}" for fate in fates]
    )
    receipt = Receipt([fate == "durable" for fate in fates if fate != "rejected"], rest=rest)
    told = results(delivery, receipt)
    assert json.loads(told) == json.loads(one_by_one(delivery, receipt))
    assert [result["id"] for result in json.loads(told)["results"]] == ids
