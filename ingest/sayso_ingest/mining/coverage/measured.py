"""Coverage as it was measured, a line a time: the trend, and what the console shows, which measures nothing itself.

The questions of people are not kept here: a gap names the targets of its examples, and whoever shows them asks the
published copy. Of an axis that was asked for the first values are kept, as the application gave them.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sayso_ingest.errors import SaysoError
from sayso_ingest.event import JSON

_FITTED = re.compile(r"^(svd-\d+|column:.+-\d+)-[0-9a-f]{12}$")


@dataclass(frozen=True, slots=True)
class MeasuredLevel:
    """The share (0 to 1) of what has at least so many cases of its kind, with its 95 % interval."""

    at_least: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class MeasuredGap:
    """A topic with too few cases, with targets to look at.

    `share` is that of its traffic in all of it, `rises_to` the share of traffic in topics with enough cases once this
    gap and those before it are closed, which takes so many cases (`adds`). `disliked` is its share of all
    that people spoke against.
    """

    topic: str
    interactions: int
    share: float
    cases: int
    examples: tuple[str, ...] = ()
    rises_to: float | None = None
    adds: int | None = None
    disliked: float | None = None


@dataclass(frozen=True, slots=True)
class MappedTopic:
    """A topic on the map: its place (x and y in [0, 1]), its traffic and its cases.

    `disliked` is the share of disliked ones among its interactions that somebody spoke of, None where nobody did.
    """

    topic: str
    x: float
    y: float
    interactions: int
    cases: int
    disliked: float | None = None


@dataclass(frozen=True, slots=True)
class MeasuredValue:
    """A value of an axis: its interactions, their share of those with any value, and its cases."""

    value: str
    interactions: int
    share: float
    cases: int


@dataclass(frozen=True, slots=True)
class MeasuredAxis:
    """What is covered along an axis that the application gave: the values that wait for cases the most, and how many
    `more` there are; `without` is how many interactions have no value."""

    name: str
    levels: tuple[MeasuredLevel, ...]
    values: tuple[MeasuredValue, ...]
    more: int
    without: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Coverage of `interactions` by the `cases` of a version of a set, at `topics` (K) topics of `embedder`.

    `at` is UTC; `version` is None where no version was there to measure. The gaps are ranked, the largest first.
    `levels` and `disliked` were counted, `estimate` read off a ruler; what has a default was not always kept.
    """

    at: datetime
    version: int | None
    embedder: str
    topics: int
    interactions: int
    cases: int
    levels: tuple[MeasuredLevel, ...]
    gaps: tuple[MeasuredGap, ...]
    map: tuple[MappedTopic, ...]
    estimate: MeasuredLevel | None = None
    disliked: MeasuredLevel | None = None
    axes: tuple[MeasuredAxis, ...] = ()

    @property
    def embedder_kind(self) -> str:
        """The embedder without what it was fitted on, or what a column held: figures of one kind go on from each other.

        Topics are cut anew for each measurement, whatever the embedder: to fit that too changes no more.
        """
        return _FITTED.sub(r"\1", self.embedder)

    def row(self) -> dict[str, JSON]:
        """The measurement as plain values: a line of the file."""
        return {**dataclasses.asdict(self), "at": self.at.astimezone(UTC).isoformat(timespec="seconds")}

    @classmethod
    def from_row(cls, row: Mapping[str, JSON]) -> Measured:
        """Read back what `row` wrote; a field that is not known is left.

        Raises:
            KeyError, OverflowError, TypeError, ValueError: a field is missing, or is none of its kind.
        """
        return cls(
            at=datetime.fromisoformat(row["at"]).astimezone(UTC),
            version=None if row["version"] is None else int(row["version"]),
            embedder=str(row["embedder"]),
            topics=int(row["topics"]),
            interactions=int(row["interactions"]),
            cases=int(row["cases"]),
            levels=tuple(_level(one) for one in row["levels"]),
            gaps=tuple(_gap(one) for one in row["gaps"]),
            map=tuple(_mapped(one) for one in row["map"]),
            estimate=_level(row["estimate"]) if row.get("estimate") else None,
            disliked=_level(row["disliked"]) if row.get("disliked") else None,
            axes=tuple(_axis(one) for one in row.get("axes") or ()),
        )


def opened(gaps: Sequence[MeasuredGap]) -> float:
    """The share of traffic in topics that get their first case once these gaps are closed."""
    return sum(gap.share for gap in gaps if not gap.cases and gap.examples)


def keep_measurement(path: Path, measured: Measured) -> None:
    """Add a measurement to those before it, on disk.

    Raises:
        SaysoError: it cannot be written there.
    """
    line = json.dumps(measured.row(), ensure_ascii=False, sort_keys=True, allow_nan=False).encode() + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
                # What a crash left of a line is ended, so that only that one is lost.
                line = line if file.read(1) == b"\n" else b"\n" + line
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise SaysoError(
            f"{path} cannot be written ({error.strerror}): the measurement is not kept. Check the disk and who owns it."
        ) from error


def read_measurements(path: Path) -> list[Measured]:
    """Every measurement that was kept, oldest first; a line that is none of this version is passed over.

    Raises:
        SaysoError: the file is there and cannot be read.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise SaysoError(
            f"{path} cannot be read ({error.strerror}). Check who owns it and its mode."
        ) from error
    return sorted(_readable(data), key=lambda one: one.at)


def _readable(data: bytes) -> Iterator[Measured]:
    for line in data.split(b"\n"):
        try:
            if line.strip():
                yield Measured.from_row(json.loads(line))
        except (KeyError, OverflowError, TypeError, ValueError):
            continue


def _level(row: Mapping[str, JSON]) -> MeasuredLevel:
    return MeasuredLevel(int(row["at_least"]), _share(row["share"]), _share(row["low"]), _share(row["high"]))


def _gap(row: Mapping[str, JSON]) -> MeasuredGap:
    return MeasuredGap(
        topic=str(row["topic"]),
        interactions=int(row["interactions"]),
        share=_share(row["share"]),
        cases=int(row["cases"]),
        examples=tuple(str(target) for target in row["examples"]),
        rises_to=None if row["rises_to"] is None else _share(row["rises_to"]),
        adds=None if row.get("adds") is None else int(row["adds"]),
        disliked=None if row.get("disliked") is None else _share(row["disliked"]),
    )


def _axis(row: Mapping[str, JSON]) -> MeasuredAxis:
    values = (
        MeasuredValue(str(one["value"]), int(one["interactions"]), _share(one["share"]), int(one["cases"]))
        for one in row["values"]
    )
    return MeasuredAxis(
        name=str(row["name"]),
        levels=tuple(_level(one) for one in row["levels"]),
        values=tuple(values),
        more=int(row["more"]),
        without=int(row["without"]),
    )


def _mapped(row: Mapping[str, JSON]) -> MappedTopic:
    return MappedTopic(
        topic=str(row["topic"]),
        x=_share(row["x"]),
        y=_share(row["y"]),
        interactions=int(row["interactions"]),
        cases=int(row["cases"]),
        disliked=None if row["disliked"] is None else _share(row["disliked"]),
    )


def _share(value: JSON) -> float:
    """A number from 0 to 1."""
    share = float(value)
    if not 0 <= share <= 1:
        raise ValueError(f"{value!r} is not from 0 to 1")
    return share
