"""Pure: values of rows as texts, for JSON and for the cells of CSV; the same wherever an answer is written."""

from __future__ import annotations

import json
import math
from datetime import date, datetime
from decimal import Decimal
from typing import Any


def plain(value: Any) -> Any:
    """Turn a value into what JSON can say: times are UTC and end in Z, a number that is none becomes null."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return _number(value) if isinstance(value, Decimal) else _text(value)


def cell(value: Any) -> str:
    """Spell a value in one cell, so that it can be read back; what is missing is empty."""
    if value is None:
        return ""
    if isinstance(value, bool | dict | list | tuple):
        return json.dumps(plain(value), ensure_ascii=False)
    return str(value if isinstance(value, str | int | float) else _text(value))


def _number(value: Decimal) -> int | float | str:
    """Turn a decimal into a number where JSON's readers get the same one; else into a text with all its digits."""
    if value == value.to_integral_value():
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else _text(value)


def _text(value: Any) -> str:
    """Spell what JSON has no type for."""
    if isinstance(value, datetime):
        return value.isoformat().removesuffix("+00:00") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
