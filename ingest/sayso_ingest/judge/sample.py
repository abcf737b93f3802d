"""Which interactions are judged: drawn with known probabilities, the same ones each time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

LEAST = 0.1
"""Of the weight of what is wholly uncertain, what even the surest has: nothing is left out for certain."""


def draw(
    targets: Sequence[str],
    *,
    rate: float,
    limit: int | None,
    seed: int,
    dislike: Mapping[str, float] | None = None,
) -> dict[str, float]:
    """Draw of these targets; return each drawn one with the probability that it is drawn.

    Each has a permanent number by its name and the seed, and comes in where that is below its probability. With a
    limit the lowest of number / probability come in: sequential Poisson sampling, Ohlsson (1998), "Sequential Poisson
    sampling", Journal of Official Statistics 14. With `dislike`, how likely each is to be disliked, the probability
    grows with how near that is to one half. It may have only some targets, drawn from all by lot: what is drawn is
    drawn of these, and its probability is that of being among them times that of being drawn then, as in any sample of
    two phases; Särndal, Swensson and Wretman (1992), "Model assisted survey sampling", chapter 9.
    """
    known = [target for target in targets if dislike is None or target in dislike]
    size = rate * len(targets)
    size = size if limit is None else min(size, limit)
    weights = [1.0 if dislike is None else uncertainty(dislike[target]) for target in known]
    chances = dict(zip(known, inclusion(weights, size), strict=True))
    numbers = {target: number(target, seed) for target in known}
    drawn = [target for target, chance in chances.items() if numbers[target] < chance]
    if limit is not None and (rate * len(targets) >= limit or len(drawn) > limit):
        drawn = sorted(known, key=lambda target: (numbers[target] / chances[target], target))[:limit]
    return {target: len(known) / len(targets) * chances[target] for target in drawn}


def uncertainty(probability: float) -> float:
    """1 where it is one half, falling to `LEAST` where it is certain."""
    return max(LEAST, 1 - abs(2 * probability - 1))


def inclusion(weights: Sequence[float], size: float) -> list[float]:
    """Probabilities in proportion to weights, at most 1, that sum to `size`, or to all there are."""
    if size >= len(weights):
        return [1.0] * len(weights)
    certain: set[int] = set()
    while True:
        rest = sum(weight for row, weight in enumerate(weights) if row not in certain)
        factor = (size - len(certain)) / rest
        more = {row for row, weight in enumerate(weights) if row not in certain and factor * weight > 1}
        if not more:
            return [1.0 if row in certain else factor * weight for row, weight in enumerate(weights)]
        certain |= more


def number(target: str, seed: int) -> float:
    """A number from 0 to below 1 that a target always has."""
    digest = hashlib.sha256(f"{seed}:{target}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:7]) / 2**56
