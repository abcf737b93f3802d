"""deploy/compose: each file read by the loader of docker compose, and held to the rules of the house."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from deploy.files import COMPOSE, DEPLOY, TOOLS, composed, load_compose

pytestmark = pytest.mark.deploy
FILES = pytest.mark.parametrize("file", COMPOSE, ids=lambda file: file.name)


@pytest.fixture(autouse=True)
def tools(require: Callable[[str, object, str], None]) -> None:
    require("The loader of docker compose", (TOOLS / "bin" / "compose").exists(), ".ci/deploy-tools")


def services(file: Path, folder: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = composed(file, folder)["services"]
    return found


@FILES
def test_docker_compose_reads_it(file: Path, tmp_path: Path) -> None:
    assert services(file, tmp_path)


@FILES
def test_a_misspelt_key_is_noticed(file: Path, tmp_path: Path) -> None:
    wrong = file.read_text().replace("restart:", "restarts:", 1)
    assert "restarts" in load_compose(wrong, tmp_path).stderr


@FILES
def test_each_secret_is_a_file_that_only_the_services_which_name_it_get(file: Path, tmp_path: Path) -> None:
    for name, service in services(file, tmp_path).items():
        given = {f"/run/secrets/{secret['source']}" for secret in service.get("secrets", ())}
        told = service.get("environment", {})
        assert {path for variable, path in told.items() if variable.endswith("_FILE")} <= given, name
        assert not [
            variable
            for variable in told
            if re.search(r"(PASSWORD|SECRET|_KEY)$", variable) and variable != "ROOT_ACCESS_KEY"
        ], name


@FILES
def test_what_is_put_into_a_container_is_a_file(file: Path, tmp_path: Path) -> None:
    """Docker compose refuses anything else in a container that is read-only."""
    document = composed(file, tmp_path)
    for one in (document.get("secrets", {}) | document.get("configs", {})).values():
        assert one["file"] and not {"content", "environment"} & one.keys()


@FILES
def test_every_image_is_pinned_to_a_full_version(file: Path, tmp_path: Path) -> None:
    for name, service in services(file, tmp_path).items():
        assert re.fullmatch(r"[\w./-]+:v?\d+\.\d+(\.\d+)?[\w.-]*", service["image"]), name


@FILES
def test_every_service_is_waited_for_by_its_health(file: Path, tmp_path: Path) -> None:
    """None sleeps; what runs once is waited for until it has; our image has a health check of its own."""
    found = services(file, tmp_path)
    for name, service in found.items():
        for other, how in service.get("depends_on", {}).items():
            once = "log" in (found[other].get("command") or ())
            assert how["condition"] == ("service_completed_successfully" if once else "service_healthy"), name
            assert "healthcheck" in found[other] or found[other]["image"].startswith("sayso"), other


@FILES
def test_what_is_ours_has_no_rights_and_writes_to_its_volume_alone(file: Path, tmp_path: Path) -> None:
    for name, service in services(file, tmp_path).items():
        assert service["security_opt"] == ["no-new-privileges:true"], name
        if service["image"].startswith("sayso"):
            assert service["read_only"] and service["cap_drop"] == ["ALL"], name
            assert service.get("user") is None, "the image says who"


@FILES
def test_no_service_can_fill_the_disk_with_its_log_or_take_the_whole_machine(
    file: Path, tmp_path: Path
) -> None:
    for name, service in services(file, tmp_path).items():
        assert service["logging"]["driver"] == "local", name
        assert re.fullmatch(r"\d+[mg]", service["mem_limit"]) and service["pids_limit"] > 0, name


@FILES
def test_only_the_proxy_s_side_and_the_console_are_published_and_on_loopback(
    file: Path, tmp_path: Path
) -> None:
    ports = [port for service in services(file, tmp_path).values() for port in service.get("ports", ())]
    assert sorted(port["published"] for port in ports) == ["8710", "8711"]
    assert {port["host_ip"] for port in ports} == {"127.0.0.1"}


def test_nginx_takes_the_configuration_of_the_proxy(
    tmp_path: Path, require: Callable[[str, object, str], None]
) -> None:
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
    require("nginx", nginx, "apt-get install nginx-light")
    config = (DEPLOY / "compose" / "nginx.conf").read_text()
    (tmp_path / "nginx.conf").write_text(config.replace("/tmp/", f"{tmp_path}/"))
    words = [str(nginx), "-t", "-e", tmp_path / "error.log", "-c", tmp_path / "nginx.conf"]
    tested = subprocess.run(words, check=False, capture_output=True, text=True, timeout=30)
    assert tested.returncode == 0, tested.stderr
