"""What is to be run: which cases, asked how, answered by what, and scored by what."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from sayso import Prompt

from sayso_ingest.evals.runs.manifest import RanPrompt, RanSet
from sayso_ingest.evals.scorers import Scorer
from sayso_ingest.evals.systems import Asked, System
from sayso_ingest.evalsets import EvalCase, Version
from sayso_ingest.event import JSON
from sayso_ingest.models import Messages

Render: TypeAlias = Callable[[EvalCase], Messages]
"""Makes of a case the messages that a model is asked."""
Job: TypeAlias = tuple[EvalCase, int]
"""A case, and which of its samples."""
_STRANGE = re.compile(r"[^A-Za-z0-9._]+")
_LONGEST = 32
"""Characters of a name within the id of a run."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One run, before it is begun."""

    set: RanSet
    cases: tuple[EvalCase, ...]
    prompt: Prompt | None
    render: Render
    system: System
    scorers: Sequence[Scorer] = field(default_factory=tuple)
    """In this order: the first that suits a case gives its score."""
    samples: int = 1
    seed: int = 0
    note: str = ""

    @property
    def identity(self) -> str:
        """A hash of all that decides what is answered and how that is scored."""
        said: dict[str, JSON] = {
            "set": self.set.sha256,
            "cases": [case.case_id for case in self.cases],
            "prompt": [self.prompt.version, _sha256(self.prompt.text)] if self.prompt else None,
            "system": {"name": self.system.name, **self.system.settings},
            "samples": self.samples,
            "seed": self.seed,
            "scorers": [scorer.name for scorer in self.scorers],
        }
        return _sha256(json.dumps(said, sort_keys=True, ensure_ascii=False))

    @property
    def label(self) -> str:
        """What the id of the run begins with: the prompt and what answers, as the name of a folder can spell it."""
        of = [self.prompt.name, self.prompt.version] if self.prompt else [self.set.name]
        return "-".join(filter(None, (_spelt(name) for name in (*of, self.system.name))))

    def jobs(self) -> Iterator[Job]:
        """Every case with each of its samples."""
        return ((case, sample) for case in self.cases for sample in range(self.samples))

    def asked(self, job: Job) -> Asked:
        """Put a case as the system gets it.

        Raises:
            UsageError: the prompt cannot be rendered for it.
        """
        case, sample = job
        variables = case.variables if isinstance(case.variables, dict) else {}
        return Asked(case.case_id, case.input, self.render(case), variables, self.prompt, sample)


def ran_set(version: Version, split: str, cases: Sequence[EvalCase]) -> RanSet:
    """What a manifest says of the cases of a version that are run; `split` is dev, held_out or all."""
    return RanSet(version.name, version.number, version.sha256, split, len(cases))


def ran_prompt(prompt: Prompt | None) -> RanPrompt | None:
    """What a manifest says of a prompt."""
    if prompt is None:
        return None
    sha256 = _sha256(prompt.text)
    return RanPrompt(prompt.name, prompt.version, sha256, prompt.commit, prompt.dirty, prompt.path)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def _spelt(name: str) -> str:
    return _STRANGE.sub("-", name.rsplit("/", 1)[-1]).strip("-.")[:_LONGEST].rstrip("-.")
