"""`--embedder` says what turns questions into vectors, and what comes out says which did."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from integration.mining.embedding_server import serving
from integration.mining.project import Events, publish
from made import made_once
from model_server import as_json
from sayso_ingest import evalsets
from sayso_ingest.cli import run


def filled(data: Path) -> None:
    events = Events()
    events.traffic(40)
    events.add("thumb", "t007", {"value": "down"}, actor="ann")
    publish(data / "default", events.sent).close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    made_once(tmp_path / "data", filled)
    return tmp_path / "data"


def mine(data: Path, *words: str) -> int:
    return run(["mine", "--set", "help", "--budget", "6", "--format", "json", *words, "--data", str(data)])


def embedders(data: Path) -> set[str]:
    """Those that the candidates say they were found with."""
    return {one.case.provenance.embedder for one in evalsets.proposals(data / "default", "help")}


def test_little_traffic_is_mined_with_hash_unless_another_is_named(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert mine(data) == 0
    assert "Questions were compared by hash-256." in capsys.readouterr().err
    assert embedders(data) == {"hash-256"}
    monkeypatch.setenv("SAYSO_EMBEDDER", "svd")
    assert mine(data, "--seed", "1", "--strategy", "represent") == 0
    assert "Questions were compared by svd-256-" in capsys.readouterr().err
    [_, named] = sorted(embedders(data))
    assert named.startswith("svd-256-")


def test_coverage_says_what_it_was_measured_with(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["coverage", "--set", "help", "--embedder", "svd", "--data", str(data)]) == 0
    assert "embedder svd-256-" in capsys.readouterr().out
    kept = (data / "default" / "mining" / "help" / "coverage.jsonl").read_text()
    assert json.loads(kept)["embedder"].startswith("svd-256-")


def test_the_users_own_vectors_are_taken_from_a_file_that_is_attached(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with duckdb.connect() as making:
        making.execute(
            f"COPY (SELECT 't' || lpad(i::VARCHAR, 3, '0') AS target, [i % 4, 1] AS made FROM range(30) t(i)) "
            f"TO '{tmp_path}/vectors.parquet'"
        )
    own = ("--embedder", "column:own.made", "--attach", f"own={tmp_path}/vectors.parquet;gone=/gone.duckdb")
    assert mine(data, *own) == 0
    assert "10 of 40 questions have no vector in own.made" in capsys.readouterr().err
    [named] = embedders(data)
    assert named.startswith("column:own.made-2-")
    assert mine(data, "--embedder", "column:own.made") == 2
    assert "Name its file with --attach" in capsys.readouterr().err


def test_an_endpoint_is_asked_with_the_key_that_the_environment_has(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAYSO_EMBEDDER_KEY", "a-secret")
    with serving() as server:
        assert mine(data, "--embedder", f"openai:{server.url}#small") == 0
        assert embedders(data) == {f"openai:small@{server.host}"}
        assert set(server.keys) == {"Bearer a-secret"}
        asked = len(server.asked)
        assert mine(data, "--embedder", f"openai:{server.url}#small") == 0
        assert len(server.asked) == asked  # what was embedded before is kept
        server.next = [as_json({"error": "who are you"}, 401)]
        assert mine(data, "--embedder", f"openai:{server.url}#large") == 1
    said = capsys.readouterr().err
    assert "answers 401" in said
    assert "a-secret" not in said


@pytest.mark.parametrize(
    "name",
    ["word2vec", "openai:http://127.0.0.1/v1", "openai:ftp://a#m", "column:made", "minilm:", "hash-256"],
)
def test_what_is_no_embedder_is_wrong_usage_and_those_there_are_are_named(
    data: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mine(data, "--embedder", name) == 2
    assert "auto, hash, svd, static, minilm, openai:URL#MODEL, column:TABLE.COLUMN" in capsys.readouterr().err
