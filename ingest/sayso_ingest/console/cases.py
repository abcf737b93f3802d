"""An interaction that somebody picked by hand, as a case of an eval set."""

from __future__ import annotations

from typing import Any

from sayso_ingest.evalsets import EvalCase, case_of, read_heard
from sayso_ingest.mining import Query


def picked_case(query: Query, interaction: dict[str, Any], *, by: str, event_id: str) -> EvalCase:
    """Make the case, with what people expect of it now; `event_id` is what was said that made somebody pick it.

    Raises:
        UsageError: nothing was asked in it.
    """
    heard = read_heard(query, [interaction["target"]])
    return case_of(interaction, heard, reason=f"{by} picked it in the inbox", event_ids=[event_id])
