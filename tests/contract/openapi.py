"""The wire as an OpenAPI 3.1 document, made from the schemas: `python tests/contract/openapi.py` writes it anew.

What JSON Schema cannot say is left to the collector: the size and depth of an event, the years of a time, a value
between two others, lone surrogates.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import sayso_ingest.collector
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from sayso_ingest.collector import fields as f
from sayso_ingest.collector.limits import EVENTS
from sayso_ingest.collector.schema import BODIES, ENVELOPE, HEADS
from sayso_ingest.event import TIME_TEXT, UUID_TEXT, Kind, Reason

Json = dict[str, Any]

FILE = Path(sayso_ingest.collector.__file__).parent / "static" / "openapi.json"
TYPES: list[tuple[type[f.Strict], str | None]] = [
    (f.Strict, None),
    (f.Text, "string"),
    (f.Number, "number"),
    (f.Seq, "integer"),
    (f.Flag, "boolean"),
    (f.Object, "object"),
    (f.Array, "array"),
]
LARGEST = 1.7976931348623157e308
NULL: Json = {"type": "null"}
ABOUT = (
    "Feedback and what it is about, taken in batches; each event gets a result of its own. Unknown fields are kept. "
    "An event that does not fit its schema is rejected alone, with a reason."
)


def document() -> Json:
    """Make the document."""
    plugin = MarshmallowPlugin(
        schema_name_resolver=lambda schema: getattr(schema, "__name__", type(schema).__name__)
    )
    spec = APISpec(
        title="sayso",
        version="1",
        openapi_version="3.1.0",
        plugins=[plugin],
        info={"description": ABOUT, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
    )
    for field, kind in TYPES:
        plugin.map_to_openapi_type(field, kind, None)
    plugin.converter.add_attribute_function(_exactly)  # type: ignore[union-attr]  # it has one by now
    _add_events(spec, plugin)
    _add_answers(spec)
    spec.components.security_scheme(
        "key", {"type": "http", "scheme": "bearer", "description": "An sk_ or pk_ key."}
    )
    spec.path("/v1/events", operations={"post": _operation()})
    return json.loads(json.dumps(spec.to_dict()))  # type: ignore[no-any-return]


def written(made: Json) -> str:
    """The text of the file."""
    return json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _exactly(_: Any, field: Any, ret: Json) -> Json:
    """Say what apispec does not know of our fields."""
    null = [NULL] if field.allow_none else []
    match field:
        case f.Uuid():
            ret |= {"format": "uuid", "minLength": 36, "maxLength": 36}
            ret["pattern"] = f"^{UUID_TEXT.pattern.removesuffix(chr(92) + 'Z')}$"
        case f.Time():
            ret |= {"format": "date-time", "pattern": f"^{TIME_TEXT.pattern}$"}
        case f.Number():
            ret |= {"minimum": ret.get("minimum", -LARGEST), "maximum": ret.get("maximum", LARGEST)}
            if any(getattr(rule, "min_inclusive", True) is False for rule in field.validators):
                ret["exclusiveMinimum"] = ret.pop("minimum")
        case f.Messages():
            return {
                "anyOf": [{"type": "string"}, {"type": "array", "items": ret.pop("items")}, *null],
                **_emptied(ret),
            }
        case f.Content():
            return {"type": ["string", "array", *(["null"] if null else [])]}
    return {}


def _emptied(schema: Json) -> Json:
    schema.clear()
    return {}


def _add_events(spec: APISpec, plugin: MarshmallowPlugin) -> None:
    names = {kind: f"{kind.value.title()}Event" for kind in Kind}
    for kind, name in names.items():
        head: Json = plugin.converter.schema2jsonschema(HEADS[kind])  # type: ignore[union-attr]
        body: Json = plugin.converter.resolve_nested_schema(BODIES[kind])  # type: ignore[union-attr]
        head["properties"] |= {"kind": {"const": kind.value}, "body": body}
        spec.components.schema(name, {**head, "additionalProperties": True})
    for kind, rule in TOGETHER.items():
        spec.components.schemas[type(BODIES[kind]).__name__] |= rule
    spec.components.schema(
        "Event",
        {
            "oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in names.values()],
            "discriminator": {
                "propertyName": "kind",
                "mapping": {kind.value: f"#/components/schemas/{name}" for kind, name in names.items()},
            },
        },
    )
    envelope: Json = plugin.converter.schema2jsonschema(ENVELOPE)  # type: ignore[union-attr]
    envelope["properties"]["events"] = {"type": "array", "maxItems": EVENTS, "items": _ref("Event")}
    spec.components.schema("Envelope", envelope)


def _given(name: str) -> Json:
    return {"required": [name], "properties": {name: {"not": NULL}}}


TOGETHER: dict[Kind, Json] = {
    Kind.DETAIL: {"anyOf": [_given("reasons"), _given("comment")]},
    Kind.SUGGESTION: {"oneOf": [_given("outcome"), _given("survival")]},
    Kind.ANNOTATION: {"anyOf": [_given(name) for name in ("label", "score", "note", "expected")]},
    Kind.JUDGEMENT: {"anyOf": [_given("label"), _given("score")]},
}
"""What must hold of the fields of a body together, as far as JSON Schema can say it."""


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _add_answers(spec: APISpec) -> None:
    about = {
        "accepted": "It is on disk.",
        "rejected": "It is kept as a reject; sending it again will not help.",
        "retry": "It is not on disk; send it again with the same id.",
    }
    spec.components.schema(
        "Result",
        {
            "type": "object",
            "required": ["id", "status"],
            "properties": {
                "id": {"type": ["string", "null"]},
                "status": {
                    "enum": list(about),
                    "description": " ".join(f"{k}: {v}" for k, v in about.items()),
                },
                "reason": {"enum": [reason.value for reason in Reason]},
                "detail": {"type": "object", "properties": {"message": {"type": "string"}}},
            },
        },
    )
    spec.components.schema(
        "Error",
        {
            "type": "object",
            "required": ["error", "message"],
            "properties": {"error": {"type": "string"}, "message": {"type": "string"}},
        },
    )


def _operation() -> Json:
    def answer(description: str, schema: Json, **headers: Json) -> Json:
        content = {"application/json": {"schema": schema}}
        return {"description": description, "content": content, **({"headers": headers} if headers else {})}

    later: Json = {"schema": {"type": "integer"}, "description": "Seconds after which to send again."}
    results = {"type": "object", "properties": {"results": {"type": "array", "items": _ref("Result")}}}
    body = {"schema": _ref("Envelope")}
    refused = {
        "400": "The body is broken.",
        "401": "The key is missing, unknown or revoked.",
        "403": "The key may not be used so.",
        "413": "The body is too large.",
        "415": "The body is not JSON, or compressed otherwise than by gzip.",
    }
    return {
        "summary": "Send events",
        "security": [{"key": []}, {}],
        "requestBody": {"required": True, "content": {"application/json": body, "text/plain": body}},
        "responses": {
            "200": answer("A result for each event, in their order.", results),
            **{code: answer(text, _ref("Error")) for code, text in refused.items()},
            "429": answer("The key sends too much.", _ref("Error"), **{"Retry-After": later}),
            "503": answer("Nothing could be written.", _ref("Error"), **{"Retry-After": later}),
        },
    }


if __name__ == "__main__":
    FILE.write_text(written(document()), "utf-8")
