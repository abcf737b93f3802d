"""Inbox: what people wrote and what they disliked, newest first, with the whole interaction, to be worked through."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sayso_ingest.console import audit, reading, sending
from sayso_ingest.console.answer import answer
from sayso_ingest.console.cases import picked_case
from sayso_ingest.console.copy import Copy, copy
from sayso_ingest.console.labelling import send_label
from sayso_ingest.console.reading import Reading
from sayso_ingest.console.signin import me, signin
from sayso_ingest.console.table import Table
from sayso_ingest.console.themes import gathered
from sayso_ingest.errors import NotSent, SaysoError, UsageError
from sayso_ingest.evals import publish
from sayso_ingest.evalsets import known_names, propose
from sayso_ingest.mining import GatheredTheme
from sayso_ingest.warehouse import read_statements

SQL = read_statements(files(__package__) / "inbox.sql")
ON_A_PAGE = 20
KINDS = {
    "": "everything",
    "comments": "comments",
    "dislikes": "dislikes",
    "thumb": "thumbs down without a comment",
    "suggestion": "suggestions rejected or undone",
    "detail": "comments after a click",
    "comment": "long comments",
}

blueprint = Blueprint("inbox", __name__)
Row = dict[str, Any]


@dataclass(frozen=True)
class Filters:
    """What the query string says of what is to be shown."""

    kind: str = ""
    prompt: str = ""
    reason: str = ""
    text: str = ""
    target: str = ""
    theme: str = ""
    unread: str = ""
    before: str = ""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Filters:
        """Read them; a kind that there is not is none."""
        found = {name: values.get(name, "").strip()[:500] for name in cls.__dataclass_fields__}
        return cls(**{**found, "kind": found["kind"] if found["kind"] in KINDS else ""})

    def params(self, read: Reading, found: GatheredTheme | None) -> dict[str, Any]:
        """What the statement takes; `found` is the theme that is meant, where there is one."""
        at, before_id = _key(self.before)
        asked = {name: getattr(self, name) for name in ("kind", "prompt", "reason", "text", "target")}
        unread = bool(self.unread)
        return {
            **asked,
            "theme": (found.members if found else []) if self.theme else None,
            "before_at": at,
            "before_id": before_id,
            "after": read.until if unread else None,
            "read": sorted(read.marks) if unread else [],
        }

    @property
    def given(self) -> dict[str, str]:
        """Those that are set, for an address."""
        return {name: value for name, value in asdict(self).items() if value}


@blueprint.get("/inbox")
def show() -> ResponseReturnValue:
    """Show a page of it, or all of it as a file."""
    filters = Filters.of(request.args)
    if "format" in request.args:
        everything = Table("inbox", SQL["items"], filters.params(_read(), _theme(filters)), hidden=())
        return answer("inbox.html", everything)
    return _page(filters)


@blueprint.post("/inbox/read")
def mark() -> ResponseReturnValue:
    """Mark an item as read, or as not."""
    event_id = sending.checked_id(request.form.get("item", ""))
    as_read = request.form.get("read") == "1"
    reading.mark(signin().state, me().name, [event_id], read=as_read, now=signin().now())
    return _back(f"i-{event_id}")


@blueprint.post("/inbox/read-all")
def mark_all() -> ResponseReturnValue:
    """Mark all up to the newest item that was shown as read."""
    at, _ = _key(request.form.get("newest", ""))
    if at is None:
        raise UsageError("There is nothing to mark. Load the page again.")
    reading.mark_all(signin().state, me().name, until=datetime.fromisoformat(at))
    return _back("")


@blueprint.post("/inbox/label")
def label() -> ResponseReturnValue:
    """Say what an annotator says of the answer; where no collector takes it, show the page with what was typed."""
    form = request.form
    filters = Filters.of(request.args)
    item = sending.checked_id(form.get("item", ""))
    try:
        send_label(form)
    except UsageError as error:
        return _page(filters, problem=str(error), kept=form, item=item), 400
    except NotSent as error:
        return _page(filters, problem=str(error), kept=form, item=item), 503
    with signin().state.writing() as writing:
        audit.record(writing, me(), "labelled", form["target"], now=signin().now())
    reading.mark(signin().state, me().name, [item], read=True, now=signin().now())
    return _back(f"i-{item}", done="labelled")


@blueprint.post("/inbox/candidate")
def candidate() -> ResponseReturnValue:
    """Propose the interaction as a case of an eval set."""
    item = sending.checked_id(request.form.get("item", ""))
    filters = Filters.of(request.args)
    name = request.form.get("set", "").strip()
    interaction = sending.checked_id(request.form.get("interaction", ""))
    found = copy().open().query(SQL["interactions"], {"ids": [interaction]})
    if not found:
        return _page(filters, problem="There is no interaction to make a case of.", item=item), 400
    try:
        case = picked_case(copy().open().query, found[0], by=me().name, event_id=item)
        added = propose(current_app.config["PROJECT_FOLDER"], name, [case], now=signin().now())
    except SaysoError as error:
        return _page(filters, problem=str(error), kept=request.form, item=item), 400
    with signin().state.writing() as writing:
        audit.record(
            writing, me(), "proposed as a case", f"{found[0]['target']} for {name}", now=signin().now()
        )
    try:
        publish(current_app.config["PROJECT_FOLDER"])
    except SaysoError as error:
        return _page(filters, problem=str(error), item=item), 500
    return _back(f"i-{item}", done="proposed" if added else "known")


def _page(
    filters: Filters, *, problem: str = "", kept: Mapping[str, str] | None = None, item: str = ""
) -> str:
    """Draw the page; `problem` and what was `kept` belong to one item."""
    read, theme = _read(), _theme(filters)
    sql = f"{SQL['items']}\nLIMIT {ON_A_PAGE + 1}"
    # What one person has not read, and what is of a theme, has long parameters: such answers are not kept.
    ask = copy().open().query if filters.unread or theme else copy().rows
    rows = ask(sql, filters.params(read, theme))
    items, more = rows[:ON_A_PAGE], len(rows) > ON_A_PAGE
    last = items[-1] if items else None
    return render_template(
        "inbox.html",
        filters=filters,
        theme=theme,
        kinds=KINDS,
        items=[{**row, "read": read.has(row["event_id"], row["occurred_at"])} for row in items],
        about=_about(copy(), items),
        prompts=[row["prompt"] for row in copy().rows(SQL["prompts"])],
        reasons=[row["reason"] for row in copy().rows(SQL["reasons"])],
        older=_spelled(last) if more and last else "",
        newest=_spelled(items[0]) if items and not filters.before else "",
        sets=known_names(current_app.config["PROJECT_FOLDER"]),
        problem=problem,
        kept=kept or {},
        with_problem=item,
        new_id=lambda: str(uuid4()),
    )


def _about(copied: Copy, items: list[Row]) -> dict[str, Any]:
    """What the page needs to know of its few items beside what they say."""
    ids = [str(row["interaction_id"]) for row in items if row["interaction_id"]]
    found = copied.lookup(SQL["interactions"], {"ids": ids})
    suggested = [str(row["event_id"]) for row in items if row["kind"] == "suggestion"]
    changes = copied.lookup(SQL["suggestions"], {"ids": suggested})
    said = copied.lookup(
        SQL["annotations"],
        {"targets": sorted({row["target"] for row in items}), "rubric": current_app.config["RUBRIC"]},
    )
    mine: dict[tuple[str, str], str] = {}
    others: dict[tuple[str, str], int] = defaultdict(int)
    for row in said:
        key = (row["target"], row["part"])
        if row["who"] == f"actor:{me().name}":
            mine[key] = row["label"]
        else:
            others[key] += 1
    return {
        "interactions": {row["event_id"]: row for row in found},
        "suggestions": {row["event_id"]: row for row in changes},
        "mine": mine,
        "others": others,
    }


def _theme(filters: Filters) -> GatheredTheme | None:
    found = gathered(current_app.config["PROJECT_FOLDER"]) if filters.theme else None
    return found.theme(filters.theme) if found else None


def _read() -> Reading:
    return reading.read_by(signin().state, me().name)


def _back(anchor: str, **more: str) -> ResponseReturnValue:
    """Go back to the page that the form was on."""
    known: dict[str, Any] = {**Filters.of(request.args).given, **more}
    return redirect(url_for("inbox.show", _anchor=anchor or None, **known), 303)


def _spelled(row: Row) -> str:
    return f"{row['occurred_at'].isoformat()}~{row['event_id']}"


def _key(text: str) -> tuple[str | None, str | None]:
    """Read a place between items, as an address spells it; none where it is no place."""
    at, _, event_id = text.partition("~")
    try:
        return datetime.fromisoformat(at).replace(tzinfo=None).isoformat(), str(UUID(event_id))
    except ValueError:
        return None, None
