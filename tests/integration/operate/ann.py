"""An installation that has ann in everything that it keeps, and bea too; erasing in it, and asking it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from integration.operate.traces import found_in
from landed import NOW, append, event, land, thumb
from ran import Function, a_plan, a_run
from sayso_ingest.evals.runs.draft import open_draft
from sayso_ingest.evals.systems import Asked
from sayso_ingest.evalsets import latest, promote
from sayso_ingest.evalsets.by_hand import find_cases
from sayso_ingest.evalsets.candidates import propose
from sayso_ingest.event import Reason, Rejection
from sayso_ingest.mining import VectorStore
from sayso_ingest.operate import ensure_project
from sayso_ingest.places import (
    gathered_file,
    improve_folder,
    project_folder,
    replies_file,
    vectors_folder,
)
from sayso_ingest.warehouse import Published
from service import run_here

PLANTED = "xylophone-quartz-jukebox"
ANN, BROWSER, SESSION, ANSWER = "actor-ann-4711", "browser-of-ann-88", "session-of-ann-12", "answer-to-ann-77"
TRACES = (PLANTED, ANN, BROWSER, SESSION, ANSWER)
ASKED = [f"What is {PLANTED}?", "What is it?"]
"""By ann, and by bea."""
THUMB_ID, WAITING_ID = str(uuid4()), str(uuid4())


def make(data: Path) -> None:
    ensure_project(data, "default")
    folder = project_folder(data, "default")
    for target, who in ((ANSWER, {"actor": None, "session": SESSION}), ("answer-2", {"actor": "bea"})):
        asked = ASKED[target != ANSWER]
        append(folder, event("interaction", target=target, body={"input": asked, "output": "No."}, **who))
    append(
        folder,
        thumb("down", id=THUMB_ID, target=ANSWER, actor=ANN, anonymous=BROWSER, session=SESSION),
        event("comment", target="answer-2", actor=None, anonymous=BROWSER, body={"text": f"{PLANTED}!"}),
        event(
            "annotation", target=ANSWER, actor="bea", body={"label": "bad", "expected": f"It is {PLANTED}"}
        ),
        thumb("up", target="answer-2", actor="bea"),
    )
    append(
        folder, event("detail", actor="bea", target="answer-2", body={"about": THUMB_ID, "comment": PLANTED})
    )
    refused = json.dumps({"actor": ANN, "text": PLANTED}).encode()
    append(folder, rejects=[Rejection.of(refused, Reason.WRONG_TYPE), Rejection.of(b"{}", Reason.WRONG_TYPE)])
    land(folder)
    with Published.open(folder) as copy:
        mine, other = find_cases(copy.query, [ANSWER, "answer-2"], reason="r")
    promote(folder, "main", [other], now=NOW)
    promote(folder, "main", [mine], now=NOW)
    propose(folder, "next", [mine, other], now=NOW)
    make_runs(folder)
    vectors = VectorStore(vectors_folder(folder))
    vectors.shelf("hash").add(vectors.keys(ASKED), np.ones((2, 4), np.float16))
    gathered_file(folder).write_text(json.dumps({"quote": PLANTED}))
    (improve_folder(folder) / "answer").mkdir(parents=True)
    (improve_folder(folder) / "answer" / "training.jsonl").write_text(json.dumps({"input": PLANTED}))
    replies_file(folder).parent.mkdir()
    with closing(sqlite3.connect(replies_file(folder), isolation_level=None)) as replies:
        replies.execute("CREATE TABLE replies AS SELECT ? AS said", [PLANTED])
    with closing(sqlite3.connect(folder / "console.sqlite", isolation_level=None)) as console:
        for table, columns in (
            ("read_marks", "who, event_id"),
            ("turns", "target, event_id"),
            ("audit", "on_what"),
        ):
            console.execute(f"CREATE TABLE {table} ({columns})")
        console.execute("INSERT INTO turns VALUES (?, ?), ('answer-2', 'e')", [ANSWER, THUMB_ID])
        console.execute("INSERT INTO read_marks VALUES ('bea', ?)", [THUMB_ID])
        console.execute("INSERT INTO audit VALUES (?)", [ANSWER])
    append(folder, thumb(id=WAITING_ID, target="answer-2", actor=ANN))


def make_runs(folder: Path) -> None:
    """One that is finished, and one that was killed when it was, in the middle of writing; both say ann's words."""
    version = latest(folder, "main")
    assert version

    def answer(to: Asked) -> str:
        return f"Is it {PLANTED}?" if to.sample else "It is a word."

    run = a_run(folder, version, answer, samples=2, now=NOW)
    account = "".join(f"- {case.case_id[:12]} got worse\n" for case in version.cases)
    (run.path / "README.md").write_text(account)  # as somebody may have written it
    plan = a_plan(version, Function(answer, name="later"), samples=2)
    with open_draft(folder, plan, now=NOW) as draft:
        for result in run.results:
            draft.add(replace(result, why=f"{result.output} is no answer"))
    (draft.folder / "results.draft").write_bytes((draft.folder / "unfinished.jsonl").read_bytes())


def asked(data: Path, sql: str) -> list[tuple[Any, ...]]:
    with Published.open(project_folder(data, "default")) as copy:
        return copy.table(sql)[1]


def erase(data: Path, *words: str | Path) -> tuple[str, str]:
    outcome = run_here("erase", "--data", data, *words)
    assert outcome.returncode == 0, outcome.stderr
    return outcome.stdout, outcome.stderr


def make_and_erase(data: Path) -> tuple[str, str]:
    make(data)
    before = found_in(data, PLANTED)
    for place in (
        "live",
        "warehouse.duckdb",
        "evalsets/main/v2",
        "candidates.jsonl",
        "gathered",
        "improve/answer",
        "replies",
        "results.jsonl",
        "unfinished.jsonl",
        "results.draft",
    ):
        assert any(place in one for one in before), place
    assert any("/log/" in one for one in found_in(data, ANN)), "what waits in the log"
    return erase(data, "--actor", ANN, "--yes")
