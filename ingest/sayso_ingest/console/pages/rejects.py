"""Rejects: what was refused and why, what was kept of it, and how to send it again."""

from __future__ import annotations

import json
from contextlib import suppress
from importlib.resources import files
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for

from sayso_ingest.console.answer import Answer, answer
from sayso_ingest.console.copy import copy
from sayso_ingest.console.meanings import meanings
from sayso_ingest.console.table import Table
from sayso_ingest.warehouse import read_statements

SQL = read_statements(files(__package__) / "rejects.sql")
NEWEST = 25
blueprint = Blueprint("rejects", __name__)


@blueprint.get("/rejects")
def show() -> Answer:
    """Show the reasons, and the newest of one or of all."""
    reason = request.args.get("reason", "")
    about = {
        "landed_since": "of them, whose event has landed since: sent again, mended",
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
    return answer("rejects.html", reasons, newest, reason=reason)


@blueprint.get("/rejects/<reject_id>")
def one(reject_id: str) -> Answer:
    """Show one of them, and what was kept of it, as text."""
    found = copy().rows(SQL["one"], {"reject_id": reject_id})
    if not found:
        abort(404, f"No reject {reject_id} has been published. `sayso rejects list` names those there are.")
    row = found[0]
    raw = bytes(row["raw"] or b"")
    return render_template(
        "reject.html", row=row, detail=_detail(row["detail"]), raw=readable(raw), kept=len(raw)
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
