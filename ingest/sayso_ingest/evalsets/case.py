"""One example of an eval set, with everything needed to know where it comes from."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from sayso_ingest.errors import SaysoError
from sayso_ingest.evalsets.split import Split, split_of
from sayso_ingest.event import JSON
from sayso_ingest.mining import Basis, Candidate, Messages, ReferenceKind, Stratum, question_id


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a case comes from: the interaction, the events behind it, why, and the version it came in with.

    A case that was written by hand has no interaction: its `target` is empty, and there are no events.
    `signals` is the mean dislike (0 to 1) by kind of feedback, and `hardness` what mining made of them.
    """

    target: str
    event_ids: tuple[str, ...]
    reason: str
    strategy: str
    embedder: str
    hardness: float | None = None
    distance: float | None = None
    prompt_name: str | None = None
    prompt_version: str | None = None
    model: str | None = None
    since_version: int | None = None
    signals: Mapping[str, float] = field(default_factory=dict)
    evidence: Basis | None = None


@dataclass(frozen=True, slots=True)
class EvalCase:
    """A question, the answer that was seen, and the expected one where people gave one.

    `case_id` is the SHA-256 of the normalised question alone: the same question from elsewhere is the same case.
    `output` is what production said, not what is right; `expected` is right as far as `reference_kind` goes.
    Its side, `split`, is that of the question for good.
    """

    case_id: str
    input: str
    output: str | None
    expected: str | None
    reference_kind: ReferenceKind
    stratum: Stratum
    inclusion_probability: float | None
    topic: str
    provenance: Provenance
    input_messages: Messages | None = None
    variables: JSON = None
    tags: tuple[str, ...] = field(default_factory=tuple)

    @property
    def split(self) -> Split:
        """The side it is on: `dev`, to work with, or `held_out`, to be looked at last."""
        return split_of(self.case_id)

    @classmethod
    def from_candidate(cls, candidate: Candidate) -> Self:
        """The case that a mined candidate would become."""
        return cls(
            case_id=candidate.question_id,
            input=candidate.input,
            input_messages=candidate.input_messages,
            variables=candidate.variables,
            output=candidate.output,
            expected=candidate.expected,
            reference_kind=candidate.reference_kind,
            stratum=candidate.stratum,
            inclusion_probability=candidate.inclusion_probability,
            topic=candidate.topic,
            tags=candidate.tags,
            provenance=Provenance(
                target=candidate.target,
                event_ids=candidate.event_ids,
                reason=candidate.reason,
                strategy=candidate.strategy,
                embedder=candidate.embedder,
                hardness=candidate.hardness,
                distance=candidate.distance,
                prompt_name=candidate.prompt_name,
                prompt_version=candidate.prompt_version,
                model=candidate.model,
                signals=candidate.signals,
                evidence=candidate.evidence,
            ),
        )

    @classmethod
    def from_row(cls, row: dict[str, JSON]) -> Self:
        """Read back what `row` wrote, or an earlier sayso, which did not write the side.

        Raises:
            SaysoError: a field is missing or unknown, or the id is not that of the question.
        """
        try:
            row = {name: value for name, value in row.items() if name != "split"}
            provenance = Provenance(
                **{**row["provenance"], "event_ids": tuple(row["provenance"]["event_ids"])},
            )
            case = cls(**{**row, "tags": tuple(row["tags"]), "provenance": provenance})
            same = case.case_id == question_id(case.input, case.input_messages)
        except (KeyError, TypeError, AttributeError) as error:
            raise SaysoError(
                f"This is not an eval case of this version of sayso ({error}): {json.dumps(row)[:200]}"
            ) from error
        if not same:
            raise SaysoError(
                f"Case {case.case_id} is not the id of its question: its input was changed by hand."
            )
        return case

    def row(self) -> dict[str, JSON]:
        """The case as plain values: a line of cases.jsonl, and what mining takes as the current set."""
        return {**dataclasses.asdict(self), "split": self.split}

    def since(self, version: int) -> Self:
        """The same case, noting the version it came in with."""
        return dataclasses.replace(
            self, provenance=dataclasses.replace(self.provenance, since_version=version)
        )
