"""POST /v1/events: what is answered, and what then stands in the log."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import ClientDisconnected

Collector = Any


def test_each_event_gets_its_result_in_order(collector: Collector, make_thumb: Any) -> None:
    answer = collector.post({"events": [make_thumb(1), 7, make_thumb(2, kind="like"), make_thumb(3)]})
    assert answer.status_code == 200
    results = answer.json["results"]
    assert [result["status"] for result in results] == ["accepted", "rejected", "rejected", "accepted"]
    assert [result["id"] for result in results] == [
        make_thumb(1)["id"],
        None,
        make_thumb(2)["id"],
        make_thumb(3)["id"],
    ]
    assert [result.get("reason") for result in results] == [None, "not_an_object", "unknown_kind", None]
    assert "Must be one of: interaction" in results[2]["detail"]["message"]


def test_what_is_accepted_and_refused_stands_in_the_log_with_who_sent_it_and_when(
    collector: Collector, make_thumb: Any
) -> None:
    sent_at = "2026-01-15T09:59:59Z"
    collector.post(
        {"sent_at": sent_at, "events": [make_thumb(1), "no"], "report": {"dropped": {"queue_full": 2}}}
    )
    (part,) = collector.parts()
    assert (part.key_kind, part.sent_at, part.report) == ("sk", sent_at, {"dropped": {"queue_full": 2}})
    assert part.received_at.startswith("2026-01-15T10:00:00.25")
    assert part.events == [{**make_thumb(1), "verified": True}]
    (reject,) = part.rejects
    assert (reject.reason, reject.raw, reject.length) == ("not_an_object", b'"no"', 4)
    assert reject.sha256 == hashlib.sha256(b'"no"').hexdigest()


def test_a_key_writes_to_its_own_project_alone(collector: Collector, make_thumb: Any) -> None:
    collector.post({"events": [make_thumb(1)]}, key="other")
    assert collector.parts("default") == []
    assert len(collector.parts("other")) == 1


def test_an_event_of_a_publishable_key_is_not_verified(collector: Collector, make_thumb: Any) -> None:
    collector.post({"events": [make_thumb(1, verified=True)]}, key="pk")
    assert collector.parts()[0].events == [make_thumb(1, verified=False)]


def test_repeats_in_one_request_are_all_accepted(collector: Collector, make_thumb: Any) -> None:
    answer = collector.post({"events": [make_thumb(1), make_thumb(1)]})
    assert [result["status"] for result in answer.json["results"]] == ["accepted", "accepted"]


def test_a_beacon_carries_its_key_in_a_text_body(collector: Collector, make_thumb: Any) -> None:
    body = {"key": collector.secrets["pk"], "events": [make_thumb(1)]}
    answer = collector.post(body, key=None, Content_Type="text/plain;charset=UTF-8")
    assert answer.json["results"][0]["status"] == "accepted"
    assert collector.parts()[0].key_kind == "pk"


def test_the_header_s_key_holds_when_the_body_has_another(collector: Collector, make_thumb: Any) -> None:
    collector.post({"key": collector.secrets["unknown"], "events": [make_thumb(1)]})
    assert collector.parts()[0].key_kind == "sk"


def test_a_body_may_be_compressed(collector: Collector, make_thumb: Any) -> None:
    body = gzip.compress(json.dumps({"events": [make_thumb(1)]}).encode())
    assert collector.post(body, Content_Encoding="gzip").json["results"][0]["status"] == "accepted"


def test_a_body_may_come_in_chunks(collector: Collector, make_thumb: Any) -> None:
    class Slow(io.BytesIO):
        """Hands over three bytes at a time, as a network may."""

        def read(self, size: int | None = -1) -> bytes:
            return super().read(3)

    answer = collector.client.post(
        "/v1/events",
        headers={"Authorization": f"Bearer {collector.secrets['sk']}", "Content-Type": "application/json"},
        input_stream=Slow(json.dumps({"events": [make_thumb(1)]}).encode()),
    )
    assert answer.json["results"][0]["status"] == "accepted"


def test_a_body_that_was_cut_off_is_not_taken_for_a_whole_one(collector: Collector) -> None:
    answer = collector.client.post(
        "/v1/events",
        data=b'{"events": []}',
        headers={"Authorization": f"Bearer {collector.secrets['sk']}", "Content-Type": "application/json"},
        environ_overrides={"CONTENT_LENGTH": "500"},
    )
    assert answer.status_code == 400
    assert set(answer.json) == {"error", "message"}


@pytest.mark.parametrize("report", [None, {}, {"dropped": {"queue_full": 1}}])
def test_no_events_is_fine_and_a_report_alone_is_kept(collector: Collector, report: Any) -> None:
    answer = collector.post({"events": [], "report": report})
    assert (answer.status_code, answer.json) == (200, {"results": []})
    assert [part.report for part in collector.parts()] == ([report] if report else [])


@pytest.mark.parametrize(
    "report",
    [
        {"note": "x" * 10_000},
        {"note": "\ud800"},
        json.loads('{"n": NaN}'),
    ],
)
def test_a_report_that_cannot_be_kept_costs_no_event(
    collector: Collector, make_thumb: Any, report: Any
) -> None:
    answer = collector.post({"events": [make_thumb(1)], "report": report})
    assert answer.json["results"][0]["status"] == "accepted"
    assert collector.parts()[0].report is None


def test_a_number_that_cannot_be_kept_costs_its_own_event_alone(
    collector: Collector, make_thumb: Any
) -> None:
    bad = json.dumps(make_thumb(2, meta={"n": "@"})).replace('"@"', "NaN")
    answer = collector.post(f'{{"events": [{json.dumps(make_thumb(1))}, {bad}]}}'.encode())
    assert [result["status"] for result in answer.json["results"]] == ["accepted", "rejected"]


BROKEN = [
    (b"", 400, "invalid_json"),
    (b"{", 400, "invalid_json"),
    (b"\xff", 400, "invalid_json"),
    (b"[" * 5000, 400, "invalid_json"),
    (b"[]", 400, "invalid_envelope"),
    (b"{}", 400, "invalid_envelope"),
    (b'{"events": {}}', 400, "invalid_envelope"),
    (b'{"events": [], "sent_at": "now"}', 400, "invalid_envelope"),
    (b'{"events": [%s7]}' % (b"7," * 200), 413, "too_many_events"),
    (b'{"events": [], "x": "%s"}' % (b"x" * 1024 * 1024), 413, "body_too_large"),
]


@pytest.mark.parametrize(("body", "status", "code"), BROKEN, ids=range(len(BROKEN)))
def test_a_broken_envelope_is_refused_whole_and_kept_under_a_header_key(
    collector: Collector, body: bytes, status: int, code: str
) -> None:
    answer = collector.post(body)
    assert (answer.status_code, answer.json["error"]) == (status, code)
    assert answer.json["message"].endswith(".")
    (part,) = collector.parts()
    (reject,) = part.rejects
    assert reject.reason == code
    assert body.startswith(reject.raw)


def test_a_broken_envelope_without_a_header_key_is_not_kept(collector: Collector) -> None:
    assert collector.post(b"{", key=None).status_code == 400
    assert collector.parts() == []


def test_a_gzip_bomb_is_stopped_at_four_megabytes(collector: Collector) -> None:
    answer = collector.post(gzip.compress(b" " * 50_000_000), Content_Encoding="gzip")
    assert (answer.status_code, answer.json["error"]) == (413, "body_too_large")
    assert collector.parts()[0].rejects[0].length <= 4 * 1024 * 1024


@pytest.mark.parametrize("body", [b"{}", gzip.compress(b"{}" * 500, mtime=0)[:-9]])
def test_what_says_that_it_is_gzip_and_is_not_is_refused(collector: Collector, body: bytes) -> None:
    answer = collector.post(body, Content_Encoding="gzip")
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_json")
    assert "gzip" in answer.json["message"]


def test_a_secret_in_a_broken_body_is_not_kept(collector: Collector) -> None:
    secret = collector.secrets["pk"].encode()
    collector.post(b'{"key": "%s", "events": 7}' % secret)
    (part,) = collector.parts()
    assert secret not in part.rejects[0].raw
    assert b"pk_REDACTED" in part.rejects[0].raw


@pytest.mark.parametrize("end", [b'"}]', b""])
def test_a_token_in_a_broken_body_is_not_kept(collector: Collector, end: bytes) -> None:
    collector.post(b'{"events": [{"token" : "aaaa.bbbb.cccc' + end)
    (part,) = collector.parts()
    assert part.rejects[0].raw == b'{"events": [{"token" : "REDACTED' + end


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Content_Type": "application/x-www-form-urlencoded"}, "unsupported_type"),
        ({"Content_Type": "multipart/form-data"}, "unsupported_type"),
        ({"Content_Encoding": "br"}, "unsupported_encoding"),
        ({"Content_Encoding": "gzip, gzip"}, "unsupported_encoding"),
    ],
)
def test_a_body_of_another_type_is_415_and_says_what_to_send(
    collector: Collector, make_thumb: Any, headers: dict[str, str], code: str
) -> None:
    answer = collector.post({"events": [make_thumb(1)]}, **headers)
    assert (answer.status_code, answer.json["error"]) == (415, code)
    assert "JSON" in answer.json["message"] or "gzip" in answer.json["message"]


def test_a_publishable_key_that_sends_too_much_waits_and_a_secret_one_does_not(
    collector: Collector, make_thumb: Any
) -> None:
    batch = {"events": [make_thumb(number) for number in range(200)]}
    assert [collector.post(batch, key="pk").status_code for _ in range(5)] == [200] * 5
    refused = collector.post(batch, key="pk")
    assert (refused.status_code, refused.json["error"]) == (429, "too_fast")
    assert refused.headers["Retry-After"] == "2"
    assert collector.post(b"{", key="pk").status_code == 429
    assert collector.post(batch, key="pk_app").status_code == 200
    assert [collector.post(batch).status_code for _ in range(7)] == [200] * 7
    collector.seconds += 2
    assert collector.post(batch, key="pk").status_code == 200


def test_what_was_turned_away_is_told_with_the_next_request_of_the_key_once(
    collector: Collector, make_thumb: Any
) -> None:
    batch = {"events": [make_thumb(number) for number in range(200)]}
    for _ in range(6):
        collector.post(batch, key="pk")
    collector.seconds += 4
    collector.logs["default"].full = True
    assert collector.post({"events": []}, key="pk").status_code == 503
    collector.logs["default"].full = False
    dropped = {"dropped": {"queue_full": 1}, "turned_away": {"too_fast": 7}}
    collector.post({"events": [make_thumb(1)], "report": dropped}, key="pk")
    collector.post({"events": [make_thumb(2)]}, key="pk")
    reports = [part.report for part in collector.parts()][-2:]
    assert reports == [{"dropped": {"queue_full": 1}, "turned_away": {"too_fast": 200}}, None]


def test_other_methods_and_paths_are_refused_in_the_same_form(collector: Collector) -> None:
    answer = collector.client.get("/v1/events")
    assert (answer.status_code, answer.json["error"]) == (405, "method_not_allowed")
    assert "POST" in answer.headers["Allow"]
    answer = collector.client.post("/v2/events")
    assert (answer.status_code, answer.json["error"]) == (404, "not_found")


ORDINARY_HEADERS = {"Content-Type": "application/json", "Vary": "Origin", "X-Content-Type-Options": "nosniff"}
PAGE_MAY_READ = {
    "Access-Control-Allow-Origin": "http://localhost:3000",
    "Access-Control-Expose-Headers": "Retry-After",
}


@pytest.mark.parametrize("path", ["/v1/events", "//v1/events", "v1/events"])
@pytest.mark.parametrize("shortcut", [True, False])
@pytest.mark.parametrize(
    ("key", "status"), [("pk", 200), ("ak", 403), (None, 401)], ids=["taken", "refused", "no key"]
)
@pytest.mark.parametrize("page", [{"Origin": "http://localhost:3000"}, {}], ids=["browser", "back end"])
def test_events_are_taken_and_refused_alike_however_the_path_is_written_and_whoever_finds_the_view(  # noqa: PLR0917 - pytest hands them by name
    collector: Collector,
    make_thumb: Any,
    path: str,
    shortcut: bool,
    key: str | None,
    status: int,
    page: dict[str, str],
) -> None:
    if not shortcut:
        del collector.app.wsgi_app  # what is left is Flask's own
    answer = collector.client.post(
        "/",
        json={"events": [make_thumb(1)]},
        headers=page | ({"Authorization": f"Bearer {collector.secrets[key]}"} if key else {}),
        environ_overrides={"PATH_INFO": path},
    )
    assert answer.status_code == status
    taken = {"id": make_thumb(1)["id"], "status": "accepted"}
    assert answer.json == {"results": [taken]} if status == 200 else set(answer.json) == {"error", "message"}
    headers = {**ORDINARY_HEADERS, "Content-Length": str(len(answer.data))} | (PAGE_MAY_READ if page else {})
    assert dict(answer.headers) == headers
    kept = [part.events for part in collector.parts()]
    assert kept == ([[make_thumb(1, verified=False)]] if status == 200 else [])


def test_every_refusal_is_counted_those_of_flask_and_of_a_broken_connection_too(
    collector: Collector, make_thumb: Any
) -> None:
    class Gone(io.BytesIO):
        """A client that goes away in the middle of a body."""

        def read(self, size: int | None = -1) -> bytes:
            raise ClientDisconnected

    counted: list[str] = []
    collector.refusals.count = counted.append
    collector.client.get("/v1/events")
    collector.client.post("/v2/events")
    collector.post({"events": [make_thumb(1)]}, key=None)
    collector.client.post(
        "/v1/events",
        headers={"Authorization": f"Bearer {collector.secrets['sk']}", "Content-Type": "application/json"},
        environ_overrides={"wsgi.input": Gone(), "CONTENT_LENGTH": "500"},
    )
    collector.commit.submit = None
    collector.post({"events": [make_thumb(1)]})
    assert counted == ["method_not_allowed", "not_found", "missing_key", "bad_request", "internal"]


def test_nothing_can_be_read(collector: Collector, make_thumb: Any) -> None:
    """Of all that can be asked, only files that are the same for everybody answer; what is posted is kept."""
    rules = {(rule.rule, method) for rule in collector.app.url_map.iter_rules() for method in rule.methods}
    asked = {rule for rule in rules if rule[1] in ("GET", "POST", "PUT", "DELETE", "PATCH")}
    assert asked == {
        ("/v1/events", "POST"),
        ("/v1/openapi.json", "GET"),
        ("/healthz", "GET"),
        ("/readyz", "GET"),
        ("/sayso.js", "GET"),
        ("/sayso/<mark>/sayso.js", "GET"),
        ("/sayso/lang/<language>.js", "GET"),
    }
    collector.post({"events": [make_thumb(1, target="a secret of theirs")]})
    for path, method in asked:
        answer = collector.client.open(path, method=method, json={"events": []})
        assert b"a secret of theirs" not in answer.data
        assert (answer.status_code == 401) is (method == "POST")


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("\udc00"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=15,
)
EVENTS = st.fixed_dictionaries(
    {"id": st.uuids().map(str), "kind": st.sampled_from(["thumb", "comment", "interaction", "detail"])},
    optional={"target": st.text(), "body": JSON_VALUES, "seq": JSON_VALUES, "meta": JSON_VALUES},
)
ENVELOPES = st.fixed_dictionaries(
    {"events": st.lists(EVENTS | JSON_VALUES, max_size=5)},
    optional={"report": JSON_VALUES, "sent_at": st.none() | st.text(), "key": JSON_VALUES},
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(ENVELOPES | JSON_VALUES, st.sampled_from(["sk", "pk", None]))
def test_whatever_comes_is_answered_and_every_event_gets_one_result(
    collector: Collector, body: Any, key: str | None
) -> None:
    collector.seconds += 100
    answer = collector.post(body, key=key)
    assert answer.status_code in (200, 400, 401)
    if answer.status_code == 200:
        assert len(answer.json["results"]) == len(body["events"])
    else:
        assert set(answer.json) == {"error", "message"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["gzip", "identity"]))
def test_whatever_bytes_come_are_answered(collector: Collector, body: bytes, encoding: str) -> None:
    assert collector.post(body, Content_Encoding=encoding).status_code in (200, 400)
