"""Whatever is sent, in whatever order it lands and wherever it is folded, the views say what the slow rules say."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from integration.lander.agreement import NOW, check, empty, examples, land, play
from integration.lander.histories import before_ties, histories, landings, tie
from integration.lander.oracle.facts import Arrival, Facts
from integration.lander.oracle.verdicts import KINDS
from sayso_ingest.warehouse import Store

pytestmark = pytest.mark.slow

Cuts = list[tuple[int, bool]]
KEY_OF = "(md5_number_lower(text) & 4294967295)::UINTEGER"
EVERYTHING = (*KINDS, "exposure", "interaction", "retraction", "retraction", "detail")


@pytest.fixture(scope="module")
def warehouse(store: Callable[..., Store], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One warehouse for all histories: opening takes longer than landing."""
    warehouse = store(tmp_path_factory.mktemp("project"))
    yield warehouse
    warehouse.close()


@examples(0.7)
@given(history=histories(*EVERYTHING, reused=True), cuts=landings())
def test_everything_together(warehouse: Store, history: list[Arrival], cuts: Cuts) -> None:
    """Every view, of every kind of event, also of ids that are used again for something else."""
    play(warehouse, history, cuts)
    facts = Facts(history)
    check(warehouse, facts)
    assert warehouse.query("SELECT count(*), count(DISTINCT event_id) FROM events") == [
        (len(facts.held),) * 2
    ]


@examples()
@given(
    history=histories("exposure", "exposure", "thumb", "comment", "retraction", "interaction"),
    cuts=landings(),
)
def test_who_saw_and_who_answered(warehouse: Store, history: list[Arrival], cuts: Cuts) -> None:
    """Exposures and whether they are answered: taken back, answered as another who, tied late, tied to two."""
    play(warehouse, history, cuts)
    check(warehouse, Facts(history), "exposures", "exposed")


@examples()
@given(history=histories("thumb", "thumb", "annotation", "judgement", "retraction"), cuts=landings())
def test_verdicts(warehouse: Store, history: list[Arrival], cuts: Cuts) -> None:
    """What each person says at present, whoever they turn out to be, and what was taken back."""
    play(warehouse, history, cuts)
    check(warehouse, Facts(history), "verdicts")


@examples()
@given(
    history=histories("detail", "detail", "thumb", "comment", "retraction", "interaction"), cuts=landings()
)
def test_what_was_written(warehouse: Store, history: list[Arrival], cuts: Cuts) -> None:
    """Details that wait for their event, by the same who or not; comments with their interaction."""
    play(warehouse, history, cuts)
    check(warehouse, Facts(history), "details", "comments")


@examples()
@given(history=histories("interaction", "interaction", "thumb", "detail", "comment"), cuts=landings())
def test_feedback_with_its_interaction(warehouse: Store, history: list[Arrival], cuts: Cuts) -> None:
    """Feedback that comes before, between or after interactions of its target, or of its session."""
    play(warehouse, history, cuts)
    check(warehouse, Facts(history), "interactions", "feedback", "verdicts")


@examples()
@given(history=histories("suggestion", "suggestion", "retraction", "interaction"), cuts=landings())
def test_suggestions_and_their_survival(warehouse: Store, history: list[Arrival], cuts: Cuts) -> None:
    """What became of suggestions, and how much of them was there later, whichever came first."""
    play(warehouse, history, cuts)
    check(warehouse, Facts(history), "suggestions", "feedback")


@examples()
@given(history=before_ties())
def test_ties_that_come_late_and_come_apart(warehouse: Store, history: list[Arrival]) -> None:
    """What was folded apart is put together when a browser is tied to an actor, and apart again at a second actor."""
    empty(warehouse)
    known: list[Arrival] = []
    for turn, batch in enumerate((history, [tie(1, "ann")], [tie(2, "bea")])):
        land(warehouse, batch, turn * 100)
        warehouse.fold(now=NOW)
        known += batch
        check(
            warehouse, Facts(known), "verdicts", "details", "comments", "exposures", "exposed", "suggestions"
        )


@examples(0.5)
@given(history=histories(*EVERYTHING), cuts=landings())
def test_texts_that_share_a_key(warehouse: Store, history: list[Arrival], cuts: Cuts) -> None:
    """Keys only say where to look: where half of all texts have the same one, every view says what it would say."""
    warehouse.query("CREATE OR REPLACE MACRO key_of(text) AS (length(text) % 2)::UINTEGER")
    try:
        play(warehouse, history, cuts)
        check(warehouse, Facts(history))
    finally:
        warehouse.query(f"CREATE OR REPLACE MACRO key_of(text) AS {KEY_OF}")
