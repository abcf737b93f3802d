"""The lander: moves records from the event log into the warehouse, exactly once per event id.

In come records from the positions that stand in the warehouse; out go rows, rejects and new positions, in one
transaction. It must not know HTTP, and it asks no questions of what it landed.
"""

from sayso_ingest.lander.lander import HAND_OVER, Lander
from sayso_ingest.lander.read import Read, read_entries
from sayso_ingest.lander.run import run

__all__ = ["HAND_OVER", "Lander", "Read", "read_entries", "run"]
