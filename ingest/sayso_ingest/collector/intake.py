"""From a request to something durable: who sends it, what of it is kept, and what each event is told."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Request

from sayso_ingest.collector import answers
from sayso_ingest.collector.group import GroupCommit, Receipt
from sayso_ingest.collector.limits import REPORT_BYTES
from sayso_ingest.collector.rate import RateLimit
from sayso_ingest.collector.request import Broken, Envelope, check_key, header_key, read_body, read_envelope
from sayso_ingest.errors import LogUnavailable
from sayso_ingest.event import JSON, Rejection
from sayso_ingest.keys import Key, KeyRing, redact
from sayso_ingest.record import Submission, encode_json

log = logging.getLogger(__name__)

Outcome = bytes | Rejection
"""What the steps make of an event: what the log keeps of it, or why it is refused."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A request that is taken: who sent it, when it came, and what is in it."""

    key: Key
    received_at: str
    envelope: Envelope


class Intake:
    """Takes requests in and makes what they bring durable."""

    def __init__(
        self,
        *,
        keyring: KeyRing,
        commit: GroupCommit,
        rate_limit: RateLimit,
        now: Callable[[], datetime],
    ) -> None:
        self._keyring = keyring
        self._commit = commit
        self._rate_limit = rate_limit
        self._now = now

    def receive(self, request: Request) -> Delivery:
        """Find out who sends what; a body that is broken is kept under a valid header key.

        Raises:
            Refused: the key, the body, or how fast they come.
        """
        received_at = self._now().astimezone(UTC).isoformat()
        origin = request.headers.get("Origin")
        secret = header_key(request)
        if secret:
            # Before the body is read: who has no key may not make us read a megabyte and unpack four.
            key = check_key(self._keyring, secret, origin=origin)
            envelope = self._read_or_keep(request, key, received_at)
        else:
            envelope = _read(request)
            key = check_key(self._keyring, envelope.key, origin=origin)
        self._slow_down(key, len(envelope.events))
        return Delivery(key, received_at, envelope)

    def keep(self, delivery: Delivery, outcomes: Sequence[Outcome]) -> Receipt:
        """Make what was accepted and what was refused durable.

        Raises:
            Refused: nothing of it is.
        """
        submission = Submission(
            key_id=delivery.key.key_id,
            key_kind=delivery.key.kind,
            received_at=delivery.received_at,
            sent_at=delivery.envelope.sent_at,
            report=_storable(delivery.envelope.report),
            events=[outcome for outcome in outcomes if isinstance(outcome, bytes)],
            rejects=[outcome for outcome in outcomes if isinstance(outcome, Rejection)],
        )
        if not (submission.events or submission.rejects or submission.report):
            return Receipt([], rest=True)
        return self._submit(delivery.key, submission)

    def _read_or_keep(self, request: Request, key: Key, received_at: str) -> Envelope:
        try:
            return read_envelope(read_body(request))
        except Broken as broken:
            self._slow_down(key, 1)
            rejection = Rejection.of(redact(broken.raw), broken.fault.reason, detail=broken.fault.detail)
            self._submit(key, Submission(key.key_id, key.kind, received_at, rejects=[rejection]))
            raise

    def _slow_down(self, key: Key, events: int) -> None:
        wait = self._rate_limit.wait(key.key_id, events) if key.kind == "pk" else 0
        if wait:
            raise answers.too_fast(wait)

    def _submit(self, key: Key, submission: Submission) -> Receipt:
        try:
            receipt = self._commit.submit(key.project, submission)
        except LogUnavailable as error:
            log.error("project %s: %s", key.project, error)
            raise answers.log_unavailable() from error
        if receipt.nothing:
            raise answers.log_unavailable()
        return receipt


def results(delivery: Delivery, outcomes: Sequence[Outcome], receipt: Receipt) -> list[dict[str, JSON]]:
    """Tell each event what became of it, in their order."""
    durable = iter(receipt.events)
    told: list[dict[str, JSON]] = []
    for event, outcome in zip(delivery.envelope.events, outcomes, strict=True):
        if isinstance(outcome, bytes):
            told.append({"id": event["id"], "status": "accepted" if next(durable) else "retry"})
        elif receipt.rest:
            told.append(
                {
                    "id": outcome.event_id,
                    "status": "rejected",
                    "reason": outcome.reason,
                    "detail": outcome.detail,
                }
            )
        else:
            told.append({"id": outcome.event_id, "status": "retry"})
    return told


def _read(request: Request) -> Envelope:
    try:
        return read_envelope(read_body(request))
    except Broken as broken:
        log.info("a body without a header key was refused: %s", broken.fault.reason)
        raise


def _storable(report: dict[str, JSON] | None) -> dict[str, JSON] | None:
    """A client's report, as far as it can be written; one that cannot costs no event."""
    try:
        if not report or len(encode_json(report)) <= REPORT_BYTES:
            return report
    except (ValueError, RecursionError):
        pass
    log.warning("a client's report was left out: it has more than %d bytes, or is no text", REPORT_BYTES)
    return None
