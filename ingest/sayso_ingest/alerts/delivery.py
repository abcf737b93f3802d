"""Posting to a webhook: retried, bounded in time, without redirects, and without a word about its address."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ReadTimeoutError
from urllib3.util import Retry

from sayso_ingest.alerts.rules import Webhook

CONNECT_TIMEOUT = 5.0
ANSWER_TIMEOUT = 10.0
PATIENCE = 60.0
"""Seconds that a message may take with all attempts, however slowly an answer drips."""
RETRIES = 3
BACKOFF = 1.0
"""Seconds before the second retry; twice as many before each further one."""
TRY_AGAIN = (408, 425, 429, 500, 502, 503, 504)

THREAD = "sayso-alert"


def _from_elsewhere(record: logging.LogRecord) -> bool:
    return record.threadName != THREAD


# What urllib3 logs of a request has its address in it, which is a secret here.
for _name in ("urllib3.connectionpool", "urllib3.util.retry"):
    logging.getLogger(_name).addFilter(_from_elsewhere)


@dataclass(slots=True)
class _Outcome:
    """What came of a message, as far as is known yet."""

    problem: str


def post(
    webhook: Webhook,
    body: bytes,
    *,
    patience: float = PATIENCE,
    backoff: float = BACKOFF,
    answer_within: float = ANSWER_TIMEOUT,
) -> str | None:
    """Post JSON; return what went wrong, None where it was taken."""
    outcome = _Outcome(f"did not answer within {patience:g} s")
    # Timeouts of a socket are of one read each: only another thread can hold all of them together to a time.
    words = (webhook, body, backoff, answer_within, outcome)
    posting = threading.Thread(target=_post, args=words, name=THREAD, daemon=True)
    posting.start()
    posting.join(patience)
    return outcome.problem or None


def _post(webhook: Webhook, body: bytes, backoff: float, answer_within: float, outcome: _Outcome) -> None:
    try:
        with requests.Session() as session:
            for scheme in ("https://", "http://"):
                session.mount(scheme, HTTPAdapter(max_retries=_retries(backoff)))
            with session.post(
                webhook.url,
                data=body,
                headers={"Content-Type": "application/json"},
                timeout=(CONNECT_TIMEOUT, answer_within),
                allow_redirects=False,
                stream=True,  # its answer does not matter, and may be endless
            ) as answer:
                outcome.problem = _problem(answer.status_code)
    except requests.RequestException as error:  # its message has the address in it
        if isinstance(error, requests.ConnectTimeout):
            outcome.problem = f"could not be reached within {CONNECT_TIMEOUT:g} s"
        elif _was_silent(error):
            outcome.problem = f"did not answer within {answer_within:g} s"
        else:
            outcome.problem = f"could not be reached ({type(error).__name__})"


def _was_silent(error: requests.RequestException) -> bool:
    """Say whether nothing came: of the last of several attempts, requests says that there was no connection."""
    last = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(error, requests.Timeout) or isinstance(last, ReadTimeoutError)


def _retries(backoff: float) -> Retry:
    return Retry(
        total=RETRIES,
        backoff_factor=backoff,
        status_forcelist=TRY_AGAIN,
        allowed_methods=None,  # all; whoever gets a message twice can tell by its id
        raise_on_status=False,
    )


def _problem(status: int) -> str:
    if status < 300:
        return ""
    if status < 400:
        return f"answers {status}: it leads elsewhere, and redirects are not followed; give the address it leads to"
    return f"answers {status}"
