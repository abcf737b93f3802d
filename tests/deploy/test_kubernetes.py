"""deploy/kubernetes: each overlay built by kustomize, validated by kubeconform, and held to the rules of the house."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from deploy.files import DEPLOY, OVERLAYS, TOOLS, built, objects, pods, templates
from sayso_ingest.settings import table

pytestmark = pytest.mark.deploy
COMPONENT = "app.kubernetes.io/component"
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
        if pod.get("restartPolicy", "Always") != "Always":
            continue
        for container in pod["containers"]:
            ports = {port["name"]: port["containerPort"] for port in container["ports"]}
            probed = {container[probe]["httpGet"]["port"] for probe in ("startupProbe", "livenessProbe")}
            assert probed == {"console" if container["name"] == "console" else "private"}, name
            assert {"private": 8712, "console": 8711}[probed.pop()] in ports.values()


@EACH
def test_no_secret_stands_in_a_file_of_ours_or_in_the_environment(overlay: Path) -> None:
    """Each is a file of a Secret that only the containers which are told of it get, and that their user may read."""
    assert "Secret" not in {one["kind"] for one in objects(overlay)}
    found = 0
    for name, pod in pods(overlay).items():
        volumes = {volume["name"]: volume for volume in pod["volumes"]}
        for container in pod["containers"]:
            told = {pair["name"]: pair["value"] for pair in container.get("env", ())}
            assert all("configMapRef" in source for source in container["envFrom"])
            files = [path for variable, path in told.items() if variable.endswith("_FILE")]
            secret = [
                mount for mount in container["volumeMounts"] if mount["mountPath"].startswith("/run/secrets/")
            ]
            assert {path.rpartition("/")[0] for path in files} == {mount["mountPath"] for mount in secret}, (
                name
            )
            assert all(volumes[mount["name"]]["secret"]["defaultMode"] == 0o440 for mount in secret)
            assert pod["securityContext"].get("fsGroup") == 10001 or not secret
            found += len(files)
    assert found == {"kafka": 3, "lake": 9}[overlay.name]
    maps = [one["data"] for one in objects(overlay) if one["kind"] == "ConfigMap"]
    assert not {row.env for row in table() if row.secret} & {name for settings in maps for name in settings}


@EACH
def test_collectors_grow_and_there_is_one_lander_whose_pod_ends_before_the_next_begins(overlay: Path) -> None:
    kinds = {one["kind"]: one for one in objects(overlay) if one["kind"] in {"Deployment", "StatefulSet"}}
    assert "replicas" not in kinds["Deployment"]["spec"]
    assert kinds["StatefulSet"]["spec"]["replicas"] == 1
    assert kinds["StatefulSet"]["metadata"]["name"] == "sayso-lander"


@EACH
def test_the_network_is_shut_but_for_what_is_named(overlay: Path) -> None:
    policies = [one["spec"] for one in objects(overlay) if one["kind"] == "NetworkPolicy"]
    shut = {policy["podSelector"]["matchLabels"][COMPONENT] for policy in policies}
    assert all(policy["policyTypes"] == ["Ingress", "Egress"] for policy in policies)
    assert shut == {template["metadata"]["labels"][COMPONENT] for template in templates(overlay).values()}
    brokers = {
        policy["podSelector"]["matchLabels"][COMPONENT] for policy in policies if "9093" in str(policy)
    }
    assert brokers == {"collector", "lander", "topics"}


@EACH
def test_each_kind_of_pod_has_a_name_of_its_own_so_that_no_service_or_autoscaler_counts_another(
    overlay: Path,
) -> None:
    named = [template["metadata"]["labels"][COMPONENT] for template in templates(overlay).values()]
    assert len(named) == len(set(named))


@EACH
def test_it_is_backed_up_each_night_where_the_disk_is_and_a_lake_with_what_opens_it(overlay: Path) -> None:
    pod = pods(overlay)["sayso-backup"]
    (beside,) = pod["affinity"]["podAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    assert beside["labelSelector"]["matchLabels"] == {COMPONENT: "lander"}
    assert {"claimName": "data-sayso-lander-0"} in [
        volume.get("persistentVolumeClaim") for volume in pod["volumes"]
    ]
    opened_by = [volume["secret"]["secretName"] for volume in pod["volumes"] if "secret" in volume]
    assert opened_by == (["sayso-lake"] if overlay.name == "lake" else [])
    (policy,) = [
        one
        for one in objects(overlay)
        if (one["kind"], one["metadata"]["name"]) == ("NetworkPolicy", "sayso-backup")
    ]
    assert ("5432" in str(policy)) == (overlay.name == "lake")


def test_the_pod_for_a_restore_is_taken_has_no_rights_and_the_disks_of_the_backup() -> None:
    text = (DEPLOY / "kubernetes" / "restore.yaml").read_text()
    assert validated(text).returncode == 0
    restore, backup = yaml.safe_load(text)["spec"], pods(OVERLAYS[0])["sayso-backup"]
    assert restore["securityContext"] == backup["securityContext"]
    assert [one for one in restore["volumes"] if "secret" not in one] == backup["volumes"]
    (one,), (other,) = restore["containers"], backup["containers"]
    assert one["securityContext"] == other["securityContext"]


@EACH
def test_nothing_is_killed_before_it_has_ended_in_order(overlay: Path) -> None:
    """A room answers what is in flight for five seconds at most; before that the balancer has to forget it."""
    for name, pod in pods(overlay).items():
        if pod.get("restartPolicy", "Always") == "Always":
            waits = [
                one.get("lifecycle", {}).get("preStop", {}).get("sleep", {}) for one in pod["containers"]
            ]
            assert pod["terminationGracePeriodSeconds"] >= 20 + max(w.get("seconds", 0) for w in waits), name
