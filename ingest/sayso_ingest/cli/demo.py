"""demo: sample traffic through the real path, then the answers, then proof that nothing was lost."""

from __future__ import annotations

import shlex
import shutil
import signal
import sys
import tempfile
import textwrap
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from sayso_ingest.cli.options import Command, seed_option
from sayso_ingest.errors import UsageError
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

LOST = 1
PAGE_PORT = 8712
CONSOLE = f"http://127.0.0.1:{Settings().console_port}/"


@click.command(
    cls=Command,
    short_help="See all of it work on sample traffic, and leave nothing.",
    examples="""
    sayso demo
    sayso demo --console
    sayso demo --page
    sayso demo --loop
    sayso demo --keep
    sayso demo --data demo-data --seed 7 --interactions 10000
    """,
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="New or empty folder for the demo's project; it is kept. Without it, a temporary one.",
)
@seed_option(1, "draws the same traffic")
@click.option(
    "--interactions",
    type=click.IntRange(min=20),
    default=3000,
    show_default=True,
    metavar="N",
    help="How many answers of the assistant.",
)
@click.option(
    "--loop",
    is_flag=True,
    help="Go on: run the eval set, mend the prompt, and see what people say the day after.",
)
@click.option("--keep", is_flag=True, help="Keep the temporary folder.")
@click.option("--console", is_flag=True, help="Leave the console up afterwards, until Ctrl-C.")
@click.option("--page", is_flag=True, help="Serve a page with all widgets instead, until Ctrl-C.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PAGE_PORT,
    show_default=True,
    metavar="N",
    help="Where the console or the page is; 0 takes any free one.",
)
def demo(
    data: Path | None,
    seed: int,
    interactions: int,
    loop: bool,
    keep: bool,
    console: bool,
    page: bool,
    port: int,
) -> int:
    """Send sample traffic to a real service on this machine, ask, mine, and check that every event landed once.

    With --console its console is left up, to look at the same answers as pages. With --page: a small chat in the
    browser, whose thumbs, suggestion and comment become rows before your eyes.
    It never touches other data: SAYSO_DATA is not read. The exit code is 1 if an event is missing or doubled.
    """
    _check_options(page=page, console=console)
    folder = _new_folder(data)
    kept = keep or data is not None
    if page:
        return _show_page(folder, port, kept=kept)
    from sayso_ingest.demo.story import tell

    try:
        with _Terminal() as terminal:
            comparison = tell(folder, terminal, seed=seed, interactions=interactions, loop=loop)
            kept = kept or not comparison.agrees
            if console:
                _show_console(terminal, folder, port, kept=kept)
            terminal.heading("How to go on")
            _go_on(terminal, folder, kept=kept, console=console)
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)
    return 0 if comparison.agrees else LOST


COMMANDS = [demo]


def _check_options(*, page: bool, console: bool) -> None:
    """Refuse an option that would be left out of account."""
    given = click.get_current_context().get_parameter_source
    idle = {
        "seed": page and "is for sample traffic, and --page sends none",
        "interactions": page and "is for sample traffic, and --page sends none",
        "loop": page and "is about sample traffic, and --page sends none",
        "console": page and "is for sample traffic, and --page sends none",
        "port": not (page or console) and "is where the console or the page is: give --console or --page too",
    }
    for name, why in idle.items():
        if why and given(name) is ParameterSource.COMMANDLINE:
            raise UsageError(f"--{name} {why}.")


def _show_console(terminal: _Terminal, folder: Path, port: int, *, kept: bool) -> None:
    """Run the service on what was sent, until somebody stops it."""
    from sayso_ingest.demo.service import running_console

    stop = _stopping()
    terminal.heading("The same answers, and more, as pages")
    with running_console(folder, port=port) as url:
        terminal.say(f"The console: {url}")
        terminal.say("Ctrl-C ends it." if kept else f"Ctrl-C ends it and removes {folder}.")
        with suppress(KeyboardInterrupt):
            stop.wait()


def _stopping() -> threading.Event:
    """What is set when somebody tells this process to end."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    return stop


def _show_page(folder: Path, port: int, *, kept: bool) -> int:
    """Serve the page until somebody stops it."""
    from sayso_ingest.demo.page.serve import open_page

    stop = _stopping()
    try:
        with _Terminal() as terminal, open_page(folder, port=port) as url:
            terminal.say(f"A chat with thumbs, a suggestion and a comment, and the rows they become: {url}")
            terminal.say("Ctrl-C ends it." if kept else f"Ctrl-C ends it and removes {folder}.")
            with suppress(KeyboardInterrupt):
                stop.wait()
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


def _new_folder(data: Path | None) -> Path:
    if data is None:
        return Path(tempfile.mkdtemp(prefix="sayso-demo-"))
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise UsageError(
            f"{data} is not an empty folder. Give --data a new one: the demo counts what is in it."
        )
    return data


def _go_on(terminal: _Terminal, folder: Path, *, kept: bool, console: bool) -> None:
    if not console:
        terminal.say(f"See the same answers, and more, as pages at http://127.0.0.1:{PAGE_PORT}/ with:")
        terminal.command("sayso demo --console")
    if not kept:
        terminal.say(
            f"{folder} is removed now. `{_as_typed('sayso demo --keep')}` leaves it to you. "
            f"Your own service, with its console at {CONSOLE}, starts with:"
        )
        terminal.command("sayso serve")
        return
    data = shlex.quote(str(folder))
    terminal.say(f"Everything is kept in {folder}. Ask more, or open the warehouse with any DuckDB client:")
    terminal.command(f"sayso views --data {data}")
    terminal.command(f"""sayso sql "FROM feedback WHERE value = 'down' LIMIT 5" --data {data}""")
    terminal.command(f"duckdb -readonly {shlex.quote(str(folder / 'default' / 'warehouse.duckdb'))}")
    terminal.say(f"Run the service on it, with its console at {CONSOLE}, or remove it:")
    terminal.command(f"sayso serve --data {data}")
    terminal.command(f"rm -r {data}")


def _as_typed(command: str) -> str:
    """Let a command of ours begin as this program was called, where its name alone would not find it."""
    called, found = Path(sys.argv[0]), shutil.which("sayso")
    ours = command.startswith("sayso ") and called.name == "sayso"
    if not ours or (found and Path(found).resolve() == called.resolve()):
        return command
    return shlex.quote(sys.argv[0]) + command.removeprefix("sayso")


class _Terminal:
    """Tells the story on standard output; long work shows progress on standard error when a person watches."""

    def __init__(self) -> None:
        self._width = min(shutil.get_terminal_size().columns, 100)
        self._watched = sys.stderr.isatty()
        self._lock = threading.Lock()
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> _Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self._end_progress()

    def heading(self, text: str) -> None:
        """Begin a chapter."""
        self._write("\n" + click.style(text, bold=True))

    def say(self, text: str) -> None:
        """Say a paragraph, wrapped to the width of the terminal."""
        hanging = "  " if text.startswith(("- ", "  ")) else ""
        self._write(
            textwrap.fill(
                text, self._width, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False
            )
        )

    def result(self, text: str, *, good: bool) -> None:
        """Say how it ended, in one line."""
        self._write(click.style(text, fg="green" if good else "red"))

    def command(self, text: str) -> None:
        """Show a command as it works here; it is not wrapped, so that it can be copied."""
        self._write(click.style(f"$ {_as_typed(text)}", fg="cyan"))

    def progress(self, what: str, done: int, total: int | None) -> None:
        """Show how far long work is, or that it goes on."""
        if not self._watched:
            return
        from rich.console import Console
        from rich.progress import Progress

        with self._lock:
            if self._progress is None:
                self._progress = Progress(console=Console(stderr=True), transient=True)
                self._progress.start()
                self._task = self._progress.add_task(what, total=total)
            if self._task is not None:
                self._progress.update(self._task, description=what, completed=done, total=total)

    def _write(self, text: str) -> None:
        self._end_progress()
        click.echo(text)

    def _end_progress(self) -> None:
        with self._lock:
            if self._progress is not None:
                self._progress.stop()
                self._progress = None
