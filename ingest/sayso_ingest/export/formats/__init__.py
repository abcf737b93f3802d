"""The formats that can be exported, as lists to print: one module a format.

Training formats take examples one by one, for there may be a million; formats of eval sets take all cases at once.
"""

from __future__ import annotations

from sayso_ingest.errors import UsageError
from sayso_ingest.export.formats import (
    deepeval,
    inspect,
    openai_dpo,
    openai_evals,
    openai_sft,
    plain,
    plain_cases,
    promptfoo,
    ragas,
    trl_dpo,
    trl_kto,
    trl_sft,
)
from sayso_ingest.export.formats.format import TrainingFormat
from sayso_ingest.export.formats.item import CaseFormat

TRAINING: tuple[TrainingFormat, ...] = (
    trl_sft.FORMAT,
    trl_dpo.FORMAT,
    trl_kto.FORMAT,
    openai_sft.FORMAT,
    openai_dpo.FORMAT,
    plain.JSONL,
    plain.PARQUET,
)

CASES: tuple[CaseFormat, ...] = (
    openai_evals.FORMAT,
    promptfoo.FORMAT,
    inspect.FORMAT,
    deepeval.FORMAT,
    ragas.FORMAT,
    plain_cases.JSONL,
    plain_cases.PARQUET,
)


def find_case_format(name: str) -> CaseFormat:
    """The format of this name for an eval set.

    Raises:
        UsageError: there is none.
    """
    for known in CASES:
        if known.name == name:
            return known
    raise UsageError(
        f"An eval set is not exported as {name!r}. Choose one of: {', '.join(one.name for one in CASES)}."
    )


def find_format(name: str) -> TrainingFormat:
    """The training format of this name.

    Raises:
        UsageError: there is none.
    """
    for known in TRAINING:
        if known.name == name:
            return known
    if any(known.name == name for known in CASES):
        raise UsageError(f"{name} is for the cases of an eval set. Name one with --set NAME.")
    raise UsageError(
        f"There is no export format {name!r}. Choose one of: {', '.join(one.name for one in TRAINING)}; or with "
        f"--set: {', '.join(one.name for one in CASES)}."
    )
