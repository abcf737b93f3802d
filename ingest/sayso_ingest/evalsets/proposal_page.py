"""The page that goes along with candidates in a pull request: counts, coverage, and each case with its reason.

Texts of people stand in fences: there a text is only a text, and nobody is called, shown an image or sent to a link.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sayso_ingest.evalsets.case import EvalCase
from sayso_ingest.excerpt import cut
from sayso_ingest.mining import Basis, MeasuredLevel

LONG = 600
"""Characters of a text that the page shows; the file beside it has all of them."""
SHORT_ID = 12
_BASES: Mapping[Basis, str] = {
    "said": "somebody spoke against the answer",
    "guessed": "nobody did, and mining guesses",
}


@dataclass(frozen=True, slots=True)
class Covered:
    """Coverage of traffic by the set as it is, and as it would be with all of the candidates."""

    before: Sequence[MeasuredLevel]
    after: Sequence[MeasuredLevel]


def proposal_page(
    name: str, cases: Sequence[EvalCase], *, covered: Covered, relied: Sequence[str] = (), date: str
) -> str:
    """The page as Markdown. `relied`: what the picks rest on, a line each."""
    return "\n".join(_lines(name, cases, covered, relied, date)) + "\n"


def _lines(
    name: str, cases: Sequence[EvalCase], covered: Covered, relied: Sequence[str], date: str
) -> Iterator[str]:
    yield f"# {len(cases)} candidates for {name}, {date}\n"
    yield from _counts(cases)
    if relied:
        yield "\nWhat the picks rest on:\n"
        yield from (f"- {line}" for line in relied)
    yield "\n## Coverage\n"
    yield "| traffic in a topic with at least | now | with all of these |\n| --- | --- | --- |"
    for before, after in zip(covered.before, covered.after, strict=True):
        yield f"| {before.at_least} {_cases(before.at_least)} | {_share(before)} | {_share(after)} |"
    yield "\n## Take them\n"
    yield "Nothing here is in a version yet. Look at each, decline what should not be asked again, promote the rest:\n"
    yield f"    sayso evalset decline {name} CASE --note WHY"
    yield f"    sayso evalset promote {name} --all --out TREE"
    yield "\n## The candidates"
    for number, case in enumerate(cases, start=1):
        yield from _case(number, case)


def _counts(cases: Sequence[EvalCase]) -> Iterator[str]:
    bases = Counter(case.provenance.evidence or "random" for case in cases)
    for basis, meaning in _BASES.items():
        if bases[basis]:
            yield f"- {bases[basis]}: {meaning}"
    if bases["random"]:
        yield f"- {bases['random']}: drawn at random, so that rates stay unbiased"
    yield f"- {sum(case.expected is not None for case in cases)} have an expected answer that people gave"


def _case(number: int, case: EvalCase) -> Iterator[str]:
    yield f"\n### {number}. {case.case_id[:SHORT_ID]}\n"
    said = {
        "asked": case.input,
        "answered": case.output,
        "expected": case.expected,
        "why": case.provenance.reason,
        "topic": case.topic,
        "prompt": " ".join(filter(None, (case.provenance.prompt_name, case.provenance.prompt_version))),
        "target": case.provenance.target,
    }
    body = "\n".join(f"{label + ':':<10}{_short(text)}" for label, text in said.items() if text)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", body)), default=0))
    yield f"{fence}text\n{body}\n{fence}"


def _short(text: str) -> str:
    """A text on lines of its own that are indented, without what controls a terminal."""
    lines = [
        "".join(c for c in line if c.isprintable() or c == "\t") for line in cut(text, LONG).splitlines()
    ]
    return ("\n" + " " * 10).join(lines)


def _share(level: MeasuredLevel) -> str:
    return f"{level.share:.0%} [{level.low:.0%} to {level.high:.0%}]"


def _cases(count: int) -> str:
    return "case" if count == 1 else "cases"
