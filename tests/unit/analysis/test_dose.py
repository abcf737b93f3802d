"""Which answers people prefer, in a sentence: by the highest fifth of a measure against its lowest."""

from __future__ import annotations

from typing import Any

from sayso_ingest.analysis.dose import Dose, doses


def row(
    metric: str, bin: int, values: tuple[float, float], rate: float, half: float = 0.05
) -> dict[str, Any]:
    lowest, highest = values
    ends = {"up_rate": rate, "up_low": rate - half, "up_high": rate + half}
    return {"prompt_name": "help", "metric": metric, "bin": bin, "people": 200, "thumbs": 300} | {
        "lowest": lowest,
        "highest": highest,
        **ends,
    }


def told(*rows: dict[str, Any]) -> Dose:
    [dose] = doses(rows)
    return dose


def test_the_side_that_is_liked_more_is_preferred_with_the_difference_and_its_interval() -> None:
    shorter = told(row("output_chars", 1, (10, 99), 0.8), row("output_chars", 5, (400, 1200), 0.6))
    assert shorter.sentence == (
        "People prefer shorter answers: 80.0 % of thumbs are up in the shortest fifth (10 to 99 characters), "
        "60.0 % in the longest fifth (400 to 1,200 characters); -20.0 points (95 % interval -27.1 to -12.9)."
    )
    slower = told(row("latency_ms", 1, (10, 99), 0.6), row("latency_ms", 5, (400, 1200), 0.8))
    assert slower.sentence.startswith("People prefer slower answers: 60.0 % of thumbs are up in the fastest")


def test_where_the_interval_holds_zero_there_is_no_clear_difference() -> None:
    dose = told(row("cost", 1, (0.001, 0.002), 0.62), row("cost", 5, (0.1, 0.2), 0.6))
    assert dose.sentence.startswith("No clear difference between cheaper answers and dearer answers: ")
    assert "in the cheapest fifth (0.001 to 0.002)" in dose.sentence


def test_what_is_so_or_not_is_told_by_the_people_who_met_it() -> None:
    dose = told(row("refusal", 1, (0, 0), 0.7), row("refusal", 2, (1, 1), 0.2))
    assert dose.sentence.startswith(
        "People prefer answers that help: 70.0 % of thumbs are up of the 200 people"
    )
    assert [dose.label(part) for part in dose.parts] == ["no", "yes"]


def test_answers_that_are_all_alike_leave_nothing_to_compare() -> None:
    dose = told(row("latency_ms", 1, (120, 120), 0.7))
    assert dose.change is None
    assert dose.sentence == "Latency: nothing to compare, for all these answers are alike (120 ms)."


def test_each_prompt_and_measure_is_told_by_itself() -> None:
    rows = [
        row(metric, bin, (bin, bin), 0.5) | {"prompt_name": name}
        for name in ("a", "b", None)
        for metric in ("output_chars", "cost")
        for bin in (1, 2)
    ]
    assert [(dose.prompt, dose.metric, len(dose.parts)) for dose in doses(rows)] == [
        (name, metric, 2) for name in ("a", "b", None) for metric in ("output_chars", "cost")
    ]
