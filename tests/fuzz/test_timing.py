"""How long a key is looked at says nothing of how much of it is right."""

from __future__ import annotations

import random
import time
from pathlib import Path

import numpy as np
import pytest
from sayso_ingest.keys import KeyRing, create_key
from scipy import stats

pytestmark = pytest.mark.fuzz
ROUNDS = 60_000
LEAST = 0.02
"""Of the time that a look takes: what would have to differ at least for strangers to see it through a network."""


def test_a_key_that_is_nearly_right_takes_as_long_as_one_that_is_not_at_all(tmp_path: Path) -> None:
    """Looks in random order, compared by their medians and by the ranks of all."""
    path = tmp_path / "keys.json"
    secret, _ = create_key(path, kind="sk", project="default")
    for number in range(50):
        create_key(path, kind="sk", project=f"p{number}")
    ring = KeyRing(path, look_every=60)
    last = "A" if secret[-1] != "A" else "B"
    guesses = {
        "all but the last character": secret[:-1] + last,
        "the first half": secret[:23] + "x" * (len(secret) - 23),
        "nothing": "sk_" + "x" * (len(secret) - 3),
    }
    took = looks(ring, guesses)
    nothing = took.pop("nothing")
    for name, times in took.items():
        median = float(np.median(nothing))
        shift = (float(np.median(times)) - median) / median
        chance = float(stats.mannwhitneyu(times, nothing).pvalue)
        print(f"{name} right: {shift:+.2%} of {median:.0f} ns, p = {chance:.2g}")
        assert abs(shift) < LEAST


def test_a_comparison_that_ends_early_would_be_noticed() -> None:
    """The same measure sees `==` on long texts, so that it is no wonder that it sees nothing above."""

    class Naive:
        def find(self, guess: str) -> bool:
            return all(one == other for one, other in zip(guess, SECRET, strict=True))

    SECRET = "s" * 200
    took = looks(Naive(), {"half": "s" * 100 + "x" * 100, "nothing": "x" * 200})
    assert float(np.median(took["half"])) > (1 + LEAST) * float(np.median(took["nothing"]))


def looks(ring: object, guesses: dict[str, str]) -> dict[str, np.ndarray]:
    """Nanoseconds of each look, the guesses in random order so that a machine whose speed drifts treats them alike."""
    order = [name for name in guesses for _ in range(ROUNDS)]
    random.Random(3).shuffle(order)
    find, clock = ring.find, time.perf_counter_ns  # type: ignore[attr-defined]
    took: dict[str, list[int]] = {name: [] for name in guesses}
    for name in order:
        guess = guesses[name]
        began = clock()
        find(guess)
        took[name].append(clock() - began)
    return {name: np.array(times) for name, times in took.items()}
