"""Topics of the traffic: k-means over its vectors, each topic with the words that set it apart."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer

from sayso_ingest.mining.arrays import Floats, Integers, Vectors
from sayso_ingest.mining.embed.hashing import clip

MOST = 150
WORDS = 2
COMMON = 0.9
"""Share of the traffic from which on a tag sets no topic apart."""
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Topics:
    """Centres (k, d) and the topic (n,) of each interaction they were found in."""

    centres: Vectors
    members: Integers

    @property
    def count(self) -> int:
        """How many topics there are."""
        return len(self.centres)

    @property
    def sizes(self) -> Integers:
        """Interactions in each topic."""
        return np.bincount(self.members, minlength=self.count).astype(np.int64)

    def assign(self, vectors: Vectors) -> Integers:
        """The nearest topic of each vector."""
        closeness = vectors @ self.centres.T - (self.centres**2).sum(axis=1) / 2
        return np.asarray(closeness.argmax(axis=1), dtype=np.int64)

    def counts_of(self, vectors: Vectors) -> Integers:
        """How many of the vectors fall into each topic."""
        return np.bincount(self.assign(vectors), minlength=self.count).astype(np.int64)


def topic_count(interactions: int) -> int:
    """How finely to cut: the square root of half the interactions, at most 150."""
    return int(np.clip(round((interactions / 2) ** 0.5), 1, MOST))


def find_topics(
    vectors: Vectors, *, count: int | None = None, start: Vectors | None = None, seed: int = 0
) -> Topics:
    """Cluster vectors (n, d) into `count` topics, fewer where there are fewer distinct vectors.

    `start` (count, d): centres to begin at, which the topics then stay near, in the same order.
    """
    distinct = len({row.tobytes() for row in vectors})
    wanted = min(count or (topic_count(len(vectors)) if start is None else len(start)), distinct)
    begin = "k-means++" if start is None else start[:wanted]
    # Until no vector changes its cluster (tol=0): begun at its own result, it then finds the same again.
    means = KMeans(wanted, init=begin, n_init=1, random_state=seed, tol=0)
    with warnings.catch_warnings():
        # Nearly equal vectors may leave fewer clusters than asked for, which is fine: empty ones are dropped.
        warnings.simplefilter("ignore", ConvergenceWarning)
        found = means.fit_predict(vectors)
    used, members = np.unique(found, return_inverse=True)
    return Topics(means.cluster_centers_[used].astype(np.float32), members.astype(np.int64))


def name_topics(
    texts: Sequence[str], topics: Topics, *, tags: Sequence[Sequence[str]] | None = None
) -> list[str]:
    """The words that set each topic apart (c-TF-IDF), or its number if it has none.

    The application's own tag comes first, where most interactions of the topic share one: "sync: conflict / card".
    """
    shared = _shared_tags(tags or [()] * len(texts), topics)
    words = _distinctive_words(texts, topics, leave_out=shared)
    return [
        ": ".join(part for part in (tag, " / ".join(found)) if part) or f"topic {topic + 1}"
        for topic, (tag, found) in enumerate(zip(shared, words, strict=True))
    ]


def _shared_tags(tags: Sequence[Sequence[str]], topics: Topics) -> list[str]:
    """The tag that most interactions of each topic carry; of several the rarest elsewhere, '' if there is none."""
    everywhere = Counter(tag for of in tags for tag in set(of) if tag.strip())
    here: list[Counter[str]] = [Counter() for _ in range(topics.count)]
    for topic, of in zip(topics.members, tags, strict=True):
        here[int(topic)].update(set(of) & everywhere.keys())
    telling = {tag for tag, count in everywhere.items() if count < COMMON * len(tags)}
    return [
        min(
            (tag for tag, count in found.items() if tag in telling and count > size / 2),
            key=lambda tag: (everywhere[tag], tag),
            default="",
        )
        for found, size in zip(here, topics.sizes, strict=True)
    ]


def _distinctive_words(texts: Sequence[str], topics: Topics, *, leave_out: Sequence[str]) -> list[list[str]]:
    """The words of each topic by c-TF-IDF, without those of the text beside it that is left out."""
    counter = CountVectorizer(analyzer=_words, binary=True)
    try:
        words = counter.fit_transform(clip(text) for text in texts)
    except ValueError:  # no text has a single word
        return [[] for _ in range(topics.count)]
    vocabulary = counter.get_feature_names_out()
    found = []
    everywhere = np.asarray(words.sum(axis=0)).ravel()
    for topic in range(topics.count):
        here = np.asarray(words[topics.members == topic].sum(axis=0)).ravel()
        scores = here * np.log1p(len(texts) / topics.count / everywhere)
        found.append(_best(scores, vocabulary, leave_out=set(_words(leave_out[topic]))))
    return found


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.casefold()) if word not in ENGLISH_STOP_WORDS]


def _best(scores: Floats, vocabulary: Sequence[str], *, leave_out: set[str]) -> list[str]:
    order = np.argsort(-scores, kind="stable")[: WORDS + len(leave_out)]
    best = [str(vocabulary[word]) for word in order if scores[word] > 0]
    return [word for word in best if word not in leave_out][:WORDS]
