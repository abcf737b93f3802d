"""What answers a case: a model, somebody's service, a command or a function, all behind one small interface."""

from sayso_ingest.evals.systems.command import CommandSystem
from sayso_ingest.evals.systems.function import FunctionSystem
from sayso_ingest.evals.systems.model import ModelSystem
from sayso_ingest.evals.systems.service import ServiceSystem
from sayso_ingest.evals.systems.system import Answer, Asked, System

__all__ = [
    "Answer",
    "Asked",
    "CommandSystem",
    "FunctionSystem",
    "ModelSystem",
    "ServiceSystem",
    "System",
]
