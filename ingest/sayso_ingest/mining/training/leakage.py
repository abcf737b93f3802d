"""Whether an example asks what a test asks: the same, nearly the same, or the same in other words.

A model that was trained on a question of its test looks better than it is. Every turn of a conversation counts, for
the answer to each is learnt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Final

import numpy as np

from sayso_ingest.mining.arrays import BLOCK, Booleans
from sayso_ingest.mining.embed import EmbedderChoice, HashEmbedder, always
from sayso_ingest.mining.similarity.duplicates import near_any
from sayso_ingest.mining.training.dropped import Dropped
from sayso_ingest.mining.training.example import Example

ALIKE: Mapping[str, float] = {"hash": 0.8, "static": 0.95, "minilm": 0.95}
"""Cosine from which on two questions are the same in other words, by embedder (bench/evidence, line `leakage`)."""
OTHERWISE = 0.95

usual_guard: Final = always(HashEmbedder())
"""What compares questions unless another embedder is named: it is the same, whatever the traffic."""


class Guard:
    """Knows the questions of every version of every eval set."""

    def __init__(self, questions: Sequence[str], choose: EmbedderChoice) -> None:
        """Take normalised questions, and the choice of what compares those that are in other words."""
        self._questions: Final = sorted(set(questions))
        self._known: Final = frozenset(questions)
        self._embedder: Final = choose(self._questions)
        self._vectors: Final = self._embedder.embed(self._questions)
        self.embedder: Final = self._embedder.id
        self.alike: Final = ALIKE.get(self.embedder.partition("-")[0], OTHERWISE)

    def check(self, examples: Sequence[Example]) -> list[Dropped | None]:
        """Say of each example why it must not be trained on, None where it may."""
        if not self._questions:
            return [None] * len(examples)
        asked = [example.asked for example in examples]
        texts = list(dict.fromkeys(chain.from_iterable(asked)))
        found: dict[str, Dropped] = {text: Dropped.IN_EVAL_SET for text in texts if text in self._known}
        self._add(found, texts, near_any(texts, self._questions), Dropped.NEAR_EVAL_SET)
        rest = [text for text in texts if text not in found]
        self._add(found, rest, self._paraphrased(rest), Dropped.PARAPHRASED)
        return [min(filter(None, map(found.get, own)), key=_ORDER.index, default=None) for own in asked]

    @staticmethod
    def _add(found: dict[str, Dropped], texts: Sequence[str], which: Booleans, why: Dropped) -> None:
        for text, is_one in zip(texts, which, strict=True):
            if is_one:
                found.setdefault(text, why)

    def _paraphrased(self, texts: Sequence[str]) -> Booleans:
        near = np.zeros(len(texts), dtype=bool)
        for start in range(0, len(texts), BLOCK):
            rows = self._embedder.embed(texts[start : start + BLOCK])
            near[start : start + BLOCK] = (rows @ self._vectors.T).max(axis=1, initial=-1) >= self.alike
        return near


_ORDER = (Dropped.IN_EVAL_SET, Dropped.NEAR_EVAL_SET, Dropped.PARAPHRASED)
