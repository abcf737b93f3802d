"""A form in which somebody labels an answer, sent on as what an annotator says."""

from __future__ import annotations

from collections.abc import Mapping

from flask import current_app

from sayso_ingest.console import sending
from sayso_ingest.console.signin import me
from sayso_ingest.errors import UsageError
from sayso_ingest.labels import Label


def send_label(form: Mapping[str, str]) -> Label:
    """Send what a form says of an answer, and return the label that was chosen.

    Raises:
        UsageError: no label was chosen, or the form is about no answer, or has no id of its own.
        NotSent: the collector did not take it.
    """
    target, part = form.get("target", ""), form.get("part", "")
    labels: tuple[Label, ...] = current_app.config["LABELS"]
    label = next((known for known in labels if known.name == form.get("label")), None)
    if label is None or not target:
        raise UsageError("Choose one of the labels.")
    sending.annotate(
        current_app.config["PROJECT_FOLDER"],
        current_app.config["COLLECTOR"],
        target=target,
        part=part,
        actor=me().name,
        event_id=sending.checked_id(form.get("event_id", "")),
        label=label.name,
        score=label.score,
        note=form.get("note", "").strip(),
        expected=form.get("expected", "").strip(),
        rubric=current_app.config["RUBRIC"],
    )
    return label
