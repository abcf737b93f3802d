"""One address of a model's endpoint, asked with JSON until it answers: attempts, patience, and no answer too large.

Nothing is believed of an endpoint: it may be busy, silent, gone, or never done. What may pass is asked again, after
the time that the endpoint asks for; the rest is refused with a message that says what to do.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final, NoReturn

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, stop_before_delay

from sayso_ingest.errors import ModelRefused, ModelUnavailable, UsageError

CONNECT_TIMEOUT = 5.0
ANSWER_TIMEOUT = 60.0
PATIENCE = 180.0
"""Seconds that one question may take with all its attempts, however slowly an answer drips."""
ATTEMPTS = 5
BACKOFF = 1.0
"""Seconds before the second attempt; twice as many before each further one, and more where the endpoint asks for it."""
LARGEST_ANSWER = 64 * 2**20
TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
QUOTED = 200
"""Characters of what an endpoint says that a message quotes."""


@dataclass(frozen=True, slots=True)
class Advice:
    """How messages go on: with the option that names another model, and the setting that has the key."""

    option: str
    key: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of an answer of 200, and what it says it is."""

    body: bytes
    content_type: str


class _NotNow(Exception):
    """What is wrong at the moment, and the seconds that the endpoint asks to wait."""

    def __init__(self, problem: str, asked: float = 0.0) -> None:
        super().__init__(problem)
        self.asked = asked


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Add nothing to a request: its key is in its headers, or it has none."""
    return request


class Line:
    """Asks one URL about one model; each thread keeps a connection open."""

    def __init__(
        self,
        url: str,
        model: str,
        *,
        key: str,
        advice: Advice,
        backoff: float = BACKOFF,
        answer_within: float = ANSWER_TIMEOUT,
        patience: float = PATIENCE,
        hung_up: threading.Event | None = None,
    ) -> None:
        """`hung_up` ends the wait between attempts, where nobody waits for an answer any more."""
        if not (key.isascii() and key.isprintable()):
            raise UsageError(f"{advice.key} has characters that no key has. Set it anew.")
        self._url: Final = url
        self._model: Final = model
        self._headers: Final = {"Authorization": f"Bearer {key}"} if key else {}
        self._advice: Final = advice
        self._backoff: Final = backoff
        self._answer_within: Final = answer_within
        self._patience: Final = patience
        self._hung_up: Final = hung_up or threading.Event()
        self._own: Final = threading.local()
        self._sessions: Final[list[requests.Session]] = []

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        for session in self._sessions:
            session.close()

    def ask(self, payload: Any) -> Answer:
        """Ask until there is an answer of 200.

        Raises:
            ModelUnavailable: there was none in several attempts, or in all the time there is.
            ModelRefused: the endpoint says no, or cannot be asked at all.
        """
        until = time.monotonic() + self._patience
        retrying = Retrying(
            retry=retry_if_exception_type(_NotNow),
            stop=stop_after_attempt(ATTEMPTS) | stop_before_delay(self._patience),
            wait=self._wait,
            sleep=self._sleep,
            retry_error_callback=self._give_up,
        )
        answer: Answer = retrying(self._ask_once, payload, until)
        return answer

    def _wait(self, state: RetryCallState) -> float:
        problem = _problem(state)
        return max(self._backoff * 2.0 ** (state.attempt_number - 1), problem.asked)

    def _sleep(self, seconds: float) -> None:
        if self._hung_up.wait(seconds):
            raise ModelUnavailable(f"{self._url} was busy when the run was stopped. Run the same again.")

    def _give_up(self, state: RetryCallState) -> NoReturn:
        tries = "once" if state.attempt_number == 1 else f"{state.attempt_number} times"
        problem = _problem(state)
        raise ModelUnavailable(
            f"{self._url} {problem} (asked {tries}). Try again later, or take another {self._advice.option}."
        ) from problem

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._own, "session", None)
        if session is None:
            session = self._own.session = requests.Session()
            self._sessions.append(session)
        return session

    def _ask_once(self, payload: Any, until: float) -> Answer:
        try:
            with self._session().post(
                self._url,
                json=payload,
                headers=self._headers,
                auth=_as_it_is,  # else a ~/.netrc of the same host would take the key's place
                timeout=(CONNECT_TIMEOUT, self._answer_within),
                allow_redirects=False,
                stream=True,
            ) as answer:
                body = self._body(answer, until)
        except requests.Timeout as error:
            raise _NotNow(f"did not answer within {self._answer_within:g} s") from error
        except requests.ConnectionError as error:
            raise _NotNow("could not be reached, or broke off") from error
        except requests.RequestException as error:
            raise self.refused(f"cannot be asked ({type(error).__name__})") from error
        if answer.status_code == 200:
            return Answer(body, answer.headers.get("Content-Type", ""))
        problem = f"answers {answer.status_code}: {_quoted(body)}"
        if answer.status_code in TRY_AGAIN:
            raise _NotNow(problem, retry_after(answer.headers.get("Retry-After"), now=time.time))
        raise self.refused(problem, status=answer.status_code, said=_quoted(body, 4 * QUOTED))

    def _body(self, answer: requests.Response, until: float) -> bytes:
        body = bytearray()
        for part in answer.iter_content(2**16):
            body += part
            if len(body) > LARGEST_ANSWER:
                raise self.refused(f"answers more than {LARGEST_ANSWER >> 20} MB")
            if time.monotonic() > until:
                raise _NotNow(f"was not done answering after {self._patience:g} s")
        return bytes(body)

    def refused(self, problem: str, *, status: int = 0, said: str = "") -> ModelRefused:
        """Make the error for an answer that is none, with what to do."""
        if status in (401, 403):
            advice = f"Is the key in {self._advice.key} right?"
        elif 300 <= status < 400:
            advice = "Redirects are not followed: give the address it leads to."
        else:
            advice = f"Check the address and the model, or take another {self._advice.option}."
        return ModelRefused(
            f"{self._url} (model {self._model}) {problem}. {advice}", status=status, said=said
        )


def _problem(state: RetryCallState) -> _NotNow:
    """What the last attempt failed of; tenacity asks only after one that did."""
    error = state.outcome.exception() if state.outcome else None
    return error if isinstance(error, _NotNow) else _NotNow("was not asked")


def _quoted(body: bytes, most: int = QUOTED) -> str:
    said = " ".join(body[: 4 * most].decode("utf-8", "replace").split())
    return (said if len(said) <= most else said[: most - 1] + "…") or "nothing"


def retry_after(header: str | None, *, now: Callable[[], float]) -> float:
    """Seconds that are asked for, as a number or as the date when they are over; 0 where neither can be read."""
    text = (header or "").strip()
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now())
    except ValueError:
        return 0.0
