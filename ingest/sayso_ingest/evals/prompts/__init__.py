"""Prompts in files: rendered for a case, and as they were in earlier commits."""

from sayso_ingest.evals.prompts.checkout import Checkout
from sayso_ingest.evals.prompts.history import Committed, predecessor, prompt_at, versions_of
from sayso_ingest.evals.prompts.template import Template, own_messages

__all__ = ["Checkout", "Committed", "Template", "own_messages", "predecessor", "prompt_at", "versions_of"]
