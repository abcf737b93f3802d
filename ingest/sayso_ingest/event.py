"""The words of the wire that every room shares: kinds, reasons, and what a log record holds."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeAlias, TypeGuard

JSON: TypeAlias = Any
"""A decoded JSON value."""

Event: TypeAlias = Mapping[str, JSON]
"""One accepted event as it was on the wire, without its `token`, and with `verified` and the token's actor added."""

RAW_KEPT = 64 * 1024
"""How many bytes of a rejected event are kept."""

UUID_TEXT = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\Z")
"""A UUID of any version in its 36 characters."""

TIME_TEXT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
)
"""An RFC 3339 time with a zone, as far as a pattern can say it; `is_time` looks at the calendar too."""

_FIRST_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_END_OF_TIME = datetime(2200, 1, 1, tzinfo=UTC)


class Kind(StrEnum):
    """What an event says."""

    INTERACTION = "interaction"
    EXPOSURE = "exposure"
    THUMB = "thumb"
    DETAIL = "detail"
    SUGGESTION = "suggestion"
    COMMENT = "comment"
    RATING = "rating"
    PREFERENCE = "preference"
    SIGNAL = "signal"
    OUTCOME = "outcome"
    ANNOTATION = "annotation"
    JUDGEMENT = "judgement"
    RETRACTION = "retraction"


BROWSER_KINDS = frozenset(
    {
        Kind.EXPOSURE,
        Kind.THUMB,
        Kind.DETAIL,
        Kind.SUGGESTION,
        Kind.COMMENT,
        Kind.RATING,
        Kind.PREFERENCE,
        Kind.SIGNAL,
        Kind.RETRACTION,
    }
)
"""What a publishable key may send."""


class Reason(StrEnum):
    """Why something was refused. The list is closed: ingest/README.md says of each what to do."""

    NOT_AN_OBJECT = "not_an_object"
    INVALID_NUMBER = "invalid_number"
    LONE_SURROGATE = "lone_surrogate"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    MISSING_FIELD = "missing_field"
    UNKNOWN_KIND = "unknown_kind"
    KIND_NOT_ALLOWED = "kind_not_allowed"
    BAD_TOKEN = "bad_token"  # noqa: S105 - a word
    TOKEN_EXPIRED = "token_expired"  # noqa: S105 - a word
    UNSIGNED = "unsigned"
    WRONG_TYPE = "wrong_type"
    INVALID_VALUE = "invalid_value"
    NOT_REDACTED = "not_redacted"
    INVALID_JSON = "invalid_json"
    INVALID_ENVELOPE = "invalid_envelope"
    TOO_MANY_EVENTS = "too_many_events"
    BODY_TOO_LARGE = "body_too_large"
    ID_REUSED = "id_reused"
    UNSTORABLE = "unstorable"


@dataclass(frozen=True, slots=True)
class Rejection:
    """Something that was refused: why, and enough of it to look at and to send again."""

    reason: str
    """A `Reason`; read from the log, it may be one that a newer collector has."""
    detail: JSON
    raw: bytes
    length: int
    sha256: str
    event_id: str | None = None
    kind: str | None = None

    @classmethod
    def of(
        cls,
        raw: bytes,
        reason: Reason,
        *,
        detail: JSON = None,
        event_id: str | None = None,
        kind: str | None = None,
    ) -> Rejection:
        """Keep the first 64 KB of what was refused, with the length and SHA-256 of all of it."""
        return cls(
            reason=reason,
            detail=detail,
            raw=raw[:RAW_KEPT],
            length=len(raw),
            sha256=hashlib.sha256(raw).hexdigest(),
            event_id=event_id,
            kind=kind,
        )


def is_uuid(value: JSON) -> TypeGuard[str]:
    """Say whether a value is a UUID in its 36 characters."""
    return isinstance(value, str) and bool(UUID_TEXT.match(value))


def is_time(text: str) -> bool:
    """Say whether a text is an RFC 3339 time with a zone, between the years 1970 and 2199."""
    try:
        return bool(TIME_TEXT.fullmatch(text)) and _FIRST_TIME <= datetime.fromisoformat(text) < _END_OF_TIME
    except ValueError:  # the 30th of February
        return False
