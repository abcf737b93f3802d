"""A product's git repository with a prompt, and the feedback of those who use the product."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landed import append, event, land
from sayso import Prompt
from sayso_ingest.cli import run

FIRST, SECOND = "Answer {{ input }} politely.\n", "Answer {{ input }} in one sentence.\nSay how many days.\n"


@dataclass(frozen=True)
class Shop:
    """A product's repository and the data folder that its users' feedback is in."""

    repo: Path
    data: Path

    @property
    def file(self) -> Path:
        return self.repo / "prompts" / "answer.md"

    def git(self, *words: str) -> str:
        who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", *who, *words], cwd=self.repo, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def write(self, text: str, *, commit: bool = True) -> Prompt:
        self.file.parent.mkdir(exist_ok=True)
        self.file.write_text(text)
        if commit:
            self.git("add", "-A")
            self.git("commit", "-qm", "prompt")
        return Prompt.from_file(self.file)

    @classmethod
    def opened(cls, folder: Path) -> Shop:
        """An empty repository and no data yet, in a folder."""
        shop = cls(folder / "repo", folder / "data")
        shop.repo.mkdir()
        shop.git("init", "-q", "-b", "main")
        return shop

    def answer(self, prompt: Mapping[str, Any], *, clicks: str = "") -> None:
        """Land interactions with a prompt, one a click: + is a thumb up, - one down with what was wrong."""
        sent = []
        for number, click in enumerate(clicks or " "):
            target = f"{prompt.get('version')} {number}"
            body = {"input": f"Question {number}?", "output": "Hm.", "prompt": prompt}
            sent.append(event("interaction", target=target, body=body))
            if click != " ":
                given = event(
                    target=target, actor=f"u{number}", body={"value": "up" if click == "+" else "down"}
                )
                sent.append(given)
            if click == "-":
                detail = {"about": given["id"], "comment": "It does not say how many days."}
                sent.append(event("detail", target=target, actor=f"u{number}", body=detail))
        append(self.data / "default", *sent)
        land(self.data / "default")

    def prompts(self, *words: str) -> int:
        return run(["prompts", *words, "--data", str(self.data), "--repo", str(self.repo)])
