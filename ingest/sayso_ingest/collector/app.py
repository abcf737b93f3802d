"""The collector's routes: parse, run the steps, append, answer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from sayso_ingest.collector import answers
from sayso_ingest.collector.answers import Refused
from sayso_ingest.collector.group import GroupCommit, Receipt
from sayso_ingest.collector.limits import RateLimit
from sayso_ingest.collector.request import Broken, Envelope, check_key, header_key, read_body, read_envelope
from sayso_ingest.collector.steps import accept
from sayso_ingest.collector.widget import WIDGET, widget_response
from sayso_ingest.errors import LogUnavailable
from sayso_ingest.event import JSON, Rejection
from sayso_ingest.keys import Key, KeyRing, redact
from sayso_ingest.record import Submission, encode_json

log = logging.getLogger(__name__)

PREFLIGHT_SECONDS = "7200"
REPORT_BYTES = 4096
"""Bytes of a client's report that are kept."""


def create_app(
    *,
    keyring: KeyRing,
    commit: GroupCommit,
    rate_limit: RateLimit | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    widget: Path = WIDGET,
) -> Flask:
    """Make the collector: it writes to `commit` and reads nothing but keys."""
    app = Flask(__name__, static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # of the default provider: as documented
    rates = rate_limit or RateLimit()

    def limit(key: Key, count: int) -> None:
        wait = rates.wait(key.key_id, count) if key.kind == "pk" else 0
        if wait:
            raise answers.too_fast(wait)

    @app.post("/v1/events", provide_automatic_options=False)
    def take_events() -> Response:
        received_at = now().astimezone(UTC).isoformat()
        key, envelope = _open(keyring, commit, received_at, limit)
        limit(key, len(envelope.events))
        outcomes = [accept(event, key.kind) for event in envelope.events]
        return jsonify(
            {"results": _results(envelope, outcomes, _keep(commit, key, received_at, envelope, outcomes))}
        )

    @app.route("/v1/events", methods=["OPTIONS"])
    def preflight() -> Response:
        response = Response(status=204)
        response.headers["Access-Control-Allow-Methods"] = "POST"
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, Content-Encoding"
        response.headers["Access-Control-Max-Age"] = PREFLIGHT_SECONDS
        return response

    @app.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @app.get("/readyz")
    def readyz() -> Response:
        projects = {key.project for key in keyring.keys() if key.revoked_at is None}  # noqa: SIM118 - no dict
        if all([commit.ready(project) for project in sorted(projects)]):  # noqa: C419 - every log is asked
            return Response("ready\n", mimetype="text/plain")
        return Response("not ready: the event log could not be written\n", status=503, mimetype="text/plain")

    @app.get("/sayso.js")
    def script() -> Response:
        return widget_response(widget, request)

    @app.after_request
    def allow_origin(response: Response) -> Response:
        if request.path == "/v1/events":
            origin = request.headers.get("Origin")
            response.vary.add("Origin")
            if origin and _may_be_used_from(origin, keyring.keys()):
                response.headers["Access-Control-Allow-Origin"] = origin
                response.headers["Access-Control-Expose-Headers"] = "Retry-After"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    app.register_error_handler(Refused, _refuse)
    app.register_error_handler(HTTPException, _refuse_http)
    app.register_error_handler(Exception, _fail)
    return app


def _open(
    keyring: KeyRing, commit: GroupCommit, received_at: str, limit: Callable[[Key, int], None]
) -> tuple[Key, Envelope]:
    """Find out who sends what; a body that is broken is kept under a valid header key."""
    origin = request.headers.get("Origin")
    secret = header_key(request)
    # Before the body is read: who has no key may not make us read a megabyte and unpack four.
    key = check_key(keyring, secret, origin=origin) if secret else None
    try:
        envelope = read_envelope(read_body(request))
    except Broken as broken:
        if key is not None:
            limit(key, 1)
            rejection = Rejection.of(redact(broken.body), broken.fault.reason, detail=broken.fault.detail)
            _submit(commit, key, Submission(key.key_id, key.kind, received_at, rejects=[rejection]))
        else:
            log.info("a body without a header key was refused: %s", broken.fault.reason)
        raise broken.answer from broken
    return key or check_key(keyring, envelope.key, origin=origin), envelope


def _may_be_used_from(origin: str, keys: Sequence[Key]) -> bool:
    return any(key.kind == "pk" and key.revoked_at is None and key.allows_origin(origin) for key in keys)


def _keep(
    commit: GroupCommit, key: Key, received_at: str, envelope: Envelope, outcomes: Sequence[bytes | Rejection]
) -> Receipt:
    """Make what was accepted and what was refused durable.

    Raises:
        Refused: nothing of it is.
    """
    submission = Submission(
        key_id=key.key_id,
        key_kind=key.kind,
        received_at=received_at,
        sent_at=envelope.sent_at,
        report=_storable(envelope.report),
        events=[outcome for outcome in outcomes if isinstance(outcome, bytes)],
        rejects=[outcome for outcome in outcomes if isinstance(outcome, Rejection)],
    )
    if not (submission.events or submission.rejects or submission.report):
        return Receipt([], rest=True)
    return _submit(commit, key, submission)


def _submit(commit: GroupCommit, key: Key, submission: Submission) -> Receipt:
    try:
        receipt = commit.submit(key.project, submission)
    except LogUnavailable as error:
        log.error("project %s: %s", key.project, error)
        raise answers.log_unavailable() from error
    if receipt.nothing:
        raise answers.log_unavailable()
    return receipt


def _results(
    envelope: Envelope, outcomes: Sequence[bytes | Rejection], receipt: Receipt
) -> list[dict[str, JSON]]:
    """One result an event, in order."""
    durable = iter(receipt.events)
    results: list[dict[str, JSON]] = []
    for event, outcome in zip(envelope.events, outcomes, strict=True):
        if isinstance(outcome, bytes):
            results.append({"id": event["id"], "status": "accepted" if next(durable) else "retry"})
        elif receipt.rest:
            results.append(
                {
                    "id": outcome.event_id,
                    "status": "rejected",
                    "reason": outcome.reason,
                    "detail": outcome.detail,
                }
            )
        else:
            results.append({"id": outcome.event_id, "status": "retry"})
    return results


def _storable(report: dict[str, JSON] | None) -> dict[str, JSON] | None:
    """A client's report, as far as it can be written; one that cannot costs no event."""
    try:
        if not report or len(encode_json(report)) <= REPORT_BYTES:
            return report
    except (ValueError, RecursionError):
        pass
    log.warning("a client's report was left out: it has more than %d bytes, or is no text", REPORT_BYTES)
    return None


def _refuse(refused: Refused) -> Response:
    response = jsonify(refused.body())
    response.status_code = refused.status
    if refused.retry_after is not None:
        response.headers["Retry-After"] = str(refused.retry_after)
    return response


def _refuse_http(error: HTTPException) -> Response:
    status = error.code or 500
    message = f"{error.description} Events are sent with POST /v1/events."
    response = _refuse(Refused(status, error.name.lower().replace(" ", "_"), message))
    response.headers.extend((name, value) for name, value in error.get_headers() if name == "Allow")
    return response


def _fail(error: Exception) -> Response:
    log.exception("a request failed", exc_info=error)
    return _refuse(
        Refused(500, "internal", "Something failed, the log says what. Send it again with the same ids.")
    )
