"""What annotators together say of a thing, each weighed by how right they turn out to be (Dawid and Skene 1979)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sayso_ingest.analysis.stats.arrays import Floats, Integers

ROUNDS = 2000
"""At most; it is mostly still after some dozens."""
STILL = 1e-12
"""Mean change of a probability below which nothing more is to be learnt."""
SMOOTH = 0.01
"""Answers of each kind that every annotator is thought to have given, so that none is always right for sure."""


@dataclass(frozen=True, slots=True)
class Consensus:
    """Probabilities (things, labels) of each label being right, and how annotators answer.

    `confusion` (annotators, right label, given label) adds up to 1 over given labels; `prior` (labels,) is how
    frequent each label is.
    """

    probability: Floats
    confusion: Floats
    prior: Floats

    @property
    def labels(self) -> Integers:
        """The likeliest label of each thing."""
        return np.asarray(self.probability.argmax(axis=1), dtype=np.int64)

    @property
    def accuracy(self) -> Floats:
        """How often each annotator is thought to be right, 0 to 1."""
        return np.asarray(np.einsum("k,akk->a", self.prior, self.confusion))


def dawid_skene(
    things: Integers, annotators: Integers, labels: Integers, *, smooth: float = SMOOTH
) -> Consensus:
    """Weigh answers (n,), each a thing, who answered and what, all counted from 0; every thing has an answer.

    Expectation and maximisation, begun with the share of answers. Dawid and Skene (1979), "Maximum likelihood
    estimation of observer error-rates using the EM algorithm", Applied Statistics 28. It wants ten answers or so of
    each annotator; with fewer, a majority does as well.
    """
    counts = [int(one.max(initial=-1)) + 1 for one in (things, annotators, labels)]
    probability = _by_thing(np.eye(counts[2])[labels], things, counts[0])
    probability /= probability.sum(axis=1, keepdims=True)
    for _ in range(ROUNDS):
        confusion = _confusion(probability[things], annotators, labels, counts, smooth)
        prior = probability.mean(axis=0)
        said = np.log(confusion)[annotators, :, labels]
        after = _likelihoods(_by_thing(said, things, counts[0]) + np.log(np.maximum(prior, 1e-300)))
        change = float(np.abs(after - probability).mean())
        probability = after
        if change < STILL:
            break
    return Consensus(probability, confusion, prior)


def majority(things: Integers, labels: Integers) -> dict[int, int]:
    """The label most often given to each thing, from answers (n,); of equally many the lowest."""
    counts = np.zeros((int(things.max(initial=-1)) + 1, int(labels.max(initial=-1)) + 1))
    np.add.at(counts, (things, labels), 1)
    return {int(thing): int(counts[thing].argmax()) for thing in np.unique(things)}


def _confusion(
    right: Floats, annotators: Integers, labels: Integers, counts: list[int], smooth: float
) -> Floats:
    given = np.full((counts[1], counts[2], counts[2]), smooth)
    np.add.at(given.transpose(0, 2, 1), (annotators, labels), right)
    return np.asarray(given / given.sum(axis=2, keepdims=True))


def _likelihoods(logarithms: Floats) -> Floats:
    likely = np.exp(logarithms - logarithms.max(axis=1, keepdims=True))
    return np.asarray(likely / likely.sum(axis=1, keepdims=True))


def _by_thing(rows: Floats, things: Integers, count: int) -> Floats:
    total = np.zeros((count, rows.shape[1]))
    np.add.at(total, things, rows)
    return total
