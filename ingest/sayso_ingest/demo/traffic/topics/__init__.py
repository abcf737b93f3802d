"""What people ask the help desk of Mossboard, a planning board that does not exist.

In comes nothing, out go topics, the most asked first; the texts are invented for this demo.
"""

from sayso_ingest.demo.traffic.topics.account import ACCOUNT
from sayso_ingest.demo.traffic.topics.boards import BOARDS
from sayso_ingest.demo.traffic.topics.connections import CONNECTIONS
from sayso_ingest.demo.traffic.topics.topic import Ask, Topic, likeness

__all__ = ["TOPICS", "Ask", "Topic", "likeness"]

_MOST_ASKED_FIRST = (
    "sign-in",
    "billing",
    "sharing",
    "notifications",
    "sync",
    "import",
    "calendar",
    "export",
    "templates",
    "automation",
    "mobile",
    "api",
    "deletion",
    "accessibility",
)

_BY_NAME = {topic.name: topic for topic in (*ACCOUNT, *BOARDS, *CONNECTIONS)}

TOPICS: tuple[Topic, ...] = tuple(_BY_NAME[name] for name in _MOST_ASKED_FIRST)
