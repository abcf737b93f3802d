"""A prompt in a file and its version."""

from __future__ import annotations

import hashlib
from pathlib import Path

import sayso
from sayso.testing import MemoryTransport


def test_a_prompt_is_named_after_its_file_and_versioned_by_its_content(tmp_path: Path) -> None:
    file = tmp_path / "help_desk.v2.md"
    file.write_bytes("Antworte höflich.\r\n".encode())
    prompt = sayso.Prompt.from_file(file)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert prompt == sayso.Prompt("help_desk.v2", "Antworte höflich.\r\n", digest[:12])
    file.write_text("Antworte knapp.")
    assert sayso.Prompt.from_file(str(file)).version != prompt.version


def test_an_interaction_says_which_prompt_it_was_without_its_text(tmp_path: Path) -> None:
    file = tmp_path / "help_desk.txt"
    file.write_text("Be short.")
    prompt, memory = sayso.Prompt.from_file(file), MemoryTransport()
    with sayso.Client(transport=memory) as client:
        client.interaction("msg_1", prompt=prompt)
        client.interaction("msg_2", prompt={"name": "other", "version": "7"})
    assert [event["body"]["prompt"] for event in memory.events] == [
        {"name": "help_desk", "version": prompt.version},
        {"name": "other", "version": "7"},
    ]
