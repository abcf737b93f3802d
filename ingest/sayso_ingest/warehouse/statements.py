"""The named statements of the live file, read from `statements.sql`."""

from __future__ import annotations

from importlib.resources import files

from sayso_ingest.warehouse.definition import read_statements

STATEMENTS = read_statements(files("sayso_ingest.warehouse") / "statements.sql")
