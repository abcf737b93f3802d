"""How figures, times and texts are spelled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sayso_ingest.console import wording

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(seconds=-50), "just now"),
        (timedelta(seconds=2), "just now"),
        (timedelta(seconds=40), "40 seconds ago"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(hours=2), "2 hours ago"),
        (timedelta(days=3, hours=20), "3 days ago"),
    ],
)
def test_a_time_is_told_in_its_largest_unit(before: timedelta, said: str) -> None:
    assert wording.ago(NOW, (NOW - before).replace(tzinfo=None)) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "–"),
        (0, "0"),
        (1234567, "1,234,567"),
        (3.0, "3"),
        (0.12345, "0.123"),
        (123.456, "123.5"),
        (4321.7, "4,322"),
        (Decimal("2.50"), "2.5"),
    ],
)
def test_a_number_has_as_many_digits_as_matter(value: float | None, said: str) -> None:
    assert wording.number(value) == said


def test_shares_are_percent_and_their_differences_points_with_a_sign() -> None:
    assert wording.share(0.7134) == "71.3 %"
    assert wording.points(-0.031) == "−3.1 pp"
    assert wording.points(0.2) == "+20.0 pp"
    assert wording.share(None) == wording.points(None) == "–"


def test_a_long_text_is_cut_and_every_value_has_one() -> None:
    assert wording.text("a" * 500) == "a" * 399 + "…"
    assert wording.text(["a", None, 1]) == "a, –, 1"
    assert wording.text({"a": [1]}) == '{"a": [1]}'
    assert wording.text(b"\xff") == "\ufffd"
