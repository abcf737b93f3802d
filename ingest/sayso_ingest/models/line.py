"""One address of a model's endpoint, asked with JSON until it answers: attempts, patience, and no answer too large.

Nothing is believed of an endpoint: it may be busy, silent, gone, or never done. What may pass is asked again, after
the time that the endpoint asks for; the rest is refused with a message that says what to do.
"""

from __future__ import annotations

import json
import threading
import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final, NoReturn, TypeAlias, TypeVar
from urllib.parse import urlsplit

import requests
from requests.auth import HTTPBasicAuth
from requests.utils import get_auth_from_url
from tenacity import RetryCallState, Retrying, retry_if_exception_type
from urllib3.exceptions import HTTPError

from sayso_ingest.errors import ModelRefused, ModelUnavailable, UsageError
from sayso_ingest.excerpt import cut
from sayso_ingest.models.failure import failure_of
from sayso_ingest.parsers import without_secrets

CONNECT_TIMEOUT = 5.0
ANSWER_TIMEOUT = 60.0
PATIENCE = 180.0
"""Seconds that one question may take with all its attempts, however slowly the body of an answer drips.

Only the headers of an answer may drip for longer, at most `ANSWER_TIMEOUT` between two bytes: nobody here holds the
connection before they are read."""
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


Send: TypeAlias = Callable[[], Answer]
"""Makes one attempt."""
Found = TypeVar("Found")


class NotNow(Exception):
    """What is wrong at the moment, the seconds that the endpoint asks to wait, and the status that it answered.

    The status is None where the request left and no answer came, and 0 where it did not leave.
    """

    def __init__(self, problem: str, *, status: int | None, asked: float = 0.0) -> None:
        super().__init__(problem)
        self.status = status
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
        """`hung_up` ends the wait between attempts, where nobody waits for an answer any more.

        `model` is '' where there is none to choose at the address.
        """
        if not (key.isascii() and key.isprintable()):
            raise UsageError(f"{advice.key} has characters that no key has. Set it anew.")
        self._url: Final = url
        self._secrets: Final = _secrets_of(url, key)
        self._shown: Final = without_secrets(url)
        self._named: Final = f"{self._shown} (model {model})" if model else self._shown
        self._what: Final = "the address and the model" if model else "the address"
        # Nothing is sent in a packed form: how long it drips, and how large it grows, would be hidden.
        self._headers: Final = {"Accept-Encoding": "identity"} | (
            {"Authorization": f"Bearer {key}"} if key else {}
        )
        name, password = get_auth_from_url(url)
        self._auth: Final = HTTPBasicAuth(name, password) if name and not key else _as_it_is
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
        return self.ask_by(lambda send: send(), payload)

    def ask_by(self, attempt: Callable[[Send], Found], payload: Any) -> Found:
        """Ask likewise; each attempt is made by `attempt`, which may refuse it or see what comes of it.

        Raises:
            ModelUnavailable, ModelRefused: as `ask`.
        """
        until: float | None = None

        def send() -> Answer:
            nonlocal until  # from the first attempt on: what holds that up is not the endpoint
            until = until or time.monotonic() + self._patience
            return self._ask_once(payload, until)

        def is_over(state: RetryCallState) -> bool:
            has_time = until is None or time.monotonic() + state.upcoming_sleep < until
            return state.attempt_number >= ATTEMPTS or not has_time

        retrying = Retrying(
            retry=retry_if_exception_type(NotNow),
            stop=is_over,
            wait=self._wait,
            sleep=self._sleep,
            retry_error_callback=self._give_up,
        )
        found: Found = retrying(attempt, send)
        return found

    def _wait(self, state: RetryCallState) -> float:
        problem = _problem(state)
        return max(self._backoff * 2.0 ** (state.attempt_number - 1), problem.asked)

    def _sleep(self, seconds: float) -> None:
        if self._hung_up.wait(seconds):
            raise ModelUnavailable(f"{self._shown} was busy when the run was stopped. Run the same again.")

    def _give_up(self, state: RetryCallState) -> NoReturn:
        tries = "once" if state.attempt_number == 1 else f"{state.attempt_number} times"
        problem = _problem(state)
        raise ModelUnavailable(
            f"{self._shown} {problem} (asked {tries}). Try again later, or take another {self._advice.option}."
        ) from problem

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._own, "session", None)
        if session is None:
            session = self._own.session = requests.Session()
            self._sessions.append(session)
        return session

    def _ask_once(self, payload: Any, until: float) -> Answer:
        try:
            answer, body = self._sent(payload, until)
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise self._failed(error, until) from error
        if answer.status_code == 200:
            return Answer(body, answer.headers.get("Content-Type", ""))
        problem = f"answers {answer.status_code}: {self.quoted(body)}"
        if answer.status_code in TRY_AGAIN:
            asked = retry_after(answer.headers.get("Retry-After"), now=time.time)
            raise NotNow(problem, status=answer.status_code, asked=asked)
        raise self.refused(problem, status=answer.status_code, said=self.quoted(body, 4 * QUOTED))

    def _sent(self, payload: Any, until: float) -> tuple[requests.Response, bytes]:
        left = until - time.monotonic()
        if left <= 0:
            raise NotNow(self._not_done(), status=0)
        with self._session().post(
            self._url,
            json=payload,
            headers=self._headers,
            auth=self._auth,  # else a ~/.netrc of the same host would take the key's place
            timeout=(CONNECT_TIMEOUT, min(self._answer_within, left)),
            allow_redirects=False,
            stream=True,
        ) as answer:
            return answer, self._body(answer, until)

    def _body(self, answer: requests.Response, until: float) -> bytes:
        body = bytearray()
        while part := answer.raw.read1(2**16, decode_content=True):  # what there is, and never waits for more
            body += part
            if len(body) > LARGEST_ANSWER:
                raise self.refused(f"answers more than {LARGEST_ANSWER >> 20} MB", status=answer.status_code)
            if time.monotonic() > until:
                raise NotNow(self._not_done(), status=None)
        return bytes(body)

    def _not_done(self) -> str:
        return f"was not done answering after {self._patience:g} s"

    def _failed(self, error: Exception, until: float) -> NotNow | ModelRefused:
        """The error for an attempt that came to no answer."""
        failure = failure_of(error, connected_within=CONNECT_TIMEOUT, answered_within=self._answer_within)
        if failure.is_lasting:
            return self.refused(failure.problem, advice=failure.advice)
        problem = self._not_done() if time.monotonic() >= until else failure.problem
        return NotNow(problem, status=None if failure.left else 0)

    def quoted(self, body: bytes, most: int = QUOTED) -> str:
        """The beginning of what an endpoint says, in one line, and without a secret that it repeats."""
        said = " ".join(body[: 4 * most].decode("utf-8", "replace").split())
        for secret in self._secrets:
            said = said.replace(secret, "…")
        return cut(said, most) or "nothing"

    def refused(self, problem: str, *, status: int = 0, said: str = "", advice: str = "") -> ModelRefused:
        """Make the error for an answer that is none, with what to do; a status of 0: it was not asked."""
        return ModelRefused(
            f"{self._named} {problem}. {advice or self._advice_on(status)}",
            status=status,
            said=said,
        )

    def _advice_on(self, status: int) -> str:
        if status in (401, 403):
            return f"Is the key in {self._advice.key} right?"
        if 300 <= status < 400:
            return "Redirects are not followed: give the address it leads to."
        return f"Check {self._what}, or take another {self._advice.option}."


def _secrets_of(url: str, key: str) -> list[str]:
    """What no message has, as an endpoint may repeat it; the longest first, for one may hold another."""
    name, password = get_auth_from_url(url)
    basic = b64encode(f"{name}:{password}".encode("latin-1", "replace")).decode() if password else ""
    parts = urlsplit(url)
    forms = {key, password, parts.password or "", basic, parts.query} - {""}
    return sorted(forms | {json.dumps(form)[1:-1] for form in forms}, key=len, reverse=True)


def _problem(state: RetryCallState) -> NotNow:
    """What the last attempt failed of; tenacity asks only after one that did."""
    error = state.outcome.exception() if state.outcome else None
    return error if isinstance(error, NotNow) else NotNow("was not asked", status=0)


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
