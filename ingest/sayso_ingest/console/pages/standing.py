"""How problems stand: reasons, labels and themes, with their figures, the team's word and whether they are back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from sayso_ingest.console import problems
from sayso_ingest.console.copy import copy
from sayso_ingest.console.problems import Problem, problem_id_of
from sayso_ingest.console.recurrence import Heard, Version, recurrence
from sayso_ingest.console.state import State
from sayso_ingest.mining import Gathered, GatheredTheme
from sayso_ingest.warehouse import read_statements

SQL = read_statements(files(__package__) / "problems.sql")
THEME = "theme"
"""The source of what was gathered from comments; the others are those of the question what_goes_wrong."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """A problem: its figures, what the team says of it, and where it was heard after it was fixed."""

    figures: Row
    said: Problem
    again: Heard | None = None
    theme: GatheredTheme | None = None

    @property
    def status(self) -> str:
        """What became of it: also that it is back, which nobody has to say."""
        return "reopened" if self.again else str(self.said.status)


def standings(state: State, gathered: Gathered | None) -> list[Standing]:
    """Every problem, the most frequent first, then every theme."""
    said = problems.known_problems(state)
    found: list[tuple[Row, GatheredTheme | None]] = [
        (row | {"name": row["what"]}, None) for row in copy().rows(SQL["ranked"])
    ]
    found += [(_figures(theme), theme) for theme in (gathered.themes if gathered else ())]
    known = [(row, theme, said.get(problem_id_of(row["source"], row["what"]))) for row, theme in found]
    fixed = [(row, theme) for row, theme, problem in known if problem and problem.fixed_at is not None]
    heard, seen = (_heard(fixed), first_seen()) if fixed else ({}, {})
    standings = []
    for row, theme, problem in known:
        what = (row["source"], row["what"])
        again = None
        if problem and problem.fixed_at is not None:
            again = recurrence(problem.fixed_in, problem.fixed_at, heard=heard.get(what, []), first_seen=seen)
        standings.append(Standing(row, problem or Problem(problem_id_of(*what), row["name"]), again, theme))
    return standings


def examples(standing: Standing) -> list[Row]:
    """The newest answers that it was said of."""
    figures = standing.figures
    if standing.theme:
        return copy().rows(SQL["theme_examples"], {"ids": standing.theme.members})
    return copy().rows(SQL["examples"], {"source": figures["source"], "what": figures["what"]})


def first_seen() -> dict[Version, Any]:
    """When each version first answered, the newest first."""
    rows = copy().rows(SQL["seen"])
    return {
        Version(row["prompt_name"], row["prompt_version"], row["release"]): row["first_at"] for row in rows
    }


def _figures(theme: GatheredTheme) -> Row:
    """A theme's figures by the names that those of other problems have."""
    return {
        "source": THEME,
        "what": theme.id,
        "name": theme.label,
        "n": theme.comments,
        "people": theme.people,
        "share": theme.rate,
        "share_low": theme.low,
        "share_high": theme.high,
        "recent": theme.recent,
        "before": theme.before,
        "trend": theme.trend,
    }


def _heard(fixed: Iterable[tuple[Row, GatheredTheme | None]]) -> dict[tuple[str, str], list[Heard]]:
    """When each of these was last said of answers of which version."""
    themes = [theme for _, theme in fixed if theme]
    found: dict[tuple[str, str], list[Heard]] = defaultdict(list)
    for row in [*_heard_of_themes(themes), *copy().rows(SQL["heard"])]:
        where = found[row["source"], row["what"]]
        if row["prompt_version"]:
            where.append(Heard(Version(row["prompt_name"], row["prompt_version"]), row["last_at"]))
        if row["release"]:
            where.append(Heard(Version(release=row["release"]), row["last_at"]))
    return found


def _heard_of_themes(themes: list[GatheredTheme]) -> Iterator[Row]:
    for theme in themes:
        for row in copy().rows(SQL["theme_heard"], {"ids": theme.members}):
            yield row | {"source": THEME, "what": theme.id}
