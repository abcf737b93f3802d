"""`sayso widgets`: what to paste into a page."""

from __future__ import annotations

import json

import pytest
from sayso_ingest.cli import run
from sayso_ingest.collector.served import WIDGET, read_served

Output = tuple[int, str, str]


def widgets(capsys: pytest.CaptureFixture[str], *words: str) -> Output:
    code = run(["widgets", *words])
    out, err = capsys.readouterr()
    return code, out, err


def test_it_prints_the_script_the_elements_and_what_a_policy_has_to_allow(
    capsys: pytest.CaptureFixture[str],
) -> None:
    served = read_served(WIDGET)
    assert served
    code, out, _ = widgets(capsys, "--url", "https://fb.example.com/", "--key", "pk_1")
    assert code == 0
    assert (
        f'<script src="https://fb.example.com{served.path}" integrity="{served.integrity}" crossorigin="anonymous" '
        'data-key="pk_1" defer></script>'
    ) in out
    for element in ("thumbs", "suggestion", "comment"):
        assert f"  <sayso-{element} " in out
    assert "  script-src https://fb.example.com; connect-src https://fb.example.com\n" in out
    assert "https://fb.example.com/sayso.js, which is always" in out


def test_programs_get_the_same_as_json_and_a_path_is_told_to_the_widgets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = widgets(capsys, "--url", "https://app.example.com/fb", "--format", "json")
    paste = json.loads(out)
    assert code == 0
    assert paste["src"].startswith("https://app.example.com/fb/sayso/")
    assert 'data-key="pk_..." data-url="https://app.example.com/fb" defer>' in paste["script"]
    assert paste["csp"] == "script-src https://app.example.com; connect-src https://app.example.com"
    assert len(paste["elements"]) == 3


def test_without_an_address_it_is_that_of_a_collector_on_this_machine(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert 'src="http://127.0.0.1:8710/sayso/' in widgets(capsys)[1]
    assert 'src="http://127.0.0.1:9/sayso/' in widgets(capsys, "--port", "9")[1]


@pytest.mark.parametrize("words", [["--url", "fb.example.com"], ["--url", 'https://x/"'], ["--key", "sk_1"]])
def test_what_cannot_stand_in_a_page_is_wrong_usage(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    code, out, err = widgets(capsys, *words)
    assert (code, out) == (2, "")
    assert words[0] in err
