"""What an application has a say in, and what it is told."""

from __future__ import annotations

import math
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sayso
from processes import wait_until
from sayso.hooks import BeforeSend
from sayso.notices import MOST_NEWS
from sayso.testing import MemoryTransport


def test_mode_30_redact_sees_every_text_with_its_place_and_what_it_returns_leaves() -> None:
    memory, seen = MemoryTransport(), []

    def redact(field: str, text: str) -> str:
        seen.append(field)
        return text.replace("secret", "***")

    with sayso.Client(transport=memory, redact=redact) as client:
        client.comment("msg_1", text="a secret", meta={"page": "/secret"})
    assert set(seen) == {"body.text", "meta.page"}
    (event,) = memory.events
    assert (event["body"]["text"], event["meta"]["page"]) == ("a ***", "/***")


def test_mode_30_a_redact_that_fails_lets_no_text_leave_and_is_heard(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def redact(field: str, text: str) -> str:
        raise KeyError(text)

    memory = MemoryTransport()
    with sayso.Client(transport=memory, redact=redact) as client:
        client.comment("msg_1", text="a secret")
    assert memory.events[0]["body"]["text"] == "[redaction failed]"
    assert "redact raised KeyError" in caplog.text
    assert "secret" not in caplog.text


class OnlyLooksLikeText(str):
    def encode(self, *_: Any) -> bytes:
        return b""


@pytest.mark.parametrize("spooled", [False, True], ids=["memory", "spool"])
@pytest.mark.parametrize("text", [None, 5, b"x", "\ud800", OnlyLooksLikeText("\ud800")])
def test_mode_30_a_redact_that_returns_no_text_lets_no_text_leave(
    text: Any, spooled: bool, tmp_path: Path
) -> None:
    memory = MemoryTransport()
    with sayso.Client(
        transport=memory, redact=lambda *_: text, spool_dir=tmp_path if spooled else None
    ) as client:
        client.comment("msg_1", text="a secret")
        assert client.flush(10)
    assert memory.events[0]["body"]["text"] == "[redaction failed]"


class Ending(BaseException):
    """Not an Exception, as SystemExit, KeyboardInterrupt and a greenlet's timeout are not."""


def ends(*_: Any) -> Any:
    raise Ending("secret")


ENDING_HOOKS: dict[str, Any] = {"redact": {"redact": ends}, "before_send": {"before_send": ends}}


@pytest.mark.parametrize("hook", ENDING_HOOKS.values(), ids=list(ENDING_HOOKS))
def test_mode_29_a_hook_that_wants_to_end_the_thread_of_the_client_costs_its_event_and_no_other(
    hook: Any, caplog: pytest.LogCaptureFixture
) -> None:
    client = sayso.Client(transport=MemoryTransport(), **hook)
    for _ in range(3):
        client.comment("msg_1", text="a secret")
    assert client.flush(10)
    assert client.close()
    assert client.stats().dropped == {"wrong_type": 3}
    assert "Ending" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize("mode", ["spool", "sync"])
@pytest.mark.parametrize("hook", ENDING_HOOKS.values(), ids=list(ENDING_HOOKS))
def test_mode_29_a_hook_that_wants_to_end_the_thread_of_a_caller_does_after_its_event_is_counted(
    hook: Any, mode: str, tmp_path: Path
) -> None:
    options: Any = {"spool": {"spool_dir": tmp_path}, "sync": {"sync": True}}[mode]
    client = sayso.Client(transport=MemoryTransport(), **hook, **options)
    with pytest.raises(Ending):
        client.comment("msg_1", text="a secret")
    assert client.flush(10)
    assert client.close()
    assert client.stats().dropped == {"wrong_type": 1}


def test_mode_29_who_is_told_may_want_to_end_the_thread_and_the_next_events_go_out() -> None:
    memory = MemoryTransport()
    memory.reject("id_reused", times=3)
    client = sayso.Client(transport=memory, on_error=ends, limits=sayso.Limits(linger=0.0))
    for number in range(4):
        client.thumb(f"msg_{number}", value="up")
        wait_until(lambda: client.stats().waiting == 0)
    assert [event["target"] for event in memory.events] == ["msg_3"]
    assert client.close()


def test_mode_30_without_text_a_hash_stands_for_what_was_said() -> None:
    memory = MemoryTransport()
    with sayso.Client(transport=memory, text=False) as client:
        client.comment("msg_1", text="a secret", actor="u_12")
    (event,) = memory.events
    assert event["body"]["text"].startswith("sha256:")
    assert (event["target"], event["actor"]) == ("msg_1", "u_12")


def test_before_send_has_the_last_word_and_sees_each_event_once() -> None:
    memory, seen = MemoryTransport(), []
    memory.fail(2)

    def before_send(event: dict[str, Any]) -> dict[str, Any]:
        seen.append(event["target"])
        return {**event, "meta": {"seen": True}}

    with sayso.Client(transport=memory, before_send=before_send) as client:
        client.thumb("msg_1", value="up")
        assert client.flush(10)
    assert memory.events[0]["meta"] == {"seen": True}
    assert (seen, len(memory.requests)) == (["msg_1"], 3)


def raises(event: dict[str, Any]) -> dict[str, Any]:
    raise KeyError("secret")


@pytest.mark.parametrize(
    "garbage",
    [
        raises,
        lambda event: [],
        lambda event: {},
        lambda event: {**event, "body": {"value": "sideways"}},
        lambda event: {**event, "id": "other"},
        lambda event: {**event, "kind": "comment"},
        lambda event: {**event, "meta": {"object": object()}},
    ],
    ids=["raises", "a list", "empty", "a wrong value", "another id", "another kind", "an object"],
)
def test_mode_29_what_before_send_spoils_is_dropped_and_counted_and_the_next_event_goes_out(
    garbage: Any, caplog: pytest.LogCaptureFixture
) -> None:
    memory, dropped = MemoryTransport(), []

    def before_send(event: dict[str, Any]) -> Any:
        return garbage(event) if event["target"] == "bad" else event

    with sayso.Client(
        transport=memory, before_send=before_send, on_drop=lambda *told: dropped.append(told)
    ) as client:
        client.thumb("bad", value="up")
        client.thumb("good", value="up")
        assert client.flush(10)
    assert [event["target"] for event in memory.events] == ["good"]
    assert client.stats().dropped == {"before_send": 1}
    assert dropped == [("before_send", 1)]
    assert "before_send" in caplog.text
    assert "secret" not in caplog.text


def test_mode_29_what_before_send_keeps_back_is_counted_and_not_worth_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    keep: BeforeSend = lambda event: None  # noqa: E731
    with sayso.Client(transport=MemoryTransport(), before_send=keep) as client:
        client.thumb("msg_1", value="up")
        assert client.flush(10)
    assert client.stats().dropped == {"before_send": 1}
    assert caplog.text == ""


def test_mode_21_each_refused_event_is_told_with_its_id_whoever_refused_it() -> None:
    memory, told = MemoryTransport(), []
    memory.reject("id_reused", "comment")
    with sayso.Client(transport=memory, on_error=lambda *error: told.append(error)) as client:
        refused = client.thumb("msg_1", value="sideways")  # type: ignore[arg-type]
        rejected = client.comment("msg_1", text="secret")
        assert client.flush(10)
    assert [(reason, event_id) for reason, event_id, _ in told] == [
        ("invalid_value", refused),
        ("id_reused", rejected),
    ]
    assert "none of up, down" in told[0][2]


def test_losses_are_told_with_their_number() -> None:
    dropped: dict[str, int] = {}
    memory = MemoryTransport()
    client = sayso.Client(
        transport=memory,
        limits=sayso.Limits(events=3, linger=60),
        on_drop=lambda reason, count: dropped.__setitem__(reason, dropped.get(reason, 0) + count),
    )
    for _ in range(10):
        client.thumb("msg_1", value="up")
    assert client.flush(10)
    client.close()
    client.thumb("msg_1", value="up")
    assert dropped == client.stats().dropped == {"queue_full": 7, "closed": 1}


def test_a_storm_of_refusals_is_told_in_bounds_and_counted_in_full(tmp_path: Path) -> None:
    """With a spool, callers refuse in their own threads while the one that tells is within an attempt."""
    refused: list[str] = []
    dropped: Counter[str] = Counter()
    asked, go = threading.Event(), threading.Event()

    class Slow(MemoryTransport):
        def send(self, batch: bytes, *, timeout: float = math.inf) -> sayso.Response:
            asked.set()
            go.wait(10)
            return super().send(batch, timeout=timeout)

    client = sayso.Client(
        transport=Slow(),
        spool_dir=tmp_path,
        limits=sayso.Limits(linger=0.0),
        on_error=lambda reason, event_id, message: refused.append(event_id),
        on_drop=lambda reason, count: dropped.update({reason: count}),
    )
    client.thumb("msg_1", value="up")
    assert asked.wait(10)
    for _ in range(MOST_NEWS + 500):
        client.thumb("msg_1", value="sideways")  # type: ignore[arg-type]
    go.set()
    assert client.flush(10)
    assert (len(refused), dropped) == (MOST_NEWS, {"invalid_value": 500})
    assert client.stats().dropped == {"invalid_value": MOST_NEWS + 500}
    client.close()


@pytest.mark.parametrize("sync", [False, True])
def test_mode_04_hooks_may_record_flush_and_close_and_nobody_hangs(sync: bool) -> None:
    memory = MemoryTransport()
    memory.reject("id_reused", "thumb")
    done = threading.Event()

    def on_error(reason: str, event_id: str, message: str) -> None:
        client.comment("from on_error", text=reason)
        client.flush(0.1)
        client.close(0.1)
        done.set()

    def before_send(event: dict[str, Any]) -> dict[str, Any]:
        if event["target"] == "msg_1":
            client.signal("from before_send", name="seen")
            assert not client.flush(10) or sync
        return event

    client = sayso.Client(transport=memory, on_error=on_error, before_send=before_send, sync=sync)
    client.thumb("msg_1", value="up")
    if not sync:
        client.flush(10)
    assert done.wait(10)
    client.close()
    stats = client.stats()
    assert stats.recorded == stats.delivered + sum(stats.dropped.values())
    assert stats.recorded == 3


def test_mode_29_a_hook_that_raises_is_heard_and_the_worker_lives(caplog: pytest.LogCaptureFixture) -> None:
    def on_error(reason: str, event_id: str, message: str) -> None:
        raise ZeroDivisionError("secret")

    memory = MemoryTransport()
    memory.reject("id_reused")
    with sayso.Client(transport=memory, on_error=on_error) as client:
        client.thumb("msg_1", value="up")
        assert client.flush(10)
        client.thumb("msg_2", value="up")
        assert client.flush(10)
    assert [event["target"] for event in memory.events] == ["msg_2"]
    assert "on_error raised ZeroDivisionError" in caplog.text
    assert "secret" not in caplog.text


def test_mode_03_a_client_that_is_disabled_takes_every_call_and_does_nothing() -> None:
    with sayso.Client(enabled=False) as client:
        assert client.thumb("msg_1", value="up")
        assert client.signal("msg_1", name="copied")
        assert client.flush(0)
        assert client.stats() == sayso.Stats(0, 0, 0, {}, 0)
        with pytest.raises(TypeError):
            client.thumb("msg_1", value="up", user="u")  # type: ignore[call-arg]


def test_in_sync_mode_an_event_is_delivered_when_the_call_returns_and_no_thread_runs() -> None:
    before = threading.enumerate()
    memory = MemoryTransport()
    memory.answer(503)
    client = sayso.Client(transport=memory, sync=True)
    for number in range(3):
        client.thumb(f"msg_{number}", value="up")
        assert len(memory.events) == number + 1
    assert set(threading.enumerate()) <= set(before)
    client.close()


def test_mode_31_a_sample_keeps_all_or_nothing_of_a_target_and_says_its_rate() -> None:
    memory = MemoryTransport()
    with sayso.Client(transport=memory, sample={"signal": 0.5, "exposure": 0.5}) as client:
        for number in range(200):
            client.exposure(f"msg_{number}", surface="thumbs")
            client.signal(f"msg_{number}", name="copied", sample_rate=0.5)
            client.thumb(f"msg_{number}", value="up")
        assert client.flush(10)
    seen = {event["target"] for event in memory.of_kind("exposure")}
    assert 60 < len(seen) < 140
    assert {event["target"] for event in memory.of_kind("signal")} == seen
    assert {event["sample_rate"] for event in memory.of_kind("exposure")} == {0.5}
    assert {event["sample_rate"] for event in memory.of_kind("signal")} == {0.25}
    assert len(memory.of_kind("thumb")) == 200
    assert client.stats().dropped == {"sampled_out": 400 - 2 * len(seen)}
    assert all("report" not in request for request in memory.requests)


@pytest.mark.parametrize(
    ("rate", "reason"),
    [
        (True, "wrong_type"),
        ("half", "wrong_type"),
        ("", "wrong_type"),
        (1j, "wrong_type"),
        (np.array([0.5, 0.5]), "wrong_type"),
        (0, "invalid_value"),
        (10**400, "invalid_value"),
    ],
)
def test_a_rate_that_is_none_is_refused_with_a_sample_as_without(rate: Any, reason: str) -> None:
    for sample in ({"signal": 0.999999}, None):
        with sayso.Client(transport=MemoryTransport(), sample=sample) as client:
            client.signal("msg_1", name="copied", sample_rate=rate)
            assert client.flush(10)
        assert client.stats().dropped == {reason: 1}


@pytest.mark.parametrize(
    "sample",
    [
        {"thumb": 0.5},
        *({"signal": rate} for rate in (0, -1, 1.1, 2, True, "0.5", None, float("nan"), float("inf"))),
    ],
)
def test_what_may_not_be_sampled_says_so(sample: dict[str, Any]) -> None:
    with pytest.raises(sayso.ConfigurationError, match="sample"):
        sayso.Client(transport=MemoryTransport(), sample=sample)


def test_the_environment_says_the_same_and_the_code_has_the_last_word(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in {
        "SAYSO_URL": "http://127.0.0.1:9",
        "SAYSO_KEY": "sk_1",
        "SAYSO_SPOOL_DIR": f"{tmp_path}/from_env",
        "SAYSO_EXIT_BUDGET": "0",
    }.items():
        monkeypatch.setenv(name, value)
    for client, folder in (
        (sayso.Client.from_env(), "from_env"),
        (sayso.Client.from_env(spool_dir=tmp_path / "given"), "given"),
    ):
        client.thumb("msg_1", value="up")
        assert list((tmp_path / folder).glob("*.events"))
        client.close(0)
    monkeypatch.setenv("SAYSO_ENABLED", "0")
    assert sayso.Client.from_env().close()
    for name, value in (("SAYSO_ENABLED", "maybe"), ("SAYSO_EXIT_BUDGET", "long")):
        monkeypatch.setenv("SAYSO_ENABLED", "1")
        monkeypatch.setenv(name, value)
        with pytest.raises(sayso.ConfigurationError, match=name):
            sayso.Client.from_env()
