"""TCP connections through a proxy of our own that can cut them, hold them up and slow them down.

`with Wires() as wires: wire = wires.to(port)`; clients connect to `wire.port`. One thread moves the bytes of all.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any

CHUNK = 64 << 10


class Wire:
    """All connections to one port."""

    def __init__(self, loop: asyncio.AbstractEventLoop, target: int) -> None:
        self.port = 0
        self._loop = loop
        self._target = target
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._bytes_a_second = 0
        self._ends: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def listen(self) -> None:
        """Take connections on a free port."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def cut(self) -> None:
        """Break every connection that there is; new ones are taken."""
        self._soon(self._break)

    def stall(self) -> None:
        """Let nothing through, as if the network were gone, until `heal`."""
        self._soon(self._flowing.clear)

    def slow(self, bytes_a_second: int) -> None:
        """Let so much through on each connection, until `heal`."""
        self._bytes_a_second = bytes_a_second

    def heal(self) -> None:
        """Be a wire again."""
        self._bytes_a_second = 0
        self._soon(self._flowing.set)

    async def close(self) -> None:
        """Listen no longer, and break what there is."""
        if self._server is not None:
            self._server.close()
        self._flowing.set()
        self._break()

    def _soon(self, what: Callable[[], Any]) -> None:
        self._loop.call_soon_threadsafe(what)

    def _break(self) -> None:
        for end in list(self._ends):
            end.transport.abort()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far = socket.socket()
        far.setblocking(False)
        try:
            await self._loop.sock_connect(far, ("127.0.0.1", self._target))
        except OSError:  # the broker is away
            far.close()
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_connection(sock=far)
        ends = {writer, far_writer}
        self._ends |= ends
        try:
            await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))
        finally:
            self._ends -= ends
            for end in ends:
                end.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                await self._flowing.wait()
                if self._bytes_a_second:
                    await asyncio.sleep(len(data) / self._bytes_a_second)
                writer.write(data)
                await writer.drain()
        writer.transport.abort()


class Wires:
    """Wires, and the thread in which they live."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="wires", daemon=True)
        self._wires: list[Wire] = []

    def __enter__(self) -> Wires:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for wire in self._wires:
            self._run(wire.close())
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    def to(self, port: int) -> Wire:
        """Put a wire in front of a port."""
        wire = Wire(self._loop, port)
        self._run(wire.listen())
        self._wires.append(wire)
        return wire

    def _run(self, what: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(timeout=10)

    async def _end(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
