"""Pure: the cases of one run, or of two beside each other, as somebody walks through them: which there are by how they
went, in which order, and what comes before and after the one that is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from sayso_ingest.evals.compare.pairs import LeftOut, pair_up
from sayso_ingest.evals.runs import Result, Run
from sayso_ingest.evals.runs.summary import case_passed, case_score

ONE = ("failed", "passed", "unscored", "all")
"""The lists of one run: a case failed where one of its samples did."""
TWO = ("worse", "better", "same", "left_out", "all")
"""The lists of two runs: how the second did against the first, and what a comparison leaves out."""
AROUND = 100
"""Cases of the list that a page has."""
EQUAL = 1e-9
"""Scores nearer than this differ by rounding alone."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A case with its samples in each run, the scores there (0 to 1), and the list that it is in.

    A run that has not asked the case has no sample of it.
    """

    case_id: str
    sides: tuple[tuple[Result, ...], ...]
    scores: tuple[float | None, ...]
    tab: str
    left_out: LeftOut | None = None
    """Why a comparison of two runs leaves it out."""

    @property
    def result(self) -> Result:
        """One of its results, for what is the same in all: topic, stratum and split."""
        return next(side[0] for side in self.sides if side)

    @property
    def samples(self) -> int:
        """How many answers there are to it, in the run that has the most."""
        return max(map(len, self.sides))


def stops_of(run: Run) -> list[Stop]:
    """The cases of a run, those with the lowest score first; those without one last."""
    stops = [
        Stop(case_id, (samples,), (case_score(samples),), _passed(samples))
        for case_id, samples in run.by_case().items()
    ]
    return sorted(stops, key=lambda stop: _first_lowest(stop.scores[0]))


def stops_between(a: Run, b: Run, *, changed: Collection[str] = ()) -> list[Stop]:
    """The cases that either of two runs has, those that lost the most first; `changed` are those whose expected answer
    is not the same in the versions that were run.
    """
    pairs, left_out = pair_up(a, b, (), changed=changed)
    difference = {pair.case_id: pair.difference for pair in pairs}
    why = {case_id: reason for reason, case_ids in left_out.items() for case_id in case_ids}
    before, after = a.by_case(), b.by_case()
    stops = []
    for case_id in sorted({*before, *after}):
        sides = before.get(case_id, ()), after.get(case_id, ())
        scores = case_score(sides[0]), case_score(sides[1])
        tab = _changed(difference[case_id]) if case_id in difference else "left_out"
        stops.append(Stop(case_id, sides, scores, tab, why.get(case_id)))
    return sorted(stops, key=lambda stop: _first_lowest(difference.get(stop.case_id)))


def _passed(samples: Sequence[Result]) -> str:
    passed = case_passed(samples)
    if passed is None:
        return "unscored"
    return "failed" if passed < 1 else "passed"


def _changed(difference: float) -> str:
    if abs(difference) < EQUAL:
        return "same"
    return "worse" if difference < 0 else "better"


def _first_lowest(value: float | None) -> tuple[bool, float]:
    return value is None, value or 0.0


@dataclass(frozen=True, slots=True)
class Filters:
    """Which cases are meant: empty means any. `text` is looked for in the question."""

    topic: str = ""
    stratum: str = ""
    split: str = ""
    text: str = ""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Self:
        """Read them from a query string."""
        return cls(*(values.get(name, "").strip()[:500] for name in ("topic", "stratum", "split", "text")))

    @property
    def given(self) -> dict[str, str]:
        """Those that are set, for an address."""
        named = {"topic": self.topic, "stratum": self.stratum, "split": self.split, "text": self.text}
        return {name: value for name, value in named.items() if value}

    def choose(self, stops: Iterable[Stop], question: Callable[[str], str]) -> list[Stop]:
        """Those that are meant, in their order; `question` is what a case asks."""
        if not self.given:
            return list(stops)
        text = self.text.casefold()
        return [
            stop
            for stop in stops
            if self.topic in ("", stop.result.topic)
            and self.stratum in ("", stop.result.stratum)
            and self.split in ("", stop.result.split)
            and (not text or text in question(stop.case_id).casefold())
        ]


@dataclass(frozen=True, slots=True)
class Walk:
    """One list of cases, and the one that is shown large; `number` is its place in the list, from 1.

    `current` may be of another list, whose address somebody was sent: then it has no number.
    """

    tab: str
    listed: tuple[Stop, ...]
    counts: Mapping[str, int]
    current: Stop | None
    number: int | None

    @classmethod
    def of(cls, stops: Sequence[Stop], *, tabs: Sequence[str], tab: str, case_id: str) -> Self:
        """Find the case whose id begins so, or else the first of the list; without a list, the first that has any."""
        found = Counter(stop.tab for stop in stops)
        counts = {name: len(stops) if name == "all" else found[name] for name in tabs}
        if tab not in tabs:
            tab = next((name for name in tabs if counts[name]), "all")
        listed = [stop for stop in stops if tab in (stop.tab, "all")]
        if tab == "better":  # what won the most comes first, as what lost the most does among the others
            listed.reverse()
        named = (stop for stop in stops if case_id and stop.case_id.startswith(case_id))
        current = next(named, listed[0] if listed else None)
        number = listed.index(current) + 1 if current in listed else None
        return cls(tab, tuple(listed), counts, current, number)

    @property
    def before(self) -> Stop | None:
        """What comes before the one that is shown."""
        return self.listed[self.number - 2] if self.number and self.number > 1 else None

    @property
    def after(self) -> Stop | None:
        """What comes after the one that is shown; the first, where that is not of this list."""
        place = self.number or 0
        return self.listed[place] if place < len(self.listed) else None

    @property
    def first(self) -> int:
        """The place of the first of `window` in the list, from 0."""
        return ((self.number or 1) - 1) // AROUND * AROUND

    @property
    def window(self) -> tuple[Stop, ...]:
        """The part of the list that is around the one shown."""
        return self.listed[self.first : self.first + AROUND]
