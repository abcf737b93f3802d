"""Pages that are shown of the copy before, while what they ask of a new one is asked in the background."""

from __future__ import annotations

import itertools
import logging
import os
import re
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from integration.console.people import NOW, detail, down, interaction, project, send, words
from landed import append, event, land
from made import made_once
from sayso_ingest.console import create_app, read_labels, refresher_of, run_ahead
from sayso_ingest.console.copy import Copy, Unkept, copy
from sayso_ingest.console.kept import Kept
from sayso_ingest.console.refresher import LOOKS_EVERY, NOBODY
from sayso_ingest.console.watched import BEHIND, Watched
from sayso_ingest.errors import WarehouseError
from sayso_ingest.warehouse import Published
from sayso_ingest.warehouse.published import FILE

ENDLESS = "SELECT count(*) AS n FROM range(100000000000) a, range(1000) b"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "default"
    made_once(folder, disliked)
    return folder


def disliked(folder: Path) -> None:
    click = down("a", minutes=50)
    project(folder, interaction("a"), click, detail(click, minutes=50, reasons=["rude"]))


@pytest.fixture
def app(folder: Path) -> Flask:
    """A console that makes pages ahead, whatever they take; its thread has not begun."""
    labels = read_labels("good=1,bad=0")
    app = create_app(project_folder=folder, labels=labels, now=lambda: NOW, ahead=True)
    refresher_of(app).front.slow = 0.0
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def more(folder: Path, *, thumbs: int = 1) -> None:
    append(folder, *(down("a", minutes=n, who=f"late {n}") for n in range(thumbs)))
    land(folder)


def holds(client: FlaskClient, path: str = "/health") -> tuple[int, int, bool]:
    """The events that the page Health says there are, those in its table, and whether it says that it is older."""
    shown = words(client.get(path))
    total = re.search(r"It holds (\d+) events", shown)
    kinds = re.findall(r"\b(?:interaction|thumb|detail) (\d+)", shown.split("Events by kind")[1])
    assert total, shown
    return int(total[1]), sum(map(int, kinds)), "newer figures are being made" in shown


def refresh(app: Flask) -> None:
    """Let time pass until everything is made of the newest copy."""
    refresher = refresher_of(app)
    now = [0.0]
    refresher.clock = lambda: now[0]
    version = Published.version(refresher.front.home)
    assert version
    while refresher.front.watched.due(version, 0.0, slow=refresher.front.slow) is not None:
        now[0] += BEHIND
        refresher.step()


def test_a_page_is_shown_of_the_copy_before_and_says_so_until_all_that_it_asks_was_asked(
    app: Flask, client: FlaskClient, folder: Path
) -> None:
    assert holds(client) == (3, 3, False)
    more(folder)
    assert holds(client) == (3, 3, True)
    assert f'datetime="{NOW.replace(tzinfo=None).isoformat()}Z"' in client.get("/health").text
    refresh(app)
    assert holds(client) == (4, 4, False)


def test_a_page_of_which_something_was_not_asked_before_is_of_the_newest_copy_whole(
    client: FlaskClient, folder: Path
) -> None:
    holds(client)
    sorted_otherwise = "/health?table=kinds&sort=kind"
    more(folder)
    assert holds(client, sorted_otherwise) == (4, 4, False)
    more(folder)
    assert holds(client) == (3, 3, True)
    assert holds(client, sorted_otherwise) == (4, 4, True)


def test_pages_that_nobody_asked_for_yet_are_made_ahead_and_need_not_be_asked(
    app: Flask, client: FlaskClient, folder: Path
) -> None:
    refresh(app)
    more(folder)
    for path in ("/", "/problems", "/inbox", "/prompts", "/suggestions", "/annotate", "/rejects", "/health"):
        assert "newer figures are being made" in words(client.get(path)), path


def test_a_page_is_tried_of_two_copies_and_then_asked_however_many_came(
    app: Flask, client: FlaskClient, folder: Path
) -> None:
    began = []

    def never_kept() -> str:
        began.append(copy().one("SELECT 1 AS n")["n"])
        copy().open()
        return ""

    def tried() -> int:
        began.clear()
        more(folder)
        client.get("/never_kept")
        return len(began)

    watch(app, never_kept)
    client.get("/never_kept")
    assert [tried() for _ in range(4)] == [2, 2, 2, 2]


def test_files_and_sql_are_of_the_newest_copy(client: FlaskClient, folder: Path) -> None:
    holds(client)
    client.get("/sql")
    more(folder, thumbs=3)
    assert holds(client)[2]
    assert "thumb,4" in client.get("/health?table=kinds&format=csv").text
    assert "newer figures" not in words(client.get("/sql"))


def test_what_takes_no_time_to_ask_is_asked_of_the_newest_at_once(
    app: Flask, client: FlaskClient, folder: Path
) -> None:
    refresher_of(app).front.slow = 1000.0
    holds(client)
    more(folder)
    assert holds(client) == (4, 4, False)


def test_a_copy_that_was_replaced_too_long_ago_is_not_shown(
    app: Flask, client: FlaskClient, folder: Path
) -> None:
    now = [0.0]
    kept: Kept = app.extensions["sayso_kept"]
    kept.clock = lambda: now[0]
    holds(client)
    now[0] += 10 * BEHIND  # it was the newest all the time
    more(folder)
    assert holds(client) == (3, 3, True)
    now[0] += BEHIND - 1
    assert holds(client) == (3, 3, True)
    now[0] += 1
    assert holds(client) == (4, 4, False)


def test_a_page_that_cannot_be_made_ahead_is_let_go_and_answered_when_somebody_asks(
    app: Flask, client: FlaskClient, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = re.findall(r'<h2><a href="(/problems/[^"]+)"', client.get("/problems").text)[0]
    assert client.get(path).status_code == 200
    append(folder, down("a", minutes=1) | {"body": {"value": None}})  # taken back
    land(folder)
    assert client.get(path).status_code == 200
    with caplog.at_level(logging.WARNING):
        refresh(app)
    assert f"{path} is not made ahead any more: 404" in caplog.text
    assert client.get(path).status_code == 404
    assert client.get("/problems").status_code == 200


def test_what_somebody_does_is_seen_at_once_also_on_an_older_page(client: FlaskClient, folder: Path) -> None:
    path = re.findall(r'<h2><a href="(/problems/[^"]+)"', client.get("/problems").text)[0]
    item = re.findall(r'name="item" value="([^"]+)"', client.get("/inbox").text)[0]
    client.get(path)
    more(folder)
    fields = {"title": "No manners", "owner": "ben", "status": "ignored", "fixed_in": ""}
    assert send(client, path, path, **fields).status_code == 303
    assert send(client, "/inbox/read", "/inbox", item=item, read="1").status_code == 303
    for shown, says in ((path, "No manners"), ("/inbox", "Mark as unread")):
        page = words(client.get(shown))
        assert says in page
        assert "newer figures are being made" in page
    assert "ignored ben" in words(client.get("/problems"))


def test_making_pages_ahead_reads_for_nobody_and_leaves_no_trace_of_anybody(
    app: Flask, client: FlaskClient
) -> None:
    refresh(app)
    with app.test_request_context():
        state = app.extensions["sayso_signin"].state
        assert state.read("audit", before=None, who="", limit=10) == []
        assert state.read("turns", who=NOBODY.name) == []
    assert "You have labelled 0 here" in words(client.get("/annotate"))
    assert "Mark as unread" not in words(client.get("/inbox"))


def test_it_rests_after_work_nine_times_as_long_and_a_new_copy_waits_for_that(
    app: Flask, folder: Path
) -> None:
    refresher, now = refresher_of(app), [0.0]
    refresher.clock = lambda: now[0]
    asked = []

    def slow() -> str:
        asked.append(copy().one("SELECT count(*) AS n FROM events")["n"])
        now[0] += 2.0
        return ""

    watch(app, slow)
    assert refresher.step() == 0.0  # for the first time: at once, and with no rest
    more(folder)
    assert refresher.step() > 0.0
    more(folder, thumbs=2)
    now[0] += 17.9
    assert refresher.step() > 0.0
    assert asked == [3, 4]
    now[0] += 0.2
    refresher.step()
    assert asked == [3, 4, 6]


def test_no_copy_stays_open_when_a_page_is_made(app: Flask, client: FlaskClient, folder: Path) -> None:
    refresh(app)
    holds(client)
    more(folder)
    refresh(app)
    opened = []
    for link in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # that of the listing itself
            opened.append(str(link.readlink()))
    assert opened
    assert not [file for file in opened if file.startswith(str(folder / FILE))]


def test_its_thread_ends_in_the_middle_of_a_question_and_survives_what_fails(
    app: Flask, client: FlaskClient
) -> None:
    began = threading.Event()

    def endless() -> str:
        if began.is_set():
            return ""
        copy().open()
        began.set()
        return str(copy().one(ENDLESS))

    def broken() -> str:
        raise RuntimeError("broken")

    watch(app, broken, endless)
    end = run_ahead(app)
    for _ in range(2):
        client.get("/healthz").close()
    assert began.wait(60)
    end()
    assert not [thread for thread in threading.enumerate() if thread.name == "refresher"]


def test_without_a_copy_it_waits_and_ends(tmp_path: Path) -> None:
    app = create_app(project_folder=tmp_path / "shop", ahead=True)
    refresher = refresher_of(app)
    assert refresher.step() > 0.0
    assert "Nothing has been published yet" in words(app.test_client().get("/"))
    refresher.close()  # it may not even have begun
    refresher = refresher_of(create_app(project_folder=tmp_path / "shop", ahead=True))
    refresher.start()
    refresher.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "refresher"]


def test_a_copy_that_is_published_between_a_look_and_the_opening_is_the_one_that_is_kept(
    folder: Path,
) -> None:
    kept, count = Kept(behind=BEHIND), "SELECT count(*) AS n FROM events"
    reader = Copy(folder, kept, whole=True)
    before = reader.version
    more(folder)
    assert reader.one(count)["n"] == 4
    reader.close()
    assert reader.version != before
    assert kept.find(before, ("table", count, "()")) is None
    half = Copy(folder, kept, whole=True)
    assert half.one(count)["n"] == 4  # it was kept: nothing is open
    more(folder, thumbs=3)
    with pytest.raises(Unkept):
        half.one("SELECT 1")
    half.close()


def watch(app: Flask, *views: Any) -> None:
    """Give a console pages of a test, and let it watch them alone."""
    front = refresher_of(app).front
    front.watched = Watched()
    for view in views:
        app.add_url_rule(f"/{view.__name__}", view_func=view)
        front.stand_before(app, view.__name__)
    front.watched.begin(f"/{view.__name__}" for view in views)


def test_an_event_of_another_kind_is_counted_once_the_page_is_new(
    app: Flask, client: FlaskClient, folder: Path
) -> None:
    holds(client)
    append(folder, event("rating", body={"value": 4, "min": 1, "max": 5}))
    land(folder)
    refresh(app)
    assert " rating 1 " in words(client.get("/health"))


def test_a_page_is_made_of_one_copy_though_they_are_published_faster_than_one_is_opened(
    client: FlaskClient, folder: Path
) -> None:
    file, answered, gave_up = folder / FILE, threading.Event(), threading.Event()

    def publish() -> None:
        until = time.monotonic() + 30
        for n in itertools.count(1):
            os.utime(file, ns=(n, n))
            if answered.is_set():
                return
            if time.monotonic() > until:
                gave_up.set()
                return

    publishing = threading.Thread(target=publish)
    publishing.start()
    try:
        assert holds(client) == (3, 3, False)
    finally:
        answered.set()
        publishing.join()
    assert not gave_up.is_set()


def test_a_page_for_which_another_copy_comes_each_time_is_made_of_one_that_is_held(
    app: Flask, client: FlaskClient, folder: Path
) -> None:
    published = [0]

    def two() -> str:
        first = copy().one("SELECT count(*) AS n FROM events")["n"]
        if published[0] < 5:
            published[0] += 1
            more(folder)
            kept: Kept = app.extensions["sayso_kept"]
            # Somebody else asked the same of that copy: it is kept, and nothing need be open.
            Copy(folder, kept).one("SELECT count(*) AS n FROM events")
        return f"{first} {copy().one(f'SELECT count(*) AS n, {published[0]} AS turn FROM events')['n']}"

    watch(app, two)
    Copy(folder, app.extensions["sayso_kept"]).one("SELECT count(*) AS n FROM events")
    first, second = client.get("/two").text.split()
    assert first == second
    assert published[0] == 3


def away(_home: object) -> None:
    raise WarehouseError("The lake cannot be reached.")


def test_while_a_lake_is_away_pages_are_shown_as_they_were_made_before(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = holds(client)
    monkeypatch.setattr(Published, "version", away)
    assert holds(client) == before
    assert "the lake cannot be read now" in client.get("/health").text
    assert client.get("/inbox").status_code == 503


def test_a_lake_that_is_away_is_said_once_and_looked_for_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    refresher = refresher_of(app)
    with monkeypatch.context() as patched:
        patched.setattr(Published, "version", away)
        assert [refresher.step() for _ in range(3)] == [LOOKS_EVERY] * 3
        refresher.start()
        time.sleep(0.2)
        assert refresher._thread.is_alive()
        refresher.close()
    assert caplog.text.count("The lake cannot be reached") == 1
