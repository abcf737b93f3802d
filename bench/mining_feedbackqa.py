"""How well mining finds failing answers in real feedback: FeedbackQA, one rater as the user, the other as the truth.

    python bench/mining_feedbackqa.py [--data FOLDER] [--seeds 10]

For each seed and item one rater is drawn to be the user, another to be the truth, which no picker sees. Of 100
picks it prints the share that the other rater dislikes, and in how many of 60 clusters of questions they lie;
the clusters (word TF-IDF, k-means) are not those of any picker. Feedback is known on all items, or on 5 %.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from sayso_ingest import mining
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "feedbackqa"
DISLIKED = {"Bad", "Could be Improved"}
PICKS = 100
CLUSTERS = 60
SHARES = (1.0, 0.05)
NOT_KNOWN = dict.fromkeys(("part", "name", "rubric"), "") | dict.fromkeys((
    "input_messages", "variables", "prompt_name", "prompt_version", "model", "tags",
    "score", "reasons", "comment", "original", "proposed", "final", "expected", "label", "min", "max",
))  # fmt: skip
# Student's t at 97.5 % for n - 1 degrees of freedom, n = 2..10; more seeds: nearly normal.
T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)


@dataclass(frozen=True)
class Items:
    """The data as arrays: one question, answer and set of ratings an item, and the question's cluster."""

    questions: list[str]
    answers: list[str]
    ratings: list[list[bool]]  # dislikes, by rater
    clusters: np.ndarray


@dataclass(frozen=True)
class Trial:
    """One seed: what the user said about some items, what the other rater thinks, when each was asked."""

    disliked: np.ndarray
    truth: np.ndarray
    spoken: np.ndarray
    order: np.ndarray
    seed: int


def read(folder: Path) -> Items:
    """Read every file of the folder, in the order of their names."""
    rows = [
        row for file in sorted(folder.glob("*.json")) for row in json.loads(file.read_text(encoding="utf-8"))
    ]
    questions = [row["question"] for row in rows]
    words = TfidfVectorizer(sublinear_tf=True, min_df=2, stop_words="english").fit_transform(questions)
    return Items(
        questions=questions,
        answers=[row["passage"]["reference"]["section_content"] or "" for row in rows],
        ratings=[[rating in DISLIKED for rating in row["rating"]] for row in rows],
        clusters=KMeans(CLUSTERS, n_init=4, random_state=12345).fit_predict(words),
    )


def draw(items: Items, *, share: float, seed: int) -> Trial:
    """Draw the user and the truth of each item, who of them spoke, and the order of time."""
    random = np.random.default_rng(1000 + seed)
    pairs = [random.permutation(len(ratings))[:2] for ratings in items.ratings]
    size = len(items.questions)
    spoken = np.zeros(size, dtype=bool)
    spoken[random.permutation(size)[: round(share * size)]] = True
    return Trial(
        disliked=np.array([ratings[user] for ratings, (user, _) in zip(items.ratings, pairs, strict=True)]),
        truth=np.array([ratings[other] for ratings, (_, other) in zip(items.ratings, pairs, strict=True)]),
        spoken=spoken,
        order=random.permutation(size),
        seed=seed,
    )


def warehouse(items: Items, trial: Trial) -> mining.Query:
    """The two questions that mining asks, answered from the trial: the other rater is not in there."""
    start = datetime(2024, 1, 1)  # noqa: DTZ001 (the warehouse's times are UTC without a zone)
    size = len(items.questions)
    interactions = [
        {
            **NOT_KNOWN,
            "event_id": UUID(int=row),
            "target": str(row),
            "occurred_at": start + timedelta(minutes=int(np.flatnonzero(trial.order == row)[0])),
            "who": f"actor:{row}",
            "input": items.questions[row],
            "output": items.answers[row],
            "sampled": True,
        }
        for row in range(size)
    ]
    thumbs = [
        {
            **NOT_KNOWN,
            "event_id": UUID(int=size + int(row)),
            "target": str(row),
            "who": f"actor:{row}",
            "kind": "thumb",
            "value": "down" if trial.disliked[row] else "up",
            "output": items.answers[row],
        }
        for row in np.flatnonzero(trial.spoken)
    ]

    def query(sql: str, _: Sequence[Any]) -> list[dict[str, Any]]:
        return interactions if sql.startswith("-- name: interactions\n") else thumbs

    return query


def one_each(items: Items, order: Sequence[int]) -> list[int]:
    """The first 100 of an order, each question once, as mining does it."""
    first: dict[str, int] = {}
    for row in order:
        first.setdefault(mining.question_key(items.questions[row]), int(row))
    return list(first.values())[:PICKS]


def random_picks(items: Items, trial: Trial) -> list[int]:
    return one_each(items, np.random.default_rng(trial.seed).permutation(len(items.questions)))


def newest(items: Items, trial: Trial) -> list[int]:
    return one_each(items, trial.order[::-1])


def disliked_first(items: Items, trial: Trial) -> list[int]:
    shuffled = np.random.default_rng(trial.seed).permutation(len(items.questions))
    worst = trial.spoken & trial.disliked
    return one_each(items, [*shuffled[worst[shuffled]], *shuffled[~worst[shuffled]]])


def mined(items: Items, trial: Trial) -> list[int]:
    """What `sayso mine --budget 100` proposes: 10 of them are its random stratum."""
    return [int(one.target) for one in mining.mine(warehouse(items, trial), budget=PICKS, seed=trial.seed)]


def mined_part(items: Items, trial: Trial) -> list[int]:
    """100 picks without the random stratum: what the others are compared with."""
    found = mining.mine(warehouse(items, trial), budget=round(PICKS / 0.9), seed=trial.seed)
    return [int(one.target) for one in found if one.stratum == "mined"][:PICKS]


PICKERS: Mapping[str, Callable[[Items, Trial], list[int]]] = {
    "random": random_picks,
    "newest": newest,
    "disliked first": disliked_first,
    "sayso mine": mined,
    "sayso mine, mined stratum": mined_part,
}


def evaluate(items: Items, picker: Callable[[Items, Trial], list[int]], trial: Trial) -> tuple[float, int]:
    """The share of picks that the other rater dislikes, and the clusters they lie in."""
    picks = picker(items, trial)
    return float(trial.truth[picks].mean()), len(set(items.clusters[picks]))


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Mean and half of its 95 % interval over seeds."""
    half = (T[len(values) - 2] if len(values) <= 10 else 1.96) * np.std(values, ddof=1) / np.sqrt(len(values))
    return float(np.mean(values)), float(half)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--seeds", type=int, default=10)
    arguments = parser.parse_args()
    if not arguments.data.is_dir():
        parser.exit(1, f"{arguments.data} is not there; say with --data where FeedbackQA is.\n")
    items = read(arguments.data)
    print(
        f"{len(items.questions)} items, {arguments.seeds} seeds, {PICKS} picks; mean and 95 % interval over seeds"
    )
    for share in SHARES:
        trials = [draw(items, share=share, seed=seed) for seed in range(arguments.seeds)]
        base = np.mean([trial.truth.mean() for trial in trials])
        print(f"\nfeedback on {share:.0%} of items; the other rater dislikes {base:.2f} of all")
        print(
            f"{'picked by':28}{'failing':>14}{'topics of 60':>16}{'failing - disliked first':>28}{'topics':>16}"
        )
        results = {name: [evaluate(items, pick, trial) for trial in trials] for name, pick in PICKERS.items()}
        for name, result in results.items():
            print(f"{name:28}" + cells(result, results["disliked first"]))


def cells(result: Sequence[tuple[float, int]], rival: Sequence[tuple[float, int]]) -> str:
    failing, topics = zip(*result, strict=True)
    rival_failing, rival_topics = zip(*rival, strict=True)
    columns = [
        ("{:.3f} ± {:.3f}", 14, interval(failing)),
        ("{:.1f} ± {:.1f}", 16, interval(topics)),
        ("{:+.3f} ± {:.3f}", 28, interval(np.subtract(failing, rival_failing))),
        ("{:+.1f} ± {:.1f}", 16, interval(np.subtract(topics, rival_topics))),
    ]
    return "".join(f"{form.format(*values):>{width}}" for form, width, values in columns)


if __name__ == "__main__":
    main()
