"""Pure: what the wire takes, as far as a client can know it. The golden events hold it to the collector's rules.

A check gets the name of a field and its JSON value and raises InvalidEvent. Fields that are not named here are taken as
they are, and None is the same as a field that is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TypeAlias

from sayso.errors import InvalidEvent
from sayso.plain import JSON

Check: TypeAlias = Callable[[str, JSON], None]

_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})",
    re.I,
)
_UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.I)
_LARGEST = 1.7976931348623157e308


def anything(_field: str, _value: JSON) -> None:
    """Any JSON value."""


def text(field: str, value: JSON) -> None:
    """A text, also an empty one."""
    if not isinstance(value, str):
        raise _wrong(field, "a text", value)


def label(field: str, value: JSON) -> None:
    """A text of 1 to 512 characters."""
    text(field, value)
    if not 1 <= len(value) <= 512:
        raise InvalidEvent("invalid_value", f"{field} has {len(value)} characters; it may have 1 to 512")


def filled(field: str, value: JSON) -> None:
    """A text that is not empty."""
    text(field, value)
    if not value:
        raise InvalidEvent("invalid_value", f"{field} is empty; say something or do not send it")


def number(field: str, value: JSON) -> None:
    """A number that fits into a double."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _wrong(field, "a number", value)
    if abs(value) > _LARGEST:
        raise InvalidEvent("invalid_value", f"{field} does not fit into a double")


def flag(field: str, value: JSON) -> None:
    """True or false."""
    if not isinstance(value, bool):
        raise _wrong(field, "true or false", value)


def positive(field: str, value: JSON) -> None:
    """A number that is not negative."""
    number(field, value)
    if value < 0:
        raise InvalidEvent("invalid_value", f"{field} is negative")


def share(field: str, value: JSON) -> None:
    """A number from 0 to 1."""
    number(field, value)
    if not 0 <= value <= 1:
        raise InvalidEvent("invalid_value", f"{field} is not within 0 and 1")


def rate(field: str, value: JSON) -> None:
    """A number above 0 and at most 1."""
    number(field, value)
    if not 0 < value <= 1:
        raise InvalidEvent("invalid_value", f"{field} is not above 0 and at most 1")


def mapping(field: str, value: JSON) -> None:
    """Any object."""
    if not isinstance(value, dict):
        raise _wrong(field, "a mapping", value)


def uuid(field: str, value: JSON) -> None:
    """The id of an event, with its hyphens."""
    text(field, value)
    if not _UUID.fullmatch(value):
        raise InvalidEvent("invalid_value", f"{field} is not the id of an event; pass what a method returned")


def moment(field: str, value: JSON) -> None:
    """A time in RFC 3339 with a zone, in the years 1970 to 2199."""
    text(field, value)
    if not (_MOMENT.fullmatch(value) and _in_range(value)):
        raise InvalidEvent(
            "invalid_value",
            f"{field} is not a time from 1970 to 2199 with a zone; pass a datetime or RFC 3339",
        )


def _in_range(moment_text: str) -> bool:
    try:
        return 1970 <= datetime.fromisoformat(moment_text.upper()).astimezone(UTC).year <= 2199
    except (ValueError, OverflowError):
        return False


def one_of(*choices: str) -> Check:
    """One text out of a closed list."""

    def check(field: str, value: JSON) -> None:
        text(field, value)
        if value not in choices:
            raise InvalidEvent("invalid_value", f"{field} is none of {', '.join(choices)}")

    return check


def list_of(check_item: Check) -> Check:
    """A list whose items all pass one check."""

    def check(field: str, value: JSON) -> None:
        if not isinstance(value, list):
            raise _wrong(field, "a list", value)
        for item in value:
            check_item(f"{field}[]", item)

    return check


def shape(required: Mapping[str, Check] | None = None, /, **optional: Check) -> Check:
    """An object with these fields, and others."""
    needed = required or {}
    known = {**optional, **needed}

    def check(field: str, value: JSON) -> None:
        mapping(field, value)
        for name, item in value.items():
            if item is not None and name in known:
                known[name](f"{field}.{name}", item)
        for name in needed:
            if value.get(name) is None:
                raise InvalidEvent("missing_field", f"{field}.{name} is missing")

    return check


def content(field: str, value: JSON) -> None:
    """What a message says: a text, or a list of parts."""
    if not isinstance(value, (str, list)):
        raise _wrong(field, "a text or a list of parts", value)


def said(field: str, value: JSON) -> None:
    """What went into a model or came out of it: a text, or a list of messages."""
    if not isinstance(value, str):
        _messages(field, value)


_messages = list_of(shape({"role": text}, content=content))


def at_least_one(*names: str) -> Check:
    """A body that says at least one of these."""

    def check(field: str, value: JSON) -> None:
        if all(value.get(name) is None for name in names):
            raise InvalidEvent("missing_field", f"{field} has neither {' nor '.join(names)}; give one")

    return check


def outcome_or_survival(field: str, value: JSON) -> None:
    """A suggestion says what became of it, or later what is left of it; not both at once."""
    at_least_one("outcome", "survival")(field, value)
    if value.get("outcome") is not None and value.get("survival") is not None:
        raise InvalidEvent("invalid_value", f"{field} has both outcome and survival; send two suggestions")


def inside_its_bounds(field: str, value: JSON) -> None:
    """A rating lies between its own min and max."""
    low, given, high = (value.get(name) for name in ("min", "value", "max"))
    known = [bound for bound in (low, given, high) if bound is not None]
    if known != sorted(known):
        raise InvalidEvent("invalid_value", f"{field} has a value outside of min and max")


def _wrong(field: str, wanted: str, value: JSON) -> InvalidEvent:
    given = "null, as NaN becomes" if value is None else type(value).__name__
    return InvalidEvent("wrong_type", f"{field} must be {wanted}, not {given}")
