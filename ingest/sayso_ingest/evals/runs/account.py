"""What a run says of itself: the totals of its manifest, and its README.md, for who opens the folder in git. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from sayso_ingest.evals.runs.manifest import Manifest
from sayso_ingest.evals.runs.result import Result
from sayso_ingest.evals.runs.summary import Part, Summary
from sayso_ingest.event import JSON


def totals_of(summary: Summary, results: Sequence[Result], *, calls: int, spent: float) -> dict[str, JSON]:
    """The totals of a manifest: counts are of answers, `score` is the mean over cases."""
    score = summary.whole.score
    return {
        "answered": summary.answered,
        "unanswered": summary.unanswered,
        "scored": sum(result.score is not None for result in results),
        "passed": sum(result.passed is True for result in results),
        "score": dataclasses.asdict(score) if score else None,
        "tokens_in": summary.tokens_in,
        "tokens_out": summary.tokens_out,
        "cost": summary.cost,
        "latency_p50_ms": summary.latency.p50 if summary.latency else None,
        "latency_p95_ms": summary.latency.p95 if summary.latency else None,
        "recalled": summary.recalled,
        "calls": calls,
        "spent": spent,
    }


def account_of(manifest: Manifest, summary: Summary) -> str:
    """The README.md of a run: what was run, and what it came to; it holds no question and no answer."""
    return "\n".join(_lines(manifest, summary)) + "\n"


def _lines(manifest: Manifest, summary: Summary) -> Iterator[str]:
    ran, whole = manifest.set, summary.whole
    yield f"# {manifest.run_id}"
    yield ""
    yield f"{_scored(whole)} {_left_out(summary)}".strip()
    yield ""
    yield "| what | |"
    yield "| --- | --- |"
    for name, value in _facts(manifest, summary):
        yield f"| {name} | {_cell(value)} |"
    yield ""
    yield f"## {ran.name} v{ran.version}, {ran.split}"
    yield ""
    yield "| cases | n | score | 95 % interval | passed |"
    yield "| --- | ---: | ---: | --- | ---: |"
    yield _row("all", whole)
    for name, part in {**summary.by_split, **summary.by_stratum}.items():
        yield _row(name, part)
    yield ""
    yield "The answers are in results.jsonl, a line each; questions and expected answers are in the set."


def _scored(part: Part) -> str:
    if part.score is None:
        return "Nothing could be scored."
    score = part.score
    sure = f"(95 % interval {score.low:.2f} to {score.high:.2f})"
    passed = f" {part.passed.value:.0%} of the cases passed." if part.passed else ""
    return f"The mean score of {score.count:,} cases is {score.value:.2f} {sure}.{passed}"


def _left_out(summary: Summary) -> str:
    left = summary.whole.unscored
    return f"{left:,} {'case has' if left == 1 else 'cases have'} no score." if left else ""


def _facts(manifest: Manifest, summary: Summary) -> Iterator[tuple[str, Any]]:
    prompt = manifest.prompt
    if prompt:
        yield "prompt", f"{prompt.name}@{prompt.version}"
        if prompt.commit:
            yield "commit", f"{prompt.commit}{' and changes' if prompt.dirty else ''}"
    yield "answered by", f"{manifest.system['name']} ({manifest.system['kind']})"
    yield "scored by", ", ".join(manifest.scorers) or "nobody"
    yield "answers", ", ".join(f"{count:,} {name}" for name, count in summary.outcomes.items())
    if summary.length is not None:
        yield "length of the middle answer", f"{summary.length:,.0f} characters"
    if summary.latency:
        yield "latency", f"p50 {summary.latency.p50:,.0f} ms, p95 {summary.latency.p95:,.0f} ms"
    if summary.cost is not None:
        yield "cost of the answers", f"{summary.cost:,.4f}"
    yield "run", f"{manifest.created_at}, sayso {manifest.code['sayso']}"
    if manifest.note:
        yield "note", manifest.note


def _row(name: str, part: Part) -> str:
    score, passed = part.score, part.passed
    ends = f"{score.low:.2f} to {score.high:.2f}" if score else ""
    return (
        f"| {name} | {part.cases:,} | {f'{score.value:.2f}' if score else ''} | {ends} | "
        f"{f'{passed.value:.0%}' if passed else ''} |"
    )


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")
