"""Which prompts a run is asked with: files, as they are or as a commit has them, and what production calls them."""

from __future__ import annotations

import glob
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sayso_ingest.errors import NotFound, UsageError

if TYPE_CHECKING:
    from sayso import Prompt

_CALLED = re.compile(r"(?P<name>[^@]+)@(?P<version>[^@]+)")


def read_prompts(texts: Sequence[str], called: str | None) -> list[Prompt]:
    """Read the prompts that are named: FILE, FILE@COMMIT, or a pattern that many files fit.

    Raises:
        NotFound: there is no such file, or no commit has it.
        UsageError: a file is no text, or several prompts are to be called the same.
    """
    found = [prompt for text in texts for prompt in _read(text)]
    if called is None:
        return found
    if len(found) != 1:
        raise UsageError(f"--as names one prompt, and --prompt names {len(found)}. Run them one by one.")
    fits = _CALLED.fullmatch(called)
    if fits is None:
        raise UsageError(f"--as is {called!r}. Write what production calls it, as NAME@VERSION.")
    return [replace(found[0], name=fits["name"], version=fits["version"])]


def _read(text: str) -> list[Prompt]:
    path = Path(text)
    if path.is_file():
        return [_file(path)]
    name, at, commit = text.rpartition("@")
    if at and not Path(text).exists():
        from sayso_ingest.evals.prompts import prompt_at

        return [prompt_at(Path(name), commit)]
    files = sorted(Path(one) for one in glob.glob(text, recursive=True) if Path(one).is_file())  # noqa: PTH207 - a shell's pattern
    if not files:
        raise NotFound(f"There is no prompt {text}. Name a file, a pattern in quotes, or FILE@COMMIT.")
    return [_file(path) for path in files]


def _file(path: Path) -> Prompt:
    from sayso import Prompt

    try:
        return Prompt.from_file(path)
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is no text in UTF-8 ({error.reason}). Save it as such.") from error
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}.") from error
