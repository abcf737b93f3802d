"""Cases that a person wants in the set though mining did not pick them: found by target, or written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.evalsets.case import EvalCase, Provenance
from sayso_ingest.evalsets.sql import decoded, sql
from sayso_ingest.event import JSON
from sayso_ingest.mining import (
    Heard,
    Query,
    best_answer,
    dislikes,
    opinions,
    question_id,
    read_ranges,
    read_verdicts,
)

STRATEGY = "by hand"


def find_cases(query: Query, targets: Sequence[str], *, reason: str) -> list[EvalCase]:
    """Make cases of the interactions of these targets, in their order, with what people expect of them now.

    Raises:
        NotFound: a target has no interaction.
        UsageError: nothing was asked in one.
    """
    rows = {row["target"]: row for row in query(sql("interactions"), [list(targets)])}
    missing = [target for target in targets if target not in rows]
    if missing:
        raise NotFound(
            f"No interaction of target {', '.join(missing)} has been published. Targets are listed by: "
            'sayso sql "FROM interactions"'
        )
    heard = read_heard(query, targets)
    return [
        case_of(rows[target], [one for one in heard if one[0].target == target], reason=reason)
        for target in dict.fromkeys(targets)
    ]


def read_heard(query: Query, targets: Sequence[str]) -> list[Heard]:
    """What people say now about these targets, each with the dislike in it."""
    verdicts = read_verdicts(query, targets=targets)
    return list(zip(verdicts, dislikes(verdicts, ranges=read_ranges(query)), strict=True))


def case_of(
    interaction: Mapping[str, JSON],
    heard: Sequence[Heard],
    *,
    reason: str,
    event_ids: Sequence[str] = (),
) -> EvalCase:
    """Make a case of an interaction, as a row, and of what is said about it (see `read_heard`).

    `event_ids` is what made somebody pick it, beside the verdicts.

    Raises:
        UsageError: nothing was asked in it.
    """
    question = interaction["input"] or ""
    messages = decoded(interaction["input_messages"])
    if not question.strip():
        raise UsageError(
            f"The interaction of {interaction['target']} has no input, so there is no question to make a case of."
        )
    verdicts = [verdict for verdict, _ in heard]
    opinion = opinions(heard).values()
    content = bool(opinion) and sum(opinion) / len(opinion) < 0.5
    expected, kind = best_answer(verdicts, output=interaction["output"], content=content)
    said = sorted({verdict.event_id for verdict in verdicts} - set(event_ids))
    return EvalCase(
        case_id=question_id(question, messages),
        input=question,
        input_messages=messages,
        variables=decoded(interaction["variables"]),
        output=interaction["output"],
        expected=expected,
        reference_kind=kind,
        stratum="manual",
        inclusion_probability=None,
        topic="",
        tags=tuple(interaction["tags"] or ()),
        provenance=Provenance(
            target=interaction["target"],
            event_ids=(str(interaction["event_id"]), *event_ids, *said),
            reason=reason,
            strategy=STRATEGY,
            embedder="",
            prompt_name=interaction["prompt_name"],
            prompt_version=interaction["prompt_version"],
            model=interaction["model"],
        ),
    )


def written_case(question: str, *, expected: str | None = None, reason: str) -> EvalCase:
    """Make a case of a question that nobody asked yet, with the answer that its writer expects.

    Raises:
        UsageError: there is no question.
    """
    if not question.strip():
        raise UsageError("A case needs a question, and this one's input is empty.")
    return EvalCase(
        case_id=question_id(question),
        input=question,
        output=None,
        expected=expected or None,
        reference_kind="written" if expected else "none",
        stratum="manual",
        inclusion_probability=None,
        topic="",
        provenance=Provenance(target="", event_ids=(), reason=reason, strategy=STRATEGY, embedder=""),
    )
