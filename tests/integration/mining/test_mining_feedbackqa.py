"""On real ratings, mining finds answers that another rater dislikes."""

from __future__ import annotations

import pytest

from bench.evidence import feedbackqa, picks

pytestmark = [pytest.mark.realdata, pytest.mark.slow, pytest.mark.usefixtures("shared_data")]


@pytest.mark.parametrize("share", [1.0, 0.05])
def test_mined_picks_fail_more_often_than_random_ones_and_lie_in_as_many_topics(
    share: float,
) -> None:
    trial = feedbackqa.draw(feedbackqa.read(), share=share, seed=101)
    mined, random = (picks.evaluate(trial, pick(trial)) for pick in (picks.mined, picks.at_random))
    assert mined[0] > random[0] + 0.1
    assert mined[1] > random[1] - 5
