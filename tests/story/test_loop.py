"""`sayso demo --loop`: from what people said, by an eval set and a gate, to a prompt that people like better."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from story.test_demo import LEDGER, README, flat, run_demo

pytestmark = pytest.mark.slow


class TestLoop:
    @pytest.fixture(scope="class")
    @staticmethod
    def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
        return tmp_path_factory.mktemp("loop") / "data"

    @pytest.fixture(scope="class")
    @staticmethod
    def said(data: Path) -> str:
        """What the demo says, on one line."""
        done = run_demo("--loop", "--data", str(data))
        assert done.returncode == 0, done.stderr
        return flat(done.stdout)

    def test_it_says_what_the_readme_shows(self, said: str) -> None:
        (shown,) = re.findall(r"^```console\n(.*?)^```$", README.read_text(), flags=re.MULTILINE | re.DOTALL)
        sentences = [line for line in shown.splitlines() if not line.startswith("$ ")]
        assert len(sentences) == 3
        assert [sentence for sentence in sentences if sentence not in said] == []

    def test_the_gate_fails_the_worse_prompt_and_passes_the_one_that_mends_it(self, said: str) -> None:
        verdicts = re.findall(r"(fail|pass): helpdesk@(v\d) is (worse|better) than helpdesk@(v\d)", said)
        assert verdicts == [("fail", "v2", "worse", "v1"), ("pass", "v3", "better", "v2")]

    def test_people_agree_the_day_after(self, said: str) -> None:
        assert "v3 is better than v2: liked" in said

    def test_every_event_of_both_periods_has_landed_once(self, said: str) -> None:
        assert LEDGER.search(said)

    def test_each_run_is_kept_with_its_prompt(self, said: str, data: Path) -> None:
        runs = sorted((data / "default" / "runs").iterdir())
        manifests = [json.loads((run / "manifest.json").read_text()) for run in runs]
        assert [manifest["prompt"]["version"] for manifest in manifests] == ["v1", "v2", "v3"]
        texts = [(run / "prompt.md").read_text() for run in runs]
        assert [text.count("from memory") for text in texts] == [0, 1, 0]
