"""Cases that a model wrote: nobody asked them, and nobody has looked at them yet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sayso_ingest.evalsets.candidates import Proposal, State, proposals
from sayso_ingest.evalsets.case import EvalCase, Provenance
from sayso_ingest.mining import question_id

STRATEGY = "generate"


def synthetic_case(question: str, *, expected: str | None, topic: str = "", reason: str) -> EvalCase:
    """Make a case of a question that a model wrote, with the answer that its source supports."""
    return EvalCase(
        case_id=question_id(question),
        input=question,
        output=None,
        expected=expected,
        reference_kind="none" if expected is None else "synthetic",
        stratum="synthetic",
        inclusion_probability=None,
        topic=topic,
        provenance=Provenance(target="", event_ids=(), reason=reason, strategy=STRATEGY, embedder=""),
    )


def is_unreviewed(proposal: Proposal) -> bool:
    """Whether a model wrote it and no person has said that it is wanted: only by name does it become a case."""
    return proposal.case.stratum == "synthetic" and proposal.state is State.CANDIDATE


def unreviewed(folder: Path, name: str) -> Sequence[Proposal]:
    """The candidates of a set that wait for a person's review before a promotion of all takes them."""
    return [one for one in proposals(folder, name) if is_unreviewed(one)]
