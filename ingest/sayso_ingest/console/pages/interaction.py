"""One answer: what was asked, everything that was said of it, and the eval sets that it is in."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from sayso_ingest import evalsets
from sayso_ingest.console.lineage import answer_of, said_of
from sayso_ingest.console.sets import folder

blueprint = Blueprint("interaction", __name__)


@blueprint.get("/interaction")
def show() -> ResponseReturnValue:
    """Show the answer that the address names."""
    target = request.args.get("target", "")
    if not target:
        abort(404, "Say which answer: /interaction?target=...")
    row, said = answer_of(target), said_of(target)
    if row is None and not said:
        abort(
            404, f"Nothing of {target} has been published: no interaction, and nothing that was said of it."
        )
    newest = [evalsets.latest(folder(), name) for name in evalsets.set_names(folder())]
    cases = [
        (version, case)
        for version in newest
        if version
        for case in version.cases
        if case.provenance.target == target
    ]
    return render_template("interaction.html", target=target, row=row, said=said, cases=cases)
