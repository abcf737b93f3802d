"""Judges of known worth, made from what people said: no data here has the judgements of a model.

A judge is whatever speaks of a thing that a person spoke of too: another rater of FeedbackQA, a classifier of the
comment that came with the rating, the likeness of question and answer, and for jfleg, where no pair was ranked by two,
what the two systems are worth by all other sentences. Read where it lies, never copied.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline

from bench.evidence.data import folder

SCALE = ("Excellent", "Acceptable", "Could be Improved", "Bad")
BAD_FROM = 2
"""The place in the scale from which on a rating is a dislike."""
FOLDS = 5
STRICT = 0.2
"""From which probability on a judge that errs towards dislike says so."""


@dataclass(frozen=True)
class Judged:
    """Of each thing (n,) what a person said, 0 to 1, and what the judge did."""

    name: str
    people: np.ndarray
    judge: np.ndarray

    @property
    def correlation(self) -> float:
        """What the judge knows: Pearson's, of what it says and what people say."""
        return float(np.corrcoef(self.people, self.judge)[0, 1])


@dataclass(frozen=True)
class Answers:
    """FeedbackQA by answer: what was asked and answered, each rater's place in `SCALE` and comment."""

    questions: list[str]
    texts: list[str]
    ratings: list[list[int]]
    comments: list[list[str]]

    def disliked(self, rater: int) -> np.ndarray:
        """Whether this rater disliked each answer, 0 or 1; no more than the first two rated all."""
        return np.array([of[rater] >= BAD_FROM for of in self.ratings], dtype=float)


def read_answers() -> Answers:
    rows = [
        row
        for file in sorted((folder() / "feedbackqa").glob("*.json"))
        for row in json.loads(file.read_text(encoding="utf-8"))
    ]
    return Answers(
        questions=[row["question"] for row in rows],
        texts=[row["passage"]["reference"]["section_content"] or "" for row in rows],
        ratings=[[SCALE.index(one) for one in row["rating"]] for row in rows],
        comments=[row["feedback"] for row in rows],
    )


def judges() -> Iterator[Judged]:
    """From the best to the worst; FeedbackQA's truth is its first rater."""
    answers = read_answers()
    people = answers.disliked(0)
    likely = from_comments(answers, 0)
    yield Judged("the rater's comment, classified", people, likely)
    yield Judged("the same, dislike from 20 % on", people, (likely >= STRICT).astype(float))
    three = np.array([len(of) == len(SCALE) - 1 for of in answers.ratings])
    others = np.array([np.mean(of[1:]) / (len(SCALE) - 1) for of in answers.ratings])
    yield Judged("two other raters, how bad of four", people[three], others[three])
    yield ranked()
    yield Judged("another rater, yes or no", people, answers.disliked(1))
    yield Judged("how unlike the answer is to the question", people, unlike(answers))


def from_comments(answers: Answers, rater: int) -> np.ndarray:
    """How likely a dislike is by the comment alone, learnt on the other four fifths of the answers."""
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    model = make_pipeline(words, LogisticRegression(C=3, max_iter=500))
    comments = [of[rater] for of in answers.comments]
    found = cross_val_predict(model, comments, answers.disliked(rater), cv=FOLDS, method="predict_proba")
    return np.asarray(found[:, 1])


def unlike(answers: Answers) -> np.ndarray:
    """One less the cosine of character n-grams: it knows a little, and as a rate it is far off."""
    ngrams = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    ngrams.fit(answers.questions + answers.texts)
    asked, answered = ngrams.transform(answers.questions), ngrams.transform(answers.texts)
    return 1 - np.asarray(asked.multiply(answered).sum(axis=1)).ravel()


def ranked() -> Judged:
    """Whether the first of two corrections is ranked above the second, half where neither is, by jfleg's annotators.

    The judge is the mean over all other sentences where the same two systems met.
    """
    with (folder() / "jfleg" / "mturk_pairwise.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    preferred, places, sentences = [], defaultdict(list), []
    for place, row in enumerate(rows):
        first, second = row["system1Id"], row["system2Id"]
        better = 0.5 + 0.5 * np.sign(int(row["system2rank"]) - int(row["system1rank"]))
        preferred.append(better if first < second else 1 - better)
        places[min(first, second), max(first, second)].append(place)
        sentences.append(row["srcIndex"])
    people, judge, of = np.array(preferred), np.empty(len(rows)), np.array(sentences)
    for met in map(np.array, places.values()):
        for place in met:
            judge[place] = people[met[of[met] != of[place]]].mean()
    return Judged("jfleg, what the two systems are worth elsewhere", people, judge)
