"""Feedback tokens: with one a page shows that the application itself asked this person about this target.

A token is a JWT (HS256) that says `target`, `exp` and, where it is known, `actor`. It is signed without asking anybody,
with a key that only this application and the collector's keys.json have: it is derived from the `sk_` secret, and the
secret cannot be found from it. The header's `kid` is the id of that `sk_` key. The collector has code of its own for
this; both are held to tests/contract/tokens.json.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import math
from datetime import datetime, timedelta

import jwt

from sayso.errors import ConfigurationError, InvalidEvent
from sayso.kinds import SMALL
from sayso.plain import plain
from sayso.rules import label

PURPOSE = b"sayso-feedback-token-1"
"""Keys derived from the same secret for something else would be others."""
DEFAULT_EXPIRES = timedelta(days=7)
"""As long as a browser that is offline may hold on to a click."""
LONGEST_EXPIRES = timedelta(days=366)

_SIGNER = jwt.PyJWS(algorithms=["HS256"])
_WRONG_KEY = (
    "Only a client with an sk_ key can sign feedback tokens. Make one, and keep it in the back end: "
    "sayso keys create --kind sk"
)


class Signer:
    """Signs tokens with the key that is derived from a secret; it holds no other secret, and shows none."""

    __slots__ = ("_key", "_kid")

    def __init__(self, secret: str) -> None:
        given = secret.encode("utf-8", "surrogatepass")
        self._key = hkdf(given, info=PURPOSE) if secret.startswith("sk_") else None
        self._kid = f"key_{hashlib.sha256(given).hexdigest()[:12]}"

    def sign(
        self, target: object, actor: object = None, *, expires: float | timedelta | None, now: datetime
    ) -> str:
        """Make a token for feedback about `target`, by `actor` if one is named.

        Raises:
            ConfigurationError: there is no sk_ key, or one of them cannot be what it should be.
        """
        if self._key is None:
            raise ConfigurationError(_WRONG_KEY)
        claims: dict[str, object] = {"target": _name("target", target)}
        if actor is not None:
            claims["actor"] = _name("actor", actor)
        claims["exp"] = math.ceil(now.timestamp() + _seconds(expires))
        payload = json.dumps(claims, ensure_ascii=False, separators=(",", ":")).encode()
        return _SIGNER.encode(payload, self._key, algorithm="HS256", headers={"kid": self._kid})


def hkdf(secret: bytes, *, salt: bytes = b"", info: bytes, length: int = 32) -> bytes:
    """Derive a key from a secret (HKDF with SHA-256, RFC 5869)."""
    pseudorandom = hmac.digest(salt or bytes(32), secret, "sha256")
    block = derived = b""
    for number in range(1, -(-length // 32) + 1):
        block = hmac.digest(pseudorandom, block + info + bytes([number]), "sha256")
        derived += block
    return derived[:length]


def _name(field: str, value: object) -> str:
    """Take what an event could have as its target or actor, in the form in which the event would have it."""
    try:
        said = plain(value, room=SMALL)
        label(field, said)
    except InvalidEvent as error:
        raise ConfigurationError(
            f"A feedback token cannot be signed: {error}. Give the {field} that the widget has."
        ) from None
    return str(said)


def _seconds(expires: float | timedelta | None) -> float:
    given = DEFAULT_EXPIRES if expires is None else expires
    seconds = given.total_seconds() if isinstance(given, timedelta) else given
    if (
        isinstance(seconds, bool)
        or not isinstance(seconds, (int, float))
        or not 0 < seconds <= LONGEST_EXPIRES.total_seconds()
    ):
        raise ConfigurationError(
            f"A feedback token cannot expire after {expires!r}. Give seconds or a timedelta, "
            f"up to {LONGEST_EXPIRES.days} days."
        )
    return seconds
