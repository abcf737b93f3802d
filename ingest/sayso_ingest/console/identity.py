"""Who asks, and what they may do here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from sayso_ingest.users import Role

Way = Literal["password", "proxy", "open", "key"]
View = TypeVar("View", bound=Callable[..., object])

LOCAL = "(this machine)"
"""Whoever uses a console that stands open; no user can be called so."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A person, or a program with an admin key, and how it is known."""

    name: str
    role: Role
    way: Way

    @property
    def may_annotate(self) -> bool:
        """Whether it may change something, not only look."""
        return self.role.includes(Role.ANNOTATE)


@dataclass(frozen=True, slots=True)
class Needs:
    """What a view asks of whoever wants it; without a mark: to read for GET, to annotate for the rest."""

    role: Role | None = None
    """None: nothing, it is for everybody."""
    key: bool = False
    """Whether it is for programs: they come with an admin key, and with no cookie and no form's token."""


def needs(role: Role) -> Callable[[View], View]:
    """Mark a view: it takes this role."""
    return _marked(Needs(role))


def for_programs(view: View) -> View:
    """Mark a view: it takes `Authorization: Bearer ak_...`, and nobody who signed in."""
    return _marked(Needs(Role.READ, key=True))(view)


def for_everybody(view: View) -> View:
    """Mark a view that nobody has to sign in for."""
    return _marked(Needs(None))(view)


def needs_of(view: object, method: str) -> Needs:
    """What a view asks for a request of this method."""
    marked: Needs | None = getattr(view, "sayso_needs", None)
    return marked or Needs(Role.READ if method in ("GET", "HEAD", "OPTIONS") else Role.ANNOTATE)


def _marked(mark: Needs) -> Callable[[View], View]:
    def mark_it(view: View) -> View:
        view.sayso_needs = mark  # type: ignore[attr-defined] # a function takes any attribute
        return view

    return mark_it
