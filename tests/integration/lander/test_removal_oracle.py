"""Whatever was sent, after somebody is erased the views say what they say where it had never been sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from blank import open_warehouse
from hypothesis import given
from hypothesis import strategies as st
from integration.lander.agreement import NOW, check, examples, play
from integration.lander.histories import histories, landings
from integration.lander.oracle.facts import Arrival, Facts
from integration.lander.oracle.verdicts import KINDS
from sayso_ingest.warehouse import Subject, Warehouse

pytestmark = pytest.mark.slow

Cuts = list[tuple[int, bool]]
EVERYTHING = (*KINDS, "exposure", "interaction", "retraction", "detail")
SUBJECTS = [
    Subject(actor="ann"),
    Subject(actor="bea"),
    Subject(anonymous="x"),
    Subject(session="s1"),
    Subject(target="t2"),
]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """One warehouse for all histories: opening takes longer than landing."""
    warehouse = open_warehouse(tmp_path_factory.mktemp("project"))
    yield warehouse
    warehouse.close()


def names(subject: Subject, event: dict[str, object]) -> bool:
    """Whether an event names the subject itself."""
    return event.get(subject.by) == getattr(subject, subject.by)


@examples()
@given(history=histories(*EVERYTHING), cuts=landings(), subject=st.sampled_from(SUBJECTS))
def test_the_rest_is_as_if_it_had_been_all(
    warehouse: Warehouse, history: list[Arrival], cuts: Cuts, subject: Subject
) -> None:
    """Also ties, and what was replaced or taken back by what is gone; and no event is left that names the subject."""
    warehouse.query("DELETE FROM erased_ids")
    play(warehouse, history, cuts)
    gone = warehouse.erase(subject, now=NOW).ids
    warehouse.fold(now=NOW)
    left = [arrival for arrival in history if arrival.event["id"] not in gone]
    assert not any(names(subject, arrival.event) for arrival in left)
    facts = Facts(left)
    check(warehouse, facts)
    assert warehouse.query("SELECT count(*) FROM events") == [(len(facts.held),)]


@examples(0.3)
@given(history=histories(*EVERYTHING), cuts=landings())
def test_to_erase_nobody_changes_nothing(warehouse: Warehouse, history: list[Arrival], cuts: Cuts) -> None:
    """All is folded anew, and says the same."""
    warehouse.query("DELETE FROM erased_ids")
    play(warehouse, history, cuts)
    assert not warehouse.erase(Subject(actor="nobody"), now=NOW).ids
    warehouse.fold(now=NOW)
    check(warehouse, Facts(history))
