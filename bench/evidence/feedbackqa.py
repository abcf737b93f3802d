"""FeedbackQA: 3,924 questions with an answer that two or three people rated. Read where it lies, never copied.

Of each item one rater, drawn by the seed, is the user, and another is the truth, which nothing that is measured sees.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
from sayso_ingest import mining
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer

from bench.evidence.data import folder
from bench.evidence.warehouse import as_query

BAD, DISLIKED = {"Bad"}, {"Bad", "Could be Improved"}
CLUSTERS = 60


@dataclass(frozen=True)
class Items:
    """One question, answer and list of ratings an item, and the cluster of the question (word TF-IDF, k-means)."""

    questions: list[str]
    answers: list[str]
    ratings: list[list[str]]
    clusters: np.ndarray


@dataclass(frozen=True)
class Trial:
    """One seed: what the user thinks, who of them said it, what the other thinks, and when each was asked."""

    items: Items
    disliked: np.ndarray
    spoken: np.ndarray
    truth: np.ndarray
    bad: np.ndarray
    """Where the other rater says the worst of four."""
    order: np.ndarray
    seed: int

    def query(self) -> mining.Query:
        """The warehouse of this trial."""
        place = np.empty(len(self.order), dtype=int)
        place[self.order] = np.arange(len(self.order))
        return as_query(
            self.items.questions,
            answers=self.items.answers,
            place_in_time=place.tolist(),
            thumbs={int(row): bool(self.disliked[row]) for row in np.flatnonzero(self.spoken)},
        )


def read() -> Items:
    files = sorted((folder() / "feedbackqa").glob("*.json"))
    rows = [row for file in files for row in json.loads(file.read_text(encoding="utf-8"))]
    questions = [row["question"] for row in rows]
    words = TfidfVectorizer(sublinear_tf=True, min_df=2, stop_words="english").fit_transform(questions)
    return Items(
        questions=questions,
        answers=[row["passage"]["reference"]["section_content"] or "" for row in rows],
        ratings=[row["rating"] for row in rows],
        clusters=KMeans(CLUSTERS, n_init=4, random_state=12345).fit_predict(words),
    )


def draw(items: Items, *, share: float, seed: int) -> Trial:
    """Draw the user and the truth of each item, which share of the users spoke, and the order of time."""
    random = np.random.default_rng(1000 + seed)
    pairs = [random.permutation(len(ratings))[:2] for ratings in items.ratings]
    size = len(items.questions)
    spoken = np.zeros(size, dtype=bool)
    spoken[random.permutation(size)[: round(share * size)]] = True
    users, others = zip(
        *((of[user], of[other]) for of, (user, other) in zip(items.ratings, pairs, strict=True)), strict=True
    )
    return Trial(
        items=items,
        disliked=np.array([one in DISLIKED for one in users]),
        spoken=spoken,
        truth=np.array([one in DISLIKED for one in others]),
        bad=np.array([one in BAD for one in others]),
        order=random.permutation(size),
        seed=seed,
    )
