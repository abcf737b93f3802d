"""Pure: where stored positions do not fit what a log in Kafka holds, and how it goes on if a person accepts that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sayso_ingest.eventlog.base import Positions


@dataclass(frozen=True, slots=True)
class Span:
    """The offsets that a partition holds: from `begin` on, up to `end`, which is the next one to be given."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Gap:
    """One source whose position does not fit."""

    source: str
    stored: int | None
    """The next offset to land, as the warehouse has it; None where none of it ever landed."""
    to: int | None
    """Where landing goes on if this is accepted; None means that the source is not read any more."""
    said: str


def gaps(positions: Positions, spans: Mapping[str, Span]) -> list[Gap]:
    """Compare the stored positions with what is there; sources of other kinds of logs are nobody's here."""
    mine = {source: offset for source, offset in positions.items() if "/" in source}
    gone = [
        Gap(source, offset, None, _gone(source, offset))
        for source, offset in sorted(mine.items())
        if source not in spans
    ]
    known = any(source in spans for source in mine)
    misfits = (_misfit(source, mine.get(source), span, known) for source, span in sorted(spans.items()))
    return [*gone, *filter(None, misfits)]


def _gone(source: str, offset: int) -> str:
    return (
        f"{source} is not there any more (landed up to {offset}): the topic was deleted, deleted and made again, or "
        "these are another cluster's brokers. What had not landed of it is not read"
    )


def _misfit(source: str, stored: int | None, span: Span, known: bool) -> Gap | None:
    """`known` says that other partitions of the topic have landed, so that a lack in this one is a loss."""
    if stored is None:
        lost = span.begin if known else 0
        said = f"{source} begins at {span.begin}: {lost} records expired before any of them was landed, and are skipped"
        return Gap(source, None, span.begin, said) if lost else None
    if stored < span.begin:
        lost = span.begin - stored
        said = f"{source} begins at {span.begin}: {lost} records from {stored} on expired before they were landed, and "
        return Gap(source, stored, span.begin, said + "are skipped")
    if stored > span.end:
        return Gap(
            source,
            stored,
            span.begin,
            f"{source} ends at {span.end}, and {stored} were landed: the log or the warehouse was put back from an "
            f"older time. All {span.end - span.begin} records of it are read anew: events that had landed are known by "
            "their ids, counts of what clients lost and rejects are taken for new",
        )
    return None
