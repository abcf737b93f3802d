"""Pure: the table of columns -> compiled types that decode plain events, those that it has a column for every field of.

An event is plain when nothing in it is unknown, or of another type than its column; nearly all are. Decoded into such
a type it becomes a row in two thirds of the time that a dictionary takes, and nothing need be looked for that could be
odd in it. All others are decoded as dictionaries and become the same rows: a property test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Annotated, Any, TypeAlias

import msgspec

from sayso_ingest.event import JSON
from sayso_ingest.lander.fields import FIELDS, KNOWN, UNCHANGED, Path

Plain: TypeAlias = Any
"""A decoded event or object in it, with an attribute for each of its fields: None where it is null or left out."""

WHOLE = 2**53
"""A double holds every integer up to this one exactly; larger ones are for the dictionaries."""
NUMBER = Annotated[float, msgspec.Meta(ge=-WHOLE, le=WHOLE)]


def _type_of(converts: Sequence[Callable[[JSON], Any]]) -> Any:
    """What a field is decoded as that becomes a column, or several, by these conversions."""
    kept = {kind for convert in converts for kind in UNCHANGED.get(convert, ())}
    kept.discard(type(None))
    if len(converts) > 1 or len(kept) != 1:
        return Any
    (kind,) = kept
    return NUMBER if kind is float else kind


def _types(kind: str) -> Mapping[Path, type[msgspec.Struct]]:
    """The types of an event of this kind and of the objects in it, by the path to each."""
    made: dict[Path, type[msgspec.Struct]] = {}
    for path in reversed(list(KNOWN[kind])):  # inner objects first
        converts: dict[str, list[Callable[[JSON], Any]]] = {}
        for _, (*above, name), convert in FIELDS[kind]:
            if tuple(above) == path:
                converts.setdefault(name, []).append(convert)
        fields = {name: _type_of(each) for name, each in converts.items()}
        fields |= {inner[-1]: its_type for inner, its_type in made.items() if inner[:-1] == path}
        required = {"id": str, "body": fields.pop("body")} if not path else {}
        made[path] = msgspec.defstruct(
            "_".join((kind, *path)),
            [
                *required.items(),
                *((name, its_type | None, None) for name, its_type in sorted(fields.items())),
            ],
            tag_field=None if path else "kind",
            tag=None if path else str(kind),
            forbid_unknown_fields=True,
            omit_defaults=True,
            gc=False,  # they hold no circles: what JSON says is a tree
        )
    return made


TYPES: Mapping[str, Mapping[Path, type[msgspec.Struct]]] = {
    kind: _types(kind)
    for kind, fields in FIELDS.items()
    # Of a verdict one column holds the first of several fields: that takes a dictionary.
    if all(path != ("body",) for _, path, _ in fields)
}
NOTHING: Mapping[tuple[str, Path], Plain] = {
    (kind, path): its_type()
    for kind, types in TYPES.items()
    for path, its_type in types.items()
    if path not in {(), ("body",)}
}
"""Stands for an object that is missing: so are all its fields."""

EXACT: Mapping[str, frozenset[tuple[Path, str]]] = {
    kind: frozenset(
        (path, name)
        for path, its_type in types.items()
        for name, kept in its_type.__annotations__.items()
        if kept != Any | None
    )
    for kind, types in TYPES.items()
}
"""Of each kind, the fields that are decoded as what their column takes, by the path to their object and their name."""

LOOSE: Mapping[str, Sequence[tuple[Path, str]]] = {
    kind: [
        (path, name)
        for path, its_type in types.items()
        if path[:1] == ("body",)
        for name, kept in its_type.__annotations__.items()
        if kept in {Any | None, NUMBER | None}
    ]
    for kind, types in TYPES.items()
}
"""Of each kind, the fields inside its body whose value JSON can write in several ways (5 and 5.0): one way is chosen
before they are hashed."""

PLAIN = frozenset(types[()] for types in TYPES.values())
"""The types of plain events."""
_EVENTS: Any = list[reduce(or_, PLAIN)]  # type: ignore[misc]  # known at run time only
_decoder: msgspec.json.Decoder[list[Plain]] = msgspec.json.Decoder(_EVENTS)


def decode_plain(events: bytes) -> list[Plain] | None:
    """Decode a list of events; None where one of them is not plain."""
    try:
        return _decoder.decode(events)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def kind_of(event: Plain) -> str:
    """The kind of a plain event."""
    return str(event.__struct_config__.tag)
