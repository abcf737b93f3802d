"""A real command answers cases, or does whatever commands do instead."""

from __future__ import annotations

import os
import shlex
import sys
import threading
import time
from pathlib import Path

import pytest
from ran import PROMPT
from sayso_ingest.errors import ModelRefused, ModelUnavailable, UsageError
from sayso_ingest.evals.systems import Asked, CommandSystem, System
from sayso_ingest.models import IN_A_ROW, Budget, Outcome

ASKED = Asked("c1", "What is 7?", [{"role": "user", "content": "é"}], {"tone": "kind"}, PROMPT, 1)


def python(code: str) -> str:
    return shlex.join([sys.executable, "-S", "-c", code])


def shell(code: str) -> str:
    return shlex.join(["sh", "-c", code])


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_case_is_on_standard_input_and_the_answer_on_standard_output() -> None:
    code = (
        "import json,sys; c=json.load(sys.stdin); print(c['input'], c['messages'][0]['content'], c['sample'])"
    )
    system: System = CommandSystem(python(code))
    answer = system.answer(ASKED)
    assert (answer.outcome, answer.text) == (Outcome.ANSWERED, "What is 7? é 1")
    assert answer.latency_ms
    assert dict(system.settings) == {"kind": "command"}
    system.close()


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ('{"output": "7", "cost": 0.5}', "7"),
        ('{"output": [{"role": "assistant", "content": "7"}]}', "7"),
        ('{"word": "yes"}', '{"word": "yes"}'),
        ("[7]\n\n", "[7]"),
        (" two\nlines\n", " two\nlines"),
    ],
)
def test_an_object_with_an_output_is_read_and_anything_else_is_the_answer_itself(
    written: str, text: str
) -> None:
    assert CommandSystem(shell(f"printf %s {shlex.quote(written)}")).answer(ASKED).text == text


def test_words_are_read_as_a_shell_would_and_no_shell_runs_them() -> None:
    assert CommandSystem("echo 'a  b' \"$HOME\" '*' ; ls").answer(ASKED).text == "a  b $HOME * ; ls"


def test_a_case_larger_than_a_pipe_reaches_a_command_that_does_not_read_it() -> None:
    large = Asked("c1", "x" * 2**20, [], {}, None)
    assert CommandSystem("echo 7").answer(large).text == "7"
    assert CommandSystem("wc -c").answer(large).text.strip() > str(2**20)


def test_a_command_that_fails_is_named_with_the_end_of_what_it_said() -> None:
    budget = Budget()
    system = CommandSystem(shell("seq 100000 >&2; echo broken >&2; exit 3"), budget=budget)
    answer = system.answer(ASKED)
    assert answer.outcome is Outcome.REFUSED
    assert "ended with 3: " in answer.problem
    assert answer.problem.endswith("broken")
    assert len(answer.problem) < 700
    assert (
        "was ended by SIGTERM: it said nothing" in CommandSystem(shell("kill -TERM $$")).answer(ASKED).problem
    )
    assert budget.calls == 1


def test_a_command_that_ends_with_75_may_answer_the_next_time() -> None:
    assert CommandSystem(shell("exit 75")).answer(ASKED).outcome is Outcome.UNAVAILABLE


def test_a_command_that_writes_nothing_has_an_empty_answer_and_a_broken_one_is_malformed() -> None:
    assert CommandSystem("true").answer(ASKED).outcome is Outcome.EMPTY
    answer = CommandSystem(shell("""echo '{"output": 7}'""")).answer(ASKED)
    assert answer.outcome is Outcome.MALFORMED
    assert "`output` is neither a text nor messages" in answer.problem


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert CommandSystem(r"printf '\377ok'").answer(ASKED).text == "�ok"


def test_a_command_that_takes_too_long_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    system = CommandSystem(shell(f"sleep 60 & echo $! $$ > {pids}; wait"), answer_within=1)
    begun = time.monotonic()
    answer = system.answer(ASKED)
    assert answer.outcome is Outcome.UNAVAILABLE
    assert "was not done after 1 s, and was ended" in answer.problem
    assert time.monotonic() - begun < 20
    _wait_for_end(pids)


def test_a_command_that_runs_when_the_run_is_stopped_is_ended(tmp_path: Path) -> None:
    pids, stopped = tmp_path / "pids", threading.Event()
    budget = Budget()
    system = CommandSystem(shell(f"sleep 60 & echo $! $$ > {pids}; wait"), hung_up=stopped, budget=budget)
    threading.Timer(1, stopped.set).start()
    answer = system.answer(ASKED)
    assert (answer.outcome, answer.latency_ms) == (Outcome.STOPPED, None)
    _wait_for_end(pids)
    assert system.answer(ASKED).outcome is Outcome.STOPPED
    assert budget.calls == 1


def _wait_for_end(pids: Path) -> None:
    until = time.monotonic() + 10
    running = [int(pid) for pid in pids.read_text().split()]
    while any(alive(pid) for pid in running) and time.monotonic() < until:
        time.sleep(0.02)
    assert not any(alive(pid) for pid in running)


def test_what_a_command_leaves_behind_does_not_hold_up_the_answer() -> None:
    begun = time.monotonic()
    assert CommandSystem(shell("sleep 5 & echo 7")).answer(ASKED).text == "7"
    assert time.monotonic() - begun < 4


def test_a_command_that_never_stops_writing_is_ended() -> None:
    answer = CommandSystem("yes").answer(ASKED)
    assert answer.outcome is Outcome.MALFORMED
    assert "wrote more than 16 MB" in answer.problem


def test_a_command_that_never_answers_is_given_up_and_one_that_has_answered_is_not(tmp_path: Path) -> None:
    system = CommandSystem("false")
    for _ in range(IN_A_ROW - 1):
        system.answer(ASKED)
    with pytest.raises(
        ModelRefused, match=r"false ended with 1: it said nothing \(5 times in a row\)\. Run it by hand"
    ):
        system.answer(ASKED)
    once = tmp_path / "once"
    system = CommandSystem(shell(f"test ! -e {once} && touch {once} && echo 7"))
    assert system.answer(ASKED).text == "7"
    assert {system.answer(ASKED).outcome for _ in range(2 * IN_A_ROW)} == {Outcome.REFUSED}


def test_a_command_that_is_never_done_in_time_is_given_up() -> None:
    system = CommandSystem("sleep 30", answer_within=0.01)
    for _ in range(IN_A_ROW - 1):
        assert system.answer(ASKED).outcome is Outcome.UNAVAILABLE
    with pytest.raises(ModelUnavailable, match="5 times in a row"):
        system.answer(ASKED)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no-such-command --fast", "There is no command 'no-such-command'"),
        ("./not-here", "There is no command './not-here'"),
        ("echo 'a", "cannot be read"),
        ("  ", "names no command"),
    ],
)
def test_a_command_that_is_not_there_is_wrong_usage_at_once(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        CommandSystem(text)


def test_a_file_that_cannot_be_started_ends_the_run(tmp_path: Path) -> None:
    script = tmp_path / "answer"
    script.write_text("#!/no/such/shell\n")
    script.chmod(0o755)
    with pytest.raises(ModelRefused, match="cannot be started"):
        CommandSystem(str(script)).answer(ASKED)


def test_the_name_of_a_command_keeps_the_secrets_of_its_urls() -> None:
    assert CommandSystem("echo http://ann:pass@host/a -x").name == "echo 'http://…@host/a' -x"


def test_a_command_keeps_the_environment_where_its_keys_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWN_KEY", "k1")
    assert CommandSystem("printenv OWN_KEY").answer(ASKED).text == os.environ["OWN_KEY"]
