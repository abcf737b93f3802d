"""Every relative link in the project's Markdown leads somewhere, to a heading too where it names one."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from docs.checkout import ROOT, files

PAGES = [page for page in files() if page.suffix == ".md"]
Link = tuple[Path, str]


def prose(page: Path) -> str:
    """The page without its blocks and spans of code."""
    text = re.sub(r"^(```|~~~).*?^\1", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`[^`\n]*`", "", text)


def relative_links(page: Path) -> list[str]:
    links = re.findall(
        r"\]\(<?([^)\s>]+)>?(?: [^)]*)?\)|^\[[^\]]+\]: +(\S+)", prose(page), flags=re.MULTILINE
    )
    found = [inline or reference for inline, reference in links]
    return [link for link in found if not re.match(r"[a-z][a-z+.-]*:", link)]


def anchors(page: Path) -> set[str]:
    """The names that code hosts give to the headings of a page."""
    text = re.sub(r"^(```|~~~).*?^\1", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ +(.+?) *$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_resolve(page: Path) -> None:
    for link in relative_links(page):
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{link}: there is no {path}"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{link}: no such heading"


def test_a_link_into_nothing_and_a_heading_are_told_apart(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# What it `does`, and why\n\n[a](gone.md) `[b](code.md)` [c](https://x.y) [d](#what)\n")
    assert relative_links(page) == ["gone.md", "#what"]
    assert anchors(page) == {"what-it-does-and-why"}
