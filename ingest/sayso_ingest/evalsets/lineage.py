"""Where a case comes from, down to the clicks: the events behind it, with who said what, and whether they still do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sayso_ingest.evalsets.case import EvalCase
from sayso_ingest.evalsets.sql import sql
from sayso_ingest.event import JSON, Kind
from sayso_ingest.mining import Query
from sayso_ingest.spelling import cell

GONE = "not there any more: erased, or never of this project"
"""What is said of an event that the published copy has not."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event behind a case. `state` is `stands`, `changed since` or `taken back` for a verdict, else empty.

    An event that is not there any more has no time, no kind and no one who said it.
    """

    event_id: str
    occurred_at: datetime | None
    kind: str
    who: str
    said: str
    state: str


def lineage(query: Query, case: EvalCase) -> list[Told]:
    """The events behind a case in the order in which they happened; those that are gone come last."""
    rows = query(sql("events"), [list(case.provenance.event_ids)])
    found = [
        Told(
            str(row["event_id"]),
            row["occurred_at"],
            row["kind"],
            row["who"] or "",
            said(row),
            row["state"] or "",
        )
        for row in rows
    ]
    there = {one.event_id for one in found}
    gone = [event_id for event_id in case.provenance.event_ids if event_id not in there]
    return [*found, *(Told(event_id, None, "", "", GONE, "") for event_id in gone)]


def said(event: Mapping[str, JSON]) -> str:
    """What an event says, in a few words, with the name of the dimension and what was explained of it."""
    words = [_words(event), *_explained(event)]
    named = f" ({event['name']})" if event["name"] else ""
    return "; ".join(filter(None, words)) + named


def _words(event: Mapping[str, JSON]) -> str:
    match event["kind"]:
        case Kind.INTERACTION:
            by = " with ".join(filter(None, (event["model"], _prompt(event))))
            return f"asked and answered, by {by}" if by else "asked and answered"
        case Kind.SUGGESTION if event["final"]:
            return f"{event['outcome']} to {_quoted(event['final'])}"
        case Kind.SUGGESTION:
            return event["outcome"] or "took it back"
        case Kind.COMMENT:
            return _quoted(event["text"] or "")
        case Kind.RATING:
            return f"{cell(event['score'])} of {cell(event['max'])}" if event["max"] else cell(event["score"])
        case Kind.ANNOTATION | Kind.JUDGEMENT:
            return ", ".join(filter(None, (event["label"], cell(event["score"]))))
        case Kind.PREFERENCE:
            return f"chose {event['chosen']}"
    return event["value"] or "took it back"


def _explained(event: Mapping[str, JSON]) -> list[str]:
    """What was said beside the verdict: reasons, a comment, a note, what should have been answered."""
    parts = [
        ", ".join(event["reasons"] or ()),
        *map(_quoted, filter(None, (event["comment"], event["note"]))),
    ]
    if event["rationale"]:
        parts.append(_quoted(event["rationale"]))
    if event["expected"]:
        parts.append(f"expected {_quoted(event['expected'])}")
    return parts


def _prompt(event: Mapping[str, JSON]) -> str:
    return " ".join(filter(None, (event["prompt_name"], event["prompt_version"])))


def _quoted(text: str) -> str:
    return f'"{text}"'
