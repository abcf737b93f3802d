"""Pure: which targets a sample keeps. Every client, in any language, keeps the same ones."""

from __future__ import annotations

import hashlib
from numbers import Number
from typing import Any


def keeps(target: str, rate: float) -> bool:
    """Say whether a sample of this rate (0 to 1) keeps what is about a target: all of it, or none of it.

    The first 48 bits of the SHA-256 of the target in UTF-8, read as a number, lie below rate * 2**48. 48 bits, because
    JavaScript's numbers are exact up to 2**53: there it is `parseInt(hexDigest.slice(0, 12), 16) < rate * 2 ** 48`.
    A larger rate keeps everything that a smaller one keeps.
    """
    digest = hashlib.sha256(target.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:6]) < rate * 2**48


def combined(rate: float, given: Any) -> Any:
    """Return the rate of what was sampled here, and before by whoever passed his own rate with the event.

    What is no number, or too large for one, is returned as it is, for the rules of the wire to refuse.
    """
    if given is None:
        return rate
    if isinstance(given, bool) or not isinstance(given, Number):
        return given
    try:
        return rate * float(given)  # type: ignore[arg-type]  # `Number` promises nothing
    except Exception:  # whatever the application's own number does
        return given
