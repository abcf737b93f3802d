"""The ways to pick, as a list to print; it needs no vectors, so that a command can name them without the extra."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Strategy:
    """A way to pick: its name, what it prefers, and what part guesses play in it.

    `guesses`: the largest share of the mined picks that nobody has spoken against, as long as there are enough
    others. `expects_dislike`: it picks what people are likely to dislike, so the reason says why that is likely.
    `spreads`: it picks what is far from the set and from each other where much is asked, not what stands for the most.
    `seldom`: of that, what is asked little as gladly, and what needs documents that the set has no case of.
    """

    name: str
    summary: str
    guesses: float = 1.0
    expects_dislike: bool = False
    spreads: bool = False
    seldom: bool = False


STRATEGIES: tuple[Strategy, ...] = (
    Strategy(
        "hard",
        "hard and different: disliked, rejected or edited, far from the set and from each other",
        guesses=0.25,
        expects_dislike=True,
    ),
    Strategy("different", "unlike the current set, whatever people said"),
    Strategy("represent", "what traffic is like and the set is not", spreads=True),
    Strategy(
        "rare", "what is asked seldom, and what needs documents that no case needs", spreads=True, seldom=True
    ),
)
