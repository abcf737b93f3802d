"""Landing a history in a real warehouse, and holding what its views say against the oracle."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from integration.lander.oracle.exposures import Exposed, Exposure, exposed, exposures
from integration.lander.oracle.facts import Arrival, Facts
from integration.lander.oracle.feedback import IN_SHORT, Feedback, Suggestion, feedback, in_short, suggestions
from integration.lander.oracle.interactions import Interaction, interactions
from integration.lander.oracle.remarks import Comment, Detail, comments, details
from sayso_ingest.eventlog.base import Entry
from sayso_ingest.lander.batch import without_repeats
from sayso_ingest.lander.read import read_entries
from sayso_ingest.record import Submission, encode_json, pack
from sayso_ingest.warehouse import Store

NOW = datetime(2026, 3, 2, tzinfo=UTC)
FACTS = ("events", "rejects", "counts", "positions")
STATE = (
    "verdict_state", "retraction_state", "interaction_state", "replaced_interactions", "remark_state", "exposure_state",
    "report_state", "decision_state", "ties", "identity_state",
)  # fmt: skip

VIEWS: dict[str, tuple[tuple[str, ...], Callable[[Facts], Sequence[tuple[Any, ...]]]]] = {
    "verdicts": (IN_SHORT, in_short),
    "interactions": (Interaction._fields, interactions),
    "details": (Detail._fields, details),
    "comments": (Comment._fields, comments),
    "exposures": (Exposure._fields, exposures),
    "exposed": (Exposed._fields, exposed),
    "feedback": (Feedback._fields, feedback),
    "suggestions": (Suggestion._fields, suggestions),
}
"""Of each view that the oracle knows, its columns, and what its rows must be."""

MADE_OF_TEXTS = {
    "interaction_state": (
        """SELECT event_id, person, input_key, output_chars, refusal, cost, choice, candidates, chosen_by,
            prompt_commit, prompt_dirty, prompt_path FROM interaction_state""",
        """SELECT event_id, who, key_of(lower(trim(input))), len(output), says_no(output), cost, choice_of(candidates),
            coalesce(json_array_length(candidates), 1), CASE WHEN candidates IS NOT NULL THEN chosen_by END,
            prompt_commit, prompt_dirty, prompt_path FROM interactions""",
    ),
    "verdict_state": (
        """SELECT event_id, expected, exact, same, overlap, prompt_commit, prompt_dirty, prompt_path
        FROM verdict_state WHERE wins""",
        """SELECT f.event_id, f.expected, f.expected = f.output, plain(f.expected) = plain(f.output),
            word_overlap(f.expected, f.output), i.prompt_commit, i.prompt_dirty, i.prompt_path
        FROM feedback f LEFT JOIN interactions i ON i.event_id = f.interaction_id""",
    ),
    "decision_state": (
        """SELECT v.event_id, d.decided_in_ms, d.similarity, d.length_change, d.same_words, d.words_kept, d.removed,
            d.added
        FROM verdicts v JOIN decision_state d USING (event_id) WHERE v.kind = 'suggestion'""",
        """SELECT s.event_id, s.decided_in_ms,
            CASE e.outcome WHEN 'edited' THEN jaro_winkler_similarity(e.proposed, e.final) END,
            len(edited.final) / len(edited.proposed) - 1, plain(edited.proposed) = plain(edited.final),
            len(list_filter(words_of(edited.proposed), lambda word: list_contains(words_of(edited.final), word)))
                / len(words_of(edited.proposed)),
            list_filter(words_of(edited.proposed), lambda word: NOT list_contains(words_of(edited.final), word)),
            list_filter(words_of(edited.final), lambda word: NOT list_contains(words_of(edited.proposed), word))
        FROM suggestions s JOIN events e USING (event_id)
        LEFT JOIN events edited ON edited.event_id = e.event_id AND edited.outcome = 'edited'
            AND len(edited.proposed) > 0 AND len(edited.final) > 0""",
    ),
}
"""Of each table that has what is made of texts: what it says, and what views that are checked make of it."""


def examples(share: float = 1.0) -> settings:
    """How many histories to try: ORACLE_EXAMPLES, else few enough for every day; the first is the simplest there is."""
    return settings(
        max_examples=max(2, int(int(os.environ.get("ORACLE_EXAMPLES", "4")) * share)),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def play(warehouse: Store, history: list[Arrival], cuts: list[tuple[int, bool]]) -> None:
    """Land a history in an emptied warehouse, cut like this, and fold what is not folded then."""
    empty(warehouse)
    rest, turn = list(history), 0
    while rest:
        size, fold = cuts[turn % len(cuts)]
        land(warehouse, rest[:size], turn * 100)
        rest, turn = rest[size:], turn + 1
        if fold:
            warehouse.fold(now=NOW)
    warehouse.fold(now=NOW)


def empty(warehouse: Store) -> None:
    """Take everything out, which is quicker than to make a new one."""
    for table in (*FACTS, *STATE):
        warehouse.query(f"DELETE FROM {table}")
    warehouse.query("UPDATE progress SET folded = landing")


def land(warehouse: Store, batch: list[Arrival], offset: int) -> None:
    """Land these events in one transaction, as the lander would."""
    submissions = [
        Submission(
            key_id=f"key_{a.key_kind}",
            key_kind=a.key_kind,
            received_at=a.received_at.isoformat(),
            sent_at=a.sent_at.isoformat() if a.sent_at else None,
            events=[encode_json(a.event)],
        )
        for a in batch
    ]
    entries = [Entry("source", offset + n, record) for n, record in enumerate(pack(submissions).records)]
    read = read_entries(entries, warehouse.rows)
    warehouse.land(without_repeats(read, warehouse.stored(read.ids)), now=NOW)


def check(warehouse: Store, facts: Facts, *views: str) -> None:
    """These views (all, unless told) say exactly what the oracle says."""
    for view in views or VIEWS:
        columns, rows = VIEWS[view]
        found = answer(warehouse, view, columns)
        assert found == sorted(map(tuple, rows(facts)), key=repr), view
    if not views:
        for table, (kept, made) in MADE_OF_TEXTS.items():
            assert sorted(warehouse.query(kept), key=repr) == sorted(warehouse.query(made), key=repr), table


def answer(warehouse: Store, view: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """The rows of a view, in an order of their own."""
    found = warehouse.query(f"SELECT {', '.join(columns)} FROM {view}")
    told = [tuple(str(value) if isinstance(value, UUID) else value for value in row) for row in found]
    return sorted(told, key=repr)
