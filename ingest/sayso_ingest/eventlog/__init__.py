"""The durable log between collectors and lander.

In come records of one project (bytes, see `sayso_ingest.record`), out come the same bytes with their place.
Nothing here looks inside a record, and nothing knows about HTTP or the warehouse.
"""

from sayso_ingest.eventlog.base import Entry, LogReader, LogWriter, Positions
from sayso_ingest.eventlog.memory import MemoryLog
from sayso_ingest.eventlog.open import open_reader, open_writer
from sayso_ingest.eventlog.sqlite_files import aside

__all__ = ["Entry", "LogReader", "LogWriter", "MemoryLog", "Positions", "aside", "open_reader", "open_writer"]
