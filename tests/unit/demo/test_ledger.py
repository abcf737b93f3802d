"""The demo's own account: what must come of what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sayso_ingest.demo.proof.comparison import Landed, compare
from sayso_ingest.demo.proof.ledger import Ledger
from sayso_ingest.demo.traffic.action import Action, Person, Sent

ANN = Person(actor="ann")
START = datetime(2025, 6, 1, tzinfo=UTC)


def sent(
    name: str, kind: str, body: Mapping[str, Any], *, at: int, by: Person = ANN, about: str | None = None
) -> Sent:
    target = None if kind == "retraction" else "m_1"
    moment = START + timedelta(seconds=at)
    return Sent(name, Action(0, 0, kind, moment, by, body, target=target), about)


def verdicts_of(*events: Sent) -> list[tuple[str, str | None]]:
    ledger = Ledger()
    for event in events:
        ledger.record(event)
    return sorted((key.who, value) for key, value in ledger.verdicts().items())


def test_the_latest_of_a_person_wins_whatever_the_order_of_sending() -> None:
    up, down = sent("1", "thumb", {"value": "up"}, at=1), sent("2", "thumb", {"value": "down"}, at=2)
    assert verdicts_of(up, down) == verdicts_of(down, up) == [("actor:ann", "down")]


def test_a_null_thumb_takes_back() -> None:
    events = sent("1", "thumb", {"value": "up"}, at=1), sent("2", "thumb", {"value": None}, at=2)
    assert verdicts_of(*events) == [("actor:ann", None)]


def test_nothing_older_takes_the_place_of_what_was_retracted() -> None:
    events = sent("1", "thumb", {"value": "up"}, at=1), sent("2", "thumb", {"value": "down"}, at=2)
    assert verdicts_of(*events, sent("3", "retraction", {}, at=3, about="2")) == [("actor:ann", None)]


def test_retracting_what_no_longer_counts_changes_nothing() -> None:
    events = sent("1", "thumb", {"value": "up"}, at=1), sent("2", "thumb", {"value": "down"}, at=2)
    assert verdicts_of(*events, sent("3", "retraction", {}, at=3, about="1")) == [("actor:ann", "down")]


def test_a_browser_that_one_actor_used_is_that_actor_from_the_start() -> None:
    before = sent("1", "thumb", {"value": "up"}, at=1, by=Person(anonymous="b"))
    after = sent("2", "thumb", {"value": "down"}, at=2, by=Person(actor="ann", anonymous="b"))
    assert verdicts_of(before, after) == [("actor:ann", "down")]


def test_a_browser_that_two_actors_used_stays_itself() -> None:
    alone = sent("1", "thumb", {"value": "up"}, at=1, by=Person(anonymous="b"))
    ann = sent("2", "thumb", {"value": "down"}, at=2, by=Person(actor="ann", anonymous="b"))
    bo = sent("3", "thumb", {"value": "down"}, at=3, by=Person(actor="bo", anonymous="b"))
    assert verdicts_of(alone, ann, bo) == [("actor:ann", "down"), ("actor:bo", "down"), ("anonymous:b", "up")]


def test_who_is_the_session_or_else_the_event_where_nobody_is_known() -> None:
    session = sent("1", "thumb", {"value": "up"}, at=1, by=Person(session="s"))
    nobody = sent("2", "thumb", {"value": "up"}, at=2, by=Person())
    assert verdicts_of(session, nobody) == [("event:2", "up"), ("session:s", "up")]


def test_how_long_a_suggestion_survived_is_no_verdict() -> None:
    accepted = sent("1", "suggestion", {"outcome": "accepted"}, at=1)
    survived = sent("2", "suggestion", {"survival": {"after_s": 600, "kept": 0.8}}, at=2)
    assert verdicts_of(accepted, survived) == [("actor:ann", "accepted")]


def test_an_id_that_is_given_out_twice_is_an_error() -> None:
    ledger = Ledger()
    ledger.record(sent("1", "thumb", {"value": "up"}, at=1))
    with pytest.raises(ValueError, match="given out twice"):
        ledger.record(sent("1", "thumb", {"value": "up"}, at=1))


class TestComparison:
    """The comparison of the ledger with rows."""

    ledger = Ledger()
    ledger.record(sent("1", "thumb", {"value": "up"}, at=1))
    ledger.record(sent("2", "signal", {"name": "copied"}, at=2))
    ledger.record_refusals(["too_large", "too_large"])

    first: Mapping[str, Any] = {"event_id": "1", "kind": "thumb", "target": "m_1"}
    second: Mapping[str, Any] = {"event_id": "2", "kind": "signal", "target": "m_1"}
    verdict: Mapping[str, Any] = {
        "target": "m_1",
        "part": "",
        "who": "actor:ann",
        "kind": "thumb",
        "name": "",
        "rubric": "",
        "value": "up",
    }
    refused: Mapping[str, Any] = {"reason": "too_large", "n": 2}

    def test_what_agrees_is_said_in_one_line(self) -> None:
        compared = compare(self.ledger, Landed([self.first, self.second], [self.verdict], [self.refused]))
        assert compared.differences == []
        assert compared.summary == (
            "ledger: 2 events sent, 2 landed, 0 missing, 0 doubled; 1 verdicts agree; 2 rejects by reason agree"
        )

    def test_a_missing_event_is_named(self) -> None:
        compared = compare(self.ledger, Landed([self.first], [self.verdict], [self.refused]))
        assert compared.missing == 1
        assert compared.differences == ["missing: signal 2 about m_1"]

    def test_a_doubled_event_is_named(self) -> None:
        rows = [self.first, self.first, self.second]
        compared = compare(self.ledger, Landed(rows, [self.verdict], [self.refused]))
        assert compared.doubled == 1
        assert compared.differences == ["doubled: thumb 1 about m_1 has 2 rows"]

    def test_an_event_that_nobody_sent_or_that_changed_is_named(self) -> None:
        rows = [self.first, {**self.second, "target": "m_2"}, {**self.second, "event_id": "3"}]
        compared = compare(self.ledger, Landed(rows, [self.verdict], [self.refused]))
        assert compared.differences == [
            "changed: signal 2 about m_1 landed as signal about m_2",
            "never sent: event 3, a signal about m_1",
        ]

    def test_a_verdict_that_differs_is_named(self) -> None:
        rows = [self.first, self.second]
        compared = compare(self.ledger, Landed(rows, [{**self.verdict, "value": None}], [self.refused]))
        assert compared.verdicts == 0
        assert compared.differences == [
            "verdict differs: thumb of actor:ann about m_1 is None, should be 'up'"
        ]

    def test_a_verdict_that_is_missing_doubled_or_invented_is_named(self) -> None:
        rows = [self.first, self.second]
        other = {**self.verdict, "who": "actor:bo"}
        compared = compare(self.ledger, Landed(rows, [other, other], [self.refused]))
        assert compared.differences == [
            "verdict doubled: thumb of actor:bo about m_1 has 2 rows",
            "verdict missing: thumb of actor:ann about m_1",
            "verdict never given: thumb of actor:bo about m_1",
        ]

    def test_a_reason_with_another_count_is_named(self) -> None:
        rows = [self.first, self.second]
        compared = compare(self.ledger, Landed(rows, [self.verdict], [{"reason": "too_deep", "n": 1}]))
        assert compared.rejects == 0
        assert compared.differences == [
            "rejects differ: 1 with reason too_deep, should be 0",
            "rejects differ: 0 with reason too_large, should be 2",
        ]
