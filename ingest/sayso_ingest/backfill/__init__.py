"""What should have come before: past feedback from files, and refused events that were mended.

In come rows of JSONL, CSV and Parquet files, and rejects of the published copy; out go events, sent through the
collector like any client's, with the same ids each time. It must not know the log or the lander.
"""

from sayso_ingest.backfill.deliver import BATCH_BYTES, Deliverer, Outcome, in_batches
from sayso_ingest.backfill.ids import time_ordered_id
from sayso_ingest.backfill.mapping import Recipe, Unmappable, to_event
from sayso_ingest.backfill.refused import (
    BEYOND_ITS_KEY,
    LANDED,
    Refused,
    Selection,
    is_beyond_its_key,
    mend,
    read_mended,
    refused,
    statement,
    whole_id,
)
from sayso_ingest.backfill.rows import SourceRow, columns_of, count_rows, read_rows

__all__ = [
    "BATCH_BYTES",
    "BEYOND_ITS_KEY",
    "LANDED",
    "Deliverer",
    "Outcome",
    "Recipe",
    "Refused",
    "Selection",
    "SourceRow",
    "Unmappable",
    "columns_of",
    "count_rows",
    "in_batches",
    "is_beyond_its_key",
    "mend",
    "read_mended",
    "read_rows",
    "refused",
    "statement",
    "time_ordered_id",
    "to_event",
    "whole_id",
]
