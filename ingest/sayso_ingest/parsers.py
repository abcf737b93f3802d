"""Pure: texts into the values that settings hold. Each parser raises ValueError for a text that is not allowed."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path

LOG = re.compile(r"sqlite|kafka://.+")
"""The kinds there are; the rest of an address is the event log's to read."""
FILE_OR_NONE = re.compile(r"[^\0]*")
ONE_LINE = re.compile(r"[^\x00-\x1f]{0,200}")
_AGE = r"[a-z]+=([1-9]\d{0,4}[dh]|ever)"
RETENTION = re.compile(rf"({_AGE}(,{_AGE})*)?")
HOST = re.compile(r"[^\s/]+")
_ATTACHED = re.compile(r"([a-z_][a-z0-9_]*)=(\S.*\.(?:duckdb|db|parquet|csv))")
_NAMES_OF_DATABASES = frozenset({"warehouse", "evals", "main", "memory", "system", "temp"})
_HOST_NAME = re.compile(r"[A-Za-z0-9._-]+|[0-9a-f:]+")
_LABEL = r"[^\x00-\x1f,=]{1,60}(=\s*(0(\.\d*)?|1(\.0*)?|\.\d+)\s*)?"
LABELS = re.compile(rf"{_LABEL}(,{_LABEL}){{0,8}}")
RUBRIC = re.compile(r"[^\x00-\x1f]{0,100}")
_SECRETS = re.compile(r"(?<=//)[^?]*\?.*@.*|(?<=//)[^?]*(?=@)|(?<=\?).+", re.DOTALL)
"""Of an address: the user's name and password, and what is asked for, which may hold a key.

However it is misspelt, all before the last @ may be a password; with a ? before it, what follows may be a key."""
_MODEL = r"openai:https?://[^\s#]+#\S+"
MODEL = re.compile(_MODEL, re.IGNORECASE)
MODEL_OR_NONE = re.compile(rf"({_MODEL})?", re.IGNORECASE)
EMBEDDER = re.compile(
    rf"auto|hash|svd|static|minilm|{_MODEL}|column:[a-z_][a-z0-9_]*(\.[^\s.]+){{1,3}}",
    re.IGNORECASE,
)
EMBEDDERS = "auto, hash, svd, static, minilm, openai:URL#MODEL, column:TABLE.COLUMN"
HOOK = re.compile(r"([A-Za-z_][\w.]*:[A-Za-z_]\w*)?")
HEADER = re.compile(r"([A-Za-z][A-Za-z0-9]*)?")

AUTO = "auto"
_BYTES = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,3})?)(KB|MB|GB|TB)?")
_UNITS = {"": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}

REDACTABLE = ("email", "phone", "card", "key")
"""What can be replaced in texts before they are kept: e-mail addresses, and numbers of phones and cards, and keys."""


def words_of(text: str) -> tuple[str, ...]:
    """Take words of `REDACTABLE` with commas between them, in its order; ValueError for any other."""
    words = {word.strip() for word in text.split(",")} - {""}
    if words - set(REDACTABLE):
        raise ValueError
    return tuple(word for word in REDACTABLE if word in words)


def redactable(text: str) -> str:
    """Take such words as they are written."""
    words_of(text)
    return text


def matching(pattern: re.Pattern[str]) -> Callable[[str], str]:
    """Take a text that the whole of a pattern fits."""

    def parse(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError
        return text

    return parse


def number(kind: type[int] | type[float], low: float, high: float) -> Callable[[str], float]:
    """Take a number from `low` to `high`."""

    def parse(text: str) -> float:
        value = kind(text)
        if not low <= value <= high:
            raise ValueError
        return value

    return parse


def port_or_none(text: str) -> str:
    """Take the number of a port, or an empty text."""
    return str(number(int, 0, 65535)(text)) if text else ""


def bytes_of(text: str) -> int:
    """Read a number of bytes: 500MB, 1.5GB, 0."""
    found = _BYTES.fullmatch(text)
    if not found:
        raise ValueError
    return int(float(found[1]) * _UNITS[found[2] or ""])


def reserve(text: str) -> str:
    """Take a number of bytes as it is written, or `auto`."""
    if text != AUTO:
        bytes_of(text)
    return text


def without_secrets(address: str) -> str:
    """An address as messages may show it, without a password or a key in it."""
    url, mark, model = address.rpartition("#") if "#" in address else (address, "", "")
    return _SECRETS.sub("…", url) + mark + model


def secret(text: str) -> str:
    """Take any text, so that no message about it ever has it."""
    return text.strip()


def path(text: str) -> Path:
    """Take the path of a file or folder."""
    if not text or "\0" in text:
        raise ValueError
    return Path(text)


def attach(text: str) -> str:
    """Take NAME=FILE;NAME=FILE, with each name once and none that a database of ours has."""
    found = [_ATTACHED.fullmatch(part.strip()) for part in text.split(";") if part.strip()]
    names = [match[1] for match in found if match]
    if len(set(names) - _NAMES_OF_DATABASES) < len(found):
        raise ValueError
    return text


def one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    """Take one of a few words."""

    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError
        return text

    return parse


def list_of(check: Callable[[str], object]) -> Callable[[str], str]:
    """Take a list with commas, of which each part passes `check`; it may be empty."""

    def parse(text: str) -> str:
        for part in filter(None, map(str.strip, text.split(","))):
            check(part)
        return text

    return parse


def host_name(text: str) -> None:
    """See that it is a host's name or address, without a port."""
    if not _HOST_NAME.fullmatch(text):
        raise ValueError


def network(text: str) -> None:
    """See that it is an IP address or a network of them."""
    ipaddress.ip_network(text, strict=False)
