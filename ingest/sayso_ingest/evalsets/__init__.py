"""Candidates in, immutable versions of eval sets out: candidate, reviewed or declined, promoted, retired.

A version is a folder with the cases and a manifest; it is written once and never changed. The room must not
decide which case is worth having (mining does, or a person) or run one (evals does).
"""

from sayso_ingest.evalsets.by_hand import case_of, find_cases, read_heard, written_case
from sayso_ingest.evalsets.candidates import (
    Proposal,
    State,
    decline_candidates,
    declined_cases,
    known_names,
    locked,
    proposals,
    propose,
    review_candidates,
)
from sayso_ingest.evalsets.case import EvalCase, Provenance
from sayso_ingest.evalsets.changes import add_cases, promote_candidates, retire_cases
from sayso_ingest.evalsets.check import (
    Asked,
    Flag,
    Problem,
    Traffic,
    check_cases,
    made_at,
    read_traffic,
)
from sayso_ingest.evalsets.copied import check_room, write_copy
from sayso_ingest.evalsets.delivered import deliver, undelivered
from sayso_ingest.evalsets.difference import Difference, compare
from sayso_ingest.evalsets.erasure import (
    TOMBSTONE,
    Belonging,
    Erased,
    count_erasable,
    erase_cases,
    kept_cases,
)
from sayso_ingest.evalsets.files import (
    decode_lines,
    encode_lines,
    is_name,
    reachable,
    replace_durably,
    stamp,
    write_durably,
)
from sayso_ingest.evalsets.lineage import Told, lineage
from sayso_ingest.evalsets.next_version import named_case, promote
from sayso_ingest.evalsets.proposal_page import Covered, proposal_page
from sayso_ingest.evalsets.published import rows_of_sets
from sayso_ingest.evalsets.repository import Repository
from sayso_ingest.evalsets.split import HELD_OUT_OF, Split, split_of
from sayso_ingest.evalsets.summary import Summary, summaries
from sayso_ingest.evalsets.synthetic import synthetic_case, unreviewed
from sayso_ingest.evalsets.twins import near_twins
from sayso_ingest.evalsets.version import (
    Retirement,
    Version,
    all_versions,
    latest,
    read,
    set_names,
    versions,
)

__all__ = [
    "HELD_OUT_OF",
    "TOMBSTONE",
    "Asked",
    "Belonging",
    "Covered",
    "Difference",
    "Erased",
    "EvalCase",
    "Flag",
    "Problem",
    "Proposal",
    "Provenance",
    "Repository",
    "Retirement",
    "Split",
    "State",
    "Summary",
    "Told",
    "Traffic",
    "Version",
    "add_cases",
    "all_versions",
    "case_of",
    "check_cases",
    "check_room",
    "compare",
    "count_erasable",
    "decline_candidates",
    "declined_cases",
    "decode_lines",
    "deliver",
    "encode_lines",
    "erase_cases",
    "find_cases",
    "is_name",
    "kept_cases",
    "known_names",
    "latest",
    "lineage",
    "locked",
    "made_at",
    "named_case",
    "near_twins",
    "promote",
    "promote_candidates",
    "proposal_page",
    "proposals",
    "propose",
    "reachable",
    "read",
    "read_heard",
    "read_traffic",
    "replace_durably",
    "retire_cases",
    "review_candidates",
    "rows_of_sets",
    "set_names",
    "split_of",
    "stamp",
    "summaries",
    "synthetic_case",
    "undelivered",
    "unreviewed",
    "versions",
    "write_copy",
    "write_durably",
    "written_case",
]
