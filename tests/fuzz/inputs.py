"""Bad requests without end, as bytes: mutated golden events,
broken encodings, tricks with headers, paths, lengths."""

from __future__ import annotations

import gzip
import json
import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

EVENTS = Path(__file__).resolve().parents[1] / "contract" / "events"
ODD: tuple[Any, ...] = (
    None, True, -0.0, 1e308, 10**400, -1, "", "\x00", "\ud800", "💥" * 99, "x" * 70_000, [], {}, [[]], {"": ""},
    float("nan"), float("-inf"), "9999-12-31T23:59:59Z", "0000-00-00T00:00:00Z", "../../etc/passwd", "' OR 1=1 --",
    {"$ne": None}, "${jndi:ldap://127.0.0.1/a}", "\u202e", [[[[[[1]]]]]], 2**63, -(2**63) - 1,
)  # fmt: skip
BYTES = (
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"[" * 9_999,
    b'{"a":' * 500,
    b"\xef\xbb\xbf",
    b"1" * 5_000,
    b"\r\n\r\n",
)
METHODS = (b"POST",) * 12 + (
    b"GET",
    b"PUT",
    b"OPTIONS",
    b"HEAD",
    b"DELETE",
    b"PATCH",
    b"TRACE",
    b"CONNECT",
    b"p\xc3\xb6st",
    b"",
)
PATHS = (
    b"/v1/events/..%2f..%2fetc%2fpasswd", b"/v1/../healthz", b"//v1/events", b"/v1/events%00",
    b"/v1/events?" + b"a=b&" * 500,
    b"/sayso/..%2f..%2fkeys.json/sayso.js", b"/sayso/lang/..%2f..%2f..%2fkeys.json", b"/sayso/lang/\xff.js",
    b"*", b"",
    b"http://127.0.0.1/v1/events", b"/" + b"a" * 9_000, b"/v1/%65vents", b"/v1/events;a=b", b"/v1/events#f",
    b"\\v1\\events",
    b"/%c0%ae%c0%ae/keys.json", b"/static/openapi.json", b"/console", b"/metrics", b"/readyz", b"/sayso.js",
    b"/v1/openapi.json",
)  # fmt: skip


@dataclass(frozen=True)
class Input:
    """Bytes to send, and the sort of trick that they are."""

    sort: str
    sent: bytes


@cache
def golden() -> tuple[dict[str, Any], ...]:
    """The golden events, those that are accepted and those that are not; what they repeat stays as it is written."""
    held = [json.loads(file.read_text()) for file in sorted(EVENTS.glob("*/*.json"))]
    return tuple(one["event"] for one in held if isinstance(one.get("event"), dict))


class Inputs:
    """The same inputs for the same seed."""

    def __init__(self, keys: list[str], seed: int) -> None:
        self._chance = random.Random(seed)
        self._keys = [key.encode() for key in keys]
        self._sorts: list[Callable[[], bytes]] = [
            self.structure, self.structure, self.flipped, self.flipped, self.encoded, self.keyed, self.headed,
            self.lengths, self.chunks, self.paths, self.garbage,
        ]  # fmt: skip

    def __iter__(self) -> Iterator[Input]:
        while True:
            sort = self._chance.choice(self._sorts)
            yield Input(sort.__name__, sort())

    def structure(self) -> bytes:
        """Golden events with parts exchanged for odd ones, taken away or doubled, in an envelope that may be odd."""
        events = [
            self._changed(self._chance.choice(golden()))
            for _ in range(self._chance.choice((0, 1, 1, 1, 2, 9, 250)))
        ]
        envelope: Any = {"events": events}
        if self._chance.random() < 0.2:
            envelope = self._changed(envelope)
        return self._request(_dump(envelope))

    def flipped(self) -> bytes:
        """A good body with bytes turned, cut, doubled or put in."""
        return self._request(self._spoilt(_dump({"events": [self._chance.choice(golden())]})))

    def encoded(self) -> bytes:
        """Compressed bodies: broken, cut short, of another sort than told, and bombs."""
        body = _dump({"events": [self._chance.choice(golden())]})
        packed = self._chance.choice(
            (gzip.compress(body), gzip.compress(body)[:-4], self._spoilt(gzip.compress(body)), zlib.compress(body),
             gzip.compress(body) * 3, gzip.compress(gzip.compress(body)), _bomb(), body)
        )  # fmt: skip
        told = self._chance.choice(
            (b"gzip", b"gzip", b"gzip", b"gzip, gzip", b"deflate", b"br", b"x-gzip", b"\xff", b"")
        )
        return self._request(packed, b"Content-Encoding: " + told)

    def keyed(self) -> bytes:
        """Keys that are none, in the header and in the body."""
        key = self._chance.choice(
            (
                b"",
                b"sk_",
                b"pk_" + b"x" * 9_000,
                b"\xff\xfe",
                b"sk_\x00",
                b"Basic Og==",
                self._spoilt(self._keys[0]),
            )
        )
        body = _dump(
            {"events": [self._chance.choice(golden())], "key": self._chance.choice((*ODD, "sk_x", "pk_y"))}
        )
        return self._request(body, key=key.replace(b"\n", b"").replace(b"\r", b""))

    def headed(self) -> bytes:
        """Headers too many, too long, twice, folded, without a name, or with what no header has."""
        line = self._chance.choice(
            (b"X: " + b"y" * 70_000, b"\r\n".join(b"H%d: v" % n for n in range(150)), b"Host: a\r\nHost: b",
             b" folded: x",
             b": no name", b"Na me: x", b"X: \x00", b"Origin: null\r\nOrigin: https://b", b"Content-Type: \xff",
             b"Expect: 100-continue", b"Upgrade: h2c\r\nConnection: Upgrade", b"Forwarded: for=\xff",
             b"X-Forwarded-For: ' OR 1",
             b"Sec-Fetch-Site: none", b"Accept-Encoding: " + b"gzip;q=" + b"9" * 400,
             b"Authorization: Bearer a\r\nAuthorization: Bearer b")
        )  # fmt: skip
        return self._request(_dump({"events": []}), line)

    def lengths(self) -> bytes:
        """A Content-Length that is not so."""
        body = _dump({"events": [self._chance.choice(golden())]})
        told = self._chance.choice(
            (b"-1", b"0", b"1", b"99999", b"9" * 30, b"+5", b"0x10", b"5, 5", b"", b"5\r\nContent-Length: 6")
        )
        return self._head() + b"Content-Length: " + told + b"\r\n\r\n" + body

    def chunks(self) -> bytes:
        """Chunks of wrong, huge or no size, with extensions and trailers, unended, or with a length beside them."""
        body = _dump({"events": [self._chance.choice(golden())]})
        size = self._chance.choice(
            (
                b"%x" % len(body),
                b"%x" % (len(body) + 1),
                b"ffffffffffffffff",
                b"-1",
                b"g",
                b"",
                b"1;" + b"x" * 5_000,
            )
        )
        end = self._chance.choice((b"\r\n0\r\n\r\n", b"\r\n", b"", b"\r\n0\r\nX: y\r\n\r\n", b"0\r\n\r\n"))
        beside = self._chance.choice((b"", b"Content-Length: 5\r\n", b"Transfer-Encoding: identity\r\n"))
        return self._head() + beside + b"Transfer-Encoding: chunked\r\n\r\n" + size + b"\r\n" + body + end

    def paths(self) -> bytes:
        """Paths and methods that nobody asks for in earnest."""
        body = _dump({"events": []})
        length = b"Content-Length: %d\r\n\r\n" % len(body)
        return self._head(self._chance.choice(METHODS), self._chance.choice(PATHS)) + length + body

    def garbage(self) -> bytes:
        """What is no request at all, or another protocol's."""
        return self._chance.choice(
            (self._chance.randbytes(self._chance.randrange(1, 300)), b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
             b"\x16\x03\x01\x02\x00\x01",
             b"GET /\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"POST /v1/events HTTP/1.1\r\n\r\n",
             b"\r\n" * 999, self._spoilt(self._request(b"{}")))
        )  # fmt: skip

    def _head(self, method: bytes = b"POST", path: bytes = b"/v1/events", key: bytes | None = None) -> bytes:
        held = self._chance.choice(self._keys) if key is None else key
        return (
            method + b" " + path + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + held + b"\r\n"
        )

    def _request(self, body: bytes, *lines: bytes, key: bytes | None = None) -> bytes:
        own = b"".join(line + b"\r\n" for line in lines)
        return self._head(key=key) + own + b"Content-Length: %d\r\n\r\n" % len(body) + body

    def _spoilt(self, text: bytes) -> bytes:
        spoilt = bytearray(text)
        for _ in range(self._chance.choice((1, 1, 2, 8))):
            at = self._chance.randrange(len(spoilt) + 1)
            way = self._chance.randrange(4)
            if way == 0 and at < len(spoilt):
                spoilt[at] ^= 1 << self._chance.randrange(8)
            elif way == 1:
                del spoilt[at : at + self._chance.randrange(20)]
            elif way == 2:
                spoilt[at:at] = spoilt[at : at + 40]
            else:
                spoilt[at:at] = self._chance.choice(BYTES)
        return bytes(spoilt)

    def _changed(self, value: Any) -> Any:
        """The value with one of its parts, however deep, changed."""
        if isinstance(value, dict) and value and self._chance.random() < 0.8:
            name = self._chance.choice(list(value))
            if self._chance.random() < 0.1:
                return {other: held for other, held in value.items() if other != name}
            return {**value, name: self._changed(value[name])}
        if isinstance(value, list) and value and self._chance.random() < 0.8:
            at = self._chance.randrange(len(value))
            return [*value[:at], self._changed(value[at]), *value[at:]]
        return self._chance.choice(ODD)


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=True).encode()


@cache
def _bomb() -> bytes:
    """60 MB of zeros in 60 KB."""
    return gzip.compress(bytes(60_000_000))
