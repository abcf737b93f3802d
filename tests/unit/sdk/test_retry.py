"""Whether to send again, and when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sayso import retry

NOW = datetime(2026, 1, 15, 10, tzinfo=UTC)


@pytest.mark.parametrize("status", [302, 408, 425, 429, 500, 502, 503, 504, 599])
def test_what_may_be_better_later_is_sent_again(status: int) -> None:
    assert retry.again(status)


@pytest.mark.parametrize("status", [200, 207, 400, 401, 403, 404, 405, 413, 415, 422])
def test_what_will_not_be_better_is_not(status: int) -> None:
    assert not retry.again(status)


def test_the_span_doubles_from_half_a_second_and_ends_at_thirty() -> None:
    spans = [retry.wait(failures, chance=lambda: 1.0) for failures in (1, 2, 3, 4, 5, 6, 7, 8, 5000)]
    assert spans == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


def test_the_wait_is_anywhere_in_the_span() -> None:
    assert retry.wait(3, chance=lambda: 0.0) == 0
    assert retry.wait(3, chance=lambda: 0.25) == 0.5


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 0),
        ("", 0),
        ("7", 7),
        ("0.5", 0.5),
        ("-3", 0),
        ("1000000000", 300),
        ("inf", 300),
        ("nan", 0),
        ("soon", 0),
        ("Thu, 15 Jan 2026 10:00:20 GMT", 20),
        ("Thu, 15 Jan 2026 09:00:00 GMT", 0),
        ("Thu, 15 Jan 2099 09:00:00 GMT", 300),
        ("Thu, 99 Jan 2026 09:00:00 GMT", 0),
    ],
)
def test_a_wait_that_is_asked_for_is_read_and_kept_within_bounds(header: str | None, seconds: float) -> None:
    assert retry.asked_wait(header, now=NOW) == seconds


def test_an_event_is_given_up_at_fifteen_minutes() -> None:
    assert not retry.too_old(899.9)
    assert retry.too_old(900)
