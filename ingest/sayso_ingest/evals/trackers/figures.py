"""Parameters, metrics with intervals and the table of a run, by names that every tracker takes. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from sayso_ingest.errors import UsageError
from sayso_ingest.evals.runs import Manifest, Result, Run
from sayso_ingest.evals.runs.folder import ACCOUNT, MANIFEST, PROMPT, RESULTS
from sayso_ingest.evals.runs.summary import Part, Summary, summarise
from sayso_ingest.evals.trackers.tracker import Logged, Table
from sayso_ingest.evalsets import EvalCase
from sayso_ingest.event import JSON
from sayso_ingest.parsers import without_secrets

COLUMNS = (
    *("case_id", "sample", "split", "stratum", "topic", "input", "expected", "output", "outcome", "score"),
    *("passed", "scorer", "why", "problem", "latency_ms", "tokens_in", "tokens_out", "cost"),
)
_STRANGE = re.compile(r"[^\w\-./: ]+", re.ASCII)


def logged(run: Run, cases: Iterable[EvalCase] = ()) -> Logged:
    """What a tracker is given of a run; with `cases` its table has their questions and expected answers.

    Raises:
        UsageError: the run is not finished.
    """
    manifest = run.manifest
    if manifest.finished_at is None:
        raise UsageError(
            f"{run.run_id} is not finished, and would change after it was logged. Run the same again to its end."
        )
    names = (MANIFEST, PROMPT, ACCOUNT, RESULTS)
    there = [run.path / name for name in names if (run.path / name).exists()]
    account = run.path / ACCOUNT
    return Logged(
        run_id=run.run_id,
        key=hashlib.sha256(f"{manifest.identity} {run.run_id} {manifest.created_at}".encode()).hexdigest()[
            :40
        ],
        project=f"sayso-{manifest.set.name}",
        began_ms=_milliseconds(manifest.created_at),
        ended_ms=_milliseconds(manifest.finished_at),
        account=account.read_text(encoding="utf-8") if account in there else manifest.label,
        parameters={_name(name): value for name, value in _parameters(manifest)},
        metrics={_name(name): float(value) for name, value in _metrics(summarise(run.results))},
        table=_table(run.results, {case.case_id: case for case in cases}),
        files=tuple(str(path.absolute()) for path in there),
    )


def _milliseconds(stamp: str) -> int:
    return round(datetime.fromisoformat(stamp).timestamp() * 1000)


def _name(name: str) -> str:
    return _STRANGE.sub("-", name)


def _parameters(manifest: Manifest) -> Iterator[tuple[str, str | int]]:
    ran, prompt = manifest.set, manifest.prompt
    yield from (("set.name", ran.name), ("set.version", ran.version), ("set.split", ran.split))
    yield from (("set.cases", ran.cases), ("set.sha256", ran.sha256))
    if prompt:
        yield from (("prompt.name", prompt.name), ("prompt.version", prompt.version))
        yield "prompt.sha256", prompt.sha256
        if prompt.commit:
            yield "prompt.commit", f"{prompt.commit} and changes" if prompt.dirty else prompt.commit
    for name, value in sorted(manifest.system.items()):
        text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)
        yield f"system.{name}", _written(without_secrets(text) if "//" in text else text)
    yield from (("samples", manifest.samples), ("seed", manifest.seed))
    yield from (("scorers", ", ".join(manifest.scorers)), ("identity", manifest.identity))
    yield "sayso", str(manifest.code.get("sayso", ""))


def _metrics(summary: Summary) -> Iterator[tuple[str, float]]:
    yield from _part("", summary.whole)
    for kind, parts in (("split", summary.by_split), ("stratum", summary.by_stratum)):
        for name, part in parts.items():
            yield from _part(f"{kind}/{name}/", part)
    for name, mean in summary.by_scorer.items():
        scorer = f"scorer/{name}/score"
        yield from ((scorer, mean.value), (f"{scorer}_low", mean.low), (f"{scorer}_high", mean.high))
    yield from (("answers", summary.answers), ("answered", summary.answered))
    yield from (("unanswered", summary.unanswered), ("recalled", summary.recalled))
    yield from ((f"outcome/{name}", count) for name, count in summary.outcomes.items())
    if summary.latency:
        yield from (("latency_ms_p50", summary.latency.p50), ("latency_ms_p95", summary.latency.p95))
    yield from (("tokens_in", summary.tokens_in), ("tokens_out", summary.tokens_out))
    for name, value in (("cost", summary.cost), ("length", summary.length)):
        if value is not None:
            yield name, value


def _part(prefix: str, part: Part) -> Iterator[tuple[str, float]]:
    yield from ((f"{prefix}cases", part.cases), (f"{prefix}unscored", part.unscored))
    for name, mean in (("score", part.score), ("passed", part.passed)):
        if mean:
            figure = prefix + name
            yield from ((figure, mean.value), (f"{figure}_low", mean.low), (f"{figure}_high", mean.high))


def _table(results: Iterable[Result], cases: dict[str, EvalCase]) -> Table:
    return Table(COLUMNS, tuple(tuple(map(_written, _row(one, cases.get(one.case_id)))) for one in results))


def _row(one: Result, case: EvalCase | None) -> Iterator[JSON]:
    question = (case.input, case.expected) if case else (None, None)
    yield from (one.case_id, one.sample, one.split, one.stratum, one.topic, *question, one.output)
    yield from (one.outcome.value, one.score, one.passed, one.scorer, one.why, one.problem)
    yield from (one.latency_ms, one.tokens_in, one.tokens_out, one.cost)


def _written(value: JSON) -> JSON:
    """Text as any file can hold it: half of a character, which JSON may have, is spelt out."""
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value
