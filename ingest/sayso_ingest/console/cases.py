"""An interaction that somebody picked by hand, as a case of an eval set."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sayso_ingest.errors import UsageError
from sayso_ingest.evalsets import EvalCase, Provenance, set_names
from sayso_ingest.mining import question_id

STRATEGY = "picked"


def case_of(interaction: Mapping[str, Any], *, by: str, event_id: str) -> EvalCase:
    """Make the case; `event_id` is what was said that made somebody pick it.

    Raises:
        UsageError: nothing was asked in it.
    """
    question = interaction["input"] or ""
    messages = _decoded(interaction["input_messages"])
    if not question.strip():
        raise UsageError("This interaction has no input, so there is no question to make a case of.")
    return EvalCase(
        case_id=question_id(question, messages),
        input=question,
        input_messages=messages,
        variables=_decoded(interaction["variables"]),
        output=interaction["output"],
        expected=None,
        reference_kind="none",
        stratum="mined",
        inclusion_probability=None,
        topic="",
        tags=tuple(interaction["tags"] or ()),
        provenance=Provenance(
            target=interaction["target"],
            event_ids=(str(interaction["event_id"]), event_id),
            reason=f"{by} picked it in the inbox",
            strategy=STRATEGY,
            embedder="",
            prompt_name=interaction["prompt_name"],
            prompt_version=interaction["prompt_version"],
            model=interaction["model"],
            evidence="said",
        ),
    )


def set_names_of(folder: Path) -> list[str]:
    """The sets that have a version or candidates, to choose from."""
    mined = folder / "mining"
    proposed = {path.name for path in mined.iterdir() if path.is_dir()} if mined.is_dir() else set()
    return sorted({*set_names(folder), *proposed})


def _decoded(value: Any) -> Any:
    """A JSON column as a value; the driver hands it over as text."""
    return json.loads(value) if isinstance(value, str) else value
