"""When a problem that was fixed is back."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.console.recurrence import Heard, Version, recurrence

DAY = datetime(2026, 3, 1)  # noqa: DTZ001 - times of the warehouse are naive, in UTC
V1, V2, V3 = (Version("support", f"v{n}") for n in (1, 2, 3))
OTHER = Version("billing", "v9")
R1, R2 = Version(release="1.0"), Version(release="2.0")
SEEN = {
    V1: DAY,
    V2: DAY + timedelta(days=10),
    V3: DAY + timedelta(days=20),
    OTHER: DAY + timedelta(days=30),
    R1: DAY,
    R2: DAY + timedelta(days=10),
}
FIXED = DAY + timedelta(days=12)


def back(fixed_in: str, *heard: Heard) -> Heard | None:
    return recurrence(fixed_in, FIXED, heard=heard, first_seen=SEEN)


def at(version: Version, days: float) -> Heard:
    return Heard(version, DAY + timedelta(days=days))


def test_it_is_back_when_it_is_heard_in_that_version_after_the_fix() -> None:
    assert back("support v2", at(V2, 13)) == at(V2, 13)
    assert back("v2", at(V2, 13)) == at(V2, 13)


def test_it_is_back_when_it_is_heard_in_a_later_version() -> None:
    assert back("support v2", at(V3, 25)) == at(V3, 25)


def test_it_is_not_back_when_it_is_heard_of_answers_of_an_earlier_version() -> None:
    assert back("support v2", at(V1, 25)) is None


def test_it_is_not_back_by_what_was_said_before_the_fix() -> None:
    assert back("support v2", at(V2, 11)) is None


def test_another_prompt_is_neither_earlier_nor_later() -> None:
    assert back("support v2", at(OTHER, 40)) is None
    assert back("support v2", at(R2, 40)) is None


def test_releases_count_among_themselves() -> None:
    assert back("1.0", at(R2, 40), at(R1, 30)) == at(R2, 40)
    assert back("2.0", at(R1, 40)) is None


def test_a_version_that_has_not_answered_yet_has_no_problem() -> None:
    assert back("support v4", at(V3, 40)) is None
    assert back("", at(V3, 40)) is None


@given(
    st.sampled_from([V1, V2, V3, OTHER, R1, R2]),
    st.floats(0, 50),
    st.sampled_from(["support v2", "v3", "1.0"]),
)
def test_it_is_never_back_without_having_been_heard_after_the_fix_in_no_earlier_version(
    version: Version, days: float, fixed_in: str
) -> None:
    heard = at(version, days)
    if back(fixed_in, heard):
        assert heard.last_at > FIXED
        assert any(one.is_called(fixed_in) and SEEN[version] >= SEEN[one] for one in SEEN)
