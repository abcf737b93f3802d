"""A function of the user's own answers cases."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from sayso_ingest.evals.systems.calls import Calls
from sayso_ingest.evals.systems.spoken import as_row, malformed, read_answer
from sayso_ingest.evals.systems.system import Answer, Asked
from sayso_ingest.event import JSON
from sayso_ingest.excerpt import one_line
from sayso_ingest.models import Budget, Outcome, find_function

_SHOWN = 500


class FunctionSystem:
    """Calls `module:function` with a case as a dict; it returns a text, or a dict with `output`.

    It is called in several threads at once, and what was begun is waited for, however long it takes.
    """

    def __init__(
        self,
        name: str,
        *,
        budget: Budget | None = None,
        hung_up: threading.Event | None = None,
    ) -> None:
        """Find the function, in the current folder too; once `hung_up` is set it is not called.

        Raises:
            UsageError: there is none, or it cannot be imported.
        """
        self._name: Final = name
        self._function: Final[Callable[..., Any]] = find_function(name, example="answers:answer")
        self._calls: Final = Calls(
            budget, hung_up, advice=f"Call it by hand with a case, or name another than {name}."
        )

    @property
    def budget(self) -> Budget:
        """What counts its calls."""
        return self._calls.budget

    @property
    def name(self) -> str:
        """The function, as `module:function`."""
        return self._name

    @property
    def settings(self) -> Mapping[str, JSON]:
        """That it is a function: which one its name says."""
        return {"kind": "function"}

    def answer(self, asked: Asked) -> Answer:
        """Call the function; what it raises is the end of this case alone.

        Raises:
            ModelRefused: it failed several times in a row, and never did anything else.
        """
        return self._calls.make(asked, self._call)

    def close(self) -> None:
        """Nothing is held open."""

    def _call(self, asked: Asked) -> Answer:
        begun = time.perf_counter()
        try:
            said = self._function(as_row(asked))
        except (Exception, SystemExit) as error:  # whatever a function of the user's own may raise
            answer = Answer(Outcome.REFUSED, problem=f"{self._name} raised {_told(error)}")
        else:
            answer = self._read(said, asked)
        return replace(answer, latency_ms=(time.perf_counter() - begun) * 1000)

    def _read(self, said: Any, asked: Asked) -> Answer:
        if not isinstance(said, str | dict):
            problem = f'{self._name} returned a {type(said).__name__}. Return a text, or {{"output": TEXT}}'
            return malformed(problem, asked)
        try:
            return read_answer(said, asked)
        except ValueError as error:
            return malformed(f"what {self._name} returned cannot be read: {error}", asked)


def _told(error: BaseException) -> str:
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return one_line(said, _SHOWN)
