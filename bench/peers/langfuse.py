"""langfuse: one score an event, with its defaults and an id, so that the server can tell repeats."""

from __future__ import annotations

import uuid

import langfuse

from bench.peers.text import INPUT, OUTPUT


class Langfuse:
    def __init__(self, client: langfuse.Langfuse) -> None:
        self._client = client

    def record(self, number: int) -> None:
        self._client.create_score(
            name="thumb",
            value=0.0,
            session_id=f"msg_{number}",
            score_id=str(uuid.uuid4()),
            data_type="BOOLEAN",
        )

    def record_interaction(self, number: int) -> None:
        self._client.create_score(
            name="answer",
            value=0.0,
            session_id=f"msg_{number}",
            score_id=str(uuid.uuid4()),
            comment=INPUT + OUTPUT,
        )

    def flush(self) -> None:
        self._client.flush()


def connect(url: str, folder: str) -> Langfuse:
    return Langfuse(langfuse.Langfuse(public_key="pk-bench", secret_key="sk-bench", base_url=url))
