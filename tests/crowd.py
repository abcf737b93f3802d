"""A project about which people say a lot: every kind of event, over sixteen days, by a dozen people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from landed import NOW, append, event, land
from sayso_ingest.event import Reason, Rejection

HOSTILE = (
    "<script>window.ran = 1</script></title></style></textarea><img src=x onerror='window.ran = 1'>"
    '<svg onload="window.ran = 1"></svg>"\'`> {{ 7 * 7 }} {% raw %} javascript:window.ran=1 =1+1 \u202e\u0007 &lt; '
)
"""What a stranger may write who wishes the reader ill."""
DAYS = 16
A_DAY = 8
PEOPLE = 12


def speak(folder: Path, words: str = "", *, days: int = DAYS, now: datetime = NOW) -> None:
    """Land what a crowd said; every text in it has `words`, also those that name something."""
    told = [
        dict(one)
        for day in range(days)
        for number in range(A_DAY)
        for one in _answer(day, number, words, now)
    ]
    append(folder, *told, rejects=list(_refused(words)), dropped={f"queue_full{words}": 3}, received_at=now)
    land(folder, now=now)


def _answer(day: int, number: int, words: str, now: datetime) -> Iterator[dict[str, Any]]:
    """One answer, and all that is said about it."""
    at = now - timedelta(days=day, minutes=30 + number)
    target, who = f"m_{day}_{number}{words}", f"u_{(day + number) % PEOPLE}{words}"
    base = {"target": target, "actor": who, "session": f"s_{number}{words}", "occurred_at": at.isoformat()}
    version = ("v1", "v2")[number % 2]
    liked = (day * 3 + number) % 4 > number % 2
    yield event(
        "interaction", body=_interaction(version, words), source={"sdk": f"sayso-python/1{words}"}, **base
    )
    yield event("exposure", body={"surface": "thumbs"}, **base)
    if number == 0:
        return  # somebody saw it, and said nothing
    thumb = event("thumb", body={"value": "up" if liked else "down"}, **base)
    yield thumb
    detail = {"about": thumb["id"], "reasons": [f"wrong{words}"], "comment": f"Not that menu. {words}"}
    yield event("detail", body=detail, **base)
    yield event("suggestion", body=_suggestion(number, words), **base)
    yield event(
        "comment", body={"text": f"See {words}", "category": f"tone{words}", "expected": words}, **base
    )
    yield event("rating", body={"value": 4, "min": 1, "max": 5, "name": f"tone{words}"}, **base)
    yield event("preference", body={"chosen": f"a{words}", "rejected": [f"b{words}"]}, **base)
    yield event("signal", body={"name": f"copied{words}", "value": words}, **base)
    yield event("outcome", body={"name": f"reopened{words}", "value": not liked}, **base)
    said = {"label": f"fail{words}", "rubric": f"accuracy{words}", "name": f"accuracy{words}"}
    yield event(
        "annotation", body={**said, "note": words, "expected": words}, **base | {"actor": f"ann{words}"}
    )
    yield event("judgement", body={**said, "judge": f"large{words}", "rationale": words}, **base)


def _interaction(version: str, words: str) -> dict[str, Any]:
    return {
        "input": [
            {"role": "system", "content": f"You help with {version}. {words}"},
            {"role": "user", "content": f"How do I reset it? {words}"},
        ],
        "output": f"Open the settings. {words}",
        "variables": {f"name{words}": words},
        "prompt": {
            "name": f"desk{words}",
            "version": f"{version}{words}",
            "commit": "9fceb02",
            "path": f"p/{words}",
        },
        "model": f"small{words}",
        "latency_ms": 812.5,
        "cost": 0.0003,
        "contexts": [{"id": f"doc{words}", "text": words}],
        "tags": [f"password{words}"],
        "release": f"1.2{words}",
        "variant": {"experiment": f"short{words}", "arm": f"{version}{words}"},
        "candidates": [{"id": f"a{words}", "output": words, "model": words, "critique": words}],
        "chosen": {"id": f"a{words}", "by": words},
    }


def _suggestion(number: int, words: str) -> dict[str, Any]:
    outcome = ("accepted", "edited", "rejected", "undone")[number % 4]
    proposed = f"Dear customer, press the red button twice. {words}"
    body = {"outcome": outcome, "original": words, "proposed": proposed, "decided_in_ms": 900}
    return body | ({"final": f"Dear Ann, press the green button. {words}!"} if outcome == "edited" else {})


def _refused(words: str) -> Iterator[Rejection]:
    raw = json.dumps({"kind": "thumb", "body": {"value": words}}).encode() + b"\x00\xff\x1b[31m"
    detail = {"message": f"body.value: {words}", "fields": {f"body.value{words}": words}}
    for reason in (Reason.WRONG_TYPE, Reason.INVALID_VALUE, Reason.INVALID_JSON):
        yield Rejection.of(raw, reason, detail=detail, event_id=f"x{words}", kind=f"thumb{words}")
