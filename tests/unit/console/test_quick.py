"""Which quick chart an answer gets, and what is said where it gets none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sayso_ingest.console.columns import describe
from sayso_ingest.console.plot import Plot
from sayso_ingest.console.quick import quick_plot
from sayso_ingest.console.table import Shown, Table

DAY = date(2026, 3, 1)


def shown(names: str, *rows: tuple[Any, ...], more: bool = False) -> Shown:
    columns = names.split()
    return Shown(Table("answer", ""), describe(columns, rows, {}), columns, list(rows), more)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (
            shown("version n", ("v1", 3), ("v2", 5), ("v3", None)),
            "n by version, of 2 rows: highest v2 with 5, lowest v1 with 3.",
        ),
        (
            shown("day who n", (DAY, "a", 3), (DAY, "b", 4), (DAY.replace(day=2), "a", 9)),
            "n by day: a 3 at 2026-03-01, 9 at 2026-03-02; b 4 at 2026-03-01, 4 at 2026-03-01.",
        ),
        (shown("length rate", (20, 0.5), (10, 0.25)), "rate by length: 0.25 at 10, 0.5 at 20."),
        (
            shown("day who n", *((DAY, letter, 1) for letter in "abcde")),
            "n by day: " + "; ".join(f"{letter} 1 at 2026-03-01, 1 at 2026-03-01" for letter in "abcd")
            + ". Drawn are 4 of 5 lines.",
        ),
    ],
)  # fmt: skip
def test_the_first_figures_are_drawn_by_the_first_column_and_said_in_words(answer: Shown, says: str) -> None:
    plot = quick_plot(answer)
    assert isinstance(plot, Plot)
    assert plot.says == says


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (shown("n", (1,), (2,)), "it takes two columns"),
        (shown("version text", ("v1", "a"), ("v2", "b")), "no column after version holds figures"),
        (shown("version n", ("v1", 1), ("v2", float("nan"))), "it takes two rows"),
        (shown("version n", ("v1", 1), ("v1", 2)), "several rows have the same version. GROUP BY it"),
        (shown("day n", (DAY, 1), (DAY, 2)), "several rows have the same day. GROUP BY it"),
        (shown("tags n", (["a"], 1), (["b"], 2)), "tags[1]"),
    ],
)
def test_what_does_not_suit_is_told_why(answer: Shown, says: str) -> None:
    plot = quick_plot(answer)
    assert isinstance(plot, str)
    assert says in plot


def test_of_many_names_the_first_are_drawn_and_it_says_so() -> None:
    plot = quick_plot(shown("name n", *((f"n{i}", i) for i in range(60))))
    assert isinstance(plot, Plot)
    assert "of the first 40 rows" in plot.says
