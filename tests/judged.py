"""A project that judges graded: one whom people correct, one with too few labels, one with labels of one person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from landed import append, event, land

THINGS = 120
LABELLED = 60
FEW = 12


def graded(folder: Path, words: str = "") -> None:
    """Land it; every name has `words`. Of ten answers people like seven, and the judges call nine good."""
    append(folder, *(one for number in range(THINGS) for one in _said(number, words)))
    land(folder)


def _said(number: int, words: str) -> Iterator[dict[str, Any]]:
    target = f"t{number}{words}"
    yield event("interaction", target=target, body={"input": "How?", "output": "So."})
    judges = ["large", "small"] if number >= LABELLED - FEW else ["large"]
    for dimension, people in (({}, 10), ({"name": "tone"}, 1)):
        for judge in judges if not dimension else ["large"]:
            said = {"judge": f"{judge}{words}", "rubric": f"helpful@1{words}", **dimension}
            yield event("judgement", target=target, body={**said, "label": "good" if number % 10 else "bad"})
        if number < LABELLED:
            label = {"label": "good" if number % 10 > 2 else "bad", **dimension}
            yield event(
                "annotation", target=target, actor=f"u{number * people // LABELLED}{words}", body=label
            )
