"""The plan of the demo: two weeks at the help desk of Mossboard, the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from sayso_ingest.demo.traffic import chat, desk
from sayso_ingest.demo.traffic.action import Action, Person
from sayso_ingest.demo.traffic.people import ANNOTATORS, COLLEAGUES, Visitors
from sayso_ingest.demo.traffic.script import Script, Turn
from sayso_ingest.demo.traffic.topics import TOPICS, Topic
from sayso_ingest.demo.traffic.wording import good_answer, poor_answer, question

DAYS = 14
PROMPT = "helpdesk"
VERSIONS = ("v1", "v2")
POOR_WHERE_WORSE = 0.7
POOR_ELSEWHERE = 0.06
_LONG_TAIL = 0.95
"""The n-th topic is asked about in proportion to n to the power of minus this."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be sent, and what the seed drew: the version that is worse, and the topics where it is."""

    actions: tuple[Action, ...]
    interactions: int
    worse_version: str
    worse_topics: tuple[str, ...]

    @property
    def answered_worse(self) -> dict[str, str]:
        """Target -> topic of what the worse version answered, of the topics where it is worse."""
        return {
            action.target: action.body["tags"][0]
            for action in self.actions
            if action.kind == "interaction"
            and action.target
            and action.body["prompt"]["version"] == self.worse_version
            and action.body["tags"][0] in self.worse_topics
        }


@dataclass(frozen=True, slots=True)
class Period:
    """When there is traffic, answered with which versions, and on which topics the one named is worse."""

    days: float
    versions: tuple[str, ...]
    worse_version: str
    worse_topics: tuple[str, ...]
    experiment: str = "prompt"
    """What the application calls the trial that gives each visit its version."""
    first_lane: int = 0
    """Visits are numbered from here, so that those of several periods differ."""


def plan(seed: int, *, interactions: int, until: datetime, period: Period | None = None) -> Plan:
    """Plan so many interactions and all that people say about them, ending before `until`.

    Without a `period` it is two weeks with two versions, of which the second is worse on topics that the seed draws.
    """
    rng = Random(seed)  # noqa: S311 - sample data, no secret
    period = period or Period(DAYS, VERSIONS, VERSIONS[1], _draw_worse(rng))
    return _Planner(rng, period, interactions=interactions, until=until).plan()


class _Planner:
    """Draws visits until there are enough interactions."""

    def __init__(self, rng: Random, period: Period, *, interactions: int, until: datetime) -> None:
        self._rng = rng
        self._period = period
        self._wanted = interactions
        self._until = until
        self._visitors = Visitors(rng, size=max(20, interactions // 6))
        self._numbers = count()
        self._planned = 0

    def plan(self) -> Plan:
        actions: list[Action] = []
        for lane in count(self._period.first_lane):
            if self._planned >= self._wanted:
                break
            script = self._script(lane)
            if self._rng.random() < 0.62:
                self._chat(script, session=f"s_{lane:05}")
            else:
                self._draft(script, ticket=f"t_{lane:05}")
            actions += script.actions
        return Plan(tuple(actions), self._planned, self._period.worse_version, self._period.worse_topics)

    def _script(self, lane: int) -> Script:
        minutes = self._rng.uniform(6 * 60, self._period.days * 24 * 60)
        start = (self._until - timedelta(minutes=minutes)).replace(microsecond=0)
        return Script(self._rng, lane=lane, start=start, numbers=self._numbers)

    def _chat(self, script: Script, *, session: str) -> None:
        """One visit to the chat: a few questions, mostly about one topic, by one person."""
        by = self._visitors.next_visit(session)
        topic, version = self._topic(), self._rng.choice(self._period.versions)
        turns: list[Turn] = []
        for number in range(1, min(self._rng.choice((1, 1, 1, 2, 2, 3)), self._wanted - self._planned) + 1):
            turn = self._turn(topic, version, target=f"m_{session[2:]}_{number}")
            told = self._tell(script, turn, by, before=turns)
            chat.react(script, turn, by)
            self._review(script, turn, by)
            self._settle(script, told)
            turns.append(turn)
        pleased = all(turn.answer.good for turn in turns)
        if by.session and script.chance(0.12):
            chat.rate_visit(script, session, by, pleased=pleased)
        if turns and script.chance(0.3):
            reopened = {"name": "ticket_reopened", "value": script.chance(0.05 if pleased else 0.5)}
            script.act("outcome", reopened, by=by, target=turns[-1].target, after=(600, 1200))

    def _draft(self, script: Script, *, ticket: str) -> None:
        """One mail to the help desk: the assistant drafts a reply, a colleague decides about it."""
        by = self._rng.choice(COLLEAGUES)
        turn = self._turn(self._topic(), self._rng.choice(self._period.versions), target=f"d_{ticket[2:]}")
        told = self._tell(script, turn, by, before=[])
        desk.handle_draft(script, turn, by)
        self._review(script, turn, by)
        self._settle(script, told)

    def _turn(self, topic: Topic, version: str, *, target: str) -> Turn:
        rng = self._rng
        ask = rng.choice(topic.asks)
        worse = version == self._period.worse_version and topic.name in self._period.worse_topics
        poor = rng.random() < (POOR_WHERE_WORSE if worse else POOR_ELSEWHERE)
        answer = poor_answer(rng, ask) if poor else good_answer(rng, ask)
        return Turn(target, topic.name, ask, question(rng, ask), answer, version)

    def _tell(self, script: Script, turn: Turn, by: Person, *, before: list[Turn]) -> int:
        """Record the interaction, as the application's back end does."""
        return script.act(
            "interaction", _interaction(script, turn, before, self._period), by=by, target=turn.target
        )

    def _review(self, script: Script, turn: Turn, by: Person) -> None:
        if "candidates" in next(a for a in script.actions if a.target == turn.target).body:
            desk.prefer(script, turn, by)
        if script.chance(0.08):
            desk.judge(script, turn)
        if script.chance(0.025):
            desk.annotate(script, turn, self._rng.choice(ANNOTATORS))

    def _settle(self, script: Script, told: int) -> None:
        """Count the interaction; a few are told late, and a few never."""
        if script.chance(0.01):
            script.drop(told)
            return
        self._planned += 1
        if script.chance(0.03):
            script.send_last(told)

    def _topic(self) -> Topic:
        weights = [rank**-_LONG_TAIL for rank in range(1, len(TOPICS) + 1)]
        return self._rng.choices(TOPICS, weights)[0]


def _draw_worse(rng: Random) -> tuple[str, ...]:
    """Draw three topics: one that is asked about often and two that are not."""
    drawn = {rng.choice(TOPICS[:4]).name, *(topic.name for topic in rng.sample(TOPICS[4:10], 2))}
    return tuple(topic.name for topic in TOPICS if topic.name in drawn)


def _interaction(script: Script, turn: Turn, before: list[Turn], period: Period) -> dict[str, Any]:
    rng = script.rng
    tokens = {"input_tokens": rng.randrange(300, 900), "output_tokens": len(turn.answer.text) // 4}
    body: dict[str, Any] = {
        "input": _messages(turn, before) if before else turn.question,
        "output": turn.answer.text,
        "variables": {"product": "Mossboard"},
        "prompt": {"name": PROMPT, "version": turn.version},
        "model": "reed-2",
        "params": {"temperature": 0.3},
        "latency_ms": round(rng.lognormvariate(6.9, 0.4)),
        "usage": tokens,
        "cost": round(tokens["input_tokens"] * 4e-7 + tokens["output_tokens"] * 1.6e-6, 6),
        "contexts": [{"id": "source_1", "text": f"Help page: {turn.topic}"}],
        "tags": [turn.topic],
        "release": "2.4.0",
        "variant": {"experiment": period.experiment, "arm": turn.version},
    }
    if script.chance(0.03):
        body["candidates"] = desk.alternatives(script, turn)
        body["chosen"] = {"id": "a", "by": "model"}
    return body


def _messages(turn: Turn, before: list[Turn]) -> list[dict[str, str]]:
    said = [
        message
        for earlier in before
        for message in (
            {"role": "user", "content": earlier.question},
            {"role": "assistant", "content": earlier.answer.text},
        )
    ]
    return [*said, {"role": "user", "content": turn.question}]
