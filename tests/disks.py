"""Small file systems in memory, to fill them up or to make them read-only; mounting takes root."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from presence import missing


@contextmanager
def mounted(place: Path, *, megabytes: int) -> Iterator[Path]:
    """A file system of this size at a path, which is made if it is missing."""
    place.mkdir(parents=True, exist_ok=True)
    _mount("-t", "tmpfs", "-o", f"size={megabytes}m", "sayso-test", str(place))
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@contextmanager
def mounted_image(place: Path, *, megabytes: int) -> Iterator[Path]:
    """An ext4 file system in a file, which counts blocks, a journal and inodes as a disk does."""
    place.mkdir(parents=True)
    image = place.with_name(f"{place.name}.ext4")
    image.write_bytes(b"")
    os.truncate(image, megabytes << 20)
    subprocess.run(["mkfs.ext4", "-q", "-m", "0", str(image)], check=True)
    _mount("-o", "loop", str(image), str(place))
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def grow(place: Path, *, megabytes: int) -> None:
    """Give a mounted file system another size."""
    subprocess.run(["mount", "-o", f"remount,size={megabytes}m", str(place)], check=True)


@contextmanager
def read_only(place: Path) -> Iterator[None]:
    """Let nothing be made, opened for writing or removed in a folder; what is open already stays so."""
    _mount("--bind", str(place), str(place))
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(place)], check=True)
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Leave no byte free on a disk."""
    ballast = disk / "ballast"
    fill(ballast)
    try:
        yield
    finally:
        ballast.unlink()


def fill(ballast: Path) -> None:
    """Write a file until nothing is free on its disk."""
    with ballast.open("ab", buffering=0) as file:
        for size in (65536, 512, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue


def _mount(*words: str) -> None:
    if os.geteuid() != 0 or subprocess.run(["mount", *words], check=False, capture_output=True).returncode:
        missing("Mounting a small file system takes root (and a container that may)")
