"""The embedder that looks vectors up which users made themselves: a column of a table, by target.

The table is one that the setting `attach` names. What is asked for are texts, as of every embedder: those of the
interactions with that target, and of eval cases that came from it. A text with several vectors has their mean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from sayso_ingest.errors import QueryError, UsageError
from sayso_ingest.mining.arrays import Vectors, unit
from sayso_ingest.mining.rows import Query

LARGEST = 16_384
"""Dimensions of a vector."""


@dataclass(frozen=True, slots=True)
class _Made:
    """What the whole column says of itself."""

    vectors: int
    width: int
    digest: int


class ColumnEmbedder:
    """The user's own vectors. A text that has none gives zeros."""

    shared: Final = 0
    """Directions for the centring to take away: as of `minilm`, for such models are alike in this."""

    def __init__(
        self,
        query: Query,
        name: str,
        *,
        targets: Mapping[str, str] | None = None,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`name` is TABLE.COLUMN; `targets` says of texts which target they came from, besides those of interactions.

        `tell` is told how many texts have no vector.

        Raises:
            UsageError: there is no such column of vectors by `target`, or they are not all of one length.
        """
        self._query: Final = query
        self._table, _, self._column = name.rpartition(".")
        self._name: Final = name
        self._targets: Final = dict(targets or {})
        self._tell: Final = tell
        self._made: Final = self._look()

    @property
    def id(self) -> str:
        """The column and its dimensions, and the beginning of a hash of all its vectors."""
        return f"column:{self._name}-{self._made.width}-{self._made.digest & (2**48 - 1):012x}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One float32 row of length 1 for each text, in order; zeros where it has no vector."""
        place = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        sums = np.zeros((len(place), self._made.width), dtype=np.float64)
        for row in self._query(self._sql, [list(place), *self._known(place)]):
            vector = np.array(row["vector"], dtype=np.float64)
            sums[place[row["text"]]] += vector / max(float(np.linalg.norm(vector)), 1e-12)
        if missing := int((~sums.any(axis=1)).sum()):
            self._tell(
                f"{missing} of {len(place)} questions have no vector in {self._name}, and are like no other."
            )
        return unit(sums.astype(np.float32))[[place[text] for text in texts]]

    def _known(self, place: Mapping[str, int]) -> tuple[list[str], list[str]]:
        known = [(text, self._targets[text]) for text in place if text in self._targets]
        return [text for text, _ in known], [target for _, target in known]

    @property
    def _sql(self) -> str:
        return f"""
            WITH wanted AS (
                SELECT input AS text, target FROM interactions WHERE input IN (SELECT unnest(?::VARCHAR[]))
                UNION SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])
            )
            SELECT w.text, v.{_quoted(self._column)}::FLOAT[] AS vector
            FROM wanted w JOIN {self._from} v ON v.target::VARCHAR = w.target
            WHERE v.{_quoted(self._column)} IS NOT NULL
            ORDER BY w.text, w.target
        """  # noqa: S608 - names cannot be parameters; they are quoted

    @property
    def _from(self) -> str:
        return ".".join(map(_quoted, self._table.split(".")))

    def _look(self) -> _Made:
        column = f"{_quoted(self._column)}::FLOAT[]"
        sql = f"""
            SELECT count(vector) AS vectors, min(len(vector)) AS shortest, max(len(vector)) AS longest,
                coalesce(bit_xor(hash(target, vector)), 0) AS digest,
                count(vector) FILTER (NOT list_bool_and([isfinite(x) FOR x IN vector])) AS broken
            FROM (SELECT target::VARCHAR AS target, {column} AS vector FROM {self._from})
        """  # noqa: S608 - as above
        try:
            [found] = self._query(sql, [])
        except QueryError as error:
            raise UsageError(
                f"--embedder column:{self._name} needs a table {self._table} with a column `target` and a column "
                f"{self._column} of lists of numbers. Name its file with --attach. ({error})"
            ) from error
        if not found["vectors"]:
            raise UsageError(f"{self._name} has no vector. Fill it, or take another --embedder.")
        if found["shortest"] != found["longest"] or not 0 < found["longest"] <= LARGEST:
            raise UsageError(
                f"The vectors of {self._name} have {found['shortest']} to {found['longest']} dimensions. Make them all "
                "by the same model."
            )
        if found["broken"]:
            raise UsageError(
                f"{found['broken']} vectors of {self._name} are not finite. Mend them, or leave them null."
            )
        return _Made(found["vectors"], found["longest"], found["digest"])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
