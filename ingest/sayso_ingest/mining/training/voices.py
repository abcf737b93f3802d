"""Who says the same, and who says the opposite: which examples stand, and how sure each is.

Everybody has one voice for each statement; of two answers that nobody compared, as many voices as there are for the
weaker side: those who call one good, or those who call the other bad. With f voices for it and a against it, the chance
that the next would be for it is (f + 1) / (f + a + 2), Laplace's rule of succession: that is an example's confidence.

What is held back for validation is counted by itself, as if the rest did not exist, and the rest as if it did not.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from sayso_ingest.mining.arrays import Booleans, Integers
from sayso_ingest.mining.training.dropped import Dropped
from sayso_ingest.mining.training.example import Example, Source

FOR, AGAINST = 1, 2
"""Whether somebody calls the preferred answer good, or the other one bad; who compares them does both."""
MAJORITY = 2
"""How many times as many voices must be for a statement as against it."""

_Floats = npt.NDArray[np.float64]
_Hashes = npt.NDArray[np.uint64]
KEPT = 0
_FATES: tuple[Dropped | None, ...] = (None, *Dropped)
_PLACES = {source: place for place, source in enumerate(Source)}
_NUMBER = {fate: number for number, fate in enumerate(_FATES)}


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What became of each example (n,), in the order in which they came.

    `fates` is 0 for one that stays, else a place in `Dropped`, counted from 1; `firsts` is the place of the first
    that says the same, `confidence` 0 to 1, `voices` how many people say so.
    """

    fates: npt.NDArray[np.uint8]
    firsts: Integers
    confidence: _Floats
    voices: Integers

    @property
    def kept(self) -> Booleans:
        """Which stay."""
        return np.asarray(self.fates == KEPT)

    def drop(self, which: Booleans, why: Dropped) -> None:
        """Leave out those of `which` that are still there."""
        self.fates[which & self.kept] = _NUMBER[why]

    def counts(self) -> Mapping[Dropped, int]:
        """How many were left out, by reason."""
        found = np.bincount(self.fates, minlength=len(_FATES))
        return {why: int(found[number]) for why, number in _NUMBER.items() if why and found[number]}


class Ballot:
    """Collects what examples say, 40 bytes each, and counts voices when all are there."""

    def __init__(self) -> None:
        self._said = array("Q")
        self._opposite = array("Q")
        self._question = array("Q")
        self._sources = array("B")
        self._good = array("B")
        self._held_back = array("B")
        self._whose = array("I")
        self._who = array("Q")
        self._sides = array("B")

    def add(self, example: Example, *, held_back: bool = False) -> None:
        """Add one; the places of examples are counted from 0 in the order in which they are added."""
        place, side, said = len(self), str(held_back), example.statement
        self._said.append(_hash(side, *said))
        self._opposite.append(_hash(side, *said[::-1]))
        self._question.append(_hash(example.question))
        self._sources.append(_PLACES[example.source])
        self._good.append(example.chosen is not None)
        self._held_back.append(held_back)
        for people, sides in (
            (example.who, FOR if example.who_against else FOR | AGAINST),
            (example.who_against, AGAINST),
        ):
            for one in people:
                self._whose.append(place)
                self._who.append(_hash(one))
                self._sides.append(sides)

    def __len__(self) -> int:
        return len(self._said)

    @property
    def held_back(self) -> Booleans:
        """Which are for validation (n,)."""
        return np.asarray(self._held_back, dtype=bool)

    @property
    def questions(self) -> _Hashes:
        """A number (n,) that examples with the same question have in common."""
        return np.asarray(self._question, dtype=np.uint64)

    def count(self, sources: Sequence[Source] = ()) -> Verdicts:
        """Say of each example whether it stays, and how sure it is.

        Of those that say the same the first stays, of these sources if there is one. Where others say the opposite,
        only a majority of two to one stays. Where people spoke, models have no voice; what models alone say takes two
        of them.
        """
        said, opposite = np.asarray(self._said), np.asarray(self._opposite)
        statements, place = np.unique(said, return_inverse=True)
        order = np.lexsort((np.arange(len(said)), ~self.of(sources), place))
        firsts = order[np.searchsorted(place[order], np.arange(len(statements)))]
        by_judge = self.of([Source.JUDGEMENT])
        people = self._voices(place, ~by_judge, len(statements))
        judges = self._voices(place, by_judge, len(statements))
        people_against = _looked_up(statements, people, opposite[firsts])
        spoken = people + people_against > 0
        voices = np.where(spoken, people, judges)
        against = np.where(spoken, people_against, _looked_up(statements, judges, opposite[firsts]))
        fates = np.zeros(len(said), dtype=np.uint8)
        verdicts = Verdicts(
            fates=fates,
            firsts=firsts[place].astype(np.int64),
            confidence=((voices + 1) / (voices + against + 2))[place],
            voices=voices[place],
        )
        verdicts.drop(((against > 0) & (against >= MAJORITY * voices))[place], Dropped.OUTVOTED)
        verdicts.drop(((against > 0) & (voices < MAJORITY * against))[place], Dropped.CONFLICT)
        verdicts.drop((~spoken & (judges < MAJORITY))[place], Dropped.LONE_JUDGE)
        verdicts.drop(np.arange(len(said)) != verdicts.firsts, Dropped.DUPLICATE)
        return verdicts

    @property
    def good(self) -> Booleans:
        """Which have a preferred answer (n,)."""
        return np.asarray(self._good, dtype=bool)

    def made_by(self, verdicts: Verdicts) -> Integers:
        """How many of the examples that stay each person (p,), not a model, said something of."""
        whose = np.asarray(self._whose)
        by_person = ~self.of([Source.JUDGEMENT])[whose]
        whose = verdicts.firsts[whose]
        kept = verdicts.kept[whose] & by_person
        _, who = _once(whose[kept], np.asarray(self._who)[kept])
        return np.unique(who, return_counts=True)[1].astype(np.int64)

    def _voices(self, place: Integers, which: Booleans, count: int) -> Integers:
        """The voices of which examples for each statement: those of its weaker side."""
        whose, who, sides = (np.asarray(one) for one in (self._whose, self._who, self._sides))
        both = []
        for side in (FOR, AGAINST):
            on_it = which[whose] & (sides & side > 0)
            statements, _ = _once(place[whose[on_it]], who[on_it])
            both.append(np.bincount(statements, minlength=count).astype(np.int64))
        return np.minimum(*both)

    def of(self, sources: Sequence[Source]) -> Booleans:
        """Which come from one of these sources (n,)."""
        wanted = [_PLACES[source] for source in sources]
        return np.isin(np.asarray(self._sources, dtype=np.uint8), np.array(wanted, dtype=np.uint8))


def _hash(*texts: str) -> int:
    digest = blake2b("\0".join(texts).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _once(place: Integers, who: _Hashes) -> tuple[Integers, _Hashes]:
    """Each person once in each place."""
    order = np.lexsort((who, place))
    place, who = place[order], who[order]
    new = np.ones(len(place), dtype=bool)
    new[1:] = (place[1:] != place[:-1]) | (who[1:] != who[:-1])
    return place[new], who[new]


def _looked_up(known: _Hashes, values: Integers, wanted: _Hashes) -> Integers:
    """The value of each wanted key, 0 where it is not among the sorted known ones."""
    if not len(known):
        return np.zeros(len(wanted), dtype=np.int64)
    at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.where(known[at] == wanted, values[at], 0)
