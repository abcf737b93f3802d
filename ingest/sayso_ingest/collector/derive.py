"""Pure: the schemas of the wire -> compiled types that take what the schemas take, or less, and never more.

What a type cannot say (times, and fields that must fit each other) is asked of the schema itself after decoding.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeAlias, Union

import msgspec
from marshmallow.fields import Field
from marshmallow.validate import Length, OneOf, Range, Regexp

from sayso_ingest.collector import fields as f
from sayso_ingest.collector.schema import WireObject
from sayso_ingest.event import is_time

Compiled: TypeAlias = Any
"""A type that msgspec decodes; what it is made of is known at run time only."""

_ANY: dict[type, Compiled] = {
    f.Anything: Any,
    f.Object: dict[str, Any],
    f.Array: list[Any],
    f.Flag: bool,
    f.Content: Union[str, list[Any]],  # noqa: UP007 - as those below
}


def struct_of(
    schema: WireObject, *, fields: dict[str, Compiled | None] | None = None, tag: str | None = None
) -> Compiled:
    """Derive the type of an object: its declared fields and no other.

    `fields` replaces the types of some, or leaves them out (None); with a `tag`, the field `kind` tells the type.
    """
    types = {name: type_of(field) for name, field in schema.fields.items()} | (fields or {})
    return msgspec.defstruct(
        f"{type(schema).__name__}{(tag or '').title()}",
        [
            (name, kind) if schema.fields[name].required else (name, kind, None)
            for name, kind in types.items()
            if kind is not None
        ],
        namespace=_checks(schema),
        forbid_unknown_fields=True,
        kw_only=True,
        gc=False,  # they hold no circles: what JSON says is a tree
        tag_field="kind" if tag else None,
        tag=tag,
    )


def type_of(field: Field[Any]) -> Compiled:
    """Derive the type of a field; where the field takes null as left out, so does the type.

    Raises:
        TypeError: a field of a new class; say here what it takes.
    """
    kind = _without_null(field)
    return Union[kind, None] if field.allow_none else kind  # noqa: UP007 - `|` takes no Annotated on 3.11


def _without_null(field: Field[Any]) -> Compiled:
    if type(field) in _ANY and not field.validators:
        return _ANY[type(field)]
    match field:
        case f.Nested():
            return struct_of(field.schema)  # type: ignore[arg-type]  # of our schemas, all nested ones are
        case f.Messages():
            return Union[str, list[type_of(field.inner)]]  # type: ignore[misc]  # noqa: UP007
        case f.Items():
            return list[type_of(field.inner)]  # type: ignore[misc]
        case f.Choice():
            return Literal[tuple(_rules(field)["choices"])]
        case f.Text():
            return Annotated[str, msgspec.Meta(**_rules(field))]
        case f.Seq():
            return Annotated[int, msgspec.Meta(**_rules(field))]
        case f.Number():
            rules = _rules(field)
            whole = Annotated[int, msgspec.Meta(**_within_long(rules))]
            return Union[whole, Annotated[float, msgspec.Meta(**rules)]]  # noqa: UP007
    raise TypeError(f"{type(field).__name__} has no compiled type")


def _rules(field: Field[Any]) -> dict[str, Any]:
    """What the validators of a field ask for, in the words of msgspec."""
    rules: dict[str, Any] = {}
    for validator in field.validators:
        match validator:
            case Length():
                rules |= {"min_length": validator.min, "max_length": validator.max}
            case Regexp():
                rules["pattern"] = (
                    f"^(?:{validator.regex.pattern!s})"  # marshmallow matches, msgspec searches
                )
            case OneOf():
                rules["choices"] = [str(choice) for choice in validator.choices]
            case Range():
                rules["ge" if validator.min_inclusive else "gt"] = validator.min
                rules["le" if validator.max_inclusive else "lt"] = validator.max
            case _:
                raise TypeError(f"{type(validator).__name__} has no compiled rule")
    return rules


def _within_long(rules: dict[str, Any]) -> dict[str, Any]:
    """Integers of 64 bits only: of larger ones a double may be too small, and the schemas look."""
    low = {} if rules.get("gt") is not None or rules.get("ge") is not None else {"ge": -(2**63)}
    high = {} if rules.get("lt") is not None or rules.get("le") is not None else {"le": 2**63 - 1}
    return {**rules, **low, **high}


def _checks(schema: WireObject) -> dict[str, Callable[[Any], None]]:
    """What is asked after decoding, as msgspec calls it."""
    times = [name for name, field in schema.fields.items() if isinstance(field, f.Time)]
    objects = type(schema).objection is not WireObject.objection

    def check(decoded: Any) -> None:
        for name in times:
            text = getattr(decoded, name)
            if text is not None and not is_time(text):
                raise ValueError(name)
        if objects and schema.objection(msgspec.structs.asdict(decoded)):
            raise ValueError

    return {"__post_init__": check} if times or objects else {}
