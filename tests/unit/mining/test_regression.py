"""The regression that a ruler is made with."""

from __future__ import annotations

import numpy as np
import pytest
from sayso_ingest.mining.coverage.regression import Regression

RANDOM = np.random.default_rng(0)
FEATURES = RANDOM.normal(size=(60, 3))


def test_squares_and_products_are_learned() -> None:
    x, y, z = FEATURES.T
    found = Regression.fit(FEATURES, np.stack([x * y, 2 + z**2], axis=1))
    assert found.predict(np.array([[1.0, 2.0, 0.5]]))[0] == pytest.approx([2, 2.25], abs=0.05)


def test_each_row_is_told_by_the_others_alone() -> None:
    values = FEATURES[:, :1] + 0.3 * RANDOM.normal(size=(60, 1))
    found = Regression.fit(FEATURES, values)
    for row in range(5):
        others = np.delete(np.arange(60), row)
        again = Regression.fit(FEATURES[others], values[others])
        assert again.predict(FEATURES[[row]])[0, 0] == pytest.approx(found.held_out[row, 0], abs=0.1)
    assert np.abs(found.held_out - found.predict(FEATURES)).max() > 0.05


def test_a_feature_that_never_varies_says_nothing() -> None:
    flat = np.hstack([FEATURES, np.ones((60, 1))])
    values = FEATURES[:, :1]
    away = np.array([[0.0, 0.0, 0.0, 9.0]])
    assert Regression.fit(flat, values).predict(away)[0, 0] == pytest.approx(0, abs=0.05)
