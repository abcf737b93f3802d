"""What people complained of, by theme and by case, without anything that was said about a held-out question.

A prompt that was changed by what stands on the held-out side is no longer measured by it. The side is the question's
for good, whether or not it is in a set: so every complaint about a question on that side is left out before themes are
found, and so is one that says what a held-out case asks (the guard of training exports).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Self

from sayso_ingest.evals.improve.nearest import NEAR
from sayso_ingest.evals.improve.training import Complaint, guard_of
from sayso_ingest.evalsets import EvalCase, split_of
from sayso_ingest.evalsets.sql import decoded
from sayso_ingest.event import JSON
from sayso_ingest.mining import (
    Comment,
    Example,
    Query,
    Remembered,
    Source,
    Theme,
    Wordings,
    find_themes,
    question_id,
    question_key,
    read_comments,
)

EACH = 5
"""Complaints that stand beside a case at most, the nearest first."""


@dataclass(frozen=True, slots=True)
class ComplaintTheme:
    """Complaints that say alike: the words that set them apart, and how many they are, of how many people."""

    label: str
    complaints: int
    people: int
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Complaints:
    """All complaints that may be learned from, and their themes, the most frequent first."""

    found: tuple[Complaint, ...]
    """The newest first."""
    themes: tuple[ComplaintTheme, ...]
    held_out: int
    """Comments that were left out because they are about what is held out."""
    by_question: Mapping[str, Sequence[int]]
    wordings: Wordings

    @classmethod
    def gather(
        cls,
        query: Query,
        cases: Iterable[EvalCase],
        *,
        prompt: str | None = None,
        remembered: Remembered | None = None,
        seed: int = 0,
    ) -> Self:
        """Read the complaints about answers, or those of one `prompt`, that may be learned from.

        `cases` are those of the set that measures what is learned; `remembered` is what themes there were.
        """
        comments = [one for one in read_comments(query) if prompt in (None, one.prompt_name)]
        asked = _asked(query, comments)
        known = [one for one in comments if one.target in asked]
        hidden = _held_out(known, asked, cases)
        free = [one for one in known if one.event_id not in hidden]
        themes = find_themes(free, remembered=remembered, seed=seed).themes
        theme_of = {event: theme.label for theme in themes for event in theme.members}
        against = [one for one in free if one.event_id in theme_of]
        by_question: dict[str, list[int]] = defaultdict(list)
        for place, one in enumerate(against):
            by_question[asked[one.target].question].append(place)
        return cls(
            tuple(Complaint(one.text, theme_of[one.event_id]) for one in against),
            tuple(_theme(one) for one in themes),
            held_out=len(known) - len(free),
            by_question=by_question,
            wordings=Wordings.of([asked[one.target].input for one in against]),
        )

    @classmethod
    def none(cls) -> Self:
        """Nobody complained, as far as is known."""
        return cls((), (), 0, {}, Wordings.of([]))

    def of(self, case: EvalCase) -> tuple[Complaint, ...]:
        """Those about the question of a case, and where there is none, those about questions near it.

        None for a held-out case, whatever is near.
        """
        if case.split != "dev":
            return ()
        places: Iterable[int] = self.by_question.get(case.case_id) or (
            near.place for near in self.wordings.nearest(case.input, most=EACH, like=NEAR)
        )
        return tuple(dict.fromkeys(self.found[place] for place in places))[:EACH]


@dataclass(frozen=True, slots=True)
class _Asked:
    question: str
    """The id of the question."""
    key: str
    input: str


def _asked(query: Query, comments: Sequence[Comment]) -> dict[str, _Asked]:
    """By target, what was asked and answered."""
    sql = files(__package__).joinpath("complaints.sql").read_text(encoding="utf-8")
    rows = query(sql, [sorted({one.target for one in comments})])
    return {row["target"]: _of(row) for row in rows}


def _held_out(
    comments: Sequence[Comment], asked: Mapping[str, _Asked], cases: Iterable[EvalCase]
) -> set[str]:
    """The events of comments about questions on the held-out side, and of those that say what a held-out case asks."""
    guard = guard_of([case for case in cases if case.split == "held_out"])
    dropped = guard.check([_example(one, asked[one.target]) for one in comments])
    return {
        one.event_id
        for one, why in zip(comments, dropped, strict=True)
        if why is not None or split_of(asked[one.target].question) == "held_out"
    }


def _example(comment: Comment, asked: _Asked) -> Example:
    """A comment as the guard of training exports looks at what is learned: what was asked, and what was said."""
    return Example(
        prompt=[{"role": "user", "content": asked.input}],
        chosen=None,
        rejected=comment.text,
        source=Source.DISLIKED,
        question=asked.key,
        who=(),
        target=comment.target,
        event_ids=(),
    )


def _of(row: Mapping[str, JSON]) -> _Asked:
    messages = decoded(row["input_messages"])
    return _Asked(question_id(row["input"], messages), question_key(row["input"], messages), row["input"])


def _theme(found: Theme) -> ComplaintTheme:
    quotes = tuple(one.text for one in found.examples)
    return ComplaintTheme(found.label, found.comments, found.people, quotes)
