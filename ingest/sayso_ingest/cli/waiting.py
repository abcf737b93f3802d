"""What commands have in common that mine: they say how far they are, keep what they computed, and stop at Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sayso_ingest.cli.options import say
from sayso_ingest.event import JSON
from sayso_ingest.places import vectors_folder
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.mining import Embedder, EmbedderChoice, KeepingEmbedder, Query, VectorStore, Watch


class Run:
    """One run of mining: whom it tells how far it is, and the vectors that it keeps."""

    def __init__(self, store: VectorStore, watch: Watch) -> None:
        self.watch = watch
        self._store = store
        self._used: list[KeepingEmbedder] = []

    def keeping(self, choose: EmbedderChoice) -> EmbedderChoice:
        """The same choice, of an embedder that computes nothing which a run has computed before."""
        from sayso_ingest.mining import ColumnEmbedder, KeepingEmbedder

        def chosen(texts: Sequence[str]) -> Embedder:
            self.watch("Making the embedder", 0, 0)
            embedder = choose(texts)
            if isinstance(embedder, ColumnEmbedder):  # these are kept where they come from
                return embedder
            self._used.append(KeepingEmbedder(embedder, self._store, watch=self.watch))
            return self._used[-1]

        return chosen

    @property
    def kept(self) -> int:
        """Texts that were embedded and kept in this run."""
        return sum(embedder.kept for embedder in self._used)


@contextmanager
def running(
    settings: Settings, query: Query, cases: Sequence[Mapping[str, JSON]] | None = None
) -> Iterator[Run]:
    """Show how far a run is while the block lasts; then, given the cases of a set, let go of what is gone.

    Gone are the vectors of questions that are neither in the traffic nor among those `cases`.

    Interrupted, it says in one line what is kept.
    """
    from sayso_ingest.mining import VectorStore, forget_gone

    store = VectorStore(vectors_folder(settings.project_folder), say=say)
    with shown() as watch:
        run = Run(store, watch)
        try:
            yield run
        except KeyboardInterrupt:
            watch("", 0, 0)
            say(
                f"Interrupted. {run.kept:,} questions were embedded by this run and are kept: the same command goes on "
                "from there."
                if run.kept
                else "Interrupted. Nothing was changed; the same command can be run again."
            )
            raise
        if cases is not None:
            forget_gone(store, query, cases=[case["input"] for case in cases])


@contextmanager
def shown() -> Iterator[Callable[[str, int, int], None]]:
    """A line on standard error that says what is done now, where a terminal is."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        redirect_stdout=False,  # results go where they are sent
        disable=not console.is_terminal,
    ) as bar:
        task = bar.add_task("", total=None)
        yield lambda what, done, of: bar.update(task, description=what, completed=done, total=of or None)
