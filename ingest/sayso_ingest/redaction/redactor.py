"""What is redacted in an event: every text of it, whatever its kind, and no id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from sayso_ingest.event import JSON, Event, Kind
from sayso_ingest.redaction.hook import Hook
from sayso_ingest.redaction.patterns import replaced

MARK = "redacted"
"""The field of an event that says what was replaced in it, and how often."""
BY_HOOK = "hook"

# Ids are what events are joined by: what is replaced in one would be found no more.
_HEAD = frozenset(
    {
        "id",
        "kind",
        "target",
        "part",
        "actor",
        "anonymous",
        "session",
        "occurred_at",
        "seq",
        "token",
        "verified",
    }
)
_IDS: Mapping[str, Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        Kind.INTERACTION: {
            "parent": frozenset(),
            "contexts": frozenset({"id"}),
            "candidates": frozenset({"id"}),
            "chosen": frozenset({"id"}),
            "trace": frozenset({"trace_id", "span_id"}),
        },
        Kind.PREFERENCE: {"chosen": frozenset(), "rejected": frozenset()},
        Kind.DETAIL: {"about": frozenset()},
        Kind.RETRACTION: {"of": frozenset()},
    }
)
"""By kind and field of the body: ids themselves, or objects in which these fields are ids."""
_NO_IDS: Mapping[str, frozenset[str]] = MappingProxyType({})


class NotRedacted(Exception):
    """The hook failed: what it was given must not be kept."""


class Redactor:
    """Replaces what was asked for."""

    def __init__(self, words: Iterable[str], hook: Hook | None = None) -> None:
        self._words = frozenset(words)
        self._hook = hook

    def event(self, event: Event) -> tuple[dict[str, JSON], Counter[str]]:
        """Replace what is found in the texts of an event, and say how often what was.

        Raises:
            NotRedacted: the hook failed.
        """
        found: Counter[str] = Counter()
        ids = _IDS.get(event["kind"], _NO_IDS)
        redacted = {
            name: value
            if name in _HEAD
            else self._body(value, ids, found)
            if name == "body" and isinstance(value, dict)
            else self._inside(value, found)
            for name, value in event.items()
        }
        return redacted, found

    def text(self, text: str, found: Counter[str]) -> str:
        """Replace what is found in a text; raises like `event`."""
        redacted, counts = replaced(text, self._words)
        found.update(counts)
        return _hooked(self._hook, redacted, found) if self._hook else redacted

    def anything(self, value: JSON, found: Counter[str]) -> JSON:
        """Replace what is found in all texts of a value, names and ids too; raises like `event`."""
        return self._inside(value, found)

    def _body(
        self, body: Mapping[str, JSON], ids: Mapping[str, frozenset[str]], found: Counter[str]
    ) -> dict[str, JSON]:
        redacted: dict[str, JSON] = {}
        for name, value in body.items():
            below = ids.get(name)
            if below is None:
                self._add(redacted, name, self._inside(value, found), found)
            else:
                redacted[name] = self._but_ids(value, below, found) if below else value
        return redacted

    def _but_ids(self, value: JSON, ids: frozenset[str], found: Counter[str]) -> JSON:
        if isinstance(value, list):
            return [self._but_ids(item, ids, found) for item in value]
        if isinstance(value, dict):
            return {
                name: inside if name in ids and isinstance(inside, str) else self._inside(inside, found)
                for name, inside in value.items()
            }
        return self._inside(value, found)

    def _inside(self, value: JSON, found: Counter[str]) -> JSON:
        if isinstance(value, str):
            return self.text(value, found)
        if isinstance(value, list):
            return [self._inside(item, found) for item in value]
        if isinstance(value, dict):
            redacted: dict[str, JSON] = {}
            for name, inside in value.items():
                self._add(redacted, name, self._inside(inside, found), found)
            return redacted
        return value

    def _add(self, redacted: dict[str, JSON], name: str, value: JSON, found: Counter[str]) -> None:
        """Put a value under its name, which is a text as well; two that become the same stay two."""
        kept = name = self.text(name, found)
        number = 1
        while name in redacted:
            number += 1
            name = f"{kept} {number}"
        redacted[name] = value


def _hooked(hook: Hook, text: str, found: Counter[str]) -> str:
    try:
        hooked = hook(text)
    except (Exception, SystemExit) as error:
        # Its message may hold the text.
        raise NotRedacted(f"the hook raised {type(error).__name__}") from None
    if not isinstance(hooked, str):
        raise NotRedacted(f"the hook returned {type(hooked).__name__}, and no text")
    try:
        hooked.encode()
    except UnicodeEncodeError:
        raise NotRedacted("the hook returned half of a surrogate pair") from None
    if hooked != text:
        found[BY_HOOK] += 1
    return hooked
