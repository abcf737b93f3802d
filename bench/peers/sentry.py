"""sentry-sdk: one message an event, with its defaults."""

from __future__ import annotations

import sentry_sdk

from bench.peers.text import INPUT, OUTPUT


class Sentry:
    def record(self, number: int) -> None:
        sentry_sdk.capture_event({"message": f"msg_{number} down", "level": "info"})

    def record_interaction(self, number: int) -> None:
        sentry_sdk.capture_event({"message": INPUT + OUTPUT, "level": "info"})

    def flush(self) -> None:
        sentry_sdk.flush(timeout=10)


def connect(url: str, folder: str) -> Sentry:
    sentry_sdk.init(dsn=f"{url.replace('//', '//bench@')}/1")
    return Sentry()
