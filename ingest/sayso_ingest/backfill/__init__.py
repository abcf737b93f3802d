"""What should have come before: past feedback from files, and refused events that were mended.

In come rows of JSONL, CSV and Parquet files, and rejects of the published copy; out go events, sent through the
collector like any client's, with the same ids each time. It must not know the log or the lander.
"""

from sayso_ingest.backfill.deliver import BATCH_BYTES, Deliverer, Outcome, encode, in_batches
from sayso_ingest.backfill.ids import time_ordered_id
from sayso_ingest.backfill.mapping import Recipe, Unmappable, to_event
from sayso_ingest.backfill.refused import (
    LANDED,
    REFUSED_AGAIN,
    Refused,
    Selection,
    read_mended,
    refused,
    statement,
    whole_id,
)
from sayso_ingest.backfill.replay import Skipped, mended, secret_keys, send, value_of
from sayso_ingest.backfill.rows import SourceRow, columns_of, count_rows, read_rows

__all__ = [
    "BATCH_BYTES",
    "LANDED",
    "REFUSED_AGAIN",
    "Deliverer",
    "Outcome",
    "Recipe",
    "Refused",
    "Selection",
    "Skipped",
    "SourceRow",
    "Unmappable",
    "columns_of",
    "count_rows",
    "encode",
    "in_batches",
    "mended",
    "read_mended",
    "read_rows",
    "refused",
    "secret_keys",
    "send",
    "statement",
    "time_ordered_id",
    "to_event",
    "value_of",
    "whole_id",
]
