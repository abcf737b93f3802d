"""Analysis: the questions that people ask, as named views with a header, and the statistics they rest on.

In come the tables of the published copy; out go answers with counts, rates and their intervals.
It only reads: it must not know the log, the lander or HTTP, and it writes nothing.

`compare(copy, Contrast("v1", "v2"))` asks a published copy and returns a `Comparison`, a frozen value with all figures;
`compare_groups` makes the same from arrays. `sentence` says what it comes to, `details` what it rests on, both as plain
text for any page. `stats` has what they are made from.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sayso_ingest.analysis.catalog import View, catalog, question
from sayso_ingest.analysis.stats.wilson import wilson

if TYPE_CHECKING:
    from sayso_ingest.analysis.comparison import Assignment, Comparison, Group, Outcome, Topic, compare_groups
    from sayso_ingest.analysis.contrast import Contrast, compare
    from sayso_ingest.analysis.in_words import details, sentence

# Name -> the module of this room that has it. They need numpy and scipy, which the lander and most readers do without.
_WITH_ARRAYS = {
    "Assignment": "comparison",
    "Comparison": "comparison",
    "Contrast": "contrast",
    "Group": "comparison",
    "Outcome": "comparison",
    "Topic": "comparison",
    "compare": "contrast",
    "compare_groups": "comparison",
    "details": "in_words",
    "sentence": "in_words",
}

__all__ = [
    "Assignment",
    "Comparison",
    "Contrast",
    "Group",
    "Outcome",
    "Topic",
    "View",
    "catalog",
    "compare",
    "compare_groups",
    "details",
    "question",
    "sentence",
    "wilson",
]


def __getattr__(name: str) -> Any:
    if name not in _WITH_ARRAYS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WITH_ARRAYS[name]}"), name)
