"""Which versions of prompts there are: what production saw, what git holds and what runs used, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from sayso import Prompt

from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.evals.improve.offline import Named, Offline
from sayso_ingest.evals.improve.seen import Place, Seen
from sayso_ingest.evals.prompts import Checkout

ENDINGS = frozenset({".md", ".txt", ".jinja", ".jinja2", ".j2", ".prompt", ".tmpl"})
"""What files with prompts end in, where nothing else names them."""
NOW = "now"
"""What people call the text that a file has now."""
FOLDER = "prompts"
"""A folder of this name holds prompts, whether or not an event or a run names one of them."""
_ABOUT = frozenset({"README", "CHANGELOG"})


@dataclass(frozen=True, slots=True)
class PromptFile:
    """A file of a repository that holds a prompt: as it is now, and every text that commits gave it, newest first."""

    path: str
    now: Prompt | None
    past: tuple[Prompt, ...]

    def texts(self) -> Iterator[Prompt]:
        """Every text, that of a commit before the same one as it is now."""
        yield from self.past
        if self.now:
            yield self.now


@dataclass(frozen=True, slots=True)
class KnownVersion:
    """A version of a prompt with all that is known of it.

    `prompt` is its text in git, None where it was not found; `current`: the file has this text now. `searched` says
    whether there was a repository to look into.
    """

    name: str
    version: str | None
    prompt: Prompt | None
    current: bool
    seen: Seen | None
    runs: tuple[Offline, ...]
    searched: bool

    @property
    def where(self) -> str:
        """Where its text is, in words."""
        if self.prompt is None and self.searched:
            return "with a run alone" if self.runs else "in no commit here"
        if self.prompt is None:
            return "not looked for"
        if self.prompt.commit is None or self.prompt.dirty:
            return "not committed"
        return "the file now" if self.current else "an earlier commit"

    @property
    def path(self) -> str | None:
        """The file, from the top of its repository, as git or else an event has it."""
        if self.prompt:
            return self.prompt.path
        return next((place.path for place in self._places if place.path), None)

    @property
    def commit(self) -> str | None:
        """The commit that wrote it, as git or else an event has it."""
        if self.prompt:
            return None if self.prompt.dirty else self.prompt.commit
        return next((place.commit for place in self._places if place.commit), None)

    @property
    def _places(self) -> tuple[Place, ...]:
        return self.seen.places if self.seen else ()


def prompt_files(checkout: Checkout, seen: Sequence[Seen], ran: Iterable[Named]) -> list[PromptFile]:
    """The files that hold prompts: those that events name, those called like a known prompt, and their neighbours.

    Neighbours are the files in the same folder with the same ending, and the texts in folders called `prompts`.
    """
    named = {place.path for one in seen for place in one.places if place.path}
    names = {one.name for one in seen} | {name for name, _ in ran}
    there = checkout.paths()
    named |= {path for path in there if _is_text(path) and PurePosixPath(path).stem in names}
    beside = {(PurePosixPath(path).parent, PurePosixPath(path).suffix) for path in named}
    found = named | {path for path in there if _is_neighbour(PurePosixPath(path), beside)}
    read = (PromptFile(path, checkout.now(path), tuple(checkout.versions(path))) for path in sorted(found))
    return [one for one in read if one.now or one.past]


def known_versions(
    seen: Sequence[Seen],
    offline: Mapping[Named, tuple[Offline, ...]],
    checkout: Checkout | None,
    *,
    every: bool = False,
) -> list[KnownVersion]:
    """Every version that production saw, that a run used, or that a file has now; by name, the newest first.

    With `every`, those too that a file had once and nobody used.
    """
    files = prompt_files(checkout, seen, offline) if checkout else []
    production = {(one.name, one.version): one for one in seen}
    now = [file.now for file in files if file.now]
    used = {one.version for one in seen} | {version for _, version in offline}
    # A file may be called otherwise than its prompt is in production: its text is known by the version alone.
    texts = [text for file in files for text in file.texts()] if every else now
    unused = [(one.name, one.version) for one in texts if one.version not in used]
    current = {one.version for one in now}
    known = [
        KnownVersion(
            name=name,
            version=version,
            prompt=_by_content(version, production.get((name, version)), name, files)
            or _by_place(production.get((name, version)), checkout),
            current=version in current,
            seen=production.get((name, version)),
            runs=offline.get((name, version or ""), ()),
            searched=checkout is not None,
        )
        for name, version in dict.fromkeys([*production, *offline, *unused])
    ]
    return sorted(known, key=_order)


def _order(known: KnownVersion) -> tuple[object, ...]:
    """By name; what is in the file now first, then what answered last, then what ran last."""
    last = -known.seen.last_at.timestamp() if known.seen else 0.0
    return known.name, not known.current, last, known.version or ""


def _by_content(
    version: str | None, seen: Seen | None, name: str, files: Sequence[PromptFile]
) -> Prompt | None:
    """The text of a version, in the file that events name before one of its name, before any other."""
    paths = {place.path for place in seen.places} if seen else set()
    found = [text for file in files for text in file.texts() if text.version == version]
    return min(found, key=lambda text: (text.path not in paths, text.name != name), default=None)


def _by_place(seen: Seen | None, checkout: Checkout | None) -> Prompt | None:
    """The text that events name by commit and path, where versions are no hashes; none that was changed since."""
    for place in seen.places if seen and checkout else ():
        if place.commit and place.path and place.dirty is False and checkout:
            found = checkout.as_of(place.commit, place.path)
            if found:
                return found
    return None


def _is_text(path: str) -> bool:
    return PurePosixPath(path).suffix in ENDINGS and PurePosixPath(path).stem not in _ABOUT


def _is_neighbour(path: PurePosixPath, beside: set[tuple[PurePosixPath, str]]) -> bool:
    if path.stem in _ABOUT:
        return False
    return (path.parent, path.suffix) in beside or (path.parent.name == FOLDER and path.suffix in ENDINGS)


def named_version(
    known: Sequence[KnownVersion], name: str, version: str | None, checkout: Checkout | None
) -> KnownVersion:
    """The version that somebody means: by its beginning, `now` for what the file has, or a commit or branch.

    Without `version` it is what the file has now, else what answered last.

    Raises:
        NotFound: there is no such prompt, or no such version of it.
        UsageError: several versions are meant.
    """
    of_name = [one for one in known if one.name == name]
    if not of_name:
        raise NotFound(f"There is no prompt {name!r}. List those that there are: sayso prompts list")
    now = [one for one in of_name if one.current]
    if version is None:
        return (now or of_name)[0]
    if version == NOW and not now:
        raise NotFound(
            f"No file here has a text of {name!r} now. Name the repository that has its file with --repo DIR."
        )
    if version == NOW:
        meant = now
    else:
        meant = [one for one in of_name if one.version == version] or [
            one for one in of_name if (one.version or "").startswith(version)
        ]
    if len(meant) == 1:
        return meant[0]
    if meant:
        told = ", ".join(f"{one.version} ({one.path})" for one in meant)
        raise UsageError(f"{version!r} may be any of these versions of {name}: {told}. Write more of one.")
    if checkout and (found := _as_of(checkout, version, of_name)):
        return KnownVersion(name, found.version, found, current=False, seen=None, runs=(), searched=True)
    raise NotFound(
        f"There is no version {version!r} of {name}: production, the runs and the repository know of none. List those "
        "that there are: sayso prompts list"
    )


def _as_of(checkout: Checkout, ref: str, of_name: Sequence[KnownVersion]) -> Prompt | None:
    """The text that a commit or branch has in one of the files of a prompt."""
    paths = dict.fromkeys(one.path for one in of_name if one.path)
    return next((found for path in paths if path and (found := checkout.as_of(ref, path))), None)
