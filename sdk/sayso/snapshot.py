"""Pure: hold what an application passed as it is now, for as little as the caller can be made to pay.

Texts, numbers and times never change and are kept as they are. Whatever can change is copied; an object is turned into
what JSON can say, because nobody else knows what can change in it. The sender's thread does the rest.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from sys import getsizeof
from typing import Any, TypeAlias

from sayso.errors import InvalidEvent
from sayso.kinds import KINDS
from sayso.plain import plain

FIXED = frozenset((str, int, float, bool, type(None), datetime))
_TEXT = frozenset((str,))
_FEW = 64
"""Entries up to which a flat mapping or list is copied as it is; of a longer one `plain` copies what may leave."""
AROUND = 1024
"""Bytes that one event takes beside its values: its id, two mappings, and what holds them together."""

Held: TypeAlias = tuple[Any, Mapping[str, Any] | InvalidEvent, Mapping[str, Any], int]


def hold(kind: str, target: object, body: Mapping[str, Any], context: Mapping[str, Any]) -> Held:
    """Return target, body and context as nobody can change them any more, and about how many bytes of memory they take.

    What cannot be read or said in JSON makes the body the reason why.
    """
    values = (target, *body.values(), *context.values())
    # Fast path: the two mappings are the client's own, so there is nothing to copy when no value can change.
    if FIXED.issuperset(map(type, values)):
        return target, body, context, AROUND + sum(map(getsizeof, values))
    room = KINDS[kind].limit
    try:
        if type(target) not in FIXED:
            target = _still(target, room, 2)
        body = {name: v if type(v) in FIXED else _still(v, room, 3) for name, v in body.items()}
        context = {name: v if type(v) in FIXED else _still(v, room, 2) for name, v in context.items()}
    except InvalidEvent as problem:
        return None, problem, {}, AROUND
    except Exception as error:  # whatever the application's own objects do when they are read
        broken = InvalidEvent("wrong_type", f"it could not be read ({type(error).__name__})")
        return None, broken, {}, AROUND
    return target, body, context, AROUND + _weight((target, *body.values(), *context.values()))


def _still(value: Any, room: int, depth: int) -> Any:
    """Copy what can change."""
    # Fast path: what is flat and short is copied as it is. It needs no look at its size, its NaN and its surrogates, as
    # a text alone needs none here: whoever encodes the event measures it and puts it right.
    kind = type(value)
    if kind is dict and len(value) <= _FEW and _TEXT.issuperset(map(type, value)):
        if FIXED.issuperset(map(type, value.values())):
            return value.copy()
    elif kind is list and len(value) <= _FEW and FIXED.issuperset(map(type, value)):
        return value.copy()
    copy = plain(value, room=room, depth=depth)
    # An object that means "not a number" must not look like None, which takes back what was said.
    return math.nan if copy is None else copy


def _weight(values: Iterable[Any]) -> int:
    """Bytes of memory of copied values, nested ones included."""
    total = 0
    for value in values:
        total += getsizeof(value)
        if type(value) is dict:
            total += sum(map(getsizeof, value)) + _weight(value.values())
        elif type(value) is list:
            total += _weight(value)
    return total
