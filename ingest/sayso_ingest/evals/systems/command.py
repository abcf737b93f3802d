"""A command answers cases: a case on its standard input, the answer on its standard output."""

from __future__ import annotations

import json
import shlex
import shutil
import signal
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Final

from sayso_ingest.errors import ModelRefused, UsageError
from sayso_ingest.evals.systems.calls import Calls
from sayso_ingest.evals.systems.process import By, Ended, run
from sayso_ingest.evals.systems.spoken import as_json, as_row, malformed, read_answer
from sayso_ingest.evals.systems.system import Answer, Asked
from sayso_ingest.event import JSON
from sayso_ingest.excerpt import one_line
from sayso_ingest.models import ANSWER_TIMEOUT, Budget, Outcome
from sayso_ingest.parsers import without_secrets

LARGEST = 16 * 2**20
"""Bytes of an answer."""
NOT_NOW = 75
"""The exit code (EX_TEMPFAIL of sysexits.h) with which a command says that it could not, and may the next time."""
_SHOWN = 500


class CommandSystem:
    """Starts a command for each case, without a shell; it and all that it starts end when its time is over.

    It writes a text, or a JSON object with `output`. Whatever else it ends with than 0 is its own failure. Its words
    are in manifests, but for what a URL among them keeps secret: keys go in the environment.
    """

    def __init__(
        self,
        text: str,
        *,
        answer_within: float = ANSWER_TIMEOUT,
        budget: Budget | None = None,
        hung_up: threading.Event | None = None,
    ) -> None:
        """Take the command as a shell would spell it; once `hung_up` is set none is started, and what runs is ended.

        Raises:
            UsageError: it cannot be read, or there is no such command.
        """
        self._words: Final = _words(text)
        self._name: Final = shlex.join(
            without_secrets(word) if "://" in word else word for word in self._words
        )
        self._within: Final = answer_within
        self._calls: Final = Calls(
            budget,
            hung_up,
            advice="Run it by hand with a case on its standard input, or name another --command.",
        )

    @property
    def budget(self) -> Budget:
        """What counts its calls."""
        return self._calls.budget

    @property
    def name(self) -> str:
        """The command, without secrets of URLs in it."""
        return self._name

    @property
    def settings(self) -> Mapping[str, JSON]:
        """That it is a command: which one its name says."""
        return {"kind": "command"}

    def answer(self, asked: Asked) -> Answer:
        """Run the command for a case.

        Raises:
            ModelRefused: it cannot be started, or failed several times in a row and never did anything else.
            ModelUnavailable: several times in a row it was not done in time.
        """
        return self._calls.make(asked, self._run)

    def close(self) -> None:
        """Nothing is held open."""

    def _run(self, asked: Asked) -> Answer:
        begun = time.perf_counter()
        try:
            told = json.dumps(as_row(asked)).encode()
            ended = run(self._words, told, within=self._within, largest=LARGEST, hung_up=self._calls.hung_up)
        except OSError as error:
            raise ModelRefused(
                f"{self._name} cannot be started ({error.strerror}). Name another --command."
            ) from error
        answer = self._read(ended, asked)
        is_stopped = answer.outcome is Outcome.STOPPED
        return answer if is_stopped else replace(answer, latency_ms=(time.perf_counter() - begun) * 1000)

    def _read(self, ended: Ended, asked: Asked) -> Answer:
        if ended.by is By.STOP:
            return Answer(Outcome.STOPPED, problem="the run was stopped")
        if ended.by is By.TIME:
            problem = f"{self._name} was not done after {self._within:g} s, and was ended"
            return Answer(Outcome.UNAVAILABLE, problem=problem)
        if ended.by is By.SIZE:
            return malformed(f"{self._name} wrote more than {LARGEST >> 20} MB, and was ended", asked)
        if ended.code:
            said = (
                one_line(ended.last_errors.decode("utf-8", "replace")[-_SHOWN:], _SHOWN) or "it said nothing"
            )
            outcome = Outcome.UNAVAILABLE if ended.code == NOT_NOW else Outcome.REFUSED
            return Answer(outcome, problem=f"{self._name} {_how(ended.code)}: {said}")
        text = ended.output.decode("utf-8", "replace")
        said_json = as_json(text)
        is_object = isinstance(said_json, dict) and "output" in said_json
        try:
            return read_answer(said_json if is_object else text.rstrip("\r\n"), asked)
        except ValueError as error:
            return malformed(f"what {self._name} wrote cannot be read: {error}", asked)


def _words(text: str) -> list[str]:
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise UsageError(f"The command {text!r} cannot be read ({error}). Write it as in a shell.") from error
    if not words:
        raise UsageError(
            "--command names no command. Write it as in a shell, for instance 'python answer.py'."
        )
    if shutil.which(words[0]) is None:
        raise UsageError(
            f"There is no command {words[0]!r}, or it may not be run. Write its path, or see that it is on the PATH."
        )
    return words


def _how(code: int) -> str:
    if code >= 0:
        return f"ended with {code}"
    with suppress(ValueError):
        return f"was ended by {signal.Signals(-code).name}"
    return f"was ended by signal {-code}"
