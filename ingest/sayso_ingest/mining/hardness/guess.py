"""How likely people are to dislike each interaction, for who chooses what is worth a look."""

from __future__ import annotations

from sayso_ingest.event import Kind
from sayso_ingest.mining.hardness.fit import fit_of
from sayso_ingest.mining.hardness.hard import weigh
from sayso_ingest.mining.hardness.prior import estimate
from sayso_ingest.mining.rows import Query, read_interactions, read_verdicts


def guess_dislikes(query: Query, *, seed: int = 0) -> dict[str, float]:
    """The probability of dislike of a random sample of traffic, by target, before anybody said so.

    What judges said does not move it: who draws what to judge by it draws the same again after that.
    """
    pool = [one for one in read_interactions(query, seed=seed) if one.sampled]
    if not pool:
        return {}
    verdicts = [verdict for verdict in read_verdicts(query) if verdict.kind != Kind.JUDGEMENT]
    evidence = weigh([one.target for one in pool], verdicts)
    fit = fit_of([one.input for one in pool], [one.output for one in pool])
    prior = estimate(fit, evidence.rate)
    return {one.target: float(chance) for one, chance in zip(pool, prior.probability, strict=True)}
