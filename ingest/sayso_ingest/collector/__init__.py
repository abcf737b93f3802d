"""The collector: HTTP in, durable records out, and a result for every event.

In come requests of widgets and SDKs; out go records in the event log, answered only when they are durable.
It is public and write-only: it reads nothing but keys and what is set of their projects, and never sees the warehouse.
"""

from sayso_ingest.collector.app import create_app
from sayso_ingest.collector.group import GroupCommit, Receipt
from sayso_ingest.collector.rate import RateLimit
from sayso_ingest.collector.redacting import redactors

__all__ = ["GroupCommit", "RateLimit", "Receipt", "create_app", "redactors"]
