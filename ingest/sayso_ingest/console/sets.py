"""Eval sets as pages read them: which there are, their versions, and the cases that are worded like a question."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import abort, current_app, request

from sayso_ingest import evalsets
from sayso_ingest.errors import NotFound, SaysoError
from sayso_ingest.evals import publish
from sayso_ingest.evalsets import EvalCase, Version
from sayso_ingest.mining import Near, Wordings

log = logging.getLogger(__name__)

SHORT = 12
"""Characters of a case's id that pages show: as many name it to `sayso evalset`, too."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A case of the set, and how alike its wording is, 0 to 1."""

    case: EvalCase
    likeness: float


def folder() -> Path:
    """The folder of this console's project."""
    found: Path = current_app.config["PROJECT_FOLDER"]
    return found


def chosen_set() -> tuple[str, list[str]]:
    """The set that the address names, else the first, else none; and all there are."""
    names = evalsets.known_names(folder())
    return request.values.get("set", "") or (names[0] if names else ""), names


def version_of(name: str, number: int) -> Version:
    """Read a version; what there is not is answered with 404.

    Raises:
        SaysoError: somebody changed it.
        UsageError: no set can be called so.
    """
    try:
        return evalsets.read(folder(), name, number)
    except NotFound as error:
        abort(404, str(error))


def neighbours(name: str, case: EvalCase) -> tuple[int | None, Sequence[Neighbour]]:
    """The latest version's number, None where there is none, and its cases that are worded most like this one."""
    known = evalsets.summaries(folder(), name)
    if not known:
        return None, ()
    cases, wordings = _read_once(folder(), name, known[-1].number, known[-1].sha256)
    near: list[Near] = wordings.nearest(case.input, most=4)
    found = [Neighbour(cases[one.place], one.likeness) for one in near]
    return known[-1].number, [one for one in found if one.case.case_id != case.case_id][:3]


def publish_sets(project: Path) -> None:
    """Let SQL know of it, too. What was done is done also where that fails: the next change makes up for it."""
    try:
        problems = publish(project)
    except SaysoError as error:
        problems = [str(error)]
    for problem in problems:
        log.warning("What SQL knows of eval sets is not up to date. %s", problem)


@lru_cache(maxsize=4)
def _read_once(project: Path, name: str, number: int, sha256: str) -> tuple[Sequence[EvalCase], Wordings]:  # noqa: ARG001
    """A version never changes: `sha256` is only there to tell one that was replaced."""
    cases = evalsets.read(project, name, number).cases
    return cases, Wordings.of([case.input for case in cases])
