"""JFLEG as events: a sentence is proposed, and each of four people keeps it or edits it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sayso import Client

PROMPT = "jfleg"
EDITORS = 4


@dataclass(frozen=True)
class Sentence:
    """A sentence and what each editor made of it, in the editors' order."""

    target: str
    split: str
    proposed: str
    finals: tuple[str, ...]


def read(folder: Path) -> list[Sentence]:
    """Read the sentences of both parts."""
    return [sentence for split in ("dev", "test") for sentence in _read_split(folder, split)]


def record(client: Client, sentence: Sentence) -> None:
    """Say it as an application would."""
    client.interaction(
        sentence.target, output=sentence.proposed, prompt={"name": PROMPT, "version": sentence.split}
    )
    for position, final in enumerate(sentence.finals, start=1):
        changed = final != sentence.proposed
        client.suggestion(
            sentence.target,
            outcome="edited" if changed else "accepted",
            proposed=sentence.proposed,
            final=final if changed else None,
            actor=f"editor {position}",
        )


def _read_split(folder: Path, split: str) -> list[Sentence]:
    sources = _lines(folder / f"{split}.src")
    rewrites = [_lines(folder / f"{split}.ref{number}") for number in range(EDITORS)]
    return [
        Sentence(f"jfleg {split} {number}", split, proposed, tuple(finals))
        for number, (proposed, *finals) in enumerate(zip(sources, *rewrites, strict=True))
    ]


def _lines(path: Path) -> list[str]:
    """The lines as they are. Not splitlines(): a sentence may hold other line ends than the line feed."""
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
