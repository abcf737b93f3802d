"""What cases are written from, in its order: documents, retrieved texts, gaps of the set, cases that were disliked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from sayso_ingest.errors import UsageError
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.evalsets import Version
    from sayso_ingest.judge.writing import Source
    from sayso_ingest.mining import Query

MOST = 10_000
"""Sources of a run that names no limit: they are held in memory, and each is a call."""
EXAMPLES = 5
"""Questions of a gap that a model is shown."""
DISLIKED = 0.5
"""The mean dislike of a kind of feedback from which on people spoke against an answer."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be written from, and from how much of it."""

    documents: Sequence[Path]
    contexts: bool
    gaps: int | None
    variants: bool
    limit: int | None
    seed: int


def find_sources(settings: Settings, version: Version | None, wanted: Wanted) -> list[Source]:
    """Read what is wanted, no more of it than is written from.

    Raises:
        UsageError: nothing is wanted, there is nothing of it, or more than anybody means who names no limit.
        NotFound: a document is not there, or nothing was published.
    """
    from sayso_ingest.judge.writing import read_documents

    if not (wanted.documents or wanted.contexts or wanted.gaps or wanted.variants):
        raise UsageError("Say what to write from: --documents PATH, --contexts, --gaps N or --variants.")
    most = wanted.limit or MOST + 1
    every = chain(
        read_documents(wanted.documents),
        _of_traffic(settings, version, wanted, most),
        _of_disliked(version) if wanted.variants else (),
    )
    found = list(islice(every, most))
    if not found:
        raise UsageError(
            "There is nothing to write from: documents are empty, no text was retrieved, no gap is left, or no case of "
            "the set was disliked."
        )
    if wanted.limit is None and len(found) > MOST:
        raise UsageError(
            f"There are more than {MOST:,} texts to write from, and each is a call. Say with --limit how many of them."
        )
    return found


def _of_traffic(settings: Settings, version: Version | None, wanted: Wanted, most: int) -> Iterator[Source]:
    from sayso_ingest.judge.writing import read_contexts
    from sayso_ingest.warehouse import Published, home_of

    if not (wanted.contexts or wanted.gaps):
        return
    with Published.open(home_of(settings)) as published:
        if wanted.contexts:
            yield from read_contexts(published.query, most=most)
        if wanted.gaps:
            yield from _of_gaps(published.query, version, wanted.gaps, seed=wanted.seed)


def _of_gaps(query: Query, version: Version | None, most: int, *, seed: int) -> Iterator[Source]:
    """For each gap the questions in its middle, and what was retrieved for them; without that, no answer is written."""
    from sayso_ingest.evalsets import find_cases
    from sayso_ingest.judge.writing import Source, read_contexts
    from sayso_ingest.mining import measure_coverage

    cases = version.rows() if version else []
    for gap in measure_coverage(query, cases=cases, gaps=most, seed=seed).gaps[:most]:
        targets = gap.examples[:EXAMPLES]
        if not targets:
            continue
        asked = tuple(case.input for case in find_cases(query, targets, reason=""))
        text = next((one.text for one in read_contexts(query, targets, most=1)), "")
        yield Source("gap", f"the gap {gap.topic}", text, asked, topic=gap.topic)


def _of_disliked(version: Version | None) -> Iterator[Source]:
    from sayso_ingest.judge.writing import Source

    for case in version.cases if version else ():
        disliked = max(case.provenance.signals.values(), default=0.0) >= DISLIKED
        if disliked and case.stratum != "synthetic" and not case.input_messages:
            yield Source("variant", f"case {case.case_id[:12]}", "", (case.input,), case.expected, case.topic)
