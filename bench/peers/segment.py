"""segment-analytics-python: one track an event, with its defaults."""

from __future__ import annotations

from segment.analytics.client import Client

from bench.peers.text import INPUT, OUTPUT


class Segment:
    def __init__(self, client: Client) -> None:
        self._client = client

    def record(self, number: int) -> None:
        self._client.track("u_12", "thumb", {"target": f"msg_{number}", "value": "down"})

    def record_interaction(self, number: int) -> None:
        self._client.track("u_12", "answer", {"target": f"msg_{number}", "text": INPUT + OUTPUT})

    def flush(self) -> None:
        self._client.flush()


def connect(url: str, folder: str) -> Segment:
    return Segment(Client("bench", host=url))
