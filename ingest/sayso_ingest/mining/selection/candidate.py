"""A candidate: the value that mining hands to whoever keeps eval sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sayso_ingest.event import JSON
from sayso_ingest.mining.question import Messages

Stratum: TypeAlias = Literal["mined", "random", "manual", "synthetic"]
"""How it came to be proposed: for what mining knows of it, drawn with a known chance, chosen by a person, or written by
a model: nobody asked it."""
ReferenceKind: TypeAlias = Literal["human_edit", "annotation", "accepted", "written", "synthetic", "none"]
"""Where the expected answer comes from. `written`: whoever added the case by hand wrote it.
`synthetic`: a model did. `none`: there is no
expected answer; the output is only what was seen."""
Basis: TypeAlias = Literal["said", "guessed", "random"]
"""What the pick rests on: somebody spoke against the answer, nobody did and mining guesses, or it was drawn."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An interaction that deserves to be an eval case, and why."""

    target: str
    question_id: str
    input: str
    input_messages: Messages | None
    variables: JSON
    output: str | None
    expected: str | None
    reference_kind: ReferenceKind
    tags: tuple[str, ...]
    topic: str
    stratum: Stratum
    evidence: Basis
    inclusion_probability: float | None
    hardness: float
    signals: Mapping[str, float]
    distance: float | None
    reason: str
    event_ids: tuple[str, ...]
    prompt_name: str | None
    prompt_version: str | None
    model: str | None
    strategy: str
    embedder: str
