"""Probabilities that mean what they say, learned from what a model said of verdicts that it was not fitted on."""

from __future__ import annotations

import numpy as np
from sklearn.isotonic import IsotonicRegression

from sayso_ingest.mining.arrays import Floats, Integers
from sayso_ingest.mining.hardness.neighbours import folds

ENOUGH = 500
"""Verdicts below which a curve of any shape fits their noise: a logistic model is left as it is."""
TIE = 1e-6
"""What the order within a step of the curve is worth: of equals, the likelier one is still the likelier."""


def calibrated(probability: Floats, held_out: Floats, happened: Integers) -> tuple[Floats, Floats]:
    """Probabilities (n,), and those of the judged (m,), by how often it happened where a model said as much.

    Isotonic regression (Zadrozny and Elkan 2002) on what the model `held_out` said of each (m,); of the judged, each is
    told by a curve that it was no part of. Below `ENOUGH` verdicts they stay as they are.
    """
    if len(held_out) < ENOUGH:
        return probability, held_out
    told = np.empty(len(held_out))
    for rest, fold in folds(happened):
        told[fold] = _by_curve(held_out[rest], happened[rest], held_out[fold])
    return _by_curve(held_out, happened, probability), told


def calibration_error(probability: Floats, happened: Integers) -> float:
    """The mean distance of what was said from what happened, over fifths of the probabilities (Naeini et al. 2015)."""
    fifths = np.array_split(np.argsort(probability, kind="stable"), 5)
    gaps = [abs(probability[fifth].mean() - happened[fifth].mean()) for fifth in fifths]
    return float(np.average(gaps, weights=[len(fifth) for fifth in fifths]))


def _by_curve(said: Floats, happened: Integers, of: Floats) -> Floats:
    curve = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(said, happened)
    return np.asarray((1 - TIE) * curve.predict(of) + TIE * of, dtype=np.float64)
