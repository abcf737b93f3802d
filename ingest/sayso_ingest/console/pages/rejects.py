"""Rejects: what was refused and why, what was kept of it, and a button that sends it again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sayso_ingest.backfill import Selection
from sayso_ingest.console import audit
from sayso_ingest.console.answer import Answer, answer
from sayso_ingest.console.copy import copy
from sayso_ingest.console.meanings import meanings
from sayso_ingest.console.replaying import MOST, Replay, replay
from sayso_ingest.console.signin import me, signin
from sayso_ingest.console.table import Table
from sayso_ingest.errors import NotSent
from sayso_ingest.event import Reason
from sayso_ingest.warehouse import read_statements

SQL = read_statements(files(__package__) / "rejects.sql")
NEWEST = 25
blueprint = Blueprint("rejects", __name__)


@dataclass(frozen=True, slots=True)
class Said:
    """What the page says of rejects that were sent again, and what was typed for it."""

    told: Replay | None = None
    problem: str = ""
    kept: Mapping[str, str] = field(default_factory=dict)
    most: int = MOST


NOTHING = Said()


@blueprint.get("/rejects")
def show() -> Answer:
    """Show the reasons, and the newest of one or of all."""
    return _page(request.args.get("reason", ""))


@blueprint.get("/rejects/<reject_id>")
def one(reject_id: str) -> Answer:
    """Show one of them, and what was kept of it, as text."""
    return _one(reject_id)


@blueprint.post("/rejects/replay")
def again() -> ResponseReturnValue:
    """Send those of a reason, or one, again; or show what would be sent. What was accepted before lands once."""
    form = request.form
    reason, reject_id = form.get("reason", ""), form.get("reject_id", "")
    if reject_id:
        selection, what = Selection(ids=[reject_id]), reject_id
    elif reason in tuple(Reason):
        selection, what = Selection(reason), f"reason {reason}"
    else:
        abort(400, "Choose a reason, or one reject.")
    told, problem = None, ""
    try:
        told = replay(
            selection,
            name=form.get("field", "").strip()[:200],
            value=form.get("value", ""),
            really=form.get("do") == "send",
        )
    except NotSent as error:
        problem = str(error)
    if told and told.sent:
        with signin().state.writing() as writing:
            did = f"{what}: {told.accepted} of {told.events} accepted"
            audit.record(writing, me(), "sent rejects again", did, now=signin().now())
    said = Said(told, problem, form)
    return _one(reject_id, said) if reject_id else _page(reason, said), 503 if problem else 200


def _page(reason: str, said: Said = NOTHING) -> Answer:
    about = {
        "landed_since": "of them, whose event has landed since: sent again, mended",
        "refused_again": "of them, whose event came again later and was refused again: it counts there too, and a "
        "replay sends it once",
        **meanings("reject_reasons"),
    }
    reasons = Table(
        "reasons",
        SQL["reasons"],
        caption="Why",
        about=about,
        links={"reason": lambda row: url_for("rejects.show", reason=row["reason"])},
        empty="Nothing was refused. What is, is kept here with its reason, and can be mended and sent again.",
    )
    newest = Table(
        "newest",
        SQL["newest"],
        {"reason": reason},
        caption=f"The newest of {reason}" if reason else "The newest",
        about={"length": "bytes of all of it", "kind": "as far as it had one"},
        hidden=["reject_id"],
        links={"what_was_wrong": _to_one},
        rows_shown=NEWEST,
        empty="Nothing was refused for this reason.",
    )
    return answer("rejects.html", reasons, newest, reason=reason, said=said)


def _one(reject_id: str, said: Said = NOTHING) -> Answer:
    found = copy().rows(SQL["one"], {"reject_id": reject_id})
    if not found:
        abort(404, f"No reject {reject_id} has been published. `sayso rejects list` names those there are.")
    row = found[0]
    raw = bytes(row["raw"] or b"")
    return render_template(
        "reject.html",
        row=row,
        detail=_detail(row["detail"]),
        raw=readable(raw),
        kept=len(raw),
        said=said,
    )


def _to_one(row: dict[str, Any]) -> str:
    return url_for("rejects.one", reject_id=row["reject_id"])


def _detail(detail: str | None) -> dict[str, Any]:
    """What exactly was wrong."""
    found = json.loads(detail) if detail else {}
    return found if isinstance(found, dict) else {"message": str(found)}


def readable(raw: bytes) -> str:
    """Spell bytes as a text in which everything can be seen; JSON is set out over several lines."""
    text = raw.decode("utf-8", errors="backslashreplace")
    with suppress(ValueError, RecursionError):  # many were refused for being no JSON
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    return "".join(char if char.isprintable() or char == "\n" else f"\\u{{{ord(char):x}}}" for char in text)
