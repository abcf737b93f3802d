"""The plan of the demo: the same for a seed, and rich enough to ask about."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from sayso_ingest.demo.traffic.plan import DAYS, Plan, plan
from sayso_ingest.demo.traffic.topics import TOPICS
from sayso_ingest.event import Kind

UNTIL = datetime(2025, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def planned() -> Plan:
    return plan(1, interactions=1000, until=UNTIL)


def test_the_same_seed_plans_the_same_and_another_seed_something_else(planned: Plan) -> None:
    assert plan(1, interactions=1000, until=UNTIL) == planned
    assert plan(2, interactions=1000, until=UNTIL).actions != planned.actions


@pytest.mark.parametrize("wanted", [1, 7, 300])
def test_as_many_interactions_are_planned_as_were_asked_for(wanted: int) -> None:
    made = plan(5, interactions=wanted, until=UNTIL)
    assert sum(action.kind == "interaction" for action in made.actions) == wanted == made.interactions


def test_every_kind_of_event_occurs(planned: Plan) -> None:
    assert {action.kind for action in planned.actions} == set(Kind)


def test_everything_happened_within_two_weeks_before_the_end(planned: Plan) -> None:
    moments = [action.occurred_at for action in planned.actions]
    assert UNTIL - timedelta(days=DAYS, hours=1) < min(moments) < max(moments) < UNTIL


def test_no_two_events_about_one_target_happen_at_the_same_moment(planned: Plan) -> None:
    moments = Counter((action.target, action.occurred_at) for action in planned.actions)
    assert max(moments.values()) == 1


def test_topics_have_a_long_tail(planned: Plan) -> None:
    asked = Counter(a.body["tags"][0] for a in planned.actions if a.kind == "interaction")
    assert len(asked) == len(TOPICS) >= 12
    assert asked.most_common()[0][1] > 10 * asked.most_common()[-1][1] > 0


def test_few_questions_are_worded_alike(planned: Plan) -> None:
    inputs = [str(a.body["input"]) for a in planned.actions if a.kind == "interaction"]
    assert len(set(inputs)) > 0.95 * len(inputs)


def test_one_version_is_disliked_more_on_the_topics_that_the_seed_drew(planned: Plan) -> None:
    told = {a.target: a.body for a in planned.actions if a.kind == "interaction"}
    thumbs: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for action in planned.actions:
        if action.kind == "thumb" and action.target in told:
            about = told[action.target]
            thumbs[about["prompt"]["version"], about["tags"][0] in planned.worse_topics].append(
                action.body["value"]
            )

    def disliked(version: str, *, worse_topic: bool) -> float:
        values = thumbs[version, worse_topic]
        return values.count("down") / len(values)

    assert planned.worse_version == "v2"
    assert disliked("v2", worse_topic=True) > 2 * disliked("v1", worse_topic=True)
    assert disliked("v2", worse_topic=False) < 0.45


def test_where_it_is_worse_are_the_worse_versions_answers_to_those_topics_alone(planned: Plan) -> None:
    told = {a.target: a.body for a in planned.actions if a.kind == "interaction"}
    worse = planned.answered_worse
    assert {told[target]["prompt"]["version"] for target in worse} == {planned.worse_version}
    assert set(worse.values()) == set(planned.worse_topics)
    assert 0 < len(worse) < len(told) / 3


def test_another_seed_draws_other_topics() -> None:
    drawn = {plan(seed, interactions=1, until=UNTIL).worse_topics for seed in range(10)}
    assert len(drawn) > 5


def test_an_edit_differs_from_what_was_proposed(planned: Plan) -> None:
    edits = [a.body for a in planned.actions if a.body.get("outcome") == "edited"]
    assert edits
    assert all(body["final"] and body["final"] != body["proposed"] for body in edits)


def test_what_an_event_refers_to_is_sent_before_it_in_its_lane(planned: Plan) -> None:
    sent: dict[int, int] = {}
    for action in planned.actions:
        if action.about is not None:
            assert sent[action.about] == action.lane
        sent[action.number] = action.lane


def test_some_feedback_comes_before_its_interaction_and_some_without_one(planned: Plan) -> None:
    told: set[str | None] = set()
    early: set[str | None] = set()
    for action in planned.actions:
        if action.kind == "interaction":
            told.add(action.target)
        elif action.target and action.target.startswith(("m_", "d_")) and action.target not in told:
            early.add(action.target)
    assert early & told
    assert early - told


def test_some_visitors_log_in_later_and_some_share_a_browser(planned: Plan) -> None:
    actors = defaultdict(set)
    for action in planned.actions:
        if action.person.anonymous:
            actors[action.person.anonymous].add(action.person.actor)
    assert any(None in known and len(known) == 2 for known in actors.values())
    assert any(len(known - {None}) == 2 for known in actors.values())
    assert any(known == {None} for known in actors.values())


def test_some_events_are_sent_again(planned: Plan) -> None:
    assert 5 < sum(action.repeats for action in planned.actions) < len(planned.actions) / 20
