"""The lines of the table of evidence, in its order."""

from __future__ import annotations

from pathlib import Path

from bench.evidence import (
    annotators,
    coverage,
    drift,
    duplicates,
    edits,
    hard,
    helpdesk,
    judge,
    leakage,
    novelty,
    picks,
    selection,
    verdicts,
)
from bench.results import Results
from bench.run import ROOT, Measure

LINES: dict[str, Measure] = {
    "novelty": novelty.measure,
    "selection": selection.measure,
    "hard": hard.measure,
    "picks": picks.measure,
    "helpdesk": helpdesk.measure,
    "duplicates": duplicates.measure,
    "drift": drift.measure,
    "coverage": coverage.measure,
    "judge": judge.measure,
    "annotators": annotators.measure,
    "edits": edits.measure,
    "leakage": leakage.measure,
    "verdicts": verdicts.measure,
}
README = Path(__file__).parent / "README.md"
BEGIN = "<!-- table: make evidence -->"
RESULTS = Results(ROOT / "bench" / "results" / "evidence.json", README, BEGIN)
