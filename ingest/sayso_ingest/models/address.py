"""Where a model is and what it is called there, as settings spell it: `openai:URL#MODEL`."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from sayso_ingest.errors import UsageError
from sayso_ingest.parsers import MODEL


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
        if not MODEL.fullmatch(text):
            raise UsageError(f"{text!r} names no model. Write openai:URL#MODEL.")
        url, _, model = text.partition(":")[2].rpartition("#")
        return cls(url.rstrip("/"), model)

    @property
    def host(self) -> str:
        """The host and port, without a user's name or password."""
        return urlsplit(self.url).netloc.rpartition("@")[2]
