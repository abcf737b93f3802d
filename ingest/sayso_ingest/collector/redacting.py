"""Redaction, the last thing before an event or a reject is kept: of the bytes that would be kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from sayso_ingest.collector.faults import Fault
from sayso_ingest.collector.judging import Outcome
from sayso_ingest.collector.limits import NAME_KEPT
from sayso_ingest.event import Kind, Reason, Rejection, is_uuid
from sayso_ingest.projects import Project
from sayso_ingest.record import decode_json, decode_seeing_repeats, encode_json
from sayso_ingest.redaction import MARK, Hook, NotRedacted, Redactor

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([nrtbf\"/\\]))")
_KINDS = frozenset(Kind)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "/": "/", "\\": "\\"}

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
    """Replace in what is kept of a reject: in each of its texts if it is JSON, or else as in one text."""
    counts: Counter[str] = Counter()
    try:
        kept = _redacted_raw(rejection.raw, redactor, counts)
        event_id = _redacted_name(rejection.event_id, redactor, counts)
        kind = _redacted_name(rejection.kind, redactor, counts)
    except NotRedacted:
        return replace(without_raw(rejection), event_id=None, kind=None)
    found.update(counts)
    return replace(rejection, raw=kept, event_id=event_id, kind=kind)


def redacted_reason(reason: str, redactor: Redactor, found: Counter[str]) -> str:
    """Replace in the name of a reason for which a client dropped events: whoever reports may call it anything."""
    try:
        return redactor.text(reason, found)
    except NotRedacted:
        return Reason.NOT_REDACTED


def _redacted_name(name: str | None, redactor: Redactor, counts: Counter[str]) -> str | None:
    if name is None or is_uuid(name) or name in _KINDS:
        return name
    # Of an address that was cut in two no pattern sees the half that is left; `raw` has the whole.
    return redactor.text(name, counts) if len(name) < NAME_KEPT else None


def _redacted_raw(raw: bytes, redactor: Redactor, counts: Counter[str]) -> bytes:
    try:
        value, repeats = decode_seeing_repeats(raw)
        kept = encode_json(redactor.anything(value, counts))
    except (ValueError, RecursionError):
        # JSON that was cut short, maybe: behind an escaped line break no word would be seen to begin.
        counts.clear()
        kept = redactor.text(_unescaped(raw.decode("utf-8", "replace")), counts).encode(errors="replace")
        repeats = False
    return kept if counts or repeats else raw


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else _ESCAPED[match[2]], text)


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
