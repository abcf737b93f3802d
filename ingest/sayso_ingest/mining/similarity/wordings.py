"""Pure: which texts are worded most like a question, without vectors: a page can ask it while somebody waits."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Self

from sayso_ingest.mining.question import question_key

GRAM = 4
"""Characters of a gram: short enough for languages without spaces, long enough to tell words apart."""
CHARACTERS = 1_000
"""Of longer questions the beginning is compared."""
LIKE = 0.1
"""What is less alike than this shares little more than the words of every question."""
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Near:
    """A text's place in the list, and how alike it is: the cosine, 0 to 1."""

    place: int
    likeness: float


@dataclass(frozen=True, slots=True)
class Wordings:
    """Texts by their character grams, each gram worth the more the fewer texts have it."""

    worth: Mapping[str, float]
    holders: Mapping[str, Sequence[tuple[int, float]]]
    """Of each gram the places of the texts that have it, and its weight there; the squares of a text sum to 1."""

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        """Read the texts once."""
        grams = [_grams(text) for text in texts]
        seen = Counter(gram for one in grams for gram in one)
        worth = {gram: log(1 + len(texts) / count) for gram, count in seen.items()}
        holders: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, one in enumerate(grams):
            for gram, weight in _weighed(one, worth).items():
                holders[gram].append((place, weight))
        return cls(worth, dict(holders))

    def nearest(self, text: str, *, most: int = 3, like: float = LIKE) -> list[Near]:
        """The texts at least so much like this one, the most alike first; none where nothing is like it."""
        found: dict[int, float] = defaultdict(float)
        for gram, weight in _weighed(_grams(text), self.worth).items():
            for place, other in self.holders.get(gram, ()):
                found[place] += weight * other
        alike = [Near(place, likeness) for place, likeness in found.items() if likeness >= like]
        return sorted(alike, key=lambda near: (-near.likeness, near.place))[:most]


def _grams(text: str) -> set[str]:
    spaced = f" {_SPACE.sub(' ', question_key(text[:CHARACTERS]))} "
    return {spaced[at : at + GRAM] for at in range(max(1, len(spaced) - GRAM + 1))}


def _weighed(grams: Iterable[str], worth: Mapping[str, float]) -> dict[str, float]:
    """Scale to length 1; a gram that no text has is worth as much as the rarest."""
    rarest = max(worth.values(), default=1.0)
    known = {gram: worth.get(gram, rarest) for gram in grams}
    length = sqrt(sum(weight * weight for weight in known.values())) or 1.0
    return {gram: weight / length for gram, weight in known.items()}
