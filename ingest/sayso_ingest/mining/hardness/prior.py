"""How likely an interaction is to be disliked, before anybody said so.

An answer that fits its question badly is disliked more often, without any label. Once there are enough verdicts, a
logistic model says how much that matters here, and how much the length of the answer does; it is used only if it
predicts verdicts that it was not fitted on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from sayso_ingest.mining.arrays import Floats, Integers, percentiles
from sayso_ingest.mining.hardness.fit import Fit, normal_scores

EACH_SIDE = 20
"""Liked and disliked interactions needed, of each, before a model is fitted."""
USEFUL = 0.55
"""The area under the curve on held-out verdicts above which the model is believed."""
UNLABELLED = (0.25, 0.5)
"""The range of the prior while it is only a rank: whatever the guesses, one dislike is harder than silence."""
TRUST = 3.0
"""Times the other inputs that the mismatch goes in: so few verdicts leave its three parts weighed alike, as without
any verdict, and more of them say which part matters."""
CAUTION = 0.03
"""What a verdict weighs against the penalty on the model's weights."""


@dataclass(frozen=True, slots=True)
class Prior:
    """A probability (n,) of being disliked, how it was made, and how that did on held-out verdicts, if it was fitted.

    `calibration` is how far what it says is from what was said, on average over fifths of the interactions.
    """

    probability: Floats
    method: str
    auc: float | None = None
    calibration: float | None = None

    @property
    def believed(self) -> bool:
        """Whether it comes from a model that predicted verdicts it was not fitted on."""
        return self.auc is not None and self.auc > USEFUL


def features(fit: Fit) -> Floats:
    """The model's inputs (n, 5), as normal scores; what is missing takes the middle."""
    parts = [normal_scores(part) for part in (fit.likeness, fit.distinctness, fit.share, fit.length)]
    return np.nan_to_num(np.column_stack([TRUST * fit.mismatch, *parts]))


def estimate(fit: Fit, rate: Floats) -> Prior:
    """Estimate the prior from how answers fit and the dislike rate (n,), NaN where nobody spoke."""
    spoken = np.flatnonzero(~np.isnan(rate))
    disliked = (rate[spoken] >= 0.5).astype(np.int64)
    if min(disliked.sum(), len(disliked) - disliked.sum()) < EACH_SIDE:
        return _by_rank(fit.mismatch, len(spoken))
    inputs = features(fit)
    model = LogisticRegression(C=CAUTION)
    held_out = _held_out(model, inputs[spoken], disliked)
    auc = float(roc_auc_score(disliked, held_out))
    if auc <= USEFUL:
        base = np.full(len(rate), disliked.mean())
        return Prior(
            base,
            f"base rate of {len(spoken)} judged (a model of answers has a held-out AUC of {auc:.2f}: not used)",
            auc,
        )
    model.fit(inputs[spoken], disliked)
    calibration = calibration_error(held_out, disliked)
    method = (
        f"model of question and answer, fitted on {len(spoken)} judged "
        f"(held out: AUC {auc:.2f}, calibration off by {calibration:.2f})"
    )
    return Prior(model.predict_proba(inputs)[:, 1], method, auc, calibration)


def _by_rank(mismatch: Floats, spoken: int) -> Prior:
    low, high = UNLABELLED
    probability = np.full(len(mismatch), (low + high) / 2)
    known = ~np.isnan(mismatch)
    probability[known] = low + (high - low) * percentiles(mismatch[known])
    return Prior(probability, f"rank of how badly answers fit their questions (only {spoken} judged)")


def calibration_error(probability: Floats, happened: Integers) -> float:
    """The mean distance of what was said from what happened, over fifths of the probabilities (Naeini et al. 2015)."""
    fifths = np.array_split(np.argsort(probability, kind="stable"), 5)
    gaps = [abs(probability[fifth].mean() - happened[fifth].mean()) for fifth in fifths]
    return float(np.average(gaps, weights=[len(fifth) for fifth in fifths]))


def _held_out(model: LogisticRegression, inputs: Floats, disliked: Integers) -> Floats:
    """What a model that was not fitted on it says of each."""
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    return np.asarray(cross_val_predict(model, inputs, disliked, cv=folds, method="predict_proba")[:, 1])
