"""Which targets a sample keeps."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
import sayso
from hypothesis import given, settings
from hypothesis import strategies as st
from sayso.sampling import combined, keeps
from sayso.testing import MemoryTransport

RATES = st.floats(min_value=0, max_value=1)


@given(st.text(st.characters(codec="utf-8")), RATES)
def test_it_is_the_rule_that_a_client_in_javascript_would_follow(target: str, rate: float) -> None:
    """parseInt(hexDigest.slice(0, 12), 16) < rate * 2 ** 48"""
    first = int(hashlib.sha256(target.encode()).hexdigest()[:12], 16)
    assert keeps(target, rate) == (float(first) < rate * 2.0**48)


@given(st.text(), RATES, RATES)
def test_a_larger_sample_keeps_everything_that_a_smaller_one_keeps(
    target: str, one: float, two: float
) -> None:
    assert keeps(target, max(one, two)) or not keeps(target, min(one, two))


@given(st.text())
def test_a_rate_of_one_keeps_everything_and_a_rate_of_zero_nothing(target: str) -> None:
    assert keeps(target, 1)
    assert not keeps(target, 0)


@settings(max_examples=20)
@given(st.floats(min_value=0.01, max_value=1), st.text(max_size=20))
def test_the_share_that_is_kept_is_the_rate(rate: float, prefix: str) -> None:
    """Six standard deviations of 2000 draws, so that chance does not fail the test."""
    kept = sum(keeps(f"{prefix}{number}", rate) for number in range(2000))
    assert abs(kept - 2000 * rate) <= 6 * (2000 * rate * (1 - rate)) ** 0.5 + 1


@pytest.mark.parametrize(
    ("target", "smallest_rate"),
    [("msg_1", 0.068), ("msg_2", 0.9371), ("", 0.8894), ("höflich", 0.4729), ("🙂", 0.8142)],
)
def test_the_choice_never_changes_from_one_process_or_version_to_the_next(
    target: str, smallest_rate: float
) -> None:
    assert keeps(target, smallest_rate + 0.0001)
    assert not keeps(target, smallest_rate - 0.0001)


@pytest.mark.parametrize("half", [0.5, Decimal("0.5"), Fraction(1, 2)])
def test_whatever_number_a_rate_is_it_is_multiplied(half: Any) -> None:
    assert combined(0.5, half) == 0.25


@pytest.mark.parametrize("given", [True, "0.5", [0.5], 0.5j, 10**400])
def test_a_rate_that_cannot_be_multiplied_is_left_for_the_rules_to_refuse(given: Any) -> None:
    assert combined(0.5, given) == given


@pytest.mark.parametrize(
    ("rate", "why"),
    [
        (float("nan"), "sample_rate must be a number, not null, as NaN becomes"),
        ("0.5", "sample_rate must be a number, not str"),
        (-1, "sample_rate is not above 0 and at most 1"),
        (0, "sample_rate is not above 0 and at most 1"),
        (2, "sample_rate is not above 0 and at most 1"),
    ],
)
def test_what_is_wrong_with_a_rate_is_said(rate: Any, why: str) -> None:
    said: list[str] = []
    memory = MemoryTransport()
    with sayso.Client(
        transport=memory, sync=True, on_error=lambda _reason, _id, why: said.append(why)
    ) as client:
        client.thumb("msg_1", value="up", sample_rate=rate)
    assert said == [f"thumb: {why}"]
