#!/usr/bin/env python3
"""Starts Firefox and stands between it and Playwright, which knows commands that Firefox's long-term release lacks.

Playwright speaks WebDriver BiDi to an unpatched Firefox, and asks of each new profile to emulate colours. A release
that does not know how says so, and Playwright would stop. Here such an answer becomes a yes: nothing is emulated.
Playwright starts this file in place of the browser, with the browser's arguments.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from contextlib import suppress

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve

LISTENING = "WebDriver BiDi listening on "


def answered(text: str, emulations: set[int]) -> str:
    """An answer of Firefox, or a yes where it knows no such emulation."""
    message = json.loads(text)
    if message.get("id") in emulations and message.get("error") == "unknown command":
        return json.dumps({"type": "success", "id": message["id"], "result": {}})
    return text


async def answer(firefox: ClientConnection, playwright: ServerConnection, emulations: set[int]) -> None:
    """Hand on what Firefox says."""
    async for text in firefox:
        await playwright.send(answered(str(text), emulations))
    await playwright.close()


async def relay(address: str, playwright: ServerConnection) -> None:
    """Hand on what Playwright asks, for as long as both are there."""
    emulations: set[int] = set()
    path = playwright.request.path if playwright.request else ""
    async with connect(address + path, max_size=None) as firefox, asyncio.TaskGroup() as both:
        both.create_task(answer(firefox, playwright, emulations))
        async for text in playwright:
            command = json.loads(text)
            if command["method"].startswith("emulation."):
                emulations.add(command["id"])
            await firefox.send(str(text))
        await firefox.close()


async def listening(stderr: asyncio.StreamReader) -> str:
    """The address at which Firefox takes commands."""
    async for line in stderr:
        if line.decode().startswith(LISTENING):
            return line.decode().removeprefix(LISTENING).strip()
    sys.exit("Firefox ended before it took commands")


async def read_on(stderr: asyncio.StreamReader) -> None:
    """Keep Firefox from waiting for a reader."""
    async for _line in stderr:
        pass


async def main() -> None:
    """Run Firefox to its end."""
    firefox = await asyncio.create_subprocess_exec(os.environ["FIREFOX"], *sys.argv[1:], stderr=PIPE)
    assert firefox.stderr
    address = await listening(firefox.stderr)

    async def until_left(playwright: ServerConnection) -> None:
        """Relay; a Playwright that is gone, however it went, leaves no browser behind."""
        try:
            await relay(address, playwright)
        finally:
            with suppress(ProcessLookupError):
                firefox.terminate()

    async with serve(until_left, "127.0.0.1", 0, max_size=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        print(f"{LISTENING}ws://127.0.0.1:{port}", file=sys.stderr, flush=True)
        await read_on(firefox.stderr)
        await firefox.wait()


if __name__ == "__main__":
    asyncio.run(main())
