"""Passwords: what may be one, and the hashes that are kept of them (argon2id, RFC 9106)."""

from __future__ import annotations

import unicodedata
from functools import cache
from threading import Lock

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sayso_ingest.errors import UsageError

SHORTEST = 12
LONGEST = 256

_hasher = PasswordHasher()  # RFC 9106's profile for little memory: 64 MiB, 3 rounds
_one_at_a_time = Lock()
"""Each hash takes 64 MiB and a core: a crowd at the door must not take both from the pages."""


def check_password(password: str, *, name: str) -> None:
    """Refuse what cannot be a password.

    Raises:
        UsageError: it is too short or too long, or is the name, or holds what nobody can type again.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(
            f"A password has {SHORTEST} to {LONGEST} characters; this has {len(password)}. "
            "Four words are easier to keep than one odd one."
        )
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in password):
        raise UsageError("A password is one line of text, without tabs or control characters.")
    if _normal(password).lower() == name:
        raise UsageError("A password is not the user's own name. Choose another.")


def hash_password(password: str) -> str:
    """Return what to keep of a password."""
    with _one_at_a_time:
        return _hasher.hash(_normal(password))


def fits(kept: str | None, password: str) -> bool:
    """Say whether this is the password; None, for somebody who has none, takes as long and never fits."""
    nobody = _nobody()  # in any case, so that the first one takes as long too
    with _one_at_a_time:
        try:
            return _hasher.verify(kept or nobody, _normal(password[: LONGEST + 1])) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobody() -> str:
    """What is checked where there is nobody, so that a name that exists cannot be told from one that does not."""
    return hash_password("")


def _normal(password: str) -> str:
    """The same text, whichever way a keyboard composes its letters (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode()
