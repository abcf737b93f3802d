"""The expected answer of an interaction, where people gave one."""

from __future__ import annotations

from sayso_ingest.event import Kind
from sayso_ingest.mining.candidate import ReferenceKind
from sayso_ingest.mining.landscape import Landscape


def reference(land: Landscape, row: int) -> tuple[str | None, ReferenceKind]:
    """The best expected answer that people gave: an annotator's, then an edited text, then an accepted output."""
    heard = [verdict for verdict, _ in land.evidence.verdicts[row] if not verdict.part]
    for verdict in heard:
        if verdict.kind == Kind.ANNOTATION and verdict.expected:
            return verdict.expected, "annotation"
    for verdict in heard:
        if verdict.value == "edited" and verdict.final:
            return verdict.final, "human_edit"
        if verdict.kind == Kind.COMMENT and verdict.expected:
            return verdict.expected, "human_edit"
    accepted = any(verdict.kind == Kind.SUGGESTION and verdict.value == "accepted" for verdict in heard)
    if accepted and land.evidence.rate[row] < 0.5 and land.pool[row].output:
        return land.pool[row].output, "accepted"
    return None, "none"
