"""Answers of a run as interactions, so that people can thumb them: pure, what is to be sent through the collector.

They are no traffic: their targets begin with `eval:`, by which SQL tells them (`is_eval` in warehouse/macros.sql), and
they name no prompt. What people say of them joins `eval_results` by its target.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sayso_ingest.evals.runs import Result, Run
from sayso_ingest.evalsets import EvalCase
from sayso_ingest.event import JSON
from sayso_ingest.models import Outcome


def target_of(run_id: str, result: Result) -> str:
    """What an answer of a run is called; as the column `target` of eval_results."""
    return f"eval:{run_id}:{result.case_id}:{result.sample}"


def interactions(
    run: Run, cases: Mapping[str, EvalCase], *, id_for: Callable[[str], str]
) -> Iterator[dict[str, JSON]]:
    """Yield wire events of what was answered, to cases that the set still has; `id_for` makes an id of a target.

    The same run gives the same events with the same ids: sent twice, they land once.
    """
    for result in run.results:
        case = cases.get(result.case_id)
        if case and result.output and result.outcome is Outcome.ANSWERED:
            target = target_of(run.run_id, result)
            yield {
                "id": id_for(target),
                "kind": "interaction",
                "target": target,
                "occurred_at": run.manifest.created_at,
                "body": _body(run, case, result.output),
            }


def _body(run: Run, case: EvalCase, output: str) -> dict[str, JSON]:
    ran = run.manifest.set
    body: dict[str, JSON] = {
        "input": case.input_messages or case.input,
        "output": output,
        "tags": ["eval"],
        "variant": {"experiment": f"eval {ran.name} v{ran.version}", "arm": run.label},
    }
    if case.provenance.target:
        # A step of the answer that the case was made of: whoever erases that erases this.
        body["parent"] = case.provenance.target
    return body
