"""Alerts: the team is told when a figure is past what it set, and once a week what was said.

In come `DIR/PROJECT/alerts.toml` and the published copy; out go messages to webhooks, and `DIR/PROJECT/alerts.json`,
which keeps what was told, so that nothing is told twice. It must not know the log, the lander or the collector, and
no address of a webhook is ever said: it is a secret.

`look` says what would fire now. `tell` looks, at most once a day, posts what is new, and remembers it.
"""

from __future__ import annotations

from sayso_ingest.alerts.firing import Judged
from sayso_ingest.alerts.rules import Rules, exposed, read_rules
from sayso_ingest.alerts.telling import Told, look, tell

__all__ = ["Judged", "Rules", "Told", "exposed", "look", "read_rules", "tell"]
