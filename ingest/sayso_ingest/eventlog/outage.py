"""Says once that a log cannot be written, and once that it can again."""

from __future__ import annotations

import logging

_log = logging.getLogger(__name__)


class Outage:
    """The state of one writer's log: well, or failing since some append."""

    def __init__(self, log: str) -> None:
        self._name = log
        self._lasts = False

    def begins(self, error: object) -> None:
        """Report an error, unless the last append failed as well."""
        if not self._lasts:
            _log.error(
                "Nothing can be appended to the event log %s: %s. Clients are told to send again; "
                "it goes on by itself as soon as an append succeeds.",
                self._name,
                str(
                    error
                ),  # not the error itself, which holds sockets for as long as somebody keeps the record
            )
        self._lasts = True

    def ends(self) -> None:
        """Report that appending works again, if it did not."""
        if self._lasts:
            _log.warning("The event log %s can be appended to again.", self._name)
        self._lasts = False
