"""Whether near-duplicates are found: texts of banking77, feedbackqa and jfleg, each edited in several ways."""

from __future__ import annotations

import json
import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np
from datasketch import MinHash, MinHashLSH
from joblib import Parallel, delayed
from sayso_ingest.mining.question import question_key
from sayso_ingest.mining.similarity.duplicates import groups
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import CountVectorizer

from bench.evidence import banking77
from bench.evidence.data import folder
from bench.evidence.paired import interval, said
from bench.figure import Beside, Figure
from bench.run import Run

TEXTS = 500
"""Of each data set, by seed: each of them and twelve edits of it are one block."""
SEEDS = 5
MANY = 1_000_000
ENOUGH = 20_000
"""Of the many, what the peer's speed is taken from."""
ALIKE = 0.8
PERMUTATIONS = 64
WORDS = 3
RATES = (0.0, 0.05, 0.15)
"""Share of words that are edited; one at least."""
GOALS = {"recall": 0.95, "seconds": 60}

Words = list[str]


@dataclass(frozen=True)
class Found:
    """What one block gave: of pairs that are nearly the same, the share found; and what it said of others."""

    pairs: int
    recall: float
    wrong: int
    """Texts in a group that no chain of such pairs joins."""
    peers_recall: float
    peers_error: float
    """The mean distance of the peer's estimate from the similarity of these pairs."""


def measure(run: Run) -> Iterator[Figure]:
    seeds = range(run.size(SEEDS, 2))
    for name, texts in _read().items():
        size = min(len(texts), run.size(TEXTS, 60))
        yield from _figures(name, Parallel(n_jobs=-1)(delayed(_tried)(texts, size, seed) for seed in seeds))
    yield _timed(run.size(MANY, 5_000), run.size(ENOUGH, 500))


def _read() -> dict[str, list[str]]:
    """The texts of each data set, as they are compared, of three words and more, each once."""
    feedback = [
        row
        for file in sorted((folder() / "feedbackqa").glob("*.json"))
        for row in json.loads(file.read_text(encoding="utf-8"))
    ]
    texts = {
        "banking77, questions": banking77.read().texts,
        "feedbackqa, questions and answers": [
            text
            for row in feedback
            for text in (row["question"], row["passage"]["reference"]["section_content"] or "")
        ],
        "jfleg, sentences": [
            line
            for file in sorted((folder() / "jfleg").glob("*.spellchecked.src"))
            for line in file.read_text(encoding="utf-8").splitlines()
        ],
    }
    keys = {name: sorted({question_key(text) for text in of}) for name, of in texts.items()}
    return {name: [key for key in of if len(key.split()) >= WORDS] for name, of in keys.items()}


def _tried(texts: Sequence[str], size: int, seed: int) -> Found:
    random = np.random.default_rng(seed)
    begun = [texts[place].split() for place in random.permutation(len(texts))[:size]]
    block = sorted({" ".join(words) for one in begun for words in (one, *_edits(one, random))})
    pairs, similarity = _nearly_the_same(block)
    group = groups(block)
    truth = connected_components(_matrix(pairs, len(block)), directed=False)[1]
    joined = {(int(one), int(other)) for one, other in zip(group, truth, strict=True)}
    sketches = [_sketch(text) for text in block]
    said_by_peer = [sketches[one].jaccard(sketches[other]) for one, other in pairs.T]
    return Found(
        pairs=pairs.shape[1],
        recall=float(np.mean(group[pairs[0]] == group[pairs[1]])),
        wrong=len(joined) - len(set(group.tolist())),
        peers_recall=_found_by_peer(sketches, pairs),
        peers_error=float(np.mean(np.abs(np.array(said_by_peer) - similarity))),
    )


def _edits(words: Words, random: np.random.Generator) -> Iterator[Words]:
    """The text with a share of its words swapped, dropped, put in and mistyped."""
    for edit in (_swap, _drop, _insert, _mistype):
        for rate in RATES:
            changed = list(words)
            for _ in range(max(1, round(rate * len(words)))):
                edit(changed, int(random.integers(len(changed))), random)
            yield changed


def _swap(words: Words, place: int, random: np.random.Generator) -> None:  # noqa: ARG001 - as the others
    other = (place + 1) % len(words)
    words[place], words[other] = words[other], words[place]


def _drop(words: Words, place: int, random: np.random.Generator) -> None:  # noqa: ARG001
    if len(words) > WORDS:
        del words[place]


def _insert(words: Words, place: int, random: np.random.Generator) -> None:
    words.insert(place, words[int(random.integers(len(words)))])


def _mistype(words: Words, place: int, random: np.random.Generator) -> None:
    word = words[place]
    at = int(random.integers(len(word)))
    words[place] = word[:at] + chr(ord("a") + int(random.integers(26))) + word[at + 1 :]


def _nearly_the_same(block: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """All pairs (2, p) that are, and how similar they are, by comparing every text with every other."""
    cut = CountVectorizer(analyzer=_runs, binary=True, dtype=np.int32).fit_transform(block)
    common = (cut @ cut.T).tocoo()
    sizes = np.asarray(cut.sum(axis=1)).ravel()
    similarity = common.data / (sizes[common.row] + sizes[common.col] - common.data)
    near = (common.row < common.col) & (similarity >= ALIKE)
    return np.stack([common.row[near], common.col[near]]), similarity[near]


def _runs(text: str) -> list[tuple[str, ...]]:
    words = text.split()
    return list(zip(*(words[start:] for start in range(WORDS)), strict=False))


def _matrix(pairs: np.ndarray, size: int) -> np.ndarray:
    joined = np.zeros((size, size), dtype=bool)
    joined[pairs[0], pairs[1]] = True
    return joined


def _sketch(text: str) -> MinHash:
    sketch = MinHash(num_perm=PERMUTATIONS)
    sketch.update_batch([" ".join(run).encode() for run in _runs(text)])
    return sketch


def _found_by_peer(sketches: Sequence[MinHash], pairs: np.ndarray) -> float:
    index = MinHashLSH(threshold=ALIKE, num_perm=PERMUTATIONS)
    for place, sketch in enumerate(sketches):
        index.insert(place, sketch)
    near = [set(index.query(sketch)) for sketch in sketches]
    return float(np.mean([other in near[one] for one, other in pairs.T]))


def _figures(name: str, found: Sequence[Found]) -> Iterator[Figure]:
    recall, peers = [one.recall for one in found], [one.peers_recall for one in found]
    peer = f"datasketch {version('datasketch')}, MinHash of {PERMUTATIONS}"
    wrong = sum(one.wrong for one in found)
    error = interval([one.peers_error for one in found])[0]
    yield Figure(
        f"{name}: pairs with a Jaccard similarity of .8 and more that are found",
        100 * interval(recall)[0],
        "%",
        [Beside(peer, 100 * interval(peers)[0], f"its estimates are off by {error:.3f}")],
        ">= 95 %",
        interval(recall)[0] >= GOALS["recall"],
        f"{said(recall)} of {sum(one.pairs for one in found):,} pairs over {len(found)} seeds; "
        f"{wrong} texts in a wrong group; compared exactly, so nothing is estimated",
    )


def _timed(many: int, enough: int) -> Figure:
    seconds, megabytes, exact = _apart(_ours, many)
    rate = _apart(_peers, enough)[0] / enough
    return Figure(
        f"{many:,} short texts, one core, normalised and grouped",
        seconds,
        "s",
        [
            Beside(f"datasketch, at the rate of {enough:,}", rate * many),
            Beside("those that are the same alone", exact),
        ],
        "<= 60 s",
        seconds <= GOALS["seconds"],
        f"at most {megabytes:,.0f} MB, texts included",
    )


def _apart(what: Callable[[int], tuple[float, float, float]], count: int) -> tuple[float, float, float]:
    """Run it in a process of its own, so that memory is its own too."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(what, count).result()


def _ours(count: int) -> tuple[float, float, float]:
    """Seconds, megabytes at most, and seconds that finding the same texts takes alone."""
    texts = _many(count)
    began = time.perf_counter()
    keys = [question_key(text) for text in texts]
    len(set(keys))
    exact = time.perf_counter() - began
    began = time.perf_counter()
    groups([question_key(text) for text in texts])
    return (
        time.perf_counter() - began,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        exact,
    )


def _peers(count: int) -> tuple[float, float, float]:
    texts = _many(count)
    began = time.perf_counter()
    index = MinHashLSH(threshold=ALIKE, num_perm=PERMUTATIONS)
    for place, key in enumerate({question_key(text) for text in texts}):
        if len(key.split()) >= WORDS:
            sketch = _sketch(key)
            index.query(sketch)
            index.insert(place, sketch)
    return time.perf_counter() - began, 0.0, 0.0


def _many(count: int) -> list[str]:
    """Questions of banking77 with up to three words changed for another's: some as they were, most of them new."""
    random = np.random.default_rng(0)
    questions = [text.split() for text in banking77.read().texts]
    words = sorted({word for text in questions for word in text})
    texts = []
    for number in random.integers(len(questions), size=count):
        text = list(questions[number])
        for _ in range(int(random.integers(4))):
            text[int(random.integers(len(text)))] = words[int(random.integers(len(words)))]
        texts.append(" ".join(text))
    return texts
