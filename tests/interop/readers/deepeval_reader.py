"""Reads an export with DeepEval and runs its exact match on it: a folder in, a line of JSON out."""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path

from deepeval.dataset import EvaluationDataset
from deepeval.metrics import ExactMatchMetric
from deepeval.test_case import LLMTestCase


def main() -> None:
    """Read, measure, and say what was seen."""
    dataset = EvaluationDataset()
    dataset.add_goldens_from_json_file(str(Path(sys.argv[1]) / "goldens.json"))
    scores = []
    for golden in dataset.goldens:
        if golden.expected_output:
            case = LLMTestCase(
                input=golden.input,
                actual_output=golden.expected_output,
                expected_output=golden.expected_output,
                retrieval_context=golden.retrieval_context,
            )
            scores.append(ExactMatchMetric().measure(case, _show_indicator=False))
    goldens = [golden.model_dump() for golden in dataset.goldens]
    print(json.dumps({"versions": {"deepeval": version("deepeval")}, "goldens": goldens, "scores": scores}))


main()
