"""Rows: what readers see of the warehouse, and what SQL may join with it."""

from __future__ import annotations

from dataclasses import dataclass

from sayso_ingest import parsers
from sayso_ingest.settings.row import setting


@dataclass(frozen=True)
class WarehouseRows:
    """What readers see of the warehouse, and what SQL may join with it."""

    publish_interval: float = setting(
        1.0,
        "Seconds between two published copies of the warehouse, when something changed; more where a copy costs much.",
        parsers.number(float, 0.0, 86400.0),
        "0 to 86400",
    )
    retention: str = setting(
        "",
        "How long what is kept, KIND=AGE separated by commas: a kind of event, rejects, or all for the rest; for ever, "
        "where it does not say. A project may have its own (sayso projects set NAME --keep).",
        parsers.matching(parsers.RETENTION),
        "as in all=730d,interaction=90d,rejects=30d: days or hours, or ever",
    )
    attach: str = setting(
        "",
        "Files that SQL may join with feedback, NAME=FILE separated by ;: of DuckDB, whose tables are then NAME.TABLE, "
        "or Parquet or CSV (* stands for several), which is the table NAME.",
        parsers.attach,
        "NAME=FILE;NAME=FILE, each name once and none of warehouse, evals, main, memory, system and temp; a file "
        "ends in .duckdb, .db, .parquet or .csv",
    )
