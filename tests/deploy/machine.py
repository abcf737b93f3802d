"""A machine that systemd runs, for the words of a manual to be typed at: `with booted(folder, checkout) as machine`.

It is a set of namespaces on this one, with a network that holds loopback alone. Its root is this machine's own, and
what is changed there goes with it: users, units and files may have the names that they have in the manual.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from processes import children, wait_until

INIT = Path(__file__).with_name("machine.sh")
SYSTEMD = Path("/lib/systemd/systemd")
GROUPS = Path("/sys/fs/cgroup")
NAMESPACES = ("--pid", "--fork", "--kill-child", "--mount", "--uts", "--ipc", "--net", "--cgroup")
PATH = "/opt/python/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def can_boot() -> bool:
    """Tell whether this is Linux with systemd, and whether this user may make a machine."""
    if not all(map(shutil.which, ("unshare", "ip", "dbus-daemon"))) or not SYSTEMD.exists():
        return False
    made = ["unshare", *NAMESPACES, "true"]
    return os.geteuid() == 0 and subprocess.run(made, check=False, capture_output=True).returncode == 0


@dataclass(frozen=True)
class Machine:
    """A machine that has come up. Its checkout is in /srv/checkout, its Python comes first."""

    pid: int

    @property
    def root(self) -> Path:
        """Its files, as this machine sees them."""
        return Path(f"/proc/{self.pid}/root")

    def typed(self, script: str, *, folder: str = "/srv/checkout") -> subprocess.CompletedProcess[str]:
        """Have root's shell run lines that come in a block of a manual; it stops where one fails."""
        inside = [
            "nsenter",
            f"--target={self.pid}",
            "--mount",
            "--uts",
            "--ipc",
            "--net",
            "--pid",
            "--cgroup",
        ]
        told = {"PATH": PATH, "HOME": "/root"}
        command = [
            *inside,
            "--root",
            f"--wd=/proc/{self.pid}/root{folder}",
            "bash",
            "-euo",
            "pipefail",
            "-c",
            script,
        ]
        return subprocess.run(command, check=False, capture_output=True, text=True, env=told, timeout=120)


@contextmanager
def booted(folder: Path, checkout: Path) -> Iterator[Machine]:
    """Start a machine with a checkout, and end it with everything that runs there."""
    groups = _groups(f"sayso-tests-{os.getpid()}")
    packages = sysconfig.get_path("purelib")
    words = [*NAMESPACES, "sh", str(INIT), str(folder), sys.base_prefix, packages, str(checkout)]
    enter = "".join(f"echo $$ >{group}/cgroup.procs; " for group in groups)
    with (folder.parent / "boot.log").open("w") as said:
        process = subprocess.Popen(
            ["sh", "-c", f'{enter}exec unshare "$@"', "sh", *words], stdout=said, stderr=said
        )
    try:
        wait_until(lambda: process.poll() is not None or children(process.pid), what="a first process")
        assert process.poll() is None, (folder.parent / "boot.log").read_text()
        machine = Machine(*children(process.pid))
        wait_until(lambda: _is_up(machine, process), pause=0.1, what="systemd")
        yield machine
    finally:
        process.kill()
        process.wait()
        for group in groups:
            wait_until(lambda group=group: _left(group), what="an empty group")  # type: ignore[misc]


def _is_up(machine: Machine, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, "systemd has ended"
    return "active" in machine.typed("systemctl is-active basic.target", folder="/").stdout.split()


def _groups(name: str) -> list[Path]:
    """Control groups for systemd to make its own below: one in each hierarchy that it uses."""
    above = [GROUPS / kind for kind in ("systemd", "unified")] if (GROUPS / "unified").exists() else [GROUPS]
    for group in above:
        (group / name).mkdir()
    return [group / name for group in above]


def _left(group: Path) -> bool:
    for below in sorted(group.rglob("*/"), reverse=True):
        _removed(below)
    return _removed(group)


def _removed(group: Path) -> bool:
    try:
        group.rmdir()
    except FileNotFoundError:
        return True
    except OSError:  # the last of its processes is still ending
        return False
    return True
