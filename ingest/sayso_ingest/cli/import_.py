"""import: past feedback from files, through the collector, with the same ids each time."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from sayso_ingest.cli.options import Command, say, with_settings
from sayso_ingest.cli.output import write_rows
from sayso_ingest.cli.sending import delivering, pairs, progress, url_option
from sayso_ingest.cli.terminal import escape
from sayso_ingest.errors import UsageError
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.backfill import Recipe, SourceRow

PREVIEW = 3


@dataclass(slots=True)
class _Bad:
    """What could not be made an event, or was refused: kept in a file, opened with the first of it."""

    path: Path
    open_files: ExitStack
    count: int = 0
    file: IO[str] | None = None
    reasons: Counter[str] = field(default_factory=Counter)

    def keep(self, row: SourceRow, why: str) -> None:
        """Write a row with its line and what is wrong with it."""
        if self.file is None:
            # Half of a surrogate pair becomes its JSON escape, which is pure ASCII.
            self.file = self.open_files.enter_context(
                self.path.open("w", encoding="utf-8", errors="backslashreplace")
            )
        line = {"line": row.line, "why": why, "row": row.fields or row.text}
        self.file.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
        self.count += 1
        self.reasons[why] += 1


@click.command(
    "import",
    cls=Command,
    short_help="Send past feedback from JSONL, CSV or Parquet.",
    examples="""
    sayso import events.jsonl
    sayso import thumbs.csv --kind thumb --map target=message_id --map value=rating --value 1=up --value 0=down
    sayso import ratings.parquet --kind rating --map target=answer --map value=stars --set min=1 --set max=5
    """,
)
@with_settings("host", "port")
@click.option(
    "--kind", metavar="KIND", help="What every row says (thumb, comment, rating, ...), where no column does."
)
@click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Which column holds a field, where its name is another one.",
)
@click.option(
    "--set", "constants", multiple=True, metavar="FIELD=VALUE", help="The same value for every row."
)
@click.option("--value", "values", multiple=True, metavar="OLD=NEW", help="Another word for a value: 1=up.")
@click.option("--dry-run", is_flag=True, help="Show the first events and count, and send nothing.")
@click.option(
    "--bad",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where bad rows are kept.  [default: FILE.bad.jsonl, beside FILE]",
)
@url_option
@click.argument("file", type=click.Path(path_type=Path))
def import_(
    settings: Settings,
    kind: str | None,
    columns: tuple[str, ...],
    constants: tuple[str, ...],
    values: tuple[str, ...],
    dry_run: bool,
    bad: Path | None,
    url: str | None,
    file: Path,
) -> int:
    """Send past feedback from a JSONL, CSV or Parquet FILE through the collector.

    A row gets the same id each time, in the order of its time: what is imported twice, or again after Ctrl-C,
    lands once. JSON lines that are events of the wire pass as they are.
    """
    from sayso_ingest.backfill import Recipe, columns_of

    recipe = Recipe(kind, pairs(columns, "--map"), pairs(constants, "--set"), pairs(values, "--value"))
    if (columns_there := columns_of(file)) is not None:
        recipe.check_columns(columns_there)
    with ExitStack() as open_files:
        kept = _Bad(_beside(file, bad), open_files)
        counts = _preview(file, recipe, kept) if dry_run else _import(settings, file, recipe, kept, url)
    if not (counts or kept.count):
        say(f"There are no rows in {file}.")
    if counts:
        write_rows(["result", "rows"], list(counts.items()))
    for why, n in kept.reasons.most_common(5):
        say(f"{_rows(n)}: {why}")
    if kept.count:
        say(
            f"What is bad ({_rows(kept.count)}) is kept in {kept.path}, with lines. Put it right and import that file."
        )
    return int(kept.count > 0)


def _rows(n: int) -> str:
    return f"{n} row{'s' if n != 1 else ''}"


def _beside(file: Path, bad: Path | None) -> Path:
    bad = bad or file.with_name(f"{file.name}.bad.jsonl")
    if bad.exists() and bad.samefile(file):
        raise UsageError(f"{bad} is the file that is read. Keep bad rows in another one.")
    return bad


def _objection(event: dict[str, Any]) -> str:
    """Say why a collector of this version refuses an event, and which of its fields; nothing where it takes it."""
    from sayso_ingest.backfill import encode
    from sayso_ingest.collector.sender import Sender
    from sayso_ingest.collector.steps import accept
    from sayso_ingest.event import Rejection

    # Whether a feedback token holds, only the collector knows, which has the project's keys.
    unsigned = {name: value for name, value in event.items() if name != "token"}
    found = accept(json.loads(encode(unsigned)), Sender("sk"))
    if not isinstance(found, Rejection):
        return ""
    detail = found.detail if isinstance(found.detail, dict) else {}
    return f"{found.reason}: {detail.get('message', found.detail)}"


def _preview(file: Path, recipe: Recipe, bad: _Bad) -> Counter[str]:
    from sayso_ingest.backfill import encode

    kinds: Counter[str] = Counter()
    ids: set[str] = set()
    shown = 0
    for row, event in _events(file, recipe, bad):
        if shown < PREVIEW:
            click.echo(escape(json.dumps(json.loads(encode(event)), ensure_ascii=False, indent=2)))
            shown += 1
        if objection := _objection(event):
            bad.keep(row, f"The collector would refuse it as {objection}")
            kinds[f"{event['kind']}, to be refused"] += 1
            continue
        kinds[f"{event['kind']}, to be sent"] += 1
        kinds["the same as another row"] += event["id"] in ids
        kinds["without a time, counted as of now"] += "occurred_at" not in event
        ids.add(event["id"])
    return +kinds


def _import(settings: Settings, file: Path, recipe: Recipe, bad: _Bad, url: str | None) -> Counter[str]:
    from sayso_ingest.backfill import count_rows, in_batches

    counts: Counter[str] = Counter()
    total = count_rows(file)
    rows = _encoded(file, recipe, bad)
    try:
        with delivering(settings, url) as deliverer, progress(total) as advance:
            for batch in in_batches(rows, size=lambda item: len(item[1])):
                outcomes = deliverer.send([event for _, event in batch])
                for (row, event), outcome in zip(batch, outcomes, strict=True):
                    counts["accepted" if outcome.accepted else f"rejected: {outcome.reason}"] += 1
                    if not outcome.accepted:
                        bad.keep(
                            row,
                            f"The collector refused it as {_objection(json.loads(event)) or outcome.reason}",
                        )
                advance(len(batch))
    except KeyboardInterrupt:
        say(
            f"Interrupted after {counts.total()} rows. Run the same again: what was sent keeps its ids, and lands once."
        )
        raise
    return counts


def _mended(row: SourceRow) -> SourceRow:
    """Take a line of a file of bad rows, which was put right, for the row in it."""
    inside = row.fields.get("row")
    if row.fields.keys() == {"line", "why", "row"} and isinstance(inside, dict):
        return replace(row, fields=inside)
    return row


def _encoded(file: Path, recipe: Recipe, bad: _Bad) -> Iterator[tuple[SourceRow, bytes]]:
    from sayso_ingest.backfill import BATCH_BYTES, encode

    for row, event in _events(file, recipe, bad):
        encoded = encode(event)
        if len(encoded) > BATCH_BYTES:  # the request would be refused whole
            bad.keep(row, f"It has more than {BATCH_BYTES} bytes, and no event may.")
        else:
            yield row, encoded


def _events(file: Path, recipe: Recipe, bad: _Bad) -> Iterator[tuple[SourceRow, dict[str, Any]]]:
    from sayso_ingest.backfill import Unmappable, read_rows, to_event

    for read in read_rows(file):
        row = _mended(read)
        try:
            if row.problem:
                raise Unmappable(row.problem)
            yield row, to_event(row.fields, recipe)
        except Unmappable as error:
            bad.keep(row, str(error))


COMMANDS = [import_]
