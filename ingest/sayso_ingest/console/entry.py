"""Signing in and out: the form for a name and a password, and the session that begins with them."""

from __future__ import annotations

from flask import Blueprint, g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from sayso_ingest.console import audit, sessions
from sayso_ingest.console.door import local_path
from sayso_ingest.console.identity import Identity, for_everybody
from sayso_ingest.console.signin import signin
from sayso_ingest.console.state import iso

blueprint = Blueprint("signin", __name__)


@blueprint.get("/signin")
@for_everybody
def show() -> ResponseReturnValue:
    """Show the form, or go on where there is nothing to sign in for."""
    to = local_path(request.args.get("next", "/"))
    if g.identity is not None:
        return redirect(to)
    if not signin().users.entries():
        return make_response(render_template("signin/nobody.html"), 403)
    return render_template("signin/form.html", next=to, name="", problem="")


@blueprint.post("/signin")
@for_everybody
def enter() -> ResponseReturnValue:
    """Begin a session for whoever knows a user's password."""
    at = signin()
    name, password = request.form.get("name", "").strip().lower(), request.form.get("password", "")
    to = local_path(request.form.get("next", "/"))
    counted = name if len(name) <= 64 else ""
    wait = at.attempts.wait(counted)
    if wait:
        problem = f"Too many attempts. Try again in {wait} seconds."
        page = render_template("signin/form.html", next=to, name=name[:64], problem=problem)
        return page, 429, {"Retry-After": str(wait)}
    user = at.users.with_password(name, password)
    if user is None:
        _note_refusal(name if at.users.get(name) else "")
        problem = "No user has this name and password. Check both, capital letters too."
        return render_template("signin/form.html", next=to, name=name[:64], problem=problem), 403
    at.attempts.give_back(counted)
    sessions.begin(session, user, now=at.now())
    session.permanent = True
    _note(Identity(user.name, user.role, "password"), "signed in")
    return redirect(to, 303)


@blueprint.post("/signout")
@for_everybody
def leave() -> ResponseReturnValue:
    """End the session, for whoever may have a copy of the cookie, too."""
    at = signin()
    found = sessions.find(session, now=at.now())
    session.clear()  # first of all: the browser forgets it also when the rest fails
    if found is not None:
        with at.state.writing() as writing:
            writing.run("forget_sessions", now=iso(at.now()))
            writing.run("end_session", session_id=found.session_id, until=iso(found.until))
            if g.identity is not None:
                audit.record(writing, g.identity, "signed out", now=at.now())
    return redirect(url_for("signin.show"), 303)


def _note(who: Identity, what: str) -> None:
    with signin().state.writing() as writing:
        audit.record(writing, who, what, now=signin().now())


def _note_refusal(name: str) -> None:
    """Count it, for names that are none alike: that takes as long, and what was typed may be a password."""
    with signin().state.writing() as writing:
        writing.run("refuse_sign_in", who=name, at=iso(signin().now()))
