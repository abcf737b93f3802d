"""Which of two or many runs is better, how sure that is, where, and whether a change may be merged.

Runs and the cases of their set come in, frozen values and texts go out; what is known of traffic and of people's
verdicts is asked for through a query function that is handed in.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sayso_ingest.evals.compare.choices import Choices, Sides, candidate, choices_by, sides_of, warning
    from sayso_ingest.evals.compare.comparison import Comparison, Part, Reweighted, Which, compare_runs
    from sayso_ingest.evals.compare.foretold import Foresight, Seen, foresight, read_seen
    from sayso_ingest.evals.compare.gating import Gate, Verdict, gate
    from sayso_ingest.evals.compare.junit import as_junit
    from sayso_ingest.evals.compare.many import Entry, Table, compare_many
    from sayso_ingest.evals.compare.pairs import LeftOut, Pair, Side, pair_up
    from sayso_ingest.evals.compare.pull_request import as_markdown
    from sayso_ingest.evals.compare.traffic import Traffic, read_traffic
    from sayso_ingest.evals.compare.words import details, sentence

# Name -> the module of this room that has it. They need numpy and scipy, which who only reads runs does without.
_WITH_ARRAYS = {
    "Choices": "choices",
    "Comparison": "comparison",
    "Entry": "many",
    "Foresight": "foretold",
    "Gate": "gating",
    "LeftOut": "pairs",
    "Pair": "pairs",
    "Part": "comparison",
    "Reweighted": "comparison",
    "Seen": "foretold",
    "Side": "pairs",
    "Sides": "choices",
    "Table": "many",
    "Traffic": "traffic",
    "Verdict": "gating",
    "Which": "comparison",
    "as_junit": "junit",
    "as_markdown": "pull_request",
    "candidate": "choices",
    "choices_by": "choices",
    "compare_many": "many",
    "compare_runs": "comparison",
    "details": "words",
    "foresight": "foretold",
    "gate": "gating",
    "pair_up": "pairs",
    "read_seen": "foretold",
    "read_traffic": "traffic",
    "sentence": "words",
    "sides_of": "choices",
    "warning": "choices",
}

__all__ = [
    "Choices",
    "Comparison",
    "Entry",
    "Foresight",
    "Gate",
    "LeftOut",
    "Pair",
    "Part",
    "Reweighted",
    "Seen",
    "Side",
    "Sides",
    "Table",
    "Traffic",
    "Verdict",
    "Which",
    "as_junit",
    "as_markdown",
    "candidate",
    "choices_by",
    "compare_many",
    "compare_runs",
    "details",
    "foresight",
    "gate",
    "pair_up",
    "read_seen",
    "read_traffic",
    "sentence",
    "sides_of",
    "warning",
]


def __getattr__(name: str) -> Any:
    if name not in _WITH_ARRAYS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WITH_ARRAYS[name]}"), name)
