"""What `sayso serve` says about a new project: keys, and lines to type that work as they stand."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING
from uuid import uuid4

from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.operate import FirstKeys

TEXT = """\
New project {project} in {data}. Its first keys are shown only now: just their hashes are kept.

  secret key, for back ends:      {secret}
  publishable key, for browsers:  {publishable} (on pages of this machine)

Say that an answer was good:

  curl {url}/v1/events -H 'Authorization: Bearer {secret}' -H 'Content-Type: application/json' -d '{body}'

Let people say it, on a page (open it over http://, as with `python3 -m http.server`, not as a file):

  <script src="{url}/sayso.js" data-key="{publishable}" defer></script>
  <sayso-thumbs target="msg_1"></sayso-thumbs>

Ask what they said:

  {question}
"""
BODY = '{{"events": [{{"id": "{id}", "kind": "thumb", "target": "msg_1", "actor": "u_1", "body": {{"value": "up"}}}}]}}'
QUESTION = "SELECT target, who, value FROM verdicts"


def welcome(settings: Settings, first: FirstKeys) -> str:
    """Name the first keys of a project and what to type with them."""
    return TEXT.format(
        project=settings.project,
        data=settings.data,
        secret=first.secret,
        publishable=first.publishable,
        url=local_url(settings.host, settings.port),
        body=BODY.format(id=uuid4()),
        question=typed(settings, "sql", QUESTION),
    )


def typed(settings: Settings, *words: str) -> str:
    """Spell a command for this folder and project, as a person would."""
    default = Settings()
    changed = [name for name in ("data", "project") if getattr(settings, name) != getattr(default, name)]
    return shlex.join(["sayso", *words, *settings.options(*changed)])


def local_url(host: str, port: int) -> str:
    """Return the URL at which this machine reaches a server that listens on `host`."""
    from sayso_ingest.operate import reached_at

    host = reached_at(host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
