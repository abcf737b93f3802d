"""Pure: the key that verifies feedback tokens, derived from the `sk_` secret whose holder signs them."""

from __future__ import annotations

import hmac

PURPOSE = b"sayso-feedback-token-1"
"""Keys derived from the same secret for something else would be others."""


def token_key_of(secret: str) -> bytes:
    """Derive the key; the secret cannot be found from it."""
    return hkdf(secret.encode("utf-8", "surrogatepass"), info=PURPOSE)


def hkdf(secret: bytes, *, salt: bytes = b"", info: bytes, length: int = 32) -> bytes:
    """Derive a key from a secret (HKDF with SHA-256, RFC 5869)."""
    pseudorandom = hmac.digest(salt or bytes(32), secret, "sha256")
    block = derived = b""
    for number in range(1, -(-length // 32) + 1):
        block = hmac.digest(pseudorandom, block + info + bytes([number]), "sha256")
        derived += block
    return derived[:length]
