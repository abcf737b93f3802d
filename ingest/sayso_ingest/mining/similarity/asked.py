"""Questions that are asked already, to which more are added: is another one the same, nearly so, or in other words?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

import numpy as np

from sayso_ingest.mining.embed import HashEmbedder
from sayso_ingest.mining.similarity.duplicates import near_any

ALIKE = 0.9
"""The cosine, of `hash`, from which on a question adds nothing. Whoever asks the same in other words on purpose is
lower: at what keeps training apart from tests few variants would be left."""
Likeness: TypeAlias = Literal["same", "near", "alike"]


class Asked:
    """Normalised questions, each once."""

    def __init__(self, questions: Sequence[str]) -> None:
        """Begin with these."""
        self._embedder: Final = HashEmbedder()
        self._questions = list(dict.fromkeys(questions))
        self._known = set(self._questions)
        self._vectors = self._embedder.embed(self._questions)

    def add(self, question: str) -> Likeness | None:
        """Add one that is new; else say how it is asked already."""
        vector = self._embedder.embed([question])
        likeness = self._likeness(question, vector[0])
        if likeness is None:
            self._questions.append(question)
            self._known.add(question)
            self._vectors = np.concatenate([self._vectors, vector])
        return likeness

    def _likeness(self, question: str, vector: np.ndarray) -> Likeness | None:
        if question in self._known:
            return "same"
        if not self._questions:
            return None
        if near_any([question], self._questions)[0]:
            return "near"
        return "alike" if float((self._vectors @ vector).max()) >= ALIKE else None
