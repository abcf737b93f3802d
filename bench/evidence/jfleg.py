"""JFLEG: 1,501 sentences of learners of English, each rewritten by four people. Read where it lies, never copied."""

from __future__ import annotations

from dataclasses import dataclass

from bench.evidence.data import folder

REWRITES = 4


@dataclass(frozen=True)
class Sentence:
    """What a learner wrote, and what four people made of it."""

    written: str
    rewritten: tuple[str, ...]


def read() -> list[Sentence]:
    written, *rewritten = (_lines(name) for name in ("src", *(f"ref{of}" for of in range(REWRITES))))
    return [Sentence(source, tuple(of)) for source, *of in zip(written, *rewritten, strict=True)]


def _lines(name: str) -> list[str]:
    files = (folder() / "jfleg" / f"{part}.{name}" for part in ("dev", "test"))
    return [line.strip() for file in files for line in file.read_text(encoding="utf-8").splitlines()]
