"""From rows to candidates: a named strategy picks them, a random stratum keeps the set honest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod

import numpy as np

from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.event import JSON, Kind
from sayso_ingest.mining import reasons, rows
from sayso_ingest.mining.arrays import Floats
from sayso_ingest.mining.candidate import Candidate, ReferenceKind
from sayso_ingest.mining.embed import Embedder, HashEmbedder
from sayso_ingest.mining.landscape import Landscape, survey
from sayso_ingest.mining.novelty import novelty
from sayso_ingest.mining.question import question_id
from sayso_ingest.mining.select import HARDNESS_POWER, closeness, covered_by, facility_location

RANDOM_SHARE = 0.1
CLIENTS = 5_000
"""Interactions of the sample that a set is asked to stand for."""
CONTENDERS = 4_000
"""Candidates that are compared with each other: those with the highest weights."""


@dataclass(frozen=True, slots=True)
class Strategy:
    """A way to pick: its name, what it prefers, and the weight (n,) it gives to each interaction's gain."""

    name: str
    summary: str
    weigh: Callable[[Landscape], Floats] = field(repr=False)


def _by_novelty(land: Landscape) -> Floats:
    score = novelty(
        land.distance, land.vectors, members=land.members, traffic=land.topics.sizes, cases=land.case_counts
    )
    return np.asarray(score**HARDNESS_POWER)


STRATEGIES: tuple[Strategy, ...] = (
    Strategy(
        "hard",
        "hard and different: disliked, rejected or edited, far from the set and from each other",
        lambda land: land.hardness**HARDNESS_POWER,
    ),
    Strategy("different", "unlike the current set, whatever people said", _by_novelty),
    Strategy("represent", "what traffic is like and the set is not", lambda land: np.ones(len(land.pool))),
)


def mine(
    query: rows.Query,
    *,
    current_cases: Sequence[Mapping[str, JSON]] = (),
    budget: int,
    seed: int = 0,
    strategy: str = "hard",
    embedder: Embedder | None = None,
) -> list[Candidate]:
    """Propose at most `budget` interactions for the eval set, a tenth of them drawn at random.

    `current_cases` are rows with `input` (and `input_messages`). No question is proposed twice, none that the set has.

    Raises:
        UsageError: the budget is not positive, or there is no such strategy.
        NotFound: there is no interaction with an input.
    """
    chosen = _strategy(strategy)
    if budget < 1:
        raise UsageError(f"A budget of {budget} picks nothing. Ask for at least 1.")
    pool = rows.read_interactions(query, seed=seed)
    if not pool:
        raise NotFound(
            "There is no interaction with an input to mine from. Send some with client.interaction(...); what was sent "
            "shows up after it has landed and been published (`sayso status`)."
        )
    land = survey(
        pool, rows.read_verdicts(query), current_cases, embedder=embedder or HashEmbedder(), seed=seed
    )
    drawn = _draw(land, budget=round(budget * RANDOM_SHARE), seed=seed)
    taken = {land.questions[row] for row in drawn}
    mined = _pick(land, chosen.weigh(land), budget=budget - len(drawn), taken=taken, seed=seed)
    return [_candidate(land, row, chosen, None) for row in mined] + [
        _candidate(land, row, chosen, probability) for row, probability in drawn.items()
    ]


def _strategy(name: str) -> Strategy:
    for strategy in STRATEGIES:
        if strategy.name == name:
            return strategy
    known = ", ".join(strategy.name for strategy in STRATEGIES)
    raise UsageError(f"There is no mining strategy {name!r}. Choose one of: {known}.")


def _pick(land: Landscape, weights: Floats, *, budget: int, taken: set[str], seed: int) -> list[int]:
    contenders = _best_of_each_question(land, weights, taken)[:CONTENDERS]
    clients = land.traffic
    if len(clients) > CLIENTS:
        clients = clients[np.random.default_rng(seed).permutation(len(clients))[:CLIENTS]]
    picks = facility_location(
        closeness(clients, land.vectors[contenders]),
        weights[contenders],
        covered_by(clients, land.cases),
        budget=budget,
    )
    return [contenders[pick.row] for pick in picks]


def _best_of_each_question(land: Landscape, weights: Floats, taken: set[str]) -> list[int]:
    """Rows by falling weight, the first of each question that is not in the set and not drawn already."""
    seen = set(land.case_questions | taken)
    kept: list[int] = []
    for row in map(int, np.argsort(-weights, kind="stable")):
        if land.questions[row] not in seen:
            seen.add(land.questions[row])
            kept.append(row)
    return kept


def _draw(land: Landscape, *, budget: int, seed: int) -> dict[int, float]:
    """Draw interactions of the sample with equal chances; each question counts once, with its own probability."""
    rows_of = [
        row
        for row in map(int, np.flatnonzero(land.sampled))
        if land.questions[row] not in land.case_questions
    ]
    asked = Counter(land.questions[row] for row in rows_of)
    order = np.random.default_rng(seed).permutation(len(rows_of))[:budget]
    drawn: dict[str, int] = {}
    for row in (rows_of[place] for place in order):
        drawn.setdefault(land.questions[row], row)
    return {
        row: inclusion_probability(asked[question], drawn=len(order), of=len(rows_of))
        for question, row in drawn.items()
    }


def inclusion_probability(times: int, *, drawn: int, of: int) -> float:
    """The chance that at least one of `times` interactions is among `drawn` without replacement out of `of`."""
    return 1 - prod(max(0, of - drawn - k) / (of - k) for k in range(times))


def _candidate(land: Landscape, row: int, strategy: Strategy, probability: float | None) -> Candidate:
    interaction = land.pool[row]
    expected, kind = _reference(land, row)
    heard = land.evidence.verdicts[row]
    distance = float(land.distance[row])
    signals = {str(name): float(column[row]) for name, column in land.evidence.columns.items()}
    return Candidate(
        target=interaction.target,
        question_id=question_id(interaction.input, interaction.input_messages),
        input=interaction.input,
        input_messages=interaction.input_messages,
        variables=interaction.variables,
        output=interaction.output,
        expected=expected,
        reference_kind=kind,
        tags=interaction.tags,
        topic=land.topic_names[int(land.members[row])],
        stratum="mined" if probability is None else "random",
        inclusion_probability=probability,
        hardness=float(land.hardness[row]),
        signals={name: value for name, value in signals.items() if not np.isnan(value)},
        distance=None if np.isnan(distance) else distance,
        reason=reasons.sentence(land, row, inclusion_probability=probability),
        event_ids=(interaction.event_id, *sorted({verdict.event_id for verdict, _ in heard})),
        prompt_name=interaction.prompt_name,
        prompt_version=interaction.prompt_version,
        model=interaction.model,
        strategy=strategy.name,
        embedder=land.embedder_id,
    )


def _reference(land: Landscape, row: int) -> tuple[str | None, ReferenceKind]:
    """The best expected answer that people gave: an annotator's, then an edited text, then an accepted output."""
    heard = [verdict for verdict, _ in land.evidence.verdicts[row] if not verdict.part]
    for verdict in heard:
        if verdict.kind == Kind.ANNOTATION and verdict.expected:
            return verdict.expected, "annotation"
    for verdict in heard:
        if verdict.value == "edited" and verdict.final:
            return verdict.final, "human_edit"
        if verdict.kind == Kind.COMMENT and verdict.expected:
            return verdict.expected, "human_edit"
    accepted = any(verdict.kind == Kind.SUGGESTION and verdict.value == "accepted" for verdict in heard)
    if accepted and land.evidence.rate[row] < 0.5 and land.pool[row].output:
        return land.pool[row].output, "accepted"
    return None, "none"
