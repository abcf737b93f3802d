"""Prompts as they were in earlier commits: git knows, and nobody has to number anything."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sayso import Prompt

from sayso_ingest import git
from sayso_ingest.errors import NotFound, SaysoError, UsageError

# Whatever the user's settings say about how a log is shown.
_LOG = (
    "log",
    "--follow",
    "--name-only",
    "--no-relative",
    "--no-show-signature",
    "--diff-filter=d",
    "-z",
    "--format=%H%x00%cI%x00%s",
)


@dataclass(frozen=True, slots=True)
class Committed:
    """A text that a prompt's file had, and the commit that wrote it: when, and what its first line says."""

    prompt: Prompt
    written_at: datetime
    subject: str


def versions_of(file: Path) -> list[Committed]:
    """All texts that a file has had in what leads to HEAD, newest first, under earlier names too.

    Raises:
        NotFound: there is no git, or no such folder.
        UsageError: it is in no repository.
        SaysoError: git fails, or a text is not UTF-8.
    """
    at = _place(file)
    if git.run(at.folder, "rev-parse", "--verify", "--quiet", "HEAD").returncode:
        return []  # no commit yet
    told = git.run(at.folder, *_LOG, "--", at.name).stdout.decode("utf-8", "surrogateescape").split("\0")
    # Before the name of the file, the last of the four, git writes the end of a line.
    found = [(*told[n : n + 3], told[n + 3].removeprefix("\n")) for n in range(0, len(told) - 3, 4)]
    texts = texts_of(at.folder, [f"{commit}:{path}" for commit, _, _, path in found])
    return [
        Committed(prompt_of(file.stem, commit, path, text), datetime.fromisoformat(when), subject)
        for (commit, when, subject, path), text in zip(found, texts, strict=True)
        if text is not None
    ]


def prompt_at(file: Path, ref: str) -> Prompt:
    """A prompt as a commit, branch or tag has it; its commit is the one that wrote that text.

    Raises:
        NotFound: there is no git, no such folder, or no such file at that commit.
        UsageError: the file is in no repository, or there is no such commit.
        SaysoError: git fails, or the text is not UTF-8.
    """
    at = _place(file)
    known = git.run(at.folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if known.returncode:
        raise UsageError(
            f"{ref!r} names no commit, branch or tag of the repository of {file}. {_on_missing(at.folder)}"
            f"See which commits wrote the file: git log --oneline -- {file}"
        )
    commit = known.stdout.decode().strip()
    (text,) = texts_of(at.folder, [f"{commit}:{at.path}"])
    if text is None:
        raise NotFound(
            f"There is no {at.path} at {ref}. See which commits wrote it, under which name: "
            f"git log --follow --name-only --oneline -- {file}"
        )
    wrote = git.run(at.folder, "log", "-1", "--no-show-signature", "--format=%H", commit, "--", at.name)
    return prompt_of(file.stem, wrote.stdout.decode().strip() or commit, at.path, text)


def predecessor(file: Path) -> Prompt:
    """The text before a file's present one: that of HEAD where the file was changed since, else the one before it.

    Raises:
        NotFound: no commit has another text of it.
        UsageError: the file is in no repository.
        SaysoError: the file cannot be read, or git fails.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise NotFound(f"{file} cannot be read ({error.strerror}). Name a prompt's file.") from error
    now = _version(content)
    for committed in versions_of(file):
        if committed.prompt.version != now:
            return committed.prompt
    raise NotFound(
        f"No commit has an earlier text of {file}. {_on_missing(file.resolve().parent)}"
        "Commit it before it is changed, or name what to compare it with."
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the text of a file lies: its folder, its name there, and its path from the top of the repository."""

    folder: Path
    name: str
    path: str


def _place(file: Path) -> _Place:
    """Where a file's text lies; a link is followed to it."""
    resolved = file.resolve()
    folder = resolved.parent
    if not git.is_installed():
        raise NotFound(
            f"git is not installed, or not on the PATH, so that earlier texts of {file} are not known. Install it."
        )
    if not folder.is_dir():
        raise NotFound(f"There is no folder {folder}. Name a prompt's file.")
    found = git.run(folder, "rev-parse", "--show-prefix")
    if found.returncode:
        raise UsageError(
            f"{folder} cannot be used as a git repository ({git.complaint(found)}), so that earlier texts of {file} "
            "are not known. Name a file in a clone, or make one of the folder: git init"
        )
    prefix = found.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")
    return _Place(folder, resolved.name, prefix + resolved.name)


def _on_missing(folder: Path) -> str:
    """What to do first where a clone has but the last commits, as in many CI jobs."""
    if git.run(folder, "rev-parse", "--is-shallow-repository").stdout.strip() != b"true":
        return ""
    return (
        "This clone has only the last commits: get the others with git fetch --unshallow (fetch-depth: 0 of "
        "actions/checkout). "
    )


def texts_of(folder: Path, names: list[str], *, only_text: bool = False) -> list[str | None]:
    """Files by COMMIT:PATH, all of one question to git; None for what is not there, or no file.

    Raises:
        SaysoError: git fails, or one is not UTF-8, which with `only_text` is None as well.
    """
    asked = "".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape")
    done = git.run(folder, "cat-file", "--batch", told=asked)
    if done.returncode:
        raise SaysoError(f"git could not read {folder} ({git.complaint(done)}). See what git fsck says.")
    texts: list[str | None] = []
    rest = done.stdout
    for name in names:
        head, _, rest = rest.partition(b"\n")
        words = head.split(b" ")
        if not (len(words) == 3 and words[2].isdigit()):
            texts.append(None)  # "NAME missing"
            continue
        size = int(words[2])
        texts.append(_decoded(rest[:size], name, only_text) if words[1] == b"blob" else None)
        rest = rest[size + 1 :]
    return texts


def _decoded(content: bytes, name: str, only_text: bool) -> str | None:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        if only_text:
            return None
        raise SaysoError(
            f"{name} is not UTF-8. Save the prompt as UTF-8, and name a commit from there on."
        ) from error


def prompt_of(name: str, commit: str, path: str, text: str) -> Prompt:
    """The prompt that an application would have sent which read this text as that commit has it."""
    return Prompt(name, text, _version(text.encode()), commit=commit, dirty=False, path=path)


def _version(content: bytes) -> str:
    """What `sayso.Prompt` makes of a file's bytes."""
    return hashlib.sha256(content).hexdigest()[:12]
