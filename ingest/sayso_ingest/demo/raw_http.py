"""Plain HTTP to the collector, for what no SDK would send."""

from __future__ import annotations

import json
import time
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from sayso_ingest.errors import SaysoError

_BUSY = (429, 503)
_ATTEMPTS = 20


class RawPost:
    """One connection to a collector; sends again what it is asked to send again."""

    def __init__(self, url: str) -> None:
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=30)

    def __call__(self, body: bytes, *, key: str, origin: str | None = None) -> tuple[int, Any]:
        """Post a body; return the status and the answer.

        Raises:
            SaysoError: the collector stays busy, or asks for the same events over and over.
        """
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        if origin:
            headers["Origin"] = origin
        for attempt in range(_ATTEMPTS):
            self._connection.request("POST", "/v1/events", body, headers)
            response = self._connection.getresponse()
            answer = json.loads(response.read())
            if response.status not in _BUSY and not _wants_again(answer):
                return response.status, answer
            time.sleep(min(0.05 * 2**attempt, 2))
        raise SaysoError(
            f"The collector still answers {response.status} after {_ATTEMPTS} attempts: {answer}"
        )

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _wants_again(answer: Any) -> bool:
    return any(result.get("status") == "retry" for result in answer.get("results", ()))
