"""From what people said to the examples that stay: read once, put aside on disk, decided on together, read again."""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Final

import numpy as np

from sayso_ingest.export.split import TRAIN, VALIDATION, placed
from sayso_ingest.export.wanted import Wanted
from sayso_ingest.mining import (
    Ballot,
    Dropped,
    Example,
    Guard,
    Purpose,
    Query,
    Source,
    Stream,
    Verdicts,
    Watch,
    gate,
    read_raw,
)

AT_ONCE = 10_000
"""Examples that are held in memory."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the published copy is read, and the folder where waits what does not fit in memory; None is the system's."""

    stream: Stream
    query: Query
    folder: Path | None = None

    @contextmanager
    def aside(self) -> Iterator[IO[bytes]]:
        """An unnamed file that is gone with the process: what is in it is about people."""
        with tempfile.TemporaryFile(dir=self.folder) as file:
            yield file


@dataclass(frozen=True, slots=True)
class Kept:
    """An example that stays, its side of the split, how sure it is, and everybody's events that say so."""

    example: Example
    split: str
    confidence: float
    voices: int
    event_ids: tuple[str, ...]


class Selection:
    """The examples of one export: those that are kept, and how many are left out for which reason (`dropped`).

    `people` made them, the one who made most has `largest_share` of them, 0 to 1.
    """

    def __init__(self, spool: IO[bytes], verdicts: Verdicts, ballot: Ballot, alone: Counter[str]) -> None:
        self._spool: Final = spool
        self._verdicts: Final = verdicts
        self._held_back: Final = ballot.held_back
        self.dropped: Final = alone + Counter(dict(verdicts.counts()))
        self.kept: Final = int(verdicts.kept.sum())
        self.considered: Final = self.kept + self.dropped.total()
        by_person = ballot.made_by(verdicts)
        self.people: Final = len(by_person)
        self.largest_share: Final = round(int(by_person.max()) / self.kept, 4) if len(by_person) else None

    def __iter__(self) -> Iterator[Kept]:
        """Each example that stays, in the order of targets; may be asked for again."""
        kept, firsts = self._verdicts.kept, self._verdicts.firsts
        others = self._events_of_others()
        self._spool.seek(0)
        for place, line in enumerate(self._spool):
            if kept[place]:
                example = Example.decode(line)
                ids = dict.fromkeys((*example.event_ids, *others.get(int(firsts[place]), ())))
                yield Kept(
                    example=example,
                    split=VALIDATION if self._held_back[place] else TRAIN,
                    confidence=round(float(self._verdicts.confidence[place]), 4),
                    voices=int(self._verdicts.voices[place]),
                    event_ids=tuple(ids),
                )

    def _events_of_others(self) -> dict[int, list[str]]:
        """By the place of an example, the events of those that say the same after it."""
        firsts = self._verdicts.firsts
        echoes = (firsts != np.arange(len(firsts))) & self._verdicts.kept[firsts]
        found: dict[int, list[str]] = defaultdict(list)
        if echoes.any():
            self._spool.seek(0)
            for place, line in enumerate(self._spool):
                if echoes[place]:
                    found[int(firsts[place])] += Example.decode(line).event_ids
        return found


def select(reading: Reading, wanted: Wanted, guard: Guard, spool: IO[bytes], watch: Watch) -> Selection:
    """Read what people said, leave out what cannot be trained on, and say what became of each.

    `spool` is an empty file for as long as the selection is used: so much is in memory as one export of a million
    examples needs, and that is a few numbers of each.

    Raises:
        UsageError: a source that is wanted does not serve the purpose; nothing is read then.
    """
    trained_on = wanted.trained_on
    alone: Counter[str] = Counter()
    ballot = Ballot()
    done = 0
    for some in _chunks(_gated(reading, wanted, trained_on)):
        done += len(some)
        alone.update(one for one in some if isinstance(one, Dropped))
        examples = [one for one in some if isinstance(one, Example)]
        for example, leak in zip(examples, guard.check(examples), strict=True):
            place = placed(example, by=wanted.split_by, share=wanted.validation)
            if leak or place is None:
                alone[_why(leak or Dropped.BOTH_SIDES, example.source, trained_on)] += 1
                continue
            split, said = place
            ballot.add(said, held_back=split == VALIDATION)
            spool.write(said.encode())
        watch("Reading what people said", done, 0)
    verdicts = ballot.count(wanted.sources)
    _finish(verdicts, ballot, wanted)
    return Selection(spool, verdicts, ballot, alone)


def _why(dropped: Dropped, source: Source, trained_on: Sequence[Source]) -> Dropped:
    """Why an example is left out; one that nobody asked for is left out for that alone."""
    return dropped if source in trained_on else Dropped.NOT_ASKED


def _gated(reading: Reading, wanted: Wanted, trained_on: Sequence[Source]) -> Iterator[Example | Dropped]:
    with reading.aside() as aside:
        told = read_raw(reading.stream, reading.query, wanted.purpose, aside=aside, verified=wanted.verified)
        for one in told:
            found = gate(one, wanted.purpose, personal=wanted.personal)
            yield _why(found, one.source, trained_on) if isinstance(found, Dropped) else found


def _finish(verdicts: Verdicts, ballot: Ballot, wanted: Wanted) -> None:
    """Leave out what the purpose has no use for, and what would be on both sides of the split."""
    if wanted.purpose is Purpose.DEMONSTRATIONS:
        verdicts.drop(~ballot.good, Dropped.NOT_GOOD)
    if wanted.sources:
        verdicts.drop(~ballot.of(wanted.sources), Dropped.NOT_ASKED)
    as_said = verdicts.confidence.round(2)  # .67 for one voice
    verdicts.drop(as_said < wanted.least, Dropped.UNSURE)
    held_back = ballot.held_back
    trained = np.unique(ballot.questions[verdicts.kept & ~held_back])
    verdicts.drop(held_back & np.isin(ballot.questions, trained), Dropped.IN_TRAINING)


def _chunks(items: Iterator[Example | Dropped]) -> Iterator[Sequence[Example | Dropped]]:
    while some := list(islice(items, AT_ONCE)):
        yield some
