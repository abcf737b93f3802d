"""What a topic is to be like, and in what one is less safe."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sayso_ingest.eventlog.topic import safe, weaknesses


@pytest.mark.parametrize(
    ("brokers", "copies", "in_sync"), [(1, 1, "1"), (2, 2, "1"), (3, 3, "2"), (5, 3, "2")]
)
def test_as_many_copies_as_there_are_brokers_up_to_three_and_one_of_them_may_fail(
    brokers: int, copies: int, in_sync: str
) -> None:
    topic = safe("p.shop", brokers=brokers)
    assert (topic.copies, topic.settings["min.insync.replicas"]) == (copies, in_sync)


def test_a_topic_as_it_is_wanted_has_no_weakness() -> None:
    wanted = safe("p.shop", brokers=3)
    assert weaknesses(wanted, wanted) == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("min.insync.replicas", "3"),
        ("retention.ms", "-1"),
        ("retention.ms", "864000000000"),
        ("max.message.bytes", "9999999"),
    ],
)
def test_what_is_safer_still_is_in_order(setting: str, value: str) -> None:
    wanted = safe("p.shop", brokers=3)
    assert weaknesses(replace(wanted, settings={**wanted.settings, setting: value}), wanted) == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("min.insync.replicas", "1"),
        ("unclean.leader.election.enable", "true"),
        ("cleanup.policy", "compact,delete"),
        ("retention.ms", "3600000"),
        ("retention.bytes", "1000000"),
        ("max.message.bytes", "1000"),
    ],
)
def test_what_may_lose_records_is_named_with_what_is_safe(setting: str, value: str) -> None:
    wanted = safe("p.shop", brokers=3)
    (found,) = weaknesses(replace(wanted, settings={**wanted.settings, setting: value}), wanted)
    assert found.said.startswith(f"{setting} is {value}, and ")
    assert found.setting == (setting, wanted.settings[setting])


def test_too_few_copies_are_a_weakness_that_no_setting_mends() -> None:
    wanted = safe("p.shop", brokers=3)
    (found,) = weaknesses(replace(wanted, copies=1), wanted)
    assert "one copy" in found.said
    assert found.setting is None
