"""How good an answer is, 0 to 1: by rules, by likeness, by another model, or by a function of the user's own."""

from sayso_ingest.evals.scorers.scorer import Score, Scorer

__all__ = ["Score", "Scorer"]
