"""Pure: by which names the console answers, whose word it takes, and whether it stands open."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from sayso_ingest.settings import LOOPBACK_HOSTS, Settings

FORWARDED = ("forwarded", "via", "x-forwarded-", "x-real-ip")
"""How headers of a proxy begin: who sends them is not somebody at this machine's own browser."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Door:
    """What the settings say of who may come in, and how."""

    host: str = LOOPBACK_HOSTS[0]
    open: str = "auto"
    """auto: on loopback, as long as there is nobody who could sign in. always: on loopback. never."""
    names: frozenset[str] = frozenset()
    user_header: str = ""
    proxies: tuple[Network, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> Door:
        """Read it from the settings."""
        return cls(
            host=settings.console_host,
            open=settings.console_open,
            names=frozenset(
                name.strip().lower() for name in settings.console_names.split(",") if name.strip()
            ),
            user_header=settings.console_user_header,
            proxies=tuple(
                ipaddress.ip_network(text.strip(), strict=False)
                for text in settings.console_proxy.split(",")
                if text.strip()
            ),
        )

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine reaches it."""
        return self.host in LOOPBACK_HOSTS

    def answers_to(self, host: str, *, machine: Collection[str] = ()) -> bool:
        """Say whether a browser may call the console so; `machine` are the names this machine has.

        A page elsewhere can have a name of its own made to point here, and read ours in somebody's browser.
        It can have neither an address nor a name that is ours.
        """
        name = host_of(host)
        if name in LOOPBACK_HOSTS or name in self.names:
            return True
        if self.on_loopback or not name:
            return False
        return _is_address(name) or name == self.host.lower() or name in machine

    def is_own(self, origin: str, host: str) -> bool:
        """Say whether a form of this origin is ours: of the host that was asked, or of a name that was set."""
        scheme, _, netloc = origin.partition("://")
        if scheme not in ("http", "https") or not host_of(netloc):
            return False
        return netloc.lower() == host.lower() or host_of(netloc) in self.names

    def trusts(self, address: str | None) -> bool:
        """Say whether what comes from this address comes from the proxy."""
        try:
            came_from = ipaddress.ip_address(address or "")
        except ValueError:
            return False
        mapped = getattr(came_from, "ipv4_mapped", None)
        return any((mapped or came_from) in network for network in self.proxies)

    def stands_open(self, *, anybody: bool, headers: Iterable[str]) -> bool:
        """Say whether this request needs no sign-in; `anybody`: there is somebody who could sign in."""
        if not self.on_loopback or any(name.lower().startswith(FORWARDED) for name in headers):
            return False
        return self.open == "always" or (self.open == "auto" and not anybody and not self.user_header)


def fetched_from_elsewhere(site: str, destination: str) -> bool:
    """Say whether a page of another site fetches it unseen: a link that somebody follows leads to a document."""
    return site == "cross-site" and destination != "document"


def host_of(netloc: str) -> str:
    """The name or address before the port, in small letters; nothing where it is neither."""
    try:
        return urlsplit(f"//{netloc}").hostname or ""
    except ValueError:
        return ""


def local_path(path: str) -> str:
    """A path on this console to go on to, else the first page: never another site."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if plain else "/"


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
