"""What the manuals say was proved or measured: the thirty things about widgets, and what it costs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
FIREFOX = ROOT / "tests" / "browser" / "firefox"
ITEMS = range(1, 31)


class Item(NamedTuple):
    """A row of the table."""

    where: str
    in_firefox: bool

    @property
    def files(self) -> set[str]:
        return set(re.findall(r"`([^` ]+\.(?:py|js))`", self.where))

    @property
    def gives_a_reason(self) -> bool:
        return "not run: " in self.where or "`npm run check`" in self.where


def listed() -> dict[int, Item]:
    """The table of the manual."""
    manual = (ROOT / "widgets" / "README.md").read_text()
    section = manual.split("## What was proved, and what was not\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (\d+) \| [^|]+ \| ([^|]+) \| (yes)? *\|$", section, re.M)
    return {int(item): Item(where, bool(yes)) for item, where, yes in rows}


def found() -> dict[int, set[Path]]:
    """The names of tests: item -> files."""
    items: dict[int, set[Path]] = {}
    for file in (*(ROOT / "tests").rglob("test_*.py"), *(ROOT / "widgets" / "test").glob("*.test.js")):
        for numbers in re.findall(r"\btest_(?:mode_\d\d_)?item_((?:\d\d_)+)", file.read_text()):
            for number in numbers.split("_")[:-1]:
                items.setdefault(int(number), set()).add(file)
    return items


def named(file: Path) -> str:
    """A file as the table names it."""
    return file.name if file.suffix == ".js" else str(file.relative_to(ROOT / "tests"))


def test_every_item_is_in_the_table_with_all_files_that_test_it_or_a_reason() -> None:
    table, tests = listed(), found()
    assert list(table) == list(ITEMS)
    where = {
        item: {named(file) for file in tests.get(item, ()) if FIREFOX not in file.parents} for item in ITEMS
    }
    assert {item: row.files for item, row in table.items()} == where
    assert [item for item, row in table.items() if not row.files and not row.gives_a_reason] == []


def test_the_table_says_what_firefox_was_held_to() -> None:
    told = {item for item, row in listed().items() if row.in_firefox}
    assert told == {item for item, files in found().items() if any(FIREFOX in file.parents for file in files)}


def test_what_the_readme_says_it_costs_was_measured() -> None:
    """To two digits, by the bench's last results."""
    lines = json.loads((ROOT / "bench" / "results" / "latest.json").read_text())["lines"]
    said = re.sub(r"\s+", " ", (ROOT / "README.md").read_text())
    claims = {
        ("caller", "thumb(): p50"): r"`thumb\(\)` takes ([\d.]+) µs",
        ("servers", "the collector behind granian, single posts"): r"makes ([\d,]+) single posts",
        (
            "batches",
            "batches of 100, durable, validated, 562 bytes an event",
        ): r"or ([\d,]+) events in batches",
        ("lander", "landing 1,500,000 events, published every 1 s"): r"; ([\d,]+) a second become rows",
    }
    for (line, what), claim in claims.items():
        [measured] = [one["value"] for one in lines[line]["figures"] if one["what"] == what]
        found = re.search(claim, said)
        assert found, claim
        assert float(found[1].replace(",", "")) == float(f"{measured:.2g}"), (line, measured)
