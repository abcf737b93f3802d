"""A project in which an eval set was run with two versions of a prompt, and people disliked answers like its cases."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from integration.console.mined import SET, case, said
from integration.console.people import NASTY, NOW, project
from made import made_once
from sayso_ingest import evalsets
from sayso_ingest.evals.runs import Manifest, RanPrompt, Result, Run, open_run, read_run
from sayso_ingest.evals.runs.draft import manifest_bytes
from sayso_ingest.evals.runs.folder import MANIFEST, PROMPT, RESULTS, UNFINISHED, results_bytes, run_folder
from sayso_ingest.evals.runs.plan import ran_set
from sayso_ingest.evalsets import EvalCase, Version
from sayso_ingest.models import Outcome

TARGETS = ("refund", "export", "invite", "import", "delete", "rename")
OLD, NEW = "Answer in a sentence.", "Answer in a sentence, and name the menu."


class Ran(NamedTuple):
    """Two runs of one version: `better` got one case right that `worse` did not, and one wrong that it had right."""

    version: Version
    worse: Run
    better: Run
    third: str = ""
    """A run as good as the worse one, where there is one."""


def result(case: EvalCase, score: float | None, output: str | None = "", **fields: Any) -> Result:
    """What came of a case, scored by a judge who says why."""
    given: dict[str, Any] = {
        "sample": 0,
        "outcome": Outcome.ANSWERED,
        "scorer": None if score is None else "judge:helpful",
        "passed": None if score is None else score >= 0.5,
        "scores": {} if score is None else {"judge:helpful": score, "overlap": score / 2},
        "why": "" if score is None else f"It says {score:.0%} of what matters.",
        "latency_ms": 200.0,
        "tokens_in": 30,
        "tokens_out": 12,
        "cost": 0.002,
    }
    return Result(
        case_id=case.case_id,
        split=case.split,
        stratum=case.stratum,
        topic=case.topic,
        output=output,
        score=score,
        **given | fields,
    )


def keep_run(
    folder: Path,
    version: Version,
    results: Sequence[Result],
    *,
    version_of: str = "v1",
    text: str = OLD,
    model: str = "small-1",
    at: datetime = NOW - timedelta(hours=3),
    finished: bool = True,
    **fields: Any,
) -> Run:
    """Write a run as if its results had come."""
    run_id = f"help-{version_of}-{model}-{at:%Y%m%dT%H%M%S}"
    results = sorted(results, key=lambda one: (one.case_id, one.sample))
    data, sha256 = results_bytes(results), hashlib.sha256(text.encode()).hexdigest()
    given: dict[str, Any] = {
        "prompt": RanPrompt(
            "help", version_of, sha256, commit=sha256[:40], dirty=False, path="prompts/help.md"
        ),
        "system": {"kind": "model", "name": model, "temperature": 0.0},
        "samples": 1,
        "seed": 0,
        "scorers": ("judge:helpful", "overlap"),
        "code": {"sayso": "0.1.0"},
    }
    manifest = Manifest(
        run_id=run_id,
        identity=hashlib.sha256(run_id.encode()).hexdigest(),
        created_at=evalsets.stamp(at),
        finished_at=evalsets.stamp(at + timedelta(minutes=1)) if finished else None,
        set=ran_set(version, "all", version.cases),
        results_sha256=hashlib.sha256(data).hexdigest() if finished else None,
        **given | fields,
    )
    home = run_folder(folder) / run_id
    home.mkdir(parents=True)
    (home / (RESULTS if finished else UNFINISHED)).write_bytes(data)
    (home / PROMPT).write_text(text)
    (home / MANIFEST).write_bytes(manifest_bytes(manifest))
    return open_run(folder, manifest)


def ran(folder: Path) -> Ran:
    """The project, made once."""
    worse, better = made_once(folder, _run)
    return Ran(evalsets.read(folder, SET, 1), read_run(folder, worse), read_run(folder, better))


def _run(folder: Path) -> tuple[str, str]:
    project(folder, *(one for n, target in enumerate(TARGETS) for one in said(target, minutes=20 + n)))
    cases = [
        case(target, expected=f"Open the menu, then {target}.", reference_kind="human_edit")
        for target in TARGETS
    ]
    evalsets.propose(folder, SET, cases, now=NOW)
    version = evalsets.promote(folder, SET, cases, note="first", now=NOW)
    refund, export, *others = cases
    worse = [
        result(refund, 0.1, "You refund so."),
        result(export, 0.9, "Open the menu, then export."),
        *(result(one, 0.7, f"Open the menu for {one.topic}.") for one in others),
    ]
    better = [
        result(refund, 1.0, "Open the menu, then refund."),
        result(export, 0.2, "Open the window, then leave."),
        *(result(one, 0.7, f"Open the menu for {one.topic}.") for one in others[:-1]),
        result(others[-1], None, None, outcome=Outcome.UNAVAILABLE, problem="no answer in 3 attempts"),
    ]
    return (
        keep_run(folder, version, worse).run_id,
        keep_run(folder, version, better, version_of="v2", text=NEW, at=NOW - timedelta(hours=1)).run_id,
    )


def decided(folder: Path, *events: dict[str, Any], count: int = 40) -> Ran:
    """Two runs of a larger set: v2 is right in nearly all cases, v1 in half of them."""
    project(folder, *events)
    cases = [case(f"thing {number}", expected="So.", topic=f"topic {number % 4}") for number in range(count)]
    version = evalsets.promote(folder, SET, cases, note="many", now=NOW)
    half = [result(one, float(n % 2), f"v1 says {n}.") for n, one in enumerate(cases)]
    most = [result(one, float(n > 0), f"v2 says {n}.") for n, one in enumerate(cases)]
    worse = keep_run(folder, version, half)
    return Ran(
        version,
        worse,
        keep_run(folder, version, most, version_of="v2", text=NEW, at=NOW - timedelta(hours=1)),
    )


def erased(folder: Path, run: Run) -> None:
    """Take the words out of a run's results, as an erasure does."""
    results = [dataclasses.replace(one, output=None, why=None) for one in run.results]
    data = results_bytes(results)
    (run.path / RESULTS).write_bytes(data)
    manifest = dataclasses.replace(run.manifest, results_sha256=hashlib.sha256(data).hexdigest())
    (run.path / MANIFEST).write_bytes(manifest_bytes(manifest))


def large(folder: Path, count: int) -> Run:
    """A run of so many cases."""
    project(folder)
    cases = [case(f"thing {number}", topic=f"topic {number % 7}") for number in range(count)]
    version = evalsets.promote(folder, SET, cases, note="many", now=NOW)
    return keep_run(folder, version, [result(one, n % 10 / 10, one.input) for n, one in enumerate(cases)])


def hostile_runs(folder: Path) -> Ran:
    """A project in which every text is a stranger's script."""
    project(folder, *said(NASTY, text=NASTY))
    one = case(
        NASTY, input=f"{NASTY} 1", expected=NASTY, reference_kind="human_edit", topic=NASTY, tags=(NASTY,)
    )
    version = evalsets.promote(folder, SET, [one], note=NASTY, now=NOW)
    prompt = RanPrompt(NASTY, NASTY, "0" * 64, commit=NASTY, dirty=True, path=NASTY)
    runs = [
        keep_run(
            folder,
            version,
            [
                result(
                    one,
                    score,
                    f"{NASTY} {score}",
                    why=NASTY,
                    scorer=NASTY,
                    scores={NASTY: score},
                    problem=NASTY,
                )
            ],
            version_of=f"v{number}",
            prompt=dataclasses.replace(prompt, version=f"{NASTY} {number}"),
            text=NASTY,
            at=NOW - timedelta(hours=3 - number),
            note=NASTY,
            scorers=(NASTY,),
            system={"kind": "command", "name": NASTY, NASTY: NASTY},
        )
        for number, score in ((1, 0.1), (2, 0.9), (3, 0.1))
    ]
    return Ran(version, runs[0], runs[1], runs[2].run_id)
