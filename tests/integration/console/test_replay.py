"""Rejects that are sent again from the console: what goes, what is refused again, and who may."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from integration.console.people import Taking, console, named, project, send, uid, words
from integration.console.signing import Clock, app_of
from landed import append, event, land
from sayso_ingest.event import Reason, Rejection
from sayso_ingest.keys import create_key
from sayso_ingest.places import keys_file

NUMBERS = (1, 2, 3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which three thumbs had a wrong value, and one reject is no event at all."""
    folder = tmp_path_factory.mktemp("refused") / "shop"
    project(folder)
    thumbs = [event("thumb", target=f"t{n}", id=uid(n), body={"value": "sideways"}) for n in NUMBERS]
    refused = [
        Rejection.of(
            json.dumps(thumb).encode(), Reason.INVALID_VALUE, detail={}, event_id=thumb["id"], kind="thumb"
        )
        for thumb in thumbs
    ]
    _, key = create_key(keys_file(folder.parent), kind="sk", project=folder.name)
    append(folder, rejects=[*refused, Rejection.of(b"{", Reason.INVALID_JSON, detail={})], key_id=key.key_id)
    of_a_page = json.dumps(event("thumb", id=uid(4), body={"value": "up"}, rating="ten")).encode()
    append(
        folder,
        rejects=[Rejection.of(of_a_page, Reason.INVALID_NUMBER, detail={})],
        key_kind="pk",
        key_id="key_of_a_page",
    )
    land(folder)
    return folder


@pytest.fixture
def taking() -> Taking:
    return Taking()


@pytest.fixture
def browser(folder: Path, taking: Taking) -> Iterator[FlaskClient]:
    with taking.served() as url:
        yield console(folder, url)


def again(client: FlaskClient, page: str = "/rejects?reason=invalid_value", **form: str) -> str:
    mended = {"field": "body.value", "value": "up", "do": "send"}
    return words(send(client, "/rejects/replay", page, **{**mended, **form}))


def test_rejects_of_a_reason_are_looked_at_then_sent_mended_with_the_ids_they_had(
    browser: FlaskClient, taking: Taking
) -> None:
    told = again(browser, reason="invalid_value", do="look")
    assert "3 would be sent." in told
    assert "&#34;value&#34;: &#34;up&#34;" in told
    assert taking.events == []
    assert "3 accepted" in again(browser, reason="invalid_value")
    assert {(one["id"], one["body"]["value"]) for one in taking.events} == {(uid(n), "up") for n in NUMBERS}
    assert "sent rejects again reason invalid_value: 3 of 3 accepted" in words(browser.get("/record"))


def test_what_a_page_sent_is_not_sent_again_as_said_by_a_back_end(
    browser: FlaskClient, taking: Taking
) -> None:
    told = again(browser, "/rejects?reason=invalid_number", reason="invalid_number")
    assert "it would count as said by your back end" in told
    assert taking.events == []


def test_one_reject_is_sent_again_as_it_is_and_what_is_refused_again_says_why(
    browser: FlaskClient, taking: Taking
) -> None:
    taking.status = "rejected"
    reject_id = browser.get("/rejects?reason=invalid_value").text.split('href="/rejects/')[1].split('"')[0]
    told = again(browser, f"/rejects/{reject_id}", reject_id=reject_id, field="")
    assert "None was accepted." in told
    assert "1 refused again: invalid_value." in told


def test_what_is_no_event_is_left_out_and_says_why(browser: FlaskClient) -> None:
    told = again(browser, "/rejects?reason=invalid_json", reason="invalid_json", do="look")
    assert "Nothing would be sent. 1 left out: It is not JSON." in told
    page = "/rejects?reason=invalid_json"
    assert send(browser, "/rejects/replay", page, reason="nonsense", do="send").status_code == 400


def test_where_no_collector_answers_it_says_so_and_keeps_what_was_typed(folder: Path) -> None:
    page = "/rejects?reason=invalid_value"
    answer = send(console(folder), "/rejects/replay", page, reason="invalid_value", field="a.b", do="send")
    assert answer.status_code == 503
    assert "cannot be reached" in words(answer)
    assert 'value="a.b"' in answer.text


def test_only_a_page_of_somebody_who_annotates_has_the_button_and_it_takes_its_token(folder: Path) -> None:
    (ana,) = named(folder, "ana")
    assert "Send them again" in ana.get("/rejects?reason=invalid_value").text
    assert ana.post("/rejects/replay", data={"reason": "invalid_value"}).status_code == 400
    reader = app_of(
        folder, Clock(), console_user_header="Remoteuser", console_proxy="127.0.0.1"
    ).test_client()
    reader.environ_base["HTTP_REMOTEUSER"] = "ben"
    assert "takes the role annotate" in words(reader.get("/rejects?reason=invalid_value"))
