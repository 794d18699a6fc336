"""The manifests: what a cluster would take, hardened, closed, and at one with what the program knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from api.cli import scholium
from api.queue import JOB_SECONDS
from tests.conftest import ROOT
from tests.test_deploy import example

FILES = sorted((ROOT / "deploy" / "kubernetes").glob("*.yaml"))
SECRET = {"SCHOLIUM_DATABASE_URL", "SCHOLIUM_REDIS_URL", "SCHOLIUM_SECRET_KEY", "SCHOLIUM_METRICS_TOKEN"}


def documents(kind: str = "") -> list[dict[str, Any]]:
    found = [one for file in FILES for one in yaml.safe_load_all(file.read_text())]
    return [one for one in found if not kind or one["kind"] == kind]


def pods() -> dict[str, dict[str, Any]]:
    """What each pod is made of, by its component."""
    made = [*documents("Deployment"), *documents("Job")]
    return {one["metadata"]["labels"]["app.kubernetes.io/component"]: one["spec"]["template"]["spec"] for one in made}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_cluster_takes_every_manifest(file: Path) -> None:
    for one in yaml.safe_load_all(file.read_text()):
        kubernetes_validate.validate(one, "1.37", strict=True)


def test_every_process_has_its_pod() -> None:
    assert {name: pod["containers"][0]["command"] for name, pod in pods().items()} == {
        name: ["scholium", name] for name in ("api", "worker", "ticker", "migrate")
    }
    assert set(pods()) <= set(scholium.commands)


@pytest.mark.parametrize("component", sorted(pods()))
def test_every_pod_is_hardened(component: str) -> None:
    pod = pods()[component]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in pod["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert "memory" in container["resources"]["limits"]


def test_several_of_each_run_and_one_may_always_go() -> None:
    assert all(one["spec"]["replicas"] >= 2 for one in documents("Deployment"))
    (budget,) = documents("PodDisruptionBudget")
    assert budget["spec"]["maxUnavailable"] == 1


def test_the_api_is_asked_whether_it_lives_and_whether_it_is_ready() -> None:
    (container,) = pods()["api"]["containers"]
    asked = {probe: container[probe]["httpGet"]["path"] for probe in ("livenessProbe", "readinessProbe")}
    assert asked == {"livenessProbe": "/health/live", "readinessProbe": "/health/ready"}


def test_a_worker_may_finish_its_job() -> None:
    assert pods()["worker"]["terminationGracePeriodSeconds"] > JOB_SECONDS


def test_settings_are_known_and_secrets_stand_in_no_file() -> None:
    (settings,) = documents("ConfigMap")
    assert set(settings["data"]) <= set(example()) - SECRET
    assert documents("Secret") == []


def test_all_is_closed_but_what_is_named() -> None:
    policies = {one["metadata"]["name"]: one["spec"] for one in documents("NetworkPolicy")}
    assert policies["scholium-closed"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    outside = [
        (name, rule["ipBlock"]["cidr"])
        for name, spec in policies.items()
        for way in spec.get("egress", [])
        for rule in way["to"]
        if "ipBlock" in rule
    ]
    assert outside == [("scholium-worker", "0.0.0.0/0"), ("scholium-worker", "2000::/3")]
