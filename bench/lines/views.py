"""What analysts ask every day, over many events: how long each question takes on the published copy, and each page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.figure import Beside, Figure
from bench.load.pages import EMPTY, Load, load
from bench.load.warehouse import ask, fill
from bench.run import Run

ALLOWED = 1.0
"""Seconds."""
ALLOWED_OF_FEW = 0.3
"""Seconds of a page over as many events as somebody has who tries it."""
FEW = 20_000


def measure(run: Run) -> Iterator[Figure]:
    count, project = run.size(10_000_000, 2_000), run.folder / "default"
    fill(project, events=count).close()
    asked = sorted(ask(project, rounds=run.size(3, 1)), key=lambda answer: answer[1], reverse=True)
    (slowest, took, _), *others = asked
    over = sum(seconds >= ALLOWED for _, seconds, _ in asked)
    yield Figure(
        f"the slowest of {len(asked)} everyday questions over {count / 1e6:g} M events ({over} over 1 s): {slowest}",
        took,
        "s",
        [Beside(name, seconds) for name, seconds, _ in others],
        "each < 1 s",
        took < ALLOWED,
    )
    yield from _pages(project, count, ALLOWED, rounds=1, inner=not run.quick)
    if not run.quick:
        few = run.folder / "few"
        fill(few, events=FEW).close()
        yield from _pages(few, FEW, ALLOWED_OF_FEW, rounds=3)


def _pages(project: Path, count: int, allowed: float, *, rounds: int, inner: bool = True) -> Iterator[Figure]:
    """How long the slowest page takes at first, again, and of a new copy; beside one that asks nothing of the copy."""
    pages = list(load(project, rounds=rounds, inner=inner))
    empty = next(page for page in pages if page.path == EMPTY)
    for what, of in (
        ("for the first time", _first),
        ("again, of the same copy", _kept),
        ("as soon as there is a new copy", _flipped),
    ):
        slowest, *others = sorted(pages, key=of, reverse=True)
        over = sum(of(page) >= allowed for page in pages)
        yield Figure(
            f"the slowest of {len(pages)} pages of the console over {count / 1e6:g} M events, {what} "
            f"({over} over {allowed:g} s): {slowest.path}",
            of(slowest),
            "s",
            [
                Beside(f"{EMPTY}, which asks nothing", of(empty)),
                *(Beside(page.path, of(page)) for page in others),
            ],
            f"each < {allowed:g} s",
            of(slowest) < allowed,
        )


def _first(page: Load) -> float:
    return page.first


def _kept(page: Load) -> float:
    return page.kept


def _flipped(page: Load) -> float:
    return page.flipped
