"""The page SQL: what is typed, its answer, its problem, and the files of it."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from integration.console.people import send
from integration.console.test_console import publish
from sayso_ingest.console import create_app
from sayso_ingest.errors import QueryError


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("page") / "help-shared"
    publish(folder, rejects=3)
    return create_app(project_folder=folder, attach="crm=/srv/crm.duckdb;orders=/srv/*.parquet").test_client()


def ask(client: FlaskClient, sql: str, **more: str) -> str:
    return client.get(f"/sql?{urlencode({'q': sql, **more})}").text


def test_a_question_that_is_typed_is_answered_below_in_the_order_chosen(client: FlaskClient) -> None:
    page = ask(client, "SELECT i AS n, 'row ' || i AS text FROM range(3) t(i);", sort="-n")
    assert re.findall(r"row \d", page.split("<tbody>")[1]) == ["row 2", "row 1", "row 0"]
    assert "SELECT i AS n" in page.split("<textarea")[1].split("</textarea>")[0]


def test_an_answer_that_is_longer_than_a_pipe_comes_whole(client: FlaskClient) -> None:
    sql = "SELECT i, repeat('x', 997) AS x FROM range(900) t(i)"
    assert ask(client, sql, limit="1000").count("<tr>") == 901
    assert ask(client, sql, format="csv").count("x" * 997) == 900


def test_a_question_that_does_not_run_says_why_and_stays_where_it_was_typed(client: FlaskClient) -> None:
    page = ask(client, "SELECT nothing FROM rejects")
    assert re.search(r'role="alert">The query failed: .*nothing', page)
    assert "SELECT nothing FROM rejects</textarea>" in page


def test_what_fails_on_the_way_is_no_answer(client: FlaskClient) -> None:
    sql = "SELECT CASE WHEN i = {} THEN error('boom') ELSE i::VARCHAR END AS a FROM range(600000) t(i)"
    assert "boom" in ask(client, sql.format(0)).split('role="alert"')[1]
    try:
        said = ask(client, sql.format(500_000), format="csv")  # where no row has left yet, it is said
    except QueryError as error:  # which ends the connection before its end
        said = str(error)
    assert "boom" in said


def test_a_problem_that_quotes_a_long_text_is_told_like_any_other(client: FlaskClient) -> None:
    assert (
        "Could not convert string" in ask(client, "SELECT repeat('x', 200000)::INT").split('role="alert"')[1]
    )


def test_rows_too_large_for_a_page_are_told_to_be_downloaded(client: FlaskClient) -> None:
    sql = "SELECT range(i % 1000 + 30000) AS numbers, i FROM range(600) t(i)"
    assert re.search(
        r'role="alert">These rows take \d+ MB, too much for a page', ask(client, sql, limit="1000")
    )


def test_what_cannot_be_drawn_is_a_sign_in_the_chart(client: FlaskClient) -> None:
    page = ask(client, "SELECT 'row' || chr(1) || i AS what, i AS n FROM range(3) t(i)", chart="1")
    assert "row\ufffd2" in page.split("<svg")[1]


ODD = ("'infinity'::DATE", "'-infinity'::TIMESTAMP", "DATE '0044-03-15 (BC)'", "['infinity'::TIMESTAMPTZ]",
       "{'a': TIMESTAMP '290000-01-01'}")  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_a_time_that_a_page_cannot_show_is_said_to_be_one_in_its_cell(client: FlaskClient, odd: str) -> None:
    sql = f"SELECT {odd} AS d, n FROM range(2) t(n)"
    page = client.get(f"/sql?{urlencode({'q': sql, 'chart': '1'})}")
    assert page.status_code == 200
    assert page.text.split("<tbody>")[1].count("a time that cannot be shown as it is") == 2


def test_times_that_a_page_cannot_show_are_said_to_be_some_in_files(client: FlaskClient) -> None:
    written = ask(client, f"SELECT {', '.join(ODD)}, n FROM range(2) t(n)", format="csv")
    assert written.count("a time that cannot be shown as it is") == 2 * len(ODD)


def test_beside_a_time_that_cannot_be_shown_others_are(client: FlaskClient) -> None:
    sql = (
        "SELECT * FROM (VALUES (DATE '2026-03-01', 1), ('infinity'::DATE, 2), (DATE '2026-03-02', 3)) t(d, n)"
    )
    page = ask(client, sql, chart="1")
    cells = page.split("<tbody>")[1]
    assert "2026-03-01" in cells
    assert "a time that cannot be shown as it is" in cells
    assert "n by d: 1 at 2026-03-01, 3 at 2026-03-02." in page


def test_a_figure_too_large_for_an_axis_is_left_out_of_the_chart(client: FlaskClient) -> None:
    sql = "SELECT * FROM (VALUES ('a', 1.5e308), ('b', -1.7e308), ('c', 2e0), ('d', 3e0)) t(name, n)"
    page = ask(client, sql, chart="1")
    assert "<svg" in page
    assert "NaN" not in page
    assert "Infinity" not in page


def test_another_site_can_lead_here_and_ask_nothing_unseen(client: FlaskClient) -> None:
    def status(destination: str) -> int:
        headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": destination}
        return client.get("/sql?q=SELECT+1", headers=headers).status_code

    assert (status("document"), status("image"), status("iframe")) == (200, 403, 403)


def test_what_strangers_wrote_is_text_on_the_page_and_no_formula_in_a_spreadsheet(
    client: FlaskClient,
) -> None:
    sql = """SELECT '</textarea><script>alert(1)</script>' AS "<b>", '=1+1' AS formula"""
    page = ask(client, sql)
    assert "<script>alert" not in page
    assert "<b>" not in page.split("<thead>")[1]
    assert "\r\n</textarea><script>alert(1)</script>,'=1+1" in ask(client, sql, format="csv")
    assert '"formula": "=1+1"' in ask(client, sql, format="json")


def test_every_table_and_view_is_listed_with_its_columns_and_what_can_be_joined(client: FlaskClient) -> None:
    page = client.get("/sql").text
    listed = re.findall(r"<summary><code>(\w+)</code></summary>", page)
    assert {"events", "feedback", "rejects", "suggestions", "verdicts"} <= set(listed)
    assert "positions" not in listed
    assert "<code>crm.…</code>, <code>orders</code>" in page


def test_columns_have_the_names_that_duckdb_gives_them(client: FlaskClient) -> None:
    page = ask(client, "SELECT count(*), 7 AS up_rate, 8 AS up_rate FROM rejects")
    titles = re.findall(r">([^<>]+)</a>", page.split("<thead>")[1].split("</thead>")[0])
    assert titles == ["count_star()", "up_rate", "up_rate_1"]
    assert re.findall(r'"number">(\d)<', page) == ["3", "7", "8"]


def test_an_answer_is_drawn_with_its_words_below_or_says_why_not(client: FlaskClient) -> None:
    page = ask(client, "SELECT '<b>' || i AS name, i AS n FROM range(3) t(i)", chart="1")
    assert "n by name, of 3 rows: highest &lt;b&gt;2 with 2" in page.split("<figcaption")[1]
    assert "<b>2" not in page
    assert "checked" in page
    assert "<svg" not in ask(client, "SELECT 1 AS n", chart="1").split("<main")[1]


def test_a_question_that_is_cancelled_before_it_came_is_cancelled_and_no_other_is(
    client: FlaskClient,
) -> None:
    endless = "SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b"
    for asked in ("17", ""):
        assert send(client, "/sql/cancel", "/sql", asked=asked).status_code == 204
    client.set_cookie("sayso_asked", "17", path="/sql")
    assert 'role="alert">The question was cancelled.' in ask(client, endless)
    for other in ("18", ""):
        client.set_cookie("sayso_asked", other, path="/sql")
        assert "<td" in ask(client, "SELECT 1 AS n")
    client.delete_cookie("sayso_asked", path="/sql")
