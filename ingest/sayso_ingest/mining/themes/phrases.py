"""The phrases that set comments of people who disliked an answer apart from those of people who liked it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer

from sayso_ingest.analysis.stats.share import weigh_down
from sayso_ingest.mining.arrays import Floats, Integers
from sayso_ingest.mining.embed.hashing import clip
from sayso_ingest.mining.rows import Comment

PRIOR = 500.0
"""Phrases that both sides are thought to have said already, in the proportions of all comments."""
LEAST = 3
"""Comments that a phrase has to be in."""
TELLING = 1.96
"""Standard errors beyond which a phrase is worth showing."""
_WORD = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One to three words, in how many comments of either side they stand, and how far beyond chance (z)."""

    text: str
    disliked: int
    liked: int
    z: float
    """Standard errors; above 0 for phrases of those who disliked."""


def telling_phrases(comments: Sequence[Comment], *, most: int = 200) -> tuple[list[Phrase], list[Phrase]]:
    """The most telling phrases of those who disliked, and of those who liked, at most so many of each.

    Log-odds with an informative Dirichlet prior: Monroe, Colaresi and Quinn (2008), "Fightin' words", Political
    Analysis 16. A person who comments often counts for five comments at most.
    """
    said = [comment for comment in comments if comment.disliked is not None]
    against = np.array([bool(comment.disliked) for comment in said])
    if not 0 < against.sum() < len(said):
        return [], []
    counter = CountVectorizer(analyzer=_ngrams, min_df=min(LEAST, len(said)), binary=True)
    try:
        found = counter.fit_transform(clip(comment.text, characters=2_000) for comment in said)
    except ValueError:  # no phrase stands in enough comments
        return [], []
    weights = weights_of(numbered([comment.who for comment in said]))
    disliked = np.asarray(found.T @ (weights * against)).ravel()
    liked = np.asarray(found.T @ (weights * ~against)).ravel()
    scores = _log_odds(disliked, liked)
    texts = counter.get_feature_names_out()
    counts = [np.asarray(found[side].sum(axis=0)).ravel().astype(int) for side in (against, ~against)]
    order = np.argsort(-scores, kind="stable")

    def taken(rows: Integers, sign: int) -> list[Phrase]:
        return [
            Phrase(str(texts[row]), int(counts[0][row]), int(counts[1][row]), float(scores[row]))
            for row in rows
            if sign * scores[row] > TELLING
        ]

    return taken(order[:most], 1), taken(order[::-1][:most], -1)


def distinct(phrases: Sequence[Phrase], *, most: int = 20) -> list[Phrase]:
    """The first phrases, without those that are a part of an earlier one, or have one as a part."""
    found: list[Phrase] = []
    for phrase in phrases:
        told = f" {phrase.text} "
        if not any(told in f" {one.text} " or f" {one.text} " in told for one in found):
            found.append(phrase)
    return found[:most]


def numbered(people: Sequence[str]) -> Integers:
    """A number from 0 for each person (n,), the same wherever it is the same one."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(who, len(numbers)) for who in people], dtype=np.int64)


def weights_of(person: Integers) -> Floats:
    """The weight (n,) of each comment: of people who wrote more than five, so much that they count as five."""
    return weigh_down(np.bincount(person).astype(np.float64))[person]


def _log_odds(disliked: Floats, liked: Floats) -> Floats:
    both = disliked + liked
    prior = PRIOR * both / both.sum()
    totals = [side.sum() + PRIOR for side in (disliked, liked)]
    odds = [
        np.log(side + prior) - np.log(total - side - prior)
        for side, total in zip((disliked, liked), totals, strict=True)
    ]
    return np.asarray((odds[0] - odds[1]) / np.sqrt(1 / (disliked + prior) + 1 / (liked + prior)))


def _ngrams(text: str) -> list[str]:
    words = _WORD.findall(text.casefold())
    telling = [word for word in words if word not in ENGLISH_STOP_WORDS]  # alone "not" and "the" say nothing
    return telling + [
        " ".join(words[start : start + size]) for size in (2, 3) for start in range(len(words) - size + 1)
    ]
