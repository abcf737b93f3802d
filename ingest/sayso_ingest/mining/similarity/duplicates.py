"""Which questions are nearly the same: at least four in five of their runs of three words, together, are common.

Found by prefix filtering (Chaudhuri et al. 2006; Bayardo et al. 2007): two sets that alike share one of the rarest
few elements of each, so only texts with such a run in common are compared, and those exactly. Nothing is estimated.
Texts are cut anew when they are needed: what is kept of each is its rarest runs, a fifth of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from sayso_ingest.mining.arrays import Booleans, Integers
from sayso_ingest.mining.question import words_of

WORDS = 3
"""Words of a run. A text of fewer is one run, so it is only like itself."""
ALIKE = (4, 5)
"""The Jaccard similarity from which on two texts are nearly the same, as a fraction."""
CHARACTERS = 4_000_000
"""Of the texts that are cut at a time."""
PAIRS = 50_000
"""Pairs that are compared at a time."""
WINDOW = 200
"""Texts that are compared with each one for a run they share: more have it only where texts are made by a pattern."""
COUNTERS = 2**22
WORDS_KEPT = 1_000_000

_Hashes: TypeAlias = npt.NDArray[np.uint64]
_TIMES: _Hashes = np.array([0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB], dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class _Runs:
    """The distinct runs (r,) of texts, by text; `sizes` (n,) of them belong to each."""

    values: _Hashes
    sizes: Integers

    @property
    def owners(self) -> Integers:
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    @property
    def begins(self) -> Integers:
        return np.concatenate([[0], np.cumsum(self.sizes)[:-1]]).astype(np.int64)


@dataclass(frozen=True, slots=True)
class _Prefixes:
    """The rarest runs (r,) of texts and whose they are, sorted by run; of each text (n,) how many it has in all.

    `marks` (n,) has a bit of 64 set for each run: where many bits differ, many runs do.
    """

    values: _Hashes
    owners: Integers
    sizes: Integers
    marks: _Hashes


class _Words(dict[str, int]):
    """Word -> a hash of 64 bits that is the same on every machine."""

    def __missing__(self, word: str) -> int:
        digest = blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        self[word] = value = int.from_bytes(digest, "little")
        return value


class _Cutter:
    """Cuts normalised texts into runs of words."""

    def __init__(self) -> None:
        self._words = _Words()

    def cut(self, texts: Sequence[str]) -> _Runs:
        """The distinct runs of each text, by their hashes."""
        if len(self._words) > WORDS_KEPT:
            self._words.clear()
        words = [words_of(text) for text in texts]
        counts = np.fromiter(map(len, words), np.int64, len(words))
        found = map(self._words.__getitem__, chain.from_iterable(words))
        # Two more at the end, so that every run may be looked up whole.
        hashes = np.fromiter(chain(found, [0] * WORDS), np.uint64, int(counts.sum()) + WORDS)
        return _distinct(hashes, counts)


def groups(texts: Sequence[str]) -> Integers:
    """The group (n,) of each normalised text: those of one are nearly the same as another of it.

    Groups are numbered in the order in which they come. Beyond `WINDOW` distinct texts with one and the same rare
    run a pair may be missed.
    """
    first: dict[str, int] = {}
    place = np.fromiter((first.setdefault(text, len(first)) for text in texts), np.int64, len(texts))
    joined = _joined(list(first))
    _, begins, group = np.unique(joined[place], return_index=True, return_inverse=True)
    order = np.empty(len(begins), dtype=np.int64)
    order[np.argsort(begins)] = np.arange(len(begins))
    return order[group]


def near_any(texts: Sequence[str], others: Sequence[str]) -> Booleans:
    """Where a normalised text (n,) is nearly the same as one of the others, without exception."""
    every, known = [*others, *texts], len(others)
    prefixes = _prefixes(every)
    of_others = prefixes.owners < known
    values, owners = prefixes.values[of_others], prefixes.owners[of_others]
    asked, askers = prefixes.values[~of_others], prefixes.owners[~of_others]
    low, high = np.searchsorted(values, asked), np.searchsorted(values, asked, side="right")
    near = np.zeros(len(texts), dtype=bool)
    for one, other in _ranges(askers, low, high):
        pairs = _possible(np.stack([one, owners[other]]), prefixes)
        pairs = pairs[:, ~near[pairs[0] - known]]
        near[pairs[0][_alike(every, pairs)] - known] = True
    return near


def _distinct(hashes: _Hashes, counts: Integers) -> _Runs:
    """Join the hashes of words, `counts` of them to a text, into runs; each counts once in its text."""
    sizes = np.maximum(counts - (WORDS - 1), 1)
    ends = np.cumsum(counts)
    owners = np.repeat(np.arange(len(counts)), sizes)
    within = np.arange(len(owners)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    begins = (ends - counts)[owners] + within
    values = np.zeros(len(owners), dtype=np.uint64)
    for word, times in enumerate(_TIMES):
        inside = begins + word < ends[owners]
        values += np.where(inside, hashes[begins + word], 0) * times  # wraps around, as hashes may
    order = np.lexsort((values, owners))
    values, owners = values[order], owners[order]
    new = np.ones(len(values), dtype=bool)
    new[1:] = (values[1:] != values[:-1]) | (owners[1:] != owners[:-1])
    return _Runs(values[new], np.bincount(owners[new], minlength=len(counts)).astype(np.int64))


def _blocks(texts: Sequence[str]) -> Iterator[slice]:
    """Slices of texts of at most so many characters, or of one text that is longer."""
    begin, characters = 0, 0
    for place, text in enumerate(texts):
        if characters and characters + len(text) > CHARACTERS:
            yield slice(begin, place)
            begin, characters = place, 0
        characters += len(text) + 1
    if texts:
        yield slice(begin, len(texts))


def _prefixes(texts: Sequence[str]) -> _Prefixes:
    cutter = _Cutter()
    counters = np.zeros(COUNTERS, dtype=np.int64)
    for block in _blocks(texts):
        np.add.at(counters, _counter(cutter.cut(texts[block]).values), 1)
    values, owners, sizes, marks = [], [], [], []
    for block in _blocks(texts):
        runs = cutter.cut(texts[block])
        rare = _rarest(runs, counters)
        values.append(runs.values[rare])
        owners.append(block.start + runs.owners[rare])
        sizes.append(runs.sizes)
        marks.append(np.bitwise_or.reduceat(np.uint64(1) << (runs.values & np.uint64(63)), runs.begins))
    found, whose = _together(values, np.uint64), _together(owners, np.int64)
    order = np.argsort(found, kind="stable")
    return _Prefixes(found[order], whose[order], _together(sizes, np.int64), _together(marks, np.uint64))


def _counter(values: _Hashes) -> Integers:
    return (values % np.uint64(COUNTERS)).astype(np.int64)


def _rarest(runs: _Runs, counters: Integers) -> Integers:
    """Places of the runs that come first when each text's are sorted from rare to common, as many as are needed.

    Two alike have four fifths of either in common, so not all of the first fifth and one more can be missing.
    """
    owners = runs.owners
    order = np.lexsort((runs.values, counters[_counter(runs.values)], owners))
    rank = np.arange(len(order)) - np.repeat(runs.begins, runs.sizes)
    needed = runs.sizes - _share(runs.sizes) + 1
    return np.asarray(order[rank < needed[owners]], dtype=np.int64)


def _share(sizes: Integers) -> Integers:
    """Four fifths of each, rounded up."""
    over, under = ALIKE
    return -(-over * sizes // under)


def _together(parts: Sequence[npt.NDArray[np.generic]], kind: type) -> npt.NDArray:  # type: ignore[type-arg]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=kind)


def _joined(texts: Sequence[str]) -> Integers:
    """A number (n,) that distinct texts have in common where they are nearly the same, at once or by others."""
    prefixes = _prefixes(texts)
    group = np.arange(len(texts))
    for pairs in _neighbours(prefixes):
        apart = pairs[:, group[pairs[0]] != group[pairs[1]]]
        found = group[apart[:, _alike(texts, apart)]]
        if found.size:
            edges = coo_array((np.ones(found.shape[1]), (found[0], found[1])), shape=(len(texts),) * 2)
            group = connected_components(edges, directed=False)[1].astype(np.int64)[group]
    return group


def _neighbours(prefixes: _Prefixes) -> Iterator[Integers]:
    """Pairs (2, p) of texts that share a rare run and may be alike."""
    places = np.arange(len(prefixes.values))
    for distance in range(1, WINDOW + 1):
        places = places[places + distance < len(prefixes.values)]
        places = places[prefixes.values[places] == prefixes.values[places + distance]]
        if not len(places):
            return
        yield _possible(np.stack([prefixes.owners[places], prefixes.owners[places + distance]]), prefixes)


def _ranges(askers: Integers, low: Integers, high: Integers) -> Iterator[tuple[Integers, Integers]]:
    """Each asker with each place from its low to its high, some at a time."""
    total = np.cumsum(high - low)
    begin = 0
    while begin < len(askers):
        done = int(total[begin - 1]) if begin else 0
        end = max(begin + 1, int(np.searchsorted(total, done + PAIRS, side="right")))
        counts = (high - low)[begin:end]
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        yield np.repeat(askers[begin:end], counts), np.repeat(low[begin:end], counts) + within
        begin = end


def _possible(pairs: Integers, prefixes: _Prefixes) -> Integers:
    """Those of pairs (2, p) that can be alike by how many runs they have, and by how many must differ; once each."""
    one, other = prefixes.sizes[pairs]
    marks = prefixes.marks[pairs]
    differ = np.bitwise_count(marks[0] ^ marks[1]).astype(np.int64)
    over, under = ALIKE
    fits = (under * np.minimum(one, other) >= over * np.maximum(one, other)) & (
        _enough((one + other - differ) // 2, one, other)
    )
    return np.asarray(np.unique(pairs[:, fits], axis=1), dtype=np.int64)


def _enough(common: Integers, one: Integers, other: Integers) -> Booleans:
    """Whether so many common runs make two texts alike."""
    over, under = ALIKE
    return np.asarray(under * common >= over * (one + other - common))


def _alike(texts: Sequence[str], pairs: Integers) -> Booleans:
    """Whether each of pairs (2, p) is nearly the same, exactly."""
    cutter = _Cutter()
    lengths = np.fromiter((len(texts[one]) + len(texts[other]) + 1 for one, other in pairs.T), np.int64)
    chunk = np.maximum(np.cumsum(lengths) // CHARACTERS, np.arange(pairs.shape[1]) // PAIRS)
    return np.concatenate(
        [np.zeros(0, dtype=bool)]
        + [_alike_in(texts, pairs[:, chunk == number], cutter) for number in np.unique(chunk)]
    )


def _alike_in(texts: Sequence[str], pairs: Integers, cutter: _Cutter) -> Booleans:
    involved, place = np.unique(pairs, return_inverse=True)
    one, other = place.reshape(pairs.shape)
    runs = cutter.cut([texts[number] for number in involved])
    _, columns = np.unique(runs.values, return_inverse=True)
    has = csr_array(
        (np.ones(len(columns), dtype=np.int64), columns, np.concatenate([runs.begins, [len(columns)]]))
    )
    common = np.asarray(has[one].multiply(has[other]).sum(axis=1)).ravel()
    return _enough(common, runs.sizes[one], runs.sizes[other])
