"""Which interactions deserve to be eval cases, how well a set covers traffic, whether traffic changes, which edits make
training pairs, and what comments have in common.

In: rows of the warehouse's views, through a query function that is handed in, and the current set as rows.
Out: candidates, coverage, drift, pairs and themes, as frozen values. It must not need a network or model weights, and
sends nothing, unless an embedder was named that does; whatever is drawn is drawn from a seed. It writes only when
told to: what themes there were, which comments the last run gathered in them, how coverage was whenever it was
measured, and the table of an embedder.

What reckons with vectors needs the extra [mining], and is imported when it is first asked for: who only keeps
eval sets, or makes pairs of edits, does without.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sayso_ingest.mining.coverage.measured import (
    MappedTopic,
    Measured,
    MeasuredAxis,
    MeasuredGap,
    MeasuredLevel,
    MeasuredValue,
    keep_measurement,
    opened,
    read_measurements,
)
from sayso_ingest.mining.hardness.dislike import Heard, dislikes, opinions
from sayso_ingest.mining.question import Messages, bare_words, normalise, question_id, question_key
from sayso_ingest.mining.rows import (
    Comment,
    Dimension,
    Query,
    Scale,
    Verdict,
    read_comments,
    read_ranges,
    read_verdicts,
)
from sayso_ingest.mining.selection.candidate import Basis, Candidate, ReferenceKind, Stratum
from sayso_ingest.mining.selection.reference import best_answer
from sayso_ingest.mining.selection.strategies import STRATEGIES, Strategy
from sayso_ingest.mining.similarity.wordings import Near, Wordings
from sayso_ingest.mining.themes.gathered import Gathered, GatheredTheme, keep_gathered, read_gathered
from sayso_ingest.mining.training.dropped import Dropped
from sayso_ingest.mining.training.example import SOURCES, Example, Purpose, Source
from sayso_ingest.mining.training.gates import THRESHOLDS, gate
from sayso_ingest.mining.training.sources import Raw, Stream, read_raw
from sayso_ingest.mining.watch import Watch, unwatched

if TYPE_CHECKING:
    from sayso_ingest.mining.coverage.axes import Axis
    from sayso_ingest.mining.coverage.coverage import Coverage, measure_coverage
    from sayso_ingest.mining.coverage.gaps import Gap
    from sayso_ingest.mining.coverage.level import Level
    from sayso_ingest.mining.drift.drift import Drift, TopicChange, measure_drift
    from sayso_ingest.mining.embed import (
        ColumnEmbedder,
        Embedder,
        EmbedderChoice,
        HashEmbedder,
        KeepingEmbedder,
        VectorStore,
        alike_from,
        choose_embedder,
        cosine,
    )
    from sayso_ingest.mining.forgetting import erase_gone, forget_gone
    from sayso_ingest.mining.hardness.guess import guess_dislikes
    from sayso_ingest.mining.selection.candidates import mine, usual_embedder
    from sayso_ingest.mining.themes.remembered import Remembered, recall, remember
    from sayso_ingest.mining.themes.themes import Theme, Themes, find_themes
    from sayso_ingest.mining.training.leakage import Guard, telling_turns
    from sayso_ingest.mining.training.voices import Ballot, Verdicts

# Name -> the module of this room that has it.
_WITH_VECTORS = {
    "mine": "selection.candidates",
    "Axis": "coverage.axes",
    "usual_embedder": "selection.candidates",
    "Coverage": "coverage.coverage",
    "Gap": "coverage.gaps",
    "Level": "coverage.level",
    "measure_coverage": "coverage.coverage",
    "Drift": "drift.drift",
    "TopicChange": "drift.drift",
    "measure_drift": "drift.drift",
    "Embedder": "embed",
    "EmbedderChoice": "embed",
    "ColumnEmbedder": "embed",
    "alike_from": "embed",
    "choose_embedder": "embed",
    "cosine": "embed",
    "HashEmbedder": "embed",
    "KeepingEmbedder": "embed",
    "VectorStore": "embed",
    "erase_gone": "forgetting",
    "forget_gone": "forgetting",
    "guess_dislikes": "hardness.guess",
    "Remembered": "themes.remembered",
    "recall": "themes.remembered",
    "remember": "themes.remembered",
    "Theme": "themes.themes",
    "Themes": "themes.themes",
    "find_themes": "themes.themes",
    "Guard": "training.leakage",
    "telling_turns": "training.leakage",
    "Ballot": "training.voices",
    "Verdicts": "training.voices",
}

__all__ = [
    "SOURCES",
    "STRATEGIES",
    "THRESHOLDS",
    "Axis",
    "Ballot",
    "Basis",
    "Candidate",
    "ColumnEmbedder",
    "Comment",
    "Coverage",
    "Dimension",
    "Drift",
    "Dropped",
    "Embedder",
    "EmbedderChoice",
    "Example",
    "Gap",
    "Gathered",
    "GatheredTheme",
    "Guard",
    "HashEmbedder",
    "Heard",
    "KeepingEmbedder",
    "Level",
    "MappedTopic",
    "Measured",
    "MeasuredAxis",
    "MeasuredGap",
    "MeasuredLevel",
    "MeasuredValue",
    "Messages",
    "Near",
    "Purpose",
    "Query",
    "Raw",
    "ReferenceKind",
    "Remembered",
    "Scale",
    "Source",
    "Strategy",
    "Stratum",
    "Stream",
    "Theme",
    "Themes",
    "TopicChange",
    "VectorStore",
    "Verdict",
    "Verdicts",
    "Watch",
    "Wordings",
    "alike_from",
    "bare_words",
    "best_answer",
    "choose_embedder",
    "cosine",
    "dislikes",
    "erase_gone",
    "find_themes",
    "forget_gone",
    "gate",
    "guess_dislikes",
    "keep_gathered",
    "keep_measurement",
    "measure_coverage",
    "measure_drift",
    "mine",
    "normalise",
    "opened",
    "opinions",
    "question_id",
    "question_key",
    "read_comments",
    "read_gathered",
    "read_measurements",
    "read_ranges",
    "read_raw",
    "read_verdicts",
    "recall",
    "remember",
    "telling_turns",
    "unwatched",
    "usual_embedder",
]


def __getattr__(name: str) -> Any:
    if name not in _WITH_VECTORS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WITH_VECTORS[name]}"), name)
