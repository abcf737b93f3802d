"""Redaction before the log: what a collector keeps of events, rejects and broken bodies."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from sayso_ingest.cli.wsgi import load_collector
from sayso_ingest.collector import GroupCommit, create_app, redactors
from sayso_ingest.errors import SettingError
from sayso_ingest.keys import KeyRing
from sayso_ingest.projects import Project
from sayso_ingest.redaction import load_hook
from sayso_ingest.settings import Settings

Collector = Any
MAIL = b"ann@example.org"
WORDS = ("email", "phone", "card", "key")


def comment(number: int, text: str = MAIL.decode(), **more: Any) -> dict[str, Any]:
    return {
        "id": f"019bc0de-0000-7000-8000-{number:012x}",
        "kind": "comment",
        "target": "msg_1",
        "body": {"text": text},
        **more,
    }


@pytest.fixture
def redacting(collector: Collector) -> Callable[..., Collector]:
    """A collector that redacts."""

    def make(words: tuple[str, ...] = WORDS, hook: Any = None, project: Project | None = None) -> Collector:
        collector.app = create_app(
            keyring=KeyRing(collector.path),
            commit=GroupCommit(lambda name: collector.logs[name].writer()),
            project_of=lambda name: project if project and name == project.name else Project(name),
            redactor_of=redactors(words, hook),
        )
        collector.client = collector.app.test_client()
        return collector

    return make


def kept(collector: Collector, project: str = "default") -> bytes:
    """Every byte of the log."""
    return b"".join(e.payload for e in collector.logs[project].reader().read({}, max_bytes=1 << 30))


@pytest.mark.parametrize("slow", [False, True])
def test_an_event_is_kept_without_what_was_found_and_says_so_itself(redacting: Any, slow: bool) -> None:
    """Whether it took the fast path or, for an unknown field, the slow one; what a client says of it is dropped."""
    collector = redacting()
    more = {"unknown": "x", "redacted": {"email": 99}} if slow else {}
    assert collector.post({"events": [comment(1, **more), comment(2, "plain", **more)]}).status_code == 200
    first, second = [event for part in collector.parts() for event in part.events]
    assert first["body"]["text"] == "[email]"
    assert first["redacted"] == {"email": 1}
    assert first["verified"] is True
    assert "redacted" not in second
    assert MAIL not in kept(collector)


def test_an_escaped_text_is_redacted_as_well(redacting: Any) -> None:
    collector = redacting()
    body = json.dumps({"events": [comment(1)]}).replace("@", "\\u0040").encode()
    assert collector.post(body).status_code == 200
    assert b"example.org" not in kept(collector)


def test_rejects_are_kept_redacted_and_broken_bodies_as_a_hash(redacting: Any) -> None:
    collector = redacting()
    answer = collector.post({"events": [{**comment(1), "kind": "no_kind", "meta": {"to": MAIL.decode()}}]})
    assert answer.json["results"][0]["reason"] == "unknown_kind"
    for broken in (b'{"events": [' + MAIL, b'["ann\\u0040example.org"]'):
        assert collector.post(broken).status_code == 400
    event, *bodies = [reject for part in collector.parts() for reject in part.rejects]
    assert b"[email]" in event.raw
    assert [reject.raw.partition(b",")[0] for reject in bodies] == [b"27 bytes", b"24 bytes"]
    assert b"example.org" not in kept(collector)


def test_neither_id_nor_kind_of_a_reject_nor_a_reason_in_a_report_keeps_what_was_found(
    redacting: Any,
) -> None:
    """Nor the half of an address at which a long one is cut; a good id and kind stay what they are."""
    collector = redacting()
    mail = MAIL.decode()
    events = [
        comment(1) | {"id": mail},
        comment(2, kind=f"x {mail}"),
        comment(3) | {"id": "x" * 90 + f" {mail}"},
        comment(4, target=7),
    ]
    answer = collector.post(
        {"events": events, "report": {"dropped": {mail: 2, f"<{mail}>": 3, "queue_full": 1}}}
    )
    assert [result["id"] for result in answer.json["results"]] == [event["id"][:100] for event in events]
    [part] = collector.parts()
    assert [(reject.event_id, reject.kind) for reject in part.rejects] == [
        ("[email]", "comment"),
        (events[1]["id"], "x [email]"),
        (None, "comment"),
        (events[3]["id"], "comment"),
    ]
    assert part.report["dropped"] == {"[email]": 2, "<[email]>": 3, "queue_full": 1}
    assert b"example.org" not in kept(collector)
    assert b"ann@" not in kept(collector)


def test_a_reject_and_a_reason_at_which_the_hook_fails_keep_no_name(redacting: Any) -> None:
    def hook(text: str) -> str:
        if "odd" in text:
            raise ValueError(text)
        return text

    collector = redacting((), hook)
    collector.post({"events": [comment(1) | {"id": "odd"}], "report": {"dropped": {"odd 1": 2, "odd 2": 3}}})
    [part] = collector.parts()
    assert part.report["dropped"] == {"not_redacted": 5}
    assert b"odd" not in kept(collector)


@pytest.mark.parametrize("cut", [False, True])
def test_what_stands_behind_an_escaped_line_break_of_a_reject_is_found(redacting: Any, cut: bool) -> None:
    """Also in one that is too long to be kept whole, and so is no JSON any more."""
    collector = redacting()
    told = "mine:\n4111 1111 1111 1111\n+49 171 2345678\tDE89 3704 0044 0532 0130 00\n" + MAIL.decode()
    more = {"rest": "x " * 40_000} if cut else {}
    collector.post({"events": [{**comment(1, told), "kind": "no_kind", **more}]})
    [reject] = [reject for part in collector.parts() for reject in part.rejects]
    assert (
        reject.length > len(reject.raw)
        if cut
        else json.loads(reject.raw)["body"]["text"].startswith("mine:\n[")
    )
    for secret in (b"4111", b"171 234", b"DE89", MAIL):
        assert secret not in kept(collector)


def test_a_project_says_for_itself_what_is_redacted(redacting: Any) -> None:
    collector = redacting((), project=Project("default", redact=("phone",)))
    collector.post({"events": [comment(1, "ann@example.org +49 30 12345678")]})
    collector.post({"events": [comment(2, "+49 30 12345678")]}, key="other")
    assert b"ann@example.org [phone]" in kept(collector)
    assert b"+49 30 12345678" in kept(collector, "other")


@pytest.mark.parametrize("failure", [ValueError, SystemExit])
def test_an_event_at_which_the_hook_fails_is_refused_and_nothing_of_it_is_kept(
    redacting: Any, failure: type[BaseException]
) -> None:
    def hook(text: str) -> str:
        if "odd" in text:
            raise failure(text)
        return text

    collector = redacting((), hook)
    answer = collector.post({"events": [comment(1, "odd"), comment(2, "fine")]})
    assert [result["status"] for result in answer.json["results"]] == ["rejected", "accepted"]
    assert answer.json["results"][0]["reason"] == "not_redacted"
    assert failure.__name__ in answer.json["results"][0]["detail"]["message"]
    assert b"odd" not in kept(collector)
    assert b"fine" in kept(collector)
    collector.post({"events": ["odd"]})
    assert b"odd" not in kept(collector)


def test_a_hook_is_named_by_a_setting_and_loaded_where_the_collector_runs(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "our_rules.py").write_text("def redact(text):\n    return text.upper()\n")
    monkeypatch.syspath_prepend(tmp_path)
    hook = load_hook("our_rules:redact")
    assert hook and hook("a") == "A"
    for wrong in ("our_rules:gone", "no_such_module:redact", "our_rules:__name__"):
        with pytest.raises(SettingError, match="SAYSO_REDACT_HOOK"):
            load_collector(Settings.load(environ={}, data=tmp_path, redact_hook=wrong))
