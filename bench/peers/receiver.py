"""A server that speaks the wire of every client here, answers as it is told, and counts what came.

python -m bench.peers.receiver [PORT]       prints its port; stops with its standard input

GET /counts        {"events", "distinct", "requests", "last"}; last is the monotonic time of the last event
POST /mode/MODE    ok, slow (0.5 s), failing (503), silent (no answer); hold (no answer until another mode comes)
"""

from __future__ import annotations

import asyncio
import gzip
import json
import sys
import time
import zlib
from collections.abc import Callable, Iterable
from typing import Any

SLOW = 0.5


class Receiver:
    def __init__(self) -> None:
        self.mode = "ok"
        self.changed = asyncio.Event()
        self.events = self.requests = 0
        self.ids: set[str] = set()
        self.last = 0.0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                request, headers = _parsed(head)
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                status, answer = await self._answer(request.split(" ")[1], headers, body)
                writer.write(
                    b"HTTP/1.1 %d -\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                    % (status, len(answer), answer)
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        if path == "/counts":
            return 200, json.dumps(
                {
                    "events": self.events,
                    "distinct": len(self.ids),
                    "requests": self.requests,
                    "last": self.last,
                }
            ).encode()
        if path.startswith("/mode/"):
            self.mode = path.removeprefix("/mode/")
            self.changed.set()
            self.changed = asyncio.Event()
            return 200, b"{}"
        if self.mode == "silent":
            await asyncio.Event().wait()  # also when the mode changes: what it was sent is lost
        while self.mode == "hold":
            await self.changed.wait()
        if self.mode == "slow":
            await asyncio.sleep(SLOW)
        if self.mode == "failing":
            return 503, b'{"detail":"not now"}'
        ids, status, answer = WIRES[_wire(path)](_unzipped(body, headers.get("content-encoding", "")))
        self.requests += 1
        self.events += len(ids)
        self.ids.update(ids)
        self.last = time.monotonic()
        return status, answer


Taken = tuple[list[str], int, bytes]


def sayso(body: bytes) -> Taken:
    ids = [event["id"] for event in json.loads(body)["events"]]
    return ids, 200, json.dumps({"results": [{"id": id_, "status": "accepted"} for id_ in ids]}).encode()


def posthog(body: bytes) -> Taken:
    return [event["uuid"] for event in json.loads(body)["batch"]], 200, b'{"status":"Ok"}'


def langfuse(body: bytes) -> Taken:
    return [score["id"] for score in json.loads(body)], 202, b'{"message":"Accepted"}'


def segment(body: bytes) -> Taken:
    return [event["messageId"] for event in json.loads(body)["batch"]], 200, b'{"success":true}'


def sentry(body: bytes) -> Taken:
    """An envelope: a line about it, then a line about each item and the item; only events count."""
    head, _, items = body.partition(b"\n")
    is_event = b'"type":"event"' in items.partition(b"\n")[0]
    return [json.loads(head)["event_id"]] if is_event else [], 200, b"{}"


def nothing(body: bytes) -> Taken:
    """What a client asks beside: settings, flags."""
    return [], 200, b"{}"


WIRES: dict[str, Callable[[bytes], Taken]] = {
    "/v1/events": sayso,
    "/batch/": posthog,
    "/api/public/scores": langfuse,
    "/v1/batch": segment,
    "/envelope/": sentry,
    "": nothing,
}


def _wire(path: str) -> str:
    return next(end for end in WIRES if path.partition("?")[0].endswith(end))


def _parsed(head: bytes) -> tuple[str, dict[str, str]]:
    first, *lines = head.decode("latin-1").strip().split("\r\n")
    pairs: Iterable[Any] = (line.partition(":") for line in lines)
    return first, {name.lower(): value.strip() for name, _, value in pairs}


def _unzipped(body: bytes, encoding: str) -> bytes:
    if encoding == "gzip":
        return gzip.decompress(body)
    return zlib.decompress(body) if encoding == "deflate" else body


async def main() -> None:
    receiver = Receiver()
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", port, limit=2**22)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
