"""The Inbox over a real published copy: what is in it, what was read, and what people make of it."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from integration.console.people import (
    NASTY,
    Taking,
    at,
    console,
    detail,
    down,
    interaction,
    named,
    project,
    send,
    uid,
    words,
)
from landed import append, event, land
from made import made_once
from sayso_ingest.evalsets import proposals
from sayso_ingest.places import service_key_file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "default"


class Tags(HTMLParser):
    """The tags and attributes of a page, as a browser reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes |= {name for name, _ in attrs}


def comment(target: str, text: str, *, minutes: float, **body: Any) -> dict[str, Any]:
    return event("comment", target=target, actor="u2", occurred_at=at(minutes), body={"text": text, **body})


def items(page: str) -> list[str]:
    return re.findall(r'<article class="item[^"]*" id="i-([^"]+)"', page)


@pytest.fixture
def said(folder: Path) -> dict[str, dict[str, Any]]:
    return made_once(folder, say)


def say(folder: Path) -> dict[str, dict[str, Any]]:
    """Four things that people said, the newest first, and one that is no complaint."""
    first = down("invite", minutes=10, id=uid(1))
    second = down("export", minutes=9, id=uid(2))
    about = {
        "comment": comment("invite", "It never arrives.", minutes=5, id=uid(3), category="mail"),
        "detail": detail(second, minutes=6, id=uid(4), comment="That is the old menu", reasons=["outdated"]),
        "second": second,
        "first": first,
        "up": event(target="invite", actor="u3", occurred_at=at(2)),
        "suggestion": event(
            "suggestion",
            target="draft",
            actor="u4",
            occurred_at=at(20),
            id=uid(5),
            body={"outcome": "rejected", "proposed": "Dear all,", "original": "hi"},
        ),
    }
    project(folder, interaction("invite"), interaction("export", version="v2"), *about.values())
    return about


def test_comments_and_dislikes_come_newest_first_and_a_dislike_with_a_comment_once(
    folder: Path, said: dict[str, dict[str, Any]]
) -> None:
    page = console(folder).get("/inbox").text
    assert items(page) == [said[name]["id"] for name in ("comment", "detail", "first", "suggestion")]


def test_each_has_its_interaction_its_reasons_and_what_was_suggested(
    folder: Path, said: dict[str, dict[str, Any]]
) -> None:
    shown = words(console(folder).get("/inbox"))
    for text in (
        "It never arrives.",
        "How do I invite?",
        "You export so.",
        "prompt help v2",
        "outdated",
        "Dear all,",
    ):
        assert text in shown
    assert "No interaction of draft has landed" in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=comments", ["comment", "detail"]),
        ("kind=dislikes", ["detail", "first", "suggestion"]),
        ("kind=suggestion", ["suggestion"]),
        ("prompt=help+v2", ["detail"]),
        ("reason=outdated", ["detail"]),
        ("reason=mail", ["comment"]),
        ("text=NEVER", ["comment"]),
        ("text=%25", []),
        ("target=invite", ["comment", "first"]),
        ("kind=nonsense", ["comment", "detail", "first", "suggestion"]),
        ("before=nonsense", ["comment", "detail", "first", "suggestion"]),
    ],
)
def test_the_query_string_says_what_is_shown(
    folder: Path, said: dict[str, dict[str, Any]], query: str, found: list[str]
) -> None:
    client = console(folder)
    assert items(client.get(f"/inbox?{query}").text) == [said[name]["id"] for name in found]
    rows = list(csv.DictReader(io.StringIO(client.get(f"/inbox?{query}&format=csv").text)))
    assert [row["event_id"] for row in rows] == [said[name]["id"] for name in found]


def test_pages_follow_each_other_without_a_gap_or_a_repeat_also_at_the_same_time(folder: Path) -> None:
    project(folder, *(down(f"t{n}", minutes=5, id=uid(n)) for n in range(50)))
    client = console(folder)
    seen: list[str] = []
    path: str | None = "/inbox"
    while path:
        page = client.get(path).text
        seen += items(page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        path = following[1].replace("&amp;", "&") if following else None
    assert seen == [uid(n) for n in reversed(range(50))]


def test_without_anything_it_says_how_to_get_some(folder: Path) -> None:
    project(folder, interaction("invite"))
    client = console(folder)
    assert "sayso widgets" in words(client.get("/inbox"))
    assert "Nothing fits these filters" in words(client.get("/inbox?text=x"))


def test_what_somebody_has_read_is_read_for_them_alone(folder: Path, said: dict[str, dict[str, Any]]) -> None:
    ana, ben = named(folder, "ana", "ben")
    first = said["first"]["id"]
    answer = send(ana, "/inbox/read?kind=dislikes", "/inbox", item=first, read="1")
    assert answer.headers["Location"] == f"/inbox?kind=dislikes#i-{first}"
    assert first not in items(ana.get("/inbox?unread=1").text)
    assert first in items(ben.get("/inbox?unread=1").text)
    send(ana, "/inbox/read", "/inbox", item=first, read="0")
    assert first in items(ana.get("/inbox?unread=1").text)


def test_all_up_to_the_newest_shown_is_read_at_once_and_what_comes_later_is_not(
    folder: Path, said: dict[str, dict[str, Any]]
) -> None:
    client = console(folder)
    newest = re.search(r'name="newest" value="([^"]+)"', client.get("/inbox").text)
    assert newest
    append(folder, down("invite", minutes=1, who="u9", id=uid(9)))
    land(folder)
    send(client, "/inbox/read-all", "/inbox", newest=newest[1])
    assert items(client.get("/inbox?unread=1").text) == [uid(9)]
    assert send(client, "/inbox/read-all", "/inbox", newest="x").status_code == 400


def label(client: Any, item: str, **fields: str) -> Any:
    form = {"item": item, "target": "invite", "part": "", "event_id": uid(77), "label": "bad"}
    return send(client, "/inbox/label?kind=comments", "/inbox", **form | fields)


def test_a_label_goes_out_as_an_annotation_of_whoever_gave_it(
    folder: Path, said: dict[str, dict[str, Any]]
) -> None:
    taking = Taking()
    with taking.served() as url:
        [ana] = named(folder, "ana", url=url)
        answer = label(ana, said["comment"]["id"], note=" Wrong menu ", expected="Use Settings.")
    assert answer.status_code == 303
    [sent] = taking.events
    assert (sent["id"], sent["kind"], sent["target"], sent["actor"]) == (
        uid(77),
        "annotation",
        "invite",
        "ana",
    )
    assert sent["body"] == {"label": "bad", "score": 0.0, "note": "Wrong menu", "expected": "Use Settings."}
    assert "ana proxy labelled invite" in words(ana.get("/record"))
    assert said["comment"]["id"] not in items(ana.get("/inbox?unread=1").text)


def test_when_no_collector_answers_the_page_says_so_and_keeps_what_was_typed(
    folder: Path, said: dict[str, dict[str, Any]]
) -> None:
    client = console(folder)
    answer = label(client, said["comment"]["id"], note="Wrong menu", expected="Use <Settings>.")
    assert answer.status_code == 503
    assert "does not answer" in words(answer)
    assert ">Wrong menu</textarea>" in answer.text
    assert ">Use &lt;Settings&gt;.</textarea>" in answer.text
    assert f'value="{uid(77)}"' in answer.text  # sent again, it is the same event
    assert "labelled" not in words(client.get("/record"))


def test_when_the_collector_refuses_the_page_says_why(folder: Path, said: dict[str, dict[str, Any]]) -> None:
    taking = Taking()
    taking.status = "rejected"
    with taking.served() as url:
        answer = label(console(folder, url), said["comment"]["id"])
    assert answer.status_code == 503
    assert "invalid_value" in words(answer)


def test_without_a_service_key_it_says_which_file_is_missing(
    folder: Path, said: dict[str, dict[str, Any]]
) -> None:
    service_key_file(folder).unlink()
    assert "service.key cannot be read" in words(label(console(folder), said["comment"]["id"]))


@pytest.mark.parametrize(
    "fields", [{"label": "nonsense"}, {"label": ""}, {"item": "x"}, {"event_id": "x"}, {"target": ""}]
)
def test_a_form_that_was_tampered_with_is_refused(
    folder: Path, said: dict[str, dict[str, Any]], fields: dict[str, str]
) -> None:
    item = fields.pop("item", said["comment"]["id"])
    assert label(console(folder), item, **fields).status_code == 400


def test_an_interaction_becomes_a_candidate_once(folder: Path, said: dict[str, dict[str, Any]]) -> None:
    client = console(folder)
    found = re.search(r'name="interaction" value="([^"]+)"', client.get("/inbox?kind=comment").text)
    assert found
    form = {"item": said["comment"]["id"], "interaction": found[1], "set": "support"}
    answers = [send(client, "/inbox/candidate", "/inbox", **form) for _ in range(2)]
    assert [re.search("done=([a-z]+)", answer.headers["Location"])[1] for answer in answers] == [
        "proposed",
        "known",
    ]  # type: ignore[index]
    [proposal] = proposals(folder, "support")
    assert (proposal.case.input, proposal.case.provenance.target) == ("How do I invite?", "invite")
    assert proposal.case.provenance.event_ids[1] == said["comment"]["id"]
    assert "proposed as a case invite for support" in words(client.get("/record"))


@pytest.mark.parametrize(
    ("fields", "told"),
    [({"set": "../x"}, "cannot be the name"), ({"interaction": uid(99)}, "no interaction")],
)
def test_a_candidate_that_cannot_be_is_refused_on_the_page(
    folder: Path, said: dict[str, dict[str, Any]], fields: dict[str, str], told: str
) -> None:
    client = console(folder)
    found = re.search(r'name="interaction" value="([^"]+)"', client.get("/inbox?kind=comment").text)
    assert found
    form = {"item": said["comment"]["id"], "interaction": found[1], "set": "support"} | fields
    answer = send(client, "/inbox/candidate", "/inbox", **form)
    assert answer.status_code == 400
    assert told in words(answer)


def test_whatever_strangers_write_is_text(folder: Path) -> None:
    hostile = down(NASTY, minutes=5, who=NASTY)
    project(
        folder,
        interaction(
            NASTY,
            input=NASTY,
            output=NASTY,
            model=NASTY,
            release=NASTY,
            contexts=[{"id": NASTY, "text": NASTY}],
        ),
        hostile,
        detail(hostile, minutes=4, comment=NASTY, reasons=[NASTY]),
        comment(NASTY, NASTY, minutes=3, category=NASTY, expected=NASTY),
    )
    client = console(folder)
    for path in (
        "/inbox",
        "/problems",
        "/annotate",
        f"/inbox?text={NASTY}&reason={NASTY}&prompt={NASTY}&target={NASTY}",
    ):
        page = client.get(path).text
        tags = Tags()
        tags.feed(page)
        assert "img" not in tags.names, path
        assert {name for name in tags.attributes if name.startswith("on")} == set(), path
        assert tags.names.count("script") == page.count('<script src="/static/')
        assert "{{7*7}}" in page
    assert "&lt;script&gt;" in client.get("/inbox").text
