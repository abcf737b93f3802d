"""What a prompt can learn from: question, answer, what people complained of and what was expected, by theme. Pure.

    found = training_set(run.results, version.cases, complaints)
    found.encode()      # JSON Lines that DSPy's and GEPA's own loaders take as they are

Held-out cases are never in it, nor a case that asks nearly what a held-out one asks, or whose texts say it: the rule
of training exports (mining.Guard). What was learnt can so be held against the held-out side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sayso_ingest.evals.runs import Result
from sayso_ingest.evals.runs.summary import case_passed, case_score
from sayso_ingest.evalsets import EvalCase, encode_lines
from sayso_ingest.event import JSON
from sayso_ingest.export.formats.item import as_text, messages
from sayso_ingest.mining import Example, Guard, ReferenceKind, Source, question_key, telling_turns


@dataclass(frozen=True, slots=True)
class Complaint:
    """What somebody wrote of an answer in production, and the theme that it was gathered into, if one."""

    text: str
    theme: str = ""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A case that a prompt can learn from.

    `answer` is what the run answered, of several samples the one with the lowest score, and None where there is none.
    `produced` is what production answered, to which the complaints belong. `theme` is that of most of them.
    """

    case_id: str
    theme: str
    input: str
    """The question; of a conversation all its turns, each after who says it."""
    answer: str | None
    score: float | None
    passed: float | None
    """The share of samples that passed, 0 to 1."""
    why: str
    produced: str | None
    complaints: tuple[str, ...]
    expected: str | None
    reference_kind: ReferenceKind

    @property
    def is_failing(self) -> bool:
        """Whether any sample of it did not pass."""
        return self.passed is not None and self.passed < 1

    def row(self) -> dict[str, JSON]:
        """The lesson as a DSPy Example and a GEPA DefaultDataInst have it: `answer` is the expected one there.

        GEPA shows its reflecting model all of `additional_context`, beside an answer that was not right.
        """
        context = {
            "theme": self.theme,
            "earlier_answer": (self.answer or "") if self.is_failing else "",
            "why_it_was_not_good": self.why if self.is_failing else "",
            "answer_in_production": (self.produced or "") if self.complaints else "",
            "complaints": "\n".join(self.complaints),
        }
        return {
            "input": _whole(self.input),
            "answer": _whole(self.expected or ""),
            "additional_context": {name: _whole(text) for name, text in context.items() if text},
            "case_id": self.case_id,
        }


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """Lessons by theme: that with the most failing cases first, those without a theme last; the worst of each first."""

    lessons: tuple[Lesson, ...]
    held_out: int
    """Cases that were left out because they are held out."""
    like_held_out: int
    """Cases that were left out because they, or their texts, ask what a held-out case asks."""

    @property
    def themes(self) -> Mapping[str, tuple[Lesson, ...]]:
        """The lessons of each theme, in their order; those without one under an empty name."""
        found: dict[str, list[Lesson]] = {}
        for lesson in self.lessons:
            found.setdefault(lesson.theme, []).append(lesson)
        return {theme: tuple(lessons) for theme, lessons in found.items()}

    @property
    def with_answer(self) -> tuple[Lesson, ...]:
        """The lessons that have an expected answer: an optimiser that scores by it takes no others."""
        return tuple(lesson for lesson in self.lessons if lesson.expected)

    def encode(self) -> bytes:
        """Those with an expected answer as JSON Lines; the same lessons are the same bytes."""
        return encode_lines(lesson.row() for lesson in self.with_answer)


def training_set(
    results: Iterable[Result], cases: Sequence[EvalCase], complaints: Mapping[str, Sequence[Complaint]]
) -> TrainingSet:
    """Gather what a prompt can learn from a run; complaints are by case_id, the most telling first.

    `cases` are all those of the set: of each that was run and is not held out comes a lesson.
    """
    ran: dict[str, list[Result]] = {}
    for result in results:
        ran.setdefault(result.case_id, []).append(result)
    held_out = [case for case in cases if case.split == "held_out"]
    lessons = [
        (case, _lesson(case, ran[case.case_id], complaints.get(case.case_id, ())))
        for case in cases
        if case.split == "dev" and case.case_id in ran
    ]
    dropped = guard_of(held_out).check([_example(case, lesson) for case, lesson in lessons])
    taken = [lesson for (_, lesson), why in zip(lessons, dropped, strict=True) if why is None]
    return TrainingSet(
        lessons=tuple(_in_order(taken)),
        held_out=sum(case.case_id in ran for case in held_out),
        like_held_out=len(lessons) - len(taken),
    )


def guard_of(held_out: Sequence[EvalCase]) -> Guard:
    """What tells texts that ask, or say, what one of these cases asks."""
    questions = {question_key(case.input, case.input_messages) for case in held_out}
    return Guard(sorted(questions.union(*(telling_turns(case.input_messages) for case in held_out))))


def _lesson(case: EvalCase, samples: Iterable[Result], complaints: Sequence[Complaint]) -> Lesson:
    ordered = sorted(samples, key=lambda one: (one.score is None, one.score or 0.0, one.sample))
    worst = next((one for one in ordered if one.output), None)
    return Lesson(
        case_id=case.case_id,
        theme=_theme(complaints),
        input=as_text(case),
        answer=worst.output if worst else None,
        score=case_score(ordered),
        passed=case_passed(ordered),
        why=(worst.why or "") if worst else "",
        produced=case.output,
        complaints=tuple(dict.fromkeys(one.text for one in complaints)),
        expected=case.expected,
        reference_kind=case.reference_kind,
    )


def _theme(complaints: Sequence[Complaint]) -> str:
    """The theme of most of them, and of as many the first by name."""
    counts = Counter(one.theme for one in complaints if one.theme)
    return min(counts, key=lambda theme: (-counts[theme], theme), default="")


def _example(case: EvalCase, lesson: Lesson) -> Example:
    """All texts of a lesson, as the guard of training exports looks at them."""
    said = [*filter(None, (lesson.answer, lesson.produced)), *lesson.complaints]
    return Example(
        prompt=[{**turn, "content": str(turn["content"])} for turn in messages(case)],
        chosen=lesson.expected,
        rejected="\n".join(said),
        source=Source.DISLIKED,
        question=question_key(case.input, case.input_messages),
        who=(),
        target=case.provenance.target,
        event_ids=(),
    )


def _in_order(lessons: Iterable[Lesson]) -> list[Lesson]:
    every = list(lessons)
    failing = Counter(lesson.theme for lesson in every if lesson.is_failing)

    def place(lesson: Lesson) -> tuple[JSON, ...]:
        theme = lesson.theme
        score = 2.0 if lesson.score is None else lesson.score
        return (not theme, -failing[theme], theme, score, lesson.case_id)

    return sorted(every, key=place)


def _whole(text: str) -> str:
    """Half of a character, which JSON may have, is spelt out: the loaders of optimisers refuse it."""
    return text.encode("utf-8", "backslashreplace").decode()
