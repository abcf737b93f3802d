"""What an application may write, as mypy sees it. Checked, never run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import assert_type

import sayso
from sayso.testing import MemoryTransport


def what_works() -> None:
    client = sayso.Client("http://localhost:8710", "sk_1", limits=sayso.Limits(linger=0.1))
    assert_type(sayso.Client.from_env(), sayso.Client)
    assert_type(sayso.Prompt.from_file("help_desk.md"), sayso.Prompt)
    with client as same:
        assert_type(same, sayso.Client)

    prompt = sayso.Prompt.from_file("help_desk.md")
    assert_type(
        client.interaction("t", input="a", output=[{"role": "assistant", "content": "b"}], prompt=prompt), str
    )
    assert_type(client.interaction("t", prompt={"name": "a", "version": "b"}, usage={"tokens": 3}), str)
    assert_type(client.exposure("t", surface="thumbs", visible_ms=100), str)
    assert_type(client.thumb("t", value="up"), str)
    assert_type(client.thumb("t", value=None, previous="up", actor="u"), str)
    assert_type(client.detail("t", about="id", reasons=["wrong"]), str)
    assert_type(client.suggestion("t", outcome="edited", final="x"), str)
    assert_type(client.suggestion("t", survival={"after_s": 1, "kept": 0.5}), str)
    assert_type(client.comment("t", text="x", name="tone"), str)
    assert_type(client.rating("t", value=4, min=1, max=5), str)
    assert_type(client.preference("t", chosen="a", rejected=["b"], name="tone"), str)
    assert_type(client.signal("t", name="copied", value={"characters": 12}), str)
    assert_type(client.outcome("t", name="order_placed"), str)
    assert_type(client.annotation("t", label="wrong", rubric="r"), str)
    assert_type(client.judgement("t", judge="m", score=0.5), str)
    assert_type(client.retraction(of="id"), str)
    assert_type(client.retraction("t", of="id"), str)
    now = datetime.now(UTC)
    client.thumb(
        "t", value="up", part="p", anonymous="a", session="s", occurred_at=now, sample_rate=0.5, token="x"
    )

    assert_type(client.token("t"), str)
    assert_type(client.token("t", "u_12", expires=3600), str)
    assert_type(client.token("t", actor=None, expires=timedelta(hours=1)), str)

    assert_type(client.flush(1.0), bool)
    assert_type(client.close(), bool)
    assert_type(client.stats().dropped, Mapping[str, int])
    context: sayso.Context = {"actor": "u_12", "session": "s_7"}
    client.thumb("t", value="up", **context)

    transport: sayso.Transport = MemoryTransport()
    transport = sayso.HttpTransport("http://localhost:8710", "sk_1")
    sayso.Client(transport=transport)
    sayso.Client(
        transport=sayso.PrintTransport(),
        spool_dir="spool",
        redact=lambda field, text: text.replace(field, "***"),
        before_send=lambda event: event if event["kind"] == "thumb" else None,
        on_error=lambda reason, event_id, message: print(f"{reason} {event_id}: {message}"),
        on_drop=lambda reason, count: print(reason, count + 1),
        sample={"exposure": 0.1},
        text=False,
        sync=True,
    )
    sayso.Client(enabled=False)
    sayso.Client.from_env(spool_dir="spool", redact=None)


def what_does_not(client: sayso.Client) -> None:
    sayso.Client(spool="folder")  # type: ignore[call-arg]
    client.thumb("t")  # type: ignore[call-arg]
    client.thumb("t", "up")  # type: ignore[call-arg]
    client.thumb("t", value="sideways")  # type: ignore[arg-type]
    client.thumb("t", value="up", user="u")  # type: ignore[call-arg]
    client.comment(7, text="x")  # type: ignore[arg-type]
