"""Our client, in memory or with a spool; thumbs, thumbs with meta, and interactions with 2 KB of text."""

from __future__ import annotations

import sayso

from bench.peers.text import INPUT, OUTPUT


class Sayso:
    def __init__(self, client: sayso.Client) -> None:
        self._client = client

    def record(self, number: int) -> None:
        self._client.thumb(f"msg_{number}", value="down", actor="u_12")

    def record_meta(self, number: int) -> None:
        self._client.thumb(f"msg_{number}", value="down", actor="u_12", meta={"page": "/help", "row": 3})

    def record_interaction(self, number: int) -> None:
        self._client.interaction(
            f"msg_{number}", input=INPUT, output=OUTPUT, model="large-1", actor="u_12", session="s_1"
        )

    def flush(self) -> None:
        self._client.flush(10)

    def waits(self) -> bool:
        """Whether something is not sent yet: what the next run waits for, where there is a spool."""
        return self._client.stats().waiting > 0


def connect(url: str, folder: str) -> Sayso:
    return Sayso(sayso.Client(url, "sk_bench", spool_dir=folder or None))
