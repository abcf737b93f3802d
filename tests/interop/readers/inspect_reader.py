"""Reads an export with Inspect and runs an eval on it: a folder in, a line of JSON out."""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path

from inspect_ai import Task, eval
from inspect_ai.dataset import json_dataset
from inspect_ai.model import ModelOutput, ModelUsage, get_model
from inspect_ai.scorer import includes
from inspect_ai.solver import generate

ANSWER = "The blue one comes today."


def answered() -> ModelOutput:
    """An answer that says what it cost, so that nothing is counted by the tokens of somebody's model."""
    output = ModelOutput.from_content("mockllm/model", ANSWER)
    output.usage = ModelUsage()
    return output


def main() -> None:
    """Read, run, and say what was seen."""
    folder = Path(sys.argv[1])
    dataset = json_dataset(str(folder / "samples.jsonl"))
    model = get_model("mockllm/model", custom_outputs=[answered() for _ in dataset])
    (log,) = eval(
        Task(dataset=dataset, solver=generate(), scorer=includes()),
        model=model,
        log_dir=str(folder / "log"),
        display="none",
    )
    samples = [
        {
            "id": sample.id,
            "input": sample.input
            if isinstance(sample.input, str)
            else [[m.role, m.text] for m in sample.input],
            "target": sample.target,
            "metadata": sample.metadata,
        }
        for sample in dataset
    ]
    right = [sample.id for sample in log.samples or [] if sample.scores["includes"].value == "C"]
    print(
        json.dumps(
            {
                "versions": {"inspect_ai": version("inspect_ai")},
                "samples": samples,
                "status": log.status,
                "scored": len(log.samples or []),
                "right": right,
            }
        )
    )


main()
