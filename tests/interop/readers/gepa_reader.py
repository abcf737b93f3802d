"""Lets GEPA take a training set as it is and improve a prompt by it, with models that are functions: no network."""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import gepa
from gepa.adapters.default_adapter.default_adapter import DefaultDataInst

SEED = "Answer politely."
BETTER = "Answer with what the note says."


def main() -> None:
    """Improve a prompt; whoever answers knows the answers only under the better one."""
    with Path(sys.argv[1], "training.jsonl").open(encoding="utf-8") as lines:
        rows: list[DefaultDataInst] = [json.loads(line) for line in lines]
    known = {row["input"]: row["answer"] for row in rows}
    asked: list[str] = []

    def answer(messages: Any) -> str:
        system, question = (message["content"] for message in messages)
        return known[question] if system == BETTER else "I do not know."

    def reflect(prompt: Any) -> str:
        asked.append(prompt if isinstance(prompt, str) else json.dumps(prompt, ensure_ascii=False))
        return f"```\n{BETTER}\n```"

    found = gepa.optimize(
        seed_candidate={"system_prompt": SEED},
        trainset=rows,
        valset=rows,
        task_lm=answer,
        reflection_lm=reflect,
        reflection_minibatch_size=len(rows),
        max_metric_calls=10 * len(rows),
        display_progress_bar=False,
        logger=type("Quiet", (), {"log": lambda self, message: None})(),
    )
    saw = {
        "versions": {"gepa": version("gepa")},
        "best": found.best_candidate["system_prompt"],
        "scores": found.val_aggregate_scores,
        "shown": asked,
    }
    print(json.dumps(saw))


main()
