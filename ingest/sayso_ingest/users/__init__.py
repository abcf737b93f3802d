"""Who may look into the console, and who may also say something there: names, roles and hashed passwords.

`users.json` is the registry of all users of a data folder, whatever the project.
It must not know about HTTP: sessions and cookies are the console's.
"""

from sayso_ingest.users.book import UserBook
from sayso_ingest.users.changes import add_user, change_password, known_user, remove_user
from sayso_ingest.users.password import SHORTEST
from sayso_ingest.users.user import Role, User, checked_name, folded

__all__ = [
    "SHORTEST",
    "Role",
    "User",
    "UserBook",
    "add_user",
    "change_password",
    "checked_name",
    "folded",
    "known_user",
    "remove_user",
]
