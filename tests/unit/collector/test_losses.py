"""Of what a client reports, counts by reason are kept, and nothing that could hurt who reads it later."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sayso_ingest.collector.refusals import Refusals
from sayso_ingest.collector.reports import losses
from sayso_ingest.record import encode_json


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


def test_counts_are_kept_by_reason() -> None:
    assert losses({"dropped": {"queue_full": 2, "too_old": 1}}) == {
        "dropped": {"queue_full": 2, "too_old": 1}
    }


@pytest.mark.parametrize(
    "report",
    [
        None,
        {},
        {"dropped": None},
        {"dropped": [1]},
        {"dropped": {}},
        {"y": deep(900)},
        {"dropped": {"a": deep(900)}},
    ],
)
def test_what_is_no_count_is_left_out(report: Any) -> None:
    assert losses(report) is None


def test_the_client_that_counts_in_totals_is_kept_if_it_is_a_uuid() -> None:
    client = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
    assert losses({"client": client, "dropped": {"a": 1}}) == {"client": client, "dropped": {"a": 1}}
    for other in ("", client + "\n", client[:-1], 7, None, [client], "x" * 36):
        assert losses({"client": other, "dropped": {"a": 1}}) == {"dropped": {"a": 1}}


def test_numbers_that_cannot_be_counts_are_left_out() -> None:
    dropped = {"a": -1, "b": 0, "c": True, "d": 1.5, "e": "2", "f": 2**40, "g": float("nan"), "h": 3}
    assert losses({"dropped": dropped}) == {"dropped": {"h": 3}}


def test_reasons_are_bounded_and_always_text() -> None:
    kept = losses({"dropped": {"x" * 500 + "\ud800": 1, "\ud800": 2, **{f"r{n}": 1 for n in range(500)}}})
    assert kept is not None
    assert len(kept["dropped"]) == 50
    assert max(map(len, kept["dropped"])) == 100
    encode_json(kept)


@settings(deadline=None)
@given(
    st.dictionaries(st.text(), st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=9))
)
def test_any_report_can_be_written(dropped: dict[str, Any]) -> None:
    kept = losses({"dropped": dropped})
    assert kept is None or len(encode_json(kept)) < 32_000


def test_refusals_are_counted_by_code_and_said_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    now = 1000.0
    refusals = Refusals(clock=lambda: now)
    for _ in range(3):
        refusals.count("unknown_key")
    refusals.count("invalid_json")
    now += 60
    refusals.count("unknown_key")
    assert [record.getMessage() for record in caplog.records] == [
        "requests refused: unknown_key 1",
        "requests refused: invalid_json 1, unknown_key 3",
    ]
