"""Pure: the bytes of a body -> JSON, so that one bad number costs one event and not the request."""

from __future__ import annotations

import json
import math

from sayso_ingest.collector.limits import DIGITS
from sayso_ingest.event import JSON


def parse_json(text: bytes) -> JSON:
    """Decode JSON; every number that JSON or a double cannot say becomes NaN, which a later step refuses.

    Raises:
        ValueError: it is not JSON, or not UTF-8, or nested too deep to be read.
    """
    try:
        return json.loads(text.decode(), parse_int=_integer, parse_float=_number, parse_constant=_constant)
    except RecursionError:
        raise ValueError("objects and lists lie too deep") from None


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits.lstrip("-")) <= DIGITS else math.nan


def _number(digits: str) -> float:
    value = float(digits)
    return value if math.isfinite(value) else math.nan


def _constant(_: str) -> float:
    return math.nan
