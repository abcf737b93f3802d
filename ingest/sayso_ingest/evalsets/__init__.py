"""Candidates in, immutable versions of eval sets out: candidate, reviewed, promoted.

A version is a folder with the cases and a manifest; it is written once and never changed. The room must not
decide which case is worth having (mining does) or run one (evals does).
"""

from sayso_ingest.evalsets.candidates import (
    Proposal,
    State,
    promote_candidates,
    proposals,
    propose,
    review_candidates,
)
from sayso_ingest.evalsets.case import EvalCase, Provenance
from sayso_ingest.evalsets.files import reachable, replace_durably
from sayso_ingest.evalsets.version import (
    Difference,
    Version,
    all_versions,
    compare,
    latest,
    promote,
    read,
    set_names,
    versions,
)

__all__ = [
    "Difference",
    "EvalCase",
    "Proposal",
    "Provenance",
    "State",
    "Version",
    "all_versions",
    "compare",
    "latest",
    "promote",
    "promote_candidates",
    "proposals",
    "propose",
    "reachable",
    "read",
    "replace_durably",
    "review_candidates",
    "set_names",
    "versions",
]
