"""Pure: a feedback token -> what it says, or why it says nothing. No message holds any of the token."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import jwt

from sayso_ingest.collector.faults import Fault
from sayso_ingest.collector.limits import NAME_CHARACTERS, TOKEN_CHARACTERS
from sayso_ingest.collector.sender import Sender
from sayso_ingest.event import JSON, Event, Reason

LEEWAY = 60.0
"""Seconds by which the clocks of a back end and of a collector may differ."""

# Three parts of base64url. What is signed are the letters of the first two. Of the signature's last letter two bits are
# of no use: they have to be 0, so that there is one way to write a token, and whatever is changed makes another one.
_FORM = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")
_END_OF_TIME = 1e12
_VERIFIER = jwt.PyJWS(algorithms=["HS256"])
_UNREADABLE = (jwt.InvalidTokenError, ValueError, RecursionError)


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says: feedback about this target is asked for, and of this actor, if one is named."""

    target: str
    actor: str | None


def claims_for(event: Event, token: str, sender: Sender) -> Claims | Fault:
    """Verify the token that came with an event, and hold the event against what it says."""
    payload = _verified(token, sender)
    if isinstance(payload, Fault):
        return payload
    claims = _claims(payload, sender.now)
    if isinstance(claims, Fault):
        return claims
    if event.get("target") != claims.target:
        return _bad("The token is for another target. Give the widget the token that was signed for its own.")
    if event.get("actor") not in (None, claims.actor):
        return _bad(
            "The token is not for this actor. Sign one that names the event's actor, or leave that out."
        )
    return claims


def _verified(token: str, sender: Sender) -> bytes | Fault:
    """Return what was signed, if it was signed by a back end of the project and nobody changed it."""
    if len(token) > TOKEN_CHARACTERS:
        return _bad(f"The token has more than {TOKEN_CHARACTERS} characters.")
    if not _FORM.fullmatch(token):
        return _bad("The token is not whole, or is none. `Client.token()` signs them.")
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        secret = _secret(kid, sender)
        if isinstance(secret, Fault):
            return secret
        return _VERIFIER.decode(token, secret, algorithms=["HS256"])  # type: ignore[no-any-return]
    except _UNREADABLE:
        return _bad("The token was changed, or signed with something else than the key that it names.")


def _secret(kid: JSON, sender: Sender) -> bytes | Fault:
    key = sender.find_key(kid) if isinstance(kid, str) else None
    if key is None or key.kind != "sk" or key.project != sender.project:
        return _bad("The token names no sk_ key of this project. Sign it with one of the project's own.")
    if key.revoked_at is not None:
        return _bad("The sk_ key that signed the token was revoked. Sign with the one that took its place.")
    if key.token_key is None:
        return _bad(
            "The sk_ key that signed the token was made before there were tokens. Sign with a new one: "
            "sayso keys create --kind sk"
        )
    return key.token_key


def _claims(payload: bytes, now: float) -> Claims | Fault:
    try:
        said = json.loads(payload)
    except _UNREADABLE:
        said = None
    said = said if isinstance(said, dict) else {}
    target, actor = said.get("target"), said.get("actor")
    expires: JSON = said.get("exp")
    if not isinstance(target, str) or not _is_an_actor(actor) or not _is_a_time(expires):
        return _bad(
            f"The token has to say target (a text), exp (seconds since 1970), and actor (1 to {NAME_CHARACTERS} "
            "characters) or none."
        )
    if now > expires + LEEWAY:
        return Fault.of(
            Reason.TOKEN_EXPIRED,
            "The token has expired. Sign a new one when the page is made anew, or for longer: expires=...",
        )
    return Claims(target, actor)


def _is_an_actor(value: JSON) -> bool:
    if value is None:
        return True
    whole = isinstance(value, str) and not _HALF_A_PAIR.search(value)
    return whole and 1 <= len(value) <= NAME_CHARACTERS


def _is_a_time(value: JSON) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < _END_OF_TIME


def _bad(message: str) -> Fault:
    return Fault.of(Reason.BAD_TOKEN, message)
