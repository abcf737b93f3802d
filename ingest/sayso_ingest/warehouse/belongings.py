"""Pure: what is a subject's, and how to tell it where it stands in no table: in records, rejects, lines, files."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from itertools import islice

from sayso_ingest.event import JSON
from sayso_ingest.record import decode_seeing_repeats

LONG = 12
"""Characters from which on a text that only one person has said stands for that person wherever it is found."""

_FIELDS = {"parent": "target"}
"""Fields that hold names which are called otherwise."""
_NAMES = ("actor", "anonymous", "session", "target", *_FIELDS)
"""Fields that hold names."""
_NAMING = re.compile(rb'"(%b)"\s{0,20}:\s{0,20}(?=[\[{"\d-])' % "|".join(_NAMES).encode())
_TOKEN = re.compile(rb'[\[\]{}]|"(?:[^"\\]|\\.)*"|-?\d{1,30}', re.DOTALL)
_DEPTH = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}
MOST_TOKENS = 100
"""Of a field that are looked at where it cannot be read as JSON."""
_QUOTE = re.compile(rb'(?<!\\)"')
_UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_WORD = re.compile(rb"[\w\x80-\xff]{4,}")


@dataclass(frozen=True)
class Belongings:
    """Everything of a subject that a warehouse holds, as far as other places name it, too."""

    events: Counter[str]
    """How many of each kind."""
    ids: frozenset[str] = field(repr=False)
    named: Mapping[str, frozenset[str]] = field(repr=False)
    """What the subject is called, by the field that holds such names: actor, anonymous, session, target."""
    texts: frozenset[str] = field(repr=False)
    """What was said in all of that."""
    shared: frozenset[str] = field(repr=False)
    """Those of the texts that somebody else has said, too."""
    rejects: tuple[str, ...] = field(repr=False, default=())
    """The ids of rejects that hold any of that."""

    @property
    def names(self) -> frozenset[str]:
        """All that the subject is called."""
        return frozenset[str]().union(*self.named.values())


class Traces:
    """Tells what is a subject's: by its names in the fields that hold such names, by the ids of its events, and by
    texts that nobody else has said.

    A name stands for nobody elsewhere: "up" is somebody's id, and a value of every thumb.
    """

    def __init__(self, found: Belongings) -> None:
        self._found = found
        self._texts = {text for text in found.texts - found.shared if len(text) >= LONG}
        self._names = sorted(name.encode("utf-8", "replace") for name in found.names if len(name) >= LONG)
        self._by_word: dict[bytes, list[bytes]] | None = None

    def of(self, value: JSON) -> bool:
        """Whether a value is theirs: it names them, or says what only they have said."""
        named = self._found.named
        return any(
            (isinstance(one, str) and one in self._texts)
            or str(one) in named.get(_FIELDS.get(name, name), ())
            for name, one in _scalars(value)
        )

    def cites(self, value: JSON) -> bool:
        """Whether one of their events is named in it."""
        return any(isinstance(one, str) and one.lower() in self._found.ids for _, one in _scalars(value))

    def owns(self, value: JSON) -> bool:
        """Whether a case is theirs: it is `of` them, or what is expected in it is what they said about it."""
        return self.of(value) or (
            self.cites(value)
            and any(name == "expected" and one in self._found.texts for name, one in _scalars(value))
        )

    def in_bytes(self, data: bytes) -> bool:
        """Whether what was written down as JSON, maybe broken, is theirs or cites what is."""
        try:
            value, repeats = decode_seeing_repeats(data)
        except (ValueError, RecursionError):
            return self._in_broken(data)
        return self.of(value) or self.cites(value) or (repeats and self._in_broken(data))

    def stands_in(self, data: bytes) -> bool:
        """Whether any of it stands in bytes of whatever sort; it may be there by chance."""
        return self._named_in(data) or self._said_in(data) or any(name in data for name in self._names)

    def _in_broken(self, data: bytes) -> bool:
        pieces = [_unquoted(piece) for piece in _QUOTE.split(data)]
        last = pieces[-1]  # may be cut short
        return (
            self._named_in(data)
            or not self._texts.isdisjoint(pieces)
            or (len(last) >= LONG and any(text.startswith(last) for text in self._texts))
            or any(name in data and _apart(name).search(data) for name in self._names)
        )

    def _named_in(self, data: bytes) -> bool:
        named = self._found.named
        return any(
            _unquoted(one.strip(b'"')) in named.get(_FIELDS.get(name, name), ())
            for name, one in _in_name_fields(data)
        ) or any(match[0].decode().lower() in self._found.ids for match in _UUID.finditer(data))

    def _said_in(self, data: bytes) -> bool:
        if self._by_word is None:
            self._by_word = _by_word(self._texts)
        words = self._by_word.keys() & set(_WORD.findall(data))
        return any(text in data for word in words for text in self._by_word[word])


def _scalars(value: JSON) -> Iterator[tuple[str, str | int | float]]:
    """Every text and number in a value, with the name of the field that it is in.

    What stands in a field for names is a name, however it is wrapped: what was refused may be a list of one.
    """
    waiting: list[tuple[str, JSON]] = [("", value)]
    while waiting:
        name, one = waiting.pop()
        if isinstance(one, Mapping):
            waiting.extend(
                (name if name in _NAMES and at not in _NAMES else at, inside) for at, inside in one.items()
            )
        elif isinstance(one, list | tuple):
            waiting.extend((name, inside) for inside in one)
        elif one is not None and not isinstance(one, bool):
            yield name, one


def _in_name_fields(data: bytes) -> Iterator[tuple[str, bytes]]:
    """What stands in fields for names in bytes that may be no JSON, to the end of each or as far as it goes."""
    for found in _NAMING.finditer(data):
        depth = 0
        for token in islice(_TOKEN.finditer(data, found.end()), MOST_TOKENS):
            if token[0] in _DEPTH:
                depth += _DEPTH[token[0]]
            else:
                yield found[1].decode(), token[0]
            if depth <= 0:
                break


def _apart(name: bytes) -> re.Pattern[bytes]:
    """A name where it ends and begins: `customer-00012` is not in `customer-000123`."""
    return re.compile(rb"(?<![\w\x80-\xff-])" + re.escape(name) + rb"(?![\w\x80-\xff-])")


def _unquoted(piece: bytes) -> str:
    """What a string of JSON says; as it stands where it is none."""
    try:
        return str(json.loads(b'"%s"' % piece, strict=False))
    except ValueError:
        return piece.decode("utf-8", "replace")


def _by_word(texts: Set[str]) -> dict[bytes, list[bytes]]:
    """Texts, as files write them, by the longest word in each: a file is searched for words once, and not for texts."""
    found: dict[bytes, list[bytes]] = defaultdict(list)
    for text in texts:
        quoted = (json.dumps(text, ensure_ascii=ascii)[1:-1] for ascii in (True, False))
        for form in {one.encode("utf-8", "replace") for one in (text, *quoted)}:
            if words := _WORD.findall(form):
                found[max(words, key=len)].append(form)
    return found
