"""Real feedback through the whole way: what DuckDB counts is what the files hold."""

from __future__ import annotations

import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sayso_ingest.demo.command_line import CommandLine
from sayso_ingest.demo.service import running_service
from sayso_ingest.places import project_folder, service_key_file
from story.replay import banking77, feedbackqa, jfleg
from story.replay.sending import send_all

pytestmark = pytest.mark.realdata

LAND_WITHIN = 240.0
EVERY = int(os.environ.get("REPLAY_EVERY", "4"))
"""One of so many is replayed; `make soak` replays all."""


@dataclass(frozen=True)
class Files:
    """What the files hold, read with plain Python."""

    answers: list[feedbackqa.Answer]
    sentences: list[jfleg.Sentence]
    queries: list[banking77.Query]


@pytest.fixture(scope="module")
def files(shared_data: Path) -> Files:
    found = Files(
        answers=feedbackqa.read(shared_data / "feedbackqa")[::EVERY],
        sentences=jfleg.read(shared_data / "jfleg")[::EVERY],
        queries=banking77.read(shared_data / "banking77")[::EVERY],
    )
    assert found.answers
    assert found.sentences
    assert found.queries
    return found


@pytest.fixture(scope="module")
def data(files: Files, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which all of it was sent and landed."""
    folder = tmp_path_factory.mktemp("replay")
    commands = CommandLine(folder)
    with running_service(folder) as url:
        key = service_key_file(project_folder(folder, "default")).read_text().strip()
        send_all(files.answers, feedbackqa.record, url=url, key=key)
        send_all(files.sentences, jfleg.record, url=url, key=key)
        send_all(files.queries, banking77.record, url=url, key=key)
        deadline = time.monotonic() + LAND_WITHIN
        while commands.rows("status")[0]["waiting"] != 0:
            assert time.monotonic() < deadline, commands.rows("status")
            time.sleep(0.5)  # a command takes what the lander needs
    return folder


@pytest.fixture
def warehouse(data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published file, opened as an analyst opens it."""
    with duckdb.connect(data / "default" / "warehouse.duckdb", read_only=True) as connection:
        yield connection


def table(warehouse: duckdb.DuckDBPyConnection, sql: str) -> dict[Any, Any]:
    """A query's rows as a mapping from all columns but the last to the last."""
    return {row[0] if len(row) == 2 else row[:-1]: row[-1] for row in warehouse.sql(sql).fetchall()}


class TestAll:
    def test_every_event_landed_once_and_nothing_was_refused_or_lost(
        self, warehouse: duckdb.DuckDBPyConnection, files: Files
    ) -> None:
        said = sum(len(answer.rated) for answer in files.answers)
        expected = {
            "interaction": len(files.answers) + len(files.sentences) + len(files.queries),
            "rating": said,
            "comment": said,
            "suggestion": jfleg.EDITORS * len(files.sentences),
        }
        assert table(warehouse, "SELECT kind, count(*) FROM events GROUP BY kind") == expected
        assert table(warehouse, "SELECT kind, count(DISTINCT event_id) FROM events GROUP BY kind") == expected
        assert warehouse.sql("FROM rejects").fetchall() == warehouse.sql("FROM losses").fetchall() == []

    def test_every_text_is_what_it_was(self, warehouse: duckdb.DuckDBPyConnection, files: Files) -> None:
        found = table(warehouse, "SELECT target, {'input': input, 'output': output} FROM interactions")
        expected: dict[str, dict[str, str | None]] = {
            a.target: {"input": a.question, "output": a.passage} for a in files.answers
        }
        expected |= {s.target: {"input": None, "output": s.proposed} for s in files.sentences}
        expected |= {q.target: {"input": q.text, "output": None} for q in files.queries}
        assert found == expected


class TestRatings:
    def test_counts_of_each_rating_by_domain(
        self, warehouse: duckdb.DuckDBPyConnection, files: Files
    ) -> None:
        expected = Counter((a.domain, rated.value) for a in files.answers for rated in a.rated)
        sql = "SELECT prompt_version, score, count(*) FROM feedback WHERE kind = 'rating' GROUP BY ALL"
        assert table(warehouse, sql) == expected

    def test_mean_rating_by_domain(self, warehouse: duckdb.DuckDBPyConnection, files: Files) -> None:
        values: dict[str, list[int]] = defaultdict(list)
        for answer in files.answers:
            values[answer.domain] += [rated.value for rated in answer.rated]
        expected = {domain: sum(given) / len(given) for domain, given in values.items()}
        sql = "SELECT prompt_version, avg(score) FROM feedback WHERE kind = 'rating' GROUP BY prompt_version"
        assert table(warehouse, sql) == pytest.approx(expected, rel=1e-12)

    def test_share_of_answers_on_which_the_first_two_raters_agree(
        self, warehouse: duckdb.DuckDBPyConnection, files: Files
    ) -> None:
        agree = [answer.rated[0].value == answer.rated[1].value for answer in files.answers]
        sql = """
            SELECT avg((a.value = b.value)::INT)
            FROM verdicts a JOIN verdicts b ON a.target = b.target AND a.kind = 'rating' AND b.kind = 'rating'
            WHERE a.who = 'actor:rater 1' AND b.who = 'actor:rater 2'"""
        assert warehouse.sql(sql).fetchall() == [(pytest.approx(sum(agree) / len(agree), rel=1e-12),)]

    def test_answers_that_everybody_called_bad(
        self, warehouse: duckdb.DuckDBPyConnection, files: Files
    ) -> None:
        expected = {a.target for a in files.answers if all(rated.value == 1 for rated in a.rated)}
        sql = "SELECT target FROM verdicts WHERE kind = 'rating' GROUP BY target HAVING max(score) = 1"
        assert {target for (target,) in warehouse.sql(sql).fetchall()} == expected

    def test_every_comment_stands_beside_its_question_and_its_rater(
        self, warehouse: duckdb.DuckDBPyConnection, files: Files
    ) -> None:
        expected = {
            (a.target, a.question, f"actor:{rated.rater}"): rated.comment
            for a in files.answers
            for rated in a.rated
        }
        assert table(warehouse, "SELECT target, input, who, text FROM comments") == expected


class TestSuggestions:
    def test_accepted_and_edited_by_editor(self, warehouse: duckdb.DuckDBPyConnection, files: Files) -> None:
        expected = Counter(
            (f"actor:editor {position}", "accepted" if final == sentence.proposed else "edited")
            for sentence in files.sentences
            for position, final in enumerate(sentence.finals, start=1)
        )
        sql = "SELECT who, outcome, count(*) FROM suggestions GROUP BY ALL"
        assert table(warehouse, sql) == expected

    def test_the_question_about_outcomes_counts_the_same(self, data: Path, files: Files) -> None:
        kept: Counter[str] = Counter()
        for sentence in files.sentences:
            kept[sentence.split] += sentence.finals.count(sentence.proposed)
        rows = {row["prompt_version"]: row for row in CommandLine(data).rows("ask", "suggestion_outcomes")}
        assert {split: row["accepted"] for split, row in rows.items()} == kept
        for split, row in rows.items():
            decided = jfleg.EDITORS * sum(sentence.split == split for sentence in files.sentences)
            assert (row["decided"], row["edited"]) == (decided, decided - kept[split])

    def test_every_edit_keeps_both_texts(self, warehouse: duckdb.DuckDBPyConnection, files: Files) -> None:
        expected = {
            (sentence.target, f"actor:editor {position}", sentence.proposed): final
            for sentence in files.sentences
            for position, final in enumerate(sentence.finals, start=1)
            if final != sentence.proposed
        }
        sql = "SELECT target, who, proposed, final FROM suggestions WHERE outcome = 'edited'"
        assert table(warehouse, sql) == expected


class TestTraffic:
    def test_questions_by_category(self, warehouse: duckdb.DuckDBPyConnection, files: Files) -> None:
        expected = Counter((query.split, query.category) for query in files.queries)
        sql = """
            SELECT prompt_version, tags[1], count(*) FROM interactions
            WHERE prompt_name = 'banking77' GROUP BY ALL"""
        assert table(warehouse, sql) == expected
        assert len({category for _, category in expected}) == 77

    def test_characters_asked_by_category(self, warehouse: duckdb.DuckDBPyConnection, files: Files) -> None:
        expected: Counter[str] = Counter()
        for query in files.queries:
            expected[query.category] += len(query.text)
        sql = """
            SELECT tags[1], sum(length(input))::BIGINT FROM interactions
            WHERE prompt_name = 'banking77' GROUP BY ALL"""
        assert table(warehouse, sql) == expected

    def test_questions_that_were_asked_more_than_once(
        self, warehouse: duckdb.DuckDBPyConnection, files: Files
    ) -> None:
        asked = Counter(chain((q.text for q in files.queries), (a.question for a in files.answers)))
        sql = "SELECT input, count(*) AS n FROM interactions WHERE input IS NOT NULL GROUP BY input HAVING n > 1"
        assert table(warehouse, sql) == {text: n for text, n in asked.items() if n > 1}
