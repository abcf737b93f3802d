"""What was measured, kept as JSON line by line, and the table made from it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.figure import Beside, Figure, short
from bench.lines.delivery import CLIENTS
from bench.machine import describe

LATEST = Path(__file__).parent / "results" / "latest.json"
README = Path(__file__).parent / "README.md"
DELIVERY = "delivery"
SHOWN = 8
"""How many things that stand beside a figure its cell names; all of them are kept."""
BEGIN, END = "<!-- table: make bench -->", "<!-- end of table -->"


class Results:
    """The figures of every line as they were last measured; each is written as soon as it is there."""

    def __init__(self, file: Path = LATEST, page: Path = README, begin: str = BEGIN) -> None:
        self._file = file
        self._page = page
        self._begin = begin
        self._held: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {"lines": {}}

    def keep(self, line: str, figures: list[Figure], *, seconds: float, versions: Mapping[str, str]) -> None:
        """Replace what is held of one line."""
        self._held["machine"] = describe()
        self._held["versions"] = {**self._held.get("versions", {}), **versions}
        self._held["lines"][line] = {
            "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "took_s": round(seconds),
            "figures": [figure.as_json() for figure in figures],
        }
        self._file.parent.mkdir(exist_ok=True)
        draft = self._file.with_suffix(".draft")
        draft.write_text(json.dumps(self._held, indent=1, ensure_ascii=False) + "\n")
        draft.replace(self._file)

    def markdown(self, order: list[str]) -> str:
        """All of it as the README shows it; what clients deliver is a table of its own, a column for each."""
        parts = [self._about(), _table([(name, figure) for name in order for figure in self._figures(name)])]
        if delivered := self._figures(DELIVERY):
            parts.append(_matrix(delivered))
        return "\n\n".join(part for part in parts if part) + "\n"

    def _figures(self, line: str) -> list[Figure]:
        held = self._held["lines"].get(line, {"figures": []})
        return [Figure.from_json(figure) for figure in held["figures"]]

    def _about(self) -> str:
        machine, versions = self._held.get("machine", {}), sorted(self._held.get("versions", {}).items())
        if not machine:
            return ""
        named = [
            ", ".join(f"{name} {value}" for name, value in pairs) for pairs in (machine.items(), versions)
        ]
        return f"Measured on {named[0]}.\nWith {named[1]}."

    def write_readme(self, order: list[str]) -> None:
        """Put the table between its marks."""
        head, rest = self._page.read_text().split(self._begin)
        self._page.write_text(f"{head}{self._begin}\n{self.markdown(order)}{END}{rest.split(END)[1]}")


def _table(figures: list[tuple[str, Figure]]) -> str:
    rows = [["line", "what", "figure", "beside it, in the same run", "ratio", "goal", "met"], ["---"] * 7]
    rows += [[f"`{name}`", *cells(figure)] for name, figure in figures if name != DELIVERY]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _matrix(figures: list[Figure]) -> str:
    rows = [["`delivery`: what arrives when", *CLIENTS], ["---"] * (1 + len(CLIENTS))]
    for figure in figures:
        ours = f"{'' if figure.met else '**not met** '}{figure.value:.0f} {figure.note}"
        rows.append([figure.what, ours, *(f"{peer.value:.0f} {peer.note}" for peer in figure.beside)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def cells(figure: Figure) -> Iterator[str]:
    """The cells of a row."""
    yield figure.what + (f" ({figure.note})" if figure.note else "")
    yield f"{short(figure.value)} {figure.unit}".strip()
    shown, more = figure.beside[:SHOWN], len(figure.beside) - SHOWN
    yield "; ".join(_beside(other, figure) for other in shown) + (f"; {more} more" if more > 0 else "")
    yield f"{figure.ratio:.2f}" if figure.ratio is not None else ""
    yield figure.goal
    yield {True: "yes", False: "**no**", None: ""}[figure.met]


def _beside(other: Beside, figure: Figure) -> str:
    said = f"{other.name} {short(other.value)} {figure.unit}".strip()
    return f"{said} ({other.note})" if other.note else said
