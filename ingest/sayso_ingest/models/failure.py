"""Pure: why an attempt came to no answer, of the error that says so in the words of four packages."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

import requests
from urllib3.exceptions import HTTPError, NewConnectionError


@dataclass(frozen=True, slots=True)
class Failure:
    """What an endpoint did, whether the request had left by then, and what to do where it will do so again."""

    problem: str
    left: bool = False
    is_lasting: bool = False
    advice: str = ""


def failure_of(error: Exception, *, connected_within: float, answered_within: float) -> Failure:
    """Tell an endpoint that is busy, slow or gone from one that cannot be asked like this."""
    causes = _causes(error)
    secure = next((one for one in causes if isinstance(one, ssl.SSLError)), None)
    if isinstance(secure, ssl.SSLCertVerificationError):
        return Failure(
            f"shows a certificate that does not hold ({secure.verify_message})",
            is_lasting=True,
            advice="Name the file of who signed it in REQUESTS_CA_BUNDLE, or have it renewed.",
        )
    if isinstance(error, requests.exceptions.SSLError) and not isinstance(secure, ssl.SSLEOFError):
        advice = "Write http:// where it is not meant to."
        return Failure("does not speak TLS", is_lasting=True, advice=advice)
    if isinstance(error, requests.ConnectTimeout):
        return Failure(f"could not be reached within {connected_within:g} s")
    if any(isinstance(one, NewConnectionError) for one in causes):
        return Failure("could not be reached")
    if any(isinstance(one, TimeoutError) for one in causes):
        return Failure(f"did not answer within {answered_within:g} s", left=True)
    if isinstance(error, requests.ConnectionError | HTTPError) and not isinstance(error, ValueError):
        return Failure("broke off", left=True)
    return Failure(f"cannot be asked ({type(error).__name__})", is_lasting=True)


def _causes(error: BaseException) -> list[BaseException]:
    """An error and what it came from, the nearest first."""
    causes: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in causes:
        causes.append(one)
        one = one.__cause__ or one.__context__
    return causes
