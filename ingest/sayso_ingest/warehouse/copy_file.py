"""Copies one file durably, writing as little as it can. Run as a script, in a process of its own.

A process that closes a second handle on the live file drops its own lock on it (POSIX locks belong to the
process, not to the handle), so the lander must never open that file again itself.

Three ways, the first that is possible: sharing the blocks (XFS, btrfs), bringing an older copy that nobody has open
forward by the blocks that changed, and writing all of it, past the page cache where it is much.
"""

from __future__ import annotations

import errno
import fcntl
import mmap
import os
import sys

FICLONE = 0x40049409
READ_ONLY = 0o444
HEADERS = 12 << 10
BLOCK = 256 << 10
"""DuckDB writes three headers of 4 KiB, then blocks of 256 KiB: at these bounds a changed block is written once."""
WHOLE_UP_TO = 8 << 20
"""Up to here a copy is written whole, through the page cache, and no older copy is kept: what it costs is little."""
CHUNK = 4 << 20
"""Bytes written at once past the page cache."""
AHEAD = 4 << 20
"""Bytes that may wait in the page cache for the disk: a commit of the collector's would wait behind more."""


def copy(
    source: str, target: str, retired: str, *, whole_up_to: int = WHOLE_UP_TO, share: bool = True
) -> int:
    """Make `target` equal to `source`, on disk, readable by all and writable by none; return the bytes written.

    `retired` is an older copy, or no file: it becomes the target if nobody has it open. Without `share`, blocks are
    not shared even where the file system can.
    """
    with open(source, "rb") as reader:  # noqa: PTH123 - starts faster without pathlib
        size = os.fstat(reader.fileno()).st_size
        written = _share(reader.fileno(), target) if share else None
        if written is None and size > whole_up_to and _take(retired, target):
            written = _bring_forward(reader.fileno(), target, size)
        if written is None:
            written = _write_all(reader.fileno(), target, size, direct=size > whole_up_to)
    return written


def _share(reader: int, target: str) -> int | None:
    with open(target, "wb") as writer:  # noqa: PTH123
        try:
            fcntl.ioctl(writer.fileno(), FICLONE, reader)
        except OSError:
            return None
        _settle(writer.fileno())
    return 0


def _take(retired: str, target: str) -> bool:
    """Move the retired copy to the target's name, if nobody has it open and no other name leads to it."""
    try:
        if os.stat(retired).st_nlink != 1:  # noqa: PTH116
            return False
        os.chmod(retired, 0o600)  # noqa: PTH101
        with open(retired, "r+b") as file:  # noqa: PTH123
            # The kernel grants a lease for writing only where nobody else has the file open, locked or not.
            fcntl.fcntl(file.fileno(), fcntl.F_SETLEASE, fcntl.F_WRLCK)
            fcntl.fcntl(file.fileno(), fcntl.F_SETLEASE, fcntl.F_UNLCK)
        os.replace(retired, target)  # noqa: PTH105
    except OSError:
        return False
    return True


def _bring_forward(reader: int, target: str, size: int) -> int:
    """Write the blocks in which the target differs. Both are read whole: whatever anybody did to it is healed."""
    written, settled, offset = 0, 0, 0
    with open(target, "r+b", buffering=0) as writer:  # noqa: PTH123
        while offset < size:
            length = min(BLOCK if offset else HEADERS, size - offset)
            block = os.pread(reader, length, offset)
            if len(block) < length:
                raise _shorter()
            if block != os.pread(writer.fileno(), length, offset):
                _put(writer.fileno(), block, offset)
                written += length
            offset += length
            if written - settled >= AHEAD:
                os.fdatasync(writer.fileno())
                settled = written
        os.ftruncate(writer.fileno(), size)
        _settle(writer.fileno())
    return written


def _write_all(reader: int, target: str, size: int, *, direct: bool) -> int:
    with open(target, "wb", buffering=0) as writer:  # noqa: PTH123
        if not (direct and _write_direct(reader, target, size)):
            copied = 0
            while copied < size:
                count = os.sendfile(writer.fileno(), reader, copied, min(size - copied, 8 << 20))
                if count == 0:
                    raise _shorter()
                copied += count
        _settle(writer.fileno())
    return size


def _write_direct(reader: int, target: str, size: int) -> bool:
    """Write past the page cache, so that the collector's commits do not wait behind it; say whether it can."""
    try:
        writer = os.open(target, os.O_WRONLY | os.O_DIRECT)
    except OSError as error:
        if error.errno == errno.EINVAL:
            return False
        raise
    buffer = mmap.mmap(-1, CHUNK)  # aligned to a page, as O_DIRECT wants it
    try:
        offset = 0
        while offset < size:
            count = os.preadv(reader, [buffer], offset)
            if count == 0:
                raise _shorter()
            whole = -(-count // mmap.PAGESIZE) * mmap.PAGESIZE
            _put(writer, memoryview(buffer)[:whole], offset)
            offset += count
        os.ftruncate(writer, size)
    finally:
        os.close(writer)
    return True


def _shorter() -> OSError:
    """Nothing may shorten the live file while a copy is under way; if something does, the copy is not whole."""
    return OSError(errno.EIO, "the live file became shorter while it was copied")


def _put(file: int, data: bytes | memoryview, offset: int) -> None:
    done = 0
    while done < len(data):
        done += os.pwrite(file, data[done:], offset + done)


def _settle(file: int) -> None:
    os.fchmod(file, READ_ONLY)
    os.fsync(file)


if __name__ == "__main__":
    os.nice(10)
    try:
        sys.stdout.write(str(copy(*sys.argv[1:4], whole_up_to=int(sys.argv[4]))))
    except OSError as problem:
        sys.exit(f"{problem.strerror}: {problem.filename or sys.argv[2]}")
