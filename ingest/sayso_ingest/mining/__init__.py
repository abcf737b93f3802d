"""Which interactions deserve to be eval cases, how well a set covers traffic, and which edits make training pairs.

In: rows of the warehouse's views, through a query function that is handed in, and the current set as rows.
Out: candidates, coverage and pairs, as frozen values. It must not write anything, send anything, or need a
network or model weights; whatever is drawn is drawn from a seed.
"""

from sayso_ingest.errors import MissingExtra

try:
    import numpy as _numpy  # noqa: F401
    import sklearn as _sklearn  # noqa: F401
except ModuleNotFoundError as error:
    raise MissingExtra(error.name or "scikit-learn", "mining") from error

from sayso_ingest.mining.candidates import STRATEGIES, Candidate, Strategy, mine
from sayso_ingest.mining.coverage import Coverage, Gap, Level, coverage
from sayso_ingest.mining.embed import Embedder, HashEmbedder
from sayso_ingest.mining.pairs import Dropped, Pair, make_pairs
from sayso_ingest.mining.question import question_id, question_key
from sayso_ingest.mining.rows import Query

__all__ = [
    "STRATEGIES",
    "Candidate",
    "Coverage",
    "Dropped",
    "Embedder",
    "Gap",
    "HashEmbedder",
    "Level",
    "Pair",
    "Query",
    "Strategy",
    "coverage",
    "make_pairs",
    "mine",
    "question_id",
    "question_key",
]
