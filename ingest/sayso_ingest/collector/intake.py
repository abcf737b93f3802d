"""From a request to something durable: who sends it, how fast it may come, and what of it is kept."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime

from werkzeug.wrappers import Request

from sayso_ingest.collector import answers
from sayso_ingest.collector.group import GroupCommit, Receipt
from sayso_ingest.collector.judging import Judged, Outcome, judged
from sayso_ingest.collector.measures import Measures
from sayso_ingest.collector.rate import ProjectLimits, RateLimit
from sayso_ingest.collector.redacting import RedactorOf, redacted, redacted_reason, without_raw
from sayso_ingest.collector.refusals import TurnedAway
from sayso_ingest.collector.reports import losses, with_turned_away
from sayso_ingest.collector.request import (
    Broken,
    check_key,
    header_key,
    read_body,
    read_envelope,
)
from sayso_ingest.collector.sender import Sender
from sayso_ingest.collector.who import held_back
from sayso_ingest.errors import LogUnavailable
from sayso_ingest.event import JSON, Rejection
from sayso_ingest.keys import Key, KeyRing, redact
from sayso_ingest.projects import Project
from sayso_ingest.record import Submission

log = logging.getLogger(__name__)

SMALL_BYTES = 64 << 10
"""Bytes of a body that may be decoded while others are: with 32 threads, some 100 MB of JSON at the very worst."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A request that is taken: who sent it, when it came, and what the steps made of each event, by its id."""

    key: Key
    received_at: str
    sent_at: str | None
    report: dict[str, JSON] | None
    ids: list[str | None]
    outcomes: list[Outcome | None]
    """None: not taken this time, for its sender sends too much."""


class Intake:
    """Takes requests in and makes what they bring durable."""

    def __init__(
        self,
        *,
        keyring: KeyRing,
        commit: GroupCommit,
        rate_limit: RateLimit,
        who_limit: RateLimit,
        project_limits: ProjectLimits,
        project_of: Callable[[str], Project],
        redactor_of: RedactorOf,
        measures: Measures,
        now: Callable[[], datetime],
    ) -> None:
        self._keyring = keyring
        self._commit = commit
        self._rate_limit = rate_limit
        self._project_limits = project_limits
        self._project_of = project_of
        self._redactor_of = redactor_of
        self._measures = measures
        self._who_limit = who_limit
        self._now = now
        self._turned_away = TurnedAway()
        # Decoded JSON takes many times its bytes. One large body at a time bounds that, and loses nothing: decoding
        # and judging hold the interpreter's lock anyway.
        self._judging_large = threading.Lock()

    def receive(self, request: Request) -> Delivery:
        """Find out who sends what, and judge each event; a body that is broken is kept under a valid header key.

        Raises:
            Refused: the key, the body, or how fast they come.
        """
        now = self._now().astimezone(UTC)
        received_at = now.isoformat()
        origin = request.environ.get("HTTP_ORIGIN")
        secret = header_key(request)
        # Before the body is read: who has a wrong key may not make us read a megabyte and unpack four.
        key = self._admitted(secret, origin) if secret else None
        try:
            body = read_body(request)
            with self._judging_large if body.zipped or len(body.wire) > SMALL_BYTES else nullcontext():
                envelope = read_envelope(body)
                key = key or self._admitted(envelope.key, origin)
                self._slow_down(key, len(envelope.events))
                sender = Sender.of(key, find_key=self._keyring.get, now=now.timestamp())
                events = self._redacted(key, judged(envelope, sender))
        except Broken as broken:
            self._keep_broken(broken, key, received_at)
            raise
        return Delivery(
            key=key,
            received_at=received_at,
            sent_at=envelope.sent_at,
            report=self._losses(key, envelope.report),
            ids=[event_id for event_id, _, _ in events],
            outcomes=self._slow_down_each(key, events),
        )

    def keep(self, delivery: Delivery) -> Receipt:
        """Make what was accepted and what was refused durable.

        Raises:
            Refused: nothing of it is.
        """
        turned_away = self._turned_away.take(delivery.key.key_id)
        submission = Submission(
            key_id=delivery.key.key_id,
            key_kind=delivery.key.kind,
            received_at=delivery.received_at,
            sent_at=delivery.sent_at,
            report=with_turned_away(turned_away, delivery.report),
            events=[outcome for outcome in delivery.outcomes if isinstance(outcome, bytes)],
            rejects=[outcome for outcome in delivery.outcomes if isinstance(outcome, Rejection)],
        )
        if not (submission.events or submission.rejects or submission.report):
            return Receipt([], rest=True)
        kept = False
        try:
            receipt = self._submit(delivery.key, submission)
            kept = receipt.rest
        finally:
            if turned_away and not kept:
                self._turned_away.count(delivery.key.key_id, turned_away)
        return receipt

    def _admitted(self, secret: str | None, origin: str | None) -> Key:
        """The key with this secret, if it may send from there, and its project takes anything."""
        key = check_key(self._keyring, secret, origin=origin)
        if self._project_of(key.project).retired_at is not None:
            raise answers.project_retired(key.project)
        return key

    def _redacted(self, key: Key, events: Sequence[Judged]) -> Sequence[Judged]:
        """Replace what the key's project wants replaced, and count it."""
        redactor = self._redactor_of(self._project_of(key.project))
        if redactor is None:
            return events
        found: Counter[str] = Counter()
        done = [(event_id, who, redacted(outcome, redactor, found)) for event_id, who, outcome in events]
        if found:
            self._measures.redacted(key.project, found)
        return done

    def _losses(self, key: Key, report: dict[str, JSON] | None) -> dict[str, JSON] | None:
        """What a client dropped, as it is kept: reasons are texts that anybody may have written."""
        redactor = self._redactor_of(self._project_of(key.project))
        if redactor is None or not report:
            return losses(report)
        found: Counter[str] = Counter()
        kept = losses(report, named=lambda reason: redacted_reason(reason, redactor, found))
        if found:
            self._measures.redacted(key.project, found)
        return kept

    def _keep_broken(self, broken: Broken, key: Key | None, received_at: str) -> None:
        if key is None:
            return  # nobody's: only counted
        self._slow_down(key, 1)
        rejection = Rejection.of(redact(broken.raw), broken.fault.reason, detail=broken.fault.detail)
        if self._redactor_of(self._project_of(key.project)):
            # Nothing can be told of its texts: an escape or an encoding hides them from every pattern.
            rejection = without_raw(rejection)
        self._submit(key, Submission(key.key_id, key.kind, received_at, rejects=[rejection]))

    def _slow_down(self, key: Key, events: int) -> None:
        wait, whose = self._rate_limit.wait(key.key_id, events) if key.kind == "pk" else 0, "key"
        if not wait:
            wait, whose = self._project_limits.wait(self._project_of(key.project), events), "project"
            if wait and key.kind == "pk":
                self._rate_limit.give_back(key.key_id, max(1, events))
        if wait:
            self._turned_away.count(key.key_id, max(1, events))
            raise answers.too_fast(wait, whose=whose)

    def _slow_down_each(self, key: Key, events: Sequence[Judged]) -> list[Outcome | None]:
        """Hold back the events of those who send too much, and let the others' pass."""
        outcomes: list[Outcome | None] = [outcome for _, _, outcome in events]
        over = held_back(
            [who for _, who, _ in events],
            lambda who, count: self._who_limit.wait(f"{key.key_id} {who}", count),
        )
        if not over:
            return outcomes
        kept = [None if who in over else outcome for _, who, outcome in events]
        turned_away = kept.count(None)
        self._turned_away.count(key.key_id, turned_away)
        # One who sends without end must not use up what the key lets through for all others.
        self._rate_limit.give_back(key.key_id, turned_away)
        self._project_limits.give_back(self._project_of(key.project), turned_away)
        if turned_away == len(kept):
            raise answers.too_fast(max(over.values()), whose="actor, browser or session")
        return kept

    def _submit(self, key: Key, submission: Submission) -> Receipt:
        try:
            receipt = self._commit.submit(key.project, submission)
        except LogUnavailable as error:
            log.error("project %s: %s", key.project, error)
            raise answers.log_unavailable() from error
        if receipt.nothing:
            raise answers.log_unavailable()
        return receipt
