"""What is drawn to be judged, and by which models it still is to be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso_ingest.cli.options import say

if TYPE_CHECKING:
    from sayso_ingest.judge import Asking, Given, Known, Rubric
    from sayso_ingest.mining import Query


ROUNDING = 1e-9
"""By how much of itself a probability may differ and be the same."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """Which interactions are judged."""

    rate: float
    by: str
    limit: int | None
    seed: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """What was drawn, with the probability of each, and for each model what it has not judged of it.

    `likelier` are the events of verdicts on what was drawn with a lower probability then.
    """

    chances: Mapping[str, float]
    todo: Mapping[str, Sequence[str]]
    likelier: Sequence[str]
    known: Mapping[str, Known]

    def taken_back(self, target: str, judge: str) -> str:
        """The event of this judge's verdict on it that was taken back, or an empty text."""
        return self.known[target].taken_back.get(judge, "")


def drawn(query: Query, sampling: Sampling, rubric: Rubric, asking: Asking, models: Sequence[str]) -> Drawing:
    """Draw what is judged, and say how much that is."""
    from sayso_ingest.judge import draw, read_known

    known = {one.target: one for one in read_known(query, rubric.id, asking.name)}
    if asking.pairs:
        known = {target: one for target, one in known.items() if one.candidates > 1}
    dislike = None
    if sampling.by == "uncertainty":
        from sayso_ingest.mining import guess_dislikes  # it takes scikit-learn, seconds of it

        known = {target: one for target, one in known.items() if one.asked}
        dislike = guess_dislikes(query, seed=sampling.seed)
        guessed = sum(target in dislike for target in known)
        if guessed < len(known):
            say(
                f"Of {len(known):,} interactions with a question {guessed:,} were drawn by lot first, and for these "
                "it was guessed how many dislike them; the probabilities are those of both draws together."
            )
    chances = draw(list(known), rate=sampling.rate, limit=sampling.limit, seed=sampling.seed, dislike=dislike)
    given = {model: _given(known, chances, model, asking) for model in models}
    todo = {model: [target for target in chances if target not in given[model]] for model in models}
    done = sum(map(len, given.values()))
    say(
        f"{len(chances):,} of {len(known):,} interactions drawn, by rubric {rubric.id}; judged already: {done:,}."
    )
    likelier = [
        one.event_id
        for of_model in given.values()
        for target, one in of_model.items()
        if one.chance < chances[target] * (1 - ROUNDING)
    ]
    if likelier:
        say(
            f"Of these {len(likelier):,} were drawn with a lower probability then. They are sent again with that of "
            "now, which their weight in rates is made of; nothing is asked for it."
        )
    return Drawing(chances, todo, likelier, {target: known[target] for target in chances})


def _given(
    known: Mapping[str, Known], drawn: Collection[str], model: str, asking: Asking
) -> Mapping[str, Given]:
    """The verdicts of a model on what was drawn, of as many samples as are asked for now, or of more."""
    found = {target: known[target].verdicts.get(model) for target in drawn}
    least = 1 if asking.pairs else asking.samples
    return {target: one for target, one in found.items() if one and one.samples >= least}
