"""Whether the guard keeps what tests ask out of training: planted rewrites found, and what else is dropped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sayso_ingest.mining.arrays import Vectors
from sayso_ingest.mining.embed import Embedder, MiniLmEmbedder, StaticEmbedder, SvdEmbedder
from sayso_ingest.mining.embed.package import installed, read_weights
from sayso_ingest.mining.embed.static import distil
from sayso_ingest.mining.question import question_key
from sayso_ingest.mining.similarity.duplicates import near_any
from sayso_ingest.mining.training.example import Example, Source
from sayso_ingest.mining.training.leakage import Guard

from bench.evidence import banking77, jfleg
from bench.evidence.jfleg import Sentence
from bench.evidence.paired import interval, said
from bench.figure import Beside, Figure
from bench.run import Run

CASES = 300
SEEDS = 5
FIRST_SEED = 100
"""The thresholds were looked at on another draw."""
FEWEST, LONG = 5, 20
"""Words of a sentence that may be a case, and of one that is long."""
OTHERS = 3_000
AN_INTENT = 4
"""Cases of each intent, of a set that was drawn from the traffic itself."""
FALSE = 0.01
OWN = "questions to a bank, by a set of them with four an intent"
GOALS = {
    "case, marks and spaces": 100,
    "one word of twenty and more": 99,
    "halves turned": 99,
    "put into other words around it": 99,
    "rewritten by another person": 95,
}
WRAPPED = (
    "Hello, I have a question for you. {} Could you help me with that, please?",
    "Please explain this to me: {}",
    "I would like to know more about the following: {} Thanks a lot!",
)

Texts = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class World:
    """Cases of an eval set, questions planted in training by how they were changed, and questions that are others."""

    cases: Sequence[str]
    planted: Texts
    others: Texts
    own: Sequence[str]
    """Cases that were drawn from the traffic, and what else was asked there."""
    traffic: Sequence[str]


class _Once:
    """An embedder that embeds no text twice: seeds draw from the same ones."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vectors] = {}
        self.id, self.shared = embedder.id, embedder.shared

    def embed(self, texts: Sequence[str]) -> Vectors:
        new = sorted(set(texts) - self._known.keys())
        self._known |= dict(zip(new, self._embedder.embed(new), strict=True)) if new else {}
        return np.stack([self._known[text] for text in texts])


def measure(run: Run) -> Iterator[Figure]:
    sentences, questions = jfleg.read(), banking77.read()
    fixed: dict[str, Embedder | None] = {"hash": None, "svd": None}
    if installed() is not None:
        weights = read_weights(installed())
        fixed |= {"static": StaticEmbedder(distil(weights)), "minilm": _Once(MiniLmEmbedder(weights))}
    seeds = range(FIRST_SEED, FIRST_SEED + run.size(SEEDS, 2))
    worlds = [
        _world(sentences, questions, seed, run.size(CASES, 30), run.size(OTHERS, 200)) for seed in seeds
    ]
    for name, embedder in fixed.items():
        yield from _figures(name, [_tried(world, name, embedder) for world in worlds])


def _world(
    sentences: Sequence[Sentence], questions: banking77.Questions, seed: int, cases: int, others: int
) -> World:
    random = np.random.default_rng(seed)
    order = [sentences[place] for place in random.permutation(len(sentences))]
    able = [one for one in order if len(one.rewritten[0].split()) >= FEWEST]
    tested, rest = able[:cases], able[cases:]
    asked = [one.rewritten[0] for one in tested]
    words = sorted({word for one in sentences for word in one.rewritten[0].split()})
    shuffled = random.permutation(len(questions.texts))
    first = [
        shuffled[questions.intent[shuffled] == one][:AN_INTENT] for one in range(questions.intent.max() + 1)
    ]
    drawn = np.concatenate(first)
    asked_else = shuffled[~np.isin(shuffled, drawn)][:others]
    traffic = [questions.texts[row] for row in asked_else]
    keys = {question_key(text) for text in asked}
    planted = {
        "case, marks and spaces": [f" {text.upper().replace(' .', ' !!')} " for text in asked],
        "one word of twenty and more": [
            _one_word(text, words, random) for text in asked if len(text.split()) >= LONG
        ],
        "one word of any": [_one_word(text, words, random) for text in asked],
        "halves turned": [_turned(text) for text in asked],
        "put into other words around it": [form.format(text) for form in WRAPPED for text in asked],
        "rewritten by another person": [text for one in tested for text in one.rewritten[1:]],
        "as the learner wrote it": [one.written for one in tested],
    }
    exact = "case, marks and spaces"
    return World(
        asked,
        {
            how: [one for one in texts if how == exact or question_key(one) not in keys]
            for how, texts in planted.items()
        },
        {"other sentences": [one.rewritten[0] for one in rest], "questions to a bank": traffic},
        own=[questions.texts[row] for row in drawn],
        traffic=traffic,
    )


def _one_word(text: str, words: Sequence[str], random: np.random.Generator) -> str:
    own = text.split()
    own[int(random.integers(len(own)))] = words[int(random.integers(len(words)))]
    return " ".join(own)


def _turned(text: str) -> str:
    own = text.rstrip(" .?!").split()
    middle = len(own) // 2
    return " ".join([*own[middle:], ",", *own[:middle], "."])


def _tried(world: World, name: str, embedder: Embedder | None) -> dict[str, tuple[float, float]]:
    """For each kind the share that is left out, and that near-duplicates alone leave out."""
    kinds = {**world.planted, **world.others}
    texts = [text for of in kinds.values() for text in of]
    if name == "svd":
        embedder = SvdEmbedder.fit(texts)
    found = {kind: _left_out(world.cases, of, embedder) for kind, of in kinds.items()}
    if name == "svd":
        embedder = SvdEmbedder.fit(world.traffic)
    return found | {OWN: _left_out(world.own, world.traffic, embedder)}


def _left_out(cases: Sequence[str], texts: Sequence[str], embedder: Embedder | None) -> tuple[float, float]:
    keys = [question_key(case) for case in cases]
    why = Guard(keys, *([embedder] if embedder else ())).check([_example(text) for text in texts])
    near = near_any([question_key(text) for text in texts], keys)
    return float(np.mean([one is not None for one in why])), float(near.mean())


def _example(text: str) -> Example:
    return Example(
        prompt=[{"role": "user", "content": text}],
        chosen="",
        rejected=None,
        source=Source.ACCEPTED,
        question=question_key(text),
        who=(),
        target="",
        event_ids=(),
    )


def _figures(name: str, tried: Sequence[Mapping[str, tuple[float, float]]]) -> Iterator[Figure]:
    guarded = "hash alone" if name == "hash" else f"hash and {name}"
    for kind in tried[0]:
        found, near = (100 * np.array([one[kind][place] for one in tried]) for place in (0, 1))
        value = interval(found)[0]
        is_other = kind in ("other sentences", "questions to a bank")
        needed = GOALS.get(kind)
        yield Figure(
            f"{guarded}: left out, {kind}",
            value,
            "%",
            [Beside("near-duplicates alone", interval(near)[0])],
            "<= 1 %" if is_other else f">= {needed} %" if needed else "",
            value <= 100 * FALSE if is_other else value >= needed if needed else None,
            f"{said(found)} over {len(found)} seeds",
        )
