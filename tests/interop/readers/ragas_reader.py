"""Reads an export with Ragas, writes it again and scores it without a model: a folder in, a line of JSON out."""

from __future__ import annotations

import asyncio
import json
import sys
import warnings
from importlib.metadata import version
from pathlib import Path

warnings.simplefilter("ignore")

from ragas import EvaluationDataset  # noqa: E402  # it warns of what it imports
from ragas.metrics import ExactMatch  # noqa: E402


async def score(dataset: EvaluationDataset) -> list[float]:
    """The score of each sample that has a reference, answered with just that."""
    metric = ExactMatch()
    return [
        await metric.single_turn_ascore(sample.model_copy(update={"response": sample.reference}))
        for sample in dataset
        if sample.reference
    ]


def main() -> None:
    """Read, score, and say what was seen."""
    folder = Path(sys.argv[1])
    dataset = EvaluationDataset.from_jsonl(str(folder / "dataset.jsonl"))
    dataset.to_jsonl(str(folder / "again.jsonl"))
    again = EvaluationDataset.from_jsonl(str(folder / "again.jsonl"))
    print(
        json.dumps(
            {
                "versions": {"ragas": version("ragas")},
                "kind": type(dataset.samples[0]).__name__,
                "samples": dataset.to_list(),
                "same": again.to_list() == dataset.to_list(),
                "scores": asyncio.run(score(dataset)),
            }
        )
    )


main()
