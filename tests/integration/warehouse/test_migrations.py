"""A warehouse that an earlier version made says, opened by this one, what a new one with the same events says."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from integration.lander.agreement import NOW, VIEWS, answer, check, land
from integration.lander.histories import IDS, START
from integration.lander.oracle.facts import Arrival, Facts
from sayso_ingest.warehouse import Warehouse
from sayso_ingest.warehouse.connect import open_live
from sayso_ingest.warehouse.migrate import applied_migrations, migrate

BEFORE_FOLDED_VIEWS = {
    "0001_facts.sql",
    "0002_state.sql",
    "0003_client_losses.sql",
    "0004_removed_sources.sql",
}


def said(n: int, kind: str, body: dict[str, Any], *, target: str = "t1", **who: str) -> Arrival:
    """Event number n, said n minutes after the start in a browser."""
    at = START + timedelta(minutes=n)
    event = {
        "id": IDS[n], "kind": kind, "target": target, "body": body, "verified": False, "occurred_at": at.isoformat(),
    }  # fmt: skip
    return Arrival(event | who, "pk", at, None)


HISTORY = [
    said(0, "interaction", {"output": "early", "prompt": {"name": "p", "version": "1"}}, session="s1"),
    said(
        1, "interaction", {
            "input": "When?", "output": "late", "cost": 0.5, "candidates": [{"output": "late"}, {"output": "soon"}],
            "chosen": {"by": "us"}, "prompt": {"name": "p", "version": "2", "commit": "c1", "path": "p.md"},
        }, session="s1", anonymous="x",
    ),
    said(2, "exposure", {"surface": "thumbs"}, anonymous="x"),
    said(3, "thumb", {"value": "up"}, anonymous="x"),
    said(4, "thumb", {"value": "down"}, anonymous="x", actor="ann"),
    said(5, "detail", {"about": IDS[4], "reasons": ["late"], "comment": "why"}, actor="ann"),
    said(6, "thumb", {"value": "up"}, target="s1", actor="bea"),
    said(7, "rating", {"value": 4}, actor="bea"),
    said(8, "retraction", {"of": IDS[7]}, actor="bea"),
    said(9, "comment", {"text": "slow", "category": "bug"}, session="s1"),
    said(10, "suggestion", {"outcome": "edited", "proposed": "a", "final": "b"}, target="t2", actor="ann"),
    said(11, "suggestion", {"survival": {"after_s": 60, "kept": 0.5}}, target="t2", actor="ann"),
    said(12, "judgement", {"judge": "m1", "score": 0.5}),
    said(13, "annotation", {"label": "bad", "expected": "Late!"}, actor="bea"),
    said(14, "signal", {"name": "copied"}, anonymous="x"),
    said(15, "outcome", {"name": "solved", "value": 2}, actor="bea"),
]  # fmt: skip

KEYS = {
    "verdict_state": {"target_key": "target", "who_key": "who"},
    "exposure_state": {"target_key": "target", "who_key": "who"},
    "interaction_state": {"target_key": "target", "session_key": "session"},
    "remark_state": {"target_key": "target", "who_key": "who", "about_who_key": "about_who"},
}
"""Of each state table, its keys, and what each of them stands for."""

MADE_OF_TEXTS = {
    "interaction_state": (
        "who", "who_key", "person", "input_key", "output_chars", "refusal", "cost", "choice", "candidates", "chosen_by",
        "prompt_commit", "prompt_dirty", "prompt_path",
    ),
    "verdict_state": ("expected", "prompt_commit", "prompt_dirty", "prompt_path", "exact", "same", "overlap"),
}  # fmt: skip
"""Of each state table, what it has so that questions need no texts."""


@pytest.fixture
def fresh(tmp_path: Path) -> Warehouse:
    """A warehouse of this version, in two landings, folded."""
    warehouse = Warehouse.open(tmp_path / "fresh")
    land(warehouse, HISTORY[:6], 0)
    land(warehouse, HISTORY[6:], 1)
    warehouse.fold(now=NOW)
    return warehouse


def make_earlier(folder: Path, events: Path) -> None:
    """Make a live file as it was before views were folded: these events, and state in tables of that time's shape."""
    with closing(open_live(folder / "live" / "warehouse.duckdb")) as old:
        migrate(old, upto=BEFORE_FOLDED_VIEWS)
        assert applied_migrations(old) == BEFORE_FOLDED_VIEWS
        columns = ", ".join(f'"{row[0]}"' for row in old.execute("DESCRIBE events").fetchall())
        old.execute(f"ATTACH '{events}' AS source (READ_ONLY)")
        old.execute(f"INSERT INTO events SELECT {columns} FROM source.events")
        old.execute("INSERT INTO verdict_state BY NAME SELECT 'gone' AS target, 'up' AS value")
        old.execute("INSERT INTO ties VALUES ('x', 'somebody else')")
        old.execute("UPDATE progress SET landing = 2, folded = 2")


def test_a_file_from_before_views_were_folded_answers_like_a_new_one(
    fresh: Warehouse, tmp_path: Path
) -> None:
    """All state is folded anew from the events; what was in the tables before is gone."""
    expected = {view: answer(fresh, view, columns) for view, (columns, _) in VIEWS.items()}
    fresh.checkpoint()
    fresh.close()
    make_earlier(tmp_path / "project", fresh.path)
    with closing(Warehouse.open(tmp_path / "project")) as mended:
        assert mended.landing() == 2
        mended.fold(now=NOW)
        assert {view: answer(mended, view, columns) for view, (columns, _) in VIEWS.items()} == expected
        check(mended, Facts(HISTORY))
        assert mended.query("SELECT folded FROM progress") == [(2,)]


def test_rows_that_were_folded_before_there_were_keys_are_found_by_them(tmp_path: Path) -> None:
    """The keys of what is there are those that a fold would give, and what is said later changes the right rows."""
    with closing(Warehouse.open(tmp_path / "project")) as warehouse:
        land(warehouse, HISTORY[:6], 0)
        warehouse.fold(now=NOW)
        for table, key in ((table, key) for table, keys in KEYS.items() for key in keys):
            warehouse.query(f"ALTER TABLE {table} DROP COLUMN {key}")
        warehouse.query("DELETE FROM migrations WHERE name = '0008_keys.sql'")
        warehouse.checkpoint()
    with closing(Warehouse.open(tmp_path / "project")) as mended:
        for table, keys in KEYS.items():
            for key, text in keys.items():
                wrong = f"SELECT count(*) FROM {table} WHERE {key} IS DISTINCT FROM key_of({text})"
                assert mended.query(wrong) == [(0,)], (table, key)
        land(mended, HISTORY[6:], 1)
        mended.fold(now=NOW)
        check(mended, Facts(HISTORY))


def test_rows_that_were_folded_before_questions_did_without_texts_get_what_a_fold_gives(
    tmp_path: Path,
) -> None:
    """Also the whole of what became of suggestions, of signals and of outcomes; and it goes on from there."""
    tables = (*MADE_OF_TEXTS, "report_state", "decision_state")
    with closing(Warehouse.open(tmp_path / "project")) as warehouse:
        land(warehouse, HISTORY, 0)
        warehouse.fold(now=NOW)
        folded = {table: sorted(warehouse.query(f"FROM {table}"), key=repr) for table in tables}
        for table, columns in MADE_OF_TEXTS.items():
            for column in columns:
                warehouse.query(f"ALTER TABLE {table} DROP COLUMN {column}")
        for table in ("report_state", "decision_state"):
            warehouse.query(f"DROP TABLE {table}")
        warehouse.query("DELETE FROM migrations WHERE name = '0009_without_texts.sql'")
        warehouse.checkpoint()
    with closing(Warehouse.open(tmp_path / "project")) as mended:
        assert {table: sorted(mended.query(f"FROM {table}"), key=repr) for table in tables} == folded
        last = said(16, "interaction", {"output": "Late!"}, session="s1", actor="ann")
        land(mended, [last], 1)
        mended.fold(now=NOW)
        check(mended, Facts([*HISTORY, last]))
