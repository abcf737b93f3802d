"""The record of who did what here."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from sayso_ingest.console.signin import signin
from sayso_ingest.errors import UsageError

ON_A_PAGE = 100
LARGEST = 2**63 - 1
"""What SQLite can count to."""

blueprint = Blueprint("record", __name__)


@blueprint.get("/record")
def show() -> ResponseReturnValue:
    """Show a page of it, newest first."""
    before = request.args.get("before", type=int)
    if before is not None and not 0 < before <= LARGEST:
        raise UsageError("There is no such page of the record. Begin with the newest.")
    who = request.args.get("who", "")
    rows = signin().state.read("audit", before=before, who=who, limit=ON_A_PAGE + 1)
    return render_template(
        "record.html",
        rows=rows[:ON_A_PAGE],
        older=rows[ON_A_PAGE - 1]["id"] if len(rows) > ON_A_PAGE else None,
        who=who,
        refused=[] if who or before else signin().state.read("refused_sign_ins"),
    )
