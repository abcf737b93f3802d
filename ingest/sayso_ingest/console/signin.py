"""Who may come in: who is asked for what, and how a browser, a proxy or a program says who it is."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flask import (
    Flask,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect

from sayso_ingest.console import sessions
from sayso_ingest.console.attempts import Attempts
from sayso_ingest.console.door import Door, fetched_from_elsewhere
from sayso_ingest.console.identity import LOCAL, Identity, Needs, needs_of
from sayso_ingest.console.secret import cookie_secret
from sayso_ingest.console.state import State
from sayso_ingest.keys import KeyRing
from sayso_ingest.places import keys_file, users_file
from sayso_ingest.users import Role, UserBook

FORM_BYTES = 2_000_000
"""The most that a form may hold; a note or an expected answer has 64 KB."""

_csrf = CSRFProtect()


@dataclass
class SignIn:
    """What the console knows of people and programs, and keeps of who tried to be one."""

    project: str
    door: Door
    users: UserBook
    keys: KeyRing
    state: State
    now: Callable[[], datetime]
    attempts: Attempts = field(default_factory=Attempts)
    machine: frozenset[str] = field(
        default_factory=lambda: frozenset({socket.gethostname().lower(), socket.getfqdn().lower()})
    )


def install(app: Flask, folder: Path, door: Door, *, now: Callable[[], datetime]) -> None:
    """Put the door before every page of the app.

    Raises:
        SaysoError: the users, the keys or the secret of the cookies cannot be read.
    """
    data = folder.parent
    here = hashlib.sha256(str(folder.absolute()).encode()).hexdigest()[:8]
    app.secret_key = cookie_secret(data)
    app.config.update(
        # Cookies do not know ports: consoles of other folders on this machine have cookies of other names.
        SESSION_COOKIE_NAME=f"sayso_{here}",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=sessions.LONGEST,
        WTF_CSRF_CHECK_DEFAULT=False,  # `let_in` checks, once it knows that no key was handed over
        WTF_CSRF_TIME_LIMIT=None,  # a form holds as long as the session it was made in
        WTF_CSRF_SSL_STRICT=False,  # which asks for a Referer, where ours are held against Origin
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
        MAX_CONTENT_LENGTH=FORM_BYTES,
    )
    app.session_interface = _Cookies(here)
    app.extensions["sayso_signin"] = SignIn(
        project=folder.name,
        door=door,
        users=UserBook(users_file(data)),
        keys=KeyRing(keys_file(data)),
        state=State(folder),
        now=now,
    )
    _csrf.init_app(app)
    app.before_request(let_in)
    app.register_error_handler(CSRFError, _forged)
    app.context_processor(lambda: {"identity": g.get("identity")})


def signin() -> SignIn:
    """What the app of this request knows of people."""
    found: SignIn = current_app.extensions["sayso_signin"]
    return found


def me() -> Identity:
    """Who asks; only where a view needs somebody."""
    found: Identity = g.identity
    return found


def let_in() -> ResponseReturnValue | None:
    """Stop whoever may not have what was asked for; runs before every view."""
    at = signin()
    g.identity = None
    needed = needs_of(current_app.view_functions.get(request.endpoint or ""), request.method)
    if needed.key:
        return _let_program_in()
    if not at.door.answers_to(request.host, machine=at.machine):
        return _plainly(
            400,
            f"The console does not answer to the name {request.host!r}: it takes this machine's own, such as "
            "localhost, and those in SAYSO_CONSOLE_NAMES.",
        )
    if fetched_from_elsewhere(
        request.headers.get("Sec-Fetch-Site", ""), request.headers.get("Sec-Fetch-Dest", "")
    ):
        return _plainly(403, "Another site asked for this. Open the page itself.")
    if request.endpoint == "static":
        needed = Needs(None)
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        if request.endpoint is None:
            return None  # there is no such page, which is what Flask says
        if not _from_here():
            return _refused(403, "This form was sent from another site. Open the page here, and try again.")
        _csrf.protect()
    g.identity = _who()
    return _missing(needed)


def _missing(needed: Needs) -> ResponseReturnValue | None:
    """Say what is missing for this; nothing, where nothing is."""
    if needed.role is None:
        return None
    who: Identity | None = g.identity
    if who is None:
        at = signin()
        if not at.users.entries() and not at.door.user_header:
            return make_response(render_template("signin/nobody.html"), 403)
        if request.method != "GET":
            return _refused(401, "You are signed out. Sign in, go back to the page, and send it again.")
        return redirect(url_for("signin.show", next=request.full_path.removesuffix("?")))
    if not who.role.includes(needed.role):
        return _refused(
            403,
            f"{who.name} has the role {who.role}, and this takes the role {needed.role}. Whoever runs the console can "
            f"give it: sayso users remove {who.name}, then sayso users add {who.name} --role {needed.role}",
        )
    return None


def _who() -> Identity | None:
    """Say who asks: whom a trusted proxy names, else who is signed in, else anybody where the console stands open."""
    at = signin()
    if at.door.user_header and at.door.trusts(request.remote_addr):
        name = request.headers.get(at.door.user_header, "").strip().lower()
        # A comma: the header came twice, and one of the two may be the browser's own.
        if name and name.isprintable() and "," not in name and len(name) <= 200:
            known = at.users.get(name)
            return Identity(name, known.role if known else Role.READ, "proxy")
    found = sessions.find(session, now=at.now())
    if found is not None:
        user = at.users.get(found.name)
        ended = at.state.read("ended_session", session_id=found.session_id)
        if user and sessions.belongs_to(session, user) and not ended:
            return Identity(user.name, user.role, "password")
    if at.door.stands_open(anybody=bool(at.users.entries()), headers=set(request.headers.keys())):
        return Identity(LOCAL, Role.ANNOTATE, "open")
    return None


def _let_program_in() -> ResponseReturnValue | None:
    """Take an admin key of this project; no page elsewhere can send one, so that neither names nor tokens matter."""
    at = signin()
    make_one = "Make one: sayso keys create --kind ak"
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        return _no_key(401, "no_key", f"Send an admin key: Authorization: Bearer ak_... {make_one}")
    key = at.keys.find(secret.strip())
    if key is None or key.revoked_at is not None:
        told = "This key is unknown or revoked. `sayso keys list` shows those there are."
        return _no_key(401, "unknown_key", told)
    if key.kind != "ak" or key.project != at.project:
        return _no_key(403, "wrong_key", f"This needs an admin key (ak_) of this project. {make_one}")
    g.identity = Identity(key.key_id, Role.READ, "key")
    return None


def _no_key(status: int, code: str, message: str) -> ResponseReturnValue:
    return {"error": code, "message": message}, status


def _from_here() -> bool:
    """Say whether a form comes from a page of ours; whoever is no browser says nothing of it, and has no cookie."""
    origin = request.headers.get("Origin")
    return origin is None or signin().door.is_own(origin, request.host)


class _Cookies(SecureCookieSessionInterface):
    """Signed cookies of one project, which leave a browser only by https where the page came by it."""

    def __init__(self, here: str) -> None:
        """Sign for one project alone: signing out there has to end what was copied from it."""
        self.salt = f"sayso-console-{here}"

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - Flask's signature
        """Say whether the browser came by https: to us, or to the proxy."""
        if request.is_secure:
            return True
        proxied = signin().door.trusts(request.remote_addr)
        return proxied and request.headers.get("X-Forwarded-Proto", "").lower() == "https"


def _forged(error: CSRFError) -> ResponseReturnValue:
    return _refused(
        400,
        f"This form is too old, or not of this browser ({error.description}) Go back, load the page again, and send it "
        "once more. Does the browser take cookies?",
    )


def _refused(status: int, text: str) -> ResponseReturnValue:
    return make_response(render_template("problem.html", title="Not allowed", text=text), status)


def _plainly(status: int, text: str) -> Response:
    return Response(text + "\n", status, mimetype="text/plain")
