"""What was written becomes candidates of a set, where it asks something new."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sayso_ingest.cli.evalset.common import publish_sets, say_references, write_proposals
from sayso_ingest.cli.generate.tally import Tally
from sayso_ingest.cli.options import say

if TYPE_CHECKING:
    from sayso_ingest.evalsets import EvalCase, Version
    from sayso_ingest.judge.writing import Written

QUOTED = 200
"""Characters of a quote that are kept with a case."""


def propose(folder: Path, name: str, version: Version | None, tally: Tally, *, by: str, format: str) -> None:
    """Propose what asks something new, in the order of the sources, whichever was answered first."""
    from sayso_ingest import evalsets
    from sayso_ingest.judge.writing import Fresh
    from sayso_ingest.mining import question_key

    known = [*(version.cases if version else ()), *(one.case for one in evalsets.proposals(folder, name))]
    fresh = Fresh([question_key(case.input, case.input_messages) for case in known])
    cases: list[EvalCase] = []
    for place in sorted(tally.written):
        taken, left = fresh.take(tally.written[place])
        tally.left.update(one.words for one in left)
        cases += [_case(one, by=by) for one in taken]
    added = evalsets.propose(folder, name, cases) if cases else []
    if added:
        publish_sets(folder)
    write_proposals(added, format)
    say_references([one.case for one in added])
    if added:
        say(f"They wait until a person reviews them: sayso evalset review {name} CASE")


def _case(written: Written, *, by: str) -> EvalCase:
    from sayso_ingest.evalsets import synthetic_case
    from sayso_ingest.excerpt import one_line

    what = "another way to ask" if written.source.kind == "variant" else "written from"
    quote = f": “{one_line(written.quote, QUOTED)}”" if written.quote else ""
    reason = f"{what} {one_line(written.source.name, QUOTED)} by {by}{quote}"
    return synthetic_case(
        written.question, expected=written.expected, topic=written.source.topic, reason=reason
    )
