"""What people said in two groups, as arrays: the rows that a comparison is made from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from sayso_ingest.analysis.stats.arrays import Booleans, Floats, Integers, sums
from sayso_ingest.analysis.stats.share import weigh_down


@dataclass(frozen=True, slots=True)
class Cells:
    """One row (n,) for each group, stratum and person that occur together.

    `group` is 0 or 1, `stratum` and `person` count from 0; `liked` and `verdicts` are counts or their weights.
    A person may be in both groups and in any number of strata.
    """

    group: Integers
    stratum: Integers
    person: Integers
    liked: Floats
    verdicts: Floats

    @classmethod
    def read(cls, batches: Iterable[Any]) -> tuple[Cells, list[str]]:
        """Read Arrow batches with columns of these names, and the names of the strata; people are any integers."""
        parts: dict[str, list[Any]] = {field.name: [] for field in fields(cls)}
        strata: dict[str, int] = {}
        for batch in batches:
            coded = batch.column("stratum").dictionary_encode()
            numbers = [strata.setdefault(label, len(strata)) for label in coded.dictionary.to_pylist()]
            parts["stratum"].append(np.array(numbers, dtype=np.int64)[coded.indices.to_numpy()])
            for name in parts.keys() - {"stratum"}:
                parts[name].append(batch.column(name).to_numpy())
        whole: dict[str, Any] = {
            name: np.concatenate(part) if part else np.zeros(0) for name, part in parts.items()
        }
        cells = cls(
            group=whole["group"].astype(np.int64),
            stratum=whole["stratum"].astype(np.int64),
            person=whole["person"],
            liked=whole["liked"],
            verdicts=whole["verdicts"],
        )
        return cells.compact(), list(strata)

    @property
    def people(self) -> int:
        """How many people there may be at most."""
        return int(self.person.max(initial=-1)) + 1

    @property
    def strata(self) -> int:
        """How many strata there may be at most."""
        return int(self.stratum.max(initial=-1)) + 1

    def weighed(self) -> Cells:
        """The same with every person at no more than five verdicts in a group."""
        place = self.group * self.people + self.person
        said = sums(place, self.verdicts, 2 * self.people)
        weight = weigh_down(said)[place]
        return replace(self, liked=self.liked * weight, verdicts=self.verdicts * weight)

    def where(self, rows: Integers | Booleans) -> Cells:
        """Some of the rows."""
        return Cells(
            self.group[rows], self.stratum[rows], self.person[rows], self.liked[rows], self.verdicts[rows]
        )

    def as_one_stratum(self) -> Cells:
        """The same with no strata told apart."""
        return replace(self, stratum=np.zeros_like(self.stratum))

    def compact(self) -> Cells:
        """The same with people numbered anew, so that nobody is counted who is not there."""
        return replace(self, person=np.unique(self.person, return_inverse=True)[1])

    def by_person(self, group: int) -> tuple[Floats, Floats]:
        """The sums by person, liked and all, of one group; zeros for who is not in it."""
        here = self.where(self.group == group)
        return (
            sums(here.person, here.liked, self.people),
            sums(here.person, here.verdicts, self.people),
        )

    def tabled(self, values: Floats) -> Floats:
        """The sums of values (n,) by group and stratum, (2, strata)."""
        place = self.group * self.strata + self.stratum
        return sums(place, values, 2 * self.strata).reshape(2, self.strata)
