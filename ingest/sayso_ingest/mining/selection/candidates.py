"""From rows to candidates: a named strategy picks them, a random stratum keeps the set honest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from math import prod

import numpy as np

from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.event import JSON
from sayso_ingest.mining import rows
from sayso_ingest.mining.arrays import Floats
from sayso_ingest.mining.embed import EmbedderChoice, HashEmbedder, always, automatic
from sayso_ingest.mining.hardness.foundation import Tell, described, untold
from sayso_ingest.mining.question import question_id
from sayso_ingest.mining.selection import reasons
from sayso_ingest.mining.selection.candidate import Basis, Candidate
from sayso_ingest.mining.selection.documents import Rarest
from sayso_ingest.mining.selection.landscape import Landscape, survey
from sayso_ingest.mining.selection.reference import reference
from sayso_ingest.mining.selection.select import (
    HARDNESS_POWER,
    Pick,
    closeness,
    covered_by,
    facility_location,
)
from sayso_ingest.mining.selection.spread import spread
from sayso_ingest.mining.selection.strategies import STRATEGIES, Strategy
from sayso_ingest.mining.similarity.novelty import novelty
from sayso_ingest.mining.watch import Watch, unwatched

RANDOM_SHARE = 0.1
CLIENTS = 5_000
"""Interactions of the sample that a set is asked to stand for."""
CONTENDERS = 4_000
"""Candidates that are compared with each other: those with the highest weights."""


FORCED = 0.5
"""Share of what was spoken against that may take the place of better guesses: the rest is there to choose from."""
REFERENCE_BONUS = 1.1
"""Times the weight of an interaction with an expected answer: it decides between equally hard ones."""


def _by_novelty(land: Landscape) -> Floats:
    found = novelty(land.vectors, land.cases, sampled=land.sampled)
    return np.asarray(found.score**HARDNESS_POWER)


# Strategy -> the weight (n,) that it gives to the gain of each interaction; the others weigh all alike.
_WEIGHTS: Mapping[str, Callable[[Landscape], Floats]] = {
    "hard": lambda land: land.hardness**HARDNESS_POWER,
    "different": _by_novelty,
}


def mine(
    query: rows.Query,
    *,
    current_cases: Sequence[Mapping[str, JSON]] = (),
    declined: Sequence[Mapping[str, JSON]] = (),
    budget: int,
    seed: int = 0,
    strategy: str = "hard",
    choose: EmbedderChoice | None = None,
    watch: Watch = unwatched,
    tell: Tell = untold,
) -> list[Candidate]:
    """Propose at most `budget` interactions for the eval set, a tenth of them drawn at random.

    First come those that somebody spoke against, then guesses, then what was drawn.

    `current_cases` and `declined` are rows with `input` (and `input_messages`). No question is proposed twice, nor
    nearly so, and none that the set has, or that a reviewer declined. `tell` is told what hardness rests on, where
    the strategy heeds it.

    Raises:
        UsageError: the budget is not positive, or there is no such strategy.
        NotFound: there is no interaction with an input.
    """
    chosen = _strategy(strategy)
    if budget < 1:
        raise UsageError(f"A budget of {budget} picks nothing. Ask for at least 1.")
    watch("Reading traffic", 0, 0)
    judged = rows.JUDGED if chosen.expects_dislike else rows.TRAFFIC
    pool = rows.read_interactions(query, seed=seed, judged=judged)
    if not pool:
        raise NotFound(
            "There is no interaction with an input to mine from. Send some with client.interaction(...); what was sent "
            "shows up after it has landed and been published (`sayso status`)."
        )
    embedder = (choose or usual_embedder(strategy))([one.input for one in pool if one.sampled])
    land = survey(
        pool,
        rows.read_verdicts(query),
        current_cases,
        declined=declined,
        acts=rows.read_acts(query, [one.target for one in pool]),
        embedder=embedder,
        seed=seed,
        watch=watch,
    )
    if chosen.expects_dislike:
        tell(described(land.evidence.reliability, land.acts.acts, land.prior))
    watch("Choosing", 0, 0)
    rarest = Rarest.read(query, pool, current_cases) if chosen.seldom else None
    drawn = _draw(land, budget=round(budget * RANDOM_SHARE), seed=seed)
    taken = {int(land.groups[row]) for row in drawn}
    weights = _weights(land, chosen, rarest)
    mined = _pick(land, chosen, weights, budget=budget - len(drawn), taken=taken, seed=seed)
    mined.sort(key=lambda row: not land.spoken_against[row])
    picked: Counter[int] = Counter()
    found = []
    for row, probability in [*((row, None) for row in mined), *drawn.items()]:
        found.append(_candidate(land, row, chosen, rarest, probability=probability, picked=picked))
        picked[int(land.members[row])] += 1
    return found


def usual_embedder(strategy: str) -> EmbedderChoice:
    """What is taken for a strategy where no embedder is named: by the traffic, or what tells junk best.

    Of what `represent` picks from a traffic with 8 % junk, a tenth was junk with vectors of `svd`.
    """
    return always(HashEmbedder()) if _strategy(strategy).spreads else automatic


def _strategy(name: str) -> Strategy:
    for strategy in STRATEGIES:
        if strategy.name == name:
            return strategy
    known = ", ".join(strategy.name for strategy in STRATEGIES)
    raise UsageError(f"There is no mining strategy {name!r}. Choose one of: {known}.")


def _weights(land: Landscape, strategy: Strategy, rarest: Rarest | None) -> Floats:
    weigh = _WEIGHTS.get(strategy.name)
    weights = weigh(land) if weigh else np.ones(len(land.pool))
    if rarest is not None:
        weights = weights * rarest.weights
    answered = np.array([reference(land, row)[0] is not None for row in range(len(land.pool))])
    return np.where(answered, weights * REFERENCE_BONUS, weights)


def _pick(
    land: Landscape, strategy: Strategy, weights: Floats, *, budget: int, taken: set[int], seed: int
) -> list[int]:
    contenders = _compared(_best_of_each_question(land, weights, taken), strategy, seed=seed)
    if strategy.spreads:
        picks = spread(
            land.vectors[contenders], weights[contenders], land.cases, budget=budget, seldom=strategy.seldom
        )
    else:
        picks = _by_facility_location(land, strategy, contenders, weights, budget=budget, seed=seed)
    return [contenders[pick.row] for pick in picks]


def _compared(contenders: list[int], strategy: Strategy, *, seed: int) -> list[int]:
    """Those of the contenders, by falling weight, that are compared with each other."""
    if strategy.seldom:  # a sample would have little of what is asked seldom
        return contenders
    if strategy.spreads and len(contenders) > CONTENDERS:
        # All are worth about the same: those that come first are no better, and may be of one time or one kind.
        some = np.random.default_rng(seed).permutation(len(contenders))[:CONTENDERS]
        return [contenders[place] for place in np.sort(some)]
    return contenders[:CONTENDERS]


def _by_facility_location(
    land: Landscape, strategy: Strategy, contenders: list[int], weights: Floats, *, budget: int, seed: int
) -> list[Pick]:
    guessed = ~land.spoken_against[contenders]
    most = max(int(strategy.guesses * budget), budget - int((~guessed).sum() * FORCED))
    clients = land.traffic
    if len(clients) > CLIENTS:
        clients = clients[np.random.default_rng(seed).permutation(len(clients))[:CLIENTS]]
    return facility_location(
        closeness(clients, land.vectors[contenders]),
        weights[contenders],
        covered_by(clients, land.cases),
        budget=budget,
        limited=guessed,
        most=most,
    )


def _best_of_each_question(land: Landscape, weights: Floats, taken: set[int]) -> list[int]:
    """Rows by falling weight, the first of those that ask nearly the same, unless it is closed or drawn."""
    seen = set(land.closed_groups | taken)
    kept: list[int] = []
    for row in map(int, np.argsort(-weights, kind="stable")):
        if (group := int(land.groups[row])) not in seen:
            seen.add(group)
            kept.append(row)
    return kept


def _draw(land: Landscape, *, budget: int, seed: int) -> dict[int, float]:
    """Draw interactions of the sample with equal chances; of those that ask nearly the same one is taken.

    Its probability is that of drawing any of them.
    """
    rows_of = [
        row
        for row in map(int, np.flatnonzero(land.sampled))
        if int(land.groups[row]) not in land.closed_groups
    ]
    asked = Counter(int(land.groups[row]) for row in rows_of)
    order = np.random.default_rng(seed).permutation(len(rows_of))[:budget]
    drawn: dict[int, int] = {}
    for row in (rows_of[place] for place in order):
        drawn.setdefault(int(land.groups[row]), row)
    return {
        row: inclusion_probability(asked[group], drawn=len(order), of=len(rows_of))
        for group, row in drawn.items()
    }


def inclusion_probability(times: int, *, drawn: int, of: int) -> float:
    """The chance that at least one of `times` interactions is among `drawn` without replacement out of `of`."""
    return 1 - prod(max(0, of - drawn - k) / (of - k) for k in range(times))


def _candidate(
    land: Landscape,
    row: int,
    strategy: Strategy,
    rarest: Rarest | None,
    *,
    probability: float | None,
    picked: Mapping[int, int],
) -> Candidate:
    interaction = land.pool[row]
    expected, kind = reference(land, row)
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
        evidence=_basis(land, row, probability),
        inclusion_probability=probability,
        hardness=float(land.hardness[row]),
        signals={name: value for name, value in signals.items() if not np.isnan(value)},
        distance=None if np.isnan(distance) else distance,
        reason=reasons.sentence(
            land,
            row,
            guess=strategy.expects_dislike and probability is None,
            needs=rarest.said(row) if rarest else "",
            picked=picked.get(int(land.members[row]), 0),
            inclusion_probability=probability,
        ),
        event_ids=(
            interaction.event_id,
            *sorted({verdict.event_id for verdict, _ in heard} | land.acts.behind(row)),
        ),
        prompt_name=interaction.prompt_name,
        prompt_version=interaction.prompt_version,
        model=interaction.model,
        strategy=strategy.name,
        embedder=land.embedder_id,
    )


def _basis(land: Landscape, row: int, probability: float | None) -> Basis:
    if probability is not None:
        return "random"
    return "said" if land.spoken_against[row] else "guessed"
