"""One request: who sends it, its body, its events. Reads, decides nothing about single events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import IO

from werkzeug.wrappers import Request

from sayso_ingest.collector import answers
from sayso_ingest.collector.answers import Refused
from sayso_ingest.collector.fast import scan_envelope
from sayso_ingest.collector.faults import Fault, envelope_fault
from sayso_ingest.collector.limits import EVENTS, WIRE_BYTES
from sayso_ingest.collector.parse import parse_json
from sayso_ingest.collector.unzip import BodyTooLarge, unzip
from sayso_ingest.event import JSON, Reason
from sayso_ingest.keys import Key, KeyRing

BEARER = "bearer "
TYPES = frozenset({"application/json", "text/plain", ""})


class Broken(Refused):
    """A body that is not an envelope, with what is to be kept of it."""

    def __init__(self, answer: Refused, fault: Fault, raw: bytes) -> None:
        super().__init__(answer.status, answer.code, answer.message)
        self.fault = fault
        self.raw = raw


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of a body as they came."""

    wire: bytes
    zipped: bool


@dataclass(frozen=True, slots=True)
class Envelope:
    """The body of a request, as far as it concerns all events."""

    sent_at: str | None
    report: dict[str, JSON] | None
    key: str | None


@dataclass(frozen=True, slots=True)
class Scanned(Envelope):
    """One in which nothing but single events may need care: they are bytes yet."""

    events: Sequence[bytes]
    body: bytes
    """All of it, unpacked."""


@dataclass(frozen=True, slots=True)
class Decoded(Envelope):
    """One that is decoded whole."""

    events: Sequence[JSON]


def header_key(request: Request) -> str | None:
    """The secret in the Authorization header."""
    header = request.environ.get("HTTP_AUTHORIZATION", "")
    return header[len(BEARER) :].strip() if header[: len(BEARER)].lower() == BEARER else None


def check_key(ring: KeyRing, secret: str | None, *, origin: str | None) -> Key:
    """Find the key and say whether it may send from there.

    Raises:
        Refused: 401 or 403.
    """
    if not secret:
        raise answers.missing_key()
    key = ring.find(secret)
    if key is None:
        raise answers.unknown_key()
    if key.revoked_at is not None:
        raise answers.revoked_key()
    if key.kind == "ak":
        raise answers.wrong_kind_of_key(key.kind)
    if origin is not None and key.kind == "sk":
        raise answers.secret_key_in_browser()
    if origin is not None and not key.allows_origin(origin):
        raise answers.origin_not_allowed(origin)
    return key


def read_body(request: Request) -> Body:
    """Read the body as it comes, within its limit.

    Raises:
        Refused: 400 or 415.
        Broken: it is too large.
    """
    # Headers are taken as the server hands them over: to parse them all costs more than reading a small body. Only a
    # type with options, which few clients send, has to be parsed.
    environ = request.environ
    if environ.get("CONTENT_TYPE") not in TYPES and request.mimetype not in TYPES:
        raise answers.unsupported_type(request.mimetype)
    encoding = environ.get("HTTP_CONTENT_ENCODING", "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        raise answers.unsupported_encoding(encoding)
    announced = environ.get("CONTENT_LENGTH", "")
    length = int(announced) if announced.isdecimal() else None
    if length is None:  # it comes in chunks
        body = _read_up_to(WIRE_BYTES + 1, request.stream)
    else:
        body = _read_up_to(min(length, WIRE_BYTES + 1), environ["wsgi.input"])
    if len(body) > WIRE_BYTES:
        raise _too_large(WIRE_BYTES, body)
    if length is not None and len(body) < length:
        # The server hands over a body that was cut off as if it had ended.
        raise answers.cut_off()
    return Body(body, zipped=encoding == "gzip")


def read_envelope(wire: Body) -> Scanned | Decoded:
    """Unpack a body and decode it, as far as that is needed.

    Raises:
        Broken: it is too large, not JSON, not an envelope, or has too many events.
    """
    body = _unpacked(wire)
    found = scan_envelope(body)
    if found is None or len(found.events) > EVENTS:
        return decode_envelope(body)
    return Scanned(found.sent_at, found.report, found.key, [bytes(raw) for raw in found.events], body)


def decode_envelope(body: bytes) -> Decoded:
    """Decode all of a body, its events too; raises like `read_envelope`."""
    try:
        envelope = parse_json(body)
    except ValueError as error:
        raise _not_json(str(error), body) from error
    fault = envelope_fault(envelope)
    if fault is not None:
        raise Broken(answers.invalid_envelope(str(fault.detail["message"])), fault, body)
    events = envelope["events"]
    if len(events) > EVENTS:
        answer = answers.too_many_events(len(events))
        raise Broken(answer, Fault.of(Reason.TOO_MANY_EVENTS, answer.message), body)
    return Decoded(envelope.get("sent_at"), envelope.get("report"), envelope.get("key"), events)


def _unpacked(body: Body) -> bytes:
    if not body.zipped:
        return body.wire
    try:
        return unzip(body.wire)
    except BodyTooLarge as error:
        raise _too_large(error.limit, error.kept) from error
    except ValueError as error:
        # Its bytes are not kept: a key or a token in them cannot be seen and blanked out here, but can be unpacked.
        raw = f"{len(body.wire)} bytes, SHA-256 {sha256(body.wire).hexdigest()}".encode()
        raise _not_json(f"it is not gzip ({error})", raw) from error


def _read_up_to(limit: int, stream: IO[bytes]) -> bytes:
    pieces: list[bytes] = []
    while limit > 0 and (piece := stream.read(limit)):  # some servers hand it over in pieces
        pieces.append(piece)
        limit -= len(piece)
    return b"".join(pieces)


def _too_large(limit: int, kept: bytes) -> Broken:
    answer = answers.body_too_large(limit)
    return Broken(answer, Fault.of(Reason.BODY_TOO_LARGE, answer.message), kept)


def _not_json(problem: str, body: bytes) -> Broken:
    answer = answers.invalid_json(problem)
    return Broken(answer, Fault.of(Reason.INVALID_JSON, answer.message), body)
