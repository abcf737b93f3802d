"""What was measured, kept as JSON line by line, and the table made from it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.figure import Beside, Figure, short
from bench.machine import describe

LATEST = Path(__file__).parent / "results" / "latest.json"
README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- table: make bench -->", "<!-- end of table -->"


class Results:
    """The figures of every line as they were last measured; each is written as soon as it is there."""

    def __init__(self, file: Path = LATEST) -> None:
        self._file = file
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
        """All of it as the README shows it."""
        machine = self._held.get("machine", {})
        versions = self._held.get("versions", {})
        lines = [
            f"Measured on {', '.join(f'{name} {value}' for name, value in machine.items())}."
            if machine
            else "",
            f"With {', '.join(f'{name} {value}' for name, value in sorted(versions.items()))}."
            if versions
            else "",
            "",
            "| | what | figure | beside it, in the same run | ratio | goal | met |",
            "|---|---|--:|---|--:|---|---|",
        ]
        for name in order:
            held = self._held["lines"].get(name)
            for figure in map(Figure.from_json, held["figures"] if held else []):
                lines.append("| " + " | ".join([f"`{name}`", *cells(figure)]) + " |")
        return "\n".join(lines).strip() + "\n"

    def write_readme(self, order: list[str], page: Path = README) -> None:
        """Put the table between its marks."""
        head, rest = page.read_text().split(BEGIN)
        page.write_text(f"{head}{BEGIN}\n{self.markdown(order)}{END}{rest.split(END)[1]}")


def cells(figure: Figure) -> Iterator[str]:
    """The cells of a row."""
    yield figure.what + (f" ({figure.note})" if figure.note else "")
    yield f"{short(figure.value)} {figure.unit}".strip()
    yield "; ".join(_beside(other, figure) for other in figure.beside)
    yield f"{figure.ratio:.2f}" if figure.ratio is not None else ""
    yield figure.goal
    yield {True: "yes", False: "**no**", None: ""}[figure.met]


def _beside(other: Beside, figure: Figure) -> str:
    said = f"{other.name} {short(other.value)} {figure.unit}".strip()
    return f"{said} ({other.note})" if other.note else said
