"""Annotate: the queue, labels and undo, and two people who do not see each other's labels."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from integration.console.people import (
    Taking,
    annotation,
    console,
    down,
    interaction,
    named,
    project,
    send,
    uid,
    words,
)
from landed import append, land
from sayso_ingest.console.pages import annotate


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "default"


def shown(client: FlaskClient, path: str = "/annotate") -> str:
    """The target that is to be labelled; nothing, where nothing waits."""
    found = re.search(r'name="target" value="([^"]+)"', client.get(path).text)
    return found[1] if found else ""


def label(client: FlaskClient, name: str = "bad", **fields: Any) -> Any:
    form = {"target": shown(client), "event_id": uid(77), "label": name}
    return send(client, "/annotate/label", "/annotate", **form | fields)


def disliked(folder: Path, *targets: str) -> None:
    events = [interaction(target) for target in targets]
    clicks = [down(target, minutes=10 + n) for n, target in enumerate(targets)]
    project(folder, *events, *clicks)


def test_what_people_disliked_comes_first_the_newest_before_the_rest(folder: Path) -> None:
    disliked(folder, "a", "b")
    append(folder, interaction("liked"))
    land(folder)
    client = console(folder)
    seen = []
    while target := shown(client):
        seen.append(target)
        send(client, "/annotate/skip", "/annotate", target=target)
    assert seen == ["a", "b", "liked"]
    assert "Nothing waits" in words(client.get("/annotate"))


def test_a_label_goes_out_as_an_annotation_and_the_next_answer_comes(folder: Path) -> None:
    disliked(folder, "a", "b")
    taking = Taking()
    with taking.served() as url:
        [ana] = named(folder, "ana", url=url)
        assert label(ana, "bad", note="Old", expected="New").headers["Location"] == "/annotate?said=bad"
        assert shown(ana) == "b"
    [sent] = taking.events
    assert (sent["kind"], sent["target"], sent["actor"]) == ("annotation", "a", "ana")
    assert sent["body"] == {"label": "bad", "score": 0.0, "note": "Old", "expected": "New"}
    assert "ana proxy labelled a" in words(ana.get("/record"))


def test_undo_takes_the_label_back_and_shows_the_answer_again(folder: Path) -> None:
    disliked(folder, "a", "b")
    taking = Taking()
    with taking.served() as url:
        client = console(folder, url)
        label(client)
        assert send(client, "/annotate/undo", "/annotate").headers["Location"] == "/annotate?target=a"
        assert shown(client) == "a"
        assert taking.events[1]["kind"] == "retraction"
        assert taking.events[1]["body"] == {"of": uid(77)}
        send(client, "/annotate/skip", "/annotate", target="a")
        send(client, "/annotate/undo", "/annotate")
        assert len(taking.events) == 2  # a skip told nobody
    assert "nothing to undo" in words(send(client, "/annotate/undo", "/annotate"))


def test_when_no_collector_answers_the_same_answer_stays_with_what_was_typed(folder: Path) -> None:
    disliked(folder, "a", "b")
    client = console(folder)
    answer = label(client, note="Old")
    assert answer.status_code == 503
    assert "does not answer" in words(answer)
    assert ">Old</textarea>" in answer.text
    assert f'value="{uid(77)}"' in answer.text
    assert shown(client) == "a"


def test_what_cannot_be_a_label_is_refused(folder: Path) -> None:
    disliked(folder, "a")
    client = console(folder)
    assert label(client, "nonsense").status_code == 400
    assert label(client, event_id="x").status_code == 400


def test_an_address_names_an_answer(folder: Path) -> None:
    disliked(folder, "a", "b")
    client = console(folder)
    assert shown(client, "/annotate?target=b") == "b"
    assert "No interaction of zzz" in words(client.get("/annotate?target=zzz"))


def test_a_second_person_reads_some_without_seeing_the_first_label_and_the_first_never_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(annotate, "SECOND_READINGS", 100)
    disliked(folder, "a")
    append(folder, annotation("a", "ana", "unclear"))
    land(folder)
    ana, ben = named(folder, "ana", "ben")
    assert shown(ana) == ""
    assert shown(ben) == "a"
    section = words(ben.get("/annotate")).split("How far annotators agree")[0]
    assert "ana" not in section
    assert section.count("unclear") == 1  # the button


def test_without_a_draw_nobody_reads_it_twice(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotate, "SECOND_READINGS", 0)
    disliked(folder, "a")
    append(folder, annotation("a", "ana", "unclear"))
    land(folder)
    [ben] = named(folder, "ben")
    assert shown(ben) == ""


def test_what_another_has_just_labelled_is_not_offered_before_it_is_published(folder: Path) -> None:
    disliked(folder, "a", "b")
    taking = Taking()
    with taking.served() as url:
        ana, ben = named(folder, "ana", "ben", url=url)
        label(ana)
        assert shown(ben) == "b"


def test_agreement_is_a_share_of_pairs_with_its_interval_and_where_they_differ(folder: Path) -> None:
    disliked(folder, "a", "b", "c")
    labels = [("a", "good", "good"), ("b", "bad", "bad"), ("c", "good", "bad")]
    append(
        folder,
        *(annotation(target, "ana", one) for target, one, _ in labels),
        *(annotation(target, "ben", other) for target, _, other in labels),
    )
    land(folder)
    page = words(console(folder).get("/annotate"))
    assert re.search(r"66\.7 % \d+–\d+ % of 3 pairs of labels", page)
    assert "actor:ana good actor:ben bad" in page
    assert "target,one,one_says" in console(folder).get("/annotate?table=differ&format=csv").text


def test_who_only_reads_sees_the_answer_and_no_button(folder: Path) -> None:
    disliked(folder, "a")
    [reader] = named(folder, "ana")
    reader.environ_base["HTTP_REMOTEUSER"] = "zoe"
    page = reader.get("/annotate")
    assert "You a so." in words(page)
    assert "takes the role annotate" in words(page)
    assert "<button" not in page.text.split("<main")[1]
