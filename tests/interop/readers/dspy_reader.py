"""Lets DSPy take a training set by its own loader and improve prompts by it, with models of its own for tests."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import dspy
from dspy.datasets import DataLoader
from dspy.utils import DummyLM

BETTER = "Answer with what the note says."


class Knows(DummyLM):
    """A model that knows the answers only when it was told the better prompt, or shown examples."""

    def __init__(self, known: dict[str, str]) -> None:
        super().__init__([])
        self.known = known

    def forward(self, prompt: Any = None, messages: Any = None, **kwargs: Any) -> Any:
        """Answer the question in the last message."""
        told = BETTER in messages[0]["content"]
        said = next((a for q, a in self.known.items() if q in messages[-1]["content"]), "")
        self.answers = iter([{"answer": said if told else "I do not know."}])
        return super().forward(prompt=prompt, messages=messages, **kwargs)


class Reflects(DummyLM):
    """A model that is shown what went wrong, keeps that, and proposes the better prompt."""

    def __init__(self) -> None:
        super().__init__([], adapter=dspy.JSONAdapter())  # in which DSPy asks for a prompt
        self.shown: list[str] = []

    def forward(self, prompt: Any = None, messages: Any = None, **kwargs: Any) -> Any:
        """Propose it, whatever went wrong."""
        self.shown.extend(message["content"] for message in messages)
        self.answers = iter([{"new_instruction": BETTER}])
        return super().forward(prompt=prompt, messages=messages, **kwargs)


def judge(gold: Any, pred: Any, *_: Any) -> Any:
    """Whether the answer is the expected one; where it is not, what is known of it."""
    context = {name: text for name, text in (gold.additional_context or {}).items() if text}
    if gold.answer == pred.answer:
        return dspy.Prediction(score=1.0, feedback="right")
    return dspy.Prediction(score=0.0, feedback=json.dumps(context, ensure_ascii=False))


def optimised(examples: list[Any]) -> dict[str, Any]:
    """What DSPy's GEPA makes of an instruction."""
    reflects = Reflects()
    optimiser = dspy.GEPA(
        metric=lambda gold, pred, trace=None, pred_name=None, pred_trace=None: judge(gold, pred),
        max_metric_calls=10 * len(examples),
        reflection_minibatch_size=len(examples),
        reflection_lm=reflects,
        num_threads=1,
    )
    found = optimiser.compile(dspy.Predict("input -> answer"), trainset=examples, valset=examples)
    right = [found(**example.inputs()).answer == example.answer for example in examples]
    return {"instruction": found.signature.instructions, "right": sum(right), "shown": reflects.shown}


def main() -> None:
    """Load it, label a student with it, and improve an instruction by it."""
    path = str(Path(sys.argv[1], "training.jsonl"))
    examples = DataLoader().from_json(path, input_keys=("input",))
    known = {example.input: example.answer for example in examples}
    dspy.configure(lm=Knows(known), adapter=dspy.ChatAdapter())
    labelled = dspy.LabeledFewShot(k=3).compile(dspy.Predict("input -> answer"), trainset=examples)
    saw = {
        "versions": {"dspy": dspy.__version__},
        "examples": [example.toDict() for example in examples],
        "inputs": sorted({key for example in examples for key in example.inputs()}),
        "demonstrations": [demo["answer"] for demo in labelled.demos],
        **optimised(examples),
    }
    print(json.dumps(saw))


main()
