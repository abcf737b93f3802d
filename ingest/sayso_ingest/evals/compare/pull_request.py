"""A gate as Markdown for a pull request: the sentence, the figures, and the worst losses with both answers.

Answers are texts of strangers: nothing in one may format the page, mention anybody, link or load anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sayso_ingest.evals.compare.comparison import Comparison, Part
from sayso_ingest.evals.compare.gating import Gate, Verdict
from sayso_ingest.evals.compare.pairs import ERASED, Pair
from sayso_ingest.evals.compare.words import details, points, signed
from sayso_ingest.excerpt import one_line

LOSSES = 10
"""Cases that got worse that are shown."""
LONG = 200
"""Characters of a text that are shown."""
SIGNS = {Verdict.PASS: "✅", Verdict.FAIL: "❌", Verdict.UNKNOWN: "❔"}
JOINER = "&#8288;"
"""Has no width, and parts a sign from the name that it would mention."""
_ISSUE = re.compile(r"(?i)\b(gh&#45;)(?=\d)")
_PLAIN = frozenset(" ,'\"?;%/")
"""Characters, besides letters and digits, that mean nothing in Markdown wherever they stand."""


def as_markdown(gate: Gate) -> str:
    """The gate as a comment on a pull request."""
    return "\n".join(_lines(gate)) + "\n"


def _lines(gate: Gate) -> Iterator[str]:
    found = gate.comparison
    yield f"### {SIGNS[gate.verdict]} sayso eval gate: {gate.verdict}"
    yield ""
    yield safe(gate.why)
    yield ""
    yield from _figures(found)
    yield ""
    for line in details(found):
        yield f"- {safe(line)}"
    if found.losses:
        yield ""
        yield f"<details><summary>{len(found.losses)} cases scored lower</summary>"
        yield ""
        yield from _losses(found.losses[:LOSSES])
        if len(found.losses) > LOSSES:
            yield f"\nand {len(found.losses) - LOSSES} more"
        yield ""
        yield "</details>"


def _figures(found: Comparison) -> Iterator[str]:
    yield f"| cases | | {safe(found.a.label)} | {safe(found.b.label)} | difference | 95 % interval | won | lost |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|"
    parts = [Part("all", found.cases, found.paired, 1.0), *found.splits, *found.strata, *found.topics]
    for part in parts:
        if paired := part.paired:
            low, high = signed(paired.interval.low), signed(paired.interval.high)
            name, means = safe(part.name or "no topic"), f"{points(paired.a.mean)} | {points(paired.b.mean)}"
            change = f"{signed(paired.difference)} | {low} to {high} | {paired.wins} | {paired.losses}"
            yield f"| {name} | {part.cases} | {means} | {change} |"


def table_of(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Rows as a table of Markdown, whatever is in their cells."""
    lines = [columns, ["---"] * len(columns), *rows]
    cells = [[one if one == "---" else _cell(str(one)) for one in line] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def _losses(losses: Sequence[Pair]) -> Iterator[str]:
    yield "| case | question | expected | before | after | score |"
    yield "|---|---|---|---|---|--:|"
    for pair in losses:
        yield (
            f"| {pair.case_id[:12]} | {_cell(pair.input)} | {_cell(pair.expected or '')} | {_cell(pair.a.output)} | "
            f"{_cell(pair.b.output)} | {points(pair.a.score)} to {points(pair.b.score)} |"
        )


def _cell(text: str | None) -> str:
    return safe(one_line(ERASED if text is None else text, LONG))


def safe(text: str) -> str:
    """The text as Markdown that shows it and does nothing else: what could mean anything is a number of HTML."""
    shown = "".join(letter if letter.isalnum() or letter in _PLAIN else _entity(letter) for letter in text)
    return _ISSUE.sub(rf"\1{JOINER}", shown)


def _entity(letter: str) -> str:
    if letter.isspace():
        return " "
    if not letter.isprintable():
        return "�"
    # Mentions are looked for once the page is made, when a number is a letter again.
    return f"&#{ord(letter)};" + JOINER * (letter in "@#")
