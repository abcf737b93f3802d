"""Whether an example asks what a test asks: the same, nearly the same, or the same in other words.

A model that was trained on a question of its test looks better than it is. Every turn of a conversation counts, for
the answer to each is learnt, and so does a question that a system prompt or an answer says again. What is compared in
which way, and what each finds, is measured on rewrites by people (bench/evidence, line `leakage`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from sayso_ingest.event import JSON
from sayso_ingest.mining.arrays import BLOCK, Booleans, Floats
from sayso_ingest.mining.embed import Embedder, HashEmbedder, alike_from
from sayso_ingest.mining.question import Messages, bare_words, turns_of, words_of
from sayso_ingest.mining.similarity.duplicates import near_any
from sayso_ingest.mining.training.dropped import Dropped
from sayso_ingest.mining.training.example import Example

CONTAINED = 0.9
"""The share of a question's words from which on a longer text contains it, in whatever order."""
FEWEST_WORDS = 4
"""Words that a question has to have to be looked for so: three common ones are in many texts."""


def telling_turns(messages: Messages | None) -> tuple[str, ...]:
    """The turns of a person in a conversation, normalised, that tell by themselves what is asked: not "and then?"."""
    return tuple(turn for turn in turns_of(messages) if len(words_of(turn)) >= FEWEST_WORDS)


class Guard:
    """Knows the questions of every version of every eval set."""

    def __init__(self, questions: Sequence[str], *embedders: Embedder, alike: float | None = None) -> None:
        """Take normalised questions, and what compares those that are in other words, beside `hash`.

        `alike` is the cosine from which on they are; None takes what was measured of each embedder.
        """
        self._alike: Final = alike
        self._questions: Final = sorted(set(questions))
        self._known: Final = frozenset(questions)
        self._words: Final = _Contents(self._questions)
        self._phrases: Final = _Phrases(self._questions)
        distinct = {one.id: one for one in (HashEmbedder(), *embedders)} if questions else {}
        self._embedders: Final = tuple(distinct.values())
        self._vectors: Final = [one.embed(self._questions) for one in self._embedders]

    @property
    def account(self) -> dict[str, JSON]:
        """What compares questions, and from which cosine or share on."""
        return {one.id: self._cosine(one) for one in self._embedders} | {"words": CONTAINED}

    def check(self, examples: Sequence[Example]) -> list[Dropped | None]:
        """Say of each example why it must not be trained on, None where it may."""
        if not self._questions:
            return [None] * len(examples)
        asked = [example.asked for example in examples]
        texts = list(dict.fromkeys(chain.from_iterable(asked)))
        found = {text: Dropped.IN_EVAL_SET for text in texts if text in self._known}
        self._add(found, texts, near_any(texts, self._questions), Dropped.NEAR_EVAL_SET)
        rest = [text for text in texts if text not in found]
        self._add(found, rest, self._in_other_words(rest), Dropped.PARAPHRASED)
        return [
            Dropped.IN_EVAL_SET
            if any(map(self._phrases.are_in, example.told))
            else min(filter(None, map(found.get, own)), key=_ORDER.index, default=None)
            for example, own in zip(examples, asked, strict=True)
        ]

    @staticmethod
    def _add(found: dict[str, Dropped], texts: Sequence[str], which: Booleans, why: Dropped) -> None:
        for text, is_one in zip(texts, which, strict=True):
            if is_one:
                found.setdefault(text, why)

    def _in_other_words(self, texts: Sequence[str]) -> Booleans:
        near = np.zeros(len(texts), dtype=bool)
        for start in range(0, len(texts), BLOCK):
            some = texts[start : start + BLOCK]
            here = self._words.are_in(some)
            for embedder, vectors in zip(self._embedders, self._vectors, strict=True):
                here |= (embedder.embed(some) @ vectors.T).max(axis=1) >= self._cosine(embedder)
            near[start : start + BLOCK] = here
        return near

    def _cosine(self, embedder: Embedder) -> float:
        return alike_from(embedder) if self._alike is None else self._alike


class _Contents:
    """The words of questions, to be found again in longer texts."""

    def __init__(self, questions: Sequence[str]) -> None:
        words = [set(bare_words(text)) for text in questions]
        long = [one for one in words if len(one) >= FEWEST_WORDS]
        self._column: Final = {word: place for place, word in enumerate(sorted(set().union(*long)))}
        self._sizes: Final[Floats] = np.array([len(one) for one in long], dtype=np.float64)
        self._questions: Final = self._matrix(long)

    def are_in(self, texts: Sequence[str]) -> Booleans:
        """Where nearly all words of a question are in a text (n,)."""
        if not len(self._sizes):
            return np.zeros(len(texts), dtype=bool)
        common = self._matrix([set(bare_words(text)) for text in texts]) @ self._questions.T
        shares = common.multiply(1 / self._sizes[None, :]).tocsr()
        return np.asarray(shares.max(axis=1).toarray().ravel() >= CONTAINED)

    def _matrix(self, texts: Sequence[set[str]]) -> csr_array:
        places = [sorted(self._column[word] for word in text if word in self._column) for text in texts]
        ends = np.cumsum([0, *map(len, places)])
        columns = np.fromiter(chain.from_iterable(places), np.int64)
        return csr_array((np.ones(len(columns)), columns, ends), shape=(len(texts), len(self._column)))


class _Phrases:
    """Questions to be found word by word, in this order, in texts that ask nothing: answers and system prompts.

    Their words alone, in whatever order, are in any answer to a question like them.
    """

    def __init__(self, questions: Sequence[str]) -> None:
        self._beginning: Final[dict[tuple[str, ...], list[str]]] = defaultdict(list)
        for words in map(bare_words, questions):
            if len(words) >= FEWEST_WORDS:
                self._beginning[tuple(words[:FEWEST_WORDS])].append(_spaced(words))

    def are_in(self, text: str) -> bool:
        """Whether one of them is in a normalised text."""
        words = bare_words(text)
        runs = zip(*(words[start:] for start in range(FEWEST_WORDS)), strict=False)
        found = self._beginning.keys() & runs
        spaced = _spaced(words) if found else ""
        return any(question in spaced for run in found for question in self._beginning[run])


def _spaced(words: Sequence[str]) -> str:
    return f" {' '.join(words)} "


_ORDER = (Dropped.IN_EVAL_SET, Dropped.NEAR_EVAL_SET, Dropped.PARAPHRASED)
