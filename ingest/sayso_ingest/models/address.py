"""Where a model is and what it is called there, as settings spell it: `openai:URL#MODEL`."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from sayso_ingest.errors import UsageError
from sayso_ingest.parsers import MODEL, without_secrets


@dataclass(frozen=True, slots=True)
class Address:
    """A model at an endpoint that speaks as OpenAI's does; `url` is what comes before `/chat/completions`."""

    url: str
    model: str

    @classmethod
    def read(cls, text: str) -> Address:
        """Read `openai:URL#MODEL`, for instance `openai:http://localhost:11434/v1#llama3`.

        Raises:
            UsageError: it is spelt otherwise.
        """
        url, _, model = text.partition(":")[2].rpartition("#")
        if not (MODEL.fullmatch(text) and _is_url(url)):
            raise UsageError(f"{without_secrets(text)!r} names no model. Write openai:URL#MODEL.")
        return cls(url.rstrip("/"), model)

    def at(self, path: str) -> str:
        """The URL of one of its services: `path` goes before what the address asks for, as `?api-version=1`."""
        parts = urlsplit(self.url)
        return parts._replace(path=f"{parts.path.rstrip('/')}/{path}").geturl()

    @property
    def host(self) -> str:
        """The host and port, without a user's name or password."""
        return urlsplit(self.url).netloc.rpartition("@")[2]


def _is_url(text: str) -> bool:
    try:
        return urlsplit(text).port != 0
    except ValueError:
        return False
