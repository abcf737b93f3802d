"""Where a secret comes from: a variable, the file that NAME_FILE names, or systemd under the variable's name.

`NAME_FILE` is what images of databases take: https://hub.docker.com/_/postgres#docker-secrets; systemd's way is
https://systemd.io/CREDENTIALS/.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from sayso_ingest.errors import SettingError

FILE = "_FILE"
HANDED_OUT = "/run/secrets"
"""Where engines of containers put secrets, with modes of their own: nobody else is in there."""
_LARGEST = 65_536
_OTHERS = 0o007


def secret_file(name: str, environ: Mapping[str, str]) -> Path | None:
    """Find the file that holds a secret; None where it is a variable, or not given at all.

    Raises:
        SettingError: it is given in more than one way.
    """
    files: dict[str, Path] = {}
    if named := environ.get(name + FILE):
        files[name + FILE] = Path(named)
    if (folder := environ.get("CREDENTIALS_DIRECTORY")) and (handed := Path(folder, name)).exists():
        files[f"the credential {name} of systemd"] = handed
    ways = [*files, *([name] if environ.get(name) else [])]
    if len(ways) > 1:
        raise SettingError(f"{' and '.join(ways)} are set, and only one can hold. Take the others away.")
    return next(iter(files.values()), None)


def read_secret(name: str, environ: Mapping[str, str]) -> str | None:
    """Read a secret from where it is; None where it is not given.

    Raises:
        SettingError: it is given in more than one way, or its file is of no use. No message has what is in it.
    """
    path = secret_file(name, environ)
    if path is None:
        return environ.get(name)
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode & 0o777
            text = file.read(_LARGEST).decode()
    except OSError as error:
        raise _useless(name, path, f"cannot be read: {error.strerror}. Put it there for this user.") from None
    except UnicodeDecodeError:
        raise _useless(name, path, "is no text. Write the secret into it, and nothing else.") from None
    if mode & _OTHERS and not path.is_relative_to(HANDED_OUT):
        raise _useless(name, path, f"is open to everybody here (mode {mode:o}): chmod o= {path}")
    if not text.strip():
        raise _useless(name, path, "is empty. Write the secret into it, and nothing else.")
    return text


def _useless(name: str, path: Path, why: str) -> SettingError:
    return SettingError(f"{name} is to come from the file {path}, which {why}")
