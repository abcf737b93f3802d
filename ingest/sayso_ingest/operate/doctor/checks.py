"""Pure: facts -> findings. The lists name every check, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from sayso_ingest.operate.doctor import brokers, folder, lakes, landing, traffic
from sayso_ingest.operate.doctor.facts import Facts, ProjectFacts
from sayso_ingest.operate.doctor.finding import Finding

FolderCheck = Callable[[Facts], Iterator[Finding]]
ProjectCheck = Callable[[ProjectFacts, Facts], Iterator[Finding]]

FOLDER_CHECKS: Mapping[str, FolderCheck] = {
    "data_folder": folder.data_folder,
    "disk_space": folder.disk_space,
    "keys_file": folder.keys_file,
    "projects": folder.projects,
    "projects_file": folder.projects_file,
    "users_file": folder.users_file,
    "secrets": folder.secrets,
    "processes": folder.processes,
}
"""What is looked at once."""

PROJECT_CHECKS: Mapping[str, ProjectCheck] = {
    "project_folder": folder.project_folder,
    "service_key": folder.service_key,
    "collector": folder.collector,
    "publishable_keys": folder.publishable_keys,
    "token_keys": folder.token_keys,
    "revoked_keys": folder.revoked_keys,
    "event_log": landing.event_log,
    "topic": brokers.topic,
    "lander": landing.lander,
    "live_file": landing.live_file,
    "erased": landing.erased,
    "lake": lakes.lake,
    "published_copy": landing.published_copy,
    "old_copies": landing.old_copies,
    "clock": landing.clock,
    "client_clocks": traffic.client_clocks,
    "rejects": traffic.rejects,
    "client_losses": traffic.client_losses,
    "repeats": traffic.repeats,
    "orphans": traffic.orphans,
}
"""What is looked at in every project; a check that needs a published copy says nothing where none is."""


def examine(facts: Facts) -> list[Finding]:
    """Run every check; each says at least one line where it has something to look at."""
    findings = [
        replace(finding, check=name) for name, check in FOLDER_CHECKS.items() for finding in check(facts)
    ]
    for project in facts.projects:
        findings += [
            replace(finding, check=name, project=project.name)
            for name, check in PROJECT_CHECKS.items()
            for finding in check(project, facts)
        ]
    return findings
