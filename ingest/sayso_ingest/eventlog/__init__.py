"""The durable log between collectors and lander.

In come records of one project (bytes, see `sayso_ingest.record`), out come the same bytes with their place.
Nothing here looks inside a record, and nothing knows about HTTP or the warehouse.
"""

from sayso_ingest.eventlog.base import Entry, LogReader, LogWriter, Positions
from sayso_ingest.eventlog.memory import MemoryLog
from sayso_ingest.eventlog.open import open_reader, open_writer
from sayso_ingest.eventlog.reserve import LANDING, Reserved, Room, left_over, reserved_bytes
from sayso_ingest.eventlog.security import PLAINTEXT, Security
from sayso_ingest.eventlog.sqlite_copy import CopiedLog, copy_log, count_records
from sayso_ingest.eventlog.sqlite_files import damaged as damaged_files
from sayso_ingest.eventlog.sqlite_files import strangers as strange_files
from sayso_ingest.eventlog.sqlite_files import written as written_files
from sayso_ingest.eventlog.sqlite_rewrite import rewrite_log
from sayso_ingest.eventlog.waiting import LandedMark, Sizes, waiting_bytes

__all__ = [
    "LANDING",
    "PLAINTEXT",
    "CopiedLog",
    "Entry",
    "LandedMark",
    "LogReader",
    "LogWriter",
    "MemoryLog",
    "Positions",
    "Reserved",
    "Room",
    "Security",
    "Sizes",
    "copy_log",
    "count_records",
    "damaged_files",
    "left_over",
    "open_reader",
    "open_writer",
    "reserved_bytes",
    "rewrite_log",
    "strange_files",
    "waiting_bytes",
    "written_files",
]
