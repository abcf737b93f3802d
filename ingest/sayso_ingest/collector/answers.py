"""What the collector answers when it does not take a request: a code, and a sentence on what to do."""

from __future__ import annotations

from sayso_ingest.collector.limits import EVENTS, UNPACKED_BYTES, WIRE_BYTES, in_words
from sayso_ingest.errors import SaysoError
from sayso_ingest.event import JSON

TOO_FAST = "too_fast"


class Refused(SaysoError):
    """A request that is not taken."""

    def __init__(self, status: int, code: str, message: str, *, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after

    def body(self) -> dict[str, JSON]:
        """The JSON of the answer."""
        return {"error": self.code, "message": self.message}


def missing_key() -> Refused:
    """No key came with the request."""
    return Refused(
        401,
        "missing_key",
        "No key was sent. Send it as `Authorization: Bearer KEY`, or as `key` in the body where no header can be sent.",
    )


def unknown_key() -> Refused:
    """Nobody knows this key."""
    return Refused(
        401,
        "unknown_key",
        "This key is not known here. Check that it is whole, or make one: sayso keys create --kind sk. A collector on "
        "another machine than that knows it when it has the new keys.json.",
    )


def revoked_key() -> Refused:
    """The key was good once."""
    return Refused(401, "revoked_key", "This key was revoked. Make a new one: sayso keys create")


def project_retired(project: str) -> Refused:
    """The key is good, and its project takes nothing any more."""
    return Refused(
        403,
        "project_retired",
        f"The project {project} of this key was retired and takes nothing any more. Use a key of another one, "
        f"or take it up again: sayso projects retire {project} --undo",
    )


def wrong_kind_of_key(kind: str) -> Refused:
    """The key is for something else."""
    return Refused(
        403,
        "wrong_kind_of_key",
        f"An {kind}_ key may not send events. Use an sk_ key, or in a page a pk_ key.",
    )


def secret_key_in_browser() -> Refused:
    """A secret key came from a page, where everybody can read it."""
    return Refused(
        403,
        "secret_key_in_browser",
        "An sk_ key came from a browser, where everybody can read it. Revoke it, and use a pk_ key in pages.",
    )


def origin_not_allowed(origin: str) -> Refused:
    """The page's origin is not one of the key's."""
    return Refused(
        403,
        "origin_not_allowed",
        f"This key may not be used by pages of {origin[:200]}. "
        "Make one that may: sayso keys create --kind pk --origin https://...",
    )


def unsupported_type(found: str) -> Refused:
    """The body is said to be something else than JSON."""
    return Refused(
        415,
        "unsupported_type",
        f"Content-Type {found[:100]!r} is not taken. Send JSON, as application/json or text/plain.",
    )


def unsupported_encoding(found: str) -> Refused:
    """The body is compressed in another way."""
    return Refused(
        415, "unsupported_encoding", f"Content-Encoding {found[:100]!r} is not taken. Send gzip, or none."
    )


def body_too_large(limit: int) -> Refused:
    """The body has too many bytes."""
    return Refused(
        413,
        "body_too_large",
        f"The body has more than {limit} bytes ({in_words(WIRE_BYTES)} on the wire, {in_words(UNPACKED_BYTES)} "
        "unpacked). Send fewer events at a time.",
    )


def too_many_events(count: int) -> Refused:
    """The request has too many events."""
    return Refused(
        413,
        "too_many_events",
        f"{count} events came at once; at most {EVENTS} are taken. Send fewer.",
    )


def invalid_json(problem: str) -> Refused:
    """The body is not JSON."""
    return Refused(
        400, "invalid_json", f"The body is not JSON: {problem}. Send one object with a list `events`."
    )


def invalid_envelope(problem: str) -> Refused:
    """The body is JSON, and not an envelope."""
    return Refused(
        400,
        "invalid_envelope",
        f'{problem} Send {{"events": [...]}}; GET /v1/openapi.json says how.',
    )


def cut_off() -> Refused:
    """The body ended before its announced length."""
    return Refused(400, "cut_off", "The body ended before its Content-Length. Send it again.")


def too_fast(seconds: int, *, whose: str = "key") -> Refused:
    """The key sends too much, or all of its project's, or the one person or browser that all events are from."""
    return Refused(
        429,
        TOO_FAST,
        f"This {whose} sends too much. Try again in {seconds} s with the same ids.",
        retry_after=seconds,
    )


def log_unavailable() -> Refused:
    """Nothing could be made durable."""
    return Refused(
        503,
        "log_unavailable",
        "The events could not be written to the log, and were not taken. Send them again with the same ids.",
        retry_after=2,
    )
