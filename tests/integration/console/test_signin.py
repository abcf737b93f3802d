"""Signing in by password: sessions, roles, and what the record says of it."""

from __future__ import annotations

import logging
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from integration.console.signing import GOOD, Clock, Make, app_of, routes, sign_in, text, token
from sayso_ingest.users import Role, add_user, change_password, remove_user

# By password.


def test_whoever_is_not_signed_in_is_asked_to_and_then_gets_the_page_they_wanted(
    make: Make, users: Path
) -> None:
    client = make()
    asked = client.get("/record?who=ana")
    assert asked.status_code == 302
    assert asked.headers["Location"] == "/signin?next=/record?who%3Dana"
    entered = sign_in(client, data={"next": "/record?who=ana"})
    assert (entered.status_code, entered.headers["Location"]) == (303, "/record?who=ana")
    page = client.get("/record")
    assert "signed in" in text(page)
    assert "Sign out" in text(page)


def test_nobody_is_sent_to_another_site_after_signing_in(make: Make, users: Path) -> None:
    assert sign_in(make(), data={"next": "//evil.example/x"}).headers["Location"] == "/"


def test_the_cookie_is_out_of_reach_for_scripts_other_sites_and_plain_http(make: Make, users: Path) -> None:
    cookie = sign_in(make()).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    client = make(
        console_proxy="127.0.0.1", console_user_header="Remoteuser", console_names="console.example"
    )
    by_https = sign_in(client, headers={"X-Forwarded-Proto": "https"})
    assert "Secure" in by_https.headers["Set-Cookie"]


def test_the_secret_of_the_cookies_is_for_its_owner_alone_and_outlives_the_process(
    make: Make, users: Path, folder: Path
) -> None:
    first = make()
    sign_in(first)
    path = folder.parent / "console.secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    second = make()
    for cookie in first._cookies.values():  # type: ignore[union-attr]
        second._cookies[cookie._storage_key] = cookie  # type: ignore[index]
    assert second.get("/record").status_code == 200


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(make: Make, users: Path) -> None:
    wrong = sign_in(make(), "ana", "not this one at all")
    unknown = sign_in(make(), "zoe", "not this one at all")
    assert wrong.status_code == unknown.status_code == 403
    assert text(wrong) == text(unknown)
    assert "ana" in wrong.text  # what was typed is still there
    assert "not this one at all" not in wrong.text


def test_guessing_is_slowed_down_for_a_name_and_does_not_lock_it(make: Make, users: Path) -> None:
    client = make()
    answers = [sign_in(client, "ana", f"wrong guess number {n}").status_code for n in range(7)]
    assert answers == [403] * 5 + [429] * 2
    held = sign_in(client)
    assert held.status_code == 429
    assert 1 <= int(held.headers["Retry-After"]) <= 30
    assert sign_in(client, "ben").status_code == 303


def test_a_session_ends_when_nobody_looks_for_twelve_hours(make: Make, users: Path, clock: Clock) -> None:
    client = make()
    sign_in(client)
    clock.now += timedelta(hours=11)
    assert client.get("/record").status_code == 200
    clock.now += timedelta(hours=11)
    assert client.get("/record").status_code == 200
    clock.now += timedelta(hours=12, minutes=1)
    assert client.get("/record").status_code == 302


@pytest.mark.parametrize(
    "end",
    [
        lambda users: change_password(users, "ana", "another four good words"),
        lambda users: remove_user(users, "ana"),
        lambda users: (remove_user(users, "ana"), add_user(users, "ana", role=Role.ANNOTATE, password=GOOD)),
    ],
)
def test_sessions_end_with_the_password_or_the_user(
    make: Make, users: Path, end: Callable[[Path], object]
) -> None:
    client = make()
    sign_in(client)
    assert client.get("/record").status_code == 200
    end(users)
    assert client.get("/record").status_code == 302


def test_signing_out_ends_the_session_for_whoever_copied_the_cookie_too(make: Make, users: Path) -> None:
    client = make()
    sign_in(client)
    copied = dict(client._cookies or {})
    assert client.post("/signout", data={"csrf_token": token(client, "/record")}).status_code == 303
    assert client.get("/record").status_code == 302
    client._cookies = copied
    assert client.get("/record").status_code == 302


def test_a_cookie_that_was_made_elsewhere_is_none(
    make: Make, users: Path, tmp_path: Path, clock: Clock
) -> None:
    other = tmp_path / "elsewhere" / "default"
    other.mkdir(parents=True)
    add_user(other.parent / "users.json", "ana", role=Role.ANNOTATE, password=GOOD)
    there = app_of(other, clock).test_client()
    sign_in(there)
    here = make()
    [cookie] = [one for one in (there._cookies or {}).values() if "sayso" in one.key]
    here.set_cookie(here.application.config["SESSION_COOKIE_NAME"], cookie.value)
    assert here.get("/record").status_code == 302


def test_a_cookie_of_another_project_of_the_folder_is_none(
    make: Make, users: Path, folder: Path, clock: Clock
) -> None:
    other = folder.parent / "other"
    other.mkdir()
    there = app_of(other, clock).test_client()
    sign_in(there)
    here = make()
    [cookie] = [one for one in (there._cookies or {}).values() if "sayso" in one.key]
    here.set_cookie(here.application.config["SESSION_COOKIE_NAME"], cookie.value)
    assert here.get("/record").status_code == 302


def test_what_was_in_a_browser_before_is_worth_nothing_after_signing_in(make: Make, users: Path) -> None:
    client = make()
    planted = token(client)
    before = dict(client._cookies or {})
    sign_in(client)
    assert client.post("/changes", data={"csrf_token": planted}).status_code == 400
    elsewhere = make()
    elsewhere._cookies = before
    assert elsewhere.get("/record").status_code == 302


# Roles.


def test_who_only_reads_is_told_what_it_takes_to_change_something(make: Make, users: Path) -> None:
    client = make()
    sign_in(client, "ben")
    answer = client.post("/changes", data={"csrf_token": token(client, "/record")})
    assert answer.status_code == 403
    assert "takes the role annotate" in text(answer)
    assert client.get("/changes").status_code == 200


def test_who_only_reads_can_send_no_form_that_changes_something(make: Make, users: Path) -> None:
    client = make()
    sign_in(client, "ben")
    data = {"csrf_token": token(client, "/record")}
    allowed = []
    for path, needed in routes(client.application, "POST"):
        if needed.key:
            continue
        if needed.role is Role.ANNOTATE:
            assert client.post(path, data=data).status_code == 403, path
        else:
            allowed.append(path)
    assert set(allowed) == {"/signin", "/signout", "/sql/cancel"}  # which ends questions of the same person


def test_who_annotates_may_change_something(make: Make, users: Path) -> None:
    client = make()
    sign_in(client, "ana")
    assert client.post("/changes", data={"csrf_token": token(client, "/record")}).text == "changed"


# The record.


def test_guesses_do_not_fill_the_record_and_what_was_typed_as_a_name_is_not_kept(
    make: Make, users: Path, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = make()
    for name in ("zoe", "my-own-secret", "ana"):
        sign_in(client, name, "wrong but long enough")
    sign_in(client, "ben")
    shown = text(client.get("/record"))
    assert "names that are none 2" in shown
    assert "ana 1" in shown
    kept = b"".join(path.read_bytes() for path in folder.iterdir()) + caplog.text.encode()
    for secret in (b"my-own-secret", b"zoe", b"wrong but long enough", GOOD.encode()):
        assert secret not in kept
    assert (folder.parent / "console.secret").read_text() not in caplog.text


def test_the_record_names_who_did_what_and_no_password(make: Make, users: Path, folder: Path) -> None:
    client = make()
    sign_in(client, "ana", "not this one at all")
    sign_in(client)
    shown = text(client.get("/record"))
    assert "ana password signed in" in shown
    assert "ana 1 2026-03-01 12:00:00" in shown
    assert b"not this one" not in (folder / "console.sqlite").read_bytes()
    assert stat.S_IMODE((folder / "console.sqlite").stat().st_mode) == 0o600
