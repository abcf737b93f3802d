"""What judges say now, each verdict with what people say of the same thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from importlib.resources import files

from sayso_ingest.mining import Query

PEOPLE = ("annotated", "thumbs")
"""By which people a judge is held: annotators who were asked, before those who spoke of themselves."""


@dataclass(frozen=True, slots=True)
class Said:
    """One verdict of a judge. Each list of people has one entry a person: whether they say good, None for neither."""

    judge: str
    rubric: str
    name: str
    target: str
    value: str
    score: float | None
    good: bool | None
    chance: float
    prompt_name: str | None = None
    prompt_version: str | None = None
    pairs: int | None = None
    """Pairs of candidates that were asked about in both orders, and those of them whose orders agreed."""
    consistent: int | None = None
    agreed: float | None = None
    """The share of several samples that gave the label."""
    annotated: Sequence[bool | None] | None = None
    annotated_by: Sequence[str] | None = None
    thumbs: Sequence[bool | None] | None = None
    thumbs_by: Sequence[str] | None = None
    preferred: Sequence[str] | None = None
    """The candidates that people prefer."""

    def people(self, kind: str) -> list[bool]:
        """What people of a kind say, those left out who say neither good nor bad."""
        return [good for _, good in self.labels(kind)]

    def labels(self, kind: str) -> list[tuple[str, bool]]:
        """The same with who says it."""
        said: Sequence[bool | None] = getattr(self, kind) or ()
        by: Sequence[str] = getattr(self, f"{kind}_by") or ()
        return [(who, good) for who, good in zip(by, said, strict=True) if good is not None]

    @property
    def prompt(self) -> str:
        """The prompt and its version, as people name it."""
        return " ".join(filter(None, (self.prompt_name, self.prompt_version)))


def read_said(query: Query) -> list[Said]:
    """Every present verdict of a judge on a single interaction."""
    sql = files(__package__).joinpath("said.sql").read_text(encoding="utf-8")
    names = [field.name for field in fields(Said)]
    return [Said(**{name: row[name] for name in names}) for row in query(sql, [])]
