"""Strict fields: types are exact and nothing is coerced; each message stands in one table with its Reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from marshmallow import fields
from marshmallow.validate import Length, OneOf, Range, Regexp

from sayso_ingest.collector.limits import NAME_CHARACTERS
from sayso_ingest.event import UUID_TEXT, Kind, Reason, is_time

REQUIRED = "This field is required."
MUST_BE_A_TEXT = "Must be a text."
MUST_BE_A_NUMBER = "Must be a number."
MUST_BE_AN_INTEGER = "Must be an integer."
MUST_BE_A_FLAG = "Must be true or false."
MUST_BE_AN_OBJECT = "Must be an object."
MUST_BE_A_LIST = "Must be a list."
MUST_BE_TEXT_OR_MESSAGES = "Must be a text or a list of messages."
MUST_BE_TEXT_OR_PARTS = "Must be a text or a list of parts."
MUST_BE_A_KIND = f"Must be one of: {', '.join(Kind)}."
MUST_BE_A_NAME = f"Must have 1 to {NAME_CHARACTERS} characters."
MUST_NOT_BE_EMPTY = "Must not be empty."
MUST_BE_A_UUID = "Must be a UUID in its 36 characters, like 017f22e2-79b0-7cc3-98c4-dc0c0c07398f."
MUST_BE_A_TIME = (
    "Must be an RFC 3339 time with a zone, between the years 1970 and 2199, like 2026-01-15T10:00:00.000Z."
)
MUST_BE_A_DOUBLE = "Must fit into a double."
MUST_NOT_BE_NEGATIVE = "Must not be negative."
MUST_BE_A_SEQ = "Must be between 0 and 9223372036854775807."
MUST_BE_A_SHARE = "Must be between 0 and 1."
MUST_BE_A_RATE = "Must be above 0 and at most 1."
MUST_BE_A_THUMB = "Must be up, down or null."
MUST_BE_A_SURFACE = "Must be one of: thumbs, suggestion, comment."
MUST_BE_AN_OUTCOME = "Must be one of: accepted, edited, rejected, undone."
NEEDS_DETAIL = "Needs reasons, a comment, or both."
NEEDS_OUTCOME = "Needs an outcome or a survival."
NEEDS_ONE_OUTCOME = "Needs an outcome or a survival, each in an event of its own."
NEEDS_ANNOTATION = "Needs at least one of: label, score, note, expected."
NEEDS_JUDGEMENT = "Needs a label, a score, or both."
MIN_MUST_NOT_EXCEED_MAX = "The min must not be above the max."
MUST_BE_WITHIN_BOUNDS = "Must be within min and max."

_MISSING = (REQUIRED, NEEDS_DETAIL, NEEDS_OUTCOME, NEEDS_ANNOTATION, NEEDS_JUDGEMENT)
_WRONG_TYPE = (
    MUST_BE_A_TEXT,
    MUST_BE_A_NUMBER,
    MUST_BE_AN_INTEGER,
    MUST_BE_A_FLAG,
    MUST_BE_AN_OBJECT,
    MUST_BE_A_LIST,
    MUST_BE_TEXT_OR_MESSAGES,
    MUST_BE_TEXT_OR_PARTS,
)
_INVALID = (
    MUST_BE_A_NAME,
    MUST_NOT_BE_EMPTY,
    MUST_BE_A_UUID,
    MUST_BE_A_TIME,
    MUST_BE_A_DOUBLE,
    MUST_NOT_BE_NEGATIVE,
    MUST_BE_A_SEQ,
    MUST_BE_A_SHARE,
    MUST_BE_A_RATE,
    MUST_BE_A_THUMB,
    MUST_BE_A_SURFACE,
    MUST_BE_AN_OUTCOME,
    NEEDS_ONE_OUTCOME,
    MIN_MUST_NOT_EXCEED_MAX,
    MUST_BE_WITHIN_BOUNDS,
)
REASONS: Mapping[str, Reason] = MappingProxyType(
    {
        MUST_BE_A_KIND: Reason.UNKNOWN_KIND,
        **dict.fromkeys(_MISSING, Reason.MISSING_FIELD),
        **dict.fromkeys(_WRONG_TYPE, Reason.WRONG_TYPE),
        **dict.fromkeys(_INVALID, Reason.INVALID_VALUE),
    }
)
"""The reason behind each message. Where an event has several faults, the reason listed first is given."""


class Objection(NamedTuple):
    """What is wrong with an object as a whole: a message of the table, and the field that it is said of."""

    message: str
    field: str = "_schema"


class Strict(fields.Field[Any]):
    """A field that takes values of its types as they are; null is the same as leaving it out."""

    types: tuple[type, ...] = (object,)
    wrong_type = MUST_BE_AN_OBJECT

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
    wrong_type = MUST_BE_A_LIST


class Text(Strict):
    """A text of any length."""

    types = (str,)
    wrong_type = MUST_BE_A_TEXT


class Flag(Strict):
    """True or false."""

    types = (bool,)
    wrong_type = MUST_BE_A_FLAG


class Content(Strict):
    """What a message says: a text or a list of parts."""

    types = (str, list)
    wrong_type = MUST_BE_TEXT_OR_PARTS


class Name(Text):
    """A text that is not empty and not long: an id of the application."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=Length(1, NAME_CHARACTERS, error=MUST_BE_A_NAME), **options)


class Uuid(Text):
    """A UUID of any version in its 36 characters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=Regexp(UUID_TEXT, error=MUST_BE_A_UUID), **options)


class Choice(Text):
    """One of a closed list of texts."""

    def __init__(self, choices: Iterable[str], error: str, **options: Any) -> None:
        super().__init__(validate=OneOf(tuple(choices), error=error), **options)


class Time(Text):
    """An RFC 3339 time with a zone."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages["time"] = MUST_BE_A_TIME

    def _deserialize(self, value: Any, *arguments: Any, **options: Any) -> str:
        text: str = super()._deserialize(value, *arguments, **options)
        if not is_time(text):
            raise self.make_error("time")
        return text


class Number(Strict):
    """A number that fits into a double."""

    types = (int, float)
    wrong_type = MUST_BE_A_NUMBER

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages["double"] = MUST_BE_A_DOUBLE

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
        super().__init__(validate=Range(min=0, error=MUST_NOT_BE_NEGATIVE), **options)


class Seq(Strict):
    """An integer of 64 bits, signed, that is not negative."""

    types = (int,)
    wrong_type = MUST_BE_AN_INTEGER

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=Range(0, 2**63 - 1, error=MUST_BE_A_SEQ), **options)


class Items(fields.List[Any]):
    """A list whose items are all of one field; null is no item."""

    def __init__(self, inner: fields.Field[Any], **options: Any) -> None:
        inner.allow_none = False
        is_object = isinstance(inner, fields.Nested)
        inner.error_messages["null"] = MUST_BE_AN_OBJECT if is_object else MUST_BE_A_TEXT
        super().__init__(inner, allow_none=True, **options)
        self.error_messages = {"required": REQUIRED, "null": REQUIRED, "invalid": MUST_BE_A_LIST}


class Nested(fields.Nested):
    """An object of a schema; null is the same as leaving it out."""

    def __init__(self, schema: Any, **options: Any) -> None:
        super().__init__(schema, allow_none=True, **options)
        self.error_messages = {"required": REQUIRED, "null": REQUIRED, "type": MUST_BE_AN_OBJECT}


class Messages(Items):
    """A text, or a list of messages."""

    def __init__(self, message: Any) -> None:
        super().__init__(Nested(message))
        self.error_messages["invalid"] = MUST_BE_TEXT_OR_MESSAGES

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        return value if isinstance(value, str) else super()._deserialize(value, attr, data, **options)
