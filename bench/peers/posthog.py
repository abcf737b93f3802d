"""posthog: one capture an event, with its defaults."""

from __future__ import annotations

import posthog

from bench.peers.text import INPUT, OUTPUT


class Posthog:
    def __init__(self, client: posthog.Posthog) -> None:
        self._client = client

    def record(self, number: int) -> None:
        self._client.capture(
            "thumb", distinct_id="u_12", properties={"target": f"msg_{number}", "value": "down"}
        )

    def record_interaction(self, number: int) -> None:
        self._client.capture(
            "answer", distinct_id="u_12", properties={"target": f"msg_{number}", "text": INPUT + OUTPUT}
        )

    def flush(self) -> None:
        self._client.flush()


def connect(url: str, folder: str) -> Posthog:
    return Posthog(posthog.Posthog("phc_bench", host=url))
