"""Candidates: a list and one large, wanted or declined with a note, and promoted to a version."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from integration.console.mined import TARGETS, asked, case, hostile, mined
from integration.console.people import NOW, console, named, project, send, words
from landed import append, event, land
from sayso_ingest import evalsets
from sayso_ingest.evalsets import State
from werkzeug.test import TestResponse


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "default"


def states(folder: Path) -> dict[str, State]:
    return {one.case.provenance.target: one.state for one in evalsets.proposals(folder, "helpdesk")}


def decide(client: FlaskClient, what: str, *targets: str, single: bool = True, **fields: Any) -> TestResponse:
    ids = [case(target).case_id for target in targets]
    form: dict[str, Any] = {"set": "helpdesk", "tab": "waiting", "what": what, "case": ids, **fields}
    if single:
        form["at"] = ids[0]
    return send(client, "/candidates/decide", "/candidates", **form)


def test_where_nothing_was_proposed_the_page_says_what_to_type(folder: Path) -> None:
    project(folder, event())
    client = console(folder)
    assert "sayso mine --set NAME" in words(client.get("/candidates"))
    assert "sayso mine --set other" in words(client.get("/candidates?set=other"))
    assert client.get("/candidates?set=../other").status_code == 400


def test_a_candidate_is_shown_with_its_texts_why_it_was_picked_and_what_was_said_of_it(folder: Path) -> None:
    mined(folder)
    page = words(console(folder).get("/candidates"))
    assert "1 of 3 waiting somebody said so" in page
    assert "Why: 1 of 1 people disliked it; topic refund has 4.3% of traffic" in page
    assert "Asked How do I refund? Answered You refund so." in page
    assert "nobody gave one" in page
    assert "thumbs 1 hardness, of all of it 0.9 distance to the set 0.4" in page
    assert re.search(r"20 minutes ago · actor:u1 thumb down behind this case", page)
    assert "detail outdated behind this case That is wrong" in page
    assert "helpdesk has no version yet" in page


def test_what_was_taken_back_is_there_without_its_words(folder: Path) -> None:
    [of, *_] = mined(folder)
    click = of.provenance.event_ids[1]
    append(folder, event("retraction", actor="u1", target="refund", body={"of": of.provenance.event_ids[2]}))
    append(folder, event("retraction", actor="stranger", target="refund", body={"of": click}), key_kind="pk")
    land(folder)
    page = words(console(folder).get("/candidates"))
    assert "detail taken back" in page
    assert "That is wrong" not in page
    assert "thumb down" in page  # a stranger takes nothing back


def test_wanted_and_declined_lead_on_to_the_next_with_their_note_and_stand_in_the_record(
    folder: Path,
) -> None:
    mined(folder)
    [ana] = named(folder, "ana")
    answer = decide(ana, "wanted", "refund", note=" a real one ")
    assert states(folder)["refund"] == State.REVIEWED
    page = words(ana.get(answer.headers["Location"]))
    assert "One is wanted now." in page
    assert asked("export") in page.split("Why:")[1]
    decide(ana, "declined", "export", note="nobody asks this")
    assert states(folder) == {
        "refund": State.REVIEWED,
        "export": State.DECLINED,
        "invite": State.CANDIDATE,
    }
    assert [one.note for one in evalsets.proposals(folder, "helpdesk")] == [
        "a real one",
        "nobody asks this",
        "",
    ]
    record = words(ana.get("/record"))
    short = case("refund").case_id[:12]
    assert f"ana proxy wanted a candidate {short} of helpdesk" in record
    assert "declined a candidate" in record
    assert "nobody asks" not in record


def test_back_to_the_last_shows_it_with_its_note_and_it_can_be_decided_otherwise(folder: Path) -> None:
    mined(folder)
    client = console(folder)
    location = decide(client, "declined", "refund", note="too rare").headers["Location"]
    back = re.search(r'aria-keyshortcuts="u" href="([^"]+)"', client.get(location).text)
    assert back
    page = client.get(back[1].replace("&amp;", "&"))
    assert asked("refund") in words(page).split("Why:")[1]
    assert ">too rare</textarea>" in page.text
    decide(client, "wanted", "refund")
    assert states(folder)["refund"] == State.REVIEWED


def test_several_are_decided_at_once_each_in_the_record(folder: Path) -> None:
    mined(folder)
    client = console(folder)
    answer = decide(client, "wanted", "refund", "invite", single=False)
    assert "2 are wanted now." in words(client.get(answer.headers["Location"]))
    assert list(states(folder).values()) == [State.REVIEWED, State.CANDIDATE, State.REVIEWED]
    assert words(client.get("/record")).count("wanted a candidate") == 2


def test_those_that_are_wanted_become_the_next_version_with_its_note(folder: Path) -> None:
    mined(folder)
    client = console(folder)
    decide(client, "wanted", "refund", "export", single=False)
    page = client.get("/candidates")
    assert "2 are wanted and in no version of helpdesk yet" in words(page)
    wanted = re.findall(
        r'type="hidden" name="case" value="(\w+)"', page.text.split('id="version"')[1].split("</form>")[0]
    )
    fields = {"set": "helpdesk", "case": wanted, "note": "first"}
    answer = send(client, "/candidates/promote", "/candidates", **fields)
    assert answer.headers["Location"] == "/evalsets/helpdesk?version=1&done=promoted"
    version = evalsets.read(folder, "helpdesk", 1)
    assert {one.provenance.target for one in version.cases} == {"refund", "export"}
    assert (version.note, version.created_at) == ("first", "2026-03-01T12:00:00Z")
    assert "made a version of an eval set helpdesk v1" in words(client.get("/record"))
    assert "v1 is made, with 2 cases" in words(client.get(answer.headers["Location"]))


def test_neighbours_are_the_cases_of_the_set_that_are_worded_alike(folder: Path) -> None:
    mined(folder)
    evalsets.propose(folder, "helpdesk", [case("rebate", input="How do I refund that?")], now=NOW)
    evalsets.promote_candidates(
        folder, "helpdesk", [case("x", input="How do I refund that?").case_id], now=NOW
    )
    page = words(console(folder).get("/candidates"))
    assert re.search(r"Like it in the set How do I refund that\? \d+ % alike in wording", page)


def test_what_was_promoted_meanwhile_is_said_and_the_note_stays(folder: Path) -> None:
    mined(folder)
    client = console(folder)
    client.get("/candidates")
    evalsets.promote_candidates(folder, "helpdesk", [case("refund").case_id], now=NOW)
    answer = decide(client, "wanted", "refund", note="typed")
    assert answer.status_code == 400
    assert "promoted" in words(answer).split("Candidates")[1]


@pytest.mark.parametrize("fields", [{"what": "nonsense"}, {"case": []}, {"case": ["zzz"]}, {"set": "../x"}])
def test_what_makes_no_sense_is_refused_and_changes_nothing(folder: Path, fields: dict[str, Any]) -> None:
    mined(folder)
    form = {"set": "helpdesk", "what": "wanted", "case": [case("refund").case_id], **fields}
    assert send(console(folder), "/candidates/decide", "/candidates", **form).status_code == 400
    assert set(states(folder).values()) == {State.CANDIDATE}


def test_who_only_reads_sees_the_candidates_and_no_button_and_is_refused(folder: Path) -> None:
    mined(folder)
    [ana] = named(folder, "ana")
    evalsets.review_candidates(folder, "helpdesk", [case("refund").case_id], now=NOW)
    token = re.search(r'name="csrf_token" value="([^"]+)"', ana.get("/candidates").text)
    assert token
    form = {"set": "helpdesk", "what": "wanted", "case": case("export").case_id, "csrf_token": token[1]}
    ana.environ_base["HTTP_REMOTEUSER"] = "zoe"
    page = ana.get("/candidates")
    assert asked("export") in words(page)
    assert not re.search(r"<(button|input|textarea)", page.text.split("<main")[1])
    assert "takes the role annotate" in words(page)
    for path in ("/candidates/decide", "/candidates/promote"):
        assert ana.post(path, data=form).status_code == 403
    assert states(folder)["export"] == State.CANDIDATE
    assert evalsets.versions(folder, "helpdesk") == []


def test_a_form_without_its_token_changes_nothing(folder: Path) -> None:
    mined(folder)
    form = {"set": "helpdesk", "what": "wanted", "case": case("refund").case_id}
    assert console(folder).post("/candidates/decide", data=form).status_code == 400
    assert set(states(folder).values()) == {State.CANDIDATE}


def test_lists_are_by_state_and_sets_are_chosen_from(folder: Path) -> None:
    mined(folder)
    evalsets.propose(folder, "billing", [case("refund")], now=NOW)
    client = console(folder)
    assert "billing helpdesk" in words(client.get("/candidates"))
    decide(client, "declined", "refund")
    page = words(client.get("/candidates?set=helpdesk&tab=declined"))
    assert "waiting 2 wanted 0 declined 1 promoted 0 all 3" in page
    assert "1 of 1 declined" in page
    assert "None is promoted." in words(client.get("/candidates?set=helpdesk&tab=promoted"))


def test_no_text_of_a_stranger_is_more_than_text(folder: Path) -> None:
    two = hostile(folder)
    client = console(folder)
    for path in (
        "/candidates",
        "/candidates?tab=all&last=%3Cscript%3E&case=%3Cimg%3E",
        "/evalsets",
        "/evalsets/helpdesk",
        f"/evalsets/helpdesk/{evalsets.read(folder, 'helpdesk', 1).cases[0].case_id}",
        "/coverage",
        "/interaction?target="
        + two.provenance.target.replace("+", "%2B").replace("&", "%26").replace("#", "%23"),
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        main = answer.text.split("<main")[1]
        assert "<script" not in main, path
        assert "<img" not in main, path
        assert "49" not in main or "{{7*7}}" in main, path
    assert len(TARGETS) == 3
