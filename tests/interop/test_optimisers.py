"""Training sets as optimisers of prompts take them, unedited, up to a prompt that they improved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from interop.conftest import STRANGE
from ran import a_run
from sayso_ingest import evalsets
from sayso_ingest.evals.improve import Complaint, TrainingSet, training_set
from sayso_ingest.evals.systems import Asked
from sayso_ingest.evalsets import EvalCase

Saw = dict[str, Any]
Ask = Callable[[str, Path], Saw]
ASKED = (
    *("Where does the blue parcel wait?", "How do I close my account?", "Which plan has seats for a team?"),
    *(
        "Why was the invoice so high in March?",
        "Can somebody call me back today?",
        "Is the shop open on Sunday?",
    ),
    *("What does the yellow lamp mean?", "Who may see what I write?", "When do you answer letters?"),
)


def cases() -> list[EvalCase]:
    """Cases of both sides, some of them in strange characters, one without an expected answer."""
    texts = [*ASKED, *STRANGE]
    found = [
        evalsets.written_case(text, expected=f"Note {at}: {text[-3:]}!", reason="to have one")
        for at, text in enumerate(texts)
    ]
    return [*found, evalsets.written_case("Does anybody know the way home?", reason="to have one")]


@pytest.fixture
def trained(tmp_path: Path) -> TrainingSet:
    """What there is to learn from a run that answered two cases rightly; people complained of two others."""
    every = evalsets.promote(tmp_path / "project", "help", cases(), note="for a test").cases
    dev = [case for case in every if case.split == "dev" and case.expected]
    right = {case.case_id: case.expected for case in dev[:2]}
    version = evalsets.read(tmp_path / "project", "help", 1)

    def answer(asked: Asked) -> str:
        return right.get(asked.case_id) or "no idea"

    run = a_run(tmp_path / "project", version, answer)
    complaints = {case.case_id: [Complaint("much too short", "Length")] for case in dev[2:4]}
    return training_set(run.results, version.cases, complaints)


@pytest.fixture
def folder(trained: TrainingSet, tmp_path: Path) -> Path:
    """A folder with it."""
    (found := tmp_path / "training").mkdir()
    (found / "training.jsonl").write_bytes(trained.encode())
    return found


def shows_what_went_wrong(shown: str, trained: TrainingSet) -> None:
    """Whoever reflects is shown every question, the earlier answer and the complaints; strange ones may be escaped."""
    plain = [lesson.input for lesson in trained.with_answer if lesson.input in ASKED]
    assert [question for question in plain if question not in shown] == []
    assert "no idea" in shown
    assert "much too short" in shown


def test_gepa_takes_it_as_it_is_is_told_the_complaints_and_finds_the_better_prompt(
    trained: TrainingSet, folder: Path, asked: Ask
) -> None:
    saw = asked("gepa", folder)
    assert saw["best"] == "Answer with what the note says."
    assert (saw["scores"][0], max(saw["scores"])) == (0.0, 1.0)
    shows_what_went_wrong("\n".join(saw["shown"]), trained)


def test_dspy_loads_it_by_its_own_loader_and_learns_from_it(
    trained: TrainingSet, folder: Path, asked: Ask
) -> None:
    saw = asked("dspy", folder)
    written = [lesson.row() for lesson in trained.with_answer]
    assert len(written) >= 8
    assert trained.held_out
    for example, row in zip(saw["examples"], written, strict=True):
        context = {name: text for name, text in (example["additional_context"] or {}).items() if text}
        assert {**example, "additional_context": context} == row
    assert saw["inputs"] == ["input"]
    assert set(saw["demonstrations"]) <= {row["answer"] for row in written}
    assert (saw["instruction"], saw["right"]) == ("Answer with what the note says.", len(written))
    shows_what_went_wrong("\n".join(saw["shown"]), trained)
