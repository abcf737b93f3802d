"""The way out: one batch to the collector, one answer back. The only file that knows HTTP."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from typing import Protocol
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from sayso import retry
from sayso.errors import ConfigurationError, TransportError
from sayso.response import Response, Result, parse
from sayso.stamps import SOURCE, utc_now

CONNECT_TIMEOUT = 3.0
READ_TIMEOUT = 10.0


class Transport(Protocol):
    """What a client sends through. Never called by two threads at once; may find itself in a forked process."""

    def send(self, batch: bytes, *, timeout: float) -> Response:
        """Send one envelope of the wire (JSON) and return the answer.

        Args:
            timeout: seconds after which nobody waits for the answer any more; infinite for the client's own thread.

        Raises:
            TransportError: no answer came back.
        """

    def close(self) -> None:
        """Let go of connections; sending again may open new ones."""


class HttpTransport:
    """Sends to a collector over HTTP, with the proxies that the environment names."""

    def __init__(self, url: str, key: str) -> None:
        self._endpoint = _endpoint(url)
        self._auth = _Bearer(_checked(key))
        self._session: requests.Session | None = None
        self._process = 0

    def send(self, batch: bytes, *, timeout: float = math.inf) -> Response:
        """Send one batch; redirects are not followed, and nothing is retried here.

        Connecting and answering may each take `timeout` seconds, and never more than CONNECT_TIMEOUT and READ_TIMEOUT.
        """
        try:
            answer = self._connected().post(
                self._endpoint,
                data=batch,
                headers={"Content-Type": "application/json"},
                timeout=(min(CONNECT_TIMEOUT, timeout), min(READ_TIMEOUT, timeout)),
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise TransportError(f"The collector could not be reached ({type(error).__name__}).") from error
        return Response(
            status=answer.status_code,
            results=_results(answer) if answer.ok else None,
            retry_after=retry.asked_wait(answer.headers.get("Retry-After"), now=utc_now()),
        )

    def close(self) -> None:
        """Close the connections."""
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def __repr__(self) -> str:
        return f"HttpTransport({self._endpoint!r})"

    def _connected(self) -> requests.Session:
        """Return the session of this process: two processes on one connection read each other's answers."""
        if self._session is None or self._process != os.getpid():
            self._session, self._process = requests.Session(), os.getpid()
            self._session.auth = self._auth
            self._session.headers["User-Agent"] = SOURCE
            # One layer of retries: the client's, which knows the age of events.
            for scheme in ("http://", "https://"):
                self._session.mount(scheme, HTTPAdapter(max_retries=0))
        return self._session


class _Bearer(AuthBase):
    """Sets the key as an auth object: requests would replace a plain header by what ~/.netrc holds."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._key}"
        return request


def _results(answer: requests.Response) -> Sequence[Result] | None:
    try:
        return parse(answer.json())
    except (ValueError, RecursionError):
        return None


def _endpoint(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise ConfigurationError(
            f"The collector's URL is {url!r}. Give one like https://feedback.example.org or http://localhost:8710."
        )
    return url.strip().rstrip("/") + "/v1/events"


def _checked(key: str) -> str:
    """Check a key without ever printing it."""
    key = key.strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigurationError(
            "The key is empty or has characters that no key has. Make one with: sayso keys create --kind sk"
        )
    return key
