"""What colleagues do: use, change or drop the drafted replies; review and compare answers afterwards."""

from __future__ import annotations

from sayso_ingest.demo.traffic.action import Person
from sayso_ingest.demo.traffic.script import Script, Turn
from sayso_ingest.demo.traffic.wording import complaint_reasons, edited, expected, good_answer

RUBRIC = "helpdesk-1"
JUDGE = "judge-small"


def handle_draft(script: Script, turn: Turn, by: Person) -> None:
    """Let a colleague at the help desk see a drafted reply and decide what becomes of it."""
    seen = {"surface": "suggestion", "visible_ms": script.rng.randrange(2_000, 90_000)}
    script.act("exposure", seen, by=by, target=turn.target)
    if not script.chance(0.92):
        return
    outcome = _outcome(script, good=turn.answer.good)
    body = {
        "outcome": outcome,
        "proposed": turn.answer.text,
        "decided_in_ms": script.rng.randrange(1_500, 80_000),
    }
    if outcome == "edited":
        body["final"] = edited(script.rng, turn.ask, turn.answer)
    decided = script.act("suggestion", body, by=by, target=turn.target)
    if outcome == "rejected" and script.chance(0.5):
        reasons = {"reasons": [script.rng.choice(complaint_reasons())]}
        script.act("detail", reasons, by=by, target=turn.target, about=decided)
    if outcome == "accepted" and script.chance(0.05):
        undone = {"outcome": "undone", "proposed": turn.answer.text}
        script.act("suggestion", undone, by=by, target=turn.target)
    elif outcome != "rejected" and script.chance(0.3):
        kept = round(script.rng.uniform(0.55, 1.0), 2)
        survival = {"survival": {"after_s": 600, "kept": kept}}
        script.act("suggestion", survival, by=by, target=turn.target, after=(600, 610))


def judge(script: Script, turn: Turn) -> None:
    """Let another model grade an answer; it is right most of the time."""
    passed = turn.answer.good if script.chance(0.88) else not turn.answer.good
    body = {
        "judge": JUDGE,
        "label": "pass" if passed else "fail",
        "score": round(script.rng.uniform(0.6, 1.0) if passed else script.rng.uniform(0.0, 0.5), 2),
        "rationale": "Names the steps." if passed else "Does not name the steps that help.",
        "rubric": RUBRIC,
    }
    script.act("judgement", body, by=Person(), target=turn.target, after=(60, 120))


def annotate(script: Script, turn: Turn, by: Person) -> None:
    """Let an annotator label an answer, and correct a label now and then."""
    good = turn.answer.good
    body: dict[str, object] = {
        "label": "good" if good else "bad",
        "score": 1.0 if good else 0.0,
        "rubric": RUBRIC,
    }
    if not good:
        body |= {"expected": expected(turn.ask), "note": "The steps are missing."}
    if script.chance(0.1):
        script.act("annotation", {"label": "unclear", "rubric": RUBRIC}, by=by, target=turn.target)
    script.act("annotation", body, by=by, target=turn.target, after=(300, 900))


def alternatives(script: Script, turn: Turn) -> list[dict[str, object]]:
    """Give two answers to choose from, the second by another model."""
    other = good_answer(script.rng, turn.ask)
    return [
        {"id": "a", "output": turn.answer.text, "model": "reed-2", "score": 0.62},
        {"id": "b", "output": other.text, "model": "reed-2-large", "score": 0.71},
    ]


def prefer(script: Script, turn: Turn, by: Person) -> None:
    """Let somebody choose between the two answers."""
    chosen, rejected = ("a", "b") if turn.answer.good and script.chance(0.5) else ("b", "a")
    script.act("preference", {"chosen": chosen, "rejected": [rejected]}, by=by, target=turn.target)


def _outcome(script: Script, *, good: bool) -> str:
    weights = (0.62, 0.28, 0.10) if good else (0.12, 0.55, 0.33)
    return script.rng.choices(("accepted", "edited", "rejected"), weights)[0]
