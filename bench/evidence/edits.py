"""What the gates of training pairs keep of edits by people: four rewrites each of 1,501 sentences of jfleg."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from sayso_ingest.mining.edits import similarity
from sayso_ingest.mining.training.dropped import Dropped
from sayso_ingest.mining.training.example import Example, Purpose, Source
from sayso_ingest.mining.training.gates import gate
from sayso_ingest.mining.training.sources import Raw
from sayso_ingest.mining.training.voices import Ballot

from bench.evidence import jfleg
from bench.evidence.jfleg import Sentence
from bench.figure import Beside, Figure
from bench.run import Run

ASKED = "Correct this sentence: "
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
PROTOTYPE = {"unchanged": 13.6, "cosmetic": 4.0, 0.05: 0.56, 0.25: 0.74, 0.5: 0.84, 0.75: 0.91, 0.95: 0.96}
NEAR = 0.02
POINTS = 1.0


def measure(run: Run) -> Iterator[Figure]:
    sentences = jfleg.read()[: run.size(2_000, 100)]
    pairs = [(one.written, to) for one in sentences for to in one.rewritten]
    changed = [(before, after) for before, after in pairs if before != after]
    yield _share("rewrites that change nothing", len(pairs) - len(changed), len(pairs), "unchanged")
    likeness = [similarity(before, after) for before, after in changed]
    for share in QUANTILES:
        found = float(np.quantile(likeness, share))
        yield Figure(
            f"similarity of what was changed, the {100 * share:.0f} % quantile",
            found,
            "",
            [Beside("the prototype", PROTOTYPE[share])],
            f"within {NEAR} of it",
            abs(found - PROTOTYPE[share]) <= NEAR,
            f"{len(changed):,} rewrites",
        )
    yield from _gated(sentences, changes=len(changed), unchanged=len(pairs) - len(changed))


def _share(what: str, count: int, of: int, prototype: str) -> Figure:
    share = 100 * count / of
    beside = PROTOTYPE[prototype]
    return Figure(
        what, share, "%", [Beside("the prototype", beside)], f"within {POINTS:g} point of it",
        abs(share - beside) <= POINTS, f"{count:,} of {of:,}",
    )  # fmt: skip


def _gated(sentences: Sequence[Sentence], *, changes: int, unchanged: int) -> Iterator[Figure]:
    """What becomes of each rewrite: by itself, and when all that people say is held against each other."""
    raws = [raw for number, one in enumerate(sentences) for raw in _raws(number, one)]
    outcomes = [gate(raw, Purpose.PREFERENCES, personal=True) for raw in raws]
    dropped = Counter(one for one in outcomes if isinstance(one, Dropped))
    cosmetic = dropped[Dropped.COSMETIC] - unchanged
    yield _share("changes of case, space and marks alone, or of less than 2 %", cosmetic, changes, "cosmetic")
    passed = [one for one in outcomes if isinstance(one, Example)]
    others = {why: count for why, count in dropped.items() if why is not Dropped.COSMETIC}
    yield Figure(
        "changes that pass every gate alone",
        100 * len(passed) / changes,
        "%",
        [Beside(str(why), 100 * count / changes, f"{count}") for why, count in sorted(others.items())],
        note=f"{len(passed):,}; besides {cosmetic:,} cosmetic",
    )
    ballot = Ballot()
    for example in passed:
        ballot.add(example)
    verdicts = ballot.count()
    counts = verdicts.counts()
    yield Figure(
        "pairs of one sentence that contradict each other, of four people",
        100 * (counts.get(Dropped.CONFLICT, 0) + counts.get(Dropped.OUTVOTED, 0)) / len(passed),
        "%",
        [Beside("say the same as another", 100 * counts.get(Dropped.DUPLICATE, 0) / len(passed))],
        note=f"{int(verdicts.kept.sum()):,} pairs are left",
    )
    yield from _divided(sentences)


def _divided(sentences: Sequence[Sentence]) -> Iterator[Figure]:
    """How many sentences some people let stand and others change."""
    left = np.array([sum(to == one.written for to in one.rewritten) for one in sentences])
    divided = (left > 0) & (left < jfleg.REWRITES)
    yield Figure(
        "sentences that some of four people let stand, and others change",
        100 * float(divided.mean()),
        "%",
        [
            Beside("all let it stand", 100 * float((left == jfleg.REWRITES).mean())),
            Beside("at least half let it stand", 100 * float((left * 2 >= jfleg.REWRITES).mean())),
        ],
        note="no conflict for the gates: one who takes an answer says nothing of the other's wording",
    )


def _raws(number: int, sentence: Sentence) -> Iterator[Raw]:
    for person, to in enumerate(sentence.rewritten):
        yield Raw(
            source=Source.EDIT,
            target=str(number),
            part="",
            who=(f"person {person}",),
            event_ids=(f"{number}-{person}",),
            chosen=to,
            rejected=sentence.written,
            input=ASKED + sentence.written,
        )
