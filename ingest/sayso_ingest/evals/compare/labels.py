"""What sentences and tables call runs: as few words as tell them apart."""

from __future__ import annotations

from collections.abc import Sequence

from sayso_ingest.evals.runs import Run

SHORT = 12
"""Characters of a prompt's version that are shown."""


def labels(runs: Sequence[Run]) -> list[str]:
    """A name for each run: its prompt, with what answered where that differs; its id where that tells nothing."""
    prompts = [_prompt(run) for run in runs]
    systems = [str(run.manifest.system["name"]) for run in runs]
    by_prompt = len(set(prompts)) > 1 or len(set(systems)) == 1
    by_system = len(set(systems)) > 1
    found = [
        " ".join([*([prompt] if by_prompt else []), *([system] if by_system else [])])
        for prompt, system in zip(prompts, systems, strict=True)
    ]
    return found if len(set(found)) == len(runs) else [run.run_id for run in runs]


def _prompt(run: Run) -> str:
    prompt = run.manifest.prompt
    return f"{prompt.name}@{prompt.version[:SHORT]}" if prompt else "own prompt"
