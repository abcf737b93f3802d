"""deploy/kubernetes: each overlay built by kustomize, validated by kubeconform, and held to the rules of the house."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from deploy.files import OVERLAYS, TOOLS, built, objects, pods

pytestmark = pytest.mark.deploy
EACH = pytest.mark.parametrize("overlay", OVERLAYS, ids=lambda overlay: overlay.name)


@pytest.fixture(autouse=True)
def tools(require: Callable[[str, object, str], None]) -> None:
    there = all((TOOLS / "bin" / tool).exists() for tool in ("kustomize", "kubeconform"))
    require("kustomize and kubeconform", there, ".ci/deploy-tools")


def validated(text: str) -> subprocess.CompletedProcess[str]:
    schemas = f"{TOOLS}/schemas/{{{{ .ResourceKind }}}}{{{{ .KindSuffix }}}}.json"
    words = [TOOLS / "bin" / "kubeconform", "-strict", "-summary", "-schema-location", schemas, "-"]
    return subprocess.run(words, check=False, capture_output=True, text=True, input=text, timeout=60)


@EACH
def test_kubernetes_takes_every_object(overlay: Path) -> None:
    outcome = validated(built(overlay))
    assert outcome.returncode == 0, outcome.stdout
    assert "Invalid: 0, Errors: 0, Skipped: 0" in outcome.stdout


def test_a_misspelt_field_is_noticed() -> None:
    outcome = validated(built(OVERLAYS[0]).replace("minReplicas:", "minReplicaz:"))
    assert "additional properties 'minReplicaz' not allowed" in outcome.stdout


@EACH
def test_no_container_has_rights_or_writes_to_its_image(overlay: Path) -> None:
    for name, pod in pods(overlay).items():
        assert pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["runAsUser"] > 0, name
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            held = container["securityContext"]
            assert held["readOnlyRootFilesystem"] and not held["allowPrivilegeEscalation"], name
            assert held["capabilities"] == {"drop": ["ALL"]}
            assert {"requests", "limits"} <= container["resources"].keys()


@EACH
def test_what_runs_on_is_probed_and_collectors_and_lander_at_their_private_port(overlay: Path) -> None:
    for name, pod in pods(overlay).items():
        if pod.get("restartPolicy") == "OnFailure":
            continue
        for container in pod["containers"]:
            ports = {port["name"]: port["containerPort"] for port in container["ports"]}
            probed = {container[probe]["httpGet"]["port"] for probe in ("startupProbe", "livenessProbe")}
            assert probed == {"console" if container["name"] == "console" else "private"}, name
            assert {"private": 8712, "console": 8711}[probed.pop()] in ports.values()


@EACH
def test_no_secret_stands_in_a_file_and_none_goes_by_the_map_of_settings(overlay: Path) -> None:
    kinds = {one["kind"] for one in objects(overlay)}
    assert "Secret" not in kinds
    (settings,) = [one["data"] for one in objects(overlay) if one["kind"] == "ConfigMap"]
    assert not [name for name in settings if name.endswith(("PASSWORD", "SECRET", "KEY_ID"))]


@EACH
def test_collectors_grow_and_there_is_one_lander_whose_pod_ends_before_the_next_begins(overlay: Path) -> None:
    kinds = {one["kind"]: one for one in objects(overlay) if one["kind"] in {"Deployment", "StatefulSet"}}
    assert "replicas" not in kinds["Deployment"]["spec"]
    assert kinds["StatefulSet"]["spec"]["replicas"] == 1
    assert kinds["StatefulSet"]["metadata"]["name"] == "sayso-lander"


@EACH
def test_the_network_is_shut_but_for_what_is_named(overlay: Path) -> None:
    policies = [one["spec"] for one in objects(overlay) if one["kind"] == "NetworkPolicy"]
    shut = {policy["podSelector"]["matchLabels"]["app.kubernetes.io/component"] for policy in policies}
    assert shut == {"collector", "lander"}
    assert all(policy["policyTypes"] == ["Ingress", "Egress"] for policy in policies)
    for name, pod in (
        (one["metadata"]["name"], one) for one in objects(overlay) if "template" in one.get("spec", {})
    ):
        component = pod["spec"]["template"]["metadata"]["labels"]["app.kubernetes.io/component"]
        assert component in shut, name
