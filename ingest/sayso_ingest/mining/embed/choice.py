"""Which embedder a run uses: the one that was named, or by how much traffic there is.

A choice is made from the texts of the traffic, for one of the embedders is fitted on them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.mining.embed import package, static
from sayso_ingest.mining.embed.embedder import Embedder
from sayso_ingest.mining.embed.fitted import SvdEmbedder
from sayso_ingest.mining.embed.hashing import HashEmbedder
from sayso_ingest.mining.embed.minilm import MiniLmEmbedder
from sayso_ingest.mining.embed.static import Progress, StaticEmbedder

EmbedderChoice: TypeAlias = Callable[[Sequence[str]], Embedder]
"""Makes an embedder for traffic of these texts."""

ENOUGH = 200
"""Different texts from which on one that is fitted on them finds more than `hash`."""


def automatic(texts: Sequence[str]) -> Embedder:
    """`svd` where there is traffic enough to fit it on, else `hash`."""
    return SvdEmbedder.fit(texts) if len(set(texts)) >= ENOUGH else HashEmbedder()


def always(embedder: Embedder) -> EmbedderChoice:
    """The same embedder, whatever the traffic."""
    return lambda _: embedder


def choose_embedder(name: str, *, table: Path, progress: Progress = lambda _: None) -> EmbedderChoice:
    """The choice that a name stands for; `table` is where that of `static` is kept.

    Raises:
        UsageError: there is no such embedder.
        NotFound: its weights are not installed.
        SaysoError: its weights are not the known ones, or its table cannot be kept.
    """
    if name == "auto":
        return automatic
    if name == "hash":
        return always(HashEmbedder())
    if name == "svd":
        return SvdEmbedder.fit
    if name == "minilm":
        return always(MiniLmEmbedder(package.read_weights(package.installed())))
    if name == "static":
        return always(StaticEmbedder(_table(table, progress)))
    raise UsageError(f"There is no embedder {name!r}. Choose one of: auto, hash, svd, static, minilm.")


def _table(path: Path, progress: Progress) -> static.Table:
    kept = static.recall(path)
    if kept is not None:
        return kept
    folder = package.installed()
    if folder is None:
        raise NotFound(
            f"The table of `static` is made once from the weights of MiniLM, and these are not here (92 MB). Install "
            f"them with: {package.INSTALL} (once {path} is made, they are not needed any more)"
        )
    table = static.distil(package.read_weights(folder), progress)
    static.keep(path, table)
    return table
