"""What there is to learn for a prompt, gathered into a folder: the training set, and a page that says what is in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sayso_ingest.evals.improve.complaints import Complaints
from sayso_ingest.evals.improve.training import TrainingSet, training_set
from sayso_ingest.evals.runs import Manifest, Result, Run, read_run, runs_of
from sayso_ingest.evalsets import EvalCase, reachable, replace_durably
from sayso_ingest.models import Outcome

TRAINING = "training.jsonl"
ACCOUNT = "README.md"


@dataclass(frozen=True, slots=True)
class Gathered:
    """The training set, what people complain of, and the run that the answers are from; None: production's."""

    training: TrainingSet
    complaints: Complaints
    run: Run | None
    cases: Sequence[EvalCase]
    """Those of the version of the set, held-out ones too."""


def gather(cases: Sequence[EvalCase], complaints: Complaints, run: Run | None) -> Gathered:
    """Gather the cases of a set, from a run of them, or with what production answered."""
    results = run.results if run else produced(cases)
    of_case = {case.case_id: complaints.of(case) for case in cases}
    return Gathered(training_set(results, cases, of_case), complaints, run, cases)


def newest_run(project_folder: Path, *, set_name: str, prompt: str, version: str) -> Run | None:
    """The newest finished run of a set with this version of a prompt, else with any version of it; None without one."""
    finished = [
        one
        for one in runs_of(project_folder)
        if one.finished_at and one.set.name == set_name and one.prompt and one.prompt.name == prompt
    ]
    same = [one for one in finished if _is_of(one, version)]
    newest = next(reversed(same or finished), None)
    return read_run(project_folder, newest.run_id) if newest else None


def produced(cases: Iterable[EvalCase]) -> list[Result]:
    """What production answered to cases, as results that nobody scored."""
    return [
        Result(
            case_id=case.case_id,
            sample=0,
            split=case.split,
            stratum=case.stratum,
            topic=case.topic,
            outcome=Outcome.ANSWERED if case.output else Outcome.EMPTY,
            output=case.output,
            scorer=None,
            score=None,
            passed=None,
        )
        for case in cases
    ]


def write(folder: Path, prompt: str, found: Gathered) -> None:
    """Write the training set and its account into a folder, in place of an earlier one.

    Raises:
        SaysoError: it cannot be written.
    """
    with reachable(folder, doing="written"):
        folder.mkdir(parents=True, exist_ok=True)
    replace_durably(folder / TRAINING, found.training.encode())
    replace_durably(folder / ACCOUNT, account(prompt, found).encode("utf-8", "backslashreplace"))


def account(prompt: str, found: Gathered) -> str:
    """The page, in Markdown: how many cases of each theme, and what the files are for."""
    training = found.training
    rows = [
        f"| {_cell(theme or 'no complaint')} | {len(lessons)} | {sum(one.is_failing for one in lessons)} |"
        for theme, lessons in training.themes.items()
    ]
    answers = f"run `{found.run.run_id}`" if found.run else "production"
    return "\n".join(
        [
            f"# What there is to learn for the prompt {prompt}",
            "",
            f"Answers are those of {answers}. Held-out cases are not in it ({training.held_out} left out), nor "
            f"{training.like_held_out} that ask what these ask, nor {found.complaints.held_out} comments about that.",
            "",
            "| theme | cases | failing |",
            "|---|---|---|",
            *rows,
            "",
            f"`{TRAINING}`: the {len(training.with_answer)} cases with an expected answer, a line each, as DSPy and "
            "GEPA take them. It holds words of people: an erasure in sayso does not reach a copy of it elsewhere.",
            "",
        ]
    )


def _is_of(manifest: Manifest, version: str) -> bool:
    return manifest.prompt is not None and manifest.prompt.version == version


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
