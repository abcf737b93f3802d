"""Pure: the ledger's account against the rows that landed, and every difference in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sayso_ingest.demo.proof.ledger import Ledger, VerdictKey

Rows = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Landed:
    """What the published tables say: `events` (event_id, kind, target), `verdicts` (their key and value),
    and `rejects` (reason, n)."""

    events: Rows
    verdicts: Rows
    rejects: Rows


@dataclass(frozen=True, slots=True)
class Comparison:
    """How far the two accounts agree, and every difference in words."""

    sent: int
    landed: int
    missing: int
    doubled: int
    verdicts: int
    rejects: int
    differences: list[str] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Whether nothing is missing, doubled or different."""
        return not self.differences

    @property
    def summary(self) -> str:
        """The whole comparison in one line."""
        return (
            f"ledger: {self.sent:,} events sent, {self.landed:,} landed, {self.missing:,} missing, "
            f"{self.doubled:,} doubled; {self.verdicts:,} verdicts agree; "
            f"{self.rejects:,} rejects by reason agree"
        )


def compare(ledger: Ledger, landed: Landed) -> Comparison:
    """Hold what landed against the ledger, event by event, verdict by verdict, reason by reason."""
    events = list(landed.events)
    times = Counter(str(row["event_id"]).lower() for row in events)
    missing = [event_id for event_id in ledger.events if event_id not in times]
    doubled = [event_id for event_id, n in times.items() if n > 1]
    agreeing, verdict_differences = _compare_verdicts(ledger.verdicts(), landed.verdicts)
    refused, refusal_differences = _compare_refusals(ledger.refusals, landed.rejects)
    return Comparison(
        sent=len(ledger.events),
        landed=len(times),
        missing=len(missing),
        doubled=len(doubled),
        verdicts=agreeing,
        rejects=refused,
        differences=[
            *(f"missing: {_describe(ledger, event_id)}" for event_id in missing),
            *(f"doubled: {_describe(ledger, event_id)} has {times[event_id]} rows" for event_id in doubled),
            *_foreign(ledger, events),
            *verdict_differences,
            *refusal_differences,
        ],
    )


def _describe(ledger: Ledger, event_id: str) -> str:
    sent = ledger.events.get(event_id)
    if sent is None:
        return f"event {event_id}"
    about = f" about {sent.action.target}" if sent.action.target else ""
    return f"{sent.action.kind} {event_id}{about}"


def _foreign(ledger: Ledger, events: Rows) -> list[str]:
    """Rows that nobody sent, or that say something else than what was sent."""
    differences = []
    for row in events:
        event_id = str(row["event_id"]).lower()
        sent = ledger.events.get(event_id)
        if sent is None:
            differences.append(f"never sent: event {event_id}, a {row['kind']} about {row['target']}")
        elif (row["kind"], row["target"]) != (sent.action.kind, sent.action.target):
            differences.append(
                f"changed: {_describe(ledger, event_id)} landed as {row['kind']} about {row['target']}"
            )
    return differences


def _compare_verdicts(expected: Mapping[VerdictKey, str | None], rows: Rows) -> tuple[int, list[str]]:
    keyed = [(VerdictKey(*(row[name] for name in VerdictKey._fields)), row["value"]) for row in rows]
    found = dict(keyed)
    times = Counter(key for key, _ in keyed)
    differences = [f"verdict doubled: {_spell(key)} has {n} rows" for key, n in times.items() if n > 1]
    differences += [f"verdict missing: {_spell(key)}" for key in expected if key not in found]
    differences += [f"verdict never given: {_spell(key)}" for key in found if key not in expected]
    both = [key for key in expected if key in found]
    differences += [
        f"verdict differs: {_spell(key)} is {found[key]!r}, should be {expected[key]!r}"
        for key in both
        if found[key] != expected[key]
    ]
    return sum(found[key] == expected[key] for key in both), differences


def _compare_refusals(expected: Mapping[str, int], rows: Rows) -> tuple[int, list[str]]:
    found = {row["reason"]: row["n"] for row in rows}
    reasons = sorted({*expected, *found})
    differences = [
        f"rejects differ: {found.get(reason, 0)} with reason {reason}, should be {expected.get(reason, 0)}"
        for reason in reasons
        if found.get(reason, 0) != expected.get(reason, 0)
    ]
    agreeing = sum(n for reason, n in expected.items() if found.get(reason, 0) == n)
    return agreeing, differences


def _spell(key: VerdictKey) -> str:
    more = [text for text in (key.part, key.name, key.rubric) if text]
    return f"{key.kind} of {key.who} about {' / '.join((key.target, *more))}"
