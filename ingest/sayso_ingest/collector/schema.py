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


class WireObject(Schema):
    """An object of the wire: what it does not know, it lets pass."""

    class Meta:
        """Options of marshmallow."""

        unknown = INCLUDE
        register = False

    error_messages = {"type": f.MUST_BE_AN_OBJECT}  # noqa: RUF012 - declared so by marshmallow

    def objection(self, given: Mapping[str, JSON]) -> f.Objection | None:
        """Say what is wrong with fields that are each right, when they are looked at together."""

    @validates_schema
    def _as_a_whole(self, given: Mapping[str, JSON], **_: Any) -> None:
        if objection := self.objection(given):
            raise ValidationError(*objection)


class Message(WireObject):
    """One turn of a conversation."""

    role = f.Text(required=True)
    content = f.Content()


class Prompt(WireObject):
    """The prompt that was used, and where its text stands in git."""

    name = f.Text()
    version = f.Text()
    commit = f.Text()
    dirty = f.Flag()
    path = f.Text()


class Context(WireObject):
    """A text that was given to the model."""

    id = f.Text()
    text = f.Text()


class Variant(WireObject):
    """The arm of an experiment."""

    experiment = f.Text()
    arm = f.Text()


class Candidate(WireObject):
    """One of several answers that were made."""

    id = f.Text(required=True)
    output = f.Messages(Message)
    model = f.Text()
    score = f.Number()
    critique = f.Text()


class Chosen(WireObject):
    """The candidate that was shown, and what chose it."""

    id = f.Text(required=True)
    by = f.Text()


class Trace(WireObject):
    """Where the interaction is found in a tracing system."""

    trace_id = f.Text()
    span_id = f.Text()


class Survival(WireObject):
    """How much of a suggestion is left after a while."""

    after_s = f.Amount(required=True)
    kept = f.Number(required=True, validate=Range(0, 1, error=f.MUST_BE_A_SHARE))


class Interaction(WireObject):
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


class Exposure(WireObject):
    """A widget was really seen."""

    surface = f.Choice(_SURFACES, f.MUST_BE_A_SURFACE, required=True)
    visible_ms = f.Amount()


class Thumb(WireObject):
    """Up, down, or taken back."""

    value = f.Choice(_THUMBS, f.MUST_BE_A_THUMB, required=True, allow_none=True)
    previous = f.Choice(_THUMBS, f.MUST_BE_A_THUMB)
    name = f.Name()


class Detail(WireObject):
    """What is said after the first click."""

    about = f.Uuid(required=True)
    reasons = f.Items(f.Text())
    comment = f.Text()

    def objection(self, given: Mapping[str, JSON]) -> f.Objection | None:
        """It says something."""
        return None if _given(given, "reasons", "comment") else f.Objection(f.NEEDS_DETAIL)


class Suggestion(WireObject):
    """The outcome of proposed text, or what is left of it later."""

    outcome = f.Choice(_OUTCOMES, f.MUST_BE_AN_OUTCOME)
    survival = f.Nested(Survival)
    original = f.Text()
    proposed = f.Text()
    final = f.Text()
    decided_in_ms = f.Amount()
    name = f.Name()

    def objection(self, given: Mapping[str, JSON]) -> f.Objection | None:
        """It says one thing."""
        said = _given(given, "outcome", "survival")
        if said == 1:
            return None
        return f.Objection(f.NEEDS_ONE_OUTCOME if said else f.NEEDS_OUTCOME)


class Comment(WireObject):
    """A sentence."""

    text = f.Text(required=True, validate=Length(min=1, error=f.MUST_NOT_BE_EMPTY))
    category = f.Text()
    expected = f.Text()
    name = f.Name()


class Rating(WireObject):
    """A number on a scale."""

    value = f.Number(required=True, allow_none=True)
    min = f.Number()
    max = f.Number()
    name = f.Name()

    def objection(self, given: Mapping[str, JSON]) -> f.Objection | None:
        """Its value is within its bounds."""
        value, low, high = given["value"], given.get("min"), given.get("max")
        if low is not None and high is not None and low > high:
            return f.Objection(f.MIN_MUST_NOT_EXCEED_MAX, "min")
        if value is not None and ((low is not None and value < low) or (high is not None and value > high)):
            return f.Objection(f.MUST_BE_WITHIN_BOUNDS, "value")
        return None


class Preference(WireObject):
    """One candidate rather than others."""

    chosen = f.Text(required=True)
    rejected = f.Items(f.Text())
    name = f.Name()


class Named(WireObject):
    """A signal or an outcome."""

    name = f.Name(required=True)
    value = f.Anything()


class Annotation(WireObject):
    """What an annotator says."""

    label = f.Text()
    score = f.Number()
    note = f.Text()
    expected = f.Text()
    rubric = f.Name()
    name = f.Name()

    def objection(self, given: Mapping[str, JSON]) -> f.Objection | None:
        """It says something."""
        said = _given(given, "label", "score", "note", "expected")
        return None if said else f.Objection(f.NEEDS_ANNOTATION)


class Judgement(WireObject):
    """What another model says."""

    judge = f.Name(required=True)
    label = f.Text()
    score = f.Number()
    rationale = f.Text()
    rubric = f.Name()
    name = f.Name()

    def objection(self, given: Mapping[str, JSON]) -> f.Objection | None:
        """It says something."""
        return None if _given(given, "label", "score") else f.Objection(f.NEEDS_JUDGEMENT)


class Retraction(WireObject):
    """Takes an event back."""

    of = f.Uuid(required=True)


class Source(WireObject):
    """What made the event."""

    sdk = f.Text()


class Head(WireObject):
    """Everything of an event but its body."""

    id = f.Uuid(required=True)
    kind = f.Choice(Kind, f.MUST_BE_A_KIND, required=True)
    target = f.Name(required=True)
    part = f.Name()
    occurred_at = f.Time()
    seq = f.Seq()
    actor = f.Name()
    anonymous = f.Name()
    session = f.Name()
    token = f.Text()
    sample_rate = f.Number(validate=Range(0, 1, min_inclusive=False, error=f.MUST_BE_A_RATE))
    source = f.Nested(Source)
    meta = f.Object()
    body = f.Object(required=True)


class RetractionHead(Head):
    """A retraction needs no target."""

    target = f.Name()


class EnvelopeSchema(WireObject):
    """A request: events, and what is true of all of them."""

    sent_at = f.Time()
    key = f.Text()
    report = f.Object()
    events = f.Array(required=True)


BODIES: Mapping[Kind, WireObject] = MappingProxyType(
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
HEADS: Mapping[Kind, WireObject] = MappingProxyType(
    {kind: RetractionHead() if kind is Kind.RETRACTION else Head() for kind in Kind}
)
ENVELOPE: WireObject = EnvelopeSchema()
ANY_HEAD: WireObject = Head()
"""Judges an event whose kind is not known."""


def _given(fields: Mapping[str, JSON], *names: str) -> int:
    return sum(fields.get(name) is not None for name in names)
