"""banking77: 13,083 short questions to a bank, each with one of 77 intents. Read where it lies, never copied."""

from __future__ import annotations

import csv
from dataclasses import dataclass

import numpy as np

from bench.evidence.data import folder

SIZES = (1, 3, 10)


@dataclass(frozen=True)
class Questions:
    """The texts, and the number of each one's intent."""

    texts: list[str]
    intent: np.ndarray


@dataclass(frozen=True)
class Trial:
    """One seed: rows of the traffic, which of them have an intent the sets miss, and sets of 1, 3 and 10 an intent."""

    traffic: np.ndarray
    missing: np.ndarray
    sets: dict[int, np.ndarray]


def read() -> Questions:
    rows = []
    for name in ("train.csv", "test.csv"):
        with (folder() / "banking77" / name).open(encoding="utf-8", newline="") as file:
            rows += list(csv.DictReader(file))
    intents = sorted({row["category"] for row in rows})
    return Questions(
        [row["text"] for row in rows], np.array([intents.index(row["category"]) for row in rows])
    )


def draw(questions: Questions, intents: np.ndarray, *, traffic: int, seed: int) -> Trial:
    """Take three in ten of the intents for missing; what a set has is not in the traffic."""
    random = np.random.default_rng(seed)
    shuffled = random.permutation(intents)
    missing = shuffled[: round(len(intents) * 0.3)]
    pool = random.permutation(np.flatnonzero(np.isin(questions.intent, intents)))
    of = {one: pool[questions.intent[pool] == one][: max(SIZES)] for one in shuffled[len(missing) :]}
    rest = pool[~np.isin(pool, np.concatenate(list(of.values())))][:traffic]
    return Trial(
        traffic=rest,
        missing=np.isin(questions.intent[rest], missing),
        sets={size: np.concatenate([rows[:size] for rows in of.values()]) for size in SIZES},
    )


CHOSEN_ON = np.arange(0, 76, 2)
"""The 38 intents that choices were made on."""
REPORTED_ON = np.setdiff1d(np.arange(77), CHOSEN_ON)


@dataclass(frozen=True)
class World:
    """One seed: rows of the traffic, and ten examples of each intent that are not in it."""

    traffic: np.ndarray
    examples: dict[int, np.ndarray]


def draw_world(questions: Questions, intents: np.ndarray, *, traffic: int, skewed: bool, seed: int) -> World:
    """Take traffic evenly, or so that the k-th intent is asked 1/k as often as the first, questions then recurring."""
    random = np.random.default_rng(seed)
    shuffled = random.permutation(intents)
    pool = random.permutation(np.flatnonzero(np.isin(questions.intent, intents)))
    of = {int(one): pool[questions.intent[pool] == one] for one in shuffled}
    examples = {one: rows[: max(SIZES)] for one, rows in of.items()}
    rest = np.concatenate([rows[max(SIZES) :] for rows in of.values()])
    if not skewed:
        return World(random.permutation(rest)[:traffic], examples)
    weights = 1 / np.arange(1, len(shuffled) + 1)
    asked = random.choice(shuffled, size=traffic, p=weights / weights.sum())
    return World(np.array([random.choice(of[int(one)][max(SIZES) :]) for one in asked]), examples)
