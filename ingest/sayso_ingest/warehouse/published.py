"""Reading a published copy, as every room to the right of the warehouse does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from sayso_ingest.errors import NotFound, QueryError
from sayso_ingest.warehouse.connect import Connection, DriverError, is_question, open_published

FILE = "warehouse.duckdb"


class Published:
    """The published copy of a project, as it was when this object was made."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @classmethod
    def open(cls, project_folder: Path) -> Published:
        """Open the copy that is there now.

        Raises:
            NotFound: nothing has been published yet.
            WarehouseError: it cannot be opened.
        """
        if not project_folder.is_dir():
            others = sorted(path.parent.name for path in project_folder.parent.glob(f"*/{FILE}"))
            known = f"There are: {', '.join(others)}." if others else "There is none yet: run `sayso serve`."
            raise NotFound(f"There is no project {project_folder.name} in {project_folder.parent}. {known}")
        return cls(open_published(project_folder / FILE))

    def table(self, sql: str, params: Sequence[Any] = ()) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Run one question; return the column names and the rows.

        Raises:
            QueryError: it does not run, or it would write.
        """
        try:
            if not is_question(self._connection, sql):
                raise QueryError("Only SELECT is allowed here: the published copy is for reading.")
            result = self._connection.execute(sql, list(params) or None)
            if not hasattr(result, "description") or not result.description:
                raise QueryError("There is no statement in this SQL. Write a SELECT.")
            return _distinct([column[0] for column in result.description]), result.fetchall()
        except DriverError as error:
            raise QueryError(f"The query failed: {error}") from error

    def query(self, sql: str, params: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Run one question; return a dictionary per row.

        Raises:
            QueryError: it does not run, or it would write.
        """
        columns, rows = self.table(sql, params)
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def close(self) -> None:
        """Let go of the copy."""
        self._connection.close()

    def __enter__(self) -> Published:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _distinct(columns: list[str]) -> list[str]:
    """Number the later ones of columns of the same name, as DuckDB does in a table: a, a_1."""
    seen: dict[str, int] = {}
    names = []
    for column in columns:
        count = seen.get(column, 0)
        seen[column] = count + 1
        names.append(f"{column}_{count}" if count else column)
    return names
