"""Every setting of the pipeline: one table, a file of rows for each room, read once and handed on as a frozen value.

The command line's options, the environment's names and the manual's list are made from the rows.
"""

from sayso_ingest.settings.log import LOG_ADDRESSES
from sayso_ingest.settings.place import PROJECT_NAME
from sayso_ingest.settings.row import Setting
from sayso_ingest.settings.table import Settings, from_environment, secrets_set, table, unknown_variables

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")
"""The names by which a machine calls itself."""

__all__ = [
    "LOG_ADDRESSES",
    "LOOPBACK_HOSTS",
    "PROJECT_NAME",
    "Setting",
    "Settings",
    "from_environment",
    "secrets_set",
    "table",
    "unknown_variables",
]
