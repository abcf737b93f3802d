"""What a column is taken for."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sayso_ingest.console.columns import describe, scale


def test_the_ends_of_an_interval_become_part_of_its_column() -> None:
    names = [
        "what",
        "share",
        "share_low",
        "share_high",
        "up",
        "up_rate",
        "up_low",
        "up_high",
        "change",
        "low",
        "high",
    ]
    columns = describe(names, [["a", 0.5, 0.4, 0.6, 7, 0.7, 0.6, 0.8, 0.1, 0.0, 0.2]], {})
    assert [(column.name, column.low, column.high) for column in columns] == [
        ("what", None, None),
        ("share", 2, 3),
        ("up", None, None),
        ("up_rate", 6, 7),
        ("change", 9, 10),
    ]


def test_low_and_high_alone_are_columns_like_others() -> None:
    assert [column.name for column in describe(["high", "low"], [], {})] == ["high", "low"]


@pytest.mark.parametrize(
    ("value", "about", "kind"),
    [
        (0.25, "of them, 0 to 1", "share"),
        (1, "how many", "number"),
        (True, "", "flag"),
        (datetime(2026, 3, 1), "", "time"),  # noqa: DTZ001
        (["a"], "", "list"),
        ("a", "", "text"),
        (None, "", "text"),
    ],
)
def test_its_kind_is_told_by_its_values_and_shares_by_their_meaning(
    value: object, about: str, kind: str
) -> None:
    [column] = describe(["it"], [[None], [value]], {"it": about})
    assert column.kind == kind


@given(st.lists(st.floats(-1e6, 1e6), min_size=1))
@example([5e-324, -10.0])
def test_a_scale_holds_every_value_and_is_no_point(values: list[float]) -> None:
    least, most = scale(values)
    rounding = 1e-9 * (most - least)  # nobody sees it
    assert least <= min(values) + rounding
    assert most >= max(values) - rounding
    assert most > least
