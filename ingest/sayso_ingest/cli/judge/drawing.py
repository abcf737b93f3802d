"""What is drawn to be judged, and by which models it still is to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso_ingest.cli.options import say

if TYPE_CHECKING:
    from sayso_ingest.judge import Asking, Known, Rubric
    from sayso_ingest.mining import Query


@dataclass(frozen=True, slots=True)
class Sampling:
    """Which interactions are judged."""

    rate: float
    by: str
    limit: int | None
    seed: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """What was drawn, with the probability of each, and for each model what it has not judged of it."""

    chances: Mapping[str, float]
    todo: Mapping[str, Sequence[str]]
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
    todo = {model: [target for target in chances if model not in known[target].judged_by] for model in models}
    done = len(chances) * len(models) - sum(map(len, todo.values()))
    say(
        f"{len(chances):,} of {len(known):,} interactions drawn, by rubric {rubric.id}; judged already: {done:,}."
    )
    return Drawing(chances, todo, {target: known[target] for target in chances})
