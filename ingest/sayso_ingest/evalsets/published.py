"""What SQL knows of eval sets: versions, cases and candidates as rows of evals.duckdb, which evals publishes."""

from __future__ import annotations

from pathlib import Path

from sayso_ingest.errors import SaysoError
from sayso_ingest.evalsets.candidates import Proposal, known_names, proposals
from sayso_ingest.evalsets.case import EvalCase
from sayso_ingest.evalsets.version import Version, versions
from sayso_ingest.event import JSON, UUID_TEXT

Row = dict[str, JSON]


def rows_of_sets(folder: Path, problems: list[str]) -> dict[str, list[Row]]:
    """Return by table what is known of a project's sets; what cannot be read is left out, and told in `problems`."""
    found: dict[str, list[Row]] = {"eval_sets": [], "eval_cases": [], "eval_candidates": []}
    for name in known_names(folder):
        try:
            every, proposed = versions(folder, name), proposals(folder, name)
        except SaysoError as error:
            problems.append(str(error))
            continue
        for version in every:
            place = {"set_name": name, "version": version.number, "latest": version is every[-1]}
            found["eval_sets"].append(place | _of_version(version))
            found["eval_cases"] += [place | _of_case(case) for case in version.cases]
        found["eval_candidates"] += [{"set_name": name} | _of_proposal(one) for one in proposed]
    return found


def _of_version(version: Version) -> Row:
    return {
        "created_at": version.created_at,
        "note": version.note,
        "cases": len(version.cases),
        "held_out": sum(case.split == "held_out" for case in version.cases),
        "with_expected": sum(case.expected is not None for case in version.cases),
        "added": sum(case.provenance.since_version == version.number for case in version.cases),
        "retired": len(version.retired),
        "sha256": version.sha256,
        "parent_sha256": version.parent,
    }


def _of_case(case: EvalCase) -> Row:
    """A case with what is known of its origin beside it, and not within."""
    row = case.row()
    origin = row.pop("provenance")
    ids = [one for one in origin["event_ids"] if UUID_TEXT.match(one)]
    return {**row, **origin, "event_ids": ids, "target": origin["target"] or None}


def _of_proposal(proposal: Proposal) -> Row:
    state = {"state": proposal.state, "changed_at": proposal.changed_at, "note": proposal.note}
    return _of_case(proposal.case) | state
