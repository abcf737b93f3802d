"""A wall clock that jumps under the collector."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

Collector = Any


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1), timedelta(days=-20_000)])
def test_what_comes_after_a_jump_is_accepted_and_bears_what_the_clock_says(
    collector: Collector, make_thumb: Any, jump: timedelta
) -> None:
    before = collector.now
    collector.post({"events": [make_thumb(1)]})
    collector.now += jump
    answer = collector.post({"events": [make_thumb(2)]})
    assert answer.json["results"][0]["status"] == "accepted"
    times = [datetime.fromisoformat(part.received_at) for part in collector.parts()]
    assert times == [before, before + jump]


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)])
def test_a_key_is_held_to_its_rate_whatever_the_wall_clock_does(
    collector: Collector, make_thumb: Any, jump: timedelta
) -> None:
    def status() -> int:
        events = [make_thumb(n) for n in range(200)]
        return collector.post({"events": events}, key="pk").status_code

    assert [status() for _ in range(6)] == [200] * 5 + [429]
    collector.now += jump
    assert status() == 429
    collector.seconds += 2
    assert status() == 200
