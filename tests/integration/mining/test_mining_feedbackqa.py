"""On real ratings, mining finds answers that another rater dislikes."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = [pytest.mark.realdata, pytest.mark.slow]

BENCH = Path(__file__).resolve().parents[3] / "bench" / "mining_feedbackqa.py"


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("mining_feedbackqa", BENCH)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("share", [1.0, 0.05])
def test_mined_picks_fail_more_often_than_random_ones_and_lie_in_as_many_topics(
    bench: ModuleType, shared_data: Path, share: float
) -> None:
    items = bench.read(shared_data / "feedbackqa")
    trial = bench.draw(items, share=share, seed=101)
    mined, random = (bench.evaluate(items, pick, trial) for pick in (bench.mined, bench.random_picks))
    assert mined[0] > random[0] + 0.1
    assert mined[1] > random[1] - 5
