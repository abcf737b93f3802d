"""Two versions of a prompt side by side: which people like, which does better in runs, and how the texts differ."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

from sayso_ingest.analysis import Comparison, Contrast, compare, details, sentence
from sayso_ingest.console import against, runs
from sayso_ingest.console.copy import copy
from sayso_ingest.console.versions import newest_of, runs_between
from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.evals.compare import sentence as run_sentence
from sayso_ingest.warehouse import read_statements

SQL = read_statements(files(__package__) / "prompts.sql")


@dataclass(frozen=True, slots=True)
class SideBySide:
    """What production says of both, in a sentence and in figures."""

    found: Comparison
    sentence: str
    details: list[str]


@dataclass(frozen=True, slots=True)
class Ran:
    """What the newest comparable runs of both say, and which these are."""

    sentence: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of both; `whole`: as they were run, else as messages of production had them."""

    before: str
    after: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Between:
    """Versions `a` and `b` of a prompt. `problem` says why production compares them not; None is what is not known."""

    a: str
    b: str
    online: SideBySide | None
    problem: str
    offline: Ran | None
    texts: Texts | None


def between(prompt: str, a: str, b: str) -> Between:
    """Compare version `b` of a prompt with version `a`.

    Raises:
        SaysoError: a run of one of them cannot be read.
    """
    silent = [one for one in (a, b) if newest_of(prompt, one) and not _answered(prompt, one)]
    online = (
        f"{' and '.join(silent)} never answered in production: people have said nothing of it."
        if silent
        else side_by_side(prompt, a, b)
    )
    said = None if isinstance(online, str) else online
    return Between(
        a, b, said, online if isinstance(online, str) else "", _offline(prompt, a, b), _texts(prompt, a, b)
    )


def side_by_side(prompt: str, a: str, b: str) -> SideBySide | str:
    """Compare what people said of both; where that cannot be done, say why."""
    contrast = Contrast(a, b, prompt=prompt or None)
    try:
        found = copy().keep(("compare", contrast), lambda: compare(copy().open(), contrast))
    except (NotFound, UsageError) as error:
        return str(error)
    return SideBySide(found, sentence(found), details(found))


def _offline(prompt: str, a: str, b: str) -> Ran | None:
    met = runs_between(prompt, a, b)
    if len(met) < 2:
        return None
    return Ran(run_sentence(against.compared(met[0], met[1])), met[0].run_id, met[1].run_id)


def _texts(prompt: str, a: str, b: str) -> Texts | None:
    ran = [newest_of(prompt, version) for version in (a, b)]
    before, after = (runs.run_of(one).prompt_text if one else None for one in ran)
    if before is not None and after is not None:
        return Texts(before, after, whole=True)
    before, after = (_said(prompt, version) for version in (a, b))
    return None if before is None or after is None else Texts(before, after, whole=False)


def _answered(prompt: str, version: str) -> bool:
    found = {(row["prompt_name"], row["prompt_version"]) for row in copy().rows(SQL["versions"])}
    return (prompt or None, version) in found


def _said(prompt: str, version: str) -> str | None:
    """The system message of the newest answer of a version."""
    rows = copy().rows(SQL["text"], {"prompt": prompt or None, "version": version})
    return rows[0]["text"] if rows else None
