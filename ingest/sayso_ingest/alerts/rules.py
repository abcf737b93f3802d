"""What is in alerts.toml: rules, the webhooks that they tell, and who gets the weekly digest."""

from __future__ import annotations

import stat
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

from sayso_ingest.errors import NotFound, UsageError

FILE = "alerts.toml"
EXAMPLE = """\
    [webhooks.team]
    url_env = "TEAM_WEBHOOK"
    format = "slack"

    [[rules]]
    name = "Fewer than seven of ten like it"
    view = "prompt_versions"
    by = ["prompt_name", "prompt_version"]
    figure = "up_rate"
    below = 0.7
    to = ["team"]"""

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
Some = Annotated[tuple[Name, ...], msgspec.Meta(min_length=1)]


class Webhook(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where messages go: an address that is a secret, in the file or in the environment."""

    url: str = ""
    url_env: str = ""
    format: Literal["slack", "json"] = "json"

    def __repr__(self) -> str:
        return f"Webhook(format={self.format!r})"


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A figure of a view, for each of its groups, and the threshold that its interval must not be wholly past."""

    name: Name
    view: str
    by: Some
    figure: str
    above: float | None = None
    below: float | None = None
    where: dict[str, str | int | float | bool] = {}
    to: Some

    @property
    def threshold(self) -> float:
        """The one that is given."""
        return self.above if self.above is not None else self.below or 0.0

    @property
    def side(self) -> Literal["above", "below"]:
        """On which side of it the figure should not be."""
        return "above" if self.above is not None else "below"


class Digest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is told each week what was said."""

    to: Some


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of alerts.toml."""

    webhooks: dict[Name, Webhook] = {}
    rules: tuple[Rule, ...] = ()
    digest: Digest | None = None
    console: str = ""
    """The address of the console, for links; where it is missing, that on this machine."""


def rules_file(project_folder: Path) -> Path:
    """Where a project has its rules."""
    return project_folder / FILE


def read_rules(project_folder: Path, *, secret: Callable[[str], str | None] | None) -> Rules:
    """Read a project's rules; `secret` looks up what the file leaves to the environment, where anything is to be sent.

    Raises:
        NotFound: there is no such file.
        UsageError: it says what cannot be.
    """
    path = rules_file(project_folder)
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        raise NotFound(
            f"There are no rules yet. Write some into {path}, for instance:\n\n{EXAMPLE}"
        ) from None
    try:
        rules = msgspec.toml.decode(text, type=Rules)
    except msgspec.ValidationError as error:
        raise UsageError(f"{path}: {str(error).replace('`', '')}.") from None
    except ValueError:  # the message of the parser may quote a line with an address
        raise UsageError(f"{path} is no TOML. Look for a quote or a bracket that is not closed.") from None
    _check(rules, path)
    if secret is None:
        return rules
    hooks = {name: _with_url(name, hook, secret) for name, hook in rules.webhooks.items()}
    return msgspec.structs.replace(rules, webhooks=hooks)


def exposed(project_folder: Path, rules: Rules) -> str | None:
    """Say so where others on this machine can read an address that stands in the file."""
    path = rules_file(project_folder)
    if stat.S_IMODE(path.stat().st_mode) & 0o077 and any(
        not hook.url_env for hook in rules.webhooks.values()
    ):
        return f"Others can read the addresses in {path}, which are secrets: chmod 600 {path}"
    return None


def _check(rules: Rules, path: Path) -> None:
    """See that names are given once and lead somewhere, and that each rule has one threshold."""
    names = [rule.name for rule in rules.rules]
    for rule in rules.rules:
        if names.count(rule.name) > 1:
            raise UsageError(f"{path}: several rules are called {rule.name!r}. Give each a name of its own.")
        if (rule.above is None) == (rule.below is None):
            raise UsageError(f"{path}: rule {rule.name!r} needs one of above and below.")
    for name, hook in rules.webhooks.items():
        if bool(hook.url) == bool(hook.url_env):
            raise UsageError(f"{path}: webhook {name!r} needs one of url and url_env.")
    told = {to for rule in rules.rules for to in rule.to} | set(rules.digest.to if rules.digest else ())
    for name in sorted(told - rules.webhooks.keys()):
        known = ", ".join(rules.webhooks) or "none"
        raise UsageError(f"{path}: there is no webhook {name!r}. There are: {known}.")


def _with_url(name: str, hook: Webhook, secret: Callable[[str], str | None]) -> Webhook:
    url = hook.url or secret(hook.url_env)
    if not url:
        raise UsageError(f"Webhook {name!r}: the environment has no {hook.url_env}. Put its address there.")
    if not _is_allowed(url.strip()):
        raise UsageError(f"The address of webhook {name!r} has to begin with https:// and name a host.")
    return msgspec.structs.replace(hook, url=url.strip())


def _is_allowed(url: str) -> bool:
    """Whether nobody on the way can read what goes there: https, or a server on this machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or not url.isprintable() or " " in url:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
