"""Asking a judge about one thing, as often as it takes, and making one judgement of what it said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from sayso_ingest.event import JSON
from sayso_ingest.judge.material import Candidate, Material
from sayso_ingest.judge.prompt import (
    TIE,
    Opinion,
    comparing,
    comparing_shape,
    grading,
    grading_shape,
    winner,
)
from sayso_ingest.judge.rubric import Rubric
from sayso_ingest.models import SETTLED, ChatModel, Messages, Outcome, Question, Reply, Shape

PREFERENCE = "preference"
"""The name of a judgement that says which candidate is better."""
MOST_RATIONALE = 8_000
LAST = frozenset({Outcome.UNAFFORDABLE, Outcome.STOPPED, Outcome.REFUSED})
"""What the further questions about the same thing would meet too."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How judges are asked."""

    samples: int = 1
    seed: int = 0
    max_tokens: int = 1024
    pairs: bool = False

    @property
    def name(self) -> str:
        """The name of the judgements that are made."""
        return PREFERENCE if self.pairs else ""

    @property
    def temperature(self) -> float:
        """0 for one sample; several at 0 would all be the same, and say nothing about each other."""
        return 0.0 if self.samples == 1 else 0.7


@dataclass(frozen=True, slots=True)
class Judgement:
    """A judge's verdict on one thing."""

    target: str
    judge: str
    rubric: str
    name: str
    label: str
    score: float | None
    rationale: str
    meta: dict[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Graded:
    """What came of asking about one thing: a judgement, or what stood in its way, and how each question ended."""

    judgement: Judgement | None
    outcomes: tuple[Outcome, ...]
    hindrance: Outcome | None = None
    problem: str = ""
    recalled: int = 0
    """Answers that were there from before."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question about a thing; of a pair, who came first and second."""

    question: Question
    pair: tuple[Candidate, Candidate] | None = None


def questions(rubric: Rubric, material: Material, asking: Asking) -> Iterator[Asked]:
    """All that is asked about one thing."""
    if not asking.pairs:
        for sample in range(asking.samples):
            yield Asked(_question(grading(rubric, material), grading_shape(rubric), asking, sample))
        return
    for one, other in combinations(material.candidates, 2):
        for sample in range(asking.samples):
            for first, second in ((one, other), (other, one)):
                messages = comparing(rubric, material, first, second)
                yield Asked(_question(messages, comparing_shape(), asking, sample), (first, second))


def _question(messages: Messages, shape: Shape, asking: Asking, sample: int) -> Question:
    return Question(
        messages,
        shape,
        temperature=asking.temperature,
        seed=asking.seed + sample,
        max_tokens=asking.max_tokens,
        sample=sample,
    )


def judge(model: ChatModel, rubric: Rubric, material: Material, asking: Asking) -> Graded:
    """Ask a judge about one thing.

    While an answer is missing that may still come, there is no judgement: the next run recalls the others and asks for
    that one. What will never be answered is left out of several samples, and the judgement says of how many.

    Raises:
        ModelError: its endpoint would not answer anything.
    """
    replies: list[tuple[Asked, Reply]] = []
    for asked in questions(rubric, material, asking):
        replies.append((asked, model.ask(asked.question)))
        if replies[-1][1].outcome in LAST:
            break
    failed = [reply for _, reply in replies if reply.outcome is not Outcome.ANSWERED]
    missing = [reply for reply in failed if reply.outcome not in SETTLED]
    verdict = None if missing else _verdict(replies, rubric, material, asking)
    hindrance = (missing or failed)[-1] if verdict is None else None
    return Graded(
        verdict and _judgement(verdict, model.name, rubric, material, asking),
        tuple(reply.outcome for _, reply in replies),
        hindrance.outcome if hindrance else None,
        hindrance.problem if hindrance else "",
        sum(reply.recalled for _, reply in replies),
    )


Verdict = tuple[str, float | None, str, dict[str, JSON]]


def _verdict(
    replies: Sequence[tuple[Asked, Reply]], rubric: Rubric, material: Material, asking: Asking
) -> Verdict | None:
    said = [(asked, reply.value) for asked, reply in replies if reply.outcome is Outcome.ANSWERED]
    if asking.pairs:
        return _preferred(said, material)
    return _graded([opinion for _, opinion in said], rubric, asked=len(replies))


def _judgement(verdict: Verdict, judge: str, rubric: Rubric, material: Material, asking: Asking) -> Judgement:
    label, score, rationale, meta = verdict
    return Judgement(
        target=material.target,
        judge=judge,
        rubric=rubric.id,
        name=asking.name,
        label=label,
        score=score,
        rationale=rationale[:MOST_RATIONALE],
        meta=meta,
    )


def _graded(said: Sequence[Opinion], rubric: Rubric, *, asked: int) -> Verdict | None:
    """The label of most samples (of several, the first in the rubric) with its score; how the others differ is meta."""
    if not said:
        return None
    counts = Counter(opinion.label for opinion in said)
    label = max((label.name for label in rubric.labels), key=lambda name: counts[name])
    scores = {one.name: one.score for one in rubric.labels}
    known = [score for opinion in said if (score := scores[opinion.label]) is not None]
    rationale = next(opinion.rationale for opinion in said if opinion.label == label)
    meta: dict[str, JSON] = {}
    if len(said) > 1:
        meta = {"samples": len(said), "agreed": round(counts[label] / len(said), 4)}
        meta |= {"mean_score": round(sum(known) / len(known), 4)} if known else {}
    if len(said) < asked:
        meta |= {"samples": len(said), "unanswered": asked - len(said)}
    return label, scores[label], rationale, meta


def _preferred(said: Sequence[tuple[Asked, Opinion]], material: Material) -> Verdict | None:
    """The candidate that wins most of its pairs; a pair whose two orders do not agree has no winner.

    There is none where a pair was not seen in both orders: who was never compared has not lost.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for asked, opinion in said:
        if asked.pair:
            first, second = asked.pair
            found.setdefault((first.id, second.id), []).append(winner(opinion, first, second))
    ids = [candidate.id for candidate in material.candidates]
    pairs = list(combinations(ids, 2))
    if not all((one, other) in found and (other, one) in found for one, other in pairs):
        return None
    won = [{*found[one, other], *found[other, one]} for one, other in pairs]
    agreed = [names.pop() for names in won if len(names) == 1]
    wins = Counter(name for name in agreed if name != TIE)
    best = [name for name, count in wins.items() if count == max(wins.values())]
    label = best[0] if len(best) == 1 else TIE
    rationale = next((o.rationale for asked, o in said if asked.pair and winner(o, *asked.pair) == label), "")
    meta: dict[str, JSON] = {"pairs": len(pairs), "consistent": len(agreed), "compared": ids}
    return label, None, rationale, meta
