"""The way out: one batch to the collector, one answer back. The only file that knows HTTP."""

from __future__ import annotations

import gzip
import json
import math
import os
import sys
from collections.abc import Sequence
from typing import Any, Final, Protocol, TextIO
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from sayso import retry
from sayso.deadline import Deadline
from sayso.errors import ConfigurationError, TransportError
from sayso.response import Response, Result, parse
from sayso.stamps import SOURCE, utc_now

CONNECT_TIMEOUT = 3.0
ATTEMPT_TIMEOUT = 10.0
"""Seconds for a whole attempt, from connecting to the last byte of the answer."""
ZIPPED_FROM = 1024
"""Bytes from which on a batch is worth the work of compressing it."""
LARGEST_ANSWER = 1024 * 1024
"""Bytes of an answer that are read; the results of 100 events have about 10 000."""

_PLAIN: Final = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
_ZIPPED: Final = {**_PLAIN, "Content-Encoding": "gzip"}


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
        self._place = urlsplit(self._endpoint).netloc.rpartition("@")[2]
        """Host and port, without a password that somebody may have put before them."""
        self._auth = _Bearer(_checked(key))
        self._deadline = Deadline()
        self._session: requests.Session | None = None
        self._process = 0

    def send(self, batch: bytes, *, timeout: float = math.inf) -> Response:
        """Send one batch, compressed if it is large; redirects are not followed, and nothing is retried here.

        Connecting may take CONNECT_TIMEOUT, and the whole attempt `timeout` seconds or ATTEMPT_TIMEOUT, whichever is
        less, even when the answer drips; only looking up the name of the collector is not held to that.
        """
        patience = min(ATTEMPT_TIMEOUT, timeout)
        self._deadline.begin(patience)
        try:
            with self._connected().post(
                self._endpoint,
                data=_zipped(batch),
                headers=_ZIPPED if len(batch) >= ZIPPED_FROM else _PLAIN,
                timeout=(min(CONNECT_TIMEOUT, patience), patience),
                allow_redirects=False,
                stream=True,
            ) as answer:
                return Response(
                    status=answer.status_code,
                    results=_results(answer) if answer.status_code < 300 else None,
                    retry_after=retry.asked_wait(answer.headers.get("Retry-After"), now=utc_now()),
                )
        except requests.RequestException as error:
            raise TransportError(
                f"The collector at {self._place} could not be reached ({type(error).__name__}); "
                "is it up, and is SAYSO_URL right?"
            ) from error

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
                self._session.mount(scheme, _Adapter(self._deadline))
        return self._session


class PrintTransport:
    """For development: prints every event as a line of JSON, to standard error unless told otherwise.

    Nothing is stored, so the events count as delivered once they are printed.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    def send(self, batch: bytes, *, timeout: float = math.inf) -> Response:  # noqa: ARG002 - needs no time
        """Print the events of one batch."""
        stream = self._stream or sys.stderr
        # Not every stream knows every character; every one knows JSON's escapes.
        unicode = (getattr(stream, "encoding", None) or "utf-8").lower() == "utf-8"
        events = json.loads(batch)["events"]
        for event in events:
            stream.write(json.dumps(event, ensure_ascii=not unicode) + "\n")
        stream.flush()
        return Response(200, [Result(event["id"], "accepted") for event in events])

    def close(self) -> None:
        """Leave the stream open: it is not ours."""

    def __repr__(self) -> str:
        return "PrintTransport()"


class _Adapter(HTTPAdapter):
    """Opens connections that are held to a deadline, and never tries again."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self._deadline.hold(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        known = proxy in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **options)
        if not known:
            self._deadline.hold(manager)
        return manager


class _Bearer(AuthBase):
    """Sets the key as an auth object: requests would replace a plain header by what ~/.netrc holds."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._key}"
        return request


def _zipped(batch: bytes) -> bytes:
    """Compress a batch that is worth it, at the level that costs least: batches repeat themselves anyway."""
    return batch if len(batch) < ZIPPED_FROM else gzip.compress(batch, compresslevel=1, mtime=0)


def _results(answer: requests.Response) -> Sequence[Result] | None:
    """Read the results, and never more than LARGEST_ANSWER of whatever came instead.

    The pieces are small because each may unpack to a thousand times its size.
    """
    body = bytearray()
    for piece in answer.iter_content(4096):
        body += piece
        if len(body) > LARGEST_ANSWER:
            return None
    try:
        return parse(json.loads(body))
    except (ValueError, RecursionError):
        return None


def _endpoint(url: str) -> str:
    said = url.strip() if isinstance(url, str) else ""
    try:
        parts = urlsplit(said)
        valid = (
            parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and said.isprintable()
        )
    except ValueError:
        valid = False
    if not valid:
        raise ConfigurationError(
            f"The collector's URL is {url!r}. Give one like https://feedback.example.org or http://localhost:8710."
        )
    return said.rstrip("/") + "/v1/events"


def _checked(key: str) -> str:
    """Check a key without ever printing it."""
    key = key.strip() if isinstance(key, str) else ""
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigurationError(
            "The key is missing, or has characters that no key has. Make one with: sayso keys create --kind sk"
        )
    return key
