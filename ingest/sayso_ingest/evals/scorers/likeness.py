"""Scorers that compare an answer with the expected one, text with text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from sayso_ingest.evals.scorers.scorer import PASSED, Score
from sayso_ingest.evalsets import EvalCase
from sayso_ingest.mining import bare_words, normalise

Measure: TypeAlias = Callable[[str, str], float]
"""How far an answer, the second text, is what is expected, the first: 0 to 1."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Scores an answer by its likeness to the expected one; suits every case that has one."""

    name: str
    measure: Measure
    passes: float = PASSED
    """The likeness from which on it passes."""

    def suits(self, case: EvalCase) -> bool:
        """Whether something is expected that is more than white space."""
        return bool(case.expected and normalise(case.expected))

    def score(self, case: EvalCase, answer: str) -> Score:
        """Compare."""
        value = self.measure(case.expected or "", answer)
        return Score(self.name, value, value >= self.passes)


def exact(expected: str, answer: str) -> float:
    """1 where both are the same, but for white space around them."""
    return float(expected.strip() == answer.strip())


def normalised(expected: str, answer: str) -> float:
    """1 where both are the same, but for case, width, quotes, white space and sentence marks."""
    return float(normalise(expected) == normalise(answer))


def contains(expected: str, answer: str) -> float:
    """1 where the answer says what is expected, normalised, somewhere in whole words: `know` does not say `no`."""
    wanted, text = normalise(expected), normalise(answer)
    return float(wanted in text and _with_gaps(wanted) in _with_gaps(text))


def overlap(expected: str, answer: str) -> float:
    """The F1 of their words, each as often as it is in both, as Rajpurkar et al. (2016), "SQuAD", count it.

    In scripts without spaces each letter is a word. The same in SQL: macros.sql, word_overlap.
    """
    one, other = normalise(expected), normalise(answer)
    if one == other:
        return 1.0
    first, second = Counter(bare_words(one)), Counter(bare_words(other))
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 0.0


def _with_gaps(text: str) -> str:
    """A text with a mark wherever a word, or a number, does not go on: at once for all places, however many there are.

    Only letters with a case and digits make words: other letters may be of a script without spaces.
    """
    inside = [letter.isdigit() or letter.lower() != letter.upper() for letter in text]
    before = [False, *inside]
    marked = (
        letter if here and there else f"\0{letter}"
        for letter, here, there in zip(text, inside, before, strict=False)
    )
    return "".join(marked) + "\0"
