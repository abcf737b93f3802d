"""Pure: secrets out of bytes that are to be kept."""

from __future__ import annotations

import re

_SECRET = re.compile(rb"(sk|pk|ak)_[A-Za-z0-9_-]{20,}")
_SIGNED = re.compile(rb"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_TOKEN = re.compile(rb'("token"\s*:\s*")(?:[^"\\]|\\.)+')


def redact(raw: bytes) -> bytes:
    """Blank out everything that looks like a key's secret or a signed token, and the value of every `token`."""
    return _TOKEN.sub(rb"\1REDACTED", _SIGNED.sub(b"REDACTED", _SECRET.sub(rb"\1_REDACTED", raw)))
