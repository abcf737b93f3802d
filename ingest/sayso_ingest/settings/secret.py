"""Where a secret comes from: a variable, the file that NAME_FILE names, or systemd under the variable's name.

`NAME_FILE` is what images of databases take: https://hub.docker.com/_/postgres#docker-secrets; systemd's way is
https://systemd.io/CREDENTIALS/.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from io import BufferedReader, FileIO
from pathlib import Path
from unicodedata import category

from sayso_ingest.errors import SettingError

FILE = "_FILE"
HANDED_OUT = "/run/secrets"
"""Where engines of containers put secrets, with modes of their own: nobody else is in there."""
_LARGEST = 65_536
_ALONE = "Write the secret into it, and nothing else."
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
        # A pipe into which nobody writes would hold up every command.
        with open(path, "rb", buffering=0, opener=lambda at, how: os.open(at, how | os.O_NONBLOCK)) as file:
            mode = os.fstat(file.fileno()).st_mode
            if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
                raise _useless(name, path, "is neither a file nor a pipe. Name one that holds the secret.")
            content = _content(file)
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise _useless(name, path, f"cannot be read: {error.strerror}. Put it there for this user.") from None
    except UnicodeDecodeError:
        raise _useless(name, path, f"is no text. {_ALONE}") from None
    if len(content) > _LARGEST:
        raise _useless(name, path, f"has more than {_LARGEST} bytes. {_ALONE}")
    if mode & _OTHERS and not path.is_relative_to(HANDED_OUT):
        raise _useless(name, path, f"is open to everybody here (mode {mode & 0o777:o}): chmod o= {path}")
    if not text.strip():
        raise _useless(name, path, f"is empty. {_ALONE}")
    if any(category(character) == "Cc" for character in text.strip()):
        raise _useless(name, path, f"has a line break or another control character inside. {_ALONE}")
    return text


def _content(file: FileIO) -> bytes:
    """As much as a secret may have and a byte more; of a pipe what is written into it until it is closed."""
    first = file.read(_LARGEST + 1)
    if first == b"":
        return b""
    os.set_blocking(file.fileno(), True)
    begun = first or b""  # where somebody writes, and has not yet
    with BufferedReader(file) as rest:
        return begun + rest.read(_LARGEST + 1 - len(begun))


def _useless(name: str, path: Path, why: str) -> SettingError:
    return SettingError(f"{name} is to come from the file {path}, which {why}")
