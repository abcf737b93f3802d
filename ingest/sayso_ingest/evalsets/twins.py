"""Questions of a set that are nearly the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sayso_ingest.evalsets.case import EvalCase
from sayso_ingest.mining import question_key


def near_twins(cases: Sequence[EvalCase]) -> list[tuple[str, str]]:
    """Pairs of case ids: of each group of nearly the same questions the one that came first, and each other one.

    What counts as nearly the same is for mining to say (`groups`); it needs the extra [mining].
    """
    from sayso_ingest.mining.similarity.duplicates import groups

    ordered = sorted(cases, key=lambda case: (case.provenance.since_version or 0, case.case_id))
    together: dict[int, list[str]] = defaultdict(list)
    found = groups([question_key(case.input, case.input_messages) for case in ordered])
    for case, group in zip(ordered, found, strict=True):
        together[int(group)].append(case.case_id)
    return [(first, other) for first, *others in together.values() for other in others]
