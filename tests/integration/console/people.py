"""What tests of the working pages share: a console of a project with feedback, and a collector that takes events."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from landed import append, event, land, thumb
from sayso_ingest.console import Door, create_app, read_labels
from sayso_ingest.mining import find_themes, keep_gathered, read_comments
from sayso_ingest.places import gathered_file, service_key_file
from sayso_ingest.settings import Settings
from sayso_ingest.users import Role, add_user
from sayso_ingest.warehouse import Published
from serving import answering
from werkzeug.test import TestResponse

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NASTY = "<script>document.title='owned'</script>\"'><img src=x onerror=alert(1)>{{7*7}}\u202e"


def uid(number: int) -> str:
    return str(UUID(int=number, version=4))


def at(minutes: float) -> str:
    """A time, so many minutes before now."""
    return (NOW - timedelta(minutes=minutes)).isoformat()


def interaction(target: str, *, minutes: float = 100, version: str = "v1", **body: Any) -> dict[str, Any]:
    said = {
        "input": f"How do I {target}?",
        "output": f"You {target} so.",
        "prompt": {"name": "help", "version": version},
    }
    return event("interaction", target=target, occurred_at=at(minutes), body=said | body)


def down(target: str, *, minutes: float, who: str = "u1", **fields: Any) -> dict[str, Any]:
    return thumb("down", target=target, actor=who, occurred_at=at(minutes), **fields)


def detail(about: dict[str, Any], *, minutes: float, **body: Any) -> dict[str, Any]:
    return event(
        "detail",
        target=about["target"],
        actor=about["actor"],
        occurred_at=at(minutes),
        body={"about": about["id"], **body},
    )


def annotation(target: str, who: str, label: str, *, minutes: float = 1) -> dict[str, Any]:
    return event("annotation", target=target, actor=who, occurred_at=at(minutes), body={"label": label})


class Taking:
    """A collector's answer to each event, and what came."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.status = "accepted"

    @contextmanager
    def served(self) -> Iterator[str]:
        taking = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                results = [
                    {"id": one["id"], "status": taking.status, "reason": "invalid_value"}
                    for one in body["events"]
                ]
                if taking.status == "accepted":
                    taking.events += body["events"]
                answer = json.dumps({"results": results}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: Any) -> None:
                pass

        with answering(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as address:
            yield address


def project(folder: Path, *events: dict[str, Any]) -> None:
    """Make a project with what was said in it, and its service key."""
    folder.mkdir(exist_ok=True)
    service_key_file(folder).write_text("sk_" + "s" * 43 + "\n")
    if events:
        append(folder, *events)
        land(folder)


def gather(folder: Path) -> None:
    """Gather its comments into themes, as `sayso themes` does, two hours ago."""
    with Published.open(folder) as published:
        found = find_themes(read_comments(published.query))
    keep_gathered(gathered_file(folder), found, now=NOW.replace(tzinfo=None) - timedelta(hours=2))


def console(
    folder: Path, url: str = "http://127.0.0.1:1", now: Callable[[], datetime] = lambda: NOW
) -> FlaskClient:
    """A browser on an open console."""
    labels = read_labels("good=1,bad=0,unclear")
    return create_app(project_folder=folder, collector=url, labels=labels, now=now).test_client()


def named(folder: Path, *names: str, url: str = "http://127.0.0.1:1") -> list[FlaskClient]:
    """Browsers of people whom a proxy signs in, each by name."""
    users = folder.parent / "users.json"
    door = Door.of(
        Settings.load(
            environ={}, console_user_header="Remoteuser", console_proxy="127.0.0.1", console_open="never"
        )
    )
    for name in names:
        if not users.exists() or f'"{name}"' not in users.read_text():
            add_user(users, name, role=Role.ANNOTATE, password=None)
    app = create_app(
        project_folder=folder,
        door=door,
        collector=url,
        labels=read_labels("good=1,bad=0,unclear"),
        now=lambda: NOW,
    )
    browsers = [app.test_client() for _ in names]
    for one, name in zip(browsers, names, strict=True):
        one.environ_base["HTTP_REMOTEUSER"] = name
    return browsers


def words(answer: TestResponse) -> str:
    """The page as it reads."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text.split("<main", 1)[-1]).split())


def send(client: FlaskClient, path: str, page: str, **fields: Any) -> TestResponse:
    """Send a form of a page, with the token that the page holds."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert found, f"{page} has no form"
    return client.post(path, data={**fields, "csrf_token": found[1]})
