"""The JavaScript client on a back end: a plain Node process with a secret key, against the running service."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from processes import wait_until
from service import Service

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import { createClient } from './widgets/src/client/index.js';

const client = createClient({ key: process.argv[1], url: process.argv[2] });
const prompt = { name: 'support', version: '7' };
client.interaction('msg_1', { input: 'Hello?', output: 'Hello.', prompt }, { session: 's_1' });
client.thumb('msg_1', { value: 'down' }, { actor: 'u_1', session: 's_1' });
client.outcome('msg_1', { name: 'reopened', value: true });
client.judgement('msg_1', { judge: 'critic', label: 'bad' });
for (let count = 0; count < 500; count++) client.signal('msg_1', { name: 'copied' }, { actor: `u_${count}` });
console.log(JSON.stringify({ flushed: await client.flush(30000), counts: client.counts }));
"""


def test_what_a_node_process_says_lands_and_joins(
    tmp_path: Path, require: Callable[[str, object, str], None]
) -> None:
    node = shutil.which("node", path=f"{ROOT / '.venv' / 'bin'}:/usr/local/bin:/usr/bin")
    require("Node", node, ".ci/node-packages")
    service = Service(tmp_path / "data")
    try:
        command = [str(node), "--input-type=module", "-e", SCRIPT, service.secret, service.url]
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60, cwd=ROOT)
        said = json.loads(done.stdout)
        assert (said["flushed"], said["counts"]["sent"]) == (True, 504)
        sql = "SELECT kind, count(*) FROM events GROUP BY kind ORDER BY kind"
        wait_until(lambda: sum(count for _, count in service.query(sql)) == 504, seconds=60)
        feedback = service.query(
            "SELECT value, prompt_name, prompt_version, who FROM feedback WHERE kind = 'thumb'"
        )
        assert feedback == [("down", "support", "7", "actor:u_1")]
        assert service.query("SELECT DISTINCT anonymous FROM events") == [(None,)]
    finally:
        service.stop()
