"""What cases are written from: passages of documents, texts that were retrieved, gaps of a set, cases to vary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal, TypeAlias

from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.mining import Query

Kind: TypeAlias = Literal["document", "context", "gap", "variant"]
PASSAGE = 6_000
"""Characters of a passage at most: a quote is looked for in what the model was shown."""
ENDINGS = frozenset({".md", ".markdown", ".txt", ".rst", ".html", ".adoc", ".text"})
LARGEST = 20_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """Something to write cases from.

    `text` is what an answer must rest on, empty where there is none; then cases have no expected answer, unless
    `expected` is that of the case that is varied. `questions` were asked: of a gap to be like, of a variant to vary.
    """

    kind: Kind
    name: str
    text: str = ""
    questions: tuple[str, ...] = ()
    expected: str | None = None
    topic: str = ""


def read_documents(paths: Sequence[Path]) -> Iterator[Source]:
    """The passages of files, and of the texts in folders, by name; each file once, and read when it is its turn.

    Raises:
        NotFound: a file or folder is not there, or a folder holds no text.
        UsageError: a file is no text in UTF-8, or too large, or one that is named itself is empty.
    """
    for file in dict.fromkeys([file for path in paths for file in _files(path)]):
        text = _read(file)
        if file in paths and not text.strip():
            raise UsageError(f"{file} is empty: there is nothing to write from. Leave it out.")
        yield from (Source("document", file.name, part) for part in cut_document(text))


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise NotFound(f"{path} is not there. Name a file with text, or a folder of such files.")
    if not path.is_dir():
        return [path]
    found = sorted(file for file in path.rglob("*") if file.suffix.lower() in ENDINGS and file.is_file())
    if not found:
        raise NotFound(
            f"{path} holds no text: no file ends in {', '.join(sorted(ENDINGS))}. Name a file itself."
        )
    return found


def _read(file: Path) -> str:
    """The text of a file.

    Raises:
        UsageError: it is too large, or no text; a PDF without pictures or a program may well be UTF-8.
    """
    with file.open("rb") as opened:
        content = opened.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise UsageError(f"{file} has more than {LARGEST // 1_000_000} MB. Name a shorter text.")
    if content.startswith(b"%PDF-"):
        raise UsageError(f"{file} is a PDF. Make it text first, for instance with: pdftotext {file}")
    try:
        text = content.decode("utf-8-sig")
        problem = "it has zero bytes" if "\0" in text else ""
    except UnicodeDecodeError as error:
        problem = error.reason
    if problem:
        raise UsageError(f"{file} is no text in UTF-8 ({problem}). Leave it out, or make it text.")
    return text


def cut_document(text: str, *, most: int = PASSAGE) -> Iterator[str]:
    """Cut a text between paragraphs into passages of so many characters; a longer paragraph is cut within."""
    passage = ""
    for paragraph in text.replace("\r\n", "\n").split("\n\n"):
        for start in range(0, max(1, len(paragraph)), most):
            part = paragraph[start : start + most]
            if passage and len(passage) + len(part) + 2 > most:
                yield from _told(passage)
                passage = ""
            passage = f"{passage}\n\n{part}" if passage else part
    yield from _told(passage)


def _told(passage: str) -> Iterator[str]:
    if passage.strip():
        yield passage.strip()


def read_contexts(query: Query, targets: Sequence[str] | None = None, *, most: int) -> Iterator[Source]:
    """The passages of so many texts that were retrieved, for these interactions or for any, each once."""
    sql = files(__package__).joinpath("contexts.sql").read_text(encoding="utf-8")
    for row in query(sql, [list(targets) if targets is not None else None, most]):
        for part in cut_document(row["text"]):
            yield Source("context", row["name"] or "a retrieved text", part)
