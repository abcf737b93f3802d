"""Keys, origins and CORS: who may send, from where, and what a browser is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

Collector = Any
Ask = Callable[[Collector, Any], TestResponse]
PAGE = "https://app.example.com"


@pytest.mark.parametrize(
    ("key", "origin", "status", "code"),
    [
        (None, None, 401, "missing_key"),
        ("unknown", None, 401, "unknown_key"),
        ("revoked", None, 401, "revoked_key"),
        ("ak", None, 403, "wrong_kind_of_key"),
        ("sk", "http://localhost:3000", 403, "secret_key_in_browser"),
        ("pk", PAGE, 403, "origin_not_allowed"),
        ("pk_app", "http://localhost:3000", 403, "origin_not_allowed"),
        ("pk", "null", 403, "origin_not_allowed"),
        ("pk_app", PAGE + ".evil.org", 403, "origin_not_allowed"),
    ],
)
def test_who_may_not_send_is_told_why_and_nothing_is_kept(  # noqa: PLR0917 - pytest hands them by name
    collector: Collector, make_thumb: Any, key: str | None, origin: str | None, status: int, code: str
) -> None:
    body = {"events": [make_thumb(1)]}
    in_body = {**body, "key": key and collector.secrets[key]}
    for answer in (
        collector.post(body, key=key, origin=origin),
        collector.post(in_body, key=None, origin=origin),
    ):
        assert (answer.status_code, answer.json["error"]) == (status, code)
        assert "key" in answer.json["message"]
    assert collector.parts() == []


@pytest.mark.parametrize(
    ("key", "origin"),
    [
        ("pk", "http://localhost:3000"),
        ("pk", "http://127.0.0.1:5173"),
        ("pk", "http://[::1]:8080"),
        ("pk_app", PAGE),
        ("pk", None),
        ("sk", None),
    ],
)
def test_who_may_send_is_let_in(collector: Collector, make_thumb: Any, key: str, origin: str | None) -> None:
    answer = collector.post({"events": [make_thumb(1)]}, key=key, origin=origin)
    assert answer.status_code == 200
    assert answer.headers.get("Access-Control-Allow-Origin") == origin
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize("header", ["bearer {}", "BEARER  {} "])
def test_the_scheme_of_the_header_may_be_written_in_any_case(collector: Collector, header: str) -> None:
    answer = collector.post({"events": []}, key=None, Authorization=header.format(collector.secrets["sk"]))
    assert answer.status_code == 200


@pytest.mark.parametrize("header", ["Basic c2s6", "Bearer", "Bearer ", "sk_x", ""])
def test_another_header_is_no_key(collector: Collector, header: str) -> None:
    answer = collector.post({"events": []}, key=None, Authorization=header)
    assert answer.json["error"] == "missing_key"


def test_a_key_made_or_revoked_while_the_collector_runs_is_seen(
    collector: Collector, make_thumb: Any
) -> None:
    collector.secrets["new"] = collector.make("sk")
    assert collector.post({"events": [make_thumb(1)]}, key="new").status_code == 200
    collector.secrets["gone"] = collector.make("sk", revoked=True)
    assert collector.post({"events": [make_thumb(1)]}, key="gone").status_code == 401


@pytest.mark.parametrize("origin", ["http://localhost:3000", PAGE])
def test_a_browser_may_ask_without_a_key_whether_a_page_may_post(collector: Collector, origin: str) -> None:
    answer = collector.client.options(
        "/v1/events", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
    )
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert answer.headers["Access-Control-Allow-Methods"] == "POST"
    assert set(answer.headers["Access-Control-Allow-Headers"].lower().split(", ")) == {
        "authorization",
        "content-type",
        "content-encoding",
    }
    assert answer.headers["Access-Control-Max-Age"] == "7200"
    assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize("origin", ["https://evil.org", "https://old.example.com", "null"])
def test_a_page_that_no_key_in_use_allows_is_told_nothing(collector: Collector, origin: str) -> None:
    answer = collector.client.options("/v1/events", headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Origin" in answer.headers["Vary"]


def too_fast(collector: Collector, make_thumb: Any) -> TestResponse:
    batch = {"events": [make_thumb(number) for number in range(200)]}
    return next(
        answer
        for answer in (collector.post(batch, key="pk_app", origin=PAGE) for _ in range(10))
        if answer.status_code != 200
    )


def log_unavailable(collector: Collector, make_thumb: Any) -> TestResponse:
    collector.logs["default"].full = True
    return collector.post({"events": [make_thumb(1)]}, key="pk_app", origin=PAGE)


def internal(collector: Collector, make_thumb: Any) -> TestResponse:
    collector.commit.submit = None
    return collector.post({"events": [make_thumb(1)]}, key="pk_app", origin=PAGE)


def by_key(key: str | None) -> Ask:
    return lambda collector, make_thumb: collector.post({"events": [make_thumb(1)]}, key=key, origin=PAGE)


def by_body(body: object, **headers: str) -> Ask:
    return lambda collector, _: collector.post(body, key="pk_app", origin=PAGE, **headers)


@pytest.mark.parametrize(
    ("ask", "status", "code"),
    [
        (by_key(None), 401, "missing_key"),
        (by_key("unknown"), 401, "unknown_key"),
        (by_key("revoked"), 401, "revoked_key"),
        (by_key("ak"), 403, "wrong_kind_of_key"),
        (by_key("sk"), 403, "secret_key_in_browser"),
        (by_key("pk"), 403, "origin_not_allowed"),
        (by_body(b"{"), 400, "invalid_json"),
        (by_body({"events": [7] * 201}), 413, "too_many_events"),
        (by_body({"events": []}, Content_Type="text/csv"), 415, "unsupported_type"),
        (too_fast, 429, "too_fast"),
        (internal, 500, "internal"),
        (log_unavailable, 503, "log_unavailable"),
    ],
)
def test_a_page_of_an_allowed_origin_can_read_why_it_was_refused(
    collector: Collector, make_thumb: Any, ask: Ask, status: int, code: str
) -> None:
    answer = ask(collector, make_thumb)
    assert (answer.status_code, answer.json["error"]) == (status, code)
    assert answer.headers["Access-Control-Allow-Origin"] == PAGE
    assert answer.headers["Access-Control-Expose-Headers"] == "Retry-After"
    assert "Origin" in answer.headers["Vary"]
    assert ("Retry-After" in answer.headers) == (status in (429, 503))


def test_a_page_of_another_origin_cannot(collector: Collector, make_thumb: Any) -> None:
    answer = collector.post({"events": [make_thumb(1)]}, key="pk_app", origin="https://evil.org")
    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_secrets_are_never_logged(
    collector: Collector, make_thumb: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    for key in collector.secrets:
        collector.post({"events": [make_thumb(1)]}, key=key)
        collector.post({"events": [make_thumb(1)], "key": collector.secrets[key]}, key=None)
        collector.post(b'{"key": "%s"' % collector.secrets[key].encode(), key=None)
    assert not any(secret in caplog.text for secret in collector.secrets.values())


def results_of(collector: Collector, events: list[Any], key: str = "pk") -> list[str]:
    answer = collector.post({"events": events}, key=key)
    assert answer.status_code == 200, answer.text
    return [result["status"] for result in answer.json["results"]]


def test_one_browser_that_sends_too_much_is_told_to_wait_and_others_are_not(
    collector: Collector, make_thumb: Any
) -> None:
    def of(who: str, count: int = 100) -> list[Any]:
        return [make_thumb(number, anonymous=who) for number in range(count)]

    for _ in range(3):
        assert results_of(collector, of("loud")) == ["accepted"] * 100
    alone = collector.post({"events": of("loud")}, key="pk")
    assert (alone.status_code, alone.json["error"], alone.headers["Retry-After"]) == (429, "too_fast", "20")
    # In company only what the one sends waits; nothing of it is kept, and it is counted.
    mixed = [
        *of("loud", 2),
        *of("quiet", 2),
        make_thumb(9),
        "no event",
        make_thumb(10, kind="nothing", anonymous="loud"),
    ]
    assert results_of(collector, mixed) == ["retry"] * 2 + ["accepted"] * 3 + ["rejected"] * 2
    last = collector.parts()[-1]
    assert [event.get("anonymous") for event in last.events] == ["quiet", "quiet", None]
    assert [reject.reason for reject in last.rejects] == ["not_an_object", "unknown_kind"]
    assert last.report == {"turned_away": {"too_fast": 102}}
    collector.seconds += 20
    assert results_of(collector, of("loud")) == ["accepted"] * 100


def test_what_one_sends_too_much_does_not_use_up_what_the_key_lets_through(
    collector: Collector, make_thumb: Any
) -> None:
    loud = {"events": [make_thumb(number, actor="loud") for number in range(200)]}
    assert [collector.post(loud, key="pk").status_code for _ in range(20)] == [200] + [429] * 19
    others = [make_thumb(number, actor=f"a_{number}") for number in range(200)]
    assert [set(results_of(collector, others)) for _ in range(4)] == [{"accepted"}] * 4


def test_made_up_ids_are_bounded_by_the_key_alone(collector: Collector, make_thumb: Any) -> None:
    made_up = [
        [make_thumb(number, anonymous=f"{batch} {number}") for number in range(200)] for batch in range(6)
    ]
    statuses = [collector.post({"events": events}, key="pk").status_code for events in made_up]
    assert statuses == [200] * 5 + [429]


def test_an_actor_and_a_browser_of_one_name_are_two_and_so_are_the_same_under_two_keys(
    collector: Collector, make_thumb: Any
) -> None:
    collector.secrets["pk_2"] = collector.make("pk", origins=["loopback"])
    for field, key in (("actor", "pk"), ("anonymous", "pk"), ("session", "pk"), ("actor", "pk_2")):
        for half in (range(200), range(100)):
            assert results_of(collector, [make_thumb(n, **{field: "x"}) for n in half], key)[0] == "accepted"
    assert collector.post({"events": [make_thumb(1, actor="x")]}, key="pk_2").status_code == 429


def test_a_secret_key_is_not_slowed_down(collector: Collector, make_thumb: Any) -> None:
    events = [make_thumb(number, actor="importer") for number in range(200)]
    assert [set(results_of(collector, events, "sk")) for _ in range(10)] == [{"accepted"}] * 10
