"""What mining costs as the traffic grows: `sayso mine` in a process of its own, against a set of 2,000 cases."""

from __future__ import annotations

import time
from collections.abc import Iterator
from math import log
from pathlib import Path

from sayso_ingest.mining import HashEmbedder

from bench.figure import Beside, Figure
from bench.load import asked, command
from bench.run import Run

CASES = 2_000
GOAL_S = 300
GOAL_MB = 4_096
SET = "many"


def measure(run: Run) -> Iterator[Figure]:
    sizes = run.size((10_000, 100_000, 1_000_000), (300, 600))
    cases = run.size(CASES, 40)
    for size in sizes:
        asked.fill(run.folder / str(size) / "default", interactions=size)
        asked.make_set(run.folder / str(size) / "default", SET, cases=cases)
    largest = run.folder / str(sizes[-1])
    what = f"over {sizes[-1] / 1e6:g} M interactions, for a set of {cases:,} cases"
    costs = {size: _cost(run.folder / str(size), "mine") for size in sizes}
    whole = costs.pop(sizes[-1])
    grown = log(whole.seconds / costs[sizes[0]].seconds) / log(sizes[-1] / sizes[0])
    yield Figure(
        f"`sayso mine` {what}",
        whole.seconds,
        "s",
        [
            Beside("embedding each of them by `hash` alone", _embedding(sizes[-1])),
            *(Beside(f"over {size:,}", cost.seconds) for size, cost in costs.items()),
        ],
        f"<= {GOAL_S} s",
        whole.seconds <= GOAL_S,
        note=f"grows with the power {grown:.2f} of the traffic",
    )
    yield Figure(
        f"the most memory of `sayso mine` {what}",
        whole.megabytes,
        "MB",
        [Beside(f"over {size:,}", cost.megabytes) for size, cost in costs.items()],
        f"<= {GOAL_MB:,} MB",
        whole.megabytes <= GOAL_MB,
    )
    for words in (
        ("mine", "--strategy", "different"),
        ("mine", "--strategy", "rare"),
        ("coverage",),
        ("drift",),
    ):
        cost = _cost(largest, *words)
        yield Figure(
            f"`sayso {' '.join(words)}` {what}",
            cost.seconds,
            "s",
            goal=f"<= {GOAL_S} s",
            met=cost.seconds <= GOAL_S and cost.megabytes <= GOAL_MB,
            note=f"at most {cost.megabytes:,.0f} MB",
        )


def _cost(data: Path, name: str, *words: str) -> command.Cost:
    options = () if name == "drift" else ("--set", SET)
    return command.run(name, *options, *words, "--data", str(data))


def _embedding(count: int) -> float:
    """Seconds to embed so many questions, reckoned from a twentieth of them."""
    some = asked.questions(max(1, count // 20), seed=1)
    embedder = HashEmbedder()
    began = time.perf_counter()
    embedder.embed(some)
    return (time.perf_counter() - began) * count / len(some)
