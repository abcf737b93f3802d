"""Pure: what Python holds -> what JSON can say. A copy, so that nobody can change it afterwards.

Repaired on the way: NaN and infinities become null, lone surrogates U+FFFD.
Refused: what nests too deep (also what holds itself), integers of more than 4300 digits, times that UTC has no date
for, and objects that JSON has no word for.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from os import PathLike, fspath
from typing import Any, TypeAlias
from uuid import UUID

from sayso.errors import InvalidEvent

JSON: TypeAlias = Any
"""A value that JSON can say."""

DEEPEST = 64
"""Levels of objects and lists that an event may have, itself included."""

_TOO_LONG = 10**4300


def plain(value: object, *, room: int, depth: int = 1) -> JSON:
    """Copy a value into what JSON can say.

    Args:
        value: mappings, sequences, sets, numbers, texts, dates, UUIDs, enums, dataclasses, paths, bytes in UTF-8,
            and objects with `model_dump()` (Pydantic) or `tolist()` (NumPy).
        room: bytes the event may have; a value that is certainly longer is given up early.
        depth: the level that `value` itself stands on.

    Raises:
        InvalidEvent: too_deep, too_large, invalid_number, invalid_value or wrong_type.
    """
    return _Copy(room).of(value, depth)


def rfc3339(moment: datetime) -> str:
    """Write a time as the wire has it, in UTC; one without a zone is local time, as everywhere in Python.

    Raises:
        InvalidEvent: invalid_value, for a time that UTC has no date for, such as `datetime.min` without a zone.
    """
    if moment.tzinfo is UTC:  # fast path: every event has such a time, the client's own
        return moment.isoformat(timespec="microseconds")[: -len("+00:00")] + "Z"
    try:
        there = moment.astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise InvalidEvent(
            "invalid_value",
            "it has a time outside of the years 1 to 9999 in UTC; send None where there is none",
        ) from error
    return there.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


class _Copy:
    """One copy under way: `_room` is what is left of the bytes that the event may have."""

    __slots__ = ("_room",)

    def __init__(self, room: int) -> None:
        self._room = room

    def of(self, value: Any, depth: int) -> JSON:
        """Copy one value that stands on level `depth`."""
        kind = type(value)
        if kind is str:
            return self._text(value)
        if value is None or kind is bool:
            return value
        if kind is int:
            return _whole(value)
        if kind is float:
            return value if math.isfinite(value) else None
        if kind is dict or isinstance(value, Mapping):
            self._enter(depth, len(value))
            return {self._key(key): self.of(item, depth + 1) for key, item in value.items()}
        if isinstance(value, (list, tuple, set, frozenset)):
            self._enter(depth, len(value))
            return [self.of(item, depth + 1) for item in value]
        return self.of(_simpler(value), depth)

    def _enter(self, depth: int, items: int) -> None:
        if depth > DEEPEST:
            raise InvalidEvent("too_deep", f"it has more than {DEEPEST} levels, or holds itself; flatten it")
        self._spend(items)

    def _key(self, key: object) -> str:
        if isinstance(key, Enum):
            key = key.value
        return self._text(key if type(key) is str else str(key))

    def _text(self, text: str) -> str:
        self._spend(len(text) + 2)
        if text.isascii():
            return text
        try:
            text.encode()
        except UnicodeEncodeError:
            # Surrogates that do form a pair are one character; what stands alone means nothing.
            return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return text

    def _spend(self, size: int) -> None:
        """Take from the room; every character and every item is at least a byte."""
        self._room -= size
        if self._room < 0:
            raise InvalidEvent("too_large", "it is larger than an event of its kind may be; send less of it")


def _whole(value: int) -> int:
    if value.bit_length() > 14_000 and abs(value) >= _TOO_LONG:
        raise InvalidEvent("invalid_number", "it has an integer of more than 4300 digits; send it as text")
    return value


def _simpler(value: Any) -> object:
    """Take one step from an object towards JSON."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    for kinds, convert in _CONVERSIONS:
        if isinstance(value, kinds):
            return convert(value)
    for method in ("model_dump", "tolist"):
        convert_itself = getattr(value, method, None)
        if callable(convert_itself) and not isinstance(value, type):
            return convert_itself()
    raise InvalidEvent(
        "wrong_type",
        f"it has a {type(value).__name__}, which JSON has no word for; send a text, number or mapping",
    )


def _text_of(value: Any) -> str:
    return value if type(value) is str else str.__str__(value)


_CONVERSIONS: tuple[tuple[Any, Callable[[Any], object]], ...] = (
    (Enum, lambda value: value.value),
    (str, _text_of),
    (int, int.__int__),
    (float, float.__float__),
    (datetime, rfc3339),
    ((date, time), lambda value: value.isoformat()),
    (Decimal, float),
    (UUID, str),
    ((bytes, bytearray), lambda value: value.decode("utf-8", "replace")),
    (PathLike, fspath),
)
