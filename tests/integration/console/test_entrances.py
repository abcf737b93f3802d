"""Who gets which answer without a password: nobody, a form of another site, a proxy, a program."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from integration.console.signing import GOOD, Make, routes, sign_in, text, token
from sayso_ingest.console.answer import here
from sayso_ingest.keys import create_key
from sayso_ingest.users import Role, add_user, remove_user

# Open, shut, and nobody there yet.


def test_on_loopback_it_is_open_as_long_as_nobody_could_sign_in(make: Make, folder: Path) -> None:
    client = make()
    assert client.get("/record").status_code == 200
    add_user(folder.parent / "users.json", "ana", role=Role.READ, password=GOOD)
    assert client.get("/record").status_code == 302
    remove_user(folder.parent / "users.json", "ana")
    assert client.get("/record").status_code == 200


def test_it_is_open_with_users_only_when_a_setting_says_so(make: Make, users: Path) -> None:
    assert make(console_open="always").get("/record").status_code == 200
    assert make(console_open="auto").get("/record").status_code == 302


@pytest.mark.parametrize("settings", [{"console_host": "0.0.0.0"}, {"console_open": "never"}])
@pytest.mark.parametrize("path", ["/", "/record", "/inbox?format=csv", "/signin", "/nothing"])
def test_where_nobody_can_sign_in_yet_it_says_what_to_type_and_shows_nothing_else(
    make: Make, settings: dict[str, str], path: str
) -> None:
    answer = make(**settings).get(path)
    assert answer.status_code == 403
    assert "sayso users add NAME --role annotate" in text(answer)
    assert "<nav" not in answer.text


def test_an_open_console_does_not_take_what_a_proxy_passes_on_for_somebody_at_this_machine(
    make: Make,
) -> None:
    answer = make().get("/record", headers={"X-Forwarded-For": "203.0.113.7"})
    assert answer.status_code == 403


def test_health_and_styles_are_for_everybody(make: Make, users: Path) -> None:
    client = make(console_host="0.0.0.0")
    for path in ("/healthz", "/static/console.css"):
        with client.get(path) as answer:
            assert answer.status_code == 200


def test_no_page_is_shown_to_whoever_is_not_signed_in(make: Make, users: Path) -> None:
    client = make()
    for_all = []
    for path, needed in routes(client.application, "GET"):
        for query in ("", "?format=csv"):
            answer = client.get(path + query)
            if needed.role is None:
                for_all.append(path)
            elif needed.key:
                assert answer.status_code == 401, path
            else:
                assert (answer.status_code, answer.headers["Location"][:8]) == (302, "/signin?"), path
    assert set(for_all) == {"/healthz", "/signin"}


def test_what_is_sent_to_no_page_is_told_so(make: Make, users: Path) -> None:
    client = make()
    assert client.post("/v1/events", json={"events": []}).status_code == 404
    assert client.post("/record").status_code == 405


def test_nothing_is_taken_from_whoever_is_not_signed_in(make: Make, users: Path) -> None:
    client = make()
    for path, needed in routes(client.application, "POST"):
        if needed.role is not None:
            answer = client.post(path, data={"csrf_token": token(client)})
            assert answer.status_code == 401, path


# Forms from elsewhere.


def test_a_form_without_the_token_of_this_browser_is_refused(make: Make, users: Path) -> None:
    client, other = make(), make()
    sign_in(client)
    sign_in(other)
    for data in ({}, {"csrf_token": "x"}, {"csrf_token": token(other, "/record")}):
        answer = client.post("/changes", data=data)
        assert answer.status_code == 400
        assert "load the page again" in text(answer)
    assert client.post("/signin", data={"name": "ana", "password": GOOD}).status_code == 400


def test_no_page_takes_a_form_without_its_token_or_from_another_site(make: Make, users: Path) -> None:
    client = make()
    sign_in(client)
    data = {"csrf_token": token(client, "/record")}
    for path, needed in routes(client.application, "POST"):
        if needed.key:
            continue
        assert client.post(path).status_code == 400, path
        assert client.post(path, data=data, headers={"Origin": "https://evil.example"}).status_code == 403, (
            path
        )


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:9999"])
def test_a_form_from_another_site_is_refused_even_with_the_token(
    make: Make, users: Path, origin: str
) -> None:
    client = make()
    sign_in(client)
    data = {"csrf_token": token(client, "/record")}
    assert client.post("/changes", data=data, headers={"Origin": origin}).status_code == 403
    assert client.post("/changes", data=data, headers={"Origin": "http://localhost"}).status_code == 200


def test_an_open_console_takes_no_form_from_another_site_either(make: Make) -> None:
    client = make()
    assert client.post("/changes", headers={"Origin": "http://localhost"}).status_code == 400


def test_a_name_that_was_made_to_point_here_gets_nothing(make: Make, users: Path) -> None:
    assert make().get("/", headers={"Host": "rebound.example:8711"}).status_code == 400
    reached = make(console_host="0.0.0.0", console_names="console.example")
    assert reached.get("/", headers={"Host": "rebound.example"}).status_code == 400
    assert reached.get("/", headers={"Host": "console.example"}).status_code == 302


# A proxy's word.


def proxied(make: Make) -> FlaskClient:
    return make(console_host="0.0.0.0", console_user_header="Remoteuser", console_proxy="10.0.0.0/8")


def test_whom_the_trusted_proxy_names_is_signed_in_with_the_role_of_that_user(
    make: Make, users: Path
) -> None:
    client = proxied(make)
    from_proxy = {"REMOTE_ADDR": "10.1.2.3"}
    assert client.get("/record", headers={"Remoteuser": "Ana"}, environ_base=from_proxy).status_code == 200
    form = {"csrf_token": ""}
    page = client.get("/inbox", headers={"Remoteuser": "zoe"}, environ_base=from_proxy)
    assert "zoe read" in text(page)
    answer = client.post("/changes", data=form, headers={"Remoteuser": "zoe"}, environ_base=from_proxy)
    assert answer.status_code == 400  # its token comes first


@pytest.mark.parametrize("said", ["eve,ana", "ana, ana", "", "a" * 201])
def test_a_name_that_came_twice_or_is_none_is_not_believed(make: Make, users: Path, said: str) -> None:
    from_proxy = {"REMOTE_ADDR": "10.1.2.3"}
    answer = proxied(make).get("/record", headers={"Remoteuser": said}, environ_base=from_proxy)
    assert answer.status_code == 302


@pytest.mark.parametrize("address", ["203.0.113.7", "127.0.0.1", "11.0.0.1"])
def test_the_header_is_never_believed_from_elsewhere(make: Make, users: Path, address: str) -> None:
    answer = proxied(make).get(
        "/record", headers={"Remoteuser": "ana"}, environ_base={"REMOTE_ADDR": address}
    )
    assert answer.status_code == 302


def test_the_header_is_not_believed_where_no_setting_names_it(make: Make, users: Path) -> None:
    assert make(console_proxy="127.0.0.1").get("/record", headers={"Remoteuser": "ana"}).status_code == 302


# Programs.


def test_a_route_that_says_so_takes_an_admin_key_of_the_project_and_no_token(
    make: Make, folder: Path, users: Path
) -> None:
    secret, _ = create_key(folder.parent / "keys.json", kind="ak", project="default")
    client = make()
    answer = client.post("/reads", headers={"Authorization": f"Bearer {secret}"})
    assert (answer.status_code, answer.text) == (200, "read")


def test_what_is_for_programs_takes_nobody_who_signed_in_and_no_open_door(make: Make, users: Path) -> None:
    client = make()
    sign_in(client)
    paths = [path for path, needed in routes(client.application, "POST") if needed.key]
    for browser in (client, make(console_open="always")):
        for path in paths:
            answer = browser.post(path, data={"csrf_token": token(client, "/record")})
            assert (answer.status_code, answer.json["error"]) == (401, "no_key")  # type: ignore[index]


def test_a_route_that_does_not_say_so_takes_no_key(make: Make, folder: Path, users: Path) -> None:
    secret, _ = create_key(folder.parent / "keys.json", kind="ak", project="default")
    answer = make().post("/changes", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 400


# What addresses cannot do.


@pytest.mark.parametrize(
    "query", ["_scheme=javascript", "_external=1&_scheme=ftp", "_anchor=x", "_method=POST", "endpoint=static"]
)
def test_links_of_a_page_lead_where_the_page_says(make: Make, query: str) -> None:
    with make().application.test_request_context(f"/record?{query}&who=ana"):
        assert here(sort="at").startswith("/record?")


@pytest.mark.parametrize("before", ["0", "-1", "9" * 30])
def test_a_place_that_the_record_cannot_have_is_said_to_be_none(make: Make, before: str) -> None:
    answer = make().get(f"/record?before={before}")
    assert answer.status_code == 400
    assert "no such page" in text(answer)
