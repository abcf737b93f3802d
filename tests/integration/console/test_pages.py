"""The reading pages of the console over a real published copy: what they say, and that strangers' text stays text."""

from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from crowd import HOSTILE, speak
from flask.testing import FlaskClient
from landed import NOW, append, event, land
from sayso_ingest.analysis import catalog
from sayso_ingest.console import create_app

PATHS = [
    "/",
    "/prompts",
    "/suggestions",
    "/judges",
    "/questions",
    "/rejects",
    "/health",
    *(f"/questions/{view.name}" for view in catalog()),
]


def console(folder: Path) -> FlaskClient:
    return create_app(project_folder=folder, now=lambda: NOW + timedelta(minutes=2)).test_client()


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("spoken") / "shop"
    speak(folder)
    return folder


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "shop"
    speak(folder, HOSTILE)
    return folder


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("silent") / "shop"
    append(folder)
    land(folder)
    return folder


@pytest.fixture
def client(spoken: Path) -> FlaskClient:
    return console(spoken)


@pytest.fixture(scope="module")
def client_of_all(spoken: Path) -> FlaskClient:
    """The same for tests that only look, each at another page."""
    return console(spoken)


@pytest.fixture(scope="module")
def attacked(hostile: Path) -> FlaskClient:
    return console(hostile)


@pytest.fixture(scope="module")
def before_the_first_copy(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return console(tmp_path_factory.mktemp("none") / "shop")


@pytest.fixture(scope="module")
def with_nothing_said(silent: Path) -> FlaskClient:
    return console(silent)


def text(client: FlaskClient, path: str) -> str:
    page = client.get(path)
    assert page.status_code == 200, page.text
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


class Tags(HTMLParser):
    """Collects the tags and attributes that a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags(page: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(page)
    return parser.found


@pytest.mark.parametrize("path", PATHS)
def test_every_page_marks_its_place_in_the_navigation_and_has_one_heading(
    client_of_all: FlaskClient, path: str
) -> None:
    found = tags(client_of_all.get(path).text)
    assert sum(tag == "h1" for tag, _ in found) == 1
    assert sum("aria-current" in attributes for _, attributes in found) == 1


@pytest.mark.parametrize("path", PATHS)
def test_no_page_runs_or_loads_what_a_stranger_wrote(attacked: FlaskClient, path: str) -> None:
    answer = attacked.get(path)
    assert answer.status_code == 200
    for tag, attributes in tags(answer.text):
        assert tag not in ("script", "img", "style", "iframe", "object")
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        for name in ("href", "src", "xlink:href"):
            assert (attributes.get(name) or "/").startswith(("/", "#"))


@pytest.mark.parametrize("path", PATHS)
def test_every_page_says_what_to_do_where_nothing_was_said_yet(
    before_the_first_copy: FlaskClient, with_nothing_said: FlaskClient, path: str
) -> None:
    assert "Nothing has been published yet" in text(before_the_first_copy, path) or path == "/questions"
    assert with_nothing_said.get(path).status_code == 200


def test_the_overview_compares_the_last_day_with_the_usual_and_links_every_signal(
    client: FlaskClient,
) -> None:
    page = text(client, "/")
    assert re.search(r"Thumbs up [\d.]+ % of thumbs [\d.]+ % to [\d.]+ %, of 7 by \d people", page)
    assert re.search(r"(No clear change|than usual)", page)
    assert re.search(r"Rejects [\d.]+ % of events received", page)
    assert "There is nothing from before to compare with." in page  # all came in at once
    links = {attributes.get("href") for _, attributes in tags(client.get("/").text)}
    assert {"/prompts", "/suggestions", "/rejects", "/health#losses"} <= links


def attention(client: FlaskClient) -> str:
    """What the overview says needs attention."""
    return text(client, "/").split("What needs attention")[1].split("Thumbs up by day")[0]


@pytest.mark.parametrize(("before", "today"), [("up", "down"), ("down", "up")])
def test_what_needs_attention_names_a_signal_that_is_on_its_bad_side_of_the_usual(
    tmp_path: Path, before: str, today: str
) -> None:
    folder = tmp_path / "shop"
    for number in range(60):
        value, at = (today, NOW) if number % 2 else (before, NOW - timedelta(days=5))
        append(
            folder,
            event("interaction", target=f"t{number}", occurred_at=at.isoformat()),
            event(target=f"t{number}", actor=f"u{number}", occurred_at=at.isoformat(), body={"value": value}),
        )
    land(folder)
    told = attention(console(folder))
    if today == "up":
        assert "Thumbs up" not in told
    else:
        assert re.search(
            r"Thumbs up : 0\.0 % of thumbs in the last 24 hours, usually 100\.0 %\. "
            r"Lower than usual by 100\.0 pp \([\d.]+ pp to [\d.]+ pp\)",
            told.replace(" )", ")").replace("( ", "("),
        )


def test_the_overview_names_the_largest_problem_and_what_was_lost(client: FlaskClient) -> None:
    page = text(client, "/")
    assert re.search(r"wrong is what \d+ % of thumbs down say", page)
    assert "clients dropped 3 events before sending, 3 were refused" in page


def test_a_question_is_answered_with_what_its_columns_mean_and_the_sql_behind_it(client: FlaskClient) -> None:
    page = text(client, "/questions/prompt_versions")
    assert "Which prompt version do people like, and how sure can we be?" in page
    assert "share of thumbs up, 0 to 1" in page
    assert "FROM" in page
    assert "desk v1" in page


def test_a_question_that_there_is_not_is_answered_with_one_that_looks_like_it(client: FlaskClient) -> None:
    answer = client.get("/questions/prompt_version")
    assert answer.status_code == 404
    assert "Did you mean prompt_versions?" in answer.text


def test_a_chart_has_its_words_beside_it_and_takes_its_colours_from_the_page(client: FlaskClient) -> None:
    page = client.get("/prompts").text
    [chart] = [attributes for tag, attributes in tags(page) if attributes.get("role") == "img"]
    assert re.fullmatch(
        r"up rate of 2, with 95 % intervals: highest .+, lowest .+ %\.", chart["aria-label"] or ""
    )
    assert 'stroke="var(--mark-1)"' in page
    assert not re.search(r'(fill|stroke)="#', page)


def test_which_answers_people_prefer_is_said_in_words_with_a_chart_for_each_measure(
    client: FlaskClient,
) -> None:
    page = client.get("/questions/proxies").text
    assert (
        "Length of the answer: nothing to compare, for all these answers are alike (19 characters)." in page
    )
    found = "No clear difference between answers after which nobody asks the same again"
    assert found in page
    assert "Observed, not an experiment" in page
    [drawn] = [attributes for tag, attributes in tags(page) if attributes.get("role") == "img"]
    assert (drawn["aria-label"] or "").startswith(found)
    assert "the same is asked once more" in page
    assert "No thumb is about an answer of the prompt x" in client.get("/questions/proxies?prompt=x").text


def test_what_people_changed_in_a_suggestion_is_marked_word_by_word(client: FlaskClient) -> None:
    page = client.get("/suggestions").text
    assert "<del>red</del><ins>green</ins>" in page.replace("\n", "")
    assert "No edited suggestion of this version" in client.get("/suggestions?version=v9").text


def test_a_reject_is_shown_with_its_bytes_as_text_and_with_what_to_type(client: FlaskClient) -> None:
    page = client.get("/rejects?reason=invalid_value").text
    assert "sayso rejects replay --reason invalid_value --dry-run" in page
    [one] = {href for _, a in tags(page) if (href := a.get("href") or "").startswith("/rejects/")}
    shown = text(client, one)
    assert "\\u{0}\\xff\\u{1b}[31m" in shown
    assert "body.value:" in shown
    assert "sayso rejects replay --id" in shown
    assert client.get("/rejects/00000000-0000-0000-0000-000000000000").status_code == 404
    assert client.get("/rejects/nothing").status_code == 404


def test_an_id_that_was_used_twice_has_not_landed_since_by_that(tmp_path: Path) -> None:
    folder, one = tmp_path / "default", event("thumb", body={"value": "up"})
    append(folder, one)
    append(folder, {**one, "body": {"value": "down"}})
    land(folder)
    client = create_app(project_folder=folder).test_client()
    [reused] = client.get("/rejects?table=reasons&format=json").json
    assert (reused["reason"], reused["n"], reused["landed_since"]) == ("id_reused", 1, 0)


def test_health_says_how_fresh_it_is_and_what_was_lost_where(client: FlaskClient) -> None:
    page = text(client, "/health")
    assert "Published 2 minutes ago" in page
    assert "client queue_full 3 1 2 minutes ago" in page
    assert "sayso doctor" in page
    assert "sayso-python/1" in page


def test_a_spreadsheet_runs_nothing_that_a_stranger_wrote_and_other_formats_have_it_as_it_is(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "shop"
    append(folder, event("comment", body={"text": "=HYPERLINK(1)"}))
    land(folder)
    client = console(folder)
    assert ",'=HYPERLINK(1)," in client.get("/questions/inbox?format=csv").text
    assert '"=HYPERLINK(1)"' in client.get("/questions/inbox?format=json").text
