"""Eval sets: versions with their counts, what changed between two, and a case down to the clicks behind it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from pathlib import Path

import pytest
from integration.console.mined import case, measured, mined
from integration.console.people import NOW, console, named, project, send, words
from landed import append, event, land
from sayso_ingest import evalsets
from sayso_ingest.evalsets.files import encode_lines
from sayso_ingest.mining import keep_measurement
from sayso_ingest.places import coverage_file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "default"


def promoted(folder: Path) -> None:
    """Three proposed; two become v1, and the third one comes in with v2."""
    one, two, three = mined(folder)
    evalsets.promote_candidates(folder, "helpdesk", [one.case_id, two.case_id], note="first", now=NOW)
    evalsets.promote_candidates(folder, "helpdesk", [three.case_id], note="second", now=NOW)


def test_where_there_is_no_set_the_page_says_what_to_type(folder: Path) -> None:
    project(folder, event())
    assert "sayso mine --set NAME" in words(console(folder).get("/evalsets"))


def test_every_set_is_there_with_its_newest_version_what_waits_and_its_coverage(folder: Path) -> None:
    promoted(folder)
    evalsets.propose(folder, "helpdesk", [case("later")], now=NOW)
    evalsets.propose(folder, "new", [case("refund")], now=NOW)
    keep_measurement(coverage_file(folder, "helpdesk"), measured())
    page = words(console(folder).get("/evalsets"))
    assert "helpdesk v2, 2026-03-01 3 cases (3 mined) · second 1 candidates wait 60.0 %" in page
    assert (
        "new No version yet. 1 candidates wait Coverage was not measured yet: sayso coverage --set new"
        in page
    )


def test_versions_have_their_counts_and_the_newest_is_compared_with_the_one_before(folder: Path) -> None:
    promoted(folder)
    page = words(console(folder).get("/evalsets/helpdesk"))
    assert "v2 2026-03-01 3 3 mined 3 none second v1 2026-03-01 2 2 mined 2 none first" in page
    changes = page.split("What changed from v1 to v2")[1].split("Cases of v2")[0]
    assert "Added 1 How do I invite?" in changes
    assert "How do I refund?" not in changes
    assert "since v2" in changes


def test_any_two_versions_are_compared_also_backwards(folder: Path) -> None:
    promoted(folder)
    page = words(console(folder).get("/evalsets/helpdesk?version=1&before=2"))
    assert "What changed from v2 to v1" in page
    assert "Removed 1 How do I invite?" in page
    assert "v1 is the first" in words(console(folder).get("/evalsets/helpdesk?version=1"))


def test_what_changed_in_a_case_is_named_and_an_expected_answer_marked_word_by_word(folder: Path) -> None:
    mined(folder)
    old, new = (
        dataclasses.replace(case("refund"), expected=text, reference_kind="human_edit")
        for text in ("Use the red button.", "Use the green button.")
    )
    first = evalsets.promote(folder, "helpdesk", [old], now=NOW)
    second = evalsets.promote(folder, "helpdesk", [case("export")], now=NOW)
    # Nobody edits a version; this one stands for one that another way of making them has changed.
    manifest = json.loads((second.path / "manifest.json").read_text())
    rows = [new.since(1).row(), *(one.row() for one in second.cases if one.case_id != old.case_id)]
    data = encode_lines(sorted(rows, key=lambda row: row["case_id"]))
    (second.path / "cases.jsonl").write_bytes(data)
    manifest["cases_sha256"] = hashlib.sha256(data).hexdigest()
    (second.path / "manifest.json").write_text(json.dumps(manifest))
    page = console(folder).get(f"/evalsets/helpdesk?version=2&before={first.number}").text
    assert "<del>red</del><ins>green</ins>" in page.replace("\n", "")
    assert '<span class="soft">expected</span>' in page


def test_a_case_leads_down_to_the_clicks_and_to_its_answer(folder: Path) -> None:
    promoted(folder)
    client = console(folder)
    page = client.get(f"/evalsets/helpdesk/{case('refund').case_id[:12]}")
    told = words(page)
    assert "1 of 1 people disliked it" in told
    assert "actor:u1 thumb down behind this case" in told
    assert "That is wrong" in told
    assert 'href="/interaction?target=refund"' in page.text
    answer = words(client.get("/interaction?target=refund"))
    assert "Asked How do I refund? Answered You refund so." in answer
    assert "actor:u1 thumb down" in answer
    assert "helpdesk v2 since v1" in answer


def test_an_answer_that_nobody_knows_is_not_found(folder: Path) -> None:
    promoted(folder)
    client = console(folder)
    assert client.get("/interaction?target=none").status_code == 404
    assert client.get("/interaction").status_code == 404


def test_the_cases_of_a_version_are_downloaded_as_they_are_on_disk(folder: Path) -> None:
    promoted(folder)
    answer = console(folder).get("/evalsets/helpdesk?version=1&format=jsonl")
    assert answer.data == (folder / "evalsets" / "helpdesk" / "v1" / "cases.jsonl").read_bytes()
    assert "helpdesk-v1.jsonl" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "path",
    [
        "/evalsets/none",
        "/evalsets/helpdesk?version=9",
        "/evalsets/helpdesk?version=2&before=9",
        "/evalsets/helpdesk/zzz",
        "/evalsets/none/zzz",
    ],
)
def test_what_there_is_not_is_said(folder: Path, path: str) -> None:
    promoted(folder)
    answer = console(folder).get(path)
    assert answer.status_code == 404
    assert "There is no" in words(answer)


def test_a_version_that_somebody_changed_is_not_shown(folder: Path) -> None:
    promoted(folder)
    with (folder / "evalsets" / "helpdesk" / "v2" / "cases.jsonl").open("a") as file:
        file.write("\n\n")
    answer = console(folder).get("/evalsets/helpdesk")
    assert answer.status_code == 503
    assert "was changed after it was written" in words(answer)


def test_a_set_with_nothing_but_candidates_leads_to_them(folder: Path) -> None:
    mined(folder)
    assert "No version yet" in words(console(folder).get("/evalsets/helpdesk"))


def test_a_case_that_later_feedback_speaks_against_is_flagged_when_somebody_asks(folder: Path) -> None:
    promoted(folder)
    client = console(folder)
    assert "Nothing that was said since speaks against a case." in words(
        client.get("/evalsets/helpdesk?check=1")
    )
    corrected = event(
        "annotation", target="refund", actor="zoe", body={"label": "bad", "expected": "Call us."}
    )
    append(folder, corrected)
    land(folder)
    page = words(client.get("/evalsets/helpdesk?check=1"))
    assert "To be looked at 1 How do I refund? corrected zoe has said since" in page


def test_a_case_is_retired_with_why_and_the_next_version_says_so(folder: Path) -> None:
    promoted(folder)
    [ana] = named(folder, "ana")
    case_id = case("refund").case_id
    page = f"/evalsets/helpdesk/{case_id[:12]}"
    assert send(ana, f"/evalsets/helpdesk/{case_id}", page, reason=" ").status_code == 400
    answer = send(ana, f"/evalsets/helpdesk/{case_id}", page, reason="out of date")
    assert answer.headers["Location"] == "/evalsets/helpdesk?version=3&done=retired"
    told = words(ana.get(answer.headers["Location"]))
    assert "v3 is made without it, with 2 cases." in told
    assert "Removed 1 How do I refund?" in told
    assert "Retired: out of date" in told
    assert f"ana proxy retired a case {case_id[:12]} of helpdesk" in words(ana.get("/record"))


def test_who_only_reads_cannot_retire_a_case(folder: Path) -> None:
    promoted(folder)
    [ana] = named(folder, "ana")
    path = f"/evalsets/helpdesk/{case('refund').case_id}"
    token = re.search(r'name="csrf_token" value="([^"]+)"', ana.get(path).text)
    assert token
    ana.environ_base["HTTP_REMOTEUSER"] = "zoe"
    assert "<form" not in ana.get(path).text.split("<main")[1]
    assert ana.post(path, data={"reason": "no", "csrf_token": token[1]}).status_code == 403
    assert len(evalsets.versions(folder, "helpdesk")) == 2


def test_a_version_that_was_replaced_by_a_newer_one_offers_no_case_to_retire(folder: Path) -> None:
    promoted(folder)
    page = console(folder).get(f"/evalsets/helpdesk/{case('refund').case_id}?version=1")
    assert "Retire it" not in words(page)
