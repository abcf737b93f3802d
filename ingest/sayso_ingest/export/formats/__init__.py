"""The formats that can be exported, as lists to print: one module a format.

Training formats take examples one by one, for there may be a million; formats of eval sets take all cases at once.
"""

from __future__ import annotations

from sayso_ingest.errors import UsageError
from sayso_ingest.export.formats import openai_dpo, openai_sft, plain, trl_dpo, trl_kto, trl_sft
from sayso_ingest.export.formats.format import TrainingFormat

TRAINING: tuple[TrainingFormat, ...] = (
    trl_sft.FORMAT,
    trl_dpo.FORMAT,
    trl_kto.FORMAT,
    openai_sft.FORMAT,
    openai_dpo.FORMAT,
    plain.JSONL,
    plain.PARQUET,
)


def find_format(name: str) -> TrainingFormat:
    """The training format of this name.

    Raises:
        UsageError: there is none.
    """
    for known in TRAINING:
        if known.name == name:
            return known
    raise UsageError(
        f"There is no export format {name!r}. Choose one of: {', '.join(one.name for one in TRAINING)}."
    )
