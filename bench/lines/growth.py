"""Whether landing slows down as the warehouse grows: new ids, ids without order, and events that come again late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import chain
from pathlib import Path

from sayso_ingest.places import log_folder

from bench.figure import Beside, Figure
from bench.load.landing import land
from bench.load.records import accepted, write_log
from bench.load.traffic import BEGAN, events, uuid4, uuid7_from
from bench.load.warehouse import fill
from bench.run import Run

LATER = timedelta(days=300)
AGAIN = 0.05


def measure(run: Run) -> Iterator[Figure]:
    stored, count = run.size(10_000_000, 20_000), run.size(400_000, 2_000)
    early = list(accepted(events(int(count * AGAIN), new_id=uuid7_from())))
    batches = {
        "new ids of version 7": list(accepted(events(count, new_id=uuid7_from(BEGAN + LATER), seed=2))),
        "ids of version 4": list(accepted(events(count, new_id=uuid4, seed=3))),
        f"{AGAIN:.0%} late repeats": _with_repeats(count, early),
    }
    grown = run.folder / "grown"
    _rate(grown, early)
    fill(grown, events=stored).close()
    for name, batch in batches.items():
        empty = run.folder / f"empty {name}"
        if name.endswith("repeats"):
            _rate(empty, early)  # what is to be repeated must be there
        small, (big, opened_in) = _rate(empty, batch), _rate(grown, batch)
        yield Figure(
            f"landing with {stored / 1e6:g} M events stored, {name}",
            big,
            "events/s",
            [Beside("with none stored", small[0])],
            ">= 80 %",
            big >= 0.8 * small[0],
            note=f"opened in {opened_in:.1f} s",
        )


def _with_repeats(count: int, early: Sequence[bytes]) -> list[bytes]:
    """New events, and among them, evenly, those from early on."""
    new = list(accepted(events(count - len(early), new_id=uuid7_from(BEGAN + 2 * LATER), seed=4)))
    every = len(new) // len(early)
    return list(
        chain.from_iterable(
            [again, *new[number * every : (number + 1) * every]] for number, again in enumerate(early)
        )
    )


def _rate(project: Path, batch: Sequence[bytes]) -> tuple[float, float]:
    """Events read and settled a second, and the seconds that opening took."""
    write_log(log_folder(project), batch, project=project.name)
    landing = land(project)
    return len(batch) / landing.seconds, landing.opened_in
