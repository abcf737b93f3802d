"""Every error of the SDK.

SaysoError
├── ConfigurationError    a client cannot be built, or a token signed; raised by `Client`, `Client.from_env`, `token`
├── TransportError        no answer came back; raised by transports, the client tries again
├── InvalidEvent          the wire would refuse an event; never leaves the client, which counts it by its reason
└── Withheld              `before_send` keeps an event back; never leaves the client either
"""

from __future__ import annotations


class SaysoError(Exception):
    """An error with a message for people: what happened, to what, and what to do next."""


class ConfigurationError(SaysoError):
    """A client cannot be built, or a feedback token signed, from what was given."""


class TransportError(SaysoError):
    """No answer came back: nobody knows whether the events arrived, so they are sent again with the same ids."""


class InvalidEvent(SaysoError):
    """An event that the wire would refuse, with the wire's word for why."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Withheld(SaysoError):
    """The application's `before_send` keeps an event back."""
