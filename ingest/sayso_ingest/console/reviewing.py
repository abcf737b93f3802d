"""Pure: candidates in a list, by how far they are, and which of them comes before and after the one that is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from sayso_ingest.evalsets import Proposal, State

TABS: Mapping[str, tuple[State, ...]] = {
    "waiting": (State.CANDIDATE,),
    "wanted": (State.REVIEWED,),
    "declined": (State.DECLINED,),
    "promoted": (State.PROMOTED,),
    "all": tuple(State),
}
"""The lists there are: each by its name in the address, with the states of its candidates."""
AROUND = 100
"""Candidates of the list that a page has."""


@dataclass(frozen=True, slots=True)
class Reviewing:
    """One list of a set's candidates, and the one that is shown large.

    `current` may be of another list: somebody went back to it. `number` is its place in this one, from 1, else None.
    """

    tab: str
    listed: tuple[Proposal, ...]
    counts: Mapping[str, int]
    current: Proposal | None
    number: int | None
    before: Proposal | None
    after: Proposal | None
    wanted: tuple[str, ...] = ()
    """Ids of all that were reviewed, and wait to become part of a version."""

    @classmethod
    def of(cls, every: Sequence[Proposal], *, tab: str, case_id: str) -> Self:
        """Find the candidate whose id begins so, or else the first of the list."""
        tab = tab if tab in TABS else "waiting"
        states = Counter(proposal.state for proposal in every)
        listed = [place for place, proposal in enumerate(every) if proposal.state in TABS[tab]]
        named = (place for place, one in enumerate(every) if case_id and one.case.case_id.startswith(case_id))
        at = next(named, listed[0] if listed else None)
        before = [place for place in listed if at is not None and place < at]
        after = [place for place in listed if at is not None and place > at]
        return cls(
            tab=tab,
            listed=tuple(every[place] for place in listed),
            counts={name: sum(states[state] for state in of) for name, of in TABS.items()},
            current=None if at is None else every[at],
            number=listed.index(at) + 1 if at in listed else None,
            before=every[before[-1]] if before else None,
            after=every[after[0]] if after else None,
            wanted=tuple(one.case.case_id for one in every if one.state == State.REVIEWED),
        )

    @property
    def window(self) -> tuple[Proposal, ...]:
        """The part of the list that is around the one shown."""
        first = ((self.number or 1) - 1) // AROUND * AROUND
        return self.listed[first : first + AROUND]

    @property
    def next_up(self) -> Proposal | None:
        """What is shown once this one is decided: the next one, else the one before it."""
        return self.after or self.before
