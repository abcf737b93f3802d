"""What manifests say of versions, without their cases."""

from __future__ import annotations

from pathlib import Path

import pytest
from sayso_ingest import evalsets
from sayso_ingest.errors import SaysoError, UsageError
from unit.evalsets.test_case import case

ONE, TWO = case("Where is my parcel?"), case("I lost my password")


def test_a_summary_has_the_counts_of_each_version_oldest_first(tmp_path: Path) -> None:
    evalsets.promote(tmp_path, "help", [ONE], note="first")
    evalsets.promote(tmp_path, "help", [TWO])
    first, second = evalsets.summaries(tmp_path, "help")
    assert (first.number, first.cases, first.note) == (1, 1, "first")
    assert (second.number, second.cases, second.note) == (2, 2, "")
    assert sum(second.strata.values()) == sum(second.reference_kinds.values()) == 2
    assert second.sha256 == evalsets.read(tmp_path, "help", 2).sha256


def test_a_set_without_a_version_has_no_summary(tmp_path: Path) -> None:
    assert evalsets.summaries(tmp_path, "help") == []
    with pytest.raises(UsageError, match="cannot be the name"):
        evalsets.summaries(tmp_path, "../elsewhere")


@pytest.mark.parametrize("text", ["no JSON", "[]", '{"cases_sha256": ""}'])
def test_a_manifest_that_is_none_is_named(tmp_path: Path, text: str) -> None:
    version = evalsets.promote(tmp_path, "help", [ONE])
    (version.path / "manifest.json").write_text(text)
    with pytest.raises(SaysoError, match=r"manifest\.json is not the manifest of a version"):
        evalsets.summaries(tmp_path, "help")
