"""How well an answer fits its question, from the texts alone: nobody is asked.

An answer that shares few rare n-grams with its question is disliked more often. So is one whose question is more
like the answer to another question, or that is more like another question: some texts are like everything, so each
side's likeness to its nearest other is taken off (cross-domain similarity local scaling with one neighbour, Conneau
et al. 2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import partial

import numpy as np
from scipy.sparse import csr_matrix
from scipy.special import ndtri
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

from sayso_ingest.mining.arrays import Booleans, Floats, Integers, Vectors, percentiles
from sayso_ingest.mining.embed.hashing import FEATURES, clip

CHARACTERS = 2_000
"""Of longer texts the beginning and the end are compared: more costs time and predicts no better."""
FITTED = 5_000
"""Answers, evenly spread, that say how rare an n-gram is, and that others are held against; of fewer, all."""
PAIRS = 100_000_000
"""Questions times other answers that they are held against, at most: each of 70,000 against 1,400."""
COMMON = 0.2
"""The share of answers above which an n-gram does not tell one from another, and takes most of the time..."""
FEW = 100
"""...unless it is in no more than these: there, time is no matter."""
BLOCK = 500
"""Pairs held against the others at a time."""
_TERMS = partial(HashingVectorizer, n_features=FEATURES, alternate_sign=False, norm=None, dtype=np.float32)
_NGRAMS = _TERMS(analyzer="char_wb", ngram_range=(3, 5))
_WORDS = _TERMS(analyzer="word")


@dataclass(frozen=True, slots=True)
class Fit:
    """What the texts of n pairs say, each (n,): NaN where there is no answer."""

    likeness: Floats
    """Sparse cosine of question and answer over character 3- to 5-grams by inverse document frequency."""
    distinctness: Floats
    """How much more alike they are than the question and another's answer, and the answer and another question."""
    share: Floats
    """The part of the question's words that the answer has, by inverse document frequency."""
    length: Floats
    """Characters of the answer, as a logarithm."""

    @property
    def mismatch(self) -> Floats:
        """How badly the answer fits, as a normal score: by likeness, distinctness and share alike."""
        parts = [normal_scores(part) for part in (self.likeness, self.distinctness, self.share)]
        return normal_scores(-np.sum(parts, axis=0))


def normal_scores(values: Floats) -> Floats:
    """Each value's rank as a quantile of the normal distribution (n,), NaN where it is unknown."""
    scores = np.full(len(values), np.nan)
    known = ~np.isnan(values)
    scores[known] = ndtri(percentiles(values[known]))
    return scores


def fit_of(questions: Sequence[str], answers: Sequence[str | None]) -> Fit:
    """How well each answer fits its question, beside at most `FITTED` other pairs."""
    rows = np.flatnonzero([bool(answer) for answer in answers])
    likeness, distinctness, share = (np.full(len(questions), np.nan) for _ in range(3))
    length = np.array([np.log(len(answer)) if answer else np.nan for answer in answers], dtype=np.float64)
    if not len(rows):
        return Fit(likeness, distinctness, share, length)
    numbers = _numbered(questions), _numbered([answer or "" for answer in answers])

    def counted(some: Integers) -> _Counted:
        asked, answered = [questions[row] for row in some], [answers[row] or "" for row in some]
        return _Counted(*_counts(asked), *_counts(answered), numbers[0][some], numbers[1][some])

    fitted = rows[:: -(-len(rows) // FITTED)]
    rest = np.setdiff1d(rows, fitted)
    kept = counted(fitted)
    others = _Others.of(kept, held=len(rows))
    for start in range(0, len(fitted), BLOCK):
        block = fitted[start : start + BLOCK]
        likeness[block], distinctness[block], share[block] = others.beside(kept[start : start + BLOCK])
    for start in range(0, len(rest), BLOCK):
        block = rest[start : start + BLOCK]
        likeness[block], distinctness[block], share[block] = others.beside(counted(block))
    return Fit(likeness, distinctness, share, length)


@dataclass(frozen=True, slots=True)
class _Counted:
    """The n-grams and the words of some questions and their answers, and numbers that equal texts share."""

    asked: csr_matrix
    asked_words: csr_matrix
    answered: csr_matrix
    answered_words: csr_matrix
    question: Integers
    answer: Integers

    def __getitem__(self, rows: slice) -> _Counted:
        return _Counted(*(getattr(self, field.name)[rows] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class _Others:
    """Pairs that others are held against, and how rare n-grams and words are in the answers."""

    ngrams: TfidfTransformer
    telling: csr_matrix
    """1 (1, features) for n-grams that are not `COMMON`."""
    rarity: csr_matrix
    """Of words (1, features)."""
    asked: csr_matrix
    answered: csr_matrix
    """Their questions and their answers, a column each."""
    question: Integers
    answer: Integers

    @classmethod
    def of(cls, fitted: _Counted, *, held: int) -> _Others:
        """All of these, or as many as `held` pairs can be held against."""
        size = len(fitted.answer)
        ngrams = TfidfTransformer(sublinear_tf=True).fit(fitted.answered)
        having = np.bincount(fitted.answered.indices, minlength=FEATURES)
        telling = csr_matrix((having <= max(FEW, COMMON * size)).astype(np.float32))
        some = fitted[:: -(-size * held // PAIRS)]
        return cls(
            ngrams,
            telling,
            csr_matrix(TfidfTransformer().fit(fitted.answered_words).idf_),
            ngrams.transform(some.asked).multiply(telling).T.tocsr(),
            ngrams.transform(some.answered).multiply(telling).T.tocsr(),
            some.question,
            some.answer,
        )

    def beside(self, pairs: _Counted) -> tuple[Floats, Floats, Floats]:
        """The likeness of each pair, its distinctness, and the share of its question's words in its answer."""
        asked, answered = self.ngrams.transform(pairs.asked), self.ngrams.transform(pairs.answered)
        likeness = _by_row(asked, answered)
        asked, answered = asked.multiply(self.telling).tocsr(), answered.multiply(self.telling).tocsr()
        same = np.equal.outer(pairs.question, self.question) | np.equal.outer(pairs.answer, self.answer)
        nearest = _nearest(asked @ self.answered, same) + _nearest(answered @ self.asked, same)
        words = pairs.asked_words.multiply(self.rarity).tocsr()
        every = np.asarray(words.sum(axis=1), dtype=np.float64).ravel()
        found = _by_row(words, pairs.answered_words.sign())
        share = np.divide(found, every, out=np.zeros(len(every)), where=every > 0)
        return likeness, 2 * _by_row(asked, answered) - nearest, np.asarray(share)


def _counts(texts: Sequence[str]) -> tuple[csr_matrix, csr_matrix]:
    """How often each has each n-gram, and each word."""
    clipped = [clip(text, characters=CHARACTERS) for text in texts]
    return _NGRAMS.transform(clipped), _WORDS.transform(clipped)


def _numbered(texts: Sequence[str]) -> Integers:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(text, len(numbers)) for text in texts], dtype=np.int64)


def _by_row(these: csr_matrix, those: csr_matrix) -> Floats:
    return np.asarray(these.multiply(those).sum(axis=1), dtype=np.float64).ravel()


def _nearest(cosines: csr_matrix, same: Booleans) -> Vectors:
    """The highest cosine of each row with a text that is not the same."""
    return np.asarray(np.where(same, 0, cosines.toarray()).max(axis=1, initial=0))
