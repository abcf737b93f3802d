"""How good an answer is, 0 to 1: by rules, by likeness, by another model, or by a function of the user's own."""

from sayso_ingest.evals.scorers.build import KINDS, Means, build_scorer, build_scorers
from sayso_ingest.evals.scorers.choice import RULES, chosen_name
from sayso_ingest.evals.scorers.judged import PRODUCTION
from sayso_ingest.evals.scorers.scorer import Score, Scorer

__all__ = [
    "KINDS",
    "PRODUCTION",
    "RULES",
    "Means",
    "Score",
    "Scorer",
    "build_scorer",
    "build_scorers",
    "chosen_name",
]
