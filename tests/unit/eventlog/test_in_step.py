"""Whether a topic can take a record: a leader, and as many copies in step as it asks for, on brokers that are up."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from sayso_ingest.eventlog.in_step import takes_records


@dataclass
class Told:
    """What a broker tells of a partition."""

    leader_id: int
    isr_nodes: list[int] = field(default_factory=list)


@pytest.mark.parametrize(
    ("up", "takes"), [({1, 2, 3}, True), ({1, 3}, True), ({2, 3}, True), ({1}, False), (set(), False)]
)
def test_two_copies_of_three_on_brokers_that_are_up_are_enough_for_some_partition(
    up: set[int], takes: bool
) -> None:
    """Whoever is left alone may still tell of all copies: it had nobody to learn from that the others are gone."""
    partitions = [Told(1, [1, 2, 3]), Told(2, [2, 3, 1])]
    assert takes_records(partitions, 2, lambda node: node in up) == takes


def test_copies_that_are_not_in_step_count_for_nothing() -> None:
    assert not takes_records([Told(1, [1])], 2, lambda _: True)
    assert takes_records([Told(1, [1])], 1, lambda _: True)


def test_each_broker_is_reached_for_once_and_none_after_it_is_decided() -> None:
    asked: list[int] = []

    def is_up(node: int) -> bool:
        asked.append(node)
        return node != 3

    assert takes_records([Told(3, [3, 1]), Told(1, [1, 2, 3]), Told(4, [4])], 2, is_up)
    assert asked == [3, 1, 2]
