"""FeedbackQA as events: a question and the passage that answered it, then a rating and a comment by each rater."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from sayso import Client

PROMPT = "feedbackqa"
SCALE = ("Bad", "Could be Improved", "Acceptable", "Excellent")


@dataclass(frozen=True)
class Rated:
    """What one rater said: 1 to 4, and why."""

    rater: str
    value: int
    comment: str


@dataclass(frozen=True)
class Answer:
    """One question with its answer and what the raters said."""

    target: str
    domain: str
    question: str
    passage: str
    rated: tuple[Rated, ...]


def read(folder: Path) -> list[Answer]:
    """Read every answer of every file."""
    return [
        Answer(
            target=f"feedbackqa {path.stem} {number}",
            domain=path.name.partition(".")[0],
            question=item["question"],
            passage=item["passage"]["reference"]["section_content"],
            rated=tuple(
                Rated(f"rater {position}", SCALE.index(rating) + 1, comment)
                for position, (rating, comment) in enumerate(
                    zip(item["rating"], item["feedback"], strict=True), start=1
                )
            ),
        )
        for path in sorted(folder.glob("*.json"))
        for number, item in enumerate(json.loads(path.read_text(encoding="utf-8")))
    ]


def record(client: Client, answer: Answer) -> None:
    """Say it as an application would."""
    client.interaction(
        answer.target,
        input=answer.question,
        output=answer.passage,
        prompt={"name": PROMPT, "version": answer.domain},
    )
    for rated in answer.rated:
        client.rating(answer.target, value=rated.value, min=1, max=len(SCALE), actor=rated.rater)
        client.comment(answer.target, text=rated.comment, actor=rated.rater)
