"""Questions of a set that are nearly the same: the same words in the same order, but for a few.

Exact Jaccard similarity of shingles of three words. Two sets with a similarity of at least t share one of their
rarest shingles, so only those are looked up (prefix filtering, Bayardo et al. 2007).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from math import ceil

from sayso_ingest.evalsets.case import EvalCase
from sayso_ingest.mining import question_key

WORDS = 3
SIMILAR = 0.8


def near_twins(cases: Sequence[EvalCase]) -> list[tuple[str, str]]:
    """Pairs of ids of cases whose questions are at least `SIMILAR`, each pair once."""
    shingles = [_shingles(question_key(case.input, case.input_messages)) for case in cases]
    often = Counter(shingle for some in shingles for shingle in some)
    holders: dict[str, list[int]] = defaultdict(list)
    found = []
    for number, some in enumerate(shingles):
        rarest = sorted(some, key=lambda shingle: (often[shingle], shingle))
        looked_up = rarest[: len(some) - ceil(round(SIMILAR * len(some), 9)) + 1]
        for other in sorted({holder for shingle in looked_up for holder in holders[shingle]}):
            if len(some & shingles[other]) >= SIMILAR * len(some | shingles[other]):
                found.append((cases[other].case_id, cases[number].case_id))
        for shingle in looked_up:
            holders[shingle].append(number)
    return found


def _shingles(text: str) -> frozenset[str]:
    words = text.split()
    return frozenset(" ".join(words[at : at + WORDS]) for at in range(max(1, len(words) - WORDS + 1)))
