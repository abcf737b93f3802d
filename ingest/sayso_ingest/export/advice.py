"""Whether fine-tuning is worth it yet: how much there is to learn from, of what, by whom, and what would judge it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files

from sayso_ingest.evalsets import Version
from sayso_ingest.event import JSON
from sayso_ingest.export.selection import Reading, Selection, select
from sayso_ingest.export.shape import FEW, LOUD
from sayso_ingest.export.wanted import Wanted
from sayso_ingest.mining import Dropped, Guard, Purpose, Query, Source, Watch, unwatched

OF_A_TOPIC = 20
"""Good answers from which on a topic is not left to chance."""
NO_TOPIC = "(no tag)"
_MENDED = (Source.EDIT, Source.CORRECTION)
_HELD_OUT = (Dropped.IN_EVAL_SET, Dropped.NEAR_EVAL_SET, Dropped.PARAPHRASED)


@dataclass(slots=True)
class Topic:
    """What there is to learn about one topic: good answers, by whom, how many a person wrote or mended, and pairs."""

    good: int = 0
    mended: int = 0
    pairs: int = 0
    people: Counter[str] = field(default_factory=Counter)

    @property
    def largest_share(self) -> float | None:
        """The share of the person who gave most, 0 to 1."""
        return max(self.people.values()) / self.people.total() if self.people else None


@dataclass(frozen=True, slots=True)
class Teacher:
    """A model whose answers people took, and a cheaper one in use that could learn from them."""

    model: str
    good: int
    pupil: str
    cheaper: float
    """How many times as much an answer of the teacher costs."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What is known of it; `sentences` say it in words, the answer first."""

    topics: dict[str, Topic]
    people: int
    largest_share: float | None
    held_out: int
    cases: int
    teacher: Teacher | None

    @property
    def good(self) -> int:
        """Good answers in all."""
        return sum(topic.good for topic in self.topics.values())

    @property
    def pairs(self) -> int:
        """Pairs in all."""
        return sum(topic.pairs for topic in self.topics.values())

    @property
    def sentences(self) -> list[str]:
        """The answer, why, and what to do next."""
        return [self._answer(), *self._who(), self._judge(), *self._teach()]

    def rows(self) -> list[dict[str, JSON]]:
        """One row a topic, the one with most first."""
        ordered = sorted(self.topics.items(), key=lambda one: (-one[1].good, -one[1].pairs, one[0]))
        return [
            {
                "topic": name,
                "good_answers": topic.good,
                "written_by_people": topic.mended,
                "pairs": topic.pairs,
                "people": len(topic.people),
                "largest_share": topic.largest_share,
                "enough": "yes" if topic.good >= OF_A_TOPIC else f"{OF_A_TOPIC - topic.good} more",
            }
            for name, topic in ordered
        ]

    def _answer(self) -> str:
        known = f"{self.good:,} good answers by {self.people:,} people, and {self.pairs:,} pairs"
        if self.good < FEW:
            return (
                f"Not yet: there are {known}; with fewer than {FEW} good answers little is learnt. Change the prompt "
                "first, and collect more edits and expected answers."
            )
        if not self.cases:
            return f"Not yet: there are {known}, and no eval set that would tell whether it helps. Make one: sayso mine"
        thin = [row["topic"] for row in self.rows() if row["enough"] != "yes"]
        enough = len(self.topics) - len(thin)
        if not enough:
            return (
                f"Not yet: there are {known}, and on no topic {OF_A_TOPIC} good answers. A model would learn the tone, "
                "not the matter."
            )
        more = f" Too little to learn: {', '.join(thin[:5])}." if thin else ""
        share = f"{enough} of {len(self.topics)} topics"
        return f"Worth a try: there are {known}; {share} have {OF_A_TOPIC} or more.{more}"

    def _who(self) -> list[str]:
        if self.largest_share is None or self.largest_share <= LOUD:
            return []
        return [
            f"One person gave {self.largest_share:.0%} of the good answers: the model would learn that taste."
        ]

    def _judge(self) -> str:
        if not self.cases:
            return "Nothing is held out: there is no eval set."
        return (
            f"{self.held_out:,} more are held out, since they ask what the {self.cases:,} cases of eval sets ask; "
            "these would judge the result."
        )

    def _teach(self) -> list[str]:
        if self.teacher is None:
            return []
        one = self.teacher
        return [
            f"{one.pupil} could learn from the {one.good:,} answers of {one.model} that people took; an answer of "
            f"{one.model} costs {one.cheaper:.1f} times as much."
        ]


def advise(
    reading: Reading, guard: Guard, versions: Sequence[Version], *, watch: Watch = unwatched
) -> Advice:
    """Count what could be trained on, as an export would, without writing anything."""
    topics: dict[str, Topic] = defaultdict(Topic)
    by_model: Counter[str] = Counter()
    with _selected(reading, Purpose.DEMONSTRATIONS, guard, watch) as good:
        for kept in good:
            topic = topics[kept.example.topic or NO_TOPIC]
            topic.good += 1
            topic.mended += kept.example.source in _MENDED
            topic.people.update(kept.example.people)
            if kept.example.model and kept.example.source not in _MENDED:
                by_model[kept.example.model] += 1
    with _selected(reading, Purpose.PREFERENCES, guard, watch) as pairs:
        for kept in pairs:
            topics[kept.example.topic or NO_TOPIC].pairs += 1
    return Advice(
        topics=dict(topics),
        people=good.people,
        largest_share=good.largest_share,
        held_out=sum(good.dropped[why] for why in _HELD_OUT),
        cases=len({case.case_id for version in versions for case in version.cases}),
        teacher=_teacher(reading.query, by_model),
    )


@contextmanager
def _selected(reading: Reading, purpose: Purpose, guard: Guard, watch: Watch) -> Iterator[Selection]:
    with reading.aside() as spool:
        yield select(reading, Wanted(purpose), guard, spool, watch)


def _teacher(query: Query, by_model: Counter[str]) -> Teacher | None:
    """The model with most answers that people took, and the cheapest one in use, if that costs less."""
    sql = files(__package__).joinpath("models.sql").read_text(encoding="utf-8")
    costs: dict[str, float] = {row["model"]: row["cost"] for row in query(sql, [])}
    taught = [(good, model) for model, good in by_model.items() if model in costs and good >= FEW]
    if not taught:
        return None
    good, model = max(taught)
    pupil = min(costs, key=lambda name: (costs[name], name))
    if costs[pupil] >= costs[model]:
        return None
    return Teacher(model, good, pupil, costs[model] / costs[pupil])
