"""What differs between two versions is told in full, with why."""

from __future__ import annotations

from pathlib import Path

from sayso_ingest.evalsets import EvalCase, Retirement, Version, compare
from unit.evalsets.test_case import case

ONE, TWO, THREE = (case(text) for text in ("Where is my parcel?", "I lost my password", "Send the invoice"))


def version(number: int, *cases: EvalCase, retired: tuple[Retirement, ...] = ()) -> Version:
    return Version("help", number, "", cases, None, "2026-03-01T12:00:00Z", "", Path(), retired)


def test_a_removed_case_has_the_reason_of_the_version_that_retired_it() -> None:
    first = version(1, ONE, TWO)
    second = version(2, ONE, retired=(Retirement(TWO.case_id, "asked no more"),))
    third = version(3, ONE, THREE)
    found = compare(first, third, known=[first, second, third])
    assert (found.added, found.removed) == ((THREE.case_id,), (TWO.case_id,))
    assert found.reasons == {TWO.case_id: "asked no more"}


def test_a_reason_of_before_or_after_the_two_versions_is_none_of_theirs() -> None:
    first = version(1, ONE, TWO, retired=(Retirement(THREE.case_id, "long ago"),))
    second = version(2, ONE, TWO, THREE)
    third = version(3, ONE, TWO, retired=(Retirement(THREE.case_id, "again"),))
    assert compare(first, second, known=[first, second, third]).reasons == {}
    assert compare(second, first, known=[first, second, third]).reasons == {}


def test_a_changed_case_says_what_of_it_changed_but_not_when_it_came() -> None:
    better = case(ONE.input, expected="It arrives today.", reference_kind="annotation")
    found = compare(version(1, ONE.since(1), TWO.since(1)), version(2, better.since(2), TWO.since(2)))
    assert (found.added, found.removed, found.changed) == ((), (), (ONE.case_id,))
    assert found.fields == {ONE.case_id: ("expected", "reference_kind")}
