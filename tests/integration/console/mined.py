"""A project in which answers were disliked and proposed for an eval set, and in which coverage was measured."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from integration.console.people import NASTY, NOW, detail, down, interaction, project
from landed import event
from made import made_once
from sayso_ingest import evalsets
from sayso_ingest.evalsets import EvalCase, Provenance
from sayso_ingest.mining import (
    MappedTopic,
    Measured,
    MeasuredAxis,
    MeasuredGap,
    MeasuredLevel,
    MeasuredValue,
    keep_measurement,
    question_id,
)
from sayso_ingest.places import coverage_file

SET = "helpdesk"
TARGETS = ("refund", "export", "invite")


def asked(target: str) -> str:
    return f"How do I {target}?"


def case(target: str, *, input: str = "", event_ids: tuple[str, ...] = (), **fields: Any) -> EvalCase:
    """A case as mining proposes it of an answer that somebody disliked."""
    question = input or asked(target)
    provenance = Provenance(
        target=target,
        event_ids=event_ids,
        reason=fields.pop("reason", f"1 of 1 people disliked it; topic {target} has 4.3% of traffic"),
        strategy="hard",
        embedder="hash-256",
        hardness=0.9,
        distance=0.4,
        prompt_name="help",
        prompt_version="v1",
        model="m",
        signals={"thumb": 1.0},
        evidence=fields.pop("evidence", "said"),
    )
    given: dict[str, Any] = {
        "output": f"You {target} so.",
        "expected": None,
        "reference_kind": "none",
        "stratum": "mined",
        "inclusion_probability": None,
        "topic": f"{target} / money",
        "provenance": provenance,
    }
    return EvalCase(case_id=question_id(question), input=question, **given | fields)


def said(target: str, *, minutes: float = 20, text: str = "That is wrong") -> list[dict[str, Any]]:
    """An answer, a click against it, and a comment after the click."""
    click = down(target, minutes=minutes, who="u1")
    return [
        interaction(target),
        click,
        detail(click, minutes=minutes - 1, comment=text, reasons=["outdated"]),
    ]


def mined(folder: Path, *targets: str) -> list[EvalCase]:
    """A project with these answers, all of them disliked and proposed."""
    return made_once(folder, _mine, targets or TARGETS)


def _mine(folder: Path, targets: Sequence[str]) -> list[EvalCase]:
    events = {target: said(target, minutes=20 + n) for n, target in enumerate(targets)}
    project(folder, *(one for of in events.values() for one in of))
    cases = [case(target, event_ids=tuple(one["id"] for one in of)) for target, of in events.items()]
    evalsets.propose(folder, SET, cases, now=NOW - timedelta(hours=1))
    return cases


def hostile(folder: Path) -> EvalCase:
    """Make a project in which every text is a stranger's script, with a version and a measurement of its set."""
    click = down(NASTY, minutes=5, who=NASTY)
    project(
        folder,
        interaction(NASTY, input=NASTY, output=NASTY, model=NASTY),
        click,
        detail(click, minutes=4, comment=NASTY, reasons=[NASTY[:100]]),
        event("comment", target=NASTY, actor=NASTY, body={"text": NASTY, "expected": NASTY}),
    )
    one, two = (
        case(
            NASTY,
            input=f"{NASTY} {number}",
            reason=NASTY,
            event_ids=(click["id"],),
            output=NASTY,
            expected=NASTY,
            reference_kind="human_edit",
            topic=NASTY,
            tags=(NASTY,),
            variables={NASTY: NASTY},
        )
        for number in (1, 2)
    )
    evalsets.propose(folder, "helpdesk", [one, two], now=NOW)
    evalsets.review_candidates(folder, "helpdesk", [one.case_id], note=NASTY, now=NOW)
    evalsets.promote_candidates(folder, "helpdesk", [one.case_id], note=NASTY, now=NOW)
    keep_measurement(
        coverage_file(folder, "helpdesk"), measured(topic=NASTY, example=NASTY, embedder=NASTY, value=NASTY)
    )
    return two


def measured(
    *,
    share: float = 0.6,
    hours: float = 2,
    version: int | None = 1,
    topic: str = "refund / money",
    example: str = "refund",
    embedder: str = "hash-256",
    value: str = "terms of 2024",
) -> Measured:
    """A measurement, so many hours ago: one topic with no case, one with a few, one with enough; and by document."""
    return Measured(
        at=NOW - timedelta(hours=hours),
        version=version,
        embedder=embedder,
        topics=3,
        interactions=100,
        cases=5,
        levels=(MeasuredLevel(1, share, share - 0.05, share + 0.05), MeasuredLevel(3, 0.4, 0.35, 0.45)),
        estimate=MeasuredLevel(1, 0.7, 0.46, 0.94),
        disliked=MeasuredLevel(1, 0.3, 0.2, 0.42),
        gaps=(
            MeasuredGap(topic, 40, 0.4, 0, (example, "gone"), 0.85, adds=3, disliked=0.7),
            MeasuredGap("export / file", 20, 0.2, 1, (), None),
        ),
        map=(
            MappedTopic(topic, 0.1, 0.2, 40, 0, 0.5),
            MappedTopic("export / file", 0.15, 0.25, 20, 1, None),
            MappedTopic("invite / link", 0.9, 0.9, 40, 4, 0.1),
        ),
        axes=(
            MeasuredAxis(
                "document",
                levels=(MeasuredLevel(1, 0.5, 0.41, 0.59), MeasuredLevel(3, 0.25, 0.18, 0.34)),
                values=(MeasuredValue(value, 40, 0.5, 0), MeasuredValue("price list", 40, 0.5, 2)),
                more=7,
                without=20,
            ),
        ),
    )
