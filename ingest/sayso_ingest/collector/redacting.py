"""Redaction, the last thing before an event or a reject is kept: of the bytes that would be kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from sayso_ingest.collector.faults import Fault
from sayso_ingest.collector.judging import Outcome
from sayso_ingest.event import Reason, Rejection
from sayso_ingest.projects import Project
from sayso_ingest.record import decode_json, encode_json
from sayso_ingest.redaction import MARK, Hook, NotRedacted, Redactor

RedactorOf = Callable[[Project], Redactor | None]
"""What is redacted in a project; None where nothing is."""


def redactors(words: tuple[str, ...], hook: Hook | None = None) -> RedactorOf:
    """Say what is redacted in each project: `words`, where nothing is set of it, and whatever the hook does."""
    made: dict[tuple[str, ...], Redactor | None] = {}

    def of(project: Project) -> Redactor | None:
        wanted = words if project.redact is None else project.redact
        if wanted not in made:
            made[wanted] = Redactor(wanted, hook) if wanted or hook else None
        return made[wanted]

    return of


def redacted(outcome: Outcome, redactor: Redactor, found: Counter[str]) -> Outcome:
    """Replace in what was made of an event, and count into `found`; it becomes a reject where that fails."""
    if isinstance(outcome, Rejection):
        return redacted_reject(outcome, redactor, found)
    try:
        event, counts = redactor.event(decode_json(outcome))
    except NotRedacted as error:
        return _not_redacted(outcome, error)
    if not counts:
        return outcome
    found.update(counts)
    return encode_json({**event, MARK: dict(counts)})


def redacted_reject(rejection: Rejection, redactor: Redactor, found: Counter[str]) -> Rejection:
    """Replace in what is kept of a reject, as in one text: it need not be JSON."""
    counts: Counter[str] = Counter()
    try:
        text = redactor.text(rejection.raw.decode("utf-8", "replace"), counts)
    except NotRedacted:
        return without_raw(rejection)
    found.update(counts)
    return replace(rejection, raw=text.encode()) if counts else rejection


def without_raw(rejection: Rejection) -> Rejection:
    """Keep of a reject how long it was, and its hash."""
    return replace(rejection, raw=f"{rejection.length} bytes, SHA-256 {rejection.sha256}".encode())


def _not_redacted(event: bytes, error: NotRedacted) -> Rejection:
    fault = Fault.of(
        Reason.NOT_REDACTED,
        f"It could not be redacted: {error}. Nothing of it is kept. Mend the hook, and send it again.",
    )
    kept = decode_json(event)
    rejection = Rejection.of(event, fault.reason, detail=fault.detail, event_id=kept["id"], kind=kept["kind"])
    return without_raw(rejection)
