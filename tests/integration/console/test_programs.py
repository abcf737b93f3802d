"""What programs ask of the private port: SQL in a process of its own, and the published file."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from flask.testing import FlaskClient
from integration.console.test_console import publish
from made import made_once
from sayso_ingest.console import create_app
from sayso_ingest.console.asking import AT_ONCE, Asker
from sayso_ingest.errors import Busy
from sayso_ingest.keys import create_key, revoke_key
from sayso_ingest.places import keys_file

ENDLESS = "SELECT count(*) FROM range(10000000000) a, range(1000) b"


def with_rejects(folder: Path) -> None:
    publish(folder, rejects=3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with three rejects, published."""
    made_once(tmp_path / "help-shared", with_rejects)
    return tmp_path / "help-shared"


@pytest.fixture
def admin(folder: Path) -> dict[str, str]:
    secret, _ = create_key(keys_file(folder.parent), kind="ak", project=folder.name)
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def client(folder: Path) -> FlaskClient:
    return create_app(project_folder=folder).test_client()


def test_sql_is_answered_as_json(client: FlaskClient, admin: dict[str, str]) -> None:
    answer = client.post(
        "/sql", json={"sql": "SELECT reason, count(*) AS n FROM rejects GROUP BY 1"}, headers=admin
    )
    assert (answer.status_code, answer.json) == (200, [{"reason": "too_large", "n": 3}])


def test_sql_may_be_the_whole_body(client: FlaskClient, admin: dict[str, str]) -> None:
    answer = client.post("/sql?format=csv", data="SELECT 1 AS a, 'x,y' AS b", headers=admin)
    assert list(csv.reader(io.StringIO(answer.text))) == [["a", "b"], ["1", "x,y"]]


def test_arrow_keeps_the_types(client: FlaskClient, admin: dict[str, str]) -> None:
    answer = client.post(
        "/sql?format=arrow", data="SELECT 1::SMALLINT AS n, DATE '2026-03-01' AS d", headers=admin
    )
    table = pa.ipc.open_stream(answer.data).read_all()
    assert table.schema.types == [pa.int16(), pa.date32()]


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELEC", "syntax error"),
        ("SELECT nothing FROM rejects", "nothing"),
        ("DELETE FROM rejects", "Only SELECT"),
        ("FROM read_csv('/etc/passwd')", "disabled"),
        ("FROM 'https://example.com/a.parquet'", "disabled"),
        ("", "no SQL"),
        ("SELECT '" + "x" * 60_000 + "'", "at most 50,000"),
    ],
)
def test_what_does_not_run_or_may_not_is_said(
    client: FlaskClient, admin: dict[str, str], sql: str, told: str
) -> None:
    answer = client.post("/sql", data=sql, headers=admin)
    assert (answer.status_code, answer.json["error"]) == (400, "query_failed")
    assert told in answer.json["message"]
    assert "Traceback" not in answer.json["message"]


def test_a_format_that_is_none_is_told_with_those_there_are(
    client: FlaskClient, admin: dict[str, str]
) -> None:
    answer = client.post("/sql?format=xml", data="SELECT 1", headers=admin)
    assert "xml" in answer.json["message"]
    assert "parquet" in answer.json["message"]


def test_a_question_that_takes_too_long_is_stopped(client: FlaskClient, admin: dict[str, str]) -> None:
    answer = client.post("/sql", json={"sql": ENDLESS, "timeout": 0.5}, headers=admin)
    assert answer.status_code == 400
    assert "stopped after 0.5 s" in answer.json["message"]


def test_only_an_admin_key_of_the_project_may_ask(
    client: FlaskClient, folder: Path, admin: dict[str, str]
) -> None:
    keys = keys_file(folder.parent)
    backend, _ = create_key(keys, kind="sk", project=folder.name)
    other, _ = create_key(keys, kind="ak", project="other")
    revoked, key = create_key(keys, kind="ak", project=folder.name)
    revoke_key(keys, key.key_id)
    sent = [None, "Bearer nonsense", f"Bearer {revoked}", f"Bearer {backend}", f"Bearer {other}"]
    for path, method in (("/sql", "POST"), ("/warehouse.duckdb", "GET")):
        answers = [
            client.open(path, method=method, headers={"Authorization": key} if key else {}).status_code
            for key in sent
        ]
        assert answers == [401, 401, 401, 403, 403]


def test_so_many_questions_are_answered_at_once_and_no_more(folder: Path) -> None:
    asker = Asker(folder)
    asking = [
        asker.ask("SELECT repeat('x', 1000) FROM range(100000000)", format="csv") for _ in range(AT_ONCE)
    ]
    with pytest.raises(Busy):
        asker.ask("SELECT 1", format="csv")
    for one in asking:
        one.close()
    assert b"".join(asker.ask("SELECT 1 AS one", format="csv").chunks()) == b"one\n1\n"


def test_the_published_file_comes_whole_and_in_ranges(
    client: FlaskClient, folder: Path, admin: dict[str, str]
) -> None:
    path = "/warehouse.duckdb"
    with (
        client.get(path, headers=admin) as whole,
        client.get(path, headers={**admin, "Range": "bytes=8-11"}) as part,
    ):
        assert whole.data == (folder / "warehouse.duckdb").read_bytes()
        assert (part.status_code, part.data) == (206, b"DUCK")
        etag = whole.headers["ETag"]
    assert client.get(path, headers={**admin, "If-None-Match": etag}).status_code == 304
    publish(folder, rejects=0)
    assert client.head(path, headers=admin).headers["ETag"] != etag


def test_before_the_first_publish_programs_are_told_so(tmp_path: Path) -> None:
    secret, _ = create_key(keys_file(tmp_path), kind="ak", project="new")
    answer = (
        create_app(project_folder=tmp_path / "new")
        .test_client()
        .get("/warehouse.duckdb", headers={"Authorization": f"Bearer {secret}"})
    )
    assert (answer.status_code, answer.json["error"]) == (404, "not_found")


def test_what_the_operator_listed_is_joined(folder: Path, admin: dict[str, str]) -> None:
    own = folder.parent / "own.parquet"
    pa.parquet.write_table(pa.table({"reason": ["too_large"], "team": ["web"]}), own)
    client = create_app(project_folder=folder, attach=f"owners={own}").test_client()
    answer = client.post(
        "/sql", data="SELECT DISTINCT team FROM rejects JOIN owners USING (reason)", headers=admin
    )
    assert answer.json == [{"team": "web"}]
