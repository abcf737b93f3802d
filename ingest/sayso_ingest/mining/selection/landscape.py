"""The pool of one mining run with everything known about it: vectors, topics, evidence, hardness, distance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sayso_ingest.event import JSON
from sayso_ingest.mining.arrays import Booleans, Floats, Integers, Vectors
from sayso_ingest.mining.embed import Centring, Embedder
from sayso_ingest.mining.hardness.acts import Acts
from sayso_ingest.mining.hardness.fit import fit_of
from sayso_ingest.mining.hardness.hard import Evidence, hardness, weigh
from sayso_ingest.mining.hardness.prior import Prior, estimate
from sayso_ingest.mining.question import question_key
from sayso_ingest.mining.rows import Done, Interaction, Verdict
from sayso_ingest.mining.similarity import duplicates
from sayso_ingest.mining.similarity.novelty import nearest_distance
from sayso_ingest.mining.similarity.topics import Topics, find_topics, name_topics
from sayso_ingest.mining.watch import Watch, unwatched


@dataclass(frozen=True, slots=True)
class Landscape:
    """Arrays with one row for each interaction of the pool (n), and the current cases (m) beside them."""

    pool: Sequence[Interaction]
    groups: Integers
    """Which ask nearly the same."""
    sampled: Booleans
    vectors: Vectors
    cases: Vectors
    closed_groups: frozenset[int]
    """Those of the current set, and of what a reviewer declined: none of them is picked."""
    topics: Topics
    topic_names: Sequence[str]
    members: Integers
    case_counts: Integers
    evidence: Evidence
    prior: Prior
    acts: Acts
    similarity: Floats
    """Of question and answer, NaN where there is none."""
    hardness: Floats
    distance: Floats
    embedder_id: str

    @property
    def traffic(self) -> Vectors:
        """The vectors of the random sample of traffic."""
        return self.vectors[self.sampled]

    @property
    def spoken_against(self) -> Booleans:
        """Where somebody disliked, rejected, edited, corrected or marked down the answer."""
        return np.asarray(self.evidence.disliked > 0)


def survey(
    pool: Sequence[Interaction],
    verdicts: Sequence[Verdict],
    current_cases: Sequence[Mapping[str, JSON]],
    *,
    declined: Sequence[Mapping[str, JSON]] = (),
    acts: Sequence[Done] = (),
    embedder: Embedder,
    seed: int,
    watch: Watch = unwatched,
) -> Landscape:
    """Look at the whole pool once; what is fitted (centring, topics) is fitted on the sample of traffic alone."""
    sampled = np.array([interaction.sampled for interaction in pool])
    keys = [question_key(one.input, one.input_messages) for one in pool]
    keys += [question_key(case["input"], case.get("input_messages")) for case in (*current_cases, *declined)]
    watch("Comparing questions", 0, 0)
    asked = duplicates.groups(keys)
    watch("Embedding questions", 0, 0)
    raw = embedder.embed([interaction.input for interaction in pool])
    centring = Centring.fit(raw[sampled], most=embedder.shared)
    vectors = centring.apply(raw)
    cases = centring.apply(embedder.embed([case["input"] for case in current_cases]))
    watch("Finding topics", 0, 0)
    topics = find_topics(vectors[sampled], seed=seed)
    sample = [interaction for interaction in pool if interaction.sampled]
    targets = [interaction.target for interaction in pool]
    evidence = weigh(targets, verdicts)
    done = Acts.of(targets, acts, evidence.rate)
    watch("Reading answers", 0, 0)
    fit = fit_of([interaction.input for interaction in pool], [interaction.output for interaction in pool])
    prior = estimate(fit, evidence.rate, vectors)
    return Landscape(
        pool=pool,
        groups=asked[: len(pool)],
        sampled=sampled,
        vectors=vectors,
        cases=cases,
        closed_groups=frozenset(map(int, asked[len(pool) :])),
        topics=topics,
        topic_names=name_topics([one.input for one in sample], topics, tags=[one.tags for one in sample]),
        members=topics.assign(vectors),
        case_counts=topics.counts_of(cases),
        evidence=evidence,
        prior=prior,
        acts=done,
        similarity=fit.likeness,
        hardness=hardness(evidence, done.heeded(prior.probability)),
        distance=nearest_distance(vectors, cases),
        embedder_id=embedder.id,
    )
