"""The steps that an event passes to be accepted, as a list that can be read aloud. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sayso_ingest.collector.faults import Fault, event_fault
from sayso_ingest.collector.limits import DEPTH, DIGITS, NAME_KEPT, event_limit
from sayso_ingest.collector.raw import encode_anything
from sayso_ingest.collector.sender import Sender
from sayso_ingest.collector.tokens import claims_for
from sayso_ingest.event import BROWSER_KINDS, JSON, Reason, Rejection
from sayso_ingest.keys import KeyKind, redact
from sayso_ingest.record import encode_json
from sayso_ingest.redaction import MARK

VERIFIED: Mapping[KeyKind, bytes] = MappingProxyType(
    {"sk": b',"verified":true}', "pk": b',"verified":false}'}
)
"""How an event without a token ends that is kept: it is verified when it came with a secret key."""


@dataclass(slots=True)
class Draft:
    """An event on its way, and what the steps before have found out."""

    event: JSON
    sender: Sender
    encoded: bytes = b""
    signed: bool = False


def accept(event: JSON, sender: Sender) -> bytes | Rejection:
    """Let an event pass all steps; return what the log keeps of it, or why it is refused."""
    return passed(Draft(event, sender))


def passed(draft: Draft) -> bytes | Rejection:
    """Take a draft through the steps; afterwards it says what they made of it."""
    for step in STEPS:
        fault = step(draft)
        if fault is not None:
            return _reject(draft, fault)
    return draft.encoded


def is_an_object(draft: Draft) -> Fault | None:
    """An event is a JSON object."""
    if isinstance(draft.event, dict):
        return None
    return Fault.of(Reason.NOT_AN_OBJECT, "An event is a JSON object with id, kind, target and body.")


def loses_what_we_say(draft: Draft) -> None:
    """What a client calls verified or redacted is no matter: `gets_verified` says it, and `redacting`."""
    for name in ("verified", MARK):
        if name in draft.event:
            draft.event = _without(draft.event, name)


def can_be_encoded(draft: Draft) -> Fault | None:
    """An event is valid JSON in valid UTF-8. The one pass that measures it also finds what is not."""
    try:
        draft.encoded = encode_json(draft.event)
    except UnicodeEncodeError:
        return Fault.of(
            Reason.LONE_SURROGATE, "A text holds half of a surrogate pair. Send whole characters."
        )
    except RecursionError:
        return _too_deep()
    except ValueError:
        return Fault.of(
            Reason.INVALID_NUMBER,
            f"A number is NaN, infinite, or an integer of more than {DIGITS} digits. Send null, or a text.",
        )
    return None


def is_small_enough(draft: Draft) -> Fault | None:
    """It has at most as many bytes as its kind may have."""
    limit = event_limit(draft.event.get("kind"))
    if len(draft.encoded) <= limit:
        return None
    return Fault.of(
        Reason.TOO_LARGE,
        f"This event has {len(draft.encoded)} bytes, at most {limit} are taken. Shorten its texts.",
        bytes=len(draft.encoded),
        limit=limit,
    )


def is_shallow_enough(draft: Draft) -> Fault | None:
    """Its objects and lists do not lie too deep inside each other."""
    return _too_deep() if may_be_too_deep(draft.encoded) and depth(draft.event) > DEPTH else None


def has_the_shape(draft: Draft) -> Fault | None:
    """Its fields are those of its kind."""
    return event_fault(draft.event)


def may_be_sent(draft: Draft) -> Fault | None:
    """A publishable key sends only what a person in a page can say."""
    if may_send(draft.sender.kind, draft.event["kind"]):
        return None
    return Fault.of(
        Reason.KIND_NOT_ALLOWED,
        f"A pk_ key may not send the kind {draft.event['kind']}. Send it from a back end with an sk_ key.",
    )


def shows_a_good_token(draft: Draft) -> Fault | None:
    """A token that comes with it is good, whoever sends it; some publishable keys send none without."""
    token = draft.event.get("token")
    if not token:
        return _unsigned() if wants_a_token(draft.sender) else None
    claims = claims_for(draft.event, token, draft.sender)
    if isinstance(claims, Fault):
        return claims
    draft.signed = True
    if claims.actor is not None:
        draft.event = {**draft.event, "actor": claims.actor}
    return None


def loses_its_token(draft: Draft) -> None:
    """A token speaks for its bearer: nobody shall read it from what is stored, and use it."""
    if "token" in draft.event:
        draft.event = _without(draft.event, "token")
        draft.encoded = encode_json(draft.event)


def gets_verified(draft: Draft) -> None:
    """An event is verified when it came with a secret key or with a token."""
    draft.encoded = draft.encoded[:-1] + VERIFIED["sk" if draft.signed else draft.sender.kind]


Step = Callable[[Draft], Fault | None]
"""Finds what is wrong with an event, or changes what is kept of it."""

STEPS: Sequence[Step] = (
    is_an_object,
    loses_what_we_say,
    can_be_encoded,
    is_small_enough,
    is_shallow_enough,
    has_the_shape,
    may_be_sent,
    shows_a_good_token,
    loses_its_token,
    gets_verified,
)


def may_send(key_kind: KeyKind, kind: str) -> bool:
    """Say whether a key of this kind may send this kind of event."""
    return key_kind == "sk" or kind in BROWSER_KINDS


def wants_a_token(sender: Sender) -> bool:
    """Say whether an event of this sender has to come with a token."""
    return sender.signed_only and sender.kind == "pk"


def may_be_too_deep(encoded: bytes) -> bool:
    """Say whether an event has more brackets than levels allowed; counting them is quick, and most have a few."""
    return encoded.count(b"{") + encoded.count(b"[") > DEPTH


def depth(value: JSON) -> int:
    """How many objects and lists lie inside each other. Iterative, for hostile input is deep."""
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        item, level = waiting.pop()
        if isinstance(item, dict | list):
            deepest = max(deepest, level)
            inside = item.values() if isinstance(item, dict) else item
            waiting.extend((child, level + 1) for child in inside)
    return deepest


def _too_deep() -> Fault:
    return Fault.of(
        Reason.TOO_DEEP,
        f"Objects and lists lie more than {DEPTH} deep. Send what is deeper as a text.",
        limit=DEPTH,
    )


def _unsigned() -> Fault:
    return Fault.of(
        Reason.UNSIGNED,
        "This key sends signed events alone. Give the widget a token, which your back end signs: Client.token()",
    )


def _without(event: dict[str, JSON], name: str) -> dict[str, JSON]:
    return {field: value for field, value in event.items() if field != name}


def _reject(draft: Draft, fault: Fault) -> Rejection:
    """Keep what was refused, its token aside: `loses_its_token` says why."""
    event, encoded, event_id, kind = draft.event, draft.encoded, None, None
    if isinstance(event, dict):
        event_id, kind = (_name(event.get(name)) for name in ("id", "kind"))
        if "token" in event:
            event, encoded = _without(event, "token"), b""
    raw = redact(encoded or encode_anything(event))
    return Rejection.of(raw, fault.reason, detail=fault.detail, event_id=event_id, kind=kind)


def _name(value: JSON) -> str | None:
    """A text as far as it can be stored in a column."""
    return value[:NAME_KEPT].encode("utf-8", "replace").decode() if isinstance(value, str) else None
