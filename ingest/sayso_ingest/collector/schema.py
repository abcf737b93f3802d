"""The contract of the wire, declared once: what an event and an envelope look like.

Unknown fields are accepted at every level. A schema only judges; what is kept is the event as it was sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from marshmallow import INCLUDE, Schema, ValidationError, validates_schema
from marshmallow.validate import Length, Range

from sayso_ingest.collector import fields as f
from sayso_ingest.event import JSON, Kind

_THUMBS = ("up", "down")
_OUTCOMES = ("accepted", "edited", "rejected", "undone")
_SURFACES = ("thumbs", "suggestion", "comment")


class Part(Schema):
    """An object of the wire: what it does not know, it lets pass."""

    class Meta:
        """Options of marshmallow."""

        unknown = INCLUDE
        register = False

    error_messages = {"type": f.NO_OBJECT}  # noqa: RUF012 - declared so by marshmallow


class Message(Part):
    """One turn of a conversation."""

    role = f.Text(required=True)
    content = f.Content()


class Prompt(Part):
    """The prompt that was used."""

    name = f.Text()
    version = f.Text()


class Context(Part):
    """A text that was given to the model."""

    id = f.Text()
    text = f.Text()


class Variant(Part):
    """The arm of an experiment."""

    experiment = f.Text()
    arm = f.Text()


class Candidate(Part):
    """One of several answers that were made."""

    id = f.Text(required=True)
    output = f.Messages(Message)
    model = f.Text()
    score = f.Number()
    critique = f.Text()


class Chosen(Part):
    """The candidate that was shown, and what chose it."""

    id = f.Text(required=True)
    by = f.Text()


class Trace(Part):
    """Where the interaction is found in a tracing system."""

    trace_id = f.Text()
    span_id = f.Text()


class Survival(Part):
    """How much of a suggestion is left after a while."""

    after_s = f.Amount(required=True)
    kept = f.Number(required=True, validate=Range(0, 1, error=f.NO_SHARE))


class Interaction(Part):
    """What the model was asked and answered."""

    input = f.Messages(Message)
    output = f.Messages(Message)
    variables = f.Object()
    prompt = f.Nested(Prompt)
    model = f.Text()
    params = f.Object()
    latency_ms = f.Amount()
    usage = f.Object()
    cost = f.Amount()
    contexts = f.Items(f.Nested(Context))
    tags = f.Items(f.Text())
    parent = f.Name()
    release = f.Text()
    variant = f.Nested(Variant)
    candidates = f.Items(f.Nested(Candidate))
    chosen = f.Nested(Chosen)
    trace = f.Nested(Trace)


class Exposure(Part):
    """A widget was really seen."""

    surface = f.Choice(_SURFACES, f.NO_SURFACE, required=True)
    visible_ms = f.Amount()


class Thumb(Part):
    """Up, down, or taken back."""

    value = f.Choice(_THUMBS, f.NO_THUMB, required=True, allow_none=True)
    previous = f.Choice(_THUMBS, f.NO_THUMB)
    name = f.Name()


class Detail(Part):
    """What is said after the first click."""

    about = f.Uuid(required=True)
    reasons = f.Items(f.Text())
    comment = f.Text()

    @validates_schema
    def _says_something(self, body: Mapping[str, JSON], **_: Any) -> None:
        if not _given(body, "reasons", "comment"):
            raise ValidationError(f.NEEDS_DETAIL)


class Suggestion(Part):
    """The outcome of proposed text, or what is left of it later."""

    outcome = f.Choice(_OUTCOMES, f.NO_OUTCOME)
    survival = f.Nested(Survival)
    original = f.Text()
    proposed = f.Text()
    final = f.Text()
    decided_in_ms = f.Amount()
    name = f.Name()

    @validates_schema
    def _says_one_thing(self, body: Mapping[str, JSON], **_: Any) -> None:
        said = _given(body, "outcome", "survival")
        if said != 1:
            raise ValidationError(f.BOTH_OUTCOMES if said else f.NEEDS_OUTCOME)


class Comment(Part):
    """A sentence."""

    text = f.Text(required=True, validate=Length(min=1, error=f.EMPTY))
    category = f.Text()
    expected = f.Text()
    name = f.Name()


class Rating(Part):
    """A number on a scale."""

    value = f.Number(required=True, allow_none=True)
    min = f.Number()
    max = f.Number()
    name = f.Name()

    @validates_schema
    def _is_within_bounds(self, body: Mapping[str, JSON], **_: Any) -> None:
        value, low, high = body["value"], body.get("min"), body.get("max")
        if low is not None and high is not None and low > high:
            raise ValidationError(f.BOUNDS_REVERSED, "min")
        if value is None:
            return
        if (low is not None and value < low) or (high is not None and value > high):
            raise ValidationError(f.OUT_OF_BOUNDS, "value")


class Preference(Part):
    """One candidate rather than others."""

    chosen = f.Text(required=True)
    rejected = f.Items(f.Text())
    name = f.Name()


class Named(Part):
    """A signal or an outcome."""

    name = f.Name(required=True)
    value = f.Anything()


class Annotation(Part):
    """What an annotator says."""

    label = f.Text()
    score = f.Number()
    note = f.Text()
    expected = f.Text()
    rubric = f.Name()
    name = f.Name()

    @validates_schema
    def _says_something(self, body: Mapping[str, JSON], **_: Any) -> None:
        if not _given(body, "label", "score", "note", "expected"):
            raise ValidationError(f.NEEDS_ANNOTATION)


class Judgement(Part):
    """What another model says."""

    judge = f.Name(required=True)
    label = f.Text()
    score = f.Number()
    rationale = f.Text()
    rubric = f.Name()
    name = f.Name()

    @validates_schema
    def _says_something(self, body: Mapping[str, JSON], **_: Any) -> None:
        if not _given(body, "label", "score"):
            raise ValidationError(f.NEEDS_JUDGEMENT)


class Retraction(Part):
    """Takes an event back."""

    of = f.Uuid(required=True)


class Source(Part):
    """What made the event."""

    sdk = f.Text()


class Head(Part):
    """Everything of an event but its body."""

    id = f.Uuid(required=True)
    kind = f.Choice(Kind, f.UNKNOWN_KIND, required=True)
    target = f.Name(required=True)
    part = f.Name()
    occurred_at = f.Time()
    seq = f.Seq()
    actor = f.Name()
    anonymous = f.Name()
    session = f.Name()
    token = f.Text()
    sample_rate = f.Number(validate=Range(0, 1, min_inclusive=False, error=f.NO_RATE))
    source = f.Nested(Source)
    meta = f.Object()
    body = f.Object(required=True)


class RetractionHead(Head):
    """A retraction needs no target."""

    target = f.Name()


class Envelope(Part):
    """A request: events, and what is true of all of them."""

    sent_at = f.Time()
    key = f.Text()
    report = f.Object()
    events = f.Array(required=True)


BODIES: Mapping[Kind, Schema] = MappingProxyType(
    {
        Kind.INTERACTION: Interaction(),
        Kind.EXPOSURE: Exposure(),
        Kind.THUMB: Thumb(),
        Kind.DETAIL: Detail(),
        Kind.SUGGESTION: Suggestion(),
        Kind.COMMENT: Comment(),
        Kind.RATING: Rating(),
        Kind.PREFERENCE: Preference(),
        Kind.SIGNAL: Named(),
        Kind.OUTCOME: Named(),
        Kind.ANNOTATION: Annotation(),
        Kind.JUDGEMENT: Judgement(),
        Kind.RETRACTION: Retraction(),
    }
)
HEADS: Mapping[Kind, Schema] = MappingProxyType(
    {kind: RetractionHead() if kind is Kind.RETRACTION else Head() for kind in Kind}
)
ENVELOPE: Schema = Envelope()
ANY_HEAD: Schema = Head()
"""Judges an event whose kind is not known."""


def _given(body: Mapping[str, JSON], *names: str) -> int:
    return sum(body.get(name) is not None for name in names)
