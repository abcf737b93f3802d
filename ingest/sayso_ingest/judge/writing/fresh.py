"""Which of what was written asks something new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sayso_ingest.judge.writing.written import Unfit, Written
from sayso_ingest.mining import question_key
from sayso_ingest.mining.similarity.asked import Asked, Likeness

_WHY: Mapping[Likeness, Unfit] = {"same": Unfit.KNOWN, "near": Unfit.NEAR, "alike": Unfit.ALIKE}


class Fresh:
    """Takes what is asked nowhere yet, in the order in which it comes."""

    def __init__(self, questions: Sequence[str]) -> None:
        """Begin with normalised questions: those of the set, and of its candidates, declined ones too."""
        self._asked: Final = Asked(questions)

    def take(self, written: Sequence[Written]) -> tuple[list[Written], list[Unfit]]:
        """Those that ask something new, and why the others do not."""
        taken, left = [], []
        for one in written:
            likeness = self._asked.add(question_key(one.question))
            if likeness is None:
                taken.append(one)
            else:
                left.append(_WHY[likeness])
        return taken, left
