"""Rows: where the console listens, and who may enter it."""

from __future__ import annotations

from dataclasses import dataclass

from sayso_ingest import parsers
from sayso_ingest.settings.row import setting


@dataclass(frozen=True)
class ConsoleRows:
    """Where the console listens, and who may enter it."""

    console_host: str = setting(
        "127.0.0.1",
        "Address that the console listens on.",
        parsers.matching(parsers.HOST),
        "an IP address or a host name",
    )
    console_port: int = setting(
        8711,
        "Port that the console listens on; 0 takes a free one.",
        parsers.number(int, 0, 65535),
        "0 to 65535",
    )
    console_open: str = setting(
        "auto",
        "Whether the console needs no sign-in on a loopback address: auto (as long as there are no users), always, "
        "never. On another address it always needs one.",
        parsers.one_of(("auto", "always", "never")),
        "auto, always, never",
    )
    console_names: str = setting(
        "",
        "Host names by which browsers reach the console, beside this machine's own, separated by commas.",
        parsers.list_of(parsers.host_name),
        "host names without ports, separated by commas",
    )
    console_user_header: str = setting(
        "",
        "Header in which a trusted proxy before the console says who signed in there; none, where it is empty.",
        parsers.matching(parsers.HEADER),
        "letters and digits alone, as in Remoteuser; a name with a hyphen has a twin with an underscore, which "
        "a proxy may let through",
    )
    console_proxy: str = setting(
        "",
        "Addresses and networks from which that proxy connects, separated by commas; from elsewhere the header is "
        "never believed.",
        parsers.list_of(parsers.network),
        "IP addresses and networks, such as 127.0.0.1,10.0.0.0/8",
    )
    console_labels: str = setting(
        "good=1,bad=0,unclear",
        "Labels for annotators in the console, up to nine, each alone or with a score from 0 (bad) to 1 (good).",
        parsers.matching(parsers.LABELS),
        "1 to 9 labels separated by commas, as in good=1,bad=0,unclear",
    )
    console_rubric: str = setting(
        "",
        "Name of the rubric that the labels belong to; what was labelled by another one is asked about again.",
        parsers.matching(parsers.RUBRIC),
        "up to 100 characters",
    )
