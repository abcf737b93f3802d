"""Strict fields: types are exact and nothing is coerced; each message stands in one table with its Reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from marshmallow import fields
from marshmallow.validate import Length, OneOf, Range, Regexp

from sayso_ingest.event import Kind, Reason

REQUIRED = "This field is required."
NO_TEXT = "Must be a text."
NO_TEXTS = "Must be a list of texts."
NO_NUMBER = "Must be a number."
NO_INTEGER = "Must be an integer."
NO_OBJECT = "Must be an object."
NO_LIST = "Must be a list."
NO_MESSAGES = "Must be a text or a list of messages."
NO_CONTENT = "Must be a text or a list of parts."
UNKNOWN_KIND = f"Must be one of: {', '.join(Kind)}."
NO_NAME = "Must have 1 to 512 characters."
EMPTY = "Must not be empty."
NO_UUID = "Must be a UUID in its 36 characters, like 017f22e2-79b0-7cc3-98c4-dc0c0c07398f."
NO_TIME = (
    "Must be an RFC 3339 time with a zone, between the years 1970 and 2199, like 2026-01-15T10:00:00.000Z."
)
NO_DOUBLE = "Must fit into a double."
NEGATIVE = "Must not be negative."
NO_SEQ = "Must be between 0 and 9223372036854775807."
NO_SHARE = "Must be between 0 and 1."
NO_RATE = "Must be above 0 and at most 1."
NO_THUMB = "Must be up, down or null."
NO_SURFACE = "Must be one of: thumbs, suggestion, comment."
NO_OUTCOME = "Must be one of: accepted, edited, rejected, undone."
NEEDS_DETAIL = "Needs reasons, a comment, or both."
NEEDS_OUTCOME = "Needs an outcome or a survival."
BOTH_OUTCOMES = "Needs an outcome or a survival, each in an event of its own."
NEEDS_ANNOTATION = "Needs at least one of: label, score, note, expected."
NEEDS_JUDGEMENT = "Needs a label, a score, or both."
BOUNDS_REVERSED = "The min must not be above the max."
OUT_OF_BOUNDS = "Must be within min and max."

REASONS: Mapping[str, Reason] = MappingProxyType(
    {
        UNKNOWN_KIND: Reason.UNKNOWN_KIND,
        **dict.fromkeys(
            (REQUIRED, NEEDS_DETAIL, NEEDS_OUTCOME, NEEDS_ANNOTATION, NEEDS_JUDGEMENT), Reason.MISSING_FIELD
        ),
        **dict.fromkeys(
            (NO_TEXT, NO_TEXTS, NO_NUMBER, NO_INTEGER, NO_OBJECT, NO_LIST, NO_MESSAGES, NO_CONTENT),
            Reason.WRONG_TYPE,
        ),
        **dict.fromkeys(
            (NO_NAME, EMPTY, NO_UUID, NO_TIME, NO_DOUBLE, NEGATIVE, NO_SEQ, NO_SHARE, NO_RATE),
            Reason.INVALID_VALUE,
        ),
        **dict.fromkeys(
            (NO_THUMB, NO_SURFACE, NO_OUTCOME, BOTH_OUTCOMES, BOUNDS_REVERSED, OUT_OF_BOUNDS),
            Reason.INVALID_VALUE,
        ),
    }
)
"""The reason behind each message. Where an event has several faults, the reason listed first is given."""

_UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\Z")
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
)
_FIRST_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_END_OF_TIME = datetime(2200, 1, 1, tzinfo=UTC)


class Strict(fields.Field[Any]):
    """A field that takes values of its types as they are; null is the same as leaving it out."""

    types: tuple[type, ...] = (object,)
    wrong_type = NO_OBJECT

    def __init__(self, **options: Any) -> None:
        options.setdefault("allow_none", not options.get("required", False))
        super().__init__(**options)
        self.error_messages = {"required": REQUIRED, "null": REQUIRED, "type": self.wrong_type}

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        # bool is a subclass of int, and no number here
        if not isinstance(value, self.types) or (isinstance(value, bool) and bool not in self.types):
            raise self.make_error("type")
        return value


class Anything(Strict):
    """Any JSON."""

    types = (object, bool)


class Object(Strict):
    """An object of any content."""

    types = (dict,)


class Array(Strict):
    """A list of any content."""

    types = (list,)
    wrong_type = NO_LIST


class Text(Strict):
    """A text of any length."""

    types = (str,)
    wrong_type = NO_TEXT


class Content(Strict):
    """What a message says: a text or a list of parts."""

    types = (str, list)
    wrong_type = NO_CONTENT


class Name(Text):
    """A text of 1 to 512 characters (code points)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=Length(1, 512, error=NO_NAME), **options)


class Uuid(Text):
    """A UUID of any version in its 36 characters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=Regexp(_UUID, error=NO_UUID), **options)


class Choice(Text):
    """One of a closed list of texts."""

    def __init__(self, choices: Iterable[str], error: str, **options: Any) -> None:
        super().__init__(validate=OneOf(tuple(choices), error=error), **options)


class Time(Text):
    """An RFC 3339 time with a zone."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages["time"] = NO_TIME

    def _deserialize(self, value: Any, *arguments: Any, **options: Any) -> str:
        text: str = super()._deserialize(value, *arguments, **options)
        try:
            if _TIME.fullmatch(text) and _FIRST_TIME <= datetime.fromisoformat(text) < _END_OF_TIME:
                return text
        except ValueError:  # the 30th of February
            pass
        raise self.make_error("time")


class Number(Strict):
    """A number that fits into a double."""

    types = (int, float)
    wrong_type = NO_NUMBER

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages["double"] = NO_DOUBLE

    def _deserialize(self, value: Any, *arguments: Any, **options: Any) -> Any:
        super()._deserialize(value, *arguments, **options)
        try:
            float(value)
        except OverflowError as error:
            raise self.make_error("double") from error
        return value


class Amount(Number):
    """A number that is not negative."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=Range(min=0, error=NEGATIVE), **options)


class Seq(Strict):
    """An integer of 64 bits, signed, that is not negative."""

    types = (int,)
    wrong_type = NO_INTEGER

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=Range(0, 2**63 - 1, error=NO_SEQ), **options)


class Items(fields.List[Any]):
    """A list whose items are all of one field; null is no item."""

    def __init__(self, inner: fields.Field[Any], **options: Any) -> None:
        inner.allow_none = False
        inner.error_messages["null"] = NO_OBJECT if isinstance(inner, fields.Nested) else NO_TEXT
        super().__init__(inner, allow_none=True, **options)
        self.error_messages = {"required": REQUIRED, "null": REQUIRED, "invalid": NO_LIST}


class Nested(fields.Nested):
    """An object of a schema; null is the same as leaving it out."""

    def __init__(self, schema: Any, **options: Any) -> None:
        super().__init__(schema, allow_none=True, **options)
        self.error_messages = {"required": REQUIRED, "null": REQUIRED, "type": NO_OBJECT}


class Messages(Items):
    """A text, or a list of messages."""

    def __init__(self, message: Any) -> None:
        super().__init__(Nested(message))
        self.error_messages["invalid"] = NO_MESSAGES

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        return value if isinstance(value, str) else super()._deserialize(value, attr, data, **options)
