"""A project as a value: how long it keeps what, and how much it takes at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.collector.rate import ProjectLimits
from sayso_ingest.errors import UsageError
from sayso_ingest.projects import Project, age_of, spelled
from sayso_ingest.projects.ages import EVER

DAY = timedelta(days=1)


@given(st.integers(1, 99999), st.sampled_from("dh"))
def test_an_age_that_is_written_is_read_as_it_was(number: int, unit: str) -> None:
    age = age_of(f"{number}{unit}")
    assert age == number * {"d": DAY, "h": DAY / 24}[unit]
    assert age_of(spelled(age)) == age


def test_ever_is_an_age_too() -> None:
    assert spelled(age_of("ever")) == "ever"


@pytest.mark.parametrize("text", ["", "90", "d", "0d", "-1d", "1.5d", "90 d", "1y", "123456d", "default"])
def test_what_is_no_age_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="90d or 12h"):
        age_of(text)


def test_a_kind_has_its_own_age_else_that_of_all_else_what_the_settings_say() -> None:
    project = Project("shop", retention={"thumb": 90 * DAY, "all": 365 * DAY, "comment": EVER})
    assert project.keeps("thumb", DAY) == 90 * DAY
    assert project.keeps("rejects", DAY) == 365 * DAY
    assert project.keeps("comment", DAY) is None
    assert Project("shop").keeps("thumb", DAY) == DAY
    assert Project("shop").keeps("thumb") is None


def test_at_once_it_takes_what_was_set_else_ten_seconds_of_its_rate_and_a_whole_request_at_least() -> None:
    assert Project("shop", rate=100).largest_burst == 1000
    assert Project("shop", rate=1).largest_burst == 200
    assert Project("shop", rate=1, burst=7).largest_burst == 7


def test_a_project_without_a_rate_has_no_limit_and_one_with_a_rate_has_a_bucket_of_its_own() -> None:
    seconds = [0.0]
    limits = ProjectLimits(clock=lambda: seconds[0])
    small, other = Project("small", rate=2, burst=10), Project("other", rate=2, burst=10)
    assert limits.wait(Project("free"), 1_000_000) == 0
    assert [limits.wait(small, 10), limits.wait(small, 4), limits.wait(other, 10)] == [0, 2, 0]
    seconds[0] = 2
    assert limits.wait(small, 4) == 0


def test_another_rate_counts_from_the_next_request_on_and_what_was_not_taken_is_given_back() -> None:
    limits = ProjectLimits(clock=lambda: 0)
    assert limits.wait(Project("shop", rate=1, burst=10), 10) == 0
    assert limits.wait(Project("shop", rate=1, burst=10), 1) == 1
    limits.give_back(Project("shop", rate=1, burst=10), 1)
    assert limits.wait(Project("shop", rate=1, burst=10), 1) == 0
    assert limits.wait(Project("shop", rate=1, burst=20), 20) == 0
