"""Runs of eval sets: what is kept of one, and the folders in which they lie."""

from sayso_ingest.evals.runs.erasure import ErasedResults, Erasing, count_results, erase_results, held_runs
from sayso_ingest.evals.runs.folder import open_run, read_manifest, read_run, run_folder, runs_of
from sayso_ingest.evals.runs.manifest import Manifest, RanPrompt, RanSet
from sayso_ingest.evals.runs.result import Result
from sayso_ingest.evals.runs.run import Run

__all__ = [
    "ErasedResults",
    "Erasing",
    "Manifest",
    "RanPrompt",
    "RanSet",
    "Result",
    "Run",
    "count_results",
    "erase_results",
    "held_runs",
    "open_run",
    "read_manifest",
    "read_run",
    "run_folder",
    "runs_of",
]
