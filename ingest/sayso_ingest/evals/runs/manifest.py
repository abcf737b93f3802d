"""What a run was made of: which cases, which prompt, what answered, and what it came to."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from sayso_ingest.event import JSON


@dataclass(frozen=True, slots=True)
class RanSet:
    """The version of an eval set that was run, and which side of it: dev, held_out or all."""

    name: str
    version: int
    sha256: str
    split: str
    cases: int


@dataclass(frozen=True, slots=True)
class RanPrompt:
    """The prompt; its text lies beside the manifest, in prompt.md. `version` is what production calls that text."""

    name: str
    version: str
    sha256: str
    commit: str | None = None
    dirty: bool | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """A run, without its results.

    `finished_at` is None while cases are missing; then the same command goes on with it. `identity` is a hash of all
    that decides what the answers are and how they are scored: two runs of one identity differ by chance alone.
    """

    run_id: str
    identity: str
    created_at: str
    finished_at: str | None
    set: RanSet
    prompt: RanPrompt | None
    system: Mapping[str, JSON]
    """What answered; `kind` and `name` are always there."""
    samples: int
    seed: int
    scorers: tuple[str, ...]
    code: Mapping[str, JSON]
    """The version of sayso."""
    note: str = ""
    totals: Mapping[str, JSON] = field(default_factory=dict)
    """answered, scored, passed, unanswered, and the mean score with its interval; calls, tokens_in, tokens_out and cost
    of this run."""
    results_sha256: str | None = None
    erased: int = 0
    """Results out of which an erasure took what was answered."""

    @property
    def label(self) -> str:
        """The run in a few words: which prompt and what answered."""
        prompt = f"{self.prompt.name}@{self.prompt.version}" if self.prompt else "own prompt"
        return f"{prompt} {self.system['name']}"

    def row(self) -> dict[str, JSON]:
        """The manifest as plain values."""
        return dataclasses.asdict(self)

    @classmethod
    def from_row(cls, row: Mapping[str, JSON]) -> Self:
        """Read back what `row` wrote.

        Raises:
            TypeError, KeyError: it is none.
        """
        prompt = row["prompt"]
        return cls(
            **{
                **row,
                "set": RanSet(**row["set"]),
                "prompt": RanPrompt(**prompt) if prompt else None,
                "scorers": tuple(row["scorers"]),
            }
        )
