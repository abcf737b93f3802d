"""Pure: decoded JSON -> bytes, for what was refused and can be of any depth and hold anything."""

from __future__ import annotations

import json

from sayso_ingest.event import JSON


class _Written(str):
    """A piece of JSON text."""

    __slots__ = ()


def encode_anything(value: JSON) -> bytes:
    """Encode as close to what was sent as possible: NaN stays NaN, a lone surrogate becomes its escape."""
    try:
        text = _compact(value)
    except RecursionError:
        text = _without_recursion(value)
    return text.encode("utf-8", "backslashreplace")  # writes a lone surrogate as JSON does


def _compact(value: JSON) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _without_recursion(value: JSON) -> str:
    written: list[str] = []
    waiting: list[JSON] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, _Written):
            written.append(item)
        elif isinstance(item, dict | list):
            waiting += reversed(_pieces(item))
        else:
            written.append(_compact(item))
    return "".join(written)


def _pieces(value: dict[str, JSON] | list[JSON]) -> list[JSON]:
    if isinstance(value, dict):
        opening, closing = "{", "}"
        items = [(f"{_compact(key)}:", inside) for key, inside in value.items()]
    else:
        opening, closing = "[", "]"
        items = [("", inside) for inside in value]
    pieces: list[JSON] = [_Written(opening)]
    for place, (before, inside) in enumerate(items):
        pieces += (_Written(("," if place else "") + before), inside)
    return [*pieces, _Written(closing)]
