"""Coverage along an axis that the application itself gave: a tag, a document, a prompt, a variable such as a language.

No likeness is guessed here: a value is covered by the cases that carry it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TypeAlias

import numpy as np

from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.event import JSON
from sayso_ingest.excerpt import one_line
from sayso_ingest.mining.arrays import Integers
from sayso_ingest.mining.coverage.level import AT_LEAST, Level
from sayso_ingest.mining.coverage.measured import MeasuredAxis, MeasuredLevel, MeasuredValue
from sayso_ingest.mining.rows import Interaction

COLUMNS = ("prompt_name", "prompt_version", "model")
TAG, DOCUMENT, VARIABLE = "tag", "document", "variables."
KEPT, WIDTH = 50, 120
"""Values of an axis that are kept with a measurement, and their characters."""
KNOWN = f"{TAG}, {DOCUMENT}, {', '.join(COLUMNS)} or {VARIABLE}NAME"

Documents: TypeAlias = Mapping[str, Sequence[str]]
"""The ids of the texts that were retrieved for each target."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of an axis: its interactions, their share of those with any value, its cases, and who asked."""

    value: str
    interactions: int
    share: float
    cases: int
    people: int


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis with its values, those whose traffic waits for cases the most first.

    `without` is how many interactions have no value on it: they are in no share.
    """

    name: str
    levels: tuple[Level, ...]
    values: tuple[Value, ...]
    without: int

    def measured(self) -> MeasuredAxis:
        """What is kept of it for the console: nothing that one person alone gave, who may ask to be forgotten."""
        kept = [one for one in self.values if one.people > 1][:KEPT]
        return MeasuredAxis(
            name=self.name,
            levels=tuple(MeasuredLevel(**asdict(level)) for level in self.levels),
            values=tuple(
                MeasuredValue(one_line(one.value, WIDTH), one.interactions, one.share, one.cases)
                for one in kept
            ),
            more=len(self.values) - len(kept),
            without=self.without,
        )


def check_axis(name: str) -> None:
    """Refuse a name that is no axis.

    Raises:
        UsageError: it is none.
    """
    if name not in (TAG, DOCUMENT, *COLUMNS) and not (name.startswith(VARIABLE) and name != VARIABLE):
        raise UsageError(f"There is no axis {name!r}. Choose {KNOWN}.")


def measure_axis(
    name: str,
    traffic: Sequence[Interaction],
    cases: Sequence[Mapping[str, JSON]],
    people: Integers,
    *,
    documents: Documents | None = None,
) -> Axis:
    """Count cases (rows) by the values that the traffic has, each interaction of one of `people` (n,).

    An interaction with several values counts for each of them by an equal part. `documents` are those that were
    retrieved for each target; a case has those of the interaction it comes from.

    Raises:
        UsageError: there is no axis of this name.
        NotFound: no interaction has a value on it.
    """
    check_axis(name)
    given = [_values_of_interaction(name, one, documents or {}) for one in traffic]
    having = [row for row, values in enumerate(given) if values]
    if not having:
        raise NotFound(f"No interaction has a value for {name}, so there is nothing to cover by it.")
    owned = Counter(value for case in cases for value in _values_of_case(name, case, documents or {}))
    asked = Counter(value for values in given for value in values)
    hits = {
        at_least: np.array([np.mean([owned[value] >= at_least for value in given[row]]) for row in having])
        for at_least in AT_LEAST
    }
    who = {value: set[int]() for value in asked}
    for row in having:
        for value in given[row]:
            who[value].add(int(people[row]))
    values = [
        Value(value, count, count / len(having), owned[value], len(who[value]))
        for value, count in asked.items()
    ]
    return Axis(
        name,
        tuple(Level.counted(at_least, of, people[having]) for at_least, of in hits.items()),
        tuple(sorted(values, key=_waiting)),
        without=len(traffic) - len(having),
    )


def _waiting(one: Value) -> tuple[float, int, str]:
    return -one.interactions * max(0, 1 - one.cases / max(AT_LEAST)), -one.interactions, one.value


def _values_of_interaction(name: str, one: Interaction, documents: Documents) -> list[str]:
    columns = {column: getattr(one, column) for column in COLUMNS}
    return _values(name, one.tags, one.variables, columns, documents.get(one.target, ()))


def _values_of_case(name: str, case: Mapping[str, JSON], documents: Documents) -> list[str]:
    origin = case.get("provenance") or {}
    columns = {column: origin.get(column) for column in COLUMNS}
    of_case = documents.get(origin.get("target", ""), ())
    return _values(name, case.get("tags") or (), case.get("variables"), columns, of_case)


def _values(
    name: str,
    tags: Sequence[str],
    variables: JSON,
    columns: Mapping[str, str | None],
    documents: Sequence[str],
) -> list[str]:
    """The distinct values on the axis, those that are no text as JSON."""
    if name == TAG:
        found: list[JSON] = list(tags)
    elif name == DOCUMENT:
        found = list(documents)
    elif name in columns:
        found = [columns[name]]
    else:
        found = [variables.get(name.removeprefix(VARIABLE))] if isinstance(variables, Mapping) else []
    texts = (
        one if isinstance(one, str) else json.dumps(one, sort_keys=True) for one in found if one is not None
    )
    return sorted({text for text in texts if text.strip()})
