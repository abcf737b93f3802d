"""The expected answer of an interaction, where people gave one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sayso_ingest.event import Kind
from sayso_ingest.mining.rows import Verdict
from sayso_ingest.mining.selection.candidate import ReferenceKind

if TYPE_CHECKING:
    from sayso_ingest.mining.selection.landscape import Landscape


def reference(land: Landscape, row: int) -> tuple[str | None, ReferenceKind]:
    """The best expected answer that people gave to an interaction of the pool."""
    heard = [verdict for verdict, _ in land.evidence.verdicts[row]]
    return best_answer(heard, output=land.pool[row].output, content=bool(land.evidence.rate[row] < 0.5))


def best_answer(
    heard: Sequence[Verdict], *, output: str | None, content: bool
) -> tuple[str | None, ReferenceKind]:
    """The best expected answer: an annotator's, then an edited text, then an output that was accepted.

    `content` says whether those who spoke about the output rather like it: only then is it expected.
    """
    whole = [verdict for verdict in heard if not verdict.part]
    for verdict in whole:
        if verdict.kind == Kind.ANNOTATION and verdict.expected:
            return verdict.expected, "annotation"
    for verdict in whole:
        if verdict.value == "edited" and verdict.final:
            return verdict.final, "human_edit"
        if verdict.kind == Kind.COMMENT and verdict.expected:
            return verdict.expected, "human_edit"
    accepted = any(verdict.kind == Kind.SUGGESTION and verdict.value == "accepted" for verdict in whole)
    return (output, "accepted") if accepted and content and output else (None, "none")
