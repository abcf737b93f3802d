"""What people said in production about questions like that of a case: what a failing case opens with.

    feedback = Feedback.read(published.query)        # once for a page or a run
    around = feedback.nearest(published.query, case)
    around.sentence                                  # People disliked these 14, and liked 3 others that ask alike.
    around.disliked[0].output, around.disliked[0].said

Likeness is that of the wording, as wherever a person looks for what is near a question (mining.Wordings): it needs no
vectors, so a page can ask. On banking77, 5,000 questions at once, about twelve are NEAR a question, more than half of
them with the same one of its 77 intents; vectors of `hash` find no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from statistics import fmean
from typing import Self

from sayso_ingest.evalsets import EvalCase, read_heard
from sayso_ingest.event import JSON, Kind
from sayso_ingest.mining import Query, Verdict, Wordings, best_answer, opinions
from sayso_ingest.warehouse import read_statements

SQL = read_statements(files(__package__) / "heard.sql")
NEWEST = 5_000
"""Answers with feedback that are looked at."""
NEAR = 0.3
"""The likeness from which on a question is near."""
MOST = 50
"""Near answers that are told of at most, the nearest."""


@dataclass(frozen=True, slots=True)
class NearAnswer:
    """An answer in production to a question like a case's, and what people said about it.

    `dislike` is 0 (content) to 1 (not at all), the mean over people; `likeness` 0 to 1, and 1 for the same question.
    """

    target: str
    occurred_at: datetime
    input: str
    output: str | None
    prompt_name: str | None
    prompt_version: str | None
    likeness: float
    dislike: float
    people: int
    said: tuple[str, ...]
    """What they wrote, the newest first, and the reasons they picked."""
    expected: str | None
    """What the answer should have been, where somebody said so."""


@dataclass(frozen=True, slots=True)
class Around:
    """The answers near a case that people disliked, and those that they liked, the nearest first."""

    disliked: tuple[NearAnswer, ...]
    liked: tuple[NearAnswer, ...]

    @property
    def sentence(self) -> str:
        """What that comes to, for the head of a case."""
        bad, good = len(self.disliked), len(self.liked)
        these = "this one" if bad == 1 else f"these {bad}"
        if bad and good:
            return f"People disliked {these}, and liked {good} near this question."
        if bad:
            return f"People disliked {these}."
        if good:
            return f"People liked {good} near this question, and disliked none."
        return "Nobody has said yet whether an answer to a question like this one is good."


@dataclass(frozen=True, slots=True)
class Feedback:
    """Answers in production of which people said something, ready to be searched by how their question is worded."""

    answers: tuple[Mapping[str, JSON], ...]
    wordings: Wordings

    @classmethod
    def read(cls, query: Query) -> Self:
        """Read the newest ones from the published copy."""
        rows = tuple(query(SQL["answers"], [NEWEST]))
        return cls(rows, Wordings.of([row["input"] for row in rows]))

    def nearest(self, query: Query, case: EvalCase, *, most: int = MOST) -> Around:
        """What people say now about the answers nearest to a case; those who say neither yes nor no are left out."""
        near = self.wordings.nearest(case.input, most=most, like=NEAR)
        rows = [self.answers[one.place] for one in near]
        targets = [row["target"] for row in rows]
        opinion, remarks = _opinions(query, targets), _remarks(query, targets)
        found = [
            _answer(row, one.likeness, opinion[row["target"]], remarks[row["target"]])
            for one, row in zip(near, rows, strict=True)
            if row["target"] in opinion
        ]
        disliked = tuple(one for one in found if one.dislike > 0.5)
        return Around(disliked, tuple(one for one in found if one.dislike < 0.5))


@dataclass(frozen=True, slots=True)
class _Opinion:
    """What people say of one answer: the mean dislike of each, and their verdicts."""

    people: Mapping[str, float]
    verdicts: Sequence[Verdict]


def _opinions(query: Query, targets: Sequence[str]) -> dict[str, _Opinion]:
    """By target, those of which somebody says yes or no; other models are no people."""
    heard = [one for one in read_heard(query, targets) if one[0].kind != Kind.JUDGEMENT] if targets else []
    by_target = {target: [one for one in heard if one[0].target == target] for target in targets}
    return {
        target: _Opinion(people, [verdict for verdict, _ in some])
        for target, some in by_target.items()
        if (people := opinions(some))
    }


def _remarks(query: Query, targets: Sequence[str]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in query(SQL["remarks"], [list(targets)]) if targets else ():
        found[row["target"]].append(row["text"])
    return found


def _answer(
    row: Mapping[str, JSON], likeness: float, opinion: _Opinion, remarks: Sequence[str]
) -> NearAnswer:
    dislike = fmean(opinion.people.values())
    reasons = [reason for verdict in opinion.verdicts for reason in verdict.reasons]
    return NearAnswer(
        target=row["target"],
        occurred_at=row["occurred_at"],
        input=row["input"],
        output=row["output"],
        prompt_name=row["prompt_name"],
        prompt_version=row["prompt_version"],
        likeness=min(1.0, likeness),
        dislike=dislike,
        people=len(opinion.people),
        said=tuple(dict.fromkeys([*remarks, *reasons])),
        expected=best_answer(opinion.verdicts, output=row["output"], content=dislike < 0.5)[0],
    )
