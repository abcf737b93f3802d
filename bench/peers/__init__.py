"""The clients that are measured: ours and the best known ones, each behind the same three functions.

A module of a client has `connect(url, folder)`, which returns an object with `record(number)` and `flush()`. Modules of
peers run in an environment of their own (`environment.py`), so nothing here may import what only ours has.
"""

PEERS = ("posthog", "langfuse", "segment", "sentry")
"""The modules of the peers."""
