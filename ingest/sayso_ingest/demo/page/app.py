"""The page's Flask app: the chat, the assistant's answers as they are written, and what landed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask, Response, abort, jsonify, redirect, render_template, request
from sayso import Client
from werkzeug.wrappers import Response as AnyResponse

from sayso_ingest.demo.page.assistant import OFFERED, POLISH, Said, answer, pieces
from sayso_ingest.demo.page.chats import Chats, Turn
from sayso_ingest.errors import NotFound
from sayso_ingest.warehouse import Published, read_statements

SQL = read_statements(files("sayso_ingest.demo.page") / "landed.sql")
LONGEST_QUESTION = 2_000
A_WORD_EVERY = 0.03
"""Seconds, so that the answer is seen growing."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the page's events go, and where they come out."""

    collector: str
    publishable: str
    project_folder: Path


def create_app(place: Place, client: Client, *, word_every: float = A_WORD_EVERY) -> Flask:
    """Make the page; its back end records what the assistant says with `client`."""
    app = Flask(__name__)
    chats = Chats()

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers.update(_headers(place.collector))
        return response

    @app.get("/")
    def begin() -> AnyResponse:
        return redirect(f"/chats/{uuid4().hex}")

    @app.get("/chats/<chat>")
    def page(chat: str) -> str:
        return render_template("page.html", chat=chat, place=place, offered=(*OFFERED, POLISH))

    @app.get("/chats/<chat>/turns")
    def turns(chat: str) -> Response:
        return jsonify([asdict(turn) for turn in chats.turns(chat)])

    @app.post("/chats/<chat>/turns")
    def ask(chat: str) -> Response:
        question = request.get_data(as_text=True).strip()[:LONGEST_QUESTION]
        if not question:
            abort(400, "Ask something.")
        return Response(_say(chat, question), mimetype="application/jsonl")

    def _say(chat: str, question: str) -> Iterator[str]:
        """Hand the answer out word by word; when it is whole, it is remembered and recorded."""
        # The id is made here, before the first word: the page's widgets name the same target as this back end.
        target, said, began = f"msg_{uuid4().hex[:12]}", answer(question), time.monotonic()
        yield _line(target=target, original=said.original)
        for piece in pieces(said.output):
            time.sleep(word_every)
            yield _line(text=piece)
        chats.add(chat, Turn(target, question, said.output, said.original))
        _record(client, target, question, said, chat=chat, latency_ms=(time.monotonic() - began) * 1000)

    @app.get("/landed")
    def landed() -> Response:
        return jsonify(_landed(place.project_folder))

    return app


def _record(client: Client, target: str, question: str, said: Said, *, chat: str, latency_ms: float) -> None:
    client.interaction(
        target,
        input=question,
        output=said.output,
        prompt={"name": "polish" if said.original else "helpdesk", "version": "v2"},
        model="canned",
        latency_ms=round(latency_ms),
        session=chat,
    )


def _landed(project_folder: Path) -> dict[str, Any]:
    try:
        with Published.open(project_folder, memory="256MB", seconds=5) as copy:
            return {"counts": copy.query(SQL["counts"])[0], "latest": copy.query(SQL["latest"])}
    except NotFound:  # nothing has been published yet
        return {"counts": None, "latest": []}


def _line(**fields: object) -> str:
    return json.dumps(fields) + "\n"


def _headers(collector: str) -> dict[str, str]:
    """As strict a policy as a page can have: what the widgets need is the collector, twice."""
    return {
        "Content-Security-Policy": f"default-src 'none'; script-src 'self' {collector}; "
        f"connect-src 'self' {collector}; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
